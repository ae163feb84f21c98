"""Charts of the stored panel of checkpoints: who hedges in answer to whom, and what that depends on.

Speakers and partners are those of `recipe_panel.csv`; openers are the units. Nothing here is a replication.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from interplay.tasks.recipe_chains.panel import REFERENCE, Checkpoint, panel

from ..analysis.cells import Cells
from ..analysis.chain_panel import SIZES, members_of
from ..analysis.partner_shift import Shift, mean_difference, shifts
from ..analysis.recipe_family import Pairs, pair_distances
from ..analysis.variance import jackknifed_mean, variances
from ..figures import Axis, ChartSpec, Matrix, MatrixCell, Point, Ref, Series, by_value, number, rounded_range

MEASURED = "Of the {n} checkpoints measured."
STAGES = {1: "SFT", 2: "DPO", 3: "RLVR"}


def panel_charts(cells: Cells) -> tuple[ChartSpec, ...]:
    """Every chart that a panel has data for.

    Args:
        cells: The table as stored; openers without a missing cell are used where an analysis needs that.
    """
    whole = cells.complete()
    found = [variance_shares(cells)]
    if len(whole.openers) >= 4:
        found = [heat(whole), *found, partner_shifts(whole), *recipe_charts(whole)]
    return tuple(spec for spec in found if spec is not None)


def heat(cells: Cells) -> ChartSpec:
    """Speaker by partner, each speaker's own mean removed, tinted where the interval excludes 0."""
    found: list[MatrixCell] = []
    for name, values in zip(cells.speakers, cells.values, strict=True):
        for partner, own in zip(cells.partners, values - values.mean(axis=0), strict=True):
            e = mean_difference(own)
            found.append(
                MatrixCell(
                    row=name, column=partner, value=e.value, lo=e.lo, hi=e.hi, n=e.n,
                    significant=e.lo > 0 or e.hi < 0,
                )
            )  # fmt: skip
    extent = max([0.05, *(abs(cell.value or 0.0) for cell in found)])
    return ChartSpec(
        id="panel-heat",
        kind="heat",
        title="Who hedges in answer to whom",
        desc="Share of hedged sentences by speaker (rows) and partner (columns), each speaker's own mean "
        "removed.",
        value_name="difference to the own mean",
        matrix=Matrix(
            row_head="speaker",
            column_head="partner",
            rows=cells.speakers,
            columns=cells.partners,
            cells=tuple(found),
            scale="diverging",
            range=(-extent, extent),
        ),
        note="Difference to the speaker’s own mean over partners, below it its 95 % interval (bootstrap over "
        f"openers); tinted where that excludes 0. {MEASURED.format(n=len(cells.speakers))}",
    )


def variance_shares(cells: Cells) -> ChartSpec | None:
    """The variance components with jackknife intervals, their shares in words."""
    found = variances(cells)
    if found is None:
        return None
    whole = sum(max(0.0, c.value) for c in found.components)
    if whole <= 0:
        return None
    method = "mean squares" if found.method == "anova" else "restricted maximum likelihood"
    points = tuple(
        Point(label=c.name, x=c.value / whole, lo=c.lo / whole, hi=c.hi / whole, n=found.openers,
              note=f"component {number(c.value, 4)}")
        for c in found.components
    )  # fmt: skip
    return ChartSpec(
        id="panel-variance",
        kind="forest",
        title="Shares of the variance of hedging",
        desc="Share of the variance of hedged sentences that lies with speaker, partner, their pairing, "
        "opener, its pairings, and the residual.",
        value_name="share of the variance",
        point_name="component",
        x=Axis(
            label="share of the variance",
            range=rounded_range([0.0, *(end for p in points for end in (p.lo, p.hi) if end is not None)]),
            refs=(Ref(value=0.0, label="none"),),
        ),
        series=(Series(name="components", points=points),),
        note=f"Components by {method} over their sum; thin lines are 95 % jackknife intervals of the "
        f"components over {found.openers} openers (n), on the same scale. A component below 0 counts as 0 in "
        f"the sum. {MEASURED.format(n=found.checkpoints)}",
    )


def hundredths(ends: Sequence[float]) -> tuple[float, float]:
    """The range of small values and 0, rounded out to hundredths."""
    return math.floor(min(0.0, *ends) * 100) / 100, math.ceil(max(0.0, *ends) * 100) / 100


def partner_shifts(cells: Cells) -> ChartSpec | None:
    """The cross-fitted shift of each speaker, hollow the plain range, which is above zero even for noise."""
    found = shifts(cells)
    if not found:
        return None
    naive = tuple(
        Point(label=s.speaker, x=s.naive, n=s.shift.n, hollow=True, bare="biased upward")
        for s in sorted(found, key=lambda s: (-s.shift.value, s.speaker))
    )
    return ChartSpec(
        id="panel-shift",
        kind="forest",
        title="Shift of hedging between partners, by speaker",
        desc="Cross-fitted difference between the partners after whom a speaker hedges most and least; "
        "hollow, the plain range of partner means.",
        value_name="shift",
        x=Axis(label="shift of the share of hedged sentences", refs=(Ref(value=0.0, label="no shift"),)),
        series=(
            Series(name="Cross-fitted", points=by_value(map(_shift_point, found))),
            Series(name="Plain range", points=naive),
        ),
        note=f"The two partners are chosen on one half of {len(cells.openers)} openers and compared on the "
        "other, 50 halvings; thin lines are 95 % jackknife intervals over openers (n). The plain range "
        f"(hollow) is above zero even where partners do not matter. {MEASURED.format(n=len(cells.speakers))}",
    )


