"""Reading on where the talk stopped making sense: another way to take a few notes, if it fits better (pure).

    1: (0,1)?   2: Got it, boom. (0,2)?   1: Done, we are at (0,2).

Words alone may leave (0,1) open in note 2, and then (0,2) is out of reach. Notes that go on from a cell, or
say that the token is there, show what was meant. A neighbour is all that is asked of a cell: whether it is a
wall, or the route succeeds, is never evidence.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .route_acts import Accept, Propose
from .route_agreement import Table, Twist
from .route_state import Resolve
from .route_steps import Mention
from .route_turns import Agreement, Manner, Turn

LOOK_BACK = 3
"""So many notes before the one that makes no sense may have been misread."""
LOOK_AHEAD = 3
"""So many notes after it tell whether another way of taking them is better."""
MOST_REPAIRS = 6
MOST_FRUITLESS = 2
"""After so many places where nothing fits better the rest is read as it stands."""
COST = 0.25
"""What a change costs: without it the same trouble is better."""
IGNORED = 0.75
"""What it costs to pass over all that a note proposes."""
CLEAN = 1.0
"""A change must leave less trouble than this, or the notes are as good as unreadable either way."""
MOST_CELLS = 6
"""Cells of a note that are tried as what it proposes."""


class _Found(NamedTuple):
    trouble: float
    start: int
    twist: Twist


def settle(turns: Sequence[Turn], resolve: Resolve, manner: Manner) -> Agreement:
    """The steps that both seats agreed to, as `agree` finds them, read again where they make no sense."""
    table = Table(turns, resolve, manner)
    before: list[Table] = []
    twists: dict[int, Twist] = {}
    number = repairs = fruitless = 0
    while number < len(turns):
        before.append(table.copy())
        table.read(number, twists.get(number))
        if (
            table.trouble > before[-1].trouble + COST
            and repairs < MOST_REPAIRS
            and fruitless < MOST_FRUITLESS
        ):
            found = _better(turns, before, twists, number)
            if found is None:
                fruitless += 1
            else:
                repairs += 1
                twists[found.start] = found.twist
                number = found.start
                table = before[number]
                del before[number:]
                continue
        if turns[number].done:
            break
        number += 1
    return table.outcome()


def _better(
    turns: Sequence[Turn], before: Sequence[Table], twists: dict[int, Twist], number: int
) -> _Found | None:
    """The change that leaves the least trouble up to a few notes on; the latest of equals."""
    best = _Found(_trouble(turns, before[number], twists, number, number, None), -1, Twist("take"))
    for start in range(number, max(-1, number - LOOK_BACK - 1), -1):
        if start in twists:
            continue
        for twist in _twists(turns[start]):
            if before[start].manner == "strict" and not _is_supported(twist, turns[start], before[start]):
                continue
            trouble = _trouble(turns, before[start], twists, start, number, twist)
            if trouble < best.trouble and (
                trouble < before[start].trouble + CLEAN or before[start].manner != "strict"
            ):
                best = _Found(trouble, start, twist)
                if trouble <= before[start].trouble + COST:
                    return best
    return best if best.start >= 0 else None


def _trouble(
    turns: Sequence[Turn],
    table: Table,
    twists: dict[int, Twist],
    start: int,
    number: int,
    twist: Twist | None,
) -> float:
    table = table.copy()
    for i in range(start, min(number + LOOK_AHEAD, len(turns) - 1) + 1):
        table.read(i, twist if i == start else twists.get(i))
        if turns[i].done:
            break
    return table.trouble + (0.0 if twist is None else IGNORED if twist.kind == "nothing" else COST)


def _is_supported(twist: Twist, turn: Turn, table: Table) -> bool:
    """The words of the note allow a change that adds a step; to leave one out is always allowed.

    A proposal is taken only by a note that says a word of consent or names its last cell, and that consents
    to no other cell. A cell that the note does not ask for is its proposal only where the note ends on it
    and asks nothing.
    """
    if twist.kind == "offer":
        asked = any(isinstance(act, Propose) and act.steps == twist.steps for act in turn.acts)
        return asked or (not turn.asks and twist.steps == turn.mentions[-1:])
    if twist.kind != "take":
        return True
    offer = table.offer
    if offer is None or offer.seat == turn.seat:
        return True  # it changes nothing
    cell_of = table.resolve.of_note(turn.note)
    for act in turn.proposals:
        cells = [cell_of(step) for step in act.steps if isinstance(step, Mention)]
        if act.echo and cells and cells[0] not in offer.path:
            return False
    consents = any(isinstance(act, Accept) for act in turn.acts)
    return consents or any(cell_of(mention) == offer.path[-1] for mention in turn.mentions)


def _twists(turn: Turn) -> Iterator[Twist]:
    """Other ways to take a note."""
    if not turn.refuses:
        yield Twist("take")
        yield Twist("step")
    if not turn.consents:
        yield Twist("leave")
    yield Twist("nothing")
    tried: list[tuple[object, ...]] = []
    for act in turn.acts:
        if isinstance(act, Propose) and act.steps and act.steps not in tried:
            tried.append(act.steps)
    plain = any(not (act.echo or act.bare) for act in turn.proposals)
    for mention in () if plain else reversed(turn.mentions):
        if (mention,) not in tried and mention not in turn.walls:
            tried.append((mention,))
    for steps in tried[:MOST_CELLS]:
        yield Twist("offer", steps)  # type: ignore[arg-type]
