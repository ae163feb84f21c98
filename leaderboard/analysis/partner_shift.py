"""How far a speaker's replies depend on the partner, without the bias of a largest difference (pure).

The largest less the smallest of several partner means is above zero even when no partner matters. So it is
cross-fitted: over many random halvings of the openers the highest and the lowest partner are chosen on one
half, and their difference is measured on the other. Intervals are delete-one-opener jackknives that keep the
halvings.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from ..statistics import Estimate
from .cells import Array, Cells
from .variance import jackknifed

SEED = 20260601
HALVINGS = 50
DRAWS = 2_000
AT_ONCE = 4_000_000
"""Numbers held at a time while openers are deleted one by one."""


class Shift(NamedTuple):
    """What one speaker's partners make of its replies.

    Attributes:
        speaker: The checkpoint.
        mean: Its mean over partners and openers.
        shift: Cross-fitted difference between its highest and its lowest partner.
        relative: The same, divided by the mean; NaN where the mean is 0.
        naive: Largest less smallest partner mean, which is biased upward.
        highest, lowest: The partners at both ends, on all openers.
        partner_sd: Standard deviation between partners beyond what sampling adds.
    """

    speaker: str
    mean: float
    shift: Estimate
    relative: Estimate
    naive: float
    highest: str
    lowest: str
    partner_sd: float


class Gap(NamedTuple):
    """A speaker's shift less the range over other speakers, and both parts."""

    shift: float
    others: float
    difference: Estimate

    @property
    def larger(self) -> bool:
        """The shift is larger, and not by chance."""
        return self.difference.lo > 0


def halvings(openers: int) -> NDArray[np.bool_]:
    """Random halves of the openers, the same for everybody: halvings x openers, true in the first half."""
    rng = np.random.default_rng(SEED)
    half = np.zeros((HALVINGS, openers), dtype=np.bool_)
    for row in half:
        row[rng.permutation(openers)[: openers // 2]] = True
    return half


def cross_fitted(values: Array) -> tuple[float, Array]:
    """Cross-fitted range of the means over the first axis, from all openers and with each one left out.

    Args:
        values: Partners (or whatever is compared) x openers, complete.

    Returns:
        The range, and one value an opener for the jackknife.
    """
    levels, openers = values.shape
    first = halvings(openers)
    sizes = np.stack([first.sum(axis=1), (~first).sum(axis=1)])
    sums = np.stack([values @ first.T, values @ (~first).T])  # half x levels x halvings
    whole = _range(sums[..., None], sizes[..., None])[0]
    deleted = np.empty(openers)
    step = max(1, AT_ONCE // (2 * levels * HALVINGS))
    for start in range(0, openers, step):
        part = slice(start, start + step)
        inside = np.stack([first[:, part], ~first[:, part]])  # half x halvings x openers
        less = sums[..., None] - values[None, :, None, part] * inside[:, None]
        deleted[part] = _range(less, sizes[..., None] - inside)
    return float(whole), deleted


def _range(sums: Array, sizes: Array) -> Array:
    """`sums`: half x levels x halvings x cases; `sizes`: half x halvings x cases. One value a case."""
    means = sums / sizes[:, None]
    high, low = means.argmax(axis=1, keepdims=True), means.argmin(axis=1, keepdims=True)
    other = means[::-1]
    taken = np.take_along_axis(other, high, axis=1) - np.take_along_axis(other, low, axis=1)
    return np.asarray(taken[:, 0].mean(axis=(0, 1)))


def shifts(cells: Cells) -> list[Shift]:
    """The partner shift of every speaker of a complete table with at least two partners and four openers."""
    found: list[Shift] = []
    openers = len(cells.openers)
    if len(cells.partners) < 2 or openers < 4:
        return found
    for name, values in zip(cells.speakers, cells.values, strict=True):
        whole, deleted = cross_fitted(values)
        means = values.mean(axis=1)
        mean = float(means.mean())
        without = (values.sum() - values.sum(axis=0)) / (values.size - len(values))
        if mean > 0 and without.min() > 0:
            relative = jackknifed(whole / mean, deleted / without)
        else:
            relative = Estimate(float("nan"), float("nan"), float("nan"), openers)
        error = values.var(axis=1, ddof=1) / openers
        found.append(
            Shift(
                name,
                mean,
                jackknifed(whole, deleted),
                relative,
                float(np.ptp(means)),
                cells.partners[int(means.argmax())],
                cells.partners[int(means.argmin())],
                float(np.sqrt(max(0.0, means.var(ddof=1) - error.mean()))),
            )
        )
    return found


def contrasts(cells: Cells, reference: str) -> dict[str, list[tuple[str, Estimate]]]:
    """For each speaker the mean difference between each partner and one of them, with bootstrap intervals.

    Args:
        cells: A complete table.
        reference: The partner that the others are compared with; without it in the table there is nothing.
    """
    if reference not in cells.partners:
        return {}
    base = cells.partners.index(reference)
    return {
        name: [
            (partner, mean_difference(values[j] - values[base]))
            for j, partner in enumerate(cells.partners)
            if j != base
        ]
        for name, values in zip(cells.speakers, cells.values, strict=True)
    }


def mean_difference(differences: Sequence[float] | Array) -> Estimate:
    """Mean of paired differences, one an opener, with its percentile bootstrap interval.

    Equal differences have an interval of no width; fewer than two openers have none (NaN).
    """
    d = np.asarray(differences, dtype=np.float64)
    value = float(d.mean()) if len(d) else float("nan")
    if len(d) < 2:
        return Estimate(value, float("nan"), float("nan"), len(d))
    if np.ptp(d) == 0:
        return Estimate(value, value, value, len(d))
    ends = bootstrap(
        (d,),
        np.mean,
        n_resamples=DRAWS,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return Estimate(value, float(ends.low), float(ends.high), len(d))


def family_gap(cells: Cells, speaker: str, others: Sequence[str], reference: str) -> Gap:
    """Whether a speaker's shift exceeds the range over other speakers who answer one partner.

    Args:
        cells: A complete table.
        speaker: Whose partner shift it is.
        others: Speakers of different families and one recipe.
        reference: The partner that they all answer.
    """
    shift, shift_deleted = cross_fitted(cells.values[cells.speakers.index(speaker)])
    rows = [cells.speakers.index(name) for name in others]
    gap, gap_deleted = cross_fitted(cells.values[rows, cells.partners.index(reference)])
    return Gap(shift, gap, jackknifed(shift - gap, shift_deleted - gap_deleted))
