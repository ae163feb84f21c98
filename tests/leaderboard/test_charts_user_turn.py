"""Charts of user turns: panels, what is left out, correlation within a family, words for the human ratio."""

import math
from collections.abc import Iterator

import pytest

from interplay.leaderboard.arm_verdicts import NULL_ARMS
from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts.user_turn import (
    human,
    ratio_words,
    temperature_points,
    temperatures,
)
from interplay.leaderboard.charts.user_turn_accuracy import (
    accuracy,
    decoupling_cell,
    decoupling_table,
    family_flags,
    maths_cell,
)
from interplay.leaderboard.charts.user_turn_arms import PANEL_ROWS, arms
from interplay.leaderboard.charts.user_turn_labels import PARTS, labels
from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.schema import Cell
from interplay.leaderboard.standings import Row, Standing, standing
from interplay.leaderboard.statistics import Estimate
from interplay.leaderboard.svg import picture

from . import synthetic_user_turn


@pytest.fixture(scope="module", autouse=True)
def families() -> Iterator[None]:
    with synthetic_user_turn.registered():
        yield


@pytest.fixture(scope="module")
def standings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Standing]:
    root = tmp_path_factory.mktemp("turns")
    synthetic_user_turn.write_models(root)
    return dict(read_inputs(root).standings)


def with_cells(row: Row, *cells: Cell) -> Row:
    result = row.result.model_copy(update={"cells": cells})
    return Row(row.submission, result, row.headline, row.places, group=row.group)


def rate(temperature: str, value: float | None = 0.2) -> Cell:
    ends = (None, None) if value is None else (value - 0.1, value + 0.1)
    return Cell(
        dims={"temperature": temperature}, metric="followup.gfr", value=value, lo=ends[0], hi=ends[1], n=9
    )


def test_above_six_models_every_family_has_a_panel(standings: dict[str, Standing]) -> None:
    specs = temperatures(standings["user-turn-native"])
    assert [spec.title.split(":")[0] for spec in specs] == ["ash", "broom", "Families of one model"]
    assert [series.name for series in specs[0].series] == ["ash-32", "ash-9", "ash-4", "ash-1"]
    together = temperatures(standings["user-turn-prompted"])
    assert [spec.title for spec in together] == ["GFR by temperature, by instruction"]
    assert len({spec.id for spec in (*specs, *together)}) == 4


def test_temperatures_stand_in_order_and_an_unknown_one_nowhere(standings: dict[str, Standing]) -> None:
    row = standings["user-turn-native"].ranked[0]
    cells = (rate("1.2"), rate("default"), rate("0"), rate("0.3", None))
    assert [point.x for point in temperature_points(with_cells(row, *cells))] == [0.0, 1.2]


def test_a_chart_without_cells_is_not_made() -> None:
    for board in ("user-turn-native", "user-turn-human", "user-turn-controls"):
        empty = standing(find_board(board), [])
        assert temperatures(empty) == accuracy(empty) == arms(empty) == labels(empty) == ()
        assert human(empty) is decoupling_table(empty) is None


def test_labels_are_in_the_order_of_the_method_page(standings: dict[str, Standing]) -> None:
    _, spec = labels(standings["user-turn-native"])
    assert spec.matrix is not None
    assert spec.matrix.columns == (
        "genuine",
        "generic follow-up",
        "closer",
        "restate prompt",
        "assistant drift",
        "unrelated",
    )
    for row in spec.matrix.rows:
        assert sum(c.value or 0 for c in spec.matrix.cells if c.row == row) == pytest.approx(1, abs=1e-4)


def test_the_human_ratio_in_words() -> None:
    def cell(value: float | None, lo: float | None, hi: float | None) -> Cell:
        return Cell(
            dims={"figure": "human ratio"}, metric="followup.human_ratio", value=value, lo=lo, hi=hi, n=9
        )

    assert ratio_words(cell(0.21, 0.13, 0.35)) == "ratio 0.21 (0.13–0.35)"
    assert ratio_words(cell(0.0, 0.0, 0.0)) == "no genuine turn"
    assert ratio_words(cell(None, None, None)) == ratio_words(None) == "ratio not estimable"


def test_people_stand_beside_every_model(standings: dict[str, Standing]) -> None:
    spec = human(standings["user-turn-human"])
    assert spec is not None
    assert len(spec.series) == len(synthetic_user_turn.MODELS)
    assert all([point.label for point in series.points] == ["model", "people"] for series in spec.series)


