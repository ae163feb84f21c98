"""Task locks: what a run must have been for its log to count on a board.

`python -m interplay.leaderboard.locks [--check]` writes or verifies
`leaderboard/locks/<task>@<major.minor>.json` for the runs named in the board files. A lock holds one
variant per preset and set of arguments, because one task serves several boards and presets. Entries are
compared with locks offline: no data set, no network, no model.
"""

import argparse
import hashlib
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from interplay.tasks.catalog import family_of_task, input_pin
from interplay.tasks.mistakes import NetworkProblem, NotLoaded
from interplay.tasks.records import Preset

from .board_parts import Allowed, LockedRun
from .boards import Board, load_boards
from .canonical import Json, canonical_bytes, content_hash
from .extract import LIMITS, fact
from .fields import SAMPLE_ID
from .lock_changes import refusals
from .rows import HeaderRow
from .unlisted import UNLISTED

if TYPE_CHECKING:
    from inspect_ai import Task

LOCK_DIR = Path(__file__).resolve().parent / "locks"
"""In a checkout the folder of the checkout itself: the editable install holds links to single files."""


class LockRecord(BaseModel):
    """Base of the records of a lock: unknown fields refused, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LockedSample(LockRecord):
    """One sample: its id, its unit, the pin of its rendered input, and that of its declared metadata."""

    id: str = Field(pattern=SAMPLE_ID)
    unit: str
    pin: str = Field(pattern=r"^[0-9a-f]{16}$")
    facts: str = Field(pattern=r"^[0-9a-f]{16}$")


class Variant(LockRecord):
    """One locked call of the task: its arguments with their defaults, and all that must hold of its log.

    `fact_keys` are the metadata keys behind each sample's `facts`; `roles` names the roles that may be
    bound, with the models that may fill them.
    """

    preset: Preset
    args: dict[str, JsonValue]
    boards: tuple[str, ...]
    epochs: int
    task_digest: str
    free_args: tuple[str, ...]
    fact_keys: tuple[str, ...]
    samples: tuple[LockedSample, ...]
    settings: dict[str, Allowed]
    limits: dict[str, int | None]
    scorers: tuple[str, ...]
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


def combined_seed(variants: Sequence[Variant]) -> int:
    """Bootstrap seed of a board: the first 8 hex digits of its lock digest, or of the digest of several."""
    digests = [variant.digest for variant in variants]
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return int(whole[:8], 16)


def facts(hashes: dict[str, str], keys: Iterable[str]) -> str:
    """Pin of several metadata values, from the pin of each."""
    text = "\n".join(f"{key}={hashes.get(key, '')}" for key in keys)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def lock_name(task: str, version: str) -> str:
    """File name of a lock: `maze_collab@1.0.json` for any 1.0.x."""
    major, minor = version.split(".")[:2]
    return f"{task.removeprefix('interplay/')}@{major}.{minor}.json"


@cache
def load_lock(task: str, version: str) -> Lock | None:
    """The lock of that task and version (its patch number does not matter), or None."""
    parts = version.split(".")
    if len(parts) < 3 or not all(part.isdigit() for part in parts[:2]):
        return None
    path = LOCK_DIR / lock_name(task, version)
    return Lock.model_validate_json(path.read_bytes()) if path.is_file() else None


def current_locks() -> list[Lock]:
    """The locks of this checkout's boards, in the order of their tasks."""
    tasks = dict.fromkeys(run.task for board in load_boards().values() for run in board.runs)
    return [lock for task in tasks if (lock := newest_lock(task))]