def _shift_point(s: Shift) -> Point:
    percent = (
        "" if s.relative.value != s.relative.value else f", {100 * s.relative.value:.0f} % of its hedging"
    )
    return Point(
        label=s.speaker, x=s.shift.value, lo=s.shift.lo, hi=s.shift.hi, n=s.shift.n,
        note=f"most after {s.highest}, least after {s.lowest}{percent}",
    )  # fmt: skip


def recipe_charts(cells: Cells) -> list[ChartSpec | None]:
    """Pairs, the ladder of stages and the design, of checkpoints whose recipe is known."""
    known = {c.id: c for c in panel()}
    own = [known[name] for name in cells.speakers if name in known]
    if not own:
        return []
    design = [design_table(own)]
    if len(own) < 2 or REFERENCE not in cells.partners:
        return [*design]
    mine = cells.of_speakers([c.id for c in own])
    return [pair_chart(pair_distances(mine, members_of(own), REFERENCE, SIZES)), ladder(mine, own), *design]


def pair_chart(pairs: Pairs) -> ChartSpec | None:
    """Distances between checkpoints of one base, and between those of one recipe."""
    kinds = tuple(dict.fromkeys(pair.kind for pair in pairs.pairs))
    if not kinds:
        return None
    d = pairs.difference
    median = (
        f" Median of the first kind less that of the second: {number(d.value, 3)} "
        f"({number(d.lo, 3)} to {number(d.hi, 3)})."
        if d
        else ""
    )
    return ChartSpec(
        id="panel-pairs",
        kind="forest",
        title="Distance of hedging: same base against other family",
        desc="Distance between the levels of two checkpoints: of one base and other recipe, and of other "
        "family and one recipe.",
        value_name="distance",
        point_name="pair",
        x=Axis(label="distance between shares of hedged sentences"),
        series=tuple(
            Series(
                name=kind.capitalize(),
                points=by_value(
                    Point(label=f"{p.first}, {p.second}", x=p.distance, lo=p.interval.lo, hi=p.interval.hi,
                          n=p.interval.n)
                    for p in pairs.pairs
                    if p.kind == kind
                ),
            )
            for kind in kinds
        ),
        note=f"Levels with {REFERENCE} as partner; thin lines are 95 % jackknife intervals over openers, "
        f"{openers_words(pair.interval.n for pair in pairs.pairs)}.{median} Exploratory.",
    )  # fmt: skip


def openers_words(counts: Iterable[int]) -> str:
    """How many openers stand behind the figures of a chart."""
    return f"n = {' or '.join(map(str, sorted(set(counts))))}"


def ladder(cells: Cells, members: Sequence[Checkpoint]) -> ChartSpec | None:
    """Levels of the checkpoints of one base that are one training step apart."""
    steps = sorted((m for m in members if m.stage is not None), key=lambda m: m.stage or 0)
    if len(steps) < 2:
        return None
    column = cells.partners.index(REFERENCE)
    levels = {m.id: cells.values[cells.speakers.index(m.id), column] for m in steps}
    points: list[Point] = []
    for m in steps:
        e = jackknifed_mean(levels[m.id])
        label = STAGES.get(m.stage or 0, m.id)
        points.append(Point(label=label, x=e.value, lo=e.lo, hi=e.hi, n=e.n, note=m.id))
    changes = [mean_difference(levels[b.id] - levels[a.id]) for a, b in pairwise(steps)]
    words = "; ".join(
        f"{STAGES.get(b.stage or 0, b.id)} less {STAGES.get(a.stage or 0, a.id)} {number(e.value)} "
        f"({number(e.lo)} to {number(e.hi)})"
        for (a, b), e in zip(pairwise(steps), changes, strict=True)
    )
    return ChartSpec(
        id="panel-ladder",
        kind="ladder",
        title="Hedging after each training step of one base",
        desc="Share of hedged sentences of checkpoints of one base, one training step apart.",
        value_name="hedged sentences",
        point_name="stage",
        x=Axis(label="share of sentences that hedge, neither end is better"),
        series=(Series(name=steps[0].base, points=tuple(points)),),
        note=f"Levels with {REFERENCE} as partner, 95 % jackknife intervals over openers, "
        f"{openers_words(point.n or 0 for point in points)}. {words}, paired by "
        "opener. Exploratory.",
    )


def design_table(members: Sequence[Checkpoint]) -> ChartSpec:
    """How many checkpoints each family and recipe has; an empty cell was not measured."""
    families = tuple(dict.fromkeys(m.family for m in members))
    recipes = tuple(dict.fromkeys(m.recipe for m in members))
    counts = {(f, r): sum((m.family, m.recipe) == (f, r) for m in members) for f in families for r in recipes}
    return ChartSpec(
        id="panel-design",
        kind="heat",
        title="Checkpoints by family and recipe",
        desc="How many checkpoints of each family and recipe were measured.",
        value_name="checkpoints",
        matrix=Matrix(
            row_head="family",
            column_head="recipe",
            rows=families,
            columns=recipes,
            cells=tuple(
                MatrixCell(row=f, column=r, value=float(n), note=" ", significant=False)
                for (f, r), n in counts.items()
                if n
            ),
            range=(0.0, float(max(counts.values()))),
        ),
        note=f"n = {len(members)} checkpoints of known recipe; {sum(not n for n in counts.values())} of "
        f"{len(counts)} cells are empty, so recipe and family can be told apart only in part.",
        decimals=0,
    )
