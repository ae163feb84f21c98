"""What all pictures share: the canvas, text and marks that are never clipped, axes of values, references.

All lengths are points. Colours are the sentinels of `svg.py`; nothing here knows a theme.
"""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..figures import Axis, Point, rounded_range
from ..svg import FONT_SIZE, SENTINEL
from .apart import Taken, free_level
from .ticks import nice_ticks, tick_words

RC: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "interplay",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": FONT_SIZE,
    "text.parse_math": False,
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
CHARACTER = 5.4
"""Mean advance at 9 points of the widest sans face that a reader may have."""
CAPTION = 8.0
SMALL = 7.5


def canvas(
    width: float, height: float, left: float, right: float, top: float, bottom: float
) -> tuple[Figure, Axes]:
    """An empty figure of that size with axes inside the margins, without frame or background."""
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    figure.patch.set_alpha(0)
    box = (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    axes = figure.add_axes(box)
    axes.patch.set_alpha(0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def plot(axes: Axes, xs: Sequence[float], ys: Sequence[float], **style: Any) -> None:
    """A line or markers, never clipped, so that dots at the end of the range stay whole."""
    axes.plot(xs, ys, clip_on=False, solid_capstyle="butt", **style)


def label(
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


def text_width(labels: Sequence[str]) -> float:
    """Width of the longest label, in points."""
    return max((len(label) for label in labels), default=0) * CHARACTER


def fitted(text: str, room: float, size: float = FONT_SIZE) -> str:
    """The text, or its start and its end around an ellipsis where it is wider than that many points.

    Names of models differ at both ends, and the table below a picture has them in full.
    """
    most = max(int(room / CHARACTER * FONT_SIZE / size), 5)
    if len(text) <= most:
        return text
    start = most * 2 // 3
    return f"{text[:start].rstrip()}…{text[len(text) - (most - 1 - start) :].lstrip()}"


def value_axis(axes: Axes, axis: Axis, points: Sequence[Point], width: float) -> None:
    """A horizontal axis of values with its labelled reference lines."""
    ends = [e for p in points for e in (p.lo, p.hi, p.x) if e is not None] + [
        e for r in axis.refs for e in (r.value, r.upto) if e is not None
    ]
    lo, hi = axis.range or rounded_range(ends)
    pad = (hi - lo) * 0.012
    axes.set_xlim(lo - pad, hi + pad)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_bounds(lo, hi)
    axes.set_yticks([])
    ticks = nice_ticks(lo, hi, 7 if width > 400 else 4)
    axes.set_xticks(ticks, tick_words(ticks))
    axes.set_xlabel(axis.label, labelpad=3, fontsize=CAPTION, loc="right")


def upright_axis(axes: Axes, axis: Axis, ends: Sequence[float], left: float) -> None:
    """The axis of values at the left, `left` points from the edge, with its label above it."""
    lo, hi = axis.range or rounded_range(ends)
    axes.set_ylim(lo - (hi - lo) * 0.02, hi + (hi - lo) * 0.02)
    axes.spines["left"].set_bounds(lo, hi)
    ticks = nice_ticks(lo, hi, 6)
    axes.set_yticks(ticks, tick_words(ticks))
    shift = (-left, 8.0)
    label(axes, axis.label, (0, 1), shift, ha="left", va="baseline", size=CAPTION, coords="axes fraction")


def references(axes: Axes, axis: Axis, top: float, bottom: float) -> None:
    """Vertical reference lines or bands, labelled at the top of the line; neighbours take another line.

    A label that would leave the picture moves sideways into it.
    """
    lines: list[Taken] = []
    lo, hi = axes.get_xlim()
    box, frame = axes.get_window_extent(), axes.figure.bbox  # points: the figure has 72 dots an inch
    for ref in sorted(axis.refs, key=lambda r: r.value):
        if ref.upto is not None:
            axes.axvspan(
                ref.value, ref.upto, facecolor=SENTINEL["rule"], alpha=0.5, lw=0, zorder=0, clip_on=False
            )
        else:
            style = {"color": SENTINEL["edge"], "lw": 0.7, "ls": (0, (3, 2)), "zorder": 1}
            plot(axes, [ref.value] * 2, [top, bottom], **style)
        if not ref.label:
            continue
        place = ref.value if ref.upto is None else (ref.value + ref.upto) / 2
        share = (place - lo) / (hi - lo)
        anchor = "left" if share < 0.25 else "right" if share > 0.75 else "center"
        length = len(ref.label) * CHARACTER * CAPTION / FONT_SIZE
        own = box.x0 + share * box.width - {"left": 0.0, "center": length / 2, "right": length}[anchor]
        start = max(min(own, frame.width - length), 0.0)
        level = free_level(lines, start, start + length, gap=6)
        lines.append(Taken(start, start + length, level))
        shift = (start - own, 3.0 + 10 * level)
        label(axes, ref.label, (place, top), shift, ha=anchor, va="bottom", size=CAPTION)


def level_references(axes: Axes, axis: Axis) -> None:
    """Level reference lines or bands, labelled inside the picture at the left."""
    for ref in axis.refs:
        if ref.upto is not None:
            axes.axhspan(ref.value, ref.upto, facecolor=SENTINEL["rule"], alpha=0.5, lw=0, zorder=0)
        else:
            axes.axhline(ref.value, color=SENTINEL["edge"], lw=0.7, ls=(0, (3, 2)), zorder=1)
        top = ref.value if ref.upto is None else ref.upto
        place = (axes.get_xlim()[0], top)
        label(axes, ref.label, place, (4.0, 3.0), ha="left", va="baseline", size=CAPTION)


def whisker(axes: Axes, point: Point, y: float, series: int, size: float = 4.6) -> None:
    """One point of a row: its interval as a line, its value as the series' mark, hollow where it says so."""
    colour = SENTINEL[COLOURS[series]]
    if point.lo is not None and point.hi is not None:
        plot(axes, [point.lo, point.hi], [y, y], color=SENTINEL["ink-2"], lw=1.1, zorder=2)
    face = SENTINEL["paper"] if point.hollow else colour
    plot(
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


def margin_text(
    axes: Axes, text: str, y: float, offset: float, anchor: str, ink: str, size: float = FONT_SIZE
) -> None:
    """Text beside a row, `offset` points from the left end of the axes."""
    label(axes, text, (0, y), (offset, 0), ha=anchor, ink=ink, size=size, coords=("axes fraction", "data"))
