"""The estimators on studies drawn from a known model: bias, coverage, planned errors, planted rules."""

from statistics import fmean, stdev

import numpy as np
import pytest

from interplay.leaderboard.analysis.deescalation_effects import (
    Ends,
    bootstrap_ends,
    effect,
    factorial,
    holm,
    p_value,
    student_ends,
)
from interplay.tasks.deescalation.keys import CHANGE, RULES, interactions

from .talks import NOISE, SEED_EFFECT, SEEDS, VARIANTS, Draws, planted

STUDIES = 1000
TRUE = 0.3
MAIN = {"c1": 0.28, "c2": 0.08, "c3": 0.16}
TOGETHER = 0.2
"""How much the effect of c1 grows where c2 is on."""


def covered(found: Ends | None, true: float) -> bool:
    assert found is not None
    return found.lo <= true <= found.hi


@pytest.mark.slow
def test_the_paired_estimator_recovers_a_known_effect() -> None:
    """40 seeds of 5 variants: bias below 0.01, coverage of both intervals 93 to 97 %, error as planned."""
    draws = Draws(11)
    studies = [draws.study({"vanilla": 0.0, "nvc_full": TRUE}) for _ in range(STUDIES)]
    found = [effect(study, "nvc_full", "vanilla", CHANGE) for study in studies]
    estimates = [item.mean or 0.0 for item in found]
    assert all((item.complete, item.dropped, len(item.by_seed)) == (200, 0, SEEDS) for item in found)
    assert abs(fmean(estimates) - TRUE) < 0.01
    assert stdev(estimates) == pytest.approx(0.065, abs=0.004)
    bootstrap = fmean(covered(bootstrap_ends(item.seeds), TRUE) for item in found)
    student = fmean(covered(student_ends(item.seeds), TRUE) for item in found)
    print(f"\nbias {fmean(estimates) - TRUE:.4f}, bootstrap {bootstrap:.3f}, Student {student:.3f}")
    assert 0.93 <= bootstrap <= 0.97
    assert 0.93 <= student <= 0.97
    assert bootstrap <= student


@pytest.mark.slow
def test_three_epochs_have_the_planned_error() -> None:
    draws = Draws(12, epochs=3)
    studies = [draws.study({"vanilla": 0.0, "nvc_full": TRUE}) for _ in range(STUDIES // 4)]
    estimates = [effect(study, "nvc_full", "vanilla", CHANGE).mean or 0.0 for study in studies]
    assert stdev(estimates) == pytest.approx(0.042, abs=0.005)


@pytest.mark.parametrize(("seeds", "bootstrap", "student"), [(2, 0.50, 0.95), (8, 0.89, 0.95)])
def test_with_few_seeds_only_students_interval_holds(seeds: int, bootstrap: float, student: float) -> None:
    """What the report says of the bootstrap; drawn as values per seed."""
    draw = np.random.default_rng(13)
    spread = (SEED_EFFECT**2 + 2 * NOISE**2 / VARIANTS) ** 0.5
    studies = [list(map(float, draw.normal(TRUE, spread, seeds))) for _ in range(400)]
    assert fmean(covered(bootstrap_ends(s), TRUE) for s in studies) == pytest.approx(bootstrap, abs=0.05)
    assert fmean(covered(student_ends(s), TRUE) for s in studies) == pytest.approx(student, abs=0.03)


@pytest.mark.slow
def test_the_factorial_recovers_planted_rules_and_their_interaction() -> None:
    """A rule's main effect holds half of what it gains where another is on."""
    draws = Draws(14)
    true = {("c1",): MAIN["c1"] + TOGETHER / 2, ("c2",): MAIN["c2"] + TOGETHER / 2, ("c3",): MAIN["c3"]}
    true |= {rules: TOGETHER if rules == ("c1", "c2") else 0.0 for rules in interactions()}
    found: dict[tuple[str, ...], list[list[float]]] = {rules: [] for rules in true}
    for _ in range(120):
        study = draws.study(planted(MAIN, TOGETHER))
        for rules in true:
            found[rules].append(factorial(study, rules, CHANGE).seeds)
    for rules, wanted in true.items():
        scale = 2 ** (len(rules) - 1)
        means = list(map(fmean, found[rules]))
        assert abs(fmean(means) - wanted) < 0.012 * scale, rules
        assert fmean(covered(student_ends(seeds), wanted) for seeds in found[rules]) >= 0.9, rules


@pytest.mark.slow
def test_rules_without_effect_are_rarely_called_effective() -> None:
    """Holm over the three main effects keeps the rate of any false claim near 5 %."""
    draws = Draws(15)
    claims = 0
    for _ in range(150):
        study = draws.study(planted(dict.fromkeys(RULES, 0.0)))
        corrected = holm([p_value(factorial(study, (rule,), CHANGE).seeds) for rule in RULES])
        claims += any(p is not None and p < 0.05 for p in corrected)
    assert claims / 150 <= 0.11
