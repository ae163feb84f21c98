"""`interplay serve --watch`: builds a site again whenever its inputs change."""

import gc
import time
from collections.abc import Callable
from pathlib import Path

from interplay.tasks.mistakes import UserMistake

from .build import SiteBuilder, uncollected
from .scanning import Files, scan

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
        self._root = root
        self._builder = SiteBuilder(root, out)
        self._say = say
        self._seen: Files | None = None

    def build(self) -> None:
        """Brings the site up to date and says how long it took.

        Raises:
            UserMistake: An input cannot be read as what it should be.
        """
        self._bring_up_to_date(scan(self._root))

    def _bring_up_to_date(self, files: Files) -> None:
        self._seen = files
        start = time.monotonic()
        report = self._builder.build(files=files)
        seconds = time.monotonic() - start
        self._say(f"{report.changed} of {report.files} files written in {seconds:.1f} s")
        gc.freeze()  # what was read stays; without this every search for unused cycles goes through it

    def step(self) -> bool:
        """Builds if anything changed. A file that cannot be read is told, and the site stays as it was."""
        with uncollected():
            files = scan(self._root)
        if files == self._seen:
            return False
        try:
            self._bring_up_to_date(files)
        except UserMistake as mistake:
            self._say(f"not built: {mistake}")
        except OSError as error:  # a file went while it was read; the next look builds again
            self._say(f"not built: {error}")
            self._seen = None
        return True

    def run(self) -> None:
        """Goes on until interrupted."""
        while True:
            time.sleep(PAUSE)
            self.step()
