"""What the suite runs by default, what a run takes, and which roles it needs (pure).

`interplay eval mazes` plays C3 and C7; whoever starts a run asks `validate_roles` first, so that a wrong
argument or a missing role is one sentence before any call.
"""

from collections.abc import Collection, Iterable

from pydantic import JsonValue

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset, RoleSize, Run, RunSize, TaskArgs

from .arguments import Collab, Game, Relay, Solo

NOTES, NOTE_TOKENS = 25, 120
"""Of a dialogue."""
PAIR_OPENING, SOLO_OPENING = 450, 330
"""Tokens of the rules with a map, or with two."""
JUDGE = RoleSize(1, 350 + NOTES * (NOTE_TOKENS + 8), 450)
"""The question with all notes, and an answer that lists some 17 steps."""
GAMES: dict[str, type[Game]] = {game.task: game for game in (Solo, Collab, Relay)}
MISSING_ROLE = {
    "partner": "pairing=cross needs a partner: add --model-role partner=MODEL.",
    "strong": "maze_relay needs a strong model: add --model-role strong=MODEL.",
    "grader": "judge=true needs a grader: add --model-role grader=MODEL.",
}
UNUSED_ROLE = {
    "partner": "role partner is bound but pairing=self; add -T pairing=cross or drop the role.",
}


def game_of(task: str, args: TaskArgs) -> Game:
    """The checked record of a task's arguments.

    Raises:
        UserMistake: an argument, or a combination of them, that the game does not have.
    """
    record = GAMES[task.removeprefix("interplay/")]
    unknown = [name for name in args if name not in record.__dataclass_fields__]
    if unknown:
        raise UserMistake(f"{unknown[0]}={args[unknown[0]]}: {record.task} has no argument of that name.")
    return record(**args)  # pyright: ignore[reportArgumentType]  (values are checked by the record)


def required_roles(task: str, args: TaskArgs) -> set[str]:
    """Roles that a run of this task must bind."""
    return game_of(task, args).needed_roles


def refuse_roles(bound: Collection[str], needed: Collection[str], unused: Collection[str]) -> None:
    """Compare the roles that are bound with those of a game.

    Raises:
        UserMistake: one is missing, or one is bound that this game does not use.
    """
    for role in sorted(needed):
        if role not in bound:
            raise UserMistake(MISSING_ROLE[role])
    for role in sorted(unused):
        if role in bound:
            raise UserMistake(UNUSED_ROLE[role])


def validate_roles(task: str, args: TaskArgs, bound: Collection[str]) -> None:
    """Check a run before it starts: its arguments, then the roles bound beside the model under test.

    Raises:
        UserMistake: the first thing that is wrong.
    """
    game = game_of(task, args)
    refuse_roles(bound, game.needed_roles, game.unused_roles)


def default_runs(preset: Preset) -> list[Run]:
    """The runs of `interplay eval mazes`: C3 and C7, with the paper preset C1, C2 and C7."""
    collab: Run = ("maze_collab", {"condition": "C7"})
    if preset == "paper":
        return [
            ("maze_solo", {"view": "full"}),
            ("maze_solo", {"view": "distributed"}),
            collab,
        ]
    return [("maze_solo", {"view": "distributed", "mode": "step"}), collab]


def settled_runs(runs: list[Run], given: TaskArgs, bound: Collection[str]) -> list[Run]:
    """The runs as they are, except that a judge reads dialogues alone: games of one player have none.

    Where nobody plays in a pair, a judge that was asked for stays, and is refused.
    """
    alone = all(task == Solo.task for task, _ in runs)
    if ("judge" in given and alone) or ("judge" not in given and "grader" not in bound):
        return runs
    return [(task, args | {"judge": False} if task == Solo.task else args) for task, args in runs]


def model_args(task: str, model: str) -> dict[str, JsonValue]:
    """None: a game of mazes asks nothing special of a provider."""
    return {}


def run_size(task: str, args: TaskArgs) -> RunSize:
    """Expected size of a run, for the estimate before it starts: 25 notes of 120 tokens, 17 steps of 40.

    A scripted partner costs nothing, and a plan of 500 tokens is one call, two with the critic step. What a
    partner, a strong model and a judge cost is told apart.
    """
    game = game_of(task, args)
    if isinstance(game, Solo):
        calls, tokens = (17, 40) if game.mode == "step" else (2 if game.has_critic else 1, 500)
        own = spoken(range(calls), opening=SOLO_OPENING, tokens=tokens)
        return RunSize(game.samples, own.calls, own.input_tokens, own.output_tokens)
    first, second = spoken(range(0, NOTES, 2)), spoken(range(1, NOTES, 2))
    probe = RoleSize(1, PAIR_OPENING + NOTES * NOTE_TOKENS + 150, 80)
    asked = [probe] if game.played_track == "commit" else []
    roles: dict[str, RoleSize] = {}
    own = together(first, second, *asked, *asked)
    if isinstance(game, Relay):
        taken = range(0, min(game.k, NOTES), 2) if game.mode == "prime" else range(game.k, NOTES, 2)
        kept = [i for i in range(0, NOTES, 2) if i not in taken]
        roles["strong"] = spoken(taken)
        own = together(spoken(kept), second, *asked, *asked)
    elif isinstance(game, Collab) and game.pairing == "cross":
        own, roles["partner"] = together(first, *asked), together(second, *asked)
    elif isinstance(game, Collab) and game.condition == "C5":
        own = RoleSize(own.calls / 2, own.input_tokens / 2, own.output_tokens / 2)
    judges = {"grader": JUDGE} if game.judge else {}
    return RunSize(game.samples, own.calls, own.input_tokens, own.output_tokens, roles=roles, judges=judges)


def spoken(notes: Iterable[int], *, opening: int = PAIR_OPENING, tokens: int = NOTE_TOKENS) -> RoleSize:
    """What these notes of a conversation cost, counted from 0; each reads all that was said before."""
    numbers = list(notes)
    read = len(numbers) * opening + tokens * sum(numbers)
    return RoleSize(len(numbers), read, len(numbers) * tokens)


def together(*parts: RoleSize) -> RoleSize:
    """The sum of several costs."""
    return RoleSize(
        sum(part.calls for part in parts),
        sum(part.input_tokens for part in parts),
        sum(part.output_tokens for part in parts),
    )
