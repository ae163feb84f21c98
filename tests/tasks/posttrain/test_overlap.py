"""The overlap check against a slow reading of the same rule, and worked examples."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.posttrain.overlap import (
    COMMON,
    Hit,
    Reference,
    field_of,
    needed_share,
    overlaps,
    words_of,
)

SPIDER = ("How many legs does a spider have ?", "8")


def numbered(n: int, stem: str = "w") -> str:
    """A text of n different words."""
    return " ".join(f"{stem}{i}" for i in range(n))


def slow_grams(text: str, n: int) -> set[tuple[str, ...]]:
    words = words_of(text)
    if not words:
        return set()
    return {tuple(words[i : i + n]) for i in range(max(1, len(words) - n + 1))}


def slow_share(items: list[str], i: int, text: str, n: int) -> float:
    """The share of an item's n-grams that a text holds, each weighed by the log of how few items hold it."""
    grams = [slow_grams(item, n) for item in items]
    weight = {
        gram: max(COMMON, math.log(len(items) / sum(gram in other for other in grams))) for gram in grams[i]
    }
    words = words_of(text)
    held = {
        gram
        for gram in grams[i]
        if any(tuple(words[at : at + len(gram)]) == gram for at in range(len(words) - len(gram) + 1))
    }
    return sum(weight[gram] for gram in held) / sum(weight.values()) if weight else 0.0


def slow_hits(items: list[tuple[str, str]], text: str) -> set[int]:
    questions, answers = [q for q, _ in items], [a for _, a in items]
    found: set[int] = set()
    for i in range(len(items)):
        question, answer = slow_share(questions, i, text, 5), slow_share(answers, i, text, 3)
        if (
            question
            and max(question, 0.75 * question + 0.25 * answer)
            >= needed_share(len(words_of(questions[i]))) - 1e-9
        ):
            found.add(i)
    return found


words = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=14).map(" ".join)


@settings(max_examples=50)
@given(st.lists(st.tuples(words, words), max_size=5), words)
def test_hits_are_those_of_a_slow_reading_of_the_rule(items: list[tuple[str, str]], text: str) -> None:
    assert {hit.item for hit in Reference(items).hits(text)} == slow_hits(items, text)


@settings(max_examples=50)
@given(st.lists(st.tuples(words, words), max_size=5), words, words)
def test_more_text_around_it_never_hides_an_overlap(
    items: list[tuple[str, str]], text: str, more: str
) -> None:
    reference = Reference(items)
    before = {hit.item for hit in reference.hits(text)}
    assert before <= {hit.item for hit in reference.hits(f"{text} {more}")}
    assert before <= {hit.item for hit in reference.hits(f"{more} {text}")}


@settings(max_examples=50)
@given(st.integers(0, 200))
def test_what_is_needed_falls_from_all_to_four_fifths_as_questions_grow(words: int) -> None:
    assert 0.8 <= needed_share(words + 1) <= needed_share(words) <= 1.0


@pytest.mark.parametrize(
    ("words", "share"), [(0, 1.0), (20, 1.0), (21, 1 - 0.2 / 30), (35, 0.9), (49, 0.8 + 0.2 / 30), (50, 0.8)]
)
def test_the_bend_lies_at_twenty_and_at_fifty_words(words: int, share: float) -> None:
    assert needed_share(words) == pytest.approx(share, abs=1e-12)


def test_a_short_question_has_to_match_whole() -> None:
    assert overlaps([SPIDER], ["how MANY legs does a spider have?!", "many legs does a spider have"]) == [
        True,
        False,
    ]


