"""Charts of user turns: panels, what is left out, correlation within a family, words for the human ratio."""

from collections.abc import Iterator

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts.user_turn import (
    human,
    labels,
    ratio_words,
    temperature_points,
    temperatures,
)
from interplay.leaderboard.charts.user_turn_accuracy import accuracy, correlation, decoupling
from interplay.leaderboard.charts.user_turn_arms import arms
from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.schema import Cell
from interplay.leaderboard.standings import Row, Standing, standing

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
        assert temperatures(empty) == accuracy(empty) == arms(empty) == ()
        assert labels(empty) is human(empty) is decoupling(empty) is None


def test_labels_are_in_the_order_of_the_method_page(standings: dict[str, Standing]) -> None:
    spec = labels(standings["user-turn-native"])
    assert spec is not None
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
    listed = decoupling(native)
    assert listed is not None
    assert listed.matrix is not None
    assert listed.matrix.rows == ("ash",)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(0.2, 0.01), (0.4, 0.02), (0.9, 0.03)], (1.0, 0.0027)),
        ([(0.2, 0.03), (0.4, 0.02), (0.9, 0.01)], (-1.0, -0.0027)),
        ([(0.2, 0.0), (0.4, 0.0), (0.9, 0.0)], (None, 0.0)),
        ([(0.4, 0.1), (0.4, 0.2), (0.4, 0.3)], (None, None)),
    ],
)
def test_correlation_and_slope(
    pairs: list[tuple[float, float]], expected: tuple[float | None, float | None]
) -> None:
    for found, value in zip(correlation(pairs), expected, strict=True):
        assert found == (None if value is None else pytest.approx(value, abs=2e-4))


def test_arm_tables_tint_what_moved_only(standings: dict[str, Standing]) -> None:
    specs = arms(standings["user-turn-controls"])
    assert [spec.title for spec in specs] == ["GFR, arm less base", "React, arm less base"]
    for spec in specs:
        assert spec.matrix is not None
        for cell in spec.matrix.cells:
            if cell.row != "controls":
                assert cell.significant == cell.word.startswith("moved")
                assert (spec.matrix.step(cell) is None) == (not cell.significant)
