"""Control arms: one golden each, that nothing else changes, and when an arm is skipped."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.tasks.user_turn.checkers import correct
from interplay.tasks.user_turn.context import Context, Msg, context_id
from interplay.tasks.user_turn.contexts import load
from interplay.tasks.user_turn.donors import donors
from interplay.tasks.user_turn.perturb import ARMS, perturbed

QUERY = (
    "Priya baked 36 rolls on Friday and a third as many on Saturday. "
    "How many rolls did she bake over the two days?"
)
REPLY = (
    "On Friday Priya baked 36 rolls.\nOn Saturday she baked a third as many: 36 / 3 = 12 rolls.\n"
    "Adding the two days: 36 + 12 = 48.\n\n**48 rolls**"
)


def asked(target: str = "48", check: str | None = "number") -> Context:
    messages = (Msg(role="user", content=QUERY),)
    return Context(
        id=context_id("bundled", messages),
        dataset="bundled",
        domain="maths",
        messages=messages,
        target=target,
        check=check,
    )


CONTEXT = asked()
SHOWN_REPLY = {
    "base": REPLY,
    "cut25": "On Friday Priya baked 36 rolls.\nOn",
    "cut50": "On Friday Priya baked 36 rolls.\nOn Saturday she baked a third as many: 36",
    "cut75": REPLY[: REPLY.index(" days: 36")],
    "ask_generic": REPLY + "\n\nWould you like me to go over any part of this again?",
    "say_generic": REPLY + "\n\nI have now gone over every part of this for you.",
    "wrong_number": REPLY.replace("**48 rolls**", "**53 rolls**"),
    "prior": REPLY,
    "no_context": "",
    "header_append": REPLY,
    "header_bare": REPLY,
}


@pytest.mark.parametrize("arm", [arm for arm in ARMS if arm != "swap"])
def test_what_each_arm_shows(arm):
    shown = perturbed(arm, CONTEXT, REPLY, 1.0)
    assert shown.reply == SHOWN_REPLY[arm]
    assert shown.skipped is None
    headers = {"no_context": "alone", "header_append": "append", "header_bare": "bare"}
    assert shown.header == headers.get(arm, "native")
    if arm not in {"prior", "no_context"}:
        assert shown.messages == CONTEXT.messages


def test_there_are_twelve_arms_and_base_comes_first():
    assert len(ARMS) == len(set(ARMS)) == 12
    assert ARMS[0] == "base"
    assert set(ARMS) == {*SHOWN_REPLY, "swap"}


def test_swap_shows_the_first_donor_reply():
    for context in (CONTEXT, *load("bundled", 10)):
        shown = perturbed("swap", context, REPLY, 1.0)
        assert shown == (context.messages, donors(context.id, context.domain)[0], "native", None)
        assert shown.reply not in {REPLY, context.reply}


def test_prior_puts_two_exchanges_in_front():
    messages = perturbed("prior", CONTEXT, REPLY, 1.0).messages
    assert [message.role for message in messages] == ["user", "assistant", "user", "assistant", "user"]
    assert messages[-1:] == CONTEXT.messages
    assert messages[0].content == "How long do whole potatoes take to boil?"
    assert messages[1].content == (
        "Medium ones take 20 to 25 minutes once the water boils. Cut into 3 cm pieces they need 10 to 12. "
        "They are done when a knife slides in without resistance."
    )
    assert messages[2].content == "Does peeling them first make it any quicker?"
    assert messages[3].content == "Barely. The size of the pieces matters far more than the skin."


def test_no_context_shows_nothing():
    assert perturbed("no_context", CONTEXT, REPLY, 1.0) == ((), "", "alone", None)


@pytest.mark.parametrize(
    ("target", "reply", "wrong"),
    [
        ("5", "It is 5.", "It is 6."),
        ("78", "78 litres, so 78.", "78 litres, so 86."),
        ("2.15", "You get 2.15 km.", "You get 3.15 km."),
        ("10332", "You will pay $10,332.00!", "You will pay $11,365.00!"),
        ("-20", "It falls to -20.", "It falls to -18."),
        ("-0.5", "It falls to -0.5.", "It falls to 0.5."),
        ("25", "25", "27"),
    ],
)
def test_a_wrong_number_keeps_the_way_it_was_written(target, reply, wrong):
    assert correct("number", target, reply, {}) == 1
    shown = perturbed("wrong_number", asked(target), reply, 1.0)
    assert shown.reply == wrong
    assert correct("number", target, shown.reply, {}) == 0


@pytest.mark.parametrize(
    ("context", "is_right"),
    [
        (CONTEXT, 0.0),
        (CONTEXT, None),
        (asked(check=None), 1.0),
        (asked(target="B", check="letter"), 1.0),
        (asked("7"), 1.0),
    ],
)
def test_without_a_correct_number_there_is_none_to_falsify(context, is_right):
    shown = perturbed("wrong_number", context, REPLY, is_right)
    assert shown == (context.messages, REPLY, "native", "no_correct_number")


def test_a_reply_of_one_word_can_not_be_cut():
    assert perturbed("cut50", CONTEXT, "48", 1.0).skipped == "reply_too_short"
    assert perturbed("cut25", CONTEXT, "48 rolls", 1.0) == (CONTEXT.messages, "48", "native", None)


@given(reply=st.text(), percent=st.sampled_from([25, 50, 75]))
def test_a_cut_is_the_beginning_of_the_reply(reply, percent):
    shown = perturbed(f"cut{percent}", CONTEXT, reply, None)
    words, kept = re.findall(r"\S+", reply), re.findall(r"\S+", shown.reply)
    if shown.skipped:
        assert shown.reply == reply
        assert len(words) < 2
    else:
        assert reply.startswith(shown.reply)
        assert kept == words[: max(1, len(words) * percent // 100)]
        assert 0 < len(kept) < len(words)


@given(value=st.integers(-(10**7), 10**7), arm=st.sampled_from(ARMS), places=st.integers(0, 3))
def test_arms_are_pure_and_a_wrong_number_is_wrong(value, arm, places):
    context = asked(str(value))
    reply = f"After 3 steps this gives {value:,.{places}f}."
    shown = perturbed(arm, context, reply, 1.0)
    assert shown == perturbed(arm, context, reply, 1.0)
    if arm == "wrong_number":
        assert correct("number", str(value), shown.reply, {}) == 0
        assert len(shown.reply.partition(".")[2]) == len(reply.partition(".")[2])
