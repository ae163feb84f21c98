"""Partner shifts halving by halving, in words of the definition; intervals against all draws."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from interplay.leaderboard.analysis import partner_shift
from interplay.leaderboard.analysis.cells import Cells
from interplay.leaderboard.analysis.partner_shift import (
    HALVINGS,
    Gap,
    contrasts,
    cross_fitted,
    family_gap,
    halvings,
    mean_difference,
    shifts,
)
from interplay.leaderboard.statistics import Estimate

seeds = st.integers(0, 10**6)


def values_of(levels: int, openers: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.5, 0.2, (levels, openers))


def cells(values: np.ndarray) -> Cells:
    m, n, k = values.shape
    return Cells(tuple("wxyz"[:m]), tuple("abcdef"[:n]), tuple(map(str, range(k))), values)


def slow(values: np.ndarray, keep: np.ndarray) -> float:
    """In each half the highest and lowest partner; their difference in the other half; mean over all."""
    found: list[float] = []
    for first in halvings(values.shape[1]):
        for chosen, measured in ((first, ~first), (~first, first)):
            by = [row[chosen & keep].mean() for row in values]
            high, low = by.index(max(by)), by.index(min(by))
            found.append(values[high][measured & keep].mean() - values[low][measured & keep].mean())
    return float(np.mean(found))


@given(st.integers(2, 5), st.integers(4, 9), seeds)
@settings(max_examples=10)
def test_the_range_is_cross_fitted_and_each_opener_left_out(levels: int, openers: int, seed: int) -> None:
    values = values_of(levels, openers, seed)
    whole, deleted = cross_fitted(values)
    everything = np.ones(openers, dtype=bool)
    assert whole == pytest.approx(slow(values, everything))
    for k in range(openers):
        assert deleted[k] == pytest.approx(slow(values, everything & (np.arange(openers) != k)))


def test_openers_deleted_in_parts_are_the_same_openers(monkeypatch: pytest.MonkeyPatch) -> None:
    values = values_of(3, 11)
    whole, deleted = cross_fitted(values)
    monkeypatch.setattr(partner_shift, "AT_ONCE", 2 * 3 * HALVINGS * 4)
    again, parts = cross_fitted(values)
    assert again == whole
    assert parts.tolist() == pytest.approx(deleted.tolist())


@pytest.mark.parametrize("openers", [4, 7, 120])
def test_halves_are_halves_the_same_for_everybody_and_differ(openers: int) -> None:
    half = halvings(openers)
    assert half.shape == (HALVINGS, openers)
    assert set(half.sum(axis=1).tolist()) == {openers // 2}
    assert np.array_equal(half, halvings(openers))
    assert len({row.tobytes() for row in half}) > 2


@given(seeds, st.floats(0.1, 9), st.floats(0, 5))
@settings(max_examples=12)
def test_moving_all_replies_moves_no_shift_and_scaling_scales_it(
    seed: int, scale: float, move: float
) -> None:
    values = np.abs(values_of(3, 12, seed))[None]
    (plain,), (moved,) = shifts(cells(values)), shifts(cells(move + scale * values))
    assert moved.shift[:3] == pytest.approx([scale * v for v in plain.shift[:3]], abs=1e-9)
    assert moved.naive == pytest.approx(scale * plain.naive)
    assert moved.partner_sd == pytest.approx(scale * plain.partner_sd, abs=1e-6)
    assert (moved.highest, moved.lowest) == (plain.highest, plain.lowest)
    assert moved.relative.value == pytest.approx(moved.shift.value / moved.mean)


@given(seeds)
@settings(max_examples=10)
def test_the_order_of_partners_changes_nothing_but_their_place(seed: int) -> None:
    values = values_of(4, 12, seed)
    order = np.random.default_rng(seed).permutation(4)
    (plain,) = shifts(cells(values[None]))
    other = Cells(("w",), tuple("abcd"[i] for i in order), tuple(map(str, range(12))), values[order][None])
    (mixed,) = shifts(other)
    assert (mixed.highest, mixed.lowest) == (plain.highest, plain.lowest)
    assert mixed.shift == pytest.approx(plain.shift)
    assert mixed.partner_sd == pytest.approx(plain.partner_sd)


class TestShifts:
    def test_a_constant_speaker_is_shifted_by_nothing(self) -> None:
        (found,) = shifts(cells(np.full((1, 3, 6), 0.5)))
        assert found.shift == (0.0, 0.0, 0.0, 6)
        assert (found.naive, found.partner_sd, found.mean) == (0.0, 0.0, 0.5)
        assert found.relative[:3] == (0.0, 0.0, 0.0)

    def test_partners_without_noise_are_their_own_range(self) -> None:
        """Levels 0.1, 0.4 and 0.7 on all openers: range 0.6, deviation 0.3, relative 0.6 / 0.4."""
        values = np.array([0.1, 0.7, 0.4])[None, :, None] + np.zeros((1, 3, 8))
        (found,) = shifts(cells(values))
        assert found.shift[:3] == pytest.approx((0.6, 0.6, 0.6))
        assert (found.highest, found.lowest) == ("b", "a")
        assert found.partner_sd == pytest.approx(0.3)
        assert found.relative.value == pytest.approx(1.5)

    def test_the_spread_between_partners_is_what_sampling_does_not_explain(self) -> None:
        values = values_of(4, 9, 5)
        (found,) = shifts(cells(values[None]))
        within = np.mean([np.var(row, ddof=1) / 9 for row in values])
        beyond = np.var(values.mean(axis=1), ddof=1) - within
        assert found.partner_sd == pytest.approx(max(0.0, float(beyond)) ** 0.5)

    def test_a_speaker_who_never_hedges_has_no_relative_shift(self) -> None:
        (found,) = shifts(cells(np.zeros((1, 2, 5))))
        assert np.isnan(found.relative.value)
        assert found.relative.n == 5
        one = np.zeros((1, 2, 5))
        one[0, 0, 2] = 1.0
        (found,) = shifts(cells(one))
        assert np.isnan(found.relative.value), "without that opener there is nothing to divide by"

    def test_the_interval_of_the_relative_shift_leaves_out_openers_on_both_sides(self) -> None:
        values = np.abs(values_of(2, 6, 8))
        (found,) = shifts(cells(values[None]))
        _, deleted = cross_fitted(values)
        ratios = [deleted[k] / np.delete(values, k, axis=1).mean() for k in range(6)]
        error = (5 / 6 * np.sum((ratios - np.mean(ratios)) ** 2)) ** 0.5
        assert found.relative.hi - found.relative.value == pytest.approx(stats.t.ppf(0.975, 5) * error)

    @pytest.mark.parametrize(("partners", "openers", "rows"), [(1, 9, 0), (2, 3, 0), (2, 4, 3)])
    def test_two_partners_and_four_openers_are_needed(self, partners: int, openers: int, rows: int) -> None:
        values = np.random.default_rng(1).random((3, partners, openers))
        assert [s.speaker for s in shifts(cells(values))] == list("wxyz")[:rows]


class TestContrasts:
    def test_every_other_partner_stands_against_the_reference(self) -> None:
        values = values_of(3, 10)[None] + np.zeros((2, 1, 1))
        values[1] *= 2
        found = contrasts(cells(values), "b")
        assert list(found) == ["w", "x"]
        assert [partner for partner, _ in found["w"]] == ["a", "c"]
        d = values[0, 2] - values[0, 1]
        assert found["w"][1][1] == mean_difference(d)
        assert found["x"][1][1].value == pytest.approx(2 * d.mean())


class TestMeanDifference:
    def test_its_ends_are_those_of_all_draws(self) -> None:
        d = [0.1, -0.4, 0.5, 0.9, 0.2]
        population = np.array([np.mean(draw) for draw in product(d, repeat=5)])
        found = mean_difference(d)
        for level, end in ((2.5, found.lo), (97.5, found.hi)):
            below, above = np.percentile(population, [level - 1, level + 1])
            assert below - 1e-9 <= end <= above + 1e-9

    @pytest.mark.parametrize(
        ("d", "expected"), [([0.25] * 3, (0.25, 0.25, 0.25, 3)), ([-1.0, -1.0], (-1.0, -1.0, -1.0, 2))]
    )
    def test_equal_differences_have_no_width(self, d: list[float], expected: tuple[float, ...]) -> None:
        assert mean_difference(d) == expected

    def test_nothing_has_no_mean(self) -> None:
        found = mean_difference([])
        assert np.isnan(found[:3]).all()
        assert found.n == 0

    def test_two_openers_are_enough(self) -> None:
        assert mean_difference([0.0, 1.0]) == (0.5, 0.0, 1.0, 2)


class TestFamilyGap:
    def test_it_is_a_shift_less_the_range_over_speakers_who_answer_the_reference(self) -> None:
        values = np.random.default_rng(4).random((4, 3, 8))
        found = family_gap(cells(values), "x", ["y", "w"], "c")
        everything = np.ones(8, dtype=bool)
        assert found.shift == pytest.approx(slow(values[1], everything))
        assert found.others == pytest.approx(slow(values[[2, 0], 2], everything))
        assert found.difference.value == pytest.approx(found.shift - found.others)

    @pytest.mark.parametrize(("low", "expected"), [(0.01, True), (0.0, False), (-0.01, False)])
    def test_it_is_larger_where_the_interval_lies_above_zero(self, low: float, expected: bool) -> None:
        assert Gap(0.2, 0.1, Estimate(0.1, low, 0.3, 9)).larger is expected
