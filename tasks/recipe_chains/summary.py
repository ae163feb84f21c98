"""What the board of this family shows beside its headline (pure).

| figure | dims | metric |
| --- | --- | --- |
| share of hedged sentences by what was answered | `dose` | `hedging.hedged_share`, `hedging.hedged_share3` |
| by how apt hedging is | `uncertainty` | `hedging.hedged_share` |
| controlled shift: hedged less flat partner, same claims | `contrast` | `hedging.hedged_share`, `…share3` |
| calibration gap: topics of high less low uncertainty | `gap` | `hedging.hedged_share` |
| replies that could not be scored | `replies` | `hedging.unscored` |
"""

from interplay.tasks.observations import Estimand, Observation, unit_samples

SHARE, SHARE3, UNSCORED = "hedging.hedged_share", "hedging.hedged_share3", "hedging.unscored"
RANGE = (0.0, 1.0)
DOSES = ("flat", "mixed", "hedged")
SHIFT = {"contrast": "hedged less flat"}
GAP = {"gap": "high less low uncertainty"}
MISSING = {"replies": "unscored"}


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
    found += [one for key in (SHARE, SHARE3) if (one := shift(observations, key)) is not None]
    high, low = of(observations, SHARE, uncertainty="high"), of(observations, SHARE, uncertainty="low")
    if min(len(high), len(low)) > 1:
        found.append(Estimand(GAP, SHARE, high, low, "welch", RANGE))
    replies = unit_samples((o for o in observations if not o.errored), lambda o: float(SHARE not in o.values))
    if replies:
        found.append(Estimand(MISSING, UNSCORED, replies, range=RANGE))
    return found


def shift(observations: list[Observation], key: str) -> Estimand | None:
    """Hedged less flat text, paired by opener; None where no opener has both.

    With texts whose shares are 0, 1/2 and 1 this is also the slope of a reply's share on the partner's, with
    openers as fixed effects.
    """
    plus, minus = of(observations, key, dose="hedged"), of(observations, key, dose="flat")
    common = [unit for unit in plus if unit in minus]
    if not common:
        return None
    first, second = ({unit: side[unit] for unit in common} for side in (plus, minus))
    return Estimand(SHIFT, key, first, second, "difference", RANGE)


def of(observations: list[Observation], key: str, **wanted: str) -> dict[str, list[float]]:
    """Values of a key per opener, of the samples with this metadata that ran to their end."""
    chosen = (
        o
        for o in observations
        if not o.errored and all(o.metadata.get(name) == value for name, value in wanted.items())
    )
    return unit_samples(chosen, lambda o: o.values.get(key))
