"""Right replies beside genuine follow-ups within model families: does the rate follow accuracy?"""

import math
from collections.abc import Sequence

import numpy as np

from ..configurations import row_names
from ..decoupling import FEWEST_SIZES, decoupling
from ..figures import (
    Axis,
    ChartSpec,
    Matrix,
    MatrixCell,
    Point,
    Series,
)
from ..schema import Cell
from ..standings import Row, Standing
from ..statistics import Estimate, Vector
from .boards import n_words
from .user_turn_cells import MORE, chart_id

MATHS = {"dataset": "gsm8k"}


def accuracy(standing: Standing) -> tuple[ChartSpec, ...]:
    """Right replies against genuine follow-ups on the same maths contexts, one panel a family."""
    specs: list[ChartSpec] = []
    for name, rows in standing.families.items():
        points = [
            Point(
                label=label,
                x=right.value,
                x_lo=right.lo,
                x_hi=right.hi,
                y=rate.value,
                lo=rate.lo,
                hi=rate.hi,
                n=rate.n,
            )
            for label, row in zip(row_names(rows), rows, strict=True)
            if (right := maths_cell(row, "followup.correct")) and (rate := maths_cell(row, "followup.gfr_t1"))
        ]
        if len(points) < 2:
            continue
        specs.append(
            ChartSpec(
                id=chart_id("accuracy", standing, name),
                kind="scatter",
                title=f"{name}: GFR against accuracy",
                desc=f"Accuracy and genuine follow-up rate at temperature 1 on GSM8K, models of {name}.",
                value_name="GFR@1",
                x=Axis(label=f"share of right replies, {MORE} →"),
                y=Axis(label=f"↑ genuine follow-up rate at temperature 1, {MORE}"),
                series=(Series(name=name, points=tuple(points)),),
                note="Exploratory. The same GSM8K contexts on both axes; thin lines are 95 % "
                "intervals. An arrow down with “≤”: no turn was genuine, and the limit is all that is known. "
                f"{n_words(points, 'context')}",
            )
        )
    return tuple(specs)


def decoupling_table(standing: Standing) -> ChartSpec | None:
    """Families with at least three sizes: rank correlation of accuracy and greedy rate, and its slope."""
    cells: list[MatrixCell] = []
    for name, rows in standing.families.items():
        sides = family_flags(rows)
        if sides is None:
            continue
        found = decoupling(*sides, seed=int(rows[0].result.units_digest[:8], 16))
        sizes = f"{len(sides[0])} sizes"
        columns = (("Spearman’s ρ", found.rho), ("GFR@0 per 0.10 accuracy", found.slope))
        cells += [decoupling_cell(name, column, estimate, sizes) for column, estimate in columns]
    if not cells:
        return None
    return ChartSpec(
        id=chart_id("decoupling", standing),
        kind="heat",
        title="Does the rate follow accuracy?",
        desc="Rank correlation of GSM8K accuracy and GFR@0 within model families, and the slope.",
        value_name="correlation",
        matrix=Matrix(
            row_head="family",
            column_head="figure",
            rows=tuple(dict.fromkeys(cell.row for cell in cells)),
            columns=tuple(dict.fromkeys(cell.column for cell in cells)),
            cells=tuple(cells),
            scale="diverging",
            range=(-1.0, 1.0),
        ),
        decimals=3,
        note=f"Exploratory. Families with at least {FEWEST_SIZES} sizes, listed and not ranked. Accuracy and "
        "greedy rate on the same GSM8K contexts. The 95 % interval is for other contexts (bootstrap) with "
        "these very sizes, which are a handful, each a single model. None is given where the rate is the "
        "same for all sizes in more than 5 % of the draws.",
    )


def decoupling_cell(row: str, column: str, estimate: Estimate | None, sizes: str) -> MatrixCell:
    """One figure of a family with its interval; the number of sizes stands below."""
    if estimate is None:
        return MatrixCell(row=row, column=column, value=None, note="not estimable", significant=False)
    if math.isnan(estimate.lo):
        note = f"no interval, {sizes}"
        return MatrixCell(row=row, column=column, value=estimate.value, note=note, significant=False)
    value, lo, hi, n = estimate
    return MatrixCell(row=row, column=column, value=value, lo=lo, hi=hi, n=n, word=sizes, significant=False)


def family_flags(rows: Sequence[Row]) -> tuple[Vector, Vector] | None:
    """Right replies and genuine greedy turns of a family's models on the maths contexts that all have.

    Further configurations of a model are no sizes. None with fewer than three, or without such contexts.
    """
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        right, rate = (row.result.flags.get(key) for key in ("followup.correct", "followup.gfr_t0"))
        if right is not None and rate is not None:
            found.setdefault(row.entry.model.id, (right, rate))
    if len(found) < FEWEST_SIZES:
        return None
    total = rows[0].result.units_total
    common = [i for i in range(total) if all("-" not in (a[i], b[i]) for a, b in found.values())]
    right, rate = (
        np.array([[marks[side][i] == "1" for i in common] for marks in found.values()], dtype=np.float64)
        for side in (0, 1)
    )
    return (right, rate) if common else None


def maths_cell(row: Row, metric: str) -> Cell | None:
    """A row's figure on the contexts whose replies are checked."""
    return next(
        (c for c in row.result.cells if c.dims == MATHS and c.metric == metric and c.value is not None), None
    )
