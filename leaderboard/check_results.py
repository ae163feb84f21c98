"""Stage R of the checker: every number of the entry, recomputed from its logs and regraded.

Codes: R01 header metrics, R02 units, R03 regrade, R04 cells, R05 usage, R06 metrics and counts.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from statistics import fmean

from interplay.tasks.catalog import family_of_task

from .boards import load_boards
from .canonical import Json
from .findings import AS_WRITTEN, RUN_AGAIN, WRITE_AGAIN, counted, fail
from .regrade import compared_scorers, score_difference, scorers_in
from .rows import LogRows
from .schema import Finding, Result
from .versions import is_comparable, is_outdated

TOLERANCE = 1e-6


def check_header(log: LogRows) -> list[Finding]:
    """The means that the header of a log states are those of its samples; the first that is not is named."""
    for metric in log.header.metrics:
        if metric.metric != "mean":
            continue
        key = f"{metric.scorer}.{metric.key}"
        epochs: dict[str, list[float]] = {}
        for row in log.samples:
            if not row.errored and key in row.score.value_keys:
                epochs.setdefault(row.sample_id, []).append(row.score.numbers[key])
        mean = fmean(fmean(values) for values in epochs.values()) if epochs else math.nan
        same = math.isnan(mean) and (math.isnan(metric.value) or metric.value == 0)
        if not same and not abs(mean - metric.value) <= TOLERANCE * max(1.0, abs(mean)):
            what = f"header {metric.value:g}, samples {mean:g} ({key} of {log.header.task})"
            return [fail("R01", what, AS_WRITTEN)]
    return []


def check_regrade(log: LogRows, problem: str | None) -> list[Finding]:
    """Every score that a board reads is what the scorer of this checkout gives for the stored transcript.

    Scorers of an earlier minor version gave other scores: those are regraded, which has to be possible, and
    not compared. Logs of an earlier major version are left as they are.
    """
    task = log.header.task
    if is_outdated(log.header):
        return []
    if problem is not None:
        return [fail("R03", f"{task} could not be scored again ({problem})", RUN_AGAIN)]
    if not is_comparable(log.header):
        return []
    scorers = compared_scorers(log.header)
    for row in log.samples:
        names = scorers_in(row.score).difference(scorers) & figures_of(task)
        if names:
            what = f"{row.sample_id} of {task} has scores of {min(names)}, which its header does not name"
            return [fail("R03", what, AS_WRITTEN)]
    differing = [
        (row, difference)
        for row in log.samples
        if row.regraded is not None and (difference := score_difference(row.score, row.regraded, scorers))
    ]
    if not differing:
        return []
    row, difference = differing[0]
    first = f"{row.sample_id} epoch {row.epoch}, {difference}"
    what = f"regrade differs on {counted(len(differing), 'sample')} of {task} (first: {first})"
    return [fail("R03", what, AS_WRITTEN)]


@cache
def figures_of(task: str) -> frozenset[str]:
    """The scorers that the boards of a task's family read."""
    located = family_of_task(task)
    boards = [b for b in load_boards().values() if located and b.family == located[0].name]
    keys = [key for b in boards for key in (b.headline, b.stderr or b.headline, *b.cell_labels)]
    keys += [key for b in boards for item in b.secondary for key in (*item.sources, *item.minus)]
    return frozenset(key.split(".")[0] for key in keys) | {item.name for b in boards for item in b.judged}


def check_results(stated: Sequence[Result], recomputed: Sequence[Result]) -> list[Finding]:
    """The results of the entry are those that its logs give."""
    own = {result.board: result for result in recomputed}
    findings: list[Finding] = []
    for result in stated:
        other = own.pop(result.board, None)
        if other is None:
            findings.append(
                fail("R06", f"{result.board} is not among the boards that the logs serve", WRITE_AGAIN)
            )
            continue
        findings += _compare(result, other)
    findings += [fail("R06", f"result of {board} is absent", WRITE_AGAIN) for board in own]
    return findings


def _compare(stated: Result, logs: Result) -> list[Finding]:
    findings: list[Finding] = []
    if unit := _unit_difference(stated, logs):
        findings.append(fail("R02", f"{unit} on {stated.board}", WRITE_AGAIN))
    for code, field in (("R04", "cells"), ("R05", "usage")):
        if place := difference(stated.content()[field], logs.content()[field], field):
            findings.append(fail(code, f"{place} on {stated.board}", WRITE_AGAIN))
    rest = [
        {k: v for k, v in r.content().items() if k not in ("units", "cells", "usage")} for r in (stated, logs)
    ]
    if place := difference(rest[0], rest[1], ""):
        findings.append(fail("R06", f"{place} on {stated.board}", WRITE_AGAIN))
    return findings


def _unit_difference(stated: Result, logs: Result) -> str | None:
    pairs = zip(stated.units.split(), logs.units.split(), strict=False)
    number = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
    if number is None:
        return None
    a, b = stated.units.split()[number], logs.units.split()[number]
    return f"unit {number + 1} is {a}, logs give {b}"


def difference(stated: Json, logs: Json, place: str) -> str | None:
    """The first place where two pieces of JSON differ by more than 1e-6, in words, or None."""
    if isinstance(stated, Mapping) and isinstance(logs, Mapping):
        for key in sorted({*stated, *logs}):
            where = f"{place}.{key}" if place else key
            if key not in stated or key not in logs:
                return f"{where} is {'absent' if key not in stated else 'not what the logs give'}"
            if found := difference(stated[key], logs[key], where):
                return found
        return None
    if isinstance(stated, list) and isinstance(logs, list):
        if len(stated) != len(logs):
            return f"{place} has {len(stated)} members, logs give {len(logs)}"
        pairs = enumerate(zip(stated, logs, strict=True))
        return next((found for i, (a, b) in pairs if (found := difference(a, b, f"{place}[{i}]"))), None)
    if isinstance(stated, int | float) and isinstance(logs, int | float):
        same = abs(stated - logs) <= TOLERANCE * max(1.0, abs(logs))
    else:
        same = stated == logs
    return None if same else f"{place} is {stated}, logs give {logs}"
