"""Whatever value an argument is given, a task is made or a sentence says what is wrong: never a traceback."""

import math

import pytest

from interplay.leaderboard.commands.plan import parameters, task_function
from interplay.tasks.catalog import FAMILIES, family_of_task
from interplay.tasks.mazes.instances import sweep
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import TaskArg

VALUES: tuple[TaskArg, ...] = (5, 0.5, True, "", "x", math.nan, math.inf, -1, "a,b", "ä")
"""What the command line makes of `5`, `0.5`, `true`, `''`, `x`, `.nan`, `.inf`, `-1`, `a,b` and `ä`."""
ARGUMENTS = [
    (task.name, name)
    for record in FAMILIES
    if record.name != "posttrain"
    for task in record.tasks
    for name in parameters(record, task.name)
]


def text_wanted(name: str, value: str) -> str:
    return f"{name}={value}: expected text; write -T \"{name}='{value}'\" if it is a name."


def made(task: str, **args: TaskArg) -> None:
    """Plans and makes the task."""
    located = family_of_task(task)
    assert located is not None
    located[0].run_size(task, args)
    task_function(located[0], task)(**args)


@pytest.mark.parametrize(("task", "name"), ARGUMENTS, ids=[f"{task}-{name}" for task, name in ARGUMENTS])
def test_every_value_of_every_argument_is_taken_or_refused_by_name(task: str, name: str) -> None:
    refused: list[str] = []
    for value in VALUES:
        try:
            made(task, **{"preset": "smoke", name: value})
        except UserMistake as mistake:
            refused.append(mistake.message)
    assert refused, "not everything is a value of it"
    for message in refused:
        assert message.startswith((name, "seeds_file"))
        assert message.endswith(".")
        assert "\n" not in message


@pytest.mark.parametrize(
    ("task", "args", "said"),
    [
        ("user_turn", {"limit": "x"}, "limit=x: expected a whole number."),
        ("user_turn", {"replies": 5}, text_wanted("replies", "5")),
        ("user_turn", {"tokenizer": True}, text_wanted("tokenizer", "True")),
        (
            "user_turn",
            {"template_kwargs": 5},
            'template_kwargs=5: expected a JSON object, such as {"enable_thinking": false}.',
        ),
        ("deescalation", {"arms": 5}, "arms=5: expected a comma list of words."),
        ("deescalation", {"domains": ["work", 5]}, "domains=['work', 5]: expected a comma list of words."),
        ("deescalation", {"resistance": True}, "resistance=True: expected a comma list of words."),
        ("deescalation", {"seeds_file": 5}, text_wanted("seeds_file", "5")),
        ("deescalation", {"judge": "maybe"}, "judge=maybe: choose true or false."),
        ("deescalation_crisis", {"arms": 0.5}, "arms=0.5: expected a comma list of words."),
        ("recipe_chains", {"partners": 2026}, text_wanted("partners", "2026")),
        ("recipe_chains", {"judge": "maybe"}, "judge=maybe: choose true or false."),
        (
            "maze_solo",
            {"preset": "paper", "density": math.nan},
            "density=nan: the paper preset has densities 0 to 0.75 in steps of 0.01.",
        ),
        (
            "maze_collab",
            {"preset": "paper", "density": math.inf},
            "density=inf: the paper preset has densities 0 to 0.75 in steps of 0.01.",
        ),
    ],
)  # fmt: skip
def test_values_of_another_kind_have_their_sentence(task: str, args: dict, said: str) -> None:
    with pytest.raises(UserMistake) as refused:
        made(task, **args)
    assert refused.value.message == said


@pytest.mark.parametrize(
    ("density", "fits"), [(0.0, True), (0.75, True), (0.76, False), (0.755, False), (1.5, False)]
)
def test_densities_of_a_sweep_are_steps_of_a_hundredth(density: float, fits: bool) -> None:
    if fits:
        assert len(sweep(4, density)) == 100
        return
    with pytest.raises(UserMistake, match=f"density={density}: the paper preset has densities 0 to 0.75"):
        sweep(4, density)
