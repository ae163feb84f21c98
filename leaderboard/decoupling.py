"""Does the rate of genuine turns follow accuracy within a model family? Pure: 0/1 values of contexts in.

Spearman's correlation over the models of a family, and the least-squares change of the greedy rate for 0.10
of accuracy, with percentile intervals from drawing contexts with replacement. All models keep their contexts
together, so that a hard context is hard for all. The models are taken as given: the interval says what other
contexts would give, not what other models would.
"""

from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from .statistics import ALPHA, BOOTSTRAP_DRAWS, Estimate, Vector

FEWEST_SIZES = 3
STEP = 0.1
DEFINED = 0.95
"""Share of the draws that must give a figure for an interval to be given."""


class Decoupling(NamedTuple):
    """Both figures; None where a side does not vary, lo and hi NaN where too few draws vary."""

    rho: Estimate | None
    slope: Estimate | None


def decoupling(right: Vector, genuine: Vector, seed: int) -> Decoupling:
    """Both figures with their intervals.

    Args:
        right: 1 where the reply is right: one row a model, one column a context.
        genuine: 1 where the greedy turn is genuine, of the same models and contexts.
        seed: 32-bit seed.
    """
    m = right.shape[1]
    drawn = np.random.RandomState(seed).randint(0, m, size=(BOOTSTRAP_DRAWS, m), dtype=np.int64)
    x, y = (_means(side, drawn) for side in (right, genuine))
    return Decoupling(
        _estimate(
            _correlations(right.mean(axis=1)[:, None], genuine.mean(axis=1)[:, None]), _correlations(x, y), m
        ),
        _estimate(_slopes(right.mean(axis=1)[:, None], genuine.mean(axis=1)[:, None]), _slopes(x, y), m),
    )


def _means(side: Vector, drawn: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]") -> Vector:
    return np.stack([row[drawn].mean(axis=1) for row in side])


def _correlations(x: Vector, y: Vector) -> Vector:
    """Spearman's correlation of each column, NaN where a side is constant."""
    a, b = (rankdata(side, axis=0) for side in (x, y))
    return _ratio(_product(a, b), np.sqrt(_product(a, a) * _product(b, b)))


def _slopes(x: Vector, y: Vector) -> Vector:
    """Change of y for one step of x, by least squares, of each column."""
    return STEP * _ratio(_product(x, y), _product(x, x))


def _product(a: Vector, b: Vector) -> Vector:
    return ((a - a.mean(axis=0)) * (b - b.mean(axis=0))).sum(axis=0)


def _ratio(top: Vector, bottom: Vector) -> Vector:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 1e-12)


def _estimate(found: Vector, draws: Vector, m: int) -> Estimate | None:
    value = float(found[0])
    if np.isnan(value):
        return None
    defined = draws[~np.isnan(draws)]
    if len(defined) < DEFINED * len(draws):
        return Estimate(value, float("nan"), float("nan"), m)
    low, high = np.percentile(defined, [100 * ALPHA / 2, 100 * (1 - ALPHA / 2)])
    return Estimate(value, min(float(low), value), max(float(high), value), m)
