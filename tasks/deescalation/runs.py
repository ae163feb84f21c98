"""What the suite runs by default, what a run takes, and which roles it needs (pure).

`interplay eval deescalation` plays the fixed messages under three arms, then the rule-based user: without any
rule, which is a board of its own, and with placebo and all rules. No conversation is played twice.
"""

from collections.abc import Collection

from pydantic import JsonValue

from interplay.scorers.escalation_judge_roles import GRADERS, refuse_missing_judge
from interplay.tasks.catalog import Preset, Run, RunSize, TaskArgs
from interplay.tasks.mistakes import UserMistake

from .arguments import Talk
from .crisis_runs import crisis_size, is_crisis, validate_crisis

PROMPT_TOKENS, MESSAGE_TOKENS, REPLY_TOKENS = 150, 30, 120
"""Of a system prompt, a message of the person and a reply of the assistant."""


def arguments_of(task: str, args: TaskArgs) -> Talk:
    """The checked record of a run's arguments.

    Raises:
        UserMistake: an argument, or a value, that the task does not have.
    """
    unknown = [name for name in args if name not in Talk.__dataclass_fields__]
    if unknown:
        raise UserMistake(f"{unknown[0]}={args[unknown[0]]}: {Talk.task} has no argument of that name.")
    return Talk(**args)  # pyright: ignore[reportArgumentType]  (values are checked by the record)


def validate_roles(task: str, args: TaskArgs, bound: Collection[str]) -> None:
    """Check a run before it starts: its arguments, then the roles bound beside the model under test.

    Raises:
        UserMistake: the first thing that is wrong.
    """
    if is_crisis(task):
        validate_crisis(args, bound)
        return
    judge = arguments_of(task, args).judge
    refuse_missing_judge(bound, judge=judge, judged=judge is not False)
    for role in sorted(set(bound) - set(GRADERS)):
        raise UserMistake(f"role {role} is bound, but deescalation uses none but its judges; drop the role.")


def default_runs(preset: Preset) -> list[Run]:
    """The runs of `interplay eval deescalation`."""
    return [
        ("deescalation", {"mode": "scripted"}),
        ("deescalation", {"mode": "live", "arms": "vanilla"}),
        ("deescalation", {"mode": "live", "arms": "core2"}),
    ]


def model_args(task: str, model: str) -> dict[str, JsonValue]:
    """None: the conversations ask nothing special of a provider."""
    return {}


def run_size(task: str, args: TaskArgs) -> RunSize:
    """Expected size of a run, every conversation at its full length."""
    if is_crisis(task):
        return crisis_size(args)
    talk = arguments_of(task, args)
    replies = talk.replies
    read = replies * PROMPT_TOKENS + replies * (replies + 1) / 2 * MESSAGE_TOKENS
    own = replies * (replies - 1) / 2 * REPLY_TOKENS
    return RunSize(talk.samples, replies, read + own, replies * REPLY_TOKENS)
