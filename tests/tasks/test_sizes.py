"""The estimate before a run against the task that is then made: the same samples and the same epochs."""

from collections.abc import Mapping

import pytest
from inspect_ai import Task

from interplay.leaderboard.commands.plan import task_function
from interplay.tasks.catalog import family_of_task
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import RunSize, TaskArg

SMOKE = {"preset": "smoke"}
RUNS: list[tuple[str, Mapping[str, TaskArg]]] = [
    ("maze_solo", SMOKE),
    ("maze_solo", {"view": "full"}),
    ("maze_solo", {"mode": "step", "mazes": 3}),
    ("maze_solo", {"preset": "paper", "mazes": 7}),
    ("maze_collab", SMOKE),
    ("maze_collab", {}),
    ("maze_collab", {"condition": "C4", "mazes": 2}),
    ("maze_collab", {"preset": "paper"}),
    ("maze_relay", SMOKE),
    ("maze_relay", {"mazes": 1, "k": 4}),
    ("user_turn", SMOKE),
    ("user_turn", {"preset": "smoke", "limit": 2}),
    ("user_turn", {"preset": "smoke", "limit": 20}),
    ("user_turn", {"preset": "smoke", "datasets": "bundled"}),
    ("user_turn", {"datasets": "bundled"}),
    ("user_turn", {"datasets": "bundled", "limit": 5}),
    ("user_turn_prompted", {"datasets": "bundled", "limit": 1000}),
    ("user_turn_likelihood", {}),
    ("user_turn_likelihood", {"preset": "smoke"}),
    ("user_turn_replies", {"datasets": "bundled"}),
    ("deescalation", SMOKE),
    ("deescalation", {}),
    ("deescalation", {"mode": "live", "arms": "core2", "n_seeds": 3}),
    ("deescalation", {"mode": "branch", "arms": "vanilla"}),
    ("deescalation", {"preset": "paper", "n_seeds": 2, "simulator": "rule", "judge": False}),
    ("deescalation", {"arms": "factorial", "n_seeds": 1, "variants": 2}),
    ("deescalation_crisis", {}),
    ("deescalation_crisis", {"preset": "smoke", "arms": "vanilla"}),
    ("recipe_chains", SMOKE),
    ("recipe_chains", {}),
    ("recipe_chains", {"mode": "live", "n_openers": 5, "repeats": 3}),
    ("recipe_chains", {"partners": "none", "n_openers": 7}),
    ("recipe_chains", {"mode": "swap", "n_openers": 1}),
    ("proxy_drift", SMOKE),
    ("proxy_drift", {}),
    ("proxy_drift", {"n_ledgers": 3}),
    ("proxy_drift", {"preset": "smoke", "n_ledgers": 20}),
]


def made(task: str, args: Mapping[str, TaskArg]) -> tuple[Task, RunSize]:
    """The task, and what its family expects of it."""
    located = family_of_task(task)
    assert located is not None
    return task_function(located[0], task)(**args), located[0].run_size(task, dict(args))


@pytest.mark.parametrize(("task", "args"), RUNS, ids=[f"{t} {a}" for t, a in RUNS])
def test_the_estimate_counts_the_samples_and_epochs_that_are_played(
    task: str, args: Mapping[str, TaskArg]
) -> None:
    found, size = made(task, args)
    assert size.samples == len(found.dataset)
    epochs = getattr(found.epochs, "epochs", found.epochs) or 1
    assert size.epochs == epochs
    ids = [sample.id for sample in found.dataset]
    assert len(set(ids)) == len(ids)
    for cost in (size, *size.roles.values(), *size.judges.values()):
        assert cost.calls > 0
        assert cost.input_tokens > 0
        assert cost.output_tokens > 0


@pytest.mark.parametrize(("task", "args"), RUNS[:1] + RUNS[10:11] + RUNS[20:21], ids=lambda value: str(value))
def test_the_same_arguments_make_the_same_samples(task: str, args: Mapping[str, TaskArg]) -> None:
    first, second = (made(task, args)[0] for _ in range(2))
    for one, other in zip(first.dataset, second.dataset, strict=True):
        assert (one.id, one.input, one.target, one.metadata) == (
            other.id, other.input, other.target, other.metadata
        )  # fmt: skip
    assert first.metadata == second.metadata


@pytest.mark.parametrize(
    ("task", "fewer", "more"),
    [
        ("maze_solo", {"mode": "plan"}, {"mode": "plan", "critic": True}),
        ("maze_collab", {"condition": "C5"}, {"condition": "C7"}),
        ("maze_collab", {"track": "free"}, {"track": "commit"}),
        ("user_turn", {"datasets": "bundled", "k": 2}, {"datasets": "bundled", "k": 9}),
        ("user_turn", {"datasets": "bundled"}, {"datasets": "bundled", "arms": "all"}),
        ("user_turn", {"datasets": "bundled", "temperatures": "0"}, {"datasets": "bundled"}),
        ("deescalation", {"mode": "live", "turns": 2}, {"mode": "live", "turns": 9}),
        ("recipe_chains", {"mode": "replay"}, {"mode": "live"}),
    ],
)
def test_whoever_asks_for_more_is_told_of_more_calls(
    task: str, fewer: dict[str, TaskArg], more: dict[str, TaskArg]
) -> None:
    located = family_of_task(task)
    assert located is not None
    low, high = (located[0].run_size(task, args) for args in (fewer, more))
    assert low.calls < high.calls
    assert low.input_tokens < high.input_tokens


@pytest.mark.parametrize("task", ["maze_solo", "user_turn", "deescalation", "deescalation_crisis",
                                  "recipe_chains", "proxy_drift"])  # fmt: skip
def test_an_argument_of_no_such_name_is_refused_by_the_plan(task: str) -> None:
    located = family_of_task(task)
    assert located is not None
    with pytest.raises(UserMistake) as refused:
        located[0].run_size(task, {"colour": "red"})
    assert refused.value.message == f"colour=red: {task} has no argument of that name."
