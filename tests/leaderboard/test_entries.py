"""Logs find their boards: as locked, with fewer mazes for display, and never with other arguments."""

from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.leaderboard.entries import (
    load_entries,
    load_evidence,
    served_boards,
    shown_boards,
    stored_entries,
)
from interplay.leaderboard.own_logs import read_own_logs
from interplay.leaderboard.rows import LogRows
from interplay.tasks.mistakes import UserMistake


def boards(logs: list[LogRows]) -> list[str]:
    return [board.board.id for board in shown_boards(logs, "mazes")]


def with_args(log: LogRows, **changes: object) -> LogRows:
    return log._replace(header=log.header.model_copy(update={"args": log.header.args | changes}))


def test_complete_smoke_logs_serve_pair_and_gap(smoke_logs: Callable[[str], Path]):
    logs = read_own_logs([smoke_logs("cartographer")])
    shown = shown_boards(logs, "mazes")
    assert [item.board.id for item in shown] == ["mazes-pair", "mazes-gap"]
    assert not any(item.is_partial(item.result()) for item in shown)
    served = served_boards(logs, "mazes", "reference")
    assert [item.result() for item in served] == [item.result() for item in shown]
    assert served_boards(logs, "mazes", "closed") == []
    assert served_boards(logs, "user_turn", "reference") == []


def test_an_incomplete_log_is_shown_as_partial(smoke_logs: Callable[[str], Path]):
    whole = read_own_logs([smoke_logs("cartographer")])
    logs = [log._replace(samples=log.samples[:4]) for log in whole]
    for item in shown_boards(logs, "mazes"):
        result = item.result()
        assert result.units.split().count("-") == 2
        assert result.metrics["maze.success_corrected"].n == 4
        assert item.is_partial(result)


def test_fewer_mazes_are_shown_and_other_arguments_are_not(smoke_logs: Callable[[str], Path]):
    logs = read_own_logs([smoke_logs("cartographer")])
    assert boards([with_args(log, mazes=1) for log in logs]) == ["mazes-pair", "mazes-gap"]
    assert boards([with_args(log, judge=True) for log in logs]) == ["mazes-pair", "mazes-gap"]
    assert boards([with_args(log, assistance=3) for log in logs]) == []
    crossed = [
        log._replace(header=log.header.model_copy(update={"roles": {"partner": "a/b"}})) for log in logs
    ]
    assert boards([with_args(log, mazes=1) for log in crossed]) == []


def test_mazes_of_another_preset_are_on_another_scale(smoke_logs: Callable[[str], Path]):
    logs = read_own_logs([smoke_logs("cartographer")])
    paper = [
        log._replace(header=log.header.model_copy(update={"args": log.header.args, "preset": "paper"}))
        for log in logs
    ]
    assert boards(paper) == []


def test_own_logs_that_cannot_be_read_are_named(smoke_logs: Callable[[str], Path], tmp_path: Path):
    whole = next(smoke_logs("cartographer").glob("*.eval")).read_bytes()
    (tmp_path / "cut.eval").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserMistake, match=r"cut\.eval: not a readable log"):
        read_own_logs([tmp_path])


def test_entries_that_cannot_be_read(tmp_path: Path):
    folder = tmp_path / "leaderboard" / "entries"
    folder.mkdir(parents=True)
    assert (load_entries(tmp_path), load_evidence(tmp_path, "x")) == ([], [])
    (folder / "bad.json").write_text("{}", encoding="utf-8")
    assert stored_entries(tmp_path) == []
    with pytest.raises(UserMistake, match='field "entry_id" is missing'):
        load_entries(tmp_path)
