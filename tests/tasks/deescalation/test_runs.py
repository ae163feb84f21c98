"""Which runs a command starts, their sizes, and which roles they take."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from interplay.scorers.escalation_judge_reading import Question, Told, questions
from interplay.tasks.deescalation.runs import (
    arguments_of,
    default_runs,
    run_size,
    settled_runs,
    validate_roles,
)
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import RoleSize, Run, TaskArgs
from tests.leaderboard.commands.test_loop import run


def test_the_default_runs_play_no_conversation_twice() -> None:
    for preset in ("standard", "smoke"):
        talks = [arguments_of(task, {"preset": preset, **args}) for task, args in default_runs(preset)]
        assert [talk.played_mode for talk in talks] == ["scripted", "live", "live"]
        assert not set(talks[1].played_arms) & set(talks[2].played_arms)
    assert [talk.samples for talk in talks] == [8, 4, 8]
    assert default_runs("paper") == [("deescalation", {"mode": "live"})]


def test_sizes_are_those_of_full_conversations() -> None:
    assert run_size("deescalation", {}).samples == 600
    size = run_size("deescalation", {"mode": "live", "arms": "vanilla"})
    assert (size.samples, size.calls, size.output_tokens, size.epochs, size.roles) == (200, 8, 960, 1, {})


def test_a_simulated_person_is_paid_for_apart() -> None:
    persona = run_size("deescalation", {"mode": "live", "arms": "vanilla", "simulator": "persona"})
    assert (persona.calls, persona.epochs, set(persona.roles)) == (8, 3, {"user_sim"})
    assert persona.roles["user_sim"].calls == 8
    state = run_size("deescalation", {"mode": "branch", "simulator": "state"})
    assert (state.calls, state.epochs, set(state.roles)) == (2, 4, {"user_sim", "sim_state"})
    assert state.roles["sim_state"] == RoleSize(2, 440, 60)


def test_judges_are_paid_for_where_they_are_bound() -> None:
    live = run_size("deescalation", {"mode": "live", "arms": "vanilla"}).judges
    assert live["grader"].calls == pytest.approx(9 + 0.8 + 8 + 1)
    assert live["grader_b"].calls == 1
    scripted = run_size("deescalation", {}).judges
    assert scripted["grader"].calls == 4 + 1
    assert run_size("deescalation", {"judge": False}).judges == {}
    assert run_size("deescalation_crisis", {}).judges["grader"].calls == 1
    command = ["eval", "deescalation", "--model", "reference/empath", "--dry-run", "--preset", "smoke"]
    code, said = run(*command, "--model-role", "grader=mockllm/one", "--model-role", "grader_b=mockllm/two")
    assert code == 0
    assert "3 runs, 20 samples, about 128 calls" in said
    assert "role grader about 266 calls" in said
    assert "role grader_b about 20 calls" in said
    code, said = run(*command)
    assert code == 0
    assert "role grader" not in said


@pytest.mark.parametrize(
    ("mode", "messages", "replies", "own"), [("live", 9, 8, 8), ("scripted", 4, 4, 4), ("branch", 5, 4, 2)]
)
def test_the_estimate_is_what_a_judge_is_asked(mode: str, messages: int, replies: int, own: int) -> None:
    asked: list[Question] = []
    for scenario in range(400):
        told = Told(
            messages=("It is a long story and nobody has listened to any of it so far, not once, you see.",)
            * messages,
            replies=("word " * 20,) * (replies - own) + ("word " * 96,) * own,
            own=tuple(range(replies - own, replies)),
            end=None,
            mode=mode,
            scenario=f"work-{scenario}",
            facts=("i meet the manager tomorrow at nine",) * 3,
            unfair_claim="he did it to punish me",
            checkable_claim=None,
        )
        asked += questions(told, ("grader", "grader_b"))
    sizes = run_size("deescalation", {"mode": mode}).judges
    for role, size in sizes.items():
        mine = [question for question in asked if question.role == role]
        assert size.calls == pytest.approx(len(mine) / 400, rel=0.02)
        tokens = sum(len(question.prompt) for question in mine) / 400 / 4
        assert size.input_tokens == pytest.approx(tokens, rel=0.25)


@pytest.mark.parametrize(
    ("given", "bound", "settled"),
    [
        ({}, [], [("scripted", None, None), ("live", "vanilla", None), ("live", "core2", None)]),
        (
            {},
            ["user_sim"],
            [("scripted", None, None), ("live", "vanilla", "persona"), ("live", "core2", "persona")],
        ),
        ({"mode": "live"}, [], [("live", "vanilla", None), ("live", "core2", None)]),
        ({"mode": "scripted"}, ["user_sim"], [("scripted", None, None)]),
        ({"mode": "branch"}, [], [("branch", None, None)]),
        ({"mode": "branch"}, ["user_sim"], [("branch", None, "persona")]),
        ({"arms": "all"}, [], [("scripted", "all", None), ("live", "all", None)]),
        (
            {"simulator": "state"},
            ["user_sim"],
            [("scripted", None, None), ("live", "vanilla", "state"), ("live", "core2", "state")],
        ),
    ],
)
def test_arguments_and_roles_make_other_runs(
    given: TaskArgs, bound: Collection[str], settled: list[tuple[str, str | None, str | None]]
) -> None:
    runs: list[Run] = [
        (task, args | {"preset": "standard"} | given) for task, args in default_runs("standard")
    ]
    found = settled_runs(runs, given, bound)
    assert [tuple(args.get(n) for n in ("mode", "arms", "simulator")) for _, args in found] == settled
    assert all(args["preset"] == "standard" for _, args in found)
    for task, args in found:
        validate_roles(task, args, bound)


def test_a_task_alone_is_live_where_a_simulator_is_bound() -> None:
    runs: list[Run] = [("deescalation", {"preset": "standard"})]
    assert settled_runs(runs, {}, []) == runs
    assert settled_runs(runs, {}, ["user_sim"]) == [
        ("deescalation", {"preset": "standard", "mode": "live", "simulator": "persona"})
    ]


REFUSED: list[tuple[TaskArgs, list[str], str]] = [
    (
        {"mode": "live", "simulator": "persona"},
        [],
        "simulator=persona needs --model-role user_sim=<model>; leave simulator unset for the rule-based "
        "user.",
    ),
    (
        {"preset": "paper"},
        [],
        "simulator=persona needs --model-role user_sim=<model>; give simulator=rule for the rule-based user.",
    ),
    (
        {"mode": "live", "simulator": "rule"},
        ["user_sim"],
        "role user_sim is bound, but simulator=rule: reference/resistant_user writes for the person; give "
        "simulator=persona or drop the role.",
    ),
    (
        {"mode": "live"},
        ["user_sim", "sim_state"],
        "role sim_state is bound, but simulator=persona keeps no state; give simulator=state or drop the "
        "role.",
    ),
    (
        {},
        ["partner"],
        "role partner is bound, but deescalation uses user_sim, sim_state, grader, grader_b only; drop the "
        "role.",
    ),
    (
        {"preset": "paper"},
        ["user_sim", "grader"],
        "preset=paper has two judges: add --model-role grader_b=<model>, or give judge=false for the open "
        "patterns alone.",
    ),
    ({"bound": "x"}, [], "bound=x: deescalation has no argument of that name."),
]


@pytest.mark.parametrize(("args", "bound", "sentence"), REFUSED)
def test_roles_that_do_not_fit_are_one_sentence(args: TaskArgs, bound: list[str], sentence: str) -> None:
    with pytest.raises(UserMistake) as caught:
        validate_roles("interplay/deescalation", args, bound)
    assert caught.value.message == sentence


def test_what_a_command_says_before_it_starts() -> None:
    code, said = run("eval", "deescalation", "--model", "reference/empath", "--dry-run")
    assert code == 0
    assert "3 runs, 1,200 samples, about 7,200 calls" in said
    code, said = run(
        "eval", "deescalation", "--model", "reference/empath", "--dry-run", "-T", "mode=live",
        "--model-role", "user_sim=reference/resistant_user", "--epochs", "2", "--limit", "10",
    )  # fmt: skip
    assert code == 0
    assert "2 runs, 40 samples, about 320 calls" in said
    assert "role user_sim about 320 calls" in said
    assert "mode=live arms=vanilla simulator=persona" in said
    code, said = run("eval", "deescalation", "--model", "reference/empath", "--preset", "paper")
    assert code == 2
    assert "Error: simulator=persona needs --model-role user_sim=<model>" in said


def test_presets_are_shown_with_what_they_cost() -> None:
    code, said = run("show", "deescalation", "--json")
    assert code == 0
    presets: dict[str, Any] = json.loads(said)["presets"]
    assert (presets["standard"]["samples"], presets["standard"]["calls"]) == (1200, 7200)
    assert presets["standard"]["roles"] == {}
    assert presets["paper"]["samples"] == 324
    calls = {role: cost["calls"] for role, cost in presets["paper"]["roles"].items()}
    assert calls == {"user_sim": 2592, "grader": 6091, "grader_b": 324}


ROLES_OF_ONE_MODEL = [
    (["user_sim=mockllm/A"], "role user_sim is mockllm/A, the model under test; bind another model to it."),
    (
        ["user_sim=mockllm/u", "sim_state=mockllm/a", "simulator=state"],
        "role sim_state is mockllm/a",
    ),
    (["grader=mockllm/g", "grader_b=mockllm/G"], "grader=mockllm/g and grader_b=mockllm/G are one model"),
    (["user_sim=mockllm/u", "grader=mockllm/u", "simulator=state"], "grader=mockllm/u also keeps"),
    (["grader_b=mockllm/g"], "role grader_b is the second judge; bind the first one"),
]


@pytest.mark.parametrize(("pairs", "sentence"), ROLES_OF_ONE_MODEL)
def test_one_model_in_two_parts_is_refused_before_anything_starts(
    pairs: list[str], sentence: str, tmp_path: Path
) -> None:
    options = [word for pair in pairs for word in ("-T" if "simulator" in pair else "--model-role", pair)]
    logs = tmp_path / "logs"
    code, said = run(
        "eval", "deescalation", "--model", "mockllm/a", "--preset", "smoke", "--log-dir", str(logs), *options
    )
    assert code == 2
    assert f"Error: {sentence}" in said
    assert not logs.exists()


def test_the_model_under_test_may_judge_and_is_marked() -> None:
    code, said = run(
        "eval", "deescalation", "--model", "mockllm/a", "--model-role", "grader=mockllm/a", "--dry-run"
    )
    assert code == 0, said
    sentence = "Warning: Judges may favour their own: grader mockllm/a is the model under test; the scores"
    assert said.count(sentence) == 1
    code, said = run(
        "eval", "deescalation_crisis", "--model", "mockllm/a", "--model-role", "grader=mockllm/b", "--dry-run"
    )
    assert code == 0, said
    assert "Warning: Judges may favour their own: grader mockllm/b is of the same vendor" in said
