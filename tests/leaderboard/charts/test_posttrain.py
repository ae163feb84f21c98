"""Charts of the post-training jobs by rows made by hand: cells, figures side by side, hours, cost, flags."""

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts import posttrain as charts
from interplay.leaderboard.figures import ChartSpec, MatrixCell
from interplay.leaderboard.locks import locked_units
from interplay.leaderboard.schema import Cell
from interplay.leaderboard.standings import Row
from interplay.tasks.posttrain.cells import BUDGET_MINUTES, load_grid
from interplay.tasks.posttrain.summary import FALLBACK, FLAG_KEYS, GAIN, GPU_HOURS, HELD, SCORED, STDERR

from .made import cell, metric, row, standing_of
from .parsed import both, outside

MINI, FULL = find_board("posttrain-mini"), find_board("posttrain-full")
UNITS = locked_units(MINI, "1.0.0", "standard")
TARGETS = load_grid().mini.targets


def job(
    name: str = "acme/agent", *, cells: list[Cell] | None = None, place: int = 1, **fields: object
) -> Row:
    fields.setdefault("units", [0.5] * len(UNITS))
    return row(MINI, name, 0.5, cells=cells or (), place=place, **fields)  # type: ignore[arg-type]


def scored(unit: str, value: float, error: float | None = 0.05) -> list[Cell]:
    target, _, base = unit.partition("__")
    dims = {"target": target, "base": base}
    found = [cell(SCORED, dims, value, half=0.0)]
    return [*found, *([cell(STDERR, dims, error, half=0.0)] if error is not None else [])]


def one(found: ChartSpec | tuple[ChartSpec, ...] | None) -> ChartSpec:
    spec = found[0] if isinstance(found, tuple) else found
    assert spec is not None
    return spec


def at(spec: ChartSpec, name: str, column: str) -> MatrixCell:
    assert spec.matrix is not None
    found = spec.matrix.cell(name, column)
    assert found is not None
    return found


def marks(*raised: int) -> str:
    """A flag that holds for the units of these numbers."""
    return "".join("1" if i in raised else "0" for i in range(len(UNITS)))


def test_the_error_beside_a_score_is_its_half_interval() -> None:
    """0.05 · 1.96 = 0.098."""
    spec = one(charts.matrix(standing_of(MINI, [job(cells=scored(UNITS[0], 0.7))])))
    found = at(spec, "acme/agent", UNITS[0].split("__")[0])
    assert (found.value, found.note, found.hatched, found.word) == (0.7, "± 0.10", False, "")


def test_a_score_without_an_error_has_none_beside_it() -> None:
    spec = one(charts.matrix(standing_of(MINI, [job(cells=scored(UNITS[0], 0.7, None))])))
    assert at(spec, "acme/agent", UNITS[0].split("__")[0]).note == ""


def test_flags_belong_to_the_unit_of_their_place() -> None:
    cells = [made for unit in UNITS for made in scored(unit, 0.7)]
    flags = {FLAG_KEYS["C"]: marks(0), FLAG_KEYS["T"]: marks(0, 2), FALLBACK: marks(1)}
    spec = one(charts.matrix(standing_of(MINI, [job(cells=cells, flags=flags)])))
    words = {unit.split("__")[0]: at(spec, "acme/agent", unit.split("__")[0]) for unit in UNITS}
    told = [(found.word, found.hatched) for found in words.values()]
    assert told == [("CT", False), ("base", True), ("T", False), *[("", False)] * (len(UNITS) - 3)]


def test_a_cell_that_waits_is_called_held_and_one_that_is_missing_is_not_there() -> None:
    spec = one(charts.matrix(standing_of(MINI, [job(cells=scored(UNITS[0], 0.7), flags={HELD: marks(1)})])))
    assert spec.matrix is not None
    assert [(found.value, found.note) for found in spec.matrix.cells] == [(0.7, "± 0.10"), (None, "held")]


def test_a_score_that_is_there_is_shown_even_if_it_waits() -> None:
    flags = {HELD: marks(0)}
    spec = one(charts.matrix(standing_of(MINI, [job(cells=scored(UNITS[0], 0.7), flags=flags)])))
    assert at(spec, "acme/agent", UNITS[0].split("__")[0]).value == 0.7


def test_targets_are_columns_in_the_order_of_the_grid() -> None:
    cells = [made for unit in UNITS[::-1] for made in scored(unit, 0.7)]
    spec = one(charts.matrix(standing_of(MINI, [job(cells=cells)])))
    assert spec.matrix is not None
    order = list(load_grid().targets)
    assert list(spec.matrix.columns) == sorted(spec.matrix.columns, key=order.index)
    assert set(spec.matrix.columns) == set(TARGETS)


