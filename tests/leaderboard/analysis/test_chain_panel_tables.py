"""Tables of a panel by hand: levels, slopes, ladders, gaps, and what a panel is too small for."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.analysis.cells import Cells, cells_of
from interplay.leaderboard.analysis.chain_panel import (
    accommodation,
    contrast_table,
    design,
    families_compared,
    gap_table,
    heat,
    ladder,
    members_of,
    pair_table,
    panel_tables,
    recipe_gaps,
    recipe_tables,
    shares,
    shift_table,
    split_table,
)
from interplay.leaderboard.analysis.partner_shift import shifts
from interplay.leaderboard.analysis.recipe_family import recipe_family
from interplay.leaderboard.analysis.tables import interval
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.recipe_chains.panel import REFERENCE, Checkpoint, panel

KNOWN = {c.id: c for c in panel()}
COLUMNS = ["speaker", "partner", "opener", "repeat", "value"]


def checkpoint(name: str, **changes: object) -> Checkpoint:
    plain = Checkpoint(name, f"acme/{name}", "oak", "oak-base", "vendor_instruct", None, 8.0)
    return plain._replace(**changes)  # type: ignore[arg-type]


def frame(values: np.ndarray, speakers: list[str], partners: list[str]) -> pd.DataFrame:
    places = product(range(len(speakers)), range(len(partners)), range(values.shape[2]))
    return pd.DataFrame(
        [(speakers[i], partners[j], f"o{k:02d}", "1/1", values[i, j, k]) for i, j, k in places],
        columns=COLUMNS,
    )


def titles(rows: pd.DataFrame) -> list[str]:
    return [table.title for table in panel_tables(rows)]


class TestHowMuchAPanelShows:
    ALL = (
        "Who answers whom: share of hedged sentences",
        "Where the variation lies",
        "How far partners move a speaker",
        "Partners against the reference partner",
    )

    def values(self, m: int, n: int, k: int) -> np.ndarray:
        return np.random.default_rng(1).uniform(0.2, 0.8, (m, n, k))

    def test_nothing_of_one_speaker_or_one_partner(self) -> None:
        assert panel_tables(pd.DataFrame([], columns=COLUMNS)) == []
        assert titles(frame(self.values(1, 3, 6), ["a"], ["p", "q", "r"])) == []
        assert titles(frame(self.values(3, 1, 6), ["a", "b", "c"], ["p"])) == []

    @pytest.mark.parametrize(("openers", "tables"), [(2, 1), (3, 2), (4, 4)])
    def test_openers_decide_how_far_it_goes(self, openers: int, tables: int) -> None:
        rows = frame(self.values(2, 2, openers), ["a", "b"], ["p", REFERENCE])
        assert titles(rows) == list(self.ALL[:tables])

    def test_contrasts_need_the_reference_partner(self) -> None:
        assert self.ALL[3] not in titles(frame(self.values(2, 2, 6), ["a", "b"], ["p", "q"]))

    def test_checkpoints_of_the_panel_bring_the_tables_of_recipes(self) -> None:
        names = ["gemma2-9b", "mistral-7b", "qwen25-7b", "tulu3-dpo", "tulu3-sft"]
        found = titles(frame(self.values(5, 2, 6), names, ["p", REFERENCE]))
        assert found[len(self.ALL) :] == [
            "Recipe against family",
            "Pairs of checkpoints",
            "Partner shift against the gap between families",
            "Step by step on one base",
            "Checkpoints by family and recipe",
        ]

    def test_a_reply_that_is_there_twice_is_one_sentence(self) -> None:
        rows = frame(self.values(2, 2, 4), ["a", "b"], ["p", "q"])
        said = r"^1 replies are there twice, the first for .*keep one of each\.$"
        with pytest.raises(UserMistake, match=said):
            panel_tables(pd.concat([rows, rows.iloc[[3]]]))

    def test_gaps_are_told_under_the_tables(self) -> None:
        rows = frame(self.values(2, 2, 5), ["a", "b"], ["p", "q"]).iloc[3:]
        note = panel_tables(rows)[0].note
        assert note.endswith("2 openers. panel incomplete: a misses 3 openers.")

    @given(st.permutations(range(24)))
    @settings(max_examples=10)
    def test_the_order_of_replies_changes_nothing(self, order: list[int]) -> None:
        rows = frame(self.values(2, 2, 6), ["a", "b"], ["p", REFERENCE])
        assert panel_tables(rows.iloc[order]) == panel_tables(rows)


class TestHeat:
    def test_rows_are_differences_to_the_speakers_own_mean(self) -> None:
        """a: 0.2 and 0.6 around 0.4; b: 0.5 to everyone."""
        values = np.array([[0.2, 0.6], [0.5, 0.5]])[:, :, None] + np.zeros((2, 2, 3))
        table = heat(Cells(("a", "b"), ("p", "q"), ("0", "1", "2"), values), "A note.")
        assert table.columns == ("speaker", "own mean", "to p", "to q")
        assert table.rows[0][1:] == pytest.approx((0.4, -0.2, 0.2))
        assert table.rows[1][1:] == pytest.approx((0.5, 0.0, 0.0))
        assert table.note == "Difference to the speaker's own mean; 3 openers. A note."

    def test_only_openers_that_all_answered_count(self) -> None:
        values = np.zeros((2, 2, 4))
        values[0, :, 3] = 1.0
        values[1, 0, 3] = np.nan
        table = heat(Cells(("a", "b"), ("p", "q"), tuple("0123"), values), "")
        assert [row[1] for row in table.rows] == [0.0, 0.0]
        nothing = Cells(("a", "b"), ("p", "q"), tuple("0123"), np.full((2, 2, 4), np.nan))
        assert heat(nothing, "").rows == ()


class TestShares:
    def test_the_method_is_named_and_the_intervals_have_four_decimals(self) -> None:
        values = np.random.default_rng(2).random((3, 3, 9))
        cells = Cells(tuple("abc"), tuple("pqr"), tuple("012345678"), values)
        table = shares(cells, "")
        assert "Of the 3 checkpoints measured, 9 openers, by mean squares;" in table.note
        assert [row[0] for row in table.rows][:3] == ["speaker", "partner", "speaker x partner"]
        assert sum(float(str(row[3])) for row in table.rows) == pytest.approx(1.0)
        assert all("." in str(row[2]) and len(str(row[2]).split(".")[-1]) == 4 for row in table.rows)
        assert shares(Cells(("a",), tuple("pqr"), tuple("012345678"), values[:1]), "x").rows == ()


class TestAccommodation:
    def rows(self, slope: float, openers: int = 5, seed: int = 3) -> pd.DataFrame:
        """Replies that take over `slope` of the text's share, at a level of each opener."""
        rng = np.random.default_rng(seed)
        return pd.DataFrame(
            [
                ("s", f"p{j}", f"o{k}", f"{r}/1", x, 0.1 * k + slope * x)
                for k in range(openers)
                for j in range(3)
                for r in (1, 2)
                for x in [float(rng.random())]
            ],
            columns=["speaker", "partner", "opener", "repeat", "share", "value"],
        )

    @pytest.mark.parametrize("slope", [-0.5, 0.0, 0.7])
    def test_a_planted_slope_comes_back_whatever_the_level_of_an_opener(self, slope: float) -> None:
        (row,) = accommodation(self.rows(slope)).rows
        assert row[0] == "s"
        assert row[1] == pytest.approx(slope, abs=1e-9)
        assert row[3] == 5

    def test_its_interval_leaves_out_an_opener_at_a_time(self) -> None:
        rows = self.rows(0.4)
        rows["value"] += np.random.default_rng(4).normal(0, 0.1, len(rows))

        def slope(some: pd.DataFrame) -> float:
            centred = some[["share", "value"]] - some.groupby("opener")[["share", "value"]].transform("mean")
            return float((centred["share"] * centred["value"]).sum() / (centred["share"] ** 2).sum())

        deleted = np.array([slope(rows[rows["opener"] != f"o{k}"]) for k in range(5)])
        half = 2.7764451052 * (4 / 5 * np.sum((deleted - deleted.mean()) ** 2)) ** 0.5
        (row,) = accommodation(rows).rows
        middle = slope(rows)
        assert row[1] == pytest.approx(middle)
        assert middle - half > 0
        assert row[2] == f"{middle - half:.3f}–{middle + half:.3f}"

    def test_replies_without_a_score_or_a_share_count_for_nothing(self) -> None:
        rows = self.rows(0.4)
        more = rows.assign(repeat="9/9", value=np.nan)
        other = rows.assign(repeat="8/8", share=np.nan)
        assert accommodation(pd.concat([rows, more, other])).rows == accommodation(rows).rows

    def test_three_openers_are_needed_and_texts_that_differ(self) -> None:
        assert accommodation(self.rows(0.4, openers=2)).rows == ()
        assert len(accommodation(self.rows(0.4, openers=3)).rows) == 1
        assert accommodation(self.rows(0.4).assign(share=0.5)).rows == ()
        one = self.rows(0.4)
        one.loc[one["opener"] != "o1", "share"] = 0.5
        assert accommodation(one).rows == (), "without o1 nothing varies"

    def test_without_shares_of_texts_there_is_no_slope(self) -> None:
        assert accommodation(self.rows(0.4).drop(columns="share")).rows == ()