def test_the_share_counts_rare_grams_more() -> None:
    """Two questions share their first seven words, so that three of the five 5-grams of each are common.

    With two items a common gram weighs COMMON (log 1 = 0), one of a single item log 2. Of a text with the
    common start alone the share is 3 COMMON / (3 COMMON + 2 log 2).
    """
    start = numbered(7)
    items = [(f"{start} red house", ""), (f"{start} blue tree", "")]
    share = 3 * COMMON / (3 * COMMON + 2 * math.log(2))
    assert slow_share([q for q, _ in items], 0, start, 5) == pytest.approx(share)
    assert overlaps(items, [start, f"{start} red house"]) == [False, True]
    (hit,) = Reference(items).hits(f"{start} red house")
    assert hit == Hit(0, 1.0, 1.0)


def test_the_answer_helps_a_long_question_but_never_hurts_it() -> None:
    """Of a question of 60 words 0.8 is needed; a text with 46 words in a row holds 42 of its 56 5-grams.

    42 / 56 = 0.75 alone is too little; with the answer 0.75 · 0.75 + 0.25 = 0.8125 is enough.
    """
    question, answer = numbered(60), "seven red apples"
    part = " ".join(question.split()[:46])
    assert overlaps([(question, answer)], [part, f"{part} {answer}"]) == [False, True]
    (hit,) = Reference([(question, answer)]).hits(f"{part} {answer}")
    assert hit == Hit(0, 0.8125, 0.8)
    whole = Reference([(question, answer)]).hits(question)
    assert whole == [Hit(0, 1.0, 0.8)]


def test_questions_are_cut_into_fives_and_answers_into_threes() -> None:
    reference = Reference([(numbered(7), numbered(4, "a"))])
    assert sorted(map(len, reference.questions[0].ngrams)) == [5, 5, 5]
    assert sorted(map(len, reference.answers[0].ngrams)) == [3, 3]


def test_an_answer_alone_is_no_overlap() -> None:
    assert overlaps([SPIDER, ("What is the capital of France ?", "Paris")], ["8", "Paris"]) == [False, False]


def test_hits_are_sorted_by_score_then_by_place() -> None:
    """The first item is held in part, the other two whole."""
    long = numbered(60, "x")
    items = [(long, "never told"), (numbered(6, "y"), ""), (numbered(6, "z"), "")]
    part = " ".join(long.split()[:55])
    found = Reference(items).hits(f"{numbered(6, 'z')} . {numbered(6, 'y')} . {part}")
    assert [hit.item for hit in found] == [1, 2, 0]
    assert all(first.score >= second.score for first, second in pairwise(found))


def test_every_copy_of_an_item_is_named() -> None:
    assert [hit.item for hit in Reference([SPIDER, SPIDER]).hits(SPIDER[0])] == [0, 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How  many\tlegs?", ["how", "many", "legs"]),
        ("x+1=2 and y", ["x", "1", "2", "and", "y"]),
        ("# @ . / ? *", ["#", "@", ".", "/", "?", "*"]),
        ("a # @ . /", ["a", "#", "@", ".", "/"]),
        ("a b # @", ["a", "b"]),
        ("ÄRGER مرحبا 数学", ["ärger", "مرحبا", "数学"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_signs_count_where_a_text_is_mostly_signs(text: str, expected: list[str]) -> None:
    """Two words to four chunks are just enough to leave signs out, one word to five chunks is not."""
    assert words_of(text) == expected


@pytest.mark.parametrize(
    ("text", "n", "grams", "words"),
    [
        ("a b c", 5, {("a", "b", "c")}, 3),
        ("a b c", 3, {("a", "b", "c")}, 3),
        ("a b c", 2, {("a", "b"), ("b", "c")}, 3),
        ("a a a", 2, {("a", "a")}, 3),
        ("", 5, set(), 0),
    ],
)
def test_a_field_is_its_distinct_grams_and_its_length(text: str, n: int, grams: set, words: int) -> None:
    field = field_of(text, n)
    assert (set(field.ngrams), field.words) == (grams, words)


def test_empty_questions_and_empty_tests_overlap_with_nothing() -> None:
    assert overlaps([("", "")], ["", "anything", SPIDER[0]]) == [False] * 3
    assert overlaps([], [SPIDER[0]]) == [False]
    assert overlaps([SPIDER], []) == []
