"""Stage R on plain rows: stated numbers beside recomputed ones, at the tolerance and just beyond it."""

import math
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.leaderboard import check_results as module
from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.check_results import check_header, check_regrade, check_results, difference
from interplay.leaderboard.rows import LogRows, MetricRow, SampleRow, ScoreRow
from interplay.leaderboard.schema import Finding, Result

from . import plain_rows, synthetic

KEY = "maze.success_corrected"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


def result(**changes: Any) -> Result:
    made = synthetic.pair_result("ash", 0.5, synthetic.STANDARD, "standard") | changes
    return Result.model_validate_json(canonical_bytes(made))


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


# Two pieces of JSON


@given(JSON)
def test_nothing_differs_from_itself(value: object):
    assert difference(value, value, "place") is None


@given(JSON, JSON)
def test_what_differs_does_so_from_both_sides(first: object, second: object):
    assert (difference(first, second, "x") is None) == (difference(second, first, "x") is None)


@pytest.mark.parametrize(
    ("stated", "logs", "expected"),
    [
        (1, 1.0, None),
        (1.0, 1.0 + 9e-7, None),
        (1.0, 1.0 + 1.1e-6, "x is 1.0, logs give 1.0000011"),
        (0.0, 9e-7, None),
        (0.0, 1.1e-6, "x is 0.0, logs give 1.1e-06"),
        (1_000_000.0, 1_000_000.9, None),
        (1_000_000.0, 1_000_001.1, "x is 1000000.0, logs give 1000001.1"),
        (-1_000_000.0, -1_000_000.9, None),
        (1, None, "x is 1, logs give None"),
        (None, 0, "x is None, logs give 0"),
        ("1", 1, "x is 1, logs give 1"),
        ([1, 2], [1], "x has 2 members, logs give 1"),
        ([1, 2, 3], [1, 4, 5], "x[1] is 2, logs give 4"),
        ({"b": 1, "a": 1}, {"b": 2, "a": 2}, "x.a is 1, logs give 2"),
        ({"a": 1}, {}, "x.a is not what the logs give"),
        ({}, {"a": 1}, "x.a is absent"),
        ({"a": [{"b": [1, {"c": 2}]}]}, {"a": [{"b": [1, {"c": 3}]}]}, "x.a[0].b[1].c is 2, logs give 3"),
        ({"a": 1}, [1], "x is {'a': 1}, logs give [1]"),
    ],
)
def test_the_first_place_that_differs_is_named(stated: Any, logs: Any, expected: str | None):
    assert difference(stated, logs, "x") == expected


def test_at_the_top_a_key_stands_alone():
    assert difference({"n": 1}, {"n": 2}, "") == "n is 1, logs give 2"


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_what_is_no_finite_number_equals_no_finite_one(number: float):
    assert difference(1.0, number, "x") is not None or math.isinf(number)
    assert difference(number, 1.0, "x") is not None


# Results


def test_equal_results_have_no_finding():
    assert check_results([result()], [result()]) == []


def test_a_result_that_no_log_serves_and_one_that_is_absent():
    gap = Result.model_validate_json(
        canonical_bytes(synthetic.gap_result("ash", 0.5, synthetic.STANDARD, "standard"))
    )
    findings = check_results([gap], [result()])
    assert codes(findings) == ["R06", "R06"]
    assert "mazes-gap is not among the boards that the logs serve" in findings[0].message
    assert "result of mazes-pair is absent" in findings[1].message


def test_a_result_that_is_stated_twice_is_served_once():
    findings = check_results([result(), result()], [result()])
    assert codes(findings) == ["R06"]


def test_units_are_compared_as_they_are_written():
    stated = result()
    units = stated.units.split()
    units[6] = str(int(units[6]) + 1)
    other = stated.model_copy(update={"units": " ".join(units)})
    findings = check_results([other], [stated])
    assert codes(findings) == ["R02"]
    assert f"unit 7 is {units[6]}, logs give {stated.units.split()[6]} on mazes-pair" in findings[0].message


@pytest.mark.parametrize(
    ("field", "code"),
    [("cells", "R04"), ("usage", "R05"), ("metrics", "R06"), ("samples", "R06"), ("units_digest", "R06")],
)
def test_every_part_of_a_result_has_its_code(field: str, code: str):
    stated = result()
    content = stated.content()
    changed: dict[str, Any] = {
        "cells": [content["cells"][0] | {"n": 7}, *content["cells"][1:]],
        "usage": {"model": content["usage"]["model"] | {"calls": 1}},
        "metrics": content["metrics"] | {KEY: content["metrics"][KEY] | {"lo": -0.1}},
        "samples": content["samples"] + 1,
        "units_digest": "0" * 64,
    }
    other = Result.model_validate_json(canonical_bytes(content | {field: changed[field]}))
    findings = check_results([other], [stated])
    assert codes(findings) == [code]
    assert findings[0].message.startswith(field)
    assert "on mazes-pair" in findings[0].message


def test_a_rounding_of_the_last_digit_is_no_difference():
    content = result().content()
    rounded = content["metrics"][KEY] | {"value": content["metrics"][KEY]["value"] + 9e-7}
    other = result(metrics=content["metrics"] | {KEY: rounded})
    assert check_results([other], [result()]) == []


# The header of a log


