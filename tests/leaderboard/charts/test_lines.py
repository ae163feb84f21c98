"""Lines as a reader sees them: places by the ticks, names at the ends, second figures, texts below."""

import pytest

from interplay.leaderboard.figures import MAX_SERIES, Axis, ChartSpec, Point, Ref, Series

from .parsed import ROUNDING, Seen, both, covering, outside

ONE = Series(
    name="one",
    points=(
        Point(label="0", x=0.0, y=0.2, lo=0.1, hi=0.3),
        Point(label="1", x=1.0, y=0.6, lo=0.5, hi=0.7),
        Point(label="2", x=2.0, y=0.4),
    ),
)
TWO = Series(name="two", points=tuple(Point(label=str(x), x=float(x), y=0.8 - 0.1 * x) for x in range(3)))


def lines(*series: Series, x: Axis | None = None, y: Axis | None = None, **fields: object) -> ChartSpec:
    content: dict[str, object] = {
        "id": "lines", "kind": "lines", "title": "T", "desc": "D", "x": x or Axis(label="temperature"),
        "y": y or Axis(label="↑ rate", range=(0.0, 1.0)), "series": series,
    }  # fmt: skip
    return ChartSpec.model_validate(content | fields)


def flat(count: int, level: float) -> ChartSpec:
    """Models that all end at one level."""
    return lines(*(
        Series(name=f"model-{i}", points=(Point(label="0", x=0.0, y=level), Point(label="1", x=1.0, y=level)))
        for i in range(count)
    ))  # fmt: skip


@pytest.fixture(scope="module", params=["wide", "narrow"])
def drawn(request: pytest.FixtureRequest) -> Seen:
    return both(lines(ONE, TWO))[request.param == "narrow"]


def test_marks_stand_at_their_height_by_the_printed_ticks(drawn: Seen) -> None:
    own = [mark for mark in drawn.marks if mark.series == "s1"]
    assert [drawn.up(mark.y) for mark in own] == pytest.approx([0.2, 0.6, 0.4], abs=1e-3)
    other = [mark for mark in drawn.marks if mark.series == "s2"]
    assert [drawn.up(mark.y) for mark in other] == pytest.approx([0.8, 0.7, 0.6], abs=1e-3)


def test_series_stand_beside_one_another_at_a_place_and_around_it(drawn: Seen) -> None:
    """Two series are shifted by ± 1/40 of a step, so that whiskers of equal places never coincide."""
    first, second = ([m for m in drawn.marks if m.series == name] for name in ("s1", "s2"))
    for place, (one, other) in enumerate(zip(first, second, strict=True)):
        assert drawn.across(one.x) == pytest.approx(place - 0.025, abs=1e-3)
        assert drawn.across(other.x) == pytest.approx(place + 0.025, abs=1e-3)


def test_the_range_fills_the_height_of_the_picture(drawn: Seen) -> None:
    axis = next(line for line in drawn.of("s-edge") if len({x for x, _ in line.points}) == 1)
    top, bottom = sorted(y for _, y in axis.points)
    assert [drawn.up(y) for y in (bottom, top)] == pytest.approx([0.0, 1.0], abs=1e-3)
    assert bottom - top > 0.65 * drawn.height


def test_a_line_runs_through_its_marks(drawn: Seen) -> None:
    for colour in ("s1", "s2"):
        (line,) = [line for line in drawn.of(f"s-{colour}") if len(line.points) == 3]
        assert line.points == tuple((m.x, m.y) for m in drawn.marks if m.series == colour)


def test_a_whisker_stands_upright_through_its_mark_and_only_where_there_is_an_interval(drawn: Seen) -> None:
    whiskers = [line for line in drawn.of("s-s1") if len(line.points) == 2]
    assert len(whiskers) == 2
    for line, ends in zip(whiskers, ((0.1, 0.3), (0.5, 0.7)), strict=True):
        (x0, low), (x1, high) = line.points
        assert x0 == x1
        assert (drawn.up(low), drawn.up(high)) == pytest.approx(ends, abs=1e-3)
    assert all(len(line.points) == 3 for line in drawn.of("s-s2"))


