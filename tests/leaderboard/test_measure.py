"""From samples to results: errors hurt, unscored samples are left out, contrasts are paired."""

import numpy as np
import pytest

from interplay.leaderboard.boards import Board, find_board
from interplay.leaderboard.measure import is_partial, results
from interplay.leaderboard.rows import LogRows, SampleRow
from interplay.leaderboard.schema import Cell, Result
from interplay.leaderboard.statistics import paired, share, t_quantile
from interplay.tasks.mistakes import UserMistake
from tests.leaderboard.plain_rows import FLOOR, log, sample

PAIR, GAP, CROSS = (find_board(name) for name in ("mazes-pair", "mazes-gap", "mazes-cross"))
KEY = "maze.success_corrected"
MAZES = [f"standard-1-{family}-{i:03d}" for family in ("bernoulli", "detour", "perfect") for i in range(1, 9)]


def cell(result: Result, **dims: str) -> Cell:
    return next(c for c in result.cells if c.dims == dims)


def pair_log(values: dict[str, tuple[float, float]]) -> LogRows:
    return log(
        [sample(m, s, v) for m, both in values.items() for s, v in zip(("AB", "BA"), both, strict=True)]
    )


def test_a_unit_is_the_mean_of_its_seats():
    result = results(PAIR, [pair_log({"m-1": (1.0, 1.0), "m-2": (1.0, FLOOR), "m-3": (FLOOR, FLOOR)})])
    assert result.units == "10000 4451 -1099"
    assert (result.units_total, result.samples, result.errors, result.unscored) == (3, 6, 0, 0)
    expected = share([1.0, (1 + FLOOR) / 2, FLOOR], PAIR.range, 2, binary=True)
    assert result.metrics[KEY].value == pytest.approx(expected.value, abs=1e-6)
    assert result.metrics[KEY].lo == pytest.approx(expected.lo, abs=1e-6)
    assert result.metrics[KEY].interval == "share"
    assert cell(result, seat="AB").value == pytest.approx((2 + FLOOR) / 3, abs=1e-6)


def test_epochs_are_averaged_inside_a_unit():
    rows = [sample("m-1", "AB", 1.0), sample("m-1", "AB", FLOOR, epoch=2), sample("m-2", "AB", 1.0)]
    assert results(PAIR, [log(rows)]).units == "4451 10000"


def test_an_errored_sample_is_the_worst_and_an_unscored_one_is_left_out():
    rows = [sample("m-1"), sample("m-1", "BA", errored=True), sample("m-2"), sample("m-2", "BA", None)]
    rows += [sample("m-3", "AB", None), sample("m-3", "BA", None)]
    result = results(PAIR, [log(rows)])
    assert result.units == "4451 10000 -"
    assert (result.errors, result.unscored) == (1, 3)
    assert result.metrics[KEY].n == 2


def test_failing_on_purpose_never_helps():
    honest = pair_log(dict.fromkeys(MAZES[:6], (FLOOR, FLOOR)) | {MAZES[7]: (1.0, 1.0)})
    failing = [
        row
        if row.score.numbers[KEY] > 0
        else sample(row.metadata["maze_id"], row.metadata["seat"], errored=True)
        for row in honest.samples
    ]
    assert results(PAIR, [log(failing)]).metrics[KEY] == results(PAIR, [honest]).metrics[KEY]


def solo(values: dict[str, float | None], errored: tuple[str, ...] = ()) -> LogRows:
    rows: list[SampleRow] = [
        sample(
            m, "AB", v, condition="C3", errored=m in errored, metadata={"pairing": "solo", "track": "free"}
        )
        for m, v in values.items()
    ]
    return log(rows, "maze_solo")


