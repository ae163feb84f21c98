"""What each scripted player does, as properties of dialogues on drawn mazes."""

import json
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.solvers.reference.maze_players import MAZE_PLAYERS
from interplay.solvers.reference.player import Player, Turn
from interplay.tasks.mazes.instances import Maze, load, sweep
from interplay.tasks.mazes.maze import (
    FAMILIES,
    PHRASE,
    START,
    Drawn,
    cells_of,
    draw,
    render_full,
    render_half,
)
from interplay.tasks.mazes.prompting import message
from interplay.tasks.mazes.silent import silent

from .dialogues import (
    GOLDEN,
    HALF_A,
    HALF_B,
    MARK,
    Chat,
    agreed_walk,
    converse,
    golden_dialogue,
    halves,
    openings,
    solo,
    wins,
)

NAMES = tuple(MAZE_PLAYERS)
MAZES = [(family, index) for family in FAMILIES for index in range(1, 5)]
drawn_mazes = pytest.mark.parametrize(("family", "index"), MAZES)


@cache
def drawn(family: str, index: int) -> Drawn:
    return draw("players", family, index)  # pyright: ignore[reportArgumentType]


def pair_of(name: str, other: str | None = None) -> tuple[Player, Player]:
    return MAZE_PLAYERS[name], MAZE_PLAYERS[other or name]


def played(maze: Drawn, name: str, other: str | None = None, **options: int) -> list[str]:
    prompts = openings(*halves(maze.rows, maze.owner, ("A", "B")), **options)  # pyright: ignore[reportArgumentType]
    return converse(pair_of(name, other), prompts)[0]


@pytest.mark.parametrize("name", NAMES)
def test_golden_dialogues(name: str) -> None:
    assert golden_dialogue(name) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@drawn_mazes
def test_cartographers_succeed_in_two_notes_more_than_steps(family: str, index: int) -> None:
    maze = drawn(family, index)
    notes = played(maze, "cartographer")
    walk = agreed_walk(notes)
    assert wins(maze.rows, walk)
    assert len(walk) == len(maze.route)
    assert len(notes) == len(maze.route) - 1 + 2
    assert notes[-1].splitlines()[-1] == PHRASE


@drawn_mazes
def test_every_assistance_level_and_the_structured_track_are_played(family: str, index: int) -> None:
    maze = drawn(family, index)
    for level in (1, 2, 3, 4):
        assert wins(maze.rows, agreed_walk(played(maze, "cartographer", assistance=level)))
    assert wins(maze.rows, agreed_walk(played(maze, "cartographer", structured=True)))


@drawn_mazes
def test_with_full_maps_nobody_sends_one(family: str, index: int) -> None:
    maze = drawn(family, index)
    full = render_full(maze.rows)
    for name in ("cartographer", "mute", "follower"):
        notes, _ = converse(pair_of(name), openings(full, full))
        assert wins(maze.rows, agreed_walk(notes)), name
        assert not any(row in note for note in notes for row in maze.rows)


@drawn_mazes
def test_mutes_carry_out_the_silent_plan_of_the_opener(family: str, index: int) -> None:
    maze = drawn(family, index)
    notes = played(maze, "mute")
    plan = silent(render_half(maze.rows, maze.owner, "A"))
    assert agreed_walk(notes) == list(plan.route)
    assert len(notes) == 2 * (len(plan.route) - 1) + 1


def test_mute_alone_uses_the_first_view_only() -> None:
    route = ", ".join(f"({r},{c})" for r, c in silent(HALF_A).route)
    for other in (HALF_B, HALF_A):
        assert MAZE_PLAYERS["mute"]([Turn("user", solo(HALF_A, other))]).endswith(f"Route: {route}")


@drawn_mazes
def test_followers_say_little_and_never_step_on_a_wall(family: str, index: int) -> None:
    maze = drawn(family, index)
    notes = played(maze, "follower")
    walk = agreed_walk(notes)
    assert all(maze.rows[r][c] != "#" for r, c in walk)
    proposing = [note for note in notes if note not in ("Yes.", "No.", "Your lead.", PHRASE)]
    by_seat = [[note for note in notes[seat::2] if note in proposing] for seat in (0, 1)]
    for first, *others in filter(None, by_seat):
        assert first.startswith("I write cells as (row, col), counted from 0 at the top left. I propose")
        assert all(note.startswith("I propose (") for note in others)
    assert notes.count("Your lead.") <= 1
    assert (notes[-1] == PHRASE) <= wins(maze.rows, walk)
    if "Your lead." in notes:
        before = agreed_walk(notes[: notes.index("Your lead.")])
        own_key = cells_of(render_half(maze.rows, maze.owner, "A").splitlines(), "k")[0]
        assert before[-1] == own_key


@drawn_mazes
def test_echo_and_contrarian_get_nowhere(family: str, index: int) -> None:
    maze = drawn(family, index)
    echoes, refusals = played(maze, "echo"), played(maze, "contrarian")
    assert len(echoes) == len(refusals) == 50
    assert set(echoes) == {echoes[0]}
    assert agreed_walk(echoes) == agreed_walk(refusals) == [START]
    assert all(note.startswith("No. I propose") for note in refusals[1:])
    proposals = [note[-6:-1] for note in refusals]
    assert all(a != b for a, b in pairwise(proposals))


