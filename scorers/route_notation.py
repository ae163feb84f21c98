"""Which cell a written cell means: the 16 readings, and what speaks for each (pure).

    "(2,1)" -> (2, 1) counted from 0 at the top left, row first; (0, 1) counted from 1, column first

Evidence weighs what a seat says of its own map, of the start and the goal, and how it says it names cells.
Whether a route succeeds is never evidence.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from .route_acts import Act, Claim, Declare, MapRow, Position, Propose
from .route_steps import WAYS, Heading, Mention, Order

Cell = tuple[int, int]
Weights = list[float]

OPEN_WITHIN = 2.0
"""Readings whose evidence is within this of the best stay open."""
CLASH_FROM = 4.0
"""Two seats clash if each reads its own notes this much better in its own notation than in the other's."""


class Reading(NamedTuple):
    """One way to name cells: the first index, the corner it is counted from, which label comes first."""

    base: Literal[0, 1]
    top: bool
    left: bool
    order: Order

    def name(self, letters: bool = False) -> str:
        """As in "0 top left row-col"; with letters the base says nothing."""
        corner = f"{'top' if self.top else 'bottom'} {'left' if self.left else 'right'}"
        return f"{'letters' if letters else self.base} {corner} {self.order}"


_BASES: tuple[Literal[0, 1], ...] = (0, 1)
_ORDERS: tuple[Order, ...] = ("row-col", "col-row")
READINGS: tuple[Reading, ...] = tuple(
    Reading(base, top, left, order)
    for order in _ORDERS
    for left in (True, False)
    for top in (True, False)
    for base in _BASES
)
"""All 16; the first one counts rows, then columns, from 0 at the top left."""


def place(mention: Mention, reading: Reading, height: int, width: int) -> Cell:
    """The cell that a mention names, as (row, column) from 0 at the top left; it may lie off the grid.

    "Third row, second column" is the same to everybody.
    """
    first = mention.first if mention.first_fixed else mention.first - reading.base
    second = mention.second if mention.second_fixed else mention.second - reading.base
    row_first = (mention.order or reading.order) == "row-col"
    across, along = (first, second) if row_first else (second, first)
    if mention.order and mention.first_fixed and mention.second_fixed:
        return (across, along)
    return (across if reading.top else height - 1 - across, along if reading.left else width - 1 - along)


@lru_cache(maxsize=16384)
def places(mention: Mention, height: int, width: int) -> tuple[Cell, ...]:
    """What a mention names in each of the 16 readings."""
    return tuple(place(mention, reading, height, width) for reading in READINGS)


def fits(cell: Cell, height: int, width: int) -> bool:
    """The cell lies on the grid."""
    return 0 <= cell[0] < height and 0 <= cell[1] < width


@lru_cache(maxsize=16384)
def outside(mention: Mention, height: int, width: int) -> tuple[int, ...]:
    """The readings in which a mention lies off the grid."""
    cells = places(mention, height, width)
    return tuple(i for i, cell in enumerate(cells) if not fits(cell, height, width))


class Spoken(NamedTuple):
    """The acts of a stretch of one seat's notes, with the map it saw; `first` if the game begins in it."""

    acts: Sequence[Act]
    view: Sequence[str]
    first: bool


def prior(letters: bool = False) -> Weights:
    """What speaks for a reading before anybody has said anything: top, left, and the usual order.

    Numbers are usually row first; of a letter and a number, the letter is usually the column.
    """
    usual: Order = "col-row" if letters else "row-col"
    return [0.5 * (r.top + r.left + (r.order == usual)) for r in READINGS]


def prescribed() -> Weights:
    """The rules of the game told both seats to write (row, column) from 0 at the top left."""
    weights = prior()
    _declare(Declare(0, "row-col", True, True), weights)
    return [2 * w for w in weights]


def best(weights: Weights) -> int:
    """The number of the best reading; the first of equals."""
    return max(range(len(weights)), key=lambda i: (weights[i], -i))


def evidence(spoken: Iterable[Spoken], letters: bool, height: int, width: int) -> Weights | None:
    """What the notes of a seat say for each reading, without the prior; None if they say nothing.

    Args:
        spoken: Stretches of the seat's notes.
        letters: Weigh forms like B3; else forms of numbers. They are dialects with readings of their own.
        height: Rows of the grid.
        width: Columns of the grid.
    """
    weights: Weights = [0.0] * len(READINGS)
    seen = False
    for part in spoken:
        claims: set[tuple[Mention, str]] = set()
        mentions: set[Mention] = set()
        opening = part.first
        here: Mention | None = None
        for act in part.acts:
            if isinstance(act, Declare):
                if act.letters == letters or act.order is None:
                    seen |= _declare(act, weights, letters, height, width)
                continue
            if isinstance(act, Claim):
                if act.cell.letters == letters and (act.cell, act.state) not in claims:
                    claims.add((act.cell, act.state))
                    mentions.add(act.cell)
                    _claim(act, part.view, weights, height, width)
                continue
            if isinstance(act, Position):
                here = act.cell if act.cell.letters == letters else None
                if here:
                    mentions.add(here)
                continue
            if isinstance(act, Propose):
                cells = [s for s in act.steps if isinstance(s, Mention) and s.letters == letters]
                mentions.update(cells)
                _pairs(act, here, opening, weights, letters, height, width)
                if act.steps and opening and not act.fallback:
                    opening = False
                    if cells:
                        _first_step(cells[0], weights, height, width)
        for mention in mentions:
            seen = True
            for i in outside(mention, height, width):
                weights[i] -= 3
    return weights if seen else None


