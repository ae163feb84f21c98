"""What the boards of this family show beside their headline: which groups of samples answer which question.

Pure: plain sample rows in, groups of values per seed out. The leaderboard computes the intervals.

| figure | dims | metric |
| --- | --- | --- |
| every value under each arm | `arm` | `escalation.cts_d`, `escalation.escalated`, … |
| who resists how much | `arm` and `resistance` | `escalation.cts_d`, `escalation.escalated` |
| content, being told anything | `contrast`: `nvc_full less placebo` … | `escalation.cts_d` |
| which rule works | `rule` c1, c2, c3: main effect over the four cells of the others | `escalation.cts_d` |
"""

from collections.abc import Iterable, Mapping

from interplay.tasks.observations import Estimand, Observation, unit_samples

CHANGE = "escalation.cts_d"
RANGES: Mapping[str, tuple[float, float]] = {
    CHANGE: (-0.25, 0.75),
    "escalation.escalated": (0.0, 1.0),
    "escalation.de_escalated": (0.0, 1.0),
    "escalation.conduct": (0.0, 1.0),
    "escalation.v1": (0.0, 1.0),
    "escalation.v2": (0.0, 1.0),
    "escalation.v3": (0.0, 1.0),
}
"""Keys that are given for each arm, with the range of one sample."""
BY_RESISTANCE = (CHANGE, "escalation.escalated")
RESISTANCES = ("low", "medium", "high")
CONTRASTS = (("nvc_full", "vanilla"), ("nvc_full", "placebo"), ("placebo", "vanilla"))
CELLS: Mapping[str, frozenset[str]] = {
    "vanilla": frozenset(),
    "c1": frozenset({"c1"}),
    "c2": frozenset({"c2"}),
    "c3": frozenset({"c3"}),
    "c12": frozenset({"c1", "c2"}),
    "c13": frozenset({"c1", "c3"}),
    "c23": frozenset({"c2", "c3"}),
    "nvc_full": frozenset({"c1", "c2", "c3"}),
}
"""The eight cells of the factorial: the rules that each arm holds."""
RULES = ("c1", "c2", "c3")


def summarise(observations: list[Observation]) -> list[Estimand]:
    """All figures that these samples can give; a group without samples gives none."""
    return [
        *by_arm(observations),
        *by_resistance(observations),
        *contrasts(observations),
        *main_effects(observations),
    ]


def by_arm(observations: list[Observation]) -> list[Estimand]:
    """Every value under each arm."""
    return [
        Estimand({"arm": arm}, key, units, range=bounds)
        for arm in arms_of(observations)
        for key, bounds in RANGES.items()
        if (units := values_of(of_arms(observations, arm), key))
    ]


def by_resistance(observations: list[Observation]) -> list[Estimand]:
    """Change and share of escalation under each arm, by how hard the person is to reach."""
    return [
        Estimand({"arm": arm, "resistance": resistance}, key, units, range=RANGES[key])
        for arm in arms_of(observations)
        for resistance in RESISTANCES
        for key in BY_RESISTANCE
        if (
            units := values_of(
                (o for o in of_arms(observations, arm) if o.metadata.get("resistance") == resistance), key
            )
        )
    ]


def contrasts(observations: list[Observation]) -> list[Estimand]:
    """Differences of two arms on the scenarios that have both."""
    found: list[Estimand] = []
    for plus, minus in CONTRASTS:
        first, second = both(observations, plus, minus)
        if first and second:
            dims = {"contrast": f"{plus} less {minus}"}
            found.append(Estimand(dims, CHANGE, first, second, "difference", RANGES[CHANGE]))
    return found


def both(
    observations: Iterable[Observation], plus: str, minus: str
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """The changes under two arms per seed, on the scenarios that have both."""
    everyone = list(observations)
    sides = [[o for o in of_arms(everyone, arm) if CHANGE in o.values] for arm in (plus, minus)]
    common = set.intersection(*({o.metadata.get("scenario_id") for o in side} for side in sides))
    first, second = (
        values_of((o for o in side if o.metadata.get("scenario_id") in common), CHANGE) for side in sides
    )
    return first, second


def main_effects(observations: list[Observation]) -> list[Estimand]:
    """Each rule on less off, over the four cells of the other two; nothing unless all eight are there."""
    if not set(CELLS) <= set(arms_of(observations)):
        return []
    found: list[Estimand] = []
    for rule in RULES:
        on, off = (
            values_of(of_arms(observations, *(arm for arm in CELLS if (rule in CELLS[arm]) is holds)), CHANGE)
            for holds in (True, False)
        )
        if on and off:
            found.append(Estimand({"rule": rule}, CHANGE, on, off, "difference", RANGES[CHANGE]))
    return found


def arms_of(observations: Iterable[Observation]) -> list[str]:
    """The arms of these samples, in order of appearance."""
    return list(dict.fromkeys(o.metadata["arm"] for o in observations if "arm" in o.metadata))


def of_arms(observations: Iterable[Observation], *arms: str) -> list[Observation]:
    """The samples of these arms that ran to their end."""
    return [o for o in observations if not o.errored and o.metadata.get("arm") in arms]


def values_of(observations: Iterable[Observation], key: str) -> dict[str, list[float]]:
    """The values of that key per seed."""
    return unit_samples(observations, lambda o: o.values.get(key))
