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
    """A board that has a table of pairs, and its address."""

    board: Board
    pairs: str


@dataclass(frozen=True)
class ComparePage:
    """Boards with a table of pairs by family, how many have none, and how many rows a table holds at most."""

    families: tuple[tuple[FamilyRecord, tuple[CompareBoard, ...]], ...]
    boards: int
    without: int
    pair_rows: int


def compare_page(families: Sequence[FamilyGroup], standings: Mapping[str, Standing]) -> Page:
    """The page whose script compares entries; without it, the way to the tables of pairs."""
    listed = tuple(
        (
            group.family,
            tuple(
                CompareBoard(line.board, f"{line.href}pairs/")
                for line in group.boards
                if has_pairs(standings[line.board.id])
            ),
        )
        for group in families
    )
    total, found = sum(len(group.boards) for group in families), sum(len(boards) for _, boards in listed)
    model = ComparePage(tuple(line for line in listed if line[1]), total, total - found, PAIR_ROWS)
    return Page("compare/", "compare.html", "Compare", DESCRIPTION, model)
