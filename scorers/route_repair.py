"""The reading of a whole dialogue under which its notes make the most sense together (pure).

    1: (0,1)?   2: Got it, boom. (0,2)?   1: Done, we are at (0,2).

Words alone may leave (0,1) open in note 2, and then (0,2) is out of reach. Notes that go on from a cell, or
say that the token is there, show what was meant. So each note may be taken in other ways than its words
suggest, at a cost; what makes no sense costs more (`Table.trouble`). The cheapest way through all notes is
looked for, cheapest first, and a dialogue without trouble is read once. A neighbour is all that is asked of a
cell: whether it is a wall, or the route succeeds, is never evidence.
"""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple, TypeAlias

from .route_acts import Accept, Propose
from .route_agreement import Table
from .route_notation import Cell
from .route_path import CellOf
from .route_replay import is_broken
from .route_state import Resolve
from .route_steps import Mention, Step
from .route_turns import Agreement, Manner, Turn
from .route_twist import Answer, Twist

WINDOW = 5
"""Notes behind the furthest one read are not taken in another way any more."""
WIDEST = 6
"""So many ways to arrive at one note are followed up."""
CHEAP = 0.25
"""What it costs to take a note in another way that its words allow."""
DEAR = 0.5
"""What it costs where its words hardly allow it."""
IGNORED = 0.75
"""What it costs to pass over all that a note proposes."""
DENIED = 1.5
"""What it costs to pass over consent in so many words."""
MOST_STEPS = 6
"""Steps of a note that are tried as what it proposes."""
ALIKE = {"take": "yes", "leave": "open"}
"""Answers that change nothing where the words of a note are decided so anyway."""

Found: TypeAlias = dict[tuple[Step, ...] | None, str]
"""How the words of a note decide on the open proposal, by the steps that it is taken to propose."""


class _Branch(NamedTuple):
    """A place in the queue: the state before a note, or what leads there.

    `unread`: the note before has not been read yet, taken in this way; its `cost` is the least it can come
    to. `other`: stands for all the other ways to take the note. `found` is shared by all of them.
    """

    cost: float
    behind: int
    tick: int
    table: Table
    number: int
    found: Found
    other: bool = False
    unread: tuple[Twist, float] | None = None


def agree(
    turns: Sequence[Turn],
    resolve: Resolve,
    manner: Manner,
    heard: Sequence[Table] = (),
    rows: tuple[str, ...] = (),
) -> Agreement:
    """The steps that both seats agreed to, in order, each note taken as its words suggest.

    Args:
        turns: The notes.
        resolve: What their mentions mean.
        manner: How much counts as consent.
        heard: The first notes read already, as far as they read alike in every manner.
        rows: The maze, if no more is asked than where the steps lead: what comes after one that cannot be
            taken is left unread.
    """
    table = heard[-1].copy() if heard else Table(turns, resolve, manner)
    table.manner = manner
    known = 0
    for number, turn in enumerate(turns[len(heard) :], len(heard)):
        table.read(number)
        if turn.done or (rows and is_broken(rows, [step.cell for step in table.steps], known)):
            break
        known = len(table.steps)
    return table.outcome()


def settle(turns: Sequence[Turn], resolve: Resolve, manner: Manner, heard: list[Table]) -> Agreement:
    """The steps that both seats agreed to, under the most sensible reading of all notes.

    Args:
        turns: The notes.
        resolve: What their mentions mean.
        manner: How much counts as consent.
        heard: The first notes read already, as far as they read alike in every manner; the strict manner,
            which is to come first, adds them.
    """
    ticks = count()
    table = Table(turns, resolve, manner)
    plain = table  # all notes up to the furthest one taken as their words suggest
    queue = [_Branch(0.0, 0, 0, table, 0, {})]
    seen: set[object] = set()
    widths = [0] * (len(turns) + 1)
    furthest = 0
    while queue:
        branch = heappop(queue)
        table, number = branch.table, branch.number
        over = number == len(turns) or bool(number and turns[number - 1].done)
        if number < furthest - WINDOW or (branch.unread and not over and widths[number] == WIDEST):
            continue
        if branch.unread:
            twist, cost = branch.unread
            if twist.answer in ALIKE and branch.found.get(twist.offer) in (ALIKE[twist.answer], "none"):
                continue  # it has been read so already, and at a lower cost
            child = table.copy()
            child.read(number - 1, twist)
            if not twist.answer:
                branch.found[twist.offer] = child.decision
            child.trouble += cost
            heappush(queue, _Branch(child.trouble, -number, branch.tick, child, number, {}))
            continue
        if over:
            break
        furthest = max(furthest, number)
        if branch.other:
            answered = number + 1 < len(turns) and turns[number + 1].consents
            for twist, cost in _twists(turns[number], table, answered):
                least = table.trouble + cost
                unread = twist, cost
                way = _Branch(least, -number - 1, next(ticks), table, number + 1, branch.found, unread=unread)
                heappush(queue, way)
            continue
        mark = (number, *table.mark())
        if mark in seen or widths[number] == WIDEST:
            continue
        seen.add(mark)
        widths[number] += 1
        found: Found = {}
        tick = next(ticks)
        others = _Branch(table.trouble + CHEAP, -number, next(ticks), table, number, found, other=True)
        heappush(queue, others)
        if widths[number + 1] < WIDEST or turns[number].done or number + 1 == len(turns):
            # Nothing costs less than the note as its words suggest.
            if table is plain and number < len(heard):
                ahead = plain = heard[number].copy()
                ahead.manner = manner
            else:
                ahead = table.copy()
                ahead.read(number)
                if table is plain:
                    plain = ahead
                    if manner == "strict" and number == len(heard) and not ahead.swayed:
                        heard.append(ahead)
            found[None] = ahead.decision
            heappush(queue, _Branch(ahead.trouble, -number - 1, tick, ahead, number + 1, {}))
    return table.outcome()


