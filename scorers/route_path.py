"""The cells that written steps lead over (pure).

"right to (0,1), then down" from (0,0) -> (0,1) (1,1)
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from .route_notation import Cell
from .route_steps import WAYS, Heading, Mention, Step

LONGEST_LINE = 20
"""A direction leads over no more cells than this."""

_COUNTS_STEPS = re.compile(r"\b(?:steps?|moves?|times|twice|thrice)\b|[x×]\s?\d", re.IGNORECASE)
"""Steps are counted, not the squares between two places."""

Path = tuple[list[Cell], list[str]]
"""Cells in order, and how each was written."""
CellOf = Callable[[Mention], Cell]


def is_next_to(a: Cell, b: Cell) -> bool:
    """The two cells share a side."""
    return abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1


def is_walk(path: Sequence[Cell]) -> bool:
    """Every cell of the path is next to the one before it."""
    return all(is_next_to(a, b) for a, b in pairwise(path))


def walk(at: Cell, heading: Heading) -> list[Cell]:
    """The cells that a direction leads over, the place itself left out."""
    dr, dc = WAYS[heading.way]
    return [(at[0] + dr * i, at[1] + dc * i) for i in range(1, heading.steps + 1)]


def line(a: Cell, b: Cell, heading: Heading) -> list[Cell]:
    """The cells from `a` straight to `b`, if the direction leads there, else none."""
    dr, dc = WAYS[heading.way]
    length = min(abs(b[0] - a[0]) + abs(b[1] - a[1]), LONGEST_LINE)
    cells = [(a[0] + dr * i, a[1] + dc * i) for i in range(1, length + 1)]
    return cells if cells and cells[-1] == b else []


def path_of(steps: Sequence[Step], at: Cell, cell_of: CellOf) -> Path:
    """The cells that steps lead over from a place, with how each is written.

    A direction beside a cell explains it: "right to (0,1)" is one step, "right to (0,3)" walks there. Where
    the two disagree the cell counts. A cell named twice in a row is one step. "(0,3), that is right three
    times" tells the way to a cell as well.
    """
    if len(steps) == 1 and isinstance(only := steps[0], Mention):
        cell = cell_of(only)
        return ([], []) if cell == at else ([cell], [only.text])
    path: list[Cell] = []
    texts: list[str] = []
    pending: list[Heading] = []
    here = before = at
    for step in steps:
        if isinstance(step, Heading):
            far = bool(path) and not pending and path[-1] == here and not is_next_to(before, here)
            if far and _COUNTS_STEPS.search(step.text) and (cells := walk(before, step))[-1] == here:
                path[-1:], texts[-1:] = cells, texts[-1:] * len(cells)
            else:
                pending.append(step)
            continue
        cell = cell_of(step)
        cells = [cell] if cell != here else []
        if pending:
            walked: list[Cell] = []
            for heading in pending:
                walked += walk(walked[-1] if walked else here, heading)
            if walked[-1] == cell:
                cells = walked
            elif len(pending) == 1 and not pending[0].counted:
                cells = line(here, cell, pending[0]) or cells
            pending.clear()
        path += cells
        texts += [step.text] * len(cells)
        before, here = here, cell
    explains = bool(path) and len(pending) == 1 and walk(before, pending[0])[-1] == here
    if not explains:
        for heading in pending:
            cells = walk(here, heading)
            path += cells
            texts += [heading.text] * len(cells)
            here = cells[-1]
    return path, texts
