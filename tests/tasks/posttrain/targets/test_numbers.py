"""Numbers in answers: strictly read, by worked cases and by properties that hold for every number."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.posttrain.targets import Item
from interplay.tasks.posttrain.targets.aime2025 import grade_number
from interplay.tasks.posttrain.targets.numbers import (
    LONGEST_NUMBER,
    answer_line,
    decimal_of,
    number_in,
    numbers_in,
)

whole = st.integers(-(10**12), 10**12)


def said(text: str) -> list[str]:
    return [format(number, "f") for number in numbers_in(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It takes 3 hours and 45 minutes.", ["3", "45"]),
        ("1,250 and 1,250,000.50", ["1250", "1250000.5"]),
        ("$18, 20% and 5€", ["18", "20", "5"]),
        ("3.14 .5 -.5 0.50", ["3.14", "0.5", "-0.5", "0.5"]),
        ("-7 +7 −7", ["-7", "7", "-7"]),
        ("7.", ["7"]),
        ("x2, a7b and v1", []),
        ("=12", ["12"]),
        ("(12)", ["12"]),
        ("12kg", ["12"]),
        ("12th", ["12"]),
        ("007", ["7"]),
        ("٣ and ４２", ["3", "42"]),
        ("", []),
    ],
)
def test_numbers_stand_apart_or_carry_a_unit(text: str, numbers: list[str]) -> None:
    assert said(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "3/4",
        "-3/4",
        "3/-4",
        "1/2/3",
        "2^10",
        "2^-3",
        "x^2",
        "12a3",
        "1e5",
        "1.5e3",
        "1.5/2",
        "1,250/2",
        "https://a.org/2024",
        "and/7",
    ],
)
def test_fractions_powers_and_parts_of_words_are_no_numbers(text: str) -> None:
    """Of 3/4 neither the 3 nor the 4 is the answer."""
    assert said(text) == []


def test_a_number_beside_a_fraction_still_counts() -> None:
    assert said("20/5=4") == ["4"]
    assert said("3/4 of 12 is 9") == ["12", "9"]


@settings(max_examples=50)
@given(whole)
def test_every_way_of_writing_a_whole_number_reads_the_same(number: int) -> None:
    for text in (
        f"{number}",
        f"{number:,}",
        f"{number}.0",
        f"{number:,}.00",
        f"{number} apples",
        f"**{number}**",
    ):
        assert number_in(f"So much.\nANSWER: {text}") == number
    assert number_in(f"ANSWER: {number}".replace("-", "−")) == number


@settings(max_examples=50)
@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False))
def test_zeros_at_the_end_make_no_difference(number: Decimal) -> None:
    plain = format(number, "f")
    assert decimal_of(plain) == decimal_of(f"{plain}000") == number
    assert str(decimal_of(plain)) == str(decimal_of(f"{plain}000"))


@settings(max_examples=50)
@given(whole, whole)
def test_of_several_answers_the_last_counts(first: int, last: int) -> None:
    assert number_in(f"ANSWER: {first}\nNo.\nANSWER: {last}\nI am sure, {first} times.") == last
    assert number_in(f"ANSWER: {first} or {last}") == last
    assert number_in(f"it is {first} , no, it is {last}") == last


@settings(max_examples=50)
@given(st.text())
def test_no_text_raises_and_what_is_found_is_finite(text: str) -> None:
    found = number_in(text)
    assert found is None or found.is_finite()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ANSWER: 7", "7"),
        ("answer : 7 ", "7"),
        ("**ANSWER:** 7", "7"),
        ("> ANSWER: `7`", "7"),
        ("# ANSWER: $7$", "7"),
        ("  __ANSWER: 7__", "7"),
        ("ANSWER:", ""),
        ("ANSWER:\n7", "7"),
        ("ANSWER: 1\nANSWER: 2\nend", "2"),
        ("The ANSWER: 7", None),
        ("ANSWERS: 7", None),
        ("FINAL ANSWER: 7", None),
        ("", None),
    ],
)
def test_an_answer_line_begins_with_the_word(text: str, line: str | None) -> None:
    assert answer_line(text) == line


def test_a_line_without_a_number_is_no_answer_even_if_there_are_numbers_above() -> None:
    assert number_in("12 apples\nANSWER: many") is None
    assert number_in("12 apples\nanswers: many") == 12


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        (" 1,000 ", "1000"),
        ("−3", "-3"),
        ("-0", "0"),
        ("0.0", "0"),
        ("1e3", "1000"),
        ("", None),
        ("twelve", None),
        ("NaN", None),
        ("Infinity", None),
        ("1/2", None),
        ("9" * LONGEST_NUMBER, "9" * LONGEST_NUMBER),
        ("9" * (LONGEST_NUMBER + 1), None),
    ],
)
def test_a_text_is_a_number_or_none(text: str, number: str | None) -> None:
    assert decimal_of(text) == (None if number is None else Decimal(number))
    assert LONGEST_NUMBER == 60


def test_no_digit_of_a_long_number_is_rounded_away() -> None:
    """Python's decimals would keep 28 digits: 70.00…01 would be 70."""
    assert decimal_of(f"70.{'0' * 40}1") != 70
    assert decimal_of(f"1{'0' * 40}") != decimal_of(f"1{'0' * 39}1")
    assert grade_number(Item("a", "", "70"), f"ANSWER: 70.{'0' * 40}1").correct == 0


@pytest.mark.parametrize(
    ("reply", "correct"),
    [
        ("ANSWER: 70", 1),
        ("ANSWER: 70.0", 1),
        ("ANSWER: 070", 1),
        ("70", 1),
        ("ANSWER: 140/2", 0),
        ("ANSWER: 70/1", 0),
        ("ANSWER: -70", 0),
        ("ANSWER: 70.01", 0),
        ("ANSWER: 700", 0),
        ("ANSWER: seventy", 0),
        ("", 0),
    ],
)
def test_an_answer_is_right_by_its_value_alone(reply: str, correct: int) -> None:
    verdict = grade_number(Item("a", "", "070"), reply)
    assert not correct or verdict.extracted == "70"
    assert verdict.correct == correct
    assert (verdict.extracted is None) == (number_in(reply) is None)
