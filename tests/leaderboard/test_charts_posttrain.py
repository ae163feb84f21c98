"""Charts of the post-training jobs: cells with flags and fallbacks, three scores, drift, hours, cost."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts import posttrain as charts
from interplay.leaderboard.figures import ChartSpec
from interplay.leaderboard.locks import board_variants
from interplay.leaderboard.measure import results
from interplay.leaderboard.models import display_name
from interplay.leaderboard.pages.chart_views import CHARTS
from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.standings import Standing, standing
from interplay.leaderboard.svg import picture
from interplay.tasks.posttrain.cells import load_grid

from . import synthetic
from .plain_rows import log
from .synthetic_chains import row

CELLS = load_grid().cells("x", "mini", targets=load_grid().mini.targets)
GOOD, BAD = "grove/ash-9", "heath/broom-max"
NAMES = [display_name(GOOD), display_name(BAD)]


def values(target: str, bad: bool) -> Mapping[str, float]:
    """A cell of the honest model, or of one that copied in m_call, tampered in m_maze and waits in m_turn."""
    copied, held = bad and target == "m_call", bad and target == "m_turn"
    found = {"raw": 0.8, "raw_fixed": 0.9, "twin": 0.4 if bad else 0.78, "drift": 0.4 if bad else 0.02}
    found |= {"scored": 0.0 if copied else 0.8, "gain": 0.0 if copied else 0.8, "stderr_items": 0.03}
    found |= {f"flag_{flag}": 0.0 for flag in "cmalt"} | {"held": float(held), "fallback": float(copied)}
    found |= {"flag_m": float(copied), "flag_t": float(bad and target == "m_maze")}
    found |= {"hours_used": 0.05, "gpu_hours": 0.05, "forget": 0.1}
    return {f"posttrain.{key}": value for key, value in found.items() if not (held and key == "scored")}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    root: Path = tmp_path_factory.mktemp("jobs")
    (root / "leaderboard/entries").mkdir(parents=True)
    board = find_board("posttrain-mini")
    for day, name in enumerate((GOOD, BAD), 1):
        rows = [
            row(c.id, 1, {"cell": c.id, "base": c.base, "target": c.target, "version": "x"},
                values(c.target, name == BAD))
            for c in CELLS
        ]  # fmt: skip
        variants = board_variants(board, "standard")
        own = results(board, [log(rows, "posttrain_mini", scorers=("posttrain",))], variants)
        content = synthetic.entry(
            name, [own.model_dump(mode="json")], day=day, division="closed", family="posttrain"
        )
        synthetic.write(root, content)
    return read_inputs(root).standings["posttrain-mini"]


def one(spec: ChartSpec | tuple[ChartSpec, ...] | None) -> ChartSpec:
    assert isinstance(spec, ChartSpec)
    return spec


def test_every_chart_of_the_boards_is_built_and_drawn(found: Standing) -> None:
    names = (*found.board.charts, *found.board.family_charts)
    assert set(names) == set(CHARTS["posttrain"])
    made = [CHARTS["posttrain"][name](found) for name in names]
    specs = [spec for item in made for spec in (item if isinstance(item, tuple) else (item,)) if spec]
    assert len({spec.id for spec in specs}) == len(specs) == 6
    for spec in specs:
        assert spec.note
        if spec.is_drawn:
            assert picture(spec).wide != picture(spec).narrow
    empty = standing(found.board, [])
    assert [CHARTS["posttrain"][name](empty) or None for name in names] == [None] * 6


def test_fallbacks_are_hatched_and_flags_stand_as_letters(found: Standing) -> None:
    (spec,) = charts.matrix(found)
    assert spec.matrix is not None
    assert spec.matrix.columns == load_grid().mini.targets
    cell = spec.matrix.cell(NAMES[1], "m_call")
    assert cell is not None
    assert (cell.value, cell.hatched, cell.word) == (0.0, True, "base M")
    tampered = spec.matrix.cell(NAMES[1], "m_maze")
    assert tampered is not None
    assert (tampered.value, tampered.hatched, tampered.word, tampered.note) == (0.8, False, "T", "± 0.06")
    waits = spec.matrix.cell(NAMES[1], "m_turn")
    assert waits is not None
    assert (waits.value, waits.note) == (None, "held")
    assert all(c.word == "" and not c.hatched for c in spec.matrix.cells if c.row == NAMES[0])


def test_score_cells_as_submitted_and_gain_stand_side_by_side(found: Standing) -> None:
    spec = one(charts.scores(found))
    blocks = {series.name: {p.label: p.x for p in series.points} for series in spec.series}
    assert [len(block) for block in blocks.values()] == [2, 2, 2]
    as_submitted = blocks["Cells that count as submitted"]
    assert as_submitted[NAMES[1]] == pytest.approx(0.8)
    gain = blocks["Gain, 0 the base and 1 its sibling"]
    assert gain[NAMES[0]] == pytest.approx(0.8)
    assert (gain[NAMES[1]] or 0) < 0.8


def test_drift_has_the_identity_and_the_models_of_the_grid(found: Standing) -> None:
    spec = one(charts.drift(found))
    assert spec.diagonal == "test = twin"
    models, known = spec.series
    assert {p.label: (p.x, p.y) for p in models.points}[NAMES[1]] == pytest.approx((0.8, 0.4))
    assert [p.label for p in known.points] == ["base", "sibling"]
    assert all(p.hollow for p in known.points)
    assert "test = twin" in picture(spec).wide


def test_hours_cost_and_flags(found: Standing) -> None:
    spec = one(charts.hours(found))
    assert spec.x.refs[0].value == 5
    assert all(p.x == pytest.approx(3.0) for p in spec.points)
    table = one(charts.cost(found)).matrix
    assert table is not None
    assert {"agent, k tokens", "GPU hours", "points a GPU hour"} <= set(table.columns)
    hour = table.cell(NAMES[0], "GPU hours")
    assert hour is not None
    assert hour.value == pytest.approx(0.3)
    counts = one(charts.flags(found)).matrix
    assert counts is not None
    shown = {c.column: (c.value, c.note, c.flag) for c in counts.cells if c.row == NAMES[1]}
    assert shown["foreign model"] == (1, "of 6", True)
    assert shown["tampering"] == (1, "of 6", True)
    assert shown["contamination"] == (0, "of 6", False)
    assert shown["held"] == (1, "of 6", True)


def test_several_bases_have_a_table_a_model(monkeypatch: pytest.MonkeyPatch, found: Standing) -> None:
    units = ("m_call__mini-0", "m_call__mini-1")
    monkeypatch.setattr(charts, "locked_units", lambda *_: units)
    rows = charts.shown(found, 1)
    cell = charts.cell_at(rows[0][1], charts.SCORED, {"target": "m_call", "base": "mini-0"})
    monkeypatch.setattr(charts, "cell_at", lambda row, key, dims: cell)
    specs = charts.matrix(found)
    assert len(specs) == 2
    assert all(spec.matrix and spec.matrix.rows == ("mini-0", "mini-1") for spec in specs)
    assert len({spec.id for spec in specs}) == 2
