"""Tables of replies by speaker, partner and opener, and what makes them fit for the panel analyses (pure).

cells = cells_of(frame)              # rows: speaker, partner, opener, repeat, value
whole = cells.complete()             # openers that lack a cell are left out
whole.values                         # speakers x partners x openers, means over repeats
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

KEYS = ("speaker", "partner", "opener", "repeat")
LEAST_KEPT = 0.8
"""With a smaller share of complete openers the missing cells are modelled instead of left out."""


class DuplicateCells(ValueError):
    """Two values for one speaker, partner, opener and repeat."""


@dataclass(frozen=True)
class Cells:
    """Means over repeats, one value a cell.

    Attributes:
        speakers: Names along the first axis.
        partners: Names along the second axis.
        openers: Ids along the third axis, in order.
        values: Speakers x partners x openers; NaN where a cell has no scored reply.
    """

    speakers: tuple[str, ...]
    partners: tuple[str, ...]
    openers: tuple[str, ...]
    values: Array

    @property
    def whole(self) -> NDArray[np.bool_]:
        """For each opener whether no cell of it is missing."""
        return np.asarray(~np.isnan(self.values).any(axis=(0, 1)))

    @property
    def kept(self) -> float:
        """The share of openers without a missing cell."""
        return float(self.whole.mean()) if self.openers else 0.0

    def complete(self) -> "Cells":
        """The openers without a missing cell."""
        whole = self.whole
        return Cells(
            self.speakers,
            self.partners,
            tuple(opener for opener, keep in zip(self.openers, whole, strict=True) if keep),
            self.values[:, :, whole],
        )

    def incomplete(self) -> list[str]:
        """One sentence for each checkpoint that misses openers, worst first; empty if enough are left."""
        if self.kept >= LEAST_KEPT:
            return []
        gaps = np.isnan(self.values).any(axis=1).sum(axis=1)
        worst = sorted(zip(gaps.tolist(), self.speakers, strict=True), key=lambda gap: (-gap[0], gap[1]))
        return [f"panel incomplete: {name} misses {n} openers" for n, name in worst if n]

    def of_speakers(self, names: Sequence[str]) -> "Cells":
        """The table of some speakers, in this order."""
        rows = [self.speakers.index(name) for name in names]
        return Cells(tuple(names), self.partners, self.openers, self.values[rows])


def cells_of(frame: pd.DataFrame) -> Cells:
    """The table of a data frame with columns speaker, partner, opener, repeat and value.

    Args:
        frame: One row a reply; a value of NaN is a reply without a score.

    Raises:
        DuplicateCells: Two rows share speaker, partner, opener and repeat.
    """
    codes: list[NDArray[np.int64]] = []
    names: list[tuple[str, ...]] = []
    for key in KEYS:
        column = pd.Categorical(frame[key].astype(str))
        codes.append(np.asarray(column.codes, dtype=np.int64))
        names.append(tuple(column.categories))
    sizes = tuple(len(values) for values in names)
    place = np.ravel_multi_index(codes, sizes)
    order = np.sort(place)
    twice = order[1:][order[1:] == order[:-1]]
    if len(twice):
        first = np.unravel_index(int(twice[0]), sizes)
        cell = ", ".join(f"{key} {names[i][first[i]]!r}" for i, key in enumerate(KEYS))
        raise DuplicateCells(f"{len(twice)} replies are there twice, the first for {cell}; keep one of each")
    value = frame["value"].to_numpy(dtype=np.float64)
    scored = ~np.isnan(value)
    cell = np.ravel_multi_index(codes[:3], sizes[:3])[scored]
    count = np.bincount(cell, minlength=int(np.prod(sizes[:3])))
    total = np.bincount(cell, weights=value[scored], minlength=len(count))
    means = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    return Cells(names[0], names[1], names[2], means.reshape(sizes[:3]))
