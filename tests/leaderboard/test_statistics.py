"""Intervals hold what they claim: coverage by simulation, properties, and the examples of the method page."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.leaderboard.statistics import (
    bootstrap_groups,
    bootstrap_mean,
    bootstrap_ratio,
    detectable_difference,
    holm,
    macro,
    mean_t,
    new_run,
    paired,
    rank_sets,
    share,
)

UNIT = (0.0, 1.0)
shares = st.lists(st.floats(0, 1), min_size=2, max_size=60)


def coverage(units: int, p: float, epochs: int = 1, draws: int = 3000, spread: float = 0.0) -> float:
    """How often the interval of simulated units holds the true share."""
    rng = np.random.default_rng(units * 1000 + round(p * 1000) + epochs)
    kappa = 1 / spread - 1 if spread else None
    held = 0
    cache: dict[bytes, bool] = {}
    for _ in range(draws):
        q = rng.beta(p * kappa, (1 - p) * kappa, units) if kappa else np.full(units, p)
        counts = np.sort(rng.binomial(epochs, q))
        key = counts.tobytes()
        if key not in cache:
            found = share([c / epochs for c in counts], UNIT, epochs, binary=True)
            cache[key] = found.lo <= p <= found.hi
        held += cache[key]
    return held / draws


def test_worked_example_of_eight_units():
    found = share([1, 1, 0.5, 1, 1, 1, 0, 1], UNIT, 2, binary=True)
    assert found.value == 0.8125
    assert (round(found.lo, 6), round(found.hi, 6)) == (0.402512, 0.965366)


@pytest.mark.parametrize(
    ("units", "p", "stated"),
    [(30, 0.5, 0.96), (30, 0.9, 0.97), (30, 0.97, 0.94), (30, 0.99, 0.97),
     (100, 0.5, 0.94), (100, 0.9, 0.94), (100, 0.97, 0.97), (100, 0.99, 0.92)],
)  # fmt: skip
def test_coverage_is_that_of_the_method_page(units: int, p: float, stated: float):
    assert coverage(units, p) == pytest.approx(stated, abs=0.02)


@pytest.mark.parametrize("units", [30, 120, 300])
@pytest.mark.parametrize(
    ("p", "epochs", "spread"), [(0.01, 10, 0.1), (0.3, 2, 0.3), (0.97, 3, 0.2), (0.99, 2, 0.0)]
)
def test_share_covers_at_least_92_percent(units: int, p: float, epochs: int, spread: float):
    assert coverage(units, p, epochs, 1200, spread) >= 0.92 - 0.01


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
    again = new_run(epochs)
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


@given(st.lists(st.lists(st.floats(0, 1), min_size=6, max_size=6), min_size=1, max_size=8), st.randoms())
def test_rank_sets_hold_the_place_and_ignore_row_order(rows: list[list[float]], random: object):
    matrix = np.array(rows)
    sets = rank_sets(matrix, UNIT, higher=True)
    means = matrix.mean(axis=1)
    for mean, (first, last) in zip(means, sets, strict=True):
        assert first <= 1 + int((means > mean + 1e-12).sum())
        assert last >= len(rows) - int((means < mean - 1e-12).sum())
    order = list(range(len(rows)))
    random.shuffle(order)  # pyright: ignore[reportAttributeAccessIssue]
    assert [sets[i] for i in order] == rank_sets(matrix[order], UNIT, higher=True)


def test_rank_sets_agree_with_pairwise_tests():
    rng = np.random.default_rng(11)
    ability = np.linspace(0.2, 0.8, 9)
    matrix = rng.binomial(2, ability[:, None], (9, 150)) / 2
    sets = rank_sets(matrix, UNIT, higher=True)
    for i in range(9):
        p_values = [_paired_p(matrix[i] - matrix[j]) for j in range(9) if j != i]
        others = [j for j in range(9) if j != i]
        significant = holm(p_values)
        better = sum(
            s and matrix[j].mean() > matrix[i].mean() for s, j in zip(significant, others, strict=True)
        )
        worse = sum(
            s and matrix[j].mean() < matrix[i].mean() for s, j in zip(significant, others, strict=True)
        )
        assert sets[i] == (1 + better, 9 - worse)
    assert rank_sets(matrix, UNIT, higher=False) == [(10 - last, 10 - first) for first, last in sets]


def _paired_p(d: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    from scipy.stats import t

    return float(2 * t.sf(abs(d.mean() / (d.std(ddof=1) / len(d) ** 0.5)), len(d) - 1))


def test_missing_units_are_compared_on_common_ones():
    full = np.array([[1.0, 1, 1, 0, 1, 1, 0.5, 0], [0.0, 0, 0, 1, 0, 0, 0.5, 1]])
    holes = full.copy()
    holes[0, 3] = holes[1, 7] = np.nan
    assert rank_sets(full, UNIT, higher=True) == [(1, 2), (1, 2)]
    assert rank_sets(holes, UNIT, higher=True) == [(1, 1), (2, 2)]


def test_rank_sets_of_1250_rows_are_quick():
    rng = np.random.default_rng(2)
    matrix = rng.binomial(2, rng.uniform(0.2, 0.8, (1250, 1)), (1250, 500)) / 2
    begun = time.process_time()
    sets = rank_sets(matrix, UNIT, higher=True)
    assert time.process_time() - begun < 5
    assert len(sets) == 1250


def test_detectable_difference_of_an_empty_and_a_full_board():
    assert detectable_difference(np.zeros((1, 120)), UNIT) == pytest.approx(0.1156, abs=2e-3)
    rng = np.random.default_rng(4)
    rows = rng.binomial(2, 0.5, (6, 120)) / 2
    assert 0.08 < detectable_difference(rows, UNIT) < 0.17


def test_detectable_difference_within_groups_reads_no_pair_across_them():
    near = np.tile(np.linspace(0, 1, 60), (3, 1)) + np.random.default_rng(1).normal(0, 0.01, (3, 60))
    far = np.vstack([near, 1 - near])
    within = detectable_difference(far, UNIT, ["a"] * 3 + ["b"] * 3)
    assert within < 0.02 < 0.1 < detectable_difference(far, UNIT)
    alone = detectable_difference(far, UNIT, list("abcdef"))
    assert alone == pytest.approx(detectable_difference(far[:1], UNIT))


def test_holm_stops_at_the_first_failure():
    assert holm([0.04, 0.001, 0.03]) == [False, True, False]
    assert holm([]) == []


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