def test_gap_is_paired_by_maze():
    alone = {m: 1.0 if i % 4 else FLOOR for i, m in enumerate(MAZES)}
    together = {m: 1.0 if i % 3 == 0 else FLOOR for i, m in enumerate(MAZES)}
    pair = log([sample(m, "AB", v) for m, v in together.items()])
    result = results(GAP, [solo(alone), pair])
    expected = paired(list(alone.values()), list(together.values()), GAP.range)
    metric = result.metrics[KEY]
    assert (metric.value, metric.lo, metric.hi) == pytest.approx(expected[:3], abs=1e-6)
    assert metric.interval == "difference"
    assert result.units.split()[0] == str(round((FLOOR - 1.0) * 10_000))
    assert cell(result, condition="C3").value == pytest.approx(np.mean(list(alone.values())), abs=1e-6)
    assert cell(result, condition="C7").n == len(MAZES)


def test_errors_alone_never_narrow_the_gap():
    alone, together = dict.fromkeys(MAZES, 1.0), {m: FLOOR if i < 6 else 1.0 for i, m in enumerate(MAZES)}
    pair = log([sample(m, "AB", v) for m, v in together.items()])
    honest = results(GAP, [solo(alone), pair]).metrics[KEY].value
    assert results(GAP, [solo(alone, tuple(MAZES[:6])), pair]).metrics[KEY].value == honest
    failing = log([sample(m, "AB", v, errored=i > 20) for i, (m, v) in enumerate(together.items())])
    assert results(GAP, [solo(alone), failing]).metrics[KEY].value > honest


def test_retention_is_shown_only_where_solo_succeeds():
    pair = log([sample(m, "AB", 1.0 if i % 2 else FLOOR) for i, m in enumerate(MAZES)])
    able = results(GAP, [solo(dict.fromkeys(MAZES, 1.0)), pair])
    retention = cell(able, condition="C7/C3")
    assert retention.metric == "maze.retention"
    assert retention.value == pytest.approx((1 + FLOOR) / 2, abs=1e-6)
    assert retention.lo is not None
    assert retention.lo < 0.5 < (retention.hi or 0)
    unable = results(GAP, [solo({m: 1.0 if i < 2 else FLOOR for i, m in enumerate(MAZES)}), pair])
    assert cell(unable, condition="C7/C3").value is None


def test_cross_averages_scripts_within_a_maze():
    scripts = {"cartographer": 1.0, "follower": 1.0, "noisy": FLOOR, "colrow": FLOOR}
    logs = [
        log([sample(m, "AB", v, condition="C5", metadata={"script": script}) for m in MAZES])
        for script, v in scripts.items()
    ]
    result = results(CROSS, logs)
    assert result.metrics[KEY].value == pytest.approx((1 + FLOOR) / 2, abs=1e-6)
    assert result.units == " ".join(["4451"] * len(MAZES))
    assert cell(result, script="cartographer").value == 1.0
    assert cell(result, script="noisy").value == pytest.approx(FLOOR, abs=1e-6)


