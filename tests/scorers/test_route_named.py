"""Steps that an answer names while it consents, and lists of steps that each tell where they begin."""

import pytest

from interplay.scorers.route_grade import Game, Said, Verdict, grade

ROWS = ("@..#", "#.##", "...*", "#...")
"""The goal is five steps away: right, down, down, right, right."""
WALK = [(0, 1), (1, 1), (2, 1), (2, 2), (2, 3)]


def verdict(*notes: str, rows: tuple[str, ...] = ROWS) -> Verdict:
    view = "\n".join(rows)
    return grade(Game(rows, {1: view, 2: view}, tuple(Said(1 + i % 2, text) for i, text in enumerate(notes))))


FROM_TO = (
    "Proposal:\n1. (0,0) → (0,1)\n2. (0,1) → (1,1)\n3. (1,1) → (2,1) (open for me)",
    "1. (0,0) → (0,1)\n2. (0,1) → (1,1)\n3. (1,1) → (2,1)\n\nOkay?",
    "I propose:\n* Move 1: (0,0) -> (0,1)\n* Move 2: (0,1) -> (1,1)\n* Move 3: (1,1) -> (2,1)",
    "I propose:\n\n| Step | From | To |\n|---|---|---|\n| 1 | (0,0) | (0,1) |\n"
    "| 2 | (0,1) | (1,1) |\n| 3 | (1,1) | (2,1) |",
    "1. **(0,0)** → **(0,1)**\n2. **(0,1)** → **(1,1)** (mine)\n3. **(1,1)** → **(2,1)**",
    "I propose these: from (0,0) to (0,1), then (0,1) → (1,1), then (1,1) → (2,1).",
)


@pytest.mark.parametrize("first", FROM_TO)
def test_steps_that_each_tell_where_they_begin_are_one_route(first: str):
    found = verdict(
        f"Rows and columns from 0.\n{first}",
        "Agreed. Next:\n4. (2,1) → (2,2)\n5. (2,2) → (2,3)",
        "Agreed to all.\nTAVIREL!",
    )
    assert [step.cell for step in found.steps] == WALK
    assert found.strict


def test_there_and_back_told_step_by_step():
    rows = ("@k..", "#.##", "...*", "#...")
    found = verdict(
        "Rows and columns from 0. (0,1)?",
        "Agreed. I propose:\n1. (0,1) → (0,2)\n2. (0,2) → (0,1)\n3. (0,1) → (1,1)",
        "Agreed. I propose (2,1), (2,2), (2,3).",
        "Agreed to (2,1), (2,2) and (2,3).\nTAVIREL!",
        rows=rows,
    )
    assert [step.cell for step in found.steps] == [(0, 1), (0, 2), (0, 1), *WALK[1:]]


@pytest.mark.parametrize(
    "asked",
    [
        "Next, move to (2,2) because (2,2) is open. Then move to (2,3), which is the goal.",
        "I propose to go on through (2,2), which is open, and so to the goal, which is (2,3).",
        "I'd go right by (2,2); the goal is at (2,3), right behind it.",
        "Next (2,2). The goal (2,3) comes after it.",
        "How about (2,2)? And the goal: (2,3).",
    ],
)
@pytest.mark.parametrize(
    "answer",
    [
        "I agree to (2,2) and (2,3).",
        "Okay, let's move to (2,2) and then to (2,3).",
        "Yes: (2,2), then (2,3).",
        "Agreed, (2,2) → (2,3).",
        "Accepted: (2,2), (2,3). We have reached the goal.",
    ],
)
def test_what_the_answer_names_is_agreed_to(asked: str, answer: str):
    found = verdict(
        "Rows and columns from 0. I propose (0,1), (1,1), (2,1).",
        f"Agreed, we are at (2,1). {asked}",
        f"{answer}\nTAVIREL!",
    )
    assert [step.cell for step in found.steps] == WALK
    assert found.strict


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Next (2,2). The goal (2,3) comes after it.", "I agree to (2,2), but not to (2,3)."),
        ("Next (2,2). After it (2,3) is a wall.", "I agree to (2,2) and (2,3)."),
        ("Next (2,2).", "I agree to (2,2) and (2,3)."),
        ("From (2,3) we came to (2,2).", "Is (2,2) open? And (2,3)?"),
    ],
)
def test_what_only_one_seat_names_is_not_agreed_to(asked: str, answer: str):
    found = verdict(
        "Rows and columns from 0. I propose (0,1), (1,1), (2,1).",
        f"Agreed, we are at (2,1). {asked}",
        f"{answer}\nTAVIREL!",
    )
    assert not found.strict


