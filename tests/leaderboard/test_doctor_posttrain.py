"""`interplay doctor posttrain`: what is looked at beside the rest, and the exit code."""

import json

import pytest
from click.testing import CliRunner

from interplay.leaderboard import doctor, doctor_posttrain
from interplay.leaderboard.doctor import doctor_command
from interplay.solvers import posttrain_processes

NAMES = ["small models", "mini weights", "local agents", "pins"]
NAMES += ["full profile", "full disk", "slurm"]


@pytest.mark.parametrize("words", [["posttrain"], ["--family", "posttrain"]])
def test_the_family_is_checked_beside_the_rest(words: list[str]) -> None:
    result = CliRunner().invoke(doctor_command, [*words, "--json"])
    names = [found["name"] for found in json.loads(result.output)]
    assert names[-len(NAMES) :] == NAMES
    plain = CliRunner().invoke(doctor_command, ["mazes", "--json"])
    assert not set(NAMES) & {found["name"] for found in json.loads(plain.output)}


def test_what_is_missing_is_a_failure_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_posttrain, "find_spec", lambda name: None)
    result = CliRunner().invoke(doctor_command, ["posttrain"])
    assert result.exit_code == 3
    said = "fail  small models   torch is missing. Remedy: pip install 'interplay[posttrain]'."
    assert said in result.output
    assert "warn  agents" in result.output


def test_changed_weights_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor_posttrain.weights().state == "ok"
    grid = doctor_posttrain.load_grid()
    mini = grid.mini.model_copy(update={"files": {"base/model.safetensors": "0" * 64}})
    monkeypatch.setattr(doctor_posttrain, "load_grid", lambda: grid.model_copy(update={"mini": mini}))
    found = doctor_posttrain.weights()
    assert (found.state, found.value) == ("fail", "base/model.safetensors is not the shipped file")


def test_two_families_are_one_too_many() -> None:
    result = CliRunner().invoke(doctor_command, ["mazes", "--family", "posttrain"])
    assert result.exit_code == 2
    assert "mazes and --family posttrain: name one family." in result.output
    assert list(doctor.family_checks("mazes")) == []


def test_whether_local_agents_have_processes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posttrain_processes, "why_shared", lambda: None)
    assert doctor_posttrain.processes().state == "ok"
    monkeypatch.setattr(posttrain_processes, "why_shared", lambda: "unshare not found")
    found = doctor_posttrain.processes()
    assert found.state == "warn"
    assert "see this machine's processes in sandbox=local (unshare not found)" in found.value
    assert "user namespaces, or use sandbox=docker" in found.remedy
