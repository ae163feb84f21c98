"""Control arms of the user turns: arm less base as forests and tables, and whether the controls pass."""

from collections.abc import Sequence

from ..arm_verdicts import GFR_DIFFERENCE, NULL_ARMS, REACT_DIFFERENCE, cell_verdict, controls
from ..configurations import row_names
from ..figures import (
    Axis,
    ChartSpec,
    Matrix,
    MatrixCell,
    Point,
    Ref,
    Series,
    by_value,
)
from ..standings import Row, Standing
from .boards import SHOWN_ROWS, heat_cell, n_words
from .user_turn_cells import cells_of, chart_id

PANEL_ROWS = 4
"""Models of which the arms have a forest of their own; the tables hold all."""
UNCHANGED = 0.05
"""An arm changes nothing if its 90 % interval lies within this distance of 0."""


def arms(standing: Standing) -> tuple[ChartSpec, ...]:
    """Every control arm less the base arm: a forest a model, then one table a figure with the verdicts."""
    rows = (standing.rows or standing.reference)[:SHOWN_ROWS]
    named = list(zip(row_names(rows), rows, strict=True))[:PANEL_ROWS]
    forests = (arm_forest(standing, name, row) for name, row in named)
    kinds = (
        (GFR_DIFFERENCE, "GFR, arm less base"),
        (REACT_DIFFERENCE, "React, arm less base"),
        ("followup.caught_difference", "Error caught, arm less base"),
    )
    specs = (arm_table(standing, rows, metric, title) for metric, title in kinds)
    return tuple(spec for spec in (*forests, *specs) if spec is not None)


def arm_forest(standing: Standing, name: str, row: Row) -> ChartSpec | None:
    """What each arm changes for one model: the null controls on top, then the others by value."""
    points = [
        Point(label=cell.dims["arm"], x=cell.value, lo=cell.lo, hi=cell.hi, n=cell.n,
              note=cell_verdict(cell) or "")
        for cell in cells_of(row, GFR_DIFFERENCE, "arm")
    ]  # fmt: skip
    blocks = (
        ("Null controls, which must change nothing", [p for p in points if p.label in NULL_ARMS]),
        ("Arms that change the reply or the request", [p for p in points if p.label not in NULL_ARMS]),
    )
    series = tuple(Series(name=words, points=by_value(own)) for words, own in blocks if own)
    if len(points) < 2:
        return None
    band = Ref(value=-UNCHANGED, upto=UNCHANGED, label=f"no change ± {UNCHANGED}")
    return ChartSpec(
        id=chart_id("arms", standing, name),
        kind="forest",
        title=f"{name}: change of the GFR by control arm",
        desc=f"Paired difference of the genuine follow-up rate, arm less base, of {name}, one row an arm.",
        value_name="difference",
        point_name="arm",
        x=Axis(label="GFR, arm less base", refs=(band,)),
        series=series,
        note="Thin lines are 95 % intervals, paired by context. The null controls, on top, must lie in the "
        f"band: they change what should not matter. {n_words(points, 'context')}",
    )


def arm_table(standing: Standing, rows: Sequence[Row], metric: str, title: str) -> ChartSpec | None:
    """The differences of one figure: arms as rows, null arms on top, models as columns."""
    cells: list[MatrixCell] = []
    names = row_names(rows)
    for name, row in zip(names, rows, strict=True):
        for cell in cells_of(row, metric, "arm"):
            verdict = cell_verdict(cell)
            is_moved = verdict is not None and verdict.startswith("moved")
            made = heat_cell(cell.dims["arm"], name, cell)
            cells.append(made.model_copy(update={"word": verdict or "", "significant": is_moved}))
        badge = controls(row.result.cells, row.headline.value) if metric == GFR_DIFFERENCE else None
        if badge is not None:
            word = {True: "pass", False: "do not pass", None: "incomplete"}[badge.passed]
            cells.append(MatrixCell(row="controls", column=name, value=None, note=word))
    if not cells:
        return None
    order = ("controls", *NULL_ARMS)
    found = dict.fromkeys(cell.row for cell in cells)
    extent = max([0.1, *(abs(cell.value or 0.0) for cell in cells)])
    return ChartSpec(
        id=chart_id(metric.split(".")[-1].replace("_", "-"), standing),
        kind="heat",
        title=title,
        desc=f"{title}: paired differences by control arm (rows) and model (columns).",
        value_name="difference",
        matrix=Matrix(
            row_head="arm",
            column_head="model",
            rows=tuple(sorted(found, key=lambda arm: order.index(arm) if arm in order else len(order))),
            columns=tuple(name for name in names if any(cell.column == name for cell in cells)),
            cells=tuple(cells),
            scale="diverging",
            range=(-extent, extent),
        ),
        note="Paired by context, with 95 % intervals. Moved: the interval excludes 0. Unchanged: the 90 % "
        "interval lies within ± 0.05. Tinted where moved."
        + (" The null arms, on top, must change nothing." if metric == GFR_DIFFERENCE else ""),
    )
