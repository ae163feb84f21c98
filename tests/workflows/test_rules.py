"""What every workflow keeps to, so that a pull request is data and never code."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.workflows.steps import ROOT, all_steps, own_actions, workflows

PINNED = re.compile(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}")
PINNED_LINE = re.compile(r"^[^#]*uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
SEES_PULL_REQUESTS = ("pull_request", "pull_request_target", "workflow_run", "issue_comment")
READ_ONLY = {"contents": "read", "pull-requests": "read"}


def problems(name: str, content: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one workflow, in words."""
    triggers = content["on"] if isinstance(content["on"], dict) else {content["on"]: None}
    for trigger in ("pull_request_target", "workflow_run", "issue_comment"):
        if trigger in triggers:
            yield f"{name}: trigger {trigger} runs with the rights of the base"
    if content.get("permissions") != {}:
        yield f"{name}: top-level permissions are not {{}}"
    for job, body in content["jobs"].items():
        yield from job_problems(f"{name}.{job}", body)
        if "pull_request" in triggers:
            yield from exposed_problems(f"{name}.{job}", body)


def job_problems(place: str, job: dict[str, Any]) -> Iterator[str]:
    if "permissions" not in job:
        yield f"{place}: has no permissions of its own"
    if "timeout-minutes" not in job:
        yield f"{place}: may run for ever"
    for step in job["steps"]:
        yield from step_problems(place, step)


def step_problems(place: str, step: dict[str, Any]) -> Iterator[str]:
    uses = step.get("uses", "")
    if uses and not uses.startswith("./.github/actions/") and not PINNED.fullmatch(uses):
        yield f"{place}: {uses} is not pinned by commit"
    if uses.startswith("actions/checkout@") and step["with"].get("persist-credentials") is not False:
        yield f"{place}: a checkout keeps its credentials"
    if "${{" in step.get("run", ""):
        yield f"{place}: an expression inside a script; pass it as a variable"


def exposed_problems(place: str, job: dict[str, Any]) -> Iterator[str]:
    """A job that a pull request starts reads, and has nothing to lose."""
    if not set(job["permissions"].items()) <= set(READ_ONLY.items()):
        yield f"{place}: permissions {job['permissions']} where a pull request is seen"
    if "environment" in job:
        yield f"{place}: an environment where a pull request is seen"
    text = repr(job)
    for word in ("secrets.", "github.token", "GITHUB_TOKEN"):
        if word in text:
            yield f"{place}: {word} where a pull request is seen"
    for step in job["steps"]:
        if "cache" in step.get("uses", "") or "cache" in (step.get("with") or {}):
            yield f"{place}: a cache where a pull request is seen"


@pytest.mark.parametrize("name", workflows())
def test_rules_hold(name: str):
    assert list(problems(name, workflows()[name])) == []


@pytest.mark.parametrize("name", own_actions())
def test_rules_hold_in_own_actions(name: str):
    steps = own_actions()[name]["runs"]["steps"]
    assert [problem for step in steps for problem in step_problems(name, step)] == []
    assert all(step["shell"] == "bash" for step in steps)
    assert "secrets." not in repr(steps)
    assert not any("cache" in step.get("uses", "") for step in steps)


def test_the_set_of_workflows_is_whole():
    expected = {"accept", "attested-eval", "audit", "ci", "entry", "pages", "regrade"}
    assert set(workflows()) == expected


def test_a_release_is_named_beside_each_pin():
    files = [*(ROOT / ".github").rglob("*.yml")]
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    pinned = [line for line in lines if "uses: " in line and "./" not in line and not line.startswith("#")]
    assert len(pinned) > 20
    assert [line for line in pinned if not PINNED_LINE.match(line)] == []
    found = {tuple(line.split("uses: ")[1].split("@")) for line in pinned}
    assert len(found) == len({action for action, _ in found}), "one action is pinned at two commits"


def test_the_head_of_a_pull_request_is_never_checked_out():
    """Neither by the action, nor by a git command, nor by a package installed from it."""
    for name in ("entry", "accept"):
        steps = [*all_steps(workflows()[name])]
        refs = [step["with"].get("ref", "") for step in steps if "checkout" in step.get("uses", "")]
        assert refs
        assert not any("head" in ref for ref in refs)
        assert not any("merge" in ref for ref in refs)
    entry = [step for step in all_steps(workflows()["entry"]) if "checkout" in step.get("uses", "")]
    assert [step["with"]["ref"] for step in entry] == ["${{ github.event.pull_request.base.sha }}"]
    scripts = [step.get("run", "") for step in all_steps(own_actions()["judge"])]
    assert not re.search(r"git (checkout|switch|merge|worktree|pull|restore|reset)", "\n".join(scripts))