class TestRecipes:
    def test_steps_of_a_ladder_follow_each_other(self) -> None:
        steps = {"c": 3, "a": 1, "x": None, "b": 2}
        members = [checkpoint(name, stage=stage) for name, stage in steps.items()]
        table = ladder({"a": 0.5, "b": 0.3, "c": 0.4, "x": 9.0}, members)
        assert table.rows[0][:4] == ("a", "b", 0.5, 0.3)
        assert [row[4] for row in table.rows] == pytest.approx([-0.2, 0.1])
        assert ladder({}, [checkpoint("a", stage=1), checkpoint("x")]).rows == ()

    def test_the_ladder_of_the_panel_stands_on_one_base(self) -> None:
        assert len({c.base for c in panel() if c.stage is not None}) == 1
        stages = [c.stage for c in panel() if c.stage is not None]
        assert sorted(stages) == list(range(1, len(stages) + 1))

    def test_the_design_counts_and_leaves_empty_cells_open(self) -> None:
        members = [checkpoint("a"), checkpoint("b"), checkpoint("c", family="elm", recipe="open_sft")]
        table = design(members)
        assert table.columns == ("family", "vendor_instruct", "open_sft")
        assert table.rows == (("oak", 2, None), ("elm", None, 1))
        assert "mean over all cells 0.8" in table.note

    @pytest.mark.parametrize(("size", "counts"), [(6.9, False), (7.0, True), (9.0, True), (9.1, False)])
    def test_families_are_compared_by_one_vendor_checkpoint_of_seven_to_nine_billion(
        self, size: float, counts: bool
    ) -> None:
        members = [
            checkpoint("tuned", family="elm", recipe="open_sft"),
            checkpoint("first", family="elm", params_b=size),
            checkpoint("second", family="elm", params_b=8.0),
        ]
        assert families_compared(members) == (["first"] if counts else ["second"])

    def test_gaps_need_two_families(self) -> None:
        values = np.random.default_rng(5).random((2, 2, 8))
        cells = Cells(("llama31-instruct", "tulu3-sft"), ("p", REFERENCE), tuple("01234567"), values)
        own = [KNOWN[name] for name in cells.speakers]
        assert recipe_gaps(cells, own) == {}
        assert gap_table(cells, own).rows == ()

    @pytest.mark.parametrize(
        ("shift", "gap", "said"), [(0.6, 0.1, "yes"), (0.1, 0.6, "no"), (0.3, 0.3, "open")]
    )
    def test_a_shift_is_larger_smaller_or_open(self, shift: float, gap: float, said: str) -> None:
        """Levels without noise, so that the interval has no width."""
        values = np.zeros((2, 2, 8))
        values[:, 1] = np.array([0.2, 0.2 + gap])[:, None]
        values[:, 0] = values[:, 1] + np.array([shift, 0])[:, None]
        cells = Cells(("gemma2-9b", "qwen25-7b"), ("p", REFERENCE), tuple("01234567"), values)
        row = gap_table(cells, [KNOWN[name] for name in cells.speakers]).rows[0]
        assert row[0] == "gemma2-9b"
        assert row[1:4] == pytest.approx((shift, gap, shift - gap))
        assert row[5] == said

    def test_p_values_of_recipe_and_family_are_corrected_for_two(self) -> None:
        names = ["gemma2-9b", "llama31-instruct", "qwen25-7b", "tulu3-dpo", "tulu3-sft"]
        levels = dict(zip(names, (0.2, 0.25, 0.3, 0.7, 0.9), strict=True))
        members = members_of(KNOWN[name] for name in names)
        found = recipe_family([levels[m.name] for m in members], members)
        assert found is not None
        table = split_table(levels, members)
        assert [row[:4] for row in table.rows] == [("recipe", *found.recipe), ("family", *found.family)]
        small, large = sorted((found.recipe.p, found.family.p))
        corrected = {small: min(1.0, 2 * small), large: min(1.0, max(2 * small, large))}
        assert [row[4] for row in table.rows] == [corrected[found.recipe.p], corrected[found.family.p]]
        assert "5 checkpoints in" in table.note
        assert split_table(dict.fromkeys(names, 0.5), members).rows == ()

    def test_recipes_need_two_known_speakers_and_the_reference(self) -> None:
        values = np.random.default_rng(6).random((2, 2, 8))
        known, unknown = ("gemma2-9b", "qwen25-7b"), ("gemma2-9b", "stranger")
        openers = tuple("01234567")
        assert recipe_tables(Cells(unknown, ("p", REFERENCE), openers, values)) == []
        assert recipe_tables(Cells(known, ("p", "q"), openers, values)) == []
        assert len(recipe_tables(Cells(known, ("p", REFERENCE), openers, values))) == 5

    def test_the_difference_of_medians_stands_in_the_note(self) -> None:
        names = ("gemma2-9b", "llama31-instruct", "tulu3-sft")
        values = np.zeros((3, 1, 4)) + np.array([0.1, 0.2, 0.6])[:, None, None]
        cells = Cells(names, (REFERENCE,), tuple("0123"), values)
        table = pair_table(cells, members_of(KNOWN[n] for n in names))
        assert [row[:3] for row in table.rows] == [
            ("other family, same recipe", "gemma2-9b", "llama31-instruct"),
            ("same base, other recipe", "llama31-instruct", "tulu3-sft"),
        ]
        assert "0.300 (0.300–0.300), jackknife over 4 openers" in table.note