def board_variants(board: Board, preset: str, earlier: Mapping[str, Lock] | None = None) -> list[Variant]:
    """The locks of a board's runs with that preset, in their order; empty if one is missing.

    Args:
        board: The board.
        preset: The preset.
        earlier: Locks of earlier versions that take the place of the newest ones, by task.
    """
    locks = {lock.task: lock for lock in current_locks()} | dict(earlier or {})
    found: list[Variant] = []
    for run in board.runs:
        lock = locks.get(run.task)
        for variant in lock.variants if lock else ():
            asked = all(variant.args.get(key) == value for key, value in run.args.items())
            if variant.preset == preset and asked and board.id in variant.boards:
                found.append(variant)
    return found if len(found) == len(board.runs) else []


def locked_units(board: Board, task_version: str, preset: str) -> tuple[str, ...]:
    """Ids of a board's units in lock order, as of that version; empty where a lock is missing."""
    units: dict[str, None] = {}
    for run in board.runs:
        lock = load_lock(run.task, task_version)
        fitting = [v for v in lock.variants if v.preset == preset and board.id in v.boards] if lock else []
        if not fitting:
            return ()
        units |= dict.fromkeys(unit for variant in fitting for unit in variant.units)
    return tuple(units)


def matching_variant(header: HeaderRow) -> Variant | None:
    """The locked call that a log claims to be by task, version, preset and arguments, or None."""
    lock = load_lock(header.task, header.task_version)
    for variant in lock.variants if lock else ():
        args = {key: value for key, value in header.args.items() if key not in variant.free_args}
        if variant.preset == header.preset and variant.args == args:
            return variant
    return None


@cache
def newest_lock(task: str) -> Lock | None:
    """The lock of the newest version of a task, or None."""
    path = _newest(task)
    return Lock.model_validate_json(path.read_bytes()) if path else None


def _newest(task: str) -> Path | None:
    found = LOCK_DIR.glob(f"{task.removeprefix('interplay/')}@*.json")
    return max(
        found, key=lambda path: [int(part) for part in path.stem.split("@")[1].split(".")], default=None
    )


def task_of(task: str, preset: str, args: Mapping[str, JsonValue]) -> "Task":
    """The Inspect task of a locked call, from the code of this checkout."""
    located = family_of_task(task)
    assert located is not None, f"{task} is in no family of the catalogue"
    return _function(located[0].name, located[1].name)(preset=preset, **args)


def _function(family: str, task: str) -> "Callable[..., Task]":
    return cast("Callable[..., Task]", getattr(import_module(f"interplay.tasks.{family}"), task))


def build_variant(run: LockedRun, preset: Preset, boards: Sequence[Board]) -> tuple[str, Variant]:
    """Version and lock of one call, from the task that this checkout builds."""
    from inspect_ai.util import registry_info

    located = family_of_task(run.task)
    assert located is not None, f"{run.task} is in no family of the catalogue"
    task = task_of(run.task, preset, run.args)
    first, *others = boards
    for other in others:
        for name in ("settings", "roles", "free_args"):
            assert getattr(other, name) == getattr(first, name), f"{other.id} and {first.id} differ in {name}"
    parameters = inspect.signature(_function(located[0].name, located[1].name)).parameters
    free = ("preset", *(name for name in first.free_args if name in parameters))
    args = {name: p.default for name, p in parameters.items() if name not in free} | run.args
    declared = [dict(sample.metadata or {}) for sample in task.dataset]
    fact_keys = tuple(sorted({key for item in declared for key, value in item.items() if value is not None}))
    samples = tuple(
        LockedSample(
            id=str(sample.id),
            unit=str(metadata[first.unit.key]),
            pin=input_pin(str(sample.input)),
            facts=facts({key: fact(value) for key, value in metadata.items()}, fact_keys),
        )
        for sample, metadata in zip(task.dataset, declared, strict=True)
    )
    stamp = (task.metadata or {})["interplay"]
    content: dict[str, Json] = {
        "preset": preset,
        "args": args,
        "boards": [board.id for board in boards],
        "epochs": task.epochs or 1,
        "task_digest": stamp["task_digest"],
        "free_args": free,
        "fact_keys": fact_keys,
        "samples": [sample.model_dump() for sample in samples],
        "settings": TypeAdapter(dict[str, Allowed]).dump_python(first.settings, mode="json"),
        "limits": {key: getattr(task, key) for key in LIMITS},
        "scorers": [registry_info(scorer).name.split("/")[-1] for scorer in task.scorer or []],
        "roles": dict(first.roles),
    }
    return str(task.version), Variant.model_validate(content | {"digest": content_hash(content)})


