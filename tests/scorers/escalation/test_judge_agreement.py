"""Agreement of people and judge against slow re-computations, and effects without the judge's errors."""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from interplay.scorers.escalation_judge_gold import GoldTurn
from interplay.scorers.escalation_judge_validity import (
    Agreement,
    Rectifier,
    agreement,
    corrected_effect,
    disagreement,
    labels_for,
    labels_of,
    ordinal_alpha,
    quadratic_kappa,
    rectifier,
)
from interplay.tasks.judged import Figure, JudgedRun

from .people import SHA, drawn, turns

few = settings(max_examples=50)

LEVELS = st.integers(0, 4)
PAIRS = st.lists(st.tuples(LEVELS, LEVELS), min_size=1, max_size=25)
READERS = st.lists(st.tuples(LEVELS, LEVELS, LEVELS), min_size=1, max_size=15)


@few
@given(PAIRS)
def test_kappa_is_one_less_squared_gaps_over_those_of_independent_readers(pairs: list) -> None:
    gaps = [(a - b) ** 2 for a, b in pairs]
    chance = [(a - b) ** 2 for (a, _), (_, b) in product(pairs, pairs)]
    found = quadratic_kappa(pairs)
    if not any(chance):
        assert math.isnan(found)
    else:
        assert found == pytest.approx(1 - (sum(gaps) / len(gaps)) / (sum(chance) / len(chance)))


@few
@given(READERS, st.permutations(range(3)))
def test_alpha_knows_no_order_of_readers_and_is_one_where_they_agree(units: list, order: list[int]) -> None:
    mixed = [tuple(unit[n] for n in order) for unit in units]
    assert ordinal_alpha(mixed[::-1]) == pytest.approx(ordinal_alpha(units), nan_ok=True)
    same = [(unit[0],) * 3 for unit in units]
    assert ordinal_alpha(same) == pytest.approx(1 if len(set(same)) > 1 else math.nan, nan_ok=True)
    assert not ordinal_alpha(units) > 1


@few
@given(READERS)
def test_a_unit_with_one_value_says_nothing_of_agreement(units: list) -> None:
    assert ordinal_alpha([*units, (4, None, None), (None, None, None)]) == pytest.approx(
        ordinal_alpha(units), nan_ok=True
    )


def test_agreement_holds_judge_and_median_and_every_two_people() -> None:
    found = agreement(turns((0, 1, 1), (2, 3, 4), (4, 4, 3), judge=3))
    assert found.turns == 3
    assert found.judge_kappa == pytest.approx(quadratic_kappa([(1, 3), (3, 3), (4, 3)]))
    two = [
        quadratic_kappa(p)
        for p in ([(0, 1), (2, 3), (4, 4)], [(0, 1), (2, 4), (4, 3)], [(1, 1), (3, 4), (4, 3)])
    ]
    assert found.people_kappa == pytest.approx(sum(two) / 3)


@pytest.mark.parametrize(
    ("alpha", "judge", "people", "missed"),
    [
        (0.67, 0.60, 0.70, []),
        (0.669, 0.60, 0.70, ["alpha of the people is 0.67, needs 0.67"]),
        (0.9, 0.599, 0.5, ["kappa of judge and people is 0.60, needs 0.60"]),
        (0.9, 0.65, 0.80, ["kappa of judge and people is 0.65, more than 0.10 below the people's 0.80"]),
        (math.nan, math.nan, 0.8, ["alpha of the people is undefined, needs 0.67",
                                   "kappa of judge and people is undefined, needs 0.60"]),
        (0.9, 0.9, math.nan,
         ["kappa of judge and people is 0.90, more than 0.10 below the people's undefined"]),
    ],
)  # fmt: skip
def test_a_condition_holds_at_its_threshold_and_an_undefined_one_never(
    alpha: float, judge: float, people: float, missed: list[str]
) -> None:
    assert Agreement(alpha, judge, people, 9).missed == missed


def effect(value: float, half: float = 0.1, n: int = 40) -> Figure:
    return Figure(value, value - half, value + half, n)


@pytest.mark.parametrize(
    ("effects", "said"),
    [
        ([effect(0.2), effect(0.1)], []),
        ([effect(-0.2), effect(-0.1)], []),
        ([effect(-0.2), effect(0.1)], ["the judges' effects are -0.20 and +0.10"]),
        ([effect(0.0), effect(0.0)], ["the judges' effects are +0.00 and +0.00"]),
        ([effect(0.2), None], ["one judge alone compared the conversations"]),
        ([None, effect(0.2)], ["one judge alone compared the conversations"]),
        ([None, None], ["one judge alone compared the conversations"]),
    ],
)
def test_two_judges_agree_where_both_effects_have_one_sign(effects: list, said: list[str]) -> None:
    assert disagreement(effects) == said


@pytest.mark.parametrize("seeds", [2, 5, 30])
@pytest.mark.parametrize("half", [0.0, 0.2])
def test_a_corrected_effect_is_moved_by_the_mean_and_widened_by_both_variances(
    seeds: int, half: float
) -> None:
    found = corrected_effect(effect(0.2, half), Rectifier(0.05, 0.04, seeds))
    own = (half / stats.t.ppf(0.975, 39)) ** 2
    width = stats.t.ppf(0.975, seeds - 1) * math.sqrt(own + 0.04 / seeds)
    assert found == pytest.approx((0.25, 0.25 - width, 0.25 + width, 40))


def test_an_effect_of_one_unit_has_no_end() -> None:
    found = corrected_effect(effect(0.2, n=1), Rectifier(0.0, 0.0, 3))
    assert (found.value, found.lo, found.hi) == (0.2, -math.inf, math.inf)


def test_labels_count_for_their_judge_prompt_model_and_people() -> None:
    found = [*turns((1, 1, 1)), *turns((2, 2, 2), grader="b/b"), *turns((3, 3, 3), prompt_sha256="c" * 64)]
    run = JudgedRun({"grader": "a/judge"}, SHA, {}, "m/x")
    assert labels_for(run, found) == found[:1]
    assert labels_for(JudgedRun({}, SHA, {}), found) == []
    assert labels_of("router/M/X", ("rule",), found) == found
    assert labels_of("m/x", ("state", "persona"), found) == labels_of("m/y", ("rule",), found) == []
    assert labels_of(None, ("rule",), found) == []


def test_seeds_count_alike_however_many_of_their_conversations_were_labelled() -> None:
    """Seed 1 has gaps 0.25 and 0.75, seed 2 a gap of 0: the mean of 0.5 and 0, not of three values."""

    def labelled(seed: int, variant: int, people: int, arm: str) -> GoldTurn:
        origin = drawn(seed, arm, variant=variant, judge=0).origin.model_dump(exclude={"item"})
        return GoldTurn.model_validate(origin | {"people": (people,) * 3})

    found = [
        labelled(*each)
        for each in ((1, 0, 1, "vanilla"), (1, 0, 0, "nvc_full"), (1, 1, 3, "vanilla"), (1, 1, 0, "nvc_full"),
                     (2, 0, 2, "vanilla"), (2, 0, 2, "nvc_full"), (3, 0, 4, "vanilla"))
    ]  # fmt: skip
    assert rectifier(found) == pytest.approx(Rectifier(0.25, 0.125, 2))
