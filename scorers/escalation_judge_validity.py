"""Whether a judge of angry conversations may be believed, by the levels that three people gave (pure).

| condition | threshold |
| --- | --- |
| people with each other: Krippendorff's alpha, ordinal | at least 0.67 |
| judge with the people's median: Cohen's kappa, quadratic weights | 0.60, at most 0.10 below people |
| effects of the rules by two judges | the same sign |

Green if all hold, amber if one does not, grey without labels for this judge and prompt. With labels the
effect stands beside itself without the judge's errors, mean_N(f) + mean_n(y - f) with the variance
var(f) / N + var(y - f) / n (prediction-powered inference, Angelopoulos et al. 2023): f is the judge's effect
in a seed, y that of the people, from labelled conversations of the same model with people of the same kind.
Where the two differ in sign the effect is withheld.
"""

import math
from collections.abc import Callable, Collection, Sequence
from itertools import combinations, permutations
from pathlib import Path
from statistics import fmean, variance
from typing import NamedTuple

from interplay.tasks.judged import Figure, JudgedRun, Validity

from .escalation_judge_gold import ARMS, GoldTurn, read_gold
from .escalation_level import TOP
from .model_identity import same_name

GOLD = Path("data") / "gold" / "deescalation.jsonl"
"""Where labels stand below `leaderboard`."""
ALPHA, KAPPA, BELOW_PEOPLE = 0.67, 0.60, 0.10
EFFECT = "escalation_judge.cts_d"
"""The figure that is corrected on the board of the effect."""
SIMULATED = ("persona", "state")
"""Simulators of people that a model plays; the others are the rules."""
BY_JUDGE = ("escalation_judge.cts_j_grader", "escalation_judge.cts_j_grader_b")
CONFIDENCE = 0.95


class Agreement(NamedTuple):
    """How people agree with each other and with the judge; NaN where nothing varies.

    Attributes:
        people_alpha: Ordinal alpha of the people.
        judge_kappa: Judge with the median of the people.
        people_kappa: Mean over the pairs of people.
        turns: Labelled messages.
    """

    people_alpha: float
    judge_kappa: float
    people_kappa: float
    turns: int

    @property
    def missed(self) -> list[str]:
        """The conditions that do not hold, in words."""
        found: list[str] = []
        if not self.people_alpha >= ALPHA:
            found.append(f"alpha of the people is {_shown(self.people_alpha)}, needs {ALPHA:.2f}")
        if not self.judge_kappa >= KAPPA:
            found.append(f"kappa of judge and people is {_shown(self.judge_kappa)}, needs {KAPPA:.2f}")
        elif not self.judge_kappa >= self.people_kappa - BELOW_PEOPLE:
            own, theirs = _shown(self.judge_kappa), _shown(self.people_kappa)
            said = f"kappa of judge and people is {own}, more than {BELOW_PEOPLE:.2f} below the people's"
            found.append(f"{said} {theirs}")
        return found


class Rectifier(NamedTuple):
    """How far the people's effect is from the judge's, over labelled seeds.

    Attributes:
        mean: Mean of y - f.
        variance: Of y - f between seeds.
        seeds: Labelled seeds.
    """

    mean: float
    variance: float
    seeds: int


def validity(run: JudgedRun, leaderboard: Path) -> Validity:
    """The verdict where no effect is shown: labels of people alone decide.

    Args:
        run: What an entry holds of the judge.
        leaderboard: The folder of that name in a checkout.

    Raises:
        UserMistake: the file of labels holds something else.
    """
    labels = labels_for(run, read_gold(leaderboard / GOLD))
    if not labels:
        return grey()
    return _verdict(labels, agreement(labels).missed)


def effect_validity(run: JudgedRun, leaderboard: Path) -> Validity:
    """The verdict on an effect with the rule-based user: its sign by two judges counts, and it is corrected.

    Args:
        run: What an entry holds of the judges; its figures are differences of two arms.
        leaderboard: The folder of that name in a checkout.

    Raises:
        UserMistake: the file of labels holds something else.
    """
    return _effect_validity(run, leaderboard, ("rule",))


def simulated_effect_validity(run: JudgedRun, leaderboard: Path) -> Validity:
    """The same of an effect with people whom a language model plays.

    Args:
        run: What an entry holds of the judges; its figures are differences of two arms.
        leaderboard: The folder of that name in a checkout.

    Raises:
        UserMistake: the file of labels holds something else.
    """
    return _effect_validity(run, leaderboard, SIMULATED)


def _effect_validity(run: JudgedRun, leaderboard: Path, simulators: Collection[str]) -> Validity:
    labels = labels_for(run, read_gold(leaderboard / GOLD))
    if not labels:
        return grey()
    missed = [*agreement(labels).missed, *disagreement([run.figures.get(key) for key in BY_JUDGE])]
    raw, found = run.figures.get(EFFECT), rectifier(labels_of(run.model, simulators, labels))
    if raw is None or found is None:
        return _verdict(labels, missed)
    without = corrected_effect(raw, found)
    if raw.value * without.value < 0:
        words = f"without the judge's errors the effect is {without.value:+.2f} in place of {raw.value:+.2f}"
        verdict = _verdict(labels, [*missed, words])
        return Validity(verdict.state, verdict.reason, {EFFECT: without}, frozenset({EFFECT}))
    verdict = _verdict(labels, missed)
    return Validity(verdict.state, verdict.reason, {EFFECT: without})


def grey() -> Validity:
    """The verdict without labels."""
    return Validity("grey", "Nobody has labelled messages to compare this judge with.")


def _verdict(labels: Sequence[GoldTurn], missed: Sequence[str]) -> Validity:
    on = f"{len(labels)} messages that three people labelled"
    if missed:
        return Validity("amber", f"On {on}: {'; '.join(missed)}.")
    return Validity("green", f"All conditions hold on {on}.")


