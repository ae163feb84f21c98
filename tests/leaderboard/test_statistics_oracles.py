"""Intervals against scipy's and against the formula written out anew: shares, means, differences, groups."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from interplay.leaderboard.statistics import (
    AT_END,
    FEW,
    Estimate,
    Z,
    at_ends,
    macro,
    mean_t,
    new_run,
    paired,
    poisson_limit,
    share,
    t_quantile,
    welch,
)

UNIT = (0.0, 1.0)
WIDE = (-1e9, 1e9)
"""A range that clips nothing."""
inner = st.lists(st.floats(0.05, 0.95), min_size=3, max_size=40).filter(lambda v: np.ptp(v) > 0.01)


def ends(found: Estimate) -> tuple[float, float]:
    return found.lo, found.hi


@pytest.mark.parametrize("level", [0.9, 0.975, 0.025, 0.5])
@pytest.mark.parametrize("df", [1, 2, 7.5, 30, 10**6])
def test_quantiles_of_students_t_are_scipys(level: float, df: float) -> None:
    assert t_quantile(level, df) == pytest.approx(float(stats.t.ppf(level, df)))


def test_z_is_the_two_sided_quantile_of_the_normal_distribution() -> None:
    assert pytest.approx(float(stats.norm.ppf(0.975))) == Z


class TestShare:
    """Wilson's interval at the effective number of draws, written out anew in `by_hand`."""

    @staticmethod
    def by_hand(values: list[float], effective: float) -> tuple[float, float]:
        """The roots of (p - q)² = z² q (1 - q) / n in q, with n reduced from z to t."""
        m, p = len(values), float(np.mean(values))
        n = effective * (1.959963984540054 / float(stats.t.ppf(0.975, m - 1))) ** 2
        z2 = 1.959963984540054**2
        roots = np.roots([1 + z2 / n, -(2 * p + z2 / n), p * p]).real
        return max(float(roots.min()), 0.0), min(float(roots.max()), 1.0)

    @given(inner)
    @settings(max_examples=30)
    def test_graded_values_count_as_many_draws_as_their_variance_says(self, values: list[float]) -> None:
        p, m = float(np.mean(values)), len(values)
        effective = p * (1 - p) / (float(np.var(values, ddof=1)) / m)
        assert ends(share(values, UNIT)) == pytest.approx(self.by_hand(values, effective), abs=1e-7)

    @pytest.mark.parametrize("successes", [4, 9, 20, 26, 36])
    def test_single_draws_count_once_each_whatever_their_variance(self, successes: int) -> None:
        values = [1.0] * successes + [0.0] * (40 - successes)
        assert ends(share(values, UNIT, 1, True)) == pytest.approx(self.by_hand(values, 40), abs=1e-9)

    def test_several_draws_a_unit_count_by_the_variance_between_units(self) -> None:
        """Sixty units of ten draws: between the number of units, 60, and that of draws, 600."""
        values = [0.2, 0.4, 0.5, 0.3, 0.9, 0.7] * 10
        p = float(np.mean(values))
        effective = p * (1 - p) / (float(np.var(values, ddof=1)) / 60)
        assert 60 < effective < 600
        found = share(values, UNIT, 10, True)
        assert ends(found) == pytest.approx(self.by_hand(values, effective), abs=1e-9)

    def test_there_are_never_more_draws_than_were_made(self) -> None:
        """Units that hardly differ would count 5,000 draws by their variance; 3 a unit were made."""
        values = [0.5, 0.51, 0.49, 0.52, 0.48] * 4
        found = share(values, UNIT, 3, True)
        assert ends(found) == pytest.approx(self.by_hand(values, 60), abs=1e-9)

    def test_units_that_differ_more_than_by_chance_are_never_less_than_one_draw_each(self) -> None:
        """With 20 units at 0 and 20 at 1 their own variance gives 39 draws; 40 units are 40 draws."""
        values = [0.0, 1.0] * 20
        assert ends(share(values, UNIT, 4, True)) == pytest.approx(self.by_hand(values, 40), abs=1e-9)

    @pytest.mark.parametrize(("holding", "trusts"), [(FEW - 1, False), (FEW, True)])
    @pytest.mark.parametrize("turned", [False, True], ids=["few hold a success", "few lack one"])
    def test_the_variance_is_trusted_from_ten_units_that_hold_or_lack_a_success(
        self, holding: int, trusts: bool, turned: bool
    ) -> None:
        values = [0.5, 0.25] * 5 + [0.5]
        values = values[:holding] + [0.0] * (60 - holding)
        values = [1 - v for v in values] if turned else values
        p = float(np.mean(values))
        effective = p * (1 - p) / (float(np.var(values, ddof=1)) / 60) if trusts else 60.0
        assert effective > 60 or not trusts
        found = share(values, UNIT, 4, True)
        assert ends(found) == pytest.approx(self.by_hand(values, effective), abs=1e-9)

    @pytest.mark.parametrize("successes", [1, 2, 3])
    def test_few_successes_are_held_against_a_poisson_count_too(self, successes: int) -> None:
        """Half of the 5 % quantile of chi² with 2 x degrees of freedom, over the number of units."""
        limit = float(stats.chi2.ppf(0.05, 2 * successes)) / 2
        assert poisson_limit(successes) == pytest.approx(limit)
        values = [1.0] * successes + [0.0] * (100 - successes)
        found, turned = share(values, UNIT, 1, True), share([1 - v for v in values], UNIT, 1, True)
        assert found.lo == pytest.approx(min(limit / 100, self.by_hand(values, 100)[0]))
        assert turned.hi == pytest.approx(1 - found.lo)

    @pytest.mark.parametrize("count", [0, 4, 50])
    def test_other_counts_are_not(self, count: int) -> None:
        assert poisson_limit(count) == math.inf

    def test_a_count_needs_values_at_the_ends(self) -> None:
        """One unit at a half is no count of successes, so Wilson's limit stands alone."""
        values = [0.5] + [0.0] * 99
        assert share(values, UNIT, 2, True).lo == pytest.approx(self.by_hand(values, 100)[0], abs=1e-9)

    @given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=2, max_size=60), st.integers(1, 4))
    @settings(max_examples=40)
    def test_failures_are_the_mirror_of_successes(self, values: list[float], draws: int) -> None:
        ahead, back = share(values, UNIT, draws, True), share([1 - v for v in values], UNIT, draws, True)
        assert (ahead.lo, ahead.hi) == pytest.approx((1 - back.hi, 1 - back.lo), abs=1e-9)

    @given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=2, max_size=30), st.randoms())
    @settings(max_examples=20)
    def test_the_order_of_units_changes_nothing(self, values: list[float], random: object) -> None:
        other = list(values)
        random.shuffle(other)  # type: ignore[attr-defined]
        assert share(values, UNIT, 2, True) == pytest.approx(share(other, UNIT, 2, True))

    def test_two_units_are_enough_for_an_interval(self) -> None:
        """Against the whole range that a single unit has, even where both are far from its ends."""
        assert ends(share([0.45, 0.55], UNIT)) == pytest.approx(self.by_hand([0.45, 0.55], 100), abs=1e-9)

    def test_twice_the_units_narrow_the_interval(self) -> None:
        values = [1.0, 0.0, 0.5, 1.0, 0.25]
        once, twice = share(values, UNIT), share(values * 2, UNIT)
        assert once.lo < twice.lo < twice.value < twice.hi < once.hi
        assert (once.n, twice.n) == (5, 10)

    def test_a_value_outside_its_range_by_rounding_is_brought_back(self) -> None:
        found = share([1.0 + 1e-12, 1.0 + 1e-12], UNIT)
        assert (found.value, found.hi) == (1.0, 1.0)

    def test_one_unit_in_another_range_has_that_range_as_its_interval(self) -> None:
        assert share([5.0], (-10.0, 10.0)) == (5.0, -10.0, 10.0, 1)


