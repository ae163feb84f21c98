"""Charts of published figures: printed matrices, the effect of order, a forest beside our runs.

Published marks are hollow and stand in blocks of their own; nothing here enters a rank or a paired test.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

from ..figures import Axis, ChartSpec, Matrix, MatrixCell, Point, Ref, Series, by_value
from ..literature import Figure, Literature
from ..standings import Standing
from .boards import SHOWN_ROWS, named_rows, slug

HALVES: Mapping[str, str] = {
    "95 %": "the half-width of its 95 % interval",
    "sd over runs": "the standard deviation over runs",
    "computed": "the half-width of a 95 % interval, computed here from n",
    "none": "no interval",
}
ORDER_EFFECT_RANGE = (-0.4, 0.4)
NO_INTERVAL = "○ no interval"


def published_forest(source: Literature, standing: Standing | None) -> ChartSpec | None:
    """Published models with their own copy, hollow, below our runs, never in one order; None for lists."""
    beside = source.beside
    if beside is None:
        return None
    ours = named_rows(standing, SHOWN_ROWS) if standing else ()
    runs = [
        (name, row.result.metrics[beside.ours]) for name, row in ours if beside.ours in row.result.metrics
    ]
    series: list[Series] = []
    if runs:
        points = (Point(label=name, x=m.value, lo=m.lo, hi=m.hi, n=m.n) for name, m in runs)
        who = "" if standing and standing.ranked else "scripted players, "
        series.append(Series(name=f"Interplay, {who}{beside.ours_label}", points=by_value(points)))
    label = source.metrics[beside.metric].label.lower()
    printed = by_value(_published_point(row) for row in source.homogeneous(beside.metric))
    marks = (mark for mark in source.marks if mark.metric == beside.metric)
    refs = tuple(Ref(value=mark.value, label=mark.label) for mark in marks)
    series.append(Series(name=f"{source.title}, {label}", points=printed, refs=refs))
    return ChartSpec(
        id=f"published-{slug(source.source)}",
        kind="forest",
        title=beside.title,
        desc=beside.desc,
        value_name=label,
        x=Axis(label=f"{label}, more is better →", range=(0.0, 1.0)),
        series=tuple(series),
        note=f"{beside.note} {counted(p for one in series for p in one.points)}",
    )


def published_matrices(source: Literature, group: str) -> tuple[ChartSpec, ...]:
    """One printed group: a matrix a metric, then the order effect of the first metric; none for lists."""
    if source.is_list:
        return ()
    specs = [_published_matrix(source, group, metric) for metric in source.metrics]
    effect = _order_effect(source, group, next(iter(source.metrics)))
    return (*specs, *([effect] if effect else []))


def _published_matrix(source: Literature, group: str, metric: str) -> ChartSpec:
    rows = source.figures(metric, group)
    label = source.metrics[metric].label
    kinds = sorted({row.interval_kind for row in rows if row.lo is not None}) or ["none"]
    return ChartSpec(
        id=f"{slug(group)}-{metric}",
        kind="heat",
        title=f"{label} by who starts and who answers",
        desc=f"{label} of ordered pairs, {group}. The row starts the dialogue, the column answers.",
        value_name=label.lower(),
        matrix=_matrix(rows, [_published_cell(row) for row in rows]),
        note=f"As printed; below each figure {HALVES[kinds[0]] if len(kinds) == 1 else 'what is printed'}. "
        f"{counted(rows)}",
    )


def counted(figures: Iterable[Figure | Point]) -> str:
    """What n is, of figures that may have been printed without it."""
    counts = [figure.n for figure in figures]
    known = sorted({n for n in counts if n is not None})
    if not known:
        return "The n of a figure is not printed."
    words = f"n is {known[0]} to {known[-1]}" if len(known) > 1 else f"n = {known[0]}"
    return f"{words}; published ones are printed without n." if None in counts else f"{words}."


def _published_cell(row: Figure) -> MatrixCell:
    if row.value is None:
        note = (row.note or "not published").removeprefix("printed as ")
    else:
        note = f"± {row.half_width:.2f}" if row.half_width is not None else NO_INTERVAL
    return MatrixCell(
        row=row.model, column=row.partner or "", value=row.value, lo=row.lo, hi=row.hi, n=row.n, note=note
    )


def _order_effect(source: Literature, group: str, metric: str) -> ChartSpec | None:
    rows = source.figures(metric, group)
    by_pair = {(row.model, row.partner): row for row in rows}
    cells: list[MatrixCell] = []
    for row in rows:
        other = by_pair.get((row.partner or "", row.model))
        if row.is_homogeneous or other is None or row.value is None or other.value is None:
            continue
        difference = round(row.value - other.value, 6)
        halves = [figure.half_width for figure in (row, other) if figure.half_width is not None]
        joint = math.hypot(*halves) if len(halves) == 2 else None
        cells.append(
            MatrixCell(
                row=row.model,
                column=row.partner or "",
                value=difference,
                lo=None if joint is None else difference - joint,
                hi=None if joint is None else difference + joint,
                note=NO_INTERVAL if joint is None else f"± {joint:.2f}",
                significant=joint is not None and abs(difference) > joint,
            )
        )
    if not cells:
        return None
    matrix = _matrix(rows, cells)
    return ChartSpec(
        id=f"{slug(group)}-order",
        kind="heat",
        title="Order effect: row first less column first",
        desc=f"{source.metrics[metric].label}, row first less column first, of each pair of {group}.",
        value_name="difference",
        matrix=matrix.model_copy(update={"scale": "diverging", "range": ORDER_EFFECT_RANGE}),
        note="Computed here from printed values; tinted where it exceeds the joint 95 % interval below it. "
        f"{counted(rows)}",
    )


def _matrix(rows: Sequence[Figure], cells: Sequence[MatrixCell]) -> Matrix:
    names = tuple(dict.fromkeys(row.model for row in rows))
    return Matrix(row_head="starts", column_head="second", rows=names, columns=names, cells=tuple(cells))


def _published_point(row: Figure) -> Point:
    lo, hi = (None, None) if row.lo is None or row.hi is None else (max(row.lo, 0.0), min(row.hi, 1.0))
    return Point(label=row.model, x=row.value, lo=lo, hi=hi, n=row.n, hollow=True)
