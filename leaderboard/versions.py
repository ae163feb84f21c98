"""What a version of a task means for results: rerun (major), regrade (minor) or reuse (patch).

A log of an earlier minor version is read with the scores that this checkout's scorers give, so nobody runs
again; a result of an earlier major version stands on a page of its own, without rank. A board with several
tasks moves to its next version whenever one of them does.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from .boards import Board
from .locks import newest_lock
from .rows import HeaderRow, LogRows
from .rungs import own_records
from .schema import Entry, Evidence, Result

Due: TypeAlias = Literal["nothing", "regrade", "rerun"]


def major_minor(version: str) -> tuple[int, int]:
    """`(1, 4)` of `1.4.2`, (0, 0) of what is no version."""
    match = re.match(r"([0-9]{1,9})\.([0-9]{1,9})(?:\.|$)", version)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def due(task: str, version: str) -> Due:
    """What a log of that version needs before it stands beside those of the current one."""
    newest = newest_lock(task)
    current, own = major_minor(newest.version) if newest else (0, 0), major_minor(version)
    if current[0] > own[0]:
        return "rerun"
    return "regrade" if current > own else "nothing"


def at_current_minor(log: LogRows) -> LogRows:
    """A log as this checkout reads it: one of an earlier minor version with its regraded scores.

    Left as it is where it was not regraded, where the version is current, and where it has to be rerun.
    """
    header = log.header
    newest = newest_lock(header.task)
    whole = all(row.regraded is not None or row.errored for row in log.samples)
    if newest is None or due(header.task, header.task_version) != "regrade" or not whole:
        return log
    samples = (
        row.model_copy(update={"score": row.regraded}) if row.regraded is not None else row
        for row in log.samples
    )
    return LogRows(header.model_copy(update={"task_version": newest.version}), tuple(samples))


def is_comparable(header: HeaderRow) -> bool:
    """Whether this checkout's scorers are the ones that graded the log, so that scores must be the same."""
    return due(header.task, header.task_version) == "nothing"


def is_outdated(header: HeaderRow) -> bool:
    """Whether the log is of an earlier major version, of other items or limits than today's."""
    return due(header.task, header.task_version) == "rerun"


def board_version(majors: Iterable[int]) -> int:
    """The version of a board from the major versions of its tasks: it moves when any of them does."""
    return 1 + sum(max(major, 1) - 1 for major in majors)


def current_version(board: Board) -> int:
    """The version of a board in this checkout."""
    newest = (newest_lock(task) for task in board.tasks)
    return board_version(major_minor(lock.version)[0] for lock in newest if lock)


def is_newer(task: str, version: str) -> bool:
    """Whether a version is one that no lock of this checkout has reached; False for tasks without a lock."""
    newest = newest_lock(task)
    return newest is not None and major_minor(version) > major_minor(newest.version)


def result_version(board: Board, entry: Entry, result: Result) -> int:
    """The version of the board that an entry's result belongs to."""
    ran = {pointer.task: major_minor(pointer.task_version)[0] for pointer in entry.logs}
    stated = major_minor(result.task_version)[0]
    return board_version(ran.get(task, stated) for task in board.tasks)


def shown_results(entry: Entry, records: Sequence[Evidence]) -> tuple[Result, ...]:
    """What boards show of an entry: the results of the newest regrade that has any, else its own."""
    if not any(record.kind == "regrade" for record in records):
        return entry.results
    own = (r for r in own_records(entry, records) if r.kind == "regrade" and r.outcome != "fail")
    regraded = [record.results for record in own if record.results]
    return regraded[-1] if regraded else entry.results
