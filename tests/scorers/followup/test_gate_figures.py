"""Figures of agreement against slow re-computations, statsmodels and scipy, and every gate at its edge."""

import math
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa

from interplay.scorers.followup_gates import (
    Human,
    alpha,
    gates_of,
    kappa,
    precision,
    precision_limit,
    validation,
)

few = settings(max_examples=50)
NAMES = (
    "people, genuine or not: alpha", "people, all labels: alpha", "judge and people: kappa",
    "judge: precision of genuine", "judge: precision, lower 95 % limit", "rules and people: kappa",
    "rules: precision of genuine",
)  # fmt: skip
LABEL = st.sampled_from(["genuine", "closer", "unrelated", "empty"])
PAIRS = st.lists(st.tuples(LABEL, LABEL), min_size=2, max_size=30)
WEIGHT = st.integers(1, 5).map(float)
TRIPLES = st.lists(st.tuples(st.booleans(), st.booleans(), WEIGHT), min_size=1, max_size=25)


def slow_alpha(pairs: list[tuple[object, object]]) -> float:
    """1 - D_o / D_e with nominal distance: disagreement within turns over that between any two values."""
    values = [value for pair in pairs for value in pair]
    within = sum(a != b for a, b in pairs) / len(pairs)
    between = [a != b for i, a in enumerate(values) for j, b in enumerate(values) if i != j]
    return 1 - within / (sum(between) / len(between)) if any(between) else math.nan


@few
@given(PAIRS)
def test_alpha_is_observed_over_expected_disagreement(pairs: list[tuple[object, object]]) -> None:
    assert alpha(pairs) == pytest.approx(slow_alpha(pairs), nan_ok=True)


@few
@given(PAIRS, st.randoms(use_true_random=False))
def test_alpha_knows_no_order_of_turns_or_people(pairs: list[tuple[object, object]], dice) -> None:
    mixed = [pair if dice.random() < 0.5 else pair[::-1] for pair in pairs]
    dice.shuffle(mixed)
    assert alpha(mixed) == pytest.approx(alpha(pairs), nan_ok=True)


@few
@given(st.lists(LABEL, min_size=2, max_size=20).filter(lambda labels: len(set(labels)) > 1))
def test_alpha_is_one_where_people_agree(labels: list[str]) -> None:
    assert alpha([(label, label) for label in labels]) == 1


def test_alpha_below_chance_is_negative() -> None:
    """Two turns, each called a and b: D_o = 1, D_e = 8 / 12, so alpha = 1 - 3 / 2."""
    assert alpha([("a", "b"), ("b", "a")]) == pytest.approx(-0.5)


@pytest.mark.parametrize("pairs", [[], [("a", "a")], [("a", "a")] * 9])
def test_alpha_is_undefined_where_nothing_varies(pairs: list[tuple[object, object]]) -> None:
    assert math.isnan(alpha(pairs))


@few
@given(TRIPLES)
def test_kappa_is_that_of_statsmodels_on_turns_repeated_by_their_weight(triples: list) -> None:
    table = np.zeros((2, 2))
    for true, called, weight in triples:
        table[int(true), int(called)] += weight
    rows, columns = table.sum(1) / table.sum(), table.sum(0) / table.sum()
    if math.isclose(float(rows @ columns), 1):
        assert math.isnan(kappa(triples))
    else:
        assert kappa(triples) == pytest.approx(float(cohens_kappa(table, return_results=False)))


@few
@given(TRIPLES, st.floats(0.1, 10))
def test_only_the_ratio_of_weights_counts(triples: list, factor: float) -> None:
    scaled = [(true, called, weight * factor) for true, called, weight in triples]
    for figure in (kappa, precision, precision_limit):
        assert figure(scaled) == pytest.approx(figure(triples), nan_ok=True, abs=1e-9)


@few
@given(TRIPLES, st.randoms(use_true_random=False))
def test_the_order_of_turns_does_not_count(triples: list, dice) -> None:
    mixed = list(triples)
    dice.shuffle(mixed)
    for figure in (kappa, precision, precision_limit):
        assert figure(mixed) == pytest.approx(figure(triples), nan_ok=True)


@few
@given(TRIPLES)
def test_precision_is_the_mean_over_turns_repeated_by_their_weight(triples: list) -> None:
    repeated = [true for true, called, weight in triples if called for _ in range(int(weight))]
    expected = sum(repeated) / len(repeated) if repeated else math.nan
    assert precision(triples) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(("right", "wrong"), [(10, 0), (9, 1), (0, 5), (1, 0), (45, 5), (200, 200)])
def test_the_limit_is_wilson_s_where_all_weights_are_one(right: int, wrong: int) -> None:
    triples = [(True, True, 1.0)] * right + [(False, True, 1.0)] * wrong
    interval = stats.binomtest(right, right + wrong).proportion_ci(0.95, method="wilson")
    assert precision_limit(triples) == pytest.approx(interval.low, abs=1e-9)
    uncalled = [(True, False, 9.0), (False, False, 9.0)]
    assert precision_limit([*triples, *uncalled]) == precision_limit(triples)


def test_unequal_weights_count_as_fewer_turns() -> None:
    """Kish: four turns of weights 3, 1, 1, 1 are (3+1+1+1)^2 / (9+1+1+1) = 3 turns."""
    four = [(True, True, w) for w in (3.0, 1.0, 1.0, 1.0)]
    assert precision_limit(four) == pytest.approx(precision_limit([(True, True, 1.0)] * 3))


@few
@given(TRIPLES)
def test_the_limit_lies_below_the_precision(triples: list) -> None:
    share, limit = precision(triples), precision_limit(triples)
    assert math.isnan(share) == math.isnan(limit)
    if not math.isnan(share):
        assert -1e-12 <= limit <= share + 1e-12


