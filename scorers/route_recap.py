"""A route that is written out from start to goal and closed upon: what the seats agreed to as a whole.

    1: So: right, right, down. Or as cells: (0,1), (0,2), (1,2).   2: That's it. TAVIREL!

However the steps before were worded, this is the route that both stand by. Only neighbours are asked for: a
route that leads through a wall is written out as well (pure).
"""

from collections.abc import Sequence

from .route_acts import Accept, Doubt, Propose, Reject
from .route_notation import Cell, fits
from .route_path import is_next_to, walk
from .route_state import START, Resolve
from .route_steps import Mention, Step
from .route_turns import Stepped, Turn, worked_out

SHORTEST = 4
"""A route of fewer steps than this may be part of something else."""


def recap(turns: Sequence[Turn], resolve: Resolve, goal: Cell, size: tuple[int, int]) -> tuple[Stepped, ...]:
    """The steps of the last route that was written out and closed upon; none if there is no such route.

    After it nothing may be refused, taken back, put off, or proposed elsewhere, and the other seat agrees to
    it or ends the game. One that the closing note itself writes out counts if the other has named its cells.

    Args:
        turns: The notes.
        resolve: What their mentions mean.
        goal: Where a route must end.
        size: Rows and columns of the grid.
    """
    end = next((turn.note for turn in turns if turn.done), None)
    if end is None:
        return ()
    for turn in reversed(turns[: end + 1]):
        route = _written_out(turn, resolve, goal, size)
        if route:
            following = turns[turn.note + 1 : end + 1]
            if following:
                stands = _is_closed(turn, following, route, resolve)
                if not stands and turn.consents and all(_is_quiet(one, route, resolve) for one in following):
                    others = [one for one in turns[: turn.note] if one.seat != turn.seat]
                    stands = any(_written_out(one, resolve, goal, size) == route for one in others)
            else:
                stands = _is_shared(turn, turns[: turn.note], route, resolve)
            return tuple(Stepped(cell, turn.note, "") for cell in route) if stands else ()
        if not _is_quiet(turn, (goal,), resolve):
            return ()
    return ()


def translated(turns: Sequence[Turn], resolve: Resolve, goal: Cell, size: tuple[int, int]) -> bool:
    """Both seats write out the same route, each in its own way of naming cells: they understand each other.

    Args:
        turns: The notes.
        resolve: Each seat read in its own notation.
        goal: Where a route must end.
        size: Rows and columns of the grid.
    """
    told: dict[int, set[tuple[Cell, ...]]] = {1: set(), 2: set()}
    for turn in turns:
        if route := _written_out(turn, resolve, goal, size):
            told[turn.seat].add(tuple(route))
    return bool(told[1] & told[2])


def _longest_walk(
    steps: Sequence[Step], cells: Sequence[Cell | None], goal: Cell, size: tuple[int, int]
) -> list[Cell]:
    """The longest walk from the start to the goal that the steps spell out without a break."""
    longest: list[Cell] = []
    for first in range(len(steps)):
        route = _walk_from(steps, cells, first, goal, size)
        if len(route) > len(longest):
            longest = route
    return longest if len(longest) >= SHORTEST else []


def _walk_from(
    steps: Sequence[Step], cells: Sequence[Cell | None], first: int, goal: Cell, size: tuple[int, int]
) -> list[Cell]:
    route: list[Cell] = []
    at, reached = START, 0
    for step, cell in zip(steps[first:], cells[first:], strict=True):
        if isinstance(step, Mention):
            assert cell is not None
            if cell == at:
                continue
            way = [cell]
        else:
            way = walk(at, step)
        if not is_next_to(way[0], at) or not all(fits(c, *size) for c in way):
            break
        route += way
        at = way[-1]
        if at == goal:
            reached = len(route)
    return route[:reached]


def _written_out(turn: Turn, resolve: Resolve, goal: Cell, size: tuple[int, int]) -> list[Cell]:
    """The route that a note writes out: in one sentence, by its cells alone, or by all its steps."""
    cell_of = resolve.of_note(turn.note)
    sentences = [act.steps for act in reversed(turn.acts) if isinstance(act, Propose)]
    lists = [tuple(step for step in turn.named if isinstance(step, Mention)), turn.named]
    for steps in (*sentences, *lists):
        cells = [cell_of(step) if isinstance(step, Mention) else None for step in steps]
        if route := _longest_walk(steps, cells, goal, size):
            leads_on = steps in sentences and cells[-1] not in (None, goal)
            return [] if leads_on else route  # "... over the goal to (0,3)" does not end there
    return []


def _is_quiet(turn: Turn, route: Sequence[Cell], resolve: Resolve) -> bool:
    """The note turns nothing down and leads nowhere else."""
    if turn.refuses or turn.withdraws:
        return False
    for act in turn.acts:
        if isinstance(act, (Reject, Doubt)) or (isinstance(act, Accept) and act.force == 0):
            return False
    if turn.done:
        return True
    cell_of = resolve.of_note(turn.note)
    last = route[-1] if route else None
    if any(cell_of(cell) != last for cell in turn.stated):
        return False
    asked = worked_out([act for act in turn.proposals if not act.echo], START, cell_of)
    return all(not one.headings and set(one.path) <= set(route) for one in asked)


def _is_closed(turn: Turn, following: Sequence[Turn], route: Sequence[Cell], resolve: Resolve) -> bool:
    if turn.withdraws or not all(_is_quiet(one, route, resolve) for one in following):
        return False
    return any(one.seat != turn.seat and (one.done or one.consents) for one in following)


def _is_shared(turn: Turn, before: Sequence[Turn], route: Sequence[Cell], resolve: Resolve) -> bool:
    """The closing note agrees, and the other seat has named every cell of its route."""
    if not turn.consents or not _is_quiet(turn, route, resolve):
        return False
    named = {
        resolve.of_note(one.note)(cell) for one in before if one.seat != turn.seat for cell in one.mentions
    }
    return set(route) <= named | {START}
