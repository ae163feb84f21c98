"""What holds for every chart of the site: title, units, n, meaning of the interval, table, small picture."""

import gzip
import re
from pathlib import Path

import pytest

from interplay.leaderboard import svg
from interplay.leaderboard.analysis.cells import cells_of
from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts.chain_panel import panel_charts
from interplay.leaderboard.charts.literature import published_forest, published_matrices
from interplay.leaderboard.figures import MAX_SERIES, ChartSpec
from interplay.leaderboard.literature import load_sources
from interplay.leaderboard.locks import board_variants
from interplay.leaderboard.measure import results
from interplay.leaderboard.pages.chart_views import CHARTS
from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.panel_file import frame_of, measured_checkpoints
from interplay.leaderboard.plots import plot_bytes
from interplay.leaderboard.standings import Standing

from .. import synthetic, synthetic_chains, synthetic_deescalation, synthetic_user_turn
from .. import test_charts_posttrain as jobs
from ..plain_rows import log
from ..test_panel_file import cells as panel_cells
from .parsed import outside, seen

pytest.importorskip("matplotlib")

N = re.compile(r"\bn (=|is) |\(n\)|n of a figure is not printed")
ENDS = re.compile(r"interval|± |standard error")
COUNTS = ("posttrain-cost-", "posttrain-flags-", "panel-design")
"""Charts of counts and sums, which have no interval."""


def post_training(root: Path) -> None:
    """An honest and a cheating model on the small jobs."""
    board = find_board("posttrain-mini")
    for day, name in enumerate((jobs.GOOD, jobs.BAD), 1):
        rows = [
            jobs.row(c.id, 1, {"cell": c.id, "base": c.base, "target": c.target, "version": "x"},
                     jobs.values(c.target, name == jobs.BAD))
            for c in jobs.CELLS
        ]  # fmt: skip
        given = log(rows, "posttrain_mini", scorers=("posttrain",))
        own = results(board, [given], board_variants(board, "standard")).model_dump(mode="json")
        content = synthetic.entry(name, [own], day=day, division="closed", family="posttrain")
        synthetic.write(root, content)


@pytest.fixture(scope="module")
def standings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Standing]:
    root = tmp_path_factory.mktemp("rules")
    synthetic.write_reference(root)
    synthetic.write_models(root, 7)
    synthetic_user_turn.write_models(root, 20)
    synthetic_chains.write_models(root)
    synthetic_deescalation.write_models(root, 8)
    post_training(root)
    with synthetic_user_turn.registered():
        return dict(read_inputs(root).standings)


@pytest.fixture(scope="module")
def specs(standings: dict[str, Standing]) -> list[ChartSpec]:
    """Every chart of every board, and those of the published figures."""
    found: list[ChartSpec] = []
    for standing in standings.values():
        for name in (*standing.board.charts, *standing.board.family_charts):
            made = CHARTS[standing.board.family][name](standing)
            found += [spec for spec in (made if isinstance(made, tuple) else (made,)) if spec is not None]
    for source in load_sources():
        forest = published_forest(source, standings.get("mazes-pair"))
        found += [forest] if forest else []
        for group in source.groups if not source.is_list else ():
            found += published_matrices(source, group)
    return [*found, *panel_charts(cells_of(frame_of(rows := panel_cells(), measured_checkpoints(rows))))]


@pytest.fixture(scope="module")
def pictures(specs: list[ChartSpec]) -> dict[str, svg.Picture]:
    """The picture of every chart that has one, by its id."""
    return {spec.id: svg.picture(spec) for spec in specs if spec.is_drawn}


def test_every_family_has_charts_with_ids_of_their_own(
    specs: list[ChartSpec], standings: dict[str, Standing]
) -> None:
    own = {spec.id for spec in specs}
    assert len(own) == len({spec.id: spec.digest for spec in specs}) >= 50
    assert len(own) == len({spec.digest for spec in specs})
    built = {standing.board.family for standing in standings.values() if standing.board.charts}
    assert built == set(CHARTS)
    assert {spec.kind for spec in specs} == {"forest", "lines", "scatter", "heat", "bars", "ladder"}