def human(settled: str = "genuine", judge: str = "genuine", **more: object) -> Human:
    fields = {"first": settled, "second": settled, "rules": settled, "other_judge": None, "weight": 1.0}
    return Human(settled=settled, judge=judge, **(fields | more))  # pyright: ignore[reportArgumentType]


def value(items: list[Human], name: str) -> float | None:
    (gate,) = [gate for gate in gates_of(items) if gate.name == name]
    return gate.value


def test_the_gates_stand_in_the_order_of_the_table_with_their_thresholds() -> None:
    gates = gates_of([human(), human("closer", "closer")])
    assert tuple(gate.name for gate in gates) == NAMES
    assert [gate.threshold for gate in gates] == [0.70, 0.60, 0.70, 0.85, 0.75, 0.60, 0.85]


def test_one_person_who_differs_moves_the_people_s_gates_alone() -> None:
    items = [human(), human("closer", "closer"), human("closer", "closer", second="unrelated")]
    assert value(items, NAMES[0]) == 1, "both labels are not genuine"
    assert value(items, NAMES[1]) == pytest.approx(slow_alpha([(i.first, i.second) for i in items]))
    assert [value(items, name) for name in NAMES[2:4]] == [1, 1]


def test_judge_and_rules_are_held_against_what_was_settled() -> None:
    """Four turns; the judge is wrong on the second, the rules on the third and fourth."""
    items = [
        human("genuine", "genuine", first="closer", second="closer"),
        human("closer", "genuine"),
        human("genuine", "genuine", rules="closer"),
        human("closer", "closer", rules="genuine"),
    ]
    assert value(items, NAMES[3]) == pytest.approx(2 / 3, abs=1e-6)
    assert value(items, NAMES[6]) == 0.5
    assert value(items, NAMES[2]) == pytest.approx((3 / 4 - 1 / 2) / (1 - 1 / 2))
    assert value(items, NAMES[5]) == pytest.approx(0)


def test_weights_count_for_judge_and_rules_but_not_for_people() -> None:
    items = [human(weight=3.0), human("closer", "genuine", second="genuine", rules="genuine")]
    assert value(items, NAMES[3]) == value(items, NAMES[6]) == 0.75
    once = [i._replace(weight=1.0) for i in items]
    assert value(items, NAMES[0]) == value(once, NAMES[0])


def precise(right: int, wrong: int) -> list[Human]:
    """Turns that the judge calls genuine, of which so many are, and as many that it does not."""
    return [human()] * right + [human("closer", "genuine")] * wrong + [human("closer", "closer")] * right


@pytest.mark.parametrize(("right", "wrong", "met"), [(17, 3, True), (16, 3, False), (850, 150, True)])
def test_a_gate_is_met_at_its_threshold_and_not_below(right: int, wrong: int, met: bool) -> None:
    (gate,) = [gate for gate in gates_of(precise(right, wrong)) if gate.name == NAMES[3]]
    assert gate.met == met == (right / (right + wrong) >= 0.85)


def test_an_undefined_figure_meets_no_gate() -> None:
    gates = gates_of([human("closer", "closer")] * 3)
    assert [(gate.value, gate.met) for gate in gates] == [(None, False)] * 7


def outcome(items: list[Human]):
    return validation(items, "a/b", "sha", "1.0.0")


def test_sensitivity_and_specificity_are_shares_of_what_people_settled() -> None:
    """Weights: genuine 4, of which called 3; others 5, of which not called 1."""
    items = [
        human(weight=3.0),
        human("genuine", "closer", weight=1.0),
        human("closer", "genuine", weight=4.0),
        human("closer", "closer", weight=1.0),
    ]
    found = outcome(items)
    assert (found.sensitivity, found.specificity) == (0.75, 0.2)
    assert not found.met


@pytest.mark.parametrize(
    ("items", "sensitivity", "specificity"),
    [([human()], 1, None), ([human("closer", "closer")], None, 1), ([], None, None)],
)
def test_what_nobody_settled_on_has_no_share(
    items: list[Human], sensitivity: float | None, specificity: float | None
) -> None:
    found = outcome(items)
    assert (found.sensitivity, found.specificity) == (sensitivity, specificity)


def test_the_second_judge_counts_where_it_was_asked_and_by_genuine_or_not() -> None:
    items = [
        human("genuine", "genuine", other_judge="genuine"),
        human("closer", "closer", other_judge="unrelated"),
        human("closer", "genuine"),
    ]
    assert outcome(items).second_judge_alpha == 1
    assert outcome(items[2:]).second_judge_alpha is None


def test_a_validation_is_met_where_every_gate_is() -> None:
    good = [human(), human("closer", "closer")] * 20
    assert outcome(good).met
    spoilt: list[Callable[[Human], Human]] = [
        lambda h: h._replace(second="unrelated"),
        lambda h: h._replace(judge="closer"),
        lambda h: h._replace(rules="closer"),
    ]
    for spoil in spoilt:
        found = outcome([spoil(h) for h in good])
        assert not found.met
        assert found.met == all(gate.met for gate in found.gates)
    assert outcome(good).items == 40


def test_figures_are_rounded_to_a_millionth() -> None:
    found = outcome([human(), human(), human("closer", "genuine")])
    assert value([human(), human(), human("closer", "genuine")], NAMES[3]) == 0.666667
    assert found.model_validate_json(found.model_dump_json()) == found


def test_every_label_but_one_is_not_genuine() -> None:
    for settled, judge in product(("genuine", "Genuine", "generic_followup", ""), repeat=2):
        called = value([human(settled, judge)], NAMES[3])
        assert called == (None if judge != "genuine" else float(settled == "genuine"))
