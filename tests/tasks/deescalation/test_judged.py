"""Runs with judges: by eval(), by the command line, and what is refused before any call."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner
from inspect_ai import score
from inspect_ai.log import EvalLog, list_eval_logs, read_eval_log

from interplay.leaderboard.analysis.reports import family_report
from interplay.leaderboard.cli import program
from interplay.leaderboard.own_logs import read_own_logs
from interplay.scorers.escalation import escalation
from interplay.scorers.escalation_judge import escalation_judge
from interplay.scorers.escalation_judge_roles import refuse_missing_judge
from interplay.tasks.deescalation import deescalation
from interplay.tasks.mistakes import UserMistake
from tests.scorers.escalation.judging import Judge, whole

from .playing import played, samples, value

CLERK = "reference/deesc_clerk"


def judged_values(log: EvalLog) -> list[dict[str, float]]:
    return [cast(Any, (sample.scores or {})["escalation_judge"].value) for sample in samples(log)]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    task = deescalation(preset="smoke", mode="live", judge=True)
    return played(task, tmp_path_factory.mktemp("live"), "reference/pliant", model_roles={"grader": CLERK})


def test_the_clerk_reads_the_levels_that_the_patterns_read(live: EvalLog) -> None:
    for sample, judged in zip(samples(live), judged_values(live), strict=True):
        assert judged["agree"] == 1
        for key in ("cts_d", "auc", "slope", "overshoot", "escalated"):
            assert judged[key] == value(sample)[key]
        assert (judged["cts_j"] > 0) == (value(sample)["cts_d"] > 0.1)
        metadata = (sample.scores or {})["escalation_judge"].metadata or {}
        assert metadata["unparsed"] == metadata["spans_refused"] == 0
        assert metadata["arm"] == sample.metadata["arm"]


def test_scoring_the_stored_log_again_gives_every_value(live: EvalLog) -> None:
    stored = read_eval_log(live.location)
    stored.eval.model_roles = None
    again = score(
        stored, [escalation(), escalation_judge()], action="overwrite", model="none/none", display="none"
    )
    for old, new in zip(samples(live), samples(again), strict=True):
        for name, found in (new.scores or {}).items():
            assert str(found.value) == str((old.scores or {})[name].value)


def test_fixed_messages(tmp_path: Path) -> None:
    task = deescalation(preset="smoke", judge=True)
    log = played(task, tmp_path, "reference/fixer", model_roles={"grader": CLERK})
    for judged in judged_values(log):
        assert judged["cts_d"] != judged["cts_d"]
        assert judged["v3"] > 0


@pytest.mark.parametrize(
    ("judge", "roles", "said"),
    [
        (True, {}, "judge=true needs a grader: add --model-role grader=MODEL."),
        (False, {"grader": CLERK}, "role grader is bound, but judge=false"),
        (True, {"grader": CLERK, "grader_b": CLERK}, "are one model and one opinion"),
    ],
)
def test_what_is_refused_before_any_call(
    judge: bool | None, roles: dict[str, str], said: str, tmp_path: Path
) -> None:
    task = deescalation(preset="smoke", mode="live", judge=judge)
    log = played(task, tmp_path, model_roles=roles)
    assert log.status == "error"
    assert log.error is not None
    assert said in log.error.message
    assert not log.stats.model_usage


def test_who_keeps_the_person_s_state_is_no_judge(tmp_path: Path) -> None:
    task = deescalation(preset="smoke", mode="live", simulator="state", judge=True)
    roles = {"grader": CLERK, "user_sim": "reference/resistant_user", "sim_state": CLERK}
    log = played(task, tmp_path, model_roles=roles)
    assert log.error is not None
    assert CLERK in log.error.message
    assert "person's" in log.error.message
    assert not log.stats.model_usage


def test_roles_of_an_earlier_run_ask_for_no_judge(live: EvalLog, tmp_path: Path) -> None:
    # Inspect may still hold the roles of the run before while this task is made.
    log = played(deescalation(preset="smoke", mode="live"), tmp_path)
    assert all(set(sample.scores or {}) == {"escalation"} for sample in samples(log))


def test_a_grader_is_not_passed_over() -> None:
    refuse_missing_judge(["grader"], judge=None, judged=True)
    with pytest.raises(UserMistake, match="the task was made without a judge: give judge=true"):
        refuse_missing_judge(["grader"], judge=None, judged=False)


@pytest.mark.slow
def test_the_command_line_judges_where_a_grader_is_bound(tmp_path: Path) -> None:
    command = ["eval", "deescalation", "--model", "reference/empath", "--preset", "smoke", "--json",
               "--model-role", f"grader={CLERK}", "--log-dir", str(tmp_path)]  # fmt: skip
    done = CliRunner().invoke(program, command)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)
    logs = [read_eval_log(info) for info in list_eval_logs(str(tmp_path))]
    assert len(logs) == 3
    assert all(log.eval.task_args["judge"] is True for log in logs)
    assert all(judged_values(log) for log in logs)


def worse(prompt: str, asked: int) -> str:
    return whole(-2)


def test_the_paper_preset_puts_the_opinion_of_two_judges_first(tmp_path: Path) -> None:
    second = Judge(worse, "second").model
    roles: dict[str, Any] = {"user_sim": "reference/resistant_user", "grader": CLERK, "grader_b": second}
    task = deescalation(preset="paper", n_seeds=1, resistance="low")
    log = played(task, tmp_path, "reference/pliant", model_roles=roles)
    assert len(samples(log)) == 6
    for judged in judged_values(log):
        assert judged["cts_j"] == (judged["cts_j_grader"] - 2) / 2
    logs = read_own_logs([tmp_path])
    titles = [table.title for table in family_report("deescalation").tables(logs)]
    assert titles[:2] == ["Runs", "Paired effects by judges"]
    runs = family_report("deescalation").overview(logs)
    assert runs.columns.index("cts_j") + 1 == runs.columns.index("cts_d")
    assert runs.rows[0][runs.columns.index("cts_j")] is not None


def test_the_paper_preset_has_two_judges(tmp_path: Path) -> None:
    roles: dict[str, Any] = {"user_sim": "reference/resistant_user", "grader": CLERK}
    log = played(deescalation(preset="paper", n_seeds=1), tmp_path, model_roles=roles)
    assert log.error is not None
    assert "preset=paper has two judges: add --model-role grader_b=<model>" in log.error.message
    without = deescalation(preset="paper", n_seeds=1, resistance="low", simulator="rule", judge=False)
    for task, words in (
        (without, ("escalation", "cts_d")),
        (deescalation(preset="paper"), ("escalation_judge", "cts_j")),
    ):
        headline = task.headline_metric
        assert headline is not None
        assert (headline.scorer, headline.score) == words
