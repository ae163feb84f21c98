"""A reading for each seat, stretch of the dialogue and dialect: what every mention of a game means (pure).

assignment.of_note(3)(mention) -> (0, 1)
"""

from collections.abc import Callable, Mapping, Sequence

from interplay.tasks.mazes.maze import Cell

from .route_agreement import Table
from .route_notation import places
from .route_path import CellOf
from .route_steps import Mention
from .route_turns import Asked

Key = tuple[int, int, bool]
"""Seat, stretch of the dialogue, forms with letters."""


class _Meanings(dict[Mention, Cell]):
    """What mentions mean to one seat in one stretch, worked out when first asked."""

    def __init__(self, numbers: int, letters: int, height: int, width: int) -> None:
        super().__init__()
        self.readings = (numbers, letters)
        self.size = (height, width)

    def __missing__(self, mention: Mention) -> Cell:
        cell = self[mention] = places(mention, *self.size)[self.readings[mention.letters]]
        return cell


class Assignment:
    """A reading for each seat, stretch of the dialogue and dialect: what every mention means.

    `chosen` holds the numbers of the readings; what is left open is read in the first one. `heard` are the
    first notes read in this way, as far as the manner makes no difference.
    """

    def __init__(
        self, chosen: Mapping[Key, int], seats: list[int], stretches: list[int], height: int, width: int
    ) -> None:
        self.chosen = chosen
        self.size = (height, width)
        self.cells: tuple[Cell, ...] | None = None
        self.heard: list[Table] = []
        self.worked: dict[tuple[int, Cell], Sequence[Asked]] = {}
        known: dict[tuple[int, int], CellOf] = {}
        for seat, stretch in dict.fromkeys(zip(seats, stretches, strict=True)):
            numbers, letters = (chosen.get((seat, stretch, dialect), 0) for dialect in (False, True))
            known[seat, stretch] = _Meanings(numbers, letters, height, width).__getitem__
        by_note = [known[key] for key in zip(seats, stretches, strict=True)]
        self.of_note: Callable[[int], CellOf] = by_note.__getitem__
        """What a mention in the note with this number means."""

    def on_grid(self, cell: Cell) -> bool:
        """The cell lies on the grid."""
        return 0 <= cell[0] < self.size[0] and 0 <= cell[1] < self.size[1]
