"""Arguments at their edges: wrong kinds, lists in every form, what is filled in, and when a grid is whole."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.arguments import (
    AGENTS,
    DEFAULT_AGENT,
    MOST_MINUTES,
    Job,
    is_span,
    members,
)
from interplay.tasks.posttrain.cells import VERSIONS, canonical, load_grid

names = st.text("abc-_.", min_size=1, max_size=6)
MINUTES = ("budget_minutes", "grace_minutes", "reprompt_minutes")
WRONG_MINUTES = ["soon", "5", [5], True, False, -0.5, float("nan"), float("inf"), MOST_MINUTES + 1]


def said(**wrong: Any) -> str:
    """What is said of wrong arguments: one sentence, exit code 2."""
    with pytest.raises(UserMistake) as caught:
        Job(**{"profile": "mini", **wrong})
    assert caught.value.exit_code == 2
    assert "\n" not in caught.value.message
    return caught.value.message


@settings(max_examples=50)
@given(st.lists(names, max_size=5))
def test_a_list_is_read_alike_however_a_command_line_hands_it_over(listed: list[str]) -> None:
    assert (
        members(listed) == members(",".join(listed)) == members(f" {' , '.join(listed)} ,") == tuple(listed)
    )


@pytest.mark.parametrize(
    ("value", "found"),
    [(None, ()), ("", ()), (" , ", ()), ([], ()), (7, ("7",)), ([7, "8"], ("7", "8")), ("a b", ("a b",))],
)
def test_members_of_a_list(value: Any, found: tuple[str, ...]) -> None:
    assert members(value) == found


@pytest.mark.parametrize("name", MINUTES)
@pytest.mark.parametrize("value", WRONG_MINUTES, ids=repr)
def test_a_span_is_a_number_of_minutes(name: str, value: object) -> None:
    assert said(**{name: value}) == f"{name}={value}: choose a number of minutes, 0 to 100,000."
    assert not is_span(value)


@pytest.mark.parametrize("value", [0, 0.5, 1, MOST_MINUTES])
def test_a_span_from_nought_to_the_most_is_taken(value: float) -> None:
    assert is_span(value)
    job = Job(profile="mini", grace_minutes=value, reprompt_minutes=value)
    assert job.settings["grace_minutes"] == job.settings["reprompt_minutes"] == value


def test_an_agent_needs_some_time_but_may_have_less_than_a_minute() -> None:
    for value in (0, 0.0):
        assert said(budget_minutes=value) == "budget_minutes=0: an agent needs time; choose a number above 0."
    assert Job(profile="mini", budget_minutes=0.01).settings["budget_minutes"] == 0.01


@pytest.mark.parametrize(
    ("given", "seeds"),
    [
        (7, (7,)),
        ("7", (7,)),
        ("7, 3", (7, 3)),
        ([7, 3], (7, 3)),
        (0, (0,)),
        (2**31 - 1, (2**31 - 1,)),
    ],
)
def test_seeds_keep_their_order(given: Any, seeds: tuple[int, ...]) -> None:
    job = Job(profile="mini", eval_seeds=given)
    assert job.seeds == seeds
    assert job.settings["eval_seeds"] == list(seeds)


@pytest.mark.parametrize(
    "given", [1.5, "1.5", True, "1,x", [1, 1], "7,07", -1, "²", {"a": 1}, [None, "x"]], ids=repr
)
def test_seeds_are_different_whole_numbers(given: Any) -> None:
    assert said(eval_seeds=given) == (
        f"eval_seeds={given}: expected different whole numbers, such as 72332,87681."
    )


def test_no_seed_at_all_and_too_large_a_seed_are_said() -> None:
    for empty in ("", [], " , "):
        assert said(eval_seeds=empty) == "eval_seeds is empty; give at least one whole number."
    assert said(eval_seeds=2**31) == ("eval_seeds=2147483648: choose a whole number from 0 to 2147483647.")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"targets": 5}, "target=5: choose one of m_arith, "),
        ({"targets": ["m_call", 5]}, "target=5: choose one of m_arith, "),
        ({"bases": 4}, "base=4: choose one of mini-0."),
        ({"bases": "mini-0,qwen3-4b"}, "base=qwen3-4b: choose one of mini-0."),
        ({"version": 1}, "version=1: choose one of 1.0, 1.1, 1.2, x."),
        ({"agent_cache": "all"}, "agent_cache=all: choose one of with_reference, base_only."),
        ({"run": ""}, "run is empty; give the repetition a name, such as 1."),
        ({"num_gpus": 65}, "num_gpus=65: choose a whole number from 0 to 64."),
        ({"num_gpus": "1"}, "num_gpus=1: expected a whole number."),
        ({"profile": "full", "num_gpus": 0}, "num_gpus=0: choose a whole number from 1 to 64."),
    ],
)
def test_other_wrong_values(wrong: dict[str, Any], says: str) -> None:
    assert said(**wrong).startswith(says)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("profile", ["full", "mini"])
def test_a_job_that_says_nothing_is_the_version_itself(version: Any, profile: Any) -> None:
    job = Job(profile=profile, version=version, num_gpus=1 if profile == "full" else 0)
    for name, value in canonical(version, profile).items():
        expected = "none" if (profile, name) == ("mini", "network") else value
        assert job.settings[name] == expected
    assert job.whole
    assert not any("=" in line for line in job.deviations)
    assert bool(job.deviations) == (version != "x"), (
        "versions 1.x differ from the published ones as they stand"
    )


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"network": "open"}, "network=open (version x: allowlist)"),
        ({"network": "allowlist"}, None),
        ({"network": "none"}, None),
        ({"grace_minutes": 2}, "grace_minutes=2 (version x: 1)"),
        ({"reprompt_minutes": 30}, "reprompt_minutes=30 (version x: 0)"),
        ({"agent_cache": "with_reference"}, "agent_cache=with_reference (version x: base_only)"),
        ({"run": "7"}, None),
        ({"device": "cpu"}, None),
        ({"agent": "codex_cli"}, None),
    ],
)
def test_what_makes_a_run_of_the_mini_profile_another_one(given: dict[str, Any], line: str | None) -> None:
    """It runs without network whatever the version allows, so that `none` is no deviation there."""
    assert Job(profile="mini", **given).deviations == ([] if line is None else [line])


@pytest.mark.parametrize("profile", ["full", "mini"])
def test_every_known_agent_is_taken_and_one_is_the_default(profile: Any) -> None:
    for agent in AGENTS:
        assert Job(profile=profile, agent=agent).settings["agent"] == agent
    assert Job(profile=profile).settings["agent"] == DEFAULT_AGENT[profile]


def test_settings_of_the_full_profile_name_the_gpus_and_those_of_mini_do_not() -> None:
    full, mini = Job(profile="full", num_gpus=2).settings, Job(profile="mini").settings
    assert (full["num_gpus"], full["gpu_name"]) == (2, "H100")
    assert set(full) - set(mini) == {"num_gpus", "gpu_name"}
    assert Job(profile="mini", run=3).settings["run"] == "3"


@pytest.mark.parametrize("lost", load_grid().mini.targets)
def test_a_grid_without_one_weighted_target_is_not_whole(lost: str) -> None:
    rest = [target for target in load_grid().mini.targets if target != lost]
    assert not Job(profile="mini", targets=rest).whole
    assert Job(profile="mini", targets=[*rest, lost, "m_hop"]).whole


def test_a_grid_without_one_base_is_not_whole_but_without_the_collaboration_targets_it_is() -> None:
    grid = load_grid()
    assert not Job(profile="full", bases=list(grid.bases_of("full"))[1:]).whole
    weighted = [t for t in grid.versions["x"].targets if grid.weights("x").get(t, 0) > 0]
    assert Job(profile="full", targets=weighted).whole


def test_cells_stand_in_the_order_of_the_version_and_not_of_the_argument() -> None:
    job = Job(profile="mini", targets="m_hop,m_maze,m_arith,m_maze")
    assert [cell.target for cell in job.cells] == ["m_arith", "m_maze", "m_hop"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"profile": "full"}, "You have one NVIDIA H100 GPU, 10 hours and"),
        ({"profile": "full", "num_gpus": 4, "gpu_name": "A100"}, "You have 4 NVIDIA A100 GPUs, 10 hours and"),
        ({"profile": "full", "gpu_name": 4090}, "You have one NVIDIA 4090 GPU, 10 hours and"),
        ({"profile": "full", "budget_minutes": 90}, "1.5 hours and"),
        ({"profile": "mini"}, "You have the CPUs of this machine, 5 minutes and"),
        ({"profile": "mini", "budget_minutes": 1}, "1 minute and"),
    ],
)
def test_the_instruction_says_what_there_is(given: dict[str, Any], words: str) -> None:
    job = Job(**given)
    assert re.search(re.escape(words), job.instruction(job.cells[0]))