class TestMacro:
    def test_one_group_is_itself(self) -> None:
        group = share([1.0, 0.0, 1.0, 1.0, 0.5], UNIT)
        assert macro([group], UNIT) == pytest.approx(group)

    def test_both_half_widths_by_hand(self) -> None:
        """Below: sqrt(0.3² + 0.4²) / 2 = 0.25; above: sqrt(0.06² + 0.08²) / 2 = 0.05."""
        groups = [Estimate(0.5, 0.2, 0.56, 7), Estimate(0.7, 0.3, 0.78, 5)]
        assert macro(groups, UNIT) == pytest.approx((0.6, 0.35, 0.65, 12))

    def test_it_stays_in_the_range(self) -> None:
        groups = [Estimate(0.02, 0.0, 0.9, 3), Estimate(0.98, 0.0, 1.0, 3), Estimate(0.02, 0.0, 0.9, 3)]
        assert macro(groups, (0.3, 0.5))[1:3] == (0.3, 0.5)

    def test_a_small_group_counts_as_much_as_a_large_one(self) -> None:
        groups = [Estimate(0.0, 0.0, 0.1, 1000), Estimate(1.0, 0.5, 1.0, 2)]
        assert macro(groups, UNIT).value == 0.5


class TestPaired:
    @given(inner, st.integers(0, 2**32 - 1))
    @settings(max_examples=25)
    def test_graded_differences_have_the_interval_of_the_paired_t_test(
        self, first: list[float], seed: int
    ) -> None:
        second = np.random.RandomState(seed).uniform(0.05, 0.95, len(first))
        assume(np.ptp(np.array(first) - second) > 0.01)
        expected = stats.ttest_rel(first, second).confidence_interval(0.95)
        found = paired(first, list(second), (-40.0, 40.0))
        assert ends(found) == pytest.approx((float(expected.low), float(expected.high)))
        assert found.value == pytest.approx(float(np.mean(first) - np.mean(second)))

    def test_bonett_and_prices_interval_by_hand(self) -> None:
        """Three gains, one loss, four ties of eight: d = 3 x 1, 1 x -1, 4 x 0, and one more of either.

        Ten values of sum 2 and sum of squares 6: mean 0.2, variance (6 - 0.4) / 9 = 0.62222, and
        t(0.975, 7) = 2.364624 times sqrt(0.62222 / 10) = 0.249444 is 0.589841.
        """
        first, second = [1.0, 1, 1, 0, 1, 0, 1, 0], [0.0, 0, 0, 1, 1, 0, 1, 0]
        found = paired(first, second, UNIT)
        assert found == pytest.approx((0.25, 0.2 - 0.589841, 0.2 + 0.589841, 8), abs=1e-6)

    def test_equal_differences_are_widened_although_no_value_is_at_an_end(self) -> None:
        """Twenty differences of 0.1 and one of either sign: 2 / 22 -+ 2.093024 s / sqrt(22)."""
        d = np.array([0.1] * 20 + [1.0, -1.0])
        half = 2.093024054408263 * d.std(ddof=1) / 22**0.5
        found = paired([0.6] * 20, [0.5] * 20, UNIT)
        assert ends(found) == pytest.approx((d.mean() - half, d.mean() + half))

    def test_differences_a_little_apart_are_not_widened(self) -> None:
        """The limit is 1e-4 of the width of the range: at 10 wide, differences 1e-3 apart are equal."""
        first = [0.6, 0.6, 0.6 + 0.9e-3]
        wide, narrow = (paired(first, [0.5] * 3, (0.0, top)) for top in (10.0, 1.0))
        assert narrow.hi - narrow.lo < 0.01
        assert wide.hi - wide.lo > 5

    def test_the_interval_ends_at_the_width_of_the_range(self) -> None:
        found = paired([0.9, 0.1], [0.1, 0.9], (0.0, 2.0))
        assert ends(found) == (-2.0, 2.0)

    def test_two_units_are_enough_for_an_interval(self) -> None:
        """Differences 0.1 and 0.2: 0.15 -+ 12.706205 * 0.070711 / sqrt(2)."""
        found = paired([0.4, 0.6], [0.3, 0.4], (0.0, 10.0))
        assert ends(found) == pytest.approx((0.15 - 0.635310, 0.15 + 0.635310), abs=1e-5)

    def test_one_unit_is_as_wide_as_the_range(self) -> None:
        assert paired([3.0], [1.0], (0.0, 4.0)) == (2.0, -4.0, 4.0, 1)

    @given(inner, st.floats(0.5, 20.0), st.floats(-5.0, 5.0))
    @settings(max_examples=25)
    def test_it_is_the_same_in_other_units(self, first: list[float], scale: float, move: float) -> None:
        second = first[1:] + first[:1]
        plain = paired(first, second, UNIT)
        bounds = (move, move + scale)
        moved = paired([move + scale * v for v in first], [move + scale * v for v in second], bounds)
        assert moved[:3] == pytest.approx([scale * v for v in plain[:3]], abs=1e-6 * scale)


