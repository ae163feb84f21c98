"""Every wrong input is one sentence, before any call."""

import subprocess
import sys
from pathlib import Path

import pytest
from inspect_ai import Task
from inspect_ai.event import ModelEvent
from inspect_ai.model import Model

from interplay.tasks.mazes import maze_collab, maze_relay
from interplay.tasks.mazes.conditions import (
    game_of,
    required_roles,
    validate_roles,
)
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import TaskArgs

from .playing import TASKS, played

PLAYERS = "cartographer, mute, follower, echo, contrarian, noisy, liar, colrow, early"
MISTAKES: list[tuple[str, TaskArgs, str]] = [
    (
        "maze_relay",
        {"k": 3},
        "k=3: relay changes the speaker of seat 1 and needs an even k; use 2 or 4.",
    ),
    ("maze_relay", {"k": 50}, "k=50: choose an even k from 0 to 48."),
    ("maze_relay", {"k": -1}, "k=-1: choose an even k from 0 to 48."),
    ("maze_relay", {"k": "two"}, "k=two: expected a whole number."),
    ("maze_relay", {"mode": "step"}, "mode=step: choose one of prime, recover."),
    ("maze_relay", {"control": "placebo"}, "control=placebo: choose one of none, transplant."),
    (
        "maze_relay",
        {"control": "transplant", "k": 4},
        "control=transplant with k=4, mode=prime: an opener is transplanted only with k=2, mode=prime.",
    ),
    (
        "maze_collab",
        {"condition": "C6", "assistance": 1},
        "assistance=1 with condition C6: C6 is assistance 2; use condition=C7.",
    ),
    ("maze_collab", {"assistance": 5}, "assistance=5: choose one of 0, 1, 2, 3, 4."),
    (
        "maze_collab",
        {"assistance": 3, "track": "structured"},
        "assistance=3 with track=structured: the structured track is assistance 2; drop assistance.",
    ),
    ("maze_collab", {"condition": "C3"}, "condition=C3: choose one of C4, C5, C6, C7."),
    ("maze_collab", {"track": "loose"}, "track=loose: choose one of free, commit, structured."),
    ("maze_collab", {"pairing": "other"}, "pairing=other: choose one of self, cross."),
    (
        "maze_collab",
        {"condition": "C5", "pairing": "cross"},
        "pairing=cross with condition C5: the partner of C5 is scripted; use condition=C7.",
    ),
    (
        "maze_collab",
        {"condition": "C5", "script": "foo"},
        f"script=foo: no such player; choose one of {PLAYERS}.",
    ),
    ("maze_collab", {"script": "garbler"}, f"script=garbler: no such player; choose one of {PLAYERS}."),
    (
        "maze_collab",
        {"script": "mute"},
        "script=mute with condition C7: scripted partners play in C5; use condition=C5.",
    ),
    (
        "maze_collab",
        {"starter": "alternate"},
        "starter=alternate with condition C7: the starter varies in C5; use condition=C5.",
    ),
    (
        "maze_solo",
        {"view": "full", "mode": "step"},
        "view=full, mode=step is no condition of the ladder; use view=distributed.",
    ),
    (
        "maze_solo",
        {"mode": "step", "critic": True},
        "critic=true with mode=step: the critic step reviews a plan; use mode=plan.",
    ),
    ("maze_solo", {"view": "half"}, "view=half: choose one of full, distributed."),
    ("maze_solo", {"critic": "maybe"}, "critic=maybe: choose true or false."),
    ("maze_solo", {"size": 7}, "size=7 with preset=standard: sizes vary only with preset=paper."),
    (
        "maze_collab",
        {"density": 0.5, "preset": "smoke"},
        "density=0.5 with preset=smoke: densities vary only with preset=paper.",
    ),
    ("maze_collab", {"density": "thin"}, "density=thin: expected a number; the game has 0.3."),
    ("maze_collab", {"size": 19, "preset": "paper"}, "size=19: the paper preset has sizes 4 to 18."),
    ("maze_solo", {"mazes": 50}, "mazes=50: standard-1 has 40 a family."),
    ("maze_relay", {"mazes": 101, "preset": "paper"}, "mazes=101: paper-1 has 100 a family."),
    ("maze_collab", {"mazes": 3, "preset": "smoke"}, "mazes=3: smoke has 2 a family."),
    ("maze_collab", {"mazes": 0}, "mazes=0: at least 1 a family is needed."),
    ("maze_collab", {"mazes": "all"}, "mazes=all: expected a whole number."),
    ("maze_collab", {"judge": 1}, "judge=1: choose true or false."),
    (
        "maze_solo",
        {"judge": True},
        "judge=true with maze_solo: a judge reads what two agents agree to; drop judge.",
    ),
    ("maze_solo", {"preset": "large"}, "preset=large: choose one of standard, paper, smoke."),
]