def _twists(turn: Turn, table: Table, answered: bool) -> Iterator[tuple[Twist, float]]:
    """Other ways to take a note, with what they cost; `answered`: the next note consents to something."""
    offers = [(None, 0.0), *_offers(turn, table.manner, answered)]
    if table.offer and table.offer.seat != turn.seat and table.manner == "strict":
        spoken, cell_of = table.offer.path, table.resolve.of_note(turn.note)
        offers = [o for o in offers if not (o[0] and _is_only(o[0], spoken, cell_of))]
    for answer, dear in _answers(turn, table):
        for steps, price in offers:
            if answer or steps is not None:
                yield Twist(answer, steps), dear + price


def _is_asked(turn: Turn, table: Table) -> bool:
    """The note before asks what this one sees, so that a nod may be no more than the answer."""
    return turn.note > 0 and table.turns[turn.note - 1].asks


def _is_only(steps: tuple[Step, ...], path: Sequence[Cell], cell_of: CellOf) -> bool:
    """The steps are just the cell that the open proposal ends on: what is said of it is an answer."""
    step = steps[0]
    return len(steps) == 1 and isinstance(step, Mention) and cell_of(step) == path[-1]


def _answers(turn: Turn, table: Table) -> Iterator[tuple[Answer, float]]:
    """Other answers to the open proposal; a step is only added where the words of the note allow it."""
    yield "", 0.0
    if (cost := _takes_at(turn, table)) and (turn.consents or not turn.refuses):
        yield "take", cost + (IGNORED if turn.refuses else 0)
    if (
        not turn.refuses
        and (table.manner != "strict" or turn.consents or turn.stated or not _is_asked(turn, table))
        and table.steps_on(turn)
    ):
        yield "step", CHEAP
    if (cost := _leaves_at(turn, table)) is not None:
        yield "leave", cost


def _leaves_at(turn: Turn, table: Table) -> float | None:
    """What it costs to read no consent; None where the note consents to the open proposal by name."""
    offer, cell_of = table.offer, table.resolve.of_note(turn.note)
    if offer is None or offer.seat == turn.seat:
        return None
    if turn.consents:
        return None if any(cell_of(m) == offer.path[-1] for m in turn.mentions) else DENIED
    return IGNORED if any(isinstance(act, Accept) for act in turn.acts) else CHEAP


def _takes_at(turn: Turn, table: Table) -> float:
    """What it costs to read consent to the open proposal; 0 if that is out of question.

    A note must say a word of consent or name the last cell, and consent to no other cell.
    """
    offer = table.offer
    if offer is None or offer.seat == turn.seat:
        return 0
    cell_of = table.resolve.of_note(turn.note)
    consents = any(isinstance(act, Accept) and act.force for act in turn.acts)
    names = any(cell_of(mention) == offer.path[-1] for mention in turn.mentions)
    if table.manner != "strict":
        return CHEAP if consents or names else DEAR
    for act in turn.proposals:
        cells = [cell_of(step) for step in act.steps if isinstance(step, Mention)]
        if act.echo and cells and cells[0] not in offer.path:
            return 0
    return CHEAP if consents or names else 0


def _offers(turn: Turn, manner: Manner, answered: bool) -> Iterator[tuple[tuple[Step, ...], float]]:
    """Other proposals that a note may make: none, what it asks for, or a step that it names.

    What it agrees to beside a proposal of its own, and where it says that the token is, it does not ask for.
    """
    plain = any(not (act.echo or act.bare) for act in turn.proposals)
    yield (), (IGNORED if turn.proposals else DEAR) + (IGNORED if plain and answered else 0)
    tried: set[tuple[Step, ...]] = set()
    if manner == "strict":
        tried = {(cell,) for cell in turn.stated}
    for act in turn.acts:
        if isinstance(act, Propose) and act.steps and act.steps not in tried:
            tried.add(act.steps)
            if not (act.echo and plain):
                yield act.steps, IGNORED if act.echo else CHEAP
    whole = tuple(step for act in turn.proposals if not act.echo for step in act.steps)
    if whole and whole not in tried:
        tried.add(whole)
        yield whole, CHEAP
    for place, step in enumerate(() if plain else reversed(turn.named[-MOST_STEPS:])):
        if (step,) not in tried and step not in turn.walls:
            tried.add((step,))
            yield (step,), DEAR if place else CHEAP
