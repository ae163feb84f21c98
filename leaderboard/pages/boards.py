"""Models of the board pages: facts, sub-pages, charts, and one sentence about the top."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import NamedTuple, cast

from ..boards import Board
from ..configurations import row_names
from ..figures import ChartSpec, number
from ..standings import Row, Standing
from ..svg import Picture
from .tables import Table, bound_rows
from .words import decimals_of


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


def drawn_charts(model: object) -> Iterator[ChartSpec]:
    """The charts of a page that have a file: those in the fields of its model, in tuples of any depth."""
    if isinstance(model, ChartView):
        yield from [model.spec] if model.picture or model.spec.matrix else []
    elif type(model) is tuple:  # named ones are lines of tables
        for item in cast(tuple[object, ...], model):
            yield from drawn_charts(item) if type(item) is tuple or isinstance(item, ChartView) else ()
    elif is_dataclass(model):
        for field in fields(model):
            value = getattr(model, field.name)
            yield from drawn_charts(value) if type(value) is tuple else ()


@dataclass(frozen=True)
class BoardPage:
    """A board or one of its sub-pages. `empty` is what a reader is told where model rows are missing.

    Where `compares` holds, rows can be chosen to be compared.
    """

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
    guard: str = ""
    compares: bool = False


def points(standing: Standing) -> str:
    """The detectable difference in words, or why there is none yet."""
    if standing.is_by_anchor:
        return "placed by its anchor"
    if standing.detectable is None:
        return "no model runs yet"
    width = 100 if decimals_of(standing.board.headline_range) == 3 else 1
    return f"{standing.detectable * width:.1f} points"


def facts(standing: Standing) -> tuple[Fact, ...]:
    """The facts strip of a board."""
    board = standing.board
    floor, ceiling = bound_rows(standing)
    sample = next(iter(standing.rows or standing.reference), None)
    count = sample.result.units_total if sample else 0
    units = f"{count or ''} {board.unit.noun}{'' if count == 1 else 's'}".strip()
    found = [
        Fact("Task", f"{', '.join(task.split('/')[-1] for task in board.tasks)}, version {standing.major}"),
        Fact("Units", units if standing.rows or not sample else f"{units} ({sample.result.preset})"),
    ]
    if board.direction != "none":
        within = " within a family" if board.rank_within and standing.ranked else ""
        found.append(Fact("Not resolvable below", f"{points(standing)}{within}"))
    if floor and ceiling and floor.headline.value != ceiling.headline.value:
        ends = (number(row.headline.value, 2) for row in (floor, ceiling))
        found.append(Fact("Floor to ceiling", " to ".join(ends)))
    compared = sum(not standing.is_alone(row) for row in standing.ranked)
    if board.rank_within and standing.ranked:
        found.append(Fact("Model families", f"{len(standing.families)}, ranked apart"))
    if compared:
        where = "Not beaten in their family" if board.rank_within else "Not beaten"
        found.append(Fact(where, f"{standing.unbeaten} of {compared}"))
    return tuple(found)


def leading_words(standing: Standing) -> str:
    """One true sentence about the top of a board, or an empty text without rows of models."""
    rows, board = standing.ranked, standing.board
    if not standing.rows:
        return ""
    if not rows:
        who = "One model has run" if len(standing.rows) == 1 else f"{len(standing.rows)} models have run"
        why = "this board has no order" if board.direction == "none" else "none of them can be ranked"
        return f"{who}; {why}."
    if len(rows) == 1:
        return f"{row_names(rows)[0]} is the only model that has run so far."
    if standing.is_by_anchor:
        return "The score no longer follows its anchor, and rows are placed by the anchor."
    if board.rank_within is None:
        return top_words(rows, board)
    compared = {name: group for name, group in standing.families.items() if len(group) > 1}
    if not compared:
        return f"{len(rows)} models have run, no two of one family, and ranks hold within a family only."
    if len(compared) == 1:
        name, group = next(iter(compared.items()))
        words = top_words(group, board)
        return f"Within {name}: {words}"
    single = sum(sum(row.is_unbeaten for row in group) == 1 for group in compared.values())
    found = f"{single} of {len(compared)} families with several models {'has' if single == 1 else 'have'}"
    return f"Ranks hold within a family only; {found} one that no other model of it beats."


def top_words(rows: Sequence[Row], board: Board) -> str:
    """One true sentence about the top of some rows that were ranked with one another."""
    top = [name for name, row in zip(row_names(rows), rows, strict=True) if row.is_unbeaten]
    if len(top) == 1:
        is_ahead = rows[0].places == (1, 1)
        claim = "is ahead of all others" if is_ahead else "is not beaten by any other"
        return f"{top[0]} {claim} on these {board.unit.noun}s."
    if len(top) == len(rows):
        return "No model is separated from the others by these data."
    names = f"{', '.join(top[:-1])} and {top[-1]}" if len(top) <= 5 else f"{len(top)} models"
    return f"{names} are not beaten by any other; these data do not separate them."
