"""Agreed steps on the true maze: how far they lead, what breaks them, how much of the way is done (pure).

rows @.k / .#* and steps (0,1) (0,2) (1,2) -> success; steps (1,0) (1,1) -> wall at step 2
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from interplay.tasks.mazes.maze import START, Cell, cells_of, walk_length

from .route_path import is_next_to, walk
from .route_steps import Heading

Break = Literal["wall", "edge", "jump"]


class Violation(NamedTuple):
    """The first illegal step: its kind, its number from 1, and the cell it was to lead to."""

    kind: Break
    step: int
    cell: Cell


class Replay(NamedTuple):
    """What steps came to. `route` holds the cells stood on, start included, up to success or violation.

    `weight` is (R(start) - R(last)) / R(start), R being the steps of the shortest walk over the remaining
    keys to the goal; without keys that is 1 - distance(last) / distance(start).
    """

    success: bool
    route: tuple[Cell, ...]
    violation: Violation | None
    weight: float


@lru_cache(maxsize=256)
def aims(rows: tuple[str, ...]) -> tuple[Cell, frozenset[Cell]]:
    """The goal of a maze, off the grid if there is none, and its keys."""
    return next(iter(cells_of(rows, "*")), (-1, -1)), frozenset(cells_of(rows, "k"))


@lru_cache(maxsize=8192)
def remaining(rows: tuple[str, ...], at: Cell, missing: frozenset[Cell], goal: Cell) -> int:
    """Steps that are still to go; one more than the cells of the maze if there is no way."""
    length = walk_length(rows, at, missing, goal)
    return len(rows) * len(rows[0]) + 1 if length is None else length


def can_walk(rows: tuple[str, ...], steps: Iterable[Cell | Heading]) -> bool:
    """Some of these cells and directions, in their order, are a legal walk over every key to the goal."""
    goal, keys = aims(rows)
    states = {(START, keys)}
    for step in steps:
        for at, missing in list(states):
            for cell in walk(at, step) if isinstance(step, Heading) else [step]:
                if not is_next_to(cell, at) or not (0 <= cell[0] < len(rows) and 0 <= cell[1] < len(rows[0])):
                    break
                if rows[cell[0]][cell[1]] == "#":
                    break
                at, missing = cell, missing - {cell}
                states.add((at, missing))
        if (goal, frozenset[Cell]()) in states:
            return True
    return False


def is_broken(rows: tuple[str, ...], steps: Sequence[Cell], known: int) -> bool:
    """A step after the `known` ones cannot be taken, and the goal was not reached before it.

    Whatever follows, to replay the steps comes to the same.
    """
    at = steps[known - 1] if known else START
    for r, c in steps[known:]:
        cell = r, c
        inside = 0 <= r < len(rows) and 0 <= c < len(rows[0])
        if cell != at and not (is_next_to(cell, at) and inside and rows[r][c] != "#"):
            return not replay(rows, steps).success
        at = cell
    return False


def replay(rows: tuple[str, ...], steps: Sequence[Cell]) -> Replay:
    """Walk the steps from the start, to the first wall, edge or non-neighbour, or to success.

    Success is to stand on the goal with every key collected; a step onto the cell where the token stands
    already is no step.
    """
    goal, keys = aims(rows)
    at, missing = START, keys
    route = [START]
    violation: Violation | None = None
    for number, cell in enumerate(steps, 1):
        if cell == at:
            continue
        if abs(cell[0] - at[0]) + abs(cell[1] - at[1]) != 1:
            violation = Violation("jump", number, cell)
        elif not (0 <= cell[0] < len(rows) and 0 <= cell[1] < len(rows[0])):
            violation = Violation("edge", number, cell)
        elif rows[cell[0]][cell[1]] == "#":
            violation = Violation("wall", number, cell)
        if violation:
            break
        at = cell
        route.append(cell)
        missing -= {cell}
        if at == goal and not missing:
            break
    whole = remaining(rows, START, keys, goal)
    left = remaining(rows, at, missing, goal)
    return Replay(
        at == goal and not missing,
        tuple(route),
        violation,
        (whole - left) / whole if whole else 0.0,
    )
