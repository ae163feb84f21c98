"""The report of each family: one module of this package named like the family.

A module offers `tables(logs)`, every table that logs of the family can fill, `overview(logs)`, one row a log
whatever was run, and `validation_tables(model)`, how a model reads the labelled material of the family. One
whose pages read that outcome from a file offers `written_validation(model, folder)` as well; one whose logs
may be larger than memory `streamed_tables(logs)`, which reads every log once, from the summaries of samples.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from interplay.tasks.mistakes import UserMistake

from ..own_logs import read_own_logs
from ..rows import LogRows
from ..summaries import summarised_logs
from .tables import Table


class FamilyReport(Protocol):
    """What a family's analysis module offers."""

    tables: Callable[[Sequence[LogRows]], list[Table]]
    overview: Callable[[Sequence[LogRows]], Table]
    validation_tables: Callable[[str], list[Table]]


def family_report(family: str) -> FamilyReport:
    """The analysis module of a family, imported now."""
    return cast(FamilyReport, import_module(f"interplay.leaderboard.analysis.{family}"))


def judge_tables(family: str, model: str, folder: Path | None = None) -> list[Table]:
    """How a model reads the labelled material of a family.

    Args:
        family: Its name.
        model: The judge.
        folder: Where the outcome is written as well.

    Raises:
        UserMistake: A folder for a family whose pages read no such file.
    """
    report = family_report(family)
    if folder is None:
        return report.validation_tables(model)
    written = cast("Callable[[str, Path], list[Table]] | None", getattr(report, "written_validation", None))
    if written is None:
        raise UserMistake(f"--folder {folder}: no file is written of a judge of {family}; drop it.")
    return written(model, folder)


def report_tables(family: str, paths: Sequence[Path], tasks: Collection[str]) -> list[Table]:
    """The report of a family about logs of its tasks.

    Args:
        family: Its name.
        paths: Files and folders of logs.
        tasks: Registry names of its tasks.

    Raises:
        UserMistake: There is no log, one cannot be read, or it is of another task.
    """
    streamed = cast(
        "Callable[[Iterable[LogRows]], list[Table]] | None",
        getattr(family_report(family), "streamed_tables", None),
    )
    if streamed is not None:
        return streamed(summarised_logs(paths, tasks))
    rows = read_own_logs(paths)
    foreign = [log.header.task for log in rows if log.header.task not in tasks]
    if foreign:
        raise UserMistake(f"{foreign[0]} is no task of {family}; give logs of {', '.join(sorted(tasks))}.")
    return family_report(family).tables(rows)
