"""From names and arguments to runs: which family, which arguments, which folder."""

from pathlib import Path

import pytest

from interplay.leaderboard.commands.plan import (
    LONGEST_NAME,
    Plan,
    create_tasks,
    default_log_dir,
    filled,
    fits_boards,
    judged,
    parameters,
    plan_runs,
    plan_target,
)
from interplay.tasks.catalog import FAMILIES, family
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import FamilyRecord, TaskArgs

TASKS = [(record, task.name) for record in FAMILIES for task in record.tasks if task.name != record.name]
"""The name of a family means its default runs."""


def record_of(name: str) -> FamilyRecord:
    record = family(name)
    assert record is not None
    return record


def planned(target: str, given: TaskArgs | None = None, model: str = "", preset: str = "standard") -> Plan:
    (plan,) = plan_runs([target], preset, given or {}, model)
    return plan


@pytest.mark.parametrize(("record", "task"), TASKS, ids=[task for _, task in TASKS])
def test_a_task_stands_for_itself_with_the_preset_and_takes_one_like_every_task(
    record: FamilyRecord, task: str
) -> None:
    plan = planned(task, model="reference/any", preset="smoke")
    assert plan.runs == [(task, {"preset": "smoke"})]
    assert plan == planned(f"interplay/{task}", model="reference/any", preset="smoke")
    assert plan.family is record
    assert "preset" in parameters(record, task)


@pytest.mark.parametrize("record", FAMILIES, ids=lambda record: record.name)
def test_a_family_stands_for_its_default_runs(record: FamilyRecord) -> None:
    plan = planned(record.name, preset="smoke")
    assert [task for task, _ in plan.runs] == [task for task, _ in record.default_runs("smoke")]
    assert all(args["preset"] == "smoke" for _, args in plan.runs)
    known = {task.name for task in record.tasks}
    for preset in record.presets:
        for task, args in record.default_runs(preset):
            assert task in known
            assert set(args) <= set(parameters(record, task))


def test_several_targets_are_several_plans_in_their_order() -> None:
    plans = plan_runs(["maze_relay", "proxy_drift", "mazes"], "smoke", {})
    assert [plan.family.name for plan in plans] == ["mazes", "proxy_drift", "mazes"]
    assert plans[0].runs[0][0] == "maze_relay"


@pytest.mark.parametrize(
    ("target", "preset", "given", "said"),
    [
        ("proxy_drif", "smoke", {}, "proxy_drif: no such family or task; did you mean proxy_drift?"),
        (
            "mazes", "ceiling", {},
            "--preset ceiling: mazes has no such preset; choose one of standard, paper, smoke.",
        ),
        (
            "maze_solo", "controls", {},
            "--preset controls: mazes has no such preset; choose one of standard, paper, smoke.",
        ),
        (
            "proxy_drift", "paper", {},
            "--preset paper: proxy_drift has no such preset; choose one of standard, smoke.",
        ),
        (
            "proxy_drift", "smoke", {"k": 3},
            "-T k: proxy_drift takes no such argument; choose one of n_ledgers.",
        ),
        (
            "maze_solo", "smoke", {"mode": "plan", "condition": "C7"},
            "-T condition: maze_solo takes no such argument; choose one of critic, density, judge, mazes, "
            "mode, size, view.",
        ),
    ],
)  # fmt: skip
def test_what_is_no_run_is_refused(target: str, preset: str, given: TaskArgs, said: str) -> None:
    with pytest.raises(UserMistake) as refused:
        planned(target, given, preset=preset)
    assert refused.value.message == said


def test_an_argument_goes_to_the_tasks_that_take_it() -> None:
    """`mode` belongs to the walk alone and `condition` to the pair; `mazes` to both."""
    plan = planned("mazes", {"track": "free", "mazes": 1})
    assert plan.runs == [
        ("maze_solo", {"view": "distributed", "mode": "step", "preset": "standard", "mazes": 1}),
        ("maze_collab", {"condition": "C7", "preset": "standard", "track": "free", "mazes": 1}),
    ]
    assert planned("mazes", {"condition": "C6"}).runs[1][1]["condition"] == "C6", "what is given wins"


def test_scripted_players_run_the_standard_preset_offline_and_models_do_not() -> None:
    offline = planned("user_turn", model="reference/curious")
    assert offline.runs == [("user_turn", {"datasets": "bundled", "preset": "standard"})]
    assert planned("user_turn", model="vllm/some").runs == [("user_turn", {"preset": "standard"})]
    assert planned("user_turn", model="reference/curious", preset="smoke").runs == [
        ("user_turn", {"preset": "smoke"})
    ]
    given = planned("user_turn", {"datasets": "gsm8k"}, "reference/curious")
    assert given.runs[0][1]["datasets"] == "gsm8k"


def test_a_model_gets_a_container_where_one_acts_and_never_this_machine() -> None:
    assert planned("posttrain_solve", model="openai/gpt-5").runs[0][1]["sandbox"] == "docker"
    assert "sandbox" not in planned("posttrain_baselines", model="openai/gpt-5").runs[0][1]
    assert planned("posttrain_solve", {"sandbox": "k8s"}, "openai/gpt-5").runs[0][1]["sandbox"] == "k8s"
    with pytest.raises(UserMistake) as refused:
        planned("posttrain_solve", {"sandbox": "local"}, "openai/gpt-5")
    assert refused.value.message == (
        "-T sandbox=local: only reference players may run so; give sandbox=docker for openai/gpt-5."
    )
    assert planned("posttrain_solve", {"sandbox": "local"}, "reference/posttrain-noop").runs


