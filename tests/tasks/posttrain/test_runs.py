"""What is checked before a run: roles, packages, pins, GPUs, gated tests, and what a run takes."""

import stat
from pathlib import Path
from typing import Any

import click
import pytest

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake
from interplay.tasks.posttrain import runs
from interplay.tasks.posttrain.bundle import write_manifest
from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.runs import (
    JUDGES,
    ROLES,
    default_runs,
    gpu_names,
    grader_sentence,
    job_of,
    model_args,
    require_extra,
    require_gpu,
    run_size,
    settled_runs,
    targets_of,
    validate_roles,
)


def nvidia(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str | None) -> None:
    """A machine whose nvidia-smi is this script; None for a machine without one."""
    folder.mkdir(exist_ok=True)
    monkeypatch.setenv("PATH", str(folder))
    if script is not None:
        path = folder / "nvidia-smi"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)


TWO = 'echo "NVIDIA H100 80GB HBM3"; echo " Tesla T4 "; echo'


@pytest.mark.parametrize(
    ("script", "names"),
    [
        (None, []),
        (TWO, ["NVIDIA H100 80GB HBM3", "Tesla T4"]),
        ("exit 9", []),
        ("echo NVIDIA; exit 9", []),
        ("true", []),
    ],
)
def test_gpus_are_those_that_the_driver_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, names: list[str]
) -> None:
    nvidia(tmp_path / "bin", monkeypatch, script)
    assert gpu_names() == names


def test_a_driver_that_cannot_be_started_names_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nvidia(tmp_path / "bin", monkeypatch, "")
    (tmp_path / "bin" / "nvidia-smi").write_bytes(b"\x7fELF broken")
    assert gpu_names() == []


@pytest.mark.parametrize(
    ("wanted", "is_here"), [("H100", True), ("h100", True), ("T4", True), ("A100", False)]
)
def test_a_gpu_is_wanted_by_a_part_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, is_here: bool
) -> None:
    nvidia(tmp_path / "bin", monkeypatch, TWO)
    if is_here:
        require_gpu(wanted)
        return
    with pytest.raises(EnvironmentProblem) as caught:
        require_gpu(wanted)
    assert caught.value.exit_code == 3
    assert caught.value.message == (
        "posttrain: no GPU named A100 found (saw NVIDIA H100 80GB HBM3, Tesla T4). Remedy: run "
        "posttrain_mini, or set -T gpu_name=NAME."
    )


@pytest.mark.parametrize("missing", ["torch", "transformers", "safetensors", "tokenizers"])
def test_a_missing_package_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == missing else object())
    with pytest.raises(EnvironmentProblem) as caught:
        require_extra()
    assert caught.value.message == (
        f"posttrain: {missing} is not installed. Remedy: pip install 'interplay[posttrain]'."
    )


@pytest.mark.parametrize(
    ("task", "args", "profile", "gpus"),
    [
        ("posttrain", {}, "full", 1),
        ("posttrain", {"num_gpus": 2}, "full", 2),
        ("posttrain", {"preset": "smoke", "num_gpus": 2}, "mini", 0),
        ("posttrain_mini", {}, "mini", 0),
        ("posttrain_solve", {"unknown": 1, "profile": "mini"}, "full", 1),
    ],
)
def test_a_run_is_of_the_profile_of_its_task(
    task: str, args: dict[str, Any], profile: str, gpus: int
) -> None:
    job = job_of(task, args)
    assert (job.profile, job.num_gpus) == (profile, gpus)


def test_the_suite_runs_the_whole_grid_and_for_a_smoke_test_one_cell() -> None:
    assert default_runs("standard") == default_runs("paper") == [("posttrain", {})]
    assert default_runs("smoke") == [("posttrain_mini", {})]
    assert settled_runs([("posttrain", {})], {"a": 1}, ["grader"]) == [("posttrain", {})]
    assert model_args("posttrain", "openai/gpt-5") == {}


@pytest.mark.parametrize("task", ["posttrain", "posttrain_mini", "posttrain_score"])
def test_roles_that_nobody_plays_are_named_with_those_that_are(task: str) -> None:
    with pytest.raises(UserMistake) as caught:
        validate_roles(task, {}, ["user_sim", "partner"])
    assert caught.value.message == (
        f"role partner is bound, but {task} uses grader, {', '.join(JUDGES)}; drop the role."
    )


