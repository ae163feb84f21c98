"""`interplay eval --array`: slices of a command's runs, together exactly its runs, side by side."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.log import list_eval_logs, read_eval_log

from interplay.leaderboard.cli import program
from interplay.leaderboard.commands.folder_lock import held
from interplay.leaderboard.commands.slices import Slice, parse_slice
from interplay.tasks.mistakes import UserMistake

PLAYERS = ("hold", "guard", "switcher", "dev_chaser")
COMMAND = (
    "eval",
    "proxy_drift",
    "--preset",
    "smoke",
    *(w for p in PLAYERS for w in ("--model", f"reference/{p}")),
)


def run(*words: str) -> tuple[int, str]:
    """Exit code and everything printed by one command."""
    result = CliRunner().invoke(program, list(words), catch_exceptions=False)
    return result.exit_code, result.output


def played(folder: Path) -> list[str]:
    """The model of each log below a folder, in order."""
    logs = [read_eval_log(info, header_only=True) for info in list_eval_logs(str(folder))]
    assert {log.status for log in logs} <= {"success"}
    return sorted(log.eval.model.removeprefix("reference/") for log in logs)


@given(st.integers(0, 60), st.integers(1, 20))
def test_slices_hold_every_run_once_and_are_even(runs: int, count: int) -> None:
    shares = [Slice(index, count).of(range(runs)) for index in range(1, count + 1)]
    assert [run for share in shares for run in share] == list(range(runs))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


@pytest.mark.parametrize(
    ("text", "environment", "index"),
    [
        ("3/8", {}, 3),
        ("8/8", {"SLURM_ARRAY_TASK_ID": "1"}, 8),
        ("slurm/8", {"SLURM_ARRAY_TASK_ID": "1"}, 1),
        ("slurm/8", {"SLURM_ARRAY_TASK_ID": "8"}, 8),
        ("kubernetes/8", {"JOB_COMPLETION_INDEX": "0"}, 1),
        ("kubernetes/8", {"JOB_COMPLETION_INDEX": "7"}, 8),
    ],
)
def test_a_slice_is_counted_from_one(text: str, environment: dict[str, str], index: int) -> None:
    assert parse_slice(text, environment) == Slice(index, 8)


@pytest.mark.parametrize(
    ("text", "environment", "sentence"),
    [
        ("0/8", {}, "0 is outside 1 to 8"),
        ("9/8", {}, "9 is outside 1 to 8"),
        ("3", {}, "expected I/N"),
        ("1/0", {}, "expected I/N"),
        ("-1/4", {}, "expected I/N"),
        ("pbs/4", {}, "expected I/N"),
        ("slurm/8", {}, "SLURM_ARRAY_TASK_ID is not set"),
        ("slurm/8", {"SLURM_ARRAY_TASK_ID": "0"}, "outside 1 to 8"),
        ("kubernetes/8", {"JOB_COMPLETION_INDEX": "8"}, "outside 0 to 7"),
        ("kubernetes/8", {"JOB_COMPLETION_INDEX": "x"}, "'x', no number"),
    ],
)
def test_what_is_no_slice_is_one_sentence(text: str, environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserMistake, match=sentence.replace("/", "/")):
        parse_slice(text, environment)


def test_slices_make_the_runs_of_the_command_and_each_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for index in (2, 1, 3):
        code, output = run(*COMMAND, "--array", f"{index}/3")
        assert code == 0, output
        assert f"slice {index} of 3: {2 if index == 3 else 1} of 4 runs" in output
    logs = tmp_path / "logs"
    assert played(logs) == sorted(PLAYERS)
    kept = {path: path.read_bytes() for path in logs.rglob("*.eval")}

    for extra in (("--array", "3/3"), ()):
        code, output = run(*COMMAND, *extra)
        assert code == 0, output
    assert {path: path.read_bytes() for path in logs.rglob("*.eval")} == kept, "a repeat runs nothing"
    assert output.count("proxy-drift") >= len(PLAYERS), "the whole command shows the scores of every slice"

    code, output = run(*COMMAND, "--array", "1/2")
    assert code == 2
    assert "was begun in 3 slices; go on with --array I/3" in output


def test_slices_share_one_log_folder_and_the_whole_command_fills_the_gaps(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    code, output = run(*COMMAND, "--log-dir", str(folder), "--array", "2/2")
    assert code == 0, output
    assert played(folder) == sorted(PLAYERS[2:])
    code, output = run(*COMMAND, "--log-dir", str(folder))
    assert code == 0, output
    assert played(folder) == sorted(PLAYERS)
    code, output = run(*COMMAND, "--log-dir", str(folder), "--array", "1/2")
    assert code == 2
    assert "holds logs of a run without --array" in output


def test_more_slices_than_runs_leave_some_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = run(*COMMAND, "--array", "1/9")
    assert code == 0
    assert output == "slice 1 of 9: 0 of 4 runs\n"
    assert list(tmp_path.iterdir()) == []


def test_one_writer_a_folder_and_slices_side_by_side(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    words = (*COMMAND, "--log-dir", str(folder))
    with held(folder / "1-of-2", below=folder):
        code, output = run(*words, "--array", "2/2")
        assert code == 0, output
        for other in (("--array", "1/2"), ()):
            code, output = run(*words, *other)
            assert code == 3
            assert "another run is writing into this folder" in output
    with held(folder):
        code, output = run(*words, "--array", "1/2")
        assert code == 3
    assert run(*words, "--array", "1/2")[0] == 0
    assert played(folder) == sorted(PLAYERS)


def test_a_role_given_twice_is_filled_with_each(tmp_path: Path) -> None:
    words = (
        "eval", "maze_collab", "--model", "reference/mute", "--model", "reference/early", "-T",
        "pairing=cross", "--preset", "smoke", "--dry-run",
    )  # fmt: skip
    code, output = run(
        *words, "--model-role", "partner=reference/mute", "--model-role", "partner=reference/early"
    )
    assert code == 0, output
    assert output.count("mazes (smoke): 1 run") == 4
    assert "reference/mute partner=reference/early, mazes" in output
    code, output = run(
        *words, "--model-role", "partner=reference/mute", "--model-role", "partner=reference/mute"
    )
    assert code == 2
    assert "given twice" in output
