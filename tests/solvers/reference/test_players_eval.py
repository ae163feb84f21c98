"""The players in real evals: what Inspect, the engine and the scorer make of them."""

import math
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

import pytest
from inspect_ai import Task, eval
from inspect_ai.log import EvalLog

from interplay.solvers.reference.maze_players import MAZE_PLAYERS
from interplay.tasks.mazes.instances import load
from interplay.tasks.mazes.task import maze_collab, maze_relay, maze_solo

SEATS = [name for name in MAZE_PLAYERS if name != "clerk"]
PLANNERS = ("cartographer", "follower", "noisy", "liar", "colrow")


def played(
    tmp_path: Path, task: Task, names: Sequence[str], limit: int | None = None, **roles: str
) -> dict[str, EvalLog]:
    """The logs of one task by model name."""
    logs = eval(
        task,
        model=[f"reference/{name}" for name in names],
        model_roles={role: f"reference/{name}" for role, name in roles.items()},
        log_dir=str(tmp_path),
        display="none",
        max_tasks=len(names),
        limit=limit,
    )
    assert all(log.status == "success" for log in logs), [log.error for log in logs]
    return {log.eval.model.removeprefix("reference/"): log for log in logs}


def mean_of(log: EvalLog, key: str, name: str = "maze") -> float:
    """The mean of a value over the samples of a log."""
    assert log.results is not None
    return next(s.metrics["mean"].value for s in log.results.scores if (s.scorer, s.name) == (name, key))


@pytest.mark.slow
def test_pairs(tmp_path: Path) -> None:
    logs = played(tmp_path, maze_collab("C7", preset="smoke"), SEATS, limit=3)
    strict = {name: mean_of(log, "success_strict") for name, log in logs.items()}
    assert strict["cartographer"] == strict["colrow"] == 1
    assert strict["mute"] == 0, "the smoke preset holds mazes that silence does not solve"
    assert strict["echo"] == strict["contrarian"] == strict["early"] == strict["garbler"] == 0
    assert strict["follower"] >= 0.5
    for name, log in logs.items():
        commit = mean_of(log, "success_commit")
        assert math.isnan(commit) if name == "garbler" else commit == strict[name], name
        assert mean_of(log, "success_favourable") == strict[name]
        for sample in log.samples or []:
            notes = sample.store["Episode:notes"]
            assert all(note["model"] == f"reference/{name}" for note in notes)
            assert not any(note["flags"] for note in notes), "usage is reported and no note bleeds"
            assert sum(usage.output_tokens for usage in sample.model_usage.values()) > 0
    assert mean_of(logs["early"], "finished") == 1
    assert mean_of(logs["echo"], "notes") == 50


@pytest.mark.slow
def test_pairs_with_actions(tmp_path: Path) -> None:
    names = ["cartographer", "mute", "follower", "echo", "contrarian", "colrow", "early", "garbler"]
    logs = played(tmp_path, maze_collab("C7", preset="smoke", track="structured"), names, limit=2)
    strict = {name: mean_of(log, "success_strict") for name, log in logs.items()}
    assert strict["cartographer"] == strict["colrow"] == 1
    assert strict["echo"] == strict["contrarian"] == strict["early"] == strict["garbler"] == 0
    for name, log in logs.items():
        notes = [note for sample in log.samples or [] for note in sample.store["Episode:notes"]]
        assert all(("format" in note["flags"]) == (name == "garbler") for note in notes), name


@pytest.mark.parametrize("mode", ["plan", pytest.param("step", marks=pytest.mark.slow)])
def test_alone(tmp_path: Path, mode: str) -> None:
    task = maze_solo(preset="smoke", mode=mode, critic=mode == "plan")  # pyright: ignore[reportArgumentType]
    logs = played(tmp_path, task, SEATS, limit=2)
    strict = {name: mean_of(log, "success_strict") for name, log in logs.items()}
    assert [strict[name] for name in PLANNERS] == [1] * len(PLANNERS)
    assert strict["mute"] == strict["echo"] == strict["contrarian"] == strict["garbler"] == 0
    assert strict["early"] == (mode == "plan")


