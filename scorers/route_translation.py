"""Two seats that name cells in two ways and translate for each other (pure).

    1: I propose r2c1.    2: (1,0) [r2c1] is open: agreed. Next (2,0).    1: r3c1, ok.

A seat understands the other if it names in its own way what the other has just proposed. Two that repeat each
other's labels and mean other cells talk past each other. Whether a step leads through a wall is no evidence.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from .route_acts import Act, NoteReading, Propose
from .route_notation import READINGS, Cell, place
from .route_path import CellOf
from .route_steps import Mention, Step
from .route_turns import Turn
from .route_weighing import stretches_of

FEWEST_TRANSLATED = 2
"""A seat that translates fewer cells than this may do so by chance."""
_STYLES = (
    ("letters", re.compile(r"^(?:[a-r]-?\d+|\d+[a-r])$", re.IGNORECASE)),
    ("r1c1", re.compile(r"^[rc]\s?[:=]?\s?\d", re.IGNORECASE)),
    ("x=1", re.compile(r"^[xy]\s?[:=]?\s?-?\d", re.IGNORECASE)),
    ("words", re.compile(r"[a-z]{3}", re.IGNORECASE)),
    ("square", re.compile(r"^\[")),
    ("round", re.compile(r"^\(")),
)
S = TypeVar("S", Mention, Step)
Style = str


def style_of(mention: Mention) -> Style:
    """How a cell is written, whatever it means."""
    return style(mention.text)


@lru_cache(maxsize=4096)
def style(text: str) -> Style:
    """How a cell is written, by its text."""
    return next((name for name, pattern in _STYLES if pattern.search(text)), "bare")


def own_styles(readings: Sequence[NoteReading], seats: Sequence[int]) -> dict[int, Style]:
    """The way in which each seat writes most of its cells."""
    counts = {seat: Counter[Style]() for seat in (1, 2)}
    for reading, seat in zip(readings, seats, strict=True):
        counts[seat].update(map(style_of, reading.mentions))
    return {seat: found.most_common(1)[0][0] for seat, found in counts.items() if found}


def stretches_apart(readings: Sequence[NoteReading], seats: Sequence[int]) -> list[int]:
    """One stretch for all notes if each seat names cells in one way throughout; else none."""
    kept = [stretches_of([r for r, by in zip(readings, seats, strict=True) if by == seat]) for seat in (1, 2)]
    return [] if any(any(numbers) for numbers in kept) else [0] * len(readings)


def without_quoted(
    readings: Sequence[NoteReading], seats: Sequence[int], styles: dict[int, Style]
) -> list[NoteReading]:
    """The notes without the cells that a seat writes in the way of the other."""
    kept: list[NoteReading] = []
    for reading, seat in zip(readings, seats, strict=True):
        foreign = _foreign(seat, styles)
        kept.append(_with_mentions(reading, lambda m, way=foreign: None if style_of(m) == way else m))
    return kept


def with_quoted(
    readings: Sequence[NoteReading],
    seats: Sequence[int],
    styles: dict[int, Style],
    own: dict[int, int],
    size: tuple[int, int],
) -> list[NoteReading]:
    """The notes with such cells read as the other means them.

    `own` holds the number of the reading of each seat, `size` rows and columns of the grid.
    """

    def told(mention: Mention, seat: int) -> Mention:
        if style_of(mention) != _foreign(seat, styles) or 3 - seat not in own:
            return mention
        row, column = place(mention, READINGS[own[3 - seat]], *size)
        return Mention(row, column, True, True, "row-col", mention.letters, mention.text)

    return [
        _with_mentions(reading, lambda mention, seat=seat: told(mention, seat))
        for reading, seat in zip(readings, seats, strict=True)
    ]


def understood(
    turns: Sequence[Turn], quoting: Sequence[NoteReading], cell_of: Callable[[int], CellOf]
) -> bool:
    """Each seat names cells that the other has just proposed in its own way, and neither repeats a label
    that means another cell to it.

    Args:
        turns: The notes, without the cells that are written in the way of the other.
        quoting: The notes with these, read as the other means them: steps told in both ways are understood.
        cell_of: What mentions in the note with this number mean to its seat.
    """
    translated: dict[int, set[Cell]] = {1: set(), 2: set()}
    for before, turn in pairwise(turns):
        if before.seat == turn.seat:
            continue
        theirs, own = cell_of(before.note), cell_of(turn.note)
        made = [*before.proposals, *([before.hint] if before.hint else [])]
        asked = [step for act in made for step in act.steps if isinstance(step, Mention)] + [*before.stated]
        cells = {theirs(mention) for mention in asked}
        named = {own(mention) for mention in turn.mentions}
        told = {own(mention) for mention in turn.mentions if own(mention) != theirs(mention)}
        translated[turn.seat] |= told & cells
        quoted = {own(mention) for mention in set(quoting[turn.note].mentions) - set(turn.mentions)}
        steps = {own(s) for act in turn.proposals for s in act.steps if isinstance(s, Mention)}
        for seat in (1, 2):
            translated[seat] |= told & quoted & steps
        labels = {mention[:4]: theirs(mention) for mention in asked}
        for mention in _consented(turn):
            cell = own(mention)
            if cell not in cells and labels.get(mention[:4], cell) not in named:
                return False
    return all(len(found) >= FEWEST_TRANSLATED for found in translated.values())


def _consented(turn: Turn) -> Iterator[Mention]:
    """The cells that a note agrees to, or says the token to be on."""
    yield from turn.stated
    for act in turn.acts:
        if isinstance(act, Propose) and act.echo:
            yield from (step for step in act.steps if isinstance(step, Mention))


def _foreign(seat: int, styles: dict[int, Style]) -> Style | None:
    other = styles.get(3 - seat)
    return None if other == styles.get(seat) else other


def _with_mentions(reading: NoteReading, change: Callable[[Mention], Mention | None]) -> NoteReading:
    """The note with every cell changed; an act that loses all its cells is left out."""

    def steps(found: Sequence[S]) -> tuple[S, ...]:
        changed = [change(step) if isinstance(step, Mention) else step for step in found]
        return tuple(step for step in changed if step is not None)  # type: ignore[misc]

    acts: list[Act] = []
    for act in reading.acts:
        fields: dict[str, object] = {}
        for name in ("steps", "about"):
            if held := getattr(act, name, ()):
                fields[name] = steps(held)
        for name in ("cell", "step_of"):
            if (held := getattr(act, name, None)) is not None:
                fields[name] = change(held)
        lost = ("cell" in fields and fields["cell"] is None) or fields.get("steps") == ()
        if not lost:
            acts.append(act._replace(**fields) if fields else act)  # type: ignore[arg-type]
    return NoteReading(
        tuple(acts), reading.rows, steps(reading.mentions), steps(reading.named), steps(reading.recanted)
    )
