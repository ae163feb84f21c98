"""Every attack is refused by its name, every honest variant passes, by the front door; the README says so."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from click.testing import CliRunner

from interplay.leaderboard.archive import Refusal
from interplay.leaderboard.cli import program
from interplay.leaderboard.log_reader import Untrusted
from tests.leaderboard.conftest import in_this_process
from tests.tampered.honest import Bases
from tests.tampered.make import IN_SPEC, README, Case, Forgery, load_corpus, readme

ATTACKS, VARIANTS = load_corpus()
SENTENCE = re.compile(r"^[SLTCRP]\d\d \S.*\. Remedy: \S.*\.$")
SPEC_VARIANTS = 24


LONG = {
    "01-file-of-65-kb",
    "33-dirty-tree",
    "48-epoch-copied",
    "honest-06-retried-run",
    "honest-07-resumed-series",
    "honest-09-two-percent-unscored",
    "honest-10-message-limit-reached",
    "honest-21-sixty-four-logs",
}
"""Cases that take seconds each."""


def in_default(cases: Sequence[Case], listed: int) -> list[ParameterSet]:
    """The cases that the specification lists; those found since, and long ones, run in the slow tests."""
    return [
        pytest.param(
            case,
            id=case.folder,
            marks=() if case.number <= listed and case.folder not in LONG else pytest.mark.slow,
        )
        for case in cases
    ]


@pytest.fixture(scope="session")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Bases:
    return Bases(tmp_path_factory.mktemp("bases"))


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch):
    """Reads logs in this process, with the same scan and the same reader as the children, but no start-up."""

    def read(paths: Sequence[Path], regrade: bool = True) -> list[Untrusted | Refusal]:
        return [in_this_process(path, regrade) for path in paths]

    monkeypatch.setattr("interplay.leaderboard.check.read_untrusted_logs", read)


def files(root: Path) -> list[tuple[Path, int]]:
    return sorted((path, path.lstat().st_mtime_ns) for path in root.rglob("*") if ".git" not in path.parts)


def run(case: Case, bases: Bases, folder: Path) -> tuple[int, list[str]]:
    """Exit code of `interplay check` on a case, and what it says; nothing on disk may change."""
    forgery = Forgery(bases.folder(case.base), folder)
    case.forge(forgery)
    words = [*forgery.command(), *([] if case.regrade else ["--no-regrade"])]
    before = files(folder)
    result = CliRunner().invoke(program, words, catch_exceptions=False)
    assert files(folder) == before
    return result.exit_code, result.output.splitlines()


def refuse(case: Case, bases: Bases, folder: Path):
    code, lines = run(case, bases, folder)
    findings = [line.strip() for line in lines[1:]]
    assert code == 1, "the attack passed"
    assert lines[0].startswith("REFUSED"), lines
    assert {finding.split(" ")[0] for finding in findings} == {case.code}, findings
    assert any(finding.startswith(f"{case.code} {case.text}") for finding in findings), findings
    assert all(SENTENCE.match(finding) for finding in findings), findings


def accept(case: Case, bases: Bases, folder: Path):
    code, lines = run(case, bases, folder)
    assert (code, len(lines)) == (0, 1), lines
    assert lines[0].startswith("passed"), lines


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("case", in_default(ATTACKS, IN_SPEC))
def test_each_attack_is_refused_by_name(case: Case, bases: Bases, tmp_path: Path):
    refuse(case, bases, tmp_path / "case")


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("case", in_default(VARIANTS, SPEC_VARIANTS))
def test_each_honest_variant_passes(case: Case, bases: Bases, tmp_path: Path):
    accept(case, bases, tmp_path / "case")


@pytest.mark.slow
@pytest.mark.parametrize("case", ATTACKS, ids=lambda case: case.folder)
def test_each_attack_is_refused_in_a_child(case: Case, bases: Bases, tmp_path: Path):
    refuse(case, bases, tmp_path / "case")


@pytest.mark.slow
@pytest.mark.parametrize("case", VARIANTS, ids=lambda case: case.folder)
def test_each_honest_variant_passes_in_a_child(case: Case, bases: Bases, tmp_path: Path):
    accept(case, bases, tmp_path / "case")


def test_the_corpus_is_complete_and_documented():
    assert [case.number for case in ATTACKS] == list(range(1, len(ATTACKS) + 1))
    assert [case.number for case in VARIANTS] == list(range(1, len(VARIANTS) + 1))
    assert len(ATTACKS) >= IN_SPEC
    assert len(VARIANTS) >= SPEC_VARIANTS
    assert README.read_text(encoding="utf-8") == readme()
    assert all(case.text or case.number > 0 for case in ATTACKS)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    command = [sys.executable, "-m", "tests.tampered.make", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=README.parents[2])
    assert done.returncode == 2
    assert "there is something in this folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
