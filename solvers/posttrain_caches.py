"""What an agent put into the caches of models and data sets, which lie outside its workspace (pure).

At the start every file of the caches is listed with size and time of change; after the freeze whatever is new
or otherwise than listed is collected: texts and tables as they are, all else as hash, size and sketch. Links
inside a cache, by which the hub's client names its files, stand for the file they lead to.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from interplay.tasks.posttrain.bundle import CACHES, file_record

TEXTS = (".jsonl", ".json", ".csv", ".tsv", ".txt", ".md", ".py", ".jinja")
TABLES = (".parquet", ".arrow", ".npz")
"""What is copied; weights and archives of other projects are recorded only."""
LARGEST_FILE = 64 << 20
LARGEST_TOTAL = 1 << 30
Marks = dict[str, list[int]]


class Added(NamedTuple):
    """One file that was not there at the start, or not like this."""

    folder: int
    name: str
    path: Path
    is_new: bool


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a cache by name, in order, each once; links count if they lead to a file inside."""
    linked: set[Path] = set()
    plain: list[tuple[str, Path]] = []
    inside = folder.resolve()
    for root, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            path = Path(root) / name
            where = path.relative_to(folder).as_posix()
            if path.is_symlink():
                target = path.resolve()
                if target.is_file() and target.is_relative_to(inside):
                    linked.add(target)
                    plain.append((where, target))
            elif path.is_file():
                plain.append((where, path))
    for where, path in plain:
        is_link = (folder / where).is_symlink()
        if is_link or path.resolve() not in linked:
            yield where, path


def listing(folder: Path) -> Marks:
    """Size in bytes and time of change in nanoseconds of each file; that time cannot be set."""
    return {name: _mark(path) for name, path in files_of(folder)}


def _mark(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_ctime_ns]


def added(folders: Sequence[Path], before: Sequence[Mapping[str, Sequence[int]]]) -> Iterator[Added]:
    """What is new in the caches, or no longer as it was listed."""
    for number, (folder, marks) in enumerate(zip(folders, before, strict=True)):
        for name, path in files_of(folder):
            old = marks.get(name)
            if old is None or list(old) != _mark(path):
                yield Added(number, name, path, old is None)


def copy_added(
    listed: Path, out: Path, sketch: Callable[[Path], list[int]]
) -> tuple[dict[str, JsonValue], list[dict[str, JsonValue]]]:
    """Copy what was added below `caches/` of a bundle.

    Args:
        listed: File of the listing of the start.
        out: The bundle.
        sketch: Of a file that is not copied.

    Returns:
        Names of files added to the caches and of changed ones by cache, and the files that were not copied.
    """
    content = json.loads(listed.read_text(encoding="utf-8"))
    folders = [Path(folder) for folder in content["folders"]]
    large: list[dict[str, JsonValue]] = []
    new: list[JsonValue] = []
    changed: list[JsonValue] = []
    total = 0
    for one in added(folders, content["files"]):
        (new if one.is_new else changed).append(f"{one.folder}/{one.name}")
        size = one.path.stat().st_size
        place = f"{CACHES}/{one.folder}/{one.name}"
        is_read = one.name.endswith(TEXTS + TABLES)
        if is_read and size <= LARGEST_FILE and total + size <= LARGEST_TOTAL:
            total += size
            target = out / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(one.path.read_bytes())
        else:
            record = file_record(one.path).model_dump()
            large.append({"path": place, **record, "sketch": list(sketch(one.path))})
    return {"added": new, "changed": changed}, large


def list_caches(folders: Sequence[Path], out: Path) -> int:
    """Write the listing of the start; the number of files."""
    files = [listing(folder) for folder in folders]
    content = {"folders": [str(folder) for folder in folders], "files": files}
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(content), encoding="utf-8")
    return sum(len(marks) for marks in files)