def test_every_chart_has_title_units_n_and_says_what_its_interval_is(specs: list[ChartSpec]) -> None:
    missing: list[str] = []
    for spec in specs:
        assert len(spec.title) >= 8, spec.id
        assert spec.desc.endswith("."), spec.id
        assert spec.value_name != "value", spec.id
        if spec.kind != "heat":
            assert spec.x.label, spec.id
        if spec.kind in ("lines", "scatter"):
            assert spec.y.label, spec.id
        in_cells = spec.matrix and any(c.n for c in spec.matrix.cells) and spec.matrix.common_n is None
        if not (N.search(spec.caption) or in_cells):
            missing.append(f"{spec.id} does not say n: {spec.caption}")
        if not (ENDS.search(spec.caption) or spec.id.startswith(COUNTS)):
            missing.append(f"{spec.id} does not say what its interval is: {spec.caption}")
    assert missing == []


def test_an_axis_with_a_direction_says_so_at_its_end(specs: list[ChartSpec]) -> None:
    for spec in specs:
        assert re.fullmatch(r"((?!better).)*(more is better →|neither end is better)?", spec.x.label), spec.id
        assert re.fullmatch(r"(↑ ((?!better).)*(more is better)?)?", spec.y.label), spec.id


def test_the_table_of_a_chart_holds_every_number_of_its_picture(specs: list[ChartSpec]) -> None:
    for spec in specs:
        if spec.matrix:
            assert not spec.is_drawn  # the tinted table is the chart
            continue
        rows = [row for _, group in spec.table.groups for row in group]
        assert len(rows) == len(spec.points) + sum(len(series.dotted) for series in spec.series), spec.id
        assert "n" in spec.table.head or all(p.n is None for p in spec.points), spec.id
        words = " ".join(name for name, _ in spec.table.groups)
        assert all(series.aside in words for series in spec.series), spec.id


def test_forests_stand_by_value_and_no_picture_has_a_seventh_series(specs: list[ChartSpec]) -> None:
    for spec in specs:
        assert spec.kind == "ladder" or len(spec.series) <= MAX_SERIES, spec.id
        if spec.kind == "forest" and spec.id != "panel-variance":
            for series in spec.series:
                values = [p.x for p in series.points if p.x is not None and not p.bare]
                assert values == sorted(values, reverse=True), spec.id
        if spec.kind == "bars":
            assert spec.x.range == (0.0, 1.0), spec.id


@pytest.mark.slow
def test_no_picture_is_cut_off_at_its_frame(pictures: dict[str, svg.Picture]) -> None:
    cut = {
        (name, width): found
        for name, picture in pictures.items()
        for width, text in picture._asdict().items()
        if (found := outside(seen(text)))
    }
    assert cut == {}


def test_every_picture_is_small_the_same_twice_and_has_a_plot(
    specs: list[ChartSpec], pictures: dict[str, svg.Picture]
) -> None:
    drawn = [spec for spec in specs if spec.is_drawn]
    assert len(drawn) >= 20
    seen: set[str] = set()
    for spec in drawn:
        picture = pictures[spec.id]
        for text in picture:
            assert len(gzip.compress(text.encode())) <= 6_000, spec.id
        if spec.kind not in seen:
            assert picture == svg.picture(spec)
            seen.add(spec.kind)
        assert len(plot_bytes(spec)) <= 60_000, spec.id


def test_parts_of_the_turns_add_up_to_one(specs: list[ChartSpec]) -> None:
    bars = [spec for spec in specs if spec.kind == "bars"]
    assert bars
    for spec in bars:
        for name in {p.label for p in spec.points}:
            assert sum(p.x or 0.0 for p in spec.points if p.label == name) == pytest.approx(1.0, abs=2e-3)