class TestMeanT:
    @given(inner)
    @settings(max_examples=25)
    def test_it_is_the_interval_of_the_one_sample_t_test(self, values: list[float]) -> None:
        expected = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
        assert ends(mean_t(values, WIDE)) == pytest.approx((float(expected.low), float(expected.high)))

    def test_it_is_cut_at_the_range(self) -> None:
        assert mean_t([0.1, 0.9], UNIT)[1:3] == (0.0, 1.0)

    def test_one_value_outside_its_range_lies_in_its_interval(self) -> None:
        assert mean_t([1.5], UNIT) == (1.5, 0.0, 1.5, 1)
        assert mean_t([-0.5], UNIT) == (-0.5, -0.5, 1.0, 1)

    def test_equal_values_have_an_interval_without_width(self) -> None:
        assert mean_t([0.25] * 5, UNIT) == (0.25, 0.25, 0.25, 5)


class TestWelch:
    @given(inner, inner)
    @settings(max_examples=30)
    def test_it_is_scipys(self, first: list[float], second: list[float]) -> None:
        expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
        found = welch(first, second)
        assert ends(found) == pytest.approx((float(expected.low), float(expected.high)))
        assert found.value == pytest.approx(float(np.mean(first) - np.mean(second)))
        assert found.n == len(first) + len(second)

    @given(inner, inner)
    @settings(max_examples=15)
    def test_the_groups_may_change_places(self, first: list[float], second: list[float]) -> None:
        ahead, back = welch(first, second), welch(second, first)
        assert (ahead.value, ahead.lo, ahead.hi) == pytest.approx((-back.value, -back.hi, -back.lo))

    def test_a_group_without_spread_leaves_the_error_of_the_other(self) -> None:
        """Against a constant Welch's interval is Student's of the other group."""
        values = [0.1, 0.4, 0.7, 0.2]
        expected = stats.ttest_1samp(values, 0.5).confidence_interval(0.95)
        found = welch([0.5] * 3, values)
        assert ends(found) == pytest.approx((0.5 - float(expected.high), 0.5 - float(expected.low)))

    def test_no_spread_at_all_is_no_width(self) -> None:
        assert welch([0.5, 0.5], [0.25] * 3) == (0.25, 0.25, 0.25, 5)


