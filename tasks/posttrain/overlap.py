"""Overlap of training texts with test items: the constants of PostTrainBench's check (pure).

Each field of an item is cut into n-grams of words (question 5, answer 3). A text's score for
a field is the share of its n-grams that the text holds, each counted by how rare it is; the
fields are weighed 0.75 and 0.25. A hit needs 0.8 of a question of 50 words and more, rising linearly to 1.0
at 20 words and fewer.

    overlaps([("How many legs does a spider have ?", "8")], ["A spider was seen."])    [False]
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

WORD = re.compile(r"\w+")
SYMBOL = re.compile(r"\w+|[^\w\s]")
QUESTION_WORDS, ANSWER_WORDS = 5, 3
QUESTION_WEIGHT, ANSWER_WEIGHT = 0.75, 0.25
LEAST_SHARE = 0.8
PERFECT_BELOW, LEAST_FROM = 20, 50
"""Question lengths, in words, up to which every n-gram must match, and from which 0.8 of them are enough."""
COMMON = 0.01
"""Weight of an n-gram that every item holds."""

Ngram = tuple[str, ...]


class Hit(NamedTuple):
    """An item that a text overlaps with: its place, the score, and the score that was needed."""

    item: int
    score: float
    needed: float


class Field(NamedTuple):
    """The n-grams of one field and the number of its words."""

    ngrams: frozenset[Ngram]
    words: int


def words_of(text: str) -> list[str]:
    """Words in lower case; of a text that is mostly signs, the signs as well."""
    chunks = text.split()
    plain = WORD.findall(text.lower())
    return plain if 2 * len(plain) >= len(chunks) else SYMBOL.findall(text.lower())


def field_of(text: str, n: int) -> Field:
    """The n-grams of a text; one that is shorter is a single n-gram."""
    words = words_of(text)
    ngrams = {tuple(words[i : i + n]) for i in range(len(words) - n + 1)} or (
        {tuple(words)} if words else set()
    )
    return Field(frozenset(ngrams), len(words))


def needed_share(words: int) -> float:
    """The share of n-grams that makes a hit, by the length of the question."""
    part = (words - PERFECT_BELOW) / (LEAST_FROM - PERFECT_BELOW)
    return 1.0 + min(1.0, max(0.0, part)) * (LEAST_SHARE - 1.0)


class Reference:
    """The test items, indexed by the n-grams of their questions and answers."""

    def __init__(self, items: Sequence[tuple[str, str]]) -> None:
        self.questions = [field_of(question, QUESTION_WORDS) for question, _ in items]
        self.answers = [field_of(answer, ANSWER_WORDS) for _, answer in items]
        self.rarity = _rarity(self.questions), _rarity(self.answers)
        self.holders: dict[Ngram, list[int]] = defaultdict(list)
        for item, question in enumerate(self.questions):
            for ngram in question.ngrams:
                self.holders[ngram].append(item)
        self.lengths = sorted(
            {len(n) for fields in (self.questions, self.answers) for f in fields for n in f.ngrams}
        )

    def hits(self, text: str) -> list[Hit]:
        """The items that a text overlaps with, best first."""
        words = words_of(text)
        held = {tuple(words[i : i + n]) for n in self.lengths for i in range(len(words) - n + 1)}
        candidates = {item for ngram in held if ngram in self.holders for item in self.holders[ngram]}
        found: list[Hit] = []
        for item in candidates:
            question = _share(self.questions[item], held, self.rarity[0])
            answer = _share(self.answers[item], held, self.rarity[1])
            score = max(question, QUESTION_WEIGHT * question + ANSWER_WEIGHT * answer)
            needed = needed_share(self.questions[item].words)
            if score >= needed - 1e-9:
                found.append(Hit(item, round(score, 4), round(needed, 4)))
        return sorted(found, key=lambda hit: (-hit.score, hit.item))


def overlaps(items: Iterable[tuple[str, str]], texts: Iterable[str]) -> list[bool]:
    """Whether each text overlaps with any of the (question, answer) items."""
    reference = Reference(list(items))
    return [bool(reference.hits(text)) for text in texts]


def _rarity(fields: Sequence[Field]) -> dict[Ngram, float]:
    count = Counter(ngram for field in fields for ngram in field.ngrams)
    return {ngram: max(COMMON, math.log(len(fields) / n)) for ngram, n in count.items()}


def _share(field: Field, held: set[Ngram], rarity: dict[Ngram, float]) -> float:
    total = math.fsum(rarity[ngram] for ngram in field.ngrams)
    return math.fsum(rarity[ngram] for ngram in field.ngrams if ngram in held) / total if total else 0.0
