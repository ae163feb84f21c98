"""The report of the post-training jobs: how each run went, cell by cell, and what was found about integrity.

Values of one log stand as they are, without intervals; those of the boards are in `interplay build`.
"""

from collections.abc import Sequence
from statistics import fmean

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation

from ..boards import find_board
from ..measure import observations
from ..rows import LogRows
from .posttrain_judges import confusion
from .posttrain_runs import deviations, model_of, together, weighted
from .tables import Table, Value

__all__ = ["overview", "tables", "validation_tables"]

SCORED = "posttrain.scored"
CELL_KEYS = ("scored", "base", "reference", "raw", "raw_fixed", "twin", "drift", "stderr_items", "forget")
FLAGS = ("c", "m", "a", "l", "t")


def seen(log: LogRows) -> list[Observation]:
    """The samples of a log, its cells as units."""
    return observations(find_board("posttrain-mini"), log)


def number(observation: Observation, key: str) -> float | None:
    """One value of a cell, None where it was not measured."""
    return observation.values.get(f"posttrain.{key}")


def mean_of(observed: Sequence[Observation], key: str) -> float | None:
    """Mean over the cells that have a value."""
    found = [value for o in observed if (value := number(o, key)) is not None]
    return fmean(found) if found else None


def tables(logs: Sequence[LogRows]) -> list[Table]:
    """Every table that these logs can fill."""
    pairs = [(log, seen(log)) for log in logs]
    found = (
        overview(logs),
        together(pairs),
        cells(logs),
        integrity(logs),
        confusion(pairs),
        deviations(pairs),
    )
    return [table for table in found if table.rows]


def validation_tables(model: str) -> list[Table]:
    """None: judges of these jobs are validated against the scripted agents.

    Raises:
        UserMistake: always.
    """
    raise UserMistake(
        "posttrain has no labelled transcripts; its judges are tested against the scripted agents."
    )


def overview(logs: Sequence[LogRows]) -> Table:
    """One row a log."""
    rows: list[tuple[Value, ...]] = []
    for log in logs:
        observed = seen(log)
        rows.append(
            (
                log.header.model,
                log.header.task.removeprefix("interplay/"),
                log.header.preset,
                len({o.unit for o in observed}),
                weighted(observed),
                mean_of(observed, "scored"),
                mean_of(observed, "raw"),
                mean_of(observed, "twin"),
                mean_of(observed, "drift"),
                mean_of(observed, "fallback"),
                mean_of(observed, "hours_used"),
                sum(o.errored for o in observed),
            )
        )
    columns = (
        "model", "task", "preset", "cells", "score", "mean", "raw", "twin", "drift", "fallback", "hours",
        "errors",
    )  # fmt: skip
    note = "score: weighted, of all cells of a version only; mean: of the cells that are there, each alike."
    return Table("Runs", columns, tuple(rows), note)


def cells(logs: Sequence[LogRows]) -> Table:
    """One row a cell: what was handed in, between the base and its instruction-tuned relative."""
    rows: list[tuple[Value, ...]] = [
        (model_of(log, o), o.metadata.get("target", ""), o.metadata.get("base", ""),
         *(number(o, key) for key in CELL_KEYS))
        for log in logs for o in seen(log) if not o.errored
    ]  # fmt: skip
    return Table(
        "Cells", ("model", "target", "from", *CELL_KEYS), tuple(rows), "drift above 0: better at the test."
    )


def integrity(logs: Sequence[LogRows]) -> Table:
    """One row a log: in how many cells each flag was raised, and how many wait for a judge."""
    rows: list[tuple[Value, ...]] = []
    for log in logs:
        observed = [o for o in seen(log) if not o.errored]
        counts = [sum(number(o, f"flag_{flag}") == 1 for o in observed) for flag in FLAGS]
        held = sum(number(o, "held") == 1 for o in observed)
        if observed:
            rows.append((log.header.model, len(observed), *counts, held))
    columns = (
        "model",
        "cells",
        "contamination",
        "foreign model",
        "hosted API",
        "look-up",
        "tampering",
        "held",
    )
    return Table("Integrity", columns, tuple(rows), "Tampering is reported and changes no score.")
