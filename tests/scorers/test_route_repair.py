"""Ways of saying the same thing, and talk that only makes sense read again: what short games agree to."""

import pytest

from interplay.scorers.route_grade import Game, Said, grade

OPEN_GRID = ("@.....", "......", "......", "......", "......", ".....*")
NAMES = "(row, col) from 0, top left. "


def agreed(notes: list[str]) -> str:
    """The steps of a game on an open grid, as "0,1 0,2"."""
    view = "\n".join(OPEN_GRID)
    said = tuple(Said(1 + i % 2, text) for i, text in enumerate(notes))
    return " ".join(
        f"{step.cell[0]},{step.cell[1]}" for step in grade(Game(OPEN_GRID, {1: view, 2: view}, said)).steps
    )


@pytest.mark.parametrize(
    ("notes", "steps"),
    [
        pytest.param(
            [
                NAMES + "(0,1)?",
                "Got it. (0,2)?",
                "Boom, there. (1,2) next?",
                "Alright, (1,2). And (2,2)?",
                "No objections.",
            ],
            "0,1 0,2 1,2 2,2",
            id="taken boom",
        ),
        pytest.param(
            [
                "Notation: (row, col) from 0 top left\nToken: (0,0)\nProposal: (0,1)",
                "Answer: yes\nToken: (0,1)\nProposal: (0,2)",
                "Answer: yes\nToken: (0,2)\nProposal: (1,2)",
                "Answer: yes\nToken: (1,2)",
            ],
            "0,1 0,2 1,2",
            id="keyvalue",
        ),
        pytest.param(
            [
                NAMES + "Shall we go (0,1)?",
                "Token now at (0,1). I'd continue to (0,2).",
                "Token now at (0,2). I'd continue to (1,2).",
                "Token now at (1,2).",
            ],
            "0,1 0,2 1,2",
            id="status only",
        ),
        pytest.param(
            [
                NAMES
                + "\n| step | cell |\n|---|---|\n| 1 | (0,1) |\n| 2 | (0,2) |\n| 3 | (1,2) |\nOk with all?",
                "Yes to all three. We're at (1,2) then.",
            ],
            "0,1 0,2 1,2",
            id="table",
        ),
        pytest.param(["↓", "✓ →", "👍 →", "ok ↓", "✓"], "1,0 1,1 1,2 2,2", id="arrows"),
        pytest.param(
            ["r0c0 is @ top-left. r0c1?", "yes. r0c2?", "yes. r1c2?", "no, wall. r0c3?", "yes."],
            "0,1 0,2 0,3",
            id="rc",
        ),
        pytest.param(
            [
                "row/col from 0, top left: @ is 0/0. go 0/1",
                "fine, 0/1. then 0/2",
                "fine, 0/2. then 1/2",
                "fine, 1/2. then 2/2",
                "fine",
            ],
            "0,1 0,2 1,2 2,2",
            id="slash",
        ),
        pytest.param(
            [
                NAMES + "Is (0,1) open for you? If so, let's go there.",
                "It is, so we're there. What about (0,2)?",
                "Open on mine, go. Then (0,3) if you can see it.",
                "I can, it's clear. Done. (1,3).",
                "Works, on (1,3).",
            ],
            "0,1 0,2 0,3 1,3",
            id="if open",
        ),
        pytest.param(
            [
                NAMES + "(1,0) would also be possible, but I propose (0,1).",
                "Agreed on (0,1). (1,1) looks tempting but leads nowhere. (0,2).",
                "Sure. I briefly considered (1,2). (0,3)?",
                "Yes.",
            ],
            "0,1 0,2 0,3",
            id="mention alt",
        ),
        pytest.param(
            [
                "Let's use directions. Right?",
                "Right it is. Right again?",
                "Yes, moved. Down?",
                "Down, done. Down once more.",
                "Agreed.",
            ],
            "0,1 0,2 1,2 2,2",
            id="dirs",
        ),
        pytest.param(
            [
                "Directions please. I suggest two right.",
                "Two right, done. Now three down.",
                "Agreed, three down. Then one left?",
                "One left, done.",
            ],
            "0,1 0,2 1,2 2,2 3,2 3,1",
            id="chunks",
        ),
        pytest.param(
            [
                "North is the top. I'd start East.",
                "East, agreed. Then South?",
                "South is clear here. Agreed. South again?",
                "Yes, go.",
            ],
            "0,1 1,1 2,1",
            id="compass",
        ),
        pytest.param(
            [
                NAMES + "Plan: (0,1), (0,2), (0,3), (1,3). All okay?",
                "All four are fine with me. Consider it done, we're on (1,3).",
                "Great, then (2,3).",
                "Agreed.",
            ],
            "0,1 0,2 0,3 1,3 2,3",
            id="range",
        ),
        pytest.param(
            [
                "Columns A-F, rows 1-6 from the top, so @ is A1. B1?",
                "B1 it is. C1?",
                "C1, yes. C2 then.",
                "OK, C2. C3?",
                "OK.",
            ],
            "0,1 0,2 1,2 2,2",
            id="letters",
        ),
        pytest.param(
            [
                NAMES + "(0,1)?",
                "Yes. (1,1)? Actually drop that, (0,2).",
                "OK (0,2). Let me propose (1,2). Hmm, I take that back: (0,3).",
                "Fine, (0,3).",
            ],
            "0,1 0,2 0,3",
            id="withdraw",
        ),
        pytest.param(
            [
                NAMES + "(0,1) ok?",
                "ok. Path so far: (0,0), (0,1). Next: (0,2).",
                "ok. Path so far: (0,0), (0,1), (0,2). Next: (1,2).",
                "ok. Path so far: (0,0), (0,1), (0,2), (1,2). Next: (2,2).",
                "ok.",
            ],
            "0,1 0,2 1,2 2,2",
            id="recap",
        ),
        pytest.param(
            [
                NAMES + "Open on mine: (0,1), (1,1), (2,1). Walls: (1,0), (3,3). Let me propose (0,1).",
                "Thanks. Mine: (0,2) open, (1,2) wall. (0,1) agreed. Then (1,1).",
                "(1,1) agreed. (2,1).",
                "(2,1) agreed.",
            ],
            "0,1 1,1 2,1",
            id="map open list",
        ),
        pytest.param(
            [
                NAMES + "First move: (0,1).",
                "Approved. After that, (0,2).",
                "Approved. After that, (0,3).",
                "Approved.",
            ],
            "0,1 0,2 0,3",
            id="after you",
        ),
        pytest.param(
            [
                NAMES + "Motion: token to (0,1).",
                "Motion carried. Next motion: (0,2).",
                "Seconded and carried. Motion: (1,2).",
                "Carried.",
            ],
            "0,1 0,2 1,2",
            id="motion",
        ),
        pytest.param(
            [
                NAMES + "(0,1)?",
                "Can't, that's a wall here. (1,0)?",
                "Then (1,0), yes. (2,0)?",
                "(2,0) is blocked. (1,1)?",
                "Okay, (1,1).",
            ],
            "1,0 1,1",
            id="refuse",
        ),
        pytest.param(
            [NAMES + "I propose (0,1).", "I propose (1,0).", "I propose (0,1).", "I propose (1,0)."],
            "",
            id="no consent",
        ),
        pytest.param(
            [
                NAMES + "(0,1).",
                "Agreed. Token (0,1). Next (0,3).",
                "Agreed. Token (0,3). Next (0,4).",
                "Agreed. Token (0,4).",
            ],
            "0,1 0,3 0,4",
            id="far",
        ),
        pytest.param(
            ["x to the right, y down, from 0. x=1 y=0?", "x=1 y=0, yes. x=2 y=0?", "yes. x=2 y=1?", "sure"],
            "0,1 0,2 1,2",
            id="x=",
        ),
        pytest.param(
            [
                "row zero column zero is the start, top left. Row 0, column 1?",
                "Yes. Row 0, column 2?",
                "Yes. Row 1, column 2?",
                "Yes.",
            ],
            "0,1 0,2 1,2",
            id="words",
        ),
        pytest.param(
            [
                NAMES + "I suggest (0,1). Do you see (0,2)?",
                "(0,2) is clear. (0,1) works. So (0,2)?",
                "Yep, we are at (0,2) now. Which way is your key? I'd say (1,2).",
                "South of here. (1,2), go.",
            ],
            "0,1 0,2 1,2",
            id="question answer",
        ),
        pytest.param(
            [
                NAMES + "Moving to (0,1), roger?",
                "Roger, (0,1). Moving to (0,2), roger?",
                "Roger, (0,2). Moving to (1,2), roger?",
                "Roger.",
            ],
            "0,1 0,2 1,2",
            id="roger",
        ),
        pytest.param(
            [
                NAMES + "Step 1: (0,1).",
                "Step 1 done. Step 2: (0,2).",
                "Step 2 done. Step 3: (1,2).",
                "Step 3 done.",
            ],
            "0,1 0,2 1,2",
            id="done x",
        ),
        pytest.param(
            [
                NAMES + "The cell right of us, (0,1), is free. Take it?",
                "Take it. Below us then: (1,1).",
                "Fine. Below that, (2,1).",
                "Fine.",
            ],
            "0,1 1,1 2,1",
            id="below us",
        ),
        pytest.param(
            [
                NAMES + "(0,1)?",
                "Not yet. What's at (0,2)?",
                "(0,2) is open.",
                "Then yes to (0,1). And (0,2).",
                "Yes.",
            ],
            "0,1 0,2",
            id="deferred",
        ),
        pytest.param(
            [
                NAMES + "May I suggest (0,1)?",
                "By all means. Could we then take (0,2)?",
                "Certainly. Might I propose (1,2)?",
                "With pleasure.",
            ],
            "0,1 0,2 1,2",
            id="polish",
        ),
        pytest.param(
            [NAMES + "lets goo (0,1)", "gg (0,1), now (0,2)", "ez. (1,2)", "ok (1,2) done. (2,2)", "k"],
            "0,1 0,2 1,2 2,2",
            id="gaming",
        ),
    ],
)
def test_many_ways_to_say_it(notes: list[str], steps: str):
    assert agreed(notes) == steps


