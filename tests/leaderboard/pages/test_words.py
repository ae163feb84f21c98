"""Figures, intervals, sizes and counts in words: worked by hand, and what must hold for any number."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.pages.rendering import figure, size, tokens
from interplay.leaderboard.pages.words import decimals_of, interval_words, value_words
from interplay.leaderboard.schema import Metric

FINITE = st.floats(-1e6, 1e6).map(lambda value: round(value, 6) + 0.0)
SCALES = {"bytes": 1, "byte": 1, "KB": 1_000, "MB": 1_000_000, "": 1, "k": 1_000, "M": 1_000_000, "G": 10**9}


def metric(value: float, lo: float, hi: float) -> Metric:
    return Metric(value=value, lo=lo, hi=hi, n=12, interval="mean")


@pytest.mark.parametrize(
    ("bounds", "decimals"),
    [
        (None, None),
        ((0, 1), 3),
        ((-1, 1), 3),
        ((0, 10), 3),
        ((0, 10.001), 2),
        ((-20, 20), 2),
        ((0, 40), 2),
        ((0, 40.5), 1),
        ((0, 100), 1),
        ((-50, 50), 1),
    ],
)
def test_decimals_follow_the_width_of_the_range(
    bounds: tuple[float, float] | None, decimals: int | None
) -> None:
    assert decimals_of(bounds) == decimals


@pytest.mark.parametrize(
    ("numbers", "decimals", "expected"),
    [
        (None, 3, "–"),
        (None, None, "–"),
        ((0.5, 0.4, 0.6), 3, "0.500"),
        ((0.0, 0.0, 0.06), 3, "≤ 0.060"),
        ((0.0, 0.0, 0.26), 2, "≤ 0.26"),
        ((0.0, 0.0, 0.0), 3, "none seen"),
        ((0.0, -0.1, 0.1), 3, "0.000"),
        ((-0.04, -0.2, 0.1), 2, "−0.04"),
        ((0.0002, 0.0, 0.001), 3, "< 0.001"),
        ((1834.2, 1702.0, 1977.4), None, "1\u202f834"),
        ((-12.4, -20, -3), None, "−12"),
        ((0.2, 0.1, 0.4), None, "0"),
        ((61.25, 55.1, 66.6), 1, "61.2"),
    ],
)
def test_a_value_in_words(
    numbers: tuple[float, float, float] | None, decimals: int | None, expected: str
) -> None:
    assert value_words(metric(*numbers) if numbers else None, decimals) == expected


@pytest.mark.parametrize(
    ("numbers", "bounds", "decimals", "expected"),
    [
        ((0.5, 0.41, 0.59), (0, 1), None, "0.41–0.59"),
        ((0.5, 0.41, 0.59), (0, 1), 3, "0.41–0.59"),
        ((0.0, -0.1, 0.2), (-1, 1), None, "−0.10 to 0.20"),
        ((0.0, 0.0, 0.06), (0, 1), None, "none seen"),
        ((0.0, 0.0, 0.0), (0, 1), None, ""),
        ((-0.1, -0.1, 0.05), (-0.1, 1), None, "≤ 0.050"),
        ((-0.1, -0.1, 0.25), (-0.1, 1), None, "≤ 0.25"),
        ((-0.1, -0.1, 0.1), (-0.1, 1), None, "≤ 0.10"),
        ((-0.1, -0.1, -0.1), (-0.1, 1), None, "−0.10 to −0.10"),
        ((-0.09, -0.1, 0.05), (-0.1, 1), None, "−0.10 to 0.05"),
        ((0.02, 0.01, 0.04), (0, 1), None, "0.010–0.040"),
        ((50, 40.25, 61.75), (0, 100), None, "40.2–61.8"),
        ((12, 10.25, 14.75), (0, 30), None, "10.25–14.75"),
        ((1834.2, 1702.0, 1977.4), None, None, "1\u202f702–1\u202f977"),
        ((3.0, 2.25, 3.75), None, 1, "2.2–3.8"),
        ((-3.0, -12.0, 4.0), None, None, "−12 to 4"),
        ((0.0, -0.4, 4.0), None, None, "0–4"),
    ],
)
def test_an_interval_in_words(
    numbers: tuple[float, float, float],
    bounds: tuple[float, float] | None,
    decimals: int | None,
    expected: str,
) -> None:
    assert interval_words(metric(*numbers), bounds, decimals) == expected


@settings(max_examples=50)
@given(st.tuples(FINITE, FINITE, FINITE).map(sorted), st.sampled_from([None, (0, 1), (-1, 1), (0, 100)]))
def test_no_word_holds_a_hyphen_for_a_minus_or_a_negative_zero(
    ends: list[float], bounds: tuple[float, float] | None
) -> None:
    lo, value, hi = ends
    found = metric(value, lo, hi)
    for words in (value_words(found, decimals_of(bounds)), interval_words(found, bounds)):
        assert "-" not in words
        assert not re.search(r"−0(\.0+)?(?![.\d])", words)
        assert "nan" not in words


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (None, 3, "–"),
        (None, None, "–"),
        (0.12345, 3, "0.123"),
        (0, None, "0"),
        (999, None, "999"),
        (1000, None, "1\u202f000"),
        (1234567.5, None, "1\u202f234\u202f568"),
        (-1234, None, "−1\u202f234"),
        (-0.2, None, "0"),
        (10**15, None, "1\u202f000\u202f000\u202f000\u202f000\u202f000"),
    ],
)
def test_a_figure_has_thin_spaces_where_it_is_a_count(
    value: float | None, decimals: int | None, expected: str
) -> None:
    assert figure(value, decimals) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (2, "2 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 KB"),
        (9_949, "9.9 KB"),
        (9_960, "10 KB"),
        (26_400, "26 KB"),
        (999_499, "999 KB"),
        (999_500, "1.0 MB"),
        (8_099_250, "8.1 MB"),
        (99_999_999, "100 MB"),
    ],
)
def test_a_size_in_words(count: int, expected: str) -> None:
    assert size(count) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0"),
        (412, "412"),
        (999.4, "999"),
        (999.6, "1.0 k"),
        (9_949, "9.9 k"),
        (9_960, "10 k"),
        (30_000, "30 k"),
        (999_499, "999 k"),
        (999_600, "1.0 M"),
        (15_700_000, "15.7 M"),
        (999_960_000, "1000.0 M"),
    ],
)
def test_a_number_of_tokens_in_words(count: float, expected: str) -> None:
    assert tokens(count) == expected


def read(words: str) -> float:
    """The number that a reader takes from `8.1 MB`."""
    number, _, unit = words.partition(" ")
    return float(number) * SCALES[unit]


@settings(max_examples=50)
@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_sizes_and_tokens_are_read_back_within_half_of_their_last_digit_and_keep_their_order(
    first: int, second: int
) -> None:
    for words in (size, tokens):
        for count in (first, second):
            assert read(words(count)) == pytest.approx(count, rel=0.051, abs=0.5)
            if count < 10**8:
                assert float(words(count).split(" ")[0]) < 1000, "the next unit is there for that"
        if first < second:
            assert read(words(first)) <= read(words(second))
