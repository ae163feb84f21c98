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
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar, cast

import yaml
from pydantic import Field, ValidationError, model_validator

from interplay.tasks import yaml_text
from interplay.tasks.catalog import FAMILIES, family
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Estimand, Observation
from interplay.tasks.records import Preset

from .board_parts import (
    Allowed,
    BoardRecord,
    Bounds,
    CellColumn,
    Contrast,
    Direction,
    Flag,
    Judged,
    Listed,
    LockedRun,
    Place,
    RankedIf,
    ScoreKey,
    Secondary,
    Unit,
    Weights,
    imported,
)
from .refused import problems
from .result_parts import Interval
from .schema import BoardId, Division, Result

T = TypeVar("T")
Summary: TypeAlias = Callable[[list[Observation]], list[Estimand]]
Unadmitted: TypeAlias = Callable[[Mapping[str, str], str, Path], str | None]
"""From the roles of an entry, its task's version and the folder `leaderboard` to why it is not ranked."""


class Board(BoardRecord):
    """One board.

    `range` is that of one sample's headline value; a contrast spans twice its width. `free_args` names
    arguments of the runs that do not change what is measured, and `roles` those that may be bound.
    `stderr` is the key of a sample's own standard error, which the interval `family` needs: runs drawn with
    replacement, then each unit from a normal distribution around its value.
    `draws` is the number of 0/1 draws averaged inside one sample, by preset; 1 where none is given. An entry
    never holds results of boards with different `apart`. `rank_within: family` ranks a model only among
    those of its family in `models.yaml`. The first `columns` of the secondary figures
    are columns, and after them `cell_columns`. `flags` are 0/1 keys that an entry keeps for every unit.
    `cell_labels` names keys of cells that are no column. `charts` stand on the board and on the family's
    page, `family_charts` on the latter alone. `transcripts_reason` goes on "are not public because".
    `admission` names a function that says of the roles of an entry why it is not ranked, by the files in the
    folder `leaderboard`.
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
    draws: dict[Preset, int] = Field(default={})
    ranked_if: RankedIf | None = None
    secondary: tuple[Secondary, ...] = ()
    columns: int = Field(default=2, ge=0, le=4)
    cell_columns: tuple[CellColumn, ...] = Field(default=(), max_length=4)
    dims: dict[str, tuple[str, ...] | None] = Field(default={})
    settings: dict[str, Allowed] = Field(default={})
    roles: dict[str, Literal["any"] | tuple[str, ...]] = Field(default={})
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
    cell_labels: dict[ScoreKey, str] = Field(default={})
    charts: tuple[str, ...] = ()
    family_charts: tuple[str, ...] = ()
    admission: Place | None = None

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

    def unadmitted(self) -> Unadmitted | None:
        """The family's function that says why an entry may not be ranked, imported now."""
        return None if self.admission is None else cast(Unadmitted, imported(self.admission))

    def summarise(self) -> Summary | None:
        """The family's summary function, imported now."""
        if self.summary is None:
            return None
        return cast(Summary, imported(self.summary))

    @property
    def is_ranked_by_judge(self) -> bool:
        """Whether the headline is what a judge says."""
        return any(self.headline.startswith(f"{item.name}.") for item in self.judged)

    @property
    def judging_roles(self) -> frozenset[str]:
        """Roles that judge beside the headline and so change nothing that is ranked."""
        beside = (item for item in self.judged if not self.headline.startswith(f"{item.name}."))
        return frozenset(role for item in beside for role in item.roles)


def ranked_roles(board_ids: Iterable[str], roles: Mapping[str, T]) -> dict[str, T]:
    """The roles that tell configurations apart: not those that only judge on all boards that know them."""
    boards = [board for name in board_ids if (board := load_boards().get(name)) is not None]

    def only_judges(role: str) -> bool:
        knowing = [board for board in boards if role in board.roles]
        return bool(knowing) and all(role in board.judging_roles for board in knowing)

    return {role: model for role, model in roles.items() if not only_judges(role)}


def is_incomplete(board: Board, result: Result) -> bool:
    """Whether too many pairs of the board's contrast lack a side for its difference to be read."""
    pairs, contrast = result.pairs, board.contrast
    return pairs is not None and contrast is not None and not contrast.is_enough(pairs.complete, pairs.wanted)


def unranked_reason(board: Board, result: Result) -> str | None:
    """Why a result is listed without rank on its board, or None where it is ranked."""
    rule = board.ranked_if
    if is_incomplete(board, result):
        assert board.contrast is not None
        assert result.pairs is not None
        pairs, least = result.pairs, 100 * board.contrast.least_complete
        return f"incomplete: {pairs.complete} of {pairs.wanted} pairs have both sides, needs {least:.0f} %"
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
        listed = yaml_text.content(text)
    except yaml.YAMLError as error:
        raise UserMistake(f"{name}: YAML: {str(error).splitlines()[0]}; correct the file.") from None
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise UserMistake(f"{name}: not a list of boards, each with its fields; correct the file.")
    try:
        return [Board.model_validate({**item, "family": family}) for item in listed]
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
