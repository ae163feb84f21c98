"""Samples that are run again: what raises the rung, what is a finding, what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.leaderboard.audits import audit_seed, rerun_calls
from interplay.leaderboard.entries import load_evidence
from interplay.leaderboard.own_logs import read_own_logs
from interplay.leaderboard.records import Stamp
from interplay.leaderboard.reruns import rerun_record
from interplay.leaderboard.rows import LogRows, ScoreRow
from interplay.tasks.mistakes import UserMistake

from .evidence_root import AT, COMMIT, DAY, only, run, rung_of

KEY = "maze.success_corrected"


def test_a_rerun_of_the_drawn_samples_raises_the_rung(root: Path, smoke_logs: Callable[[str], Path]):
    entry = only(root)
    assert run(root, "check", entry.entry_id, "--at", "2026-11-22T00:00:00Z").exit_code == 0
    assert (
        run(root, "rerun", entry.entry_id, str(smoke_logs("cartographer")), *DAY, "--at", AT).exit_code == 0
    )
    record = load_evidence(root, entry.entry_id)[-1]
    assert (record.kind, record.outcome, record.details["mazes-pair.identical"]) == ("rerun", "pass", 1.0)
    assert rung_of(root, entry) == 3
    other = run(root, "rerun", entry.entry_id, str(smoke_logs("mute")), *DAY, "--at", "2026-12-01T00:31:00Z")
    assert other.exit_code == 2
    assert "model is reference/mute (expected reference/cartographer)" in other.output
    assert run(root, "rerun", entry.entry_id, *DAY).exit_code == 2


def worse(log: LogRows, samples: int) -> LogRows:
    """The first samples fail."""
    low = -0.109878
    rows = [
        row.model_copy(
            update={"score": row.score.model_copy(update={"numbers": row.score.numbers | {KEY: low}})}
        )
        if i < samples
        else row
        for i, row in enumerate(log.samples)
    ]
    return log._replace(samples=tuple(rows))


def test_a_rerun_that_differs_is_a_finding(root: Path, smoke_logs: Callable[[str], Path]):
    entry, logs = only(root), read_own_logs([smoke_logs("cartographer")])
    seed, stamp = audit_seed(COMMIT, "2026-12-01"), Stamp(AT, None)
    assert sum(len(call.samples) for call in rerun_calls(entry, seed)) == 12, "a smoke run has no more"
    found = rerun_record(entry, logs, [worse(log, 6) for log in logs], seed, stamp)
    assert found.outcome == "fail"
    assert str(found.findings[0]).startswith("R08 mazes-pair: 6 samples run again differ by -1.110")
    warm = entry.model_copy(update={"settings": entry.settings.model_copy(update={"temperature": 0.0})})
    with pytest.raises(Exception, match="temperature is None"):
        rerun_record(warm, logs, logs, seed, stamp)
    short = [log._replace(samples=log.samples[1:]) for log in logs]
    with pytest.raises(Exception, match="drawn sample"):
        rerun_record(entry, logs, short, seed, stamp)


def unscored(log: LogRows, samples: int) -> LogRows:
    """The first samples have no score."""
    rows = [
        row.model_copy(update={"score": ScoreRow()}) if i < samples else row
        for i, row in enumerate(log.samples)
    ]
    return log._replace(samples=tuple(rows))


def test_a_rerun_has_to_be_scored(root: Path, smoke_logs: Callable[[str], Path]):
    entry, logs = only(root), read_own_logs([smoke_logs("cartographer")])
    seed, stamp = audit_seed(COMMIT, "2026-12-01"), Stamp(AT, None)
    for count in (1, 99):
        with pytest.raises(UserMistake, match=r"have a score in both runs \(expected at least 6\)"):
            rerun_record(entry, logs, [unscored(log, count) for log in logs], seed, stamp)
    nothing = [unscored(log, 99) for log in logs]
    with pytest.raises(UserMistake, match="no drawn sample has a score in both runs"):
        rerun_record(entry, nothing, nothing, seed, stamp)
