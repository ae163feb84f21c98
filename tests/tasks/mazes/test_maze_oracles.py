"""Mazes against slow, obvious computations: the published random numbers, graphs by scipy, sets for masks."""

import hashlib
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, shortest_path

from interplay.tasks.mazes.maze import (
    START,
    Cell,
    Rng,
    attempt,
    cells_of,
    distances,
    is_open,
    lattice_walls,
    manhattan,
    neighbours,
    parse_grid,
    placed,
    random_walls,
    render_full,
    scaled,
    shortest_walk,
    spanning_tree,
    split,
    walk_length,
)
from interplay.tasks.mazes.paper import carved_walk
from interplay.tasks.mazes.silent import HalfMap, is_connected, solves

SOME = settings(max_examples=40)
seeds = st.integers(0, 10_000)
sizes = st.integers(2, 8)


def words(*parts: object):
    """The 32-bit numbers of a key, straight from the published rule: eight a block, big-endian."""
    key = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    block = 0
    while True:
        digest = hashlib.sha256(key + block.to_bytes(8, "big")).digest()
        for i in range(0, 32, 4):
            yield int.from_bytes(digest[i : i + 4], "big")
        block += 1


@SOME
@given(seeds, st.lists(st.integers(1, 2**32), min_size=1, max_size=40))
def test_numbers_are_those_of_the_published_rule(seed: int, limits: list[int]) -> None:
    """A word at or above the greatest multiple of n is thrown away, so that no number is likelier."""
    rng, source = Rng("oracle", seed), words("oracle", seed)
    for n in limits:
        word = next(w for w in source if w < (2**32 // n) * n)
        assert rng.below(n) == word % n


@SOME
@given(seeds, st.lists(st.integers(), max_size=12))
def test_a_shuffle_is_that_of_fisher_and_yates(seed: int, items: list[int]) -> None:
    rng, mine = Rng("s", seed), list(items)
    expected = list(items)
    for i in range(len(expected) - 1, 0, -1):
        j = rng.below(i + 1)
        expected[i], expected[j] = expected[j], expected[i]
    Rng("s", seed).shuffle(mine)
    assert mine == expected


def test_chances_of_none_and_of_all_are_certain() -> None:
    rng = Rng("certain")
    assert not any(rng.chance(0, 5) for _ in range(50))
    assert all(rng.chance(5, 5) for _ in range(50))
    assert [rng.below(1) for _ in range(5)] == [0] * 5
    assert rng.choice(["only"]) == "only"


def test_parts_of_a_key_are_kept_apart_and_may_be_anything() -> None:
    firsts = {
        Rng(*parts).below(2**32) for parts in [("a", 1), ("a1",), ("a", "1", ""), ("", "a", 1), (1, "a")]
    }
    assert len(firsts) == 5
    assert Rng("a", 1).below(2**32) == Rng("a", "1").below(2**32), "a part is its text"


def grid_of(seed: int, size: int, percent: int = 35) -> list[str]:
    return random_walls(Rng("grid", seed), size, percent)


def graph_distances(rows: list[str], start: Cell) -> dict[Cell, int]:
    """Steps over open cells by the general algorithm of a library."""
    cells = [cell for cell in product(range(len(rows)), range(len(rows[0]))) if is_open(rows, cell)]
    number = {cell: i for i, cell in enumerate(cells)}
    edges = [(number[a], number[b]) for a in cells for b in cells if manhattan(a, b) == 1]
    matrix = csr_matrix(
        (np.ones(len(edges)), tuple(np.array(edges, dtype=int).reshape(-1, 2).T)), (len(cells),) * 2
    )
    found = shortest_path(matrix, unweighted=True, indices=number[start])
    return {cell: int(found[number[cell]]) for cell in cells if np.isfinite(found[number[cell]])}


@SOME
@given(seeds, sizes)
def test_distances_are_those_of_the_graph(seed: int, size: int) -> None:
    rows = grid_of(seed, size)
    assert distances(rows, START) == graph_distances(rows, START)


@SOME
@given(seeds, st.integers(3, 6), st.integers(0, 3))
def test_a_shortest_walk_is_as_long_as_the_best_order_of_keys(seed: int, size: int, keys: int) -> None:
    rows = grid_of(seed, size)
    away = graph_distances(rows, START)
    rng = Rng("places", seed)
    cells = sorted(away)
    rng.shuffle(cells)
    goal, held = cells[0], cells[1 : 1 + keys]
    best = {(START, frozenset()): 0}
    for _ in held:  # every order of keys, one key more a round
        best = {
            (key, done | {key}): min(
                steps + graph_distances(rows, at)[key]
                for (at, had), steps in best.items()
                if had == done and key not in had
            )
            for key in held
            for done in {had for (_, had) in best if key not in had}
        }
    expected = min(steps + graph_distances(rows, at)[goal] for (at, _), steps in best.items())
    walk = shortest_walk(rows, START, held, goal)
    assert walk is not None
    assert len(walk) - 1 == expected == walk_length(rows, START, frozenset(held), goal)
    assert (walk[0], walk[-1]) == (START, goal)
    assert set(held) <= set(walk)
    assert all(manhattan(a, b) == 1 and is_open(rows, b) for a, b in pairwise(walk))


@SOME
@given(seeds, sizes)
def test_there_is_a_walk_exactly_where_the_graph_is_connected(seed: int, size: int) -> None:
    rows = grid_of(seed, size, percent=50)
    away = graph_distances(rows, START)
    for cell in cells_of(rows, "."):
        assert (shortest_walk(rows, START, [], cell) is None) == (cell not in away)


@SOME
@given(seeds, st.sampled_from([3, 5, 7, 9]))
def test_a_lattice_is_one_tree(seed: int, size: int) -> None:
    """N nodes and n - 1 connectors, all in one piece: a spanning tree."""
    rows = lattice_walls(Rng("lattice", seed), size)
    assert rows[0][0] == "@"
    side = (size + 1) // 2
    nodes = {(r, c) for r in range(0, size, 2) for c in range(0, size, 2)}
    cells = cells_of(rows, "@.")
    assert nodes <= set(cells)
    assert len(cells) == 2 * side * side - 1
    assert set(distances(rows, START)) == set(cells)
    assert not any(is_open(rows, (r, c)) for r in range(1, size, 2) for c in range(1, size, 2))


@SOME
@given(seeds, st.integers(2, 7), st.integers(0, 8))
def test_spanning_trees_of_any_connected_graph_span_it(seed: int, nodes: int, more: int) -> None:
    rng = Rng("graph", seed)
    ends = [(rng.below(node), node) for node in range(1, nodes)]
    ends += [(rng.below(nodes), rng.below(nodes)) for _ in range(more)]
    graph: list[list[tuple[int, int]]] = [[] for _ in range(nodes)]
    for edge, (a, b) in enumerate(ends):
        if a != b:
            graph[a].append((b, edge))
            graph[b].append((a, edge))
    tree = spanning_tree(rng, graph)
    assert len(set(tree)) == len(tree) == nodes - 1
    a, b = np.array([ends[edge] for edge in tree]).T
    assert connected_components(csr_matrix((np.ones(nodes - 1), (a, b)), (nodes, nodes)))[0] == 1
    assert is_connected(graph)
    assert not is_connected([*graph, []])


def test_one_node_is_a_tree_without_edges() -> None:
    assert spanning_tree(Rng("one"), [[]]) == []


@pytest.mark.parametrize(
    ("steps", "size", "expected"),
    [(5, 6, 5), (9, 6, 9), (7, 4, 5), (9, 4, 6), (8, 18, 24), (12, 18, 36), (5, 7, 6), (7, 5, 6), (9, 5, 8)],
)
def test_steps_scale_with_the_grid_and_halves_round_up(steps: int, size: int, expected: int) -> None:
    """7 on 4×4 are 7 * 4 / 6 = 4.67; 9 on 5×5 are 7.5, which rounds to 8."""
    assert scaled(steps, size) == expected
    assert scaled(steps, size) == int(steps * size / 6 + 0.5)


@SOME
@given(seeds, sizes, st.booleans())
def test_every_cell_has_an_owner_and_both_have_start_and_goal(seed: int, size: int, blocks: bool) -> None:
    rows = grid_of(seed, size)
    goal = (size - 1, size - 1)
    owner = split(Rng("split", seed), rows, goal, blocks=blocks)
    assert [len(row) for row in owner] == [size] * size
    assert cells_of(owner, "=") == sorted({START, goal})
    assert set("".join(owner)) <= set("AB=")
    if blocks:
        for r, c in product(range(0, size, 2), repeat=2):
            block = {owner[y][x] for y in (r, r + 1) for x in (c, c + 1) if y < size and x < size} - {"="}
            assert len(block) <= 1, "a block of 2×2 has one owner"


@SOME
@given(seeds, sizes, st.data())
def test_one_cell_is_placed_and_the_others_stay(seed: int, size: int, data: st.DataObject) -> None:
    rows = grid_of(seed, size)
    cell = data.draw(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)))
    changed = placed(rows, cell, "k")
    assert changed[cell[0]][cell[1]] == "k"
    for other in product(range(size), repeat=2):
        if other != cell:
            assert changed[other[0]][other[1]] == rows[other[0]][other[1]]


