"""Boards whose headline no longer follows its anchor: their rows are placed by the anchor instead."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from scipy.special import ndtr

from .comparisons import holm
from .guarded import Guarded
from .models import display_name
from .standings import Row, Standing
from .statistics import Estimate

Z = 1.959964


def anchored(found: Standing, guarded: Guarded | None) -> Standing:
    """The standing with what the guard says; placed by the anchor where the headline has drifted.

    A row without an anchor in the last release is listed without rank.
    """
    if guarded is None:
        return found
    if not guarded.is_ranked_by_anchor:
        return replace(found, guarded=guarded)
    rows = [with_anchor(row, guarded) for row in found.rows]
    placed = [row for row in rows if row.places is not None and row.anchor is not None]
    higher = found.board.direction == "higher"
    sets: dict[str, tuple[int, int]] = {}
    for group in dict.fromkeys(row.group for row in placed):
        own = [row for row in placed if row.group == group]
        estimates = [row.anchor for row in own if row.anchor is not None]
        sets |= {
            row.entry.entry_id: places
            for row, places in zip(own, anchor_sets(estimates, higher), strict=True)
        }
    ranked = sorted(
        (replace(row, places=sets[row.entry.entry_id]) for row in placed), key=lambda row: _key(row, higher)
    )
    before = [row.entry.entry_id for row in found.ranked]
    reason = f"It has no anchor in release {guarded.headline.release if guarded.headline else ''}."
    others = [
        row if row.places is None else replace(row, places=None, reason=reason)
        for row in rows
        if row.places is None or row.anchor is None
    ]
    return replace(
        found,
        rows=(*ranked, *others),
        reference=tuple(with_anchor(row, guarded) for row in found.reference),
        matrix=found.matrix[[before.index(row.entry.entry_id) for row in ranked]],
        guarded=guarded,
    )


def with_anchor(row: Row, guarded: Guarded) -> Row:
    """The row with the anchor of its model, if it has one."""
    scored = guarded.anchors.get(row.entry.model.id)
    if scored is None:
        return row
    half = Z * scored.anchor_se
    return replace(row, anchor=Estimate(scored.anchor, scored.anchor - half, scored.anchor + half, 1))


def _key(row: Row, higher: bool) -> tuple[str, float, str, str]:
    value = row.anchor.value if row.anchor else 0.0
    return row.group, -value if higher else value, display_name(row.entry.model.id), row.entry.entry_id


def anchor_sets(anchors: Sequence[Estimate], higher: bool) -> list[tuple[int, int]]:
    """The places that each anchor may hold, by z tests with Holm's correction over all pairs."""
    k = len(anchors)
    value = np.array([a.value for a in anchors])
    error = np.array([(a.hi - a.lo) / (2 * Z) for a in anchors])
    pairs = list(combinations(range(k), 2))
    if not pairs:
        return [(1, 1)] * k
    z = np.array([(value[i] - value[j]) / np.hypot(error[i], error[j]) for i, j in pairs])
    significant = holm((2 * ndtr(-np.abs(z))).tolist())
    better, worse = np.zeros(k, dtype=int), np.zeros(k, dtype=int)
    for (i, j), clear, step in zip(pairs, significant, z, strict=True):
        if clear:
            ahead, behind = (i, j) if (step > 0) == higher else (j, i)
            better[behind] += 1
            worse[ahead] += 1
    return [(1 + int(b), k - int(w)) for b, w in zip(better, worse, strict=True)]
