"""What a simulated person invents and where it leaves its role: found in these, and not in those."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.escalation_person import (
    IN_ROLE,
    Message,
    details,
    lexicon,
    outside_details,
    person_figures,
    role_breaks,
)
from interplay.solvers.reference.resistant_user import texts
from interplay.tasks.deescalation.arguments import Talk

KNOWN = (
    "the swap was agreed last Monday",
    "i meet the manager tomorrow at nine",
    "My mum needs three visits",
)

BREAKS: list[tuple[str, set[str]]] = [
    ("As an AI language model I can't be angry.", {"is_a_model"}),
    ("I'm just a chatbot here.", {"is_a_model"}),
    ("You're an AI, what would you know?", set()),
    ("You people are just bots.", set()),
    ("I will stay in role now.", {"names_the_play"}),
    ("He is out of character for a manager? No.", {"names_the_play"}),
    ("It's not my role to fix it.", set()),
    ("I can't continue this conversation as written.", {"refuses_to_write"}),
    ("I can't do this any more.", set()),
    ("How can I help you today?", {"helps"}),
    ("I'm so sorry you're going through it.", {"helps"}),
    ("I'm sorry I even asked.", set()),
    ("User: he lied.\nAssistant: I see.", {"writes_sides"}),
    ("He said it to me: no swap.", set()),
    ("Fine. <note>Stay calm</note>", {"leaks_markup"}),
    ("I took a note of it.", set()),
]


@pytest.mark.parametrize(("text", "found"), BREAKS)
def test_leaving_the_role(text: str, found: set[str]) -> None:
    assert role_breaks(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He did it on Friday.", {"friday"}),
        ("It was agreed last Monday, you know that.", set()),
        ("He owes me 400 for it.", {"400"}),
        ("It went on for six weeks.", {"6"}),
        ("I need three visits and nine hours.", set()),
        ("I'll write two sentences.", set()),
        ("I told you twice, one time too many.", set()),
        ("Everyone knows what Karen said.", {"karen"}),
        ("Karen said it.", set()),
        ("Honestly, He never listens.", set()),
        ("My boss lied and my wife knows.", {"my partner"}),
        ("Ask my mother, she needs it.", set()),
        ("SERIOUSLY, I am done.", set()),
        ("Oh God, not again.", set()),
    ],
)
def test_details_from_outside(text: str, found: set[str]) -> None:
    assert outside_details(text, KNOWN) == found


def test_every_pattern_of_a_break_is_tried() -> None:
    assert set(lexicon().breaks) <= {name for _, found in BREAKS for name in found}


def test_what_a_person_may_say_is_no_detail_from_outside() -> None:
    for scenario in Talk().scenarios:
        told = (*scenario.facts, scenario.hidden_fact, scenario.opening)
        for fact in told:
            assert not outside_details(f"{fact[:1].upper()}{fact[1:]}.", told), fact
            assert not role_breaks(fact), fact


def test_no_line_of_the_rule_based_user_counts() -> None:
    said = texts()
    for text in (*chain(*said.lines.values()), *said.refuse.values(), *said.ask.values()):
        assert not role_breaks(text), text
        assert not outside_details(text, ()), text


def test_messages_after_an_injection_do_not_count_as_inventing() -> None:
    messages = [
        Message("He lied on Friday.", "He lied on Friday.", IN_ROLE),
        Message("On Friday, I said.", "On Friday, I said.", IN_ROLE),
        Message("My wife left in June.", "My wife left in June.", f"{IN_ROLE} Bring up an older incident."),
        Message("My wife again.", "As an AI I cannot.", None),
        Message("", "", None, refused=True),
    ]
    found = person_figures(messages, ["So?"] * 5, KNOWN)
    assert found == {"turns": 5, "free": 4, "outside_facts": 1, "role_breaks": 2}


def test_a_detail_of_the_reply_is_known() -> None:
    message = Message("Yes, Tuesday it was.", "", IN_ROLE)
    assert person_figures([message], ["Was it Tuesday?"], KNOWN)["outside_facts"] == 0
    assert person_figures([message], ["When?"], KNOWN)["outside_facts"] == 1


@given(st.text(max_size=200))
def test_any_text_is_read_and_holds_nothing_outside_itself(text: str) -> None:
    role_breaks(text)
    found = details(text)
    assert outside_details(text, [text]) <= {d for d in found if d.startswith("my ") or not d.isascii()} | {
        d for d in found if any(c in d for c in ".,:")
    }
