"""Charts of the stored panel from small tables made by hand: centring, shares, distances, stages, design."""

import numpy as np
import pytest
from scipy.stats import t as student

from interplay.leaderboard.analysis.cells import Cells
from interplay.leaderboard.analysis.recipe_family import Distance, Pairs
from interplay.leaderboard.charts.chain_panel import (
    STAGES,
    design_table,
    heat,
    hundredths,
    ladder,
    openers_words,
    pair_chart,
    panel_charts,
    partner_shifts,
    recipe_charts,
    variance_shares,
)
from interplay.leaderboard.figures import ChartSpec, Matrix
from interplay.leaderboard.statistics import Estimate
from interplay.tasks.recipe_chains.panel import REFERENCE, Checkpoint, panel

from .parsed import both, outside

OPENERS = 12
STEPS = [c for c in panel() if c.stage is not None]
BASE = next(c.base for c in STEPS if sum(other.base == c.base for other in STEPS) >= 2)
LADDER = [c for c in STEPS if c.base == BASE]


def cells(
    speakers: tuple[str, ...], partners: tuple[str, ...], openers: int = OPENERS, seed: int = 0
) -> Cells:
    """Shares with an effect of speaker, of partner, of opener, and noise."""
    stream = np.random.RandomState(0)
    values = (
        0.3
        + 0.08 * np.arange(len(speakers))[:, None, None]
        + 0.05 * np.arange(len(partners))[None, :, None]
        + stream.normal(0, 0.05, openers)[None, None, :]
        + stream.normal(0, 0.02, (len(speakers), len(partners), openers))
    )
    return Cells(speakers, partners, tuple(f"o{i}" for i in range(openers)), values)


def table(spec: ChartSpec | None) -> Matrix:
    assert spec is not None
    assert spec.matrix is not None
    return spec.matrix


FOUR = cells(("one", "two", "three", "four"), ("left", "middle", "right"))


def test_each_speaker_is_held_against_its_own_mean() -> None:
    matrix = table(heat(FOUR))
    means = FOUR.values.mean(axis=2)
    for i, speaker in enumerate(FOUR.speakers):
        own = [matrix.cell(speaker, partner) for partner in FOUR.partners]
        assert sum(cell.value or 0.0 for cell in own if cell) == pytest.approx(0.0, abs=1e-9)
        for j, cell in enumerate(own):
            assert cell is not None
            assert cell.value == pytest.approx(means[i, j] - means[i].mean())
            assert cell.n == OPENERS


def test_a_table_of_the_panel_is_tinted_where_the_interval_excludes_zero_on_either_side() -> None:
    matrix = table(heat(FOUR))
    for cell in matrix.cells:
        assert cell.lo is not None
        assert cell.hi is not None
        assert cell.lo <= (cell.value or 0.0) <= cell.hi
        assert cell.significant == (not cell.lo <= 0 <= cell.hi)
    low, high = matrix.cell("one", "left"), matrix.cell("one", "right")
    assert low is not None
    assert high is not None
    assert (matrix.step(low) or "d4") < "d4" < (matrix.step(high) or "d4")
    assert matrix.range[0] == -matrix.range[1] <= -0.05


def test_equal_partners_are_not_blown_up_to_full_colour() -> None:
    flat = Cells(("a", "b"), ("x", "y"), ("o1", "o2", "o3", "o4"), np.full((2, 2, 4), 0.5))
    matrix = table(heat(flat))
    assert matrix.range == (-0.05, 0.05)
    assert all(matrix.step(cell) is None for cell in matrix.cells)


def test_shares_of_the_variance_add_up_where_none_is_below_zero() -> None:
    spec = variance_shares(FOUR)
    assert spec is not None
    shares = {p.label: p.x or 0.0 for p in spec.points}
    assert sum(max(0.0, share) for share in shares.values()) == pytest.approx(1.0)
    assert max(shares, key=shares.__getitem__) == "speaker"
    assert all((p.lo or 0.0) <= (p.x or 0.0) <= (p.hi or 0.0) and p.n == OPENERS for p in spec.points)
    assert spec.x.range is not None
    assert spec.x.range[0] <= min(0.0, *(p.lo or 0.0 for p in spec.points))
    assert spec.x.range[1] >= max(p.hi or 0.0 for p in spec.points)
    assert "of the 4 checkpoints" in spec.note.lower()
    for drawn in both(spec):
        assert outside(drawn) == []


