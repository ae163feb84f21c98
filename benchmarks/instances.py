"""Drawing mazes, planning in silence, loading the set."""

import time
from collections.abc import Callable

from interplay.tasks.mazes.instances import load
from interplay.tasks.mazes.maze import FAMILIES, draw, render_half
from interplay.tasks.mazes.silent import silent


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def rows() -> list[tuple[str, float, float, str]]:
    found: list[tuple[str, float, float, str]] = []
    for family in FAMILIES:
        drawn = [draw("bench", family, i) for i in range(1, 201)]
        each = seconds(lambda f=family: [draw("bench", f, i) for i in range(1, 201)]) / 200 * 1000
        found.append((f"draw one maze, {family}", each, 2.0, "ms"))
        halves = [render_half(maze.rows, maze.owner, "A") for maze in drawn[:10]]
        silent.cache_clear()
        plan = seconds(lambda h=halves: [silent(half) for half in h]) / len(halves)
        found.append((f"silent plan, {family}", plan, 0.5, "s"))
    found.append(("load standard-1", seconds(lambda: load("standard-1")), 1.0, "s"))
    return found