def test_the_parts_of_the_turns_are_stacked_from_genuine_on(standings: dict[str, Standing]) -> None:
    stacked, table = labels(standings["user-turn-native"])
    assert (stacked.kind, [series.name for series in stacked.series]) == ("bars", list(PARTS))
    names = [p.label for p in stacked.series[0].points]
    genuine = [p.x or 0.0 for p in stacked.series[0].points]
    assert genuine == sorted(genuine, reverse=True)
    assert table.matrix is not None
    repeats = {p.label: p.x for p in stacked.series[3].points}
    for name in names:
        cell = table.matrix.cell(name, "restate prompt")
        assert cell is not None
        assert repeats[name] == pytest.approx(cell.value)
    assert stacked.table.head == ("model", "share of turns", "n")


def test_accuracy_has_a_panel_for_families_of_two_and_decoupling_for_three(
    standings: dict[str, Standing],
) -> None:
    native = standings["user-turn-native"]
    panels = accuracy(native)
    assert [spec.series[0].name for spec in panels] == ["ash", "broom"]
    assert all(p.x_lo is not None and p.lo is not None and p.n == 40 for spec in panels for p in spec.points)
    assert panels[0].table.head == (
        *("model", "share of right replies", "95 % interval", "GFR@1", "95 % interval", "n"),
    )
    listed = decoupling_table(native)
    assert listed is not None
    assert listed.matrix is not None
    assert listed.matrix.rows == ("ash",)
    sides = family_flags(native.families["ash"])
    assert sides is not None
    assert sides[0].shape == sides[1].shape == (4, 40)
    rates = [maths_cell(row, "followup.gfr_t0") for row in native.families["ash"]]
    assert sides[1].mean(axis=1).tolist() == pytest.approx([cell.value for cell in rates if cell], abs=1e-6)
    rho, slope = listed.matrix.cells
    assert rho.note == "no interval, 4 sizes"  # greedy turns of these models are too seldom genuine
    assert slope.value is not None
    assert slope.lo is not None
    assert slope.hi is not None
    assert slope.lo <= slope.value <= slope.hi
    assert (slope.n, slope.word) == (40, "4 sizes")


def test_a_family_without_the_values_of_its_contexts_is_not_listed(standings: dict[str, Standing]) -> None:
    rows = standings["user-turn-native"].families["ash"]
    bare = [
        Row(row.submission, row.result.model_copy(update={"flags": {}}), row.headline, row.places)
        for row in rows[:2]
    ]
    assert family_flags([*bare, *rows[2:]]) is None


def test_a_figure_that_varies_in_too_few_draws_has_no_interval() -> None:
    cell = decoupling_cell("ash", "ρ", Estimate(0.5, math.nan, math.nan, 9), "3 sizes")
    assert (cell.value, cell.lo) == (0.5, None)
    assert cell.note == "no interval, 3 sizes"
    assert decoupling_cell("ash", "ρ", None, "3 sizes").note == "not estimable"


def test_people_are_a_band_and_degenerate_turns_a_dotted_line(standings: dict[str, Standing]) -> None:
    specs = temperatures(standings["user-turn-human"])
    people = standings["user-turn-human"].ranked[0].result.metrics["followup.gfr_next"]
    for spec in specs:
        assert "beside people" in spec.title
        (band,) = spec.y.refs
        assert (band.value, band.upto) == (people.lo, people.hi)
        assert "The band is the rate of the people" in spec.note
        assert all([p.label for p in series.dotted] == ["1"] for series in spec.series)
    assert all(not spec.y.refs for spec in temperatures(standings["user-turn-native"]))
    names = [name for name, _ in specs[0].table.groups]
    assert f"{specs[0].series[0].name}: degenerate turns" in names
    drawn = picture(specs[0]).wide
    assert "people 0." in drawn
    assert "stroke-dasharray" in drawn


def test_arm_tables_tint_what_moved_only(standings: dict[str, Standing]) -> None:
    specs = [spec for spec in arms(standings["user-turn-controls"]) if spec.kind == "heat"]
    assert [spec.title for spec in specs] == ["GFR, arm less base", "React, arm less base"]
    for spec in specs:
        assert spec.matrix is not None
        for cell in spec.matrix.cells:
            if cell.row != "controls":
                assert cell.significant == cell.word.startswith("moved")
                assert (spec.matrix.step(cell) is None) == (not cell.significant)


def test_null_controls_stand_above_the_other_arms_of_a_model(standings: dict[str, Standing]) -> None:
    found = standings["user-turn-controls"]
    forests = [spec for spec in arms(found) if spec.kind == "forest"]
    assert len(forests) == PANEL_ROWS
    for spec in forests:
        null, rest = spec.series
        assert {p.label for p in null.points} <= set(NULL_ARMS)
        assert len(null.points) == 2
        assert len(rest.points) == 7
        (band,) = spec.x.refs
        assert (band.value, band.upto) == (-0.05, 0.05)
        assert all(p.note for p in spec.points)
