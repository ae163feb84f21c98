"""Mazes as in "The Collaboration Gap" (arXiv 2511.02687): a goal at a chosen distance and no keys.

The paper prints maps but no generator. Here the distance is drawn first, then walls, then a goal at exactly
that distance; above a density of 0.40 such a goal is rare, so a walk to it is carved first.
"""

from .maze import (
    START,
    Cell,
    Drawn,
    Rng,
    cells_of,
    distances,
    neighbours,
    placed,
    scaled,
    shortest_walk,
    split,
)

NEAREST, FARTHEST = 7, 9
"""Steps from start to goal on a 6×6 grid; other sizes scale."""
DENSEST_UNCARVED = 40
"""Percentage of walls up to which no walk is carved."""


def draw_paper(
    set_name: str, index: int, *, size: int = 6, percent: int = 30, salt: str | None = None
) -> Drawn:
    """The maze with the given number, from 1, of a set in the paper's setting.

    Args:
        set_name: name of the set, part of the key of the random numbers.
        index: number of the maze.
        size: rows and columns, 4 to 18.
        percent: probability that a cell is a wall, 0 to 75.
        salt: joins the key, for private rounds.
    """
    rng = Rng(set_name, "bernoulli", index) if salt is None else Rng(set_name, "bernoulli", index, salt)
    nearest, farthest = scaled(NEAREST, size), scaled(FARTHEST, size)
    steps = nearest + rng.below(farthest - nearest + 1)
    while True:
        walk = carved_walk(rng, size, steps) if percent > DENSEST_UNCARVED else [START]
        if walk is None:
            continue
        rows = walls_beside(rng, size, percent, set(walk))
        away = distances(rows, START)
        goals = [walk[-1]] if len(walk) > 1 else cells_of(rows, ".")
        goals = [cell for cell in goals if away.get(cell) == steps]
        if not goals:
            continue
        goal = rng.choice(goals)
        rows = placed(rows, goal, "*")
        route = shortest_walk(rows, START, [], goal)
        assert route is not None, rows
        return Drawn(rows, split(rng, rows, goal, blocks=False), list(route))


def walls_beside(rng: Rng, size: int, percent: int, walk: set[Cell]) -> list[str]:
    """A grid where each cell off the walk is a wall with the given probability."""
    rows = [
        "".join("#" if (r, c) not in walk and rng.chance(percent, 100) else "." for c in range(size))
        for r in range(size)
    ]
    return placed(rows, START, "@")


def carved_walk(rng: Rng, size: int, steps: int) -> list[Cell] | None:
    """A self-avoiding walk from the start that is a shortest path over its own cells; None if it fails.

    Whatever walls come beside it, a walk that can be cut short on its own cells would be refused later.
    """
    walk = [START]
    while len(walk) <= steps:
        onward = [cell for cell in neighbours(walk[-1], size, size) if cell not in walk]
        if not onward:
            return None
        walk.append(rng.choice(onward))
        touching = [cell for cell in neighbours(walk[-1], size, size) if cell in walk]
        if len(touching) > 1:
            return None
    return walk
