"""A whole route written out at the end settles the game, right or wrong; numbered rows are a route."""

import pytest

from interplay.scorers.route_grade import Game, Said, Verdict, grade

ROWS = ("@..#", "#.##", "...*", "#...")
"""The goal is five steps away: right, down, down, right, right; `(1,0)` on another way is a wall."""
ROUTE = "(0,0) (0,1) (1,1) (2,1) (2,2) (2,3)"
THROUGH_A_WALL = "(0,0) (1,0) (2,0) (2,1) (2,2) (2,3)"
OPENING = ["(row, col) from 0, top left. The way begins somewhere near (0,2).", "Yours to work out, mate."]
BY_ONE = "(row, col), counted from 1 at the top left. The start is (1,1), the goal is (3,4)."
ACROSS = "(x, y), counted from 0 at the top left. The start is (0,0), the goal is (3,2)."
BY_NOUGHT = "(row, col), counted from 0 at the top left. The start is (0,0), the goal is (2,3)."


def verdict(*notes: str) -> Verdict:
    view = "\n".join(ROWS)
    said = tuple(Said(1 + i % 2, text) for i, text in enumerate(notes))
    return grade(Game(ROWS, {1: view, 2: view}, said))


@pytest.mark.parametrize(
    "route",
    [
        ROUTE,
        "right, down, down, right, right",
        "right, down twice, right twice",
        "\n| 0 | (0,0) start |\n| 1 | (0,1) |\n| 2 | (1,1) |\n| 3 | (2,1) |\n| 4 | (2,2) |\n| 5 | (2,3) |",
    ],
)
def test_a_route_told_as_a_whole_and_closed_upon_is_agreed(route: str):
    assert verdict(*OPENING, f"So the full path is: {route}", "That's it!\nTAVIREL!").strict


def test_a_whole_route_through_a_wall_is_agreed_as_well():
    found = verdict(*OPENING, f"So the full path is: {THROUGH_A_WALL}", "That's it!\nTAVIREL!")
    assert not found.strict
    assert found.failure == "wall"


@pytest.mark.parametrize(
    "answer",
    [
        "No, that hits a wall on my map.\nTAVIREL!",
        "Agreed, but only to the first half of it for now.\nTAVIREL!",
        "Wait, let me check that first.\nTAVIREL!",
    ],
)
def test_a_whole_route_that_is_not_accepted_settles_nothing(answer: str):
    assert not verdict(*OPENING, f"So the full path is: {ROUTE}", answer).strict


def test_a_whole_route_without_the_phrase_settles_nothing_yet():
    assert not verdict(*OPENING, f"So the full path is: {ROUTE}", "Hm, lovely weather.").strict


def test_a_route_that_only_the_closing_note_tells_settles_nothing():
    assert not verdict(*OPENING, f"Done, agreed. We went {ROUTE}\nTAVIREL!").strict


def test_steps_off_the_route_afterwards_undo_it():
    told = f"So the full path is: {ROUTE}"
    assert not verdict(*OPENING, told, "We are at (0,2) now. I propose (1,2).", "Agreed.\nTAVIREL!").strict


def test_a_numbered_table_is_proposed_step_by_step_whatever_it_says_of_the_cells():
    table = "| Step | To | Status |\n|---|---|---|\n| 1 | (0,1) | open (me) |\n| 2 | (1,1) | open (me) |\n"
    found = verdict(
        BY_NOUGHT,
        f"Same here.\n{table}| 3 | (2,1) | open (you) |",
        "Steps 1 to 3 are accepted. Then I propose (2,2).",
        "Agreed. And (2,3)?",
        "Agreed.\nTAVIREL!",
    )
    assert found.strict


def test_seats_that_translate_each_other_do_not_clash():
    mine = "(1,2) (2,2) (3,2) (3,3) (3,4)"
    found = verdict(
        BY_ONE, f"{BY_NOUGHT} I propose: {ROUTE}", f"In my labels that is {mine}. Agreed.", "Done.\nTAVIREL!"
    )
    assert not found.clash
    assert found.strict


def test_seats_that_each_read_the_same_labels_in_their_own_way_clash():
    found = verdict(ACROSS, f"{BY_NOUGHT} I propose: {ROUTE}", f"Agreed: {ROUTE}", "Done.\nTAVIREL!")
    assert found.clash
    assert not found.strict


FIXED = (
    *OPENING,
    "In one go: R, D, D, D, R, R, R, U.",
    "R D D is ok. then one more D is the last row, look its in your map too. so no",
    "Fixed, I leave out the last down.\n\nThe whole: R, D, D, R, R.",
    "R D D, thats row 2 col 1, R, R and thats the star. yeah it works 4 me, i agree with all of it",
)
"""The second seat spells out the mended route of the first while it agrees."""


def test_a_route_that_both_write_out_is_agreed_though_only_its_writer_closes():
    assert verdict(*FIXED, "All moves done. Is that right?", "confirmed\nTAVIREL!").strict


def test_a_position_on_the_goal_after_the_route_was_told_speaks_for_it():
    assert verdict(*FIXED, "Token at row 2 col 3.", "confirmed, thx\nTAVIREL!").strict


def test_a_route_that_only_one_writes_out_is_not_agreed_by_its_writer():
    notes = (*FIXED[:4], "Hm.", FIXED[5], "Is that right?", "confirmed\nTAVIREL!")
    assert not verdict(*notes).strict
