"""Writing a site: what changed is written, what is there already stays, what no longer belongs goes."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from interplay.tasks.mistakes import UserMistake

from .pages.site import DataFile

MARKER = "data/manifest.json"


class Writer:
    """The files of one build below `out`, as they are written or kept.

    Attributes:
        files: Everything that belongs to the site, by path.
        changed: How many files were written.
        full: Every file is written, also one whose bytes are there already.
    """

    def __init__(self, out: Path, *, full: bool = False) -> None:
        self.files: dict[str, DataFile] = {}
        self.changed = 0
        self.full = full
        self._out = out
        self._folders: set[Path] = set()

    def put(self, name: str, content: bytes) -> DataFile:
        """Writes a file unless its bytes are there already.

        Raises:
            UserMistake: The name leads out of the site, or is not the normal form of a relative path.
        """
        if {"", ".", ".."} & set(name.split("/")):
            raise UserMistake(f"{name}: no name of a file of a site; correct the entry that asks for it.")
        file = DataFile(name, len(content), hashlib.sha256(content).hexdigest())
        path = self._out / name
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(path.parent)
        self.changed += _bring_to(path, content, even_if_same=self.full)
        self.files[name] = file
        return file

    def has(self, file: DataFile) -> bool:
        """Whether a file of an earlier build is still there with its bytes."""
        try:
            content = (self._out / file.path).read_bytes()
        except OSError:
            return False
        return hashlib.sha256(content).hexdigest() == file.sha256

    def keep(self, files: Iterable[DataFile]) -> None:
        """Files that were written elsewhere, or by an earlier build, belong to the site."""
        self.files.update((file.path, file) for file in files)

    def prune(self) -> None:
        """Removes every file that does not belong to the site, and folders that are left empty."""
        for folder, _, names in os.walk(self._out, topdown=False):
            start = Path(folder).relative_to(self._out).as_posix()
            prefix = "" if start == "." else f"{start}/"
            for name in names:
                if f"{prefix}{name}" not in self.files:
                    os.unlink(os.path.join(folder, name))
            if prefix and not os.listdir(folder):
                os.rmdir(folder)

    def forget(self, earlier: Mapping[str, DataFile]) -> None:
        """Removes files of an earlier build that are no longer part of the site."""
        for name in earlier.keys() - self.files.keys():
            (self._out / name).unlink(missing_ok=True)


def refuse_foreign_folder(out: Path) -> None:
    """Stops before a folder is emptied that no build has written.

    Raises:
        UserMistake: `out` is a file, or holds files but not the manifest of a site.
    """
    if out.exists() and not out.is_dir():
        raise UserMistake(f"{out}: is a file; give a folder for the site.")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise UserMistake(f"{out}: holds files that are not of a built site; give an empty or a new folder.")


def claim(out: Path) -> None:
    """Marks a folder as that of a site before it holds any, so that a build that broke off can go on."""
    marker = out / MARKER
    if not marker.is_file():
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch()


def _bring_to(path: Path, content: bytes, *, even_if_same: bool) -> bool:
    """Gives a file its bytes; whether they had to be written.

    A file that is there is written over and cut only where it gets shorter: to empty it first costs a
    journalling file system many times the rest.
    """
    try:
        file = path.open("r+b", buffering=0)
    except FileNotFoundError:
        path.write_bytes(content)
        return True
    with file:
        size = os.fstat(file.fileno()).st_size
        if size == len(content) and not even_if_same and file.readall() == content:
            return False
        file.seek(0)
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        if size > len(content):
            file.truncate(len(content))
    return True
