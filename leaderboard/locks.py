"""Task locks: what a run must have been for its log to count on a board.

`python -m interplay.leaderboard.locks [--check]` writes or verifies
`leaderboard/locks/<task>@<major.minor>.json` for the runs named in the board files. A lock holds one
variant per preset and set of arguments, because one task serves several boards and presets. Entries are
compared with locks offline: no data set, no network, no model.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from interplay.tasks.catalog import TaskArg

from .boards import Allowed
from .schema import SAMPLE_ID, Preset

if TYPE_CHECKING:
    pass

LOCK_DIR = Path(__file__).parent / "locks"


class LockRecord(BaseModel):
    """Base of the records of a lock: unknown fields refused, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LockedSample(LockRecord):
    """One sample: its id, the unit it belongs to, and the pin of its rendered input."""

    id: str = Field(pattern=SAMPLE_ID)
    unit: str
    pin: str = Field(pattern=r"^[0-9a-f]{16}$")


class LockedScorer(LockRecord):
    """A scorer by registry name; its version is the minor version of the task."""

    name: str


class Variant(LockRecord):
    """One locked call of the task. `args` are those that differ from the task's defaults."""

    preset: Preset
    args: dict[str, TaskArg]
    boards: tuple[str, ...]
    epochs: int
    task_digest: str
    samples: tuple[LockedSample, ...]
    settings: dict[str, Allowed]
    limits: dict[str, int | float | None]
    scorers: tuple[LockedScorer, ...]
    solver: str | None
    roles: dict[str, str | tuple[str, ...]]
    digest: str

    @property
    def units(self) -> tuple[str, ...]:
        """Units in lock order, each once."""
        return tuple(dict.fromkeys(sample.unit for sample in self.samples))


class Lock(LockRecord):
    """All locked calls of one task version."""

    task: str
    version: str
    variants: tuple[Variant, ...]
    digest: str
