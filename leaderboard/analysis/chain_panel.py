"""What the chains of several speakers with several partners show together: tables of a panel.

Speakers and partners are crossed over the same openers and stored texts, so a new model joins without a rerun
of the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product
from statistics import fmean

import numpy as np
import pandas as pd

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.recipe_chains.panel import REFERENCE, Checkpoint, panel

from ..comparisons import holm_adjusted
from .cells import Cells, DuplicateCells, cells_of
from .partner_shift import Gap, contrasts, family_gap, shifts
from .recipe_family import Member, pair_distances, recipe_family
from .tables import Table, Value, interval
from .variance import jackknifed, variances

TINY = 1e-12
"""Sum of squares below which a partner's share does not vary."""
SIZES = (7.0, 9.0)
"""Billions of parameters between which families are compared."""


def panel_tables(frame: pd.DataFrame) -> list[Table]:
    """Every table that a panel can fill; none with fewer than two speakers or two partners.

    Raises:
        UserMistake: Replies are there twice.
    """
    if frame.empty:
        return []
    try:
        cells = cells_of(frame)
    except DuplicateCells as mistake:
        raise UserMistake(f"{mistake}.") from None
    if min(len(cells.speakers), len(cells.partners)) < 2:
        return []
    whole = cells.complete()
    note = " ".join(f"{sentence}." for sentence in cells.incomplete())
    found = [heat(cells, note), shares(cells, note)]
    if len(whole.openers) >= 4:
        found += [shift_table(whole), contrast_table(whole), accommodation(frame), *recipe_tables(whole)]
    return [table for table in found if table.rows]


def heat(cells: Cells, note: str) -> Table:
    """Speaker by partner, the speaker's own mean removed."""
    rows: list[tuple[Value, ...]] = []
    whole = cells.complete()
    for name, values in zip(whole.speakers, whole.values, strict=True):
        if values.size:
            mean = float(values.mean())
            rows.append((name, mean, *(float(v.mean()) - mean for v in values)))
    return Table(
        "Who answers whom: share of hedged sentences",
        ("speaker", "own mean", *(f"to {partner}" for partner in cells.partners)),
        tuple(rows),
        f"Difference to the speaker's own mean; {len(whole.openers)} openers. {note}".strip(),
    )


def shares(cells: Cells, note: str) -> Table:
    """Variance components with shares and intervals."""
    found = variances(cells)
    rows = [] if found is None else found.components
    how = ""
    if found is not None:
        method = "mean squares" if found.method == "anova" else "restricted maximum likelihood"
        how = (
            f"Of the {found.checkpoints} checkpoints measured, {found.openers} openers, by {method}; "
            f"jackknife intervals over openers. A component below 0 counts as 0 in the shares. {note}"
        )
    return Table(
        "Where the variation lies",
        ("component", "variance", "95 %", "share"),
        tuple((c.name, c.value, interval(c.lo, c.hi, 4), c.share) for c in rows),
        how.strip(),
        decimals=4,
    )


def shift_table(cells: Cells) -> Table:
    """The cross-fitted partner shift of each speaker, the naive range beside it."""
    rows = tuple(
        (
            s.speaker,
            s.mean,
            s.shift.value,
            interval(s.shift.lo, s.shift.hi, 3),
            None if s.relative.value != s.relative.value else 100 * s.relative.value,
            s.partner_sd,
            s.highest,
            s.lowest,
            s.naive,
        )
        for s in shifts(cells)
    )
    columns = (
        "speaker", "hedged", "shift", "95 %", "shift % of hedged", "partner SD", "most after", "least after",
        "naive range",
    )  # fmt: skip
    return Table(
        "How far partners move a speaker",
        columns,
        rows,
        f"Shift: highest less lowest partner, chosen on one half of {len(cells.openers)} openers and "
        "measured on the other, 50 halvings; jackknife intervals. The naive range is above zero even where "
        "partners do not matter.",
    )


