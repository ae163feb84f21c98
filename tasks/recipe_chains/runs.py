"""What the suite runs by default, what a run takes, and which roles it needs (pure)."""

from collections.abc import Collection

from pydantic import JsonValue

from interplay.scorers.escalation_judge_roles import refuse_missing_judge
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset, RoleSize, Run, RunSize, TaskArgs

from .arguments import ALONE, NOBODY, Chains
from .panel import panel

PROMPT_TOKENS, TEXT_TOKENS, REPLY_TOKENS = 60, 100, 150
"""Of a system prompt with its topic, a partner's text and a reply."""
REWRITE_TOKENS, ACTS_TOKENS, ANSWER_TOKENS = 20, 250, 60
"""Of the request to a paraphraser, the question about repair and challenge, and an answer to it."""


def arguments_of(task: str, args: TaskArgs) -> Chains:
    """The checked record of a run's arguments.

    Raises:
        UserMistake: an argument, or a value, that the task does not have.
    """
    unknown = [name for name in args if name not in Chains.__dataclass_fields__]
    if unknown:
        raise UserMistake(f"{unknown[0]}={args[unknown[0]]}: {Chains.task} has no argument of that name.")
    return Chains(**args)  # pyright: ignore[reportArgumentType]  (values are checked by the record)


def validate_roles(task: str, args: TaskArgs, bound: Collection[str]) -> None:
    """Check a run before it starts: its arguments, then the roles bound beside the model under test.

    Raises:
        UserMistake: the first thing that is wrong.
    """
    chains = arguments_of(task, args)
    mode = chains.mode
    takes = {"live": {"partner"}, "swap": {"paraphraser"}, "replay": set[str]()}[mode]
    for role in sorted(set(bound) - takes - {"grader"}):
        raise UserMistake(f"role {role} is bound, but mode={mode} has no use for it; drop the role.")
    if "grader" in bound and chains.is_alone:
        raise UserMistake(f"role grader is bound with {ALONE}; drop the role.")
    refuse_missing_judge(bound, judge=chains.judge, judged=chains.judge is not False)


def default_runs(preset: Preset) -> list[Run]:
    """The runs of `interplay eval recipe_chains`."""
    return [("recipe_chains", {})]


def settled_runs(runs: list[Run], given: TaskArgs, bound: Collection[str]) -> list[Run]:
    """The runs as they are: neither arguments nor roles make others of them."""
    return runs


def model_args(task: str, model: str) -> dict[str, JsonValue]:
    """None: the chains ask nothing special of a provider."""
    return {}


def run_size(task: str, args: TaskArgs) -> RunSize:
    """Expected size of a run; partner and paraphraser are scripted, and free, where they are not bound.

    Preset `paper` without a named set of texts is counted with one text of every checkpoint of the panel.
    """
    texts = 1
    if args.get("preset") == "paper" and args.get("mode", "replay") == "replay" and "partners" not in args:
        texts, args = len(panel()), args | {"partners": NOBODY}
    chains = arguments_of(task, args)
    is_panel = texts > 1
    calls = 2 if chains.mode == "live" else 1
    read = PROMPT_TOKENS + TEXT_TOKENS
    own = RoleSize(calls, calls * read + (calls - 1) * (REPLY_TOKENS + TEXT_TOKENS), calls * REPLY_TOKENS)
    roles: dict[str, RoleSize] = {}
    if chains.mode == "live":
        roles["partner"] = RoleSize(calls, own.input_tokens, own.output_tokens)
    if chains.mode == "swap":
        roles["paraphraser"] = RoleSize(1, REWRITE_TOKENS + TEXT_TOKENS, TEXT_TOKENS)
    if chains.judge is not False and (is_panel or not chains.is_alone):
        asked = ACTS_TOKENS + TEXT_TOKENS + REPLY_TOKENS
        roles["grader"] = RoleSize(calls, calls * asked, calls * ANSWER_TOKENS)
    return RunSize(
        chains.samples * texts,
        own.calls,
        own.input_tokens,
        own.output_tokens,
        epochs=chains.epochs,
        judges=roles,
    )
