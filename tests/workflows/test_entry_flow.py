"""The steps of entry.yml on real pull requests in a throw-away repository: good, bad, hostile."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from interplay.leaderboard.draft import SubmitOptions
from interplay.leaderboard.entries import ENTRIES, EVIDENCE, LOGS
from interplay.leaderboard.submit import prepare, write
from tests.leaderboard.conftest import read_in_this_process
from tests.tampered.make import PUBLIC, Forgery
from tests.tampered.repository import Repository
from tests.workflows.steps import ROOT, Machine, has_tools, link_environment

pytestmark = pytest.mark.skipif(not has_tools(), reason="needs bash, git and the tools of util-linux")

PLAYER = "mazes--reference-cartographer--*"
OPEN = SubmitOptions(
    division="open", github="acme", method_note="Six mazes.", method_url="https://example.org/m"
)
BESIDE = ("mazes--reference-mute--*", "mazes--reference-noisy--*", "mazes--reference-liar--*")
NUMBER = 7
FETCH, SHAPE, OFFLINE = (
    "Fetch the objects of the pull request",
    "Judge its shape and its file, and download the logs",
    "Judge the logs, without network and as a user who owns nothing",
)


class Project:
    """The project on a server and as the base checkout of a runner, and one honest entry to submit."""

    def __init__(self, home: Path, submitted: Path):
        self.home = home
        self.server = Repository(home / "server")
        for pattern in BESIDE:
            (entry,) = (ROOT / ENTRIES).glob(f"{pattern}.json")
            self.server.write(f"{ENTRIES}/{entry.name}", entry.read_bytes())
            for record in (ROOT / EVIDENCE / entry.stem).glob("*.json"):
                self.server.write(f"{EVIDENCE}/{entry.stem}/{record.name}", record.read_bytes())
        self.server.as_base()
        self.server.git("checkout", "--quiet", "--force", "main")
        self.base = self.server.git("rev-parse", "main")
        self.forgery = Forgery(submitted, home / "forged")

    @property
    def path(self) -> str:
        """Where the entry belongs."""
        return f"{ENTRIES}/{self.forgery.path.name}"

    def pull_request(self, change: Callable[[Repository], None] = lambda _: None) -> Machine:
        """Opens a pull request with the entry and what else is changed; returns a runner at its base."""
        self.server.write(self.path, self.forgery.path.read_bytes())
        change(self.server)
        head = self.server.span.split("...")[1]
        self.server.git("update-ref", f"refs/pull/{NUMBER}/head", head)
        self.server.git("clone", "--quiet", str(self.server.root), str(self.home / "checkout"))
        link_environment(self.home / "checkout")
        logs = self.home / "runner" / "logs"
        logs.mkdir(parents=True)
        for pointer in self.forgery.entry["logs"]:
            name = pointer["uri"].rsplit("/", 1)[-1]
            shutil.copy(self.forgery.root / LOGS / name, logs / f"{pointer['sha256']}.eval")
        event = {
            "number": str(NUMBER),
            "base.sha": self.base,
            "head.sha": head,
            "user.login": "acme",
        }
        values = {f"github.event.pull_request.{key}": value for key, value in event.items()}
        return Machine(self.home / "checkout", self.home / "runner", values)


@pytest.fixture(scope="session")
def submitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `interplay submit` makes of the stored logs of a player, for the open division, with the logs."""
    folder = tmp_path_factory.mktemp("submitted")
    (entry,) = (ROOT / ENTRIES).glob(f"{PLAYER}.json")
    logs = [ROOT / p["uri"].removeprefix("repo:") for p in json.loads(entry.read_bytes())["logs"]]
    options = replace(OPEN, uris={path.name: f"{PUBLIC}/{path.name}" for path in logs})
    write(prepare(logs, options, reader=read_in_this_process), folder)
    (folder / LOGS).mkdir(parents=True)
    for path in logs:
        shutil.copy(path, folder / LOGS)
    return folder


@pytest.fixture
def project(submitted: Path) -> Iterator[Project]:
    # below /tmp itself: the folders of pytest are closed to other users
    with tempfile.TemporaryDirectory(prefix="interplay-flow-") as folder:
        Path(folder).chmod(0o755)
        yield Project(Path(folder), submitted)


