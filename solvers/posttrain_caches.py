"""What an agent put into the caches of models and data sets, which lie outside its workspace (pure).

At the start every file of the caches is listed with size and time of change; after the freeze whatever is new
or otherwise than listed is collected: texts and tables as they are, all else as hash, size and sketch. Links
inside a cache, by which the hub's client names its files, stand for the file they lead to; a cache that is a
link itself is recorded as changed and not entered. What cannot be read is dropped, and no tree is too large.
"""

import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from heapq import nsmallest
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, JsonValue

from interplay.tasks.posttrain.bundle import CACHES, Dropped, file_record

TEXTS = (".jsonl", ".json", ".csv", ".tsv", ".txt", ".md", ".py", ".jinja")
TABLES = (".parquet", ".arrow", ".npz")
"""What is copied; weights and archives of other projects are recorded only."""
LARGEST_FILE = 64 << 20
LARGEST_TOTAL = 1 << 30
MOST_FILES = 20_000
"""Of a cache; further ones are not looked at."""
DEEPEST = 32
"""Folders below one another."""
LONGEST_NAMES = 1 << 20
"""Characters of all names that are recorded together."""
HASHED_TOTAL = 128 << 30
SKETCHED_TOTAL = 4 << 30
"""Bytes of the files that are hashed, and of those that are sketched as well."""
SKETCH_VALUES = 64
SHINGLE_WORDS = 5
BLOCK = 1 << 20
Marks = dict[str, list[int]]


class Listing(BaseModel, frozen=True):
    """What lay in the caches at the start, the files of each folder by name."""

    folders: tuple[Path, ...]
    files: tuple[Marks, ...]


class Files(NamedTuple):
    """The files of a cache by name, in order; `more` where it holds others that were not looked at."""

    found: list[tuple[str, Path]]
    more: bool


def is_link(folder: Path) -> bool:
    """Whether a cache lies elsewhere than its name says."""
    return folder.is_symlink() or folder.parent.is_symlink()


def files_of(folder: Path) -> Files:
    """The files of a cache, each once; links count if they lead to a file inside."""
    if is_link(folder):
        return Files([], more=False)
    linked: set[Path] = set()
    plain: list[tuple[str, Path, bool]] = []
    more = False
    inside = folder.resolve()
    for root, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        if len(Path(root).relative_to(folder).parts) >= DEEPEST and folders:
            folders.clear()
            more = True
        for name in sorted(names):
            path = Path(root) / name
            target = _target(path, inside)
            if target is None:
                continue
            if len(plain) == MOST_FILES:
                return Files(_once(plain, linked), more=True)
            if target != path:
                linked.add(target)
            plain.append((path.relative_to(folder).as_posix(), target, target != path))
    return Files(_once(plain, linked), more)


def _target(path: Path, inside: Path) -> Path | None:
    """The plain file that a name stands for, None if there is none inside."""
    try:
        if not path.is_symlink():
            return path if stat.S_ISREG(path.lstat().st_mode) else None
        target = path.resolve()
        return target if target.is_relative_to(inside) and stat.S_ISREG(target.lstat().st_mode) else None
    except (OSError, RuntimeError):  # gone, not ours to see, or a ring of links
        return None


def _once(plain: Sequence[tuple[str, Path, bool]], linked: set[Path]) -> list[tuple[str, Path]]:
    """Without the files that links stand for already."""
    return [(name, path) for name, path, by_link in plain if by_link or path.resolve() not in linked]


def listing(folder: Path) -> Marks:
    """Size in bytes and time of change in nanoseconds of each file; that time cannot be set."""
    marks = {name: _mark(path) for name, path in files_of(folder).found}
    return {name: mark for name, mark in marks.items() if mark is not None}


def _mark(path: Path) -> list[int] | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return [found.st_size, found.st_ctime_ns]


