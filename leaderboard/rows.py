"""A log as plain rows: all that submit, check, report and the statistics read of it.

`extract` turns Inspect's objects into these records. The checker does so in a child process and reads the
records back as JSON, so that nothing else of an untrusted log ever reaches it.
"""

from typing import NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, JsonValue

Scalar: TypeAlias = str | int | float | bool | None

MODEL_ROLE = "model"
OTHER_ROLE = "other"


class Row(BaseModel):
    """Base of the records: what the child process writes is validated by the parent."""

    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="constants")


class RoleUse(Row):
    """Calls and tokens of one role in one sample."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float | None = None


class ScoreRow(Row):
    """One score as plain data: finite numbers under `<scorer>.<key>`, those of its metadata included.

    `value_keys` names the numbers of the value itself, the only ones that a regrade must reproduce.
    """

    numbers: dict[str, float] = {}
    words: dict[str, str] = {}
    value_keys: tuple[str, ...] = ()


class SampleRow(Row):
    """One sample of one epoch.

    Attributes:
        metadata: Metadata values that are text or numbers, as text.
        facts: For every metadata key the first 16 hex digits of the SHA-256 of its canonical JSON.
        pin: The same of the rendered input.
        regraded: The score that the scorer of this checkout gives, where it was asked for.
        completions: Fingerprint of what the model wrote (`completions.py`), `-` for short texts.
        foreign: Models that took part and are neither the model under test nor bound to a role.
        retries: Attempts that ended in an error before this one.
        edits: Why the sample no longer is what the run wrote: edited scores, invalidation.
        seconds: Working time.
    """

    sample_id: str
    epoch: int
    pin: str
    facts: dict[str, str]
    metadata: dict[str, str]
    score: ScoreRow
    regraded: ScoreRow | None = None
    errored: bool
    limit: str | None
    usage: dict[str, RoleUse]
    seconds: float
    started_at: str | None
    completed_at: str | None
    completions: str
    fallbacks: int
    foreign: tuple[str, ...] = ()
    retries: int = 0
    edits: tuple[str, ...]


class MetricRow(Row):
    """One metric of the log's header. NaN stands for what was not estimable."""

    scorer: str
    key: str
    metric: str
    value: float


class HeaderRow(Row):
    """The header of a log: what ran, with which settings.

    Attributes:
        installed_version: Version of this package that was installed.
        origin: Where the code came from, as git knows it; None outside a checkout.
        approval: Whether tool calls were approved by a policy, which the task knows nothing of.
    """

    task: str
    task_version: str
    status: str
    preset: str
    task_digest: str
    package_version: str | None
    inspect_version: str
    args: dict[str, JsonValue]
    model: str
    model_args: dict[str, JsonValue]
    base_url: str | None
    roles: dict[str, str]
    settings: dict[str, JsonValue]
    limits: dict[str, Scalar]
    selections: dict[str, JsonValue]
    epochs: int
    solver: str | None
    scorers: tuple[str, ...]
    commit: str | None
    dirty: bool | None
    installed_version: str | None = None
    origin: str | None = None
    approval: bool = False
    created: str
    started_at: str
    completed_at: str
    edits: tuple[str, ...]
    metrics: tuple[MetricRow, ...]


class LogRows(NamedTuple):
    """One log: its header and its samples."""

    header: HeaderRow
    samples: tuple[SampleRow, ...]
