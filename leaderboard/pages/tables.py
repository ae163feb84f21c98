"""Results tables: rows as words, whiskers as coordinates, blocks by model family.

A row view holds finished text, so that a template decides nothing but where it stands.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from ..arm_verdicts import controls
from ..board_parts import CellColumn, Secondary
from ..boards import Board
from ..configurations import variant_words
from ..figures import number, rounded_range, shown, shown_interval
from ..models import display_name, load_models
from ..schema import Entry, Metric, Result
from ..standings import Row, Standing, Submission, unread_word
from .costs import cost_columns
from .judged import JudgedHead, JudgedQuantity, judged_columns
from .words import Quantity, decimals_of, interval_words, value_words

WHISKER_WIDTH = 112


class Whisker(NamedTuple):
    """Coordinates of a 112 × 16 picture: ends and centre of the interval, hairlines at floor and ceiling."""

    lo: str
    hi: str
    value: str
    ticks: tuple[str, ...]


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
    judged: tuple[JudgedQuantity, ...]
    units: str
    rung: int
    rung_word: str
    date: str
    css: str
    developer: str
    weights: str
    block: str = ""
    anchor: Quantity | None = None
    cost: Quantity | None = None


class Block(NamedTuple):
    """Rows of a table that stand under one heading; without a heading where the table has no blocks."""

    heading: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class Table:
    """A results table: column heads, rows, the scale of its whiskers, and all developers on its board."""

    caption: str
    score_head: str
    secondary_heads: tuple[str, ...]
    judged_heads: tuple[JudgedHead, ...]
    scale: tuple[str, str]
    rows: tuple[RowView, ...]
    ranked: bool
    units_head: str
    anchor_head: str = ""
    developers: tuple[str, ...] = ()
    cost_head: str = ""

    def width(self, compact: bool) -> int:
        """Columns of the printed table: without the further ones where it is compact."""
        further = 3 + len(self.secondary_heads) + len(self.judged_heads) + bool(self.cost_head)
        return 4 + self.ranked + bool(self.anchor_head) + (0 if compact else further)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The rows by heading, in their order."""
        return tuple(Block(name, tuple(rows)) for name, rows in groupby(self.rows, lambda row: row.block))


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


def secondary_decimals(item: Secondary) -> int | None:
    """Decimals of a secondary figure: those of its range, else those that the board states."""
    return decimals_of(item.range) if item.range else item.decimals


def detail_words(entry: Entry, shared: Collection[str] = ()) -> str:
    """What stands after a model's name: developer, telling settings, partner, who else wrote the replies.

    Args:
        entry: The entry.
        shared: Words of settings that tell nothing apart, since all rows beside it have them.
    """
    record = load_models().get(entry.model.id)
    parts = (record.developer if record else "", configuration_words(entry, shared))
    return " · ".join(part for part in parts if part)


def configuration_words(entry: Entry, shared: Collection[str] = ()) -> str:
    """What tells the configurations of one model apart: settings, partner, who else wrote the replies."""
    partner, author = entry.roles.get("partner"), entry.roles.get("assistant")
    parts = [word for word in variant_words(entry.settings) if word not in shared]
    parts += [f"with {display_name(partner.id)}"] if partner else []
    parts += [f"replies by {display_name(author.id)}"] if author else []
    return " · ".join(parts)


def entry_href(entry_id: str) -> str:
    """Permanent address of an entry, from the start of the site."""
    return f"entries/{entry_id}/"


def block_of(standing: Standing, row: Row) -> str:
    """The heading under which a row stands in a table whose ranks hold within families."""
    if row.is_reference:
        return "Scripted players"
    if row.places is None:
        return "Listed without rank"
    if standing.is_alone(row):
        return "No other model of the family has run"
    return f"{row.group}, {len(standing.families[row.group])} models"


def headline_quantity(board: Board, submission: Submission, result: Result) -> Quantity:
    """The headline of a result as printed; a word without a value where it is not to be read."""
    word = unread_word(board, submission, result)
    if word is not None:
        return Quantity(word, "")
    headline = result.metrics[board.headline]
    return Quantity(value_words(headline, decimals_of(board.headline_range)), f"{headline.value:.4f}")


