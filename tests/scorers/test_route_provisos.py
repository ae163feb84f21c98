"""Conditions, ways only weighed, corrected steps and consent to a part, each with a near failure."""

import pytest

from interplay.scorers.route_grade import Game, Said, grade

ROWS = ("@..#", "#.##", "...*", "#k..")
"""Right, down, down, down onto the key, right, up, right."""
END = "\nTAVIREL!"
ZERO = "(row, col) from 0."
ON_CONDITION = f"{ZERO} Proposal: (0,1), (1,1), (2,1), on condition that (1,1) and (2,1) are open for you."
TABLE = "| # | To | Status |\n|---|---|---|\n| 1 | (0,1) | ? |\n| 2 | (1,1) | free |\n| 3 | (2,1) | ? |"
IF_FREE = "The only way out is to go right. If that cell is free on your map, then I'd like us to go right."
RIGHT = {
    "a condition is met": [
        ON_CONDITION,
        "Both are open, so the condition is met. The token is on (2,1). "
        "Next: (3,1), provided you have no wall.",
        "No wall. (3,1) agreed, key done. Then (3,2), (2,2), (2,3).",
        "Agreed to all three." + END,
    ],
    "a condition holds": [
        IF_FREE,
        "It's free, so your condition holds and we can consider it done. Then I suggest down.",
        "Down is fine with me. And down again.",
        "I'm comfortable with that. One more down collects the key.",
        "Yes, down. Now right, then up, then right.",
        "I'm in agreement with all three: right, up, right." + END,
    ],
    "a way is only weighed": [
        "We could go down from the start, but I have a wall there. Right?",
        "Right. Now down.",
        "Down, agreed. We could turn left after this, although I can't see what's there. Down again?",
        "Agreed, down. Then down once more onto the key.",
        "Yes, down. We could also go left, but that's the long way. Right, then up, then right.",
        "Agreed: right, up, right." + END,
    ],
    "a step is corrected": [
        "Right, please.",
        "Right. Then we go two steps down, excuse me, three steps down, onto the key.",
        "Three down, agreed. And then left, sorry, I mean right, then up, right.",
        "Right, up, right: agreed." + END,
    ],
    "a variant is dropped": [
        f"{ZERO} I propose (0,1), (1,1), (2,1), (3,1), (3,2), (2,2), (2,3).",
        "Could we skip (3,2) by going back to (2,1)? From (3,1) to (2,1), then (2,2). Same length, so no "
        "gain. No change then. I agree with the whole route as you wrote it.",
        "All taken, we are on (2,3)." + END,
    ],
    "a table with cells unseen": [
        f"{ZERO}\n\n{TABLE}\n\nPlease check 1 and 3.",
        f"Both are free. Accepted, token on (2,1).\n\n{TABLE[:33]}| 4 | (3,1) | key |\n"
        "| 5 | (3,2) | unknown |\n| 6 | (2,2) | free |",
        "#4, #5 and #6 accepted. Token (2,2).\n\n| 7 | (2,3) | goal |",
        "#7 accepted, token on (2,3)." + END,
    ],
    "a part is accepted": [
        f"{ZERO} Route: (0,1), (1,1), (2,1), (2,2).",
        "The first three are accepted, token on (2,1). The fourth is not accepted, because my key is at "
        "(3,1). Instead: (3,1), (3,2), (2,2), (2,3).",
        "Accepted, all four. Token on (2,3)." + END,
    ],
    "another instead": [
        f"{ZERO} (0,1), (1,1), (2,1)? Just stop me if you disagree.",
        "Agreed, all three. Then the key (3,1).",
        "Agreed, (3,1). I'd step back to (2,1) and come round to (2,2).",
        "No need to step back: (3,2) is open and touches (3,1). So instead of (2,1) I propose (3,2).",
        "I withdraw (2,1) and agree to (3,2). From there (2,2), (2,3).",
        "Agreed to both." + END,
    ],
    "left is agreed": [
        "Right?",
        "So right is agreed, and then I'd go down.",
        "Down is agreed. Both cells below are free: down, down.",
        "Down and down, agreed. Then right and up. So right, up, right.",
        "Right, up, right: yes." + END,
    ],
    "named one after the other": [
        f"{ZERO} (0,1), (1,1), (2,1)?",
        "I agree with (0,1), then (1,1), and then (2,1). Next (3,1), (3,2).",
        "Confirmed. Taking (3,1), (3,2). Token (3,2). Now (2,2), (2,3)?",
        "I agree: we move to (2,2) and then to (2,3). We are on the goal.",
    ],
}
WRONG = {
    "a condition fails": [
        ON_CONDITION,
        "(1,1) is open, (2,1) is a wall for me. Next: (3,1), provided you have no wall.",
        *RIGHT["a condition is met"][2:],
    ],
    "a condition is not met": [
        f"{ZERO} I propose (0,1), (1,1), if both are open for you.",
        "The condition is not met. (2,1), (3,1)?",
        "OK. Then (3,2), (2,2), (2,3).",
        "Agreed." + END,
    ],
    "a condition is open": [
        IF_FREE,
        "Whether your condition holds I can't say yet. I suggest down.",
        *RIGHT["a condition holds"][2:],
    ],
    "no agreement": [
        "Right, down, down, down. OK?",
        "I am not comfortable with all of them.",
        "Then right, up, right.",
        "I'm in full agreement." + END,
    ],
    "the corrected step is the wrong one": [
        "Right, please.",
        "Right. Then we go three steps down, excuse me, two steps down, onto the key.",
        "Two down, agreed. And then right, up, right.",
        "Right, up, right: agreed." + END,
    ],
    "what was only weighed is not asked for": [
        f"{ZERO} (0,1), (1,1), (2,1)?",
        "Agreed, all three. We could take the key at (3,1), but I can't see it. (2,2), (2,3)?",
        "Agreed to both." + END,
    ],
    "a wall in the part": [
        f"{ZERO} Route: (0,1), (1,1), (2,1), (2,2).",
        "Accepted, token on (2,1)? No: (1,1) is not accepted, because it is a wall for me. "
        "Instead: (3,1), (3,2), (2,2), (2,3).",
        "Accepted, all four. Token on (2,3)." + END,
    ],
    "the rest is put off": [
        f"{ZERO} (0,1), (1,1), (2,1), (3,1), (3,2), (2,2), (2,3).",
        "The first five are accepted, token on (3,2). Before I accept the rest, tell me if (2,2) is open.",
        "It is." + END,
    ],
    "the other is refused": [
        *RIGHT["another instead"][:4],
        "I can't agree to (3,2). From there (2,2), (2,3).",
        "Agreed to both." + END,
    ],
    "stopped": [
        f"{ZERO} (0,1), (1,1), (2,1)? Just stop me if you disagree.",
        "Stop, I disagree. Then the key (3,1), and (3,2).",
        "Agreed, both. (2,2) and (2,3).",
        "Agreed to both." + END,
    ],
    "the last is left for later": [
        *RIGHT["named one after the other"][:3],
        "I agree: we move to (2,2). (2,3) later.",
    ],
}


def strict(notes: list[str]) -> bool:
    view = "\n".join(ROWS)
    said = tuple(Said(1 + i % 2, text) for i, text in enumerate(notes))
    return grade(Game(ROWS, {1: view, 2: view}, said)).strict


@pytest.mark.parametrize("case", list(RIGHT))
def test_what_was_agreed_counts(case: str):
    assert strict(RIGHT[case])


@pytest.mark.parametrize("case", list(WRONG))
def test_what_was_not_agreed_does_not_count(case: str):
    assert not strict(WRONG[case])
