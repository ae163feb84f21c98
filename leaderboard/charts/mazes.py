"""Charts of the maze family: what entries and published tables hold, as chart specs.

Each builder takes the standing of a board and returns None where its cells are not there, so that a board
without runs shows no empty frame.
"""

from collections.abc import Callable

from ..figures import (
    MAX_SERIES,
    Axis,
    ChartSpec,
    Matrix,
    MatrixCell,
    Point,
    Ref,
    Series,
    number,
)
from ..models import display_name
from ..schema import Cell
from ..standings import Row, Standing
from .boards import SHOWN_ROWS, shown_rows

SUCCESS = "corrected success, more is better →"
FEWEST = 5
"""Groups of fewer mazes are not drawn: their intervals span the range."""
LADDER = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
CONDITIONS = "C3: alone, both halves, same number of notes. C7: two copies, half a map each."


def crossplay(standing: Standing) -> ChartSpec | None:
    """Success of ordered pairs of models: the row starts, the column is second."""
    found: dict[tuple[str, str], MatrixCell] = {}
    for row in (*standing.ranked, *standing.open_rows, *standing.reference):
        for cell in _headline_cells(standing, row, "starter", "second"):
            pair = display_name(cell.dims["starter"]), display_name(cell.dims["second"])
            found.setdefault(pair, _heat_cell(*pair, cell))
    names = tuple(dict.fromkeys(name for pair in found for name in pair))
    if len(found) < 2 or all(a == b for a, b in found):
        return None
    return ChartSpec(
        id="crossplay",
        kind="heat",
        title="Who starts with whom",
        desc="Corrected success of ordered pairs. The row starts the dialogue, the column answers.",
        value_name="corrected success",
        matrix=Matrix(
            row_head="starts", column_head="second", rows=names, columns=names, cells=tuple(found.values())
        ),
        note="The row starts, the column is second; below each share its 95 % interval and the number of "
        "mazes. Outlined: a model with its own copy.",
    )


def gap_ladder(standing: Standing) -> ChartSpec | None:
    """One line a model from solo to pair, the gap with its interval at the right."""
    series: list[Series] = []
    for row in shown_rows(standing, SHOWN_ROWS):
        points = [
            _point(cell, cell.dims["condition"]) for cell in _headline_cells(standing, row, "condition")
        ]
        if len(points) >= 2:
            head = row.headline
            aside = f"{number(head.value)} ({number(head.lo)} to {number(head.hi)})"
            name = display_name(row.entry.model.id)
            series.append(Series(name=name, points=tuple(points), aside=aside))
    if not series:
        return None
    return ChartSpec(
        id="gap-ladder",
        kind="ladder",
        title="From alone to with a copy",
        desc="Corrected success of each model alone and in a pair, one line a model, the gap at the right.",
        value_name="corrected success",
        point_name="condition",
        x=Axis(label=SUCCESS, refs=_bounds(standing, "C7")),
        series=tuple(series),
        note=f"{CONDITIONS} At the right the gap with its 95 % interval; n is the number of mazes.",
    )


def difficulty(standing: Standing) -> ChartSpec | None:
    """Success by the number of steps of the reference route."""
    ticks: list[str] = []
    series: list[Series] = []
    for row in shown_rows(standing, MAX_SERIES):
        cells = _headline_cells(standing, row, "condition", "steps")
        cells = [cell for cell in cells if cell.dims["condition"] == "C7" and cell.n >= FEWEST]
        ticks += [cell.dims["steps"] for cell in cells if cell.dims["steps"] not in ticks]
        points = [
            Point(
                label=c.dims["steps"],
                x=float(ticks.index(c.dims["steps"])),
                y=c.value,
                lo=c.lo,
                hi=c.hi,
                n=c.n,
            )
            for c in cells
        ]
        if len(points) >= 2:
            series.append(Series(name=display_name(row.entry.model.id), points=tuple(points)))
    if not series:
        return None
    return ChartSpec(
        id="difficulty",
        kind="lines",
        title="Success by length of the way",
        desc="Corrected success by the number of steps of the shortest route, one line a model.",
        value_name="corrected success",
        x=Axis(
            label="steps of the reference route",
            ticks=tuple(tick.replace("-", "–") for tick in ticks),
        ),
        y=Axis(label="↑ corrected success, more is better"),
        series=tuple(series),
        note=f"At most {MAX_SERIES} rows from the top of the board; thin lines are 95 % intervals, n is the "
        "number of mazes in each group.",
    )


def partners(standing: Standing) -> ChartSpec | None:
    """Success by scripted partner."""
    rows = [(row, _headline_cells(standing, row, "script")) for row in shown_rows(standing, SHOWN_ROWS)]
    rows = [(row, cells) for row, cells in rows if cells]
    if not rows:
        return None
    columns = tuple(dict.fromkeys(cell.dims["script"] for _, cells in rows for cell in cells))
    return ChartSpec(
        id="partners",
        kind="heat",
        title="Success by partner",
        desc="Corrected success of each model with each scripted partner.",
        value_name="corrected success",
        matrix=Matrix(
            row_head="model",
            column_head="partner",
            rows=tuple(display_name(row.entry.model.id) for row, _ in rows),
            columns=columns,
            cells=tuple(
                _heat_cell(display_name(row.entry.model.id), c.dims["script"], c)
                for row, cells in rows
                for c in cells
            ),
        ),
        note="Each share with its 95 % interval and the number of mazes.",
    )


BUILDERS: dict[str, Callable[[Standing], ChartSpec | None]] = {
    "crossplay": crossplay,
    "gap_ladder": gap_ladder,
    "difficulty": difficulty,
    "partners": partners,
}


def _headline_cells(standing: Standing, row: Row, *dims: str) -> list[Cell]:
    """Cells of the board's headline whose conditions are exactly these, with a value, in stored order."""
    wanted = set(dims)
    return [
        cell
        for cell in row.result.cells
        if set(cell.dims) == wanted and cell.metric == standing.board.headline and cell.value is not None
    ]


def _heat_cell(row: str, column: str, cell: Cell) -> MatrixCell:
    return MatrixCell(row=row, column=column, value=cell.value, lo=cell.lo, hi=cell.hi, n=cell.n)


def _point(cell: Cell, label: str) -> Point:
    return Point(label=label, x=cell.value, lo=cell.lo, hi=cell.hi, n=cell.n)


def _bounds(standing: Standing, condition: str) -> tuple[Ref, ...]:
    """Floor and ceiling players of the board, by their cell of that condition."""
    marks: list[Ref] = []
    for row in standing.reference:
        if row.entry.model.id in (standing.board.floor, standing.board.ceiling):
            found = [
                c for c in _headline_cells(standing, row, "condition") if c.dims["condition"] == condition
            ]
            if found and found[0].value is not None:
                name = display_name(row.entry.model.id)
                marks.append(
                    Ref(
                        value=found[0].value,
                        label=f"{name} {number(found[0].value)}",
                    )
                )
    return tuple(marks)
