"""What boards show beside their headline: which cells answer which question, and that no NaN enters."""

import math
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.observations import Estimand, Observation
from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.summary import (
    FALLBACK,
    FLAG_KEYS,
    GAIN,
    GPU_HOURS,
    HELD,
    RANGES,
    SCORED,
    above_few,
    by_cell,
    collaboration,
    completeness,
    legitimate,
    newest,
    per_unit_of,
    shares_of,
    summarise,
    values_of,
    version_of,
)

MINI = ("m_arith", "m_fact", "m_call", "m_code", "m_turn", "m_maze")


def cell(
    target: str,
    scored: float | None = 0.5,
    *,
    base: str = "mini-0",
    epoch: int = 1,
    version: str = "x",
    errored: bool = False,
    **values: float,
) -> Observation:
    """The sample of a cell; keyword values are those of the scorer."""
    name = f"{target}__{base}"
    given = {f"posttrain.{key}": value for key, value in values.items()}
    return Observation(
        task="posttrain_mini",
        args={},
        sample_id=name,
        epoch=epoch,
        unit=name,
        metadata={"cell": name, "target": target, "base": base, "version": version},
        values=given if scored is None else {SCORED: scored, **given},
        words={},
        errored=errored,
        model="reference/x",
    )


def found(estimands: list[Estimand], metric: str = SCORED, **dims: str) -> Estimand:
    (one,) = [e for e in estimands if e.metric == metric and e.dims == dims]
    return one


def whole(**more: float) -> list[Observation]:
    return [cell(target, 0.1 * i, fallback=0.0, **more) for i, target in enumerate(MINI, 1)]


def test_keys_of_the_flags_follow_their_letters() -> None:
    assert FLAG_KEYS["C"] == "posttrain.flag_c"
    assert set(FLAG_KEYS) == {"C", "M", "A", "L", "T"}


@pytest.mark.parametrize(
    ("versions", "expected"),
    [(["1.2"], "1.2"), (["1.0", "1.0"], "1.0"), (["1.0", "1.2"], "x"), (["9"], "x"), ([], "x")],
)
def test_the_version_is_that_of_all_samples_or_the_current_one(versions: list[str], expected: str) -> None:
    assert version_of([cell("m_arith", version=version) for version in versions]) == expected


def test_a_sample_without_version_is_one_of_the_current() -> None:
    bare = cell("m_arith")
    plain = Observation(**{**vars(bare), "metadata": {"cell": "c"}})
    assert version_of([plain]) == "x"
    assert version_of([plain, cell("m_arith", version="1.0")]) == "x"


def test_a_grid_is_whole_with_every_weighted_cell_and_the_canary_is_none() -> None:
    assert completeness(whole()) == ""
    assert completeness([*whole(), cell("m_hop")]) == ""
    assert completeness(whole()[1:]) == "partial, 5 of 6 cells"
    assert completeness([*whole()[1:], cell("m_hop")]) == "partial, 5 of 6 cells"
    assert completeness([]) == "partial, 0 cells"


def test_a_target_of_another_grid_is_passed_over() -> None:
    assert completeness([cell("m_gone")]) == "partial, 0 cells"
    assert completeness([cell("m_gone"), *whole()]) == ""


@pytest.mark.parametrize(
    "lost", [cell("m_arith", errored=True), cell("m_arith", None), cell("m_arith", math.nan)]
)
def test_a_cell_without_a_score_does_not_count_as_there(lost: Observation) -> None:
    assert completeness([lost, *whole()[1:]]) == "partial, 5 of 6 cells"


def test_cells_of_different_runs_do_not_make_one_whole_run() -> None:
    """Three cells in the first run and three in the second are half a grid, not a grid."""
    first = [cell(target, epoch=1) for target in MINI[:3]]
    second = [cell(target, epoch=2) for target in MINI[3:]]
    assert completeness([*first, *second]) == "partial, 3 of 6 cells"
    assert completeness([*first, *whole()]) == ""


