"""Cue words: what is found by how a sentence goes on is what one big expression finds."""

import json
import re

from interplay.scorers.route_cells import masked_sentence
from interplay.scorers.route_cues import Cue, cues, cues_in
from interplay.scorers.route_leading import openings

from .scripted import FILE


def test_no_cue_word_is_empty_or_begins_with_a_space():
    for patterns in cues().kinds.values():
        for pattern in patterns:
            assert () not in openings(pattern), pattern
            assert all(" " not in path[0] for path in openings(pattern)), pattern


def test_dispatch_finds_what_one_expression_finds():
    kinds = "|".join(f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in cues().kinds.items())
    whole = re.compile(rf"(?<![\w'])(?:{kinds})(?![a-z])")
    notes = [
        n["text"] for text in FILE.read_text(encoding="utf-8").splitlines() for n in json.loads(text)["notes"]
    ]
    for sentence in {masked_sentence(line)[0] for note in notes for line in note.splitlines()}:
        found = [Cue(m.start(), m.end(), m.lastgroup or "") for m in whole.finditer(sentence)]
        assert cues_in(sentence) == found, sentence
