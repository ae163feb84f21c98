"""Charts of chains and ledgers: what each shows, with interval and n, and nothing without runs."""

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts.proxy_drift import worlds
from interplay.leaderboard.charts.recipe_chains import doses, shift
from interplay.leaderboard.figures import ChartSpec
from interplay.leaderboard.models import display_name
from interplay.leaderboard.pages.chart_views import CHARTS
from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.standings import Standing, standing
from interplay.leaderboard.svg import picture

from . import synthetic_chains
from .synthetic_chains import MODELS

BOARDS = {"recipe_chains": "recipe-chains", "proxy_drift": "proxy-drift"}
NAMES = [display_name(name) for name in MODELS]


@pytest.fixture(scope="module")
def standings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Standing]:
    root = tmp_path_factory.mktemp("chains")
    (root / "leaderboard/entries").mkdir(parents=True)
    synthetic_chains.write_models(root)
    return dict(read_inputs(root).standings)


def built(family: str, found: Standing) -> list[ChartSpec]:
    made = [CHARTS[family][name](found) for name in found.board.charts]
    return [spec for item in made for spec in (item if isinstance(item, tuple) else (item,)) if spec]


@pytest.mark.parametrize("family", BOARDS)
def test_every_chart_of_a_board_has_units_n_and_intervals(
    family: str, standings: dict[str, Standing]
) -> None:
    specs = built(family, standings[BOARDS[family]])
    assert len({spec.id for spec in specs}) == len(specs) == 2
    for spec in specs:
        assert "95 % interval" in spec.caption
        assert "n = " in spec.caption
        assert spec.value_name in (spec.table.head if spec.kind != "heat" else (spec.value_name,))
        if spec.is_drawn:
            assert spec.x.label
            assert all(p.n == 120 and p.lo is not None for p in spec.points)
            assert picture(spec).wide != picture(spec).narrow


@pytest.mark.parametrize("family", BOARDS)
def test_a_board_without_runs_has_no_chart(family: str) -> None:
    assert built(family, standing(find_board(BOARDS[family]), [])) == []


def test_doses_stand_from_flat_to_hedged_with_the_shift_beside(standings: dict[str, Standing]) -> None:
    spec = doses(standings["recipe-chains"])
    assert spec is not None
    assert sorted(series.name for series in spec.series) == sorted(NAMES)
    for series in spec.series:
        assert [point.label for point in series.points] == ["flat", "mixed", "hedged"]
        first, _, last = (point.x or 0.0 for point in series.points)
        assert series.aside.startswith(f"shift {last - first:.2f}".replace("-", "−"))


def test_the_shift_is_shown_by_both_measures_highest_first(standings: dict[str, Standing]) -> None:
    spec = shift(standings["recipe-chains"])
    assert spec is not None
    assert [series.name for series in spec.series] == [
        "All sentences of a reply",
        "Its first three sentences",
    ]
    for series in spec.series:
        assert [point.label for point in series.points] == NAMES
        for point, (_, true, _) in zip(series.points, MODELS.values(), strict=True):
            assert point.lo is not None
            assert point.hi is not None
            assert point.lo < point.hi
            assert point.x == pytest.approx(true, abs=0.1)


def test_skill_is_tinted_where_it_differs_from_chance(standings: dict[str, Standing]) -> None:
    skill, diagnosis = worlds(standings["proxy-drift"])
    assert skill.matrix is not None
    assert diagnosis.matrix is not None
    assert skill.matrix.columns == diagnosis.matrix.columns == ("tracking", "stalled", "inverted", "flat")
    ash, cotton = NAMES[0], NAMES[2]
    inverted = skill.matrix.cell(ash, "inverted")
    assert inverted is not None
    assert inverted.value == pytest.approx(-0.6, abs=0.1)
    assert skill.matrix.step(inverted) in ("d0", "d1", "d2")
    nothing = skill.matrix.cell(cotton, "tracking")
    assert nothing is not None
    assert skill.matrix.step(nothing) is None
    assert all(cell.n == 50 for cell in skill.matrix.cells)
