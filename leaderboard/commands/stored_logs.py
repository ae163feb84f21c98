"""What a run finds in its folder: logs that were cut off, or that a wrong clock has dated."""

import os
import time
import zipfile
from pathlib import Path

import click

from interplay.tasks.mistakes import EnvironmentProblem

APART = ".broken"
"""Ending that takes a file out of the logs without deleting it."""


def prepare_folder(folder: Path) -> None:
    """Makes the logs of a folder fit to be resumed.

    Raises:
        EnvironmentProblem: A log may not be read.
    """
    for path in sorted(folder.rglob("*.eval")):
        set_apart(path)
    settle_clock(folder)


def set_apart(path: Path) -> None:
    """Renames what is no log, such as one that was cut off while it was copied; it stays beside the others.

    Raises:
        EnvironmentProblem: It is a folder, or may not be read.
    """
    if path.is_dir():
        raise EnvironmentProblem(f"{path}: is a folder where a log should be; move it away.")
    try:
        with zipfile.ZipFile(path) as archive:
            whole = any(name in archive.NameToInfo for name in ("header.json", "_journal/start.json"))
    except zipfile.BadZipFile:
        whole = False
    except OSError as error:
        raise EnvironmentProblem(
            f"{path}: cannot be read ({error.strerror}); make it readable, or move it away."
        ) from None
    if not whole:
        aside = path.with_name(path.name + APART)
        path.rename(aside)
        click.echo(
            f"Warning: {path}: not a complete log; kept as {aside.name}, its run starts anew.", err=True
        )


def settle_clock(folder: Path) -> None:
    """Dates logs from the future as of now, in their order: Inspect goes on with the log written last."""
    now = time.time()
    late = sorted(
        (stat.st_mtime, path) for path in folder.rglob("*.eval") if (stat := path.stat()).st_mtime > now
    )
    for place, (_, path) in enumerate(late):
        moment = now - (len(late) - place) / 1000
        os.utime(path, (moment, moment))
