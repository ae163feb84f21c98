"""Cue words: their first characters, and that dispatching on them finds what one big expression finds."""

import json
import re

import pytest

from interplay.scorers.route_cells import masked_sentence
from interplay.scorers.route_cues import Cue, cues, cues_in
from interplay.scorers.route_leading import leading

from .scripted import FILE


@pytest.mark.parametrize(
    ("pattern", "characters"),
    [
        ("agree(?:d|s)?", "a"),
        ("(?:i |we )?agree", "iwa"),
        ("(?:(?:my|our) )*next", "mon"),
        ("(?<=[CH] )it is", "i"),
        (r"\bno(?! more)", "n"),
        ("^[a-c]x|y{0,2}z", "abcyz"),
        (r"\+1|(?:a|bc)+d", "+ab"),
    ],
)
def test_first_characters(pattern: str, characters: str):
    found = leading(pattern)
    assert found.characters == set(characters)
    assert not found.anything


def test_patterns_that_may_begin_with_anything():
    assert leading(".x").anything
    assert leading(r"\w+").anything
    assert leading("[^a]b").anything


def test_no_cue_word_is_empty_or_begins_with_a_space():
    for patterns in cues().kinds.values():
        for pattern in patterns:
            assert not leading(pattern).empty, pattern
            assert " " not in leading(pattern).characters, pattern


def test_dispatch_finds_what_one_expression_finds():
    kinds = "|".join(f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in cues().kinds.items())
    whole = re.compile(rf"(?<![\w'])(?:{kinds})(?![a-z])")
    notes = [
        n["text"] for text in FILE.read_text(encoding="utf-8").splitlines() for n in json.loads(text)["notes"]
    ]
    for sentence in {masked_sentence(line)[0] for note in notes for line in note.splitlines()}:
        found = [Cue(m.start(), m.end(), m.lastgroup or "") for m in whole.finditer(sentence)]
        assert cues_in(sentence) == found, sentence
