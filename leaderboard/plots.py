"""Charts as interactive plots: the third rendering of a `ChartSpec`, fetched only when a reader asks for it.

A plot is built from Plotly's `graph_objects`, so that every field is validated here and not in a browser.
Colours are the reserved sentinels of `svg.py`, written as names of custom properties: the script that draws
the plot puts in what the theme of the reader says. All text is escaped, because Plotly reads a few tags and
entities in labels; what it would read as a date or a category stands on numbered axes with tick texts.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import plotly.graph_objects as go

from .charts.heat import heat_svg
from .figures import ChartSpec, Point, is_bound, number
from .plot_layout import (
    CHARACTER,
    COLOURS,
    NARROWEST,
    SMALL,
    bar_names,
    escape,
    layout,
    least_gap,
    rows_of,
    spans,
)
from .svg import SENTINEL

Trace: TypeAlias = go.Scatter | go.Bar

FOLDER = "data/charts"
DECIMALS = 6
SYMBOLS = ("circle", "square", "triangle-up", "diamond", "cross", "circle-open")
_NAMES = {colour: f"--{name}" for name, colour in SENTINEL.items()}


def chart_file(spec: ChartSpec) -> str:
    """Where the plot of a chart lies in the site."""
    return f"{FOLDER}/{spec.id}.json"


def chart_files(specs: Iterable[ChartSpec]) -> list[tuple[str, bytes]]:
    """Path and content of the plot of every chart that has a picture, and of the picture of every heat table.

    One that is shown on two pages stands once.
    """
    found: dict[str, bytes] = {}
    for spec in specs:
        if spec.is_drawn:
            found[chart_file(spec)] = plot_bytes(spec)
        elif spec.matrix:
            found[f"{FOLDER}/{spec.id}.svg"] = heat_svg(spec)
    return list(found.items())


def plot_bytes(spec: ChartSpec) -> bytes:
    """A plot as stored: `data` and `layout` of Plotly, colours as names of custom properties."""
    return _plot_bytes(spec.model_dump_json())


@cache
def _plot_bytes(stored: str) -> bytes:
    spec = ChartSpec.model_validate_json(stored)
    figure = go.Figure(data=_traces(spec), layout=layout(spec), skip_invalid=False)
    content = _themed(json.loads(json.dumps(figure.to_plotly_json())))
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def _themed(value: Any, key: str = "") -> Any:
    """The same with every reserved colour as the name of a custom property, and numbers rounded."""
    if isinstance(value, dict):
        return {name: _themed(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_themed(item, key) for item in value]
    if isinstance(value, float):
        return round(value, DECIMALS) + 0.0
    return _NAMES.get(value, value) if key.endswith("color") and isinstance(value, str) else value


def _traces(spec: ChartSpec) -> list[Trace]:
    makers: Mapping[str, Callable[[ChartSpec], list[Trace]]] = {
        "forest": _forest, "ladder": _ladder, "lines": _lines, "scatter": _scatter, "bars": _bars,
    }  # fmt: skip
    return makers[spec.kind](spec)


def _forest(spec: ChartSpec) -> list[Trace]:
    rows = rows_of(spec)
    return [
        _marks(
            spec,
            [(p.x, float(y), p) for y, (own, _, p) in enumerate(rows) if own == i and p is not None],
            i,
            series.name if len(spec.series) > 1 else "",
            across=True,
        )
        for i, series in enumerate(spec.series)
    ]


def _ladder(spec: ChartSpec) -> list[Trace]:
    names = list(dict.fromkeys(p.label for series in spec.series for p in series.points))
    traces: list[Trace] = []
    found: dict[str, list[tuple[float, float, Point, Name]]] = {name: [] for name in names}
    for y, series in enumerate(spec.series):
        points = sorted((p for p in series.points if p.x is not None), key=lambda p: p.x or 0.0)
        ends = [points[0].x, points[-1].x] if points else []
        line = {"color": SENTINEL["rule"], "width": 4}
        traces.append(
            go.Scatter(x=ends, y=[y] * len(ends), mode="lines", line=line, hoverinfo="skip", cliponaxis=False)
        )
        for p, name in zip(points, dot_names(points, spans(spec)[0]), strict=True):
            found[p.label].append((p.x or 0.0, float(y), p, name))
    for i, own in enumerate(found.values()):
        trace = _marks(spec, [(x, y, p) for x, y, p, _ in own], i % len(SYMBOLS), "", across=True)
        heads = [spec.series[int(y)] for _, y, _, _ in own]
        trace.update(
            mode="markers+text",
            text=[name.text for *_, name in own],
            textposition=[name.place for *_, name in own],
            textfont={"size": SMALL, "color": SENTINEL["ink-2"]},
            hovertext=[
                _hover(spec, f"{series.name}, {p.label}", p, series.aside)
                for series, (_, _, p, _) in zip(heads, own, strict=True)
            ],
        )
        traces.append(trace)
    return traces


class Name(NamedTuple):
    """What stands at a dot of a ladder, and on which side of it."""

    text: str
    place: str


def dot_names(points: Sequence[Point], span: tuple[float, float]) -> list[Name]:
    """Names of the dots of a row from the left: dots at one place share one, close ones alternate."""
    scale = NARROWEST / (span[1] - span[0])
    groups: list[list[Point]] = []
    for p in points:
        if groups and ((p.x or 0.0) - (groups[-1][0].x or 0.0)) * scale < 4:
            groups[-1].append(p)
        else:
            groups.append([p])
    names: list[Name] = []
    ends = {"top center": float("-inf"), "bottom center": float("-inf")}
    for group in groups:
        text, here = "·".join(sorted(p.label for p in group)), (group[0].x or 0.0) * scale
        half = len(text) * CHARACTER / 2
        above, below = ends["top center"], ends["bottom center"]
        place = "top center" if here - half > above or above <= below else "bottom center"
        ends[place] = here + half
        names += [Name(escape(text), place), *[Name("", place)] * (len(group) - 1)]
    return names


def _lines(spec: ChartSpec) -> list[Trace]:
    traces: list[Trace] = []
    for i, series in enumerate(spec.series):
        points = [p for p in series.points if p.x is not None and p.y is not None]
        shift = (i - (len(spec.series) - 1) / 2) * 0.05 * least_gap(spec)
        trace = _marks(spec, [((p.x or 0.0) + shift, p.y, p) for p in points], i, series.name, across=False)
        trace.update(mode="lines+markers", line={"color": COLOURS[i], "width": 1.8})
        trace.update(error_y={"color": COLOURS[i], "thickness": 1})
        traces.append(trace)
        second = [p for p in series.dotted if p.x is not None and p.y is not None]
        if second:
            words = f"{series.name}, {spec.dotted_name}"
            dotted = _marks(spec, [((p.x or 0.0) + shift, p.y, p) for p in second], i, words, across=False)
            line = {"color": COLOURS[i], "width": 1.4, "dash": "dot"}
            dotted.update(mode="lines+markers", line=line, marker={"size": 3, "symbol": "circle"})
            dotted.update(error_y={"color": COLOURS[i], "thickness": 1})
            traces.append(dotted)
    return traces


def _scatter(spec: ChartSpec) -> list[Trace]:
    traces: list[Trace] = []
    for i, series in enumerate(spec.series):
        points = [p for p in series.points if p.x is not None and p.y is not None]
        trace = _marks(spec, [(p.x, p.y, p) for p in points], i, "", across=False)
        if any(p.x_lo is not None for p in points):
            trace.update(error_x=_bars_of([(p.x, p.x_lo, p.x_hi) for p in points]))
        shown = [p.shown(p.y, spec.decimals)[0] if is_bound(p.y, p.lo, p.hi) else "" for p in points]
        words = [f"{p.label} {bound}".strip() for p, bound in zip(points, shown, strict=True)]
        middle = sum(spans(spec)[0]) / 2
        sides = ["top left" if (p.x or 0.0) > middle else "top right" for p in points]
        trace.update(mode="markers+text", text=[escape(word) for word in words], textposition=sides,
                     textfont={"size": SMALL, "color": SENTINEL["ink-2"]})  # fmt: skip
        traces.append(trace)
    return traces


def _bars(spec: ChartSpec) -> list[Trace]:
    names = bar_names(spec)
    return [
        go.Bar(
            x=[p.x for p in series.points], y=[names.index(p.label) for p in series.points], orientation="h",
            marker={"color": COLOURS[i], "line": {"width": 1, "color": SENTINEL["paper"]}}, width=0.7,
            hoverinfo="text", textposition="none",
            hovertext=[_hover(spec, f"{p.label}, {series.name}", p) for p in series.points],
        )
        for i, series in enumerate(spec.series)
    ]  # fmt: skip


def _marks(
    spec: ChartSpec,
    found: Sequence[tuple[float | None, float | None, Point]],
    i: int,
    block: str,
    *,
    across: bool,
) -> go.Scatter:
    """Marks with the interval of their value, on x where `across`, else on y."""
    ends = [(x if across else y, p.lo, p.hi) for x, y, p in found]
    symbols = [f"{SYMBOLS[i].removesuffix('-open')}{'-open' if p.hollow else ''}" for _, _, p in found]
    symbols = ["circle-open"] * len(found) if SYMBOLS[i].endswith("-open") else symbols
    if not across:
        limits = [is_bound(p.y, p.lo, p.hi) for _, _, p in found]
        symbols = ["triangle-down-open" if one else s for one, s in zip(limits, symbols, strict=True)]
    return go.Scatter(
        x=[x for x, _, _ in found],
        y=[y for _, y, _ in found],
        mode="markers",
        marker={
            "color": COLOURS[i],
            "symbol": symbols,
            "size": 8,
            "line": {"width": 1.5, "color": COLOURS[i]},
        },
        hoverinfo="text",
        hovertext=[
            _hover(spec, ", ".join(filter(None, (p.label if not block or across else "", block))), p)
            for _, _, p in found
        ],
        cliponaxis=False,
        **{"error_x" if across else "error_y": _bars_of(ends)},
    )


def _bars_of(ends: Sequence[tuple[float | None, float | None, float | None]]) -> dict[str, Any]:
    """Whiskers from value and limits; none where a limit is missing."""
    known = [(v or 0.0, v or 0.0, v or 0.0) if lo is None or hi is None else (v or 0.0, lo, hi)
             for v, lo, hi in ends]  # fmt: skip
    return {
        "type": "data", "symmetric": False, "width": 0, "thickness": 1.3, "color": SENTINEL["ink-2"],
        "array": [round(max(hi - v, 0.0), 9) for v, _, hi in known],
        "arrayminus": [round(max(v - lo, 0.0), 9) for v, lo, _ in known],
    }  # fmt: skip


def _hover(spec: ChartSpec, head: str, p: Point, aside: str = "") -> str:
    """What is said of one value: where it stands, the value with its interval, n, note and aside."""
    is_level = spec.kind in ("lines", "scatter")
    value, ends = p.shown(p.y if is_level else p.x, spec.decimals)
    lines = [head]
    if spec.kind == "lines":
        place = spec.x.ticks[round(p.x or 0.0)] if spec.x.ticks else p.label
        lines.append(f"{spec.x.label or 'x'}: {place}")
    if spec.kind == "scatter":
        lines.append(f"{spec.x.label.removesuffix(' →')}: {number(p.x, spec.decimals)}")
    lines.append(f"{spec.value_name}: {value}" + (f" ({ends})" if ends else ""))
    lines += [*([f"n {p.n}"] if p.n is not None else []), *filter(None, (p.note, aside))]
    return "<br>".join(escape(line) for line in lines)
