"""Right replies beside genuine follow-ups within model families: does the rate follow accuracy?"""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.stats import rankdata

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
from .boards import row_names
from .user_turn_cells import MORE, chart_id

MATHS = {"dataset": "gsm8k"}


FEWEST_SIZES = 3


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
                title=f"{name}: right replies and genuine follow-ups",
                desc=f"Accuracy and genuine follow-up rate at temperature 1 on GSM8K, models of {name}.",
                value_name="GFR@1",
                x=Axis(label="share of right replies →"),
                y=Axis(label=f"↑ GFR@1, {MORE}"),
                series=(Series(name=name, points=tuple(points)),),
                note="The same GSM8K contexts on both axes; lines are 95 % intervals, n is the number of "
                "contexts. “≤” is the upper limit where no turn was genuine.",
            )
        )
    return tuple(specs)


def decoupling(standing: Standing) -> ChartSpec | None:
    """Families with at least three sizes: rank correlation of accuracy and greedy rate, and its slope."""
    cells: list[MatrixCell] = []
    for name, rows in standing.families.items():
        pairs = list(accuracy_and_rate(rows))
        if len(pairs) < FEWEST_SIZES:
            continue
        rho, slope = correlation(pairs)
        sizes = f"{len(pairs)} sizes"
        for column, value in (("Spearman’s ρ", rho), ("GFR@0 per 0.10 accuracy", slope)):
            note = sizes if value is not None else "not estimable"
            cells.append(MatrixCell(row=name, column=column, value=value, note=note, significant=False))
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
        note=f"Families with at least {FEWEST_SIZES} sizes, listed and not ranked. Accuracy and greedy rate "
        "on the same GSM8K contexts. No interval: it rests on a handful of sizes, each a single model.",
    )


def accuracy_and_rate(rows: Sequence[Row]) -> Iterable[tuple[float, float]]:
    """Accuracy and greedy rate of each model of a family; further configurations of a model are no sizes."""
    seen: set[str] = set()
    for row in rows:
        right, rate = maths_cell(row, "followup.correct"), maths_cell(row, "followup.gfr_t0")
        if right is None or rate is None or right.value is None or rate.value is None:
            continue
        if row.entry.model.id not in seen:
            seen.add(row.entry.model.id)
            yield right.value, rate.value


def correlation(pairs: Sequence[tuple[float, float]]) -> tuple[float | None, float | None]:
    """Spearman's correlation, and the change of the second per 0.10 of the first; None if constant."""
    x, y = np.array(pairs, dtype=np.float64).T
    if np.ptp(x) == 0:
        return None, None
    slope = float(np.polyfit(x, y, 1)[0]) * 0.1
    if np.ptp(y) == 0:
        return None, slope
    return float(np.corrcoef(rankdata(x), rankdata(y))[0, 1]), slope


def maths_cell(row: Row, metric: str) -> Cell | None:
    """A row's figure on the contexts whose replies are checked."""
    return next(
        (c for c in row.result.cells if c.dims == MATHS and c.metric == metric and c.value is not None), None
    )
