"""What the suite runs by default, what a run takes, and which roles it needs (pure)."""

from collections.abc import Collection

from pydantic import JsonValue

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset, Run, RunSize, TaskArgs

from .arguments import Ledgers

LEDGER_TOKENS, ANSWER_TOKENS = 2200, 120


def arguments_of(task: str, args: TaskArgs) -> Ledgers:
    """The checked record of a run's arguments.

    Raises:
        UserMistake: an argument, or a value, that the task does not have.
    """
    unknown = [name for name in args if name not in Ledgers.__dataclass_fields__]
    if unknown:
        raise UserMistake(f"{unknown[0]}={args[unknown[0]]}: {Ledgers.task} has no argument of that name.")
    return Ledgers(**args)  # pyright: ignore[reportArgumentType]  (values are checked by the record)


def validate_roles(task: str, args: TaskArgs, bound: Collection[str]) -> None:
    """Check a run before it starts: its arguments, then the roles bound beside the model under test.

    Raises:
        UserMistake: the first thing that is wrong.
    """
    arguments_of(task, args)
    for role in sorted(bound):
        raise UserMistake(f"role {role} is bound, but proxy_drift uses none; drop the role.")


def default_runs(preset: Preset) -> list[Run]:
    """The runs of `interplay eval proxy_drift`."""
    return [("proxy_drift", {})]


def settled_runs(runs: list[Run], given: TaskArgs, bound: Collection[str]) -> list[Run]:
    """The runs as they are: neither arguments nor roles make others of them."""
    return runs


def model_args(task: str, model: str) -> dict[str, JsonValue]:
    """None: a ledger asks nothing special of a provider."""
    return {}


def run_size(task: str, args: TaskArgs) -> RunSize:
    """Expected size of a run."""
    return RunSize(len(arguments_of(task, args).ledgers), 1, LEDGER_TOKENS, ANSWER_TOKENS)
