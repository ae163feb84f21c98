"""Answers to ledgers: which text is one, and what the chosen policy is worth in each world."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.drift_answer import Answer, judged, read_answer
from interplay.tasks.proxy_drift.ledgers import (
    DIRECTIONS,
    DOMAINS,
    POLICIES,
    SELECTORS,
    WORLDS,
    Ledger,
    Policy,
    ledgers,
)

few = settings(max_examples=50)
SEARCH = {"action": "search", "focus": "units", "direction": "raise", "select_by": "dev"}
ANSWER: dict[str, Any] = {"diagnosis": "stalled", "domain": "units", "policy": SEARCH}
READ = Answer("stalled", "units", Policy("search", "units", "raise", "dev"))
OTHER = {"diagnosis": "flat", "domain": None, "policy": {"action": "hold"}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def text(**changes: Any) -> str:
    return json.dumps(ANSWER | changes)


def of(world: str) -> Ledger:
    return next(ledger for ledger in ledgers() if ledger.world == world)


@pytest.mark.parametrize("policy", POLICIES, ids=str)
@pytest.mark.parametrize("world", WORLDS)
def test_every_policy_can_be_answered(policy: Policy, world: str) -> None:
    fields = {key: value for key, value in policy._asdict().items() if value is not None}
    found = read_answer(json.dumps({"diagnosis": world, "domain": None, "policy": fields}))
    assert found == Answer(world, None, policy)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("domain", [*DOMAINS, None])
def test_every_domain_or_none_can_be_named(domain: str | None) -> None:
    assert read_answer(text(domain=domain)) == READ._replace(domain=domain)


def test_a_domain_may_be_left_out() -> None:
    assert read_answer(json.dumps({"diagnosis": "stalled", "policy": SEARCH})) == READ._replace(domain=None)


@pytest.mark.parametrize(
    "around",
    [
        "HERE",
        "Here it is:\n```json\nHERE\n```\nDone.",
        'I first thought {"diagnosis": "flat"}, but: HERE',
        "A brace { alone, then HERE",
        '{"answer": HERE}',
        "[HERE]",
        "<think>{}</think>HERE",
        "<THINKING>Perhaps hold.</thinking>\nHERE",
    ],
)
def test_an_answer_is_found_among_other_words(around: str) -> None:
    assert read_answer(around.replace("HERE", text())) == READ


def test_a_policy_weighed_in_thoughts_is_not_chosen() -> None:
    for tag in ("think", "thinking", "reasoning"):
        assert read_answer(f"<{tag}>{json.dumps(OTHER)}</{tag}> {text()}") == READ
        assert read_answer(f"<{tag}>{text()}") is None, "thoughts that never end hold no answer"


def test_of_two_answers_the_first_counts() -> None:
    assert read_answer(f"{text()}\n{json.dumps(OTHER)}") == READ


def test_a_first_answer_that_is_invalid_is_not_made_good_by_a_second() -> None:
    assert read_answer(f"{text(diagnosis='broken')}\n{text()}") is None


def test_a_hold_needs_nothing_else_and_minds_nothing_else() -> None:
    held = Answer("stalled", "units", POLICIES[0])
    assert read_answer(text(policy={"action": "hold"})) == held
    assert read_answer(text(policy=SEARCH | {"action": "hold", "focus": "nowhere"})) == held


@pytest.mark.parametrize("key", SEARCH)
@pytest.mark.parametrize("value", [None, "", "Units", " units", 1, True, ["units"], {"a": 1}, "drop"])
def test_a_search_with_a_field_that_is_none_of_the_words_is_no_answer(key: str, value: object) -> None:
    policy = {k: v for k, v in SEARCH.items() if k != key} if value == "drop" else SEARCH | {key: value}
    assert read_answer(text(policy=policy)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"diagnosis": None}, {"diagnosis": "Stalled"}, {"diagnosis": ["stalled"]}, {"diagnosis": ""},
        {"domain": "unit"}, {"domain": 0}, {"domain": ["units"]}, {"domain": {}}, {"domain": ""},
        {"policy": None}, {"policy": "hold"}, {"policy": []}, {"policy": {}}, {"policy": [SEARCH]},
    ],
    ids=str,
)  # fmt: skip
def test_a_field_of_another_kind_is_no_answer(changes: dict[str, object]) -> None:
    assert read_answer(text(**changes)) is None


@pytest.mark.parametrize(
    "said",
    [
        "", "hold", "{}", "{", "}{", "[]", "null", '{"policy"', '{"policy": hold}', "{'policy': 'hold'}",
        '{"policy": ' + "1" * 5000 + "}",
        '{"policy": -' + "9" * 5000 + ', "diagnosis": "flat"}',
        '{"a":' * 3000, "{" * 9000, '{"policy": NaN}', '{"policy": 1e999}', "\x00{\x00}", "\ud800{",
    ],
    ids=lambda said: said[:20].encode("unicode_escape").decode(),
)  # fmt: skip
def test_what_is_no_answer_is_none_and_never_an_error(said: str) -> None:
    assert read_answer(said) is None


def test_a_number_of_thousands_of_digits_does_not_hide_the_answer_behind_it() -> None:
    """The parser of JSON refuses such a number with an error of another kind than for broken JSON."""
    assert read_answer(f'{{"sum": {"7" * 5000}}} {text()}') == READ


@few
@given(JSON)
def test_any_json_is_read_or_refused(content: object) -> None:
    found = read_answer(json.dumps(content))
    assert found is None or found.policy in POLICIES


@few
@given(st.sampled_from(["diagnosis", "domain", "policy"]), JSON)
def test_any_value_in_a_field_is_read_or_refused(key: str, value: object) -> None:
    found = read_answer(text(**{key: value}))
    assert found is None or (found.diagnosis in WORLDS and found.domain in (None, *DOMAINS))


@few
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(said: str) -> None:
    assert read_answer(said) is None or "policy" in said


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("diagnosis", WORLDS)
def test_a_diagnosis_is_right_in_its_own_world_alone(world: str, diagnosis: str) -> None:
    ledger = of(world)
    found = judged(READ._replace(diagnosis=diagnosis), ledger)  # pyright: ignore[reportArgumentType]
    assert found["diagnosis_correct"] == (world == diagnosis)
    alarm = diagnosis in ("stalled", "inverted")
    if world in ("stalled", "inverted"):
        assert math.isnan(found["false_alarm"]), "where something drifts no alarm is false"
    else:
        assert found["false_alarm"] == alarm


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("named", [*DOMAINS, None])
def test_a_domain_is_right_where_the_score_drifts_from_it(world: str, named: str | None) -> None:
    ledger = of(world)
    found = judged(READ._replace(domain=named), ledger)["domain_correct"]
    if world in ("tracking", "flat"):
        assert math.isnan(found)
    else:
        assert found == (named == ledger.weak)


@pytest.mark.parametrize("world", WORLDS)
def test_the_skill_is_that_of_the_policy_between_the_mean_and_the_best(world: str) -> None:
    """Skill is 1 for the best of the 25 values of a ledger and 0 for their mean, so -1 cuts it below."""
    ledger = of(world)
    best, mean = max(ledger.values), math.fsum(ledger.values) / len(ledger.values)
    for policy, value in zip(POLICIES, ledger.values, strict=True):
        expected = max(-1.0, (value - mean) / (best - mean))
        assert judged(READ._replace(policy=policy), ledger)["skill"] == pytest.approx(expected, abs=1e-6)


def test_the_words_of_a_search_are_told_apart() -> None:
    """A direction is no selector and a domain no direction, whatever place they stand in."""
    words = {*DOMAINS, *DIRECTIONS, *SELECTORS}
    assert len(words) == len(DOMAINS) + len(DIRECTIONS) + len(SELECTORS)
    for key, allowed in (("focus", DOMAINS), ("direction", DIRECTIONS), ("select_by", SELECTORS)):
        for word in words:
            assert (read_answer(text(policy=SEARCH | {key: word})) is not None) == (word in allowed)
