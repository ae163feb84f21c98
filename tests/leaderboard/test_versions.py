"""Versions of tasks: reuse, regrade and rerun, from the lock files to the pages, by the front door."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from interplay.leaderboard import locks
from interplay.leaderboard.boards import find_board
from interplay.leaderboard.build import build_site
from interplay.leaderboard.canonical import canonical_bytes, content_hash
from interplay.leaderboard.check import check_entry, evidence_of
from interplay.leaderboard.check_results import check_regrade
from interplay.leaderboard.cli import program
from interplay.leaderboard.entries import ENTRIES, EVIDENCE
from interplay.leaderboard.lock_changes import refusals
from interplay.leaderboard.locks import Lock
from interplay.leaderboard.records import Stamp, store
from interplay.leaderboard.rows import ScoreRow
from interplay.leaderboard.schema import Entry
from interplay.leaderboard.versions import current_version, due, result_version
from interplay.tasks.mistakes import NetworkProblem, UserMistake

from . import plain_rows, synthetic
from .conftest import REFERENCE, read_in_this_process

COLLAB, SOLO = "interplay/maze_collab", "interplay/maze_solo"
HEADLINE = "maze.success_corrected"
Content = dict[str, object]


@pytest.fixture
def lock_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the committed locks that a test may bump."""
    folder = tmp_path / "locks"
    shutil.copytree(locks.LOCK_DIR, folder)
    monkeypatch.setattr(locks, "LOCK_DIR", folder)
    forget()
    yield folder
    forget()


def forget() -> None:
    locks.load_lock.cache_clear()
    locks.newest_lock.cache_clear()


def lock_of(task: str) -> Content:
    lock = locks.newest_lock(task)
    assert lock is not None
    return json.loads(lock.model_dump_json())


def as_lock(content: Content) -> Lock:
    return Lock.model_validate_json(canonical_bytes(content))


def bump(folder: Path, task: str, version: str) -> None:
    """A lock of the same calls with another version, as `python -m interplay.leaderboard.locks` writes it."""
    content = {key: value for key, value in lock_of(task).items() if key != "digest"} | {"version": version}
    stored = canonical_bytes(content | {"digest": content_hash(content)})
    (folder / locks.lock_name(task, version)).write_bytes(stored)
    forget()


# --- locks --------------------------------------------------------------------------------------------------


def changed(part: str) -> Content:
    content = lock_of(COLLAB)
    variant = content["variants"][0]  # type: ignore[index]
    if part == "items":
        variant["samples"][0]["pin"] = "0" * 16
    elif part == "limits":
        variant["limits"]["message_limit"] = 7
    elif part == "scorers":
        variant["scorers"] = ["maze", "other"]
    elif part == "boards":
        variant["boards"] = ["mazes-pair"]
    elif part == "gone":
        content["variants"] = content["variants"][1:]  # type: ignore[index]
    elif part == "new":
        content["variants"].append(variant | {"preset": "controls"})  # type: ignore[union-attr]
    return content


@pytest.mark.parametrize(
    ("part", "needed"),
    [
        ("items", "2.0.0"),
        ("limits", "2.0.0"),
        ("gone", "2.0.0"),
        ("scorers", "1.1.0"),
        ("boards", "1.0.0"),
        ("new", "1.0.0"),
    ],
)
def test_a_change_needs_its_bump_and_no_more(part: str, needed: str):
    old = as_lock(lock_of(COLLAB))
    for version in ("1.0.0", "1.0.1", "1.1.0", "2.0.0"):
        found = refusals(old, as_lock(changed(part) | {"version": version}))
        assert bool(found) == (version < needed), (part, version, found)
        word = "major" if needed == "2.0.0" else "minor"
        assert all(f"bump the {word} version" in sentence for sentence in found)


def test_a_version_never_goes_back():
    old = as_lock(lock_of(COLLAB) | {"version": "1.2.0"})
    assert "older than the committed 1.2.0" in refusals(old, as_lock(lock_of(COLLAB)))[0]


@pytest.mark.parametrize(
    ("part", "version", "code", "says"),
    [
        ("items", "1.1.0", 1, "bump the major version (1.0.0 is committed, the task says 1.1.0)"),
        ("scorers", "1.0.1", 1, "bump the minor version"),
        ("scorers", "1.1.0", 0, "wrote leaderboard/locks/maze_collab@1.1.json"),
        ("items", "2.0.0", 0, "wrote leaderboard/locks/maze_collab@2.0.json"),
        ("boards", "1.0.1", 0, "wrote leaderboard/locks/maze_collab@1.0.json"),
    ],
)
def test_the_command_refuses_a_change_without_its_bump(
    part: str, version: str, code: int, says: str, lock_dir: Path, monkeypatch, capsys
):
    content = {k: v for k, v in changed(part).items() if k != "digest"} | {"version": version}
    name = locks.lock_name(COLLAB, version)
    built = {name: canonical_bytes(content | {"digest": content_hash(content)})}
    monkeypatch.setattr(locks, "build_locks", lambda: built)
    before = {path.name: path.read_bytes() for path in lock_dir.iterdir()}
    assert locks.main(["--check"]) == 1
    assert {path.name: path.read_bytes() for path in lock_dir.iterdir()} == before
    capsys.readouterr()
    assert locks.main([]) == code
    assert says in capsys.readouterr().out
    if code == 0:
        assert locks.main(["--check"]) == 0
        assert (lock_dir / "maze_collab@1.0.json").is_file(), "locks of earlier versions stay"


