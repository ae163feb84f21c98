"""Parts of a result: figures with their intervals, cells of conditions, usage, judges, incomplete pairs."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .canonical import Json
from .fields import Count, Hex64, Key, ModelId, Role, Short

Interval: TypeAlias = Literal["share", "mean", "difference", "bootstrap", "family"]


class Record(BaseModel):
    """Base of everything that is stored: unknown fields refused, immutable, no silent conversion."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    def content(self) -> dict[str, Json]:
        """The record as plain JSON values, all fields present."""
        return self.model_dump(mode="json")


class Metric(Record):
    """A figure with its 95 % interval; `n` is the number of units behind it."""

    value: float
    lo: float
    hi: float
    n: Count
    interval: Interval

    @model_validator(mode="after")
    def _ordered(self) -> "Metric":
        if not self.lo <= self.value <= self.hi:
            raise ValueError(f"value {self.value} lies outside its interval [{self.lo}, {self.hi}]")
        return self


class Limits(Record):
    """A 95 % interval for another run of the same units, around the value of a metric."""

    lo: float
    hi: float
    n: Count


class Cell(Record):
    """A figure for one combination of conditions. All three numbers are null when it is not estimable."""

    dims: dict[Short, Short] = Field(min_length=1, max_length=4)
    metric: Key
    value: float | None
    lo: float | None
    hi: float | None
    n: Count

    @model_validator(mode="after")
    def _ordered(self) -> "Cell":
        numbers = (self.lo, self.value, self.hi)
        present = [number for number in numbers if number is not None]
        if present and (len(present) != 3 or present != sorted(present)):
            raise ValueError(f"value {self.value} lies outside its interval [{self.lo}, {self.hi}]")
        return self


class Usage(Record):
    """What one role consumed over all samples. Seconds are time spent working, waits left out."""

    calls: Count
    input_tokens: Count
    output_tokens: Count
    reasoning_tokens: Count
    cached_tokens: Count
    seconds: float = Field(ge=0)
    cost_usd: float | None = Field(default=None, ge=0)
    price_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None


class JudgedResult(Record):
    """What a model says as judge of the same samples: never ranked by.

    `regrade` says how it is checked: from the judge's answers that the log holds, without asking anew.

    Attributes:
        graders: The model in each role that judged.
        prompt_sha256: Hash of all that they were asked with.
        asked: Answers that were needed.
        unparsed: Those that could not be read.
        unscored: Samples without a figure of the judge.
        metrics: Empty where more than 2 % of the answers could not be read.
    """

    scorer: Role
    graders: dict[Role, ModelId] = Field(min_length=1, max_length=4)
    prompt_sha256: Hex64
    regrade: Literal["recorded_judge"]
    asked: Count
    unparsed: Count
    unscored: Count
    metrics: dict[Key, Metric] = Field(max_length=20)


class Pairs(Record):
    """Pairs of a contrast: those with both sides, and those with any."""

    complete: Count
    wanted: Count

    @model_validator(mode="after")
    def _part(self) -> "Pairs":
        if self.complete >= self.wanted:
            raise ValueError(
                f"{self.complete} of {self.wanted} pairs: they are named only where some lack a side"
            )
        return self
