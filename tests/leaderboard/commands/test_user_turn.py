"""User turns as their users walk them: eval, report, submit, check; and what is never pooled."""

import json
from pathlib import Path

import pytest

from tests.leaderboard.commands.test_loop import run


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smoke logs of one player, natively and by instruction."""
    folder = tmp_path_factory.mktemp("user-turn") / "logs"
    for task in ("user_turn", "user_turn_prompted"):
        code, output = run("eval", task, "--model", "reference/curious", "--preset", "smoke",
                           "--log-dir", str(folder / task))  # fmt: skip
        assert code == 0, output
    return folder


@pytest.mark.parametrize(
    ("task", "board"),
    [("user_turn", "user-turn-native"), ("user_turn_prompted", "user-turn-prompted")],
)
def test_from_logs_to_a_checked_entry(
    logs: Path, task: str, board: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run("submit", str(logs / task), "--division", "reference")
    assert code == 0, output
    (entry,) = (tmp_path / "submission" / "leaderboard" / "entries").glob("*.json")
    (result,) = json.loads(entry.read_bytes())["results"]
    assert result["board"] == board
    assert result["metrics"]["followup.gfr_t1"]["value"] == 1.0
    code, output = run("check", "submission")
    assert code == 0, output
    assert "rung 2" in output
    code, output = run("build", "--root", "submission", "--out", "site", "--check")
    assert code == 0, output


def test_a_judge_beside_the_rules_keeps_no_run_from_the_boards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("--model", "reference/curious", "--preset", "smoke", "--log-dir", "logs")
    judge = ("-T", "judge=true", "--model-role", "grader=reference/turn_clerk")
    code, output = run("eval", "user_turn", *words, *judge)
    assert code == 0, output
    code, output = run("submit", "logs", "--division", "reference")
    assert code == 0, output
    code, output = run("check", "submission")
    assert code == 0, output
    assert "rung 2" in output


def test_native_and_prompted_logs_make_no_common_entry(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run("submit", str(logs), "--division", "reference")
    assert code == 2, output
    assert "native and prompted" in output
    assert list(tmp_path.iterdir()) == []


def test_the_report_keeps_the_elicitations_apart_and_shows_their_difference(logs: Path) -> None:
    code, output = run("report", "user_turn", str(logs), "--json")
    assert code == 0, output
    tables = {table["title"]: table for table in json.loads(output)}
    for kind in ("native", "prompted"):
        assert {row[1] for row in tables[f"Runs ({kind})"]["rows"]} == {kind}
        rates = tables[f"Genuine follow-up rate by temperature ({kind})"]["rows"]
        assert {(row[1], row[3]) for row in rates if row[2] == "1"} == {(kind, 1.0)}
    (bridge,) = tables["Bridge"]["rows"]
    assert bridge[:2] == ["reference/curious (smoke)", 0.0]


def test_a_rate_of_which_nothing_was_seen_is_printed_as_a_bound(tmp_path: Path) -> None:
    code, output = run("eval", "user_turn", "--model", "reference/parrot", "--preset", "smoke",
                       "--log-dir", str(tmp_path / "logs"))  # fmt: skip
    assert code == 0, output
    row = next(line for line in output.splitlines() if "GFR@1" in line)
    assert "≤ 0.371" in row
    assert "0.000" not in output


def test_a_reference_player_runs_the_standard_preset_without_a_network(tmp_path: Path) -> None:
    code, output = run("eval", "user_turn", "--model", "reference/closer", "--dry-run")
    assert code == 0, output
    assert "60 samples" in output
    assert "datasets=bundled" in output


def test_a_folder_with_the_logs_of_another_run_is_left_alone(logs: Path) -> None:
    before = sorted(path.name for path in (logs / "user_turn").iterdir())
    code, output = run("eval", "user_turn_prompted", "--model", "reference/curious", "--preset", "smoke",
                       "--log-dir", str(logs / "user_turn"))  # fmt: skip
    assert code == 2, output
    assert "holds logs of another run, or of another version of these tasks" in output
    assert sorted(path.name for path in (logs / "user_turn").iterdir()) == before


def test_a_folder_of_another_family_is_refused(logs: Path) -> None:
    code, output = run("report", "mazes", str(logs))
    assert code == 2
    assert "interplay/user_turn is no task of mazes" in output


def test_a_run_that_cannot_start_says_why(tmp_path: Path) -> None:
    code, output = run("eval", "user_turn_likelihood", "--model", "reference/curious", "--preset", "smoke",
                       "--log-dir", str(tmp_path / "logs"))  # fmt: skip
    assert code == 1
    assert "Error: UserMistake" not in output
    assert "returns no log-probabilities of the prompt" in output
