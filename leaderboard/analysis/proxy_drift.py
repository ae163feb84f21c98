"""The report of the ledgers: skill by world, and which diagnosis was given where.

The unit is the ledger; intervals are percentile bootstraps over ledgers.
"""

from collections.abc import Sequence
from statistics import fmean

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation
from interplay.tasks.proxy_drift.summary import ALARM, DOMAIN, RIGHT, SKILL, WORLDS

from ..boards import find_board
from ..measure import observations
from ..rows import LogRows
from .partner_shift import mean_difference
from .tables import Table, Value, interval

__all__ = ["overview", "tables", "validation_tables"]


def tables(logs: Sequence[LogRows]) -> list[Table]:
    """Every table that these logs can fill."""
    found = [overview(logs), by_world(logs)]
    return [table for table in found if table.rows]


def validation_tables(model: str) -> list[Table]:
    """None: answers are judged by what they are worth.

    Raises:
        UserMistake: always.
    """
    raise UserMistake("proxy_drift is judged by the simulated worlds; there is no judge to validate.")


def seen(log: LogRows) -> list[Observation]:
    """The samples of a log, its ledgers as units."""
    return observations(find_board("proxy-drift"), log)


def mean_of(observed: Sequence[Observation], key: str) -> float | None:
    """Mean over the samples that have that value."""
    values = [o.values[key] for o in observed if key in o.values]
    return fmean(values) if values else None


def overview(logs: Sequence[LogRows]) -> Table:
    """One row a log: skill with its interval, diagnoses, alarms, and what could not be read."""
    rows: list[tuple[Value, ...]] = []
    for log in logs:
        observed = seen(log)
        skills = [o.values[SKILL] for o in observed if SKILL in o.values]
        mean = mean_difference(skills)
        rows.append(
            (
                log.header.model,
                len(observed),
                mean.value if skills else None,
                interval(mean.lo, mean.hi) if len(skills) > 1 else None,
                mean_of(observed, RIGHT),
                mean_of(observed, DOMAIN),
                mean_of(observed, ALARM),
                len(observed) - len(skills),
            )
        )
    columns = ("model", "ledgers", "skill", "95 %", "diagnosis", "domain", "false alarms", "unscored")
    note = (
        "Skill: 1 the best of 25 policies, 0 one drawn at random; percentile bootstrap over ledgers. Domain: "
        "of ledgers whose dev score drifted. False alarms: of those whose dev score did not."
    )
    return Table("Runs", columns, tuple(rows), note)


def by_world(logs: Sequence[LogRows]) -> Table:
    """Skill and right diagnoses in each world."""
    rows: list[tuple[Value, ...]] = []
    for log in logs:
        parts = [[o for o in seen(log) if o.metadata.get("world") == world] for world in WORLDS]
        rows.append(
            (
                log.header.model,
                *(mean_of(part, SKILL) for part in parts),
                *(mean_of(part, RIGHT) for part in parts),
            )
        )
    columns = ("model", *(f"skill {world}" for world in WORLDS), *(f"right {world}" for world in WORLDS))
    return Table("By world", columns, tuple(rows), "Means over ledgers; right: share of right diagnoses.")
