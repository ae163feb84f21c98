"""How much of the variation of a table lies with speakers, partners, openers and their pairings.

Speakers and partners are fixed (the panel is what it is), openers random. For a complete table of M speakers,
N partners and K openers the components come from the mean squares of the three-way table:

    speaker            (MS_S - MS_SK) / (N K)        opener            (MS_K - MS_R) / (M N)
    partner            (MS_P - MS_PK) / (M K)        speaker x opener  (MS_SK - MS_R) / N
    speaker x partner  (MS_SP - MS_R) / K            partner x opener  (MS_PK - MS_R) / M
    residual           MS_R

(Searle, Casella, McCulloch, Variance Components, 1992, ch. 4). Intervals: delete-one-opener jackknife, the
estimate plus and minus t_{K-1} standard errors (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
ch. 11). A bootstrap of openers is not used: it covers a component that is zero in about a third of all cases.
Tables with missing cells are fitted by restricted maximum likelihood (statsmodels' MixedLM) with the same
fixed and random parts.
"""

import warnings
from typing import NamedTuple, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.regression.mixed_linear_model import MixedLM

from ..statistics import Estimate, t_quantile
from .cells import LEAST_KEPT, Array, Cells

COMPONENTS = (
    "speaker",
    "partner",
    "speaker x partner",
    "opener",
    "speaker x opener",
    "partner x opener",
    "residual",
)
BLOCKS = 20
"""Openers are deleted in so many blocks where every fit takes seconds."""
SIMPLEX_STEPS = 2_000
"""Steps that Nelder and Mead's search may take, which is slower but needs no slopes."""
FEWEST = 2
"""Levels of each factor below which nothing can be told apart."""


class Component(NamedTuple):
    """One component: its raw estimate (it may be negative), its interval, and its share of the sum."""

    name: str
    value: float
    lo: float
    hi: float
    share: float


class Variances(NamedTuple):
    """All components of one panel.

    `method` is `anova` or `reml`; `openers` were used, `left_out` were not.
    """

    components: tuple[Component, ...]
    method: str
    checkpoints: int
    openers: int
    left_out: int


class Squares(NamedTuple):
    """Mean squares of the three-way table, in the order of `COMPONENTS`; arrays where openers are deleted."""

    s: Array
    p: Array
    sp: Array
    k: Array
    sk: Array
    pk: Array
    r: Array


def mean_squares(values: Array) -> Squares:
    """Mean squares of a complete table.

    Args:
        values: Speakers x partners x openers, without NaN.
    """
    return _squares(values, values.sum(axis=2)[..., None], np.zeros((*values.shape[:2], 1)))


def deleted_squares(values: Array) -> Squares:
    """Mean squares with each opener left out in turn: arrays of one value an opener.

    Sums over openers are updated instead of taken anew, so the cost grows with the number of cells only.
    """
    return _squares(values, values.sum(axis=2)[..., None] - values, values)


