"""Numbered rows that hold one cell each are a route, whatever else they say of the cells (pure).

| 5 | (0,3) | already visited |
| 6 | (1,3) | open (me) |            -> "Route: (0,3) → (1,3) → (2,3)"
| 7 | (2,3) | open (me) |
"""

import re
from collections.abc import Sequence

from .route_cells import find_steps
from .route_steps import Mention

FEWEST_ROWS = 3
"""Fewer numbered rows than this are read one by one."""
_ROW = re.compile(
    r"^[\s>*|-]*(?:(?:step|move)\s*)?#?(\d{1,2})\s*\**\s*(?:[|.):=–-]|→|->)\s*(?=\D|\d,)", re.IGNORECASE
)
_AGAINST = re.compile(
    r"\b(?:wall|walls|blocked|no|not|can't|cannot|hidden|or|instead)\b|\?|#|❌|✗|✘", re.IGNORECASE
)


def with_routes(lines: Sequence[str]) -> Sequence[str]:
    """The lines, each block of numbered rows that are a table put as one line."""
    if sum(line.lstrip().startswith("|") for line in lines) < FEWEST_ROWS:
        return lines
    kept: list[str] = []
    block: list[tuple[int, str, str]] = []

    def close() -> None:
        if len(block) >= FEWEST_ROWS:
            kept.append("Route: " + " → ".join(cell for _, _, cell in block))
        else:
            kept.extend(line for _, line, _ in block)
        block.clear()

    for line in lines:
        found = _numbered(line)
        if found and block and found[0] != block[-1][0] + 1:
            close()
        if found:
            block.append((found[0], line, found[1]))
        else:
            close()
            kept.append(line)
    close()
    return kept


def _numbered(line: str) -> tuple[int, str] | None:
    """The number of a row and its only cell."""
    match = _ROW.match(line)
    if not match or _AGAINST.search(line):
        return None
    cells = [found.step for found in find_steps(line[match.end() :]) if isinstance(found.step, Mention)]
    return (int(match[1]), cells[0].text) if len(cells) == 1 else None
