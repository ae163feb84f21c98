"""What the runs of one game share saves reading and changes no verdict."""

import pytest

from interplay.scorers import route_court
from interplay.scorers.route_court import Court
from interplay.scorers.route_grade import Verdict, grade

from .test_transcripts import DEVELOPMENT, RECORDS, game_of

GAMES = [game_of(r) for r in [*DEVELOPMENT[::8], *RECORDS[::8]] if r["split"] != "held-out"]


def told(verdict: Verdict) -> tuple[object, ...]:
    return (
        (verdict.strict, verdict.favourable, verdict.weighted_strict, verdict.weighted_favourable),
        (verdict.failure, verdict.violation, verdict.route, verdict.steps, verdict.agreement),
    )


def test_notes_that_read_alike_in_every_manner_are_read_once(monkeypatch: pytest.MonkeyPatch):
    shared = [told(grade(game)) for game in GAMES]
    settle, agree = route_court.settle, route_court.agree
    monkeypatch.setattr(
        route_court, "settle", lambda turns, resolve, manner, heard: settle(turns, resolve, manner, [])
    )
    monkeypatch.setattr(
        route_court,
        "agree",
        lambda turns, resolve, manner, heard, rows: agree(turns, resolve, manner, (), rows),
    )
    assert [told(grade(game)) for game in GAMES] == shared


def test_what_comes_after_a_step_that_cannot_be_taken_is_left_unread(monkeypatch: pytest.MonkeyPatch):
    brief = [told(grade(game)) for game in GAMES]
    agree = route_court.agree
    monkeypatch.setattr(
        route_court, "agree", lambda turns, resolve, manner, heard, rows: agree(turns, resolve, manner, heard)
    )
    assert [told(grade(game)) for game in GAMES] == brief


def test_what_the_mentions_come_to_in_each_reading_is_known_beforehand():
    for game in GAMES:
        court = Court(game)
        for assignment in court.any_assignments():
            known, assignment.cells = assignment.cells, None
            assert known in (None, court.cells(assignment))
