"""Scripted players understand their own notes and the ways in which models commonly write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.solvers.reference.maze_notes import Reading, read
from interplay.solvers.reference.maze_players import MAZE_PLAYERS

from .dialogues import HALF_A, HALF_B, converse, openings

WHOLE_MAP = tuple(HALF_A.splitlines())


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("I propose (0,1) as move 1.", Reading(proposes=((0, 1),))),
        (
            "Agreed, we are at (0,1). I propose (0,2) as move 2.",
            Reading(accepts=True, at=(0, 1), proposes=((0, 2),)),
        ),
        (
            "No, (1,1) is a wall on my map. I propose (1,0) as move 1.",
            Reading(rejects=True, walls=((1, 1),), proposes=((1, 0),)),
        ),
        ("No, (5,5) is not next to (0,0).", Reading(rejects=True, not_next=True)),
        ("Yes.", Reading(accepts=True)),
        ("No.", Reading(rejects=True)),
        ("Your lead.", Reading(hands_over=True)),
        ("Agreed, we are at (1,4).\nTAVIREL!", Reading(accepts=True, at=(1, 4), says_phrase=True)),
        (
            "Agreed: (0, 1). Token at (0, 1). Proposal: (0, 2).",
            Reading(accepts=True, at=(0, 1), proposes=((0, 2),)),
        ),
        ("No: (2, 3) is a wall.", Reading(rejects=True, walls=((2, 3),))),
        (
            "**Position:** (2, 2)\n**Proposal:** let's move down to [3, 2].",
            Reading(at=(2, 2), proposes=((3, 2),)),
        ),
        ("Sounds good! Let's go right.", Reading(accepts=True, proposes=("right",))),
        ("We should start from (0,0) and move east.", Reading(proposes=((0, 0),))),
        ("Let us move from (0,1) to (0,2).", Reading(proposes=((0, 2),))),
        ("I suggest (0,1), (0,2), then (1,2).", Reading(proposes=((0, 1), (0, 2), (1, 2)))),
        ("We are at (0,1), so next is (0,2).", Reading(at=(0, 1), proposes=((0, 2),))),
        ("My key is at (3,4) and the goal is at (1,4).", Reading(keys=((3, 4),))),
        ("Is (2,2) a wall on your side?", Reading()),
        ("(0,2)", Reading(proposes=((0, 2),))),
        ("Next: row 0, column 2", Reading(proposes=((0, 2),))),
        ("No problem, I agree.", Reading(accepts=True)),
        ("I write cells as (row, col), counted from 0 at the top left.", Reading(row_first=True)),
        ("It is at the top left of the map, let us move on.", Reading()),
        ("", Reading()),
    ],
)
def test_acts_of_a_note(note: str, expected: Reading) -> None:
    assert read(note) == expected


@pytest.mark.parametrize(
    "note",
    [
        f"My map:\n{HALF_A}\nYour turn.",
        f"```\n{HALF_A}\n```",
        "\n".join(f"Row {r}: {' '.join(line)}" for r, line in enumerate(HALF_A.splitlines())),
        "\n".join(f"{r} {line}" for r, line in enumerate(HALF_A.splitlines())),
        "\n".join(f"| {' | '.join(line)} |" for line in HALF_A.splitlines()),
    ],
)
def test_maps_are_read_with_and_without_labels(note: str) -> None:
    assert read(note).map_lines == WHOLE_MAP
    assert not read(note).proposes


def test_action_lines_outweigh_the_words() -> None:
    note = "No, wait. Agreed after all, I propose (5,5).\nACTION: ACCEPT\nACTION: PROPOSE 0,2"
    assert read(note) == Reading(accepts=True, proposes=((0, 2),))
    assert read("I agree.\nACTION: REJECT") == Reading(rejects=True)
    assert read("ACTION: DONE") == Reading(says_phrase=True)


@given(st.text(st.sampled_from("(0,1) 2agreed no.propose\n@#.?kmovefrom[],;`|TAVIREL!"), max_size=200))
def test_any_text_can_be_read(note: str) -> None:
    reading = read(note)
    assert not (reading.accepts and reading.rejects)


@pytest.mark.parametrize("name", ["cartographer", "mute", "follower", "contrarian"])
def test_the_players_own_words_mean_what_their_actions_say(name: str) -> None:
    notes, _ = converse((MAZE_PLAYERS[name], MAZE_PLAYERS[name]), openings(HALF_A, HALF_B, structured=True))
    assert len(notes) > 5
    for note in notes:
        words, actions = read(note.partition("ACTION:")[0]), read(note)
        assert (words.accepts, words.proposes) == (actions.accepts, actions.proposes), note
        if "ACTION: REJECT" in note and "No" in note:
            assert words.rejects, note
