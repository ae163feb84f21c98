"""Rows and standings made by hand: the figures that a chart reads, and no run behind them."""

from collections.abc import Mapping, Sequence

from interplay.leaderboard.boards import Board, find_board
from interplay.leaderboard.canonical import canonical_bytes, encode_units
from interplay.leaderboard.schema import Cell, Entry
from interplay.leaderboard.standings import Row, Standing, Submission, unit_matrix

from .. import synthetic

Dims = Mapping[str, str]


def cell(metric: str, dims: Dims, value: float | None, half: float = 0.05, n: int = 20) -> Cell:
    """A cell with its interval around the value; without a value it is not estimable."""
    lo, hi = (None, None) if value is None else (value - half, value + half)
    return Cell(dims=dict(dims), metric=metric, value=value, lo=lo, hi=hi, n=n)


def metric(value: float, half: float = 0.05, n: int = 20) -> dict[str, object]:
    return {"value": value, "lo": value - half, "hi": value + half, "n": n, "interval": "share"}


def row(
    board: Board,
    model: str,
    value: float = 0.5,
    *,
    cells: Sequence[Cell] = (),
    metrics: Mapping[str, dict[str, object]] | None = None,
    units: Sequence[float | None] = (),
    flags: Mapping[str, str] | None = None,
    usage: Mapping[str, object] | None = None,
    effort: str | None = None,
    division: str = "closed",
    group: str = "",
    place: int | None = 1,
    day: int = 1,
) -> Row:
    """One row of a board: what its entry holds, and its place."""
    values = list(units) or [value] * 3
    found = {
        "board": board.id, "preset": "standard", "task_version": "1.0.0", "units_total": len(values),
        "samples": len(values), "errors": 0, "unscored": 0,
        "metrics": {board.headline: metric(value), **(metrics or {})}, "units": encode_units(values),
        "units_digest": "0" * 64, "cells": [one.content() for one in cells], "usage": dict(usage or {}),
        "flags": dict(flags or {}),
    }  # fmt: skip
    content = synthetic.entry(model, [found], family=board.family, division=division, effort=effort, day=day)
    entry = Entry.model_validate_json(canonical_bytes(content))
    result = entry.results[0]
    places = None if place is None else (place, place)
    return Row(Submission(entry, (), 0), result, result.metrics[board.headline], places, group=group)


def standing_of(
    board: Board | str, rows: Sequence[Row] = (), reference: Sequence[Row] = (), open_rows: Sequence[Row] = ()
) -> Standing:
    """A board with these rows, in this order."""
    made = find_board(board) if isinstance(board, str) else board
    return Standing(
        board=made, rows=tuple(rows), reference=tuple(reference), open_rows=tuple(open_rows), earlier={},
        replicates={}, matrix=unit_matrix([one.result for one in rows if one.places is not None]),
        detectable=None, major=1,
    )  # fmt: skip
