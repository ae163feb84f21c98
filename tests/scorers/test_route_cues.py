"""Cue words: what is found by how a sentence goes on is what one big expression finds."""

import json
import re

from interplay.scorers.route_cells import masked_sentence
from interplay.scorers.route_cues import BEFORE, Cue, cues, cues_in
from interplay.scorers.route_leading import openings

from .scripted import FILE


def test_no_cue_word_is_empty_or_begins_with_a_space():
    for patterns in cues().kinds.values():
        for pattern in patterns:
            assert () not in openings(pattern), pattern
            assert all(" " not in path[0] for path in openings(pattern)), pattern


def masked_lines() -> set[str]:
    """The masked lines of all labelled transcripts."""
    records = map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
    notes = [note["text"] for record in records for note in record["notes"]]
    return {masked_sentence(line)[0] for note in notes for line in note.splitlines()}


def test_dispatch_finds_what_one_expression_finds():
    kinds = "|".join(f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in cues().kinds.items())
    whole = re.compile(rf"(?<![\w'])(?:{kinds})(?![a-z])")
    for sentence in masked_lines():
        found = [Cue(m.start(), m.end(), m.lastgroup or "") for m in whole.finditer(sentence)]
        assert cues_in(sentence) == found, sentence


def test_claims_before_their_cells_are_those_of_one_expression():
    whole = re.compile(rf"(?<![\w'])(?:{BEFORE.whole.pattern})")
    for sentence in masked_lines():
        found = [match.span() for match in whole.finditer(sentence)]
        assert [match.span() for match in BEFORE.matches(sentence)] == found, sentence
