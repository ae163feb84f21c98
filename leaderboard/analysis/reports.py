"""The report of each family: one module of this package named like the family.

A module offers `tables(logs)`, every table that logs of the family can fill, `overview(logs)`, one row a log
whatever was run, and `validation_tables(model)`, how a model reads the labelled material of the family.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Protocol, cast

from ..rows import LogRows
from .tables import Table


class FamilyReport(Protocol):
    """What a family's analysis module offers."""

    tables: Callable[[Sequence[LogRows]], list[Table]]
    overview: Callable[[Sequence[LogRows]], Table]
    validation_tables: Callable[[str], list[Table]]


def family_report(family: str) -> FamilyReport:
    """The analysis module of a family, imported now."""
    return cast(FamilyReport, import_module(f"interplay.leaderboard.analysis.{family}"))
