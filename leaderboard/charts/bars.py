"""Stacked bars: parts of a whole, one row a label, the parts named above in the order in which they stand."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..figures import ChartSpec
from ..svg import SENTINEL
from .canvas import (
    CAPTION,
    CHARACTER,
    COLOURS,
    ROW,
    canvas,
    fitted,
    label,
    margin_text,
    text_width,
    value_axis,
)

KEY = 11.0
"""Height of a line of the key, and width of its mark with the gap beside it."""
GAP = 12.0
THICK = 0.34
"""Half the thickness of a bar, in rows."""


def bars(spec: ChartSpec, width: float) -> Figure:
    """Horizontal bars from 0, stacked by series."""
    names = list(dict.fromkeys(p.label for p in spec.points))
    left = min(text_width(names) + 12, width * (0.5 if width <= 400 else 0.42))
    right, bottom = 12.0, 32.0
    parts = [fitted(series.name, width - KEY, CAPTION) for series in spec.series]
    places = key_places(parts, width)
    top = 8.0 + KEY * (places[-1][1] + 1)
    figure, axes = canvas(width, top + bottom + ROW * len(names), left, right, top, bottom)
    axes.set_ylim(len(names) - 0.5, -0.5)
    value_axis(axes, spec.x, spec.points, width)
    for y, name in enumerate(names):
        margin_text(axes, fitted(name, left - 8), y, -8, "right", "ink")
    ends = dict.fromkeys(names, 0.0)
    for i, series in enumerate(spec.series):
        for p in series.points:
            start, ends[p.label] = ends[p.label], ends[p.label] + (p.x or 0.0)
            y = names.index(p.label)
            axes.fill_between(
                [start, ends[p.label]], y - THICK, y + THICK, facecolor=SENTINEL[COLOURS[i]],
                edgecolor=SENTINEL["paper"], lw=0.8, clip_on=False, zorder=2,
            )  # fmt: skip
        _key(axes, parts[i], i, places[i], (left, top))
    return figure


def key_places(names: list[str], width: float) -> list[tuple[float, int]]:
    """Where each name of the key stands: points from the left edge, and which line of text."""
    places: list[tuple[float, int]] = []
    here, line = 0.0, 0
    for name in names:
        length = KEY + len(name) * CHARACTER * CAPTION / 9
        if here and here + length > width:
            here, line = 0.0, line + 1
        places.append((here, line))
        here += length + GAP
    return places


def _key(axes: Axes, name: str, i: int, place: tuple[float, int], margins: tuple[float, float]) -> None:
    """One entry of the key: a square of the colour and the name."""
    left, top = margins
    at, x, y = (0.0, 1.0), place[0] - left, top - 12.0 - KEY * place[1]
    label(axes, "■", at, (x, y), ha="left", va="baseline", ink=COLOURS[i], size=CAPTION,
          coords="axes fraction")  # fmt: skip
    label(axes, name, at, (x + KEY, y), ha="left", va="baseline", size=CAPTION, coords="axes fraction")
