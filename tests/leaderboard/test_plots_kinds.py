"""Interactive plots kind by kind: marks at their values, whiskers, names of dots, words on hovering."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.figures import MAX_SERIES, Axis, ChartSpec, Kind, Matrix, MatrixCell, Point, Series
from interplay.leaderboard.plots import SYMBOLS, chart_file, chart_files, dot_names, plot_bytes


def chart(kind: Kind, *series: Series, **fields: object) -> ChartSpec:
    content = {"id": "plot", "kind": kind, "title": "T", "desc": "D", "series": series, "value_name": "rate"}
    return ChartSpec.model_validate(content | fields)


def block(name: str, *points: Point, **fields: object) -> Series:
    return Series.model_validate({"name": name, "points": points, **fields})


def traces(spec: ChartSpec) -> list[dict[str, Any]]:
    return json.loads(plot_bytes(spec))["data"]


A = Point(label="a", x=0.2, lo=0.1, hi=0.4, n=9)
B = Point(label="b", x=0.5, hollow=True, note="printed")


def test_points_without_a_value_have_no_mark_in_any_kind() -> None:
    none = Point(label="none")
    (forest,) = traces(chart("forest", block("s", A, none, B)))
    assert (forest["x"], forest["y"]) == ([0.2, 0.5], [0.0, 1.0])
    points = (Point(label="0", x=0.0, y=0.1), Point(label="1", x=1.0), Point(label="2", x=2.0, y=0.3))
    (lines,) = traces(chart("lines", block("s", *points)))
    assert (lines["x"], lines["y"]) == ([0.0, 2.0], [0.1, 0.3])
    (scatter,) = traces(chart("scatter", block("s", *points, Point(label="3", y=0.4))))
    assert (scatter["x"], scatter["y"]) == ([0.0, 2.0], [0.1, 0.3])
    bar, empty, dots = traces(chart("ladder", block("s", none, A)))
    assert (bar["x"], empty["x"], dots["x"]) == ([0.2, 0.2], [], [0.2])
    assert dots["y"] == [0.0]


def test_whiskers_reach_from_the_value_to_both_ends_and_are_none_without_an_interval() -> None:
    (trace,) = traces(chart("forest", block("s", A, B)))
    assert trace["error_x"]["array"] == [0.2, 0.0]
    assert trace["error_x"]["arrayminus"] == [0.1, 0.0]
    assert trace["error_x"]["symmetric"] is False


def test_a_whisker_never_turns_back_where_rounding_put_the_value_outside() -> None:
    odd = Point(label="a", x=0.2, lo=0.2000001, hi=0.1999999)
    (trace,) = traces(chart("forest", block("s", odd, B)))
    assert trace["error_x"]["array"][0] == trace["error_x"]["arrayminus"][0] == 0.0


def test_series_of_lines_stand_beside_one_another_by_a_twentieth_of_a_step() -> None:
    points = tuple(Point(label=str(x), x=0.5 * x, y=0.1) for x in range(3))
    found = traces(chart("lines", *(block(f"m{i}", *points) for i in range(3))))
    assert [trace["x"] for trace in found] == [[-0.025, 0.475, 0.975], [0.0, 0.5, 1.0], [0.025, 0.525, 1.025]]
    assert [trace["mode"] for trace in found] == ["lines+markers"] * 3


def test_a_second_figure_is_a_dotted_line_under_its_own_name() -> None:
    points = tuple(Point(label=str(x), x=float(x), y=0.5) for x in range(2))
    dotted = (Point(label="1", x=1.0, y=0.1, n=7),)
    line, second = traces(chart("lines", block("m", *points, dotted=dotted), dotted_name="degenerate turns"))
    assert (second["x"], second["y"], second["line"]["dash"]) == ([1.0], [0.1], "dot")
    assert second["line"]["color"] == line["line"]["color"] == "--s1"
    assert second["hovertext"] == ["m, degenerate turns<br>x: 1<br>rate: 0.10 (no interval published)<br>n 7"]


def test_a_scatter_has_intervals_on_both_axes() -> None:
    cross = Point(label="a", x=0.5, x_lo=0.4, x_hi=0.7, y=0.2, lo=0.1, hi=0.4)
    (trace,) = traces(chart("scatter", block("s", cross, Point(label="b", x=0.1, y=0.1))))
    assert (trace["error_x"]["array"], trace["error_x"]["arrayminus"]) == ([0.2, 0.0], [0.1, 0.0])
    assert (trace["error_y"]["array"], trace["error_y"]["arrayminus"]) == ([0.2, 0.0], [0.1, 0.0])
    assert "error_x" not in traces(chart("scatter", block("s", Point(label="b", x=0.1, y=0.1))))[0]


def test_names_of_a_scatter_grow_towards_the_middle() -> None:
    points = (Point(label="left", x=0.1, y=0.1), Point(label="right", x=0.9, y=0.1))
    (trace,) = traces(chart("scatter", block("s", *points), x=Axis(range=(0.0, 1.0))))
    assert trace["textposition"] == ["top right", "top left"]


def test_bars_are_stacked_in_the_rows_of_their_names() -> None:
    first, second = traces(chart("bars", block("p", A, B), block("q", B)))
    assert (first["x"], first["y"]) == ([0.2, 0.5], [0, 1])
    assert (second["x"], second["y"]) == ([0.5], [1])
    assert (first["orientation"], first["marker"]["color"], second["marker"]["color"]) == (
        "h",
        "--s1",
        "--s2",
    )


def test_a_part_of_a_whole_is_named_by_row_and_part() -> None:
    (trace,) = traces(chart("bars", block("closer", Point(label="oak/one", x=0.25, n=9))))
    assert trace["hovertext"][0].startswith("oak/one, closer<br>rate: 0.25")


@pytest.mark.parametrize(("x", "words"), [(-0.25, "−0.25"), (-0.001, "0.00"), (0.5, "0.50"), (0.0, "0.00")])
def test_both_values_of_a_scatter_are_printed_with_a_true_minus(x: float, words: str) -> None:
    points = (Point(label="a", x=x, y=-0.5, lo=-0.6, hi=-0.4), Point(label="b", x=0.1, y=0.1))
    spec = chart("scatter", block("s", *points), x=Axis(label="accuracy →"))
    (trace,) = traces(spec)
    assert trace["hovertext"][0] == f"a<br>accuracy: {words}<br>rate: −0.50 (−0.60 to −0.40)"


def test_what_is_said_of_a_point_of_lines_names_its_place() -> None:
    points = (Point(label="0-10", x=0.0, y=0.5, lo=0.4, hi=0.6, n=9, note="still there"),
              Point(label="11+", x=1.0, y=0.6, lo=0.5, hi=0.7))  # fmt: skip
    with_ticks = chart("lines", block("m", *points), x=Axis(label="steps", ticks=("0–10", "11+")))
    assert traces(with_ticks)[0]["hovertext"][0] == (
        "m<br>steps: 0–10<br>rate: 0.50 (0.40–0.60)<br>n 9<br>still there"
    )
    assert "<br>x: 0-10<br>" in traces(chart("lines", block("m", *points)))[0]["hovertext"][0]


def test_a_single_block_is_not_named_beside_its_points() -> None:
    (alone,) = traces(chart("forest", block("runs", A, B)))
    assert alone["hovertext"][0].startswith("a<br>")
    first, _ = traces(chart("forest", block("runs", A), block("printed", B)))
    assert first["hovertext"][0].startswith("a, runs<br>")


def test_symbols_follow_the_series_and_are_open_where_a_point_is_hollow() -> None:
    points = (Point(label="a", x=0.1), Point(label="b", x=0.2, hollow=True))
    found = traces(chart("forest", *(block(f"s{i}", *points) for i in range(MAX_SERIES))))
    assert [trace["marker"]["symbol"][0] for trace in found] == list(SYMBOLS)
    for trace, symbol in zip(found, SYMBOLS, strict=True):
        assert trace["marker"]["symbol"][1] == f"{symbol.removesuffix('-open')}-open"


def test_an_unseen_share_is_an_open_arrow_in_scatters_and_lines_only() -> None:
    none = Point(label="a", x=0.0, y=0.0, lo=0.0, hi=0.1)
    other = Point(label="b", x=1.0, y=0.4)
    (scatter,) = traces(chart("scatter", block("s", none, other)))
    assert scatter["marker"]["symbol"] == ["triangle-down-open", "circle"]
    assert scatter["text"] == ["a ≤ 0.10", "b"]
    (forest,) = traces(chart("forest", block("s", none, other)))
    assert forest["marker"]["symbol"] == ["circle", "circle"]


def ladder() -> ChartSpec:
    rows = [block(f"m{i}", Point(label="C7", x=0.4 + 0.1 * i, lo=0.3, hi=0.7), Point(label="C3", x=0.9),
                  aside="0.50") for i in range(2)]  # fmt: skip
    return chart("ladder", *rows, x=Axis(label="success →", range=(0.0, 1.0)))


def test_a_ladder_joins_the_dots_of_a_row_and_has_one_trace_a_condition() -> None:
    *bars, pair, solo = traces(ladder())
    assert [(bar["x"], bar["y"], bar["mode"]) for bar in bars] == [
        ([0.4, 0.9], [0, 0], "lines"), ([0.5, 0.9], [1, 1], "lines"),
    ]  # fmt: skip
    assert all(bar["hoverinfo"] == "skip" for bar in bars)
    assert (pair["x"], pair["y"]) == ([0.4, 0.5], [0.0, 1.0])
    assert (solo["x"], solo["y"]) == ([0.9, 0.9], [0.0, 1.0])
    assert pair["hovertext"][1] == "m1, C7<br>rate: 0.50 (0.30–0.70)<br>0.50"
    assert (pair["text"], solo["text"]) == (["C7", "C7"], ["C3", "C3"])


def test_the_end_of_a_bar_is_the_highest_value_whatever_comes_first() -> None:
    bar, *_ = traces(chart("ladder", block("m", *(Point(label=str(x), x=x) for x in (0.5, 0.9, 0.1)))))
    assert bar["x"] == [0.1, 0.9]


@pytest.mark.parametrize(
    ("xs", "named"),
    [
        ([0.1, 0.9], [("a", "top center"), ("b", "top center")]),
        ([0.5, 0.5], [("a·b", "top center"), ("", "top center")]),
        ([0.5, 0.52], [("a", "top center"), ("b", "bottom center")]),
        ([0.5, 0.52, 0.54], [("a", "top center"), ("b", "bottom center"), ("c", "top center")]),
    ],
    ids=["apart", "at one place", "close", "three close ones"],
)
def test_dots_that_are_close_are_named_on_both_sides(xs: list[float], named: list[tuple[str, str]]) -> None:
    points = [Point(label=name, x=x) for name, x in zip("abc", xs, strict=False)]
    assert [tuple(name) for name in dot_names(points, (0.0, 1.0))] == named


@given(st.lists(st.floats(0, 1), max_size=7).map(sorted))
@settings(max_examples=40)
def test_every_dot_is_named_once(xs: list[float]) -> None:
    points = [Point(label=f"p{i}", x=x) for i, x in enumerate(xs)]
    names = dot_names(points, (0.0, 1.0))
    assert len(names) == len(points)
    told = [part for name in names for part in name.text.split("·") if part]
    assert sorted(told) == sorted(p.label for p in points)
    assert {name.place for name in names} <= {"top center", "bottom center"}


def test_names_of_dots_are_escaped() -> None:
    assert dot_names([Point(label="<b>", x=0.1)], (0.0, 1.0))[0].text == "&lt;b&gt;"


def test_a_plot_holds_no_number_that_json_has_not_and_no_negative_zero() -> None:
    spec = chart("forest", block("s", Point(label="a", x=-0.0000001, lo=-0.1, hi=0.1), B))
    text = plot_bytes(spec).decode()
    assert "-0.0," not in text
    assert "-0.0]" not in text
    assert "NaN" not in text
    assert text.endswith("}\n")
    assert json.loads(text)["data"][0]["x"][0] == 0.0


def test_numbers_have_six_decimals() -> None:
    spec = chart("forest", block("s", Point(label="a", x=1 / 3), B))
    assert traces(spec)[0]["x"][0] == 0.333333


def matrix(name: str) -> ChartSpec:
    table = Matrix(row_head="r", column_head="c", rows=("a",), columns=("b",),
                   cells=(MatrixCell(row="a", column="b", value=0.5),))  # fmt: skip
    return ChartSpec(id=name, kind="heat", title="T", desc="D", matrix=table)


def test_files_are_one_a_chart_in_the_order_of_the_pages() -> None:
    drawn, single = chart("forest", block("s", A, B)), chart("forest", block("s", A), id="single")
    found = chart_files([matrix("heat"), drawn, single, drawn, matrix("heat")])
    assert [path for path, _ in found] == ["data/charts/heat.svg", "data/charts/plot.json"]
    assert chart_file(drawn) == "data/charts/plot.json"
    assert found[1][1] == plot_bytes(drawn)


def test_a_table_is_no_plot() -> None:
    with pytest.raises(KeyError, match="heat"):
        plot_bytes(matrix("heat"))
