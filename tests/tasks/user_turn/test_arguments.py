"""Every wrong input is one sentence, before any call."""

from pathlib import Path

import pytest

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import TaskArgs
from interplay.tasks.user_turn.arguments import Instructed, Probe
from interplay.tasks.user_turn.perturb import ARMS
from interplay.tasks.user_turn.runs import arguments_of, run_size, turns_of, validate_roles

from .playing import TASKS

MISTAKES: list[tuple[str, TaskArgs, str]] = [
    ("user_turn", {"k": 0}, "k=0: choose a whole number from 1 to 64."),
    ("user_turn", {"k": 65}, "k=65: choose a whole number from 1 to 64."),
    ("user_turn", {"k": "many"}, "k=many: expected a whole number."),
    (
        "user_turn",
        {"datasets": "gsm9k"},
        "datasets=gsm9k: choose one of gsm8k, gpqa, ifbench, healthbench, coval, wildchat, bundled.",
    ),
    (
        "user_turn",
        {"datasets": "bundled,bundled"},
        "datasets=bundled,bundled: a data set is named twice; keep one.",
    ),
    ("user_turn", {"temperatures": "0,hot"}, "temperatures=hot: expected numbers from 0 to 2."),
    ("user_turn", {"temperatures": "default"}, "temperatures=default: expected numbers from 0 to 2."),
    ("user_turn", {"temperatures": "3"}, "temperatures=3: choose numbers from 0 to 2."),
    ("user_turn", {"temperatures": "nan"}, "temperatures=nan: choose numbers from 0 to 2."),
    ("user_turn", {"temperatures": ""}, "temperatures is empty; give at least one, such as 0,1."),
    (
        "user_turn",
        {"datasets": ","},
        "datasets=,: name at least one of gsm8k, gpqa, ifbench, healthbench, coval, wildchat, bundled.",
    ),
    ("user_turn", {"arms": "cut60"}, f"arms=cut60: choose one of {', '.join(ARMS)}, all."),
    (
        "user_turn",
        {"preset": "huge"},
        "preset=huge: choose one of standard, ceiling, controls, paper, smoke.",
    ),
    ("user_turn", {"server": "tgi"}, "server=tgi: choose one of vllm, sglang, llamacpp."),
    ("user_turn", {"judge": "maybe"}, "judge=maybe: choose true or false."),
    ("user_turn", {"seed": -1}, "seed=-1: choose a whole number from 0 to 2147483647."),
    ("user_turn", {"limit": 0}, "limit=0: choose a whole number from 1 to 100000."),
    (
        "user_turn",
        {"replies": "nowhere.eval"},
        "replies=nowhere.eval: no such file; give the log of user_turn_replies or JSON lines.",
    ),
    (
        "user_turn",
        {"template_kwargs": "thinking"},
        'template_kwargs=thinking: expected a JSON object, such as {"enable_thinking": false}.',
    ),
    ("user_turn_likelihood", {"preset": "paper"}, "preset=paper: choose one of standard, ceiling, smoke."),
    ("user_turn_likelihood", {"datasets": "gsm8k"}, "datasets=gsm8k: choose one of bundled, wildchat."),
]


@pytest.mark.parametrize(("task", "args", "sentence"), MISTAKES, ids=[f"{t} {a}" for t, a, _ in MISTAKES])
def test_a_mistake_is_one_sentence(task: str, args: TaskArgs, sentence: str) -> None:
    with pytest.raises(UserMistake) as refused:
        TASKS[task](**args)
    assert refused.value.message == sentence
    with pytest.raises(UserMistake):
        validate_roles(task, args, set())


def test_a_judge_needs_a_grader() -> None:
    with pytest.raises(UserMistake, match=r"^judge=true needs a grader: add --model-role grader=MODEL\.$"):
        validate_roles("user_turn", {"judge": True}, set())
    validate_roles("user_turn", {"judge": True}, {"grader"})


def test_an_argument_of_another_task_is_refused() -> None:
    with pytest.raises(UserMistake, match=r"^arms=all: user_turn_prompted has no argument of that name\.$"):
        arguments_of("interplay/user_turn_prompted", {"arms": "all"})


@pytest.mark.parametrize("given", ["0,0.6,1", [0, 0.6, 1], ["0", "0.6", "1.0"], "1, 0.6, 0, 1"])
def test_lists_are_read_as_either_command_line_hands_them_over(given: str | list[float]) -> None:
    assert Probe(temperatures=given).sampled == (0.0, 0.6, 1.0)


def test_a_single_temperature_is_a_number() -> None:
    assert Probe(temperatures=1).sampled == (1.0,)
    assert Instructed(temperatures="default").sampled == ("default",)


def test_arms_keep_their_order_and_hold_the_base() -> None:
    assert Probe(arms="swap,cut50").run_arms == ("base", "cut50", "swap")
    assert Probe(arms="all").run_arms == ARMS


def test_standard_takes_what_the_readme_says() -> None:
    size = run_size("user_turn", {"preset": "standard"})
    assert size.samples == 1200
    assert turns_of(Probe(preset="standard")) * size.samples == 13_200
    assert 0.9e6 < size.samples * size.output_tokens < 1.5e6


def test_the_grid_of_the_controls_counts_every_arm() -> None:
    assert turns_of(Probe(preset="controls")) == 4 + 11 * 4


def test_a_run_that_is_refused_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserMistake):
        TASKS["user_turn"](datasets="nothing")
    assert list(tmp_path.iterdir()) == []
