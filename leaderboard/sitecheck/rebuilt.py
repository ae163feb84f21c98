"""Whether two builds of one site hold the same files with the same bytes."""

import filecmp
import os
from collections.abc import Iterator
from pathlib import Path

from .outline import Finding


def differences(first: Path, second: Path) -> Iterator[Finding]:
    """Every file of two sites that only one of them holds, or that differs."""
    names = [_files(first), _files(second)]
    for name in sorted(names[0] | names[1]):
        if name not in names[0] or name not in names[1]:
            yield Finding("bytes", name, 0, "only one of two builds of the same entries holds the file")
        elif not filecmp.cmp(first / name, second / name, shallow=False):
            yield Finding("bytes", name, 0, "a second build of the same entries gives other bytes")


def _files(folder: Path) -> set[str]:
    """Paths of all files below a folder."""
    return {
        (Path(place) / name).relative_to(folder).as_posix()
        for place, _, names in os.walk(folder)
        for name in names
    }
