"""A small run that fails in every way, and file systems that are full or read-only."""

import os
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .program import Ended, Running, ended

LARGEST_BYTES = 3000
"""More than a line, less than a log."""

Mount = Callable[[Path, str], None]


def failing(how: str) -> tuple[str, ...]:
    """The command that runs eight samples by a model that fails so, one after the other."""
    return (
        "eval", "proxy_drift", "--model", f"failing/{how}", "--preset", "smoke", "--max-connections", "1",
        "--log-dir", "logs",
    )  # fmt: skip


STALLS = failing("stalls")
PLAYS = ("eval", "proxy_drift", "--model", "reference/hold", "--preset", "smoke", "--log-dir", "logs")


def logs_in(folder: Path) -> dict[str, bytes]:
    """The logs of a folder with their bytes."""
    return {path.name: path.read_bytes() for path in (folder / "logs").rglob("*.eval")}


def stalled(folder: Path) -> Running:
    """A run that has finished three samples of eight and waits for its provider."""
    running = Running(folder, *STALLS)
    running.until((folder / "stalled").exists)
    return running


def mended(folder: Path, words: tuple[str, ...] = STALLS) -> Ended:
    """The same command once more, with a provider that answers."""
    (folder / "mended").touch()
    return ended(folder, *words)


def small_files_only() -> None:
    """In the child: no file may grow as large as a log, as on a disk without space."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_BYTES, LARGEST_BYTES))


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the finished logs of a reference player, and the submission made of them."""
    folder = tmp_path_factory.mktemp("played")
    assert ended(folder, *PLAYS).code == 0
    assert ended(folder, "submit", "logs", "--division", "reference").code == 0
    return folder


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Mounts a small memory disk, as `size=8k` or `ro`; where that is not allowed, no test."""
    mounted: list[Path] = []

    def mounting(folder: Path, options: str) -> None:
        folder.mkdir()
        if os.geteuid() != 0:
            pytest.skip("mounting a disk needs root")
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
        mounted.append(folder)

    yield mounting
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)
