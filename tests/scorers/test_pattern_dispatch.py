"""Alternatives by first letter: the same matches as one plain pattern, for the whole lexicon of hedges."""

import json
import re
from functools import cache
from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.hedge_sentences import sentences
from interplay.scorers.pattern_dispatch import alternatives, by_first_letter, first_letters
from interplay.tasks.recipe_chains.partner_texts import partner_texts

RAW = yaml.safe_load((files("interplay.scorers") / "data" / "hedge_lexicon.yaml").read_text("utf-8"))
LISTS: dict[str, list[str]] = {
    **RAW["hedge"],
    "general": RAW["general"],
    "approximator": RAW["approximator"],
    **{f"mask {n}": [pattern] for n, pattern in enumerate(RAW["mask"])},
}
VOCABULARY = sorted({word for word in re.findall(r"[a-z]+(?:'[a-z]+)?", str(LISTS)) if len(word) > 1})


@cache
def both(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    plain = "|".join(f"(?:{pattern})" for pattern in LISTS[name])
    return re.compile(plain, re.IGNORECASE), by_first_letter(LISTS[name])


def spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


@cache
def corpus() -> tuple[str, ...]:
    lines = (files("interplay.tasks.recipe_chains") / "data" / "labelled_sentences.jsonl").read_text("utf-8")
    labelled = [str(json.loads(line)["text"]) for line in lines.splitlines()]
    return (*labelled, *(part for row in partner_texts("controlled") for part in sentences(row.text)))


@pytest.mark.parametrize("name", LISTS)
def test_labelled_sentences_and_renderings_have_the_same_matches(name: str) -> None:
    plain, quick = both(name)
    assert [spans(quick, text) for text in corpus()] == [spans(plain, text) for text in corpus()]


@given(
    st.lists(st.sampled_from([*VOCABULARY, "i", "I'm", "ſeem", "K", "§", "May", "3", ",", "-"]), max_size=12)
)
def test_any_words_have_the_same_matches(words: list[str]) -> None:
    text = " ".join(words)
    for name in LISTS:
        plain, quick = both(name)
        assert spans(quick, text) == spans(plain, text)


def test_bars_in_groups_and_sets_do_not_split() -> None:
    assert alternatives(r"a(?:b|c)|[|)]d|\|e|f") == ["a(?:b|c)", "[|)]d", r"\|e", "f"]


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        (r"\bmaybe", "m"),
        (r"\b(?:the )?(?:odds|chances)", "toc"),
        (r"\b(?:it|(?:a|one) man)s?", "iao"),
        (r"\bun?likely", "u"),
        (r"\bu?nlikely", None),
        (r"\b[ab]c", None),
        (r"\b(?:a|\w) b", None),
        (r"^\W*may", None),
    ],
)
def test_first_letters(pattern: str, letters: str | None) -> None:
    assert first_letters(pattern) == (None if letters is None else frozenset(letters))


def test_the_order_of_alternatives_decides_at_one_place() -> None:
    for patterns in (["\\bnot sure|\\bnot", "\\b(?:no|not)"], [r"^\W*not", r"\bnot sure"]):
        plain = re.compile("|".join(patterns), re.IGNORECASE)
        for text in ("not sure", "I am NOT sure", "no, not", "-not sure"):
            assert spans(by_first_letter(patterns), text) == spans(plain, text)
