"""Comparisons of rows beside a slow and obvious recomputation of the same, row by row and pair by pair."""

from collections.abc import Sequence
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from interplay.leaderboard.comparisons import (
    ROWS_PER_BLOCK,
    Agreement,
    Comparison,
    agreement,
    benjamini_hochberg,
    compared,
    detectable_difference,
    holm,
    holm_adjusted,
    pair_tests,
    rank_sets,
)
from interplay.leaderboard.statistics import Vector

UNIT = (0.0, 1.0)
Bounds = tuple[float, float]
SOME_P = [0.0, 0.001, 0.004, 0.01, 0.0125, 0.02, 0.03, 0.05, 0.2, 1.0]
p_values = st.lists(st.sampled_from(SOME_P), max_size=9)


def slow_pair(a: Vector, b: Vector, bounds: Bounds) -> tuple[float, float]:
    """T and p of one pair on common units, with a full success and failure added to 0/1 data."""
    both = ~np.isnan(a) & ~np.isnan(b)
    own = a[~np.isnan(a)], b[~np.isnan(b)]
    d = a[both] - b[both]
    n = len(d)
    if n < 2:
        return 0.0, 1.0
    width = bounds[1] - bounds[0]
    is_end = all(min(abs(x - bounds[0]), abs(x - bounds[1])) <= 1e-4 * width for row in own for x in row)
    if is_end or d.std(ddof=1) <= 1e-4 * width:
        d = np.append(d, [width, -width])
    error = d.std(ddof=1) / len(d) ** 0.5
    t = d.mean() / error if error > 0 else 0.0
    return float(t), float(2 * stats.t.sf(abs(t), n - 1))


def slow_holm(p: Sequence[float]) -> list[bool]:
    """Step down: the k smallest p values pass while each is at most 5 % over those not yet tested."""
    passed = [False] * len(p)
    for step, i in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        if p[i] > 0.05 / (len(p) - step) + 1e-12:
            break
        passed[i] = True
    return passed


def slow_sets(matrix: Vector, bounds: Bounds, higher: bool = True) -> list[tuple[int, int]]:
    k = len(matrix)
    sets: list[tuple[int, int]] = []
    for i in range(k):
        others = [j for j in range(k) if j != i]
        tests = [slow_pair(matrix[i], matrix[j], bounds) for j in others]
        verdicts = slow_holm([p for _, p in tests])
        signs = [t if higher else -t for (t, _), ok in zip(tests, verdicts, strict=True) if ok]
        sets.append((1 + sum(s < 0 for s in signs), k - sum(s > 0 for s in signs)))
    return sets


def graded(k: int, m: int, seed: int, step: float = 0.06) -> Vector:
    """Rows of falling ability whose values lie inside the range."""
    rng = np.random.default_rng(seed)
    return np.clip(0.8 - step * np.arange(k)[:, None] + rng.normal(0, 0.15, (k, m)), 0.01, 0.99)


def binary(k: int, m: int, seed: int) -> Vector:
    rng = np.random.default_rng(seed)
    return (rng.random((k, m)) < np.linspace(0.95, 0.3, k)[:, None]).astype(float)


