"""The pictures themselves: forests, ladders and lines, in matplotlib and in reserved colours.

All lengths are points of a picture whose width is given; heights follow from the number of rows. Nothing
here knows a theme: colours are the sentinels of `svg.py`.
"""

import io
from collections.abc import Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from .figures import Axis, ChartSpec, Point, Series, nice_ticks, number, rounded_range
from .svg import FONT_SIZE, SENTINEL

RC: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "interplay",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": FONT_SIZE,
    "text.color": SENTINEL["ink"],
    "axes.labelcolor": SENTINEL["ink-2"],
    "axes.edgecolor": SENTINEL["edge"],
    "axes.linewidth": 0.6,
    "xtick.color": SENTINEL["edge"],
    "ytick.color": SENTINEL["edge"],
    "xtick.labelcolor": SENTINEL["ink-2"],
    "ytick.labelcolor": SENTINEL["ink-2"],
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
}
MARKERS = ("o", "s", "^", "D", "P", "o")
COLOURS = ("s1", "s2", "s3", "s4", "s5", "s6")
ROW = 16.0
LADDER_ROW = 27.0
CHARACTER = 4.75  # mean advance of the pages' sans face at 9 points
CAPTION = 8.0


def draw(spec: ChartSpec, width: float) -> bytes:
    """Matplotlib's raw SVG of a chart that is `width` points wide."""
    drawers = {"forest": _forest, "ladder": _ladder, "lines": _lines}
    with rc_context(RC):
        figure = drawers[spec.kind](spec, width)
        written = io.BytesIO()
        FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None, "Creator": None})
    return written.getvalue()


