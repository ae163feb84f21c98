"""Stacked bars as a reader sees them: parts that add up, in their order, under a key that can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.leaderboard.charts.bars import KEY, key_places
from interplay.leaderboard.charts.canvas import CAPTION, CHARACTER
from interplay.leaderboard.figures import Axis, ChartSpec, Point, Series

from .parsed import Line, Seen, both, covering, outside

PARTS = {"genuine": (0.5, 0.2), "generic follow-up": (0.3, 0.0), "closer": (0.2, 0.8)}
MODELS = ("oak/one", "oak/two")


def bars(parts: dict[str, tuple[float, ...]], names: tuple[str, ...] = MODELS) -> ChartSpec:
    series = tuple(
        Series(name=part, points=tuple(Point(label=n, x=v) for n, v in zip(names, own, strict=True)))
        for part, own in parts.items()
    )
    axis = Axis(label="share of all turns", range=(0.0, 1.0))
    return ChartSpec(id="bars", kind="bars", title="T", desc="D", x=axis, series=series)


@pytest.fixture(scope="module", params=["wide", "narrow"])
def drawn(request: pytest.FixtureRequest) -> Seen:
    return both(bars(PARTS))[request.param == "narrow"]


def extent(drawn: Seen, area: Line) -> tuple[float, float]:
    """From which value to which a bar runs."""
    xs = [x for x, _ in area.points]
    return drawn.across(min(xs)), drawn.across(max(xs))


def areas(drawn: Seen, colour: str) -> list[Line]:
    """Bars of one colour from the top down."""
    found = [area for area in drawn.areas if f"f-{colour}" in area.colour]
    return sorted(found, key=lambda area: min(y for _, y in area.points))


def test_each_part_starts_where_the_one_before_ends(drawn: Seen) -> None:
    ends = [0.0] * len(MODELS)
    for i, own in enumerate(PARTS.values()):
        for row, (area, value) in enumerate(zip(areas(drawn, f"s{i + 1}"), own, strict=True)):
            start, end = extent(drawn, area)
            assert start == pytest.approx(ends[row], abs=1e-3)
            assert end - start == pytest.approx(value, abs=2e-3)
            ends[row] = end
    assert ends == pytest.approx([1.0, 1.0], abs=1e-3)


def test_bars_of_a_row_have_one_height_and_rows_do_not_touch(drawn: Seen) -> None:
    spans: list[tuple[float, float]] = []
    for row in range(len(MODELS)):
        own = [areas(drawn, f"s{i + 1}")[row] for i in range(len(PARTS))]
        (span,) = {(min(y for _, y in a.points), max(y for _, y in a.points)) for a in own}
        spans.append(span)
        name = drawn.word(MODELS[row])
        assert span[0] < name.y < span[1]
    assert spans[0][1] < spans[1][0]


def test_a_gap_of_paper_parts_the_bars(drawn: Seen) -> None:
    assert all("s-paper" in area.colour for area in drawn.areas)


def test_the_key_names_each_part_in_its_colour_in_the_order_of_the_bars(drawn: Seen) -> None:
    squares = [word for word in drawn.words if word.text == "■"]
    names = [drawn.word(part) for part in PARTS]
    assert [word.colour for word in squares] == ["f-s1", "f-s2", "f-s3"]
    for square, name in zip(squares, names, strict=True):
        assert name.y == square.y
        assert name.left - square.left == pytest.approx(KEY, abs=0.02)
    assert [(word.y, word.x) for word in names] == sorted((word.y, word.x) for word in names)
    assert max(word.y for word in names) < min(y for area in drawn.areas for _, y in area.points)


def test_nothing_is_cut_off(drawn: Seen) -> None:
    assert outside(drawn) == []
    assert covering([word for word in drawn.words if word.text != "■"]) == []


def test_a_part_that_was_not_seen_has_no_width(drawn: Seen) -> None:
    none = areas(drawn, "s2")[1]
    start, end = extent(drawn, none)
    assert end - start == pytest.approx(0.0, abs=1e-3)


def test_a_missing_part_counts_as_nothing_and_moves_no_other() -> None:
    spec = bars(PARTS)
    points = (spec.series[1].points[0].model_copy(update={"x": None}), spec.series[1].points[1])
    series = (spec.series[0], spec.series[1].model_copy(update={"points": points}), spec.series[2])
    drawn, _ = both(spec.model_copy(update={"series": series}))
    start, end = extent(drawn, areas(drawn, "s3")[0])
    assert (start, end) == pytest.approx((0.5, 0.7), abs=2e-3)


def test_a_model_that_has_not_every_part_keeps_its_row() -> None:
    """Rows follow the names, not the place in a series."""
    spec = bars(PARTS)
    only_second = spec.series[1].model_copy(update={"points": spec.series[1].points[1:]})
    drawn, _ = both(spec.model_copy(update={"series": (spec.series[0], only_second, spec.series[2])}))
    (area,) = areas(drawn, "s2")
    assert min(y for _, y in area.points) > drawn.word(MODELS[0]).y
    assert extent(drawn, areas(drawn, "s3")[0])[0] == pytest.approx(0.5, abs=1e-3)


def test_long_names_are_cut_before_the_bars() -> None:
    names = ("developer/a-model-of-a-very-long-name-and-more-20260101", "short")
    for drawn in both(bars(PARTS, names)):
        (name,) = [word for word in drawn.words if "…" in word.text]
        assert name.right <= min(x for area in drawn.areas for x, _ in area.points)
        assert outside(drawn) == []


def test_a_key_of_many_parts_takes_lines_and_the_picture_grows_by_them() -> None:
    names = [f"a part of the whole {i}" for i in range(6)]
    many = dict.fromkeys(names, (1 / 6, 1 / 6))
    few_wide, few_narrow = both(bars(dict(list(many.items())[:1])))
    for few, drawn in zip((few_wide, few_narrow), both(bars(many)), strict=True):
        lines = len({drawn.word(name).y for name in names})
        assert lines > 1
        assert drawn.height - few.height == pytest.approx(KEY * (lines - 1), abs=0.1)
        assert outside(drawn) == []
        assert covering([drawn.word(name) for name in names]) == []


@given(st.lists(st.text("abc -", min_size=1, max_size=30), min_size=1, max_size=6), st.floats(250, 600))
def test_names_of_a_key_stay_in_their_order_apart_and_inside(names: list[str], width: float) -> None:
    places = key_places(names, width)
    assert len(places) == len(names)
    lengths = [KEY + len(name) * CHARACTER * CAPTION / 9 for name in names]
    for (here, line), length in zip(places, lengths, strict=True):
        assert here + length <= width or here == 0
        assert line >= 0
    order = [(line, here) for here, line in places]
    assert order == sorted(order)
    for ((here, line), length), (after, next_line) in zip(
        zip(places, lengths, strict=True), places[1:], strict=False
    ):
        assert next_line in (line, line + 1)
        if next_line == line:
            assert after >= here + length


def test_a_line_of_a_key_is_full_before_the_next_begins() -> None:
    length = KEY + 5 * CHARACTER * CAPTION / 9
    assert key_places(["apple"] * 3, 2 * length + 12.0) == [(0.0, 0), (length + 12.0, 0), (0.0, 1)]
    assert [line for _, line in key_places(["apple"] * 3, 2 * length + 11.9)] == [0, 1, 2]