def _declare(act: Declare, weights: Weights, letters: bool = False, height: int = 0, width: int = 0) -> bool:
    told = False
    for i, reading in enumerate(READINGS):
        for said, has in (
            (
                None
                if letters and not act.letters and act.base is not None and act.order is None
                else act.base,
                reading.base,
            ),
            (act.order if act.letters == letters else None, reading.order),
            (act.top, reading.top),
            (act.left, reading.left),
        ):
            if said is not None:
                told = True
                weights[i] += 3 if said == has else -3
        if act.corner and act.corner[0].letters == letters and height:
            told = True
            corner = (0 if act.corner[1] else height - 1, 0 if act.corner[2] else width - 1)
            weights[i] += 3 if place(act.corner[0], reading, height, width) == corner else -3
    return told


_SHOWS = {"wall": "#", "open": ".@*k", "key": "k", "goal": "*", "start": "@", "hidden": "?"}
_RIGHT: dict[str, float] = {"goal": 3, "start": 3, "key": 3}
_WRONG: dict[str, float] = {"goal": -3, "start": -3}
_UNSEEN = {"wall": -0.5, "open": -0.5}
"""What a claim weighs by its state: where the map shows that, where it shows something else or nothing."""


def _claim(act: Claim, view: Sequence[str], weights: Weights, height: int, width: int) -> None:
    if not view or (act.state == "key" and not act.own):
        return
    shows, right, wrong = _SHOWS[act.state], _RIGHT.get(act.state, 1), _WRONG.get(act.state, -1)
    unseen = right if shows == "?" else _UNSEEN.get(act.state, wrong)
    for i, (r, c) in enumerate(places(act.cell, height, width)):
        if 0 <= r < height and 0 <= c < width:  # else charged once for each mention
            symbol = view[r][c]
            weights[i] += unseen if symbol == "?" else right if symbol in shows else wrong


def _first_step(mention: Mention, weights: Weights, height: int, width: int) -> None:
    for i, (r, c) in enumerate(places(mention, height, width)):
        weights[i] += 2 if abs(r) + abs(c) <= 1 else -2


def _pairs(
    act: Propose,
    here: Mention | None,
    opening: bool,
    weights: Weights,
    letters: bool,
    height: int,
    width: int,
) -> None:
    """A direction beside the cells it leads from and to: "from (0,1) down to (1,1)".

    The first step of the game leads from the start, named or not.
    """
    origin = act.step_of if act.step_of and act.step_of.letters == letters else here
    heading: Heading | None = None
    for step in act.steps:
        if isinstance(step, Heading):
            heading = step if heading is None else None
            continue
        if step.letters == letters and heading is not None and (origin is not None or opening):
            dr, dc = WAYS[heading.way]
            starts = places(origin, height, width) if origin else ((0, 0),) * len(READINGS)
            for i, (a, b) in enumerate(zip(starts, places(step, height, width), strict=True)):
                went = (b[0] - a[0], b[1] - a[1])
                length = abs(went[0]) + abs(went[1])
                straight = length > 0 and went == (dr * length, dc * length)
                if (abs(went[0]), abs(went[1])) != (0, 0) and 0 in went:
                    weights[i] += 2 if straight else -2
        heading, origin, opening = None, step, False


def row_labels(rows: Sequence[MapRow], height: int) -> Declare | None:
    """What the labels of a copied map say: the first index, and whether rows count from the top."""
    if len(rows) != height or any(not row.label for row in rows):
        return None
    labels = [row.label.lower() for row in rows]
    numbers = [ord(x) - 97 if x.isalpha() else int(x) for x in labels]
    low = min(numbers)
    if sorted(numbers) != list(range(low, low + height)) or low > 1:
        return None
    top = numbers == sorted(numbers)
    if not top and numbers != sorted(numbers, reverse=True):
        return None
    base: Literal[0, 1] | None = None if labels[0].isalpha() else 0 if low == 0 else 1
    return Declare(base=base, top=top)
