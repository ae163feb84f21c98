"""Entries, results and evidence as pydantic models: what a file under `leaderboard/` may hold.

`python -m interplay.leaderboard.schema [--check]` writes or verifies `leaderboard/schema/*.json`.

Example: the smallest result of a board, with one unit missing::

    {"board": "mazes-pair", "preset": "smoke", "task_version": "1.0.0", "units_total": 3, "samples": 6,
     "errors": 0, "unscored": 1, "metrics": {"maze.success_corrected": {"value": 1.0, "lo": 0.342372,
     "hi": 1.0, "n": 2, "interval": "share"}}, "units": "10000 - 10000", "units_digest": "0f…",
     "cells": [], "usage": {}}
"""

import argparse
import hashlib
import sys
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import (
    BaseModel,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from interplay.tasks.records import Preset

from .canonical import Json, canonical_bytes, content_hash
from .crisis_figures import CRISIS_TASK, CrisisFigures
from .fields import LOG_URI, BoardId, Count, EntryId, Hex40, Hex64, Key, ModelId, Moment, Role, Semver, Short
from .result_parts import Cell, JudgedResult, Limits, Metric, Pairs, Record, Usage

SCHEMA_VERSION = "1.0"
OPTIONAL = ("judged", "flags", "pairs", "same_items")
"""Fields of a result that are left out where they are empty."""
SCHEMA_DIR = Path(__file__).resolve().parent / "schema"

Division: TypeAlias = Literal["closed", "open", "reference"]
FamilyName: TypeAlias = Literal[
    "mazes", "user_turn", "deescalation", "posttrain", "recipe_chains", "proxy_drift"
]
EvidenceKind: TypeAlias = Literal["check", "regrade", "rerun", "attest", "audit", "withdraw"]
Outcome: TypeAlias = Literal["pass", "warn", "fail"]


class Submitter(Record):
    """Who hands an entry in."""

    github: str = Field(pattern=r"^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}$")
    organisation: str | None = Field(max_length=80)
    relationship: Literal["first_party", "third_party", "reference"]


class ModelRef(Record):
    """A model as it was called: Inspect's `provider/name`, the revision of open weights, who served it."""

    id: ModelId
    revision: Hex40 | None
    served_by: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")


class Settings(Record):
    """Settings of the model under test that change results; null means the provider's default."""

    preset: Preset
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    max_tokens: int | None = None
    reasoning_effort: Short | None = None
    reasoning_tokens: int | None = None
    seed: int | None = None
    system_prompt_sha256: Hex64 | None = None


class Code(Record):
    """The code that made the logs."""

    version: Semver
    commit: Hex40 | None
    inspect_ai: Semver


class LogPointer(Record):
    """One log: its hash, its size, and the immutable address of its bytes."""

    sha256: Hex64
    bytes: int = Field(ge=1, le=100_000_000)
    uri: str = Field(pattern=LOG_URI)
    task: str = Field(pattern=r"^interplay/[a-z0-9_]{2,60}$")
    task_version: Semver
    samples: Count

    @model_validator(mode="after")
    def _public(self) -> "LogPointer":
        if self.task == CRISIS_TASK:
            raise ValueError(f"logs of {CRISIS_TASK} are never published")
        return self


class Result(Record):
    """Everything that one board shows of one entry. `units` is in the order of the lock.

    `flags` holds for some 0/1 keys the value of every unit, `-` where there is none, in the order of `units`.
    It is left out of the file where it is empty, and so are `judged` where no judge ran, `pairs` where every
    pair of a contrast has both sides, and `same_items` where every unit was drawn once: the intervals of
    metrics for another run of the same units.
    """

    board: BoardId
    task_version: Semver
    preset: Preset
    units_total: Count
    samples: Count
    errors: Count
    unscored: Count
    metrics: dict[Key, Metric] = Field(min_length=1, max_length=40)
    units: str = Field(pattern=r"^(-?\d{1,9}|-)( (-?\d{1,9}|-))*$", max_length=50_000)
    units_digest: Hex64
    cells: tuple[Cell, ...] = Field(max_length=400)
    usage: dict[Role, Usage] = Field(max_length=9)
    judged: tuple[JudgedResult, ...] = Field(default=(), max_length=4)
    flags: dict[Key, Annotated[str, Field(pattern=r"^[01-]+$", max_length=10_000)]] = Field(
        default={}, max_length=8
    )
    pairs: Pairs | None = None
    same_items: dict[Key, Limits] = Field(default={}, max_length=40)

    @model_serializer(mode="wrap")
    def _without_nothing(self, write: SerializerFunctionWrapHandler) -> dict[str, object]:
        content: dict[str, object] = write(self)
        return {key: value for key, value in content.items() if value or key not in OPTIONAL}

    @model_validator(mode="after")
    def _unit_count(self) -> "Result":
        if (found := len(self.units.split())) != self.units_total:
            raise ValueError(f"units holds {found} values (expected units_total = {self.units_total})")
        for key, limits in self.same_items.items():
            if key not in self.metrics or not limits.lo <= self.metrics[key].value <= limits.hi:
                raise ValueError(f"same_items of {key} does not hold the value of a metric")
        for key, marks in self.flags.items():
            if len(marks) != self.units_total:
                raise ValueError(f"flags of {key} hold {len(marks)} marks (expected {self.units_total})")
        return self


class Entry(Record):
    """One submission: `leaderboard/entries/<entry_id>.json`.

    `crisis` is left out of the file where there is none.
    """

    entry_id: EntryId
    schema_version: Literal["1.0"]
    family: FamilyName
    division: Division
    submitter: Submitter
    model: ModelRef
    roles: dict[Role, ModelRef] = Field(max_length=8)
    settings: Settings
    code: Code
    logs: tuple[LogPointer, ...] = Field(max_length=64)
    results: tuple[Result, ...] = Field(min_length=1, max_length=16)
    created: Moment
    attempts: int = Field(ge=1, le=10_000)
    supersedes: EntryId | None = None
    reason: Literal["correction", "rerun", "withdrawn-run"] | None = None
    method_note: str | None = Field(default=None, min_length=1, max_length=2_000)
    method_url: str | None = Field(default=None, min_length=8, max_length=400)
    note: str | None = Field(default=None, min_length=1, max_length=500)
    crisis: CrisisFigures | None = None

    @classmethod
    def read(cls, data: bytes) -> "Entry":
        """The entry in the bytes of its file; records of evidence are about exactly these bytes.

        Raises:
            pydantic.ValidationError: The bytes are no entry.
        """
        entry = cls.model_validate_json(data)
        vars(entry)["digest"] = hashlib.sha256(data).hexdigest()
        return entry

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes of the file, which are canonical in every accepted entry."""
        return content_hash(self.content())

    def content(self) -> dict[str, Json]:
        """The entry as plain JSON values, all fields present but an absent `crisis`."""
        content = super().content()
        return content if self.crisis else {key: v for key, v in content.items() if key != "crisis"}

    @model_validator(mode="after")
    def _division_rules(self) -> "Entry":
        if len({result.board for result in self.results}) < len(self.results):
            raise ValueError("two results are of the same board")
        if not self.logs and self.division != "open":
            raise ValueError(f"division {self.division} needs at least one log")
        if self.division == "open" and not (self.method_note and self.method_url):
            raise ValueError("division open needs method_note and method_url")
        if self.division != "open" and (self.method_note or self.method_url):
            raise ValueError(f"method_note and method_url must be null in division {self.division}")
        if (self.supersedes is None) != (self.reason is None):
            raise ValueError("supersedes and reason are given together or not at all")
        if self.crisis and self.family != "deescalation":
            raise ValueError(f"crisis figures belong to family deescalation, not {self.family}")
        if (self.division == "reference") != (self.submitter.relationship == "reference"):
            raise ValueError("relationship reference belongs to division reference and to no other")
        return self

    def result(self, board: str) -> Result | None:
        """The entry's result on that board, or None."""
        return next((result for result in self.results if result.board == board), None)


class Finding(Record):
    """One thing that a check found: `message` starts after the code and ends with the remedy."""

    code: str = Field(pattern=r"^[SLTCRP]\d\d$")
    level: Literal["fail", "warn"]
    message: str = Field(min_length=1, max_length=2_000)

    def __str__(self) -> str:
        return f"{self.code} {self.message}"


class Evidence(Record):
    """What the project found out about an entry: appended beside it, never edited."""

    schema_version: Literal["1.0"]
    entry_id: EntryId
    entry_sha256: Hex64
    kind: EvidenceKind
    made_at: Moment
    package_version: Semver
    commit: Hex40 | None
    outcome: Outcome
    findings: tuple[Finding, ...]
    results: tuple[Result, ...] | None
    details: dict[str, str | int | float | bool | None]


def schema_files() -> dict[str, bytes]:
    """Name and content of every JSON schema file."""
    from .boards import Board
    from .literature import Literature
    from .locks import Lock
    from .models import ModelRecord

    kinds: dict[str, type[BaseModel]] = {
        "board": Board, "entry": Entry, "evidence": Evidence, "literature": Literature, "lock": Lock,
        "model": ModelRecord,
    }  # fmt: skip
    return {f"{name}.json": canonical_bytes(kind.model_json_schema()) for name, kind in kinds.items()}


def main(arguments: list[str]) -> int:
    """Writes the schema files, or with `--check` names those that differ."""
    parser = argparse.ArgumentParser(
        prog="python -m interplay.leaderboard.schema",
        description="Write the JSON schemas of entries, evidence, boards, locks, models and literature.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file differs")
    options = parser.parse_args(arguments)
    stale = [name for name, content in schema_files().items()
             if not (path := SCHEMA_DIR / name).is_file() or path.read_bytes() != content]  # fmt: skip
    if options.check:
        for name in stale:
            print(f"leaderboard/schema/{name} differs. Remedy: python -m interplay.leaderboard.schema")
        return 1 if stale else 0
    for name in stale:
        (SCHEMA_DIR / name).write_bytes(schema_files()[name])
        print(f"wrote leaderboard/schema/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
