"""Which sentences mark their claim as provisional, by an open lexicon (pure).

    "It may rain later."  ->  modal          "May I ask?"  ->  nothing: a request
    "I think it holds."   ->  stance         "About 30 people came."  ->  an approximation, no hedge

The patterns stand in `data/hedge_lexicon.yaml`. A sentence is hedged if one of them matches what is left
after look-alikes are masked.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple, cast

from interplay.solvers.reasoning import visible
from interplay.tasks import yaml_text

from .hedge_sentences import sentences, words
from .pattern_dispatch import by_first_letter

MASK = " § "
FIRST = 3
"""Sentences of the measure that long replies do not dilute."""


class Hedge(NamedTuple):
    """One match: the sentence it stands in, its class, and the words."""

    sentence: int
    kind: str
    span: str


class Hedging(NamedTuple):
    """How a reply marks its claims; shares are NaN-free and belong to at least one sentence.

    Attributes:
        hedged_share: Share of sentences with a hedge.
        hedged_share3: The same over the first three sentences.
        hedges_per_100w: Hedges that do not overlap, per 100 words.
        general_share: Share of sentences with a word of general validity ("usually").
        approx_share: Share of sentences with an approximate number.
        sentences: How many there are.
        words: Words of all sentences.
        truncated: A block of reasoning was never closed.
        hedges: Every match.
    """

    hedged_share: float
    hedged_share3: float
    hedges_per_100w: float
    general_share: float
    approx_share: float
    sentences: int
    words: int
    truncated: bool
    hedges: tuple[Hedge, ...]


class Lexicon(NamedTuple):
    """The compiled patterns."""

    mask_cased: tuple[re.Pattern[str], ...]
    mask: tuple[re.Pattern[str], ...]
    hedge: Mapping[str, re.Pattern[str]]
    general: re.Pattern[str]
    approximator: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The patterns of the package."""
    text = (files("interplay.scorers") / "data" / "hedge_lexicon.yaml").read_text("utf-8")
    raw = cast(dict[str, list[str] | dict[str, list[str]]], yaml_text.content(text))
    plain, hedge = cast(dict[str, list[str]], raw), cast(dict[str, list[str]], raw["hedge"])
    return Lexicon(
        tuple(re.compile(pattern) for pattern in plain["mask_cased"]),
        tuple(by_first_letter([pattern]) for pattern in plain["mask"]),
        {kind: by_first_letter(patterns) for kind, patterns in hedge.items()},
        by_first_letter(plain["general"]),
        by_first_letter(plain["approximator"]),
    )


def masked(sentence: str) -> str:
    """The sentence with look-alikes of hedges blanked."""
    for pattern in (*lexicon().mask_cased, *lexicon().mask):
        sentence = pattern.sub(MASK, sentence)
    return sentence


def hedges_in(sentence: str, number: int = 0) -> list[Hedge]:
    """The hedges of one sentence, left to right, without overlaps; of two at one place the longer."""
    text = masked(sentence)
    found = [
        (match.start(), -match.end(), kind)
        for kind, pattern in lexicon().hedge.items()
        for match in pattern.finditer(text)
    ]
    kept: list[Hedge] = []
    end = 0
    for start, stop, kind in sorted(found):
        if start >= end:
            kept.append(Hedge(number, kind, text[start:-stop]))
            end = -stop
    return kept


def hedging(text: str) -> Hedging | None:
    """How a reply hedges; None if it has no sentence."""
    parts = sentences(text)
    if not parts:
        return None
    hedges = [hedge for number, part in enumerate(parts) for hedge in hedges_in(part, number)]
    hedged = {hedge.sentence for hedge in hedges}
    size, total = len(parts), sum(len(words(part)) for part in parts)
    first = min(FIRST, size)
    return Hedging(
        len(hedged) / size,
        sum(number < first for number in hedged) / first,
        100 * len(hedges) / total,
        sum(bool(lexicon().general.search(part)) for part in parts) / size,
        sum(bool(lexicon().approximator.search(part)) for part in parts) / size,
        size,
        total,
        visible(text).unclosed,
        tuple(hedges),
    )
