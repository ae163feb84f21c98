"""Steps that are named by "there", "both" or what they lead onto, and rows that tell from where to where."""

import pytest

from interplay.scorers.route_acts import Accept, Act, Claim, Propose
from interplay.scorers.route_answers import in_context
from interplay.scorers.route_reading import read_note
from interplay.scorers.route_rows import with_routes


def asked(text: str) -> list[list[str]]:
    """The steps that each proposal of a note names, hints left out."""
    acts: tuple[Act, ...] = read_note(text).acts
    return [[step.text for step in a.steps] for a in acts if isinstance(a, Propose) and not a.hint]


@pytest.mark.parametrize(
    "question",
    [
        "Shall we go there?", "Move there?", "So should we step there next?", "Why not go there?",
        "Do you want to move there?", "Okay, shall we take it?",
    ],
)  # fmt: skip
def test_a_question_may_ask_for_the_cell_just_named(question: str) -> None:
    assert asked(f"(1,5) is free. {question}") == [["(1,5)"]]


@pytest.mark.parametrize(
    "question",
    ["What is there?", "Can you see what's there?", "Is there a wall?", "Could you go there from c2?"],
)
def test_a_question_about_what_lies_there_asks_for_no_step(question: str) -> None:
    assert asked(f"(1,5) is free. {question}") == []


@pytest.mark.parametrize(
    "words",
    ["Shall we take those two?", "Let's do both.", "Should we go for both of them?", "I propose these two."],
)
def test_both_are_the_cells_of_the_sentence_before(words: str) -> None:
    assert asked(f"I see (1,5) and (1,6) as open. {words}") == [["(1,5)", "(1,6)"]]


@pytest.mark.parametrize(
    "words", ["We can't take those two.", "Let's do both.", "But we shouldn't take both."]
)
def test_both_without_cells_or_refused_asks_for_nothing_and_consents_to_nothing(words: str) -> None:
    acts = read_note(words).acts
    assert not any(isinstance(act, (Propose, Accept)) for act in acts)
    if "n't" in words:
        assert asked(f"I see (1,5) and (1,6) as open. {words}") == []


@pytest.mark.parametrize("words", ["Let's not go there.", "So we can't go there.", "I would never go there."])
def test_there_may_be_refused(words: str) -> None:
    assert asked(f"(1,5) is free. {words}") == []


@pytest.mark.parametrize("cell", ["(4, 1)", "B3", "[2,0]", "r2c3"])
def test_there_is_the_cell_that_the_other_seat_asks_about(cell: str) -> None:
    assert (
        in_context([f"{cell} is hidden for me. Clear?", "Clear. Move there?"])[1] == f"Clear. Move to {cell}?"
    )


def test_there_stays_where_the_note_names_a_cell_or_nothing_was_asked() -> None:
    own = "(1,1) is free here, let's go there."
    assert in_context(["Is (4,1) free?", own])[1] == own
    assert in_context(["(4,1) is free.", "Go there?"])[1] == "Go there?"


@pytest.mark.parametrize(
    "words", ["Down onto your key?", "Right, ok. Down into the goal!", "Down onto the star."]
)
def test_a_direction_may_say_what_it_leads_onto(words: str) -> None:
    assert asked(words)[-1] == ["Down"]


@pytest.mark.parametrize("words", ["(5,3) → (6,3) `*`", "(5,3) → (6,3) (goal)", "(5,3) → (6,3) key"])
def test_the_end_of_an_arrow_is_a_step_whatever_lies_there(words: str) -> None:
    assert asked(words)[0] == ["(5,3)", "(6,3)"]


def test_what_an_arrow_leads_to_may_be_said_to_be_a_wall() -> None:
    acts = read_note("(5,3) → (6,3) is a wall").acts
    assert any(isinstance(act, Claim) and act.state == "wall" for act in acts)
    assert ["(5,3)", "(6,3)"] not in asked("(5,3) → (6,3) is a wall")


TABLE = ["| Action | From | To |", "|---|---|---|"]


def test_rows_from_where_to_where_are_a_route() -> None:
    rows = ["| 3 | R1C3 | R2C3 |", "| 4 | R2C3 | R2C4 |", "| 5 | R2C4 | R2C5 (key) |"]
    assert with_routes([*TABLE, *rows])[2:] == ["Route: R1C3 → R2C3 → R2C4 → R2C5"]


def test_rows_that_do_not_go_on_from_each_other_stay_rows() -> None:
    rows = ["| 3 | R1C3 | R2C3 |", "| 4 | R5C3 | R5C4 |", "| 5 | R1C4 | R1C5 |"]
    assert list(with_routes([*TABLE, *rows]))[2:] == rows


def test_a_row_with_a_wall_is_no_part_of_a_route() -> None:
    rows = ["| 3 | R1C3 | R2C3 | open |", "| 4 | R2C3 | R2C4 | wall |", "| 5 | R2C4 | R2C5 | open |"]
    assert list(with_routes([*TABLE, *rows]))[2:] == rows
