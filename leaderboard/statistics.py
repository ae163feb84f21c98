"""Intervals of means, shares and paired differences.

Everything works on one value per unit of randomisation (a maze, a prompt), so that repeated draws of one
unit never count as new evidence. All levels are 95 %. Formulas: the method page; quantiles are scipy's.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri, stdtrit

Vector: TypeAlias = NDArray[np.float64]

ALPHA = 0.05
Z = float(-ndtri(ALPHA / 2))
"""Quantile of the normal distribution: 1.96."""
BOOTSTRAP_DRAWS = 2_000
AT_END = 1e-4
"""Distance from an end of the range, as a share of its width, up to which a value sits on it: not finer than
the four decimals that units are stored with."""
FEW = 10
"""With fewer units that hold, or lack, a success, the variance between units is not trusted."""
FEWEST = 3
"""Up to so many successes, or failures, are held against a Poisson count as well."""


class Estimate(NamedTuple):
    """A figure with its 95 % interval, and the number of units behind it."""

    value: float
    lo: float
    hi: float
    n: int


def t_quantile(level: float, df: int) -> float:
    """Quantile of Student's t; 1.96 at (0.975, many)."""
    return float(stdtrit(df, level))


def share(
    values: Sequence[float], bounds: tuple[float, float], draws: float = 1, binary: bool = False
) -> Estimate:
    """Interval of a mean inside a range: Wilson's, at the effective number of draws.

    The effective number follows from the variance between units; it is brought to the t distribution of
    the units, so that it holds with few of them. Where one, two or three of all units failed, or succeeded,
    the limit on that side is at least as far out as that of a Poisson count, which is Brown, Cai and
    DasGupta's adjustment (Statistical Science 16, 2001, section 4.1.1): plain Wilson covers 90 % there.

    Args:
        values: One value per unit.
        bounds: Ends of the range.
        draws: Mean number of 0/1 draws behind one unit.
        binary: Every sample sits at an end of the range.
    """
    lo, hi = bounds
    x = (np.asarray(values, dtype=np.float64) - lo) / (hi - lo)
    m, p = len(x), float(np.clip(x.mean(), 0.0, 1.0))
    if m < 2:
        return Estimate(lo + p * (hi - lo), lo, hi, m)
    variance = float(x.var(ddof=1))
    effective = p * (1 - p) / (variance / m) if variance > AT_END**2 and 0 < p < 1 else float(m)
    if binary:
        few = min(int((x > AT_END).sum()), int((x < 1 - AT_END).sum())) < FEW
        effective = float(m) if few else float(np.clip(effective, m, m * max(draws, 1.0)))
    effective *= (t_quantile(0.975, 10**9) / t_quantile(0.975, m - 1)) ** 2
    low, high = wilson_ends(p * effective, effective)
    if binary and at_ends(x, (0.0, 1.0)):
        successes = round(float(x.sum()))
        low = min(low, poisson_limit(successes) / m)
        high = max(high, 1 - poisson_limit(m - successes) / m)
    return _ordered(lo + p * (hi - lo), lo + low * (hi - lo), lo + high * (hi - lo), bounds, m)


def wilson_ends(successes: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Journal of the American Statistical Association 22, 1927).

    The formula stands here because the library that has it takes longer to load than a check to compute.

    Args:
        successes: Of `n`, a fraction where draws were weighted.
        n: Draws, more than 0.
    """
    share, squared = successes / n, Z * Z
    denominator = 1 + squared / n
    centre = (share + squared / (2 * n)) / denominator
    half = Z * math.sqrt(share * (1 - share) / n + squared / (4 * (n * n))) / denominator
    return max(centre - half, 0.0), min(centre + half, 1.0)


def poisson_limit(count: int) -> float:
    """Lower 95 % limit of the mean behind a Poisson count of one, two or three; infinite for other counts."""
    return float(gammaincinv(count, ALPHA)) if 1 <= count <= FEWEST else math.inf


def macro(groups: Sequence[Estimate], bounds: tuple[float, float]) -> Estimate:
    """Mean of the rates of groups without common units; half-widths add in quadrature."""
    size = len(groups)
    value = sum(g.value for g in groups) / size
    below = sum((g.value - g.lo) ** 2 for g in groups) ** 0.5 / size
    above = sum((g.hi - g.value) ** 2 for g in groups) ** 0.5 / size
    return _ordered(value, value - below, value + above, bounds, sum(g.n for g in groups))


def paired(first: Sequence[float], second: Sequence[float], bounds: tuple[float, float]) -> Estimate:
    """Mean difference first minus second over common units, with the interval for new units.

    Where all values sit at the ends of the range, or all differences are equal, the interval (not the
    printed mean) is that of the differences with one full success and one full failure added, which is
    Bonett and Price's adjustment for 0/1 data.

    Args:
        first: One value per unit.
        second: The other value of the same units, in the same order.
        bounds: Ends of the range of either value.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    width, d = bounds[1] - bounds[0], a - b
    m, value = len(d), float(d.mean())
    if m < 2:
        return Estimate(value, -width, width, m)
    if at_ends(np.concatenate([a, b]), bounds) or float(np.ptp(d)) <= AT_END * width:
        d = np.append(d, [width, -width])
    half = t_quantile(0.975, m - 1) * float(d.std(ddof=1)) / len(d) ** 0.5
    return _ordered(value, float(d.mean()) - half, float(d.mean()) + half, (-width, width), m)


