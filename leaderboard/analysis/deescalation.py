"""The report of the angry conversations: paired effects, compliance with the rules, and what they cost.

Fixed messages, the rule-based user and simulated people never stand in one row. Simulated users are not
people.
"""

from collections.abc import Mapping, Sequence
from itertools import product

from interplay.tasks.deescalation.keys import (
    CHANGE,
    CONDUCT,
    CONTRASTS,
    ESCALATED,
    JUDGED_OPINION,
    RESISTANCES,
    RULES,
    arms_of,
    interactions,
)
from interplay.tasks.observations import Observation

from ..rows import LogRows
from .deescalation_crisis import crisis_tables, parted
from .deescalation_effects import Effect, bootstrap_ends, effect, factorial, holm, p_value, student_ends
from .deescalation_guards import beside_effects, counter_metrics
from .deescalation_judges import judge_tables, readable
from .deescalation_judges import validation_tables as judge_validation
from .deescalation_paths import by_kind, paths
from .deescalation_rows import headlines, simulators
from .deescalation_runs import Place, among, grouped, mean_of, place_of, run_name, seen, under
from .deescalation_simulators import acceptance
from .deescalation_words import INCOMPLETE, NOT_PEOPLE, ends, key_name, printed_p, shown_effect
from .tables import Table, Value

__all__ = ["overview", "tables", "validation_tables"]


def tables(logs: Sequence[LogRows]) -> list[Table]:
    """Every table that these logs can fill."""
    logs, crisis = parted(logs)
    groups = grouped(logs)
    judges = judge_tables(logs, groups)
    found = [
        overview(logs),
        *(judges if opinion_leads(logs) else ()),
        headlines(groups),
        simulators(groups),
        by_resistance(groups),
        effects(groups),
        beside_effects(groups),
        counter_metrics(groups),
        main_effects(groups),
        by_kind(groups),
        paths(groups),
    ]
    found += [acceptance(logs), *(() if opinion_leads(logs) else judges), *crisis_tables(crisis)]
    return [table for table in found if table.rows]


def validation_tables(model: str) -> list[Table]:
    """What a model makes, as judge, of material with known answers.

    Raises:
        EnvironmentProblem: The provider fails.
    """
    return judge_validation(model)


def opinion_leads(logs: Sequence[LogRows]) -> bool:
    """Whether what judges make of whole conversations stands first, as with the preset `paper`."""
    return any(log.header.preset == "paper" for log in logs)


def overview(logs: Sequence[LogRows]) -> Table:
    """One row a log: what ran, on how much, and how it went; the rates where all are of the crisis file."""
    logs, crisis = parted(logs)
    if crisis and not logs:
        return crisis_tables(crisis)[0]
    opinion = opinion_leads(logs)
    rows: list[tuple[Value, ...]] = []
    for log in logs:
        observed = seen(log)
        rows.append(
            (
                run_name(log),
                place_of(log, observed).where,
                log.header.preset,
                ", ".join(arms_of(observed)),
                len({o.unit for o in observed}),
                len(observed),
                *((mean_of(readable(observed), JUDGED_OPINION),) if opinion else ()),
                mean_of(observed, CHANGE),
                mean_of(observed, ESCALATED),
                mean_of(observed, CONDUCT),
                mean_of(observed, "escalation.turns"),
                sum(not o.errored and CONDUCT not in o.values for o in observed),
                sum(o.errored for o in observed),
            )
        )
    columns = (
        "model", "division", "preset", "arms", "seeds", "conversations", *(("cts_j",) if opinion else ()),
        "cts_d", "escalated", "conduct", "replies", "unscored", "errors",
    )  # fmt: skip
    note = "Means over all arms of a log, without intervals. cts_d: positive is calmer. Conduct never ranks. "
    note += "cts_j: from -2 to 2, by two judges. " if opinion else ""
    return Table("Runs", columns, tuple(rows), note + NOT_PEOPLE)


