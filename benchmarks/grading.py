"""How many labelled transcripts the rules grade a second, with nothing remembered between passes.

What a process works out once and keeps, expressions above all, is in the ratio of its first pass to the rest.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from interplay.scorers import (
    route_cells,
    route_cues,
    route_declared,
    route_notation,
    route_reading,
    route_sentence,
    route_text,
    route_translation,
)
from interplay.scorers.route_grade import Game, Said, grade
from interplay.tasks.mazes.maze import render_half

FILE = Path(__file__).parents[1] / "tasks" / "mazes" / "data" / "transcripts.jsonl"
BAR = 250.0
SHORT = range(9, 16)
"""Transcripts of about 12 notes."""
LONG = range(16, 51)
PASSES = 3
FIRST = 1.5


def forget() -> None:
    """Empty every cache of the reader: a log is graded once."""
    for cached in (
        route_cells.find_steps,
        route_cells.labelled,
        route_cues.claims_in,
        route_declared.may_declare,
        route_notation.outside,
        route_notation.places,
        route_reading.ending_of,
        route_reading.read_note,
        route_reading.read_sentence,
        route_sentence.plan_of,
        route_text.lines_and_maps,
        route_translation.style,
    ):
        cached.cache_clear()


def games(lengths: range) -> list[Game]:
    found: list[Game] = []
    for text in FILE.read_text(encoding="utf-8").splitlines():
        record = json.loads(text)
        maze = record["maze"]
        if len(record["notes"]) in lengths:
            views = {
                1: render_half(maze["rows"], maze["owner"], "A"),
                2: render_half(maze["rows"], maze["owner"], "B"),
            }
            notes = tuple(Said(note["seat"], note["text"]) for note in record["notes"])
            found.append(Game(tuple(maze["rows"]), views, notes))
    return found


def passes(chosen: Sequence[Game], count: int) -> list[float]:
    """Processor seconds of each pass over some games."""
    found: list[float] = []
    for _ in range(count):
        forget()
        begin = time.process_time()
        for game in chosen:
            grade(game)
        found.append(time.process_time() - begin)
    return found


def per_second(lengths: range) -> float:
    """The best of some passes over all transcripts of these lengths, in processor time."""
    chosen = games(lengths)
    return len(chosen) / min(passes(chosen, PASSES))


def first_to_later() -> float:
    """What the first pass over all transcripts costs a new process, as a ratio to its later ones."""
    said = subprocess.run([sys.executable, __file__], check=True, capture_output=True, text=True).stdout
    first, *later = json.loads(said)
    return first / median(later)


def rows() -> list[tuple[str, float, float, str]]:
    return [
        ("grade one transcript, about 12 notes", per_second(SHORT), BAR, "transcripts per s"),
        ("grade one transcript, 16 notes and more", per_second(LONG), BAR, "transcripts per s"),
        ("grade all for the first time in a process", first_to_later(), FIRST, "ratio to later passes"),
    ]


if __name__ == "__main__":
    print(passes(games(range(100)), 1 + PASSES))
