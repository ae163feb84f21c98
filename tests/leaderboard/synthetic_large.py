"""Many small entries over eight boards, for tests and benchmarks of size; valid, of no real model."""

import random
from collections.abc import Iterator
from pathlib import Path

from interplay.leaderboard.boards import Board, find_board
from interplay.leaderboard.canonical import encode_units, units_digest
from interplay.leaderboard.statistics import paired, share

from . import synthetic

BOARDS = (
    *("mazes-pair", "mazes-gap", "mazes-cross", "user-turn-native", "user-turn-prompted"),
    *("deescalation-baseline", "deescalation-effect", "recipe-chains"),
)
UNITS = 240
CELLS = 24


def write_large(root: Path, count: int) -> None:
    """Writes `count` entries of about 8 KB, a model for every eight of them."""
    for content, records in large_entries(count):
        synthetic.write(root, content, records)


def large_entries(count: int) -> Iterator[tuple[dict[str, object], list[dict[str, object]]]]:
    """Entries with their evidence, board after board, model by model."""
    for i in range(count):
        board = find_board(BOARDS[i % len(BOARDS)])
        model = f"grove/{synthetic.NAMES[i // 8 % 12]}-{i // 8:05d}"
        result = large_result(board, model, 0.1 + 0.8 * ((i // 8 * 7919) % 1000) / 1000)
        content = synthetic.entry(model, [result], day=1 + i % 28, family=board.family)
        yield content, [synthetic.record(content, kind) for kind in ("check", "regrade")]


def large_result(board: Board, model: str, ability: float) -> dict[str, object]:
    """A result with every figure of the board, and cells."""
    draw = random.Random(f"{board.id} {model}")
    lo, hi = board.range
    units = tuple(f"{board.unit.noun}-{n:04d}" for n in range(UNITS))

    def values(level: float) -> list[float]:
        return [hi if draw.random() < level else lo for _ in units]

    main = values(ability)
    if board.contrast is None:
        found, shown = share(main, board.range), main
    else:
        other = values(0.5)
        found = paired(main, other, board.range)
        shown = [a - b for a, b in zip(main, other, strict=True)]
    head = {"value": found.value, "lo": found.lo, "hi": found.hi}
    metrics: dict[str, object] = {
        board.headline: {
            **{k: round(v, 6) for k, v in head.items()},
            "n": UNITS,
            "interval": board.interval,
        }
    }
    for item in board.secondary:
        bounds = item.range or (0.0, 100.0)
        metrics.setdefault(item.key, synthetic.metric([bounds[1] * ability, bounds[1] * 0.4], bounds))
    cells = [
        {
            "dims": {"seat": "AB" if i % 2 else "BA", "part": f"part {i // 2}"},
            "metric": board.headline,
            **{k: round(v, 6) for k, v in head.items()},
            "n": UNITS // CELLS,
        }
        for i in range(CELLS)
    ]
    return {
        "board": board.id,
        "preset": "standard",
        "task_version": "1.0.0",
        "units_total": UNITS,
        "samples": UNITS,
        "errors": 0,
        "unscored": 0,
        "metrics": metrics,
        "units": encode_units(shown),
        "units_digest": units_digest(units),
        "cells": cells,
        "usage": synthetic.usage(UNITS),
    }