def collected(root: Path, *cells: str) -> Path:
    for i, cell in enumerate(cells):
        (root / f"b{i}").mkdir(parents=True)
        write_manifest(root / f"b{i}", cell=cell, exit="finished")
    return root


def test_targets_are_those_of_the_cells_each_once() -> None:
    assert targets_of("posttrain_mini", {"targets": "m_call,m_arith"}) == ["m_arith", "m_call"]
    assert targets_of("posttrain", {"version": "1.2"}) == list(load_grid().versions["1.2"].targets)


def test_targets_of_bundles_are_theirs_each_once_and_unknown_ones_left_to_the_task(tmp_path: Path) -> None:
    root = collected(tmp_path, "gsm8k__qwen3-4b", "m_old__mini-0", "aime2025__qwen3-4b", "gsm8k__smollm3-3b")
    assert targets_of("posttrain_score", {"bundles": str(root)}) == ["gsm8k", "aime2025"]


def test_scoring_judged_bundles_needs_a_grader(tmp_path: Path) -> None:
    root = collected(tmp_path, "healthbench__qwen3-4b", "gsm8k__qwen3-4b")
    with pytest.raises(UserMistake) as caught:
        validate_roles("posttrain_score", {"bundles": str(root)}, ["judge_model"])
    assert caught.value.message == grader_sentence(["healthbench"])
    validate_roles("posttrain_score", {"bundles": str(root)}, ["grader"])


@pytest.mark.torch
def test_every_role_may_be_bound_to_a_mini_run() -> None:
    validate_roles("posttrain_mini", {"agent": "react"}, ROLES)


def pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A grid in which nothing is open, for what is checked after that."""
    grid = load_grid().model_copy()
    monkeypatch.setattr(type(grid), "unpinned", lambda self, version: [])


def test_a_gpu_is_looked_for_only_where_the_job_runs_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned(monkeypatch)
    monkeypatch.setattr(runs, "require_items", lambda targets: None)
    nvidia(tmp_path / "bin", monkeypatch, None)
    given = {"agent": "react", "targets": "gsm8k"}
    with pytest.raises(EnvironmentProblem, match=r"no GPU named H100 found \(saw none\)"):
        validate_roles("posttrain", given, [])
    validate_roles("posttrain_solve", given | {"sandbox": "k8s"}, [])
    nvidia(tmp_path / "bin", monkeypatch, TWO)
    validate_roles("posttrain", given, [])
    with pytest.raises(EnvironmentProblem, match="no GPU named A100 found"):
        validate_roles("posttrain", given | {"gpu_name": "A100"}, [])


def test_gated_tests_are_asked_for_before_the_run_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Known:
        def __init__(self, name: str) -> None:
            self.name = name

        def items(self) -> tuple[()]:
            asked.append(self.name)
            return ()

    monkeypatch.setattr("interplay.tasks.posttrain.targets.load_target", Known)
    runs.require_items(["gsm8k", "gpqamain", "mazeviews", "m_call"])
    assert asked == ["gpqamain"]


@pytest.mark.parametrize(
    ("task", "args", "samples", "calls"),
    [
        ("posttrain", {"version": "1.2"}, 24, 200),
        ("posttrain", {"targets": "gsm8k", "bases": "qwen3-4b"}, 1, 200),
        ("posttrain", {"preset": "smoke"}, 1, 12),
        ("posttrain_mini", {}, 6, 12),
        ("posttrain_baselines", {}, 32, 0),
        ("posttrain_score", {"bundles": "x"}, 32, 0),
    ],
)
def test_a_run_takes_its_cells_and_a_verifier_no_calls(
    task: str, args: dict[str, Any], samples: int, calls: int
) -> None:
    size = run_size(task, args)
    assert (size.samples, size.calls) == (samples, calls)
    assert (size.input_tokens > 0) == (calls > 0)


def test_a_wrong_argument_is_told_before_anything_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(click.ClickException, match="budget_minutes=soon: choose a number of minutes"):
        validate_roles("posttrain", {"budget_minutes": "soon"}, ["grader"])
