"""Charts as data: one `ChartSpec` is rendered as a table, as an SVG and, on demand, as an interactive plot.

A spec holds numbers and words only, never a colour or a size, and every drawn value carries its interval
and its `n` where there is one. Example: a forest of two models beside a silent planner's line::

    ChartSpec(id="own-copy", kind="forest", title="Success beside its own copy", desc="…",
              x=Axis(label="success, more is better →", range=(0, 1), refs=(Ref(value=0.6, label="silent"),)),
              series=(Series(name="published", points=(Point(label="gpt-5", x=0.97, lo=0.95, hi=0.99),)),))
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind: TypeAlias = Literal["forest", "lines", "scatter", "heat", "bars", "ladder"]
Scale: TypeAlias = Literal["sequential", "diverging"]
STEPS = 9
MAX_SERIES = 6


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ref(_Frozen):
    """A labelled line (`value`) or band (`value` to `upto`) across a chart: zero, floor, ceiling.

    The interval of a labelled line is a band without a label.
    """

    value: float
    label: str
    upto: float | None = None


class Axis(_Frozen):
    """What an axis shows. `ticks` names positions of an ordered, non-numeric axis (0, 1, 2, …)."""

    label: str = ""
    range: tuple[float, float] | None = None
    ticks: tuple[str, ...] = ()
    refs: tuple[Ref, ...] = ()


class Point(_Frozen):
    """One value with its interval. `hollow`: published, or without interval, of which `bare` says why.

    `lo` and `hi` belong to the value that is plotted; `x_lo` and `x_hi` are for scatters, on the other axis.
    """

    label: str
    x: float | None = None
    y: float | None = None
    lo: float | None = None
    hi: float | None = None
    n: int | None = None
    href: str | None = None
    hollow: bool = False
    note: str = ""
    x_lo: float | None = None
    x_hi: float | None = None
    bare: str = ""

    def shown(self, value: float | None, decimals: int) -> tuple[str, str]:
        """Value and interval in words; a published figure stays as it was printed."""
        if self.hollow:
            is_bare = self.bare and self.lo is None
            return number(value, decimals), self.bare if is_bare else interval(self.lo, self.hi, decimals)
        return shown(value, self.lo, self.hi, decimals), shown_interval(value, self.lo, self.hi, decimals)


class Series(_Frozen):
    """Points that belong together; the place in the list gives the marker and the colour.

    `aside` is a short text beside a ladder's row; `refs` are lines that hold for this block of a forest
    only; `dotted` are points of a second figure of the same thing, under a dotted line; `below` are short
    texts, one a point, under the lower axis of lines.
    """

    name: str
    points: tuple[Point, ...]
    aside: str = ""
    refs: tuple[Ref, ...] = ()
    dotted: tuple[Point, ...] = ()
    below: tuple[str, ...] = ()


class MatrixCell(_Frozen):
    """One cell of a heat table. `significant` False leaves it untinted, `flag` prints it in red.

    `note` stands in place of the interval, `word` below it; `hatched` is a value that stands for another.
    """

    row: str
    column: str
    value: float | None
    lo: float | None = None
    hi: float | None = None
    n: int | None = None
    href: str | None = None
    note: str = ""
    word: str = ""
    significant: bool = True
    flag: bool = False
    hatched: bool = False

    def shown(self, decimals: int) -> tuple[str, str]:
        """Value, and what stands below it: the note, else the interval."""
        if self.note:
            return number(self.value, decimals), self.note
        below = shown_interval(self.value, self.lo, self.hi)
        return shown(self.value, self.lo, self.hi, decimals), below


class Matrix(_Frozen):
    """Cells over ordered rows and columns; a pair without a cell was not measured."""

    row_head: str
    column_head: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[MatrixCell, ...]
    scale: Scale = "sequential"
    range: tuple[float, float] = (0.0, 1.0)

    def cell(self, row: str, column: str) -> MatrixCell | None:
        """The cell at that place, or None."""
        return next((c for c in self.cells if (c.row, c.column) == (row, column)), None)

    @property
    def common_n(self) -> int | None:
        """The n that all cells share, or None where they differ or have none."""
        found = {cell.n for cell in self.cells if cell.value is not None}
        return found.pop() if len(found) == 1 else None

    def step(self, cell: MatrixCell) -> str | None:
        """Class of the tint: `q0` to `q8`, or `d0` to `d8` around the middle of the range; None: untinted."""
        if cell.value is None or not cell.significant:
            return None
        lo, hi = self.range
        share = (min(max(cell.value, lo), hi) - lo) / (hi - lo)
        return f"{'q' if self.scale == 'sequential' else 'd'}{min(int(share * STEPS), STEPS - 1)}"


class ChartSpec(_Frozen):
    """One chart.

    Forests put values on x, one row a point; ladders put values on x, one row a series; bars put parts of
    a whole on x, one row a label, stacked by series; lines and scatters use both axes. `value_name` heads
    the value column of the data table; `dotted_name` is what dotted lines show, `below_name` what stands
    below an axis. `diagonal` names the line of equal values in a scatter, which is drawn if it has one.
    Small multiples share `panels`, their heading, and `panels_note` below them; `panel` heads one of them.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,60}$")
    kind: Kind
    title: str
    desc: str
    value_name: str = "value"
    point_name: str = "model"
    dotted_name: str = ""
    below_name: str = ""
    diagonal: str = ""
    panels: str = ""
    panel: str = ""
    panels_note: str = ""
    x: Axis = Axis()
    y: Axis = Axis()
    series: tuple[Series, ...] = ()
    matrix: Matrix | None = None
    note: str = ""
    decimals: int = 2

    @model_validator(mode="after")
    def _check_shape(self) -> "ChartSpec":
        if (self.kind == "heat") != (self.matrix is not None):
            raise ValueError(f"{self.id}: a matrix belongs to kind heat and to no other")
        if len(self.series) > MAX_SERIES and self.kind != "ladder":
            raise ValueError(f"{self.id}: {len(self.series)} series; above {MAX_SERIES} use small multiples")
        for point in self.points:
            if (point.lo is None) != (point.hi is None):
                raise ValueError(f"{self.id}: {point.label} has one end of an interval only")
        for series in self.series:
            if len(series.below) not in (0, len(series.points)):
                raise ValueError(f"{self.id}: {series.name} has not one text below for each point")
        return self

    @property
    def points(self) -> tuple[Point, ...]:
        """All points in order of series."""
        return tuple(point for series in self.series for point in series.points)

    @property
    def is_drawn(self) -> bool:
        """Whether a picture says more than the table: at least two points, and no heat table."""
        return self.kind != "heat" and len(self.points) >= 2

    @property
    def digest(self) -> str:
        """SHA-256 of the spec, the key of a cached picture."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def caption(self) -> str:
        """The note, with n where all cells of a heat table share it."""
        common = self.matrix.common_n if self.matrix else None
        parts = (self.panels_note, self.note, f"n = {common} in every cell." if common else "")
        return " ".join(part for part in parts if part)

    @property
    def table(self) -> "DataTable":
        """The numbers behind the picture."""
        return data_table(self)


class DataTable(_Frozen):
    """A chart's numbers as text: head words, and rows in blocks under the name of their series."""

    head: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    numeric_from: int


