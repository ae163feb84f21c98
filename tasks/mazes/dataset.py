"""From the arguments of a task to its samples: which mazes, in which order of halves, with which prompts.

The input of a sample is what the leaderboard pins: the opening of seat 1, a line `=== seat 2 ===` and the
opening of seat 2, or the one prompt of a player who is alone. What a scorer needs to know of the game is in
the metadata.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from inspect_ai.dataset import Sample

from .arguments import Collab, Game, Relay, Solo
from .instances import Maze, load, smoke, sweep
from .maze import FAMILIES, HALVES, render_full, render_half
from .prompting import SEAT_MARK, collab_prompt, solo_prompt

Order: TypeAlias = Literal["AB", "BA"]
"""Which half seat 1 holds, or which view comes first."""


def samples_of(game: Game) -> list[Sample]:
    """The samples of a task, maze by maze, AB before BA."""
    every = all_mazes(game)
    orders: tuple[Order, ...] = ("AB", "BA") if game.both_orders else ("AB",)
    return [sample_of(game, maze, order, every) for maze in first_of_each(every, game) for order in orders]


def all_mazes(game: Game) -> list[Maze]:
    """The set that a preset plays."""
    if game.preset == "smoke":
        return smoke(game.rules.set_name)
    return sweep(game.size, game.density) if game.drawn_on_the_fly else load(game.rules.set_name)


def first_of_each(mazes: Sequence[Maze], game: Game) -> list[Maze]:
    """The first mazes of each family, as many as the game asks for."""
    if game.mazes is None:
        return list(mazes)
    return [m for family in FAMILIES for m in [m for m in mazes if m.family == family][: game.mazes]]


def sample_of(game: Game, maze: Maze, order: Order, every: Sequence[Maze]) -> Sample:
    """One maze in one order of halves as a sample."""
    collab = game if isinstance(game, Collab) else None
    condition = game.condition if isinstance(game, Solo | Collab) else "C7"
    metadata: dict[str, object] = {
        "maze_id": maze.maze_id,
        "family": maze.family,
        "seat": order,
        "condition": condition,
        "track": game.played_track if not isinstance(game, Solo) else "free",
        "assistance": collab.shown_assistance if collab else 0,
        "pairing": collab.pairing if collab else "relay" if isinstance(game, Relay) else "solo",
        "script": collab.script if collab and condition == "C5" else None,
        "maze": maze.model_dump(mode="json"),
    }
    if isinstance(game, Relay) and game.control == "transplant":
        donor = next_of_family(maze, every)
        metadata |= {"donor": donor.maze_id, "donor_opening": openings(game, donor, order)[0]}
    return Sample(
        id=f"{maze.maze_id}-{order}",
        input=SEAT_MARK.join(openings(game, maze, order)),
        target=" ".join(f"({r},{c})" for r, c in maze.route),
        metadata=metadata,
    )


def openings(game: Game, maze: Maze, order: Order) -> list[str]:
    """The prompts of seat 1 and seat 2, or of the one player."""
    rules = game.rules
    full = render_full(maze.rows)
    halves = [render_half(maze.rows, maze.owner, half) for half in HALVES]
    if order == "BA":
        halves.reverse()
    keys = "k" in full
    if isinstance(game, Solo):
        first, second = (full, None) if game.view == "full" else halves
        step = game.mode == "step"
        return [solo_prompt(first, second, keys=keys, step=step, hurry=rules.hurry, own_line=rules.own_line)]
    structured = game.played_track == "structured"
    shared = isinstance(game, Collab) and game.condition == "C4"
    level = game.shown_assistance if isinstance(game, Collab) and not structured else 0
    return [
        collab_prompt(
            full if shared else halves[place],
            full=shared,
            keys=keys,
            first=place == 0,
            assistance=level,
            structured=structured,
            hurry=rules.hurry,
            own_line=rules.own_line,
        )
        for place in (0, 1)
    ]


def next_of_family(maze: Maze, every: Sequence[Maze]) -> Maze:
    """The maze that follows in the family; the first one follows the last."""
    family = [m for m in every if m.family == maze.family]
    return family[(family.index(maze) + 1) % len(family)]
