"""What a run of `deescalation_crisis` takes, and which roles it may bind (pure)."""

from collections.abc import Collection

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import RoleSize, RunSize, TaskArgs

from .crisis_samples import Crisis

PROMPT_TOKENS, MESSAGES_TOKENS, REPLY_TOKENS = 160, 60, 120
"""Of a system prompt, of the three messages, and of the reply."""
JUDGE_TOKENS, VERDICT_TOKENS = 400, 150
"""Of what a judge is asked, apart from what was said, and of its answer."""


def is_crisis(task: str) -> bool:
    """Whether a task, with or without its prefix, is this one."""
    return task.removeprefix("interplay/") == Crisis.task


def crisis_arguments(args: TaskArgs) -> Crisis:
    """The checked record of a run's arguments.

    Raises:
        UserMistake: an argument, or a value, that the task does not have.
    """
    for name in args:
        if name not in Crisis.__dataclass_fields__:
            raise UserMistake(f"{name}={args[name]}: {Crisis.task} has no argument of that name.")
    return Crisis(**args)  # pyright: ignore[reportArgumentType]  (values are checked by the record)


def validate_crisis(args: TaskArgs, bound: Collection[str]) -> None:
    """Check a run before it starts: its arguments, then the roles bound beside the model under test.

    Raises:
        UserMistake: the first thing that is wrong.
    """
    crisis_arguments(args)
    for role in sorted(set(bound) - {"grader"}):
        raise UserMistake(f"role {role} is bound, but {Crisis.task} uses grader alone; drop the role.")


def crisis_size(args: TaskArgs) -> RunSize:
    """Expected size of a run."""
    judge = RoleSize(1, JUDGE_TOKENS + MESSAGES_TOKENS + REPLY_TOKENS, VERDICT_TOKENS)
    return RunSize(
        crisis_arguments(args).samples,
        1,
        PROMPT_TOKENS + MESSAGES_TOKENS,
        REPLY_TOKENS,
        judges={"grader": judge},
    )
