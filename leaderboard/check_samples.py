"""Stage C of the checker: every pinned sample once and as pinned.

Codes: C01 absent, C02 twice, C03 pins, C04 errors, C05 unscored, C06 extra.
"""

from collections import Counter
from collections.abc import Sequence

from .findings import RUN_AGAIN, counted, fail
from .locks import Variant, facts
from .rows import LogRows, SampleRow
from .schema import Finding

ERROR_LIMIT, UNSCORED_LIMIT = 0.01, 0.02


def check_complete(logs: Sequence[LogRows], variant: Variant) -> list[Finding]:
    """Stage C for the logs of one locked call."""
    task = logs[0].header.task
    rows = [row for log in logs for row in log.samples]
    epochs = range(1, variant.epochs + 1)
    expected = [(sample.id, epoch) for sample in variant.samples for epoch in epochs]
    found = Counter((row.sample_id, row.epoch) for row in rows)
    findings: list[Finding] = []
    if absent := [place for place in expected if place not in found]:
        first = _place(absent[0])
        what = f"{len(absent)} of {len(expected)} pinned samples are absent (first: {first}) in {task}"
        findings.append(fail("C01", what, RUN_AGAIN))
    if twice := [place for place, times in found.items() if times > 1]:
        what = f"{_place(twice[0])} of {task} occurs twice ({counted(len(twice), 'such sample')})"
        findings.append(fail("C02", what, "submit one log of each run, as it was written"))
    if extra := sorted(set(found) - set(expected)):
        what = f"{counted(len(extra), 'sample')} of {task} outside its lock (first: {_place(extra[0])})"
        findings.append(fail("C06", what, RUN_AGAIN))
    return findings + _pins(rows, variant) + _rates(task, rows, variant)


def _pins(rows: Sequence[SampleRow], variant: Variant) -> list[Finding]:
    pinned = {sample.id: sample for sample in variant.samples}
    wrong: list[str] = []
    for row in rows:
        sample = pinned.get(row.sample_id)
        if sample is None:
            continue
        place = _place((row.sample_id, row.epoch))
        if row.pin != sample.pin:
            wrong.append(f"input of {place} differs from its pin, {row.pin} (expected {sample.pin})")
        elif facts(row.facts, variant.fact_keys) != sample.facts:
            wrong.append(f"metadata of {place} differs from its pin")
    if not wrong:
        return []
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return [fail("C03", wrong[0] + more, "install the released package and run again")]


def _rates(task: str, rows: Sequence[SampleRow], variant: Variant) -> list[Finding]:
    prefixes = tuple(f"{name}." for name in variant.scorers)
    errors = sum(row.errored for row in rows)
    unscored = sum(
        not row.errored and not any(key.startswith(prefixes) for key in row.score.value_keys) for row in rows
    )
    findings: list[Finding] = []
    if errors > ERROR_LIMIT * len(rows):
        what = f"{100 * errors / len(rows):.1f} % errored (limit {100 * ERROR_LIMIT:.0f} %) in {task}"
        findings.append(fail("C04", what, RUN_AGAIN))
    if unscored > UNSCORED_LIMIT * len(rows):
        what = f"{100 * unscored / len(rows):.1f} % not scored (limit {100 * UNSCORED_LIMIT:.0f} %) in {task}"
        findings.append(fail("C05", what, RUN_AGAIN))
    return findings


def _place(place: tuple[str, int]) -> str:
    return f"{place[0]} epoch {place[1]}"