def test_each_line_is_named_in_its_colour_at_the_height_of_its_end(drawn: Seen) -> None:
    for name, colour, end in (("one", "f-s1", 0.4), ("two", "f-s2", 0.6)):
        word = drawn.word(name)
        assert word.colour == colour
        assert drawn.up(word.y - 3.42) == pytest.approx(end, abs=0.002)
        assert word.left > max(mark.x for mark in drawn.marks)


def test_the_axes_are_named_and_nothing_is_cut_off(drawn: Seen) -> None:
    assert drawn.word("↑ rate").x == 0
    assert drawn.word("temperature").anchor == "end"
    assert outside(drawn) == []
    assert covering(drawn.words) == []


@pytest.mark.parametrize("level", [0.0, 0.02, 0.5, 0.98, 1.0])
@pytest.mark.parametrize("count", [2, MAX_SERIES])
def test_names_of_lines_that_end_at_one_level_all_stand_inside(count: int, level: float) -> None:
    for drawn in both(flat(count, level)):
        names = [word for word in drawn.words if word.text.startswith("model-")]
        assert [word.text for word in sorted(names, key=lambda word: word.y)] == [
            f"model-{i}" for i in range(count)
        ]
        assert covering(names) == []
        assert outside(drawn) == []


def test_names_never_fall_to_the_words_of_the_lower_axis() -> None:
    for drawn in both(flat(MAX_SERIES, 0.0)):
        lowest = max(word.y for word in drawn.words if word.text.startswith("model-"))
        assert lowest < drawn.word("temperature").y - 8


def test_ordered_places_have_their_words_and_an_even_distance() -> None:
    axis = Axis(label="steps", ticks=("up to 10", "11–13", "20+"))
    drawn, _ = both(lines(ONE, x=axis))
    places = [drawn.word(tick).x for tick in axis.ticks]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1], abs=2 * ROUNDING)
    assert [mark.x for mark in drawn.marks] == pytest.approx(places, abs=2 * ROUNDING)


def test_a_place_without_a_value_keeps_its_word() -> None:
    axis = Axis(label="steps", ticks=("a", "b", "c"))
    points = (ONE.points[0], Point(label="b", x=1.0, y=None), ONE.points[2])
    drawn, _ = both(lines(ONE.model_copy(update={"points": points}), x=axis))
    assert drawn.word("b").x == pytest.approx((drawn.word("a").x + drawn.word("c").x) / 2, abs=0.02)
    assert len(drawn.marks) == 2


def test_uneven_places_stand_at_uneven_distances() -> None:
    points = tuple(Point(label=f"{x:g}", x=x, y=0.5) for x in (0.0, 0.3, 1.0, 1.5))
    for drawn in both(lines(Series(name="m", points=points))):
        assert [drawn.across(mark.x) for mark in drawn.marks] == pytest.approx([0, 0.3, 1, 1.5], abs=1e-3)
        assert {"0", "0.3", "1", "1.5"} <= set(drawn.texts())


def test_the_sixth_line_is_hollow_because_its_mark_is_that_of_the_first() -> None:
    drawn, _ = both(flat(MAX_SERIES, 0.5))
    hollow = {mark.series for mark in drawn.marks if mark.is_hollow}
    assert hollow == {"s6"}
    outlines = {mark.series: mark.outline for mark in drawn.marks}
    assert outlines["s1"] == outlines["s6"]
    assert len(set(outlines.values())) == MAX_SERIES - 1


def test_a_line_of_published_points_is_hollow() -> None:
    points = tuple(point.model_copy(update={"hollow": True}) for point in TWO.points)
    drawn, _ = both(lines(ONE, TWO.model_copy(update={"points": points})))
    assert {mark.series for mark in drawn.marks if mark.is_hollow} == {"s2"}


