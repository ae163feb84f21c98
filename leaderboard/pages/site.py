"""Models of the start page, the lists of boards and families, family pages, data and the feed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from interplay.tasks.catalog import FAMILIES
from interplay.tasks.records import FamilyRecord

from ..analysis.tables import Table as ReportTable
from ..boards import Board
from ..figures import number
from ..literature import Literature
from ..remembering import Memory
from ..standings import Row, Standing
from .boards import BoardPage, ChartView, Link, leading_words, points
from .crisis import CrisisPanel
from .history import Event, accepted
from .tables import Table, bound_rows, results_table

PANEL_ROWS = 5
LATEST = 8


@dataclass(frozen=True)
class Panel:
    """A family on the start page: the top of its first board."""

    family: FamilyRecord
    board: Board
    table: Table
    bounds: str
    lead: str
    count: int
    others: tuple[Link, ...]
    has_runs: bool


@dataclass(frozen=True)
class HomePage:
    """The start page."""

    panels: tuple[Panel, ...]
    latest: tuple[Event, ...]


class BoardLine(NamedTuple):
    """One board in a list of boards."""

    board: Board
    href: str
    leading: str
    entries: int
    resolvable: str

    @property
    def short_title(self) -> str:
        """The title beside other boards of its family: without the words before the colon."""
        words = self.board.title.split(": ", 1)[-1]
        return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class FamilyGroup:
    """A family with its boards."""

    family: FamilyRecord
    boards: tuple[BoardLine, ...]


@dataclass(frozen=True)
class FamilyPage:
    """What a family measures: its own prose (a template, or empty), charts, boards, published figures."""

    family: FamilyRecord
    prose: str
    charts: tuple[ChartView, ...]
    boards: tuple[BoardLine, ...]
    sources: tuple[Literature, ...]
    crisis: CrisisPanel | None = None
    badge: str = ""
    guard_words: str = ""
    guard: tuple[ReportTable, ...] = ()


@dataclass(frozen=True)
class PublishedPage:
    """Published figures beside a board: forests, printed matrices by group, or plain lists."""

    board: BoardPage
    sources: tuple[Literature, ...]
    forests: tuple[ChartView, ...]
    groups: tuple[tuple[str, tuple[ChartView, ...]], ...]


class EmbedPage(NamedTuple):
    """The top of a board for a frame. `empty` is what a reader is told where model rows are missing."""

    board: Board
    table: Table | None
    empty: str


class FamilyCost(NamedTuple):
    """Expected size of a family's standard runs, all together."""

    name: str
    title: str
    samples: float
    calls: float
    input_tokens: float
    output_tokens: float


class DataFile(NamedTuple):
    """One downloadable file."""

    path: str
    bytes: int
    sha256: str


class DataGroup(NamedTuple):
    """Files of one kind."""

    title: str
    note: str
    files: tuple[DataFile, ...]

    @property
    def bytes(self) -> int:
        """Size of all of them together."""
        return sum(file.bytes for file in self.files)


def home_page(standings: Mapping[str, Standing], latest: Sequence[Event], memory: Memory) -> HomePage:
    """The start page: a panel a family, and the latest entries among all changes."""
    panels: list[Panel] = []
    for family in FAMILIES:
        own = [s for s in standings.values() if s.board.family == family.name]
        if own:
            panels.append(memory(_panel, family, tuple(own)))
    return HomePage(tuple(panels), tuple(accepted(latest)[:LATEST]))


def _panel(family: FamilyRecord, standings: tuple[Standing, ...]) -> Panel:
    first = standings[0]
    rows = top_rows(first) or scripted_rows(first)
    bounds = [f"{word} {number(row.headline.value, 2)}" for word, row in
              zip(("floor", "ceiling"), bound_rows(first), strict=True) if row]  # fmt: skip
    if first.detectable is not None and not first.is_by_anchor:
        bounds.append(f"not resolvable below {points(first)}")
    return Panel(
        family=family,
        board=first.board,
        table=results_table(first, rows, first.board.title, ranked=bool(first.ranked)),
        bounds=" · ".join(bounds),
        lead=leading_words(first),
        count=len(first.listed),
        others=tuple(Link(line.short_title, line.href) for line in map(board_line, standings[1:])),
        has_runs=bool(first.rows),
    )


def top_rows(standing: Standing) -> tuple[Row, ...]:
    """The first rows; where ranks hold within families, whole families as far as there is room."""
    if standing.board.rank_within is None or not standing.ranked:
        return (standing.ranked or standing.rows)[:PANEL_ROWS]
    shown: tuple[Row, ...] = ()
    for family in sorted(standing.families.values(), key=lambda rows: len(rows) == 1):
        if shown and len(shown) + len(family) > PANEL_ROWS:
            break
        shown += family[:PANEL_ROWS]
    return shown


def scripted_rows(standing: Standing) -> tuple[Row, ...]:
    """Before any model has run: the players that mark floor and ceiling, and some others."""
    marks = [row for row in bound_rows(standing) if row]
    others = [row for row in standing.reference if row not in marks][: PANEL_ROWS - len(marks)]
    return tuple(row for row in standing.reference if row in marks or row in others)


def board_line(standing: Standing) -> BoardLine:
    """One board in a list."""
    board = standing.board
    leading = leading_words(standing) or "No model runs yet."
    return BoardLine(
        board,
        f"boards/{board.id}/",
        leading,
        len(standing.listed),
        points(standing) if standing.ranked else "–",
    )


def family_groups(standings: Mapping[str, Standing], memory: Memory) -> tuple[FamilyGroup, ...]:
    """All families with their boards, in catalogue order."""
    lines = {s.board.id: memory(board_line, s) for s in standings.values()}
    groups = (
        FamilyGroup(family, tuple(line for line in lines.values() if line.board.family == family.name))
        for family in FAMILIES
    )
    return tuple(group for group in groups if group.boards)


@cache
def family_costs() -> tuple[FamilyCost, ...]:
    """What a standard run of each family takes."""
    costs: list[FamilyCost] = []
    for record in FAMILIES:
        sizes = [record.run_size(task, args) for task, args in record.default_runs("standard")]
        costs.append(
            FamilyCost(
                record.name,
                record.title,
                sum(size.samples for size in sizes),
                sum(size.samples * size.calls for size in sizes),
                sum(size.samples * size.input_tokens for size in sizes),
                sum(size.samples * size.output_tokens for size in sizes),
            )
        )
    return tuple(costs)