@SOME
@given(seeds, sizes)
def test_a_map_is_read_as_it_was_written(seed: int, size: int) -> None:
    rows = grid_of(seed, size)
    assert parse_grid(render_full(rows)) == rows
    assert parse_grid(f"\n  {render_full(rows)}  \n\n") == rows


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ((0, 0), [(0, 1), (1, 0)]),
        ((1, 1), [(0, 1), (1, 2), (2, 1), (1, 0)]),
        ((2, 3), [(1, 3), (2, 2)]),
        ((0, 2), [(0, 3), (1, 2), (0, 1)]),
    ],
)
def test_neighbours_come_up_right_down_left(cell: Cell, expected: list[Cell]) -> None:
    assert neighbours(cell, 3, 4) == expected


@pytest.mark.parametrize("cell", [(-1, 0), (0, -1), (2, 0), (0, 3), (0, 1), (1, 1)])
def test_walls_hidden_cells_and_what_lies_outside_is_not_open(cell: Cell) -> None:
    assert not is_open(["@#.", "*?k"], cell)


@SOME
@given(seeds, st.integers(4, 9), st.integers(2, 12))
def test_a_carved_walk_touches_itself_nowhere(seed: int, size: int, steps: int) -> None:
    walk = carved_walk(Rng("carve", seed), size, steps)
    if walk is None:
        return
    assert len(walk) - 1 == steps
    for i, j in product(range(len(walk)), repeat=2):
        if manhattan(walk[i], walk[j]) <= 1:
            assert abs(i - j) <= 1


