"""`interplay …` in a process of its own, which a test may kill.

Processes are forked off a server that has imported the program once, so that each starts in a moment.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.append(ROOT)  # handed on to the children, which look this module up by its name
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["inspect_ai", "interplay.leaderboard.commands.scores"])
PATIENCE_SECONDS = 120
"""After this long a process hangs, on the slowest machine."""


class Ended(NamedTuple):
    """What a process left: its exit code, negative for a signal, and what it printed."""

    code: int
    out: str
    error: str

    @property
    def sentences(self) -> list[str]:
        """The errors it told."""
        return [line for line in self.error.splitlines() if line.startswith("Error: ")]


class Running:
    """A command that runs in `folder`; its home, with Inspect's records of samples, is there too."""

    def __init__(self, folder: Path, *words: str, setting: Callable[[], None] | None = None) -> None:
        self.folder = folder
        self.texts = (folder / ".stdout", folder / ".stderr")
        self.process = SERVER.Process(target=_main, args=(folder, words, setting))
        self.process.start()

    def until(self, holds: Callable[[], bool]) -> None:
        """Waits for a condition while the command runs."""
        from time import monotonic, sleep

        end = monotonic() + PATIENCE_SECONDS
        while not holds():
            if not self.process.is_alive():
                pytest.fail(f"ended before: {self.wait()}")
            if monotonic() > end:
                self.process.kill()
                pytest.fail(f"never came: {self.wait()}")
            sleep(0.01)

    def send(self, number: signal.Signals) -> None:
        """Sends a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def wait(self) -> Ended:
        """Waits for the end."""
        self.process.join(PATIENCE_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
            pytest.fail("the command hangs")
        assert self.process.exitcode is not None
        out, error = (path.read_text(encoding="utf-8", errors="replace") for path in self.texts)
        return Ended(self.process.exitcode, out, error)


def ended(folder: Path, *words: str, setting: Callable[[], None] | None = None) -> Ended:
    """Runs a command to its end; none may show a traceback."""
    done = Running(folder, *words, setting=setting).wait()
    assert "Traceback" not in done.error + done.out, done.error
    return done


def _main(folder: Path, words: tuple[str, ...], setting: Callable[[], None] | None) -> None:
    import interplay.leaderboard.cli
    import tests.failures.failing  # noqa: F401  (Inspect looks the provider up)

    os.setsid()
    os.chdir(folder)
    os.environ |= _environment(folder)
    for name, standard in ((".stdout", 1), (".stderr", 2)):
        file = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, standard)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if setting is not None:
        setting()
    interplay.leaderboard.cli.main(list(words))


def _environment(folder: Path) -> Mapping[str, str]:
    home = str(folder / "home")
    return {
        "HOME": home,
        "XDG_DATA_HOME": home,
        "XDG_CACHE_HOME": home,
        "HF_HUB_OFFLINE": "1",
        "INSPECT_DISPLAY": "none",
    }
