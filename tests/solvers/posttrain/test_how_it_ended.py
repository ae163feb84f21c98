"""How a job ended and what it used: errors in groups, time left, and the facts of a bundle."""

import math
from types import SimpleNamespace

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.util import LimitExceededError

from interplay.solvers.posttrain import refuse_local, refuse_other
from interplay.solvers.posttrain_examine import cell_of, usage_of
from interplay.solvers.posttrain_solve import first_of, left_seconds, minutes_of, said
from interplay.solvers.posttrain_state import InfraError
from interplay.solvers.posttrain_verifier import number_of
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.cells import load_grid

from ..two_seats import saying

LIMIT = LimitExceededError("time", value=1, limit=1)
MISTAKE = UserMistake("a role is missing.")
INFRA = InfraError("posttrain: the disk is full.")


class TestGroups:
    """Errors side by side come as a group; the user reads one sentence."""

    @pytest.mark.parametrize(
        ("problems", "first"),
        [
            ([ValueError("x"), LIMIT], LIMIT),
            ([INFRA, LIMIT, MISTAKE], LIMIT),
            ([MISTAKE, INFRA], INFRA),
            ([ValueError("x"), MISTAKE], MISTAKE),
            ([click.ClickException("no")], None),
        ],
        ids=["limit", "limit first", "machine before mistake", "mistake", "any of click"],
    )
    def test_a_limit_comes_before_the_machine_and_that_before_a_mistake(self, problems, first):
        found = first_of(BaseExceptionGroup("side by side", problems))
        assert found is (first or problems[0])

    def test_a_known_error_is_found_however_deep_it_lies(self):
        group = BaseExceptionGroup(
            "a", [ValueError("x"), ExceptionGroup("b", [ExceptionGroup("c", [INFRA])])]
        )
        assert first_of(group) is INFRA

    def test_unknown_errors_are_told_together_as_a_failed_sandbox(self):
        group = BaseExceptionGroup("a", [ValueError("one\ntwo"), ExceptionGroup("b", [KeyError("x")])])
        found = first_of(group)
        assert isinstance(found, InfraError)
        assert str(found) == (
            "posttrain: the sandbox failed (ValueError: one two; KeyError: 'x'); run the same command again."
        )

    def test_long_errors_are_cut(self):
        assert said(ValueError("x" * 900)) == "ValueError: " + "x" * 200
        assert said(ValueError()) == "ValueError: "


class TestTime:
    @pytest.mark.parametrize(("used", "left"), [(0, 600), (1, 599), (599.5, 0.5), (600, 0), (9_999, 0)])
    def test_what_is_left_is_never_below_zero(self, used: float, left: float):
        job = SimpleNamespace(consumed_seconds=used)
        assert left_seconds(job, {"budget_minutes": 10}) == left  # type: ignore[arg-type]

    def test_minutes_may_be_a_part_of_one(self):
        assert minutes_of({"budget_minutes": 0.5}, "budget_minutes") == 0.5
        assert left_seconds(SimpleNamespace(consumed_seconds=0), {"budget_minutes": 0.5}) == 30  # type: ignore[arg-type]


def bundle(meter=(), queries=(), agent_model: str = "", **facts):
    manifest = SimpleNamespace(model_extra=facts, cell="m_code__mini-0")
    return SimpleNamespace(
        manifest=manifest, meter=list(meter), queries=list(queries), agent_model=agent_model, folder="B"
    )


class TestUsage:
    def test_hours_times_gpus_and_queries_that_were_answered(self):
        used = usage_of(
            bundle(
                meter=[{"gpus": [[0, 1, 1]]}, {"gpus": [[90, 1, 1]]}, {"gpus": [[90, 1, 1]]}],
                queries=[{"verdict": "answered"}, {"verdict": "refused"}, {}, {"verdict": "answered"}],
                seconds=5_400,
                num_gpus=2,
                tokens=1_234,
            )  # type: ignore[arg-type]
        )
        assert (used.hours, used.gpu_hours, used.queries, used.tokens) == (1.5, 3.0, 2, 1_234)
        assert used.idle_share == pytest.approx(1 / 3, abs=1e-6)

    @pytest.mark.parametrize(
        "facts", [{}, {"seconds": None, "tokens": "many"}, {"seconds": "x", "num_gpus": []}]
    )
    def test_what_a_bundle_does_not_say_is_zero(self, facts):
        used = usage_of(bundle(**facts))  # type: ignore[arg-type]
        assert (used.hours, used.gpu_hours, used.idle_share, used.queries, used.tokens) == (0, 0, 0, 0, 0)

    def test_without_a_gpu_there_are_no_hours_of_one(self):
        assert usage_of(bundle(seconds=3_600, num_gpus=0)).gpu_hours == 0  # type: ignore[arg-type]

    def test_the_cell_is_that_of_the_manifest(self):
        cell = cell_of(bundle(), "x")  # type: ignore[arg-type]
        assert (cell.target, cell.base, cell.id) == ("m_code", "mini-0", "m_code__mini-0")
        assert cell in load_grid().cells("x", "mini")

    @given(st.floats())
    def test_a_verdict_that_is_no_number_is_none(self, correct: float):
        found = number_of(correct)
        assert (found is None) == math.isnan(correct)
        assert found is None or found == correct


class TestNames:
    """A score stands under the name of the agent's model, or under none."""

    @pytest.mark.parametrize(
        ("model", "made_by", "told"),
        [
            ("mockllm/a", "mockllm/a", None),
            ("none/none", "mockllm/a", None),
            ("none/none", "", None),
            ("mockllm/a", "", "bundle B: its manifest names no model of its agent; give --model none/none."),
            (
                "mockllm/a",
                "mockllm/b",
                "bundle B: its agent was mockllm/b; give --model mockllm/b, or --model none/none.",
            ),
        ],
    )
    def test_no_other_name_and_none_that_is_made_up(self, model, made_by, told):
        class Named:
            def __str__(self) -> str:
                return model

        if told is None:
            refuse_other(Named(), bundle(agent_model=made_by))  # type: ignore[arg-type]
            return
        with pytest.raises(UserMistake) as problem:
            refuse_other(Named(), bundle(agent_model=made_by))  # type: ignore[arg-type]
        assert (problem.value.message, problem.value.exit_code) == (told, 2)

    @pytest.mark.parametrize("kind", ["docker", "k8s", "slurm-apptainer"])
    def test_any_model_may_act_in_a_sandbox_of_its_own(self, kind):
        refuse_local(kind, saying("x"))

    def test_only_a_scripted_one_acts_on_this_machine(self):
        with pytest.raises(UserMistake) as problem:
            refuse_local("local", saying("x"))
        assert problem.value.message == (
            "posttrain: sandbox=local runs agent commands on this machine; use sandbox=docker for "
            "'mockllm/speaker'."
        )