def test_a_plan_is_walked_before_the_steps_that_follow_it():
    found = verdict(
        "Rows and columns from 0. (0,1) and (1,1)?",
        "(0,1) and (1,1): yes to both. Then I'd go on through (2,1), which you have open: (2,1), (2,2).",
        "Agreed on (2,1) and (2,2). Then the goal, (2,3).",
        "Agreed, (2,3).\nTAVIREL!",
    )
    assert [step.cell for step in found.steps] == WALK
    assert found.strict


def test_a_route_that_is_told_from_the_start_keeps_what_was_walked_before():
    rows = ("@k.#", ".###", "...*", "#...")
    found = verdict(
        "Rows and columns from 0. First (0,1) for the key, and then return to (0,0).",
        "I accept the move to (0,1) and the move back to (0,0). Then (1,0), (2,0), (2,1), (2,2), (2,3).",
        "I accept (1,0), (2,0), (2,1), (2,2) and (2,3).\nTAVIREL!",
        rows=rows,
    )
    assert [step.cell for step in found.steps] == [(0, 1), (0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (2, 3)]
    assert found.strict


LISTS = (
    "From (1,1): down to (2,1) (open for me), right to (2,2) (open for you), right to (2,3), the goal.",
    "To finish: down to (2,1), which is open on your side, right to (2,2), and right again to (2,3).",
    "From (1,1), I'd go (2,1), (2,2), (2,3).",
    "I'd go on through (2,1), which you have open: (2,1), (2,2), (2,3).",
    "So down to (2,1), which my partner says is open, then (2,2), then right to (2,3).",
)


@pytest.mark.parametrize("asked", LISTS)
def test_remarks_beside_steps_leave_the_list_whole(asked: str):
    found = verdict(
        "Rows and columns from 0. (0,1) and (1,1)?",
        f"Agreed, both. We are at (1,1). {asked}",
        "I accept all of it.\nTAVIREL!",
    )
    assert [step.cell for step in found.steps] == WALK
    assert found.strict


@pytest.mark.parametrize(
    "answer",
    ["the withdrawn step is off the list", "without the withdrawn step", "the rejected cell (1,0) aside"],
)
def test_a_step_that_was_withdrawn_is_not_withdrawn_again(answer: str):
    found = verdict(
        "Rows and columns from 0. (0,1), (1,1), (2,1)?",
        "Agreed, all three. Then (2,2) and (2,3).",
        f"Agreed to (2,2) and (2,3) ({answer}).\nTAVIREL!",
    )
    assert found.strict


@pytest.mark.parametrize("said", ["R D D R R open here. ok?", "right, down, down, right, right are open."])
@pytest.mark.parametrize("answer", ["ok R D D R R.", "Right, down, down, right, right it is."])
def test_open_ways_that_the_answer_names_are_agreed_to(said: str, answer: str):
    assert verdict(f"I see the way. {said}", answer, "Agreed, that is it.\nTAVIREL!").strict


def test_a_way_that_is_only_said_to_be_open_is_not_agreed_to_by_any_nod():
    found = verdict("R, D, D?", "R D D ok. From there R is open.", "I see. My key is far away.\nTAVIREL!")
    assert not found.strict


def test_a_count_takes_in_what_was_said_to_be_open():
    found = verdict("Right?", "OK, right. From there down is open.", "Great, so down twice?",
                    "Yes, down two. Then right twice?", "Agreed, right twice.\nTAVIREL!")  # fmt: skip
    assert [step.cell for step in found.steps] == WALK


def test_who_goes_through_an_agreed_plan_proposes_nothing_new():
    found = verdict(
        "Rows and columns from 0. Route: (0,1), (1,1), (2,1), (2,2), (2,3).",
        "(0,1) is hidden from me. So down to (1,1), which you say is open, then (2,1), then right to (2,2). "
        "I agree with the full route.",
        "Confirmed.\nTAVIREL!",
    )
    assert found.strict


@pytest.mark.parametrize(
    "words",
    [
        ("row one, second column", "row two, second column", "row three, second column"),
        ("first row, column two", "second row, column two", "third row, column two"),
        ("second column, row one", "second column, row two", "second column, row three"),
        ("column two, first row", "column two, second row", "column two, third row"),
        ("row 1, second column", "row 2, second column", "row 3, second column"),
    ],
)
def test_cells_of_which_one_label_is_an_ordinal(words: tuple[str, str, str]):
    one, two, three = words
    found = verdict(
        f"Rows and columns count from one. I suggest {one}, then {two}.",
        f"I agree to {one} and {two}. From there we go down to {three}, where the way turns right.",
        f"I agree to {three}. Then (3,3) and (3,4).",
        "I agree to (3,3); and (3,4).\nTAVIREL!",
    )
    assert [step.cell for step in found.steps] == WALK


@pytest.mark.parametrize(
    "items",
    [
        "1. (0,0) → (0,1)\n2. → (1,1)\n3. → (2,1) (open for me)\n4. → (2,2)\n5. → (2,3)",
        "- (0,0) -> (0,1)\n- -> (1,1)\n- -> (2,1)\n- -> (2,2)\n- -> (2,3) (the goal)",
    ],
)
def test_a_counter_proposal_stands_when_the_first_is_refused_for_a_reason_and_withdrawn(items: str):
    found = verdict(
        "Rows and columns from 0. Route: (0,0) → (0,1) → (0,2) → (1,2) → (2,2) → (2,3).",
        f"(0,1) ✅, (2,2) ✅. I can't agree to the route as it stands, because (1,2) is blocked.\n\n"
        f"Counter-proposal:\n{items}",
        "I withdraw my own route and agree to all 5 steps of your counter-proposal.",
        "Confirmed.\nTAVIREL!",
    )
    assert [step.cell for step in found.steps] == WALK
    assert found.strict


@pytest.mark.parametrize(
    "why", ["because (1,2) is blocked", "since (1,2) is a wall", "given that (1,2) is shut"]
)
def test_a_refusal_with_its_reason_refuses_the_whole(why: str):
    found = verdict(
        "Rows and columns from 0. Route: (0,0) → (0,1) → (1,1) → (2,1) → (2,2) → (2,3).",
        f"I checked (0,1) ✅. So I can't agree to this, {why}.",
        "Then we are stuck.\nTAVIREL!",
    )
    assert not found.strict


def test_steps_that_semicolons_part_are_one_list():
    found = verdict(
        "Rows and columns from 0. (0,1) and (1,1)?",
        "Agreed. Then (2,1), (2,2) and (2,3), all four steps.",
        "I agree to all of them: (2,1); (2,2); and (2,3).\nTAVIREL!",
    )
    assert [step.cell for step in found.steps] == WALK
    assert found.strict


@pytest.mark.parametrize(
    "answer",
    [
        "Agreed on (2,1). I'd rather not take (2,0), as it leads away. (2,2) instead?",
        "Yes to (2,1), but not to (2,0). Instead I propose (2,2).",
        "I agree to (2,1). I don't agree to (2,0). How about (2,2)?",
    ],
)
def test_the_part_that_is_agreed_to_stands_when_the_rest_is_refused(answer: str):
    found = verdict(
        "Rows and columns from 0. (0,1) and (1,1)?",
        "Agreed, both. Then (2,1), (2,0).",
        answer,
        "Good point, I withdraw (2,0). (2,2) is agreed. Then (2,3).",
        "Agreed.\nTAVIREL!",
    )
    assert [step.cell for step in found.steps] == WALK
    assert found.strict


def test_the_part_that_is_refused_is_not_walked():
    found = verdict(
        "Rows and columns from 0. (0,1) and (1,1)?",
        "Agreed, both. Then (2,1), (2,2), (2,3).",
        "Agreed on (2,1) and (2,2). I'd rather not take (2,3).\nTAVIREL!",
    )
    assert not found.strict


def test_reported_moves_that_the_other_goes_on_from_are_agreed_to():
    found = verdict(
        "Rows and columns from 0. I moved to (0,1).",
        "Okay. I moved to (1,1).",
        "Good. I moved to (2,1), and I moved to (2,2).",
        "All right. I moved to (2,3). That's the goal. Do you agree?",
        "Yes, I agree with all the moves.\nTAVIREL!",
    )
    assert [step.cell for step in found.steps] == WALK
    assert found.strict


def test_a_reported_move_that_nobody_answers_is_not_agreed_to():
    found = verdict(
        "Rows and columns from 0. I moved to (0,1).",
        "Okay. I moved to (1,1).",
        "Good. I moved to (2,1), and I moved to (2,2).",
        "No, wait. I moved to (2,3).\nTAVIREL!",
    )
    assert not found.strict
