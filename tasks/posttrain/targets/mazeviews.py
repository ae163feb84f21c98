"""Maze views: both half-maps of a 6×6 maze in one prompt; the answer is a route, replayed on the full map.

    View 1: @...??  …   View 2: @???..  …    ->    (0, 1), (0, 2), …

The mazes are those of the family `mazes`, of its three kinds in turn; test and twin are the halves of one
shuffled pool. The route checker of that family decides.
"""

from collections.abc import Sequence
from functools import cache
from typing import cast

from pydantic import JsonValue

from interplay.tasks.mazes.maze import FAMILIES, Drawn, Rng, draw, render_half
from interplay.tasks.mazes.prompting import solo_prompt

from . import Item, Verdict
from .base import FullTarget

SET = "posttrain-views"
POOL_SEED = 1


@cache
def pool(count: int) -> tuple[Item, ...]:
    """Test and twin, one after the other."""
    drawn: dict[str, Item] = {}
    number = 0
    while len(drawn) < count:
        maze = draw(SET, FAMILIES[number % len(FAMILIES)], number // len(FAMILIES) + 1)
        item = item_of(maze, f"mazeviews-{number}")
        drawn.setdefault(item.prompt, item)
        number += 1
    items = list(drawn.values())
    Rng("posttrain", "mazeviews", POOL_SEED).shuffle(items)
    return tuple(items)


def item_of(maze: Drawn, name: str) -> Item:
    """The item of a maze; its gold is the reference route without the start."""
    first, second = (render_half(maze.rows, maze.owner, half) for half in ("A", "B"))
    prompt = solo_prompt(first, second, keys=True, step=False).removeprefix("[user]: ")
    gold = ", ".join(f"({r}, {c})" for r, c in maze.route[1:])
    facts: dict[str, JsonValue] = {"rows": [*maze.rows], "views": [first, second]}
    return Item(name, prompt, gold, facts)


class MazeViews(FullTarget):
    """Maze views."""

    id = "mazeviews"

    def read_items(self) -> tuple[Item, ...]:
        """The first half of the pool."""
        n = self.record.items
        return pool(n + self.record.twin.n)[:n]

    def read_twin(self) -> tuple[Item, ...]:
        """The second half of the pool."""
        return pool(self.record.items + self.record.twin.n)[self.record.items :]

    def grade_all(self, items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
        """1 if the route reaches the goal with every key under every open reading of its cells."""
        return [grade_route(item, reply) for item, reply in zip(items, texts, strict=True)]


def grade_route(item: Item, reply: str) -> Verdict:
    """The verdict of the route checker on a plan."""
    from interplay.scorers.route_grade import Game, Said, grade

    rows = tuple(cast(list[str], item.metadata["rows"]))
    full = "\n".join(rows)
    found = grade(
        Game(rows=rows, views={1: full, 2: full}, notes=(Said(1, reply),), form="plan", prescribed=True)
    )
    route = " ".join(f"({r},{c})" for r, c in found.route)
    return Verdict(route or None, float(found.strict))


TARGET = MazeViews()