def labels_for(run: JudgedRun, labels: Sequence[GoldTurn]) -> list[GoldTurn]:
    """The labels that are valid for the first judge of a run and what it was asked."""
    place = run.graders.get("grader"), run.prompt_sha256
    return [turn for turn in labels if (turn.grader, turn.prompt_sha256) == place]


def labels_of(model: str | None, simulators: Collection[str], labels: Sequence[GoldTurn]) -> list[GoldTurn]:
    """The labels of conversations of one model with people of these kinds.

    A judge may err otherwise on another model's, so that these alone are a sample of what it judged.
    """
    return [
        turn
        for turn in labels
        if model is not None and same_name(turn.model, model) and turn.simulator in simulators
    ]


def disagreement(effects: Sequence[Figure | None]) -> list[str]:
    """Why two judges do not agree in the sign of an effect, nothing where they do."""
    known = [effect.value for effect in effects if effect is not None]
    if len(known) < len(effects):
        return ["one judge alone compared the conversations"]
    if min(known) * max(known) <= 0:
        return [f"the judges' effects are {' and '.join(f'{value:+.2f}' for value in known)}"]
    return []


def agreement(labels: Sequence[GoldTurn]) -> Agreement:
    """The figures of agreement on these labels."""
    people = [turn.people for turn in labels]
    between = [quadratic_kappa([(row[a], row[b]) for row in people]) for a, b in combinations(range(3), 2)]
    return Agreement(
        people_alpha=ordinal_alpha(people),
        judge_kappa=quadratic_kappa([(int(turn.settled), turn.judge) for turn in labels]),
        people_kappa=fmean(between),
        turns=len(labels),
    )


def quadratic_kappa(pairs: Sequence[tuple[int, int]]) -> float:
    """Cohen's kappa of two readers of levels, quadratic weights; NaN where neither varies."""
    import numpy as np
    from statsmodels.stats.inter_rater import cohens_kappa

    table = np.zeros((TOP + 1, TOP + 1))
    for first, second in pairs:
        table[first, second] += 1
    if len({level for pair in pairs for level in pair}) < 2:
        return math.nan
    return float(cohens_kappa(table, wt="quadratic", return_results=False))  # pyright: ignore[reportArgumentType]


def ordinal_alpha(units: Sequence[Sequence[int | None]]) -> float:
    """Krippendorff's alpha with the ordinal metric; NaN without any disagreement possible.

    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).

    Args:
        units: For each unit the values of the readers, None where one gave none.
    """
    weights: dict[tuple[int, int], float] = {}
    for unit in units:
        values = [value for value in unit if value is not None]
        if len(values) < 2:
            continue
        for pair in permutations(values, 2):
            weights[pair] = weights.get(pair, 0.0) + 1 / (len(values) - 1)
    totals: dict[int, float] = {}
    for (value, _), weight in weights.items():
        totals[value] = totals.get(value, 0.0) + weight
    delta = _ordinal_metric(totals)
    whole = math.fsum(totals.values())
    expected = math.fsum(totals[a] * totals[b] * delta(a, b) for a, b in permutations(totals, 2))
    if not expected:
        return math.nan
    observed = math.fsum(weight * delta(a, b) for (a, b), weight in weights.items())
    return 1 - (whole - 1) * observed / expected


def _ordinal_metric(totals: dict[int, float]) -> Callable[[int, int], float]:
    def delta(a: int, b: int) -> float:
        low, high = min(a, b), max(a, b)
        between = math.fsum(n for value, n in totals.items() if low <= value <= high)
        return (between - (totals[a] + totals[b]) / 2) ** 2

    return delta


def rectifier(labels: Sequence[GoldTurn]) -> Rectifier | None:
    """How far the people's effect is from the judge's; None unless two seeds have both arms labelled."""
    ends: dict[tuple[str, str, str, int], dict[str, list[GoldTurn]]] = {}
    for turn in labels:
        ends.setdefault(turn.pair, {}).setdefault(turn.arm, []).append(turn)
    by_seed: dict[str, list[float]] = {}
    for arms in ends.values():
        if set(arms) >= set(ARMS):
            plus, minus = (arms[arm] for arm in ARMS)
            gap = _effect(plus, minus, lambda t: t.settled) - _effect(plus, minus, lambda t: float(t.judge))
            by_seed.setdefault(plus[0].seed_id, []).append(gap)
    gaps = [fmean(found) for found in by_seed.values()]
    return Rectifier(fmean(gaps), variance(gaps), len(gaps)) if len(gaps) > 1 else None


def _effect(plus: Sequence[GoldTurn], minus: Sequence[GoldTurn], level: Callable[[GoldTurn], float]) -> float:
    """Difference in cts_d: both conversations begin with the same message, so their ends decide."""
    return (fmean(map(level, minus)) - fmean(map(level, plus))) / TOP


def corrected_effect(raw: Figure, found: Rectifier) -> Figure:
    """The effect without the judge's errors, with a 95 % interval.

    Args:
        raw: The judge's effect over all seeds; its interval gives var(f) / N.
        found: What labelled seeds say of its errors.
    """
    from scipy import stats

    half = (raw.hi - raw.lo) / 2
    tail = (1 + CONFIDENCE) / 2
    own = (half / float(stats.t.ppf(tail, raw.n - 1))) ** 2 if raw.n > 1 else math.inf
    width = float(stats.t.ppf(tail, found.seeds - 1)) * math.sqrt(own + found.variance / found.seeds)
    value = raw.value + found.mean
    return Figure(value, value - width, value + width, raw.n)


def _shown(number: float) -> str:
    return "undefined" if math.isnan(number) else f"{number:.2f}"
