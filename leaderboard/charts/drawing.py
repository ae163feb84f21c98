"""The pictures themselves: forests, ladders, lines and scatters, in matplotlib and in reserved colours.

The width of a picture is given; its height follows from the number of rows.
"""

import io
from collections.abc import Sequence
from itertools import pairwise

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from ..figures import Axis, ChartSpec, Point, Series
from ..svg import FONT_SIZE, SENTINEL
from .apart import spread
from .bars import bars
from .canvas import (
    CAPTION,
    CHARACTER,
    COLOURS,
    LADDER_ROW,
    MARKERS,
    RC,
    ROW,
    SMALL,
    canvas,
    fitted,
    label,
    level_references,
    margin_text,
    plot,
    references,
    text_width,
    upright_axis,
    value_axis,
    whisker,
)
from .scatter import LINE
from .scatter import scatter as _scatter

BELOW, MOST_BELOW = 10.0, 3
"""Height of a row of texts under an axis, and how many rows a picture has room for."""


def draw(spec: ChartSpec, width: float) -> bytes:
    """Matplotlib's raw SVG of a chart that is `width` points wide."""
    drawers = {"forest": _forest, "ladder": _ladder, "lines": _lines, "scatter": _scatter, "bars": bars}
    with rc_context(RC):
        figure = drawers[spec.kind](spec, width)
        written = io.BytesIO()
        FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None, "Creator": None})
    return written.getvalue()


def _forest(spec: ChartSpec, width: float) -> Figure:
    """One row a point, values at the right; several series stand in blocks under their names."""
    blocks = [tuple(p for p in series.points if p.x is not None) for series in spec.series]
    has_heads = len(blocks) > 1 or any(series.refs for series in spec.series)
    lowered = width <= 400  # names of blocks and of their lines need a row each
    count = sum(map(len, blocks)) + has_heads * (2 * len(blocks) - 1)
    count += lowered * sum(bool(series.refs) for series in spec.series)
    left = min(text_width([p.label for p in spec.points]) + 12, width * (0.5 if lowered else 0.42))
    right, top, bottom = 30.0, 26.0 if spec.x.refs else 8.0, 32.0
    figure, axes = canvas(width, top + bottom + ROW * count, left, right, top, bottom)
    axes.set_ylim(count - 0.5, -0.5)
    value_axis(axes, spec.x, spec.points, width)
    references(axes, spec.x, -0.5, count - 0.5)
    y = 0
    for i, (series, points) in enumerate(zip(spec.series, blocks, strict=True)):
        if has_heads:
            margin_text(axes, fitted(series.name, width), y, -left, "left", "ink-2")
            y += 1 + lowered * bool(series.refs)
        references(axes, Axis(refs=series.refs), y - 0.5, y + len(points) - 0.5)
        for point in points:
            margin_text(axes, fitted(point.label, left - 8), y, -8, "right", "ink")
            whisker(axes, point, y, i)
            margin_text(axes, point.shown(point.x, spec.decimals)[0], y, width - left, "right", "ink-2")
            y += 1
        y += 1
    return figure


def _ladder(spec: ChartSpec, width: float) -> Figure:
    """One row a series: its points on one line, each with its label; the aside at the right."""
    rows = [series for series in spec.series if any(p.x is not None for p in series.points)]
    is_wide = width > 400
    left = min(text_width([series.name for series in rows]) + 12, width * 0.36)
    right = min(text_width([series.aside for series in rows]) + 8, width * 0.32) if is_wide else 8.0
    if not is_wide:  # what stands at the right of a wide row stands below the name of a narrow one
        left = min(
            max(text_width([s.name for s in rows]), text_width([s.aside for s in rows]) * SMALL / FONT_SIZE)
            + 12,
            width * 0.5,
        )
    top, bottom = 26.0 if spec.x.refs else 8.0, 32.0
    figure, axes = canvas(width, top + bottom + LADDER_ROW * len(rows), left, right, top, bottom)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    value_axis(axes, spec.x, spec.points, width)
    references(axes, spec.x, -0.5, len(rows) - 0.5)
    names = list(dict.fromkeys(p.label for series in rows for p in series.points))
    for y, series in enumerate(rows):
        points = sorted((p for p in series.points if p.x is not None), key=lambda p: p.x or 0.0)
        if is_wide:
            margin_text(axes, fitted(series.name, left - 8), y + 0.12, -8, "right", "ink")
            margin_text(axes, series.aside, y + 0.12, width - left, "right", "ink-2")
        else:
            name = fitted(series.name, left - 8)
            margin_text(axes, name, y + (0.0 if series.aside else 0.12), -8, "right", "ink")
            margin_text(axes, series.aside, y + 0.36, -8, "right", "ink-2", SMALL)
        plot(
            axes,
            [points[0].x or 0, points[-1].x or 0],
            [y + 0.12] * 2,
            color=SENTINEL["rule"],
            lw=3,
            zorder=1,
        )
        for point in points:
            whisker(axes, point, y + 0.12, names.index(point.label) % len(MARKERS), size=5)
        _dot_labels(axes, points, y + 0.12, width - left - right)
    return figure


