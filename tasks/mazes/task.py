"""The three tasks of the mazes: alone, in a pair, and in relay.

    interplay eval mazes --model openai/gpt-5                       # C3 and C7: headline and gap
    inspect eval interplay/maze_collab --model M --model-role partner=N -T pairing=cross
    inspect eval interplay/maze_relay --model weak --model-role strong=M -T k=2

Source: The Collaboration Gap (arXiv 2511.02687), with keys, admission and counterbalancing added.
"""

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset
from inspect_ai.model import model_roles
from inspect_ai.solver import Solver

from interplay.scorers.route import maze
from interplay.scorers.route_grader import maze_judge
from interplay.tasks.catalog import task_stamp
from interplay.tasks.command_line import created_by_inspect_cli
from interplay.tasks.records import Preset

from .arguments import (
    DENSITY,
    SIZE,
    Collab,
    Control,
    Game,
    PairCondition,
    Pairing,
    Relay,
    RelayMode,
    Solo,
    SoloMode,
    Starter,
    SystemRole,
    Track,
    View,
)
from .conditions import refuse_roles
from .dataset import samples_of
from .play import hand_over, roles_bound, talk_in_pair, walk_alone

VERSION = "1.0.0"


@task
def maze_solo(
    preset: Preset = "standard",
    mazes: int | None = None,
    view: View = "distributed",
    mode: SoloMode = "plan",
    critic: bool | None = None,
    judge: bool = False,
    size: int = SIZE,
    density: float = DENSITY,
) -> Task:
    """One model alone: conditions C1 to C3.

    Example: with `@.#?` as view 1 and `?.?*` as view 2 the model walks (0,0) (0,1) …

    Args:
        preset: `standard`, `paper` or `smoke`.
        mazes: The first n mazes of each family; all by default.
        view: `full` shows the whole map (C1), `distributed` its two halves (C2, C3).
        mode: `plan` asks for the whole route at once (C1, C2), `step` for one action a message (C3).
        critic: Ask once to check the plan; by default only with the paper preset.
        judge: Refused if true: a judge reads what two agents agree to, and here one plays alone.
        size: Rows and columns; other than 6 only with the paper preset.
        density: Share of walls; other than 0.30 only with the paper preset.
    """
    game = Solo(
        preset=preset,
        mazes=mazes,
        view=view,
        mode=mode,
        critic=critic,
        judge=judge,
        size=size,
        density=density,
    )
    rules = game.rules
    return declared(game, walk_alone(mode == "step", game.has_critic, rules.own_line, rules.max_chars))


@task
def maze_collab(
    condition: PairCondition = "C7",
    preset: Preset = "standard",
    mazes: int | None = None,
    assistance: int = 0,
    track: Track | None = None,
    pairing: Pairing = "self",
    script: str = "cartographer",
    starter: Starter = "model",
    judge: bool = False,
    size: int = SIZE,
    density: float = DENSITY,
    system_role: SystemRole = "system",
) -> Task:
    """Two agents, half a map each, one route: conditions C4 to C7.

    Example: agent 1 sees `@.#?` where agent 2 sees `?.?*`; they must agree on every step.

    Args:
        condition: `C4` full maps, `C5` scripted partner, `C6` cell names given, `C7` the whole game.
        preset: `standard`, `paper` or `smoke`.
        mazes: The first n mazes of each family; all by default.
        assistance: 0 to 4, how much the prompt says about a shared way to talk.
        track: `free` talk, `commit` with a private question at the end, `structured` with action lines.
        pairing: `self` with its own copy, `cross` with role `partner`.
        script: The reference player that holds the other seat in C5.
        starter: In C5 the `model` opens, or model and script `alternate`.
        judge: Add a model that reads the transcript as well; needs role `grader`.
        size: Rows and columns; other than 6 only with the paper preset.
        density: Share of walls; other than 0.30 only with the paper preset.
        system_role: `user` puts the system text before the prompt, for models that refuse system messages.
    """
    game = Collab(
        condition=condition,
        preset=preset,
        mazes=mazes,
        assistance=assistance,
        track=track,
        pairing=pairing,
        script=script,
        starter=starter,
        judge=judge,
        size=size,
        density=density,
        system_role=system_role,
    )
    pair = talk_in_pair(
        track=game.played_track,
        pairing=pairing,
        script=script if condition == "C5" else None,
        starter=starter,
        own_line=game.rules.own_line,
        max_chars=game.rules.max_chars,
        system_role=system_role,
    )
    return declared(game, pair)


@task
def maze_relay(
    k: int = 2,
    mode: RelayMode = "prime",
    control: Control = "none",
    preset: Preset = "standard",
    mazes: int | None = None,
    judge: bool = False,
    size: int = SIZE,
    density: float = DENSITY,
    system_role: SystemRole = "system",
) -> Task:
    """A weak pair in which a strong model, role `strong`, speaks for seat 1 for a while.

    Example: with k=2 the strong model writes the opener, the weak one everything else.

    Args:
        k: Even, 0 to 48: notes of both seats before the speaker of seat 1 changes.
        mode: `prime` strong then weak, `recover` weak then strong.
        control: `transplant` takes an opener written for another maze, without its map.
        preset: `standard`, `paper` or `smoke`.
        mazes: The first n mazes of each family; all by default.
        judge: Add a model that reads the transcript as well; needs role `grader`.
        size: Rows and columns; other than 6 only with the paper preset.
        density: Share of walls; other than 0.30 only with the paper preset.
        system_role: `user` puts the system text before the prompt, for models that refuse system messages.
    """
    game = Relay(
        k=k,
        mode=mode,
        control=control,
        preset=preset,
        mazes=mazes,
        judge=judge,
        size=size,
        density=density,
        system_role=system_role,
    )
    passing = hand_over(
        k=k,
        mode=mode,
        control=control,
        track=game.played_track,
        own_line=game.rules.own_line,
        max_chars=game.rules.max_chars,
        system_role=system_role,
    )
    return declared(game, passing)


def declared(game: Game, played: Solver) -> Task:
    """The Inspect task of a game: samples, how they are played and scored, and the stamp in the log.

    Raises:
        UserMistake: a role is missing or bound in vain, as far as that is known yet.
    """
    if created_by_inspect_cli():
        refuse_roles(model_roles(), game.needed_roles, game.unused_roles)
    samples = samples_of(game)
    return Task(
        dataset=MemoryDataset(samples, name=game.rules.set_name),
        setup=roles_bound(sorted(game.needed_roles), sorted(game.unused_roles)),
        solver=played,
        scorer=[maze(), maze_judge()] if game.judge else maze(),
        version=VERSION,
        headline_metric=game.rules.headline,
        metadata={"interplay": task_stamp(game.task, game.preset, samples)},
    )