def test_the_full_profile_wants_every_base() -> None:
    grid = load_grid()
    cells = [c for c in grid.cells("1.2") if c.weight > 0]
    rows = [cell(c.target, base=c.base, version="1.2") for c in cells]
    assert completeness(rows) == ""
    assert completeness(rows[:-1]) == f"partial, {len(cells) - 1} of {len(cells)} cells"


def test_every_target_of_every_base_is_a_figure_of_its_own() -> None:
    rows = [cell("gsm8k", 0.4, base="qwen3-4b"), cell("gsm8k", 0.6, base="smollm3-3b"), cell("bfcl", 0.2)]
    figures = by_cell(rows)
    assert found(figures, target="gsm8k", base="qwen3-4b").units == {"gsm8k__qwen3-4b": [0.4]}
    assert found(figures, target="gsm8k", base="smollm3-3b").units == {"gsm8k__smollm3-3b": [0.6]}
    assert len(figures) == 3


def test_runs_of_a_cell_are_samples_of_one_unit() -> None:
    rows = [cell("m_code", 0.4, epoch=1), cell("m_code", 0.8, epoch=2)]
    assert found(by_cell(rows), target="m_code", base="mini-0").units == {"m_code__mini-0": [0.4, 0.8]}


@pytest.mark.parametrize("key", RANGES)
def test_a_value_is_shown_with_its_range_wherever_it_was_scored(key: str) -> None:
    short = key.removeprefix("posttrain.")
    (figure,) = by_cell([cell("m_code", 0.25) if key == SCORED else cell("m_code", None, **{short: 0.25})])
    assert (figure.metric, figure.range) == (key, RANGES[key])
    assert figure.units == {"m_code__mini-0": [0.25]}
    assert by_cell([cell("m_code", math.nan, **{} if key == SCORED else {short: math.nan})]) == []


def test_shares_and_scores_lie_between_nought_and_one_and_differences_are_unbounded() -> None:
    assert {key for key, bounds in RANGES.items() if bounds == (0.0, 1.0)} == {
        SCORED,
        "posttrain.raw",
        "posttrain.twin",
    }
    bounds = {e.metric: e.range for e in shares_of([cell("m_code", held=0.0, fallback=1.0, gain=-0.1)])}
    assert bounds == {HELD: (0.0, 1.0), FALLBACK: (0.0, 1.0), GAIN: None}


def test_legitimate_cells_are_those_that_did_not_fall_back() -> None:
    rows = [cell("m_code", 0.9, fallback=0.0), cell("m_call", 0.1, fallback=1.0), cell("m_maze", 0.5)]
    (figure,) = legitimate(rows)
    assert figure.dims == {"cells": "legitimate"}
    assert figure.units == {"m_code__mini-0": [0.9]}
    assert legitimate(rows[1:]) == []


def test_hours_and_fallbacks_are_means_over_all_cells() -> None:
    rows = [cell("m_code", fallback=0.0, gpu_hours=2.0), cell("m_call", fallback=1.0, gpu_hours=math.nan)]
    figures = {e.metric: e.units for e in shares_of(rows)}
    assert figures == {
        FALLBACK: {"m_code__mini-0": [0.0], "m_call__mini-0": [1.0]},
        GPU_HOURS: {"m_code__mini-0": [2.0]},
    }
    assert shares_of([]) == []


def test_points_above_few_examples_are_paired_by_cell() -> None:
    """Only cells of which the base was measured with three examples take part, on both sides."""
    known = load_grid().baselines["mini-0"]["m_code"].few
    rows = [cell("m_code", 0.9), cell("m_code", 0.7, epoch=2), cell("m_call", math.nan), cell("nowhere")]
    (figure,) = above_few(rows)
    assert figure.kind == "difference"
    assert figure.units == {"m_code__mini-0": [0.9, 0.7]}
    assert figure.minus == {"m_code__mini-0": [known, known]}
    assert above_few([cell("m_code", base="unknown-base")]) == []