class TestSets:
    @pytest.mark.parametrize("higher", [True, False])
    @pytest.mark.parametrize("make", [graded, binary], ids=["graded", "0/1"])
    def test_sets_are_those_of_pairwise_tests_with_holm_in_each_row(self, make, higher: bool) -> None:
        matrix = make(7, 40, 3)
        sets = rank_sets(matrix, UNIT, higher)
        assert sets == slow_sets(matrix, UNIT, higher)
        assert len(set(sets)) > 1, "some rows are told apart"

    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("make", [graded, binary], ids=["graded", "0/1"])
    def test_so_they_are_where_every_row_lacks_units_of_its_own(self, make, seed: int) -> None:
        matrix = make(6, 30, seed)
        matrix[np.random.default_rng(seed + 50).random(matrix.shape) < 0.3] = np.nan
        assert rank_sets(matrix, UNIT, True) == slow_sets(matrix, UNIT)

    def test_some_rows_at_the_ends_and_some_inside(self) -> None:
        """Only pairs of which both sit at the ends get the added success and failure."""
        matrix = np.vstack([binary(3, 16, 1), graded(3, 16, 2, 0.2)])
        assert rank_sets(matrix, UNIT, True) == slow_sets(matrix, UNIT)

    def test_a_range_that_does_not_begin_at_zero(self) -> None:
        bounds = (-0.11, 1.0)
        matrix = -0.11 + 1.11 * binary(5, 24, 5)
        assert (
            rank_sets(matrix, bounds, True)
            == slow_sets(matrix, bounds)
            == rank_sets((matrix + 0.11) / 1.11, UNIT, True)
        )

    @pytest.mark.parametrize("make", [graded, binary], ids=["graded", "0/1"])
    @given(seed=st.integers(0, 10**6), scale=st.floats(0.1, 30), move=st.floats(-20, 20))
    @settings(max_examples=12)
    def test_other_units_of_the_metric_change_no_set(
        self, make, seed: int, scale: float, move: float
    ) -> None:
        matrix = make(5, 20, seed)
        assert rank_sets(move + scale * matrix, (move, move + scale), True) == rank_sets(matrix, UNIT, True)

    @given(st.integers(0, 10**6))
    @settings(max_examples=15)
    def test_the_order_of_units_changes_no_set(self, seed: int) -> None:
        matrix = binary(5, 20, seed)
        order = np.random.default_rng(seed).permutation(20)
        assert rank_sets(matrix[:, order], UNIT, True) == rank_sets(matrix, UNIT, True)

    @pytest.mark.parametrize("gaps", [False, True], ids=["all units", "gaps"])
    def test_with_few_units_a_difference_has_to_be_large(self, gaps: bool) -> None:
        """Four units: t of 3.1 is not enough at 3.18, the quantile with three degrees of freedom; 3.3 is."""
        for t, told in ((3.1, False), (3.3, True)):
            d = np.array([1.0, -1.0, 1.0, -1.0])
            d = d / d.std(ddof=1) * 0.05 + t * 0.05 / 2
            matrix = np.vstack([0.5 + d, np.full(4, 0.5)])
            if gaps:
                spare = [[np.nan, 0.9], [0.2, np.nan]]
                matrix = np.hstack([matrix, spare])
            assert rank_sets(matrix, UNIT, True) == ([(1, 1), (2, 2)] if told else [(1, 2), (1, 2)])

    def test_a_row_that_is_there_twice_has_one_set(self) -> None:
        matrix = graded(5, 40, 8)
        sets = rank_sets(np.vstack([matrix, matrix[1]]), UNIT, True)
        assert sets[1] == sets[5]
        assert sets[1][1] - sets[1][0] >= 1

    def test_one_row_is_first_and_last(self) -> None:
        assert rank_sets(binary(1, 10, 0), UNIT, True) == [(1, 1)]
        assert rank_sets(np.zeros((0, 0)), UNIT, True) == []

    def test_rows_without_a_common_unit_are_not_told_apart(self) -> None:
        matrix = np.array([[1.0] * 10 + [np.nan] * 10, [np.nan] * 10 + [0.0] * 10])
        assert rank_sets(matrix, UNIT, True) == [(1, 2), (1, 2)]

    def test_one_common_unit_tells_nothing(self) -> None:
        matrix = np.array([[1.0, 0.9, np.nan], [0.0, np.nan, 0.1]])
        assert pair_tests(matrix, slice(0, 2), UNIT).t.tolist() == [[0.0, 0.0], [0.0, 0.0]]

    def test_groups_are_compared_each_by_itself(self) -> None:
        matrix, groups = graded(7, 40, 11, 0.1), ["a", "b", "a", "b", "a", "c", "b"]
        found = compared(matrix, UNIT, groups).sets
        for name in "abc":
            members = [i for i, group in enumerate(groups) if group == name]
            assert [found[i] for i in members] == slow_sets(matrix[members], UNIT)

    def test_blocks_of_rows_give_what_one_block_would(self) -> None:
        """More rows than stand in a block: copies of five rows, so all copies have one set."""
        copies = ROWS_PER_BLOCK // 5 + 2
        matrix = np.repeat(graded(5, 60, 13, 0.2), copies, axis=0)
        assert len(matrix) > ROWS_PER_BLOCK
        found = compared(matrix, UNIT, [""] * len(matrix))
        assert [found.sets[i * copies : (i + 1) * copies] for i in range(5)] == [
            ((1 + i * copies, (i + 1) * copies),) * copies for i in range(5)
        ]


