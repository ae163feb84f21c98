"""The gates of the grader on the labelled transcripts: scripted from code, hand-written in two halves.

Right means strict success equals the label. Nothing here knows which transcripts the rules were written for
except by their split.
"""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from interplay.scorers.route_grade import Game, Said, Verdict, grade
from interplay.tasks.mazes.maze import render_half

from .scripted import FILE, line, scripted

RECORDS = [json.loads(text) for text in FILE.read_text(encoding="utf-8").splitlines()]
DEVELOPMENT = [
    json.loads(text)
    for text in Path(__file__).with_name("development.jsonl").read_text(encoding="utf-8").splitlines()
]
"""More hand-written games that rules may be written against."""


class Reached(NamedTuple):
    """What the rules reach on one half; the bar on the held-out one is kappa 0.80 and no error at all."""

    kappa: float
    false_successes: int
    missed_by_favourable: int


REACHED = {"rules": Reached(0.95, 0, 0), "held-out": Reached(0.80, 0, 1)}
SUCCESSES = {"rules": 12, "held-out": 16}
SCRIPTED_RIGHT = 0.98


def game_of(record: dict) -> Game:
    maze = record["maze"]
    return Game(
        rows=tuple(maze["rows"]),
        views={
            1: render_half(maze["rows"], maze["owner"], "A"),
            2: render_half(maze["rows"], maze["owner"], "B"),
        },
        notes=tuple(Said(note["seat"], note["text"]) for note in record["notes"]),
    )


def part(source: str, split: str = "-") -> list[tuple[dict, Verdict]]:
    return [(r, grade(game_of(r))) for r in RECORDS if r["source"] == source and r["split"] == split]


def kappa(pairs: list[tuple[bool, bool]]) -> float:
    """Cohen's kappa of two yes-or-no judgements."""
    n = len(pairs)
    agree = sum(a == b for a, b in pairs) / n
    yes_a, yes_b = (sum(pair[i] for pair in pairs) / n for i in (0, 1))
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return 1.0 if chance == 1 else (agree - chance) / (1 - chance)


def test_the_scripted_part_of_the_file_is_what_the_code_builds():
    built = [line(record) for record in scripted()]
    held = [
        text
        for text in FILE.read_text(encoding="utf-8").splitlines(keepends=True)
        if '"source":"hand"' not in text
    ]
    assert held == built


def test_the_scripted_part_has_eleven_notations_five_outcomes_three_modes():
    categories = {r["category"] for r in RECORDS if r["source"] == "scripted"}
    assert len(categories) == 11 * 5 * 3
    assert sum(r["label"]["success"] for r in RECORDS if r["source"] == "scripted") == 33
    assert sum(r["source"] == "clash" for r in RECORDS) == 15


def test_scripted_games_are_graded_right():
    graded = part("scripted") + part("clash")
    assert sum(v.strict == r["label"]["success"] for r, v in graded) / len(graded) >= SCRIPTED_RIGHT


def test_no_scripted_failure_passes_as_success():
    wrong = [r["id"] for r, v in part("scripted") + part("clash") if v.strict and not r["label"]["success"]]
    assert wrong == []


def test_a_clash_is_never_a_strict_success():
    graded = part("clash")
    assert [r["id"] for r, v in graded if v.strict] == []
    assert sum(v.clash for _, v in graded) >= 13


def test_scripted_notations_are_recognised():
    graded = part("scripted")
    right = [v.notation == r["label"]["notation"] for r, v in graded]
    assert sum(right) / len(right) >= 0.95


def test_scripted_routes_are_read_step_by_step():
    graded = part("scripted")
    right = [
        [*v.route, *([v.violation.cell] if v.violation else [])] == [tuple(c) for c in r["label"]["route"]]
        for r, v in graded
    ]
    assert sum(right) / len(right) >= 0.95


@pytest.mark.parametrize("split", list(REACHED))
def test_hand_written_games_agree_as_far_as_was_reached(split: str):
    graded = part("hand", split)
    assert len(graded) == 30
    assert sum(r["label"]["success"] for r, _ in graded) == SUCCESSES[split]
    # Totals first, so that a failure prints no single game of the held-out half.
    found = Reached(
        kappa([(r["label"]["success"], v.strict) for r, v in graded]),
        sum(v.strict and not r["label"]["success"] for r, v in graded),
        sum(r["label"]["success"] and not v.favourable for r, v in graded),
    )
    reached = REACHED[split]
    assert found.kappa >= reached.kappa
    assert found.false_successes <= reached.false_successes
    assert found.missed_by_favourable <= reached.missed_by_favourable


def test_development_games_are_graded_right_and_none_too_kindly():
    graded = [(r, grade(game_of(r))) for r in DEVELOPMENT]
    assert [r["id"] for r, v in graded if v.strict and not r["label"]["success"]] == []
    assert sum(v.strict == r["label"]["success"] for r, v in graded) / len(graded) >= 0.95


def test_both_annotators_agree_on_success_of_every_hand_written_game():
    for record in RECORDS:
        if record["source"] == "hand":
            first, second = record["annotators"]
            assert first["success"] == second["success"] == record["label"]["success"]
            assert first == second or record["resolved"]


def test_strict_is_never_above_favourable():
    for record in RECORDS:
        verdict = grade(game_of(record))
        assert verdict.strict <= verdict.favourable
        assert verdict.weighted_strict <= verdict.weighted_favourable


def test_every_record_has_the_documented_fields():
    for record in RECORDS:
        assert set(record) >= {"id", "source", "split", "category", "maze", "notes", "label", "annotators"}
        assert set(record["label"]) == {"success", "route", "notation", "clash", "bulk"}
        assert [note["seat"] for note in record["notes"]] == [1 + i % 2 for i in range(len(record["notes"]))]


def test_the_file_ships_with_the_package():
    assert Path(FILE.parents[3], "tasks", "mazes", "data", "transcripts.jsonl") == FILE
