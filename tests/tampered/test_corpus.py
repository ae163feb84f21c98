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
from interplay.leaderboard.untrusted import read_untrusted_logs
from tests.leaderboard.conftest import read_in_this_process
from tests.tampered.honest import Bases
from tests.tampered.make import IN_SPEC, README, Case, Forgery, load_corpus, readme

ATTACKS, VARIANTS = load_corpus()
SENTENCE = re.compile(r"^[SLTCRP]\d\d \S.*\. Remedy: \S.*\.$")
SPEC_VARIANTS = 24


PORTIONS = 4
"""Portions of the corpus that are read in children; the logs of one portion share the start of a child."""
LONG = {
    "01-file-of-65-kb",
    "33-dirty-tree",
    "38-grader-bound",
    "48-epoch-copied",
    "honest-06-retried-run",
    "honest-07-resumed-series",
    "honest-09-two-percent-unscored",
    "honest-10-message-limit-reached",
    "honest-21-sixty-four-logs",
}
"""Cases that take seconds each."""


def quick(cases: Sequence[Case], listed: int) -> list[ParameterSet]:
    """The short cases that the specification lists; the slow tests read all cases, in children."""
    return [
        pytest.param(case, id=case.folder)
        for case in cases
        if case.number <= listed and case.folder not in LONG
    ]


@pytest.fixture(scope="session")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Bases:
    return Bases(tmp_path_factory.mktemp("bases"))


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch):
    """Reads logs in this process, with the same scan and the same reader as the children, but no start-up."""
    monkeypatch.setattr("interplay.leaderboard.check.read_untrusted_logs", read_in_this_process)


def logs_of(folder: Path) -> list[Path]:
    """The regular files among the logs of a case, wherever it keeps them."""
    return sorted({path.resolve() for path in folder.rglob("*.eval") if path.is_file()})


def files(root: Path) -> list[tuple[Path, int]]:
    return sorted((path, path.lstat().st_mtime_ns) for path in root.rglob("*") if ".git" not in path.parts)


def forged(case: Case, bases: Bases, folder: Path) -> list[str]:
    """The words of `interplay` that check a case, which is made in a folder of its own."""
    forgery = Forgery(bases.folder(case.base), folder)
    case.forge(forgery)
    return [*forgery.command(), *([] if case.regrade else ["--no-regrade"])]


def check(words: Sequence[str], folder: Path) -> tuple[int, list[str]]:
    """Exit code of `interplay check`, and what it says; nothing on disk may change."""
    before = files(folder)
    result = CliRunner().invoke(program, list(words), catch_exceptions=False)
    assert files(folder) == before
    return result.exit_code, result.output.splitlines()


def fits(case: Case, code: int, lines: Sequence[str]) -> bool:
    """Whether an attack is refused by its code and words alone, or an honest variant passes."""
    if not case.code:
        return (code, len(lines)) == (0, 1) and lines[0].startswith("passed")
    findings = [line.strip() for line in lines[1:]]
    return (
        code == 1
        and lines[0].startswith("REFUSED")
        and {finding.split(" ")[0] for finding in findings} == {case.code}
        and any(finding.startswith(f"{case.code} {case.text}") for finding in findings)
        and all(SENTENCE.match(finding) for finding in findings)
    )


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("case", quick(ATTACKS, IN_SPEC))
def test_each_attack_is_refused_by_name(case: Case, bases: Bases, tmp_path: Path):
    code, lines = check(forged(case, bases, tmp_path / "case"), tmp_path)
    assert fits(case, code, lines), lines


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("case", quick(VARIANTS, SPEC_VARIANTS))
def test_each_honest_variant_passes(case: Case, bases: Bases, tmp_path: Path):
    code, lines = check(forged(case, bases, tmp_path / "case"), tmp_path)
    assert fits(case, code, lines), lines


@pytest.mark.slow
@pytest.mark.parametrize("portion", range(PORTIONS))
def test_every_case_ends_as_told_when_its_logs_are_read_in_children(
    portion: int, bases: Bases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """All cases, those found since the specification too; hostile logs share children with honest ones."""
    chosen = [*ATTACKS, *VARIANTS][portion::PORTIONS]
    commands = {case: forged(case, bases, tmp_path / case.folder) for case in chosen}
    known: dict[tuple[Path, bool], Untrusted | Refusal] = {}
    for regrade in (False, True):
        paths = [
            path for case in chosen if case.regrade == regrade for path in logs_of(tmp_path / case.folder)
        ]
        known |= {
            (path, regrade): read
            for path, read in zip(paths, read_untrusted_logs(paths, regrade), strict=True)
        }

    def read(paths: Sequence[Path], regrade: bool = True) -> list[Untrusted | Refusal]:
        return [known[path.resolve(), regrade] for path in paths]

    monkeypatch.setattr("interplay.leaderboard.check.read_untrusted_logs", read)
    ended = {case.folder: check(words, tmp_path / case.folder) for case, words in commands.items()}
    assert {case.folder: ended[case.folder] for case in chosen if not fits(case, *ended[case.folder])} == {}


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