def _canvas(
    width: float, height: float, left: float, right: float, top: float, bottom: float
) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    figure.patch.set_alpha(0)
    box = (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    axes = figure.add_axes(box)
    axes.patch.set_alpha(0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _plot(axes: Axes, xs: Sequence[float], ys: Sequence[float], **style: Any) -> None:
    """A line or markers, never clipped, so that dots at the end of the range stay whole."""
    axes.plot(xs, ys, clip_on=False, solid_capstyle="butt", **style)


def _label(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    offset: tuple[float, float],
    *,
    ha: str,
    va: str = "center_baseline",
    ink: str = "ink-2",
    size: float = FONT_SIZE,
    coords: str | tuple[str, str] = "data",
) -> None:
    """Text at a place, moved by points, never clipped."""
    axes.annotate(
        text,
        at,
        offset,
        xycoords=coords,
        textcoords="offset points",
        ha=ha,
        va=va,
        fontsize=size,
        color=SENTINEL[ink],
        annotation_clip=False,
    )


def _text_width(labels: Sequence[str]) -> float:
    return max((len(label) for label in labels), default=0) * CHARACTER


def _value_axis(axes: Axes, axis: Axis, points: Sequence[Point], width: float) -> None:
    """A horizontal axis of values with its labelled reference lines."""
    ends = [e for p in points for e in (p.lo, p.hi, p.x) if e is not None] + [r.value for r in axis.refs]
    lo, hi = axis.range or rounded_range(ends)
    pad = (hi - lo) * 0.012
    axes.set_xlim(lo - pad, hi + pad)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_bounds(lo, hi)
    axes.set_yticks([])
    ticks = nice_ticks(lo, hi, 7 if width > 400 else 4)
    axes.set_xticks(ticks, _tick_words(ticks))
    axes.set_xlabel(axis.label, labelpad=3, fontsize=CAPTION, loc="right")


def _tick_words(ticks: Sequence[float]) -> list[str]:
    """Labels with as many decimals as the finest tick needs."""
    decimals = next(d for d in range(4) if all(abs(t - round(t, d)) < 1e-6 for t in ticks) or d == 3)
    return [number(tick, decimals) for tick in ticks]


def _references(axes: Axes, axis: Axis, top: float, bottom: float) -> None:
    """Vertical reference lines or bands, labelled at the top of the line; neighbours take another line."""
    lines: list[tuple[float, float]] = []
    lo, hi = axes.get_xlim()
    span = axes.get_window_extent().width  # points, because the figure has 72 dots an inch
    for ref in sorted(axis.refs, key=lambda r: r.value):
        if ref.upto is not None:
            axes.axvspan(
                ref.value, ref.upto, facecolor=SENTINEL["rule"], alpha=0.5, lw=0, zorder=0, clip_on=False
            )
        _plot(axes, [ref.value] * 2, [top, bottom], color=SENTINEL["edge"], lw=0.7, ls=(0, (3, 2)), zorder=1)
        share = (ref.value - lo) / (hi - lo)
        anchor = "left" if share < 0.25 else "right" if share > 0.75 else "center"
        half = len(ref.label) * CHARACTER * 0.9
        start = share * span - {"left": 0.0, "center": half / 2, "right": half}[anchor]
        level = sum(
            1 for other_start, other_end in lines if start < other_end + 6 and other_start < start + half + 6
        )
        lines.append((start, start + half))
        shift = (0.0, 3.0 + 10 * level)
        _label(axes, ref.label, (ref.value, top), shift, ha=anchor, va="bottom", size=CAPTION)


def _whisker(axes: Axes, point: Point, y: float, series: int, size: float = 4.6) -> None:
    colour = SENTINEL[COLOURS[series]]
    if point.lo is not None and point.hi is not None:
        _plot(axes, [point.lo, point.hi], [y, y], color=SENTINEL["ink-2"], lw=1.1, zorder=2)
    face = SENTINEL["paper"] if point.hollow else colour
    _plot(
        axes,
        [point.x or 0.0],
        [y],
        marker=MARKERS[series],
        ms=size,
        mfc=face,
        mec=colour,
        mew=1.1,
        ls="",
        zorder=3,
    )


def _forest(spec: ChartSpec, width: float) -> Figure:
    """One row a point, values at the right; several series stand in blocks under their names."""
    blocks = [tuple(p for p in series.points if p.x is not None) for series in spec.series]
    has_heads = len(blocks) > 1 or any(series.refs for series in spec.series)
    lowered = width <= 400  # names of blocks and of their lines need a row each
    count = sum(map(len, blocks)) + has_heads * (2 * len(blocks) - 1)
    count += lowered * sum(bool(series.refs) for series in spec.series)
    left = min(_text_width([p.label for p in spec.points]) + 12, width * 0.42)
    right, top, bottom = 30.0, 26.0 if spec.x.refs else 8.0, 32.0
    figure, axes = _canvas(width, top + bottom + ROW * count, left, right, top, bottom)
    axes.set_ylim(count - 0.5, -0.5)
    _value_axis(axes, spec.x, spec.points, width)
    _references(axes, spec.x, -0.5, count - 0.5)
    y = 0
    for i, (series, points) in enumerate(zip(spec.series, blocks, strict=True)):
        if has_heads:
            _margin_text(axes, series.name, y, -left, "left", "ink-2")
            y += 1 + lowered * bool(series.refs)
        _references(axes, Axis(refs=series.refs), y - 0.5, y + len(points) - 0.5)
        for point in points:
            _margin_text(axes, point.label, y, -8, "right", "ink")
            _whisker(axes, point, y, i)
            _margin_text(axes, number(point.x, spec.decimals), y, width - left, "right", "ink-2")
            y += 1
        y += 1
    return figure


def _margin_text(axes: Axes, text: str, y: float, offset: float, anchor: str, ink: str) -> None:
    _label(axes, text, (0, y), (offset, 0), ha=anchor, ink=ink, coords=("axes fraction", "data"))


def _ladder(spec: ChartSpec, width: float) -> Figure:
    """One row a series: its points on one line, each with its label; the aside at the right."""
    rows = [series for series in spec.series if any(p.x is not None for p in series.points)]
    left = min(_text_width([series.name for series in rows]) + 12, width * 0.36)
    right = min(_text_width([series.aside for series in rows]) + 8, width * 0.32) if width > 400 else 8.0
    top, bottom = 26.0 if spec.x.refs else 8.0, 32.0
    figure, axes = _canvas(width, top + bottom + LADDER_ROW * len(rows), left, right, top, bottom)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    _value_axis(axes, spec.x, spec.points, width)
    _references(axes, spec.x, -0.5, len(rows) - 0.5)
    names = list(dict.fromkeys(p.label for series in rows for p in series.points))
    for y, series in enumerate(rows):
        points = sorted((p for p in series.points if p.x is not None), key=lambda p: p.x or 0.0)
        _margin_text(axes, series.name, y + 0.12, -8, "right", "ink")
        if width > 400:
            _margin_text(axes, series.aside, y + 0.12, width - left, "right", "ink-2")
        _plot(
            axes,
            [points[0].x or 0, points[-1].x or 0],
            [y + 0.12] * 2,
            color=SENTINEL["rule"],
            lw=3,
            zorder=1,
        )
        last = -1e9
        for point in points:
            _whisker(axes, point, y + 0.12, names.index(point.label) % len(MARKERS), size=5)
            lo, hi = axes.get_xlim()
            here = ((point.x or 0.0) - lo) / (hi - lo) * (width - left - right)
            is_close = here - last < len(point.label) * CHARACTER + 3
            last = here
            above = ("top", -5.0) if is_close else ("bottom", 5.0)
            spot = (point.x or 0.0, y + 0.12)
            _label(axes, point.label, spot, (0, above[1]), ha="center", va=above[0], size=7.5)
    return figure


def _lines(spec: ChartSpec, width: float) -> Figure:
    """Lines over an ordered axis with intervals, each named at its right end."""
    right = min(_text_width([series.name for series in spec.series]) + 14, width * 0.36)
    left, top, bottom = 30.0, 20.0, 32.0
    height = 220.0 if width > 400 else 190.0
    figure, axes = _canvas(width, height, left, right, top, bottom)
    ends = [e for p in spec.points for e in (p.lo, p.hi, p.y) if e is not None]
    lo, hi = spec.y.range or rounded_range(ends)
    axes.set_ylim(lo - (hi - lo) * 0.02, hi + (hi - lo) * 0.02)
    axes.spines["left"].set_bounds(lo, hi)
    ticks = nice_ticks(lo, hi, 6)
    axes.set_yticks(ticks, _tick_words(ticks))
    _label(
        axes, spec.y.label, (0, 1), (-left, 8), ha="left", va="baseline", size=CAPTION, coords="axes fraction"
    )
    if spec.x.ticks:
        axes.set_xticks(range(len(spec.x.ticks)), list(spec.x.ticks))
        axes.set_xlim(-0.3, len(spec.x.ticks) - 0.7)
    axes.set_xlabel(spec.x.label, labelpad=3, fontsize=CAPTION, loc="right")
    for ref in spec.y.refs:
        axes.axhline(ref.value, color=SENTINEL["edge"], lw=0.7, ls=(0, (3, 2)), zorder=1)
    tops: list[float] = []
    ordered = sorted(enumerate(spec.series), key=lambda item: -(_last(item[1]).y or 0.0))
    for i, series in ordered:
        _line(axes, series, i, len(spec.series))
        end = _last(series)
        tops.append(end.y or 0.0)
    _end_labels(axes, [(i, series.name, _last(series)) for i, series in ordered], height - top - bottom)
    return figure


def _last(series: Series) -> Point:
    return [p for p in series.points if p.y is not None][-1]


def _line(axes: Axes, series: Series, i: int, count: int) -> None:
    points = [p for p in series.points if p.x is not None and p.y is not None]
    shift = (i - (count - 1) / 2) * 0.05
    colour = SENTINEL[COLOURS[i]]
    xs, ys = [(p.x or 0.0) + shift for p in points], [p.y or 0.0 for p in points]
    _plot(axes, xs, ys, color=colour, lw=1.3, zorder=2)
    for x, p in zip(xs, points, strict=True):
        if p.lo is not None and p.hi is not None:
            _plot(axes, [x, x], [p.lo, p.hi], color=colour, lw=0.8, alpha=0.55, zorder=2)
    face = SENTINEL["paper"] if i == len(MARKERS) - 1 or any(p.hollow for p in points) else colour
    _plot(axes, xs, ys, ls="", marker=MARKERS[i], ms=4.4, mfc=face, mec=colour, mew=1.1, zorder=3)


def _end_labels(axes: Axes, ends: list[tuple[int, str, Point]], height: float) -> None:
    """Names at the right end of lines, pushed apart so that none covers another."""
    lo, hi = axes.get_ylim()
    scale = height / (hi - lo)
    last = 1e9
    x = axes.get_xlim()[1]
    for i, name, point in ends:
        wanted = ((point.y or 0.0) - lo) * scale
        place = min(wanted, last - 10.5)
        last = place
        _label(axes, name, (x, point.y or 0.0), (4, place - wanted), ha="left", ink=COLOURS[i])
