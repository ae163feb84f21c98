"""What the three tasks declare."""

import inspect
from typing import Any

import pytest

from interplay.tasks.catalog import task_stamp
from interplay.tasks.mazes import maze_collab, maze_solo
from interplay.tasks.mazes.arguments import RULES, Collab, Game, Relay, Solo
from interplay.tasks.mazes.conditions import (
    GAMES,
    default_runs,
    game_of,
    run_size,
)
from interplay.tasks.mazes.instances import load

from .playing import TASKS


class TestDeclaration:
    @pytest.mark.parametrize(
        ("game", "number", "orders"),
        [
            (Solo(view="full"), 120, {"AB"}),
            (Solo(), 240, {"AB", "BA"}),
            (Solo(mode="step"), 240, {"AB", "BA"}),
            (Collab(condition="C4"), 120, {"AB"}),
            (Collab(condition="C5"), 240, {"AB", "BA"}),
            (Collab(condition="C6"), 240, {"AB", "BA"}),
            (Collab(), 240, {"AB", "BA"}),
            (Collab(mazes=20), 120, {"AB", "BA"}),
            (Relay(mazes=20), 120, {"AB", "BA"}),
            (Collab(preset="paper"), 100, {"AB"}),
            (Solo(preset="paper", size=5), 100, {"AB"}),
            (Collab(preset="smoke"), 6, {"AB"}),
        ],
    )
    def test_number_of_samples_and_orders(self, game: Game, number: int, orders: set[str]):
        args = {n: v for n, v in vars(game).items() if n in game.__dataclass_fields__}
        dataset = TASKS[game.task](**args).dataset
        assert len(dataset) == number == game.samples
        assert len({sample.id for sample in dataset}) == number
        assert {(sample.metadata or {})["seat"] for sample in dataset} == orders

    @pytest.mark.parametrize("task", TASKS)
    def test_defaults_are_those_of_the_records(self, task: str):
        defaults = {n: p.default for n, p in inspect.signature(TASKS[task]).parameters.items()}
        assert defaults == vars(GAMES[task]())

    def test_ids_metadata_and_stamp(self):
        task = maze_collab(mazes=1)
        assert task.version == "1.0.0"
        maze = load("standard-1")[0]
        sample = task.dataset[1]
        assert sample.id == "standard-1-bernoulli-001-BA"
        assert sample.metadata == {
            "maze_id": "standard-1-bernoulli-001",
            "family": "bernoulli",
            "seat": "BA",
            "condition": "C7",
            "track": "commit",
            "assistance": 0,
            "pairing": "self",
            "script": None,
            "maze": maze.model_dump(mode="json"),
        }
        assert task.metadata == {"interplay": task_stamp("maze_collab", "standard", list(task.dataset))}

    @pytest.mark.parametrize(
        ("preset", "score"),
        [("standard", "success_corrected"), ("paper", "weighted_favourable"), ("smoke", "success_corrected")],
    )
    def test_the_ranking_metric(self, preset: Any, score: str):
        headline = maze_collab(preset=preset, mazes=1).headline_metric
        assert headline is not None
        assert (headline.scorer, headline.score) == ("maze", score)

    @pytest.mark.parametrize(
        ("game", "expected"),
        [
            (Collab(condition="C6"), ("C6", "commit", 2, "self", None)),
            (Collab(track="structured"), ("C7", "structured", 2, "self", None)),
            (Collab(condition="C5", script="liar"), ("C5", "commit", 0, "self", "liar")),
            (Collab(pairing="cross", assistance=4), ("C7", "commit", 4, "cross", None)),
            (Collab(preset="paper"), ("C7", "free", 0, "self", None)),
            (Solo(mode="step"), ("C3", "free", 0, "solo", None)),
            (Relay(), ("C7", "commit", 0, "relay", None)),
        ],
    )
    def test_metadata_says_what_is_played(self, game: Game, expected: tuple[object, ...]):
        from interplay.tasks.mazes.dataset import samples_of

        metadata = samples_of(game)[0].metadata or {}
        keys = ("condition", "track", "assistance", "pairing", "script")
        assert tuple(metadata[key] for key in keys) == expected

    def test_smoke_holds_mazes_that_silence_does_not_solve(self):
        mazes = {maze.maze_id: maze for maze in load("standard-1")}
        for sample in maze_solo(preset="smoke").dataset:
            maze = mazes[(sample.metadata or {})["maze_id"]]
            assert not any(plan.hit for plan in maze.silent.values())

    @pytest.mark.parametrize("preset", RULES)
    def test_default_runs_are_tasks_with_valid_arguments(self, preset: Any):
        conditions: list[str] = []
        for task, args in default_runs(preset):
            game = game_of(task, {"preset": preset, **args})
            assert isinstance(game, Solo | Collab)
            conditions.append(game.condition)
            assert not game.needed_roles
        assert conditions == (["C1", "C2", "C7"] if preset == "paper" else ["C3", "C7"])

    def test_the_expected_size_of_the_headline_run(self):
        size = run_size("maze_collab", {"condition": "C7", "track": "free"})
        assert (size.samples, size.calls) == (240, 25)
        assert size.samples * size.input_tokens == pytest.approx(11e6, rel=0.05)
        assert size.samples * size.output_tokens == pytest.approx(0.7e6, rel=0.05)
        assert run_size("maze_collab", {"condition": "C5", "track": "free"}).calls == 12.5
        assert run_size("maze_collab", {}).calls == 27
        assert run_size("maze_solo", {"view": "full", "preset": "paper"}).calls == 2
