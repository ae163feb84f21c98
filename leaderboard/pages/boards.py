"""Models of the board pages: rows as words, whiskers as coordinates, facts, sub-pages, charts.

A row view holds finished text, so that a template decides nothing but where it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..boards import Board
from ..figures import ChartSpec, interval, number, rounded_range
from ..models import display_name, load_models
from ..schema import Entry, Metric, Settings
from ..standings import Row, Standing
from ..svg import Picture
from .rendering import figure

WHISKER_WIDTH = 112
SECONDARY_COLUMNS = 2


class Whisker(NamedTuple):
    """Coordinates of a 112 × 16 picture: ends and centre of the interval, hairlines at floor and ceiling."""

    lo: str
    hi: str
    value: str
    ticks: tuple[str, ...]


class Quantity(NamedTuple):
    """A figure as printed and as sorted by."""

    text: str
    raw: str


@dataclass(frozen=True)
class RowView:
    """One line of a results table. `places` is empty for a row without rank, `why` says why."""

    places: str
    why: str
    name: str
    model_id: str
    detail: str
    href: str
    score: Quantity
    interval: str
    whisker: Whisker
    secondary: tuple[Quantity, ...]
    units: str
    rung: int
    rung_word: str
    date: str
    css: str
    developer: str
    weights: str


class Link(NamedTuple):
    """A link within the site; `current` marks the page that is shown."""

    label: str
    href: str
    current: bool = False


class Fact(NamedTuple):
    """One pair of the facts strip."""

    term: str
    text: str


@dataclass(frozen=True)
class ChartView:
    """A chart with its picture, if matplotlib was there to draw it."""

    spec: ChartSpec
    picture: Picture | None


@dataclass(frozen=True)
class Table:
    """A results table: column heads, rows, and the scale of its whiskers."""

    caption: str
    score_head: str
    secondary_heads: tuple[str, ...]
    scale: tuple[str, str]
    rows: tuple[RowView, ...]
    ranked: bool

    @property
    def developers(self) -> tuple[str, ...]:
        """Developers of the rows, for the filter."""
        return tuple(sorted({row.developer for row in self.rows if row.developer}))


@dataclass(frozen=True)
class BoardPage:
    """A board or one of its sub-pages. `empty` is what a reader is told where model rows are missing."""

    board: Board
    heading: str
    lead: str
    tabs: tuple[Link, ...]
    facts: tuple[Fact, ...]
    table: Table | None
    empty: str
    summary: str
    charts: tuple[ChartView, ...]
    replicates: tuple[tuple[str, tuple[Link, ...]], ...]
    count: int
    pages: tuple[Link, ...]
    is_main: bool


def scale_of(standing: Standing, rows: Sequence[Row]) -> tuple[float, float]:
    """Scale of a board's whiskers: the intervals of `rows`, floor and ceiling, rounded out to tenths."""
    ends = [end for row in rows for end in (row.headline.lo, row.headline.hi)]
    ends += [row.headline.value for row in bound_rows(standing) if row]
    lo, hi = standing.board.headline_range
    return rounded_range(ends, (min(lo, -0.0) // 0.1 / 10, hi) if lo < 0 else (lo, hi))


def whisker(metric: Metric, scale: tuple[float, float], marks: Sequence[float]) -> Whisker:
    """The small picture of one interval; `marks` are the values of floor and ceiling."""

    def place(value: float) -> str:
        share = (min(max(value, scale[0]), scale[1]) - scale[0]) / (scale[1] - scale[0])
        return f"{1 + share * (WHISKER_WIDTH - 2):.1f}".removesuffix(".0")

    ticks = sorted({place(mark) for mark in marks if scale[0] <= mark <= scale[1]})
    return Whisker(place(metric.lo), place(metric.hi), place(metric.value), tuple(ticks))


def decimals_of(bounds: tuple[float, float] | None) -> int | None:
    """Decimals of a figure: three for shares, one for points, none for counts."""
    if bounds is None:
        return None
    return 3 if bounds[1] - bounds[0] <= 10 else 1


def interval_words(metric: Metric, bounds: tuple[float, float] | None) -> str:
    """The interval in words; a limit where nothing was observed: `≤ 0.007`."""
    if bounds is None:
        return f"{figure(metric.lo, None)}–{figure(metric.hi, None)}"
    if metric.value <= bounds[0] < metric.hi:
        return f"≤ {number(metric.hi, 3 if abs(metric.hi) < 0.1 else 2)}"
    return interval(metric.lo, metric.hi, 2 if decimals_of(bounds) == 3 else 1)


def variant_words(settings: Settings) -> tuple[str, ...]:
    """Settings that tell configurations of one model apart, in words."""
    words = [f"effort {settings.reasoning_effort}" if settings.reasoning_effort else ""]
    words += [f"{settings.reasoning_tokens} reasoning tokens" if settings.reasoning_tokens else ""]
    words += [f"T = {settings.temperature:g}" if settings.temperature is not None else ""]
    return tuple(word for word in words if word)


def detail_words(entry: Entry) -> str:
    """What stands after a model's name: developer, telling settings, partner."""
    record = load_models().get(entry.model.id)
    partner = entry.roles.get("partner")
    parts = [record.developer if record else "", *variant_words(entry.settings)]
    parts += [f"with {display_name(partner.id)}" if partner else ""]
    return " · ".join(part for part in parts if part)


def entry_href(entry_id: str) -> str:
    """Permanent address of an entry, from the start of the site."""
    return f"entries/{entry_id}/"


def row_view(row: Row, board: Board, scale: tuple[float, float], marks: Sequence[float]) -> RowView:
    """One row in words."""
    record = load_models().get(row.entry.model.id)
    first, last = row.places or (0, 0)
    bounds = board.headline_range
    secondary = [
        (row.result.metrics.get(item.key), decimals_of(item.range))
        for item in board.secondary[:SECONDARY_COLUMNS]
    ]
    return RowView(
        places="" if row.places is None else str(first) if first == last else f"{first}–{last}",
        why=row.reason or "",
        name=display_name(row.entry.model.id),
        model_id=row.entry.model.id,
        detail=detail_words(row.entry),
        href=entry_href(row.entry.entry_id),
        score=Quantity(number(row.headline.value, decimals_of(bounds) or 0), f"{row.headline.value:.4f}"),
        interval=interval_words(row.headline, bounds),
        whisker=whisker(row.headline, scale, marks),
        secondary=tuple(
            Quantity(figure(m.value if m else None, d), f"{m.value:.4f}" if m else "") for m, d in secondary
        ),
        units=f"{row.headline.n}",
        rung=row.submission.rung,
        rung_word=row.submission.rung_word,
        date=row.entry.created[:10],
        css="ref" if row.is_reference else "top" if row.is_unbeaten else "",
        developer=record.developer if record else "",
        weights=record.weights if record else "",
    )


def bound_rows(standing: Standing) -> tuple[Row | None, Row | None]:
    """Rows of the players that mark floor and ceiling, where they have run."""
    by_id = {row.entry.model.id: row for row in standing.reference}
    return by_id.get(standing.board.floor or ""), by_id.get(standing.board.ceiling or "")


def results_table(standing: Standing, rows: Sequence[Row], caption: str, *, ranked: bool) -> Table:
    """The table of some rows of a board."""
    board = standing.board
    scale = scale_of(standing, standing.ranked or standing.listed or rows)
    marks = [row.headline.value for row in bound_rows(standing) if row]
    decimals = 1 if decimals_of(board.headline_range) == 3 else 0
    return Table(
        caption=caption,
        score_head=board.label,
        secondary_heads=tuple(item.label for item in board.secondary[:SECONDARY_COLUMNS]),
        scale=(number(scale[0], decimals), number(scale[1], decimals)),
        rows=tuple(row_view(row, board, scale, marks) for row in rows),
        ranked=ranked,
    )


def points(standing: Standing) -> str:
    """The detectable difference in words, or why there is none yet."""
    if standing.detectable is None:
        return "no model runs yet"
    width = 100 if decimals_of(standing.board.headline_range) == 3 else 1
    return f"{standing.detectable * width:.1f} points"


def facts(standing: Standing) -> tuple[Fact, ...]:
    """The facts strip of a board."""
    board = standing.board
    floor, ceiling = bound_rows(standing)
    sample = next(iter(standing.ranked or standing.reference), None)
    units = f"{sample.result.units_total} {board.unit.noun}s" if sample else f"{board.unit.noun}s"
    found = [
        Fact("Task", f"{', '.join(task.split('/')[-1] for task in board.tasks)}, version {standing.major}"),
        Fact("Units", units if standing.ranked or not sample else f"{units} ({sample.result.preset})"),
        Fact("Not resolvable below", points(standing)),
    ]
    if floor and ceiling and floor.headline.value != ceiling.headline.value:
        ends = (number(row.headline.value, 2) for row in (floor, ceiling))
        found.append(Fact("Floor to ceiling", " to ".join(ends)))
    if standing.ranked:
        found.append(Fact("Not beaten", f"{standing.unbeaten} of {len(standing.ranked)}"))
    return tuple(found)


def leading_words(standing: Standing) -> str:
    """One true sentence about the top of a board, or an empty text without ranked rows."""
    top = [display_name(row.entry.model.id) for row in standing.ranked if row.is_unbeaten]
    count = len(standing.ranked)
    if not count:
        return ""
    if count == 1:
        return f"{top[0]} is the only model that has run so far."
    if len(top) == 1:
        is_ahead = standing.ranked[0].places == (1, 1)
        claim = "is ahead of all others" if is_ahead else "is not beaten by any other"
        return f"{top[0]} {claim} on these {standing.board.unit.noun}s."
    if len(top) == count:
        return "No model is separated from the others by these data."
    names = f"{', '.join(top[:-1])} and {top[-1]}" if len(top) <= 5 else f"{len(top)} models"
    return f"{names} are not beaten by any other; these data do not separate them."
