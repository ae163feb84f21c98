"""Dialogues of scripted players without Inspect: the same messages that the engine sends, in a short loop.

python -m tests.solvers.reference.dialogues     writes the golden dialogues anew
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from interplay.solvers.reference.maze_notes import read
from interplay.solvers.reference.maze_players import MAZE_PLAYERS
from interplay.solvers.reference.player import Player, Turn
from interplay.tasks.mazes.maze import (
    FAMILIES,
    PHRASE,
    START,
    Cell,
    Drawn,
    Family,
    Half,
    cells_of,
    draw,
    is_open,
    neighbours,
    render_half,
)
from interplay.tasks.mazes.prompting import collab_prompt, message, solo_prompt

GOLDEN = Path(__file__).parents[2] / "golden" / "mazes" / "players"
MARK = "[other agent]: "
FULL = """@.....
...#*#
.#..##
#...k.
...k..
.#...."""
HALF_A = """@...??
.??#*?
?#????
#...k?
??.???
.#..?."""
HALF_B = """@???..
?..?*#
?.??##
?????.
?..k??
????.?"""
NOISY_HALVES = (
    "@??##k\n?#.???\n..?.??\n.#??.?\n.??...\n*???..",
    "@..???\n.??...\n??#?##\n??.k?.\n?#.???\n*..#??",
)
"""Halves of another maze; on both maps the noisy player errs about a cell of the shortest walk."""


@dataclass
class Chat:
    """What one seat has been sent and has said; adjacent user messages are merged as the engine does."""

    turns: list[Turn]

    def hear(self, text: str) -> None:
        """A user message."""
        last = self.turns[-1]
        if last.role == "user":
            self.turns[-1] = Turn("user", f"{last.text}\n\n{text}")
        else:
            self.turns.append(Turn("user", text))

    def say(self, player: Player, *, once_more: str | None = None) -> str:
        """The player's next note; `once_more` is what it is asked after a first attempt."""
        text = player(self.turns)
        if once_more is not None:
            text = player([*self.turns, Turn("assistant", text), Turn("user", once_more)])
        self.turns.append(Turn("assistant", text))
        return text

    def asked(self, player: Player, question: str) -> str:
        """The answer to a private question, which leaves no trace."""
        fork = Chat(list(self.turns))
        fork.hear(question)
        return player(fork.turns)


def openings(first: str, second: str, *, structured: bool = False, assistance: int = 0) -> tuple[str, str]:
    """The prompts of both seats, given the map text of each."""
    full, keys = "?" not in first, "k" in first + second
    one, two = (
        collab_prompt(grid, full=full, keys=keys, first=opens, structured=structured, assistance=assistance)
        for grid, opens in ((first, True), (second, False))
    )
    return one, two


def converse(
    players: tuple[Player, Player], prompts: tuple[str, str], cap: int = 50
) -> tuple[list[str], tuple[Chat, Chat]]:
    """The notes of a dialogue, seat 1 first, and what each seat has in its chat at the end."""
    chats = (Chat([Turn("user", prompts[0])]), Chat([Turn("user", prompts[1])]))
    notes: list[str] = []
    while len(notes) < cap:
        i = len(notes) % 2
        notes.append(chats[i].say(players[i]))
        chats[1 - i].hear(MARK + notes[-1])
        if PHRASE in notes[-1].splitlines() or "ACTION: DONE" in notes[-1].splitlines():
            break
    return notes, chats


def agreed_walk(notes: Sequence[str]) -> list[Cell]:
    """The cells the token stood on, for notes that only ever name one cell a proposal and answer it.

    Written for the players' own words, without the state that players keep.
    """
    walk, open_cell = [START], None
    for note in notes:
        said = read(note)
        if open_cell is not None and said.accepts:
            walk.append(open_cell)
        if said.accepts or said.rejects:
            open_cell = None
        for cell in said.proposes:
            assert isinstance(cell, tuple), note
            open_cell = cell
    return walk


def wins(rows: Sequence[str], walk: Sequence[Cell]) -> bool:
    """The walk is legal and stands on the goal at some time after all keys."""
    height, width = len(rows), len(rows[0])
    missing = set(cells_of(rows, "k"))
    for before, after in pairwise([START, *walk[1:]]):
        if after not in neighbours(before, height, width) or not is_open(rows, after):
            return False
        missing.discard(after)
        if not missing and rows[after[0]][after[1]] == "*":
            return True
    return False


def halves(rows: Sequence[str], owner: Sequence[str], order: Sequence[Half]) -> tuple[str, str]:
    """The map texts of seat 1 and seat 2."""
    one, two = (render_half(rows, owner, half) for half in order)
    return one, two


def solo(*views: str, step: bool = False) -> str:
    """The prompt of a player alone."""
    return solo_prompt(views[0], views[1] if views[1:] else None, keys="k" in "".join(views), step=step)


MAZES = [(family, index) for family in FAMILIES for index in range(1, 5)]
drawn_mazes = pytest.mark.parametrize(("family", "index"), MAZES)
"""Runs a test on four mazes of each family."""


@cache
def drawn(family: Family, index: int) -> Drawn:
    """A maze that belongs to no set."""
    return draw("players", family, index)


def pair_of(name: str, other: str | None = None) -> tuple[Player, Player]:
    """A player with its copy, or with another one."""
    return MAZE_PLAYERS[name], MAZE_PLAYERS[other or name]


def played(
    maze: Drawn, name: str, other: str | None = None, *, structured: bool = False, assistance: int = 0
) -> list[str]:
    """The notes of a game in which seat 1 holds half A."""
    one, two = halves(maze.rows, maze.owner, ("A", "B"))
    prompts = openings(one, two, structured=structured, assistance=assistance)
    return converse(pair_of(name, other), prompts)[0]


def golden_dialogue(name: str) -> str:
    """All forms of the game by one player on one maze, as a text to read."""
    player = MAZE_PLAYERS[name]
    one, two = NOISY_HALVES if name == "noisy" else (HALF_A, HALF_B)
    parts: list[str] = []
    for title, structured in (("in a pair", False), ("in a pair with actions", True)):
        notes, chats = converse((player, player), openings(one, two, structured=structured))
        parts.append(f"=== {title}: {len(notes)} notes")
        parts += [f"{1 + i % 2}: {note}" for i, note in enumerate(shortened(notes))]
        if not structured:
            parts.append("=== private question")
            parts += [f"{i}: {chat.asked(player, message('commit.txt'))}" for i, chat in enumerate(chats, 1)]
    plan = Chat([Turn("user", solo(one, two))])
    parts.append("=== alone, plan and critic")
    parts.append(plan.say(player))
    plan.hear(message("critic.txt"))
    parts.append(plan.say(player))
    parts.append("=== alone, step by step")
    steps = Chat([Turn("user", solo(one, two, step=True))])
    said: list[str] = []
    while len(said) < 50 and not (said and PHRASE in said[-1].splitlines()):
        said.append(steps.say(player))
        steps.hear(message("step_next.txt"))
    parts += shortened(said)
    return "\n".join(parts) + "\n"


def shortened(notes: Sequence[str]) -> list[str]:
    """The notes, with one line for the middle of a long run of notes that repeat themselves."""
    if len(notes) == 50 and notes[-2:] == list(notes[-4:-2]):
        return [*notes[:6], "…", "…", *notes[-2:]]
    return list(notes)


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for player_name in MAZE_PLAYERS:
        (GOLDEN / f"{player_name}.txt").write_text(
            golden_dialogue(player_name), encoding="utf-8", newline="\n"
        )
