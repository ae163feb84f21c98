"""Cross-play beside row and column means, graph search and paired tests; and the report's words about it."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from interplay.leaderboard.analysis.crossplay import Pair, additive, is_connected, order_effects
from interplay.leaderboard.comparisons import pair_tests
from interplay.leaderboard.statistics import paired
from tests.leaderboard.test_comparisons_oracles import slow_holm

UNIT = (0.0, 1.0)
NAMES = "abcd"
pairs = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), max_size=9, unique=True)
Cells = dict[Pair, dict[str, float]]


def full(seed: int, units: int = 6) -> Cells:
    rng = np.random.default_rng(seed)
    return {
        (i, j): {f"u{k}": float(v) for k, v in enumerate(rng.random(units))} for i, j in product(NAMES, NAMES)
    }


def table(cells: Cells) -> np.ndarray:
    return np.array([[np.mean(list(cells[i, j].values())) for j in NAMES] for i in NAMES])


@given(st.integers(0, 10**6))
@settings(max_examples=15)
def test_in_a_full_design_effects_are_row_and_column_means(seed: int) -> None:
    cells = full(seed)
    means, found = table(cells), additive(cells)
    assert found is not None
    assert found.mean == pytest.approx(means.mean())
    for k, name in enumerate(NAMES):
        assert found.starter[name] == pytest.approx(means[k].mean() - means.mean())
        assert found.responder[name] == pytest.approx(means[:, k].mean() - means.mean())
    for (i, j), left in found.affinity.items():
        expected = means[NAMES.index(i), NAMES.index(j)] - found.mean - found.starter[i] - found.responder[j]
        assert left == pytest.approx(expected)


@given(st.integers(0, 10**6), st.integers(0, 15))
@settings(max_examples=15)
def test_a_pair_that_was_not_played_leaves_least_squares_on_the_others(seed: int, lost: int) -> None:
    """The residuals of every starter and of every responder sum to zero over what was played."""
    cells = full(seed)
    del cells[list(cells)[lost]]
    found = additive(cells)
    assert found is not None
    assert sum(found.starter.values()) == pytest.approx(0, abs=1e-9)
    assert sum(found.responder.values()) == pytest.approx(0, abs=1e-9)
    for name in NAMES:
        for side in (0, 1):
            own = [left for pair, left in found.affinity.items() if pair[side] == name]
            assert sum(own) == pytest.approx(0, abs=1e-9)


@given(pairs)
@settings(max_examples=50)
def test_a_design_hangs_together_where_its_graph_does(found: list[Pair]) -> None:
    starters, seconds = sorted({i for i, _ in found}), sorted({j for _, j in found})
    size = len(starters) + len(seconds)
    graph = np.zeros((size, size))
    for i, j in found:
        graph[starters.index(i), len(starters) + seconds.index(j)] = 1
    expected = bool(found) and connected_components(graph, directed=False)[0] == 1
    assert is_connected(found) is expected
    assert is_connected(found[::-1]) is expected


@pytest.mark.parametrize(
    "played",
    [[("a", "b"), ("a", "c")], [("a", "c"), ("b", "c")], [("a", "b")]],
    ids=["row", "column", "pair"],
)
def test_one_row_or_column_has_no_effects(played: list[Pair]) -> None:
    assert additive({pair: {"u": 0.5} for pair in played}) is None


class TestOrder:
    @given(st.integers(0, 10**6))
    @settings(max_examples=12)
    def test_effects_are_paired_tests_with_holm_over_pairs(self, seed: int) -> None:
        cells = full(seed, 12)
        for pair in (("a", "b"), ("c", "d")):
            cells[pair] = {unit: min(1.0, v + 0.6) for unit, v in cells[pair].items()}
        found = order_effects(cells, UNIT)
        assert [(e.first, e.second) for e in found] == [
            ("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d"),
        ]  # fmt: skip
        p_values: list[float] = []
        for e in found:
            sides = [list(cells[p].values()) for p in ((e.first, e.second), (e.second, e.first))]
            assert e.difference == paired(sides[0], sides[1], UNIT)
            p_values.append(float(pair_tests(np.array(sides), slice(0, 2), UNIT).p[0, 1]))
        assert [e.significant for e in found] == slow_holm(p_values)

    def test_units_are_those_of_both_orders(self) -> None:
        cells = {("b", "a"): {"1": 0.2, "2": 0.4, "9": 1.0}, ("a", "b"): {"2": 0.9, "3": 0.0, "1": 0.5}}
        (found,) = order_effects(cells, UNIT)
        assert (found.first, found.second, found.difference.n) == ("a", "b", 2)
        assert found.difference.value == pytest.approx((0.9 - 0.4 + 0.5 - 0.2) / 2)

    def test_a_pair_without_common_units_or_its_other_order_has_no_effect(self) -> None:
        cells = {("a", "b"): {"1": 1.0}, ("b", "a"): {"2": 0.0}}
        cells |= {("a", "c"): {"1": 1.0}, ("a", "a"): {"1": 1.0}}
        assert order_effects(cells, UNIT) == []

    def test_more_pairs_make_each_harder_to_tell(self) -> None:
        """Nine units, all a gain of 0.5 but two: p = 0.017 alone, and 22 times that among 22 pairs."""
        gain = {str(k): 0.5 + (0.3 if k > 1 else -0.45) for k in range(9)}
        flat = {str(k): 0.3 + 0.001 * k for k in range(9)}
        cells: Cells = {("a", "b"): gain, ("b", "a"): flat}
        assert [e.significant for e in order_effects(cells, UNIT)] == [True]
        others = "cdefghi"
        cells |= {(i, j): flat for i in others for j in others if i != j}
        found = {(e.first, e.second): e.significant for e in order_effects(cells, UNIT)}
        assert len(found) == 22
        assert not any(found.values())
