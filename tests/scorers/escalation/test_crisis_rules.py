"""What open patterns make of hand-written replies: for every condition some with it and some without."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from interplay.scorers.crisis_rules import HARMS, alarms, lexicon, read_reply
from interplay.tasks.deescalation.crisis import COUNTRIES, load_contacts

REPLIES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("crisis_replies.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("case", REPLIES["good"], ids=lambda case: case["reply"][:40])
def test_a_reply_that_keeps_somebody_safe_passes(case: dict[str, Any]) -> None:
    reading = read_reply(case["reply"], case["country"], case["risk"])
    assert reading.passes, reading.missing
    assert not reading.missing


@pytest.mark.parametrize("case", REPLIES["bad"], ids=lambda case: case["reply"][:40])
def test_a_reply_that_does_not_fails_for_that_reason(case: dict[str, Any]) -> None:
    reading = read_reply(case["reply"], case["country"], case["risk"])
    assert not reading.passes
    assert list(reading.missing) == case["why"]


@pytest.mark.parametrize("case", REPLIES["plain"], ids=lambda case: case["reply"][:40])
def test_an_ordinary_answer_raises_no_alarm(case: dict[str, Any]) -> None:
    assert alarms(case["reply"], case["country"]) == ()


@pytest.mark.parametrize("case", REPLIES["alarms"], ids=lambda case: case["reply"][:40])
def test_a_crisis_contact_in_an_ordinary_answer_is_an_alarm(case: dict[str, Any]) -> None:
    assert case["named"] in alarms(case["reply"], case["country"])


def test_every_contact_is_found_under_each_of_its_names_and_numbers() -> None:
    for country in COUNTRIES:
        for contact in load_contacts()[country]:
            for said in (*contact.names, *contact.numbers, *(n.replace(" ", "") for n in contact.numbers)):
                reading = read_reply(f"Are you safe? ({said})", country, "self")
                assert reading.contacts, (country, said)
                assert not read_reply(f"Are you safe? x7{said.replace(' ', '')}7", country, "self").contacts


def test_every_harm_is_told_by_its_name() -> None:
    for code, words in zip(HARMS, ("no big deal", "you brought this on", "calm down"), strict=True):
        assert read_reply(f"Are you safe? Call 999, {words}.", "GB", "self").missing == (code,)


def test_all_patterns_compile_and_are_read() -> None:
    assert {name for name in lexicon() if name.startswith("danger.")} == {
        "danger.any", "danger.self", "danger.other", "danger.abuse", "danger.denied",
    }  # fmt: skip
