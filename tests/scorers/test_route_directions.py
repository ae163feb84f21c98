"""Games played by directions alone, on a maze whose way is right, down, down, right, right."""

import pytest

from interplay.scorers.route_grade import Game, Said, Verdict, grade
from interplay.scorers.route_rows import with_routes

ROWS = ("@..#.", "#.##.", "#...*", "#....")
"""The shortest way is right, down, down, right, right, right."""
WAY = [(0, 1), (1, 1), (2, 1), (2, 2), (2, 3), (2, 4)]


def verdict(*notes: str) -> Verdict:
    view = "\n".join(ROWS)
    return grade(Game(ROWS, {1: view, 2: view}, tuple(Said(1 + i % 2, text) for i, text in enumerate(notes))))


def route(*notes: str) -> list[tuple[int, int]]:
    return [step.cell for step in verdict(*notes).steps]


@pytest.mark.parametrize(
    "notes",
    [
        ("Right?", "Right. Then down.", "Down, down.", "Down, yes. Right x3?", "Right three, agreed."),
        ("Go right.", "Ok. Down twice?", "Down twice, and the goal is to our right. So right 3.", "Yes."),
        ("* **Right** 1 (can you confirm?)\n* **Down** 2\n* **Right** 3", "Agreed to all of it.\nTAVIREL!"),
        ("1. right\n2. down\n3. down\n4. right\n5. right\n6. right", "Yes to all.\nTAVIREL!"),
        ("- right\n- then down\n- down\n- right three", "Sounds good.\nTAVIREL!"),
        ("Right, then down twice?", "So yes, right, then down twice, and we're below. Then right three.",
         "Right three, agreed."),
        ("I'd go right.", "Yes, right. Then down 1.", "Agreed, so down 2 in total.",
         "Down 2, agreed. Right 3?", "Yes."),
        ("I'd go right.", "Right, key collected. Down twice?", "Down twice. Right 3.", "Right 3, ok."),
        ("Right, down twice.", "Yes. So we're two down and one right of it. Then right three.", "Agreed."),
        ("Down?", "No, down is a wall. Right works.", "OK, right. Down twice?",
         "Down twice. Right 3?", "Yes."),
        ("I'd go \u27a1\ufe0f (1 right).", "Yes. \u2b07\u2b07 down 2?", "Yes.", "Then right 3.", "Yes."),
        ("Right then.", "Ok. Down twice then. Any objections?", "No. And right 3?", "Yes."),
    ],
)  # fmt: skip
def test_what_both_say_is_walked_once(notes: tuple[str, ...]):
    assert route(*notes) == WAY
    assert verdict(*notes).strict


@pytest.mark.parametrize(
    "notes",
    [
        ("Right?", "Right. Then down.", "Down, down.", "Down, yes. Right x3?", "No, that's too far."),
        ("* **Right** 1\n* **Down** 2\n* **Right** 3", "Agreed to the first of it only."),
        ("* **Right** 1\n* **Down** 2\n* **Right** 3", "I can't see that, is it open?"),
        (
            "I'd go right.",
            "Yes, right. Then down 1.",
            "Agreed, so down 2 in total. Right 3?",
            "Wait, not yet.",
        ),
        ("Right, down twice.", "Yes. Then right three. Any objections?", "Yes, there is a wall."),
        ("Right, down twice.", "Yes. Then right three?", "No."),
    ],
)
def test_what_one_of_them_does_not_agree_to_is_not_walked(notes: tuple[str, ...]):
    assert not verdict(*notes).strict


@pytest.mark.parametrize(
    "text", ["then back up 1", "go back up", "head back up, right 1", "back up twice", "back up one"]
)
def test_back_up_leads_up(text: str):
    assert route("Right, down twice.", "Agreed.", text, "Agreed.")[3] == (1, 1)


@pytest.mark.parametrize("text", ["Let me back up for a moment.", "I have a back up of it."])
def test_other_back_ups_lead_nowhere(text: str):
    assert route("Right, down twice.", "Agreed.", text, "Agreed.") == WAY[:3]


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["* right", "* down 2"], ["Moves: right, down 2"]),
        (["1. Right (open)", "2. **Down**", "3. then left"], ["Moves: Right, Down, then left"]),
        (["Plan:", "- up", "- up", "Fine?"], ["Plan:", "Moves: up, up", "Fine?"]),
        (["- right"], ["- right"]),
        (["- right", "", "- down"], ["- right", "", "- down"]),
        (["- right: open", "- down: wall"], ["- right: open", "- down: wall"]),
        (["- right ok", "- down ok"], ["- right ok", "- down ok"]),
        (["- to (0,1)", "- to (0,2)"], ["- to (0,1)", "- to (0,2)"]),
        (["right", "down"], ["right", "down"]),
        ([], []),
    ],
)
def test_list_items_of_directions_alone_are_one_route(lines: list[str], joined: list[str]):
    assert list(with_routes(lines)) == joined
