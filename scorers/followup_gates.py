"""Whether a judge may be believed: its labels and those of the rules against those of two people (pure).

| gate | threshold |
| --- | --- |
| people with each other, Krippendorff's alpha | 0.70 genuine or not, 0.60 all labels |
| judge with people, weighted kappa | 0.70 genuine or not |
| precision of the judge's `genuine` | 0.85, lower 95 % limit 0.75 |
| rules with people | kappa 0.60, precision 0.85 |
| second judge of another vendor | alpha, reported |
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import NormalDist
from typing import NamedTuple

from pydantic import BaseModel

GENUINE = "genuine"
Z = NormalDist().inv_cdf(0.975)


class Human(NamedTuple):
    """One turn with the labels of two people, what they settled on, and those of judge and rules."""

    first: str
    second: str
    settled: str
    judge: str
    rules: str
    other_judge: str | None
    weight: float


class Gate(BaseModel):
    """One figure, its threshold, and whether it is met; None where a figure could not be had."""

    name: str
    value: float | None
    threshold: float
    met: bool

    def __str__(self) -> str:
        """`kappa 0.61, needs 0.70`."""
        value = "none" if self.value is None else f"{self.value:.2f}"
        return f"{self.name} {value}, needs {self.threshold:.2f}"


class Validation(BaseModel):
    """What stands in `<grader>.json`; valid for one judge, one prompt and one version of the rules."""

    grader: str
    prompt_sha256: str
    rules_version: str
    items: int
    met: bool
    gates: list[Gate]
    sensitivity: float | None
    specificity: float | None
    second_judge_alpha: float | None


def gates_of(items: Sequence[Human]) -> list[Gate]:
    """All gates, the first table's rows in order."""
    judge = [(_is_genuine(i.settled), _is_genuine(i.judge), i.weight) for i in items]
    rules = [(_is_genuine(i.settled), _is_genuine(i.rules), i.weight) for i in items]
    people = [(_is_genuine(i.first), _is_genuine(i.second)) for i in items]
    return [
        _gate("people, genuine or not: alpha", alpha(people), 0.70),
        _gate("people, all labels: alpha", alpha([(i.first, i.second) for i in items]), 0.60),
        _gate("judge and people: kappa", kappa(judge), 0.70),
        _gate("judge: precision of genuine", precision(judge), 0.85),
        _gate("judge: precision, lower 95 % limit", precision_limit(judge), 0.75),
        _gate("rules and people: kappa", kappa(rules), 0.60),
        _gate("rules: precision of genuine", precision(rules), 0.85),
    ]


def validation(items: Sequence[Human], grader: str, prompt_sha256: str, rules_version: str) -> Validation:
    """The outcome for one judge."""
    gates = gates_of(items)
    judge = [(_is_genuine(i.settled), _is_genuine(i.judge), i.weight) for i in items]
    both = [(_is_genuine(i.judge), _is_genuine(i.other_judge)) for i in items if i.other_judge is not None]
    return Validation(
        grader=grader,
        prompt_sha256=prompt_sha256,
        rules_version=rules_version,
        items=len(items),
        met=all(gate.met for gate in gates),
        gates=gates,
        sensitivity=_number(_share((called, w) for true, called, w in judge if true)),
        specificity=_number(_share((not called, w) for true, called, w in judge if not true)),
        second_judge_alpha=_number(alpha(both)),
    )


def _is_genuine(label: str) -> bool:
    return label == GENUINE


def _gate(name: str, value: float, threshold: float) -> Gate:
    return Gate(name=name, value=_number(value), threshold=threshold, met=value >= threshold)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


def _share(pairs: Iterable[tuple[bool, float]]) -> float:
    found = list(pairs)
    total = math.fsum(weight for _, weight in found)
    return math.fsum(weight for holds, weight in found if holds) / total if total else math.nan


def alpha(pairs: Sequence[tuple[object, object]]) -> float:
    """Krippendorff's alpha for two coders and nominal labels, NaN without any disagreement possible."""
    counts = Counter[object](label for pair in pairs for label in pair)
    total = counts.total()
    expected = total * total - sum(n * n for n in counts.values())
    if not expected:
        return math.nan
    observed = 2 * sum(first != second for first, second in pairs)
    return 1 - (total - 1) * observed / expected


def kappa(triples: Sequence[tuple[bool, bool, float]]) -> float:
    """Cohen's kappa of two yes-or-no labels, weighted, NaN where chance alone agrees."""
    agreed = _share((true == called, weight) for true, called, weight in triples)
    yes = _share((true, weight) for true, _, weight in triples)
    called_yes = _share((called, weight) for _, called, weight in triples)
    chance = yes * called_yes + (1 - yes) * (1 - called_yes)
    return (agreed - chance) / (1 - chance) if chance < 1 else math.nan


def precision(triples: Sequence[tuple[bool, bool, float]]) -> float:
    """Weighted share of the turns called genuine that are, NaN without any."""
    return _share((true, weight) for true, called, weight in triples if called)


def precision_limit(triples: Sequence[tuple[bool, bool, float]]) -> float:
    """Lower end of Wilson's 95 % interval of the precision, with Kish's effective number of turns."""
    weights = [weight for _, called, weight in triples if called]
    if not weights:
        return math.nan
    share, number = precision(triples), math.fsum(weights) ** 2 / math.fsum(w * w for w in weights)
    middle = share + Z * Z / (2 * number)
    half = Z * math.sqrt(share * (1 - share) / number + Z * Z / (4 * number * number))
    return (middle - half) / (1 + Z * Z / number)