def contrast_table(cells: Cells) -> Table:
    """Each partner less the reference partner."""
    rows = [
        (speaker, f"{partner} less {REFERENCE}", e.value, interval(e.lo, e.hi, 3), e.n)
        for speaker, pairs in contrasts(cells, REFERENCE).items()
        for partner, e in pairs
    ]
    return Table(
        "Partners against the reference partner",
        ("speaker", "partners", "difference", "95 %", "openers"),
        tuple(rows),
        "Paired by opener; percentile bootstrap over openers. Exploratory.",
    )


def accommodation(frame: pd.DataFrame) -> Table:
    """How much each speaker takes over of the partner's hedging: a slope within openers.

    Least squares of the reply's share on that of the text, openers as fixed effects, which is the sum over
    openers of within-opener products over that of squares; jackknife intervals over openers.
    """
    rows: list[tuple[Value, ...]] = []
    if "share" in frame:
        by_speaker, by_opener = (pd.Categorical(frame[key].astype(str)) for key in ("speaker", "opener"))
        names, openers = list(by_speaker.categories), list(by_opener.categories)
        speaker, opener = (np.asarray(c.codes, dtype=np.int64) for c in (by_speaker, by_opener))
        x, y = (frame[key].to_numpy(dtype=np.float64) for key in ("share", "value"))
        kept = ~(np.isnan(x) | np.isnan(y))
        cell = (speaker * len(openers) + opener)[kept]
        x, y = x[kept], y[kept]
        n, sx, sy, sxy, sxx = (
            np.bincount(cell, weights=w, minlength=len(names) * len(openers)).reshape(len(names), -1)
            for w in (np.ones_like(x), x, y, x * y, x * x)
        )
        top, bottom = (s - sx * other / np.maximum(n, 1.0) for s, other in ((sxy, sy), (sxx, sx)))
        for name, own, a, b in zip(names, n > 0, top, bottom, strict=True):
            without = b.sum() - b[own]
            if own.sum() > 2 and without.min() > TINY:
                e = jackknifed(float(a.sum() / b.sum()), (a.sum() - a[own]) / without)
                rows.append((name, e.value, interval(e.lo, e.hi, 3), e.n))
    return Table(
        "How much a speaker takes over",
        ("speaker", "slope", "95 %", "openers"),
        tuple(rows),
        "Change of the share of hedged sentences per unit of the partner's, openers as fixed effects; "
        "jackknife intervals over openers. Texts of checkpoints differ in other things as well. Exploratory.",
    )


def recipe_tables(cells: Cells) -> list[Table]:
    """Recipe against family, pairs, the ladder of stages, and which cells of the design are filled."""
    known = {c.id: c for c in panel()}
    members = [known[name] for name in cells.speakers if name in known]
    if len(members) < 2 or REFERENCE not in cells.partners:
        return []
    own = cells.of_speakers([m.id for m in members])
    column = own.values[:, own.partners.index(REFERENCE)].mean(axis=1).tolist()
    levels: dict[str, float] = dict(zip((m.id for m in members), column, strict=True))
    described = members_of(members)
    return [
        split_table(levels, described),
        pair_table(own, described),
        gap_table(own, members),
        ladder(levels, members),
        design(members),
    ]


def members_of(checkpoints: Iterable[Checkpoint]) -> list[Member]:
    """What the comparisons of recipe and family read of checkpoints."""
    return [Member(c.id, c.family, c.base, c.recipe, c.params_b) for c in checkpoints]


def split_table(levels: Mapping[str, float], members: Sequence[Member]) -> Table:
    """How much family and recipe say about the levels."""
    found = recipe_family([levels[m.name] for m in members], members)
    rows: list[tuple[Value, ...]] = []
    note = ""
    if found:
        parts = {"recipe": found.recipe, "family": found.family}
        adjusted = holm_adjusted([part.p for part in parts.values()])
        for (name, part), p in zip(parts.items(), adjusted, strict=True):
            rows.append((name, part.share, part.excess, part.p, p))
        note = (
            f"{found.checkpoints} checkpoints in {found.filled} of {found.cells} cells of family by recipe; "
            "shares of explained variance (Shapley). Pure noise has large shares in such a design, so the "
            "excess over permuted levels is what counts; p from 9,999 permutations. Exploratory."
        )
    return Table("Recipe against family", ("factor", "share", "excess", "p", "p (Holm)"), tuple(rows), note)