def number(value: float | None, decimals: int = 2) -> str:
    """A figure with a true minus, or an empty text for none."""
    if value is None:
        return ""
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def is_bound(value: float | None, lo: float | None, hi: float | None) -> bool:
    """Whether a share is 0 because nothing was seen, so that its upper limit is all that is known."""
    return value == 0 == lo and hi is not None and hi > 0


def bound(hi: float, decimals: int = 2) -> str:
    """An upper limit in words, `≤ 0.26` or `≤ 0.007`, never rounded to 0."""
    return f"≤ {number(hi, max(decimals, 3) if hi < 0.1 else decimals)}"


def shown(value: float | None, lo: float | None, hi: float | None, decimals: int = 2) -> str:
    """A figure in words; a zero share is never shown bare but as its bound: `≤ 0.060`.

    Small figures get three decimals, and one that would round to zero even so is `< 0.001`.
    """
    if hi is not None and is_bound(value, lo, hi):
        return bound(hi, decimals)
    if value == lo == hi == 0:
        return "none seen"
    decimals = _decimals(lo, hi, decimals)
    if value and lo is not None and lo >= 0 and value < 0.5 * 10**-decimals:
        return f"< {10**-decimals:.{decimals}f}"
    return number(value, decimals)


def shown_interval(value: float | None, lo: float | None, hi: float | None, decimals: int = 2) -> str:
    """The interval beside `shown`: where the value is a bound already, why."""
    if value == lo == hi == 0:
        return ""
    if is_bound(value, lo, hi):
        return "none seen"
    return interval(lo, hi, _decimals(lo, hi, decimals))


