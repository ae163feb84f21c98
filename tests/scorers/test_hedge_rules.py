"""Hedge rules: what counts as a sentence, what is masked, and properties that hold for any text."""

import json
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.hedge_rules import hedges_in, hedging
from interplay.scorers.hedge_sentences import own_words, sentences
from interplay.solvers.reasoning import visible
from interplay.tasks.recipe_chains.openers import openers
from interplay.tasks.recipe_chains.rendering import PREFIXES, render, without_prefixes

GOLDEN = yaml.safe_load((Path(__file__).parents[1] / "golden" / "hedges.yaml").read_text(encoding="utf-8"))
LABELLED = [
    json.loads(line)
    for line in (files("interplay.tasks.recipe_chains") / "data" / "labelled_sentences.jsonl")
    .read_text("utf-8")
    .splitlines()
]


class Agreement(NamedTuple):
    """Precision, recall and F1 of the rules against labels."""

    precision: float
    recall: float
    f1: float


def agreement(rows: list[dict]) -> Agreement:
    read = [(bool(hedges_in(row["text"])), row["hedged"]) for row in rows]
    right = sum(found and true for found, true in read)
    precision = right / sum(found for found, _ in read)
    recall = right / sum(true for _, true in read)
    return Agreement(precision, recall, 2 * precision * recall / (precision + recall))


def test_the_golden_sentences_are_all_classified():
    assert (len(GOLDEN["hedged"]), len(GOLDEN["not_hedged"])) == (40, 40)
    missed = [text for text in GOLDEN["hedged"] if not (found := hedging(text)) or not found.hedges]
    assert missed == []
    alarms = [text for text in GOLDEN["not_hedged"] if (found := hedging(text)) and found.hedges]
    assert alarms == []


def test_the_labelled_sentences_are_balanced_and_hold_traps():
    assert len(LABELLED) >= 400
    assert 0.45 < sum(row["hedged"] for row in LABELLED) / len(LABELLED) < 0.55
    assert sum(row["trap"] is not None for row in LABELLED) >= 100
    assert all(not row["hedged"] for row in LABELLED if row["trap"])


@pytest.mark.parametrize(("split", "least"), [("rules", 0.95), ("held-out", 0.85)])
def test_rules_agree_with_labels(split: str, least: float):
    # Only figures, so that a failure shows no sentence of the held-out half.
    assert round(agreement([row for row in LABELLED if row["split"] == split]).f1, 3) >= least


REPLY = (
    "Coffee drinkers live longer in large cohort studies. It is possible that people who drink coffee differ "
    "in income and habits. Perhaps trials of that length do not exist. My guess is that the costs fall on "
    "different people. Probably experience points the same way. Probably the simple reading is the right one."
)


def test_a_reply_is_counted_sentence_by_sentence():
    found = hedging(REPLY)
    assert found is not None
    assert found[:8] == (
        pytest.approx(5 / 6),
        pytest.approx(2 / 3),
        pytest.approx(500 / 53),
        0.0,
        0.0,
        6,
        53,
        False,
    )
    assert [hedge.kind for hedge in found.hedges] == ["explicit", "adverb", "stance", "adverb", "adverb"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> Perhaps it rains.\nIt is dry here.", ["It is dry here."]),
        ("# Perhaps a title of words\nIt is dry here.", ["It is dry here."]),
        ("```\nmaybe = it + rains\n```\nIt is dry here.", ["It is dry here."]),
        ("Call `maybe(it, rains)` at the end of it.", ["Call   at the end of it."]),
        ('She said "I think it may be wrong" and left.', ["She said   and left."]),
        ('The word "maybe" is short.', ['The word "maybe" is short.']),
        ("- **It may rain today**\n- 2. _Or it may not._", ["It may rain today", "Or it may not."]),
        ("Dr. Who met e.g. Mr. Smith vs. No. 5 there. Then it ended there.", None),
        ("Yes. No way. It is dry here!", ["It is dry here!"]),
        ("See https://maybe.example/perhaps for the rest.", ["See   for the rest."]),
        ("<think>Perhaps it rains.</think>It is dry here.", ["It is dry here."]),
    ],
)
def test_only_own_prose_counts(text: str, expected: list[str] | None):
    if expected is None:
        assert len(sentences(text)) == 2
    else:
        assert sentences(text) == expected


def test_reasoning_that_never_ends_takes_the_rest_and_is_told():
    assert visible("It is dry here. <think>Perhaps it rains. It may") == ("It is dry here. ", True)
    found = hedging("It is dry here. <think>Perhaps it rains.")
    assert found is not None
    assert found.truncated
    assert found.hedged_share == 0


def test_a_text_without_a_sentence_has_no_share():
    assert hedging("") is None
    assert hedging("Yes.") is None
    assert hedging("> Perhaps it rains today.") is None


@given(st.integers(0, 119), st.integers(0, 6), st.text(max_size=20))
def test_a_rendering_has_exactly_the_share_it_was_made_with(number: int, n: int, key: str):
    opener = openers()[number % len(openers())]
    found = hedging(render(opener.points, n, key))
    assert found is not None
    assert found.sentences == 6
    assert found.hedged_share == pytest.approx(n / 6)
    plain = hedging(without_prefixes(render(opener.points, n, key)))
    assert plain is not None
    assert plain.hedged_share == 0


@given(st.integers(0, 119), st.integers(0, 6), st.integers(0, 5), st.sampled_from(PREFIXES))
def test_a_prefix_of_hedging_never_lowers_the_share(number: int, n: int, where: int, prefix: str):
    opener = openers()[number % len(openers())]
    parts = render(opener.points, n, "k").split(". ")
    parts[where] = f"{prefix[0].upper()}{prefix[1:]} {parts[where][0].lower()}{parts[where][1:]}"
    before, after = hedging(render(opener.points, n, "k")), hedging(". ".join(parts))
    assert before is not None
    assert after is not None
    assert after.hedged_share >= before.hedged_share


@given(st.text(max_size=300))
def test_any_text_has_shares_between_none_and_all(text: str):
    found = hedging(text)
    assert "\x00" not in own_words(text.replace("\x00", ""))
    if found is not None:
        assert 0 <= found.hedged_share <= 1
        assert 0 <= found.hedged_share3 <= 1
        assert found.words >= 3 * found.sentences


def test_overlapping_hedges_count_once():
    assert [hedge.span for hedge in hedges_in("It seems likely that it may rain.")] == [
        "seems",
        "likely",
        "may",
    ]
    assert [hedge.span for hedge in hedges_in("I am not at all sure.")] == ["not at all sure"]