def test_logs_are_judged_without_network_by_somebody_who_owns_nothing():
    last = own_actions()["judge"]["runs"]["steps"][-1]["run"]
    (again,) = (
        step["run"] for step in all_steps(workflows()["accept"]) if "evidence check" in str(step.get("run"))
    )
    for script, call in ((last, 'interplay" maintain review'), (again, 'interplay" evidence check')):
        order = ["sudo unshare --net", "--reuid=nobody", "--clear-groups", "--no-new-privs",
                 "env --ignore-environment", call]  # fmt: skip
        assert [script.index(word) for word in order] == sorted(script.index(word) for word in order)


def test_only_accept_writes_what_a_pull_request_gave_and_a_person_approves_it():
    jobs = workflows()["accept"]["jobs"]
    assert set(jobs["judge"]["permissions"].items()) <= set(READ_ONLY.items())
    assert "secrets." not in repr(jobs["judge"])
    assert jobs["accept"]["environment"] == "accept"
    assert jobs["accept"]["needs"] == "judge"
    assert jobs["record"]["needs"] == ["judge", "accept"]
    (recorded,) = (step for step in jobs["record"]["steps"] if "actions/record" in step.get("uses", ""))
    assert recorded["with"]["entry"] == "${{ needs.judge.outputs.entry }}"


def test_writers_take_turns():
    writers = {name for name, content in workflows().items() if "./.github/actions/record" in repr(content)}
    assert writers == {"accept", "audit", "regrade"}
    for name in writers:
        assert "concurrency" not in workflows()[name], "a waiting run would hold up or cancel others"
        for job in workflows()[name]["jobs"].values():
            writes = job["permissions"].get("contents") == "write"
            assert writes == ("./.github/actions/record" in repr(job))
            assert "environment" not in job or not writes, "a job that waits for a person holds a turn"
            assert not writes or job["concurrency"] == {"group": "records", "cancel-in-progress": False}
            assert writes or job.get("concurrency", {}).get("group") != "records"


def test_an_entry_without_logs_is_accepted_without_their_artifact():
    jobs = workflows()["accept"]["jobs"]
    found = {
        step.get("name", step.get("uses", "").split("@")[0]): step["if"]
        for job in jobs.values()
        for step in job["steps"]
        if "has_logs" in str(step.get("if"))
    }
    assert found == {
        "actions/upload-artifact": "steps.take.outputs.has_logs == 'true'",
        "actions/download-artifact": "needs.judge.outputs.has_logs == 'true'",
        "Keep a copy of the logs under their hashes": "needs.judge.outputs.has_logs == 'true'",
    }
    assert jobs["judge"]["outputs"]["has_logs"] == "${{ steps.take.outputs.has_logs }}"


def test_ci_names_the_validator_of_the_exports():
    """Without the name the test of the exports is left out, and the step would pass on nothing."""
    (script,) = (
        step["run"] for step in all_steps(workflows()["ci"]) if "-k every_eval_ever" in str(step.get("run"))
    )
    assert script.startswith('INTERPLAY_EEE_PYTHON="$RUNNER_TEMP/eee/bin/python" ')


def test_attested_runs_use_the_released_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    job = workflows()["attested-eval"]["jobs"]["eval"]
    assert job["env"] == {"VERSION": project["version"]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda w: w["on"].update(pull_request_target=None), "pull_request_target"),
        (lambda w: w.update(permissions={"contents": "write"}), "top-level permissions"),
        (
            lambda w: w["jobs"]["judge"].update(permissions={"contents": "write"}),
            "permissions {'contents': 'write'}",
        ),
        (lambda w: w["jobs"]["judge"]["steps"][0].update(uses="actions/checkout@v5"), "not pinned"),
        (
            lambda w: w["jobs"]["judge"]["steps"][0]["with"].pop("persist-credentials"),
            "keeps its credentials",
        ),
        (lambda w: w["jobs"]["judge"]["steps"][1]["with"].update(cache="pip"), "a cache"),
        (lambda w: w["jobs"]["judge"].update(env={"A": "${{ secrets.A }}"}), "secrets."),
        (
            lambda w: w["jobs"]["judge"]["steps"].append({"run": "echo ${{ github.head_ref }}"}),
            "expression inside",
        ),
        (lambda w: w["jobs"]["judge"].pop("timeout-minutes"), "for ever"),
    ],
)
def test_a_broken_rule_is_seen(change: Any, said: str):
    content = workflows()["entry"]
    change(content)
    found = list(problems("entry", content))
    assert len(found) == 1
    assert said in found[0]
