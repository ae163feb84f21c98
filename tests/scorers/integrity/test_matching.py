"""The five ways of looking for an item in a record, against readings of each that are slow and plain."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.scorers.integrity.matching import (
    GRAM,
    LAYERS,
    NAME,
    NUMBER,
    LayerName,
    Matcher,
    Tokens,
    forms,
    grams,
    union,
)

WORDS = ["Ana", "ben", "7", "42", ".", "pens", "USA", "<u>"]
texts = st.lists(st.sampled_from(WORDS), max_size=16).map(" ".join)
FORM: dict[LayerName, int] = {"exact": 0, "ngram": 0, "exact_names": 1, "ngram_names": 1, "exact_numbers": 2}


def holds_row(record: Tokens, item: Tokens) -> bool:
    """Whether all tokens of an item stand in a record in a row."""
    n = len(item)
    return bool(item) and any(record[i : i + n] == item for i in range(len(record) - n + 1))


def holds_most(record: Tokens, item: Tokens) -> bool:
    """Whether a record holds at least four fifths of an item's distinct grams."""
    own = grams(item)
    held = sum(holds_row(record, gram) for gram in own)
    return bool(own) and held >= math.ceil(0.8 * len(own) - 1e-9)


@settings(max_examples=50)
@given(st.lists(texts, max_size=5), texts)
def test_every_layer_finds_what_a_slow_reading_finds(prompts: list[str], record: str) -> None:
    found = Matcher(prompts).matches(record)
    assert tuple(found) == LAYERS
    for name, form in FORM.items():
        holds = holds_row if name.startswith("exact") else holds_most
        expected = {i for i, p in enumerate(prompts) if holds(forms(record)[form], forms(p)[form])}
        assert found[name] == expected, name


@settings(max_examples=50)
@given(st.lists(texts, max_size=5), texts)
def test_a_hit_in_the_words_themselves_is_one_with_masks_as_well(prompts: list[str], record: str) -> None:
    found = Matcher(prompts).matches(record)
    assert found["exact"] <= found["exact_names"]
    assert found["exact"] <= found["exact_numbers"]
    assert found["exact"] <= found["ngram"]


@settings(max_examples=50)
@given(st.lists(texts, min_size=1, max_size=5), texts, st.randoms(use_true_random=False))
def test_the_order_of_items_changes_only_their_places(
    prompts: list[str], record: str, rng: random.Random
) -> None:
    order = list(range(len(prompts)))
    rng.shuffle(order)
    there, back = Matcher(prompts).matches(record), Matcher([prompts[i] for i in order]).matches(record)
    assert all({order[i] for i in back[name]} == there[name] for name in LAYERS)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Ana has 3 pens.", ("ana", "has", "3", "pens", ".")),
        ("x_1=2", ("x", "_", "1", "=", "2")),
        ("<u> What ? <a>", ("what", "?")),
        ("<|im_start|>user Hi<|im_end|>", ("user", "hi")),
        ("</s>end", ("end",)),
        ("a < b > c", ("a", "<", "b", ">", "c")),
        ("<U> x", ("<", "u", ">", "x")),
        ("Straße STRASSE", ("strasse", "strasse")),
        ("مرحبا بك", ("مرحبا", "بك")),
        ("3.14", ("3", ".", "14")),
        ("", ()),
        ("\u2028\t ", ()),
    ],
)
def test_tokens_are_runs_of_letters_and_digits_and_single_signs(text: str, plain: Tokens) -> None:
    assert forms(text).plain == plain


@pytest.mark.parametrize(
    ("word", "is_name"),
    [
        ("Ana", True),
        ("ana", False),
        ("USA", False),
        ("A", False),
        ("Élan", True),
        ("McAdam", True),
        ("7a", False),
    ],
)
def test_names_are_words_that_begin_with_a_capital_and_go_on_without(word: str, is_name: bool) -> None:
    assert (forms(word).names == (NAME,)) == is_name
    assert forms(word).plain == (word.casefold(),)


@pytest.mark.parametrize(("word", "is_number"), [("7", True), ("42nd", True), ("a7", False), ("٣", True)])
def test_numbers_are_words_that_begin_with_a_digit(word: str, is_number: bool) -> None:
    assert (forms(word).numbers == (NUMBER,)) == is_number


@pytest.mark.parametrize("n", range(8))
def test_a_text_of_n_different_tokens_has_n_minus_four_grams_but_at_least_one(n: int) -> None:
    tokens = tuple(map(str, range(n)))
    assert len(grams(tokens)) == (max(1, n - GRAM + 1) if n else 0)


def test_grams_that_come_twice_count_once_and_keep_their_order() -> None:
    assert grams(tuple("ababababa")) == [tuple("ababa"), tuple("babab")]


def numbered(n: int, stem: str = "w") -> list[str]:
    return [f"{stem}{i}" for i in range(n)]


@pytest.mark.parametrize(("kept", "is_near"), [(14, True), (12, True), (11, False), (5, False)])
def test_four_fifths_of_the_grams_are_enough_and_less_is_not(kept: int, is_near: bool) -> None:
    """An item of 14 words has ten grams; its first 12 words hold eight of them, its first 11 seven."""
    item = numbered(14)
    found = Matcher([" ".join(item)]).matches(" ".join(item[:kept]))
    assert (found["ngram"] == {0}) == is_near
    assert (found["exact"] == {0}) == (kept == 14)


def test_parts_of_an_item_may_stand_apart_for_a_near_copy_but_not_for_an_exact_one() -> None:
    item = numbered(30)
    record = " ".join([*item[:15], "and", "then", *item[13:]])
    found = Matcher([" ".join(item)]).matches(record)
    assert (found["exact"], found["ngram"]) == (set(), {0})


def test_masks_find_the_story_with_another_name_or_another_number() -> None:
    matcher = Matcher(["3 then Ana hops 5 then 7 . Where ?"])
    hit = {name for name, found in matcher.matches("3 then Ben hops 5 then 7 . Where ?").items() if found}
    assert hit == {"exact_names", "ngram_names"}
    hit = {name for name, found in matcher.matches("9 then Ana hops 2 then 1 . Where ?").items() if found}
    assert hit == {"exact_numbers"}
    assert not any(matcher.matches("9 then Ben hops 2 then 1 . Where ?").values())


def test_items_with_the_same_words_are_all_found() -> None:
    found = Matcher(["how many pens", "HOW many pens", "how many"]).matches("how many pens ?")
    assert found["exact"] == {0, 1, 2}


def test_an_item_without_a_word_is_never_found() -> None:
    assert not any(Matcher(["", "<u> <a>"]).matches("<u> anything <a>").values())
    assert not any(Matcher([]).matches("anything").values())


def test_what_records_hold_together_is_the_union_by_layer() -> None:
    first: dict[LayerName, set[int]] = {"exact": {1}, "ngram": {1, 2}}
    second: dict[LayerName, set[int]] = {"exact": {3}}
    whole = union([first, second])
    assert whole["exact"] == {1, 3}
    assert whole["ngram"] == {1, 2}
    assert whole["exact_names"] == set()
    assert first == {"exact": {1}, "ngram": {1, 2}}, "the parts are left as they were"
    assert union([]) == {name: set() for name in LAYERS}
