"""What the suite runs by default, what a run takes, and which roles it needs (pure).

`interplay eval deescalation` plays the fixed messages under three arms, then a live person: without any rule,
which is a board of its own, and with placebo and all rules. No conversation is played twice. The person is
the rule-based user, or role `user_sim` where that is bound.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from pydantic import JsonValue

from interplay.scorers.escalation_judge_roles import bound_graders, refuse_missing_judge, warning
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset, Run, RunSize, TaskArgs

from .arguments import Talk
from .crisis_runs import crisis_size, is_crisis, validate_crisis
from .roles import refuse_models, refuse_roles
from .sizes import talk_size

if TYPE_CHECKING:
    from inspect_ai.model import Model

BESIDE_REPLIES = ("turns", "simulator")
"""Arguments that say nothing of fixed messages."""


def arguments_of(task: str, args: TaskArgs, bound: Collection[str] = ()) -> Talk:
    """The checked record of a run's arguments, with these roles bound.

    Raises:
        UserMistake: an argument, or a value, that the task does not have.
    """
    known = set(Talk.__dataclass_fields__) - {"bound"}
    unknown = [name for name in args if name not in known]
    if unknown:
        raise UserMistake(f"{unknown[0]}={args[unknown[0]]}: {Talk.task} has no argument of that name.")
    return Talk(**args, bound=bound)  # pyright: ignore[reportArgumentType]  (values are checked by the record)


def validate_roles(task: str, args: TaskArgs, bound: Collection[str]) -> None:
    """Check a run before it starts: its arguments, then the roles bound beside the model under test.

    Raises:
        UserMistake: the first thing that is wrong.
    """
    if is_crisis(task):
        validate_crisis(args, bound)
        return
    chosen = arguments_of(task, args, bound)
    refuse_missing_judge(bound, judge=chosen.judge, judged=chosen.judge is not False)
    refuse_roles(chosen.played_mode, chosen.played_simulator, bound, preset=chosen.preset, judge=chosen.judge)


def validate_models(task: str, args: TaskArgs, target: "Model", bound: "Mapping[str, Model]") -> str | None:
    """Check which models have which part, before a run starts; what a user is told of judges that remain.

    Raises:
        UserMistake: one model has two parts that exclude one another.
    """
    if not is_crisis(task):
        refuse_models(arguments_of(task, args, bound).played_simulator, target, bound)
    return warning(bound_graders(bound), target)


def default_runs(preset: Preset) -> list[Run]:
    """The runs of `interplay eval deescalation`."""
    if preset == "paper":
        return [("deescalation", {"mode": "live"})]
    return [
        ("deescalation", {"mode": "scripted"}),
        ("deescalation", {"mode": "live", "arms": "vanilla"}),
        ("deescalation", {"mode": "live", "arms": "core2"}),
    ]


def settled_runs(runs: list[Run], given: TaskArgs, bound: Collection[str]) -> list[Run]:
    """The runs as the arguments that were given and the bound roles make them.

    A mode that was given keeps the runs of that mode alone, and arms that were given make one run of those
    that differ in nothing else. What concerns a person who answers is left out of fixed messages. A bound
    `user_sim` makes the person of live runs a persona, unless another simulator was given.
    """
    if any(is_crisis(task) for task, _ in runs):
        return runs
    if "mode" in given:
        preset = next((args.get("preset", "standard") for _, args in runs), "standard")
        asked = [args for _, args in default_runs(preset) if args["mode"] == given["mode"]]  # pyright: ignore[reportArgumentType]
        own = [{"preset": preset, **args} | given for args in asked or [{}]]
        runs = [(runs[0][0], args) for args in own]
    settled: list[Run] = []
    for task, args in runs:
        chosen = dict(args)
        if "mode" not in chosen and "user_sim" in bound:
            chosen["mode"] = "live"
        if chosen.get("mode") == "scripted" and "mode" not in given:
            chosen = {name: value for name, value in chosen.items() if name not in BESIDE_REPLIES}
        elif "user_sim" in bound and chosen.get("mode") in ("live", "branch"):
            chosen.setdefault("simulator", "persona")
        if (task, chosen) not in settled:
            settled.append((task, chosen))
    return settled


def model_args(task: str, model: str) -> dict[str, JsonValue]:
    """None: the conversations ask nothing special of a provider."""
    return {}


def run_size(task: str, args: TaskArgs) -> RunSize:
    """Expected size of a run, every conversation at its full length."""
    return crisis_size(args) if is_crisis(task) else talk_size(arguments_of(task, args))
