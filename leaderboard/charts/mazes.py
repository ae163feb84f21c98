"""Charts of the maze family: what entries and published tables hold, as chart specs.

Each builder takes the standing of a board and returns None where its cells are not there, so that a board
without runs shows no empty frame.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from scipy.special import stdtr

from ..comparisons import holm
from ..configurations import row_names
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
from ..statistics import t_quantile
from .boards import SHOWN_ROWS, heat_cell, n_words, named_rows, point_of

SUCCESS = "corrected success, more is better →"
FEWEST = 5
"""Groups of fewer mazes are not drawn: their intervals span the range."""
CONDITIONS = "C3: alone, both halves, same number of notes. C7: two copies, half a map each."


def crossplay(standing: Standing) -> tuple[ChartSpec, ...]:
    """Success of ordered pairs of models, and what the order changes in pairs that were played both ways."""
    return tuple(spec for spec in (pair_success(standing), order_effects(standing)) if spec is not None)


def pair_success(standing: Standing) -> ChartSpec | None:
    """Success of ordered pairs of models: the row starts, the column is second."""
    found: dict[tuple[str, str], MatrixCell] = {}
    for pair, cell in _pairs(standing, "starter", "second"):
        found.setdefault(pair, heat_cell(*pair, cell))
    names = tuple(dict.fromkeys(name for pair in found for name in pair))
    if len(found) < 2 or all(a == b for a, b in found):
        return None
    return ChartSpec(
        id="crossplay",
        kind="heat",
        title="Success by who starts and who answers",
        desc="Corrected success of ordered pairs. The row starts the dialogue, the column answers.",
        value_name="corrected success",
        matrix=Matrix(
            row_head="starts", column_head="second", rows=names, columns=names, cells=tuple(found.values())
        ),
        note="The row starts, the column is second; below each share its 95 % interval and the number of "
        "mazes. Outlined: a model with its own copy.",
    )


def order_effects(standing: Standing) -> ChartSpec | None:
    """Row first less column first, tinted where significant after Holm's correction over all pairs."""
    found: dict[tuple[str, str], Cell] = {}
    for pair, cell in _pairs(standing, "order", "starter", "second"):
        found.setdefault(pair, cell)
    if not found:
        return None
    verdicts = dict(zip(found, holm([p_of(cell) for cell in found.values()]), strict=True))
    cells: list[MatrixCell] = []
    for (first, second), cell in found.items():
        value, lo, hi = cell.value or 0.0, cell.lo, cell.hi
        is_clear = verdicts[first, second]
        reversed_ends = (None, None) if lo is None or hi is None else (-hi, -lo)
        cells.append(MatrixCell(row=first, column=second, value=value, lo=lo, hi=hi, n=cell.n,
                                significant=is_clear))  # fmt: skip
        cells.append(MatrixCell(row=second, column=first, value=-value, lo=reversed_ends[0],
                                hi=reversed_ends[1], n=cell.n, significant=is_clear))  # fmt: skip
    names = tuple(dict.fromkeys(name for pair in found for name in pair))
    extent = max([0.1, *(abs(cell.value or 0.0) for cell in cells)])
    return ChartSpec(
        id="order-effect",
        kind="heat",
        title="Order effect on success: row first less column first",
        desc="Paired difference of corrected success between both orders of a pair, row first less reversed.",
        value_name="difference",
        matrix=Matrix(
            row_head="first", column_head="reversed", rows=names, columns=names, cells=tuple(cells),
            scale="diverging", range=(-extent, extent),
        ),
        note="Above 0 the pair does better when the row starts. Below each difference its 95 % interval, "
        "paired by maze, and the number of mazes. Tinted only where significant at 5 % after Holm’s "
        "correction over all pairs.",
    )  # fmt: skip


def p_of(cell: Cell) -> float:
    """Two-sided p of the t test behind a difference's 95 % interval; 1 where there is no interval."""
    if cell.lo is None or cell.hi is None or cell.n < 2 or cell.hi <= cell.lo:
        return 1.0
    error = (cell.hi - cell.lo) / 2 / t_quantile(0.975, cell.n - 1)
    return 2 * float(stdtr(cell.n - 1, -abs(cell.lo + cell.hi) / 2 / error))


def gap_ladder(standing: Standing) -> ChartSpec | None:
    """One line a model from solo to pair, the gap with its interval at the right."""
    series: list[Series] = []
    for name, row in named_rows(standing, SHOWN_ROWS):
        points = [
            point_of(cell.dims["condition"], cell) for cell in _headline_cells(standing, row, "condition")
        ]
        if len(points) >= 2:
            head = row.headline
            aside = f"{number(head.value)} ({number(head.lo)} to {number(head.hi)})"
            series.append(Series(name=name, points=tuple(points), aside=aside))
    if not series:
        return None
    return ChartSpec(
        id="gap-ladder",
        kind="ladder",
        title="Success alone and with a copy, and the gap",
        desc="Corrected success of each model alone and in a pair, one line a model, the gap beside it.",
        value_name="corrected success",
        point_name="condition",
        x=Axis(label=SUCCESS, refs=_bounds(standing, "C7")),
        series=tuple(series),
        note=f"{CONDITIONS} Thin lines are 95 % intervals; beside each row the gap with its own, paired by "
        f"maze. {n_words((p for one in series for p in one.points), 'maze')} Bands: 95 % intervals of the "
        "scripted players that mark the floor and the ceiling.",
    )