class TestWrongInput:
    @pytest.mark.parametrize(("task", "args", "sentence"), MISTAKES)
    def test_every_mistake_is_one_sentence(self, task: str, args: TaskArgs, sentence: str):
        with pytest.raises(UserMistake) as mistake:
            TASKS[task](**args)
        assert str(mistake.value) == sentence
        assert mistake.value.exit_code == 2

    def test_an_argument_that_a_task_does_not_have(self):
        with pytest.raises(UserMistake, match=r"^turns=9: maze_solo has no argument of that name\.$"):
            game_of("interplay/maze_solo", {"turns": 9})

    @pytest.mark.parametrize(
        ("task", "args", "bound", "sentence"),
        [
            (
                "maze_collab",
                {"pairing": "cross"},
                {"grader"},
                "pairing=cross needs a partner: add --model-role partner=MODEL.",
            ),
            ("maze_relay", {}, set(), "maze_relay needs a strong model: add --model-role strong=MODEL."),
            (
                "maze_collab",
                {"judge": True},
                set(),
                "judge=true needs a grader: add --model-role grader=MODEL.",
            ),
            (
                "maze_collab",
                {},
                {"partner"},
                "role partner is bound but pairing=self; add -T pairing=cross or drop the role.",
            ),
            ("maze_collab", {"assistance": 9}, set(), "assistance=9: choose one of 0, 1, 2, 3, 4."),
        ],
    )
    def test_roles_are_checked_before_a_run(self, task: str, args: TaskArgs, bound: set[str], sentence: str):
        with pytest.raises(UserMistake) as mistake:
            validate_roles(task, args, bound)
        assert str(mistake.value) == sentence

    @pytest.mark.parametrize(
        ("task", "args", "needed"),
        [
            ("maze_solo", {}, set()),
            ("maze_collab", {"pairing": "cross", "judge": True}, {"partner", "grader"}),
            ("maze_relay", {"k": 4}, {"strong"}),
        ],
    )
    def test_needed_roles(self, task: str, args: TaskArgs, needed: set[str]):
        assert required_roles(task, args) == needed
        validate_roles(task, args, needed | {"someone"})

    @pytest.mark.parametrize(
        ("task", "roles", "sentence"),
        [
            (maze_collab(preset="smoke", pairing="cross"), {}, "pairing=cross needs a partner"),
            (maze_collab(preset="smoke"), {"partner": "reference/mute"}, "role partner is bound"),
            (maze_relay(preset="smoke"), {}, "maze_relay needs a strong model"),
            (maze_collab(preset="smoke", judge=True), {}, "judge=true needs a grader"),
        ],
    )
    def test_roles_of_a_task_from_python_are_checked_before_the_first_call(
        self, task: Task, roles: dict[str, str | Model], sentence: str, tmp_path: Path
    ):
        log = played(task, tmp_path, model_roles=roles)
        assert log.status == "error"
        assert log.error is not None
        assert sentence in log.error.message
        events = [event for sample in log.samples or [] for event in sample.events]
        assert not any(isinstance(event, ModelEvent) for event in events)

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (
                ["interplay/maze_collab", "-T", "pairing=cross"],
                "pairing=cross needs a partner: add --model-role partner=MODEL.",
            ),
            (
                ["interplay/maze_relay", "--model-role", "strong=reference/mute", "-T", "k=3"],
                "k=3: relay changes the speaker of seat 1 and needs an even k; use 2 or 4.",
            ),
        ],
    )
    def test_inspect_prints_the_sentence_and_exits_with_2(
        self, words: list[str], sentence: str, tmp_path: Path
    ):
        program = Path(sys.executable).with_name("inspect")
        command = [str(program), "eval", *words, "--model", "reference/mute", "--log-dir", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 2
        assert f"Error: {sentence}" in " ".join((done.stdout + done.stderr).split())
        assert "Traceback" not in done.stdout + done.stderr
        assert list(tmp_path.glob("*.eval")) == []
