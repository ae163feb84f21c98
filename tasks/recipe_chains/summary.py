"""What the board of this family shows beside its headline (pure).

| figure | dims | metric |
| --- | --- | --- |
| share of hedged sentences by what was answered | `dose` | `hedging.hedged_share`, `hedging.hedged_share3` |
| by how apt hedging is | `uncertainty` | `hedging.hedged_share` |
| controlled shift: hedged less flat partner, same claims | `contrast` | `hedging.hedged_share`, `…share3` |
| calibration gap: topics of high less low uncertainty | `gap` | `hedging.hedged_share` |
"""

from interplay.tasks.observations import Estimand, Observation, unit_samples

SHARE, SHARE3 = "hedging.hedged_share", "hedging.hedged_share3"
RANGE = (0.0, 1.0)
DOSES = ("flat", "mixed", "hedged")


def summarise(observations: list[Observation]) -> list[Estimand]:
    """All figures that these samples can give; a group without samples gives none."""
    found: list[Estimand] = []
    for dose in DOSES:
        for key in (SHARE, SHARE3):
            if units := of(observations, key, dose=dose):
                found.append(Estimand({"dose": dose}, key, units, range=RANGE))
    for uncertainty in ("low", "high"):
        if units := of(observations, SHARE, uncertainty=uncertainty):
            found.append(Estimand({"uncertainty": uncertainty}, SHARE, units, range=RANGE))
    for key in (SHARE, SHARE3):
        plus, minus = of(observations, key, dose="hedged"), of(observations, key, dose="flat")
        common = plus.keys() & minus.keys()
        if common:
            first, second = (
                {unit: values for unit, values in side.items() if unit in common} for side in (plus, minus)
            )
            found.append(Estimand({"contrast": "hedged less flat"}, key, first, second, "difference", RANGE))
    high, low = of(observations, SHARE, uncertainty="high"), of(observations, SHARE, uncertainty="low")
    if high and low:
        found.append(Estimand({"gap": "high less low uncertainty"}, SHARE, high, low, "groups", RANGE))
    return found


def of(observations: list[Observation], key: str, **wanted: str) -> dict[str, list[float]]:
    """Values of a key per opener, of the samples with this metadata that ran to their end."""
    chosen = (
        o
        for o in observations
        if not o.errored and all(o.metadata.get(name) == value for name, value in wanted.items())
    )
    return unit_samples(chosen, lambda o: o.values.get(key))
