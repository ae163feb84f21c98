"""Arguments of the tasks: what is filled in, what differs from the version, what is refused."""

import re
from pathlib import Path
from typing import Any

import click
import pytest
from inspect_ai import eval_set, task_with

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.commands.plan import fits_boards, plan_runs
from interplay.tasks.posttrain.arguments import Job
from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.dataset import bundle_samples, samples_of
from interplay.tasks.posttrain.runs import gpu_sentence, job_of, run_size, validate_roles
from interplay.tasks.posttrain.task import posttrain_mini
from interplay.tasks.proxy_drift.task import proxy_drift


def test_the_standard_preset_is_version_x_of_six_weighted_cells() -> None:
    job = Job(profile="mini")
    assert job.filled_version == "x"
    assert [cell.target for cell in job.cells] == [
        "m_arith",
        "m_fact",
        "m_call",
        "m_code",
        "m_turn",
        "m_maze",
    ]
    assert job.settings["feedback"] == "sealed"
    assert job.settings["network"] == "none"
    assert (job.settings["budget_minutes"], job.settings["grace_minutes"]) == (5, 1)
    assert job.settings["agent"] == "react"
    assert job.seeds == (72332, 87681, 38992, 92201, 13818)
    assert job.whole
    assert job.deviations == []


def test_the_paper_preset_is_version_1_0_with_its_standing_deviations() -> None:
    job = Job(profile="full", preset="paper")
    assert job.filled_version == "1.0"
    assert len(job.cells) == 28
    assert (job.settings["feedback"], job.settings["network"]) == ("open", "open")
    assert job.settings["agent"] == "claude_code"
    assert job.seeds == (72332,)
    assert len(job.deviations) == 7
    assert "no key enters the sandbox" in job.deviations


def test_what_is_set_otherwise_is_said() -> None:
    job = Job(profile="full", budget_minutes=60, feedback="open", gpu_name="A100", eval_seeds="1,2")
    assert job.deviations == [
        "budget_minutes=60 (version x: 600)",
        "feedback=open (version x: sealed)",
        "eval_seeds=1,2 (version x: 72332,87681,38992,92201,13818)",
        "gpu_name=A100 (version x: H100)",
    ]


def test_boards_have_the_weights_of_the_grid() -> None:
    for board, version, profile in (("posttrain-mini", "x", "mini"), ("posttrain-full", "x", "full")):
        weights = find_board(board).weights
        assert weights is not None
        assert weights.key == "target"
        assert weights.values == load_grid().weights(version, profile)


def test_smoke_is_one_cell_and_a_partial_grid_is_known() -> None:
    assert [cell.id for cell in Job(profile="mini", preset="smoke").cells] == ["m_code__mini-0"]
    assert not Job(profile="mini", targets="m_arith,m_hop").whole
    assert [cell.weight for cell in Job(profile="mini", targets="m_hop").cells] == [0]


