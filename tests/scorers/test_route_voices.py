"""Short games as different models write them: every one succeeds on the same small maze."""

import json
from pathlib import Path

import pytest

from interplay.scorers.route_grade import Game, Said, grade

ROWS = ("@..#", "#.##", "...*", "#k..")
"""Right, down, down, down onto the key, right, then up and right, or right and up."""
VOICES: dict[str, list[str]] = {
    record["voice"]: record["notes"]
    for line in Path(__file__).with_name("voices.jsonl").read_text(encoding="utf-8").splitlines()
    if (record := json.loads(line))
}


def game(texts: list[str]) -> Game:
    view = "\n".join(ROWS)
    return Game(ROWS, {1: view, 2: view}, tuple(Said(1 + i % 2, text) for i, text in enumerate(texts)))


@pytest.mark.parametrize("voice", list(VOICES))
def test_a_game_in_this_voice_is_read_to_its_end(voice: str):
    assert grade(game(VOICES[voice])).strict


@pytest.mark.parametrize("voice", list(VOICES))
def test_a_game_in_this_voice_fails_if_nobody_answers_its_last_proposal(voice: str):
    assert not grade(game(VOICES[voice][:-1])).strict
