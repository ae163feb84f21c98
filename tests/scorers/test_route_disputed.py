"""Steps that were taken back, refused or only spoken of: no strict success stands on them."""

import pytest

from interplay.scorers.route_grade import Game, Said, Verdict, grade

ROWS = ("@..", ".#.", "..*")
START = "(row, col) from 0 at the top left. "


def graded(*notes: str) -> Verdict:
    """A game on a small open map that both seats see."""
    view = "\n".join(ROWS)
    said = tuple(Said(1 + i % 2, text) for i, text in enumerate(notes))
    return grade(Game(ROWS, {1: view, 2: view}, said))


def steps(verdict: Verdict) -> list[tuple[int, int]]:
    return [step.cell for step in verdict.steps]


PLAIN = (
    START + "I propose (0,1).",
    "Agreed, (0,1). I propose (0,2).",
    "Agreed, (0,2). I propose (1,2).",
    "Agreed, (1,2). I propose (2,2).",
    "Agreed, (2,2).\nTAVIREL!",
)


def test_the_plain_game_succeeds():
    assert graded(*PLAIN).strict


@pytest.mark.parametrize(
    "back",
    ["Wait, I take my proposal back.", "I take back (0,2).", "Scratch that.", "Please let me withdraw that."],
)
@pytest.mark.parametrize("answer", ["Fine, dropped. I propose (1,2).", "All right, (0,2) is off. (1,2)?"])
def test_a_step_taken_back_does_not_count_though_both_go_on(back: str, answer: str):
    verdict = graded(PLAIN[0], f"{PLAIN[1]} {back}", answer, *PLAIN[3:])
    assert not verdict.strict
    assert verdict.weighted_strict < 1
    assert (1, 2) not in steps(verdict)


@pytest.mark.parametrize("again", ["I propose (0,2) after all.", "I put it forward again, then: (0,2)."])
def test_a_step_taken_back_counts_when_somebody_asks_for_it_again(again: str):
    verdict = graded(
        PLAIN[0],
        PLAIN[1] + " Wait, I take that back.",
        "Why? " + again,
        "Agreed, (0,2). I propose (1,2).",
        "Agreed, (1,2). I propose (2,2).",
        "Agreed, (2,2).\nTAVIREL!",
    )
    assert verdict.strict
    assert steps(verdict) == [(0, 1), (0, 2), (1, 2), (2, 2)]


def test_no_need_to_take_it_back_takes_nothing_back():
    verdict = graded(
        *PLAIN[:2],
        "There is no need to take it back. Agreed, (0,2). I propose (1,2).",
        *PLAIN[3:],
    )
    assert verdict.strict


def test_a_refused_step_does_not_count_though_both_go_on():
    verdict = graded(*PLAIN[:2], "No, not that one. I propose (1,2).", *PLAIN[3:])
    assert not verdict.strict
    assert steps(verdict)[:1] == [(0, 1)]
    assert (0, 2) not in steps(verdict)


def test_a_refusal_in_the_last_note_leaves_no_strict_success():
    route = "(0,1), (0,2), (1,2), (2,2)"
    agreed = (START + f"Let us agree on the whole route: {route}.", f"Agreed to all of it: {route}, done.")
    assert graded(*agreed, "We are at (2,2). Do you have the same?", "Yes, (2,2).\nTAVIREL!").strict
    assert not graded(*agreed, "We are at (2,2). Do you have the same?", "No.\nTAVIREL!").strict


def test_what_was_only_spoken_of_is_not_taken_by_asking_for_it():
    verdict = graded(
        *PLAIN[:3], "Agreed, (1,2). The goal is at (2,2), so you propose it.", "I propose (2,2)."
    )
    assert not verdict.strict
    assert steps(verdict)[-1] == (1, 2)
    assert verdict.weighted_strict < 1


def test_consent_to_a_part_is_no_consent_to_the_whole():
    route = "(0,1), (0,2), (1,2), (2,2)"
    verdict = graded(
        START + f"I propose the whole route: {route}. Agreed?",
        "Agreed, but only to the first half of it for now.",
        "Walked all of it, no bumps.\nTAVIREL!",
    )
    assert not verdict.strict


def test_a_difference_in_naming_found_before_the_first_step_is_no_clash():
    rows = ("@...", "###.", "..#*", "....")
    view = "\n".join(rows)
    notes = (
        "I count from 0, row first. The goal is at (2,3). First (0,1).",
        "I count from 0, column first: the goal is at (3,2), and (0,1) is a wall. Shall we use letters?",
        "Letters for the columns, A to D from the left, and rows 1 to 4 from the top. Goal D3. B1?",
        "Letters it is. B1 agreed. C1.",
        "C1 agreed. D1.",
        "D1 agreed. D2.",
        "D2 agreed. D3.",
        "D3 agreed.\nTAVIREL!",
    )
    said = tuple(Said(1 + i % 2, text) for i, text in enumerate(notes))
    verdict = grade(Game(rows, {1: view, 2: view}, said))
    assert not verdict.clash
    assert verdict.strict