def test_shifts_are_given_in_per_cent_of_what_is_hedged_and_dashed_without_any() -> None:
    values = np.zeros((2, 2, 4))
    values[0, 1], values[0, 0] = 0.6, 0.4
    table = shift_table(Cells(("a", "b"), ("p", "q"), tuple("0123"), values))
    first, second = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert first["shift % of hedged"] == pytest.approx(40.0)
    assert (first["most after"], first["least after"], first["95 %"]) == ("q", "p", "0.200–0.200")
    assert second["shift % of hedged"] is None


def test_a_shift_has_both_ends_of_its_interval() -> None:
    cells = Cells(("a",), ("p", "q"), tuple("012345"), np.random.default_rng(8).random((1, 2, 6)))
    (expected,) = shifts(cells)
    (row,) = shift_table(cells).rows
    assert expected.shift.lo < expected.shift.hi
    assert row[3] == interval(expected.shift.lo, expected.shift.hi, 3)


def test_contrasts_name_both_partners() -> None:
    values = np.zeros((1, 2, 4)) + np.array([0.2, 0.5])[None, :, None]
    table = contrast_table(Cells(("a",), (REFERENCE, "q"), tuple("0123"), values))
    assert table.rows == (("a", f"q less {REFERENCE}", pytest.approx(0.3), "0.300–0.300", 4),)


def test_a_table_read_from_a_frame_is_the_one_that_was_written() -> None:
    values = np.random.default_rng(7).random((2, 3, 4))
    cells = cells_of(frame(values, ["a", "b"], ["p", "q", "r"]))
    assert cells.values.tolist() == values.tolist()
