"""Scripted players of the maze game: a ceiling, floors, and partners with one fault each.

Every player is a pure function of its conversation and plays all forms of the game, which it tells apart by
the prompt: in a pair, in a pair with `ACTION:` lines, alone with a plan, alone step by step, and the private
question for the route. Two cartographers:

    1: I write cells as (row, col), counted from 0 at the top left. The goal is at (1,4), my key is at (3,4).
       My map: …
    2: Same convention. My key is at (4,3). My map: … I propose (0,1) as move 1.
    1: Agreed, we are at (0,1). I propose (0,2) as move 2.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from interplay.tasks.mazes.maze import Cell, cells_of
from interplay.tasks.mazes.silent import silent

from .maze_cartographer import CONVENTION, chart, flipped, with_lie
from .maze_clerk import clerk
from .maze_forms import Note, player
from .maze_table import Table, way
from .player import Player, Turn

OPENER = "Let us begin."
"""What a player says that has nothing to say and is asked for the first note."""


def suggestion(table: Table, cell: Cell) -> Note:
    """A proposal; the player's first one says how it names cells, unless the prompt does."""
    known = table.declared or table.prompt.names_fixed
    words = f"I propose {table.name(cell)}."
    return Note(words if known else f"{CONVENTION} {words}", proposal=cell)


def propose_silently(table: Table) -> Note:
    """Agrees to whatever is proposed; when nothing is, proposes the next cell of its silent route."""
    if table.offered is not None:
        return Note(f"Agreed, we are at {table.name(table.offered[-1])}.", "ACCEPT")
    rest = silent_rest(table, table.rows)
    if rest:
        return suggestion(table, rest[0])
    return Note("", done=True) if table.at == table.goal else Note("Yes.")


def walk_silently(table: Table) -> Sequence[Cell] | None:
    """Alone, the silent route of the first view."""
    return silent_rest(table, table.prompt.views[0])


def silent_rest(table: Table, rows: Sequence[str]) -> tuple[Cell, ...] | None:
    """What is left of the silent route behind the token; None if it stands beside the route."""
    route = silent("\n".join(rows)).route
    walked = len(table.walk)
    if tuple(table.walk) == route[:walked]:
        return route[walked:]
    places = [i for i, cell in enumerate(route) if cell == table.at]
    return route[places[-1] + 1 :] if places else None


def follow(table: Table) -> Note:
    """Leads on the hope that hidden cells are open, to its own key and, led there by nobody else, the goal.

    Answers proposals with a bare yes or no. The leader hands over when it has its own key.
    """
    if table.offered is not None:
        fine = table.offered[0] in table.around(table.at) and not any(map(table.is_wall, table.offered))
        return Note("Yes.", "ACCEPT") if fine else Note("No.", "REJECT")
    if not table.leads:
        return Note("Yes.")
    own_keys = set(cells_of(table.rows, "k"))
    missing = own_keys - set(table.walk)
    last_leg = table.handed_to_me or not table.hidden or not table.prompt.keyed
    if last_leg and not missing and table.at == table.goal:
        return Note("", done=True)
    if not last_leg and not missing:
        return Note("Your lead.")
    target = table.goal if last_leg else min(missing)
    for walls in (table.refused, set[Cell]()):
        if route := way(table.rows, walls, table.at, missing, target):
            return suggestion(table, route[0])
    return Note("Your lead.")


def repeat(table: Table) -> Note:
    """The other side's last note once more."""
    return Note(table.heard or OPENER)


def refuse(table: Table) -> Note:
    """Refuses what is proposed and proposes another neighbour."""
    offered = table.offered[0] if table.offered is not None else None
    proposal = next(cell for cell in table.around(table.at) if cell != offered)
    words = f"I propose {table.name(proposal)}."
    return Note(f"No. {words}", "REJECT", proposal) if offered else Note(words, proposal=proposal)


def give_up(table: Table) -> None:
    """Alone, a player that lives on the notes of others sees no way."""


def garbler(turns: Sequence[Turn]) -> str:
    """Prose, whatever is asked."""
    return "Two agents went for a walk in a maze, and it was a pleasure to read about it."


MAZE_PLAYERS: Mapping[str, Player] = {
    "cartographer": player(chart),
    "mute": player(propose_silently, walk_silently),
    "follower": player(follow),
    "echo": player(repeat, give_up),
    "contrarian": player(refuse, give_up),
    "noisy": player(partial(chart, sends=flipped)),
    "liar": player(chart, believes=with_lie),
    "colrow": player(partial(chart, declares=False), swaps=True),
    "early": player(chart, ends_in_note=3),
    "clerk": clerk(player(chart)),
    "garbler": garbler,
}
"""The players by the name that follows `reference/`."""
