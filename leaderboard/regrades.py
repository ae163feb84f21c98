"""Regrade records: new results of stored entries after a scorer changed, with nobody running again.

After a minor version of a task the scores that logs hold are those of an earlier scorer. Each log is read and
graded again by this checkout, and what differs from what the boards show is appended as a `regrade` record.
The same happens to entries whose results this checkout computes otherwise from the same scores.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from interplay.tasks.mistakes import NetworkProblem, UserMistake

from .archive import Refusal
from .check import LogSource, locate, read_logs
from .check_results import check_regrade, check_results
from .entries import load_evidence, served_boards
from .findings import RUN_AGAIN, WRITE_AGAIN, fail, failed
from .records import Detail, Stamp, new_record
from .rungs import rung
from .schema import Entry, Evidence, Finding, Result
from .untrusted import Reader, read_ahead
from .versions import shown_results

AT_ONCE = 2
BATCH = 32
"""Entries whose logs are read together, which saves starts and bounds memory."""


def regrade_record(
    entry: Entry,
    records: Sequence[Evidence],
    root: Path,
    logs: LogSource,
    stamp: Stamp,
    reader: Reader | None = None,
) -> Evidence | None:
    """The record of a regrade, or None where the boards already show what the logs give.

    Args:
        entry: An entry that passed its check.
        records: Its evidence.
        root: A checkout.
        logs: Where logs come from.
        stamp: Moment and commit.
        reader: Reads the logs; by default in children of its own.

    Raises:
        NetworkProblem: A log could not be fetched.
    """
    read, findings = read_logs(entry, root, logs, True, reader)
    if failed(findings):
        return new_record(entry, "regrade", stamp, findings=findings)
    for log in read:
        if entry.division != "open":
            findings += check_regrade(log.rows, log.regrade_problem)
    if failed(findings):
        return new_record(entry, "regrade", stamp, findings=findings)
    served = served_boards([log.rows for log in read], entry.family, entry.division)
    try:
        computed = [board.result() for board in served]
    except UserMistake as mistake:
        what = f"results cannot be computed from the logs ({mistake.message})"
        return new_record(entry, "regrade", stamp, findings=[fail("R06", what, RUN_AGAIN)])
    before = shown_results(entry, records)
    findings = lost_boards(before, computed)
    if failed(findings):
        return new_record(entry, "regrade", stamp, findings=findings)
    if not check_results(before, computed):
        return None
    return new_record(entry, "regrade", stamp, results=computed, details=changes(before, computed))


def lost_boards(before: Sequence[Result], computed: Sequence[Result]) -> list[Finding]:
    """Boards that an entry had results on and that its logs give none for any more."""
    gone = sorted({r.board for r in before} - {r.board for r in computed})
    what = "is no longer among the boards that the logs serve"
    return [fail("R06", f"{board} {what}", WRITE_AGAIN) for board in gone]


def changes(before: Sequence[Result], computed: Sequence[Result]) -> dict[str, Detail]:
    """Versions and headline values, before and after, of the boards whose results changed."""
    old = {result.board: result for result in before}
    details: dict[str, Detail] = {}
    for new in computed:
        was = old.get(new.board)
        if was is None or not check_results([was], [new]):
            continue
        details[f"{new.board}.from"], details[f"{new.board}.to"] = was.task_version, new.task_version
        moved = {
            key: round(new.metrics[key].value - metric.value, 6)
            for key, metric in was.metrics.items()
            if key in new.metrics
        }
        details[f"{new.board}.largest_change"] = max(moved.values(), key=abs, default=0.0)
    return details


def due_entries(entries: Iterable[Entry], root: Path) -> Iterator[tuple[Entry, list[Evidence]]]:
    """Entries with logs and a passed check: those that can be graded again."""
    for entry in entries:
        records = load_evidence(root, entry.entry_id)
        if entry.logs and rung(entry, records) >= 1:
            yield entry, records


def regrade_all(
    entries: Iterable[Entry], root: Path, logs: LogSource, stamp: Stamp
) -> Iterator[tuple[Entry, Evidence | NetworkProblem | None]]:
    """Each entry with its new record, None where nothing changed, or why its logs were not reached."""
    waiting = due_entries(entries, root)
    while batch := list(islice(waiting, BATCH)):
        reader = read_ahead(_paths((entry for entry, _ in batch), root, logs), AT_ONCE)
        for entry, records in batch:
            try:
                found = regrade_record(entry, records, root, logs, stamp, reader)
            except NetworkProblem as problem:  # says nothing about the entry
                found = problem
            yield entry, found


def _paths(entries: Iterable[Entry], root: Path, logs: LogSource) -> list[Path]:
    found: list[Path] = []
    for pointer in (pointer for entry in entries for pointer in entry.logs):
        try:
            found.append(locate(pointer, root, logs))
        except (Refusal, NetworkProblem):
            continue  # what becomes of that entry says what is wrong with it
    return list(dict.fromkeys(found))
