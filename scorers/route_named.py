"""Steps that a note agrees to by name, whatever was asked for in so many words (pure).

1: (0,1) is open, then (0,2).   2: Agreed, (0,1) and (0,2).   -> (0,1), (0,2)

Both name them, in this order; what either calls a wall is left out.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from .route_acts import Accept, Doubt, Position, Reject
from .route_notation import Cell
from .route_path import CellOf, Path, is_next_to, is_walk, path_of
from .route_steps import Mention, Step
from .route_turns import Asked, Offer, Turn, only_headings

FEWEST_NAMED = 2
"""A single step is no walk."""


def named(
    turn: Turn, previous: Turn, at: Cell, cell_of: CellOf, cell_before: CellOf
) -> tuple[Cell, str] | None:
    """A step that the note agrees to by name, and that the other's last note spoke of, asked for or not.

    Args:
        turn: The note.
        previous: The note before it, of the other seat.
        at: Where the token is.
        cell_of: What mentions of the note mean.
        cell_before: What mentions of the note before it mean.
    """
    if turn.withdraws or turn.refuses:
        return None
    for act in turn.proposals:
        step = act.steps[0]
        closes = turn.done and turn.consents and act.bare
        if not (act.echo or closes) or act.onward or len(act.steps) != 1 or not isinstance(step, Mention):
            continue
        cell = cell_of(step)
        if not is_next_to(cell, at) or all(cell_before(mention) != cell for mention in previous.mentions):
            continue
        walls = [cell_of(mention) for mention in turn.walls] + [cell_before(m) for m in previous.walls]
        if cell not in walls:
            return cell, step.text
    return None


def both_name(
    turn: Turn, previous: Turn, at: Cell, cell_of: CellOf, cell_before: CellOf
) -> tuple[Cell, str] | None:
    """The first neighbouring cell that the note names and the one before it named, unless it is a wall."""
    spoken = {cell_before(mention) for mention in previous.mentions}
    walls = [cell_of(mention) for mention in turn.walls] + [cell_before(m) for m in previous.walls]
    for mention in turn.mentions:
        cell = cell_of(mention)
        if is_next_to(cell, at) and cell in spoken and cell not in walls:
            return cell, mention.text
    return None


def named_walk(
    turn: Turn,
    previous: Turn,
    at: Cell,
    cell_of: CellOf,
    cell_before: CellOf,
    fewest: int = FEWEST_NAMED,
) -> Path:
    """Several steps that the note agrees to by name and that the other's last note named in this order.

    They are a walk from a place (`at`); none if there is no such walk of as many steps, or the note refuses
    anything.
    """
    if turn.withdraws or turn.refuses:
        return [], []
    agreed = list(takewhile(lambda act: act.echo and not only_headings(act), turn.proposals))
    for first in range(len(agreed)):
        steps: list[Step] = [step for act in agreed[first:] for step in act.steps]
        if len(steps) < fewest and isinstance(steps[0], Mention):
            break  # what a direction leads over may be longer
        path, texts = path_of(steps, at, cell_of)
        if len(path) < fewest or not is_walk([at, *path]):
            continue
        walls = {cell_of(mention) for mention in turn.walls} | {cell_before(m) for m in previous.walls}
        if walls.isdisjoint(path) and _is_within(path, map(cell_before, previous.mentions)):
            return path, texts
    return [], []


def _reached_part(turn: Turn, offer: Offer, cell_of: CellOf) -> int:
    """So many steps lead to where the note says that the token is, before it turns down or puts off the rest.

    "1 and 2 are accepted, we're on (0,2). 3 is not, because my key is at (1,2)."
    """
    if not (turn.objects and turn.stated):
        return 0
    count, consents, stops = 0, False, False
    refused = {cell_of(mention) for mention in turn.walls}
    for act in turn.acts:
        if isinstance(act, Accept):
            consents = consents or act.force == 2
        elif isinstance(act, Position) and consents and cell_of(act.cell) in offer.path[:-1]:
            count = offer.path.index(cell_of(act.cell)) + 1
        elif isinstance(act, Doubt):
            stops = stops or (act.hold and count > 0)
        elif isinstance(act, Reject):
            stops = True
            if not count or not (act.steps or act.whole):
                return 0
            refused |= {cell_of(step) for step in act.steps if isinstance(step, Mention)}
    return count if stops and refused.isdisjoint(offer.path[:count]) else 0


def named_ahead(asked: Sequence[Asked], plan: Sequence[Cell]) -> int:
    """So many steps of an accepted plan are agreed to by name: "Yes: (0,1), and then (0,2)"."""
    cells: list[Cell] = []
    for one in takewhile(lambda one: one.act.echo and not one.headings, asked):
        if [*cells, *one.path] != list(plan[: len(cells) + len(one.path)]):
            break
        cells += one.path
    return len(cells)


def _is_within(path: Sequence[Cell], spoken: Iterator[Cell]) -> bool:
    """The cells stand among those spoken of, in their order."""
    return all(cell in spoken for cell in path)


def agreed_part(turn: Turn, offer: Offer, asked: Sequence[Asked], cell_of: CellOf) -> int:
    """So many steps of the open proposal are agreed to by name, and only later ones refused by name."""
    if offer.headings or not turn.consents:
        return 0
    if count := _reached_part(turn, offer, cell_of):
        return count
    if not asked or not asked[0].act.echo or asked[0].headings:
        return 0
    count = len(asked[0].path)
    if not 0 < count < len(offer.path) or asked[0].path != offer.path[:count]:
        return 0
    refused: set[Cell] = set()
    for act in turn.answers:
        if isinstance(act, Reject):
            cells = {cell_of(step) for step in act.steps if isinstance(step, Mention)}
            if act.whole or not cells:
                return 0
            refused |= cells
    return count if refused & set(offer.path[count:]) and refused.isdisjoint(offer.path[:count]) else 0
