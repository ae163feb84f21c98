"""Random numbers, families, the cut into halves and walks: the rules that every drawn maze obeys."""

from collections import Counter
from itertools import pairwise, permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.tasks.mazes.maze import (
    FAMILIES,
    HALVES,
    START,
    Cell,
    Drawn,
    Family,
    Rng,
    cells_of,
    distances,
    draw,
    goal_fits,
    half_of,
    is_open,
    manhattan,
    neighbours,
    parse_grid,
    random_walls,
    render_full,
    render_half,
    shortest_walk,
    spanning_tree,
    walk_length,
)

families = st.sampled_from(FAMILIES)
numbers = st.integers(1, 100_000)

EXAMPLE = ["@.....", "...#*#", ".#..##", "#...k.", "...k..", ".#...."]


def drawn_maze(family: Family, number: int) -> Drawn:
    return draw("property", family, number)


def test_golden_random_numbers():
    rng = Rng("golden")
    assert [rng.below(1000) for _ in range(8)] == [381, 520, 140, 295, 840, 628, 680, 180]
    rng = Rng("golden", "x", 3)
    assert [rng.below(7) for _ in range(8)] == [1, 2, 5, 4, 3, 2, 6, 5]


def test_random_numbers_are_even_and_streams_differ():
    rng = Rng("even")
    seen = Counter(rng.below(10) for _ in range(20_000))
    assert set(seen) == set(range(10))
    assert all(abs(count - 2000) < 200 for count in seen.values())
    assert abs(sum(rng.chance(3, 10) for _ in range(20_000)) - 6000) < 300
    orders: Counter[str] = Counter()
    for _ in range(6000):
        items = list("abc")
        rng.shuffle(items)
        orders["".join(items)] += 1
    assert set(orders) == {"".join(p) for p in permutations("abc")}
    assert all(abs(count - 1000) < 150 for count in orders.values())
    assert [Rng("a", "b").below(2**32) for _ in range(2)] == [Rng("a", "b").below(2**32)] * 2
    assert Rng("a", "b").below(2**32) != Rng("ab").below(2**32)


@given(families, numbers)
def test_halves_restore_the_maze_and_share_only_start_and_goal(family: Family, number: int):
    rows, owner, _ = drawn_maze(family, number)
    a, b = half_of(rows, owner, "A"), half_of(rows, owner, "B")
    restored = [
        "".join(y if x == "?" else x for x, y in zip(p, q, strict=True)) for p, q in zip(a, b, strict=True)
    ]
    assert restored == rows
    shared = [cell for cell in cells_of(rows, "@*.#k") if "?" not in {g[cell[0]][cell[1]] for g in (a, b)}]
    assert shared == cells_of(rows, "@") + cells_of(rows, "*")
    for half, shown in zip(HALVES, (a, b), strict=True):
        assert len(cells_of(shown, "k")) == 1
        assert render_half(rows, owner, half) == render_full(shown)
        assert parse_grid(render_half(rows, owner, half)) == shown


@given(families, numbers)
def test_the_reference_route_is_legal_and_shortest(family: Family, number: int):
    rows, _, route = drawn_maze(family, number)
    (goal,), keys = cells_of(rows, "*"), cells_of(rows, "k")
    assert route[0] == START
    assert route[-1] == goal
    assert set(keys) <= set(route)
    assert all(is_open(rows, cell) for cell in route)
    assert all(manhattan(a, b) == 1 for a, b in pairwise(route))
    lengths = [
        sum(distances(rows, a)[b] for a, b in pairwise((START, *order, goal))) for order in permutations(keys)
    ]
    assert len(route) - 1 == min(lengths) <= 22