@drawn_mazes
def test_noisy_sends_a_false_map_and_plays_with_the_true_one(family: str, index: int) -> None:
    maze = drawn(family, index)
    half = render_half(maze.rows, maze.owner, "A")
    sent = played(maze, "noisy")[0].partition("My map:\n")[2]
    changes = {(own, told) for own, told in zip(half, sent, strict=True) if own != told}
    assert changes <= {(".", "#"), ("#", ".")}
    for note in played(maze, "noisy"):
        if "is a wall on my map" in note:
            r, c = int(note[5]), int(note[7])
            assert maze.rows[r][c] == "#"


def test_noisy_flips_about_one_cell_in_twenty() -> None:
    flips = cells = 0
    for maze in load("standard-1"):
        for half in halves(maze.rows, maze.owner, ("A", "B")):
            note = MAZE_PLAYERS["noisy"]([Turn("user", openings(half, half)[0])])
            sent = note.partition("My map:\n")[2]
            flips += sum(a != b for a, b in zip(half, sent, strict=True))
            cells += half.count(".") + half.count("#")
    assert 0.04 < flips / cells < 0.06


@drawn_mazes
def test_liar_opens_one_wall_and_insists(family: str, index: int) -> None:
    maze = drawn(family, index)
    half = render_half(maze.rows, maze.owner, "A")
    notes = played(maze, "liar", "cartographer")
    sent = notes[0].partition("My map:\n")[2]
    changed = [(a, b) for a, b in zip(half, sent, strict=True) if a != b]
    assert changed == [("#", ".")]
    lie = next(i for i, (a, b) in enumerate(zip(half, sent, strict=True)) if a != b)
    cell = divmod(lie, len(maze.rows[0]) + 1)
    assert not any(f"No, ({cell[0]},{cell[1]})" in note for note in notes)
    assert wins(maze.rows, agreed_walk(notes)) == (cell not in agreed_walk(notes))


@drawn_mazes
def test_colrow_understands_itself_and_is_misunderstood(family: str, index: int) -> None:
    maze = drawn(family, index)
    notes = played(maze, "colrow")
    turned = [(c, r) for r, c in agreed_walk(notes)]
    assert wins(maze.rows, turned)
    assert "row" not in notes[0]
    assert not wins(maze.rows, agreed_walk(played(maze, "cartographer", "colrow")))


@drawn_mazes
def test_colrow_obeys_a_prompt_that_fixes_how_cells_are_named(family: str, index: int) -> None:
    maze = drawn(family, index)
    assert wins(maze.rows, agreed_walk(played(maze, "colrow", "cartographer", assistance=2)))
    a, b = halves(maze.rows, maze.owner, ("A", "B"))
    assert MAZE_PLAYERS["colrow"]([Turn("user", solo(a, b))]) == MAZE_PLAYERS["cartographer"](
        [Turn("user", solo(a, b))]
    )


@drawn_mazes
def test_early_ends_the_game_in_its_third_note(family: str, index: int) -> None:
    maze = drawn(family, index)
    notes = played(maze, "early")
    assert len(notes) == 5
    assert not wins(maze.rows, agreed_walk(notes))
    assert len(played(maze, "cartographer", "early")) == 6


@drawn_mazes
def test_alone_the_planners_find_a_shortest_route(family: str, index: int) -> None:
    maze = drawn(family, index)
    views = halves(maze.rows, maze.owner, ("A", "B"))
    for name in ("cartographer", "follower", "noisy", "liar"):
        for prompt in (solo(*views), solo(*views[::-1]), solo(render_full(maze.rows))):
            text = MAZE_PLAYERS[name]([Turn("user", prompt)])
            route = [(int(c[1]), int(c[3])) for c in text.partition("Route: ")[2].split(", ")]
            assert wins(maze.rows, route)
            assert len(route) == len(maze.route)


@drawn_mazes
def test_steps_alone_follow_the_plan_and_end_with_the_phrase(family: str, index: int) -> None:
    maze = drawn(family, index)
    views = halves(maze.rows, maze.owner, ("A", "B"))
    for name in ("cartographer", "mute"):
        plan = MAZE_PLAYERS[name]([Turn("user", solo(*views))]).partition("Route: ")[2].split(", ")
        chat = Chat([Turn("user", solo(*views, step=True))])
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


def test_cartographer_does_without_a_map_after_two_notes() -> None:
    maze = drawn("bernoulli", 2)
    notes = played(maze, "cartographer", "follower")
    assert "I propose" not in notes[0] + notes[2]
    assert "I propose" in notes[4]
    assert any(note.startswith("Your lead") for note in notes[4::2])


def test_what_the_other_side_refuses_is_learnt() -> None:
    views = ("@.?\n.k?\n??*", "@?.\n??.\n.#*")
    chat = Chat([Turn("user", openings(*views)[0])])
    player = MAZE_PLAYERS["cartographer"]
    chat.say(player)
    for reply in ("Hello.", "Which way?"):
        chat.hear(MARK + reply)
        note = chat.say(player)
    refused = note.partition("I propose ")[2][:5]
    chat.hear(f"{MARK}No, {refused} is a wall on my map.")
    again = chat.say(player)
    assert "I propose" in again
    assert refused not in again


def test_a_cell_that_is_not_next_is_refused() -> None:
    prompt = openings(HALF_A, HALF_B)[1]
    for player in (MAZE_PLAYERS["cartographer"], MAZE_PLAYERS["follower"]):
        assert player([Turn("user", f"{prompt}\n\n{MARK}I propose (3,3).")]).startswith("No")


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