def judge(machine: Machine) -> tuple[bool, str]:
    """Whether the job passes, and its summary."""
    passed = machine.job("entry", "judge")
    return passed, machine.summary.read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_honest_entry_passes_and_is_shown_in_its_place(project: Project):
    machine = project.pull_request()
    before = sorted((project.home / "checkout" / ENTRIES).iterdir())
    passed, summary = judge(machine)
    assert passed, machine.errors + summary
    assert machine.ran == [FETCH, SHAPE, OFFLINE]
    assert summary.startswith("## Passed\n")
    assert "submitted by acme, third party" in summary
    assert "Checked: submission, logs, task, completeness, recomputation, plausibility." in summary
    assert "### Mazes" in summary.replace("\\", "")
    assert summary.count("(this entry)") == 2
    assert sorted((project.home / "checkout" / ENTRIES).iterdir()) == before


def test_what_does_not_belong_is_named_with_the_command_that_removes_it(project: Project):
    (stored,) = (project.server.root / ENTRIES).glob("mazes--reference-mute--*.json")

    def change(repository: Repository) -> None:
        repository.write("README.md", b"Better.\n")
        repository.write(f"{ENTRIES}/{stored.name}", b"{}\n")
        repository.write(f"{EVIDENCE}/{project.forgery.path.stem}/20260101T000000Z-check.json", b"{}\n")
        repository.write(".github/workflows/entry.yml", b"on: push\n")

    machine = project.pull_request(change)
    passed, summary = judge(machine)
    assert not passed
    assert machine.ran == [FETCH, SHAPE]
    assert summary.startswith("## Refused: 3 findings\n")
    assert "README.md changed" in summary
    assert ".github/workflows/entry.yml added" in summary
    assert "entries are never edited; use supersedes" in summary
    assert "evidence is written by the project only" in summary
    # the remedy, as it stands there, leaves a pull request that passes
    head = machine.values["github.event.pull_request.head.sha"]
    project.server.git("checkout", "--quiet", "--force", head)
    commands = [part.removesuffix(".") for line in summary.splitlines()
                for part in line.split("Remedy: take it out with ")[1:]]  # fmt: skip
    for command in commands:
        project.server.git(*command.split()[1:])
    left = project.server.git("diff", "--cached", "--name-status", project.base)
    assert left == f"A\t{project.path}"


@pytest.mark.slow
def test_better_numbers_than_the_logs_give_are_refused(project: Project):
    metric = project.forgery.entry["results"][0]["metrics"]["maze.success_strict"]
    metric["lo"] = metric["lo"] + 0.01
    project.forgery.seal()
    machine = project.pull_request()
    passed, summary = judge(machine)
    assert not passed
    assert machine.ran == [FETCH, SHAPE, OFFLINE]
    assert summary.startswith("## Refused: 1 finding\n")
    assert "\nR0" in summary
    assert "(this entry)" not in summary


def test_logs_that_cannot_be_reached_are_no_refusal(project: Project):
    machine = project.pull_request()
    for log in (machine.home / "logs").iterdir():
        log.unlink()
    machine.variables["https_proxy"] = "http://127.0.0.1:1"
    passed, summary = judge(machine)
    assert not passed
    assert machine.ran == [FETCH, SHAPE]
    assert summary.startswith("## Not judged\n")
    assert "could not be fetched" in summary


def test_what_somebody_else_wrote_is_refused_and_stays_text(project: Project):
    project.forgery.entry["note"] = "::error::x\n##[error]y ``` <script>"
    project.forgery.entry["method_note"] = "```\n# Accepted\n\n@everyone"
    project.forgery.seal()
    machine = project.pull_request(lambda repository: repository.write("```\n::error:: # x", b"x"))
    machine.values["github.event.pull_request.user.login"] = "mallory"
    passed, summary = judge(machine)
    assert not passed
    assert "entry names submitter acme, the pull request comes from mallory" in summary
    lines = [line.strip() for line in summary.splitlines() + machine.errors.splitlines()]
    assert not any(line.startswith(("::", "# Accepted", "<script>")) or "##[" in line for line in lines)
    assert "````text" in summary


def test_two_submitters_never_conflict(project: Project):
    """The same base, two entries: merged one after the other without a conflict."""
    first = project.server.root
    project.server.write(project.path, project.forgery.path.read_bytes())
    one = project.server.span.split("...")[1]
    project.server.remove(project.path)
    project.forgery.entry["submitter"]["github"] = "other"
    project.forgery.seal()
    project.server.write(project.path, project.forgery.path.read_bytes())
    two = project.server.span.split("...")[1]
    project.server.git("reset", "--quiet", "--hard", "main")
    for head in (one, two):
        project.server.git("merge", "--quiet", "--no-edit", head)
    assert len(list((first / ENTRIES).glob("*.json"))) == len(BESIDE) + 2
