"""Whether the recipe of a checkpoint says more about its level than its family (pure).

With few checkpoints and many groups the raw shares of explained variance are large for pure noise, so they
are shown against what the same design gives when the levels are dealt out anew.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
from scipy.stats import permutation_test

from ..statistics import Estimate
from .cells import Array, Cells
from .partner_shift import SEED
from .variance import jackknifed

RESAMPLES = 9_999
FEWEST = 4
"""Checkpoints below which no split is shown."""


class Split(NamedTuple):
    """Shapley shares of the variance between checkpoints, with the permutation null.

    Attributes:
        share: Mean of what the factor adds alone and after the other (R²).
        excess: The share less its mean when levels are permuted.
        p: Chance of a share as large under permutation.
    """

    share: float
    excess: float
    p: float


class RecipeFamily(NamedTuple):
    """Both splits, the joint R², and how many checkpoints and non-empty cells they rest on."""

    family: Split
    recipe: Split
    joint: float
    checkpoints: int
    filled: int
    cells: int


class Member(NamedTuple):
    """What the panel file says of a checkpoint."""

    name: str
    family: str
    base: str
    recipe: str
    params_b: float


class Distance(NamedTuple):
    """How far apart two checkpoints are, with a jackknife interval, and which kind of pair they make."""

    kind: Literal["same base, other recipe", "other family, same recipe"]
    first: str
    second: str
    distance: float
    interval: Estimate


class Pairs(NamedTuple):
    """All pairs, and the difference between the medians of the two kinds."""

    pairs: tuple[Distance, ...]
    difference: Estimate | None


def _space(*factors: Sequence[str]) -> Array:
    """An orthonormal basis of the centred dummies of one or two factors: checkpoints x rank."""
    columns = [
        np.array([value == level for value in factor], dtype=np.float64)
        for factor in factors
        for level in sorted(set(factor))
    ]
    design = np.stack(columns, axis=1)
    design -= design.mean(axis=0)
    left, sizes, _ = np.linalg.svd(design, full_matrices=False)
    return left[:, sizes > 1e-9 * max(1.0, float(sizes.max()))]


def _explained(levels: Array, space: Array) -> Array:
    """R² of the regression on a space; `levels`: ... x checkpoints."""
    centred = levels - levels.mean(axis=-1, keepdims=True)
    around = (centred**2).sum(axis=-1)
    within = ((centred @ space) ** 2).sum(axis=-1)
    return np.divide(within, around, out=np.zeros_like(within), where=around > 0)


def shapley(levels: Array, family: Sequence[str], recipe: Sequence[str]) -> tuple[Array, Array, Array]:
    """Shares of family and recipe and the joint R²; `levels`: ... x checkpoints.

    `share(F) = (R²(F) + R²(F,R) - R²(R)) / 2`, the other alike; they sum to R²(F,R).
    """
    alone_f, alone_r = _explained(levels, _space(family)), _explained(levels, _space(recipe))
    joint = _explained(levels, _space(family, recipe))
    return (alone_f + joint - alone_r) / 2, (alone_r + joint - alone_f) / 2, joint


def recipe_family(
    levels: Sequence[float], members: Sequence[Member], resamples: int = RESAMPLES
) -> RecipeFamily | None:
    """How much family and recipe say about the levels of checkpoints.

    None for fewer than four checkpoints, levels that are all equal, or one family or recipe only.

    Args:
        levels: One level a checkpoint, with the reference partner.
        members: The checkpoints, in the same order.
        resamples: Permutations for the null; all of them where there are no more.
    """
    y = np.asarray(levels, dtype=np.float64)
    family, recipe = [m.family for m in members], [m.recipe for m in members]
    if len(y) < FEWEST or np.ptp(y) == 0 or len(set(family)) < 2 or len(set(recipe)) < 2:
        return None
    spaces = _space(family), _space(recipe), _space(family, recipe)

    def split(which: int) -> Split:
        def statistic(sample: Array, axis: int) -> Array:
            moved = np.moveaxis(sample, axis, -1)
            alone, other, joint = (_explained(moved, spaces[i]) for i in (which, 1 - which, 2))
            return (alone + joint - other) / 2

        found = permutation_test(
            (y,),
            statistic,
            permutation_type="pairings",
            vectorized=True,
            n_resamples=resamples,
            alternative="greater",
            rng=np.random.default_rng(SEED),
        )
        null = np.asarray(found.null_distribution, dtype=np.float64)
        share = float(found.statistic)
        return Split(share, share - float(null.mean()), float(found.pvalue))

    return RecipeFamily(
        split(0),
        split(1),
        float(_explained(y, spaces[2])),
        len(y),
        len(set(zip(family, recipe, strict=True))),
        len(set(family)) * len(set(recipe)),
    )


def _kind(a: Member, b: Member, sizes: tuple[float, float]) -> str | None:
    if a.base == b.base and a.recipe != b.recipe:
        return "same base, other recipe"
    small = all(sizes[0] <= m.params_b <= sizes[1] for m in (a, b))
    if a.family != b.family and a.recipe == b.recipe and small:
        return "other family, same recipe"
    return None


def pair_distances(
    cells: Cells, members: Sequence[Member], partner: str, sizes: tuple[float, float] = (7, 9)
) -> Pairs:
    """Distances between checkpoints that share a base, and between those that share a recipe.

    Args:
        cells: A complete table whose speakers are the members.
        members: The checkpoints, in the order of the speakers.
        partner: The partner whose column holds the levels.
        sizes: Billions of parameters between which checkpoints of different families are compared.
    """
    column = cells.values[:, cells.partners.index(partner)]
    openers = column.shape[1]
    whole = column.mean(axis=1, keepdims=True)
    deleted = (column.sum(axis=1, keepdims=True) - column) / max(openers - 1, 1)
    levels = np.concatenate([whole, deleted], axis=1)
    kinds = ("same base, other recipe", "other family, same recipe")
    pairs: list[Distance] = []
    apart: dict[str, list[Array]] = {kind: [] for kind in kinds}
    for i, j in combinations(range(len(members)), 2):
        for kind in kinds:
            if _kind(members[i], members[j], sizes) == kind:
                distance = np.abs(levels[i] - levels[j])
                apart[kind].append(distance)
                found = jackknifed(float(distance[0]), distance[1:])
                pairs.append(Distance(kind, members[i].name, members[j].name, found.value, found))
    if openers < 2 or not all(apart.values()):
        return Pairs(tuple(pairs), None)
    medians = [np.median(np.stack(apart[kind]), axis=0) for kind in kinds]
    difference = medians[0] - medians[1]
    return Pairs(tuple(pairs), jackknifed(float(difference[0]), difference[1:]))
