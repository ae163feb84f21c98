"""The transcription of PostTrainBench: weights and lines recomputed from its own cells, spot values."""

import math
from statistics import fmean

import pytest

from interplay.leaderboard.literature import Figure, Literature, load_sources
from interplay.tasks.posttrain.cells import load_grid, weights_from
from interplay.tasks.posttrain.grid import Baseline

BASES = {
    "Qwen3-1.7B-Base": "Qwen3-1.7B",
    "Qwen3-4B-Base": "Qwen3-4B",
    "SmolLM3-3B-Base": "SmolLM3-3B",
    "gemma-3-4b-pt": "gemma-3-4b-it",
}


@pytest.fixture(scope="module")
def bench() -> Literature:
    return next(source for source in load_sources() if source.source == "posttrainbench")


def rows(bench: Literature, table: str, **facts: object) -> list[Figure]:
    return [r for r in bench.rows if r.table == table and all(getattr(r, k) == v for k, v in facts.items())]


def values(bench: Literature, metric: str) -> dict[tuple[str, str], float]:
    return {(r.model, str(r.group)): float(r.value or 0) for r in rows(bench, "Baselines", metric=metric)}


def test_every_cell_of_the_baselines_is_there(bench: Literature) -> None:
    assert [len(values(bench, m)) for m in ("zero", "few", "instruct")] == [28, 28, 28]
    assert not any(r.value is None for r in rows(bench, "Baselines"))


@pytest.mark.parametrize(("group", "version"), [("1.0 and 1.1", "1.0"), ("1.2", "1.2")])
def test_weights_are_those_of_the_grid_and_follow_from_the_cells(
    bench: Literature, group: str, version: str
) -> None:
    printed = {r.model: r.value or 0 for r in rows(bench, "Weights", group=group)}
    grid = load_grid().weights(version)  # type: ignore[arg-type]
    assert printed.keys() == grid.keys()
    assert all(abs(printed[t] - grid[t]) < 1e-12 for t in grid)
    zero, instruct = values(bench, "zero"), values(bench, "instruct")
    cells = {
        base: {t: Baseline(zero=zero[base, t], reference=instruct[relative, t]) for t in grid}
        for base, relative in BASES.items()
    }
    assert all(abs(weight - grid[t]) < 5e-4 for t, weight in weights_from(cells, grid).items())


def test_baselines_of_the_grid_are_the_printed_ones(bench: Literature) -> None:
    grid, zero, few = load_grid(), values(bench, "zero"), values(bench, "few")
    instruct = values(bench, "instruct")
    for name in grid.bases_of("full"):
        base, relative = grid.bases[name].repo.partition("/")[2], grid.bases[name].reference.partition("/")[2]
        for target, found in grid.baselines[name].items():
            printed = (zero[base, target], few[base, target], instruct[relative, target])
            assert (found.zero, found.few, found.reference) == printed, (name, target)


@pytest.mark.parametrize(
    ("version", "metric", "line"),
    [
        ("1.0", "zero", 7.5),
        ("1.0", "few", 18.1),
        ("1.0", "instruct", 51.1),
        ("1.2", "zero", 8.0),
        ("1.2", "few", 19.4),
        ("1.2", "instruct", 48.4),
    ],
)
def test_lines_follow_from_weights_and_cells(
    bench: Literature, version: str, metric: str, line: float
) -> None:
    cells, weights = values(bench, metric), load_grid().weights(version)  # type: ignore[arg-type]
    models = [model for pair in BASES.items() for model in pair if (model, "gsm8k") in cells]
    score = 100 * math.fsum(w * fmean(cells[m, t] for m in models) for t, w in weights.items())
    assert round(score, 1) == line
    assert line in [r.value for r in rows(bench, "Lines", group=version)]


def test_averages_follow_from_the_cells_of_an_agent(bench: Literature) -> None:
    table, weights = rows(bench, "Version 1.0"), load_grid().weights("1.0")
    whole = [m for m in dict.fromkeys(r.model for r in table) if sum(r.model == m for r in table) == 8]
    assert len(whole) == 7
    for model in whole:
        cells = {r.metric: r.value or 0 for r in table if r.model == model}
        assert math.fsum(weights[t] * cells[t] for t in weights) == pytest.approx(cells["average"], abs=0.15)


@pytest.mark.parametrize(
    ("table", "model", "printed"),
    [
        ("Version 1.0", "Opus 4.6, Claude Code", "23.2 ± 1.8"),
        ("Version 1.0", "Haiku 4.5", "6.2"),
        ("Version 1.1", "Fable 5 Max", "41.79 ± 1.74"),
        ("Version 1.2", "Fable 5.1", "44.71 ± 3.22"),
        ("Budget in hours", "Opus 4.5", "11.8"),
        ("Reasoning effort", "GPT-5.3-Codex", "not published"),
        ("Prototype 0.1", "Gemini 3 Pro", "18.0"),
    ],
)
def test_spot_values(bench: Literature, table: str, model: str, printed: str) -> None:
    found = [r for r in rows(bench, table, model=model) if r.metric == "average"]
    assert found[0].printed == printed


def test_runs_are_counted_and_both_data_files_kept(bench: Literature) -> None:
    assert rows(bench, "Version 1.1", model="GLM-5.2")[0].n == 3
    assert [r.group for r in rows(bench, "Version 1.2", model="Opus 5")] == ["older file", "newer file"]
    assert len({r.model for r in rows(bench, "Version 1.1")}) == 20
    assert len({r.model for r in rows(bench, "Version 1.2")}) == 18
