"""Every player plays every form of the game and answers any history."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.solvers.reference.maze_players import MAZE_PLAYERS
from interplay.solvers.reference.player import Turn
from interplay.tasks.mazes.instances import Maze, sweep
from interplay.tasks.mazes.maze import PHRASE, Family, render_full
from interplay.tasks.mazes.prompting import message

from .dialogues import (
    HALF_A,
    HALF_B,
    MARK,
    Chat,
    agreed_walk,
    converse,
    drawn,
    drawn_mazes,
    halves,
    openings,
    pair_of,
    solo,
    wins,
)

NAMES = tuple(MAZE_PLAYERS)


@drawn_mazes
def test_alone_the_planners_find_a_shortest_route(family: Family, index: int) -> None:
    maze = drawn(family, index)
    views = halves(maze.rows, maze.owner, ("A", "B"))
    for name in ("cartographer", "follower", "noisy", "liar"):
        for prompt in (solo(*views), solo(*views[::-1]), solo(render_full(maze.rows))):
            text = MAZE_PLAYERS[name]([Turn("user", prompt)])
            route = [(int(c[1]), int(c[3])) for c in text.partition("Route: ")[2].split(", ")]
            assert wins(maze.rows, route)
            assert len(route) == len(maze.route)


@drawn_mazes
def test_steps_alone_follow_the_plan_and_end_with_the_phrase(family: Family, index: int) -> None:
    maze = drawn(family, index)
    views = halves(maze.rows, maze.owner, ("A", "B"))
    for name in ("cartographer", "mute"):
        plan = MAZE_PLAYERS[name]([Turn("user", solo(*views))]).partition("Route: ")[2].split(", ")
        chat = Chat([Turn("user", solo(*views, step=True))])
        note = ""
        for cell in plan[1:]:
            note = chat.say(MAZE_PLAYERS[name])
            assert note.splitlines()[0] == f"Move to {cell}."
            chat.hear(message("step_next.txt"))
        assert note.endswith(f"\n{PHRASE}")


@pytest.mark.parametrize("name", ["cartographer", "mute", "follower", "liar", "colrow", "early"])
def test_the_private_answer_is_the_agreed_walk_of_both(name: str) -> None:
    maze = drawn("detour", 1)
    prompts = openings(*halves(maze.rows, maze.owner, ("B", "A")))
    notes, chats = converse(pair_of(name), prompts)
    walk = agreed_walk(notes)
    truth = [[c, r] if name == "colrow" else [r, c] for r, c in walk]
    for chat in chats:
        answer = json.loads(chat.asked(MAZE_PLAYERS[name], message("commit.txt")))
        assert answer == {"route": truth, "finished": notes[-1].endswith(PHRASE)}


@pytest.mark.parametrize("size", [4, 9, 18])
def test_other_sizes_without_keys(size: int) -> None:
    mazes: list[Maze] = sweep(size, 0.3)[:3]
    for maze in mazes:
        prompts = openings(*halves(maze.rows, maze.owner, ("A", "B")))
        notes, _ = converse(pair_of("cartographer"), prompts)
        assert wins(maze.rows, agreed_walk(notes))
        for name in ("follower", "noisy", "liar", "mute"):
            converse(pair_of(name), prompts)


@pytest.mark.parametrize("name", NAMES)
def test_no_game_no_crash(name: str) -> None:
    for turns in ([], [Turn("user", "Hello.")], [Turn("system", "Be brief."), Turn("assistant", "Yes.")]):
        assert MAZE_PLAYERS[name](turns)


def test_a_system_text_before_the_prompt_changes_nothing() -> None:
    system = message("seat_system.txt")
    prompt = openings(HALF_A, HALF_B)[0]
    for player in MAZE_PLAYERS.values():
        plain = player([Turn("user", prompt)])
        assert player([Turn("system", system), Turn("user", prompt)]) == plain
        assert player([Turn("user", f"{system}\n\n{prompt}")]) == plain


PROMPTS = [
    *openings(HALF_A, HALF_B),
    *openings(HALF_A, HALF_B, structured=True),
    *openings(HALF_A, HALF_B, assistance=4),
    *openings(HALF_A.replace("k", "."), HALF_B.replace("k", ".")),
    *(solo(HALF_A, HALF_B, step=step) for step in (False, True)),
]
WORDS = st.sampled_from(
    [
        "I propose (0,1).",
        "I propose (0,2) as move 2.",
        "Yes.",
        "No.",
        "No, (0,1) is a wall on my map.",
        "Agreed, we are at (0,1).",
        "Let's move right.",
        "up up up",
        "Your lead.",
        "(9,9)",
        PHRASE,
        HALF_B,
        HALF_A,
        "",
        "(empty note)",
        "x" * 500,
        "ACTION: ACCEPT",
        "ACTION: PROPOSE 7,7",
        "I propose (3,4), (0,0).",
        "go (12,0)",
        "my key is at (17,17)",
        "[user]: This question is private",
        "\n\n[other agent]: \n\n[user]: ",
        message("commit.txt"),
        message("structured_retry.txt"),
        message("critic.txt"),
        "Move to (1,0).",
    ]
)


@settings(max_examples=150)
@given(
    prompt=st.sampled_from(PROMPTS),
    notes=st.lists(st.lists(WORDS, max_size=3).map(" ".join), max_size=8),
    marked=st.booleans(),
    own_first=st.booleans(),
)
def test_every_player_answers_every_history_and_remembers_nothing(
    prompt: str, notes: list[str], marked: bool, own_first: bool
) -> None:
    chat = Chat([Turn("user", prompt)])
    for i, note in enumerate(notes):
        if (i % 2 == 0) == own_first:
            chat.turns.append(Turn("assistant", note))
        else:
            chat.hear(MARK + note if marked else note)
    replies = {name: player(chat.turns) for name, player in MAZE_PLAYERS.items()}
    assert all(replies.values())
    again = {name: MAZE_PLAYERS[name](list(chat.turns)) for name in reversed(NAMES)}
    assert again == replies


@given(cut=st.integers(0, 40), name=st.sampled_from(NAMES))
def test_cut_dialogues_go_on(cut: int, name: str) -> None:
    _, chats = converse(pair_of(name), openings(HALF_A, HALF_B))
    for chat in chats:
        turns = chat.turns[: cut + 1]
        assert MAZE_PLAYERS[name](turns)
        assert MAZE_PLAYERS[name]([*turns, Turn("user", message("commit.txt"))])
