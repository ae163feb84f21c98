"""The files below `leaderboard` that a site is made of, with their state on the disk."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from .entries import ENTRIES, EVIDENCE

State: TypeAlias = tuple[int, int]
"""Time of the last change in nanoseconds, and size in bytes."""
OTHERS = ("logs", "data", "validation")
"""Further folders below `leaderboard` that a site is made of."""


class File(NamedTuple):
    """A file as it was found."""

    name: str
    path: str
    state: State


@dataclass(frozen=True)
class Files:
    """What stands on the disk; equal to another if no file came, went or changed.

    Attributes:
        entries: Entries by name.
        evidence: Records of each entry by name, by entry.
        others: Logs, anchors, the stored panel and labels.
    """

    entries: tuple[File, ...]
    evidence: Mapping[str, tuple[File, ...]]
    others: tuple[File, ...]


def scan(root: Path) -> Files:
    """Looks at every file once, without reading any."""
    return Files(
        _records(root / ENTRIES),
        {name: _records(path) for name, path in _folders(root / EVIDENCE)},
        tuple(file for name in OTHERS for file in _below(str(root / "leaderboard" / name))),
    )


def state_of(status: os.stat_result) -> State:
    """What tells a changed file from the same one."""
    return status.st_mtime_ns, status.st_size


def _records(folder: Path | str) -> tuple[File, ...]:
    return tuple(file for file in _files(folder) if file.name.endswith(".json"))


def _files(folder: Path | str) -> list[File]:
    """Files of a folder by name; none where it is not there. One that goes meanwhile is passed over."""
    found: list[File] = []
    for item in _items(folder):
        try:
            if item.is_file():
                found.append(File(item.name, item.path, state_of(item.stat())))
        except FileNotFoundError:
            continue
    return sorted(found)


def _folders(folder: Path | str) -> Iterator[tuple[str, str]]:
    for item in _items(folder):
        if item.is_dir():
            yield item.name, item.path


def _below(folder: str) -> Iterator[File]:
    yield from _files(folder)
    for _, path in sorted(_folders(folder)):
        yield from _below(path)


def _items(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except (FileNotFoundError, NotADirectoryError):
        return []