@given(families, numbers)
def test_every_maze_obeys_the_rules_of_its_family(family: Family, number: int):
    rows, owner, _ = drawn_maze(family, number)
    size = 7 if family == "perfect" else 6
    assert [len(row) for row in rows] == [size] * size
    assert cells_of(rows, "@") == [START]
    (goal,) = cells_of(rows, "*")
    away, back = distances(rows, START), distances(rows, goal)
    steps = away[goal]
    if family == "bernoulli":
        assert 5 <= steps <= 9
    elif family == "detour":
        assert 8 <= steps <= 12
        assert steps >= 1.3 * manhattan(START, goal)
    else:
        assert 6 <= steps <= 14
        assert not any(is_open(rows, (r, c)) for r in range(1, 7, 2) for c in range(1, 7, 2))
        nodes = {(r, c) for r in range(0, 7, 2) for c in range(0, 7, 2)}
        connectors = [cell for cell in cells_of(rows, "@*.k") if cell not in nodes]
        assert nodes <= away.keys()
        assert len(connectors) == len(nodes) - 1, "a tree has one edge less than nodes"
        owned = cells_of(owner, "AB")
        flips = {(r // 2 + c // 2) % 2 == (owner[r][c] == "B") for r, c in owned}
        assert len(flips) == 1, "blocks of 2x2 cells are shared out in turn"
    keys = cells_of(rows, "k")
    assert sorted(owner[r][c] for r, c in keys) == ["A", "B"]
    assert all(away[key] + back[key] > steps for key in keys), "a key lies off every shortest path"
    assert all(owner[r][c] == "=" for r, c in (START, goal))
    assert sum(row.count("=") for row in owner) == 2


@pytest.mark.parametrize(
    ("family", "distance", "straight", "fits"),
    [
        ("bernoulli", 4, 4, False), ("bernoulli", 5, 5, True),
        ("bernoulli", 9, 9, True), ("bernoulli", 10, 8, False),
        ("detour", 8, 6, True), ("detour", 8, 7, False), ("detour", 12, 9, True), ("detour", 12, 10, False),
        ("detour", 13, 1, False), ("detour", 7, 1, False), ("perfect", 5, 5, False), ("perfect", 6, 6, True),
        ("perfect", 14, 12, True), ("perfect", 15, 12, False),
    ],
)  # fmt: skip
def test_goal_rule(family: Family, distance: int, straight: int, fits: bool):
    assert goal_fits(family, distance, straight) is fits


def test_a_number_always_ends_with_a_maze_of_one_stream():
    candidates: list[Drawn] = []

    def third(drawn: Drawn) -> bool:
        candidates.append(drawn)
        return len(candidates) == 3

    assert draw("stream", "bernoulli", 1, admit=third) == candidates[-1]
    assert candidates[0] == draw("stream", "bernoulli", 1)
    assert len({tuple(c.rows) for c in candidates}) == 3
    assert draw("stream", "bernoulli", 1, salt="pepper") != candidates[0]
    assert draw("stream", "bernoulli", 2) != candidates[0]


def test_spanning_trees_are_uniform():
    # A square with one side doubled, edges 3 and 4: either of them, or none, is in the tree.
    graph = [[(1, 0), (3, 3), (3, 4)], [(0, 0), (2, 1)], [(1, 1), (3, 2)], [(2, 2), (0, 3), (0, 4)]]
    rng = Rng("trees")
    seen = Counter(tuple(sorted(spanning_tree(rng, graph))) for _ in range(8000))
    trees = {(0, 1, 2), (0, 1, 3), (0, 1, 4), (0, 2, 3), (0, 2, 4), (1, 2, 3), (1, 2, 4)}
    assert set(seen) == trees
    assert all(abs(count - 8000 / 7) < 140 for count in seen.values())


def test_walls_have_their_density():
    rng = Rng("walls")
    walls = sum("".join(random_walls(rng, 6, 30)).count("#") for _ in range(1000))
    assert abs(walls / 35_000 - 0.30) < 0.01


def test_the_documented_example():
    owner = ["=AAABB", "ABBA=B", "BABBBB", "AAAAAB", "BBABBB", "AAAABA"]
    assert render_half(EXAMPLE, owner, "A") == "@...??\n.??#*?\n?#????\n#...k?\n??.???\n.#..?."
    assert render_half(EXAMPLE, owner, "B") == "@???..\n?..?*#\n.?..##\n?????.\n..?k..\n????.?"
    route = shortest_walk(EXAMPLE, START, [(3, 4), (4, 3)], (1, 4))
    assert route is not None
    assert " ".join(f"{r}{c}" for r, c in route) == "00 01 02 12 22 23 33 34 44 43 33 23 22 12 02 03 04 14"
    assert walk_length(EXAMPLE, START, frozenset({(3, 4), (4, 3)}), (1, 4)) == 17
    assert walk_length(EXAMPLE, (4, 3), frozenset(), (1, 4)) == 8


def test_of_equal_walks_the_first_goes_up_else_right_else_down_else_left():
    grid = ["...", ".@.", "..."]
    assert shortest_walk(grid, (1, 1), [], (0, 2)) == ((1, 1), (0, 1), (0, 2))
    assert shortest_walk(grid, (1, 1), [], (2, 2)) == ((1, 1), (1, 2), (2, 2))
    assert shortest_walk(grid, (1, 1), [], (2, 0)) == ((1, 1), (2, 1), (2, 0))
    assert neighbours((1, 1), 3, 3) == [(0, 1), (1, 2), (2, 1), (1, 0)]
    assert neighbours((0, 0), 1, 2) == [(0, 1)]


def test_walks_may_pass_the_goal_before_the_last_key_and_start_on_a_key():
    assert shortest_walk(["@*k"], (0, 0), [(0, 2)], (0, 1)) == ((0, 0), (0, 1), (0, 2), (0, 1))
    assert shortest_walk(["k.*"], (0, 0), [(0, 0)], (0, 2)) == ((0, 0), (0, 1), (0, 2))
    assert shortest_walk(["@"], (0, 0), [], (0, 0)) == ((0, 0),)


def test_walls_and_hidden_cells_are_closed():
    for between in "#?":
        assert shortest_walk(["@" + between + "*"], (0, 0), [], (0, 2)) is None
        assert walk_length(["@" + between + "*"], (0, 0), frozenset(), (0, 2)) is None
        assert not is_open(["@" + between + "*"], (0, 1))
    assert not is_open(["@.*"], (0, 3))
    assert not is_open(["@.*"], (-1, 0))
    assert distances(["@.#k"], (0, 0)) == {(0, 0): 0, (0, 1): 1}


@given(families, numbers, st.randoms(use_true_random=False))
def test_distance_never_falls_by_more_than_the_step(family: Family, number: int, random: Random):
    rows, _, _ = drawn_maze(family, number)
    (goal,) = cells_of(rows, "*")
    keys = frozenset(cells_of(rows, "k"))
    at: Cell = random.choice(sorted(distances(rows, START)))
    here = walk_length(rows, at, keys - {at}, goal)
    assert here is not None
    for cell in neighbours(at, len(rows), len(rows[0])):
        if is_open(rows, cell):
            there = walk_length(rows, cell, keys - {at, cell}, goal)
            assert there is not None
            assert there >= here - 1


@pytest.mark.parametrize(
    ("text", "what"), [("", "long"), ("@.\n*", "long"), ("@x*", "'x'"), ("@.\n\n*.", "long")]
)
def test_what_is_no_map_is_refused(text: str, what: str):
    with pytest.raises(ValueError, match=what):
        parse_grid(text)


def test_maps_are_read_whatever_the_line_ends():
    assert parse_grid("@.\r\n#*\r\n") == ["@.", "#*"]
