"""What the suite runs by default, what a run takes, and which roles it needs (pure).

`interplay eval mazes` plays C3 and C7; whoever starts a run asks `validate_roles` first, so that a wrong
argument or a missing role is one sentence before any call.
"""

from collections.abc import Collection

from pydantic import JsonValue

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.records import Preset, Run, RunSize, TaskArgs

from .arguments import Collab, Game, Relay, Solo

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
    """The runs as they are: neither arguments nor roles make others of them."""
    return runs


def model_args(task: str, model: str) -> dict[str, JsonValue]:
    """None: a game of mazes asks nothing special of a provider."""
    return {}


def run_size(task: str, args: TaskArgs) -> RunSize:
    """Expected size of a run, for the estimate before it starts: 25 notes of 120 tokens, 17 steps of 40.

    A scripted partner costs nothing, and a plan of 500 tokens is one call, two with the critic step.
    """
    game = game_of(task, args)
    if isinstance(game, Solo):
        if game.mode == "step":
            return conversation(game.samples, opening=330, calls=17, tokens=40)
        return conversation(game.samples, opening=330, calls=2 if game.has_critic else 1, tokens=500)
    talk = conversation(game.samples, opening=450, calls=25, tokens=120)
    probes = 2 if game.played_track == "commit" else 0
    read_by_probe = 450 + 25 * 120 + 150
    paid = 0.5 if isinstance(game, Collab) and game.condition == "C5" else 1
    return RunSize(
        samples=game.samples,
        calls=paid * (talk.calls + probes),
        input_tokens=paid * (talk.input_tokens + probes * read_by_probe),
        output_tokens=paid * (talk.output_tokens + probes * 80),
    )


def conversation(samples: int, *, opening: int, calls: int, tokens: int) -> RunSize:
    """A conversation of so many replies of so many tokens, each of which reads all that was said before."""
    return RunSize(
        samples=samples,
        calls=calls,
        input_tokens=calls * opening + tokens * calls * (calls - 1) // 2,
        output_tokens=calls * tokens,
    )