# --- standings ----------------------------------------------------------------------------------------------


def test_what_a_version_is_due_for(lock_dir: Path):
    assert due(COLLAB, "1.0.7") == "nothing"
    bump(lock_dir, COLLAB, "1.3.0")
    assert (due(COLLAB, "1.0.7"), due(COLLAB, "1.3.1"), due("interplay/unknown", "1.0.0")) == (
        "regrade", "nothing", "nothing",
    )  # fmt: skip
    bump(lock_dir, COLLAB, "2.0.0")
    assert due(COLLAB, "1.3.0") == "rerun"


def test_a_board_of_two_tasks_moves_whenever_one_of_them_does(lock_dir: Path):
    gap, pair = find_board("mazes-gap"), find_board("mazes-pair")
    content = synthetic.entry(
        "acme/m", [synthetic.gap_result("m", 0.5, synthetic.STANDARD, "standard")], day=3
    )
    entry = Entry.model_validate_json(canonical_bytes(content))
    assert current_version(gap) == result_version(gap, entry, entry.results[0]) == 1
    bump(lock_dir, SOLO, "2.0.0")
    assert (current_version(gap), current_version(pair)) == (2, 1)
    bump(lock_dir, COLLAB, "2.0.0")
    assert (current_version(gap), current_version(pair)) == (3, 2)
    assert result_version(gap, entry, entry.results[0]) == 1


def test_after_a_major_version_old_rows_keep_an_address_and_lose_their_rank(lock_dir: Path, tmp_path: Path):
    root = tmp_path / "root"
    for name in ("old", "older"):
        result = synthetic.pair_result(name, 0.5, synthetic.STANDARD, "standard")
        synthetic.write(root, synthetic.entry(f"acme/{name}", [result]))
    build_site(root, tmp_path / "before")
    assert ">Rank<" in (tmp_path / "before/boards/mazes-pair/index.html").read_text()
    bump(lock_dir, COLLAB, "2.0.0")
    build_site(root, tmp_path / "after")
    board = (tmp_path / "after/boards/mazes-pair/index.html").read_text()
    earlier = (tmp_path / "after/boards/mazes-pair/v1/index.html").read_text()
    assert "acme/old" not in board
    assert "version 2" in board
    assert "No model runs yet." in board
    assert "acme/old" in earlier
    assert "acme/older" in earlier
    assert ">Rank<" not in earlier


# --- regrade ------------------------------------------------------------------------------------------------


@pytest.fixture
def accepted(honest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with the entry of the cartographer, its logs and its passed check, read in this process."""
    monkeypatch.setattr(
        "interplay.leaderboard.regrades.read_ahead", lambda paths, at_once: read_in_this_process
    )
    root = tmp_path / "accepted"
    shutil.copytree(honest, root)
    report = check_entry(entry_path(root), root=root)
    assert report.entry is not None
    store(root, evidence_of(report, report.entry, Stamp("2026-11-21T00:00:00Z", None)))
    return root


@pytest.fixture
def stricter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another scorer in this checkout: nobody solves the first maze any more."""
    from interplay.leaderboard import regrade

    original = regrade.regraded_scores

    def scored(log, samples, scorers):  # type: ignore[no-untyped-def]
        rows = original(log, samples, scorers)
        return [
            harsher(row) if row is not None and "bernoulli-001" in str(sample.id) else row
            for row, sample in zip(rows, samples, strict=True)
        ]

    monkeypatch.setattr(regrade, "regraded_scores", scored)


def harsher(row: ScoreRow) -> ScoreRow:
    low = find_board("mazes-pair").range[0]
    return row.model_copy(update={"numbers": row.numbers | {HEADLINE: low, "maze.success_strict": 0.0}})


def entry_path(root: Path) -> Path:
    return next((root / ENTRIES).glob("*.json"))


def entry_of(root: Path) -> Entry:
    return Entry.model_validate_json(entry_path(root).read_bytes())


def evidence(root: Path, *words: str) -> Result:
    return CliRunner().invoke(program, ["evidence", *words, "--root", str(root)])


def records(root: Path, kind: str) -> list[Content]:
    paths = sorted((root / EVIDENCE / entry_of(root).entry_id).glob(f"*-{kind}.json"))
    return [json.loads(path.read_bytes()) for path in paths]


def test_nothing_is_recorded_where_nothing_changed(accepted: Path):
    done = evidence(accepted, "regrade", "--all")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "0 recorded, 1 unchanged")
    assert records(accepted, "regrade") == []


