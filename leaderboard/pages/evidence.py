"""The evidence of one entry in words: the five steps, and every record with what it found."""

from collections.abc import Mapping
from typing import NamedTuple

from ..schema import Evidence, Finding
from ..standings import Submission

RECORD_WORDS = {
    "check": "Checked",
    "regrade": "Regraded",
    "rerun": "Re-run",
    "attest": "Attested",
    "audit": "Audited",
    "withdraw": "Withdrawn",
}
OUTCOMES = {"pass": "ok", "warn": "warn", "fail": "flag"}
"""Class of the word that says how a record ended."""


class Step(NamedTuple):
    """One step of the evidence ladder: reached with a date and a record, or the reason why not."""

    word: str
    reached: bool
    date: str
    href: str
    reason: str


class RecordLine(NamedTuple):
    """One record: when, what, how it ended, with which code, and what it found."""

    date: str
    word: str
    href: str
    outcome: str
    css: str
    version: str
    findings: tuple[Finding, ...]


def evidence_steps(submission: Submission, hrefs: Mapping[int, str]) -> tuple[Step, ...]:
    """The five steps: a word each with date and record, or the reason why it is not reached.

    Args:
        submission: The entry with its records.
        hrefs: Address of each record, by its identity.
    """
    entry, rung = submission.entry, submission.rung
    newest = {record.kind: record for record in submission.evidence}
    checked = newest.get("check")

    def step(word: str, level: int, record: Evidence | None, missing: str, failed: str) -> Step:
        reached = rung >= level and record is not None
        date = record.made_at[:10] if record and reached else ""
        reason = failed if record and record.outcome == "fail" else missing
        return Step(word, reached, date, hrefs[id(record)] if record else "", "" if reached else reason)

    return (
        Step("reported", True, entry.created[:10], f"data/entries/{entry.entry_id}.json", ""),
        step("evidenced", 1, checked, "not checked yet", "the newest check failed"),
        step(
            "regraded",
            2,
            newest.get("regrade") or checked,
            "not regraded yet" if checked else "needs a check first",
            "the newest regrade failed" if "regrade" in newest else "needs a passed check",
        ),
        step("re-run", 3, newest.get("rerun"), "not drawn yet", "the re-run differed"),
        step(
            "attested",
            4,
            newest.get("attest"),
            "not run in the attested workflow",
            "the attestation did not hold",
        ),
    )


def record_lines(submission: Submission, hrefs: Mapping[int, str]) -> tuple[RecordLine, ...]:
    """Every record of an entry, oldest first, with its findings."""
    return tuple(
        RecordLine(
            record.made_at[:10],
            RECORD_WORDS[record.kind],
            hrefs[id(record)],
            record.outcome,
            OUTCOMES[record.outcome],
            f"interplay {record.package_version}",
            tuple(record.findings),
        )
        for record in submission.evidence
    )
