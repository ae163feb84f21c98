"""What the suite runs by default, what a run takes, and which roles it needs (pure).

`interplay eval user_turn` opens the user role natively; the task by instruction is started by its own name,
because the two are different measurements.
"""

from collections.abc import Collection

from pydantic import JsonValue

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset, Run, RunSize, TaskArgs

from .arguments import (
    Contexts,
    Drawn,
    Instructed,
    Likelihood,
    Probe,
    Replies,
)
from .perturb import OTHER_ARMS

RECORDS: dict[str, type[Contexts]] = {
    record.task: record for record in (Probe, Instructed, Likelihood, Replies)
}
RAW_TASKS = (Probe.task, Likelihood.task)
"""Tasks that open the user role."""
QUESTION_TOKENS, REPLY_TOKENS, TURN_TOKENS = 90, 300, 60


def arguments_of(task: str, args: TaskArgs) -> Contexts:
    """The checked record of a task's arguments.

    Raises:
        UserMistake: an argument, or a value, that the task does not have.
    """
    record = RECORDS[task.removeprefix("interplay/")]
    unknown = [name for name in args if name not in record.__dataclass_fields__]
    if unknown:
        raise UserMistake(f"{unknown[0]}={args[unknown[0]]}: {record.task} has no argument of that name.")
    return record(**args)  # pyright: ignore[reportArgumentType]  (values are checked by the record)


def validate_roles(task: str, args: TaskArgs, bound: Collection[str]) -> None:
    """Check a run before it starts: its arguments, then the roles bound beside the model under test.

    Raises:
        UserMistake: the first thing that is wrong.
    """
    refuse_missing_roles(arguments_of(task, args).needed_roles, bound)


def refuse_missing_roles(needed: Collection[str], bound: Collection[str]) -> None:
    """Compare the roles that are needed with those that are bound.

    Raises:
        UserMistake: The grader is missing, the one role that is ever needed.
    """
    if set(needed) - set(bound):
        raise UserMistake("judge=true needs a grader: add --model-role grader=MODEL.")


def default_runs(preset: Preset) -> list[Run]:
    """The run of `interplay eval user_turn`."""
    return [("user_turn", {})]


def settled_runs(runs: list[Run], given: TaskArgs, bound: Collection[str]) -> list[Run]:
    """The runs as they are: neither arguments nor roles make others of them."""
    return runs


def model_args(task: str, model: str) -> dict[str, JsonValue]:
    """What lets a Transformers model take rendered text as it is, where the user role is opened.

    Raises:
        UserMistake: The provider takes chat messages only, and the task opens the user role.
    """
    if task.removeprefix("interplay/") not in RAW_TASKS:
        return {}
    from interplay.solvers.user_model_args import model_args_for
    from interplay.solvers.user_transport import refuse_chat_provider

    refuse_chat_provider(model.split("/")[0])
    return model_args_for(model)


def run_size(task: str, args: TaskArgs) -> RunSize:
    """Expected size of a run: questions of 90, replies of 300 and turns of 60 tokens.

    Turns are counted as one call each, though some servers draw all turns of a temperature in one.
    """
    chosen = arguments_of(task, args)
    if isinstance(chosen, Likelihood):
        read = QUESTION_TOKENS + REPLY_TOKENS + TURN_TOKENS
        return RunSize(chosen.samples, calls=7, input_tokens=7 * read, output_tokens=7)
    turns = turns_of(chosen) if isinstance(chosen, Drawn) else 0
    return RunSize(
        samples=chosen.samples,
        calls=1 + turns,
        input_tokens=QUESTION_TOKENS + turns * (QUESTION_TOKENS + REPLY_TOKENS),
        output_tokens=REPLY_TOKENS + turns * TURN_TOKENS,
    )


def turns_of(chosen: Drawn) -> int:
    """User turns of one context, over all arms and temperatures."""
    base = sum(1 if t == 0 else chosen.draws for t in chosen.sampled)
    others = len(chosen.run_arms) - 1 if isinstance(chosen, Probe) else 0
    return base + others * sum(draws for _, draws in OTHER_ARMS)
