"""What happened to entries, and which were drawn for audits: from entries and their records alone."""

from collections.abc import Sequence
from dataclasses import dataclass
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
CHANGES_PER_PAGE = 200


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


@dataclass(frozen=True)
class ChangesPage:
    """Some of the changes, newest first. Only the first page has links to all others."""

    events: tuple[Event, ...]
    newer: Link | None
    older: Link | None
    earlier: tuple[Link, ...]


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


def changes_pages(found: Sequence[Event]) -> dict[str, ChangesPage]:
    """All changes in parts, by the path of their page.

    Parts are counted from the oldest and hold as many changes as fit, so that a page that is full stays as it
    is; the first page holds the rest, which is at least as many.
    """
    count = max(len(found) // CHANGES_PER_PAGE - 1, 0)
    paths = [f"changes/{i + 1}/" for i in range(count)] + ["changes/"]
    ends = [len(found) - i * CHANGES_PER_PAGE for i in range(count + 1)] + [0]
    links = [Link(path.split("/")[1] or "newest", path) for path in paths]
    return {
        path: ChangesPage(
            events=tuple(found[ends[i + 1] : ends[i]]),
            newer=links[i + 1] if i < count else None,
            older=links[i - 1] if i else None,
            earlier=tuple(reversed(links[:count])) if i == count else (),
        )
        for i, path in enumerate(paths)
    }


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