def test_the_collaboration_score_is_of_its_targets_alone() -> None:
    rows = [cell(t, s, base="qwen3-4b") for t, s in (("userturn", 0.2), ("mazeviews", 0.6), ("gsm8k", 0.9))]
    (figure,) = collaboration(rows)
    assert figure.units == {"userturn__qwen3-4b": [0.2], "mazeviews__qwen3-4b": [0.6]}
    assert figure.dims == {"figure": "collaboration"}
    assert collaboration([]) == []
    assert collaboration(rows[2:]) == []


def test_versions_before_x_have_no_collaboration_score() -> None:
    assert collaboration([cell("userturn", 0.2, version="1.2")]) == []


def test_a_run_that_broke_off_gives_no_figure() -> None:
    assert summarise([cell("m_code", 0.9, errored=True, fallback=0.0)]) == []
    assert summarise([]) == []


scores = st.none() | st.floats(0, 1) | st.just(math.nan)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(MINI), scores, scores, st.booleans()), max_size=12))
def test_no_figure_holds_a_value_that_is_no_number(rows: list[tuple]) -> None:
    observed = [
        cell(target, score, epoch=i, errored=errored, **({} if gain is None else {"gain": gain}))
        for i, (target, score, gain, errored) in enumerate(rows)
    ]
    for figure in summarise(observed):
        for side in (figure.units, figure.minus or figure.units):
            assert side
            assert all(values and all(map(math.isfinite, values)) for values in side.values())
        if figure.minus is not None:
            assert {u: len(v) for u, v in figure.units.items()} == {
                u: len(v) for u, v in figure.minus.items()
            }


def test_every_figure_of_a_whole_run_has_its_own_place() -> None:
    figures = summarise(whole(held=0.0, gain=0.1, raw=0.2, twin=0.1, drift=0.1))
    places = [(tuple(e.dims.items()), e.metric) for e in figures]
    assert len(places) == len(set(places))
    assert found(figures, cells="legitimate").units == {
        f"{t}__mini-0": [0.1 * i] for i, t in enumerate(MINI, 1)
    }
    assert found(figures, HELD, cells="all").units.keys() == {f"{t}__mini-0" for t in MINI}


def test_values_keep_the_order_of_samples() -> None:
    rows = [cell("m_maze", 0.3), cell("m_code", 0.1), cell("m_maze", 0.2, epoch=2)]
    assert list(values_of(rows, SCORED).items()) == [
        ("m_maze__mini-0", [0.3, 0.2]),
        ("m_code__mini-0", [0.1]),
    ]


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ({"GPU": 4.0}, {"GPU": 12.5}),
        ({"GPU": 0.5, "$": 0.0}, {"GPU": 100.0, "$": None}),
        ({"$": -1.0}, {"$": None}),
        ({}, {}),
    ],
)
def test_points_are_hundredths_for_each_unit_spent(
    totals: Mapping[str, float], expected: dict[str, float | None]
) -> None:
    """A score of 0.5 is 50 points: 12.5 a GPU hour where four were spent, and nothing where none was."""
    assert per_unit_of(0.5, totals) == expected


def test_of_repeated_attempts_the_newest_counts_and_of_equal_times_the_last_read() -> None:
    attempts = [
        ("2026-01-02T00:00:00", cell("m_code", 0.2)),
        ("2026-01-03T00:00:00", cell("m_code", 0.3)),
        ("2026-01-01T00:00:00", cell("m_code", 0.1)),
        ("2026-01-01T00:00:00", cell("m_call", 0.7)),
        ("2026-01-01T00:00:00", cell("m_call", 0.8)),
    ]
    kept = newest(attempts, lambda o: o.sample_id)
    assert [(o.sample_id, o.values[SCORED]) for o in kept] == [
        ("m_code__mini-0", 0.3),
        ("m_call__mini-0", 0.8),
    ]
    assert len(newest(attempts, lambda o: f"{o.values[SCORED]}")) == 5
    assert newest([], lambda o: o.sample_id) == []
