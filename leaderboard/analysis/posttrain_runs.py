"""Runs of one model taken together: the score of all their cells, what it cost, and what they did otherwise.

Cells may lie in several logs. Of repeated attempts at a cell of a run the newest counts, whichever task made
it; a run is a label or an epoch, and a bundle that was scored again stays in its run. Without all cells there
is no score, and nothing is renormalised.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from interplay.tasks.observations import Observation
from interplay.tasks.posttrain.cells import VERSIONS, load_grid
from interplay.tasks.posttrain.summary import (
    FALLBACK,
    GPU_HOURS,
    SCORED,
    above_few,
    collaboration,
    completeness,
    newest,
    per_unit_of,
    profile_in,
    version_of,
)

from ..rows import LogRows
from .tables import Table, Value

Seen = Sequence[tuple[LogRows, Sequence[Observation]]]
COLUMNS = ("model", "version", "runs", "cells", "score", "as submitted", "fallback", "above 3-shot",
           "collaboration", "points a GPU hour", "points a $")  # fmt: skip


class Group(NamedTuple):
    """The newest samples of one model under one version, of how many runs, and what these cost in dollars."""

    observed: list[Observation]
    runs: int
    dollars: float


def together(seen: Seen) -> Table:
    """One row a model and version."""
    rows: list[tuple[Value, ...]] = []
    for (model, version), group in groups(seen).items():
        observed = group.observed
        score = weighted(observed)
        hours = sum(o.values.get(GPU_HOURS, 0.0) for o in observed)
        # The score is a mean over runs, so that what they cost is one as well.
        spent = {"GPU": hours / group.runs, "$": group.dollars / group.runs}
        bought = per_unit_of(score, spent) if score is not None else {}
        few = above_few(observed)
        rows.append(
            (
                model,
                version,
                group.runs,
                completeness(observed) or "all",
                score,
                mean(o.values.get(SCORED) for o in observed if o.values.get(FALLBACK) == 0),
                mean(o.values.get(FALLBACK) for o in observed),
                mean(
                    fmean(values) - fmean((one.minus or {})[unit])
                    for one in few
                    for unit, values in one.units.items()
                ),
                mean(fmean(values) for one in collaboration(observed) for values in one.units.values()),
                bought.get("GPU"),
                bought.get("$"),
            )
        )
    note = (
        "score: weighted, of all cells of a version only; the other shares are means over cells. Of repeated "
        "attempts at a cell the newest counts. Points are hundredths of the score."
    )
    return Table("Score", COLUMNS, tuple(rows), note)


def groups(seen: Seen) -> Mapping[tuple[str, str], Group]:
    """Samples by model and version, of repeated attempts the newest."""
    timed: dict[tuple[str, str], list[tuple[str, Observation]]] = {}
    dollars: dict[tuple[str, str], float] = {}
    for log, observed in seen:
        spent = {
            (sample.sample_id, sample.epoch): sum(use.cost_usd or 0.0 for use in sample.usage.values())
            for sample in log.samples
        }
        for o in observed:
            about = (model_of(log, o), o.metadata.get("version", ""))
            dollars[about] = dollars.get(about, 0.0) + spent.pop((o.sample_id, o.epoch), 0.0)
            if o.errored or o.metadata.get("version") not in VERSIONS:
                continue
            if any(name.startswith("posttrain.") for name in o.values):
                timed.setdefault(about, []).append((log.header.completed_at, o))

    def same(o: Observation) -> str:
        return f"{run_of(o)} {o.unit}"

    found: dict[tuple[str, str], Group] = {}
    for key, attempts in timed.items():
        observed = newest(attempts, same)
        found[key] = Group(observed, len({run_of(o) for o in observed}), dollars[key])
    return found


def run_of(o: Observation) -> str:
    """Label and epoch of a run; the bundle names it where another run scored it."""
    return o.words.get("posttrain.run") or f"{o.args.get('run', '1')} #{o.epoch}"


def model_of(log: LogRows, o: Observation) -> str:
    """The model that drove the agent: the bundle names it where another run scored it."""
    return o.words.get("posttrain.agent_model") or log.header.model


def weighted(observed: Sequence[Observation]) -> float | None:
    """The weighted score, if all weighted cells of the version are there with a value."""
    grid, profile = load_grid(), profile_in(observed)
    if profile is None or observed[0].metadata.get("version") not in VERSIONS:
        return None
    version = version_of(observed)
    wanted = [cell for cell in grid.cells(version, profile) if cell.weight > 0]
    shares = {cell.id: cell.weight / len(grid.bases_of(profile)) for cell in wanted}
    values: dict[str, list[float]] = {}
    for o in observed:
        value = o.values.get(SCORED)
        if o.unit in shares and value is not None:
            values.setdefault(o.unit, []).append(value)
    if set(values) != set(shares):
        return None
    return sum(share * fmean(values[unit]) for unit, share in shares.items())


def mean(values: Iterable[float | None]) -> float | None:
    """Mean of what is there."""
    found = [value for value in values if value is not None]
    return fmean(found) if found else None


def deviations(seen: Seen) -> Table:
    """What runs did otherwise than their version says, once each."""
    found = dict.fromkeys(
        (model_of(log, o), o.metadata.get("version", ""), said)
        for log, observed in seen
        for o in observed
        for said in o.words.get("posttrain.deviations", "").split("; ")
        if said
    )
    note = "Parameters off the values of the version, and what every run of 1.x does otherwise."
    return Table("Deviations", ("model", "version", "what is done otherwise"), tuple(found), note)
