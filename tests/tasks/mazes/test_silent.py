"""The silent planner: it reads the half alone, and samples the exact law of what it cannot see."""

from collections import Counter
from itertools import combinations, islice, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.mazes.maze import (
    FAMILIES,
    HALVES,
    START,
    Family,
    Half,
    Rng,
    cells_of,
    distances,
    draw,
    goal_fits,
    is_open,
    manhattan,
    parse_grid,
    placed,
    render_half,
    shortest_walk,
)
from interplay.tasks.mazes.paper import draw_paper
from interplay.tasks.mazes.silent import HalfMap, completions, is_admitted, lattice_prior, silent, solves

families = st.sampled_from(FAMILIES)
numbers = st.integers(1, 100_000)


def completed(half: HalfMap, open_cells: int, keys: int) -> list[str]:
    """The full map of a completion."""
    rows = half.rows
    for cell in half.hidden:
        symbol = "k" if half.bit(cell) & keys else "." if half.bit(cell) & open_cells else "#"
        rows = placed(rows, cell, symbol)
    return rows


@settings(max_examples=12)
@given(families, numbers, st.sampled_from(HALVES), st.randoms(use_true_random=False))
def test_the_plan_does_not_change_when_hidden_cells_change(family: Family, number: int, half: Half, random):
    rows, owner, _ = draw("property", family, number)
    text = render_half(rows, owner, half)
    plan = silent(text)
    for r, c in cells_of(["".join("h" if x not in half + "=" else "." for x in row) for row in owner], "h"):
        rows = placed(rows, (r, c), random.choice(".#k"))
    silent.cache_clear()
    assert silent(render_half(rows, owner, half)) == plan
    assert plan.route[0] == START


@settings(max_examples=30)
@given(families, numbers, st.sampled_from(HALVES))
def test_completions_show_the_half_and_obey_the_family_rules(family: Family, number: int, half: Half):
    rows, owner, _ = draw("property", family, number)
    text = render_half(rows, owner, half)
    shown = HalfMap(parse_grid(text))
    assert shown.is_lattice == (family == "perfect")
    seen = [c for c in islice(completions(shown, Rng("rules", text)), 60) if c is not None]
    for open_cells, keys, walk in seen:
        full = completed(shown, open_cells, keys)
        for seen_row, full_row in zip(shown.rows, full, strict=True):
            assert all(x in (y, "?") for x, y in zip(seen_row, full_row, strict=True))
        away, back = distances(full, shown.start), distances(full, shown.goal)
        steps, straight = away[shown.goal], manhattan(shown.start, shown.goal)
        if family == "perfect":
            assert goal_fits("perfect", steps, straight)
            assert len(away) == len(cells_of(full, "@*.k")) == 31
        else:
            assert goal_fits("bernoulli", steps, straight) or goal_fits("detour", steps, straight)
        places = cells_of(full, "k")
        assert len(places) == 2
        assert sum(cell in shown.hidden for cell in places) == 1
        assert all(away[cell] + back[cell] > steps for cell in places)
        assert walk == shortest_walk(full, shown.start, places, shown.goal)
        assert len(walk) - 1 <= 22
        assert solves(full, walk)


def lattice_trees(half: HalfMap) -> set[int]:
    """Open cells of every spanning tree of a small lattice that agrees with the half, by trying all."""
    nodes = [(r, c) for r in range(0, half.height, 2) for c in range(0, half.width, 2)]
    between = [(r, c) for r in range(half.height) for c in range(half.width) if (r + c) % 2]
    found: set[int] = set()
    for chosen in combinations(between, len(nodes) - 1):
        rows = ["." * half.width] * half.height
        for cell in product(range(1, half.height, 2), repeat=2):
            rows = placed(rows, cell, "#")
        for cell in set(between) - set(chosen):
            rows = placed(rows, cell, "#")
        agrees = all(
            half.rows[r][c] == "?" or (half.rows[r][c] == "#") == (rows[r][c] == "#") for r, c in between
        )
        if agrees and len(distances(rows, START)) == len(nodes) + len(chosen):
            found.add(half.mask(cells_of(rows, ".")))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "@.??.\n?#?#?\n.???.\n?#?#?\n.???*",
        "@?.??\n.#?#.\n?.??.\n.#?#?\n.???*",
        "@.???\n?#?#.\n?#?.?\n.#?#?\n??.#*",
    ],
)
def test_lattice_completions_are_uniform_over_the_trees_that_agree(text: str):
    half = HalfMap(parse_grid(text))
    assert half.is_lattice
    trees = lattice_trees(half)
    assert len(trees) > 3
    prior = lattice_prior(half, Rng("law", text))
    assert prior is not None
    draws = 400 * len(trees)
    seen = Counter(prior() for _ in range(draws))
    assert set(seen) == trees
    # Chi-square: mean k, variance 2k for k degrees of freedom.
    chi = sum((count - 400) ** 2 / 400 for count in seen.values())
    assert chi < len(trees) + 5 * (2 * len(trees)) ** 0.5


