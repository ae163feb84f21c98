"""Does the rate follow accuracy within a family: fixed vectors, what is not estimable, coverage."""

import math

import numpy as np
import pytest

from interplay.leaderboard.decoupling import Decoupling, decoupling
from interplay.leaderboard.statistics import Vector


def rows(*ones: int, m: int = 20) -> Vector:
    """One model a number: so many of its contexts hold."""
    return np.array([[float(i < n) for i in range(m)] for n in ones])


def figures(found: Decoupling) -> tuple[float | None, float | None]:
    return (found.rho and found.rho.value, found.slope and found.slope.value)


@pytest.mark.parametrize(
    ("right", "genuine", "expected"),
    [
        ((4, 8, 18), (2, 4, 6), (1.0, 0.0269)),
        ((4, 8, 18), (6, 4, 2), (-1.0, -0.0269)),
        ((4, 8, 18), (0, 0, 0), (None, 0.0)),
        ((8, 8, 8), (2, 4, 6), (None, None)),
    ],
)
def test_correlation_and_slope(
    right: tuple[int, ...], genuine: tuple[int, ...], expected: tuple[float | None, float | None]
) -> None:
    found = figures(decoupling(rows(*right), rows(*genuine), 1))
    for value, wanted in zip(found, expected, strict=True):
        assert value == (None if wanted is None else pytest.approx(wanted, abs=2e-4))


def test_ties_share_a_rank() -> None:
    found = decoupling(rows(4, 8, 8, 18), rows(2, 4, 6, 6), 1)
    assert found.rho is not None
    assert found.rho.value == pytest.approx(0.8333, abs=1e-4)


def test_the_same_seed_gives_the_same_interval_and_another_one_a_like_one() -> None:
    draw = np.random.RandomState(3)
    right = (draw.random_sample((4, 300)) < np.array([[0.3], [0.5], [0.7], [0.9]])).astype(float)
    genuine = (draw.random_sample((4, 300)) < np.array([[0.02], [0.05], [0.1], [0.2]])).astype(float)
    first, again, other = (decoupling(right, genuine, seed) for seed in (1, 1, 2))
    assert first == again
    assert first.slope is not None
    assert other.slope is not None
    assert 0 < first.slope.lo < first.slope.value < first.slope.hi < 0.1
    assert other.slope.lo == pytest.approx(first.slope.lo, abs=0.003)
    assert first.slope.n == 300


def test_a_rate_that_is_seen_once_gives_no_interval_of_the_correlation() -> None:
    found = decoupling(rows(4, 8, 18), rows(0, 0, 1), 1)
    assert found.rho is not None
    assert math.isnan(found.rho.lo)
    assert found.slope is not None
    assert found.slope.lo == 0.0


def test_the_interval_of_the_slope_covers_what_contexts_vary() -> None:
    """Models of known rates, many sets of contexts: the true slope lies inside as often as it should."""
    accuracy, rate = np.array([0.3, 0.6, 0.9]), np.array([0.05, 0.1, 0.25])
    centred = accuracy - accuracy.mean()
    true = 0.1 * float((centred * rate).sum() / (centred**2).sum())
    draw = np.random.RandomState(7)
    inside = 0
    for seed in range(100):
        right = (draw.random_sample((3, 150)) < accuracy[:, None]).astype(float)
        genuine = (draw.random_sample((3, 150)) < rate[:, None]).astype(float)
        slope = decoupling(right, genuine, seed).slope
        assert slope is not None
        inside += slope.lo <= true <= slope.hi
    assert inside >= 88
