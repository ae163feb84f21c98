"""Names, ranges and pairs that the analysis of the family shares (pure).

A *pair* is a scenario with one kind of simulated person: what two arms have in common. Its epochs are
averaged before arms are subtracted.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations
from statistics import fmean
from typing import TypeAlias

from interplay.tasks.observations import Observation

CHANGE = "escalation.cts_d"
ESCALATED = "escalation.escalated"
CONDUCT = "escalation.conduct"
WORDS = "escalation.words"
LEVELS = "escalation.levels"
"""Levels of anger of one conversation, the opening first, as digits between blanks."""
COMPLIANCE = ("escalation.v1", "escalation.v2", "escalation.v3")
FORMULAIC = "escalation.v4"
USEFUL = "escalation_judge.useful"
TAKES_SIDE = "escalation_judge.takes_side_on_unfair_claim"
ACCEPTS_CLAIM = "escalation_judge.accepts_checkable_claim"
JUDGED_CHANGE = "escalation_judge.cts_d"
"""The change of the level where a judge reads the signals."""
JUDGED_OPINION = "escalation_judge.cts_j"
"""The change from beginning to end as judges of the whole conversation put it."""
NEEDS: Mapping[str, str] = {ACCEPTS_CLAIM: "checkable_claim"}
"""Values that only scenarios with this metadata can have: a claim that nobody makes cannot be accepted."""

RANGES: Mapping[str, tuple[float, float] | None] = {
    CHANGE: (-0.25, 0.75),
    ESCALATED: (0.0, 1.0),
    "escalation.de_escalated": (0.0, 1.0),
    CONDUCT: (0.0, 1.0),
    **dict.fromkeys((*COMPLIANCE, FORMULAIC), (0.0, 1.0)),
    WORDS: (0.0, 400.0),
    JUDGED_CHANGE: (-1.0, 1.0),
    JUDGED_OPINION: (-2.0, 2.0),
    USEFUL: (0.0, 4.0),
    TAKES_SIDE: (0.0, 1.0),
    ACCEPTS_CLAIM: (0.0, 1.0),
}
"""Keys of one sample with their range. A reply has at most 400 tokens."""
BY_ARM = (CHANGE, ESCALATED, "escalation.de_escalated", CONDUCT, *COMPLIANCE, FORMULAIC, WORDS)
"""What a board holds of each arm; what a judge says has a place of its own there."""
GUARDS: Mapping[str, int] = {WORDS: 1, FORMULAIC: 1, USEFUL: -1, TAKES_SIDE: 1, ACCEPTS_CLAIM: 1}
"""Counter-metrics, with the sign of a difference that is harm."""
BY_RESISTANCE = (CHANGE, ESCALATED)
BY_CONTRAST = (CHANGE, ESCALATED, WORDS, FORMULAIC)
RESISTANCES = ("low", "medium", "high")
GROUPINGS = ("resistance", "profile", "domain")
"""Metadata that say what kind of person, and what the talk is about."""
CONTRASTS = (("nvc_full", "vanilla"), ("nvc_full", "placebo"), ("placebo", "vanilla"))
NAMED = tuple(dict.fromkeys(arm for pair in CONTRASTS for arm in reversed(pair)))
"""The arms of the contrasts; of the others an entry holds the fewer figures of `OF_OTHERS`."""
OF_OTHERS = (CHANGE, ESCALATED, CONDUCT, *COMPLIANCE, FORMULAIC)
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

LEAST_COMPLETE = 0.9
"""Share of the scenarios of any of the arms that have all of them, below which an effect is incomplete."""

Pair: TypeAlias = tuple[str, str, str]
"""Seed, scenario and kind of simulated person."""


def interactions() -> list[tuple[str, ...]]:
    """The sets of two and of three rules."""
    return [*combinations(RULES, 2), RULES]


def sign(arm: str, rules: Iterable[str]) -> int:
    """Coefficient of a cell in the effect of these rules: 1 or -1, by how many of them it lacks."""
    return -1 if sum(rule not in CELLS[arm] for rule in rules) % 2 else 1


def arms_of(observations: Iterable[Observation]) -> list[str]:
    """The arms of these samples, in order of appearance."""
    return list(dict.fromkeys(o.metadata["arm"] for o in observations if "arm" in o.metadata))


def simulators_of(observations: Iterable[Observation]) -> list[str]:
    """The kinds of simulated people of these samples, in order of appearance."""
    return list(dict.fromkeys(o.metadata["simulator"] for o in observations if "simulator" in o.metadata))


def of_arms(observations: Iterable[Observation], *arms: str) -> list[Observation]:
    """The samples of these arms that ran to their end."""
    return [o for o in observations if not o.errored and o.metadata.get("arm") in arms]


def pair_of(observation: Observation) -> Pair:
    """What this sample has in common with that of another arm."""
    metadata = observation.metadata
    return observation.unit, metadata.get("scenario_id", ""), metadata.get("simulator", "")


def scenario_means(observations: Iterable[Observation], key: str) -> dict[Pair, float]:
    """The value of each scenario, epochs averaged; one that was not scored is absent."""
    found: dict[Pair, list[float]] = {}
    for o in observations:
        if key in o.values:
            found.setdefault(pair_of(o), []).append(o.values[key])
    return {pair: fmean(values) for pair, values in found.items()}
