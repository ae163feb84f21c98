"""Units that an entry page lists one by one, by who says so."""

from dataclasses import dataclass
from typing import NamedTuple

from ..boards import Board
from ..canonical import units_digest
from ..locks import locked_units
from ..schema import Result


class ListedGroup(NamedTuple):
    """Units of which the same parties say so."""

    heading: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """The listed units of one result; `groups` is empty where the ids of its units are not known."""

    title: str
    summary: str
    note: str
    groups: tuple[ListedGroup, ...]


def listing(board: Board, result: Result) -> Listing | None:
    """The listed units of a result; None on a board without such a list, or for an entry from before it."""
    listed = board.listed
    if listed is None:
        return None
    columns = {who: result.flags[key] for key, who in listed.by.items() if key in result.flags}
    if not columns:
        return None
    places: dict[tuple[str, ...], list[int]] = {}
    for i in range(result.units_total):
        says = tuple(who for who, marks in columns.items() if marks[i] == "1")
        if says:
            places.setdefault(says, []).append(i)
    number = sum(map(len, places.values()))
    ids = locked_units(board, result.task_version, result.preset)
    known = ids if units_digest(ids) == result.units_digest else ()
    return Listing(
        title=listed.title,
        summary=summary(columns, number, result.units_total, board.unit.noun),
        note=listed.note if known or not number else NO_IDS,
        groups=tuple(
            ListedGroup(heading(says, list(columns)), tuple(known[i] for i in places[says]))
            for says in sorted(places, key=lambda says: (-len(says), says))
            if known
        ),
    )


NO_IDS = "No lock names the units of this run; its log does."


def summary(columns: dict[str, str], number: int, total: int, noun: str) -> str:
    """How many there are, and who was asked."""
    who = " or ".join(f"by {name}" for name in columns)
    return f"{number} of {total} {noun}s, {who}"


def heading(says: tuple[str, ...], asked: list[str]) -> str:
    """Who says so of a group: `By the rules alone`."""
    words = f"By {' and '.join(says)}"
    return f"{words} alone" if len(says) < len(asked) else words
