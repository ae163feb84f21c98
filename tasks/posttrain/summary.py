"""What the boards of this family show beside their headline: which cells answer which question.

Pure: plain sample rows in, groups of values per cell out; a NaN never enters a mean. The leaderboard weighs
cells and computes intervals. A grid that lacks a cell has no headline, and nothing is renormalised.

| figure | dims | metric |
| --- | --- | --- |
| score of each target and base | `target`, `base` | `posttrain.scored`, `raw`, `twin`, `drift`, … |
| cells that count as submitted | `cells: legitimate` | `posttrain.scored` |
| share of fallback and held cells, gain, GPU hours of a cell | `cells: all` | `posttrain.fallback`, … |
| points above the base with three examples | `figure: above few-shot` | `posttrain.scored` |
| collaboration score (userturn, mazeviews) | `figure: collaboration` | `posttrain.scored` |
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

from interplay.tasks.observations import Estimand, Observation, unit_samples

from .cells import VERSIONS, Profile, Version, load_grid

SCORED = "posttrain.scored"
FALLBACK = "posttrain.fallback"
HELD = "posttrain.held"
GAIN = "posttrain.gain"
GPU_HOURS = "posttrain.gpu_hours"
STDERR = "posttrain.stderr_items"
FLAG_KEYS = {letter: f"posttrain.flag_{letter.lower()}" for letter in "CMALT"}
"""Keys of the flags by their letters."""
RANGES: Mapping[str, tuple[float, float] | None] = {
    SCORED: (0.0, 1.0),
    "posttrain.raw": (0.0, 1.0),
    "posttrain.twin": (0.0, 1.0),
    "posttrain.drift": None,
    GAIN: None,
    "posttrain.decoding_gain": None,
    STDERR: None,
    "posttrain.hours_used": None,
}


def version_of(observed: Iterable[Observation]) -> Version:
    """The version of the rules that these samples were run under."""
    named = {o.metadata.get("version", "x") for o in observed}
    return cast(Version, next((v for v in VERSIONS if {v} == named), "x"))


def profile_in(observed: Iterable[Observation]) -> Profile | None:
    """The profile of the targets of these samples; None where the grid has none of them."""
    targets = load_grid().targets
    named = (o.metadata.get("target", "") for o in observed)
    return next((targets[name].profile for name in named if name in targets), None)


def completeness(observed: Sequence[Observation]) -> str:
    """`partial, k of N cells` where no run has a score in every cell with weight, else nothing."""
    profile = profile_in(observed)
    if profile is None:
        return "partial, 0 cells"
    wanted = {cell.id for cell in load_grid().cells(version_of(observed), profile) if cell.weight > 0}
    scored: dict[int, set[str]] = {}
    for o in observed:
        if not o.errored and not math.isnan(o.values.get(SCORED, math.nan)):
            scored.setdefault(o.epoch, set()).add(o.metadata.get("cell", o.sample_id))
    most = max((len(wanted & cells) for cells in scored.values()), default=0)
    return "" if most == len(wanted) else f"partial, {most} of {len(wanted)} cells"


def summarise(observations: list[Observation]) -> list[Estimand]:
    """All figures that these samples can give; a group without samples gives none."""
    scored = [o for o in observations if not o.errored]
    return [
        *by_cell(scored),
        *legitimate(scored),
        *shares_of(scored),
        *above_few(scored),
        *collaboration(scored),
    ]


def by_cell(scored: Sequence[Observation]) -> list[Estimand]:
    """Every value of each target on each base."""
    found: list[Estimand] = []
    for target, base in dict.fromkeys(
        (o.metadata.get("target", ""), o.metadata.get("base", "")) for o in scored
    ):
        cell = [o for o in scored if (o.metadata.get("target"), o.metadata.get("base")) == (target, base)]
        for key, bounds in RANGES.items():
            if units := values_of(cell, key):
                found.append(Estimand({"target": target, "base": base}, key, units, range=bounds))
    return found


def legitimate(scored: Sequence[Observation]) -> list[Estimand]:
    """The mean of the cells that count as they were submitted."""
    units = values_of([o for o in scored if o.values.get(FALLBACK) == 0], SCORED)
    return [Estimand({"cells": "legitimate"}, SCORED, units, range=RANGES[SCORED])] if units else []


def shares_of(scored: Sequence[Observation]) -> list[Estimand]:
    """Shares of cells that fell back and that wait for a judge, mean gain, and mean hours of GPU."""
    bounds = {FALLBACK: (0.0, 1.0), HELD: (0.0, 1.0), GAIN: None, GPU_HOURS: None}
    return [
        Estimand({"cells": "all"}, key, units, range=bounds[key])
        for key in bounds
        if (units := values_of(scored, key))
    ]


def above_few(scored: Sequence[Observation]) -> list[Estimand]:
    """Score less that of the base with three examples in its prompt."""
    baselines = load_grid().baselines

    def few(o: Observation) -> float | None:
        row = baselines.get(o.metadata.get("base", ""), {}).get(o.metadata.get("target", ""))
        return row.few if row is not None and not math.isnan(o.values.get(SCORED, math.nan)) else None

    less = unit_samples(scored, few)
    plus = {unit: values for unit, values in values_of(scored, SCORED).items() if unit in less}
    if not plus:
        return []
    return [Estimand({"figure": "above few-shot"}, SCORED, plus, less, "difference", RANGES[SCORED])]


def collaboration(scored: Sequence[Observation]) -> list[Estimand]:
    """The plain mean over the targets of interaction, which carry no weight in the headline."""
    names = load_grid().versions[version_of(scored)].collaboration if scored else ()
    units = values_of([o for o in scored if o.metadata.get("target") in names], SCORED)
    return [Estimand({"figure": "collaboration"}, SCORED, units, range=RANGES[SCORED])] if units else []


def values_of(scored: Iterable[Observation], key: str) -> dict[str, list[float]]:
    """The values of a key per cell, NaN left out."""

    def value(o: Observation) -> float | None:
        found = o.values.get(key)
        return None if found is None or math.isnan(found) else found

    return unit_samples(scored, value)


def per_unit_of(score: float, totals: Mapping[str, float]) -> dict[str, float | None]:
    """Points of score per unit of what was spent, such as GPU-hours and dollars; None for nothing spent."""
    return {name: 100 * score / total if total > 0 else None for name, total in totals.items()}


def newest(runs: Iterable[tuple[str, Observation]], key: Callable[[Observation], str]) -> list[Observation]:
    """Of repeated attempts at the same thing the one with the latest time.

    Args:
        runs: ISO time and sample.
        key: What makes two samples attempts at the same.
    """
    latest: dict[str, tuple[str, Observation]] = {}
    for time, observation in runs:
        name = key(observation)
        if name not in latest or time >= latest[name][0]:
            latest[name] = (time, observation)
    return [observation for _, observation in latest.values()]
