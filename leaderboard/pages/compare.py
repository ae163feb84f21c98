"""Model of the page that compares entries: which boards it can compare on, and their tables of pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interplay.tasks.records import FamilyRecord

from ..boards import Board
from ..charts.boards import PAIR_ROWS, has_pairs
from ..standings import Standing
from .rendering import Page
from .site import FamilyGroup

DESCRIPTION = "Paired differences of two to four entries of one board, with intervals and counts."


@dataclass(frozen=True)
class CompareBoard:
    """A board in the list of the page; `pairs` is the address of its table, empty where it has none."""

    board: Board
    href: str
    pairs: str


@dataclass(frozen=True)
class ComparePage:
    """Boards by family, and how many rows a table of pairs holds at most."""

    families: tuple[tuple[FamilyRecord, tuple[CompareBoard, ...]], ...]
    pair_rows: int


def compare_page(families: Sequence[FamilyGroup], standings: Mapping[str, Standing]) -> Page:
    """The page whose script compares entries; without it, the way to the tables of pairs."""
    listed = tuple(
        (group.family, tuple(_board(standings[line.board.id], line.href) for line in group.boards))
        for group in families
    )
    return Page("compare/", "compare.html", "Compare", DESCRIPTION, ComparePage(listed, PAIR_ROWS))


def _board(standing: Standing, href: str) -> CompareBoard:
    return CompareBoard(standing.board, href, f"{href}pairs/" if has_pairs(standing) else "")
