"""Chart specs at their edges: shapes that are refused, words of tables and captions, bounds, tints, ties."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from interplay.leaderboard.figures import (
    MAX_SERIES,
    Axis,
    ChartSpec,
    Kind,
    Matrix,
    MatrixCell,
    Point,
    Series,
    bound,
    by_value,
    interval,
    is_bound,
    number,
    rounded_range,
    shown,
    shown_interval,
)


def chart(kind: Kind = "forest", *series: Series, **fields: object) -> ChartSpec:
    content = {"id": "demo", "kind": kind, "title": "T", "desc": "D", "series": series}
    return ChartSpec.model_validate(content | fields)


def block(name: str, *points: Point, **fields: object) -> Series:
    return Series.model_validate({"name": name, "points": points, **fields})


def matrix(*cells: MatrixCell, **fields: object) -> Matrix:
    content = {"row_head": "r", "column_head": "c", "rows": ("a", "b"), "columns": ("x",), "cells": cells}
    return Matrix.model_validate(content | fields)


A, B = Point(label="a", x=0.2, lo=0.1, hi=0.3, n=9), Point(label="b", x=0.4)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "heat"}, "demo: a matrix belongs to kind heat and to no other"),
        ({"kind": "lines", "matrix": matrix()}, "demo: a matrix belongs to kind heat and to no other"),
        ({"series": tuple(block(str(i), A) for i in range(MAX_SERIES + 1))},
         "demo: 7 series; above 6 use small multiples"),
        ({"series": (block("s", Point(label="p", hi=2.0)),)}, "demo: p has one end of an interval only"),
        ({"series": (block("s", A, B, below=("1",)),)}, "demo: s has not one text below for each point"),
    ],
    ids=["heat without matrix", "matrix elsewhere", "seven series", "half an interval", "texts below"],
)  # fmt: skip
def test_a_spec_says_what_is_wrong_with_it(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        chart(**fields)  # type: ignore[arg-type]
    assert said in str(refusal.value)


def test_only_ladders_hold_more_than_six_series() -> None:
    many = tuple(block(str(i), A, B) for i in range(MAX_SERIES + 5))
    assert len(chart("ladder", *many).series) == MAX_SERIES + 5
    assert len(chart("forest", *many[:MAX_SERIES]).series) == MAX_SERIES


@pytest.mark.parametrize("name", ["a1", "a-b", "a" * 61])
def test_ids_that_may_stand_in_an_address(name: str) -> None:
    assert chart(id=name).id == name


@pytest.mark.parametrize(
    "name", ["", "a", "1a", "-a", "A1", "a b", "a/b", "a\n", "ä1", "a" * 62, "a'b", "a<b"]
)
def test_ids_that_may_not(name: str) -> None:
    with pytest.raises(ValidationError):
        chart(id=name)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (chart("forest"), False),
        (chart("forest", block("s", A)), False),
        (chart("forest", block("s", A), block("t", B)), True),
        (chart("bars", block("s", A, B)), True),
        (chart("heat", matrix=matrix(MatrixCell(row="a", column="x", value=1.0))), False),
    ],
    ids=["empty", "one point", "two blocks", "bars", "heat"],
)
def test_a_picture_needs_two_points_and_a_table_none(spec: ChartSpec, expected: bool) -> None:
    assert spec.is_drawn is expected


def test_a_digest_follows_every_field() -> None:
    spec = chart("forest", block("s", A, B))
    assert spec.digest == spec.model_copy().digest
    others = [
        spec.model_copy(update={"title": "U"}),
        spec.model_copy(update={"decimals": 3}),
        spec.model_copy(update={"series": (block("s", B, A),)}),
        spec.model_copy(update={"x": Axis(range=(0.0, 1.0))}),
    ]
    assert len({spec.digest, *(other.digest for other in others)}) == 5


def cell(row: str, value: float | None, n: int | None = None, **fields: object) -> MatrixCell:
    return MatrixCell.model_validate({"row": row, "column": "x", "value": value, "n": n, **fields})


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([], None),
        ([cell("a", 0.1, 9), cell("b", 0.2, 9)], 9),
        ([cell("a", 0.1, 9), cell("b", 0.2, 8)], None),
        ([cell("a", 0.1, 9), cell("b", 0.2)], None),
        ([cell("a", 0.1, 9), cell("b", None, 8)], 9),
        ([cell("a", 0.1), cell("b", 0.2)], None),
    ],
    ids=["no cell", "shared", "different", "one without", "of a missing value", "none"],
)
def test_the_n_that_all_measured_cells_share(cells: list[MatrixCell], expected: int | None) -> None:
    assert matrix(*cells).common_n == expected


def test_a_caption_joins_the_notes_and_the_shared_n_with_single_blanks() -> None:
    table = matrix(cell("a", 0.1, 9))
    made = chart("heat", matrix=table, note="Note.", panels_note="Panels.")
    assert made.caption == "Panels. Note. n = 9 in every cell."
    assert chart("heat", matrix=matrix(cell("a", 0.1)), note="Note.").caption == "Note."
    assert chart().caption == ""


def test_a_cell_that_is_there_twice_is_the_first() -> None:
    table = matrix(cell("a", 0.1), cell("a", 0.2))
    assert table.cell("a", "x") == cell("a", 0.1)
    assert table.cell("b", "x") is None
    assert table.cell("a", "y") is None


@given(st.floats(-2, 2), st.sampled_from(["sequential", "diverging"]))
def test_tints_rise_with_the_value_and_stay_on_the_scale(value: float, scale: str) -> None:
    table = matrix(cell("a", value), cell("b", value + 0.2), scale=scale, range=(-1.0, 1.0))
    low, high = (table.step(one) for one in table.cells)
    assert low is not None
    assert high is not None
    assert low[0] == ("q" if scale == "sequential" else "d")
    assert 0 <= int(low[1]) <= int(high[1]) <= 8
    if -1 < value < 1:
        assert int(low[1]) == min(math.floor((value + 1) / 2 * 9), 8)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (cell("a", 0.5, lo=0.4, hi=0.6), ("0.50", "0.40–0.60")),
        (cell("a", 0.5, lo=0.4, hi=0.6, note="± 0.10"), ("0.50", "± 0.10")),
        (cell("a", None, note="held"), ("", "held")),
        (cell("a", 0.0, lo=0.0, hi=0.05), ("≤ 0.050", "none seen")),
        (cell("a", 0.0, lo=0.0, hi=0.05, note="printed"), ("0.00", "printed")),
        (cell("a", 2.0), ("2.00", "no interval published")),
    ],
    ids=["interval", "note", "held", "bound", "printed nought", "bare"],
)
def test_a_cell_in_words(made: MatrixCell, expected: tuple[str, str]) -> None:
    assert made.shown(2) == expected


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        (Point(label="p", x=0.0, lo=0.0, hi=0.05, hollow=True), ("0.00", "0.00–0.05")),
        (Point(label="p", x=0.5, hollow=True), ("0.50", "no interval published")),
        (Point(label="p", x=0.5, hollow=True, bare="biased upward"), ("0.50", "biased upward")),
        (Point(label="p", x=0.5, lo=0.4, hi=0.6, hollow=True, bare="biased"), ("0.50", "0.40–0.60")),
        (Point(label="p", x=0.5, bare="not used"), ("0.50", "no interval published")),
        (Point(label="p", x=None), ("", "no interval published")),
    ],
)
def test_a_point_in_words(point: Point, expected: tuple[str, str]) -> None:
    assert point.shown(point.x, 2) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(None, 2, ""), (-0.004, 2, "0.00"), (-0.005001, 2, "−0.01"), (1234.5, 0, "1234"), (-1.0, 0, "−1"),
     (0.0, 3, "0.000"), (2.5, 0, "2"), (1e6, 1, "1000000.0")],
)  # fmt: skip
def test_figures_in_words(value: float | None, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "lo", "hi", "expected"),
    [(0.0, 0.0, 0.1, True), (0.0, 0.0, 0.0, False), (0.0, -0.1, 0.1, False), (0.1, 0.0, 0.2, False),
     (0.0, 0.0, None, False), (0.0, None, 0.1, False), (None, 0.0, 0.1, False)],
)  # fmt: skip
def test_only_a_share_of_nothing_with_an_upper_limit_is_a_bound(
    value: float | None, lo: float | None, hi: float | None, expected: bool
) -> None:
    assert is_bound(value, lo, hi) is expected


@given(st.floats(1e-4, 1.0), st.integers(0, 3))
def test_a_bound_is_never_printed_as_nought_where_three_decimals_hold_it(hi: float, decimals: int) -> None:
    words = bound(hi, decimals)
    assert words.startswith("≤ ")
    if 0.0005 < hi < 0.1:
        assert float(words.removeprefix("≤ ")) > 0


ends = st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)).map(sorted)


@given(ends)
def test_value_and_interval_are_printed_with_the_same_decimals(found: list[float]) -> None:
    lo, value, hi = found
    words, between = shown(value, lo, hi), shown_interval(value, lo, hi)
    if between in ("none seen", "") or words.startswith(("<", "≤")):
        return
    joint = " to " if " to " in between else "–"
    decimals = {len(part.partition(".")[2]) for part in (words, *between.split(joint))}
    assert len(decimals) == 1
    assert decimals <= {2, 3}


@given(st.floats(-1, 1), st.floats(0, 1))
def test_an_interval_with_a_negative_end_is_joined_by_a_word(lo: float, width: float) -> None:
    words = interval(lo, lo + width)
    assert (" to " in words) == number(lo).startswith("−")
    assert "-" not in words


def test_a_table_of_lines_has_a_group_a_series_and_one_for_each_second_figure() -> None:
    points = tuple(Point(label=str(x), x=float(x), y=0.5) for x in range(2))
    dotted = (Point(label="1", x=1.0, y=0.1),)
    series = (block("one", *points, dotted=dotted), block("two", *points), block("empty"))
    made = chart("lines", *series, dotted_name="degenerate turns", x=Axis(label="temperature"))
    assert [name for name, _ in made.table.groups] == ["one", "one: degenerate turns", "two"]
    assert made.table.groups[1][1] == (("1", "0.10", "no interval published"),)


@pytest.mark.parametrize(
    ("series", "heading"),
    [
        ((block("s", A),), ""),
        ((block("s", A, aside="beside"),), "s: beside"),
        ((block("s", A), block("t", B)), "s"),
        ((block("s", A, aside="beside"), block("t", B)), "s: beside"),
    ],
)
def test_a_heading_of_a_table_names_the_series_where_there_are_several(
    series: tuple[Series, ...], heading: str
) -> None:
    assert chart("forest", *series).table.groups[0][0] == heading


@pytest.mark.parametrize(
    ("x", "place"), [(0.0, "short"), (1.0, "long"), (2.0, "own"), (-1.0, "own"), (None, "own")]
)
def test_a_place_beyond_the_ticks_is_called_by_its_point(x: float | None, place: str) -> None:
    made = chart("lines", block("s", Point(label="own", x=x, y=0.5)), x=Axis(ticks=("short", "long")))
    assert made.table.groups[0][1][0][0] == place
    bare = chart("lines", block("s", Point(label="", x=0.5, y=0.5)))
    assert bare.table.groups[0][1][0][0] == "0.50"


def test_columns_of_a_table_are_those_that_its_points_need() -> None:
    scatter = chart("scatter", block("s", Point(label="a", x=0.5, y=0.2, n=3, note="x")),
                    x=Axis(label="accuracy, more is better →"), value_name="rate")  # fmt: skip
    assert scatter.table.head == ("model", "accuracy", "rate", "95 % interval", "n", "note")
    assert scatter.table.groups[0][1] == (("a", "0.50", "0.20", "no interval published", "3", "x"),)
    bars = chart("bars", block("s", Point(label="a", x=0.0), Point(label="b", x=0.25)))
    assert bars.table.head == ("model", "value")
    assert bars.table.groups[0][1] == (("a", "none seen"), ("b", "0.25"))


def test_an_n_of_nought_is_not_printed() -> None:
    made = chart("forest", block("s", Point(label="a", x=0.5, n=0), Point(label="b", x=0.5, n=3)))
    assert [row[-1] for row in made.table.groups[0][1]] == ["", "3"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.sampled_from([-0.5, 0.0, 0.5])), max_size=8))
def test_order_by_value_does_not_depend_on_the_order_of_the_points(
    found: list[tuple[str, float | None]],
) -> None:
    points = [Point(label=label, x=x) for label, x in found]
    ordered = by_value(points)
    assert ordered == by_value(points[::-1])
    known = [p.x for p in ordered if p.x is not None]
    assert known == sorted(known, reverse=True)
    assert all(p.x is None for p in ordered[len(known) :])


@pytest.mark.parametrize(
    ("values", "within", "expected"),
    [
        ([], None, (0.0, 1.0)),
        ([], (0.0, 5.0), (0.0, 5.0)),
        ([0.3], None, (0.2, 0.4)),
        ([0.31, 0.49], None, (0.3, 0.5)),
        ([-0.5, 1.5], (0.0, 1.0), (0.0, 1.0)),
        ([0.1 + 0.2], None, (0.2, 0.4)),
        ([0.0, 0.0], None, (-0.1, 0.1)),
    ],
    ids=["nothing", "nothing within", "on a tenth", "between", "clipped", "a tenth by rounding", "noughts"],
)
def test_worked_ranges(
    values: list[float], within: tuple[float, float] | None, expected: tuple[float, float]
) -> None:
    assert rounded_range(values, within) == pytest.approx(expected)
