"""The frame of an interactive plot: size, axes, names of rows and lines, reference lines and bands."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import plotly.graph_objects as go

from .charts.apart import Taken, free_level, spread
from .figures import MAX_SERIES, Axis, ChartSpec, Point, Ref, Series, rounded_range
from .svg import SENTINEL

Items: TypeAlias = list[dict[str, Any]]
Span: TypeAlias = tuple[float, float]

COLOURS = tuple(SENTINEL[f"s{i + 1}"] for i in range(MAX_SERIES))
FONT = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif'
SIZE, SMALL = 12, 11
CHARACTER = 7.4
"""Mean advance at 12 px of the widest sans face that a reader may have."""
ROW, LADDER_ROW = 22, 36
TOP, BOTTOM = 34, 46
HEIGHT = 320
LEAST_LABEL = 11.5
LINE = 15
NARROWEST = 300
"""Width of the axes on a telephone: names that fit there fit everywhere."""


def escape(text: str) -> str:
    """Text that Plotly shows as it is: no tag, entity or template is left to read."""
    swaps = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")]
    for plain, entity in swaps:
        text = text.replace(plain, entity)
    return text


def rows_of(spec: ChartSpec) -> list[tuple[int | None, str, Point | None]]:
    """The rows of a forest from the top: series and point, or the name of a block without a point."""
    blocks = [(i, s, [p for p in s.points if p.x is not None]) for i, s in enumerate(spec.series)]
    has_heads = len(blocks) > 1 or any(series.refs for series in spec.series)
    rows: list[tuple[int | None, str, Point | None]] = []
    for i, series, points in blocks:
        rows += [(None, "", None)] * (has_heads and bool(rows))
        rows += [(None, series.name, None)] * has_heads
        rows += [(i, point.label, point) for point in points]
    return rows


def bar_names(spec: ChartSpec) -> list[str]:
    """The rows of stacked bars from the top."""
    return list(dict.fromkeys(p.label for p in spec.points))


def spans(spec: ChartSpec) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ranges of both axes, from values, intervals and reference lines."""
    is_level = spec.kind in ("lines", "scatter")
    drawn = [*spec.points, *(p for series in spec.series for p in series.dotted)]
    own = [e for p in drawn for e in (p.lo, p.hi) if e is not None]
    across = [p.x for p in drawn if p.x is not None] + ([] if is_level else own)
    across += [e for p in drawn for e in (p.x_lo, p.x_hi) if e is not None]
    across += [e for r in spec.x.refs for e in (r.value, r.upto) if e is not None]
    level = [p.y for p in drawn if p.y is not None] + own
    level += [e for r in spec.y.refs for e in (r.value, r.upto) if e is not None]
    return spec.x.range or rounded_range(across), spec.y.range or rounded_range(level)


def layout(spec: ChartSpec) -> go.Layout:
    """Size, axes, names and reference lines of a plot."""
    parts: Items = []
    notes: Items = []
    x, y = spans(spec)
    x_axis, y_axis = _axis(x, escape(spec.x.label)), _axis(y, "")
    left, right, top = 44.0, 24.0, TOP
    if spec.kind in ("forest", "ladder", "bars"):
        names = {"forest": [label if p else "" for _, label, p in rows_of(spec)],
                 "ladder": [s.name for s in spec.series], "bars": bar_names(spec)}[spec.kind]  # fmt: skip
        count, step = len(names), LADDER_ROW if spec.kind == "ladder" else ROW
        height = TOP + BOTTOM + step * count
        asides = [s.aside for s in spec.series] if spec.kind == "ladder" else [""] * count
        y_axis = _row_axis(names, asides)
        left = min(max(map(len, [*names, *asides]), default=0) * CHARACTER + 14, 200)
        parts, notes = _upright_refs(spec.x.refs, -0.5, count - 0.5, x)
        if spec.kind == "bars":
            notes, lines = _key(spec)
            top += LINE * (lines - 1)
            height += LINE * (lines - 1)
        if spec.kind == "forest":
            more = _block_heads(spec, left, x)
            parts, notes = parts + more[0], notes + more[1]
    else:
        height = HEIGHT
        notes = [_note(spec.y.label, 0, 1, xref="paper", yref="paper", xshift=-left, yshift=18, left=True)]
        more = _level_refs(spec.y)
        parts, notes = more[0], notes + more[1]
        if spec.diagonal:
            ends = [max(x[0], y[0]), min(x[1], y[1])]
            parts.append(_line(ends[0], ends[0], ends[1], ends[1], "x", "y"))
            notes.append(_note(spec.diagonal, *[sum(ends) / 2] * 2, xshift=8, yshift=-10, left=True))
        if spec.kind == "lines":
            right = max(len(s.name) for s in spec.series) * CHARACTER + 14
            x_axis.update(_place_axis(spec))
            notes += _end_names(spec, y, height - TOP - BOTTOM)
    return go.Layout(
        template=go.layout.Template(),
        height=height,
        margin={"l": left, "r": min(right, 200), "t": top, "b": BOTTOM, "pad": 4},
        font={"family": FONT, "size": SIZE, "color": SENTINEL["ink-2"]},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        barmode="stack",
        hovermode="closest",
        dragmode="zoom",
        hoverlabel={"bgcolor": SENTINEL["paper"], "bordercolor": SENTINEL["edge"], "align": "left",
                    "font": {"family": FONT, "size": SIZE, "color": SENTINEL["ink"]}},
        xaxis=x_axis,
        yaxis=y_axis,
        shapes=parts,
        annotations=notes,
    )  # fmt: skip


