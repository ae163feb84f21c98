"""What happened to entries, and which were drawn for audits: from entries and their records alone."""

from collections.abc import Sequence
from typing import NamedTuple

from ..boards import load_boards
from ..models import display_name
from ..remembering import Memory
from ..rungs import REACHED
from ..schema import Evidence
from ..standings import Submission
from .boards import Link
from .tables import entry_href

SHOWN_AUDITS = 31


class Event(NamedTuple):
    """One line of the list of changes and of the feed. `key` names it for good."""

    date: str
    moment: str
    name: str
    href: str
    boards: tuple[Link, ...]
    rung: str
    division: str
    what: str
    key: str


class AuditedEntry(NamedTuple):
    """An entry that was drawn, and what the audit found."""

    name: str
    href: str
    outcome: str


class AuditDay(NamedTuple):
    """A day's draw: the commit and the seed, by which everybody can repeat it, and the entries."""

    date: str
    commit: str
    seed: str
    entries: tuple[AuditedEntry, ...]


def events(submissions: Sequence[Submission], memory: Memory) -> list[Event]:
    """All changes, newest first; ties by key."""
    found = [event for submission in submissions for event in memory(own_events, submission)]
    found.sort(key=lambda event: event.key)
    found.sort(key=lambda event: event.moment, reverse=True)
    return found


def own_events(submission: Submission) -> tuple[Event, ...]:
    """What happened to one entry."""
    entry, boards = submission.entry, load_boards()
    links = tuple(Link(r.board, f"boards/{r.board}/") for r in submission.results if r.board in boards)
    name, href = display_name(entry.model.id), entry_href(entry.entry_id)
    said = [(entry.created, accepted_words(submission), "")]
    for record in submission.evidence:
        if words := happened(record):
            said.append((record.made_at, words, f":{record.made_at}:{record.kind}"))
    return tuple(
        Event(moment[:10], moment, name, href, links, submission.rung_word, entry.division, what,
              f"entries:{entry.entry_id}{suffix}")
        for moment, what, suffix in said
    )  # fmt: skip


def accepted(found: Sequence[Event]) -> list[Event]:
    """The arrivals among the changes."""
    return [event for event in found if event.what.startswith("accepted")]


def accepted_words(submission: Submission) -> str:
    """How an entry came in."""
    reason = submission.entry.reason
    return f"accepted in place of an earlier one ({reason.replace('-', ' ')})" if reason else "accepted"


def happened(record: Evidence) -> str:
    """What a record says in a word or two; empty for a passed check, which is part of being accepted."""
    if record.kind == "withdraw":
        return "withdrawn"
    passed = {
        "check": "",
        "regrade": "regraded" if record.results else "regraded, nothing changed",
        "rerun": "re-run agrees",
        "attest": "attested",
        "audit": "audit passed",
    }
    failures = {
        "check": "check failed",
        "regrade": "regrade failed",
        "rerun": "re-run differs",
        "attest": "attestation failed",
        "audit": "audit failed",
    }
    if record.kind == "audit" and record.details.get(REACHED) is False and record.outcome != "fail":
        return "audit without logs"
    return failures[record.kind] if record.outcome == "fail" else passed[record.kind]


def audit_days(submissions: Sequence[Submission]) -> tuple[AuditDay, ...]:
    """The latest draws, newest first."""
    days: dict[tuple[str, str, str], list[tuple[str, AuditedEntry]]] = {}
    for submission in submissions:
        entry = submission.entry
        for record in submission.evidence:
            if record.kind != "audit" or "seed" not in record.details:
                continue
            key = tuple(str(record.details.get(name, "")) for name in ("date", "commit", "seed"))
            line = AuditedEntry(
                display_name(entry.model.id),
                entry_href(entry.entry_id),
                happened(record).removeprefix("audit "),
            )
            days.setdefault((key[0], key[1], key[2]), []).append((entry.entry_id, line))
    newest = sorted(days, reverse=True)[:SHOWN_AUDITS]
    return tuple(AuditDay(*key, tuple(line for _, line in sorted(days[key]))) for key in newest)


def unranking_words(record: Evidence | None) -> str:
    """Why an entry is on no board: the reason that a person gave, else what the audit found."""
    if record is None:
        return ""
    failures = (f"{finding}" for finding in record.findings if finding.level == "fail")
    return str(record.details.get("reason") or next(failures, ""))