class TestNewRun:
    def test_one_arm_by_hand(self) -> None:
        """Two units. The first has samples (0, 1) and (2, 1), the second a sample (0, 1, 3).

        Means 1 and 4 / 3, so 7 / 6. Variances of the means 0.5 / 2 = 0.25 twice, and 7 / 3 / 3; over the
        squared number of samples 0.5 / 4 and 7 / 9; over 2² units (0.125 + 0.777778) / 4 = 0.2256944. There
        are 1 + 1 + 2 = 4 degrees of freedom: t = 2.776445 times 0.475073 is 1.319015.
        """
        found = new_run([[[0.0, 1.0], [2.0, 1.0]], [[0.0, 1.0, 3.0]]])
        assert found == pytest.approx((7 / 6, 7 / 6 - 1.319015, 7 / 6 + 1.319015, 2), abs=1e-5)

    def test_a_second_arm_is_subtracted_and_adds_its_error(self) -> None:
        """One unit: 0.5 less 1.5. Either arm has variance 0.5 / 2 = 0.25 and one degree of freedom."""
        found = new_run([[[0.0, 1.0]]], [[[1.0, 2.0]]])
        half = 4.302652729911275 * 0.5**0.5
        assert found == pytest.approx((-1.0, -1.0 - half, -1.0 + half, 1))

    def test_samples_that_never_change_have_no_width(self) -> None:
        assert new_run([[[1.0, 1.0]], [[0.0, 0.0, 0.0]]]) == (0.5, 0.5, 0.5, 2)

    def test_one_sample_a_unit_is_students_interval_over_epochs(self) -> None:
        values = [0.2, 0.9, 0.4, 0.7]
        expected = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
        assert ends(new_run([[values]])) == pytest.approx((float(expected.low), float(expected.high)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-3.0, True), (7.0, True), (-3.0 + 9.9 * AT_END, True), (7.0 - 9.9 * AT_END, True),
     (-3.0 + 10.5 * AT_END, False), (7.0 - 10.5 * AT_END, False), (2.0, False)],
)  # fmt: skip
def test_an_end_is_as_wide_as_what_units_are_stored_with(value: float, expected: bool) -> None:
    assert at_ends(np.array([value, -3.0, 7.0]), (-3.0, 7.0)) is expected
