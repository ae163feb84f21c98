"""Stages C and P of the checker: every pinned sample once and as pinned, in a run that could have happened.

Codes: C01 absent, C02 twice, C03 pins, C04 errors, C05 unscored, C06 extra; P01 tokens, P04 times.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from .findings import AS_WRITTEN, RUN_AGAIN, counted, fail
from .locks import Variant, facts
from .rows import MODEL_ROLE, LogRows, SampleRow
from .schema import Finding

ERROR_LIMIT, UNSCORED_LIMIT = 0.01, 0.02
SCRIPTED = ("reference/", "mockllm/")
CLOCK = timedelta(seconds=2)
"""What clocks of one machine may differ by."""


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
        what = f"{len(absent)} of {len(expected)} pinned samples of {task} absent (first: {first})"
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
        what = f"{errors / len(rows):.1%} of the samples of {task} errored (limit {ERROR_LIMIT:.0%})"
        findings.append(fail("C04", what, RUN_AGAIN))
    if unscored > UNSCORED_LIMIT * len(rows):
        what = (
            f"{unscored / len(rows):.1%} of the samples of {task} are not scored (limit {UNSCORED_LIMIT:.0%})"
        )
        findings.append(fail("C05", what, RUN_AGAIN))
    return findings


def check_plausible(log: LogRows) -> list[Finding]:
    """Stage P, as far as one log shows it: tokens of an API model, times inside the run."""
    findings: list[Finding] = []
    header = log.header
    uses = [row.usage[MODEL_ROLE] for row in log.samples if MODEL_ROLE in row.usage]
    if not any(use.input_tokens + use.output_tokens for use in uses) and not header.model.startswith(
        SCRIPTED
    ):
        what = f"no tokens recorded for {header.model} in {header.task}"
        findings.append(fail("P01", what, "use a provider that reports usage"))
    start, end = _moment(header.started_at), _moment(header.completed_at)
    for row in log.samples:
        began, ended = _moment(row.started_at), _moment(row.completed_at)
        if start and end and began and ended and (began < start - CLOCK or ended > end + CLOCK):
            place, when = _place((row.sample_id, row.epoch)), f"{header.started_at} to {header.completed_at}"
            what = f"sample {place} ran outside its eval, at {row.started_at} (expected {when})"
            findings.append(fail("P04", what, AS_WRITTEN))
            break
    return findings


def _place(place: tuple[str, int]) -> str:
    return f"{place[0]} epoch {place[1]}"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
