"""How often games that were made to fail still pass as strict successes; to quote the phrase ends nothing."""

from collections import Counter

import pytest

from interplay.scorers.route_grade import Game, Verdict, grade

from .mutations import mutants, quoting
from .test_transcripts import DEVELOPMENT, RECORDS, game_of

SURVIVE = {
    "cut": 0.04,
    "exchange": 0.11,
    "phrase": 0.0,
    "refused": 0.11,
    "unanswered": 0.04,
    "unwalked": 0.0,
    "wall": 0.13,
    "withdrawn": 0.06,
}
"""Shares that still pass, by kind of change; the aim is 0.02, part of the rest is said again elsewhere."""


def successes() -> list[tuple[Game, Verdict]]:
    """Labelled successes that rules may be written against and that are read as such."""
    open_to_rules = [r for r in RECORDS if r["source"] == "hand" and r["split"] == "rules"]
    games = [game_of(r) for r in [*DEVELOPMENT, *open_to_rules] if r["label"]["success"]]
    return [(game, verdict) for game in games if (verdict := grade(game)).strict]


@pytest.mark.slow
def test_games_made_to_fail_pass_no_more_often_than_was_reached():
    made: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for game, verdict in successes():
        for mutant in mutants(game, verdict):
            made[mutant.kind] += 1
            passed[mutant.kind] += grade(mutant.game).strict
    assert made.total() > 2000
    assert {kind for kind, bar in SURVIVE.items() if passed[kind] > bar * made[kind]} == set()


@pytest.mark.slow
def test_the_phrase_quoted_in_mid_game_ends_nothing():
    assert all(grade(quoting(game)).strict for game, _ in successes())
