"""What happened to entries: words for every record, parts of the list that stay, and draws of audits."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.pages.history import (
    CHANGES_PER_PAGE,
    SHOWN_AUDITS,
    Event,
    accepted,
    audit_days,
    changes_pages,
    events,
    happened,
    own_events,
    unranking_words,
)
from interplay.leaderboard.remembering import Memory
from interplay.leaderboard.rungs import REACHED
from interplay.leaderboard.schema import Entry, Evidence
from interplay.leaderboard.standings import Submission

from .. import synthetic


def stored(model: str = "orchard/aster-1", **fields: object) -> dict[str, object]:
    result = synthetic.pair_result(model, 0.5, synthetic.SMOKE, "smoke")
    return synthetic.entry(model, [result], **fields)  # type: ignore[arg-type]


def record(of: dict[str, object], kind: str, outcome: str = "pass", **fields: object) -> Evidence:
    return Evidence.model_validate(synthetic.record(of, kind, outcome) | fields, strict=False)


def submission(of: dict[str, object], *records: Evidence) -> Submission:
    return Submission(Entry.model_validate(of, strict=False), records, 1)


def event(i: int, moment: str = "2026-11-01T00:00:00Z", what: str = "accepted") -> Event:
    return Event(
        moment[:10], moment, f"model {i}", f"entries/{i}/", (), "reported", "closed", what, f"key-{i}"
    )


WORDS = {
    ("check", "pass"): "",
    ("check", "warn"): "",
    ("check", "fail"): "check failed",
    ("regrade", "pass"): "regraded, nothing changed",
    ("regrade", "fail"): "regrade failed",
    ("rerun", "pass"): "re-run agrees",
    ("rerun", "fail"): "re-run differs",
    ("attest", "pass"): "attested",
    ("attest", "fail"): "attestation failed",
    ("audit", "pass"): "audit passed",
    ("audit", "fail"): "audit failed",
    ("withdraw", "fail"): "withdrawn",
    ("withdraw", "pass"): "withdrawn",
}


@pytest.mark.parametrize(("kind", "outcome"), WORDS)
def test_a_record_in_a_word_or_two(kind: str, outcome: str) -> None:
    assert happened(record(stored(), kind, outcome)) == WORDS[kind, outcome]


def test_a_regrade_that_holds_results_changed_something() -> None:
    own = stored()
    assert happened(record(own, "regrade", results=own["results"])) == "regraded"


@pytest.mark.parametrize(
    ("details", "outcome", "expected"),
    [
        ({REACHED: False}, "pass", "audit without logs"),
        ({REACHED: False}, "warn", "audit without logs"),
        ({REACHED: False}, "fail", "audit failed"),
        ({REACHED: True}, "pass", "audit passed"),
        ({}, "warn", "audit passed"),
    ],
)
def test_an_audit_that_reached_no_logs_is_no_passed_one(
    details: dict[str, object], outcome: str, expected: str
) -> None:
    assert happened(record(stored(), "audit", outcome, details=details)) == expected


def test_an_entry_has_an_event_for_its_arrival_and_for_each_record_that_says_something() -> None:
    own = stored(day=3)
    name = own["entry_id"]
    found = own_events(
        submission(
            own,
            record(own, "check", made_at="2026-11-03T10:00:00Z"),
            record(own, "rerun", made_at="2026-11-04T10:00:00Z"),
            record(own, "check", "fail", made_at="2026-11-05T10:00:00Z"),
        )
    )
    assert [(e.date, e.what, e.key) for e in found] == [
        ("2026-11-03", "accepted", f"entries:{name}"),
        ("2026-11-04", "re-run agrees", f"entries:{name}:2026-11-04T10:00:00Z:rerun"),
        ("2026-11-05", "check failed", f"entries:{name}:2026-11-05T10:00:00Z:check"),
    ]
    assert {(e.name, e.href, e.division, e.rung) for e in found} == {
        ("orchard/aster-1", f"entries/{name}/", "closed", "evidenced")
    }
    assert [(link.label, link.href) for link in found[0].boards] == [("mazes-pair", "boards/mazes-pair/")]


def test_boards_that_this_checkout_does_not_know_are_no_links() -> None:
    own = Entry.model_validate(stored(), strict=False)
    unknown = own.results[0].model_copy(update={"board": "mazes-of-tomorrow"})
    (found,) = own_events(Submission(own.model_copy(update={"results": (unknown,)}), (), 0))
    assert found.boards == ()


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("correction", "accepted in place of an earlier one (correction)"),
        ("withdrawn-run", "accepted in place of an earlier one (withdrawn run)"),
    ],
)
def test_an_entry_in_place_of_another_says_why(reason: str, expected: str) -> None:
    own = stored(supersedes="mazes--orchard-aster-1--20261101--00000000", reason=reason)
    (found,) = own_events(submission(own))
    assert found.what == expected
    assert accepted([found]) == [found]
    assert accepted([found._replace(what="withdrawn")]) == []


def test_changes_stand_newest_first_and_ties_by_their_key_in_any_order_of_entries() -> None:
    own = [submission(stored(f"orchard/m-{i}", day=1 + i % 3)) for i in range(7)]
    forward, backward = events(own, Memory()), events(own[::-1], Memory())
    assert forward == backward
    assert len(forward) == 7
    for first, second in pairwise(forward):
        assert first.moment > second.moment or (first.moment == second.moment and first.key < second.key)


@settings(max_examples=50)
@given(st.integers(0, 5 * CHANGES_PER_PAGE + 1))
def test_the_parts_of_the_list_hold_every_change_once_newest_first(count: int) -> None:
    found = [event(i) for i in range(count)]
    pages = changes_pages(found)
    paths = list(pages)
    newest_first = ["changes/", *reversed(paths[:-1])]
    assert [e for path in newest_first for e in pages[path].events] == found
    assert paths[-1] == "changes/"
    for path in paths[:-1]:
        assert len(pages[path].events) == CHANGES_PER_PAGE
    if count >= CHANGES_PER_PAGE:
        assert CHANGES_PER_PAGE <= len(pages["changes/"].events) < 2 * CHANGES_PER_PAGE


@settings(max_examples=50)
@given(st.integers(0, 4 * CHANGES_PER_PAGE), st.integers(0, CHANGES_PER_PAGE))
def test_a_full_part_stays_as_it_is_when_changes_come(count: int, more: int) -> None:
    old = [event(i) for i in range(count)]
    before = changes_pages(old)
    after = changes_pages([event(-1 - i) for i in range(more)] + old)
    for path in before.keys() - {"changes/"}:
        assert after[path].events == before[path].events
        assert after[path].older == before[path].older


def test_parts_lead_to_each_other_and_the_newest_to_all() -> None:
    pages = changes_pages([event(i) for i in range(4 * CHANGES_PER_PAGE)])
    assert list(pages) == ["changes/1/", "changes/2/", "changes/3/", "changes/"]
    first, second, third, newest = pages.values()
    assert (first.older, first.newer and first.newer.href) == (None, "changes/2/")
    assert (second.older and second.older.href, second.newer and second.newer.href) == (
        "changes/1/",
        "changes/3/",
    )
    assert (third.newer and third.newer.label, third.newer and third.newer.href) == ("newest", "changes/")
    assert (newest.newer, newest.older and newest.older.label) == (None, "3")
    assert [link.href for link in newest.earlier] == ["changes/3/", "changes/2/", "changes/1/"]
    assert first.earlier == second.earlier == ()


@pytest.mark.parametrize(("count", "parts"), [(0, 1), (199, 1), (399, 1), (400, 2), (599, 2), (600, 3)])
def test_a_new_part_begins_when_the_newest_would_hold_two(count: int, parts: int) -> None:
    assert len(changes_pages([event(i) for i in range(count)])) == parts


def audit(of: dict[str, object], day: int, seed: str = "7", outcome: str = "pass") -> Evidence:
    details = {"date": f"2026-10-{day:02d}", "commit": "ab" * 20, "seed": seed, REACHED: True}
    return record(of, "audit", outcome, details=details)


def test_draws_are_told_by_day_with_what_each_audit_found() -> None:
    first, second = stored("orchard/b"), stored("orchard/a")
    days = audit_days(
        [
            submission(first, audit(first, 1), audit(first, 2, outcome="fail")),
            submission(second, audit(second, 2), record(second, "audit"), record(second, "check")),
        ]
    )
    assert [(day.date, day.commit, day.seed) for day in days] == [
        ("2026-10-02", "ab" * 20, "7"),
        ("2026-10-01", "ab" * 20, "7"),
    ]
    assert [(line.name, line.outcome) for line in days[0].entries] == [
        ("orchard/a", "passed"),
        ("orchard/b", "failed"),
    ]
    assert days[0].entries[0].href == f"entries/{second['entry_id']}/"


def test_two_draws_of_one_day_stand_apart_and_only_the_latest_are_shown() -> None:
    own = stored()
    days = audit_days([submission(own, audit(own, 1, "7"), audit(own, 1, "8"))])
    assert [day.seed for day in days] == ["8", "7"]
    many = [audit(own, 1 + i % 28, str(i)) for i in range(SHOWN_AUDITS + 4)]
    shown = audit_days([submission(own, *many)])
    assert len(shown) == SHOWN_AUDITS
    assert shown[0].date == "2026-10-28"


def test_why_an_entry_is_on_no_board_is_what_a_person_wrote_else_what_was_found() -> None:
    own = stored()
    findings = [
        {"code": "P06", "level": "warn", "message": "slow. Remedy: none."},
        {"code": "R01", "level": "fail", "message": "score differs. Remedy: run again."},
        {"code": "R02", "level": "fail", "message": "second. Remedy: run again."},
    ]
    assert unranking_words(None) == ""
    found = record(own, "audit", "fail", findings=findings)
    assert unranking_words(found) == "R01 score differs. Remedy: run again."
    given = record(own, "withdraw", "fail", findings=findings, details={"reason": "by its author"})
    assert unranking_words(given) == "by its author"
    assert unranking_words(record(own, "withdraw", "fail")) == ""