def stated(*metrics: MetricRow) -> LogRows:
    """Three mazes: 1 and 0 in two epochs, 1, and one that was not scored: the mean is (0.5 + 1) / 2."""
    rows = [
        plain_rows.sample("m1", value=1.0, epoch=1),
        plain_rows.sample("m1", value=0.0, epoch=2),
        plain_rows.sample("m2", value=1.0),
        plain_rows.sample("m3", value=None),
        plain_rows.sample("m4", value=0.0, errored=True),
    ]
    return plain_rows.log(rows, metrics=metrics)


def mean_of(value: float, key: str = "success_corrected", metric: str = "mean") -> MetricRow:
    return MetricRow(scorer="maze", key=key, metric=metric, value=value)


@pytest.mark.parametrize("value", [0.75, 0.75 + 9e-7])
def test_the_mean_of_the_header_is_the_mean_over_samples_of_their_epochs(value: float):
    assert check_header(stated(mean_of(value))) == []


@pytest.mark.parametrize("value", [0.75 + 2e-6, 2 / 3, 0.5, math.nan])
def test_another_mean_in_the_header_is_refused(value: float):
    findings = check_header(stated(mean_of(value)))
    assert codes(findings) == ["R01"]
    assert f"header {value:g}, samples 0.75 ({KEY} of interplay/maze_collab)" in findings[0].message


@pytest.mark.parametrize("value", [0.0, math.nan])
def test_what_no_sample_has_is_nothing_or_zero_in_the_header(value: float):
    assert check_header(stated(mean_of(value, key="absent"))) == []


def test_what_no_sample_has_is_no_other_number():
    assert codes(check_header(stated(mean_of(0.5, key="absent")))) == ["R01"]


def test_other_metrics_than_means_are_nobodys_business():
    assert check_header(stated(mean_of(9.0, metric="stderr"))) == []


def test_only_the_first_wrong_metric_is_named():
    findings = check_header(stated(mean_of(0.75), mean_of(0.1), mean_of(0.2)))
    assert len(findings) == 1
    assert "header 0.1," in findings[0].message


# Scores that were given again


@pytest.fixture
def scored_by_maze(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock of a log names one scorer, of the two that boards read."""
    monkeypatch.setattr(module, "compared_scorers", lambda header: ("maze",))
    monkeypatch.setattr(module, "figures_of", lambda task: frozenset({"maze", "maze_commit"}))


def graded(*pairs: tuple[float, float | None], **header: object) -> LogRows:
    rows: list[SampleRow] = []
    for number, (old, new) in enumerate(pairs):
        again = None if new is None else ScoreRow(numbers={KEY: new}, value_keys=(KEY,))
        rows.append(plain_rows.sample(f"m{number}", value=old).model_copy(update={"regraded": again}))
    return plain_rows.log(rows, **header)


def test_scores_that_come_again_are_accepted(scored_by_maze: None):
    assert check_regrade(graded((1.0, 1.0), (0.0, 1e-10), (0.5, None)), None) == []


def test_samples_that_are_scored_otherwise_are_counted_and_the_first_is_named(scored_by_maze: None):
    findings = check_regrade(graded((1.0, 1.0), (1.0, 0.0), (0.0, 1.0)), None)
    assert codes(findings) == ["R03"]
    said = f"(first: m1-AB epoch 1, {KEY} is 1 in the log and 0 when scored again)"
    assert f"regrade differs on 2 samples of interplay/maze_collab {said}" in findings[0].message


def test_a_log_that_could_not_be_scored_again_is_refused_with_the_problem():
    findings = check_regrade(graded((1.0, None)), "the scorer ran out of time")
    assert codes(findings) == ["R03"]
    assert "could not be scored again (the scorer ran out of time)" in findings[0].message


def test_scores_of_a_scorer_that_the_header_does_not_name_are_refused(scored_by_maze: None):
    row = plain_rows.sample("m0", numbers={"maze_commit.success": 1.0})
    log = plain_rows.log([row.model_copy(update={"regraded": row.score})])
    findings = check_regrade(log, None)
    assert codes(findings) == ["R03"]
    assert "m0-AB of interplay/maze_collab has scores of maze_commit" in findings[0].message


def test_what_a_scorer_of_no_board_left_is_nobodys_business(scored_by_maze: None):
    row = plain_rows.sample("m0", numbers={"my_own.score": 1.0})
    again = row.score.model_copy(update={"numbers": {KEY: 1.0}, "value_keys": (KEY,)})
    assert check_regrade(plain_rows.log([row.model_copy(update={"regraded": again})]), None) == []


@pytest.mark.parametrize("values", [*product([0.0, 0.5], repeat=2)])
@pytest.mark.parametrize("again", [*product([0.0, 0.5], repeat=2)])
def test_a_log_passes_exactly_where_every_score_is_the_same(
    values: tuple[float, float], again: tuple[float, float], scored_by_maze: None
):
    findings = check_regrade(graded(*zip(values, again, strict=True)), None)
    assert (findings == []) == (values == again)


def test_metadata_that_boards_read_is_graded_again_as_well(scored_by_maze: None):
    row = plain_rows.sample("m0", numbers={"maze.notes": 7.0})
    again = row.score.model_copy(update={"numbers": row.score.numbers | {"maze.notes": 8.0}})
    findings = check_regrade(plain_rows.log([row.model_copy(update={"regraded": again})]), None)
    assert "maze.notes is 7 in the log and 8 when scored again" in findings[0].message
