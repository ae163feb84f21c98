"""The frame of interactive plots: sizes, rows, names that do not cover one another, lines and bands."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.figures import MAX_SERIES, Axis, ChartSpec, Kind, Point, Ref, Series
from interplay.leaderboard.plot_layout import (
    BOTTOM,
    CHARACTER,
    HEIGHT,
    LADDER_ROW,
    LEAST_LABEL,
    LINE,
    NARROWEST,
    ROW,
    SIZE,
    SMALL,
    TOP,
    bar_names,
    escape,
    layout,
    least_gap,
    places_of,
    rows_of,
    spans,
)


def chart(kind: Kind, *series: Series, **fields: object) -> ChartSpec:
    content = {"id": "plot", "kind": kind, "title": "T", "desc": "D", "series": series}
    return ChartSpec.model_validate(content | fields)


def block(name: str, *points: Point, **fields: object) -> Series:
    return Series.model_validate({"name": name, "points": points, **fields})


def made(spec: ChartSpec) -> dict[str, Any]:
    return layout(spec).to_plotly_json()


def notes(spec: ChartSpec) -> dict[str, dict[str, Any]]:
    return {note["text"]: note for note in made(spec).get("annotations", ())}


A, B, C = Point(label="a", x=0.2), Point(label="b", x=0.5), Point(label="none")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a & b", "a &amp; b"),
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("&lt;", "&amp;lt;"),
        ('"q"', '"q"'),
        ("", ""),
    ],
)
def test_what_plotly_would_read_is_escaped_once(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_one_block_has_rows_of_points_only_and_several_have_heads_and_gaps() -> None:
    assert rows_of(chart("forest", block("one", A, C, B))) == [(0, "a", A), (0, "b", B)]
    assert rows_of(chart("forest", block("one", A), block("two", B))) == [
        (None, "one", None), (0, "a", A), (None, "", None), (None, "two", None), (1, "b", B),
    ]  # fmt: skip


def test_a_block_with_a_line_of_its_own_has_a_head_even_alone() -> None:
    spec = chart("forest", block("one", A, refs=(Ref(value=0.3, label="silent"),)))
    assert rows_of(spec) == [(None, "one", None), (0, "a", A)]


def test_bars_have_a_row_a_name_in_the_order_of_first_occurrence() -> None:
    assert bar_names(chart("bars", block("p", B, A), block("q", A, C))) == ["b", "a", "none"]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (chart("forest", block("s", Point(label="a", x=0.31, lo=0.12, hi=0.48))), ((0.1, 0.5), (0.1, 0.5))),
        (chart("forest", block("s", A), x=Axis(refs=(Ref(value=-0.05, upto=0.65, label="r"),))),
         ((-0.1, 0.7), (0.0, 1.0))),
        (chart("forest", block("s", A), x=Axis(range=(0.0, 1.0))), ((0.0, 1.0), (0.0, 1.0))),
        (chart("lines", block("s", Point(label="a", x=0.0, y=0.25, lo=0.11, hi=0.39),
                              dotted=(Point(label="a", x=0.0, y=0.85),))), ((-0.1, 0.1), (0.1, 0.9))),
        (chart("scatter", block("s", Point(label="a", x=0.5, x_lo=0.21, x_hi=0.79, y=0.5, lo=0.41, hi=0.59))),
         ((0.2, 0.8), (0.4, 0.6))),
        (chart("scatter", block("s", Point(label="a", x=0.5, y=0.5)),
               y=Axis(refs=(Ref(value=0.1, upto=0.95, label="people"),))), ((0.4, 0.6), (0.1, 1.0))),
    ],
    ids=["forest", "band", "given", "dotted", "both intervals", "level band"],
)  # fmt: skip
def test_ranges_hold_all_that_is_drawn(
    spec: ChartSpec, expected: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    across, level = spans(spec)
    assert across == pytest.approx(expected[0])
    if spec.kind != "forest":
        assert level == pytest.approx(expected[1])


@pytest.mark.parametrize(
    ("spec", "height"),
    [
        (chart("forest", block("s", A, B)), TOP + BOTTOM + 2 * ROW),
        (chart("forest", block("s", A), block("t", B)), TOP + BOTTOM + 5 * ROW),
        (chart("ladder", block("s", A, B), block("t", A, B)), TOP + BOTTOM + 2 * LADDER_ROW),
        (chart("bars", block("s", A, B), block("t", A, B)), TOP + BOTTOM + 2 * ROW),
        (chart("scatter", block("s", Point(label="a", x=0.1, y=0.1))), HEIGHT),
    ],
    ids=["forest", "blocks", "ladder", "bars", "scatter"],
)
def test_the_height_follows_from_the_rows(spec: ChartSpec, height: float) -> None:
    assert made(spec)["height"] == height


def test_rows_stand_from_the_top_under_their_names_and_never_as_dates() -> None:
    spec = chart("forest", block("s", Point(label="2024-01-01", x=0.1), Point(label="<b>", x=0.2)))
    axis = made(spec)["yaxis"]
    assert axis["range"] == [1.5, -0.5]
    assert (axis["tickvals"], axis["ticktext"]) == ([0, 1], ["2024-01-01", "&lt;b&gt;"])
    assert (axis["type"], axis["tickmode"]) == ("linear", "array")


def test_an_aside_stands_on_a_line_below_the_name_of_its_row() -> None:
    spec = chart("ladder", block("first", A, B, aside="0.10 (0 to 1)"), block("second", A, B))
    assert made(spec)["yaxis"]["ticktext"] == ["first<br>0.10 (0 to 1)", "second"]


@pytest.mark.parametrize(("length", "left"), [(5, 5 * CHARACTER + 14), (80, 200)])
def test_the_left_margin_fits_the_longest_name_up_to_a_limit(length: int, left: float) -> None:
    assert made(chart("forest", block("s", Point(label="x" * length, x=0.1))))["margin"]["l"] == left


def test_heads_of_blocks_stand_at_the_left_edge_of_their_row() -> None:
    spec = chart("forest", block("one", A), block("two", B))
    found = notes(spec)
    left = made(spec)["margin"]["l"]
    assert [(found[name]["y"], found[name]["xshift"], found[name]["xref"]) for name in ("one", "two")] == [
        (0, -left, "paper"), (3, -left, "paper"),
    ]  # fmt: skip


def test_a_line_of_a_block_spans_its_rows_and_one_of_the_axis_all() -> None:
    own = (Ref(value=0.3, label="silent"),)
    spec = chart("forest", block("one", A, B), block("two", A, C, B, refs=own),
                 x=Axis(refs=(Ref(value=0.1, label="zero"),)))  # fmt: skip
    whole, part = made(spec)["shapes"]
    assert (whole["x0"], whole["x1"], whole["y0"], whole["y1"]) == (0.1, 0.1, -0.5, 6.5)
    assert (part["x0"], part["x1"], part["y0"], part["y1"]) == (0.3, 0.3, 4.5, 6.5)
    assert notes(spec)["silent"]["y"] == 4.5


def test_a_band_is_a_rectangle_below_the_marks_named_at_its_middle() -> None:
    spec = chart(
        "forest", block("s", A, B), x=Axis(range=(0.0, 1.0), refs=(Ref(value=0.4, upto=0.6, label="b"),))
    )
    (band,) = made(spec)["shapes"]
    assert (band["type"], band["layer"], band["x0"], band["x1"]) == ("rect", "below", 0.4, 0.6)
    assert (notes(spec)["b"]["x"], notes(spec)["b"]["xanchor"]) == (0.5, "center")


def test_a_line_without_a_name_has_no_note() -> None:
    spec = chart("forest", block("s", A, B), x=Axis(refs=(Ref(value=0.1, upto=0.2, label=""),)))
    assert len(made(spec)["shapes"]) == 1
    assert notes(spec) == {}


@pytest.mark.parametrize(
    ("value", "anchor"),
    [(0.0, "left"), (0.24, "left"), (0.25, "center"), (0.75, "center"), (0.76, "right"), (1.0, "right")],
)
def test_names_near_an_end_grow_inwards(value: float, anchor: str) -> None:
    spec = chart("forest", block("s", A, B), x=Axis(range=(0.0, 1.0), refs=(Ref(value=value, label="r"),)))
    assert notes(spec)["r"]["xanchor"] == anchor


values = st.lists(st.floats(0, 1), min_size=1, max_size=5, unique=True)


@given(values, st.integers(1, 30))
@settings(max_examples=40)
def test_names_of_lines_never_stand_on_one_another(found: list[float], length: int) -> None:
    refs = tuple(Ref(value=value, label=f"{i}".ljust(length, "x")) for i, value in enumerate(found))
    spec = chart("forest", block("s", A, B), x=Axis(range=(0.0, 1.0), refs=refs))
    boxes: list[tuple[float, float, float]] = []
    for text, note in notes(spec).items():
        size = len(text) * CHARACTER
        start = note["x"] * NARROWEST - {"left": 0, "center": size / 2, "right": size}[note["xanchor"]]
        boxes.append((start, start + size, note["yshift"]))
    for i, (start, end, level) in enumerate(boxes):
        for other_start, other_end, other_level in boxes[:i]:
            if start < other_end and other_start < end:
                assert abs(level - other_level) >= 13


def lines(*ends: float, x: Axis | None = None, y: Axis | None = None) -> ChartSpec:
    series = [block(f"m{i}", Point(label="0", x=0.0, y=0.5), Point(label="1", x=1.0, y=end))
              for i, end in enumerate(ends)]  # fmt: skip
    return chart("lines", *series, x=x or Axis(label="t"), y=y or Axis(label="↑ rate", range=(0.0, 1.0)))


levels = st.lists(st.floats(0, 1), min_size=1, max_size=MAX_SERIES)


@given(levels)
@settings(max_examples=40)
def test_names_at_the_ends_of_lines_stay_apart_and_above_the_axis(ends: list[float]) -> None:
    """A note stands at its value, moved by its shift; the range 0 to 1 fills the height less the margins."""
    found = notes(lines(*ends))
    scale = (HEIGHT - TOP - BOTTOM) / 1.03
    heights = sorted(found[f"m{i}"]["y"] * scale + found[f"m{i}"]["yshift"] for i in range(len(ends)))
    assert all(upper - lower >= LEAST_LABEL - 0.2 for lower, upper in pairwise(heights))
    assert heights[0] >= -0.1
    order = sorted(range(len(ends)), key=lambda i: (-ends[i], i))
    by_height = sorted(
        range(len(ends)), key=lambda i: -(found[f"m{i}"]["y"] * scale + found[f"m{i}"]["yshift"])
    )
    assert by_height == order


def test_names_of_lines_with_room_stay_at_their_ends() -> None:
    found = notes(lines(0.2, 0.8))
    assert [found[name]["yshift"] for name in ("m0", "m1")] == [0.0, 0.0]
    assert [found[name]["y"] for name in ("m0", "m1")] == [0.2, 0.8]


def test_a_range_that_does_not_start_at_zero_keeps_names_above_its_own_start() -> None:
    found = notes(lines(2.0, 2.0, y=Axis(label="↑ level", range=(2.0, 4.0))))
    assert [found[name]["yshift"] for name in ("m0", "m1")] == [LEAST_LABEL, 0.0]


def test_places_of_lines_are_their_ticks_or_what_occurs() -> None:
    assert places_of(lines(0.1)) == [0.0, 1.0]
    assert places_of(lines(0.1, x=Axis(ticks=("a", "b", "c")))) == [0.0, 1.0, 2.0]
    uneven = chart("lines", block("s", *(Point(label="p", x=x, y=0.1) for x in (1.5, 0.0, 0.3))))
    assert places_of(uneven) == [0.0, 0.3, 1.5]
    assert least_gap(uneven) == pytest.approx(0.3)
    alone = chart("lines", block("s", Point(label="p", x=2.0, y=0.1)))
    assert least_gap(alone) == 1.0
    assert made(alone)["xaxis"]["range"] == [1.7, 2.3]


def test_the_axis_of_lines_has_words_at_its_places() -> None:
    axis = made(lines(0.1, x=Axis(label="steps", ticks=("<a>", "b"))))["xaxis"]
    assert (axis["tickvals"], axis["ticktext"]) == ([0.0, 1.0], ["&lt;a&gt;", "b"])
    assert axis["range"] == pytest.approx([-0.3, 1.3])
    assert made(lines(0.1))["xaxis"]["ticktext"] == ["0", "1"]


def test_level_lines_and_bands_cross_the_whole_width_and_are_named_at_their_upper_edge() -> None:
    refs = (Ref(value=0.3, upto=0.5, label="people"), Ref(value=0.9, label="ceiling"))
    spec = lines(0.1, 0.6, y=Axis(label="↑ rate", range=(0.0, 1.0), refs=refs))
    band, line = made(spec)["shapes"]
    assert (band["x0"], band["x1"], band["y0"], band["y1"], band["xref"]) == (0, 1, 0.3, 0.5, "paper")
    assert (line["x0"], line["x1"], line["y0"], line["y1"]) == (0, 1, 0.9, 0.9)
    assert [notes(spec)[ref.label]["y"] for ref in refs] == [0.5, 0.9]


def test_the_label_of_a_level_axis_stands_above_it() -> None:
    note = notes(lines(0.1))["↑ rate"]
    assert (note["x"], note["y"], note["xref"], note["yref"]) == (0, 1, "paper", "paper")
    assert note["yshift"] > 0


def test_the_line_of_equal_values_spans_what_both_axes_share() -> None:
    spec = chart("scatter", block("s", Point(label="a", x=0.2, y=0.4)), diagonal="x = y",
                 x=Axis(range=(0.0, 0.8)), y=Axis(range=(0.2, 1.0)))  # fmt: skip
    (line,) = made(spec)["shapes"]
    assert (line["x0"], line["y0"], line["x1"], line["y1"]) == (0.2, 0.2, 0.8, 0.8)
    assert (notes(spec)["x = y"]["x"], notes(spec)["x = y"]["y"]) == (0.5, 0.5)


def key_of(*names: str) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    spec = chart("bars", *(block(name, Point(label="a", x=0.1), Point(label="b", x=0.2)) for name in names))
    return notes(spec), made(spec)


def test_parts_are_named_above_the_bars_in_their_colours_on_as_many_lines_as_they_need() -> None:
    one, few = key_of("p", "q")
    assert len({note["yshift"] for note in one.values()}) == 1
    many, tall = key_of(*(f"a long name of a part {i}" for i in range(6)))
    heights = [note["yshift"] for note in many.values()]
    assert heights == sorted(heights, reverse=True)
    lines_of = len(set(heights))
    assert lines_of > 1
    assert tall["height"] - few["height"] == LINE * (lines_of - 1)
    assert tall["margin"]["t"] - few["margin"]["t"] == LINE * (lines_of - 1)
    assert max(heights) < tall["margin"]["t"]
    assert len({note["font"]["color"] for note in many.values()}) == 6
    for (text, note), (_, after) in pairwise(many.items()):
        if note["yshift"] == after["yshift"]:
            assert after["xshift"] >= note["xshift"] + len(text) * CHARACTER * SMALL / SIZE


def test_the_longest_name_of_a_line_sets_the_right_margin_up_to_a_limit() -> None:
    assert made(lines(0.1))["margin"]["r"] == 2 * CHARACTER + 14
    long = chart("lines", block("x" * 90, Point(label="a", x=0.0, y=0.1), Point(label="b", x=1.0, y=0.2)))
    assert made(long)["margin"]["r"] == 200
