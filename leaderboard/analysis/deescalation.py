"""The report of the angry conversations: paired effects, compliance with the rules, and which rule works.

The unit is the seed: epochs are averaged, arms subtracted per scenario, scenarios averaged per seed. Fixed
messages and the rule-based user never stand in one row. Simulated users are not people.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from statistics import fmean
from typing import NamedTuple

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

from interplay.tasks.deescalation.summary import CELLS, CHANGE, CONTRASTS, RESISTANCES, RULES, arms_of
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation

from ..boards import find_board
from ..measure import observations
from ..rows import LogRows
from .tables import Table, Value, interval

__all__ = ["overview", "tables", "validation_tables"]

NOT_PEOPLE = "Simulated users are not people; no score is clinical validation."
ESCALATED = "escalation.escalated"
CONDUCT = "escalation.conduct"
RULE_KEYS = ("escalation.v1", "escalation.v2", "escalation.v3", "escalation.v4")
RESAMPLES, BOOTSTRAP_SEED = 2000, 20260601
LEAST_COMPLETE = 0.9
"""Share of the scenarios of either arm that have both, below which an effect reads incomplete."""

Place = tuple[str, str]
"""Model and mode."""
Values = dict[str, tuple[str, float]]
"""Seed and value of each scenario, epochs averaged."""


class Effect(NamedTuple):
    """A paired difference of two arms.

    Attributes:
        by_seed: The mean difference of each seed.
        paired: Scenarios that have both arms.
        wanted: Scenarios that have either.
    """

    by_seed: dict[str, float]
    paired: int
    wanted: int


def tables(logs: Sequence[LogRows]) -> list[Table]:
    """Every table that these logs can fill."""
    groups = grouped(logs)
    found = [overview(logs), by_resistance(groups), effects(groups), compliance(groups), factorial(groups)]
    return [table for table in found if table.rows]


def validation_tables(model: str) -> list[Table]:
    """None: rules alone read these conversations.

    Raises:
        UserMistake: always.
    """
    raise UserMistake("deescalation is read by rules; there is no judge to validate.")


def grouped(logs: Sequence[LogRows]) -> dict[Place, list[Observation]]:
    """The samples by model and mode; several logs of a model are put together."""
    found: dict[Place, list[Observation]] = {}
    for log in logs:
        place = log.header.model, mode_of(log)
        found.setdefault(place, []).extend(seen(log))
    return found


def mode_of(log: LogRows) -> str:
    """`scripted` or `live`."""
    return str(log.header.args.get("mode", "scripted"))


def seen(log: LogRows) -> list[Observation]:
    """The samples of a log, its seeds as units."""
    return observations(find_board("deescalation-baseline"), log)


def overview(logs: Sequence[LogRows]) -> Table:
    """One row a log: what ran, on how much, and how it went."""
    rows: list[tuple[Value, ...]] = []
    for log in logs:
        observed = seen(log)
        rows.append(
            (
                log.header.model,
                mode_of(log),
                log.header.preset,
                ", ".join(arms_of(observed)),
                len({o.unit for o in observed}),
                len(observed),
                mean_of(observed, CHANGE),
                mean_of(observed, ESCALATED),
                mean_of(observed, CONDUCT),
                mean_of(observed, "escalation.turns"),
                sum(o.errored for o in observed),
            )
        )
    columns = (
        "model", "mode", "preset", "arms", "seeds", "conversations", "cts_d", "escalated", "conduct",
        "replies", "errors",
    )  # fmt: skip
    note = "Means over all arms of a log, without intervals. cts_d: positive is calmer. Conduct never ranks. "
    return Table("Runs", columns, tuple(rows), note + NOT_PEOPLE)


def mean_of(observed: Sequence[Observation], key: str) -> float | None:
    """Mean over the samples that have that value."""
    values = [o.values[key] for o in observed if key in o.values]
    return fmean(values) if values else None


def under(observed: Sequence[Observation], arm: str) -> list[Observation]:
    """The samples of an arm."""
    return [o for o in observed if o.metadata.get("arm") == arm]


def by_resistance(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """Change of anger and share of escalation under each arm, by how hard the person is to reach."""
    rows: list[tuple[Value, ...]] = []
    for (model, mode), observed in groups.items():
        for arm in arms_of(observed):
            own = under(observed, arm)
            if mean_of(own, CHANGE) is None:
                continue
            parts = [[o for o in own if o.metadata.get("resistance") == r] for r in RESISTANCES]
            rows.append(
                (
                    model,
                    mode,
                    arm,
                    mean_of(own, CHANGE),
                    *(mean_of(part, CHANGE) for part in parts),
                    *(mean_of(part, ESCALATED) for part in parts),
                )
            )
    columns = (
        "model", "mode", "arm", "cts_d", *(f"cts_d {r}" for r in RESISTANCES),
        *(f"escalated {r}" for r in RESISTANCES),
    )  # fmt: skip
    note = f"Means, and by resistance of the person; escalated is a share of conversations. {NOT_PEOPLE}"
    return Table("Where the anger went", columns, tuple(rows), note)


def effects(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """Paired differences of arms, by seed."""
    rows: list[tuple[Value, ...]] = []
    for (model, mode), observed in groups.items():
        for (plus, minus), key in product(CONTRASTS, (CHANGE, ESCALATED)):
            found = effect(observed, plus, minus, key)
            if found.wanted == 0 or not found.by_seed:
                continue
            what = f"{plus} less {minus}"
            name = key.removeprefix("escalation.")
            shown = (*estimate(list(found.by_seed.values())), len(found.by_seed))
            if found.paired < LEAST_COMPLETE * found.wanted:
                shown = (None, "incomplete", len(found.by_seed))
            rows.append((model, mode, what, name, *shown, found.wanted - found.paired))
    columns = ("model", "mode", "arms", "value", "difference", "95 %", "seeds", "dropped")
    note = (
        "Paired by scenario, averaged per seed; percentile bootstrap over seeds. Dropped: scenarios without "
        "one of the two arms. nvc_full less placebo is what the rules say, placebo less vanilla being told "
        "anything."
    )
    return Table("Paired effects", columns, tuple(rows), note)


def effect(observed: Sequence[Observation], plus: str, minus: str, key: str) -> Effect:
    """The difference of two arms; it has no seeds where an arm was not run."""
    first, second = (by_scenario(under(observed, arm), key) for arm in (plus, minus))
    if not first or not second:
        return Effect({}, 0, 0)
    either = {o.metadata["scenario_id"] for arm in (plus, minus) for o in under(observed, arm)}
    seeds: dict[str, list[float]] = {}
    for scenario, (seed, value) in first.items():
        if scenario in second:
            seeds.setdefault(seed, []).append(value - second[scenario][1])
    paired = sum(map(len, seeds.values()))
    return Effect({seed: fmean(values) for seed, values in seeds.items()}, paired, len(either))


def by_scenario(observed: Sequence[Observation], key: str) -> Values:
    """The value of each scenario with its seed, epochs averaged."""
    found: dict[str, tuple[str, list[float]]] = {}
    for o in observed:
        if key in o.values:
            found.setdefault(o.metadata["scenario_id"], (o.unit, []))[1].append(o.values[key])
    return {scenario: (seed, fmean(values)) for scenario, (seed, values) in found.items()}


def estimate(values: Sequence[float]) -> tuple[Value, Value]:
    """Mean and bootstrap interval over seeds."""
    mean = fmean(values)
    if len(values) < 2:
        return mean, "interval needs >= 2 seeds"
    if max(values) == min(values):
        return mean, interval(mean, mean, 3)
    found = stats.bootstrap(
        (np.array(values),),
        np.mean,
        n_resamples=RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(BOOTSTRAP_SEED),
    ).confidence_interval
    return mean, interval(float(found.low), float(found.high), 3)


def compliance(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """How often replies broke each rule, by arm, whether the prompt held the rule or not."""
    rows: list[tuple[Value, ...]] = [
        (model, mode, arm, *(mean_of(under(observed, arm), key) for key in (*RULE_KEYS, CONDUCT)))
        for (model, mode), observed in groups.items()
        for arm in arms_of(observed)
        if mean_of(under(observed, arm), CONDUCT) is not None
    ]
    columns = (
        "model", "mode", "arm", "V1 blames", "V2 passes over feeling", "V3 advises unasked", "V4 formulaic",
        "conduct",
    )  # fmt: skip
    note = (
        "Shares of replies, by open patterns. V2 and conduct are secondary: such patterns find few feelings."
    )
    return Table("Keeping to the rules", columns, tuple(rows), note)


def factorial(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """Main effect of each rule, where all eight cells were run."""
    rows: list[tuple[Value, ...]] = []
    for (model, mode), observed in groups.items():
        by_rule = {rule: main_effect(observed, rule) for rule in RULES}
        if not all(by_rule.values()):
            continue
        p_values = [p_value(list(found.values())) for found in by_rule.values()]
        adjusted = holm(p_values)
        for (rule, found), p in zip(by_rule.items(), adjusted, strict=True):
            rows.append((model, mode, rule, *estimate(list(found.values())), len(found), printed_p(p)))
    columns = ("model", "mode", "rule", "main effect on cts_d", "95 %", "seeds", "p, Holm")
    note = "Mean over the four cells of the other two rules of on less off, per seed."
    return Table("Which rule works", columns, tuple(rows), note)


def main_effect(observed: Sequence[Observation], rule: str) -> dict[str, float]:
    """The main effect of a rule in each seed; empty unless all eight cells were run."""
    pairs = [
        (next(arm for arm, held in CELLS.items() if held == rules | {rule}), without)
        for without, rules in CELLS.items()
        if rule not in rules
    ]
    found = [effect(observed, plus, minus, CHANGE).by_seed for plus, minus in pairs]
    seeds = set.intersection(*map(set, found))
    return {seed: fmean(cell[seed] for cell in found) for seed in sorted(seeds)}


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """The values corrected for three tests; None for all where one is unknown."""
    known = [p for p in p_values if p is not None]
    if len(known) < len(p_values):
        return [None] * len(p_values)
    corrected = np.asarray(multipletests(known, method="holm")[1], dtype=float)
    return [float(p) for p in corrected]


def printed_p(p: float | None) -> Value:
    """A value as it is printed: one that rounds to zero is a bound."""
    return "< 0.001" if p is not None and p < 0.001 else p


def p_value(values: Sequence[float]) -> float | None:
    """Of the test that the mean over seeds is zero; None where the values do not vary."""
    if len(values) < 2 or max(values) == min(values):
        return None
    return float(stats.ttest_1samp(values, 0.0).pvalue)  # pyright: ignore[reportAttributeAccessIssue]