def test_macro_over_disjoint_groups_adds_in_quadrature():
    board = Board.model_validate(PAIR.model_dump() | {"id": "by-family", "macro": "family", "summary": None})
    rows = [sample(m, "AB", 1.0 if i % (2 + i // 8) == 0 else FLOOR) for i, m in enumerate(MAZES)]
    result = results(board, [log(rows)])
    groups = [
        share([r.score.numbers[KEY] for r in rows[i : i + 8]], PAIR.range, 1, binary=True) for i in (0, 8, 16)
    ]
    assert result.metrics[KEY].value == pytest.approx(sum(g.value for g in groups) / 3, abs=1e-6)
    below = sum((g.value - g.lo) ** 2 for g in groups) ** 0.5 / 3
    assert result.metrics[KEY].lo == pytest.approx(result.metrics[KEY].value - below, abs=1e-6)


def test_secondary_figures_add_and_subtract_keys():
    numbers = {"maze.success_strict": 0.0, "maze.success_favourable": 1.0, "maze.seats.1.visible": 30.0,
               "maze.seats.2.visible": 20.0}  # fmt: skip
    rows = [sample(m, "AB", FLOOR, numbers=numbers) for m in MAZES]
    metrics = results(PAIR, [log(rows)]).metrics
    assert metrics["maze.contested"].value == 1.0
    assert metrics["maze.visible_tokens"].value == 50.0
    assert metrics["maze.visible_tokens"].interval == "bootstrap"
    assert "maze.success_commit" not in metrics


def test_usage_is_summed_per_role():
    usage = results(PAIR, [pair_log({"m-1": (1.0, 1.0)})]).usage
    assert (usage["model"].calls, usage["model"].input_tokens, usage["model"].seconds) == (6, 200, 3.0)
    assert usage["model"].cost_usd is None


def test_cells_by_family_and_steps():
    result = results(PAIR, [log([sample(m, "AB") for m in MAZES])])
    assert cell(result, condition="C7", family="perfect").n == 8
    steps = [c for c in result.cells if "steps" in c.dims]
    assert sum(c.n for c in steps) == len(MAZES)


def test_samples_without_the_headline_key_are_no_result():
    with pytest.raises(UserMistake, match="no sample holds"):
        results(PAIR, [log([sample("m-1", "AB", None)])])


def test_a_result_without_lock_is_partial():
    result = results(PAIR, [log([sample("m-1"), sample("m-2")])])
    assert is_partial(result, ())


def test_results_are_reproducible_whatever_the_order_of_logs():
    alone, pair = solo(dict.fromkeys(MAZES, 1.0)), log([sample(m, "AB", FLOOR) for m in MAZES])
    assert results(GAP, [alone, pair]).content() == results(GAP, [pair, alone]).content()


def test_a_missing_epoch_shifts_no_weight_between_the_samples_of_a_unit():
    rows = [sample("m-1", "AB", 1.0), sample("m-1", "AB", 1.0, epoch=2), sample("m-1", "BA", FLOOR)]
    rows += [sample("m-1", "BA", None, epoch=2), sample("m-2", "AB", 1.0)]
    assert results(PAIR, [log(rows)]).units == "4451 10000"


def test_units_drawn_once_have_no_interval_for_another_run():
    result = results(PAIR, [pair_log({"m-1": (1.0, 1.0), "m-2": (1.0, FLOOR)})])
    assert result.same_items == {}
    assert "same_items" not in result.content()


def test_epochs_give_the_interval_for_another_run_of_the_same_units():
    rows = [
        sample(maze, seat, 1.0 if (i + epoch) % 3 else FLOOR, epoch=epoch)
        for i, maze in enumerate(MAZES)
        for seat in ("AB", "BA")
        for epoch in (1, 2, 3)
    ]
    result = results(PAIR, [log(rows)])
    metric, again = result.metrics[KEY], result.same_items[KEY]
    assert again.lo < metric.value < again.hi
    cells = [[1.0 if (i + e) % 3 else FLOOR for e in (1, 2, 3)] for i in range(len(MAZES))]
    error = sum(2 * float(np.var(x, ddof=1)) / 3 / 4 for x in cells) ** 0.5 / len(MAZES)
    half = t_quantile(0.975, 2 * 2 * len(MAZES)) * error
    assert again.hi - metric.value == pytest.approx(half, abs=2e-6)


def test_the_interval_for_another_run_stays_in_the_range():
    rows = [
        sample(maze, seat, FLOOR if i + epoch == 1 and seat == "AB" else 1.0, epoch=epoch)
        for i, maze in enumerate(MAZES)
        for seat in ("AB", "BA")
        for epoch in (1, 2)
    ]
    result = results(PAIR, [log(rows)])
    assert result.metrics[KEY].value < result.same_items[KEY].hi == 1.0


def test_a_macro_average_needs_a_scored_sample_of_every_group():
    board = PAIR.model_copy(update={"macro": "family"})
    rows = [sample(maze, value=1.0 if "detour" in maze else FLOOR) for maze in MAZES]
    assert results(board, [log(rows)]).metrics[KEY].value == pytest.approx((1 + 2 * FLOOR) / 3, abs=1e-6)
    rows = [sample(maze, value=None if "detour" in maze else 1.0) for maze in MAZES]
    with pytest.raises(UserMistake, match="no sample of family detour holds"):
        results(board, [log(rows)])
