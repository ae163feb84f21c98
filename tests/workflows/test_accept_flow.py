"""The steps of accept.yml: judged again, taken over, kept, recorded, and the pull request closed."""

import json
from pathlib import Path

import pytest

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


@pytest.mark.slow
def test_the_entry_is_judged_again_and_taken_with_its_verdict(project: Project, machine: Machine):
    assert machine.job("accept", "judge"), machine.errors
    entry = machine.values["steps.take.outputs.entry"]
    assert entry == Path(project.path).stem
    taken = machine.checkout / ENTRIES / f"{entry}.json"
    assert taken.read_bytes() == project.forgery.path.read_bytes()
    (record,) = (machine.checkout / "leaderboard" / "evidence" / entry).glob("*-check.json")
    assert json.loads(record.read_bytes())["outcome"] in ("pass", "warn")
    assert machine.values["steps.take.outputs.has_logs"] == "true"
    assert record.parent.stat().st_mode & 0o777 == 0o755
    assert record.owner() == record.parent.owner(), "who judged cannot change the verdict later"


def test_a_refused_entry_is_not_taken(project: Project, machine: Machine):
    machine.variables["HEAD_OF_PULL"] = project.base
    assert not machine.job("accept", "judge")
    assert "steps.take.outputs.entry" not in machine.values


def test_records_are_committed_pushed_and_the_site_is_built(project: Project, machine: Machine):
    project.server.git("checkout", "--quiet", "--detach")  # as a server: its branch may be pushed to
    (machine.checkout / project.path).write_bytes(project.forgery.path.read_bytes())
    entry = Path(project.path).stem
    (machine.checkout / "leaderboard" / "evidence" / entry).mkdir(parents=True, exist_ok=True)
    (machine.checkout / "leaderboard" / "evidence" / "other.json").write_text("{}\n", encoding="utf-8")
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
    given = {"entry": entry, "message": 'Accept "x" $(id)', "token": "t"}
    assert machine.run(steps, given, {}), machine.errors
    log = project.server.git("log", "--format=%s", "--name-status", "-2", "main").splitlines()
    assert [line for line in log if line] == [
        'Accept "x" $(id)',
        f"A\t{project.path}",
        "meanwhile",
        "M\tREADME.md",
    ]
    assert "gh workflow run pages.yml --ref main" in (machine.home / "gh.log").read_text(encoding="utf-8")
    # with nothing new there is no empty commit
    assert machine.run(steps, given | {"message": "again"}, {}), machine.errors
    assert "again" not in project.server.git("log", "--format=%s", "main")


@pytest.mark.parametrize("change", ["edited", "removed"])
def test_a_record_that_is_there_is_never_changed(change: str, project: Project, machine: Machine):
    record = next((machine.checkout / "leaderboard" / "evidence").glob("*/*.json"))
    record.write_text("{}\n", encoding="utf-8") if change == "edited" else record.unlink()
    steps = own_actions()["record"]["runs"]["steps"]
    assert not machine.run(steps, {"entry": "", "message": "Nightly audit", "token": "t"}, {})
    assert "Records are added, never changed or removed:" in machine.errors
    assert record.name in machine.errors
    assert project.server.git("rev-parse", "main") == project.base


def test_transcripts_ask_for_the_token_of_their_organisation(project: Project, machine: Machine):
    (machine.checkout / project.path).write_bytes(project.forgery.path.read_bytes())
    machine.values |= {
        "secrets.TRANSCRIPTS_TOKEN": "",
        "needs.judge.outputs.entry": Path(project.path).stem,
        "vars.TRANSCRIPTS_ORG": "acme",
        "vars.LOGS_DATASET": "acme/logs",
    }
    assert not machine.job("accept", "transcripts")
    assert "--to hf/acme: set HF_TOKEN to a token that may write Spaces there." in machine.errors