def test_grid_completions_follow_the_exact_posterior():
    text = "@.??.#\n.?.#?.\n?.?...\n.#?.#.\n.k?..#\n#..*.?"
    half = HalfMap(parse_grid(text))
    weight: Counter[tuple[int, int]] = Counter()
    solved = 0.0
    route = silent(text).route
    for symbols in product(".#", repeat=len(half.hidden)):
        rows = half.rows
        for cell, symbol in zip(half.hidden, symbols, strict=True):
            rows = placed(rows, cell, symbol)
        away, back = distances(rows, half.start), distances(rows, half.goal)
        steps, straight = away.get(half.goal, 99), manhattan(half.start, half.goal)
        if not (goal_fits("bernoulli", steps, straight) or goal_fits("detour", steps, straight)):
            continue
        spurs = [cell for cell in away if away[cell] + back[cell] > steps]
        places = [cell for cell in half.hidden if cell in spurs]
        for key in places if half.keys[0] in spurs else []:
            full = placed(rows, key, "k")
            walk = shortest_walk(full, half.start, [*half.keys, key], half.goal)
            if walk is not None and len(walk) - 1 <= 22:
                chance = 0.7 ** symbols.count(".") * 0.3 ** symbols.count("#") / len(places)
                weight[half.mask(cells_of(full, "@*.k")), half.mask(cells_of(full, "k"))] += chance
                solved += chance * solves(full, route)
    total = sum(weight.values())
    drawn = [c for c in islice(completions(half, Rng("exact")), 30_000) if c is not None]
    seen = Counter((c.open_cells, c.keys) for c in drawn)
    assert len(drawn) > 3000
    assert set(seen) <= set(weight)
    for state, share in weight.items():
        expected = len(drawn) * share / total
        assert abs(seen[state] - expected) < 6 * expected**0.5 + 6
    assert abs(silent(text).q - solved / total) < 0.1


@pytest.mark.slow
def test_the_estimate_is_calibrated_on_mazes_nobody_chose():
    plans = [
        (drawn, silent(render_half(drawn.rows, drawn.owner, half)))
        for family in FAMILIES
        for i in range(1, 11)
        for drawn in [draw("calibrated", family, i)]
        for half in HALVES
    ]
    plans = [(drawn, plan) for drawn, plan in plans if plan.q < 1]
    realised = sum(solves(drawn.rows, plan.route) for drawn, plan in plans) / len(plans)
    assert abs(realised - sum(plan.q for _, plan in plans) / len(plans)) < 0.1


def test_without_keys_silence_pays_as_in_the_paper():
    plans = [
        (drawn, silent(render_half(drawn.rows, drawn.owner, half)))
        for i in range(1, 31)
        for drawn in [draw_paper("silent", i)]
        for half in HALVES
    ]
    assert 0.45 < sum(solves(drawn.rows, plan.route) for drawn, plan in plans) / len(plans) < 0.75


def test_a_map_without_hidden_cells_is_walked():
    plan = silent("@.k\n#.#\nk.*")
    assert plan.q == 1
    assert solves(["@.k", "#.#", "k.*"], plan.route)
    assert silent("@#*").route == (START,)


@pytest.mark.parametrize(
    "text",
    [
        "@?????\n??????\n??????\n??????\n??????\n?????*",  # ten steps and no detour is too far
        "@.#.?\n.#?#?\n#?..?\n?#?#?\n??.?*",  # a start without a way out
        "@....\n.#.#?\n...??\n?#?#?\n????*",  # a circle in a maze that is a tree
    ],
)
def test_a_half_that_no_maze_shows_is_called_known(text: str):
    assert silent(text).q == 1
    assert silent(text).route == (START,)


@pytest.mark.parametrize("text", ["", "....", "@..", "@.*\n*..", "@?*\n@..", "@?x*"])
def test_what_is_no_half_is_refused(text: str):
    with pytest.raises(ValueError, match="not a map"):
        silent(text)


def test_solving_needs_every_rule():
    rows = ["@.k", "#.#", "*.."]
    good = ((0, 0), (0, 1), (0, 2), (0, 1), (1, 1), (2, 1), (2, 0))
    assert solves(rows, good)
    assert not solves(rows, good[1:]), "the start is missing"
    assert not solves(rows, good[:-1]), "the goal is missing"
    assert not solves(rows, (good[0], *good[3:])), "the key is missing"
    assert not solves(rows, (*good[:3], *good[4:])), "a jump"
    assert not solves(rows, ((0, 0), (1, 0), (2, 0))), "a wall"
    assert is_open(rows, (0, 1))


def test_admission_asks_both_halves():
    for i in range(1, 4):
        drawn = draw("standard-1", "bernoulli", i)
        qs = [silent(render_half(drawn.rows, drawn.owner, half)).q for half in HALVES]
        assert is_admitted(drawn) == (max(qs) <= 0.15)