def _decimals(lo: float | None, hi: float | None, decimals: int) -> int:
    """At least three where the whole interval lies below 0.1 on one side of zero."""
    is_small = lo is not None and hi is not None and lo * hi >= 0 and max(abs(lo), abs(hi)) < 0.1
    return max(decimals, 3) if is_small else decimals


def interval(lo: float | None, hi: float | None, decimals: int = 2) -> str:
    """`0.92–1.00`; with a negative end `−0.03 to 0.08`; the words for a missing one."""
    if lo is None or hi is None:
        return "no interval published"
    joint = " to " if number(lo, decimals).startswith("−") else "–"
    return f"{number(lo, decimals)}{joint}{number(hi, decimals)}"


def data_table(spec: ChartSpec) -> DataTable:
    """The table of a chart: every value with its interval and n; parts of a whole have no interval."""
    uses_y = spec.kind in ("lines", "scatter")
    has_ends = spec.kind != "bars"
    has_x_interval = any(point.x_lo is not None for point in spec.points)
    has_n = any(point.n is not None for point in spec.points)
    has_note = any(point.note for point in spec.points)
    first = (spec.x.label or "x") if spec.kind == "lines" else spec.point_name
    across = spec.x.label.removesuffix(" →").removesuffix(", more is better")
    head = [first, *([across] if uses_y and spec.kind != "lines" else [])]
    head += [*(["95 % interval"] if has_x_interval else []), spec.value_name]
    head += [*(["95 % interval"] if has_ends else []), *(["n"] if has_n else [])]
    head += ["note"] if has_note else []

    def cells(p: Point) -> tuple[str, ...]:
        value = p.y if uses_y else p.x
        place = [_position(spec.x, p)] if spec.kind == "lines" else [p.label]
        place += [number(p.x, spec.decimals)] if uses_y and spec.kind != "lines" else []
        place += [interval(p.x_lo, p.x_hi, spec.decimals)] if has_x_interval else []
        figures = p.shown(value, spec.decimals) if has_ends else (_part(value, spec.decimals),)
        return (*place, *figures, *([str(p.n or "")] if has_n else []), *([p.note] if has_note else []))

    groups = [
        (name, tuple(cells(p) for p in points))
        for series in spec.series
        for name, points in (
            (_heading(spec, series), series.points),
            (f"{series.name}: {spec.dotted_name}", series.dotted),
        )
        if points
    ]
    return DataTable(head=tuple(head), groups=tuple(groups), numeric_from=1)


def _part(value: float | None, decimals: int) -> str:
    """A part of a whole; the limit of a part that was not seen stands with its interval elsewhere."""
    return "none seen" if value == 0 else number(value, decimals)


def _heading(spec: ChartSpec, series: Series) -> str:
    """What stands above the rows of a series: its name where there are several, and what is beside it."""
    name = series.name if len(spec.series) > 1 or series.aside else ""
    return ": ".join(filter(None, (name, series.aside)))


def _position(axis: Axis, point: Point) -> str:
    if axis.ticks and point.x is not None and 0 <= round(point.x) < len(axis.ticks):
        return axis.ticks[round(point.x)]
    return point.label if point.label else number(point.x)


def by_value(points: Iterable[Point]) -> tuple[Point, ...]:
    """Points of a forest, highest first; ties by label, missing last."""
    return tuple(sorted(points, key=lambda p: (p.x is None, -(p.x or 0.0), p.label)))


def rounded_range(values: Sequence[float], within: tuple[float, float] | None = None) -> tuple[float, float]:
    """The range of the values rounded out to tenths, clipped to `within`; (0, 1) without values."""
    if not values:
        return within or (0.0, 1.0)
    lo, hi = math.floor(min(values) * 10 + 1e-9) / 10, math.ceil(max(values) * 10 - 1e-9) / 10
    if within:
        lo, hi = max(lo, within[0]), min(hi, within[1])
    return (lo, hi) if hi > lo else (lo - 0.1, hi + 0.1)
