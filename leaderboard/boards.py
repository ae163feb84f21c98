"""Boards: what is ranked, from which runs, by which key. Loaded from `tasks/<family>/board.yaml`.

`board.yaml` is the only place that joins scorer keys to the leaderboard. Example::

    - id: mazes-pair
      title: "Mazes: two agents, half a map each"
      runs: [{task: interplay/maze_collab, args: {condition: C7}}]
      headline: maze.success_corrected
      direction: higher
      range: [-0.11, 1]
      unit: {key: maze_id, noun: maze}
      interval: share
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from interplay.tasks.catalog import FAMILIES, Preset, TaskArg, family
from interplay.tasks.judged import ValidityOf
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Estimand, Observation

from .refused import problems
from .schema import BoardId, Division, Interval, Result

if TYPE_CHECKING:
    from inspect_ai.scorer import Scorer

T = TypeVar("T")
Direction: TypeAlias = Literal["higher", "lower", "none"]
ScoreKey: TypeAlias = Annotated[str, Field(pattern=r"^[a-z_]{2,40}\.[A-Za-z0-9_./]{1,60}$")]
Bounds: TypeAlias = tuple[float, float]
Summary: TypeAlias = Callable[[list[Observation]], list[Estimand]]
Place: TypeAlias = Annotated[str, Field(pattern=r"^interplay\.[a-z_.]+:[a-z_]+$")]
"""Module and name of a function of this package."""


class BoardRecord(BaseModel):
    """Base of the records of a board file: unknown fields refused, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(BoardRecord):
    """A setting that may lie anywhere between two numbers."""

    min: float | None = None
    max: float | None = None


Allowed: TypeAlias = str | int | float | bool | list[str | int | float | bool | None] | Span | None


class LockedRun(BoardRecord):
    """One task call that a board needs, with the arguments that differ from the task's defaults."""

    task: str = Field(pattern=r"^interplay/[a-z0-9_]{2,60}$")
    args: dict[str, TaskArg] = {}


class Unit(BoardRecord):
    """The unit of randomisation: a sample metadata key, and what one unit is called."""

    key: str
    noun: str


class Contrast(BoardRecord):
    """A unit's value is its mean where metadata `by` equals `plus`, less its mean where it equals `minus`."""

    by: str
    plus: str
    minus: str


class Weights(BoardRecord):
    """Weights of groups of units: a unit's value becomes K·w·x, so the plain mean is the weighted score.

    K is the number of units. A group's weight is shared out over its units. Of a preset that asks for some
    groups only, the weights are those of these groups, brought to the sum of 1; of an incomplete run they
    stay as they are, and what is missing counts nothing.
    """

    key: str
    values: dict[str, float]

    @model_validator(mode="after")
    def _sums_to_one(self) -> "Weights":
        if abs(sum(self.values.values()) - 1) > 1e-9:
            raise ValueError(f"weights sum to {sum(self.values.values())!r}, not to 1")
        return self


class Secondary(BoardRecord):
    """A further figure: the sum of the keys in `of` (default: `key`) less the sum of those in `minus`.

    Without a range the interval is a bootstrap over units; with one it is that of a share, or Student's t
    with `interval: mean`. `decimals` is for figures without a range that are no counts.
    """

    key: ScoreKey
    label: str
    direction: Direction
    range: Bounds | None = None
    interval: Literal["share", "mean"] = "share"
    decimals: int | None = Field(default=None, ge=0, le=3)
    of: tuple[ScoreKey, ...] = ()
    minus: tuple[ScoreKey, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The keys that are added up."""
        return self.of or (self.key,)


class JudgedFigure(Secondary):
    """A figure that a model gives as judge; with `contrast` the difference that the board is about."""

    contrast: bool = False


class Judged(BoardRecord):
    """A scorer that asks a model as judge, beside the headline: shown where it ran, never ranked by.

    The score's metadata holds the raw answers, `asked` and `unparsed` (how many answers, and how many of
    them could not be read) and `prompt_sha256`. The first figure is a column of the board. `draws` is the
    number of 0/1 draws averaged inside one value.
    """

    scorer: Place
    roles: tuple[str, ...] = Field(default=("grader",), min_length=1)
    validity: Place
    draws: int = Field(default=1, ge=1)
    figures: tuple[JudgedFigure, ...] = Field(min_length=1)

    @property
    def name(self) -> str:
        """Name of the scorer in a log."""
        return self.scorer.split(":")[1]

    def make(self) -> "Scorer":
        """The scorer, which reads again what a log holds of its judge."""
        return cast("Callable[[], Scorer]", imported(self.scorer))()

    def validity_of(self) -> ValidityOf:
        """The family's verdict on judges."""
        return cast(ValidityOf, imported(self.validity))