def _key(spec: ChartSpec) -> tuple[Items, int]:
    """Names of the parts of stacked bars above them, each in its colour, and how many lines they take."""
    notes: Items = []
    here, line = 0.0, 0
    for i, series in enumerate(spec.series):
        word = f"■ {series.name}"
        length = len(word) * CHARACTER * SMALL / SIZE
        if here and here + length > NARROWEST:
            here, line = 0.0, line + 1
        notes.append(_note(word, 0, 1, xref="paper", yref="paper", xshift=here, yshift=line, left=True,
                           color=COLOURS[i]))  # fmt: skip
        here += length + 14
    for note in notes:
        note["yshift"] = 10 + LINE * (line - note["yshift"]) + 6
    return notes, line + 1


def _axis(span: tuple[float, float], title: str) -> dict[str, Any]:
    pad = (span[1] - span[0]) * 0.015
    return {
        "type": "linear", "range": [span[0] - pad, span[1] + pad], "showgrid": False, "zeroline": False,
        "showline": True, "linecolor": SENTINEL["edge"], "linewidth": 1, "ticks": "outside", "ticklen": 4,
        "tickcolor": SENTINEL["edge"], "tickfont": {"color": SENTINEL["ink-2"]},
        "title": {"text": title, "font": {"size": SMALL, "color": SENTINEL["ink-2"]}, "standoff": 8},
    }  # fmt: skip


def _row_axis(names: Sequence[str], asides: Sequence[str]) -> dict[str, Any]:
    """An axis of rows from the top, without a line; names stand left of it, asides below them."""
    words = ["<br>".join(map(escape, filter(None, pair))) for pair in zip(names, asides, strict=True)]
    return _axis((-0.5, len(names) - 0.5), "") | {
        "range": [len(names) - 0.5, -0.5], "showline": False, "ticks": "", "tickmode": "array",
        "tickvals": list(range(len(names))), "ticktext": words,
        "tickfont": {"color": SENTINEL["ink"]}, "automargin": False,
    }  # fmt: skip


def places_of(spec: ChartSpec) -> list[float]:
    """The positions on the lower axis of lines: those with a name, or those that occur."""
    if spec.x.ticks:
        return [float(place) for place in range(len(spec.x.ticks))]
    return sorted({p.x for p in spec.points if p.x is not None})


def least_gap(spec: ChartSpec) -> float:
    """The smallest distance of two positions on the lower axis of lines."""
    return min((b - a for a, b in pairwise(places_of(spec))), default=1.0)


def _place_axis(spec: ChartSpec) -> dict[str, Any]:
    """The lower axis of lines."""
    values, gap = places_of(spec), least_gap(spec)
    words = [escape(tick) for tick in spec.x.ticks] or [f"{place:g}" for place in values]
    span = [values[0] - 0.3 * gap, values[-1] + 0.3 * gap]
    return {"tickmode": "array", "tickvals": values, "ticktext": words, "range": span}


