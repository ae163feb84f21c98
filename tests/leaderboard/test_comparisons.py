"""Comparisons of rows: rank sets as simulated, properties, corrections, and agreement between boards."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.comparisons import (
    agreement,
    benjamini_hochberg,
    detectable_difference,
    holm,
    rank_sets,
)
from interplay.leaderboard.statistics import Vector

UNIT = (0.0, 1.0)
MODELS = 12


def board(rng: np.random.Generator, abilities: Vector, units: int) -> Vector:
    """One 0/1 draw of each model on each unit; units differ in difficulty, on the logit scale by 1."""
    difficulty = rng.normal(0, 1, units)
    logit = np.log(abilities / (1 - abilities))[:, None] - difficulty
    return rng.binomial(1, 1 / (1 + np.exp(-logit))).astype(np.float64)


@pytest.mark.parametrize(("units", "stated", "boards"), [(24, 11.8, 120), (200, 7.0, 150), (1000, 3.1, 100)])
def test_sets_of_twelve_models_are_as_wide_as_the_method_page_says(units: int, stated: float, boards: int):
    rng = np.random.default_rng(units)
    abilities = np.linspace(0.9, 0.6, MODELS)
    sets = np.array([rank_sets(board(rng, abilities, units), UNIT, higher=True) for _ in range(boards)])
    places = np.arange(1, MODELS + 1)
    inside = ((sets[:, :, 0] <= places) & (places <= sets[:, :, 1])).all(axis=1)
    assert inside.mean() >= 0.97, "99 % of boards hold every true rank"
    assert (sets[:, :, 1] - sets[:, :, 0] + 1).mean() == pytest.approx(stated, abs=0.25)


@pytest.mark.parametrize(("units", "stated"), [(24, 0.04), (200, 0.16)])
def test_sets_are_marginal_so_equal_models_are_sometimes_told_apart(units: int, stated: float):
    rng = np.random.default_rng(units)
    narrowed = [
        any(
            places != (1, MODELS) for places in rank_sets(board(rng, np.full(MODELS, 0.7), units), UNIT, True)
        )
        for _ in range(300)
    ]
    assert np.mean(narrowed) == pytest.approx(stated, abs=0.05)


@given(st.lists(st.lists(st.floats(0, 1), min_size=6, max_size=6), min_size=1, max_size=8), st.randoms())
def test_rank_sets_hold_the_place_and_ignore_row_order(rows: list[list[float]], random: object):
    matrix = np.array(rows)
    sets = rank_sets(matrix, UNIT, higher=True)
    means = matrix.mean(axis=1)
    for mean, (first, last) in zip(means, sets, strict=True):
        assert first <= 1 + int((means > mean + 1e-12).sum())
        assert last >= len(rows) - int((means < mean - 1e-12).sum())
    order = list(range(len(rows)))
    random.shuffle(order)  # pyright: ignore[reportAttributeAccessIssue]
    assert [sets[i] for i in order] == rank_sets(matrix[order], UNIT, higher=True)


def test_rank_sets_agree_with_pairwise_tests():
    rng = np.random.default_rng(11)
    ability = np.linspace(0.2, 0.8, 9)
    matrix = rng.binomial(2, ability[:, None], (9, 150)) / 2
    sets = rank_sets(matrix, UNIT, higher=True)
    for i in range(9):
        p_values = [_paired_p(matrix[i] - matrix[j]) for j in range(9) if j != i]
        others = [j for j in range(9) if j != i]
        significant = holm(p_values)
        better = sum(
            s and matrix[j].mean() > matrix[i].mean() for s, j in zip(significant, others, strict=True)
        )
        worse = sum(
            s and matrix[j].mean() < matrix[i].mean() for s, j in zip(significant, others, strict=True)
        )
        assert sets[i] == (1 + better, 9 - worse)
    assert rank_sets(matrix, UNIT, higher=False) == [(10 - last, 10 - first) for first, last in sets]


def _paired_p(d: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    from scipy.stats import t

    return float(2 * t.sf(abs(d.mean() / (d.std(ddof=1) / len(d) ** 0.5)), len(d) - 1))


def test_missing_units_are_compared_on_common_ones():
    full = np.array([[1.0, 1, 1, 0, 1, 1, 0.5, 0], [0.0, 0, 0, 1, 0, 0, 0.5, 1]])
    holes = full.copy()
    holes[0, 3] = holes[1, 7] = np.nan
    assert rank_sets(full, UNIT, higher=True) == [(1, 2), (1, 2)]
    assert rank_sets(holes, UNIT, higher=True) == [(1, 1), (2, 2)]


def test_detectable_difference_of_an_empty_and_a_full_board():
    assert detectable_difference(np.zeros((1, 120)), UNIT) == pytest.approx(0.1156, abs=2e-3)
    rng = np.random.default_rng(4)
    rows = rng.binomial(2, 0.5, (6, 120)) / 2
    assert 0.08 < detectable_difference(rows, UNIT) < 0.17


def test_detectable_difference_within_groups_reads_no_pair_across_them():
    near = np.tile(np.linspace(0, 1, 60), (3, 1)) + np.random.default_rng(1).normal(0, 0.01, (3, 60))
    far = np.vstack([near, 1 - near])
    within = detectable_difference(far, UNIT, ["a"] * 3 + ["b"] * 3)
    assert within < 0.02 < 0.1 < detectable_difference(far, UNIT)
    alone = detectable_difference(far, UNIT, list("abcdef"))
    assert alone == pytest.approx(detectable_difference(far[:1], UNIT))


def test_holm_stops_at_the_first_failure():
    assert holm([0.04, 0.001, 0.03]) == [False, True, False]
    assert holm([]) == []


p_lists = st.lists(st.floats(0, 1), max_size=12)


@given(p_lists)
@settings(max_examples=12, deadline=None)
def test_the_rate_of_false_discoveries_asks_for_less_than_holm(p_values: list[float]):
    strict, mild = holm(p_values), benjamini_hochberg(p_values)
    assert all(b or not a for a, b in zip(strict, mild, strict=True))
    assert all(p <= 0.05 for p, verdict in zip(p_values, mild, strict=True) if verdict)


def test_benjamini_hochberg_on_the_worked_example_of_its_paper():
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
                0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    assert sum(benjamini_hochberg(p_values)) == 4
    assert sum(holm(p_values)) == 3


def test_agreement_of_boards_is_kendalls_tau():
    first = [0.1, 0.2, 0.3, 0.4, 0.5]
    assert agreement(first, [1, 2, 3, 4, 5])[0] == pytest.approx(1)  # type: ignore[index]
    assert agreement(first, [5, 4, 3, 2, 1])[0] == pytest.approx(-1)  # type: ignore[index]
    found = agreement(first, [1, 3, 2, 4, 5])
    assert found is not None
    assert (found.tau, found.n) == (pytest.approx(0.8), 5)
    assert agreement(first[:4], [1, 2, 3, 4]) is None
    assert agreement(first, [1.0] * 5) is None