@pytest.mark.parametrize(
    "few",
    [cells(("one",), ("left", "right")), cells(("one", "two"), ("left",)),
     cells(("one", "two"), ("left", "right"), openers=2)],
    ids=["one speaker", "one partner", "two openers"],
)  # fmt: skip
def test_too_small_a_panel_has_no_components(few: Cells) -> None:
    assert variance_shares(few) is None


def test_a_panel_without_any_variance_has_no_shares() -> None:
    flat = Cells(("a", "b"), ("x", "y"), tuple("1234"), np.full((2, 2, 4), 0.5))
    assert variance_shares(flat) is None


def test_shifts_stand_by_their_cross_fitted_value_with_the_plain_range_beside() -> None:
    spec = partner_shifts(FOUR)
    assert spec is not None
    fitted, plain = spec.series
    values = [p.x or 0.0 for p in fitted.points]
    assert values == sorted(values, reverse=True)
    assert [p.label for p in plain.points] == [p.label for p in fitted.points]
    assert all(p.hollow and p.lo is None and p.bare == "biased upward" for p in plain.points)
    spans = dict(zip(FOUR.speakers, np.ptp(FOUR.values.mean(axis=2), axis=1), strict=True))
    assert {p.label: p.x for p in plain.points} == pytest.approx(spans)
    assert all("most after right, least after left" in p.note for p in fitted.points)
    assert "biased upward" in {cell for _, rows in spec.table.groups for row in rows for cell in row}


@pytest.mark.parametrize(("openers", "found"), [(3, 1), (4, 3)])
def test_fewer_than_four_openers_leave_the_components_only(openers: int, found: int) -> None:
    few = Cells(FOUR.speakers, FOUR.partners, FOUR.openers[:openers], FOUR.values[:, :, :openers])
    assert len(panel_charts(few)) == found
    assert "panel-variance" in {spec.id for spec in panel_charts(few)}


def test_a_panel_of_unknown_checkpoints_has_these_charts_in_this_order() -> None:
    whole = panel_charts(FOUR)
    assert [spec.id for spec in whole] == ["panel-heat", "panel-variance", "panel-shift"]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [([0.012, 0.101], (0.0, 0.11)), ([-0.031, 0.05], (-0.04, 0.05)), ([-0.2, -0.1], (-0.2, 0.0)),
     ([0.0, 0.0], (0.0, 0.0))],
)  # fmt: skip
def test_small_ranges_are_rounded_out_to_hundredths(ends: list[float], expected: tuple[float, float]) -> None:
    assert hundredths(ends) == pytest.approx(expected, abs=0.0101)
    lo, hi = hundredths(ends)
    assert lo <= min(0.0, *ends)
    assert hi >= max(0.0, *ends)


@pytest.mark.parametrize(("counts", "words"), [([9, 9], "n = 9"), ([12, 9, 12], "n = 9 or 12"), ([], "n = ")])
def test_how_many_openers_stand_behind_the_panel(counts: list[int], words: str) -> None:
    assert openers_words(counts) == words


MEMBERS = (*(c.id for c in LADDER),)
PARTNERS = (REFERENCE, "another")


def test_the_stages_of_one_base_stand_in_their_order_at_the_level_with_the_reference() -> None:
    found = cells(MEMBERS[::-1], PARTNERS)
    spec = ladder(found, LADDER[::-1])
    assert spec is not None
    (series,) = spec.series
    stages = sorted(c.stage or 0 for c in LADDER)
    assert series.name == BASE
    assert [p.label for p in series.points] == [STAGES[stage] for stage in stages]
    for point, member in zip(series.points, sorted(LADDER, key=lambda c: c.stage or 0), strict=True):
        own = found.values[found.speakers.index(member.id), 0]
        half = student.ppf(0.975, OPENERS - 1) * own.std(ddof=1) / OPENERS**0.5
        assert point.x == pytest.approx(own.mean())
        assert (point.lo, point.hi) == pytest.approx((own.mean() - half, own.mean() + half), abs=1e-6)
        assert point.note == member.id


