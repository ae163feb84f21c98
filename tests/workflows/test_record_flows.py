"""The reading jobs of audit.yml and regrade.yml on a small checkout of stored entries."""

import json
import shutil

import pytest

from interplay.leaderboard.entries import ENTRIES, EVIDENCE, LOGS
from tests.workflows.steps import ROOT, Machine
from tests.workflows.test_entry_flow import BESIDE, Project, project, pytestmark, submitted

__all__ = ["project", "pytestmark", "submitted"]


@pytest.fixture
def machine(project: Project) -> Machine:
    """A runner at the main branch, whose entries' logs are in the checkout; nobody serves the site."""
    found = project.pull_request()
    (found.checkout / LOGS).mkdir(parents=True)
    for path in (found.checkout / ENTRIES).glob("*.json"):
        for pointer in json.loads(path.read_bytes())["logs"]:
            shutil.copy(ROOT / pointer["uri"].removeprefix("repo:"), found.checkout / LOGS)
    found.values |= {"vars.SITE_URL": "http://127.0.0.1:1", "vars.LOGS_DATASET": ""}
    return found


@pytest.mark.slow
def test_a_night_draws_by_a_public_seed_and_leaves_records(project: Project, machine: Machine):
    assert not machine.job("audit", "audit")
    assert machine.ran == ["Draw", "Audit what was drawn", "The live site serves what its manifest says"]
    assert "http://127.0.0.1:1/data/manifest.json could not be fetched" in machine.errors
    assert f"commit  {project.base}\nseed    " in machine.summary.read_text(encoding="utf-8")
    records = [*(machine.checkout / EVIDENCE).glob("*/*-audit.json")]
    assert len(records) == len(BESIDE)
    assert {json.loads(record.read_bytes())["outcome"] for record in records} <= {"pass", "warn"}


@pytest.mark.slow
def test_a_regrade_without_a_new_scorer_leaves_nothing(machine: Machine):
    before = sorted((machine.checkout / EVIDENCE).rglob("*.json"))
    assert machine.job("regrade", "regrade"), machine.errors
    assert f"0 recorded, {len(BESIDE)} unchanged" in machine.errors
    assert sorted((machine.checkout / EVIDENCE).rglob("*.json")) == before