class Flag(BoardRecord):
    """A 0/1 key that an entry keeps for every unit, where the sample's metadata has these values."""

    key: ScoreKey
    where: dict[str, str] = {}


class Listed(BoardRecord):
    """Units that an entry page lists one by one: those of which any of these 0/1 keys holds.

    `by` names who says so for each key, in words after "by": `the rules`.
    """

    title: str
    note: str
    by: dict[ScoreKey, str] = Field(min_length=1)


class RankedIf(BoardRecord):
    """An entry is ranked only if its cell with these dimensions has at least that value."""

    dims: dict[str, str]
    metric: ScoreKey
    at_least: float
    otherwise: str
    """Why a row below it is listed without rank, in words for the reader."""


class Board(BoardRecord):
    """One board.

    `range` is that of one sample's headline value; a contrast spans twice its width. `free_args` names
    arguments of the runs that do not change what is measured, and `roles` those that may be bound.
    `stderr` is the key of a sample's own standard error, which the interval `family` needs: runs drawn with
    replacement, then each unit from a normal distribution around its value.
    `draws` is the number of 0/1 draws averaged inside one sample, by preset; 1 where none is given. An entry
    never holds results of boards with different `apart`. `rank_within: family` ranks a model only among
    those of its family in `models.yaml`. The first `columns` of the secondary figures
    are columns. `flags` are 0/1 keys that an entry keeps for every unit.
    `cell_labels` names keys of cells that are no column. `charts` stand on the board and on the family's
    page, `family_charts` on the latter alone. `transcripts_reason` goes on "are not public because".
    """

    id: BoardId
    family: str
    title: str
    lead: str
    runs: tuple[LockedRun, ...] = Field(min_length=1)
    preset: Preset = "standard"
    reference_preset: Preset | None = None
    epochs: int = 1
    headline: ScoreKey
    label: str
    direction: Direction
    range: Bounds
    unit: Unit
    contrast: Contrast | None = None
    weights: Weights | None = None
    stderr: ScoreKey | None = None
    macro: str | None = None
    rank_within: Literal["family"] | None = None
    apart: str | None = None
    interval: Interval
    draws: dict[Preset, int] = {}
    ranked_if: RankedIf | None = None
    secondary: tuple[Secondary, ...] = ()
    columns: int = Field(default=2, ge=0, le=4)
    dims: dict[str, tuple[str, ...] | None] = {}
    settings: dict[str, Allowed] = {}
    roles: dict[str, Literal["any"] | tuple[str, ...]] = {}
    free_args: tuple[str, ...] = ()
    judged: tuple[Judged, ...] = ()
    flags: tuple[Flag, ...] = ()
    listed: Listed | None = None
    summary: Place | None = None
    regrade: Literal["exact", "recorded_judge"] = "exact"
    floor: str | None = None
    ceiling: str | None = None
    transcripts: Literal["public", "private"] = "public"
    transcripts_reason: str | None = None
    rerun_samples: int = Field(default=60, ge=1)
    cell_labels: dict[ScoreKey, str] = {}
    charts: tuple[str, ...] = ()
    family_charts: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "Board":
        if self.range[0] >= self.range[1]:
            raise ValueError(f"range {list(self.range)} is empty")
        if (self.contrast is None) == (self.interval == "difference"):
            raise ValueError("interval difference and a contrast go together")
        if self.listed is not None and not set(self.listed.by) <= {f.key for f in self.flags}:
            raise ValueError("listed names a key that is not among flags")
        if (self.interval == "family") != (self.stderr is not None):
            raise ValueError("interval family and a stderr go together")
        if (self.transcripts == "private") == (self.transcripts_reason is None):
            raise ValueError("private transcripts and a transcripts_reason go together")
        return self

    @property
    def family_title(self) -> str:
        """The family in words: `User turns`."""
        record = family(self.family)
        return record.short_title if record else self.family

    @property
    def tasks(self) -> tuple[str, ...]:
        """Registry names of the tasks, without repetition."""
        return tuple(dict.fromkeys(run.task for run in self.runs))

    @property
    def headline_range(self) -> Bounds:
        """Range of the printed headline: of the difference where the board is a contrast."""
        width = self.range[1] - self.range[0]
        return (-width, width) if self.contrast else self.range

    def draws_of(self, preset: str) -> int:
        """0/1 draws behind one sample's value with that preset."""
        return {str(name): count for name, count in self.draws.items()}.get(preset, 1)

    def presets(self, division: Division) -> tuple[Preset, ...]:
        """Presets that count in a division: reference players may also enter a smaller one."""
        extra = (self.reference_preset,) if division == "reference" and self.reference_preset else ()
        return (self.preset, *extra)

    def summarise(self) -> Summary | None:
        """The family's summary function, imported now."""
        if self.summary is None:
            return None
        return cast(Summary, imported(self.summary))

    @property
    def judging_roles(self) -> frozenset[str]:
        """Roles that judge beside the headline and so change nothing that is ranked."""
        beside = (item for item in self.judged if not self.headline.startswith(f"{item.name}."))
        return frozenset(role for item in beside for role in item.roles)