def new_run(
    units: Sequence[Sequence[Sequence[float]]], minus: Sequence[Sequence[Sequence[float]]] | None = None
) -> Estimate:
    """Mean over units with the interval for another run of the *same* units: `se² = Σ s_u²/E_u / m²`.

    Args:
        units: For each unit, for each of its samples, the values of its epochs, at least two.
        minus: The same of a second arm, which is subtracted.
    """
    m, value, variance, df = len(units), 0.0, 0.0, 0
    for sign, arm in ((1, units), (-1, minus or ())):
        for samples in arm:
            value += sign * sum(sum(e) / len(e) for e in samples) / len(samples) / m
            spread = sum(float(np.var(e, ddof=1)) / len(e) for e in samples)
            variance += spread / len(samples) ** 2 / m**2
            df += sum(len(e) - 1 for e in samples)
    half = t_quantile(0.975, df) * variance**0.5
    return Estimate(value, value - half, value + half, m)


def bootstrap(
    columns: Sequence[Sequence[float]], statistic: Callable[[list[Vector]], Vector], seed: int
) -> Estimate:
    """Percentile interval from drawing units with replacement, 2,000 times.

    Args:
        columns: One or more values per unit, units in the same order in each.
        statistic: From the drawn means of each column (one number a draw) to the figure of each draw.
        seed: 32-bit seed; the stream is numpy's frozen legacy one, so it never changes.
    """
    data = [np.asarray(column, dtype=np.float64) for column in columns]
    m = len(data[0])
    value = float(statistic([column.mean(keepdims=True) for column in data])[0])
    drawn = np.random.RandomState(seed).randint(0, m, size=(BOOTSTRAP_DRAWS, m), dtype=np.int64)
    figures = statistic([column[drawn].mean(axis=1) for column in data])
    low, high = np.percentile(figures, [100 * ALPHA / 2, 100 * (1 - ALPHA / 2)])
    return Estimate(value, min(float(low), value), max(float(high), value), m)


def bootstrap_mean(values: Sequence[float], seed: int) -> Estimate:
    """Mean over units with its bootstrap interval."""
    return bootstrap([values], lambda means: means[0], seed)


def bootstrap_ratio(top: Sequence[float], bottom: Sequence[float], seed: int) -> Estimate:
    """Ratio of two means over the same units with its bootstrap interval."""
    return bootstrap([top, bottom], lambda means: means[0] / means[1], seed)


def bootstrap_kappa(units: Sequence[Sequence[tuple[bool, bool]]], seed: int) -> Estimate | None:
    """Cohen's kappa of two yes/no readings of the same samples, with its bootstrap interval over units.

    Drawn units of which both readings say the same throughout agree fully.

    Args:
        units: For each unit both readings of each of its samples.
        seed: 32-bit seed.

    Returns:
        None where both readings say one and the same of all samples, or where there is no unit.
    """
    sums = [[len(u), sum(a == b for a, b in u), sum(a for a, _ in u), sum(b for _, b in u)] for u in units]
    n, _, first, second = (sum(column) for column in zip(*sums, strict=True)) if sums else (0, 0, 0, 0)
    if first == second and first in (0, n):
        return None

    def kappa(means: list[Vector]) -> Vector:
        agreed, yes, also = (mean / means[0] for mean in means[1:])
        chance = yes * also + (1 - yes) * (1 - also)
        open_to = np.where(chance < 1, 1 - chance, 1.0)
        return np.where(chance < 1, (agreed - chance) / open_to, 1.0)

    return bootstrap([[float(value) for value in column] for column in zip(*sums, strict=True)], kappa, seed)


