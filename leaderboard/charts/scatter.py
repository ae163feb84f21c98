"""Scatters: points with intervals on both axes, each named beside it."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..figures import ChartSpec, Point, is_bound, rounded_range
from ..svg import SENTINEL
from .canvas import (
    CAPTION,
    CHARACTER,
    COLOURS,
    MARKERS,
    canvas,
    fitted,
    label,
    plot,
    upright_axis,
)
from .ticks import nice_ticks, tick_words

LINE = 10.5
"""Distance of two lines of text."""


def scatter(spec: ChartSpec, width: float) -> Figure:
    """A scatter; a share of which nothing was seen is hollow and named with its bound."""
    left, right, top, bottom = 30.0, 12.0, 20.0, 32.0
    height = 220.0 if width > 400 else 200.0
    figure, axes = canvas(width, height, left, right, top, bottom)
    points = [(i, p) for i, series in enumerate(spec.series) for p in series.points]
    upright_axis(axes, spec.y, [e for _, p in points for e in (p.lo, p.hi, p.y) if e is not None], left)
    ends = [e for _, p in points for e in (p.x_lo, p.x_hi, p.x) if e is not None]
    lo, hi = spec.x.range or rounded_range(ends)
    axes.set_xlim(lo - (hi - lo) * 0.012, hi + (hi - lo) * 0.012)
    axes.spines["bottom"].set_bounds(lo, hi)
    ticks = nice_ticks(lo, hi, 7 if width > 400 else 4)
    axes.set_xticks(ticks, tick_words(ticks))
    axes.set_xlabel(spec.x.label, labelpad=3, fontsize=CAPTION, loc="right")
    if spec.diagonal:
        _diagonal(axes, spec.diagonal)
    for i, p in points:
        _cross(axes, p, i)
    _name(axes, spec, [p for _, p in points], (width - left - right, height - top - bottom))
    return figure


def _diagonal(axes: Axes, words: str) -> None:
    """The line of equal values, named at its middle."""
    lo = max(axes.get_xlim()[0], axes.get_ylim()[0])
    hi = min(axes.get_xlim()[1], axes.get_ylim()[1])
    plot(axes, [lo, hi], [lo, hi], color=SENTINEL["rule"], lw=1.0, zorder=1)
    middle = (lo + hi) / 2
    label(axes, words, (middle, middle), (6, -9), ha="left")


def _cross(axes: Axes, p: Point, series: int) -> None:
    x, y = p.x or 0.0, p.y or 0.0
    if p.x_lo is not None and p.x_hi is not None:
        plot(axes, [p.x_lo, p.x_hi], [y, y], color=SENTINEL["ink-2"], lw=0.8, zorder=2)
    if p.lo is not None and p.hi is not None:
        plot(axes, [x, x], [p.lo, p.hi], color=SENTINEL["ink-2"], lw=0.8, zorder=2)
    colour = SENTINEL[COLOURS[series]]
    is_limit = is_bound(p.y, p.lo, p.hi)
    if is_limit and p.hi is not None:  # an arrow from the limit down to nothing seen
        plot(axes, [x], [p.hi], marker="_", ms=7, mfc="none", mec=SENTINEL["ink-2"], mew=1.1, ls="", zorder=3)
    face = SENTINEL["paper"] if p.hollow or is_limit else colour
    mark = "v" if is_limit else MARKERS[series]
    plot(axes, [x], [y], marker=mark, ms=4.6, mfc=face, mec=colour, mew=1.1, ls="", zorder=3)


def _name(axes: Axes, spec: ChartSpec, points: Sequence[Point], size: tuple[float, float]) -> None:
    """Names beside their points, at the side with room and cut where neither has any, moved up or down
    within the picture until none covers another."""
    (x_lo, x_hi), (y_lo, y_hi) = axes.get_xlim(), axes.get_ylim()
    placed: list[tuple[float, float, float]] = []
    for p in sorted(points, key=lambda p: (p.y or 0.0, p.x or 0.0)):
        x, y = p.x or 0.0, p.y or 0.0
        is_limit = is_bound(p.y, p.lo, p.hi)
        bound = f" {p.shown(p.y, spec.decimals)[0]}" if is_limit else ""
        here, level = (x - x_lo) / (x_hi - x_lo) * size[0], (y - y_lo) / (y_hi - y_lo) * size[1]
        after, before = size[0] - here - 7, here - 7
        is_left = after < len(p.label + bound) * CHARACTER and after < before
        words = fitted(p.label, (before if is_left else after) - len(bound) * CHARACTER) + bound
        length = len(words) * CHARACTER
        start = here - 7 - length if is_left else here + 7
        beside = [other for a, b, other in placed if start < b and a < start + length]
        steps = (level + 6 + sign * step for step in range(int(size[1])) for sign in (1, -1))
        free = (at for at in steps if -2 <= at <= size[1] + 4 and all(abs(at - o) >= LINE for o in beside))
        place = next(free, level + 6)
        placed.append((start, start + length, place))
        label(axes, words, (x, y), (-7 if is_left else 7, place - level), ha="right" if is_left else "left")