class TestPairs:
    def test_graded_pairs_have_scipys_t_p_and_deviation(self) -> None:
        matrix = graded(4, 25, 21)
        tests = pair_tests(matrix, slice(0, 4), UNIT)
        for i, j in permutations(range(4), 2):
            expected = stats.ttest_rel(matrix[i], matrix[j])
            assert tests.t[i, j] == pytest.approx(float(expected.statistic))
            assert tests.p[i, j] == pytest.approx(float(expected.pvalue))
            assert tests.mean[i, j] == pytest.approx(float((matrix[i] - matrix[j]).mean()))
            assert tests.sd[i, j] == pytest.approx(float((matrix[i] - matrix[j]).std(ddof=1)))

    def test_pairs_with_gaps_are_tested_on_what_both_have(self) -> None:
        matrix = graded(4, 25, 22)
        matrix[np.random.default_rng(1).random(matrix.shape) < 0.3] = np.nan
        tests = pair_tests(matrix, slice(0, 4), UNIT)
        for i, j in permutations(range(4), 2):
            both = ~np.isnan(matrix[i]) & ~np.isnan(matrix[j])
            expected = stats.ttest_rel(matrix[i][both], matrix[j][both])
            assert tests.n[i, j] == both.sum()
            assert tests.t[i, j] == pytest.approx(float(expected.statistic))
            assert tests.sd[i, j] == pytest.approx(float((matrix[i] - matrix[j])[both].std(ddof=1)))

    def test_a_block_is_a_part_of_the_whole(self) -> None:
        matrix = binary(6, 18, 4)
        whole, part = pair_tests(matrix, slice(0, 6), UNIT), pair_tests(matrix, slice(2, 4), UNIT)
        for name in ("mean", "sd", "t", "n"):
            assert np.array_equal(getattr(part, name), getattr(whole, name)[2:4])

    @pytest.mark.parametrize("bounds", [(-2.0, 2.0), (3.0, 3.5)])
    def test_the_added_units_are_as_far_apart_as_the_range(self, bounds: Bounds) -> None:
        low, high = bounds
        matrix = binary(4, 12, 9)
        plain = pair_tests(matrix, slice(0, 4), UNIT)
        moved = pair_tests(low + (high - low) * matrix, slice(0, 4), bounds)
        assert moved.t == pytest.approx(plain.t)
        assert moved.sd == pytest.approx((high - low) * plain.sd)

    def test_two_units_have_a_deviation(self) -> None:
        tests = pair_tests(np.array([[0.4, 0.8], [0.3, 0.3]]), slice(0, 1), UNIT)
        assert tests.sd[0, 1] == pytest.approx(0.4 / 2**0.5)
        assert tests.t[0, 1] == pytest.approx(0.3 / 0.2)

    def test_added_units_by_hand(self) -> None:
        """Differences: four times 1 and twice 0, and one more of either sign.

        Eight values of sum 4 and sum of squares 6: mean 0.5, variance (6 - 2) / 7, error
        sqrt(0.571429 / 8) = 0.267261, t = 1.870829; the printed mean stays 4 / 6.
        """
        matrix = np.array([[1.0, 1, 1, 1, 1, 0], [0.0, 0, 0, 0, 1, 0]])
        tests = pair_tests(matrix, slice(0, 1), UNIT)
        assert tests.t[0, 1] == pytest.approx(1.870829, abs=1e-6)
        assert tests.mean[0, 1] == pytest.approx(4 / 6)
        assert tests.p[0, 1] == pytest.approx(2 * float(stats.t.sf(1.870829, 5)), abs=1e-6)


class TestDetectable:
    @staticmethod
    def slow(matrix: Vector, groups: Sequence[str]) -> float:
        m = matrix.shape[1]
        pairs = [(i, j) for i, j in combinations(range(len(matrix)), 2) if groups[i] == groups[j]]
        sd = float(np.median([np.std(matrix[i] - matrix[j], ddof=1) for i, j in pairs]))
        return (stats.t.ppf(0.975, m - 1) + stats.t.ppf(0.80, m - 1)) * sd / m**0.5

    @pytest.mark.parametrize("groups", ["aaaaaa", "aaabbb", "ababab"])
    def test_it_is_that_of_the_median_deviation_of_pairs(self, groups: str) -> None:
        matrix = graded(6, 30, 31)
        assert detectable_difference(matrix, UNIT, list(groups)) == pytest.approx(self.slow(matrix, groups))

    def test_three_pairs_are_enough_and_two_are_not(self) -> None:
        matrix = graded(4, 30, 32)
        assumed = detectable_difference(np.zeros((1, 30)), UNIT)
        assert detectable_difference(matrix[:3], UNIT) == pytest.approx(self.slow(matrix[:3], "aaa"))
        assert detectable_difference(matrix, UNIT, list("aabb")) == assumed

    def test_without_pairs_a_fifth_of_the_squared_range_is_assumed(self) -> None:
        """(2.262157 + 0.883404) * sqrt(0.2) * 2 / sqrt(10)."""
        assert detectable_difference(np.zeros((2, 10)), (-1.0, 1.0)) == pytest.approx(
            (2.262157 + 0.883404) * 0.2**0.5 * 2 / 10**0.5, abs=1e-5
        )

    def test_one_unit_resolves_nothing(self) -> None:
        assert detectable_difference(np.ones((5, 1)), (-1.0, 1.0)) == 2.0

    def test_such_a_difference_is_found_in_four_of_five_boards(self) -> None:
        rng, m = np.random.default_rng(5), 40
        noise = rng.normal(0.5, 0.2, (3, m))
        spread = float(np.median([(noise[i] - noise[i - 1]).std(ddof=1) for i in range(3)]))
        d = rng.normal(detectable_difference(noise, (-5.0, 5.0)), spread, (4000, m))
        power = float((np.abs(d.mean(axis=1) / (d.std(axis=1, ddof=1) / m**0.5)) > 2.0227).mean())
        assert power == pytest.approx(0.80, abs=0.03)

    def test_an_empty_board_has_no_sets_and_the_width_of_its_range(self) -> None:
        assert compared(np.zeros((0, 0)), UNIT, []) == Comparison((), 1.0)