def difficulty(standing: Standing) -> ChartSpec | None:
    """Success by the number of steps of the reference route."""
    found = [
        (name, [c for c in _headline_cells(standing, row, "condition", "steps")
                if c.dims["condition"] == "C7" and c.n >= FEWEST])
        for name, row in named_rows(standing, MAX_SERIES)
    ]  # fmt: skip
    labels = dict.fromkeys(cell.dims["steps"] for _, cells in found for cell in cells)
    ticks = sorted(labels, key=least_steps)
    series: list[Series] = []
    for name, cells in found:
        points = [
            Point(
                label=c.dims["steps"],
                x=float(ticks.index(c.dims["steps"])),
                y=c.value,
                lo=c.lo,
                hi=c.hi,
                n=c.n,
            )
            for c in sorted(cells, key=lambda c: ticks.index(c.dims["steps"]))
        ]
        if len(points) >= 2:
            series.append(Series(name=name, points=tuple(points)))
    if not series:
        return None
    return ChartSpec(
        id="difficulty",
        kind="lines",
        title="Corrected success by length of the way",
        desc="Corrected success by the number of steps of the shortest route, one line a model.",
        value_name="corrected success",
        x=Axis(
            label="steps of the reference route",
            ticks=tuple(tick.replace("-", "–") for tick in ticks),
        ),
        y=Axis(label="↑ corrected success, more is better"),
        series=tuple(series),
        note=f"At most {MAX_SERIES} rows from the top of the board. Thin lines are 95 % intervals. "
        f"{n_words((p for one in series for p in one.points), 'maze')}",
    )


def least_steps(label: str) -> int:
    """The number that a group of lengths is ordered by: 10 of `up to 10`, 11 of `11-13`, 20 of `20+`."""
    return int(next(iter(re.findall(r"\d+", label)), 0))


def partners(standing: Standing) -> ChartSpec | None:
    """Success by scripted partner."""
    named = named_rows(standing, SHOWN_ROWS)
    rows = [(name, _headline_cells(standing, row, "script")) for name, row in named]
    rows = [(name, cells) for name, cells in rows if cells]
    if not rows:
        return None
    columns = tuple(dict.fromkeys(cell.dims["script"] for _, cells in rows for cell in cells))
    return ChartSpec(
        id="partners",
        kind="heat",
        title="Corrected success by scripted partner",
        desc="Corrected success of each model with each scripted partner.",
        value_name="corrected success",
        matrix=Matrix(
            row_head="model",
            column_head="partner",
            rows=tuple(name for name, _ in rows),
            columns=columns,
            cells=tuple(heat_cell(name, c.dims["script"], c) for name, cells in rows for c in cells),
        ),
        note="Below each share its 95 % interval and, where they differ, the number of mazes.",
    )


BUILDERS: Mapping[str, Callable[[Standing], ChartSpec | tuple[ChartSpec, ...] | None]] = {
    "crossplay": crossplay,
    "gap_ladder": gap_ladder,
    "difficulty": difficulty,
    "partners": partners,
}


def _pairs(standing: Standing, *dims: str) -> Iterator[tuple[tuple[str, str], Cell]]:
    """Cells of ordered pairs of models with the names of both, the first entry's first."""
    rows = (*standing.ranked, *standing.open_rows, *standing.reference)
    for own, row in zip(row_names(rows), rows, strict=True):
        for cell in _headline_cells(standing, row, *dims):
            ids = cell.dims["starter"], cell.dims["second"]
            first, second = (own if one == row.entry.model.id else display_name(one) for one in ids)
            yield (first, second), cell


def _headline_cells(standing: Standing, row: Row, *dims: str) -> list[Cell]:
    """Cells of the board's headline whose conditions are exactly these, with a value, in stored order."""
    wanted = set(dims)
    return [
        cell
        for cell in row.result.cells
        if set(cell.dims) == wanted and cell.metric == standing.board.headline and cell.value is not None
    ]


def _bounds(standing: Standing, condition: str) -> tuple[Ref, ...]:
    """Floor and ceiling players of the board, by their cell of that condition."""
    marks: list[Ref] = []
    for row in standing.reference:
        if row.entry.model.id in (standing.board.floor, standing.board.ceiling):
            found = [
                c for c in _headline_cells(standing, row, "condition") if c.dims["condition"] == condition
            ]
            if found and found[0].value is not None:
                cell, value = found[0], found[0].value
                label = f"{display_name(row.entry.model.id)} {number(value)}"
                if cell.lo is not None and cell.hi is not None:
                    marks.append(Ref(value=cell.lo, upto=cell.hi, label=""))
                marks.append(Ref(value=value, label=label))
    return tuple(marks)
