"""Words that mean something only beside the note before them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.route_answers import in_context

WAYS = "I can go down, then down, up or left from there, and down again."
"""Makes a dialogue one that is told in directions."""


def answer(before: str, text: str) -> str:
    return in_context([before, text])[1]


def told(before: str, text: str, after: str = "") -> str:
    """The note in a dialogue of directions."""
    return in_context([WAYS, WAYS, before, text, after])[3]


@pytest.mark.parametrize(
    "question",
    [
        "Right, right, down. Any objections?",
        "So R2, L2, D2. Anything against it?",
        "I'd go down twice. Do you have any concerns with that?",
        "Down. Do you disagree?",
        "We take the left side, is there anything wrong with it?",
        "Down it is. Do you mind? 🙂",
    ],
)
@pytest.mark.parametrize("text", ["No.", "No, go ahead.", "Nope!", "None.", "Nothing. Go.", "No"])
def test_who_has_no_objection_agrees(question: str, text: str):
    assert answer(question, text).startswith("Agreed. ")


@pytest.mark.parametrize("text", ["Yes, there is a wall.", "Yeah. Look at row 2.", "yep"])
def test_who_has_an_objection_does_not_agree(text: str):
    assert answer("Down. Any objections?", text).startswith("Hm, ")


@pytest.mark.parametrize("text", ["Yes.", "No."])
def test_do_you_agree_or_object_is_left_to_the_words(text: str):
    assert answer("Any objections, or do you agree?", text) == text


@pytest.mark.parametrize(
    "question",
    ["We are on the goal. Is there anything else?", "Anything left to do?", "Is anything missing?"],
)
def test_that_there_is_nothing_else_refuses_nothing(question: str):
    assert answer(question, "No. TAVIREL!") == "TAVIREL!"
    assert answer(question, "No.\nTAVIREL!") == "TAVIREL!"


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("Shall we go down?", "No."),
        ("Is (1,2) open?", "No, a wall."),
        ("I have no objection. Down?", "No."),
        ("Anything else? I'd go down now. Fine?", "No."),
        ("Any objections?", "Not yet seen, wait."),
        ("Any objections?", "Nobody knows."),
        ("Any objections", "No."),
        ("", "No."),
    ],
)
def test_other_questions_leave_no_a_refusal(before: str, text: str):
    assert answer(before, text) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Right, fine. Next?", "Agreed, east, fine. Next?"),
        ("Right. It's ours.", "Agreed, east. It's ours."),
        ("Right!", "Agreed, east!"),
        ("Correct. Right, to pick it up.", "Correct. east, to pick it up."),
        ("  Right (the hidden one).", "  Agreed, east (the hidden one)."),
    ],
)
def test_right_in_answer_to_right_is_the_direction(text: str, meant: str):
    assert told("From there right is open.", text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Right, so down.", "Right, I agree.", "Right, we are there.", "Right, good.", "All right, down.",
        "Right?", "Down, right?", "Ok. Right.", "Right now I see nothing.", "Right: the start.",
    ],
)  # fmt: skip
def test_right_that_assents_or_is_clear_stays(text: str):
    assert told("From there right is open.", text) == text


def test_right_after_another_direction_assents():
    assert told("I'd go down now.", "Right, fine.", "Down then.") == "Right, fine."


def test_right_that_the_answer_repeats_is_the_direction():
    assert told("I'd go where you want.", "Right, to the key.", "Ok, right.") == "east, to the key."


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1. Right\n2. Down", "1. east\n2. Down"),
        ("Move 1: right", "Move 1: east"),
        ("**Step 3:** Right", "**Step 3:** east"),
        ("- 4) right (open)", "- 4) east (open)"),
    ],
)
def test_a_numbered_right_is_the_direction(text: str, meant: str):
    assert told("Your turn.", text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "OK to 4-5.", "4-5 ok.", "Moves 4 and 5 accepted.", "Fine with 4, 5.", "5 ok", "#4-#5 agreed!",
        "Steps 4 through 5 are fine.", "Nice. 4 & 5 confirmed.", "5: ok",
    ],
)  # fmt: skip
def test_consent_up_to_the_last_numbered_move_is_plain_consent(text: str):
    assert "Agreed" in told("4. down\n5. down", text)
    assert "4" not in told("4. down\n5. down", text)


@pytest.mark.parametrize("text", ["OK to 4.", "4 ok.", "4 ok, 5 is a wall.", "Moves 4 and 6 accepted."])
def test_consent_to_some_of_the_moves_stays_as_it_is_written(text: str):
    assert told("4. down\n5. down", text) == text


def test_numbers_mean_nothing_before_a_move_was_numbered():
    assert told("Go down, or left.", "Keys 2 ok. 5 ok.") == "Keys 2 ok. 5 ok."


def test_a_dialogue_told_in_cells_keeps_right_and_numbers():
    notes = ["4. (0,1) 5. (0,2) right (1,2)", "Right, fine. 5 ok. (1,2) (2,2)"]
    assert in_context(notes) == notes


@given(st.lists(st.text(alphabet="Right, no.?!12-4ok down\n#", max_size=60), max_size=6))
def test_any_dialogue_keeps_its_number_of_notes(texts: list[str]):
    assert len(in_context(texts)) == len(texts)


@given(st.lists(st.text(alphabet="abcdeo(1,2) \n", max_size=40), max_size=6))
def test_notes_without_such_words_stay_as_they_are(texts: list[str]):
    assert in_context(texts) == texts
