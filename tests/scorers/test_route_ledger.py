"""Directions told by the numbers of their moves: agreed to when both seats stand by every number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.route_grade import Game, Said, Verdict, grade
from interplay.scorers.route_ledger import entries_of

from .test_transcripts import DEVELOPMENT, RECORDS

ROWS = ("@..#", "#.##", "...*", "#...")
"""The goal is five steps away: right, down, down, right, right."""


def verdict(*notes: str) -> Verdict:
    view = "\n".join(ROWS)
    return grade(Game(ROWS, {1: view, 2: view}, tuple(Said(1 + i % 2, text) for i, text in enumerate(notes))))


@pytest.mark.parametrize(
    "notes",
    [
        ("1. right\n2. down", "OK to 1-2.\n3. down", "3 ok.\n4. right\n5. right", "4-5 ok.\nTAVIREL!"),
        ("Move 1: right", "Move 1 accepted. Moves 2, 3: down, down", "2 and 3 accepted. Move 4: right",
         "#4 fine. #5 right", "#5 ok.\nTAVIREL!"),
        ("Leg one: right once.", "Leg one agreed. Leg two: down twice?",
         "Leg two agreed, two down. Leg three: right.", "Leg three agreed. Leg four: right.",
         "Leg four agreed.\nTAVIREL!"),
        ("M1 right", "M1 right is ok. M2 down", "M1 right\nM2 down\nM3 down",
         "Agreed. M4 right", "M4 right, done. M5 right", "Agreed.\nTAVIREL!"),
        ("The list: 1. right, 2. down, 3. down, 4. right, 5. right. All fine?",
         "Agreed, the lot. Reporting 1 to 3.", "Confirmed. 4: right. The last one is yours.",
         "5. right.\nTAVIREL!"),
        ("1. right\n2. down\n3. down\n4. right\n5. right",
         "1. Right - agreed\n2. Down - agreed\n3. Down - agreed\n4. Right - agreed\n5. Right - agreed",
         "Done.\nTAVIREL!"),
    ],
)  # fmt: skip
def test_a_ledger_that_both_stand_by_is_agreed(notes: tuple[str, ...]):
    found = verdict(*notes)
    assert found.strict
    assert [step.cell for step in found.steps] == [(0, 1), (1, 1), (2, 1), (2, 2), (2, 3)]


START = ("1. right\n2. down", "OK to 1-2.\n3. down")


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        ((*START, "3 ok.\n4. right\n5. right", "4 ok, not 5.\nTAVIREL!"), "the last move is refused"),
        ((*START, "3 ok.\n4. right\n5. right", "Is 5 open?\nTAVIREL!"), "nobody answers"),
        (
            (*START, "No, 3 is a wall.", "4. right\n5. right", "4-5 ok.\nTAVIREL!"),
            "a move is never told again",
        ),
        ((*START, "3 ok.\n5. right", "5 ok.\nTAVIREL!"), "a number is left out"),
        ((*START, "3 ok.\n4. left\n5. right", "4-5 ok.\nTAVIREL!"), "a move leads elsewhere"),
        ((*START, "Wait, 3 not yet. 4. right\n5. right", "4-5 ok.\nTAVIREL!"), "a move is put off"),
        (
            (*START, "3 ok if it is open. 4. right", "4 ok. 5. right", "5?\nTAVIREL!"),
            "the last is only asked",
        ),
    ],
)
def test_a_ledger_with_a_gap_is_no_success(notes: tuple[str, ...], why: str):
    assert not verdict(*notes).strict, why


def test_a_refused_number_may_be_told_anew():
    found = verdict(
        "1. right\n2. right", "1 ok. 2 no, rather not.\n2. down", "2 ok. 3. down, 4. right",
        "3-4 ok. 5. right", "5 ok.\nTAVIREL!",
    )  # fmt: skip
    assert found.strict


def test_a_ledger_through_a_wall_fails_at_the_wall():
    found = verdict("1. down\n2. down", "1-2 ok.\n3. right\n4. right\n5. right", "3-5 ok.\nTAVIREL!")
    assert not found.strict
    assert found.failure == "wall"


def test_a_plan_that_was_liked_is_not_walked_without_the_phrase():
    plan = "1. right\n2. down\n3. down\n4. right\n5. right"
    assert not verdict(plan, "I love it, great plan!", "Step 1, right.", "Agreed, right. See you.").strict


@pytest.mark.parametrize("text", ["Let's not do step 5 yet.", "I wouldn't take move 5.", "Wait with #5."])
def test_refusal_before_the_number(text: str):
    assert [(entry.numbers, entry.denies) for entry in entries_of(text)] == [((5,), True)]


def test_a_number_that_only_says_when_is_no_move():
    assert entries_of("After move 6 the goal is to our left.") == []
    assert entries_of("Before step 6: is it open?") == []


@pytest.mark.parametrize(
    ("text", "numbers", "ways"),
    [
        ("4. right", (4,), ["right"]),
        ("Moves 4, 5, 6: down, down, down", (4, 5, 6), ["down", "down", "down"]),
        ("#4-#6 down three", (4, 5, 6), ["down"]),
        ("leg seven: up twice", (7,), ["up"]),
        ("M2 left (your key)", (2,), ["left"]),
        ("- 12) Up", (12,), ["up"]),
        ("9, 10: two to the right", (9, 10), ["right"]),
        ("8 through 10 ok", (8, 9, 10), []),
        ("Reporting 3 to 5. Right then.", (5,), []),
    ],
)
def test_what_is_said_of_a_numbered_move(text: str, numbers: tuple[int, ...], ways: list[str]):
    entry = entries_of(text)[0]
    assert entry.numbers == numbers
    assert [step.way for step in entry.steps] == ways


@pytest.mark.parametrize("text", ["4 ok", "4. fine", "#4 agreed", "ok to 4", "Happy with move 4", "4: 👍"])
def test_consent_by_number(text: str):
    assert [(entry.numbers, entry.agrees, entry.denies) for entry in entries_of(text)] == [
        ((4,), True, False)
    ]


@pytest.mark.parametrize("text", ["4: no", "#4 is a wall", "move 4 doesn't work", "4. wait", "M4 rather not"])
def test_refusal_by_number(text: str):
    assert [(entry.numbers, entry.denies) for entry in entries_of(text)] == [((4,), True)]


@pytest.mark.parametrize("text", ["4 ok?", "4 ok if you see it open", "#4 fine once we have the key"])
def test_a_question_or_a_condition_is_no_consent(text: str):
    assert not entries_of(text)[0].agrees


@pytest.mark.parametrize("text", ["I see 2 keys.", "row 3", "v1.2", "12 cells", "3.5", "The key is 4 away."])
def test_other_numbers_number_no_move(text: str):
    assert entries_of(text) == []


def test_a_move_told_in_cells_is_left_to_the_cells():
    assert entries_of("4. (2,3)") == []


@given(st.text(alphabet="Move #12345.-: okrightdown\n,?!", max_size=120))
def test_any_text_is_read(text: str):
    assert all(number > 0 for entry in entries_of(text) for number in entry.numbers)


def test_a_line_without_such_numbers_is_left_out_before_they_are_looked_for(monkeypatch: pytest.MonkeyPatch):
    records = [record for record in [*DEVELOPMENT, *RECORDS] if record["split"] != "held-out"]
    texts = [note["text"] for record in records[::3] for note in record["notes"]]
    texts += ["4: right", "> 4. right", "#4 fine", "M4 ok", "move4 right", "leg four: up", "(1,2) and (0,4)"]
    soon = [entries_of(text) for text in texts]
    monkeypatch.setattr("interplay.scorers.route_ledger._MAYBE_NUMBER", re.compile(""))
    assert [entries_of(text) for text in texts] == soon
    assert [len(entries) for entries in soon[-7:]] == [1, 1, 1, 1, 1, 1, 0]
