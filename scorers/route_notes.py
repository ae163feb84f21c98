"""All notes of a game read: the dialogue's way of writing steps first, then note by note (pure)."""

import re

from interplay.tasks.mazes.maze import PHRASE
from interplay.tasks.mazes.prompting import says_phrase

from .route_acts import NoteReading
from .route_answers import in_context
from .route_forms import action_lines
from .route_game import Game
from .route_reading import read_note
from .route_text import pair_separator, way_letters, with_brackets, with_numbers, with_ways

_CLOSES = re.compile(rf"(?:^|[.!:;,)\n–—-])[\s*_]*{re.escape(PHRASE)}\W*$")


def closes(text: str) -> bool:
    """The note ends on the phrase, said and not spoken of: whoever writes so takes the game for over."""
    return PHRASE in text and _CLOSES.search(text) is not None


def read_notes(game: Game) -> tuple[list[NoteReading], list[bool]]:
    """The acts of every note, and whether it ends the game. Never raises."""
    readings: list[NoteReading] = []
    ends: list[bool] = []
    texts = [said.text for said in game.notes]
    separator = pair_separator(texts)
    letters = way_letters(texts)
    if game.form == "pair":
        texts = in_context(texts)
    for said, text in zip(game.notes, texts, strict=True):
        if game.form == "structured":
            acts, done = action_lines(said.text)
            readings.append(NoteReading(acts, read_note(said.text).rows))
        else:
            text = with_brackets(text, separator) if separator else text
            text = with_numbers(text, max(len(game.rows), len(game.rows[0])))
            readings.append(read_note(with_ways(text, letters) if letters else text))
            done = says_phrase(said.text, game.own_line)
        ends.append(done)
    return readings, ends
