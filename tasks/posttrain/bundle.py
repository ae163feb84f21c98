"""The bundle of one finished job: what an agent left and what was recorded beside it.

    manifest.json  {"cell", "exit", "files": {path: {"sha256", "bytes"}}, "dropped": [{"path", "reason"}], …}
    final_model/  workspace/  caches/  trace.jsonl  egress.jsonl  queries.jsonl  meter.jsonl  system.json

`write_manifest` seals a folder, `Bundle.open` verifies it: every listed file has its hash and nothing else
is there. All content was written by, or under the eyes of, the agent: it is data.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from interplay.tasks.mistakes import UserMistake

Exit: TypeAlias = Literal["finished", "timeout", "crashed", "refused", "quota", "killed"]
MANIFEST = "manifest.json"
MODEL, WORKSPACE, CACHES = "final_model", "workspace", "caches"
TRACE, EGRESS, QUERIES, METER, SYSTEM = (
    "trace.jsonl",
    "egress.jsonl",
    "queries.jsonl",
    "meter.jsonl",
    "system.json",
)
BLOCK_BYTES = 1 << 20


class FileRecord(BaseModel, frozen=True):
    """Hash and size of one file."""

    sha256: str
    bytes: int


class Dropped(BaseModel, frozen=True):
    """A file that was not taken along, and why."""

    path: str
    reason: str


class Manifest(BaseModel, frozen=True):
    """The file `manifest.json`; further facts of the collection may stand beside the named ones."""

    model_config = ConfigDict(extra="allow")

    cell: str
    exit: Exit
    files: Mapping[str, FileRecord]
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True)
class Bundle:
    """A verified bundle."""

    folder: Path
    manifest: Manifest

    @classmethod
    def open(cls, folder: Path) -> "Bundle":
        """The bundle of a folder.

        Raises:
            UserMistake: it has no manifest, or a file is missing, changed or not listed; the first in the
                order of paths is named.
        """
        manifest = read_manifest(folder)
        found = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
        for name in sorted({*manifest.files, *found}):
            path, record = found.get(name), manifest.files.get(name)
            if record is None:
                raise UserMistake(f"bundle {folder}: {name} is not in its manifest; collect the job again.")
            if path is None:
                raise UserMistake(f"bundle {folder}: {name} is missing; collect the job again.")
            if path.is_symlink() or file_record(path) != record:
                raise UserMistake(
                    f"bundle {folder}: {name} is not what its manifest says; collect the job again."
                )
        return cls(folder, manifest)

    @property
    def agent_model(self) -> str:
        """The model that drove the agent; empty where the manifest does not say."""
        return self._fact("model")

    @property
    def run(self) -> str:
        """The repetition that made it, as "2 #1": label and epoch; empty where the manifest does not say."""
        return self._fact("run")

    def _fact(self, name: str) -> str:
        said = (self.manifest.model_extra or {}).get(name)
        return said if isinstance(said, str) else ""

    @property
    def model(self) -> Path | None:
        """The folder `final_model`, if any file of it was taken along."""
        folder = self.folder / MODEL
        return folder if folder.is_dir() and any(folder.iterdir()) else None

    @property
    def workspace(self) -> Path:
        """The folder `workspace`; it may be missing."""
        return self.folder / WORKSPACE

    def paths(self, under: str = "") -> list[str]:
        """The listed files under a prefix, in order."""
        return sorted(name for name in self.manifest.files if name.startswith(under))

    def read(self, name: str) -> bytes:
        """The bytes of a listed file.

        Raises:
            UserMistake: the manifest lists no such file.
        """
        if name not in self.manifest.files:
            raise UserMistake(f"bundle {self.folder}: it holds no {name}; choose one of its manifest.")
        return (self.folder / name).read_bytes()

    @cached_property
    def trace(self) -> list[dict[str, JsonValue]]:
        """What the agent did: lines of {"t", "cmd" | "text", "out"}."""
        return self._lines(TRACE)

    @cached_property
    def egress(self) -> list[dict[str, JsonValue]]:
        """Lines of the proxy: {"t", "host", "repo", "verdict", "up", "down"}."""
        return self._lines(EGRESS)

    @cached_property
    def queries(self) -> list[dict[str, JsonValue]]:
        """Questions to the evaluator on the host."""
        return self._lines(QUERIES)

    @cached_property
    def meter(self) -> list[dict[str, JsonValue]]:
        """Readings of GPU, power, CPU, disk and bytes."""
        return self._lines(METER)

    @cached_property
    def system(self) -> dict[str, JsonValue]:
        """What the freeze recorded: hashes of the given files before and after, living processes, decoys."""
        if SYSTEM not in self.manifest.files:
            return {}
        try:
            found: object = json.loads(self.read(SYSTEM))
        except ValueError as problem:
            raise UserMistake(
                f"bundle {self.folder}: {SYSTEM} is no JSON; collect the job again."
            ) from problem
        return cast(dict[str, JsonValue], found) if isinstance(found, dict) else {}

    def _lines(self, name: str) -> list[dict[str, JsonValue]]:
        if name not in self.manifest.files:
            return []
        found: list[dict[str, JsonValue]] = []
        for number, line in enumerate(self.read(name).decode("utf-8", "replace").split("\n"), 1):
            if not line.strip():
                continue
            try:
                record: object = json.loads(line)
            except ValueError as problem:
                raise UserMistake(
                    f"bundle {self.folder}: {name} line {number} is no JSON; collect the job again."
                ) from problem
            if isinstance(record, dict):
                found.append(cast(dict[str, JsonValue], record))
        return found


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder.

    Raises:
        UserMistake: there is none, or it is no manifest.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise UserMistake(f"bundle {folder}: there is no {MANIFEST}; give the folder of a collected job.")
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as problem:
        where = ".".join(str(part) for part in problem.errors()[0]["loc"]) or "the file"
        raise UserMistake(
            f"bundle {folder}: {MANIFEST} is wrong at {where}; collect the job again."
        ) from problem


def write_manifest(
    folder: Path,
    *,
    cell: str,
    exit: Exit,
    dropped: tuple[Dropped, ...] = (),
    facts: Mapping[str, JsonValue] | None = None,
) -> Manifest:
    """Seal a folder: hash every file of it and write `manifest.json`.

    Args:
        folder: The bundle.
        cell: Id of the cell.
        exit: How the agent's job ended.
        dropped: What was not taken along.
        facts: Further values beside the named ones.
    """
    files = {
        path.relative_to(folder).as_posix(): file_record(path).model_dump() for path in sorted(_files(folder))
    }
    manifest = Manifest.model_validate(
        {**(facts or {}), "cell": cell, "exit": exit, "files": files, "dropped": dropped}
    )
    text = json.dumps(manifest.model_dump(mode="json"), indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    return manifest


def file_record(path: Path) -> FileRecord:
    """Hash and size of a file, read in blocks."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            size += len(block)
    return FileRecord(sha256=digest.hexdigest(), bytes=size)


def _files(folder: Path) -> Iterator[Path]:
    """Every file and link of the bundle but its manifest."""
    for path in folder.rglob("*"):
        if (path.is_symlink() or path.is_file()) and path != folder / MANIFEST:
            yield path
