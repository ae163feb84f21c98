"""Recipe against family: all orders of few levels, pairs by hand, tables of replies and their gaps."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.analysis.cells import Cells, DuplicateCells, cells_of
from interplay.leaderboard.analysis.recipe_family import Member, pair_distances, recipe_family, shapley

seeds = st.integers(0, 10**6)
FEW = [
    Member("a", "llama", "L", "instruct", 8),
    Member("b", "llama", "L", "distill", 8),
    Member("c", "qwen", "Q", "instruct", 7),
    Member("d", "qwen", "Q", "distill", 7),
    Member("e", "qwen", "R", "distill", 7),
]


def r2(y: np.ndarray, *factors: list[str]) -> float:
    columns = [[float(v == level) for v in f] for f in factors for level in sorted(set(f))[1:]]
    return float(sm.OLS(y, sm.add_constant(np.array(columns).T)).fit().rsquared)


def family_share(y: np.ndarray, members: list[Member], of: str) -> float:
    names = (of, "recipe" if of == "family" else "family")
    own, other = ([getattr(m, name) for m in members] for name in names)
    return (r2(y, own) + r2(y, own, other) - r2(y, other)) / 2


class TestSplit:
    @pytest.mark.parametrize("of", ["family", "recipe"])
    def test_p_and_excess_are_those_of_all_orders(self, of: str) -> None:
        """Five levels have 120 orders, fewer than are asked for, so that each is taken once."""
        levels = np.array([0.1, 0.5, 0.25, 0.9, 0.7])
        found = recipe_family(levels.tolist(), FEW)
        assert found is not None
        split = getattr(found, of)
        every = np.array([family_share(np.array(order), FEW, of) for order in permutations(levels)])
        seen = family_share(levels, FEW, of)
        assert split.share == pytest.approx(seen)
        assert split.excess == pytest.approx(seen - every.mean())
        assert split.p == pytest.approx(float((every >= seen - 1e-9).mean()))

    @given(seeds, st.floats(0.1, 40), st.floats(-9, 9))
    @settings(max_examples=15)
    def test_shares_are_the_same_in_other_units(self, seed: int, scale: float, move: float) -> None:
        y = np.random.default_rng(seed).normal(size=5)
        family, recipe = [m.family for m in FEW], [m.recipe for m in FEW]
        plain, moved = shapley(y, family, recipe), shapley(move + scale * y, family, recipe)
        assert [float(v) for v in moved] == pytest.approx([float(v) for v in plain], abs=1e-8)

    @given(seeds)
    @settings(max_examples=15)
    def test_new_names_of_families_change_nothing(self, seed: int) -> None:
        y = np.random.default_rng(seed).normal(size=5)
        recipe = [m.recipe for m in FEW]
        named, renamed = ["p", "p", "q", "q", "r"], ["z", "z", "b", "b", "a"]
        assert [float(v) for v in shapley(y, named, recipe)] == pytest.approx(
            [float(v) for v in shapley(y, renamed, recipe)]
        )

    def test_levels_that_follow_the_family_alone_are_the_familys(self) -> None:
        """A balanced design: family explains all, recipe nothing."""
        y = np.array([1.0, 1.0, 3.0, 3.0])
        family, recipe, joint = shapley(y, ["p", "p", "q", "q"], ["i", "d", "i", "d"])
        assert (float(family), float(recipe), float(joint)) == pytest.approx((1.0, 0.0, 1.0))

    def test_many_levels_at_once_are_each_their_own(self) -> None:
        y = np.random.default_rng(3).normal(size=(4, 5))
        family, recipe = [m.family for m in FEW], [m.recipe for m in FEW]
        together = np.stack(shapley(y, family, recipe))
        for i in range(4):
            assert together[:, i].tolist() == pytest.approx([float(v) for v in shapley(y[i], family, recipe)])

    def test_four_checkpoints_of_two_families_and_recipes_are_enough(self) -> None:
        found = recipe_family([0.1, 0.2, 0.4, 0.3], FEW[:4])
        assert found is not None
        assert (found.checkpoints, found.filled, found.cells) == (4, 4, 4)

    @pytest.mark.parametrize("of", ["family", "recipe"])
    def test_one_family_or_recipe_cannot_be_told_from_the_other(self, of: str) -> None:
        members = [m._replace(**{of: "same"}) for m in FEW]
        assert recipe_family([0.1, 0.2, 0.4, 0.3, 0.9], members) is None


class TestPairs:
    LEVELS = (0.1, 0.4, 0.25, 0.9, 0.6)

    def cells(self, openers: int = 3, spread: float = 0.0) -> Cells:
        rng = np.random.default_rng(2)
        values = np.zeros((5, 2, openers)) + np.array(self.LEVELS)[:, None, None]
        values[:, 1] += 5
        values += rng.normal(0, spread, values.shape) if spread else 0.0
        return Cells(tuple("abcde"), ("ref", "x"), tuple(map(str, range(openers))), values)

    def test_distances_of_both_kinds_by_hand(self) -> None:
        """Same base: a-b 0.3 and c-d 0.65. Same recipe, other family: a-c 0.15, b-d 0.5, b-e 0.2."""
        found = pair_distances(self.cells(), FEW, "ref", (7, 9))
        assert {(p.kind[:4], p.first, p.second): pytest.approx(p.distance) for p in found.pairs} == {
            ("same", "a", "b"): 0.3,
            ("same", "c", "d"): 0.65,
            ("othe", "a", "c"): 0.15,
            ("othe", "b", "d"): 0.5,
            ("othe", "b", "e"): 0.2,
        }
        assert found.difference is not None
        assert found.difference.value == pytest.approx(0.475 - 0.2)
        assert found.difference.n == 3

    @pytest.mark.parametrize(("sizes", "pairs"), [((7, 8), 3), ((7.5, 9), 0), ((7, 7.5), 0)])
    def test_families_are_compared_within_a_range_of_sizes_ends_included(
        self, sizes: tuple[float, float], pairs: int
    ) -> None:
        found = pair_distances(self.cells(), FEW, "ref", sizes)
        assert sum(p.kind.startswith("other") for p in found.pairs) == pairs
        assert (found.difference is None) == (pairs == 0)

    def test_intervals_leave_out_one_opener_at_a_time(self) -> None:
        cells = self.cells(6, 0.1)
        found = pair_distances(cells, FEW, "ref")
        (pair,) = [p for p in found.pairs if (p.first, p.second) == ("a", "b")]
        levels = [np.delete(cells.values[:, 0], k, axis=1).mean(axis=1) for k in range(6)]
        deleted = np.array([abs(v[0] - v[1]) for v in levels])
        error = (5 / 6 * np.sum((deleted - deleted.mean()) ** 2)) ** 0.5
        assert pair.interval.hi - pair.interval.value == pytest.approx(2.5705818366 * error)

    def test_without_pairs_of_one_kind_there_is_no_difference(self) -> None:
        cells = self.cells()
        one = Cells(cells.speakers[:2], cells.partners, cells.openers, cells.values[:2])
        found = pair_distances(one, FEW[:2], "ref")
        assert len(found.pairs) == 1
        assert found.difference is None

    def test_one_base_and_one_recipe_are_no_pair_of_either_kind(self) -> None:
        twins = [FEW[0], FEW[0]._replace(name="z")]
        cells = Cells(("a", "z"), ("ref",), ("0", "1"), np.zeros((2, 1, 2)))
        assert pair_distances(cells, twins, "ref").pairs == ()


class TestCells:
    COLUMNS = ("speaker", "partner", "opener", "repeat", "value")

    def frame(self, *rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
        return pd.DataFrame(list(rows), columns=list(self.COLUMNS))

    @given(st.lists(st.tuples(*[st.sampled_from("abc")] * 4, st.floats(0, 1)), min_size=1, max_size=40))
    @settings(max_examples=30)
    def test_a_cell_is_the_mean_over_its_repeats(self, rows: list[tuple[str, str, str, str, float]]) -> None:
        once = {row[:4]: row for row in rows}
        frame = self.frame(*once.values())
        cells = cells_of(frame)
        means = frame.groupby(["speaker", "partner", "opener"])["value"].mean()
        for i, speaker in enumerate(cells.speakers):
            for j, partner in enumerate(cells.partners):
                for k, opener in enumerate(cells.openers):
                    found = cells.values[i, j, k]
                    if (speaker, partner, opener) in means.index:
                        assert found == pytest.approx(means[speaker, partner, opener])
                    else:
                        assert np.isnan(found)

    def test_numbers_and_texts_name_the_same_repeat(self) -> None:
        rows = self.frame(("s", "p", "o", "1", 0.5)).astype({"repeat": object})
        both = pd.concat([rows, rows.assign(repeat=1)])
        with pytest.raises(DuplicateCells, match="repeat '1'; keep one of each"):
            cells_of(both)

    def test_the_first_of_several_doubles_is_named_by_its_place(self) -> None:
        rows = [("s2", "p", "o1", "1", 0.1)] * 2 + [("s1", "q", "o2", "2", 0.2)] * 3
        said = (
            "3 replies are there twice, the first for speaker 's1', partner 'q', opener 'o2', repeat '2'; "
            "keep one of each"
        )
        with pytest.raises(DuplicateCells) as caught:
            cells_of(self.frame(*rows))
        assert str(caught.value) == said

    def test_a_cell_whose_replies_were_never_scored_is_missing(self) -> None:
        cells = cells_of(self.frame(("s", "p", "o", "1", np.nan), ("s", "p", "o", "2", np.nan)))
        assert np.isnan(cells.values).all()
        assert (cells.kept, cells.complete().openers) == (0.0, ())

    def test_gaps_are_told_worst_first_then_by_name(self) -> None:
        values = np.zeros((3, 2, 10))
        values[0, 0, :3] = values[2, 1, :3] = values[1, :, :4] = np.nan
        cells = Cells(("b", "c", "a"), ("p", "q"), tuple(map(str, range(10))), values)
        assert cells.incomplete() == [
            "panel incomplete: c misses 4 openers",
            "panel incomplete: a misses 3 openers",
            "panel incomplete: b misses 3 openers",
        ]

    @pytest.mark.parametrize(("lost", "told"), [(2, 0), (3, 1)])
    def test_four_in_five_complete_openers_are_enough(self, lost: int, told: int) -> None:
        values = np.zeros((1, 2, 10))
        values[0, 0, :lost] = np.nan
        cells = Cells(("s",), ("p", "q"), tuple(map(str, range(10))), values)
        assert len(cells.incomplete()) == told
        assert cells.kept == pytest.approx(1 - lost / 10)

    def test_no_openers_are_nothing_kept(self) -> None:
        cells = Cells(("s",), ("p",), (), np.zeros((1, 1, 0)))
        assert cells.kept == 0.0

    def test_some_speakers_come_in_the_order_in_which_they_are_asked_for(self) -> None:
        values = np.arange(12.0).reshape(3, 2, 2)
        cells = Cells(("a", "b", "c"), ("p", "q"), ("0", "1"), values).of_speakers(["c", "a"])
        assert cells.speakers == ("c", "a")
        assert cells.values.tolist() == values[[2, 0]].tolist()
