"""What the files of each entry were made from: kept beside a site, so that the next build makes few anew."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TypeAlias

from .pages.inputs import Offered
from .pages.rendering import templates_digest
from .pages.site import DataFile
from .standings import Submission

PACKAGE = Path(__file__).resolve().parents[1]
Own: TypeAlias = tuple[str, tuple[DataFile, ...]]
"""Stamp of an entry's inputs, and the files that were made from them."""


class Stamps:
    """What the files of each entry were made from: kept beside the site, so that the next build can tell."""

    def __init__(self, out: Path) -> None:
        self._path = out.parent / f".{out.name}-stamps.json"
        self._known: dict[str, Own] | None = None

    def load(self) -> dict[str, Own]:
        """Stamps of the last build; none when there was none, or its file is not what was written."""
        if self._known is None:
            try:
                stored = json.loads(self._path.read_bytes())
                self._known = {
                    name: (mark, tuple(DataFile(*file) for file in files))
                    for name, (mark, files) in stored.items()
                }
            except (OSError, ValueError, TypeError, AttributeError):
                self._known = {}
        return self._known

    def save(self, own: dict[str, Own]) -> None:
        """Keeps the stamps for the next build."""
        if own != self._known:
            self._path.write_text(json.dumps(own), encoding="utf-8")
        self._known = own


def stamp(start: str, submission: Submission, records: tuple[Offered, ...], local: tuple[str, ...]) -> str:
    """Hash of everything that the files of one entry depend on.

    Args:
        start: What all entries depend on.
        submission: The entry with its evidence.
        records: Its evidence records as the site offers them.
        local: Those of its logs that the site carries itself.
    """
    offered = [(record.href, record.source.sha256) for record in records]
    validities = sorted((key, repr(value)) for key, value in submission.validities.items())
    parts = (start, submission.entry.digest, offered, submission.superseded_by, local, validities)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@cache
def code_digest() -> str:
    """Hash of the templates and of the code, boards and locks that make pages."""
    found = hashlib.sha256(templates_digest().encode())
    paths = [path for name in ("leaderboard", "tasks") for path in (PACKAGE / name).rglob("*")]
    for path in sorted(paths):
        if path.suffix in (".py", ".yaml") or path.parent.name == "locks":
            found.update(path.read_bytes())
    return found.hexdigest()
