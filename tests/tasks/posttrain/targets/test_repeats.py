"""Loops that are collapsed before a judge reads: never more than they should be, and nothing else."""

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.posttrain.targets.repeats import (
    KEPT,
    LONGEST,
    LONGEST_BLOCK,
    SHORTEST,
    collapsed,
)

unit = st.text("abc", min_size=1, max_size=6)


def is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.text("ab\n", max_size=5), st.integers(1, 12)), max_size=5))
def test_nothing_is_ever_added_or_moved(parts: list[tuple[str, int]]) -> None:
    text = "".join(part * times for part, times in parts)
    assert is_subsequence(collapsed(text), text)


@settings(max_examples=50)
@given(st.text("abcdefghijklmnopqrstuvwxyz ", max_size=17))
def test_texts_without_six_rounds_of_anything_are_left_alone(text: str) -> None:
    """Six rounds of three characters need eighteen."""
    assert collapsed(text) == text


@settings(max_examples=50)
@given(unit, st.integers(1, 40))
def test_five_rounds_are_left_of_a_loop_of_characters(part: str, times: int) -> None:
    """A period below three is seen at its multiples, so up to five rounds of those are left."""
    size = next(
        p
        for p in range(1, len(part) + 1)
        if part == (part[:p] * len(part))[: len(part)] and len(part) % p == 0
    )
    period = next(n for n in range(size, SHORTEST + size, size) if n >= SHORTEST)
    text = part * times
    rounds = len(text) // period
    found = collapsed(text)
    assert set(found) == set(text)
    assert len(found) <= max(KEPT * period + period - 1, min(len(text), (KEPT + 1) * period - 1))
    assert rounds > KEPT or found == text


@pytest.mark.parametrize("period", [SHORTEST, 7, 100, LONGEST])
def test_loops_of_every_length_between_the_ends_are_seen(period: int) -> None:
    part = "".join(chr(0x4E00 + i) for i in range(period))
    assert collapsed(f"start {part * 6} end") == f"start {part * KEPT} end"
    assert collapsed(f"start {part * 5} end") == f"start {part * 5} end"


def test_loops_longer_than_the_longest_are_left_alone() -> None:
    text = "".join(chr(0x4E00 + i) for i in range(LONGEST + 1)) * 7
    assert collapsed(text) == text


@pytest.mark.parametrize("block", [1, 2, LONGEST_BLOCK])
@pytest.mark.parametrize("times", [KEPT, KEPT + 1, 40])
def test_blocks_of_lines_are_kept_five_times(block: int, times: int) -> None:
    """Lines differ, so that only a whole block repeats, and are long, so that no substring does."""
    lines = [
        f"{i}:" + "".join(chr(0x4E00 + 700 * i % 9000 + j) for j in range(LONGEST)) for i in range(block)
    ]
    found = collapsed("\n".join(["first", *lines * times, "last"])).split("\n")
    assert found == ["first", *lines * min(times, KEPT), "last"]


def test_equal_lines_are_counted_in_each_run_by_itself() -> None:
    """Ten lines, another, ten lines: five, another, five."""
    line = "".join(chr(0x4E00 + j) for j in range(LONGEST + 1))
    text = "\n".join([line] * 10 + ["other"] + [line] * 10)
    runs = [(name, len(list(run))) for name, run in groupby(collapsed(text).split("\n"))]
    assert runs == [(line, KEPT), ("other", 1), (line, KEPT)]


def test_a_rest_after_the_last_round_is_kept() -> None:
    assert collapsed("abcd" * 9 + "ab") == "abcd" * KEPT + "ab"


def test_two_loops_are_both_collapsed_and_what_is_between_stays() -> None:
    assert collapsed("abc" * 9 + " then " + "xyz" * 9) == "abc" * KEPT + " then " + "xyz" * KEPT


@pytest.mark.parametrize("text", ["", "\n", "a", "\n\n", "😀" * 4])
def test_short_texts_are_left_alone(text: str) -> None:
    assert collapsed(text) == text


def test_characters_outside_the_basic_plane_are_one_character_each() -> None:
    assert collapsed("😀😁😂" * 20) == "😀😁😂" * KEPT
