"""The row of each model in each division, and whether two simulators say the same of it."""

from collections.abc import Mapping, Sequence

from interplay.tasks.deescalation.keys import (
    CHANGE,
    CONTRASTS,
    ESCALATED,
    JUDGED_CHANGE,
    of_arms,
)
from interplay.tasks.observations import Observation

from .deescalation_effects import Effect, effect
from .deescalation_guards import red_costs, worst_rule
from .deescalation_judges import readable
from .deescalation_runs import Place, among, mean_of
from .deescalation_words import key_name, short_effect
from .tables import Table, Value

HEADLINE = CONTRASTS[0]
RULED, BASE = HEADLINE
FEWEST_SIMULATORS = 2
NEEDS_TWO = "not ranked: needs two simulators"
DIFFER = "not ranked: signs differ"
AGREE = "signs agree: ranked if both are admitted"


def headlines(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """One row a model and division: the columns of a board; no total."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        base, ruled = (of_arms(observed, arm) for arm in (BASE, RULED))
        worst = worst_rule(ruled)
        red = [key_name(key) for key in red_costs(observed, RULED, BASE)]
        costs = ", ".join(red) if red else "none" if base and ruled else None
        change, interval, seeds = short_effect(effect(observed, RULED, BASE, CHANGE))
        rows.append(
            (
                place.model,
                place.where,
                mean_of(base, CHANGE),
                mean_of(among(base, resistance="high"), ESCALATED),
                change,
                interval,
                seeds or len({o.unit for o in observed}),
                f"{worst[0]} {worst[1]:.3f}" if worst else None,
                costs,
            )
        )
    columns = (
        "model", "division", "cts_d vanilla", "P(escalated | high)", "NVC effect", "95 %, t", "seeds",
        "worst rule", "red",
    )  # fmt: skip
    note = (
        "Divisions are never compared. NVC effect: nvc_full less vanilla on cts_d. Worst rule: the one that "
        "replies under nvc_full break most often. Red: counter-metrics that nvc_full makes worse. No total."
    )
    return Table("Model by division", columns, tuple(rows), note)


def simulators(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """The effect of a model with each simulator of people, and whether their signs agree."""
    found: dict[str, dict[str, tuple[str, Effect]]] = {}
    for place, observed in groups.items():
        if place.division == "LLM user":
            key = JUDGED_CHANGE if any(JUDGED_CHANGE in o.values for o in readable(observed)) else CHANGE
            gained = effect(observed, RULED, BASE, key)
            found.setdefault(place.model, {})[place.person] = key_name(key), gained
    rows: list[tuple[Value, ...]] = []
    for model, people in found.items():
        said = agreement([gained for _, gained in people.values()])
        for person, (name, gained) in people.items():
            rows.append((model, person, name, *short_effect(gained), said))
    columns = ("model", "simulator", "value", "NVC effect", "95 %, t", "seeds", "verdict")
    note = (
        "A row with people simulated by a language model is ranked if the effect has one sign with two that "
        "were admitted (`interplay deescalation admit`)."
    )
    return Table("Simulated people", columns, tuple(rows), note)


def agreement(gained: Sequence[Effect]) -> str:
    """Whether the effects of several simulators have one sign, so that the row may be ranked."""
    means = [mean for item in gained if (mean := item.mean) is not None]
    if len(means) < FEWEST_SIMULATORS:
        return NEEDS_TWO
    return AGREE if len({(mean > 0) - (mean < 0) for mean in means}) == 1 else DIFFER


__all__ = ["agreement", "headlines", "simulators"]