@SOME
@given(seeds, sizes)
def test_masks_are_sets_of_cells(seed: int, size: int) -> None:
    rows = grid_of(seed, size)
    free = [cell for cell in cells_of(rows, ".") if cell != START]
    if not free:
        return
    half = HalfMap(placed(rows, free[-1], "*"))
    away = distances(rows, START)
    levels = half.levels(half.visible, half.bit(START))
    assert sum(level.bit_count() for level in levels) == len(away)
    for cell, steps in away.items():
        assert levels[steps] & half.bit(cell)
    assert half.mask([START, START]) == half.bit(START)
    assert len({half.bit(cell) for cell in product(range(size), repeat=2)}) == size * size


@SOME
@given(seeds, st.sampled_from(["bernoulli", "detour", "perfect"]))
def test_the_reference_route_solves_and_no_shorter_or_broken_one_does(seed: int, family: str) -> None:
    drawn = attempt(Rng("solve", seed), family)  # pyright: ignore[reportArgumentType]
    if drawn is None:
        return
    rows, _, route = drawn
    assert solves(rows, tuple(route))
    assert not solves(rows, tuple(route[1:]))
    assert not solves(rows, tuple(route[:-1]))
    assert not solves(rows, (*route[:2], *route[3:]))
    for key in cells_of(rows, "k"):
        assert not solves(rows, tuple(cell for cell in route if cell != key))
        assert not solves(placed(rows, key, "#"), tuple(route))
