"""How the reply of a scripted maze player is written in each form of the game.

A player decides what it does with the state on the table; here the decision becomes a note, a note with
`ACTION:` lines, a complete route, a single move, or the answer to the private question.
"""

import json
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from interplay.tasks.mazes.maze import PHRASE, Cell, cells_of

from .maze_notes import ACTION
from .maze_prompt import Map, take_apart
from .maze_table import Table, table_of, way
from .player import Player, Turn

NO_GAME = "I play the game Tavirel, and I see no map of it here."


class Note(NamedTuple):
    """What a player does in a note to the other agent, and its words for it."""

    words: str
    answer: Literal["ACCEPT", "REJECT"] | None = None
    proposal: Cell | None = None
    done: bool = False


def as_seen(rows: Map) -> Map:
    """The own map as it is."""
    return rows


def player(
    pair: Callable[[Table], Note],
    alone: Callable[[Table], Sequence[Cell] | None] | None = None,
    *,
    believes: Callable[[Map], Map] = as_seen,
    swaps: bool = False,
    ends_in_note: int | None = None,
) -> Player:
    """A player of all forms.

    Args:
        pair: Its next note to the other agent.
        alone: The cells it would still step on when it plays alone, None if it sees no way; by default a
            shortest walk over all keys to the goal.
        believes: The map it plays with in a pair, given the one it was shown.
        swaps: It writes and reads cells as (column, row) where the prompt leaves that open.
        ends_in_note: It declares the game over in its note of this number, from 1, wherever the token is.
    """

    def reply(turns: Sequence[Turn]) -> str:
        conversation = take_apart(turns)
        prompt = conversation.prompt
        if prompt is None:
            return NO_GAME
        in_pair = prompt.form == "pair"
        table = table_of(conversation, believes if in_pair else as_seen, swaps=swaps)
        if conversation.question == "commit":
            return json.dumps({"route": table.walk, "finished": table.finished})
        if prompt.form == "plan":
            return plan(table, (alone or onward)(table))
        too_early = table.own_notes + 1 == ends_in_note
        note = pair(table) if in_pair else move(table, (alone or onward)(table))
        return written(note._replace(done=note.done or too_early), structured=prompt.structured)

    return reply


def written(note: Note, *, structured: bool) -> str:
    """The text of a note; in the structured track its acts follow as `ACTION:` lines, if it has none yet."""
    lines = [note.words] if note.words else []
    if note.done:
        lines.append(PHRASE)
    if structured and not ACTION.search(note.words):
        actions = [note.answer] if note.answer else []
        if note.done:
            actions.append("DONE")
        elif note.proposal is not None:
            actions.append(f"PROPOSE {note.proposal[0]},{note.proposal[1]}")
        # A note needs an action; where there is nothing to answer, a refusal changes nothing.
        lines += [f"ACTION: {action}" for action in actions or ["REJECT"]]
    return "\n".join(lines)


def onward(table: Table) -> list[Cell] | None:
    """The cells after the token on a shortest walk over the keys it has not stepped on to the goal."""
    keys = set(cells_of(table.rows, "k")) - set(table.walk)
    return way(table.rows, set(), table.at, keys, table.goal)


def plan(table: Table, route: Sequence[Cell] | None) -> str:
    """The complete route, start included."""
    if route is None:
        return f"I see no way from {table.name(table.at)} to the goal."
    cells = ", ".join(table.name(cell) for cell in [table.at, *route])
    return f"I looked for a shortest walk over every key to the goal.\nRoute: {cells}"


def move(table: Table, route: Sequence[Cell] | None) -> Note:
    """One move, the last of the game if the route ends there."""
    if route is None:
        return Note(f"I see no way on from {table.name(table.at)}.")
    return Note(f"Move to {table.name(route[0])}." if route else "", done=len(route) <= 1)
