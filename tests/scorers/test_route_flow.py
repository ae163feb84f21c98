"""Parts of plans, reasons, weighed ways and remarks between the steps: each with a near twin that fails."""

import pytest

from interplay.scorers.route_grade import Game, Said, grade

ROWS = ("@..#", "#.##", "...*", "#k..")
FIRST = "Rows and columns from 0 at the top left.\n"
REST = "(3,1), (3,2), (2,2), (2,3)"
ALL = "Agreed to all.\nTAVIREL!"


def strict(*notes: str) -> bool:
    view = "\n".join(ROWS)
    game = Game(ROWS, {1: view, 2: view}, tuple(Said(1 + i % 2, text) for i, text in enumerate(notes)))
    return grade(game).strict


@pytest.mark.parametrize(
    "why", ["since I can see all of them", "because both of us know them", "since they are all open for me"]
)
def test_a_reason_that_a_colon_ends_leaves_the_steps_asked_for(why: str):
    first = f"{FIRST}I'd take three at once, {why}: (0,1), (1,1), (2,1)."
    assert strict(first, f"Agreed, all three. Next {REST}.", ALL)
    assert not strict(first, f"No, (1,1) is a wall. Next {REST}.", ALL)


@pytest.mark.parametrize("title", ["**Block 1**", "### Proposed path", "**Next steps** (please check)"])
def test_cells_with_remarks_below_the_title_of_a_route_are_one(title: str):
    block = f"{FIRST}{title}\n- (0,1) (open on mine)\n- (1,1) (your half)\n- (2,1)"
    assert strict(block, f"All three agreed. {REST}.", ALL)
    assert not strict(block, f"(1,1) is a wall, so no. {REST}.", ALL)


def test_the_part_is_agreed_to_that_leads_where_the_token_is_said_to_stand():
    asked = f"{FIRST}I propose right, down, down and then left to (2,0)."
    part = (
        "I agree with right and both downs, so the token stands at (2,1). I do not agree with the step left."
    )
    assert strict(asked, f"{part} I propose {REST}.", ALL)
    assert not strict(asked, f"I do not agree with these. We're still at (0,0). I propose {REST}.", ALL)


def test_steps_counted_beside_a_far_cell_lead_there_and_squares_do_not():
    asked = f"{FIRST}I propose (0,1), then walk to (2,1), that is two steps down."
    assert strict(asked, f"Agreed, both. Then {REST}.", ALL)
    assert not strict(asked.replace("steps", "squares"), f"Agreed, both. Then {REST}.", ALL)


def test_the_phrase_at_the_end_of_the_last_note_closes_the_game():
    asked = f"{FIRST}I propose (0,1), (1,1), (2,1), {REST}."
    assert strict(asked, "Agreed, all seven. We did it: TAVIREL!")
    assert not strict(asked, "Agreed, but only if you check (1,1). So no TAVIREL! yet.")
