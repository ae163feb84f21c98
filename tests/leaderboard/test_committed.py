"""What is committed under `leaderboard/`: reference entries are small, sound, and graded the same again."""

from pathlib import Path

import pytest

from interplay.leaderboard.check import check_entry
from interplay.leaderboard.entries import ENTRIES, LOGS, load_entries, load_evidence
from interplay.leaderboard.rungs import rung

ROOT = Path(__file__).parents[2]
STORED = sorted((ROOT / ENTRIES).glob("*.json"))
LARGEST_LOG, LARGEST_FOLDER = 300_000, 5_000_000


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_entry_passes_and_its_logs_regrade_to_equality(path: Path):
    report = check_entry(path, root=ROOT)
    assert report.sentences() == []
    assert report.rung == 2


def test_every_entry_has_its_evidence():
    for entry in load_entries(ROOT):
        assert rung(entry, load_evidence(ROOT, entry.entry_id)) >= 2, entry.entry_id


def test_logs_are_small_and_all_belong_to_an_entry():
    logs = sorted((ROOT / LOGS).glob("*.eval"))
    assert all(log.stat().st_size <= LARGEST_LOG for log in logs)
    assert sum(log.stat().st_size for log in logs) <= LARGEST_FOLDER
    named = {pointer.uri for entry in load_entries(ROOT) for pointer in entry.logs}
    assert {f"repo:{LOGS}/{log.name}" for log in logs} <= named