def test_further_arguments_never_replace_those_that_were_given() -> None:
    run = filled(record_of("mazes"), ("maze_solo", {"mode": "plan"}), {"mode": "step", "mazes": 3, "k": 9})
    assert run == ("maze_solo", {"mode": "plan", "mazes": 3})


def test_a_bound_grader_makes_judges_of_tasks_that_can_have_one() -> None:
    plan = planned("mazes", preset="smoke")
    assert judged(plan, {"partner"}) == plan
    assert all(args["judge"] is True for _, args in judged(plan, {"grader"}).runs)
    unasked = planned("mazes", {"judge": False}, preset="smoke")
    assert all(args["judge"] is False for _, args in judged(unasked, {"grader"}).runs)
    without = planned("proxy_drift", preset="smoke")
    assert judged(without, {"grader"}) == without


@pytest.mark.parametrize(
    ("target", "given", "fits"),
    [
        ("mazes", {}, True),
        ("proxy_drift", {}, True),
        ("recipe_chains", {}, True),
        ("mazes", {"mazes": 40}, False),
        ("maze_collab", {"condition": "C5", "script": "noisy", "starter": "alternate", "mazes": 20}, True),
        ("maze_collab", {"condition": "C5", "script": "noisy"}, False),
        ("deescalation", {}, True),
        ("deescalation", {"mode": "live", "arms": "factorial"}, True),
        ("deescalation", {"mode": "live", "arms": "core6"}, False),
        ("user_turn", {}, False),  # a data set of its standard preset is not pinned yet
        ("posttrain", {"state_dir": "elsewhere"}, True),
        ("posttrain", {"state_dir": "elsewhere", "budget_minutes": 1}, False),
    ],
)
def test_runs_fit_the_boards_with_the_arguments_of_their_locks(
    target: str, given: TaskArgs, fits: bool
) -> None:
    assert fits_boards(planned(target, given)) is fits


def test_a_role_that_no_board_has_fits_none() -> None:
    assert fits_boards(planned("mazes"), {"grader"})
    assert not fits_boards(planned("mazes"), {"partner"})


@pytest.mark.parametrize(
    ("target", "preset", "roles", "given", "folder"),
    [
        ("mazes", "standard", {}, {}, "logs/mazes/openai-gpt-5"),
        ("mazes", "smoke", {}, {}, "logs/mazes/openai-gpt-5-smoke"),
        ("maze_relay", "standard", {}, {}, "logs/mazes/openai-gpt-5-maze-relay"),
        (
            "maze_collab", "paper", {"partner": "a/B", "grader": "c/d"}, {"pairing": "cross", "judge": True},
            "logs/mazes/openai-gpt-5-paper-maze-collab-grader-c-d-partner-a-b-judge-true-pairing-cross",
        ),
        ("proxy_drift", "smoke", {}, {"n_ledgers": 2}, "logs/proxy_drift/openai-gpt-5-smoke-n_ledgers-2"),
    ],
)  # fmt: skip
def test_the_folder_says_what_differs_from_the_boards(
    target: str, preset: str, roles: dict[str, str], given: TaskArgs, folder: str
) -> None:
    plan = planned(target, given, preset=preset)
    assert default_log_dir(plan, "openai/gpt-5", roles, given) == Path(folder)
    backwards = (dict(reversed(list(d.items()))) for d in (roles, given))
    assert default_log_dir(plan, "openai/gpt-5", *backwards) == Path(folder)


def test_folders_of_different_measurements_differ() -> None:
    commands = [
        ("mazes", "standard", {}), ("mazes", "smoke", {}), ("mazes", "paper", {}), ("maze_solo", "smoke", {}),
        ("maze_collab", "smoke", {}), ("mazes", "standard", {"mazes": 1}),
        ("mazes", "standard", {"mazes": 2}), ("mazes", "standard", {"judge": True}),
        ("proxy_drift", "standard", {}),
        ("posttrain", "standard", {"state_dir": "runs/A"}),
        ("posttrain", "standard", {"state_dir": "runs/a"}),
        ("posttrain", "standard", {"state_dir": "runs_a"}), ("mazes", "standard", {"mazes": -1}),
        ("posttrain", "standard", {"state_dir": "/long" * 60}),
        ("posttrain", "standard", {"state_dir": "/long" * 61}),
        ("posttrain", "standard", {"state_dir": "案"}), ("posttrain", "standard", {"state_dir": "書"}),
    ]  # fmt: skip
    found = [
        default_log_dir(planned(target, given, preset=preset), "m/x", {}, given)
        for target, preset, given in commands
    ]
    assert len(set(found)) == len(commands)


def test_a_folder_with_many_long_values_has_a_name_that_file_systems_take() -> None:
    plan = planned("mazes", {})
    found = [
        default_log_dir(plan, "m/x", {}, {f"argument_{c}": "/long" * 60 for c in letters})
        for letters in ("abcdefgh", "abcdefgi")
    ]
    assert [len(folder.name) for folder in found] == [LONGEST_NAME] * 2
    assert found[0] != found[1]


def test_tasks_are_made_with_their_arguments() -> None:
    (task,) = create_tasks(plan_target("proxy_drift", "smoke", {"n_ledgers": 3}))
    assert len(task.dataset) == 3
    with pytest.raises(UserMistake, match="n_ledgers=0"):
        create_tasks(plan_target("proxy_drift", "smoke", {"n_ledgers": 0}))
