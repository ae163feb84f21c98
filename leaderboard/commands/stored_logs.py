"""What a run finds in its folder: logs that were cut off, or that a wrong clock has dated."""

import os
import time
import zipfile
from pathlib import Path

import click

from interplay.tasks.mistakes import EnvironmentProblem

APART = ".broken"
"""Ending that takes a file out of the logs without deleting it."""
HEADER, START = "header.json", "_journal/start.json"
"""What every finished log holds, and every log that was begun."""
SAMPLES = "samples/"


def prepare_folder(folder: Path) -> None:
    """Makes the logs of a folder fit to be resumed.

    Raises:
        EnvironmentProblem: A log may not be read.
    """
    for path in sorted(folder.rglob("*.eval")):
        names = members(path)
        if not names & {HEADER, START}:
            set_apart(path)
        elif HEADER not in names and not any(name.startswith(SAMPLES) for name in names):
            remove_empty(path)
    settle_clock(folder)


def members(path: Path) -> set[str]:
    """The names in a log's archive; none if it is no archive.

    Raises:
        EnvironmentProblem: It is a folder, or may not be read.
    """
    if path.is_dir():
        raise EnvironmentProblem(f"{path}: is a folder where a log should be; move it away.")
    try:
        with zipfile.ZipFile(path) as archive:
            return set(archive.NameToInfo)
    except zipfile.BadZipFile:
        return set()
    except OSError as error:
        raise EnvironmentProblem(
            f"{path}: cannot be read ({error.strerror}); make it readable, or move it away."
        ) from None


def set_apart(path: Path) -> None:
    """Renames what is no log, such as one that was cut off while it was copied; it is kept."""
    aside = path.with_name(path.name + APART)
    path.rename(aside)
    said = f"{path}: not a complete log; kept as {aside.name}, and its run starts anew."
    click.echo(f"Warning: {said}", err=True)


def remove_empty(path: Path) -> None:
    """Removes the log of an attempt that was killed before its first sample, and that nothing is known of.

    Inspect would copy its first bytes into the next log, which then reads as one that was tampered with.
    """
    from inspect_ai.log import recoverable_eval_logs

    kept = {
        Path(found.log.name.removeprefix("file://")).name
        for found in recoverable_eval_logs(str(path.parent))
        if found.completed_samples
    }
    if path.name not in kept:
        path.unlink()


def remove_outrun(folder: Path) -> None:
    """Removes logs of attempts that were killed, where a later one finished: it began with all they hold.

    Only for whoever holds the folder: such a log looks like one that is still being written.
    """
    from inspect_ai.log import read_eval_log

    logs = {path: members(path) for path in sorted(folder.rglob("*.eval"))}
    for path in (path for path, names in logs.items() if HEADER not in names):
        name = f"_{read_eval_log(str(path), header_only=True).eval.task_id}.eval"
        later = (other for other, names in logs.items() if HEADER in names and other.name.endswith(name))
        if any(read_eval_log(str(other), header_only=True).status == "success" for other in later):
            path.unlink()


def settle_clock(folder: Path) -> None:
    """Dates logs from the future as of now, in their order: Inspect goes on with the log written last."""
    now = time.time()
    late = sorted(
        (stat.st_mtime, path) for path in folder.rglob("*.eval") if (stat := path.stat()).st_mtime > now
    )
    for place, (_, path) in enumerate(late):
        moment = now - (len(late) - place) / 1000
        os.utime(path, (moment, moment))
