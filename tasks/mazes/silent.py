"""The silent planner: how far an agent gets that knows the generator, sees one half and says nothing.

It draws completions of the half from the generator's own law, proposes the walk that solves most of them
and estimates on fresh completions how often that walk succeeds. A maze is admitted to a standard set only
if the estimate is low from both halves. The estimate reads the half, never the truth, so being in a set
tells nothing about the hidden cells.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pydantic import BaseModel

from .maze import (
    HALVES,
    LONGEST_ROUTE,
    WALL_PERCENT,
    Cell,
    Drawn,
    Rng,
    cells_of,
    goal_fits,
    is_open,
    manhattan,
    neighbours,
    parse_grid,
    render_half,
    shortest_walk,
    spanning_tree,
)

COMPLETIONS = 300
"""Completions to choose the route on, and as many fresh ones to measure it on."""
ATTEMPTS = 8000
"""Attempts after which a half counts as unpredictable for the planner and known to everybody (q = 1)."""
MOST_SILENT_SUCCESS = 0.15
"""A maze is admitted if neither half promises its silent planner more than this."""


class Plan(BaseModel, frozen=True):
    """The silent planner's route, start included, and its estimate `q` of the route's success."""

    q: float
    route: tuple[Cell, ...]


class Completion(NamedTuple):
    """One way the half may go on: open cells and keys as bit masks, and its own shortest walk."""

    open_cells: int
    keys: int
    walk: tuple[Cell, ...]


class HalfMap:
    """A half as bit masks. Cell (r, c) is bit r × stride + c; one column of padding stops every row."""

    def __init__(self, rows: list[str]) -> None:
        starts, goals = cells_of(rows, "@"), cells_of(rows, "*")
        if len(starts) != 1 or len(goals) != 1:
            raise ValueError("not a map, it needs one start @ and one goal *: " + repr("\n".join(rows)))
        self.rows = rows
        self.start, self.goal = starts[0], goals[0]
        self.height, self.width = len(rows), len(rows[0])
        self.stride = self.width + 1
        self.keys = cells_of(rows, "k")
        self.hidden = cells_of(rows, "?")
        self.visible = self.mask(cells_of(rows, "@*.k"))
        self.hidden_mask = self.mask(self.hidden)
        self.is_lattice = (
            self.height == self.width
            and self.height % 2 == 1
            and all(rows[r][c] in "#?" for r in range(1, self.height, 2) for c in range(1, self.width, 2))
            and all(rows[r][c] != "#" for r in range(0, self.height, 2) for c in range(0, self.width, 2))
        )

    def bit(self, cell: Cell) -> int:
        """The mask of one cell."""
        return 1 << cell[0] * self.stride + cell[1]

    def mask(self, cells: list[Cell] | tuple[Cell, ...]) -> int:
        """The mask of several cells."""
        return sum(self.bit(cell) for cell in set(cells))

    def levels(self, open_cells: int, start: int) -> list[int]:
        """The cells 0, 1, 2 … steps away from `start` over open cells, one mask a distance."""
        stride = self.stride
        found: list[int] = []
        left = open_cells & ~start
        front = start
        while front:
            found.append(front)
            front = (front << 1 | front >> 1 | front << stride | front >> stride) & left
            left ^= front
        return found

    def goal_fits(self, distance: int) -> bool:
        """The rule for the goal of any family that the half may belong to."""
        if self.is_lattice:
            return goal_fits("perfect", distance, 0)
        straight = manhattan(self.start, self.goal)
        size = max(self.height, self.width)
        return goal_fits("bernoulli", distance, straight, size) or goal_fits(
            "detour", distance, straight, size
        )


def grid_prior(half: HalfMap, rng: Rng) -> Callable[[], int]:
    """Draws the open cells of a completion where every hidden cell may be a wall on its own."""
    hidden = [half.bit(cell) for cell in half.hidden]

    def draw() -> int:
        return half.visible | sum(bit for bit in hidden if not rng.chance(WALL_PERCENT, 100))

    return draw


def lattice_prior(half: HalfMap, rng: Rng) -> Callable[[], int] | None:
    """Draws the open cells of a completion from the uniform spanning trees that agree with the half.

    Contracting the visible open connectors and leaving out the visible walls turns the conditional law into
    that of a uniform spanning tree of what is left. None if no spanning tree agrees with the half.
    """
    nodes = [(r, c) for r in range(0, half.height, 2) for c in range(0, half.width, 2)]
    group = {node: i for i, node in enumerate(nodes)}
    free: list[tuple[Cell, Cell, Cell]] = []
    joined = 0
    for r, c in nodes:
        for far, between in (((r, c + 2), (r, c + 1)), ((r + 2, c), (r + 1, c))):
            if far not in group:
                continue
            if is_open(half.rows, between):
                joined += 1
                kept, merged = sorted((group[(r, c)], group[far]))
                group = {node: kept if g == merged else g for node, g in group.items()}
            elif half.rows[between[0]][between[1]] == "?":
                free.append(((r, c), far, between))
    groups = sorted(set(group.values()))
    if len(nodes) - joined != len(groups):  # the visible connectors already close a circle
        return None
    number = {g: i for i, g in enumerate(groups)}
    graph: list[list[tuple[int, int]]] = [[] for _ in groups]
    for a, b, between in free:
        i, j = number[group[a]], number[group[b]]
        if i != j:
            edge = half.bit(between)
            graph[i].append((j, edge))
            graph[j].append((i, edge))
    if not is_connected(graph):
        return None
    always_open = half.visible | half.mask(nodes)
    return lambda: always_open | sum(spanning_tree(rng, graph))


def is_connected(graph: list[list[tuple[int, int]]]) -> bool:
    """Every node can be reached from the first."""
    reached = [0]
    for node in reached:
        reached.extend({far for far, _ in graph[node]} - set(reached))
    return len(reached) == len(graph)


def completions(half: HalfMap, rng: Rng) -> Iterator[Completion | None]:
    """Endless draws from the law of the mazes that show this half; None where a draw breaks a rule."""
    prior = lattice_prior(half, rng) if half.is_lattice else grid_prior(half, rng)
    start, goal = half.bit(half.start), half.bit(half.goal)
    own_keys = half.mask(half.keys)
    cell_of = {half.bit(cell): cell for cell in half.hidden}
    walks: dict[tuple[int, int], tuple[Cell, ...] | None] = {}
    while True:
        if prior is None:
            yield None
            continue
        open_cells = prior()
        away = half.levels(open_cells, start)
        steps = next((i for i, level in enumerate(away) if level & goal), None)
        if steps is None or not half.goal_fits(steps):
            yield None
            continue
        keys = own_keys
        if own_keys:
            back = half.levels(open_cells, goal)
            spurs = sum(away) & ~sum(away[i] & back[steps - i] for i in range(steps + 1))
            if own_keys & ~spurs:
                yield None
                continue
            if len(half.keys) == 1:
                places = [bit for bit in cell_of if bit & spurs]
                if not places:
                    yield None
                    continue
                keys |= rng.choice(places)
        if (open_cells, keys) not in walks:
            walks[open_cells, keys] = walk_of(half, open_cells, keys)
        walk = walks[open_cells, keys]
        yield None if walk is None else Completion(open_cells, keys, walk)


def walk_of(half: HalfMap, open_cells: int, keys: int) -> tuple[Cell, ...] | None:
    """The shortest walk of a completion; None if it is longer than the generator allows."""
    cells = [(r, c) for r in range(half.height) for c in range(half.width)]
    text = "".join("." if half.bit(cell) & open_cells else "#" for cell in cells)
    rows = [text[i : i + half.width] for i in range(0, len(text), half.width)]
    walk = shortest_walk(rows, half.start, [cell for cell in cells if half.bit(cell) & keys], half.goal)
    too_long = walk is None or (keys and len(walk) - 1 > LONGEST_ROUTE)
    return None if too_long else walk


@lru_cache(maxsize=4096)
def silent(half: str) -> Plan:
    """The plan of an agent that knows the generator and one half, and hears nothing.

    A pure function of the map text. Of the shortest walks of 300 completions the route is the one that
    solves most of them (ties: fewer steps, then the order of cells); `q` is its rate in 300 others, so it is
    not inflated by the choice. A text that no maze of the generator agrees with gets q = 1. On a map without
    hidden cells the route is the shortest walk and q = 1.

    Raises:
        ValueError: the text is no map with one start and one goal.
    """
    shown = HalfMap(parse_grid(half))
    if not shown.hidden:
        walk = shortest_walk(shown.rows, shown.start, shown.keys, shown.goal)
        return Plan(q=1.0, route=walk or (shown.start,))
    drawn: list[Completion] = []
    stream = completions(shown, Rng("silent", half))
    for _ in range(ATTEMPTS):
        completion = next(stream)
        if completion is not None:
            drawn.append(completion)
            if len(drawn) == 2 * COMPLETIONS:
                break
    tried, fresh = drawn[:COMPLETIONS], drawn[COMPLETIONS:]
    if not tried:
        return Plan(q=1.0, route=(shown.start,))
    route = min({c.walk for c in tried}, key=lambda walk: (-hits(shown, walk, tried), len(walk), walk))
    q = hits(shown, route, fresh) / COMPLETIONS if len(fresh) == COMPLETIONS else 1.0
    return Plan(q=q, route=route)


def hits(half: HalfMap, walk: tuple[Cell, ...], drawn: list[Completion]) -> int:
    """How many of the completions the walk solves: all its cells open and every key on it."""
    cells = half.mask(walk)
    return sum(not (cells & ~c.open_cells or c.keys & ~cells) for c in drawn)


def solves(rows: list[str], route: tuple[Cell, ...]) -> bool:
    """The route leads from the start over open cells and every key to the goal of the full map."""
    height, width = len(rows), len(rows[0])
    return (
        [route[0]] == cells_of(rows, "@")
        and [route[-1]] == cells_of(rows, "*")
        and all(b in neighbours(a, height, width) for a, b in pairwise(route))
        and all(is_open(rows, cell) for cell in route)
        and set(cells_of(rows, "k")) <= set(route)
    )


def is_admitted(drawn: Drawn) -> bool:
    """Neither half promises its silent planner more than 0.15."""
    return all(silent(render_half(drawn.rows, drawn.owner, half)).q <= MOST_SILENT_SUCCESS for half in HALVES)
