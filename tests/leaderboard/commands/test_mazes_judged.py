"""Mazes with a judge beside the rules, as its users walk it: eval, submit, check, build, validate."""

import json
import re
from pathlib import Path

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.build import build_site
from interplay.leaderboard.estimates import Figure
from interplay.leaderboard.judged import judged_figure
from interplay.scorers.followup_gates import Gate
from interplay.scorers.route_grader import prompt_sha256
from interplay.scorers.route_grader_validity import validation, validity, write_validation
from interplay.tasks.judged import Figure as Judgement
from interplay.tasks.judged import JudgedRun
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation
from tests.leaderboard.commands.test_loop import run

CLERK = "reference/clerk"
MET = Gate(name="kappa with the labels", value=0.9, threshold=0.85, met=True)
MISSED = Gate(name="sensitivity", value=0.5, threshold=0.9, met=False)


@pytest.fixture(scope="module")
def submission(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run of both conditions with a grader submits."""
    folder = tmp_path_factory.mktemp("judged")
    words = ("--model", "reference/cartographer", "--preset", "smoke", "--log-dir", str(folder / "logs"))
    code, output = run("eval", "mazes", *words, "--model-role", f"grader={CLERK}")
    assert code == 0, output
    out = folder / "submission"
    code, output = run("submit", str(folder / "logs"), "--division", "reference", "--out", str(out))
    assert code == 0, output
    return out


def entry_of(submission: Path) -> Path:
    (path,) = (submission / "leaderboard" / "entries").glob("*.json")
    return path


def test_the_entry_holds_the_judge_and_the_checker_reads_its_replies_again(submission: Path) -> None:
    results = {item["board"]: item for item in json.loads(entry_of(submission).read_bytes())["results"]}
    assert set(results) == {"mazes-pair", "mazes-gap"}
    for result in results.values():
        (item,) = result["judged"]
        assert (item["scorer"], item["graders"]) == ("maze_judge", {"grader": CLERK})
        assert (item["asked"], item["unparsed"], item["unscored"]) == (6, 0, 0), "of the dialogues alone"
        assert item["prompt_sha256"] == prompt_sha256()
        assert item["metrics"]["maze_judge.success_judge"]["value"] == 1.0
        assert item["metrics"]["maze_judge.agrees"]["value"] == 1.0
        assert "maze_judge.kappa" not in item["metrics"], "all games were won by both readings"
    code, output = run("check", str(submission))
    assert code == 0, output
    assert "rung 2" in output


def test_the_board_has_a_column_that_says_whether_the_judge_is_validated(
    submission: Path, tmp_path: Path
) -> None:
    def pages(name: str) -> tuple[str, str]:
        build_site(submission, tmp_path / name)
        entry = tmp_path / name / "entries" / entry_of(submission).stem / "index.html"
        board = tmp_path / name / "boards" / "mazes-pair" / "index.html"
        return board.read_text("utf-8"), entry.read_text("utf-8")

    board, entry = pages("before")
    assert "data-nosort>Success, judge</th>" in board
    assert re.search(r'title="Judge: [^"]*">1\.000<br><small>not validated<', board)
    assert "Not validated.</b> Nobody has tried this judge on the labelled transcripts." in entry
    folder = submission / "leaderboard" / "validation" / "mazes"
    path = write_validation(validation(CLERK, 240, [MET]), folder)
    board, entry = pages("after")
    path.unlink()
    assert '<th scope="col" class="num c3">Success, judge</th>' in board
    assert "Validated.</b> All gates are met on 240 labelled transcripts." in entry


def judge(kappa: float | None = None, prompt: str = "") -> JudgedRun:
    figures = {} if kappa is None else {"maze_judge.kappa": Judgement(kappa, kappa, kappa, 9)}
    return JudgedRun({"grader": CLERK}, prompt or prompt_sha256(), figures)


def test_the_entry_page_says_where_judge_and_rules_disagree(tmp_path: Path) -> None:
    said = validity(judge(0.55), tmp_path).reason
    assert said.endswith(
        "kappa with the rules is 0.55, below 0.70, so one of the two misreads this model's way of talking."
    )
    assert "kappa" not in validity(judge(0.70), tmp_path).reason
    assert "kappa" not in validity(judge(), tmp_path).reason


def test_a_validation_holds_for_one_prompt_and_with_every_gate(tmp_path: Path) -> None:
    path = write_validation(validation(CLERK, 240, [MET]), tmp_path / "validation" / "mazes")
    assert validity(judge(0.9), tmp_path).state == "green"
    assert validity(judge(prompt="0" * 64), tmp_path).reason == "It was validated with another prompt."
    write_validation(validation(CLERK, 240, [MET, MISSED]), path.parent)
    missed = validity(judge(), tmp_path)
    assert missed.state == "grey"
    assert missed.reason.endswith("a gate is not met: sensitivity 0.50, needs 0.90.")
    path.write_text("{}")
    with pytest.raises(UserMistake, match="holds no validation of a judge"):
        validity(judge(), tmp_path)


def test_the_outcome_of_a_validation_is_written_where_pages_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "validation" / "mazes"
    words = ("--validate-judge", "reference/garbler", "--folder", str(folder))
    code, output = run("report", "mazes", *words)
    assert code == 0, output
    run_of_garbler = JudgedRun({"grader": "reference/garbler"}, prompt_sha256(), {})
    assert "share of valid replies 0.00, needs 0.98" in validity(run_of_garbler, tmp_path).reason
    code, output = run("report", "user_turn", *words)
    assert (code, output.count("\n")) == (2, 1)
    assert "no file is written of a judge of" in output
    code, output = run("report", "mazes", "logs", "--folder", str(folder))
    assert code == 2
    assert "a report writes no file" in output


def seen(unit: str, rules: float, judge: float | None) -> Observation:
    values = {"maze.success_strict": rules} | ({} if judge is None else {"maze_judge.success_judge": judge})
    return Observation("t", {}, unit, 1, unit, {}, values, {}, False, "m")


def kappa_of(*observed: Observation) -> Figure | None:
    board = find_board("mazes-pair")
    (item,) = board.judged
    return judged_figure(board, item, item.figures[-1], observed, 1)


def test_kappa_is_over_samples_with_both_readings() -> None:
    same = [seen(f"u{i}", i % 2, i % 2) for i in range(8)]
    found = kappa_of(*same, seen("u9", 1, None))
    assert found is not None
    assert found.estimate == (1.0, 1.0, 1.0, 8)
    found = kappa_of(*same, *(seen(f"v{i}", 1, 0) for i in range(4)))
    assert found is not None
    assert found.estimate.value == pytest.approx(0.4)
    assert found.estimate.lo < 0.4 < found.estimate.hi
    assert kappa_of(*(seen(f"u{i}", 1, 1) for i in range(4))) is None
    assert kappa_of(seen("u", 1, None)) is None
