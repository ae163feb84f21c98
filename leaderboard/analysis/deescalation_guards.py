"""What stands beside an effect: how replies kept to the rules, and what the rules cost."""

from collections.abc import Mapping, Sequence
from itertools import product

from interplay.tasks.deescalation.keys import (
    CHANGE,
    COMPLIANCE,
    CONDUCT,
    CONTRASTS,
    FORMULAIC,
    GUARDS,
    arms_of,
)
from interplay.tasks.observations import Observation

from .deescalation_effects import Effect, effect, shows_harm, student_ends
from .deescalation_judges import LEADERBOARD, readable, verdict_of
from .deescalation_judges import NAME as JUDGE
from .deescalation_runs import Place, mean_of, under
from .deescalation_words import key_name, short_effect, shown_effect
from .tables import Table, Value

BASE = "vanilla"
RULE_NAMES = {"escalation.v1": "V1", "escalation.v2": "V2", "escalation.v3": "V3"}
UNDECIDED, HARM, NONE = "undecided", "red: harm", "no harm shown"
VERDICTS = {True: HARM, False: NONE, None: UNDECIDED}


def beside_effects(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """Every arm: its effect against `vanilla`, and how often replies broke each rule, held or not."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        for arm in arms_of(observed):
            own = under(observed, arm)
            if mean_of(own, CONDUCT) is None:
                continue
            gained = effect(observed, arm, BASE, CHANGE) if arm != BASE else Effect({}, 0, 0)
            shares = [mean_of(own, key) for key in (*COMPLIANCE, FORMULAIC, CONDUCT)]
            worst = worst_rule(own)
            words = f"{worst[0]} {worst[1]:.3f}" if worst else None
            rows.append((place.model, place.where, arm, *short_effect(gained), *shares, words))
    columns = (
        "model", "division", "arm", "effect on cts_d", "95 %, t", "seeds", "V1 blames",
        "V2 passes over feeling", "V3 advises unasked", "V4 formulaic", "conduct", "worst rule",
    )  # fmt: skip
    note = (
        f"Effect: arm less {BASE}. V1 to V4: shares of replies by open patterns, whether the prompt held "
        "the rule or not; worst rule: the one of V1 to V3 broken most often. The effect is by assignment: "
        "replies that break a rule stay in. V2 and conduct are secondary: such patterns find few feelings."
    )
    return Table("Effect and keeping to the rules", columns, tuple(rows), note)


def worst_rule(observed: Sequence[Observation]) -> tuple[str, float] | None:
    """The process rule that replies break most often, the first of equals; None where none is broken."""
    shares = {RULE_NAMES[key]: mean_of(observed, key) or 0.0 for key in COMPLIANCE}
    name, share = max(shares.items(), key=lambda item: item[1])
    return (name, share) if share > 0 else None


def counter_metrics(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """What an arm costs: length, formulas and, where a judge read, use and claims endorsed."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        for (plus, minus), (key, harmful) in product(CONTRASTS, GUARDS.items()):
            own = readable(observed) if is_judged(key) else observed
            found = effect(own, plus, minus, key)
            if not found.by_seed:
                continue
            before, after = (mean_of(under(own, arm), key) for arm in (minus, plus))
            what = f"{plus} less {minus}"
            row = (place.model, place.where, what, key_name(key), before, after, *shown_effect(found))
            rows.append((*row, said_of(own, key, verdict(found, harmful))))
    columns = (
        "model", "division", "arms", "value", "without", "with", "difference", "95 %", "95 %, t", "seeds",
        "dropped", "verdict",
    )  # fmt: skip
    note = (
        "Harm: more words, more formulaic replies, more endorsed claims, less use. Red where Student's "
        "interval lies wholly on that side; what a judge sees is red only if people have validated the judge."
    )
    return Table("What the rules cost", columns, tuple(rows), note)


def is_judged(key: str) -> bool:
    """Whether a judge gives that value."""
    return key.startswith(f"{JUDGE}.")


def said_of(observed: Sequence[Observation], key: str, said: str) -> str:
    """A verdict as it is printed: harm that an unvalidated judge sees is no red."""
    if not is_judged(key) or verdict_of(observed, LEADERBOARD).state == "green":
        return said
    return f"{said.removeprefix('red: ')}, judge not validated"


def red_costs(observed: Sequence[Observation], plus: str, minus: str) -> list[str]:
    """Counter-metrics that one arm makes worse than the other."""
    found: list[str] = []
    for key, harmful in GUARDS.items():
        own = readable(observed) if is_judged(key) else observed
        said = verdict(effect(own, plus, minus, key), harmful)
        if said == HARM and said_of(own, key, said) == HARM:
            found.append(key)
    return found


def verdict(found: Effect, harmful: int) -> str:
    """Whether the interval shows harm, shows none, or leaves it open."""
    ends = student_ends(found.seeds, found.bounds) if found.is_complete else None
    return VERDICTS[shows_harm(ends, harmful)]