class Addition:
    """What was added to caches, as it is copied below `caches/` of a bundle.

    Args:
        out: The bundle.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.new: list[JsonValue] = []
        self.changed: list[JsonValue] = []
        self.large: list[dict[str, JsonValue]] = []
        self.dropped: list[Dropped] = []
        self.copied = self.hashed = self.sketched = self.characters = 0

    def collect(self, number: int, folder: Path, before: Mapping[str, Sequence[int]]) -> None:
        """Everything in one cache that is not as it was listed."""
        if is_link(folder):
            self.changed.append(str(number))
            self.drop(str(number), "a link")
            return
        files = files_of(folder)
        if files.more:
            self.drop(str(number), "more files than are looked at")
        for name, path in files.found:
            old = before.get(name)
            if old is not None and list(old) == _mark(path):
                continue
            place = f"{number}/{name}"
            self.characters += len(place)
            if self.characters > LONGEST_NAMES:
                self.drop(str(number), "more new files than are recorded")
                return
            try:
                place.encode()
                self.take(place, path)
            except (OSError, UnicodeEncodeError) as problem:
                self.drop(place, f"not to be read: {type(problem).__name__}")
            (self.new if old is None else self.changed).append(readable(place))

    def take(self, place: str, path: Path) -> None:
        """Copy or record one file.

        Raises:
            OSError: it cannot be read, or is no plain file.
        """
        content, size = plain_content(path, LARGEST_FILE if place.endswith(TEXTS + TABLES) else -1)
        if content is not None and self.copied + size <= LARGEST_TOTAL:
            self.copied += size
            target = self.out / CACHES / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            return
        self.hashed += size
        if self.hashed > HASHED_TOTAL:
            self.drop(place, "more bytes than are read")
            return
        record = file_record(path).model_dump()
        self.sketched += size
        shingles = sketch(path) if self.sketched <= SKETCHED_TOTAL else []
        self.large.append({"path": f"{CACHES}/{place}", **record, "sketch": list(shingles)})

    def drop(self, place: str, reason: str) -> None:
        """Note what is not in the bundle."""
        self.dropped.append(Dropped(path=f"{CACHES}/{readable(place)}", reason=reason))


def readable(name: str) -> str:
    """A name as text that can be written down, whatever bytes it is made of."""
    return name.encode("utf-8", "replace").decode()


def sketch(path: Path) -> list[int]:
    """The 64 smallest 32-bit hashes of the file's five-word shingles, a sample that two files can share.

    Of the first GiB; empty for weights, whose words mean nothing.
    """
    if path.suffix == ".safetensors":
        return []
    smallest: set[int] = set()
    with path.open("rb") as file:
        before: list[bytes] = []
        cut, read = b"", 0  # the beginning of a word whose end is in the next block
        while (block := file.read(BLOCK)) and read < 1 << 30:
            read += len(block)
            words = [*before, *(cut + block).split()]
            cut = words.pop() if not block[-1:].isspace() and len(words[-1]) < BLOCK else b""
            smallest = _smallest(smallest, words)
            before = words[1 - SHINGLE_WORDS :]
        smallest = _smallest(smallest, [*before, *cut.split()])
    return sorted(smallest)


def _smallest(known: set[int], words: Sequence[bytes]) -> set[int]:
    """The smallest of some hashes and those of the shingles of some words."""
    shingles = (words[at : at + SHINGLE_WORDS] for at in range(len(words) - SHINGLE_WORDS + 1))
    hashes = (hashlib.blake2b(b" ".join(shingle), digest_size=4).digest() for shingle in shingles)
    return set(nsmallest(SKETCH_VALUES, known.union(int.from_bytes(value, "big") for value in hashes)))


def plain_content(path: Path, largest: int) -> tuple[bytes | None, int]:
    """The bytes of a plain file, None of one that is larger; and its size.

    Raises:
        OSError: it cannot be read, or is a link or no plain file.
    """
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(number, "rb") as file:
        found = os.fstat(number)
        if not stat.S_ISREG(found.st_mode):
            raise OSError("no plain file")
        return (file.read(largest) if found.st_size <= largest else None), found.st_size


def copy_added(before: Listing, out: Path) -> Addition:
    """Copy what was added below `caches/` of a bundle.

    Args:
        before: The listing of the start.
        out: The bundle.
    """
    addition = Addition(out)
    for number, (folder, marks) in enumerate(zip(before.folders, before.files, strict=True)):
        addition.collect(number, folder, marks)
    return addition


def list_caches(folders: Sequence[Path]) -> Listing:
    """The listing of the start."""
    return Listing(folders=tuple(folders), files=tuple(listing(folder) for folder in folders))
