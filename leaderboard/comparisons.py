"""Comparing rows of a board: rank sets, the difference a board can detect, corrections, agreement of boards.

Rows are compared on the units that both have, by matrix products, so that a board of 1,250 entries takes
well under a second. The rate of false discoveries and Kendall's tau are scipy's. Holm's correction stands
here, because the library that has it sweeps the memory of the whole process at every call.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit
from scipy.stats import false_discovery_control, kendalltau

from .statistics import ALPHA, AT_END, Vector, at_ends, t_quantile

ROWS_PER_BLOCK = 256
POWER = 0.80
PAIRED_VARIANCE = 0.2
"""Variance of a paired difference, as a share of the squared range, before a board has three rows."""
FEWEST_COMMON = 5
"""Configurations that two boards must share before their agreement is shown."""


class PairTests(NamedTuple):
    """Paired t tests of some rows against all rows: mean differences, their sd, t and common units."""

    mean: Vector
    sd: Vector
    t: Vector
    n: Vector

    @property
    def p(self) -> Vector:
        """Two-sided p value of each pair."""
        return 2 * stdtr(np.maximum(self.n - 1, 1), -np.abs(self.t))


class Rows(NamedTuple):
    """Rows of a board, made ready for products: values from the lower end, 0 where one is missing.

    Attributes:
        known: Where a value is.
        ends: Which rows hold values at the ends of the range only.
        width: Of the range.
    """

    x: Vector
    square: Vector
    known: NDArray[np.bool_]
    ends: NDArray[np.bool_]
    width: float


def prepared(matrix: Vector, bounds: tuple[float, float]) -> Rows:
    """Rows that can be tested.

    Args:
        matrix: Rows are entries, columns units, NaN where a unit is missing.
        bounds: Ends of the range of a value.
    """
    known = ~np.isnan(matrix)
    x = np.where(known, matrix - bounds[0], 0.0)
    ends = np.array([at_ends(row[mask], bounds) for row, mask in zip(matrix, known, strict=True)], dtype=bool)
    return Rows(x, x**2, known, ends, bounds[1] - bounds[0])


def pair_tests(matrix: Vector, rows: slice, bounds: tuple[float, float]) -> PairTests:
    """Tests each of `rows` against every row of the matrix on their common units.

    Args:
        matrix: Rows are entries, columns units, NaN where a unit is missing.
        rows: The block of rows to test.
        bounds: Ends of the range of a value; the pseudo-units of `paired` are added where they belong.
    """
    return tests_of(prepared(matrix, bounds), rows)


def tests_of(rows: Rows, block: slice) -> PairTests:
    """Tests each row of a block against all rows, by matrix products."""
    x, square, width = rows.x, rows.square, rows.width
    if rows.known.all():  # then two of the three kinds of product are sums
        n = np.full((len(x[block]), len(x)), float(x.shape[1]))
        total = x[block].sum(axis=1)[:, None] - x.sum(axis=1)
        squares = square[block].sum(axis=1)[:, None] + square.sum(axis=1)
    else:
        w = rows.known.astype(np.float64)
        n = w[block] @ w.T
        total = x[block] @ w.T - w[block] @ x.T
        squares = square[block] @ w.T + w[block] @ square.T
    squares = squares - 2 * (x[block] @ x.T)
    variance = np.maximum(squares - total**2 / np.maximum(n, 1), 0) / np.maximum(n - 1, 1)
    add = (rows.ends[block][:, None] & rows.ends) | (variance <= (AT_END * width) ** 2)
    count = np.maximum(n + 2 * add, 1)
    spread = np.maximum(squares + 2 * width**2 * add - total**2 / count, 0)
    error = np.sqrt(spread / np.maximum(count - 1, 1) / count)
    t = np.divide(total / count, error, out=np.zeros_like(total), where=error > 0)
    return PairTests(total / np.maximum(n, 1), np.sqrt(variance), np.where(n > 1, t, 0.0), n)


class Comparison(NamedTuple):
    """What the data of a board tell apart.

    Attributes:
        sets: The places that each row may hold in its group.
        detectable: The paired difference that the board resolves with 80 % power, in units of the metric.
    """

    sets: tuple[tuple[int, int], ...]
    detectable: float


def compared(
    matrix: Vector, bounds: tuple[float, float], groups: Sequence[str], *, higher: bool = True
) -> Comparison:
    """Tests every row against every other row of its group, once for all that is said of a board.

    Args:
        matrix: Rows are entries, columns units, NaN where a unit is missing.
        bounds: Ends of the range of a value.
        groups: The group of each row: only rows of one group are compared.
        higher: More is better.
    """
    names = np.asarray(groups, dtype=object)
    sets = np.zeros((len(matrix), 2), dtype=int)
    spreads: list[Vector] = []
    for group in dict.fromkeys(groups):
        members = np.flatnonzero(names == group)
        rows, k = prepared(matrix[members], bounds), len(members)
        for start in range(0, k, ROWS_PER_BLOCK):
            own = np.arange(start, min(start + ROWS_PER_BLOCK, k))
            tests = tests_of(rows, slice(start, start + len(own)))
            significant = _significant(tests, own)
            ahead = tests.t > 0 if higher else tests.t < 0
            sets[members[own], 0] = 1 + (significant & ~ahead).sum(axis=1)
            sets[members[own], 1] = k - (significant & ahead).sum(axis=1)
            spreads.append(tests.sd[np.arange(k) > own[:, None]])
    pairs = np.concatenate(spreads) if spreads else np.zeros(0)
    return Comparison(
        tuple((int(first), int(last)) for first, last in sets), _detectable(matrix.shape[1], pairs, bounds)
    )


def rank_sets(matrix: Vector, bounds: tuple[float, float], higher: bool) -> list[tuple[int, int]]:
    """The places that each row may hold: (1 + rows significantly better, rows − significantly worse).

    Holm's correction at 5 % within each row. A row whose set starts at 1 is unbeaten.

    Args:
        matrix: Rows are entries, columns units, NaN where a unit is missing.
        bounds: Ends of the range of a value.
        higher: More is better.
    """
    return list(compared(matrix, bounds, [""] * len(matrix), higher=higher).sets)


def _significant(tests: PairTests, own: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which rows differ from each row at 5 % after Holm's correction within the row.

    With all units in common the sizes of t are held against Holm's critical values; otherwise degrees of
    freedom differ, and p values stand for them. Equal values never straddle a step, because limits grow.

    Args:
        tests: Of a block of rows against all.
        own: The place of each row of the block among all, which is no test.
    """
    k, place = tests.t.shape[1], np.arange(len(own))
    if k < 2:
        return np.zeros(tests.t.shape, dtype=bool)
    steps = np.arange(k - 1, 0, -1)
    if tests.n.min() == tests.n.max():
        weight = np.abs(tests.t)
        limits = stdtrit(max(tests.n[0, 0] - 1, 1), 1 - ALPHA / 2 / steps)
    else:
        weight, limits = -_bounded_p(tests, k), -ALPHA / steps
    weight[place, own] = -np.inf
    ranked = -np.sort(-weight, axis=1)[:, : k - 1]
    passed = np.logical_and.accumulate(ranked >= limits, axis=1).sum(axis=1)
    least = np.where(passed > 0, ranked[place, np.maximum(passed, 1) - 1], np.inf)
    return weight >= least[:, None]