@pytest.mark.slow
def test_an_entry_that_gives_no_result_or_is_not_reached_stops_no_other(
    accepted: Path, monkeypatch: pytest.MonkeyPatch
):
    def nothing(board: object) -> None:
        raise UserMistake("no sample holds a headline.")

    def away(*given: object) -> None:
        raise NetworkProblem("no answer.")

    monkeypatch.setattr("interplay.leaderboard.regrades.locate", away)
    monkeypatch.setattr("interplay.leaderboard.check.locate", away)
    done = evidence(accepted, "regrade", "--all")
    assert done.exit_code == 4, done.output
    assert "0 recorded, 0 unchanged" in done.output
    assert "entries whose logs were not reached: 1" in done.output
    monkeypatch.undo()
    monkeypatch.setattr("interplay.leaderboard.entries.BoardLogs.result", nothing)
    done = evidence(accepted, "regrade", "--all", "--at", "2026-11-22T00:00:00Z")
    assert done.exit_code == 1, done.output
    assert "R06 results cannot be computed from the logs (no sample holds a headline.)" in done.output


def test_another_scorer_without_a_new_version_fails_the_regrade(accepted: Path, stricter: None):
    done = evidence(accepted, "regrade", "--all", "--at", "2026-11-22T00:00:00Z")
    assert done.exit_code == 1
    assert "R03 " in done.output
    assert "when scored again" in done.output
    assert [(r["outcome"], r["results"]) for r in records(accepted, "regrade")] == [("fail", None)]


def test_a_minor_version_regrades_stored_logs_and_boards_show_it(
    accepted: Path, lock_dir: Path, stricter: None, tmp_path: Path
):
    before = entry_path(accepted).read_bytes()
    for task in (COLLAB, SOLO):
        bump(lock_dir, task, "1.1.0")
    refused = check_entry(entry_path(accepted), root=accepted)
    assert {finding.code for finding in refused.findings} == {"R02", "R04", "R06"}, "still to be regraded"
    done = evidence(accepted, "regrade", entry_of(accepted).entry_id, "--at", "2026-11-22T00:00:00Z")
    assert done.exit_code == 0, done.output
    assert entry_path(accepted).read_bytes() == before, "entries are immutable"
    (record,) = records(accepted, "regrade")
    pair = next(r for r in record["results"] if r["board"] == "mazes-pair")  # type: ignore[union-attr]
    assert pair["task_version"] == "1.1.0"
    assert pair["metrics"][HEADLINE]["value"] < 1
    assert (record["details"]["mazes-pair.from"], record["details"]["mazes-pair.to"]) == ("1.0.0", "1.1.0")  # type: ignore[index]
    again = check_entry(entry_path(accepted), root=accepted)
    assert again.sentences() == []
    assert evidence(accepted, "regrade", "--all").output.endswith("0 recorded, 1 unchanged\n")
    build_site(accepted, tmp_path / "site")
    page = (tmp_path / "site/entries" / entry_of(accepted).entry_id / "index.html").read_text()
    assert "Task version 1.1.0" in page
    assert f">{pair['metrics'][HEADLINE]['value']:.3f}<" in page
    assert ">regraded</td>" in (tmp_path / "site/changes/index.html").read_text()


def test_logs_of_an_earlier_minor_version_are_entered_with_their_regraded_scores(
    lock_dir: Path, stricter: None, smoke_logs: Callable[[str], Path]
):
    from interplay.leaderboard.submit import prepare

    for task in (COLLAB, SOLO):
        bump(lock_dir, task, "1.1.0")
    entry = prepare([smoke_logs("cartographer")], REFERENCE).entry
    assert {result.task_version for result in entry.results} == {"1.1.0"}
    assert {pointer.task_version for pointer in entry.logs} == {"1.0.0"}


def test_a_log_of_an_earlier_minor_version_has_to_be_graded_again(lock_dir: Path):
    log = plain_rows.log([plain_rows.sample("m-1")])
    bump(lock_dir, COLLAB, "1.1.0")
    assert [finding.code for finding in check_regrade(log, "no scorer")] == ["R03"]
    assert check_regrade(log, None) == []
    bump(lock_dir, COLLAB, "2.0.0")
    assert check_regrade(log, "no scorer") == []


def test_an_earlier_major_version_is_still_checked_by_its_own_lock(accepted: Path, lock_dir: Path):
    for task in (COLLAB, SOLO):
        bump(lock_dir, task, "2.0.0")
    report = check_entry(entry_path(accepted), root=accepted)
    assert report.sentences() == []
    assert report.rung == 1, "scores of other items say nothing about the scorers of today"
    assert evidence(accepted, "regrade", "--all").output.endswith("0 recorded, 1 unchanged\n")
