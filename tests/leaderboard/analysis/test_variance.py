"""Variance components: the textbook's mean squares, planted truth, honest intervals, missing cells."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from statsmodels.stats.anova import anova_lm

from interplay.leaderboard.analysis.cells import Cells
from interplay.leaderboard.analysis.variance import (
    COMPONENTS,
    deleted_squares,
    jackknifed,
    mean_squares,
    reml_components,
    variances,
)
from interplay.leaderboard.statistics import t_quantile

PLANTED = (0.04, 0.01, 0.02, 0.01, 0.005, 0.003, 0.02)
NOTHING = (0.0, 0.0, 0.0, 0.01, 0.0, 0.0, 0.02)


def table(m: int, n: int, k: int, components: tuple[float, ...], rng: np.random.Generator) -> np.ndarray:
    """Fixed effects with exactly these variances, random ones drawn."""
    s, p, sp, o, so, po, r = (c**0.5 for c in components)
    speaker, partner = np.linspace(-1, 1, m), np.linspace(-1, 1, n)
    pair = np.random.default_rng(3).normal(size=(m, n))
    pair -= pair.mean(axis=0)
    pair -= pair.mean(axis=1, keepdims=True)
    pair *= sp / ((pair**2).sum() / ((m - 1) * (n - 1))) ** 0.5
    return (
        (speaker * s / speaker.std(ddof=1))[:, None, None]
        + (partner * p / partner.std(ddof=1))[None, :, None]
        + pair[:, :, None]
        + rng.normal(size=k) * o
        + rng.normal(size=(m, 1, k)) * so
        + rng.normal(size=(1, n, k)) * po
        + rng.normal(size=(m, n, k)) * r
    )


def cells(values: np.ndarray) -> Cells:
    names = [
        tuple(f"{letter}{i:03d}" for i in range(size))
        for letter, size in zip("spo", values.shape, strict=True)
    ]
    return Cells(names[0], names[1], names[2], values)


def truth(components: tuple[float, ...], m: int, n: int) -> np.ndarray:
    """What pairings of an opener have in common counts as the opener's."""
    found = np.array(components)
    found[3] += found[4] / m + found[5] / n
    return found


def test_mean_squares_are_those_of_the_three_way_table():
    values = table(3, 4, 6, PLANTED, np.random.default_rng(1))
    s, p, o = np.indices(values.shape)
    frame = pd.DataFrame({"y": values.ravel(), "s": s.ravel(), "p": p.ravel(), "o": o.ravel()})
    fit = smf.ols("y ~ C(s) + C(p) + C(o) + C(s):C(p) + C(s):C(o) + C(p):C(o)", frame).fit()
    expected = anova_lm(fit)["mean_sq"]
    order = ["C(s)", "C(p)", "C(s):C(p)", "C(o)", "C(s):C(o)", "C(p):C(o)", "Residual"]
    assert [float(square[0]) for square in mean_squares(values)] == pytest.approx(
        [float(expected[name]) for name in order]
    )


def test_leaving_out_an_opener_by_updating_is_leaving_it_out():
    values = table(3, 4, 9, PLANTED, np.random.default_rng(2)) + 5
    updated = deleted_squares(values)
    for k in range(9):
        anew = mean_squares(np.delete(values, k, axis=2))
        assert [float(square[k]) for square in updated] == pytest.approx(
            [float(square[0]) for square in anew]
        )


def test_the_jackknife_of_a_mean_is_its_t_interval():
    x = np.random.default_rng(3).normal(size=25)
    deleted = (x.sum() - x) / 24
    half = t_quantile(0.975, 24) * x.std(ddof=1) / 5
    found = jackknifed(float(x.mean()), deleted)
    assert (found.lo, found.hi, found.n) == pytest.approx((x.mean() - half, x.mean() + half, 25))


@pytest.mark.parametrize("components", [PLANTED, NOTHING])
def test_planted_components_come_back_and_their_intervals_hold(components: tuple[float, ...]):
    rng, runs = np.random.default_rng(4), 200
    covered, total = np.zeros(7), np.zeros(7)
    expected = truth(components, 6, 6)
    for _ in range(runs):
        found = variances(cells(table(6, 6, 120, components, rng)))
        assert found is not None
        total += [c.value for c in found.components]
        covered += [c.lo <= t <= c.hi for c, t in zip(found.components, expected, strict=True)]
    assert total / runs == pytest.approx(expected, abs=0.0006)
    assert (covered / runs >= 0.90).all(), dict(zip(COMPONENTS, covered / runs, strict=True))


def test_shares_sum_to_one_and_negative_components_count_as_none():
    found = variances(cells(table(4, 4, 20, NOTHING, np.random.default_rng(5))))
    assert found is not None
    assert min(c.value for c in found.components) < 0
    assert sum(c.share for c in found.components) == pytest.approx(1)
    assert all(c.share == 0 for c in found.components if c.value <= 0)


def test_both_methods_agree_on_a_table_without_gaps():
    values = table(4, 5, 30, PLANTED, np.random.default_rng(6))
    found = variances(cells(values))
    assert found is not None
    assert found.method == "anova"
    assert reml_components(values) == pytest.approx([c.value for c in found.components], abs=2e-5)


@pytest.mark.slow
def test_missing_cells_are_modelled_when_leaving_openers_out_would_cost_too_many():
    rng = np.random.default_rng(7)
    values = table(3, 3, 40, PLANTED, rng)
    values[rng.random(values.shape) < 0.08] = np.nan
    found = variances(cells(values))
    assert found is not None
    assert found.method == "reml"
    assert found.openers == 40
    assert [c.value for c in found.components[:3]] == pytest.approx(PLANTED[:3], rel=0.4)
    assert all(c.lo < c.value < c.hi for c in found.components)


def test_a_few_gaps_cost_their_openers():
    values = table(3, 3, 40, PLANTED, np.random.default_rng(8))
    values[0, 0, :5] = np.nan
    found = variances(cells(values))
    assert found is not None
    assert (found.method, found.openers, found.left_out) == ("anova", 35, 5)


def test_one_partner_shows_nothing():
    assert variances(cells(table(3, 3, 10, PLANTED, np.random.default_rng(9))[:, :1])) is None