def _bounded_p(tests: PairTests, k: int) -> Vector:
    """P values as exact as Holm needs them: 0 and 1 stand for what passes, or fails, at every step."""
    df = np.maximum(tests.n - 1, 1)
    surely, never = t_quantile(1 - ALPHA / 2 / k, int(df.min())), t_quantile(1 - ALPHA / 2, int(df.max()))
    size = np.abs(tests.t)
    p = np.where(size > surely, 0.0, 1.0)
    between = (size <= surely) & (size > never)
    p[between] = 2 * stdtr(df[between], -size[between])
    return p


def detectable_difference(
    matrix: Vector, bounds: tuple[float, float], groups: Sequence[str] | None = None
) -> float:
    """The paired difference that a board resolves with 80 % power, in units of the metric.

    Args:
        matrix: Rows are entries, columns units, NaN where a unit is missing.
        bounds: Ends of the range of a value.
        groups: The group of each row, where only rows of one group are compared.
    """
    return compared(matrix, bounds, groups or [""] * len(matrix)).detectable


def _detectable(units: int, spreads: Vector, bounds: tuple[float, float]) -> float:
    """`(t.975 + t.80) · median pairwise sd / √m`.

    With fewer than three pairs the sd is taken as √0.2 of the range.
    """
    width = bounds[1] - bounds[0]
    if units < 2:
        return width
    sd = float(np.median(spreads)) if len(spreads) >= 3 else PAIRED_VARIANCE**0.5 * width
    return (t_quantile(0.975, units - 1) + t_quantile(POWER, units - 1)) * sd / units**0.5


def holm(p_values: Sequence[float]) -> list[bool]:
    """Which of several declared tests are significant at 5 % after Holm's correction."""
    return [p <= ALPHA for p in holm_adjusted(p_values)]


def holm_adjusted(p_values: Sequence[float]) -> list[float]:
    """P values corrected for all of them together (Holm, Scandinavian Journal of Statistics 6, 1979)."""
    p = np.asarray(p_values, dtype=np.float64)
    order, steps = np.argsort(p, kind="stable"), np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * steps), 1.0)
    return adjusted.tolist()


def benjamini_hochberg(p_values: Sequence[float]) -> list[bool]:
    """Which of many exploratory tests to point out, so that 5 % of those are expected to be false."""
    return [bool(p <= ALPHA) for p in false_discovery_control(p_values)] if p_values else []


class Agreement(NamedTuple):
    """Kendall's tau-b between the values of the same configurations on two boards, and how many they are."""

    tau: float
    p: float
    n: int


def agreement(first: Sequence[float], second: Sequence[float]) -> Agreement | None:
    """How far two boards order the same configurations alike: 1 alike, -1 reversed.

    None with fewer than five configurations, or where one board gives all of them the same value.

    Args:
        first: Values on one board, better ones larger.
        second: Values of the same configurations on the other, in the same order.
    """
    if len(first) < FEWEST_COMMON or len({*first}) < 2 or len({*second}) < 2:
        return None
    tau, p = cast(tuple[float, float], kendalltau(first, second))
    return Agreement(float(tau), float(p), len(first))