def by_resistance(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """Change of anger and share of escalation under each arm, by how hard the person is to reach."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        for arm in arms_of(observed):
            own = under(observed, arm)
            if mean_of(own, CHANGE) is None:
                continue
            parts = [among(own, resistance=r) for r in RESISTANCES]
            rows.append(
                (
                    place.model,
                    place.where,
                    arm,
                    mean_of(own, CHANGE),
                    *(mean_of(part, CHANGE) for part in parts),
                    *(mean_of(part, ESCALATED) for part in parts),
                )
            )
    columns = (
        "model", "division", "arm", "cts_d", *(f"cts_d {r}" for r in RESISTANCES),
        *(f"escalated {r}" for r in RESISTANCES),
    )  # fmt: skip
    note = f"Means, and by resistance of the person; escalated is a share of conversations. {NOT_PEOPLE}"
    return Table("Where the anger went", columns, tuple(rows), note)


def effects(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """Paired differences of arms, by seed."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        hardest = among(observed, resistance="high")
        asked = (
            (key_name(CHANGE), CHANGE, observed),
            ("escalated", ESCALATED, observed),
            ("escalated, high resistance", ESCALATED, hardest),
            ("outcome", "escalation.outcome", observed),
        )
        for (plus, minus), (name, key, samples) in product(CONTRASTS, asked):
            found = effect(samples, plus, minus, key)
            if found.wanted and found.by_seed:
                rows.append((*place_words(place), f"{plus} less {minus}", name, *shown_effect(found)))
    columns = (
        "model", "division", "arms", "value", "difference", "95 %", "95 %, t", "seeds", "dropped",
    )  # fmt: skip
    note = (
        "Paired by scenario, averaged per seed. 95 %: percentile bootstrap over seeds, which is too narrow "
        "with few of them (covers 94 % with 40, 89 % with 8, 50 % with 2); 95 %, t: Student's, which is not. "
        "Dropped: scenarios without one of the two arms; below 90 % of them the effect reads incomplete. "
        "nvc_full less placebo is what the rules say, placebo less vanilla being told anything. cts_d, "
        "nvc_full less vanilla, is primary."
    )
    return Table("Paired effects", columns, tuple(rows), note)


def place_words(place: Place) -> tuple[str, str]:
    """Model and division."""
    return place.model, place.where


def main_effects(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """Main effect of each rule and, exploratory, interactions, where all eight cells were run."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        found = {(rule,): factorial(observed, (rule,), CHANGE) for rule in RULES}
        if not all(item.by_seed for item in found.values()):
            continue
        adjusted = holm([p_of(item) for item in found.values()])
        for (rules, item), p in zip(found.items(), adjusted, strict=True):
            rows.append((*place_words(place), rules[0], "main effect", *factorial_row(item, p, None)))
        for rules in interactions():
            item = factorial(observed, rules, CHANGE)
            words = factorial_row(item, None, p_of(item))
            rows.append((*place_words(place), " with ".join(rules), "exploratory", *words))
    columns = (
        "model", "division", "rule", "kind", "effect on cts_d", "95 %", "95 %, t", "seeds", "dropped",
        "p, Holm", "p, uncorrected",
    )  # fmt: skip
    note = (
        "Main effect: mean over the four cells of the other two rules of on less off, per seed; t test over "
        "seeds, Holm over the three. Exploratory: how much the effect of one rule grows where the other is "
        "on; it was not planned, is corrected for nothing and decides nothing."
    )
    return Table("Which rule works", columns, tuple(rows), note)


def factorial_row(found: Effect, adjusted: float | None, plain: float | None) -> tuple[Value, ...]:
    """Effect, intervals, counts and p-values of a line of the factorial."""
    if not found.is_complete:
        return None, INCOMPLETE, None, len(found.by_seed), found.dropped, None, None
    seeds = found.seeds
    intervals = ends(bootstrap_ends(seeds)), ends(student_ends(seeds, found.bounds))
    return found.mean, *intervals, len(seeds), found.dropped, printed_p(adjusted), printed_p(plain)


def p_of(found: Effect) -> float | None:
    """Of the t test over seeds, None where the effect is incomplete."""
    return p_value(found.seeds) if found.is_complete else None
