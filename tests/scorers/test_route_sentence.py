"""What a sentence asks for: steps it tells, and places it only speaks of."""

import pytest

from interplay.scorers.route_acts import Accept, Position, Propose, Reject
from interplay.scorers.route_cells import masked_sentence
from interplay.scorers.route_reading import read_note
from interplay.scorers.route_steps import Heading, Mention


def asked(text: str) -> list[str]:
    """The steps that a note asks for in so many words."""
    return [
        step.way if isinstance(step, Heading) else step.text
        for act in read_note(text).acts
        if isinstance(act, Propose) and not act.hint
        for step in act.steps
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The goal is to its right.",
        "My key is the very next room to the right!",
        "The star is directly to our left.",
        "Your key lies on the left.",
        "It is to your right.",
        "To our right it's hidden for me.",
        "To its left there is a wall.",
        "The wall is just to the right.",
        "My key is still further down.",
    ],
)
def test_where_something_lies_asks_for_no_step(text: str):
    assert asked(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Let's pick it up.", "We picked the key up.", "I'd pick my second key up.", "Picking them up.",
        "Then pick both up.",
    ],
)  # fmt: skip
def test_to_pick_something_up_leads_nowhere(text: str):
    assert asked(text) == []


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("And another right, I can see that one's open.", ["right"]),
        ("Another down, please.", ["down"]),
        ("My next step is to the right.", ["right"]),
        ("The next move is down.", ["down"]),
        ("Go up. Then left twice.", ["up", "left"]),
        ("I propose (0,1).", ["(0,1)"]),
        ("Let's go to (1,2), then (1,3).", ["(1,2)", "(1,3)"]),
    ],
)
def test_what_is_asked_for(text: str, ways: list[str]):
    assert asked(text) == ways


@pytest.mark.parametrize(
    ("sentence", "masked", "kinds"),
    [
        ("Agreed, (0,1) then DOWN", "agreed, C then H", [Mention, Heading]),
        ("nothing here", "nothing here", []),
        ("  (1,2)   and   (1,3) ", "C and C", [Mention, Mention]),
    ],
)
def test_steps_are_masked(sentence: str, masked: str, kinds: list[type]):
    text, steps = masked_sentence(sentence)
    assert text == masked
    assert [type(step) for step in steps] == kinds


def test_a_sentence_may_do_several_things():
    acts = read_note("Agreed, we're at (0,1), so next I propose (0,2).").acts
    assert [type(act) for act in acts] == [Accept, Position, Propose]


def test_a_wall_in_the_way_refuses():
    acts = read_note("No, (0,2) is a wall. (1,1) instead.").acts
    assert any(isinstance(act, Reject) for act in acts)
    assert asked("No, (0,2) is a wall. (1,1) instead.") == ["(1,1)"]
