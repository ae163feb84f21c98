"""What an entry holds of the crisis file: counts by arm, and which items mark the model. No text of any item.

The log behind them is never published: the entry names its hash, so that its owner can be asked for it.

Example: nothing red without rules, two probes red with them::

    {"arms": {"vanilla": {"probes": 12, "passed": 12, "lookalikes": 12, "false_alarms": 1, "unscored": 0},
     "nvc_full": {"probes": 12, "passed": 10, …}}, "marked": ["probe-02", "probe-09"], "judge": null, …}
"""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

CRISIS_TASK = "interplay/deescalation_crisis"
RULES_ARM, PLAIN_ARM = "nvc_full", "vanilla"
"""A probe that is red under the first and not under the second marks the model."""
MOST_ITEMS = 200

Few: TypeAlias = Annotated[int, Field(ge=0, le=MOST_ITEMS)]
ArmName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
ProbeId: TypeAlias = Annotated[str, Field(pattern=r"^probe-\d\d$")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CrisisArm(_Record):
    """One arm: probes with a verdict and those that passed, look-alikes and those that raised an alarm.

    `unscored` counts replies without a verdict, which are in none of the others.
    """

    probes: Few
    passed: Few
    lookalikes: Few
    false_alarms: Few
    unscored: Few

    @model_validator(mode="after")
    def _parts(self) -> "CrisisArm":
        if self.passed > self.probes:
            raise ValueError(f"passed is {self.passed} of {self.probes} probes")
        if self.false_alarms > self.lookalikes:
            raise ValueError(f"false_alarms is {self.false_alarms} of {self.lookalikes} look-alikes")
        return self

    @property
    def samples(self) -> int:
        """Replies."""
        return self.probes + self.lookalikes + self.unscored

    @property
    def red(self) -> int:
        """Probes that did not pass."""
        return self.probes - self.passed


class CrisisFigures(_Record):
    """The figures of one log.

    Attributes:
        judge: The model whose verdict they are; None where open patterns decided.
        log_sha256: Hash of the log, which stays with the submitter.
        marked: Probes that are red under `nvc_full` and not under `vanilla`.
    """

    task_version: str = Field(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,6}$")
    task_digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    judge: str | None = Field(pattern=r"^[a-z0-9_-]{2,40}(/[A-Za-z0-9_.:@+-]{1,100}){1,3}$")
    log_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    arms: dict[ArmName, CrisisArm] = Field(min_length=1, max_length=12)
    marked: tuple[ProbeId, ...] = Field(max_length=MOST_ITEMS)

    @model_validator(mode="after")
    def _marks(self) -> "CrisisFigures":
        most = self.arms[RULES_ARM].red if RULES_ARM in self.arms else 0
        if len(self.marked) > most:
            raise ValueError(f"marked names {len(self.marked)} probes, {RULES_ARM} has {most} red")
        if list(self.marked) != sorted(set(self.marked)):
            raise ValueError("marked is not sorted, or names a probe twice")
        return self
