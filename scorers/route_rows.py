"""Numbered rows that hold one cell each, and list items that hold directions alone, are a route (pure).

| 5 | (0,3) | already visited |
| 6 | (1,3) | open (me) |            -> "Route: (0,3) → (1,3) → (2,3)"
| 7 | (2,3) | open (me) |
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from .route_cells import find_steps
from .route_steps import Heading, Mention

FEWEST_ROWS = 3
"""Fewer numbered rows than this are read one by one."""
_ROW = re.compile(
    r"^[\s>*|-]*(?:(?:step|move)\s*)?#?(\d{1,2})\s*\**\s*(?:[|.):=–-]|→|->)\s*(?=\D|\d,)", re.IGNORECASE
)
_ITEM = re.compile(r"^[\s>]*(?:[-•+]|\*(?!\*)|(?:\*\*)?\d{1,2}[.):])(?:\*\*)?\s+")
_EMPHASIS = re.compile(r"[*_`]+")
_REMARK = re.compile(r"\([^()]*\)")
_BESIDE = re.compile(r"\b(?:then|and|move|go|step|one|once|x)\b|[\s,.;:→-]", re.IGNORECASE)
_LEADING = re.compile(r"\b(?:back|to|on|onto|into)\b", re.IGNORECASE)
_LEADS_ON = re.compile(r"\s*(?:→|->|-->|=>|➔|➜)\s*[^\s→]")
FEWEST_ITEMS = 2
"""Fewer list items than this are read one by one."""
_UNSEEN = re.compile(r"\|\s*(?:\?|unknown|unseen|hidden)\s*\|\s*$", re.IGNORECASE)
"""A last column that says that the writer does not see the cell: "| 3 | (2,1) | ? |"."""
_AGAINST = re.compile(
    r"\b(?:wall|walls|blocked|no|not|can't|cannot|hidden|or|instead)\b|\?|#|❌|✗|✘", re.IGNORECASE
)

_TITLE = re.compile(r"^\s*(?:#|\*\*)|:\W*$")
_TITLE_OF_ROUTE = re.compile(
    r"\b(?:blocks?|batch|plan|route|path|steps?|moves?|actions?|propos\w+|legs?|segment|stretch|part|section|sequence"
    r"|stage|next|way|go|take|walk)\b",
    re.IGNORECASE,
)
_TITLE_OF_OTHERS = re.compile(
    r"\b(?:see|open|free|known?|walls?|keys|map|observ\w+|visible|hidden|already|so far|history|log|agreed"
    r"|done|walked|taken|confirmed|status|or|not|if|why|check|need)\b",
    re.IGNORECASE,
)
LONGEST_TITLE = 60
"""A longer line is no title."""
_REFUSED = re.compile(
    r"\b(?:walls?|blocked|no|never|or|instead|not (?!visible|on my|known|shown))\b|#|❌|✗|✘", re.IGNORECASE
)


def with_routes(lines: Sequence[str]) -> Sequence[str]:
    """The lines, each block of rows or items that is a route put as one line."""
    if len(lines) < FEWEST_ITEMS:
        return lines
    if sum(_ITEM.match(line) is not None for line in lines) >= FEWEST_ITEMS:
        lines = _with_items(_with_cells(_with_arrows(lines)))
    if sum(line.lstrip().startswith("|") for line in lines) < FEWEST_ROWS:
        return lines
    kept: list[str] = []
    block: list[tuple[int, str, list[Mention]]] = []

    def close() -> None:
        route = [*block[0][2][:-1], *(cells[-1] for _, _, cells in block)] if block else []
        unseen = any(_UNSEEN.search(line) for _, line, _ in block)
        if len(route) >= FEWEST_ROWS and not (unseen and not _is_line(route)):
            kept.append("Route: " + " → ".join(cell.text for cell in route))
        else:
            kept.extend(line for _, line, _ in block)
        block.clear()

    for line in lines:
        found = _numbered(line)
        if found and block and (found[0] != block[-1][0] + 1 or not _chained(block[-1][2], found[1])):
            close()
        if found:
            block.append((found[0], line, found[1]))
        else:
            close()
            kept.append(line)
    close()
    return kept


def _with_arrows(lines: Sequence[str]) -> Sequence[str]:
    """The lines, list items beside each other of which each leads on from the one before put as one line.

    1. (0,0) → (0,1)
    2. → (1,1) (open)   is   1. (0,0) → (0,1) → (1,1) (open)
    """
    kept: list[str] = []
    for line in lines:
        match = _ITEM.match(line)
        if match and kept and _ITEM.match(kept[-1]) and _LEADS_ON.match(line, match.end()):
            kept[-1] += " " + line[match.end() :].lstrip()
        else:
            kept.append(line)
    return kept


def _with_cells(lines: Sequence[str]) -> Sequence[str]:
    """The lines, list items below the title of a route that hold one cell each put as one line.

    **Block 1**
    - (0,1) (your half)
    - (0,2) (open on mine)   is   Route: (0,1) → (0,2)
    """
    if sum("(" in line and _ITEM.match(line) is not None for line in lines) < FEWEST_ITEMS:
        return lines
    kept: list[str] = []
    title = ""
    block: list[str] = []
    told: list[str] = []
    for line in [*lines, ""]:
        if title and (cell := _cell(line)):
            block.append(line)
            told.append(cell)
            continue
        remarks = any(_REMARK.sub("", item).strip() != item.strip() for item in block)
        kept += ["Route: " + " → ".join(told)] if len(block) >= FEWEST_ITEMS and remarks else block
        block, told = [], []
        if line.strip():
            title = line if _names_route(line) else ""
        kept.append(line)
    return kept[:-1]


def _names_route(line: str) -> bool:
    """The line is a title, and what it names is a route to come."""
    name = _REMARK.sub("", line)
    if len(name) > LONGEST_TITLE or not _TITLE.search(name):
        return False
    return _TITLE_OF_ROUTE.search(name) is not None and _TITLE_OF_OTHERS.search(name) is None


def _cell(line: str) -> str:
    """The cell of a list item that says nothing else but a remark in brackets; else nothing."""
    match = _ITEM.match(line)
    if not match or _REFUSED.search(line, match.end()):
        return ""
    item = _EMPHASIS.sub("", line[match.end() :])
    found = find_steps(item)
    cells = [one for one in found if isinstance(one.step, Mention)]
    if len(cells) != 1 or found[0] != cells[0]:
        return ""
    rest = item[: cells[0].start] + _REMARK.sub("", item[cells[0].end :])
    return cells[0].step.text if not _BESIDE.sub("", _LEADING.sub("", rest)) else ""


def _with_items(lines: Sequence[str]) -> Sequence[str]:
    """The lines, list items beside each other that hold directions alone put as one line."""
    if sum(_ITEM.match(line) is not None for line in lines) < FEWEST_ITEMS:
        return lines
    kept: list[str] = []
    block: list[str] = []
    told: list[str] = []
    for line in [*lines, ""]:
        if steps := _directions(line):
            block.append(line)
            told.append(steps)
            continue
        kept += ["Moves: " + ", ".join(told)] if len(block) >= FEWEST_ITEMS else block
        block, told = [], []
        kept.append(line)
    return kept[:-1]


def _directions(line: str) -> str:
    """The directions of a list item that says nothing else but a remark in brackets; else nothing."""
    match = _ITEM.match(line)
    if not match or any(isinstance(one.step, Mention) for one in find_steps(line[match.end() :])):
        return ""
    item = _EMPHASIS.sub("", _REMARK.sub(" ", line[match.end() :])).strip(" .,;")
    found = find_steps(item)
    rest = item
    for one in reversed(found):
        rest = rest[: one.start] + rest[one.end :]
    alone = bool(found) and not _BESIDE.sub("", rest) and all(isinstance(f.step, Heading) for f in found)
    return item if alone else ""


def _is_line(cells: Sequence[Mention]) -> bool:
    """Each cell is next to the one before it, however cells are counted."""
    return all(abs(a.first - b.first) + abs(a.second - b.second) == 1 for a, b in pairwise(cells))


def _chained(before: Sequence[Mention], cells: Sequence[Mention]) -> bool:
    """Rows of one kind; one that tells from where to where begins where the row before it ended."""
    return len(before) == len(cells) and (len(cells) == 1 or cells[0].text == before[-1].text)


def _numbered(line: str) -> tuple[int, list[Mention]] | None:
    """The number of a row and its only cell, or the two cells of a table's row: from where to where."""
    match = _ROW.match(line)
    if not match or _AGAINST.search(_UNSEEN.sub("|", line)):
        return None
    cells = [found.step for found in find_steps(line[match.end() :]) if isinstance(found.step, Mention)]
    return (int(match[1]), cells) if len(cells) == 1 or (len(cells) == 2 and line[:1] == "|") else None
