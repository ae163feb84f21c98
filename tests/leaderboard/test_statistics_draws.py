"""Bootstrap intervals: against all draws there are, shifts and scales, and what the drawn errors add."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from interplay.leaderboard.statistics import (
    BOOTSTRAP_DRAWS,
    Estimate,
    bootstrap,
    bootstrap_groups,
    bootstrap_mean,
    bootstrap_ratio,
    bootstrap_runs,
)

UNIT = (0.0, 1.0)
few = st.lists(st.floats(-2.0, 2.0), min_size=1, max_size=12)
seeds = st.integers(0, 2**32 - 1)


def every_mean(values: Sequence[float]) -> np.ndarray:
    """The means of all n to the n ways to draw n values with replacement."""
    return np.array([np.mean(drawn) for drawn in product(values, repeat=len(values))])


def holds_quantiles(found: Estimate, population: np.ndarray) -> None:
    """Ends between the quantiles at 1.5 % and 3.5 %, and at 96.5 % and 98.5 %, of all draws.

    The share of 2,000 draws below the quantile at 2.5 % has a standard error of 0.35 %.
    """
    low, low_too, high_too, high = np.percentile(population, [1.5, 3.5, 96.5, 98.5])
    assert low - 1e-9 <= found.lo <= low_too + 1e-9
    assert high_too - 1e-9 <= found.hi <= high + 1e-9


@pytest.mark.parametrize(
    "values", [[0.0, 1.0, 5.0, 2.0], [1.0, 2.0, 4.0, 8.0, 16.0], [0.1, 0.2, 0.9, 0.4, 0.35]]
)
def test_the_ends_are_those_of_all_possible_draws(values: list[float]) -> None:
    holds_quantiles(bootstrap_mean(values, 11), every_mean(values))


def test_the_ends_of_a_ratio_are_those_of_all_possible_draws_of_pairs() -> None:
    """Top and bottom of a unit are drawn together: apart the ratio would vary far more."""
    top, bottom = [1.0, 3.0, 4.0, 2.0], [2.0, 5.0, 9.0, 3.0]
    units = list(zip(top, bottom, strict=True))
    ratios = [sum(t for t, _ in d) / sum(b for _, b in d) for d in product(units, repeat=4)]
    found = bootstrap_ratio(top, bottom, 5)
    assert found.value == pytest.approx(10 / 19)
    holds_quantiles(found, np.array(ratios))


def test_the_ends_of_a_difference_of_groups_are_those_of_all_possible_draws() -> None:
    first, second = [0.0, 2.0, 7.0, 3.0], [1.0, 1.5, 4.0]
    differences = (every_mean(first)[:, None] - every_mean(second)).ravel()
    found = bootstrap_groups(first, second, 3)
    assert (found.value, found.n) == (pytest.approx(3.0 - 6.5 / 3), 7)
    holds_quantiles(found, differences)


@given(few, seeds, st.floats(0.1, 50), st.floats(-9, 9))
@settings(max_examples=15)
def test_a_mean_in_other_units_has_its_ends_in_these_units(
    values: list[float], seed: int, scale: float, move: float
) -> None:
    plain = bootstrap_mean(values, seed)
    moved = bootstrap_mean([move + scale * v for v in values], seed)
    assert moved[:3] == pytest.approx([move + scale * v for v in plain[:3]], abs=1e-7)
    assert moved.n == len(values)


@given(few, seeds)
@settings(max_examples=15)
def test_the_value_lies_in_its_interval_and_within_the_data(values: list[float], seed: int) -> None:
    found = bootstrap_mean(values, seed)
    assert min(values) - 1e-9 <= found.lo <= found.value <= found.hi <= max(values) + 1e-9


@given(st.lists(st.floats(0.1, 2.0), min_size=1, max_size=12), seeds, st.floats(0.2, 5.0))
@settings(max_examples=15)
def test_a_ratio_of_proportional_columns_is_that_proportion(
    values: list[float], seed: int, times: float
) -> None:
    found = bootstrap_ratio([times * v for v in values], values, seed)
    assert found[:3] == pytest.approx((times, times, times))


@given(few, seeds, st.floats(-1, 1))
@settings(max_examples=15)
def test_against_one_unit_a_difference_of_groups_is_the_mean_less_it(
    values: list[float], seed: int, other: float
) -> None:
    found, alone = bootstrap_groups(values, [other], seed), bootstrap_mean(values, seed)
    assert found[:3] == pytest.approx([v - other for v in alone[:3]], abs=1e-9)
    assert found.n == len(values) + 1


def test_a_figure_sees_the_mean_of_every_column_in_every_draw() -> None:
    """The draws of all columns are the same: the difference of a column and itself plus 1 is always 1."""
    shapes: list[tuple[int, ...]] = []

    def difference(means: list[np.ndarray]) -> np.ndarray:
        shapes.append(means[0].shape)
        return means[1] - means[0]

    column = [0.3, 0.9, 0.1, 0.7]
    found = bootstrap([column, [v + 1 for v in column]], difference, 1)
    assert found == pytest.approx((1.0, 1.0, 1.0, 4))
    assert shapes == [(1,), (BOOTSTRAP_DRAWS,)]


def test_equal_units_have_an_interval_without_width() -> None:
    assert bootstrap_mean([0.25] * 9, 1) == (0.25, 0.25, 0.25, 9)
    assert bootstrap_groups([0.5] * 3, [0.25] * 4, 1) == (0.25, 0.25, 0.25, 7)


class TestRuns:
    def test_one_run_of_one_unit_varies_by_its_error_alone(self) -> None:
        """Normal(0.5, 0.1): 0.5 -+ 1.96 * 0.1, to what 2,000 draws leave open."""
        found = bootstrap_runs([[0.5]], [[0.1]], [1.0], UNIT, 9)
        half = 0.1 * float(stats.norm.ppf(0.975))
        assert found == pytest.approx((0.5, 0.5 - half, 0.5 + half, 1), abs=0.02)

    def test_runs_without_errors_are_drawn_with_replacement(self) -> None:
        values = [0.1, 0.5, 0.9, 0.2]
        holds_quantiles(bootstrap_runs([values], [[0.0] * 4], [1.0], UNIT, 2), every_mean(values))

    def test_units_are_all_there_are_and_are_not_drawn(self) -> None:
        """Two units far apart, each with one exact run: nothing is left to vary."""
        assert bootstrap_runs([[0.0], [1.0]], [[0.0], [0.0]], [1.0, 1.0], UNIT, 4) == (0.5, 0.5, 0.5, 2)

    def test_a_factor_multiplies_value_and_error(self) -> None:
        plain = bootstrap_runs([[0.5]], [[0.05]], [1.0], UNIT, 6)
        thrice = bootstrap_runs([[0.5]], [[0.05]], [3.0], UNIT, 6)
        assert thrice[:3] == pytest.approx([3 * v for v in plain[:3]])

    def test_factors_by_hand(self) -> None:
        """(1.5 * 0.8 + 0.5 * 0.4) / 2 = 0.7."""
        found = bootstrap_runs([[0.7, 0.9], [0.4]], [[0, 0], [0]], [1.5, 0.5], UNIT, 1)
        assert found.value == pytest.approx(0.7)
        assert (found.lo, found.hi) == pytest.approx((0.625, 0.775))

    def test_errors_are_independent_between_units(self) -> None:
        """Four units with errors of 0.1 make a mean with one of 0.05."""
        found = bootstrap_runs([[0.5]] * 4, [[0.1]] * 4, [1.0] * 4, UNIT, 8)
        assert (found.hi - found.lo) / 2 == pytest.approx(0.05 * 1.96, abs=0.008)

    def test_draws_are_clipped_to_the_range_of_a_value(self) -> None:
        """A sure success with an error of 0.2: half of the draws are cut at 1."""
        found = bootstrap_runs([[1.0]], [[0.2]], [1.0], UNIT, 8)
        assert (found.value, found.hi) == (1.0, 1.0)
        assert found.lo == pytest.approx(1 - 0.2 * 1.96, abs=0.03)
        low = bootstrap_runs([[-1.0]], [[0.2]], [1.0], (-1.0, 0.0), 8)
        assert low.lo == -1.0
        assert low.hi > -0.7