def test_a_second_figure_is_dotted_in_the_colour_of_its_line() -> None:
    dotted = (Point(label="0", x=0.0, y=0.05), Point(label="1", x=1.0, y=0.1), Point(label="2", x=2.0))
    drawn, _ = both(lines(ONE.model_copy(update={"dotted": dotted}), dotted_name="degenerate turns"))
    (line,) = [line for line in drawn.of("s-s1") if line.dashes]
    assert [drawn.up(y) for _, y in line.points] == pytest.approx([0.05, 0.1], abs=1e-3)
    assert len(drawn.marks) == 5


def test_a_second_figure_widens_a_range_that_is_not_given() -> None:
    dotted = (Point(label="0", x=0.0, y=0.9), Point(label="1", x=1.0, y=0.95))
    drawn, _ = both(lines(ONE.model_copy(update={"dotted": dotted}), y=Axis(label="↑ rate")))
    assert outside(drawn) == []
    assert drawn.up(min(mark.y for mark in drawn.marks)) == pytest.approx(0.95, abs=1e-3)


def test_a_band_and_a_line_across_are_named_above_their_upper_edge() -> None:
    refs = (Ref(value=0.3, upto=0.5, label="people 0.40"), Ref(value=0.9, label="ceiling"))
    for drawn in both(lines(ONE, y=Axis(label="↑ rate", range=(0.0, 1.0), refs=refs))):
        (band,) = drawn.areas
        edges = sorted(drawn.up(y) for y in {y for _, y in band.points})
        assert edges == pytest.approx([0.3, 0.5], abs=1e-3)
        assert drawn.up(drawn.word("people 0.40").y + 3) == pytest.approx(0.5, abs=2e-3)
        assert drawn.up(drawn.word("ceiling").y + 3) == pytest.approx(0.9, abs=2e-3)
        assert outside(drawn) == []


def test_a_band_widens_a_range_that_is_not_given() -> None:
    refs = (Ref(value=0.7, upto=0.95, label="people"),)
    drawn, _ = both(lines(ONE, y=Axis(label="↑ rate", refs=refs)))
    assert outside(drawn) == []
    assert max(drawn.up(y) for _, y in drawn.areas[0].points) == pytest.approx(0.95, abs=1e-3)


def counted(count: int) -> ChartSpec:
    return lines(*(
        Series(name=f"m{i}", points=ONE.points, below=(f"{100 - i}", f"{80 - i}", f"{60 - i}"))
        for i in range(count)
    ), below_name="still there, %")  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 3])
def test_texts_below_stand_under_their_place_in_the_colour_of_their_line(count: int) -> None:
    for drawn in both(counted(count)):
        head = drawn.word("still there, %")
        for i in range(count):
            row = [drawn.word(f"{start - i}") for start in (100, 80, 60)]
            assert {word.colour for word in row} == {f"f-s{i + 1}"}
            assert len({word.y for word in row}) == 1
            assert row[0].y > head.y + 8 * i
            assert [word.x for word in row] == pytest.approx(
                [drawn.word(tick).x for tick in ("0", "1", "2")], abs=ROUNDING
            )
        assert outside(drawn) == []


def test_a_fourth_row_below_finds_no_room_and_none_is_shown() -> None:
    """A picture with some of the rows would look as if the others had no counts."""
    drawn, _ = both(counted(4))
    assert "still there, %" not in drawn.texts()
    assert drawn.height == both(lines(ONE))[0].height


def test_a_long_name_is_cut_and_the_picture_keeps_most_of_its_width() -> None:
    long = ONE.model_copy(update={"name": "developer/a-model-of-a-very-long-name-20260101"})
    for drawn in both(lines(long)):
        (name,) = [word for word in drawn.words if "…" in word.text]
        assert name.left >= 0.6 * drawn.width
        assert outside(drawn) == []


def test_one_place_alone_is_drawn() -> None:
    series = [Series(name=f"m{i}", points=(Point(label="1", x=1.0, y=0.3 * i),)) for i in range(2)]
    drawn, _ = both(lines(*series))
    assert [drawn.up(mark.y) for mark in sorted(drawn.marks, key=lambda mark: -mark.y)] == pytest.approx(
        [0.0, 0.3], abs=1e-3
    )
    assert outside(drawn) == []