def test_a_board_without_any_score_has_no_table_of_cells() -> None:
    assert charts.matrix(standing_of(MINI, [job()])) == ()
    assert charts.matrix(standing_of(MINI)) == ()
    assert charts.units_of(standing_of(MINI)) == ()
    assert charts.units_of(standing_of(MINI, [job()])) == UNITS


def test_on_several_bases_a_model_of_a_very_long_name_has_a_table_with_an_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name may have a hundred letters, an address sixty-one."""
    target = UNITS[0].split("__")[0]
    units = (f"{target}__one", f"{target}__two")
    monkeypatch.setattr(charts, "locked_units", lambda *_: units)
    long = "acme/" + "a-model-of-a-very-long-name-" * 3
    rows = [
        row(MINI, f"{long}{end}", cells=[made for unit in units for made in scored(unit, 0.7)], place=i)
        for i, end in enumerate(("one", "two"), 1)
    ]
    specs = charts.matrix(standing_of(MINI, rows))
    assert len({spec.id for spec in specs}) == 2
    assert [spec.title for spec in specs] == [f"Score of every cell, {long}{end}" for end in ("one", "two")]
    assert all(spec.matrix and spec.matrix.rows == ("one", "two") for spec in specs)


def test_of_many_models_on_several_bases_the_first_six_have_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    target = UNITS[0].split("__")[0]
    units = (f"{target}__one", f"{target}__two")
    monkeypatch.setattr(charts, "locked_units", lambda *_: units)
    rows = [row(MINI, f"acme/m{i}", cells=[made for unit in units for made in scored(unit, 0.7)], place=i + 1)
            for i in range(charts.MATRICES + 2)]  # fmt: skip
    specs = charts.matrix(standing_of(MINI, rows))
    assert [spec.title.split(", ")[1] for spec in specs] == [f"acme/m{i}" for i in range(charts.MATRICES)]


def test_blocks_of_scores_stand_by_value_and_need_one_figure() -> None:
    rows = [job("acme/a", cells=[cell(GAIN, {"cells": "all"}, 0.2)]),
            job("acme/b", cells=[cell(GAIN, {"cells": "all"}, 0.6)], place=2)]  # fmt: skip
    spec = one(charts.scores(standing_of(MINI, rows)))
    assert [series.name.split(",")[0] for series in spec.series] == ["Score", "Gain"]
    assert [p.label for p in spec.series[1].points] == ["acme/b", "acme/a"]
    assert charts.scores(standing_of(MINI)) is None


HOURS = charts.HOURS


def test_hours_are_minutes_beside_the_budget() -> None:
    """0.05 h is 3 min."""
    spec = one(charts.hours(standing_of(MINI, [job(metrics={HOURS: metric(0.05, 0.01, n=6)})])))
    (point,) = spec.series[0].points
    assert (point.x, point.lo, point.hi) == pytest.approx((3.0, 2.4, 3.6))
    assert spec.x.range == (0.0, BUDGET_MINUTES["mini"])
    assert [(ref.value, ref.label) for ref in spec.x.refs] == [(BUDGET_MINUTES["mini"], "budget")]
    assert spec.note.endswith("n is 6 cells.")


def test_time_over_the_budget_stays_inside_the_picture() -> None:
    """Agents have a minute of grace beyond the five, and an interval reaches further than its mean."""
    rows = [job(f"acme/m{i}", metrics={HOURS: metric(0.09, 0.02, n=6)}, place=i + 1) for i in range(2)]
    spec = one(charts.hours(standing_of(MINI, rows)))
    for drawn in both(spec):
        assert outside(drawn) == []
        assert [drawn.across(mark.x) for mark in drawn.marks] == pytest.approx([5.4, 5.4], abs=0.01)


def test_hours_need_a_row_that_has_them() -> None:
    assert charts.hours(standing_of(MINI, [job()])) is None


def used(tokens: int, cost: float | None = None) -> dict[str, object]:
    return {
        "calls": 1, "input_tokens": tokens, "output_tokens": tokens // 2, "reasoning_tokens": 0,
        "cached_tokens": 0, "seconds": 1.0, "cost_usd": cost,
        "price_date": None if cost is None else "2026-11-01",
    }  # fmt: skip


def test_tokens_and_dollars_are_summed_by_who_used_them() -> None:
    """Two judges of 2,000 and 4,000 tokens of input and half as many of output are 9 thousand tokens."""
    usage = {"model": used(1_000, 2.0), "judge_a": used(2_000, 0.5), "judge_b": used(4_000, 0.25),
             "grader": used(10_000)}  # fmt: skip
    spec = one(charts.cost(standing_of(MINI, [job(usage=usage)])))
    found = {made.column: made.value for made in spec.matrix.cells} if spec.matrix else {}
    assert found["agent, k tokens"] == 1.5
    assert found["judges, k tokens"] == 9.0
    assert found["grader, k tokens"] == 15.0
    assert (found["agent, $"], found["judges, $"]) == (2.0, 0.75)
    assert "grader, $" not in found
    assert found["points a $"] == pytest.approx(100 * 0.5 / 2.75)
    assert "points a GPU hour" not in found


def test_hours_of_gpus_are_the_mean_times_the_cells() -> None:
    cells = [cell(GPU_HOURS, {"cells": "all"}, 0.5, half=0.0, n=6)]
    spec = one(charts.cost(standing_of(MINI, [job(cells=cells)])))
    assert at(spec, "acme/agent", "GPU hours").value == 3.0
    assert at(spec, "acme/agent", "points a GPU hour").value == pytest.approx(100 * 0.5 / 3.0)


def test_nothing_spent_is_no_cost() -> None:
    assert charts.cost(standing_of(MINI, [job()])) is None


def test_flags_are_counted_over_the_units_that_have_one() -> None:
    flags = {FLAG_KEYS["M"]: "-1" + "0" * (len(UNITS) - 2), HELD: marks(), FALLBACK: "-" * len(UNITS)}
    spec = one(charts.flags(standing_of(MINI, [job(flags=flags)])))
    assert spec.matrix is not None
    told = {made.column: (made.value, made.note, made.flag) for made in spec.matrix.cells}
    assert told == {
        "foreign model": (1, f"of {len(UNITS) - 1}", True),
        "held": (0, f"of {len(UNITS)}", False),
    }
    assert charts.flags(standing_of(MINI, [job()])) is None


@pytest.mark.parametrize(("number", "expected"), [(0, True), (1, False), (2, False), (99, False)])
def test_a_unit_beyond_the_marks_has_no_flag(number: int, expected: bool) -> None:
    made = job(flags={HELD: "10" + "-" * (len(UNITS) - 2)})
    assert charts.marked(made.result, HELD, number) is expected
    assert not charts.marked(made.result, FALLBACK, number)


def test_the_test_against_its_twin_needs_both_figures_of_a_row() -> None:
    rows = [
        job("acme/both", metrics={charts.RAW: metric(0.8), charts.TWIN: metric(0.6)}),
        job("acme/half", metrics={charts.RAW: metric(0.9)}, place=2),
    ]
    spec = one(charts.drift(standing_of(MINI, rows)))
    (point,) = spec.series[0].points
    assert (point.label, point.x, point.y) == ("acme/both", 0.8, 0.6)
    assert (point.x_lo, point.x_hi, point.lo, point.hi) == pytest.approx((0.75, 0.85, 0.55, 0.65))
    assert charts.drift(standing_of(MINI, rows[1:])) is None


def test_ids_of_both_profiles_differ() -> None:
    assert charts.chart_id("cost", standing_of(MINI)) == "posttrain-cost-mini"
    assert charts.chart_id("cost", standing_of(FULL)) == "posttrain-cost-full"
    assert (charts.profile_of_board(standing_of(MINI)), charts.profile_of_board(standing_of(FULL))) == (
        "mini", "full",
    )  # fmt: skip


@pytest.mark.parametrize("profile", ["mini", "full"])
def test_base_and_sibling_are_means_over_cells_that_know_both(profile: str) -> None:
    """Recomputed from the grid: only rows of weighted targets whose values on the twin are known."""
    grid = load_grid()
    wanted = grid.mini.targets if profile == "mini" else grid.versions["x"].targets
    known = [
        found
        for base in grid.bases_of(profile)  # type: ignore[arg-type]
        for target, found in grid.baselines.get(base, {}).items()
        if target in wanted and None not in (found.zero_twin, found.reference_twin)
    ]
    points = list(charts.reference_points(profile))  # type: ignore[arg-type]
    if not known:
        assert points == []
        return
    base, sibling = points
    count = len(known)
    assert base.x == pytest.approx(sum(found.zero for found in known) / count)
    assert base.y == pytest.approx(sum(found.zero_twin or 0 for found in known) / count)
    assert sibling.x == pytest.approx(sum(found.reference for found in known) / count)
    assert sibling.y == pytest.approx(sum(found.reference_twin or 0 for found in known) / count)
    assert base.hollow
    assert sibling.hollow
