"""Scatters as a reader sees them: crosses by both scales, names beside them, bounds as arrows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.figures import Axis, ChartSpec, Point, Series

from .parsed import Seen, both, covering, outside

LONG = "developer/a-model-with-a-very-long-name-of-more-than-sixty-letters-20260101"
CROSSES = (
    Point(label="small", x=0.2, x_lo=0.1, x_hi=0.3, y=0.3, lo=0.2, hi=0.4, n=9),
    Point(label="large", x=0.8, x_lo=0.7, x_hi=0.9, y=0.6, lo=0.5, hi=0.7, n=9),
    Point(label="bare", x=0.5, y=0.9, hollow=True),
)


def scatter(*points: Point, diagonal: str = "", limits: tuple[float, float] | None = (0.0, 1.0)) -> ChartSpec:
    return ChartSpec(
        id="scatter", kind="scatter", title="T", desc="D", x=Axis(label="accuracy →", range=limits),
        y=Axis(label="↑ rate", range=limits), diagonal=diagonal,
        series=(Series(name="family", points=points),),
    )  # fmt: skip


@pytest.fixture(scope="module", params=["wide", "narrow"])
def drawn(request: pytest.FixtureRequest) -> Seen:
    return both(scatter(*CROSSES))[request.param == "narrow"]


def test_marks_stand_at_both_values_by_the_printed_ticks(drawn: Seen) -> None:
    assert [drawn.across(mark.x) for mark in drawn.marks] == pytest.approx([0.2, 0.8, 0.5], abs=1e-3)
    assert [drawn.up(mark.y) for mark in drawn.marks] == pytest.approx([0.3, 0.6, 0.9], abs=1e-3)
    assert [mark.is_hollow for mark in drawn.marks] == [False, False, True]


def test_whiskers_cross_at_their_mark(drawn: Seen) -> None:
    found = [line for line in drawn.of("s-ink-2") if len(line.points) == 2]
    level = [line for line in found if line.points[0][1] == line.points[1][1]]
    upright = [line for line in found if line.points[0][0] == line.points[1][0]]
    assert (len(level), len(upright)) == (2, 2)
    for mark, across, up, point in zip(drawn.marks, level, upright, CROSSES, strict=False):
        assert across.points[0][1] == mark.y
        assert up.points[0][0] == mark.x
        assert [drawn.across(x) for x, _ in across.points] == pytest.approx(
            [point.x_lo, point.x_hi], abs=1e-3
        )
        assert [drawn.up(y) for _, y in up.points] == pytest.approx([point.lo, point.hi], abs=1e-3)


def test_each_point_is_named_beside_its_mark(drawn: Seen) -> None:
    for point, mark in zip(CROSSES, drawn.marks, strict=True):
        word = drawn.word(point.label)
        assert min(abs(word.left - mark.x), abs(word.right - mark.x)) == pytest.approx(7, abs=0.1)
        assert abs(word.y - mark.y) <= 14
    assert covering(drawn.words) == []
    assert outside(drawn) == []


def test_a_name_without_room_at_the_right_stands_at_the_left() -> None:
    drawn, _ = both(scatter(Point(label="at the end", x=1.0, y=0.5), Point(label="start", x=0.0, y=0.1)))
    assert (drawn.word("at the end").anchor, drawn.word("start").anchor) == ("end", "start")


@pytest.mark.parametrize("x", [0.0, 0.4, 0.6, 1.0])
def test_a_long_name_is_cut_to_the_room_beside_its_point(x: float) -> None:
    wide, narrow = both(scatter(Point(label=LONG, x=x, y=0.5), Point(label="b", x=0.5, y=0.1)))
    for drawn, has_room in ((wide, x in (0.0, 1.0)), (narrow, False)):
        (word,) = [word.text for word in drawn.words if word.text.startswith("developer/")]
        start, _, end = word.partition("…")
        assert (word == LONG) == has_room
        assert LONG.startswith(start)
        assert LONG.endswith(end)
        assert outside(drawn) == []


def test_a_long_name_keeps_its_bound_whole() -> None:
    for drawn in both(scatter(Point(label=LONG, x=0.5, y=0.0, lo=0.0, hi=0.06), CROSSES[1])):
        (word,) = [word for word in drawn.words if "…" in word.text]
        assert word.text.endswith(" ≤ 0.060")
        assert outside(drawn) == []


def test_a_share_of_nothing_is_an_open_arrow_under_its_limit() -> None:
    drawn, _ = both(scatter(Point(label="none", x=0.5, y=0.0, lo=0.0, hi=0.2), CROSSES[1]))
    limit, arrow, other = drawn.marks
    assert (drawn.up(limit.y), drawn.up(arrow.y)) == pytest.approx((0.2, 0.0), abs=1e-3)
    assert limit.x == arrow.x
    assert arrow.is_hollow
    assert arrow.outline not in (limit.outline, other.outline)
    assert "none ≤ 0.20" in drawn.texts()


def test_points_at_one_place_have_names_that_can_all_be_read() -> None:
    crowd = [Point(label=f"model-{i}", x=0.5, y=0.5) for i in range(6)]
    for drawn in both(scatter(*crowd)):
        names = [word for word in drawn.words if word.text.startswith("model-")]
        assert len(names) == 6
        assert covering(names) == []
        assert outside(drawn) == []


def test_a_crowd_in_a_corner_stays_in_the_picture() -> None:
    for place in (0.0, 1.0):
        crowd = [Point(label=f"model-{i}", x=place, y=place) for i in range(5)]
        for drawn in both(scatter(*crowd)):
            names = [word for word in drawn.words if word.text.startswith("model-")]
            assert covering(names) == []
            assert outside(drawn) == []


places = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=9)


@given(places)
@settings(max_examples=8)
def test_wherever_points_stand_their_names_are_inside_and_apart(found: list[tuple[float, float]]) -> None:
    from interplay.leaderboard.charts.drawing import draw
    from interplay.leaderboard.svg import clean

    from .parsed import seen

    spec = scatter(*(Point(label=f"m{i}", x=x, y=y) for i, (x, y) in enumerate(found)))
    drawn = seen(clean(draw(spec, 560.0), spec, "p"))
    names = [word for word in drawn.words if word.text.startswith("m")]
    assert len(names) == len(found)
    assert covering(names) == []
    assert outside(drawn) == []


def test_the_line_of_equal_values_joins_equal_values_and_is_named() -> None:
    for drawn in both(scatter(*CROSSES, diagonal="test = twin")):
        (line,) = drawn.of("s-rule")
        for x, y in line.points:
            assert drawn.across(x) == pytest.approx(drawn.up(y), abs=1e-3)
        low, high = (drawn.across(x) for x, _ in line.points)
        assert (low, high) == pytest.approx((0.0, 1.0), abs=0.03)
        word = drawn.word("test = twin")
        assert drawn.across(word.left) == pytest.approx(0.5, abs=0.05)
        assert outside(drawn) == []


def test_there_is_no_line_of_equal_values_without_its_name() -> None:
    drawn, _ = both(scatter(*CROSSES))
    assert drawn.of("s-rule") == []


def test_a_second_series_has_a_mark_and_colour_of_its_own() -> None:
    spec = scatter(*CROSSES[:2])
    grid = Series(name="of the grid", points=(Point(label="base", x=0.1, y=0.1, hollow=True),))
    drawn, _ = both(spec.model_copy(update={"series": (*spec.series, grid)}))
    assert [mark.series for mark in drawn.marks] == ["s1", "s1", "s2"]
    assert drawn.marks[2].outline != drawn.marks[0].outline
    assert drawn.marks[2].is_hollow


def test_ranges_that_are_not_given_hold_values_and_intervals_of_both_axes() -> None:
    points = (
        Point(label="a", x=0.31, x_lo=0.22, x_hi=0.4, y=0.55, lo=0.45, hi=0.67),
        Point(label="b", x=0.35, y=-0.08),
    )
    for drawn in both(scatter(*points, limits=None)):
        edges = [line for line in drawn.of("s-edge") if not line.dashes]
        level = next(line for line in edges if len({y for _, y in line.points}) == 1)
        upright = next(line for line in edges if len({x for x, _ in line.points}) == 1)
        assert sorted(drawn.across(x) for x, _ in level.points) == pytest.approx([0.2, 0.4], abs=1e-3)
        assert sorted(drawn.up(y) for _, y in upright.points) == pytest.approx([-0.1, 0.7], abs=1e-3)
        assert outside(drawn) == []