def _squares(values: Array, sums: Array, out: Array) -> Squares:
    """`sums`: speakers x partners x cases, sums over the openers kept; `out`: the values left out, or 0."""
    m, n, total = values.shape
    deleting = out.shape[2] == total and total > 1
    k = total - 1 if deleting else total
    centre = values.mean()
    values, out = values - centre, (out - centre if deleting else out)
    cell = (sums - k * centre) / k
    speaker, partner, grand = cell.mean(axis=1), cell.mean(axis=0), cell.mean(axis=(0, 1))
    squares_s = ((speaker - grand) ** 2).sum(axis=0) * n * k
    squares_p = ((partner - grand) ** 2).sum(axis=0) * m * k
    mixed = cell - speaker[:, None] - partner[None] + grand
    squares_sp = (mixed**2).sum(axis=(0, 1)) * k

    def kept(marginal: Array, left: Array) -> Array:
        """Sum of squares of a marginal table over the openers kept."""
        whole = (marginal**2).sum()
        return whole - (left**2).reshape(-1, left.shape[-1]).sum(axis=0)

    opener, of_speaker, of_partner = values.mean(axis=(0, 1)), values.mean(axis=1), values.mean(axis=0)
    raw_k = kept(opener[None], out.mean(axis=(0, 1))[None])
    raw_sk, raw_pk = kept(of_speaker, out.mean(axis=1)), kept(of_partner, out.mean(axis=0))
    raw = kept(values, out)
    squares_k = m * n * (raw_k - k * grand**2)
    squares_sk = n * (raw_sk - k * (speaker**2).sum(axis=0) - m * raw_k + m * k * grand**2)
    squares_pk = m * (raw_pk - k * (partner**2).sum(axis=0) - n * raw_k + n * k * grand**2)
    around = raw - m * n * k * grand**2
    rest = around - squares_s - squares_p - squares_sp - squares_k - squares_sk - squares_pk
    return Squares(
        squares_s / (m - 1),
        squares_p / (n - 1),
        squares_sp / ((m - 1) * (n - 1)),
        squares_k / (k - 1),
        squares_sk / ((m - 1) * (k - 1)),
        squares_pk / ((n - 1) * (k - 1)),
        rest / ((m - 1) * (n - 1) * (k - 1)),
    )


def components_of(squares: Squares, m: int, n: int, k: int) -> Array:
    """The seven components from the mean squares: components x cases."""
    s, p, sp, o, so, po, r = squares
    return np.stack(
        [
            (s - so) / (n * k),
            (p - po) / (m * k),
            (sp - r) / k,
            (o - r) / (m * n),
            (so - r) / n,
            (po - r) / m,
            r,
        ]
    )


def jackknife(whole: Array, deleted: Array) -> tuple[Array, Array]:
    """Ends of the 95 % jackknife interval around the full estimate.

    Args:
        whole: One estimate each, from all units.
        deleted: Estimates x units, each without one unit (or one block of them).
    """
    units = deleted.shape[-1]
    centred = deleted - deleted.mean(axis=-1, keepdims=True)
    error = np.sqrt((units - 1) / units * (centred**2).sum(axis=-1))
    half = t_quantile(0.975, units - 1) * error
    return whole - half, whole + half


def jackknifed(whole: float, deleted: Array) -> Estimate:
    """One estimate with its jackknife interval; `deleted` holds one value a unit left out."""
    low, high = jackknife(np.array(whole), deleted)
    return Estimate(whole, float(low), float(high), len(deleted))


def jackknifed_mean(values: Array) -> Estimate:
    """Mean over openers with its jackknife interval."""
    n = len(values)
    return jackknifed(float(values.mean()), (values.sum() - values) / (n - 1))


def variances(cells: Cells) -> Variances | None:
    """The components of a panel, or None with fewer than two speakers, partners or three openers.

    Openers with a missing cell are left out; where that leaves fewer than four in five, all replies are
    fitted by restricted maximum likelihood instead.
    """
    m, n = len(cells.speakers), len(cells.partners)
    complete = cells.complete()
    if min(m, n) < FEWEST or len(cells.openers) <= FEWEST:
        return None
    if cells.kept < LEAST_KEPT or len(complete.openers) <= FEWEST:
        return _by_likelihood(cells)
    k = len(complete.openers)
    whole = components_of(mean_squares(complete.values), m, n, k)[:, 0]
    deleted = components_of(deleted_squares(complete.values), m, n, k - 1)
    low, high = jackknife(whole, deleted)
    return Variances(_named(whole, low, high), "anova", m, k, len(cells.openers) - k)


def _named(value: Array, low: Array, high: Array) -> tuple[Component, ...]:
    positive = np.maximum(value, 0.0)
    total = float(positive.sum())
    shares = positive / total if total else positive
    return tuple(
        Component(*row)
        for row in zip(COMPONENTS, value.tolist(), low.tolist(), high.tolist(), shares.tolist(), strict=True)
    )


