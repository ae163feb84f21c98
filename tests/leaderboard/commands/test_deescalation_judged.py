"""A judged run of the angry conversations on its way to the board, and what the checker makes of it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from inspect_ai.log import read_eval_log, write_eval_log

from interplay.leaderboard.cli import program
from interplay.leaderboard.draft import SubmitOptions
from interplay.leaderboard.submit import Refused, prepare

CLERK = "reference/deesc_clerk"
pytestmark = pytest.mark.slow


def run(*words: str) -> str:
    done = CliRunner().invoke(program, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judged")
    words = ("--model", "reference/pliant", "--preset", "smoke", "--log-dir", str(folder / "logs"))
    said = run("eval", "deescalation", *words, "--model-role", f"grader={CLERK}")
    assert "judge=True" in said
    run("submit", str(folder / "logs"), "--division", "reference", "--out", str(folder / "submission"))
    return folder


def test_the_entry_holds_what_the_judge_said_and_the_checker_reads_it_again(
    judged: Path, tmp_path: Path
) -> None:
    (path,) = (judged / "submission" / "leaderboard" / "entries").glob("*.json")
    results = {r["board"]: r["judged"][0] for r in json.loads(path.read_bytes())["results"]}
    assert set(results) == {"deescalation-baseline", "deescalation-effect", "deescalation-scripted"}
    effect = results["deescalation-effect"]
    assert effect["metrics"]["escalation_judge.cts_d"]["value"] > 0.3
    assert effect["metrics"]["escalation_judge.cts_j"]["value"] == 2
    assert all(r["graders"] == {"grader": CLERK} and r["unparsed"] == 0 for r in results.values())
    assert "rung 2" in run("check", str(judged / "submission"))
    run("build", "--root", str(judged / "submission"), "--out", str(tmp_path / "site"))
    page = (tmp_path / "site" / "entries" / path.stem / "index.html").read_text("utf-8")
    assert "Effect, judge" in page
    assert "Nobody has labelled messages to compare this judge with." in page


def test_an_answer_that_was_changed_is_found(judged: Path, tmp_path: Path) -> None:
    for source in sorted((judged / "logs").glob("*.eval")):
        log = read_eval_log(str(source))
        assert log.samples is not None
        if log.eval.task_args["arms"] == "vanilla":
            answers = ((log.samples[0].scores or {})["escalation_judge"].metadata or {})["answers"]["grader"]
            answers["whole"] = answers["whole"].replace('"useful":2', '"useful":4')
        write_eval_log(log, str(tmp_path / source.name))
    with pytest.raises(Refused, match=r"R03 regrade differs .* interplay/deescalation .*escalation_judge"):
        prepare(sorted(tmp_path.glob("*.eval")), SubmitOptions(division="reference"))
