"""Intervals of means, shares and differences: examples and properties. Coverage: `test_coverage.py`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from interplay.leaderboard.statistics import (
    at_ends,
    bootstrap_groups,
    bootstrap_mean,
    bootstrap_ratio,
    macro,
    mean_t,
    new_run,
    paired,
    share,
    wilson_ends,
)

UNIT = (0.0, 1.0)
shares = st.lists(st.floats(0, 1), min_size=2, max_size=60)


def test_worked_example_of_eight_units():
    found = share([1, 1, 0.5, 1, 1, 1, 0, 1], UNIT, 2, binary=True)
    assert found.value == 0.8125
    assert (round(found.lo, 6), round(found.hi, 6)) == (0.402512, 0.965366)


@given(shares, st.booleans())
def test_share_holds_its_value_inside_the_range(values: list[float], binary: bool):
    sample = [float(round(v)) for v in values] if binary else values
    found = share(sample, UNIT, 1, binary)
    assert 0 <= found.lo <= found.value <= found.hi <= 1


@given(shares)
def test_share_moves_with_its_range(values: list[float]):
    low, high = -0.1, 1.0
    plain = share(values, UNIT)
    moved = share([low + v * (high - low) for v in values], (low, high))
    assert moved.lo == pytest.approx(low + plain.lo * (high - low), abs=1e-6)
    assert moved.hi == pytest.approx(low + plain.hi * (high - low), abs=1e-6)


def test_nothing_observed_still_has_a_limit():
    found = share([0.0] * 120, UNIT, 1, binary=True)
    assert found.lo == 0
    assert 0.02 < found.hi < 0.04


@given(st.floats(0, 1), st.one_of(st.integers(1, 5_000), st.floats(0.5, 5_000)))
def test_wilsons_interval_is_that_of_statsmodels_to_the_last_bit(share: float, n: float):
    assert wilson_ends(share * n, n) == proportion_confint(share * n, n, method="wilson")


def test_one_unit_says_nothing():
    assert share([1.0], UNIT)[:3] == (1.0, 0.0, 1.0)
    assert paired([1.0], [0.0], UNIT)[:3] == (1.0, -1.0, 1.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=40))
def test_paired_is_antisymmetric(pairs: list[tuple[float, float]]):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    ahead, back = paired(first, second, UNIT), paired(second, first, UNIT)
    assert ahead.lo == pytest.approx(-back.hi, abs=1e-9)
    assert ahead.value == pytest.approx(-back.value, abs=1e-9)
    assert ahead.lo <= ahead.value <= ahead.hi


def test_paired_adds_pseudo_units_to_binary_data():
    first, second = [1.0] * 30 + [0.0] * 30, [0.0] * 10 + [1.0] * 20 + [0.0] * 30
    d = np.array(first) - np.array(second)
    augmented = np.append(d, [1, -1])
    half = 2.0009953780882697 * augmented.std(ddof=1) / 62**0.5
    found = paired(first, second, UNIT)
    assert found.value == pytest.approx(d.mean())
    assert found.lo == pytest.approx(augmented.mean() - half, abs=1e-6)


def test_units_as_they_are_stored_sit_at_the_ends_of_their_range():
    ends = (-0.109878, 1.0)
    first, second = [ends[1]] * 9 + [ends[0]] * 3, [ends[1]] * 4 + [ends[0]] * 8
    stored = [[round(value, 4) for value in side] for side in (first, second)]
    found, exact = paired(stored[0], stored[1], ends), paired(first, second, ends)
    assert found == pytest.approx(exact, abs=1e-4)
    assert not at_ends(np.array([round(ends[0], 4) + 2e-4]), ends)


def test_equal_rows_are_not_declared_different():
    same = [0.3, 0.6, 0.9]
    assert paired(same, same, UNIT).lo < 0 < paired(same, same, UNIT).hi


def test_paired_coverage():
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(1500):
        q = rng.beta(2, 2, 40)
        a, b = rng.binomial(2, q) / 2, rng.binomial(2, np.clip(q - 0.1, 0, 1)) / 2
        truth = float(np.mean(q - np.clip(q - 0.1, 0, 1)))
        found = paired(list(a), list(b), UNIT)
        held += found.lo <= truth <= found.hi
    assert held / 1500 >= 0.93


def test_new_run_is_narrower_than_new_items():
    rng = np.random.default_rng(3)
    epochs = [list(rng.binomial(1, q, 4).astype(float)) for q in rng.beta(0.5, 0.5, 60)]
    again = new_run([[e] for e in epochs])
    items = share([sum(e) / 4 for e in epochs], UNIT, 4, binary=True)
    assert again.hi - again.lo < items.hi - items.lo


def test_macro_adds_half_widths_in_quadrature():
    groups = [share([1.0, 0.0, 1.0, 1.0], UNIT), share([0.0, 0.0, 1.0, 0.0], UNIT)]
    found = macro(groups, UNIT)
    assert found.value == 0.5
    assert found.lo == pytest.approx(0.5 - sum((g.value - g.lo) ** 2 for g in groups) ** 0.5 / 2)


def test_bootstrap_is_the_same_everywhere():
    found = bootstrap_mean([1.0, 2.0, 4.0, 8.0, 16.0], seed=0x1234ABCD)
    assert found == (6.2, 2.0, 11.4, 5)
    assert found == bootstrap_mean([1.0, 2.0, 4.0, 8.0, 16.0], seed=0x1234ABCD)
    assert found != bootstrap_mean([1.0, 2.0, 4.0, 8.0, 16.0], seed=0x1234ABCE)


def test_bootstrap_ratio_holds_the_ratio():
    rng = np.random.default_rng(5)
    solo, pair = list(rng.binomial(1, 0.8, 120).astype(float)), list(rng.binomial(1, 0.4, 120).astype(float))
    found = bootstrap_ratio(pair, solo, seed=1)
    assert found.lo < found.value < found.hi
    assert found.value == pytest.approx(sum(pair) / sum(solo))
    assert found.lo > 0.3
    assert found.hi < 0.75


def test_a_mean_has_the_t_interval_of_its_units():
    found = mean_t([0.0, 1.0, 2.0, 3.0], (-20.0, 20.0))
    half = 3.182446 * 1.290994 / 2
    assert found.value == 1.5
    assert found.lo == pytest.approx(1.5 - half, abs=1e-5)
    assert found.hi == pytest.approx(1.5 + half, abs=1e-5)
    assert mean_t([0.4], (-1.0, 1.0)) == (0.4, -1.0, 1.0, 1)


def test_two_groups_of_units_are_drawn_apart():
    rng = np.random.default_rng(3)
    hits = 0
    for seed in range(200):
        first, second = rng.binomial(1, 0.6, 60).astype(float), rng.binomial(1, 0.3, 40).astype(float)
        found = bootstrap_groups(list(first), list(second), seed)
        assert found.n == 100
        hits += found.lo <= 0.3 <= found.hi
    assert hits / 200 >= 0.90
    assert bootstrap_groups([0.5, 0.25], [0.25], 1).value == pytest.approx(0.125)
