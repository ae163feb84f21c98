"""Chart specs: the table holds every number, shapes are checked, tints and ticks are what they claim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from interplay.leaderboard.charts.ticks import nice_ticks
from interplay.leaderboard.figures import (
    Axis,
    ChartSpec,
    Matrix,
    MatrixCell,
    Point,
    Series,
    by_value,
    interval,
    number,
    rounded_range,
    shown,
    shown_interval,
)

shares = st.floats(-1, 1, allow_nan=False)


def forest(points: list[Point], **fields: object) -> ChartSpec:
    series = (Series(name="runs", points=tuple(points)),)
    return ChartSpec.model_validate(
        {"id": "demo", "kind": "forest", "title": "Demo", "desc": "A demo.", "series": series, **fields}
    )


@given(st.lists(st.tuples(shares, shares, shares, st.integers(1, 999)), min_size=1, max_size=8))
def test_the_data_table_holds_every_value_interval_and_n(rows: list[tuple[float, float, float, int]]) -> None:
    points = [
        Point(label=f"m{i}", x=sorted(r[:3])[1], lo=min(r[:3]), hi=max(r[:3]), n=r[3])
        for i, r in enumerate(rows)
    ]
    table = forest(points).table
    printed = [row for _, group in table.groups for row in group]
    assert table.head == ("model", "value", "95 % interval", "n")
    assert [row[0] for row in printed] == [p.label for p in points]
    for row, point in zip(printed, points, strict=True):
        assert row[1:] == (
            shown(point.x, point.lo, point.hi),
            shown_interval(point.x, point.lo, point.hi),
            str(point.n),
        )


def test_lines_are_tabled_by_tick_and_series() -> None:
    spec = ChartSpec(
        id="lines",
        kind="lines",
        title="T",
        desc="D",
        x=Axis(label="steps", ticks=("short", "long")),
        series=tuple(
            Series(
                name=name, points=(Point(label="a", x=0, y=0.5, lo=0.4, hi=0.6), Point(label="b", x=1, y=0.2))
            )
            for name in ("one", "two")
        ),
    )
    assert spec.table.head == ("steps", "value", "95 % interval")
    assert [name for name, _ in spec.table.groups] == ["one", "two"]
    assert spec.table.groups[0][1] == (
        ("short", "0.50", "0.40–0.60"),
        ("long", "0.20", "no interval published"),
    )


@pytest.mark.parametrize(
    ("lo", "hi", "words"),
    [
        (0.92, 1.0, "0.92–1.00"),
        (-0.03, 0.08, "−0.03 to 0.08"),
        (-0.001, 0.08, "0.00–0.08"),
        (None, None, "no interval published"),
    ],
)
def test_intervals_in_words(lo: float | None, hi: float | None, words: str) -> None:
    assert interval(lo, hi) == words


@pytest.mark.parametrize(
    ("value", "lo", "hi", "decimals", "words"),
    [
        (0.0, 0.0, 0.0626, 3, ("≤ 0.063", "none seen")),
        (0.0, 0.0, 0.0032, 2, ("≤ 0.003", "none seen")),
        (0.0, 0.0, 0.2588, 2, ("≤ 0.26", "none seen")),
        (0.0, -0.05, 0.05, 2, ("0.00", "−0.05 to 0.05")),
        (0.004, 0.001, 0.02, 2, ("0.004", "0.001–0.020")),
        (0.004, 0.001, 0.2, 2, ("< 0.01", "0.00–0.20")),
        (0.0004, 0.0001, 0.002, 2, ("< 0.001", "0.000–0.002")),
        (-0.04, -0.055, -0.026, 2, ("−0.040", "−0.055 to −0.026")),
        (-0.004, -0.02, 0.01, 2, ("0.00", "−0.02 to 0.01")),
        (0.0, 0.0, 0.0, 2, ("none seen", "")),
        (0.0, None, None, 2, ("0.00", "no interval published")),
        (None, None, None, 2, ("", "no interval published")),
    ],
)
def test_a_zero_share_is_shown_as_its_bound(
    value: float | None, lo: float | None, hi: float | None, decimals: int, words: tuple[str, str]
) -> None:
    assert (shown(value, lo, hi, decimals), shown_interval(value, lo, hi, decimals)) == words


def test_published_zeros_stay_as_printed() -> None:
    points = [
        Point(label="theirs", x=0.0, lo=0.0, hi=0.05, hollow=True),
        Point(label="ours", x=0.0, lo=0.0, hi=0.05),
    ]
    rows = forest(points).table.groups[0][1]
    assert rows == (("theirs", "0.00", "0.00–0.05"), ("ours", "≤ 0.050", "none seen"))


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_a_printed_number_never_shows_a_hyphen_or_a_negative_zero(value: float, decimals: int) -> None:
    text = number(value, decimals)
    assert "-" not in text
    assert text.replace("−", "").strip("0.") or "−" not in text
    assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.51 * 10**-decimals)


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "heat"},
        {"series": tuple(Series(name=str(i), points=()) for i in range(7))},
        {"series": (Series(name="a", points=(Point(label="p", x=1, lo=0.5),)),)},
        {"id": "Not an id"},
        {"colour": "red"},
    ],
)
def test_a_spec_refuses_what_cannot_be_drawn(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        forest([], **broken)


@pytest.mark.parametrize(
    ("value", "scale", "limits", "step"),
    [
        (0.0, "sequential", (0, 1), "q0"),
        (1.0, "sequential", (0, 1), "q8"),
        (0.5, "sequential", (0, 1), "q4"),
        (7.0, "sequential", (0, 1), "q8"),
        (0.0, "diverging", (-0.4, 0.4), "d4"),
        (-0.4, "diverging", (-0.4, 0.4), "d0"),
    ],
)
def test_tints(value: float, scale: str, limits: tuple[float, float], step: str) -> None:
    cell = MatrixCell(row="a", column="b", value=value)
    matrix = Matrix.model_validate(
        {
            "row_head": "r",
            "column_head": "c",
            "rows": ("a",),
            "columns": ("b",),
            "cells": (cell,),
            "scale": scale,
            "range": limits,
        }
    )
    assert matrix.step(cell) == step
    assert matrix.step(cell.model_copy(update={"significant": False})) is None
    assert matrix.step(cell.model_copy(update={"value": None})) is None


def test_forests_are_sorted_by_value_with_missing_last() -> None:
    points = [Point(label="b", x=0.1), Point(label="none"), Point(label="a", x=0.1), Point(label="c", x=0.9)]
    assert [p.label for p in by_value(points)] == ["c", "a", "b", "none"]


@given(st.floats(-5, 5), st.floats(0.01, 10), st.integers(3, 9))
def test_ticks_are_round_few_and_inside(lo: float, width: float, most: int) -> None:
    ticks = nice_ticks(lo, lo + width, most)
    assert 1 <= len(ticks) <= most
    assert all(lo - 1e-6 <= tick <= lo + width + 1e-6 for tick in ticks)
    assert list(ticks) == sorted(set(ticks))


@given(st.lists(st.floats(-0.9, 0.9), min_size=1, max_size=9))
def test_a_rounded_range_holds_its_values_and_ends_on_tenths(values: list[float]) -> None:
    lo, hi = rounded_range(values)
    assert lo <= min(values) + 1e-6
    assert hi >= max(values) - 1e-6
    assert lo < hi
    assert all(abs(end * 10 - round(end * 10)) < 1e-6 for end in (lo, hi))
