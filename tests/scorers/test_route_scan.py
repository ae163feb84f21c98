"""What can begin with which characters, and that scans find what one expression of all alternatives finds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.scorers.route_cells import SCAN as CELLS
from interplay.scorers.route_headings import SCAN as HEADINGS
from interplay.scorers.route_leading import DEPTH, Openings, openings
from interplay.scorers.route_scan import Scan

from .test_transcripts import DEVELOPMENT, RECORDS

SCANS = {"cells": CELLS, "headings": HEADINGS}
LINES = sorted(
    {
        line
        for record in [*DEVELOPMENT, *RECORDS]
        if record["split"] != "held-out"
        for note in record["notes"]
        for line in note["text"].splitlines()
    }
)
WORDS = sorted({word for line in LINES for word in line.split()})


def told(pattern: str) -> set[str]:
    """The openings of a pattern whose characters are single ones."""
    return {"".join(next(iter(chars)) for chars in path) for path in openings(pattern)}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("agree(?:d|s)?", {"agr"}),
        ("(?:i |we )?agree", {"i a", "we ", "agr"}),
        ("(?:(?:my|our) )*next", {"my ", "our", "nex"}),
        ("(?<=[CH] )it is", {"it "}),
        (r"\bno(?! more)", {"no"}),
        ("^a|y{0,2}z", {"a", "yz", "yyz", "z", "yyy"}),
        (r"\+1|(?:a|bc)+d", {"+1", "ad", "aad", "aaa", "aab", "abc", "bcd", "bca", "bcb"}),
        ("(?P<row>x{2})y", {"xxy", "xy", "xxx"}),
    ],
)
def test_openings(pattern: str, expected: set[str]):
    assert told(pattern) == expected


def test_an_opening_may_be_any_of_many_characters():
    assert openings(r"[^a]\d") == {
        (frozenset(map(chr, range(128))) - set("aABCDEFGHIJKLMNOPQRSTUVWXYZ"), frozenset("0123456789"))
    }


@pytest.mark.parametrize(
    ("key", "numbers"),
    [("b3 ", [0, 1]), ("b3", [0, 1]), ("b-3", [0]), ("bc", [2]), ("bcd", [2]), ("b", []), ("c3x", [0, 1])],
)
def test_openings_tell_which_patterns_can_begin_with_characters(key: str, numbers: list[int]):
    assert Openings(["[A-C]-?[0-9]", r"\w\d", "b?b?bc"]).of(key) == numbers


def test_a_pattern_that_may_be_empty_is_no_alternative():
    with pytest.raises(AssertionError, match="may be empty"):
        Openings(["a", "b?"])


def spans(matches: list[re.Match[str]]) -> list[tuple[int, int, str | None]]:
    return [(*match.span(), match.lastgroup) for match in matches]


@pytest.mark.parametrize("name", list(SCANS))
def test_scans_find_what_one_expression_finds(name: str):
    scan = SCANS[name]
    for line in LINES:
        assert spans(scan.matches(line)) == spans(list(scan.whole.finditer(line))), line


@given(
    st.lists(
        st.sampled_from([*WORDS, "ſouth", "K", "→", "R2D2", " ", "2 ", "(", "row", "col 3"]), max_size=12
    )
)
def test_any_words_are_scanned_alike(words: list[str]):
    for text in (" ".join(words), "".join(words), "".join(words).upper()):
        for scan in SCANS.values():
            assert spans(scan.matches(text)) == spans(list(scan.whole.finditer(text)))


def test_of_two_alternatives_at_one_place_the_first_wins():
    scan = Scan({"long": ["agreed on"], "short": ["agree", "on"]}, r"\w+")
    assert [match.lastgroup for match in scan.matches("agreed on, agree on")] == ["long", "short", "short"]
    assert len(max(scan, key=len)) == DEPTH