def _dot_labels(axes: Axes, points: Sequence[Point], y: float, span: float) -> None:
    """Names above the dots of a row; dots at one place share a name, close ones go above and below."""
    lo, hi = axes.get_xlim()
    groups: list[tuple[float, list[Point]]] = []
    for point in points:
        here = ((point.x or 0.0) - lo) / (hi - lo) * span
        if groups and here - groups[-1][0] < 2:
            groups[-1][1].append(point)
        else:
            groups.append((here, [point]))
    ends = {"bottom": -1e9, "top": -1e9}
    for here, group in groups:
        name = "·".join(sorted(point.label for point in group))
        length = len(name) * CHARACTER * SMALL / FONT_SIZE
        is_first = here < length / 2  # centred it would run into the name of the row
        is_last = not is_first and here + length / 2 > span + 8
        start = here if is_first else here - length / (1 if is_last else 2)
        side = "bottom" if start > ends["bottom"] + 2 or ends["bottom"] <= ends["top"] else "top"
        ends[side] = start + length
        shift = 5.0 if side == "bottom" else -5.0
        anchor = "left" if is_first else "right" if is_last else "center"
        label(
            axes,
            name,
            (group[0].x or 0.0, y),
            (3 * is_last - 3 * is_first, shift),
            ha=anchor,
            va=side,
            size=SMALL,
        )


def _lines(spec: ChartSpec, width: float) -> Figure:
    """Lines over an ordered axis with intervals, each named at its right end."""
    right = min(text_width([series.name for series in spec.series]) + 14, width * 0.36)
    below = [(i, series) for i, series in enumerate(spec.series) if series.below]
    below = below if len(below) <= MOST_BELOW else []
    left, top, bottom = 30.0, 20.0, 32.0 + BELOW * (len(below) + bool(below))
    height = (220.0 if width > 400 else 190.0) + bottom - 32.0
    figure, axes = canvas(width, height, left, right, top, bottom)
    drawn = [*spec.points, *(p for series in spec.series for p in series.dotted)]
    ends = [e for p in drawn for e in (p.lo, p.hi, p.y) if e is not None]
    ends += [e for ref in spec.y.refs for e in (ref.value, ref.upto) if e is not None]
    upright_axis(axes, spec.y, ends, left)
    places = sorted({p.x for p in spec.points if p.x is not None})
    gap = min((b - a for a, b in pairwise(places)), default=1.0)
    if spec.x.ticks:
        axes.set_xticks(range(len(spec.x.ticks)), list(spec.x.ticks))
        axes.set_xlim(-0.3, len(spec.x.ticks) - 0.7)
    else:
        axes.set_xticks(places, [f"{place:g}" for place in places])
        axes.set_xlim(places[0] - 0.3 * gap, places[-1] + 0.3 * gap)
    axes.set_xlabel(spec.x.label, labelpad=3, fontsize=CAPTION, loc="right")
    _below(axes, spec, below, left)
    level_references(axes, spec.y)
    ordered = sorted(enumerate(spec.series), key=lambda item: -(_last(item[1]).y or 0.0))
    for i, series in ordered:
        _line(axes, series, i, len(spec.series), gap)
    named = [(i, fitted(series.name, right - 4), _last(series)) for i, series in ordered]
    _end_labels(axes, named, height - top - bottom)
    return figure


def _below(axes: Axes, spec: ChartSpec, rows: Sequence[tuple[int, Series]], left: float) -> None:
    """Texts under the lower axis, a row a series in its colour, under a line that says what they are."""
    for row, (i, series) in enumerate(rows, 1):
        for point, text in zip(series.points, series.below, strict=True):
            place, shift = (point.x or 0.0, 0.0), (0.0, -32.0 - BELOW * row)
            label(axes, text, place, shift, ha="center", va="baseline", ink=COLOURS[i], size=SMALL,
                  coords=("data", "axes fraction"))  # fmt: skip
    if rows:
        label(axes, spec.below_name, (0, 0), (-left, -32.0), ha="left", va="baseline", size=SMALL,
              coords="axes fraction")  # fmt: skip


def _last(series: Series) -> Point:
    return [p for p in series.points if p.y is not None][-1]


def _line(axes: Axes, series: Series, i: int, count: int, gap: float) -> None:
    points = [p for p in series.points if p.x is not None and p.y is not None]
    shift = (i - (count - 1) / 2) * 0.05 * gap
    colour = SENTINEL[COLOURS[i]]
    xs, ys = [(p.x or 0.0) + shift for p in points], [p.y or 0.0 for p in points]
    plot(axes, xs, ys, color=colour, lw=1.3, zorder=2)
    second = [p for p in series.dotted if p.x is not None and p.y is not None]
    plot(
        axes, [(p.x or 0.0) + shift for p in second], [p.y or 0.0 for p in second],
        color=colour, lw=1.1, ls=(0, (1, 2)), marker=".", ms=3, zorder=2,
    )  # fmt: skip
    for x, p in zip(xs, points, strict=True):
        if p.lo is not None and p.hi is not None:
            plot(axes, [x, x], [p.lo, p.hi], color=colour, lw=0.8, alpha=0.55, zorder=2)
    face = SENTINEL["paper"] if i == len(MARKERS) - 1 or any(p.hollow for p in points) else colour
    plot(axes, xs, ys, ls="", marker=MARKERS[i], ms=4.4, mfc=face, mec=colour, mew=1.1, zorder=3)


def _end_labels(axes: Axes, ends: list[tuple[int, str, Point]], height: float) -> None:
    """Names at the right end of lines, pushed apart so that none covers another or falls below the axis."""
    lo, hi = axes.get_ylim()
    x = axes.get_xlim()[1]
    wanted = [((point.y or 0.0) - lo) * height / (hi - lo) for _, _, point in ends]
    for (i, name, point), own, place in zip(ends, wanted, spread(wanted, LINE, 0.0), strict=True):
        label(axes, name, (x, point.y or 0.0), (4, place - own), ha="left", ink=COLOURS[i])
