"""Variance components from sums written out cell by cell, and what moving or scaling a table may change."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from interplay.leaderboard.analysis.cells import Cells
from interplay.leaderboard.analysis.variance import (
    BLOCKS,
    COMPONENTS,
    Squares,
    components_of,
    deleted_squares,
    jackknife,
    jackknifed,
    jackknifed_mean,
    mean_squares,
    variances,
)

sizes = st.tuples(st.integers(2, 4), st.integers(2, 4), st.integers(2, 6))
seeds = st.integers(0, 10**6)


def table(m: int, n: int, k: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.4, 0.2, (m, n, k))


def cells(values: np.ndarray) -> Cells:
    m, n, k = values.shape
    return Cells(tuple(map(str, range(m))), tuple(map(str, range(n))), tuple(map(str, range(k))), values)


def slow_squares(values: np.ndarray) -> list[float]:
    """Sums of squared effects over all cells, divided by degrees of freedom, in the order of COMPONENTS."""
    m, n, k = values.shape
    grand = values.mean()
    sums = np.zeros(7)
    for i, j, t in product(range(m), range(n), range(k)):
        s, p, o = values[i].mean() - grand, values[:, j].mean() - grand, values[:, :, t].mean() - grand
        sp = values[i, j].mean() - grand - s - p
        so = values[i, :, t].mean() - grand - s - o
        po = values[:, j, t].mean() - grand - p - o
        rest = values[i, j, t] - grand - s - p - o - sp - so - po
        sums += np.square([s, p, sp, o, so, po, rest])
    a, b, c = m - 1, n - 1, k - 1
    return list(sums / [a, b, a * b, c, a * c, b * c, a * b * c])


@given(sizes, seeds)
@settings(max_examples=15)
def test_mean_squares_are_sums_over_cells(size: tuple[int, int, int], seed: int) -> None:
    values = table(*size, seed)
    assert [float(x[0]) for x in mean_squares(values)] == pytest.approx(slow_squares(values))


@given(st.tuples(st.integers(2, 3), st.integers(2, 3), st.integers(3, 5)), seeds)
@settings(max_examples=10)
def test_leaving_an_opener_out_is_a_table_without_it(size: tuple[int, int, int], seed: int) -> None:
    values = table(*size, seed)
    found = deleted_squares(values)
    for t in range(size[2]):
        expected = slow_squares(np.delete(values, t, axis=2))
        assert [float(x[t]) for x in found] == pytest.approx(expected)


def test_components_by_hand() -> None:
    """M = 2 speakers, n = 3 partners, k = 4 openers; mean squares 100, 80, 50, 40, 20, 12 and 8.

    Speaker (100 - 20) / 12, partner (80 - 12) / 8, pair (50 - 8) / 4, opener (40 - 8) / 6,
    speaker x opener (20 - 8) / 3, partner x opener (12 - 8) / 2, residual 8.
    """
    squares = Squares(*(np.array([v]) for v in (100.0, 80.0, 50.0, 40.0, 20.0, 12.0, 8.0)))
    expected = [80 / 12, 68 / 8, 42 / 4, 32 / 6, 4.0, 2.0, 8.0]
    assert components_of(squares, 2, 3, 4)[:, 0].tolist() == pytest.approx(expected)


@given(seeds, st.floats(0.1, 20), st.floats(-50, 50))
@settings(max_examples=12)
def test_moving_a_table_changes_nothing_and_scaling_it_the_square(
    seed: int, scale: float, move: float
) -> None:
    values = table(3, 3, 6, seed)
    plain, moved = variances(cells(values)), variances(cells(move + scale * values))
    assert plain is not None
    assert moved is not None
    for a, b in zip(plain.components, moved.components, strict=True):
        expected = [scale**2 * v for v in (a.value, a.lo, a.hi)]
        assert (b.value, b.lo, b.hi) == pytest.approx(expected, rel=1e-5, abs=1e-6 * scale**2)
        assert b.share == pytest.approx(a.share, abs=1e-5)


@given(seeds)
@settings(max_examples=10)
def test_speakers_and_partners_may_change_places(seed: int) -> None:
    values = table(3, 4, 5, seed)
    ahead, back = variances(cells(values)), variances(cells(values.transpose(1, 0, 2)))
    assert ahead is not None
    assert back is not None
    order = [1, 0, 2, 3, 5, 4, 6]
    assert [c.value for c in ahead.components] == pytest.approx([back.components[i].value for i in order])
    assert [c.lo for c in ahead.components] == pytest.approx([back.components[i].lo for i in order])


@given(seeds)
@settings(max_examples=10)
def test_the_order_of_levels_changes_nothing(seed: int) -> None:
    values, rng = table(3, 4, 6, seed), np.random.default_rng(seed)
    mixed = values[rng.permutation(3)][:, rng.permutation(4)][:, :, rng.permutation(6)]
    ahead, back = variances(cells(values)), variances(cells(mixed))
    assert ahead is not None
    assert back is not None
    for a, b in zip(ahead.components, back.components, strict=True):
        assert a[1:] == pytest.approx(b[1:], abs=1e-9)


def test_a_table_that_adds_up_has_nothing_but_its_levels() -> None:
    """Speakers 0 and 2, partners 0 and 1, no opener differs: variances 2 and 0.5 of two levels each."""
    values = np.zeros((2, 2, 5))
    values[1] += 2
    values[:, 1] += 1
    found = variances(cells(values))
    assert found is not None
    assert [c.value for c in found.components] == pytest.approx([2.0, 0.5, 0, 0, 0, 0, 0], abs=1e-12)
    assert [c.share for c in found.components] == pytest.approx([0.8, 0.2, 0, 0, 0, 0, 0], abs=1e-12)
    assert [c.name for c in found.components] == list(COMPONENTS)
    assert found.components[0].lo == pytest.approx(found.components[0].hi)


def test_openers_that_differ_alike_for_all_are_the_openers() -> None:
    values = np.zeros((3, 2, 4)) + np.array([0.0, 1.0, 2.0, 5.0])
    found = variances(cells(values))
    assert found is not None
    expected = float(np.var([0, 1, 2, 5], ddof=1))
    assert [c.value for c in found.components] == pytest.approx([0, 0, 0, expected, 0, 0, 0], abs=1e-12)


def test_a_table_without_variation_has_no_shares() -> None:
    found = variances(cells(np.full((2, 2, 4), 0.5)))
    assert found is not None
    assert [c.share for c in found.components] == [0.0] * 7


class TestWhichMethod:
    @pytest.mark.parametrize("size", [(1, 3, 9), (3, 1, 9), (3, 3, 2)], ids=["speaker", "partner", "opener"])
    def test_too_few_levels_say_nothing(self, size: tuple[int, int, int]) -> None:
        assert variances(cells(table(*size))) is None

    def test_two_of_each_and_three_openers_are_enough(self) -> None:
        found = variances(cells(table(2, 2, 3)))
        assert found is not None
        assert (found.method, found.checkpoints, found.openers, found.left_out) == ("anova", 2, 3, 0)

    def test_four_in_five_openers_are_enough_to_leave_the_others_out(self) -> None:
        values = table(2, 3, 20)
        values[0, 0, :4] = np.nan
        found, whole = variances(cells(values)), variances(cells(values[:, :, 4:]))
        assert found is not None
        assert whole is not None
        assert (found.method, found.openers, found.left_out) == ("anova", 16, 4)
        assert found.components == whole.components

    def test_below_that_all_replies_are_fitted_and_openers_without_any_left_out(self) -> None:
        values = table(2, 2, 6)
        values[0, 0, :2] = np.nan
        values[:, :, 5] = np.nan
        found = variances(cells(values))
        assert found is not None
        assert (found.method, found.openers, found.left_out) == ("reml", 5, 1)
        assert all(c.lo <= c.value <= c.hi for c in found.components)

    def test_a_small_table_on_which_the_first_search_breaks_off_is_fitted_by_another(self) -> None:
        """Slopes lead the first search of this table to equations without a single solution."""
        values = np.random.default_rng(1).uniform(0.2, 0.8, (2, 2, 8))
        values[0].reshape(-1)[:5] = np.nan
        found = variances(cells(values))
        assert found is not None
        assert (found.method, found.openers, found.left_out) == ("reml", 8, 0)
        assert all(np.isfinite(c[1:]).all() for c in found.components)
        assert found.components[-1].value == pytest.approx(0.027, abs=0.002)

    def test_a_pair_that_was_never_scored_cannot_be_fitted(self) -> None:
        values = table(2, 2, 12)
        values[0, 1] = np.nan
        assert variances(cells(values)) is None

    def test_two_openers_with_replies_cannot_be_fitted(self) -> None:
        values = table(2, 2, 12)
        values[:, :, 2:] = np.nan
        assert variances(cells(values)) is None

    def test_blocks_of_openers_are_the_units_of_a_fitted_interval(self) -> None:
        """With as many openers as blocks each block is one opener; t has one degree of freedom less."""
        whole, deleted = np.array([1.0]), np.array([[1.0, 2.0] * (BLOCKS // 2)])
        low, high = jackknife(whole, deleted)
        error = (19 / 20 * 20 * 0.25) ** 0.5
        assert float(high[0] - low[0]) / 2 == pytest.approx(float(stats.t.ppf(0.975, 19)) * error)


class TestJackknife:
    @given(st.lists(st.floats(-5, 5), min_size=2, max_size=20))
    @settings(max_examples=25)
    def test_of_a_mean_it_is_students_interval(self, values: list[float]) -> None:
        found = jackknifed_mean(np.array(values))
        spread = float(np.std(values, ddof=1))
        half = float(stats.t.ppf(0.975, len(values) - 1)) * spread / len(values) ** 0.5
        middle = float(np.mean(values))
        assert found[:3] == pytest.approx((middle, middle - half, middle + half), abs=1e-6)
        assert found.n == len(values)

    def test_by_hand(self) -> None:
        """1, 2 and 6 without each in turn: mean 3, squares 4 + 1 + 9 = 14, times 2 / 3, t(2) = 4.302653."""
        found = jackknifed(10.0, np.array([1.0, 2.0, 6.0]))
        half = 4.302652729911275 * (14 * 2 / 3) ** 0.5
        assert found == pytest.approx((10.0, 10 - half, 10 + half, 3))

    def test_several_estimates_are_each_their_own(self) -> None:
        rng = np.random.default_rng(3)
        whole, deleted = rng.normal(size=4), rng.normal(size=(4, 9))
        low, high = jackknife(whole, deleted)
        for i in range(4):
            alone = jackknifed(float(whole[i]), deleted[i])
            assert (low[i], high[i]) == pytest.approx((alone.lo, alone.hi))
