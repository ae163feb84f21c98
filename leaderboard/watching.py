"""`interplay serve --watch`: builds a site again whenever its inputs change."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from interplay.tasks.mistakes import UserMistake

from .build import SiteBuilder

WATCHED = ("entries", "evidence", "logs", "data", "validation")
"""Folders below `leaderboard` whose files a site is made of."""
PAUSE = 0.5
"""Seconds between two looks at the folders."""


class Watcher:
    """Looks at the files of a leaderboard and keeps its site up to date.

    Args:
        root: Holds `leaderboard/entries`.
        out: Folder of the site.
        say: Prints a line.
    """

    def __init__(self, root: Path, out: Path, say: Callable[[str], None]) -> None:
        self._builder = SiteBuilder(root, out)
        self._folders = [root / "leaderboard" / name for name in WATCHED]
        self._say = say
        self._seen: set[tuple[str, int, int]] = set()

    def build(self) -> None:
        """Brings the site up to date and says how long it took.

        Raises:
            UserMistake: An input cannot be read as what it should be.
        """
        self._seen = set(self._states())
        start = time.monotonic()
        report = self._builder.build()
        seconds = time.monotonic() - start
        self._say(f"{report.changed} of {report.files} files written in {seconds:.1f} s")

    def step(self) -> bool:
        """Builds if anything changed. A file that cannot be read is told, and the site stays as it was."""
        if set(self._states()) == self._seen:
            return False
        try:
            self.build()
        except UserMistake as mistake:
            self._say(f"not built: {mistake}")
        except OSError as error:  # a file went while it was read; the next look builds again
            self._say(f"not built: {error}")
            self._seen = set()
        return True

    def run(self) -> None:
        """Goes on until interrupted."""
        while True:
            time.sleep(PAUSE)
            self.step()

    def _states(self) -> Iterator[tuple[str, int, int]]:
        """Path, time and size of every file that is watched."""
        for folder in self._folders:
            for place, _, names in os.walk(folder):
                for name in names:
                    path = os.path.join(place, name)
                    try:
                        status = os.stat(path)
                    except FileNotFoundError:  # it went while we looked
                        continue
                    yield path, status.st_mtime_ns, status.st_size