def bootstrap_groups(first: Sequence[float], second: Sequence[float], seed: int) -> Estimate:
    """Mean of one group of units less that of another, each drawn with replacement by itself."""
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    value = float(a.mean() - b.mean())
    stream = np.random.RandomState(seed)
    means = [
        group[stream.randint(0, len(group), size=(BOOTSTRAP_DRAWS, len(group)), dtype=np.int64)].mean(axis=1)
        for group in (a, b)
    ]
    low, high = np.percentile(means[0] - means[1], [100 * ALPHA / 2, 100 * (1 - ALPHA / 2)])
    return Estimate(value, min(float(low), value), max(float(high), value), len(a) + len(b))


def welch(first: Sequence[float], second: Sequence[float]) -> Estimate:
    """Difference of the means of two groups of units with Welch's interval; both need two units.

    Groups without any spread have an interval of no width.
    """
    sides = [np.asarray(side, dtype=np.float64) for side in (first, second)]
    value = float(sides[0].mean() - sides[1].mean())
    parts = [float(side.var(ddof=1)) / len(side) if float(np.ptp(side)) else 0.0 for side in sides]
    n = sum(map(len, sides))
    if not any(parts):
        return Estimate(value, value, value, n)
    freedom = sum(parts) ** 2 / sum(p**2 / (len(side) - 1) for p, side in zip(parts, sides, strict=True))
    half = float(stdtrit(freedom, 1 - ALPHA / 2)) * sum(parts) ** 0.5
    return Estimate(value, value - half, value + half, n)


def bootstrap_runs(
    values: Sequence[Sequence[float]],
    errors: Sequence[Sequence[float]],
    factors: Sequence[float],
    bounds: tuple[float, float],
    seed: int,
) -> Estimate:
    """Weighted mean over units whose values are measurements themselves, with an interval for another run.

    Each draw takes runs with replacement, then every unit from Normal(value, its error), clipped to the
    range. The units stay as they are: they are all there is.

    Args:
        values: One row a unit, one value a run.
        errors: The standard error of each value; 0 where it is not known.
        factors: What a unit's mean is multiplied by, so that the plain mean of units is the figure.
        bounds: Ends of the range of a value.
        seed: 32-bit seed.
    """
    stream = np.random.RandomState(seed)
    drawn = np.zeros(BOOTSTRAP_DRAWS)
    value = 0.0
    for row, spread, factor in zip(values, errors, factors, strict=True):
        x, e = np.asarray(row, dtype=np.float64), np.asarray(spread, dtype=np.float64)
        runs = stream.randint(0, len(x), size=(BOOTSTRAP_DRAWS, len(x)), dtype=np.int64)
        noise = stream.standard_normal((BOOTSTRAP_DRAWS, len(x)))
        drawn += factor * np.clip(x[runs] + noise * e[runs], *bounds).mean(axis=1)
        value += factor * float(x.mean())
    m = len(values)
    low, high = np.percentile(drawn / m, [100 * ALPHA / 2, 100 * (1 - ALPHA / 2)])
    return Estimate(value / m, min(float(low), value / m), max(float(high), value / m), m)


def mean_t(values: Sequence[float], bounds: tuple[float, float]) -> Estimate:
    """Mean over units with its t interval, clipped to the range; the whole range with a single unit."""
    x = np.asarray(values, dtype=np.float64)
    m, value = len(x), float(x.mean())
    if m < 2:
        return Estimate(value, min(bounds[0], value), max(bounds[1], value), m)
    half = t_quantile(0.975, m - 1) * float(x.std(ddof=1)) / m**0.5
    return _ordered(value, value - half, value + half, bounds, m)


def at_ends(values: Vector, bounds: tuple[float, float]) -> bool:
    """Whether every value sits at an end of the range, so that its variance is that of 0/1 data."""
    near = AT_END * (bounds[1] - bounds[0])
    return bool(np.all((np.abs(values - bounds[0]) <= near) | (np.abs(values - bounds[1]) <= near)))


def _ordered(value: float, lo: float, hi: float, bounds: tuple[float, float], n: int) -> Estimate:
    """Clips an interval to the range and makes it hold its value, whatever rounding did."""
    return Estimate(value, max(min(lo, value), bounds[0]), min(max(hi, value), bounds[1]), n)