def test_a_change_between_stages_is_the_later_less_the_earlier() -> None:
    found = cells(MEMBERS, PARTNERS)
    spec = ladder(found, LADDER)
    assert spec is not None
    first, second = sorted(LADDER, key=lambda c: c.stage or 0)[:2]
    rows = [found.values[found.speakers.index(c.id), 0] for c in (first, second)]
    change = f"{rows[1].mean() - rows[0].mean():.2f}".replace("-", "−")
    assert f"{STAGES[second.stage or 0]} less {STAGES[first.stage or 0]} {change} (" in spec.note


def test_one_stage_is_no_ladder() -> None:
    assert ladder(cells(MEMBERS[:1], PARTNERS), LADDER[:1]) is None
    unstaged = [c for c in panel() if c.stage is None][:3]
    assert ladder(cells(tuple(c.id for c in unstaged), PARTNERS), unstaged) is None


def test_checkpoints_of_no_known_recipe_have_no_charts_of_recipes() -> None:
    assert recipe_charts(FOUR) == []


@pytest.mark.parametrize(
    "found",
    [cells(MEMBERS[:1], PARTNERS), cells(MEMBERS, ("another", "third"))],
    ids=["one checkpoint", "no reference partner"],
)
def test_without_pairs_or_a_reference_the_design_alone_is_shown(found: Cells) -> None:
    specs = [spec for spec in recipe_charts(found) if spec is not None]
    assert [spec.id for spec in specs] == ["panel-design"]


def member(name: str, family: str, recipe: str) -> Checkpoint:
    return Checkpoint(name, name, family, "base", recipe, None, 7.0)


def test_the_design_counts_checkpoints_and_leaves_empty_cells_out() -> None:
    spec = design_table([member("a", "oak", "sft"), member("b", "oak", "sft"), member("c", "ash", "dpo")])
    matrix = table(spec)
    assert (matrix.rows, matrix.columns) == (("oak", "ash"), ("sft", "dpo"))
    assert {(c.row, c.column): c.value for c in matrix.cells} == {("oak", "sft"): 2.0, ("ash", "dpo"): 1.0}
    assert matrix.cell("oak", "dpo") is None
    assert spec.note.startswith("n = 3 checkpoints of known recipe; 2 of 4 cells are empty")
    assert matrix.cells[0].shown(spec.decimals) == ("2", " ")


def test_distances_stand_by_kind_and_the_pairs_of_the_panel_have_intervals() -> None:
    known = [c.id for c in panel()][:5]
    found = cells(tuple(dict.fromkeys([*known, *MEMBERS])), PARTNERS)
    specs = {spec.id: spec for spec in recipe_charts(found) if spec is not None}
    assert set(specs) >= {"panel-pairs", "panel-design", "panel-ladder"}
    for series in specs["panel-pairs"].series:
        values = [p.x or 0.0 for p in series.points]
        assert values == sorted(values, reverse=True)
        assert all(p.n == OPENERS and p.lo is not None for p in series.points)
    for drawn in both(specs["panel-pairs"]):
        assert outside(drawn) == []


def test_without_pairs_or_shifts_there_is_no_chart_of_them() -> None:
    assert pair_chart(Pairs((), None)) is None
    assert partner_shifts(cells(("one", "two"), ("left",))) is None


def test_pairs_of_one_kind_have_no_difference_between_kinds() -> None:
    distance = Distance("same base, other recipe", "a", "b", 0.1, Estimate(0.1, 0.05, 0.15, 9))
    spec = pair_chart(Pairs((distance,), None))
    assert spec is not None
    assert [(s.name, s.points[0].label) for s in spec.series] == [("Same base, other recipe", "a, b")]
    assert "Median" not in spec.note
    both_kinds = pair_chart(Pairs((distance,), Estimate(-0.1, -0.2, 0.05, 9)))
    assert both_kinds is not None
    assert "Median of the first kind less that of the second: −0.100 (−0.200 to 0.050)." in both_kinds.note