def row_view(
    standing: Standing,
    row: Row,
    scale: tuple[float, float],
    marks: Sequence[float],
    in_blocks: bool,
    judged: tuple[JudgedQuantity, ...],
    cost: Quantity | None = None,
    shared: Collection[str] = (),
) -> RowView:
    """One row in words."""
    board = standing.board
    record = load_models().get(row.entry.model.id)
    places = None if standing.is_alone(row) else row.places
    first, last = places or (0, 0)
    bounds = board.headline_range
    badge = controls(row.result.cells, row.headline.value)
    words = configuration_words if row.is_reference else detail_words  # all players have one developer
    unread = unread_word(board, row.submission, row.result) is not None
    said = row.reason if unread or board.direction != "none" else None
    why = said or (badge.words if badge else "")
    secondary = [
        (row.result.metrics.get(item.key), secondary_decimals(item))
        for item in board.secondary[: board.columns]
    ]
    return RowView(
        places="" if places is None else str(first) if first == last else f"{first}–{last}",
        why=why,
        name=display_name(row.entry.model.id),
        model_id=row.entry.model.id,
        detail=words(row.entry, shared),
        href=entry_href(row.entry.entry_id),
        score=headline_quantity(board, row.submission, row.result),
        interval="" if unread else interval_words(row.headline, bounds),
        whisker=whisker(row.headline, scale, marks),
        secondary=(
            *(Quantity(value_words(m, d), f"{m.value:.4f}" if m else "") for m, d in secondary),
            *(cell_quantity(row, column) for column in board.cell_columns),
        ),
        judged=judged,
        units=f"{row.headline.n}",
        rung=row.submission.rung,
        rung_word=row.submission.rung_word,
        date=row.entry.created[:10],
        css="ref" if row.is_reference else "top" if places and row.is_unbeaten else "",
        developer=record.developer if record else "",
        weights=record.weights if record else "",
        block=block_of(standing, row) if in_blocks else "",
        anchor=anchor_quantity(row, decimals_of(bounds)) if standing.is_by_anchor else None,
        cost=cost,
    )


def anchor_quantity(row: Row, decimals: int | None) -> Quantity:
    """The anchor of a row with its interval."""
    if row.anchor is None:
        return Quantity("–", "")
    shown_decimals = 2 if decimals is None else decimals
    a = row.anchor
    ends = shown_interval(a.value, a.lo, a.hi, shown_decimals)
    return Quantity(number(a.value, shown_decimals), f"{a.value:.4f}", ends)


def cell_quantity(row: Row, column: CellColumn) -> Quantity:
    """A cell of a row as a figure with its interval; a dash where it was not measured."""
    cell = next((c for c in row.result.cells if (c.metric, c.dims) == (column.metric, column.dims)), None)
    if cell is None or cell.value is None:
        return Quantity("–", "")
    ends = shown_interval(cell.value, cell.lo, cell.hi, column.decimals)
    return Quantity(shown(cell.value, cell.lo, cell.hi, column.decimals), f"{cell.value:.4f}", ends)


def bound_rows(standing: Standing) -> tuple[Row | None, Row | None]:
    """Rows of the players that mark floor and ceiling, where they have run."""
    by_id = {row.entry.model.id: row for row in standing.reference}
    return by_id.get(standing.board.floor or ""), by_id.get(standing.board.ceiling or "")


def results_table(standing: Standing, rows: Sequence[Row], caption: str, *, ranked: bool) -> Table:
    """The table of some rows of a board."""
    board = standing.board
    scale = scale_of(standing, standing.ranked or standing.listed or rows)
    marks = [row.headline.value for row in bound_rows(standing) if row]
    decimals = 0 if decimals_of(board.headline_range) == 1 else 1
    in_blocks = ranked and board.rank_within is not None
    judged_heads, judged = judged_columns(board, rows)
    costs = cost_columns(rows)
    variants = [set(variant_words(row.entry.settings)) for row in standing.listed]
    shared = set[str]().union(*variants[:1]).intersection(*variants) if len(variants) > 1 else set[str]()
    return Table(
        caption=caption,
        score_head=board.label,
        secondary_heads=(
            *(item.label for item in board.secondary[: board.columns]),
            *(column.label for column in board.cell_columns),
        ),
        judged_heads=judged_heads,
        scale=(number(scale[0], decimals), number(scale[1], decimals)),
        rows=tuple(
            row_view(standing, row, scale, marks, in_blocks, judged[row.entry.entry_id], cost, shared)
            for row, cost in zip(rows, costs or [None] * len(rows), strict=True)
        ),
        ranked=ranked,
        units_head=f"{board.unit.noun.capitalize()}s",
        anchor_head=f"Anchor, {standing.guarded.headline.release}"
        if standing.is_by_anchor and standing.guarded and standing.guarded.headline
        else "",
        developers=developers_of(standing.listed),
        cost_head=f"$ per {board.unit.noun}" if costs else "",
    )


def developers_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """Developers of some rows by name, for the filter of a board, which looks through all its pages."""
    records = (load_models().get(row.entry.model.id) for row in rows)
    return tuple(sorted({record.developer for record in records if record and record.developer}))