def test_a_version_may_come_as_a_number() -> None:
    assert Job(profile="full", version=1.2).filled_version == "1.2"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"version": "2.0"}, "version=2.0: choose one of 1.0, 1.1, 1.2, x."),
        ({"targets": "m_wrong"}, "target=m_wrong: choose one of m_arith"),
        ({"bases": "gpt-2"}, "base=gpt-2: choose one of mini-0."),
        ({"agent": "devin"}, "agent=devin: choose one of react, claude_code"),
        ({"feedback": "loud"}, "feedback=loud: choose one of open, sealed."),
        ({"network": "all"}, "network=all: choose one of open, allowlist, none."),
        ({"sandbox": "vm"}, "sandbox=vm: choose one of docker, local, k8s, slurm-apptainer."),
        ({"budget_minutes": 0}, "budget_minutes=0: an agent needs time"),
        ({"grace_minutes": -1}, "grace_minutes=-1: choose a number of minutes, 0 to 100,000."),
        ({"eval_seeds": "1,1"}, "eval_seeds=1,1: expected different whole numbers"),
        ({"eval_seeds": "one"}, "eval_seeds=one: expected different whole numbers"),
        ({"run": " "}, "run is empty; give the repetition a name"),
        ({"preset": "large"}, "preset=large: choose one of standard, paper, smoke."),
        ({"device": "tpu"}, "device=tpu: choose one of auto, cpu, cuda."),
    ],
)
def test_wrong_values_are_one_sentence_with_the_remedy(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(click.ClickException, match=re.escape(says)) as caught:
        Job(profile="mini", **wrong)
    assert caught.value.exit_code == 2


def test_the_full_profile_never_runs_on_this_machine_itself() -> None:
    with pytest.raises(
        click.ClickException, match="sandbox=local: only posttrain_mini runs on this machine itself"
    ):
        Job(profile="full", sandbox="local")


def test_a_sample_is_a_cell_and_its_input_the_instruction() -> None:
    samples = samples_of(Job(profile="mini", targets="m_call"))
    (sample,) = samples
    assert sample.id == "m_call__mini-0"
    assert str(sample.input).startswith(
        "You are doing research on your own. Your job: make the language model mini-0"
    )
    assert sample.metadata is not None
    assert set(sample.metadata) == {"cell", "base", "target", "base_revision", "weight", "version", "source"}


def test_the_full_profile_is_refused_before_it_starts_where_something_is_not_pinned() -> None:
    with pytest.raises(click.ClickException, match=r"is not pinned\. Remedy: python -m") as caught:
        validate_roles("posttrain", {"agent": "react"}, ["grader"])
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("task", ["posttrain", "posttrain_solve", "posttrain_baselines"])
def test_a_judged_target_without_a_grader_is_told_before_the_run(task: str) -> None:
    with pytest.raises(click.ClickException, match="arenahardwriting, healthbench needs a grader") as caught:
        validate_roles(task, {"version": "1.2"}, [])
    assert caught.value.exit_code == 2
    with pytest.raises(click.ClickException, match="posttrain_score needs bundles"):
        validate_roles("posttrain_score", {}, [])


def test_a_gated_test_is_told_before_the_run() -> None:
    with pytest.raises(click.ClickException, match="Idavidrein/gpqa") as caught:
        validate_roles("posttrain_baselines", {"targets": "gpqamain"}, [])
    assert caught.value.exit_code in (2, 4)


def test_a_missing_gpu_is_named() -> None:
    assert gpu_sentence("H100", []) == (
        "posttrain: no GPU named H100 found (saw none). Remedy: run posttrain_mini, or set -T gpu_name=NAME."
    )


def test_roles_that_nobody_plays_are_refused() -> None:
    with pytest.raises(click.ClickException, match="role partner is bound, but posttrain_mini uses grader"):
        validate_roles("posttrain_mini", {}, ["partner"])


@pytest.mark.torch
def test_a_judge_may_be_bound_without_the_others() -> None:
    validate_roles("posttrain_mini", {}, ["judge_contamination"])


def test_missing_agents_are_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interplay.solvers.posttrain_agent.find_spec", lambda name: None)
    with pytest.raises(
        click.ClickException, match=r"inspect-swe is not installed; run pip install 'interplay\[agents\]'"
    ):
        validate_roles("posttrain_mini", {"agent": "claude_code"}, [])


def test_sizes() -> None:
    assert run_size("posttrain_mini", {}).samples == 6
    assert run_size("posttrain", {"preset": "paper"}).samples == 28
    assert job_of("posttrain", {"preset": "smoke"}).profile == "mini"


def test_folders_without_bundles_are_refused(tmp_path: Any) -> None:
    with pytest.raises(click.ClickException, match=r"bundles=.*: no manifest\.json below it"):
        bundle_samples(Job(profile="mini"), tmp_path)


def test_a_real_model_never_acts_on_this_machine_and_that_is_told_before_the_run() -> None:
    with pytest.raises(
        click.ClickException, match="-T sandbox=local: only reference players may run so"
    ) as e:
        plan_runs(["posttrain_mini"], "standard", {"sandbox": "local"}, "openai/gpt-5")
    assert e.value.exit_code == 2
    (plan,) = plan_runs(["posttrain_mini"], "standard", {}, "openai/gpt-5")
    assert plan.runs[0][1]["sandbox"] == "docker"
    (plan,) = plan_runs(["posttrain_mini"], "standard", {"sandbox": "local"}, "reference/posttrain-sft")
    assert plan.runs[0][1]["sandbox"] == "local"


@pytest.mark.parametrize("model", ["openai/gpt-5", "none/none"])
def test_where_no_model_acts_this_machine_may_be_the_sandbox_of_any(model: str) -> None:
    for task, given in (("posttrain_score", {"bundles": "runs"}), ("posttrain_baselines", {})):
        (plan,) = plan_runs([task], "standard", {"sandbox": "local", **given}, model)
        assert plan.runs[0][1]["sandbox"] == "local"
        (plan,) = plan_runs([task], "standard", {**given}, model)
        assert "sandbox" not in plan.runs[0][1]
    with pytest.raises(click.ClickException, match="only reference players may run so"):
        plan_runs(["posttrain_solve"], "standard", {"sandbox": "local"}, model)


def test_scripted_agents_need_no_docker_after_a_run_of_tasks_with_models_of_their_own(tmp_path: Path) -> None:
    with_model = task_with(proxy_drift(preset="smoke"), model="reference/hold")
    done, _ = eval_set([with_model], model=None, log_dir=str(tmp_path), display="none", ctl_server=False)
    assert done
    sandbox = posttrain_mini(preset="smoke").sandbox
    assert sandbox is not None
    assert sandbox.type == "local"


@pytest.mark.parametrize(("given", "fits"), [({"state_dir": "runs"}, True), ({"budget_minutes": 3}, False)])
def test_arguments_that_boards_leave_free_keep_a_run_in_the_closed_division(
    given: dict[str, Any], fits: bool
) -> None:
    (plan,) = plan_runs(["posttrain_mini"], "standard", given, "reference/posttrain-sft")
    assert fits_boards(plan) == fits