def _by_likelihood(cells: Cells) -> Variances | None:
    some = ~np.isnan(cells.values).all(axis=(0, 1))
    values = cells.values[:, :, some]
    if np.isnan(values).all(axis=2).any() or values.shape[2] < FEWEST + 1:
        return None
    whole = reml_components(values)
    blocks = min(BLOCKS, values.shape[2])
    label = np.arange(values.shape[2]) % blocks
    deleted = np.stack([reml_components(values[:, :, label != block]) for block in range(blocks)], axis=-1)
    low, high = jackknife(whole, deleted)
    return Variances(
        _named(whole, low, high),
        "reml",
        len(cells.speakers),
        values.shape[2],
        len(cells.openers) - len(values[0, 0]),
    )


def reml_components(values: Array) -> Array:
    """The seven components of a table with missing cells, by restricted maximum likelihood.

    Cell means of speaker and partner are fixed effects; openers, and their pairings with speakers and with
    partners, are random. The fixed components are mean squares of the fitted effects less what sampling adds
    to them, as in the complete table. There the pairings of an opener sum to zero over speakers and over
    partners, so what they have in common counts as the opener's. Random components are never negative here.

    Args:
        values: Speakers x partners x openers, NaN where missing; every speaker-partner pair has a value.
    """
    m, n, _ = values.shape
    s, p, k = np.nonzero(~np.isnan(values))
    frame = pd.DataFrame({"y": values[s, p, k], "s": s, "p": p, "k": k})
    fixed = np.zeros((len(frame), m * n))
    fixed[np.arange(len(frame)), s * n + p] = 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # components at zero lie on the edge of the parameter space
        model = MixedLM(
            frame["y"].to_numpy(),
            fixed,
            groups=frame["k"].to_numpy(),
            exog_re=np.ones((len(frame), 1)),
            exog_vc=_pairings(frame, m, n),
        )
        try:
            fit = model.fit(reml=True, method=["lbfgs", "powell"])
        except np.linalg.LinAlgError:  # a step led to where the equations have no single solution
            fit = model.fit(reml=True, method="nm", maxiter=SIMPLEX_STEPS)
    scale = float(fit.scale)
    opener = float(np.asarray(fit.cov_re)[0, 0])
    of_pairing = dict(zip(model.exog_vc.names, map(float, fit.vcomp), strict=True))
    of_speaker, of_partner = of_pairing["speaker"], of_pairing["partner"]
    covariance = cast(NDArray[np.float64], np.asarray(fit.cov_params()))[: m * n, : m * n]
    cell = np.asarray(fit.fe_params, dtype=np.float64).reshape(m, n)
    return np.array(
        [
            *_fixed_components(cell, covariance),
            opener + of_speaker / m + of_partner / n,
            of_speaker,
            of_partner,
            scale,
        ]
    )


def _pairings(frame: pd.DataFrame, m: int, n: int) -> dict[str, dict[int, Array]]:
    """Design of the random speaker and partner parts within each opener."""
    found: dict[str, dict[int, Array]] = {"speaker": {}, "partner": {}}
    for opener, rows in frame.groupby("k"):
        found["speaker"][int(cast(int, opener))] = np.eye(m)[rows["s"].to_numpy()]
        found["partner"][int(cast(int, opener))] = np.eye(n)[rows["p"].to_numpy()]
    return found


def _fixed_components(cell: Array, covariance: Array) -> list[float]:
    """Variance of fixed effects less what the errors of the cell means add to it."""
    m, n = cell.shape
    a, b = np.eye(m) - 1 / m, np.eye(n) - 1 / n
    found: list[float] = []
    for left, right, over in (
        (a, np.full((n, n), 1 / n), (m - 1) * n),
        (np.full((m, m), 1 / m), b, (n - 1) * m),
        (a, b, (m - 1) * (n - 1)),
    ):
        projection = np.kron(left, right)
        flat = cell.ravel()
        found.append(float(flat @ projection @ flat - np.trace(projection @ covariance)) / over)
    return found
