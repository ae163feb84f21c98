"""What the boards of this family show beside their headline: which groups of samples answer which question.

Pure: plain sample rows in, groups of values per seed out. The leaderboard computes the intervals. An entry
is small, so that what a run of all eight cells would repeat of other boards is left to the report.

| figure | dims | metric |
| --- | --- | --- |
| every value under each arm | `arm` | `escalation.cts_d`, `escalation.v1`, `escalation.words`, … |
| who resists how much | `arm` and `resistance` | `escalation.cts_d`, `escalation.escalated` |
| what kind of person, which domain | `profile` or `domain`, of the only arm | `escalation.cts_d` |
| content, being told anything, and what they cost | `contrast`: `nvc_full less placebo` … | most of these |
| the same for kinds of people | `contrast` and `resistance`, `profile` or `domain` | `escalation.cts_d` |
| which rule works | `rule` c1, c2, c3; exploratory: `interaction` | `escalation.cts_d` |
| level after each reply, who stays | `arm`, `turn`, `resistance` | `escalation.level`, `escalation.talking` |
| whether simulators agree | `contrast` and `simulator`; `check` | change of anger, `escalation.agree` |
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import fmean

from interplay.tasks.observations import Estimand, Observation

from .keys import (
    BY_ARM,
    BY_CONTRAST,
    BY_RESISTANCE,
    CELLS,
    CHANGE,
    CONTRASTS,
    ESCALATED,
    GROUPINGS,
    JUDGED_CHANGE,
    LEAST_COMPLETE,
    LEVELS,
    NAMED,
    OF_OTHERS,
    RANGES,
    RESISTANCES,
    RULES,
    Pair,
    arms_of,
    interactions,
    of_arms,
    pair_of,
    scenario_means,
    sign,
    simulators_of,
)

HEADLINE = CONTRASTS[0]
TOP_LEVEL = 4.0
RULE = "rule"
"""The kind of person that no language model writes for."""
STAYS = 2
"""Messages of the person after the opening that everybody sends."""
AGREE = {"check": "simulated people agree"}


def summarise(observations: list[Observation]) -> list[Estimand]:
    """All figures that these samples can give; a group without samples gives none."""
    return [
        *by_arm(observations),
        *by_resistance(observations),
        *contrasts(observations),
        *by_kind(observations),
        *factorial(observations),
        *trajectories(observations),
        *by_simulator(observations),
    ]


def by_arm(observations: list[Observation]) -> list[Estimand]:
    """Every value under each arm."""
    return [
        Estimand({"arm": arm}, key, units, range=RANGES[key])
        for arm in arms_of(observations)
        for key in (*BY_ARM, *judged_of(observations))
        if (arm in NAMED or key in OF_OTHERS) and (units := units_of(of_arms(observations, arm), key))
    ]


def judged_of(observations: list[Observation]) -> tuple[str, ...]:
    """The change by judged levels where a language model writes for the person: it is ranked by there."""
    return (JUDGED_CHANGE,) if set(simulators_of(observations)) - {RULE} else ()


def by_resistance(observations: list[Observation]) -> list[Estimand]:
    """Change and share of escalation under each arm, by how hard the person is to reach."""
    return [
        Estimand({"arm": arm, "resistance": resistance}, key, units, range=RANGES[key])
        for arm in arms_of(observations)
        if arm in NAMED
        for resistance in RESISTANCES
        for key in BY_RESISTANCE
        if (units := units_of(among(of_arms(observations, arm), resistance=resistance), key))
    ]


def contrasts(observations: list[Observation]) -> list[Estimand]:
    """Differences of two arms on the scenarios that have both; escalation also among the hardest people."""
    found = [
        item
        for plus, minus in CONTRASTS
        for key in (*BY_CONTRAST, *judged_of(observations))
        if (item := difference(observations, plus, minus, key))
    ]
    for arm in arms_of(observations):
        item = None if arm in NAMED else difference(observations, arm, "vanilla", CHANGE)
        found += [item] if item else []
    hardest = among(observations, resistance="high")
    found += [
        item
        for plus, minus in CONTRASTS
        if (item := difference(hardest, plus, minus, ESCALATED, resistance="high"))
    ]
    return found


def by_kind(observations: list[Observation]) -> list[Estimand]:
    """The change of anger for each kind of person: the effect of the rules, or the value of an only arm."""
    found: list[Estimand] = []
    only = len(arms_of(observations)) == 1
    if set(CELLS) <= set(arms_of(observations)):
        return found
    for grouping in GROUPINGS:
        for word in dict.fromkeys(o.metadata[grouping] for o in observations if grouping in o.metadata):
            own = among(observations, **{grouping: word})
            if not only:
                item = difference(own, *HEADLINE, CHANGE, **{grouping: word})
                found += [item] if item else []
            elif grouping != "resistance" and (units := units_of(own, CHANGE)):
                found.append(Estimand({grouping: word}, CHANGE, units, range=RANGES[CHANGE]))
    return found


def difference(
    observations: Sequence[Observation], plus: str, minus: str, key: str, **dims: str
) -> Estimand | None:
    """The difference of two arms on the scenarios that have both, or None without any.

    With too few of them it is there without a value.
    """
    first, second = (scenario_means(of_arms(observations, arm), key) for arm in (plus, minus))
    common = [pair for pair in first if pair in second]
    if not common:
        return None
    kept = common if is_enough(common, observations, (plus, minus)) else []
    own, base = [by_unit((pair, means[pair]) for pair in kept) for means in (first, second)]
    found = {"contrast": f"{plus} less {minus}", **dims}
    return Estimand(found, key, own, base, "difference", RANGES[key])


def is_enough(complete: Sequence[Pair], observations: Iterable[Observation], arms: Collection[str]) -> bool:
    """Whether so many of the scenarios that any of these arms has are complete that an effect can be read."""
    wanted = {pair_of(o) for o in observations if o.metadata.get("arm") in arms}
    return len(complete) >= LEAST_COMPLETE * len(wanted)


def factorial(observations: list[Observation]) -> list[Estimand]:
    """Main effects and interactions on scenarios that have all eight cells; nothing unless there are some.

    The main effect of a rule is the mean over the four cells of the other two of on less off. An interaction
    is how much the effect of one rule grows where another is on.
    """
    cells = {arm: scenario_means(of_arms(observations, arm), CHANGE) for arm in CELLS}
    complete = [pair for pair in cells["vanilla"] if all(pair in means for means in cells.values())]
    if not complete:
        return []
    complete = complete if is_enough(complete, observations, CELLS) else []
    found: list[Estimand] = []
    low, high = RANGES[CHANGE] or (0.0, 1.0)
    for rules in [(rule,) for rule in RULES] + interactions():
        scale = 2.0 ** (len(rules) - 1)
        on, off = [
            by_unit(
                (pair, scale * fmean(cells[arm][pair] for arm in CELLS if sign(arm, rules) == side))
                for pair in complete
            )
            for side in (1, -1)
        ]
        dims = {"rule": rules[0]} if len(rules) == 1 else {"interaction": " with ".join(rules)}
        found.append(Estimand(dims, CHANGE, on, off, "difference", (scale * low, scale * high)))
    return found


def trajectories(observations: list[Observation]) -> list[Estimand]:
    """Mean level after each reply and the share of people who still talk; turns not played are left out.

    An only arm over all people, else the arms of the headline by resistance. Turn 0 is level 3 by
    construction.
    """
    arms = arms_of(observations)
    if len(arms) == 1:
        return trajectory({"arm": arms[0]}, of_arms(observations, *arms))
    if set(arms) >= set(CELLS):
        return []
    return [
        item
        for arm in HEADLINE
        for r in RESISTANCES
        for item in trajectory({"arm": arm, "resistance": r}, among(of_arms(observations, arm), resistance=r))
    ]


def trajectory(dims: Mapping[str, str], observations: Sequence[Observation]) -> list[Estimand]:
    """One path, reply by reply."""
    paths = [
        (pair_of(o), [float(level) for level in o.words[LEVELS].split()])
        for o in observations
        if LEVELS in o.words and CHANGE in o.values
    ]
    longest = max((len(levels) for _, levels in paths), default=0)
    found: list[Estimand] = []
    for turn in range(1, longest):
        place = {**dims, "turn": str(turn)}
        levels = by_unit((pair, path[turn]) for pair, path in paths if turn < len(path))
        found.append(Estimand(place, "escalation.level", levels, range=(0.0, TOP_LEVEL)))
        if turn > STAYS:
            stays = by_unit((pair, float(turn < len(path))) for pair, path in paths)
            found.append(Estimand(place, "escalation.talking", stays, range=(0.0, 1.0)))
    return found


def by_simulator(observations: list[Observation]) -> list[Estimand]:
    """The effect with each kind of simulated person, where there are two, and whether the signs agree.

    By judged levels where a judge read, since open patterns read invented people less well.
    """
    names = simulators_of(observations)
    if len(names) < 2:
        return []
    key = JUDGED_CHANGE if any(JUDGED_CHANGE in o.values for o in observations) else CHANGE
    found = [
        item
        for name in names
        if (item := difference(among(observations, simulator=name), *HEADLINE, key, simulator=name))
    ]
    if len(found) < 2 or not all(item.units for item in found):
        return found
    means = [mean_of(item.units) - mean_of(item.minus or {}) for item in found]
    agree = float(len({(mean > 0) - (mean < 0) for mean in means}) == 1)
    units = {unit: [agree] for unit in found[0].units}
    return [*found, Estimand(AGREE, "escalation.agree", units, range=(0.0, 1.0))]


def mean_of(units: Mapping[str, Sequence[float]]) -> float:
    """Mean over units of their means."""
    return fmean(fmean(values) for values in units.values())


def among(observations: Iterable[Observation], **wanted: str) -> list[Observation]:
    """The samples with this metadata."""
    return [o for o in observations if all(o.metadata.get(key) == word for key, word in wanted.items())]


def units_of(observations: Iterable[Observation], key: str) -> dict[str, list[float]]:
    """The values of that key per seed, epochs of a scenario averaged."""
    return by_unit(scenario_means(observations, key).items())


def by_unit(values: Iterable[tuple[Pair, float]]) -> dict[str, list[float]]:
    """Values of scenarios by their seed."""
    found: dict[str, list[float]] = {}
    for (seed, _, _), value in values:
        found.setdefault(seed, []).append(value)
    return found