def test_an_agreed_jump_is_never_read_as_two_steps():
    notes = [
        NAMES + "Proposal: (0,1).",
        "Agreed, token (0,1). Proposal: (1,2). I see (1,1) and (0,2).",
        "Agreed, token (1,2). Proposal: (1,3).",
        "Agreed, token (1,3).",
    ]
    assert agreed(notes) == "0,1 1,2 1,3"


def test_two_tokens_moved_apart_agree_to_nothing():
    notes = [NAMES + "I move to (0,1).", "I move to (1,0).", "I move to (0,2).", "I move to (2,0)."]
    assert agreed(notes) == ""


def test_a_missed_answer_is_made_good_where_the_next_note_says_so():
    notes = [
        NAMES + "My wish: (0,1).",
        "Splendiferous, (0,1) it shall be. (0,2) is where I would be heading.",
        "Token on (0,2). And (1,2)?",
        "Token on (1,2).",
    ]
    assert agreed(notes) == "0,1 0,2 1,2"


def test_a_step_that_nobody_answered_is_not_made_good_by_consent_to_another():
    notes = [
        NAMES + "Let's start with (0,1)?",
        "ok (0,1). go (0,2)?",
        "ok (1,2). open here. (2,2) open also. go (2,2)?",
        "ok (2,2). go (3,2)?",
        "ok (3,2).",
    ]
    assert "0,2 1,2" not in agreed(notes)