def pair_table(cells: Cells, members: Sequence[Member]) -> Table:
    """Every pair that shares a base or a recipe, and the difference of their medians."""
    found = pair_distances(cells, members, REFERENCE, SIZES)
    rows: list[tuple[Value, ...]] = [
        (p.kind, p.first, p.second, p.distance, interval(p.interval.lo, p.interval.hi, 3))
        for p in found.pairs
    ]
    note = ""
    if found.difference:
        d = found.difference
        note = (
            f"Median distance of the first kind less that of the second: {d.value:.3f} "
            f"({interval(d.lo, d.hi, 3)}), jackknife over {d.n} openers. Exploratory."
        )
    return Table("Pairs of checkpoints", ("kind", "one", "other", "distance", "95 %"), tuple(rows), note)


def families_compared(members: Sequence[Checkpoint]) -> list[str]:
    """One checkpoint a family of the vendors' own instruction tuning, of comparable size."""
    peers: dict[str, str] = {}
    for m in members:
        if m.recipe == "vendor_instruct" and SIZES[0] <= m.params_b <= SIZES[1]:
            peers.setdefault(m.family, m.id)
    return list(peers.values())


def recipe_gaps(cells: Cells, members: Sequence[Checkpoint]) -> dict[str, Gap]:
    """For each member its partner shift against the range over families; none below two families."""
    peers = families_compared(members)
    return {m.id: family_gap(cells, m.id, peers, REFERENCE) for m in members} if len(peers) >= 2 else {}


def gap_table(cells: Cells, members: Sequence[Checkpoint]) -> Table:
    """Whether a speaker's shift exceeds the range over families with one recipe."""
    rows: list[tuple[Value, ...]] = []
    for name, found in recipe_gaps(cells, members).items():
        d = found.difference
        larger = "yes" if found.larger else "no" if d.hi < 0 else "open"
        rows.append((name, found.shift, found.others, d.value, interval(d.lo, d.hi, 3), larger))
    return Table(
        "Partner shift against the gap between families",
        ("speaker", "shift", "family gap", "difference", "95 %", "larger"),
        tuple(rows),
        f"Family gap: the same range over {', '.join(families_compared(members))} who answer {REFERENCE}. "
        "Larger only where the interval lies above 0. Exploratory.",
    )


def ladder(levels: Mapping[str, float], members: Sequence[Checkpoint]) -> Table:
    """Checkpoints of one base, a training step apart."""
    steps = sorted((m for m in members if m.stage is not None), key=lambda m: m.stage or 0)
    rows = [(a.id, b.id, levels[a.id], levels[b.id], levels[b.id] - levels[a.id]) for a, b in pairwise(steps)]
    return Table(
        "Step by step on one base",
        ("before", "after", "hedged before", "hedged after", "difference"),
        tuple(rows),
        f"Levels with {REFERENCE} as partner. Exploratory.",
    )


def design(members: Sequence[Checkpoint]) -> Table:
    """How many checkpoints each family and recipe has."""
    families = list(dict.fromkeys(m.family for m in members))
    recipes = list(dict.fromkeys(m.recipe for m in members))
    counts = {
        (f, r): sum(m.family == f and m.recipe == r for m in members) for f, r in product(families, recipes)
    }
    return Table(
        "Checkpoints by family and recipe",
        ("family", *recipes),
        tuple((f, *(counts[f, r] or None for r in recipes)) for f in families),
        f"A dash is an empty cell; mean over all cells {fmean(counts.values()):.1f}.",
    )
