"""The steps of accept.yml: judged again, taken over, kept, recorded, and the pull request closed."""

import json
from pathlib import Path

import pytest

from interplay.leaderboard.cli import COMMANDS
from interplay.leaderboard.entries import ENTRIES
from tests.workflows.steps import Machine, own_actions
from tests.workflows.test_entry_flow import NUMBER, Project, project, pytestmark, submitted

__all__ = ["project", "pytestmark", "submitted"]

GH = """case "$1 $2" in
  "pr view") printf 'author=acme\\nhead=%s\\n' "$HEAD_OF_PULL" ;;
  *) echo "gh $*" >> "$HOME/gh.log" ;;
esac"""


@pytest.fixture
def machine(project: Project) -> Machine:
    found = project.pull_request()
    found.program("gh", GH)
    found.variables["HEAD_OF_PULL"] = found.values["github.event.pull_request.head.sha"]
    found.values |= {
        "github.sha": project.base,
        "github.token": "token",
        "inputs.pull_request": str(NUMBER),
        "vars.SITE_URL": "https://example.org",
    }
    return found


@pytest.mark.skipif("evidence" not in COMMANDS, reason="this version keeps no evidence records by command")
def test_the_entry_is_judged_again_and_taken_with_its_verdict(project: Project, machine: Machine):
    assert machine.job("accept", "judge"), machine.errors
    entry = machine.values["steps.take.outputs.entry"]
    assert entry == Path(project.path).stem
    taken = machine.checkout / ENTRIES / f"{entry}.json"
    assert taken.read_bytes() == project.forgery.path.read_bytes()
    (record,) = (machine.checkout / "leaderboard" / "evidence" / entry).glob("*-check.json")
    assert json.loads(record.read_bytes())["outcome"] in ("pass", "warn")


def test_a_refused_entry_is_not_taken(project: Project, machine: Machine):
    machine.variables["HEAD_OF_PULL"] = project.base
    assert not machine.job("accept", "judge")
    assert "steps.take.outputs.entry" not in machine.values


def test_records_are_committed_pushed_and_the_site_is_built(project: Project, machine: Machine):
    project.server.git("checkout", "--quiet", "--detach")  # as a server: its branch may be pushed to
    (machine.checkout / project.path).write_bytes(project.forgery.path.read_bytes())
    (machine.checkout / "leaderboard" / "evidence").mkdir(parents=True, exist_ok=True)
    (machine.checkout / "draw.txt").write_text("left out\n", encoding="utf-8")
    # meanwhile somebody else's record arrives on the server
    (other := project.server.root / "README.md").write_text("Newer.\n", encoding="utf-8")
    project.server.git("checkout", "--quiet", "main")
    project.server.git("reset", "--quiet", "--hard")
    other.write_text("Newer.\n", encoding="utf-8")
    project.server.git("add", "README.md")
    project.server.commit("meanwhile")
    project.server.git("checkout", "--quiet", "--detach")
    steps = own_actions()["record"]["runs"]["steps"]
    assert machine.run(steps, {"message": 'Accept "x" $(id)', "token": "t"}, {}), machine.errors
    log = project.server.git("log", "--format=%s", "--name-status", "-2", "main").splitlines()
    assert [line for line in log if line] == [
        'Accept "x" $(id)',
        f"A\t{project.path}",
        "meanwhile",
        "M\tREADME.md",
    ]
    assert "gh workflow run pages.yml --ref main" in (machine.home / "gh.log").read_text(encoding="utf-8")
    # with nothing new there is no empty commit
    assert machine.run(steps, {"message": "again", "token": "t"}, {}), machine.errors
    assert "again" not in project.server.git("log", "--format=%s", "main")