@pytest.mark.slow
def test_conventions_clash_unless_the_prompt_fixes_one(tmp_path: Path) -> None:
    cartographer = ["cartographer"]
    free = maze_collab("C5", preset="smoke", script="colrow")
    fixed = maze_collab("C7", preset="smoke", assistance=2, pairing="cross")
    log = played(tmp_path, free, cartographer)["cartographer"]
    assert mean_of(log, "success_strict") == 0
    failures = [sample.scores["maze"].metadata["failure"] for sample in log.samples or []]  # pyright: ignore[reportOptionalSubscript]
    assert failures.count("clash") >= 4
    log = played(tmp_path, fixed, cartographer, partner="colrow")["cartographer"]
    assert mean_of(log, "success_strict") == 1


@pytest.mark.slow
def test_full_maps_and_the_paper_preset(tmp_path: Path) -> None:
    names = ["cartographer", "follower", "mute"]
    for log in played(tmp_path, maze_collab("C4", preset="smoke"), names).values():
        assert mean_of(log, "success_strict") == 1
    paper = played(tmp_path, maze_collab("C7", preset="paper", mazes=6), names)
    assert mean_of(paper["cartographer"], "success_strict") == 1


@pytest.mark.slow
def test_relay_hands_over_between_players(tmp_path: Path) -> None:
    task = maze_relay(k=2, preset="smoke")
    log = played(tmp_path, task, ["mute"], strong="cartographer")["mute"]
    models = [note["model"] for note in (log.samples or [])[0].store["Episode:notes"]]
    assert models[0] == "reference/cartographer"
    assert set(models[1:]) == {"reference/mute"}


@pytest.mark.slow
def test_the_clerk_judges_as_the_rules_do_and_the_garbler_not_at_all(tmp_path: Path) -> None:
    for grader in ("clerk", "garbler"):
        task = maze_collab("C7", preset="smoke", judge=True)
        names = ["cartographer", "follower", "colrow"]
        logs = played(tmp_path / grader, task, names, limit=2, grader=grader)
        for log in logs.values():
            if grader == "clerk":
                assert mean_of(log, "agrees", "maze_judge") == 1
                assert mean_of(log, "success_judge", "maze_judge") == mean_of(log, "success_strict")
            else:
                scores = [sample.scores["maze_judge"] for sample in log.samples or []]  # pyright: ignore[reportOptionalSubscript]
                assert {score.reason for score in scores} == {"grader_failed"}


@pytest.mark.nightly
def test_the_table_of_players_on_the_standard_set(tmp_path: Path) -> None:
    logs = played(tmp_path, maze_collab("C7"), ["cartographer", "mute", "follower"])
    logs |= played(tmp_path, maze_collab("C7", mazes=20), ["noisy", "colrow", "early"])
    strict = {name: mean_of(log, "success_strict") for name, log in logs.items()}
    mazes = load("standard-1")
    assert strict["cartographer"] == strict["colrow"] == 1
    assert strict["mute"] == pytest.approx(fmean(plan.hit for maze in mazes for plan in maze.silent.values()))
    assert strict["follower"] == pytest.approx(0.78, abs=0.06)
    assert 0.7 < strict["noisy"] < 0.9
    assert strict["early"] == 0
    steps = fmean(len(maze.route) - 1 for maze in mazes)
    assert mean_of(logs["cartographer"], "notes") == pytest.approx(steps + 2)
    lies = played(tmp_path, maze_collab("C5", script="liar"), ["cartographer"])["cartographer"]
    assert mean_of(lies, "success_strict") == pytest.approx(0.59, abs=0.02)
    turned = played(tmp_path, maze_collab("C5", script="colrow", mazes=20), ["cartographer"])["cartographer"]
    assert mean_of(turned, "success_strict") < 0.02
