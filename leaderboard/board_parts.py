"""What a board is made of: runs, unit, contrast, weights, further figures, judges; parts of `board.yaml`.

Example: the Gap board's contrast is `Contrast(by="condition", plus="C3", minus="C7")`.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from interplay.tasks.judged import ValidityOf
from interplay.tasks.records import TaskArg

if TYPE_CHECKING:
    from inspect_ai.scorer import Scorer

Direction: TypeAlias = Literal["higher", "lower", "none"]
ScoreKey: TypeAlias = Annotated[str, Field(pattern=r"^[a-z_]{2,40}\.[A-Za-z0-9_./]{1,60}$")]
Bounds: TypeAlias = tuple[float, float]
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
    """A unit's value is its mean where metadata `by` equals `plus`, less its mean where it equals `minus`.

    Samples of a unit are paired by the metadata keys `pair`, epochs averaged; pairs that lack a side are left
    out and counted. With less than the share `least_complete` of them the difference reads incomplete.
    """

    by: str
    plus: str
    minus: str
    pair: tuple[str, ...] = ()
    least_complete: float = Field(default=0.0, ge=0, le=1)

    def is_enough(self, complete: int, wanted: int) -> bool:
        """Whether so many complete pairs are enough for the difference to be read."""
        return complete >= self.least_complete * wanted


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


class CellColumn(BoardRecord):
    """A column of a cell that the family's summary asks for: the cell with these dimensions and metric."""

    label: str
    metric: ScoreKey
    dims: dict[str, str]
    decimals: int = Field(default=2, ge=0, le=3)


class JudgedFigure(Secondary):
    """A figure that a model gives as judge; with `contrast` the difference that the board is about.

    `needs` is a metadata key without which a sample cannot have it, and is missed in no pair. With `kappa`,
    two 0/1 keys, the figure is Cohen's kappa of them over the samples that have both.
    """

    contrast: bool = False
    needs: str | None = None
    kappa: tuple[ScoreKey, ScoreKey] | None = None


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


def imported(place: str) -> object:
    """The function at a place, imported now."""
    module, name = place.split(":")
    return getattr(import_module(module), name)