def imported(place: str) -> object:
    """The function at a place, imported now."""
    module, name = place.split(":")
    return getattr(import_module(module), name)


def ranked_roles(board_ids: Iterable[str], roles: Mapping[str, T]) -> dict[str, T]:
    """The roles that tell configurations apart: not those that only judge on all boards that know them."""
    boards = [board for name in board_ids if (board := load_boards().get(name)) is not None]

    def only_judges(role: str) -> bool:
        knowing = [board for board in boards if role in board.roles]
        return bool(knowing) and all(role in board.judging_roles for board in knowing)

    return {role: model for role, model in roles.items() if not only_judges(role)}


def unranked_reason(board: Board, result: Result) -> str | None:
    """Why a result is listed without rank on its board, or None where it is ranked."""
    rule = board.ranked_if
    if board.direction == "none":
        return "this board has no order"
    if rule is None:
        return None
    value = next((c.value for c in result.cells if c.dims == rule.dims and c.metric == rule.metric), None)
    return None if value is not None and value >= rule.at_least else rule.otherwise


def kept_apart(board_ids: Iterable[str]) -> list[str]:
    """The kinds of measurement among these boards that may not be pooled; unknown boards are passed over."""
    known = [board for name in board_ids if (board := load_boards().get(name)) is not None]
    return sorted({board.apart for board in known if board.apart is not None})


def parse_boards(text: str, family: str, name: str) -> list[Board]:
    """Boards of one file.

    Raises:
        UserMistake: The file does not have the shape of a list of boards.
    """
    try:
        return [Board.model_validate({**item, "family": family}) for item in yaml.safe_load(text)]
    except ValidationError as error:
        raise UserMistake(f"{name}: {problems(error)[0]}; correct the file.") from None


@cache
def load_boards() -> dict[str, Board]:
    """All boards by id, families and boards in the order of their files."""
    boards: dict[str, Board] = {}
    for record in FAMILIES:
        path = files(f"interplay.tasks.{record.name}") / "board.yaml"
        for board in parse_boards(path.read_text(encoding="utf-8"), record.name, f"{record.name}/board.yaml"):
            assert board.id not in boards, f"board id {board.id} is used twice"
            boards[board.id] = board
    return boards


def find_board(name: str) -> Board:
    """The board of that id.

    Raises:
        UserMistake: There is none.
    """
    boards = load_boards()
    if name not in boards:
        raise UserMistake(f"{name}: no such board; choose one of {', '.join(boards)}.")
    return boards[name]
