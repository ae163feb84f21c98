"""Published figures that stand beside our runs, one YAML file a source.

Rows keep what was printed: a mean with its half-width stays unclipped, a number without an interval stays
without one. They are never ranked and never enter a paired difference.

Example row: `{model: o3, partner: gpt-4.1-mini, metric: weighted, value: 0.77, lo: 0.74, hi: 0.80, …}`.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from interplay.tasks import yaml_text
from interplay.tasks.mistakes import UserMistake

from .statistics import wilson_ends

IntervalKind: TypeAlias = Literal["95 %", "sd over runs", "computed", "none"]
INTERVAL_WORDS: Mapping[IntervalKind, str] = {
    "95 %": "95 %",
    "sd over runs": "± one standard deviation over runs",
    "computed": "95 %, computed here from n",
    "none": "",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Strict):
    """One printed number. `model` starts and `partner` answers where two models take part.

    `decimals` are those of the source. `interval_kind` says what `lo` and `hi` are; "computed" is Wilson's
    95 % interval from `n`, made here.
    """

    family: str
    board: str | None = None
    table: str
    group: str | None = None
    model: str
    partner: str | None = None
    metric: str
    value: float | None
    lo: float | None = None
    hi: float | None = None
    interval_kind: IntervalKind
    n: int | None = Field(default=None, gt=0)
    decimals: int = Field(default=2, ge=0, le=6)
    note: str | None = None

    @property
    def is_homogeneous(self) -> bool:
        """A model beside its own copy."""
        return self.model == self.partner

    @property
    def half_width(self) -> float | None:
        """Half of the interval, as printed after ±, or None."""
        return None if self.lo is None or self.hi is None else round((self.hi - self.lo) / 2, 6)

    @property
    def printed(self) -> str:
        """The number as its source prints it: `0.77 ± 0.03`, `0.00`, or the note of a missing one."""
        if self.value is None:
            return self.note or "not published"
        half = self.half_width
        return self.shown if half is None else f"{self.shown} ± {half:.{self.decimals}f}"

    @property
    def shown(self) -> str:
        """The value with the decimals of its source; a dash for a missing one."""
        return "–" if self.value is None else f"{self.value:.{self.decimals}f}"

    @property
    def interval_words(self) -> str:
        """What the interval is, in words; empty where none was published."""
        return INTERVAL_WORDS[self.interval_kind]

    @model_validator(mode="after")
    def _check_interval(self) -> "Figure":
        ends = (self.lo, self.value, self.hi)
        if (self.lo is None) != (self.hi is None) or (self.lo is None) != (self.interval_kind == "none"):
            raise ValueError("lo and hi are given together, with an interval_kind other than none")
        if self.lo is not None and not (None not in ends and self.lo <= self.value <= self.hi):  # type: ignore[operator]
            raise ValueError(f"value {self.value} lies outside {self.lo} to {self.hi}")
        return self


class PublishedMetric(_Strict):
    """Label and range of a metric that a source reports."""

    label: str
    range: tuple[float, float]


class Mark(_Strict):
    """A line drawn beside published figures, never ranked with them."""

    label: str
    metric: str
    value: float


class Beside(_Strict):
    """A forest of published figures of models with their own copy, beside our runs.

    `metric` is the published one, `ours` the score key of our runs, called `ours_label`.
    """

    metric: str
    ours: str
    ours_label: str
    title: str
    desc: str
    note: str


class Grader(_Strict):
    """Agreement of the graders a source used, as it prints them."""

    graders: str
    setting: str
    icc: float
    kappa: float
    disagreement_on_success: float
    disagreement_on_failure: float


class LargestDifference(_Strict):
    """The pair whose order matters most."""

    model: str
    partner: str
    difference: float


class Reanalysis(_Strict):
    """What the printed cells say about who should start; a test recomputes every number."""

    metric: str
    pairs: int
    stronger_first_better: int
    equal: int
    stronger_first_worse: int
    mean_difference: float
    beyond_joint_interval: int
    beyond_joint_interval_against: int
    largest: LargestDifference
    note: str


class Literature(_Strict):
    """One literature file."""

    source: str
    title: str
    citation: str
    url: str = Field(pattern=r"^https://\S+$")
    second_hand: bool
    notes: tuple[str, ...] = ()
    metrics: dict[str, PublishedMetric]
    marks: tuple[Mark, ...] = ()
    beside: Beside | None = None
    reanalysis: Reanalysis | None = None
    graders: tuple[Grader, ...] = ()
    rows: tuple[Figure, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the printed groups, in printed order."""
        return tuple(dict.fromkeys(row.group for row in self.rows if row.group))

    @property
    def is_list(self) -> bool:
        """Neither printed matrices nor a forest: figures to be listed one by one."""
        return self.beside is None and not any(row.partner for row in self.rows)

    @property
    def boards(self) -> tuple[str, ...]:
        """Boards beside which rows of this source stand."""
        return tuple(dict.fromkeys(row.board for row in self.rows if row.board))

    def figures(self, metric: str, group: str | None = None) -> tuple[Figure, ...]:
        """Rows of one metric, optionally of one printed group."""
        return tuple(r for r in self.rows if r.metric == metric and group in (None, r.group))

    def homogeneous(self, metric: str) -> tuple[Figure, ...]:
        """Each model beside its own copy, highest value first; a repeated print counts once."""
        own = {r.model: r for r in self.figures(metric) if r.is_homogeneous and r.value is not None}
        return tuple(sorted(own.values(), key=lambda r: (-(r.value or 0.0), r.model)))


def with_computed_intervals(source: Literature) -> Literature:
    """The source with Wilson's 95 % interval wherever a share has its `n` but no interval."""
    rows: list[Figure] = []
    for row in source.rows:
        is_share = source.metrics[row.metric].range == (0.0, 1.0)
        if is_share and row.interval_kind == "none" and row.n is not None and row.value is not None:
            lo, hi = wilson_ends(row.value * row.n, row.n)
            update = {"lo": round(lo, 6), "hi": round(hi, 6), "interval_kind": "computed"}
            row = row.model_copy(update=update)
        rows.append(row)
    return source.model_copy(update={"rows": tuple(rows)})


def parse_source(text: str, name: str) -> Literature:
    """Validates one literature file.

    Raises:
        UserMistake: The file does not have the shape of a source; the sentence names the first place.
    """
    try:
        content = yaml_text.content(text)
        if isinstance(content, dict):
            content.pop("tables", None)  # anchors of the rows, which are merged by now
        source = Literature.model_validate(content)
    except (yaml.YAMLError, ValidationError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        place = ".".join(str(part) for part in first["loc"]) if first else "YAML"
        reason = first["msg"] if first else str(error).splitlines()[0]
        raise UserMistake(f"{name}: {place}: {reason}; correct the file.") from None
    missing = {row.metric for row in source.rows} - set(source.metrics)
    if missing:
        raise UserMistake(
            f"{name}: metric {sorted(missing)[0]} has no entry under metrics; add its label and range."
        )
    return with_computed_intervals(source)


@cache
def load_sources() -> tuple[Literature, ...]:
    """All packaged sources, ordered by file name."""
    folder = files("interplay.leaderboard") / "literature"
    found = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name
    )
    return tuple(parse_source(item.read_text(encoding="utf-8"), item.name) for item in found)
