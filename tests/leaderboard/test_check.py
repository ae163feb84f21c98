"""The checker: what it says of honest entries and of pull requests. Attacks are in `tests/tampered`."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.leaderboard.check import check_entry, check_pull_request, evidence_of
from interplay.leaderboard.check_plausible import COMPLETIONS, IDENTICAL_EPOCHS
from interplay.leaderboard.completions import parts
from interplay.leaderboard.entries import ENTRIES, LOGS
from interplay.leaderboard.records import Stamp
from interplay.leaderboard.rungs import rung
from interplay.tasks.mistakes import UserMistake
from tests.leaderboard.conftest import REFERENCE
from tests.tampered.make import Forgery

STAMP = Stamp("2026-11-21T00:00:00Z", None)


def check(root: Path, path: Path | None = None, regrade: bool = True):
    return check_entry(path or next((root / ENTRIES).glob("*.json")), root=root, regrade=regrade)


def test_honest_entry_reaches_the_second_rung(honest: Path):
    report = check(honest)
    assert report.sentences() == []
    assert (report.passed, report.rung, report.stages) == (True, 2, "SLTCRP")
    assert report.entry is not None
    assert report.results == report.entry.results
    record = evidence_of(report, report.entry, STAMP)
    assert rung(report.entry, [record]) == 2


@pytest.mark.parametrize("player", ["mute", "colrow"])
def test_other_players_pass(player: str, smoke_logs: Callable[[str], Path], tmp_path: Path):
    from interplay.leaderboard.submit import prepare, write

    write(prepare([smoke_logs(player)], REFERENCE), tmp_path)
    assert check(tmp_path).sentences() == []


def test_logs_may_be_left_out(honest: Path):
    report = check_entry(next((honest / ENTRIES).glob("*.json")), root=honest, logs=None)
    assert (report.passed, report.rung, report.stages, report.results) == (True, 0, "S", None)


def test_an_absent_log_is_named(honest: Path, tmp_path: Path):
    report = check_entry(next((honest / ENTRIES).glob("*.json")), root=honest, logs=tmp_path)
    assert {f.code for f in report.findings} == {"L01"}
    assert all("no such log at" in f.message for f in report.findings)


def test_the_record_of_a_check_says_what_later_ones_compare_with(honest: Path):
    report = check(honest)
    assert report.entry is not None
    details = evidence_of(report, report.entry, STAMP).details
    fingerprints = parts(str(details[COMPLETIONS]))
    assert len(fingerprints) == len(set(fingerprints)) == 12
    assert details[IDENTICAL_EPOCHS] == 0.0


def test_a_pull_request_is_told_exactly_what_to_take_out(honest: Path, tmp_path: Path):
    """Every finding ends in a git command; run in the branch, they leave a pull request that passes."""
    case = Forgery(honest, tmp_path / "case")
    case.public()
    case.remeasure()
    repository = case.as_pull_request()
    repository.write("README.md", b"Mine.\n")
    repository.write("leaderboard/evidence/x/20260101T000000Z-attest.json", b"{}")
    repository.write("leaderboard/logs/a log.eval", b"PK")
    span = repository.span
    report = check_pull_request(repository.root, span, author="acme", logs=case.root / LOGS, regrade=False)
    assert [f.code for f in report.findings] == ["S06"] * 3
    repository.git("checkout", "--quiet", "--force", span.split("...")[1])
    for finding in report.findings:
        command = finding.message.partition("take it out with ")[2].removesuffix(".")
        subprocess.run(command, shell=True, check=True, cwd=repository.root, capture_output=True)
    base, head = span.split("...")[0], repository.commit("taken out")
    again = check_pull_request(
        repository.root, f"{base}...{head}", author="acme", logs=case.root / LOGS, regrade=False
    )
    assert again.sentences() == []


def test_a_pull_request_with_very_many_changes_is_told_in_one_command(honest: Path, tmp_path: Path):
    case = Forgery(honest, tmp_path / "case")
    repository = case.as_pull_request()
    for i in range(60):
        repository.write(f"src/{'long ' * 30}{i}.py", b"")
    report = check_pull_request(repository.root, repository.span, author=None, logs=None)
    (finding,) = report.findings
    assert "and 52 more" in finding.message
    assert f"-- . ':(exclude)leaderboard/entries/{case.path.name}'" in finding.message


@pytest.mark.parametrize("span", ["main", "main...", "...main", "main...absent", "-x...main"])
def test_commits_that_are_none(span: str, honest: Path, tmp_path: Path):
    repository = Forgery(honest, tmp_path / "case").as_pull_request()
    with pytest.raises(UserMistake, match=r"\.$"):
        check_pull_request(repository.root, span, author=None)
