"""Seats that name cells in two ways: those that translate for each other agree, those that do not clash."""

import pytest

from interplay.scorers.route_cells import masked_sentence
from interplay.scorers.route_declared import own_names
from interplay.scorers.route_grade import Game, Said, Verdict, grade

ROWS = ("@..#", "#.##", "...*", "#k..")
"""Right, down, down, down onto the key, right, up, right."""
NOUGHT = (
    "I count rows and columns from 0: (row, col), start (0,0). Walls (1,0), (1,2). My key (3,1), goal (2,3). "
    "I propose (0,1)."
)
ACROSS = "I write (x,y) from 0: walls (0,1), (2,1); goal (3,2); key (1,3)."
R1C1 = (
    "r1c1 is the start at the top left, rows and columns from 1. Walls: r2c1, r2c3. Key r4c2, goal r3c4. "
    "Propose r1c2."
)
COUNTED = "I count from 0: start (0,0), walls (1,0), (1,2), key (3,1), goal (2,3)."
END = "\nTAVIREL!"
TRANSLATED = {
    "the other's name in brackets": [
        NOUGHT,
        "I write x=column, y=row, from 1, start x=1 y=1; walls x=1,y=2 and x=3,y=2, goal x=4,y=3. "
        "x=2,y=1 [your (0,1)] is fine, agreed. Next x=2,y=2 [(1,1)], x=2,y=3 [(2,1)].",
        "Agreed to (1,1), (2,1). Then the key, (3,1).",
        "Yes, x=2,y=4. And on: x=3,y=4, then x=3,y=3, then x=4,y=3.",
        "(3,2), (2,2), (2,3): agreed to all." + END,
    ],
    "your and my": [
        NOUGHT,
        f"{ACROSS} Your (0,1) is my (1,0): agreed. Next my (1,1), which is your (1,1), and (1,2).",
        "(1,1) and (2,1) in my terms: agreed. The key is next: (3,1).",
        "(1,3), agreed, key done. Then (2,3), (2,2), (3,2).",
        "That's (3,2), (2,2), (2,3) for me. Agreed to all three." + END,
    ],
    "each in its own form": [
        R1C1,
        f"{COUNTED} (0,1) agreed. Then (1,1) and (2,1).",
        "r2c2, r3c2 ok. r4c2 next.",
        "(3,1), yes. Then (3,2), (2,2), (2,3) to close.",
        "r4c3, r3c3, r3c4, agreed." + END,
    ],
    "one tells both names": [
        R1C1,
        f"{COUNTED} Your forms in brackets. (0,1) [r1c2] agreed. Then (1,1) [r2c2] and (2,1) [r3c2].",
        "Agreed, both. r4c2 next.",
        "(3,1) [r4c2], yes. Then (3,2) [r4c3], (2,2) [r3c3], (2,3) [r3c4] to close.",
        "Agreed, all of it." + END,
    ],
    "json and words": [
        '{"notation": "[row, col] from 0, top-left [0, 0]", "my_key": [3, 1], "goal": [2, 3], '
        '"walls": [[1, 0], [1, 2]], "proposal": [0, 1]}',
        "I count rows and columns from one, in words. The goal is in row three, column four, and there are "
        "walls at row two, column one and row two, column three. I agree to row one, column two. Then I "
        "suggest row two, column two, and after that row three, column two.",
        '{"agree": true, "moves": [[1, 1], [2, 1]], "position": [2, 1], "proposal": [3, 1]}',
        "I agree to row four, column two, which is the key. Let us then go to row four, column three, then "
        "row three, column three, and then row three, column four.",
        '{"agree": true, "moves": [[3, 2], [2, 2], [2, 3]], "position": [2, 3]}\n' + END,
    ],
}


def verdict(*notes: str) -> Verdict:
    view = "\n".join(ROWS)
    return grade(Game(ROWS, {1: view, 2: view}, tuple(Said(1 + i % 2, text) for i, text in enumerate(notes))))


@pytest.mark.parametrize("voice", list(TRANSLATED))
def test_seats_that_name_each_others_cells_in_their_own_way_agree(voice: str):
    found = verdict(*TRANSLATED[voice])
    assert not found.clash
    assert found.strict


@pytest.mark.parametrize("voice", list(TRANSLATED))
def test_what_nobody_answers_is_not_agreed_in_any_notation(voice: str):
    assert not verdict(*TRANSLATED[voice][:-1]).strict


def test_seats_that_repeat_each_others_labels_clash():
    found = verdict(
        NOUGHT,
        f"{ACROSS} (0,1): agreed. Next (1,1), (1,2).",
        "(1,1) and (1,2): agreed. The key is next: (3,1).",
        "(3,1), agreed, key done. Then (2,3), (2,2), (3,2).",
        "(2,3), (2,2), (3,2): Agreed to all three." + END,
    )
    assert found.clash
    assert not found.strict


def test_names_that_stand_for_other_cells_translate_nothing():
    told = TRANSLATED["one tells both names"]
    notes = [note.replace("[r3c", "[r2c").replace("[r4c", "[r3c") for note in told]
    assert not verdict(*notes).strict


def test_a_seat_that_takes_the_first_label_for_its_own_does_not_understand():
    found = verdict(
        R1C1,
        f"{COUNTED} (1,2)? That is a wall for me.",
        "r1c2 is right of the start.",
        "OK, r1c2 then. And (1,2), (2,2)?",
        "Agreed, r1c2 and r2c2." + END,
    )
    assert not found.strict


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Your (0,2) is my (2,0): open.", ["(2,0)"]),
        ("My (4,3), which is your (3,4), is open.", ["(4,3)"]),
        ("I propose (0,1) (your (1,0)) and then (0,2) [your (2,0)].", ["(0,1)", "(0,2)"]),
        ("So your [1, 0] is what I would describe as row two, column one.", ["row two, column one"]),
        ("It is in row one, column six, which is [0, 5] in your format.", ["row one, column six"]),
        ("Down to (1,1), your (2,1) next?", ["Down", "(1,1)", "(2,1)"]),
        ("Is (0,1) open for you?", ["(0,1)"]),
    ],
)
def test_the_others_name_of_a_cell_is_left_out(sentence: str, kept: list[str]):
    assert [step.text for step in own_names(*masked_sentence(sentence))[1]] == kept