@given(p_values)
@settings(max_examples=50)
def test_holms_step_down_written_out(p: list[float]) -> None:
    assert holm(p) == slow_holm(p)


def test_adjusted_p_values_are_those_of_statsmodels() -> None:
    p = [0.04, 0.001, 0.2, 0.001, 0.9, 0.012, 0.03]
    assert holm_adjusted(p) == pytest.approx(multipletests(p, method="holm")[1].tolist(), abs=1e-12)
    assert holm_adjusted([]) == []


@given(p_values)
@settings(max_examples=50)
def test_benjamini_and_hochbergs_step_up_written_out(p: list[float]) -> None:
    """All up to the largest p that is at most its rank times 5 % over their number."""
    ranked = sorted(p)
    limit = max((v for k, v in enumerate(ranked, 1) if v <= 0.05 * k / len(p) + 1e-12), default=-1.0)
    assert benjamini_hochberg(p) == [v <= limit for v in p]


class TestAgreement:
    @given(
        st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=5, max_size=12).filter(
            lambda pairs: all(len({p[side] for p in pairs}) > 1 for side in (0, 1))
        )
    )
    @settings(max_examples=40)
    def test_tau_b_is_pairs_alike_less_pairs_reversed(self, pairs: list[tuple[int, int]]) -> None:
        """Over the root of the pairs untied on the first board times those untied on the second."""
        signs = [(np.sign(a[0] - b[0]), np.sign(a[1] - b[1])) for a, b in combinations(pairs, 2)]
        untied = [sum(bool(s[side]) for s in signs) for side in (0, 1)]
        expected = sum(x * y for x, y in signs) / (untied[0] * untied[1]) ** 0.5
        found = agreement([float(a) for a, _ in pairs], [float(b) for _, b in pairs])
        assert found is not None
        assert found.tau == pytest.approx(expected)
        assert found.n == len(pairs)

    def test_the_p_value_of_five_without_ties_is_that_of_all_orders(self) -> None:
        """Of 120 orders of five, as many are as far from 0 as the one that was seen."""
        seen = [1.0, 3.0, 2.0, 4.0, 5.0]

        def concordance(order: Sequence[float]) -> int:
            return sum(1 if order[i] < order[j] else -1 for i, j in combinations(range(5), 2))

        extreme = [abs(concordance(o)) >= abs(concordance(seen)) for o in permutations(seen)]
        found = agreement([1.0, 2.0, 3.0, 4.0, 5.0], seen)
        assert found is not None
        assert found.p == pytest.approx(sum(extreme) / 120)

    def test_boards_may_change_places_and_a_reversed_board_turns_the_sign(self) -> None:
        first, second = [0.1, 0.5, 0.2, 0.9, 0.9, 0.3], [3.0, 1.0, 2.0, 5.0, 4.0, 4.0]
        ahead = agreement(first, second)
        assert ahead == agreement(second, first)
        back = agreement(first, [-v for v in second])
        assert ahead is not None
        assert back == Agreement(pytest.approx(-ahead.tau), pytest.approx(ahead.p), 6)

    @pytest.mark.parametrize("constant", [0, 1])
    def test_a_board_that_orders_nothing_agrees_with_none(self, constant: int) -> None:
        boards = [[1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0, 5.0]]
        boards[constant] = [0.5] * 5
        assert agreement(boards[0], boards[1]) is None