def build_locks() -> dict[str, bytes]:
    """Name and content of every lock file that the boards of this checkout ask for, unlisted ones included.

    A variant whose data set is not pinned, or cannot be fetched now, stays as it is committed, and standard
    error says so.
    """
    calls: dict[str, tuple[LockedRun, Preset, list[Board]]] = {}
    for board in (*load_boards().values(), *UNLISTED):
        for preset in board.presets("reference"):
            for run in board.runs:
                key = json.dumps([run.task, preset, run.args], sort_keys=True)
                calls.setdefault(key, (run, preset, []))[2].append(board)
    by_task: dict[str, list[tuple[str, Variant]]] = {}
    for run, preset, boards in calls.values():
        built = by_task.setdefault(run.task, [])
        try:
            built.append(build_variant(run, preset, boards))
        except (NotLoaded, NetworkProblem) as reason:
            print(f"{run.task} {preset}: {reason.message}", file=sys.stderr)
            built += kept_variant(run, preset)
    files: dict[str, bytes] = {}
    for task, built in by_task.items():
        if not built:
            continue
        version = built[0][0]
        content: dict[str, Json] = {
            "task": task,
            "version": version,
            "variants": [variant.model_dump(mode="json") for _, variant in built],
        }
        files[lock_name(task, version)] = canonical_bytes(content | {"digest": content_hash(content)})
    return files


def kept_variant(run: LockedRun, preset: Preset) -> list[tuple[str, Variant]]:
    """The committed variant of a call whose data cannot be loaded here, with its version, if there is one."""
    path = _newest(run.task)
    if path is None:
        return []
    lock = Lock.model_validate_json(path.read_bytes())
    return [
        (lock.version, variant)
        for variant in lock.variants
        if variant.preset == preset and all(variant.args.get(k) == v for k, v in run.args.items())
    ]


def main(arguments: list[str]) -> int:
    """Writes the lock files, or with `--check` says what differs from the committed ones.

    A version that is not newer than the committed one by as much as its changes ask for is refused; with
    `--replace` a lock is written over all the same, which is for versions nobody has run yet. Data sets that
    are not on this machine are fetched with `--fetch` only.
    """
    parser = argparse.ArgumentParser(
        prog="python -m interplay.leaderboard.locks", description="Write the locks of the boards' runs."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a lock differs")
    parser.add_argument(
        "--replace",
        action="store_true",
        help="write over a lock that the version does not allow to change, before its first release",
    )
    parser.add_argument("--fetch", action="store_true", help="fetch data sets that this machine lacks")
    options = parser.parse_args(arguments)
    if not options.fetch:
        os.environ["HF_HUB_OFFLINE"] = "1"
    status = 0
    for name, content in build_locks().items():
        path = LOCK_DIR / name
        if path.is_file() and path.read_bytes() == content:
            continue
        new = Lock.model_validate_json(content)
        before = _newest(new.task)
        refused = refusals(Lock.model_validate_json(before.read_bytes()), new) if before else []
        if not options.check and (not refused or options.replace):
            path.write_bytes(content)
            print(f"wrote leaderboard/locks/{name}")
            continue
        status = 1
        for sentence in refused:
            print(f"leaderboard/locks/{name}: {sentence}.")
        if refused:
            print("Remedy: give the task that version; before its first release, use --replace.")
        else:
            state = "differs" if path.is_file() else "is absent"
            print(f"leaderboard/locks/{name} {state}. Remedy: python -m interplay.leaderboard.locks")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
