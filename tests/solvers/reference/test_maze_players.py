"""What each scripted player does, as properties of dialogues on drawn mazes."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise

import pytest

from interplay.solvers.reference.maze_players import MAZE_PLAYERS
from interplay.solvers.reference.player import Turn
from interplay.tasks.mazes.instances import load
from interplay.tasks.mazes.maze import PHRASE, START, Family, cells_of, render_full, render_half
from interplay.tasks.mazes.prompting import message
from interplay.tasks.mazes.silent import silent

from .dialogues import (
    GOLDEN,
    HALF_A,
    HALF_B,
    MARK,
    MAZES,
    Chat,
    agreed_walk,
    converse,
    drawn,
    drawn_mazes,
    golden_dialogue,
    halves,
    openings,
    pair_of,
    played,
    solo,
    wins,
)

NAMES = tuple(MAZE_PLAYERS)


@pytest.mark.parametrize("name", NAMES)
def test_golden_dialogues(name: str) -> None:
    assert golden_dialogue(name) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@drawn_mazes
def test_cartographers_succeed_in_two_notes_more_than_steps(family: Family, index: int) -> None:
    maze = drawn(family, index)
    notes = played(maze, "cartographer")
    walk = agreed_walk(notes)
    assert wins(maze.rows, walk)
    assert len(walk) == len(maze.route)
    assert len(notes) == len(maze.route) - 1 + 2
    assert notes[-1].splitlines()[-1] == PHRASE


@drawn_mazes
def test_every_assistance_level_and_the_structured_track_are_played(family: Family, index: int) -> None:
    maze = drawn(family, index)
    for level in (1, 2, 3, 4):
        assert wins(maze.rows, agreed_walk(played(maze, "cartographer", assistance=level)))
    assert wins(maze.rows, agreed_walk(played(maze, "cartographer", structured=True)))


@drawn_mazes
def test_with_full_maps_nobody_sends_one(family: Family, index: int) -> None:
    maze = drawn(family, index)
    full = render_full(maze.rows)
    for name in ("cartographer", "mute", "follower"):
        notes, _ = converse(pair_of(name), openings(full, full))
        assert wins(maze.rows, agreed_walk(notes)), name
        assert not any(row in note for note in notes for row in maze.rows)


@drawn_mazes
def test_mutes_carry_out_the_silent_plan_of_the_opener(family: Family, index: int) -> None:
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
def test_followers_say_little_and_never_step_on_a_wall(family: Family, index: int) -> None:
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
def test_echo_and_contrarian_get_nowhere(family: Family, index: int) -> None:
    maze = drawn(family, index)
    echoes, refusals = played(maze, "echo"), played(maze, "contrarian")
    assert len(echoes) == len(refusals) == 50
    assert set(echoes) == {echoes[0]}
    assert agreed_walk(echoes) == agreed_walk(refusals) == [START]
    assert all(note.startswith("No. I propose") for note in refusals[1:])
    proposals = [note[-6:-1] for note in refusals]
    assert all(a != b for a, b in pairwise(proposals))


@drawn_mazes
def test_noisy_sends_a_false_map_and_plays_with_the_true_one(family: Family, index: int) -> None:
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
def test_liar_opens_one_wall_and_insists(family: Family, index: int) -> None:
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
def test_colrow_understands_itself_and_is_misunderstood(family: Family, index: int) -> None:
    maze = drawn(family, index)
    notes = played(maze, "colrow")
    turned = [(c, r) for r, c in agreed_walk(notes)]
    assert wins(maze.rows, turned)
    assert "row" not in notes[0]
    assert not wins(maze.rows, agreed_walk(played(maze, "cartographer", "colrow")))


@drawn_mazes
def test_colrow_obeys_a_prompt_that_fixes_how_cells_are_named(family: Family, index: int) -> None:
    maze = drawn(family, index)
    assert wins(maze.rows, agreed_walk(played(maze, "colrow", "cartographer", assistance=2)))
    a, b = halves(maze.rows, maze.owner, ("A", "B"))
    assert MAZE_PLAYERS["colrow"]([Turn("user", solo(a, b))]) == MAZE_PLAYERS["cartographer"](
        [Turn("user", solo(a, b))]
    )


@drawn_mazes
def test_early_ends_the_game_in_its_third_note(family: Family, index: int) -> None:
    maze = drawn(family, index)
    notes = played(maze, "early")
    assert len(notes) == 5
    assert not wins(maze.rows, agreed_walk(notes))
    assert len(played(maze, "cartographer", "early")) == 6


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


STYLES = [
    ("Agreed: ({a}). Token at ({a}).", "Proposal: ({p})."),
    ("Sounds good! We're now at ({a}).", "Let's move to ({p}) next."),
    ("**Position:** [{a}]", "**Next move:** [{p}]"),
    ("Yes, confirmed: the token is on ({a}).", "How about ({p})?"),
    ("I agree to move to ({a}).", "From ({a}) I suggest we go to ({p})."),
    ("OK.", "I'd like to step to ({p})."),
]


@pytest.mark.parametrize("style", STYLES)
def test_the_cartographer_follows_partners_who_write_in_other_words(style: tuple[str, str]) -> None:
    def partner(turns: Sequence[Turn]) -> str:
        note = MAZE_PLAYERS["cartographer"](turns)
        accepted = re.search(r"Agreed, we are at \((\d,\d)\)\.", note)
        proposed = re.search(r"I propose \((\d,\d)\) as move \d+\.", note)
        at = accepted[1] if accepted else "0,0"
        for found, words in ((accepted, style[0]), (proposed, style[1])):
            if found:
                note = note.replace(found[0], words.format(a=at, p=found[1]))
        return note

    scripted = MAZE_PLAYERS["cartographer"]
    for family, index in MAZES:
        maze = drawn(family, index)
        prompts = openings(*halves(maze.rows, maze.owner, ("A", "B")))
        for players in ((partner, scripted), (scripted, partner)):
            notes, chats = converse(players, prompts)
            routes = [
                json.loads(chat.asked(MAZE_PLAYERS["cartographer"], message("commit.txt"))) for chat in chats
            ]
            assert routes[0] == routes[1]
            assert wins(maze.rows, [(r, c) for r, c in routes[0]["route"]]), notes