def _note(text: str, x: float, y: float, *, left: bool = False, **fields: Any) -> dict[str, Any]:
    """Text at a place, without an arrow."""
    font = {"size": SMALL, "color": fields.pop("color", SENTINEL["ink-2"])}
    anchor = fields.pop("xanchor", "left" if left else "center")
    return {"text": escape(text), "x": x, "y": y, "showarrow": False, "xanchor": anchor, "font": font,
            "align": "left", **fields}  # fmt: skip


def _line(x0: float, y0: float, x1: float, y1: float, xref: str, yref: str) -> dict[str, Any]:
    line = {"color": SENTINEL["edge"], "width": 1, "dash": "4px,3px"}
    return {"type": "line", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "xref": xref, "yref": yref, "line": line,
            "layer": "below"}  # fmt: skip


def _band(x0: float, y0: float, x1: float, y1: float, xref: str, yref: str) -> dict[str, Any]:
    style = {"fillcolor": SENTINEL["rule"], "opacity": 0.5, "line": {"width": 0}, "layer": "below"}
    return {"type": "rect", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "xref": xref, "yref": yref, **style}


def _upright_refs(refs: Sequence[Ref], top: float, bottom: float, span: Span) -> tuple[Items, Items]:
    """Lines and bands across rows, each named above; a name that would cover another stands higher."""
    parts: Items = []
    notes: Items = []
    taken: list[Taken] = []
    for ref in sorted(refs, key=lambda r: r.value):
        if ref.upto is not None:
            parts.append(_band(ref.value, top, ref.upto, bottom, "x", "y"))
        else:
            parts.append(_line(ref.value, top, ref.value, bottom, "x", "y"))
        if not ref.label:
            continue
        place = ref.value if ref.upto is None else (ref.value + ref.upto) / 2
        share = (place - span[0]) / (span[1] - span[0])
        anchor = "left" if share < 0.25 else "right" if share > 0.75 else "center"
        length = len(ref.label) * CHARACTER
        start = share * NARROWEST - {"left": 0.0, "center": length / 2, "right": length}[anchor]
        level = free_level(taken, start, start + length)
        taken.append(Taken(start, start + length, level))
        shift = 2 + 13 * level
        notes.append(_note(ref.label, place, top, yanchor="bottom", yshift=shift, xanchor=anchor))
    return parts, notes


def _level_refs(axis: Axis) -> tuple[Items, Items]:
    """Level lines and bands, named inside at the left."""
    parts: Items = []
    notes: Items = []
    for ref in axis.refs:
        if ref.upto is None:
            parts.append(_line(0, ref.value, 1, ref.value, "paper", "y"))
        else:
            parts.append(_band(0, ref.value, 1, ref.upto, "paper", "y"))
        top = _top(ref)
        notes.append(_note(ref.label, 0, top, xref="paper", yanchor="bottom", xshift=4, left=True))
    return parts, notes


def _top(ref: Ref) -> float:
    return ref.value if ref.upto is None else ref.upto


def _block_heads(spec: ChartSpec, left: float, span: Span) -> tuple[Items, Items]:
    """Names of the blocks of a forest at the left edge, and the lines that hold for one block only."""
    parts: Items = []
    notes: Items = []
    rows = rows_of(spec)
    refs = {series.name: (series, sum(p.x is not None for p in series.points)) for series in spec.series}
    for y, (_, name, point) in enumerate(rows):
        if point is not None or not name:
            continue
        notes.append(_note(name, 0, y, xref="paper", xshift=-left, left=True))
        series, count = refs[name]
        more = _upright_refs(series.refs, y + 0.5, y + count + 0.5, span)
        parts, notes = parts + more[0], notes + more[1]
    return parts, notes


def _end_names(spec: ChartSpec, span: tuple[float, float], height: float) -> Items:
    """Names at the right end of lines, pushed apart so that none covers another or falls below the axis."""
    ends: list[tuple[int, Series, Point]] = [
        (i, series, [p for p in series.points if p.y is not None][-1]) for i, series in enumerate(spec.series)
    ]
    scale = height / ((span[1] - span[0]) * 1.03)
    ends.sort(key=lambda end: -(end[2].y or 0.0))
    wanted = [((point.y or 0.0) - span[0]) * scale for _, _, point in ends]
    places = spread(wanted, LEAST_LABEL, 0.0)
    return [
        _note(series.name, 1, point.y or 0.0, xref="paper", xshift=6, yshift=round(place - own, 1),
              left=True, color=COLOURS[i])
        for (i, series, point), own, place in zip(ends, wanted, places, strict=True)
    ]  # fmt: skip
