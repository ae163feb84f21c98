"""The cells that written steps lead over (pure).

"right to (0,1), then down" from (0,0) -> (0,1) (1,1)
"""

from collections.abc import Callable, Sequence

from .route_cells import WAYS, Heading, Mention, Step
from .route_notation import Cell


def is_next_to(a: Cell, b: Cell) -> bool:
    """The two cells share a side."""
    return abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1


def is_walk(path: Sequence[Cell]) -> bool:
    """Every cell of the path is next to the one before it."""
    return all(is_next_to(a, b) for a, b in zip(path, path[1:], strict=False))


def walk(at: Cell, heading: Heading) -> list[Cell]:
    """The cells that a direction leads over, the place itself left out."""
    dr, dc = WAYS[heading.way]
    return [(at[0] + dr * i, at[1] + dc * i) for i in range(1, heading.count + 1)]


def path_of(
    steps: Sequence[Step], at: Cell, cell_of: Callable[[Mention], Cell]
) -> tuple[list[Cell], list[str]]:
    """The cells that steps lead over from a place, with how each is written.

    A direction beside a cell explains it: "right to (0,1)" is one step, "right to (0,3)" walks there. Where
    the two disagree the cell counts.
    """
    path: list[Cell] = []
    texts: list[str] = []
    pending: list[Heading] = []
    before = at
    named = False

    def add(cells: Sequence[Cell], text: str) -> None:
        path.extend(cells)
        texts.extend([text] * len(cells))

    def flush(start: Cell) -> None:
        for heading in pending:
            cells = walk(start, heading)
            add(cells, heading.text)
            start = cells[-1] if cells else start
        pending.clear()

    for step in steps:
        here = path[-1] if path else at
        if isinstance(step, Heading):
            pending.append(step)
            continue
        cell = cell_of(step)
        walked: list[Cell] = []
        for heading in pending:
            walked += walk(walked[-1] if walked else here, heading)
        if walked and walked[-1] == cell:
            add(walked, step.text)
        elif (
            walked
            and len(pending) == 1
            and not pending[0].counted
            and (line := _straight(here, cell, pending[0]))
        ):
            add(line, step.text)
        elif cell != here:
            add([cell], step.text)
        before, named = here, True
        pending.clear()
    if pending:
        here = path[-1] if path else at
        explained = walk(before, pending[0])[-1] == here if named and len(pending) == 1 else False
        if not explained:
            flush(here)
    return path, texts


def _straight(a: Cell, b: Cell, heading: Heading) -> list[Cell]:
    dr, dc = WAYS[heading.way]
    length = abs(b[0] - a[0]) + abs(b[1] - a[1])
    line = [(a[0] + dr * i, a[1] + dc * i) for i in range(1, min(length, 20) + 1)]
    return line if line and line[-1] == b else []
