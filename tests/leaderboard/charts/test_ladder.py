"""Ladders as a reader sees them: one row a series, its dots named, the aside beside or below its name."""

import pytest

from interplay.leaderboard.figures import Axis, ChartSpec, Point, Ref, Series

from .parsed import Seen, both, covering, outside


def points(solo: float, pair: float) -> tuple[Point, ...]:
    return (Point(label="C7", x=pair, lo=pair - 0.05, hi=pair + 0.05, n=9), Point(label="C3", x=solo, n=9))


def ladder(*series: Series, refs: tuple[Ref, ...] = (),
           limits: tuple[float, float] | None = (0.0, 1.0)) -> ChartSpec:  # fmt: skip
    axis = Axis(label="success →", range=limits, refs=refs)
    return ChartSpec(id="ladder", kind="ladder", title="T", desc="D", x=axis, series=series)


ROWS = (
    Series(name="first", points=points(0.9, 0.7), aside="0.20 (0.10 to 0.30)"),
    Series(name="second", points=points(0.4, 0.35), aside="0.05 (−0.02 to 0.12)"),
)


@pytest.fixture(scope="module")
def drawn() -> tuple[Seen, Seen]:
    return both(ladder(*ROWS))


@pytest.fixture(scope="module", params=["wide", "narrow"])
def either(request: pytest.FixtureRequest, drawn: tuple[Seen, Seen]) -> Seen:
    return drawn[request.param == "narrow"]


def test_dots_stand_at_their_values_and_a_bar_joins_the_first_to_the_last(either: Seen) -> None:
    found = [either.across(mark.x) for mark in either.marks]
    assert found == pytest.approx([0.7, 0.9, 0.35, 0.4], abs=1e-3)
    bars = either.of("s-rule")
    assert len(bars) == 2
    for bar, ends, mark in zip(bars, ((0.7, 0.9), (0.35, 0.4)), either.marks[::2], strict=True):
        assert [either.across(x) for x, _ in bar.points] == pytest.approx(ends, abs=1e-3)
        assert {y for _, y in bar.points} == {mark.y}


def test_a_condition_has_one_colour_in_every_row(either: Seen) -> None:
    """The order of the conditions is that of the first series, whatever their values."""
    by_row = [[mark.series for mark in either.marks[i : i + 2]] for i in (0, 2)]
    assert by_row == [["s1", "s2"], ["s1", "s2"]]


def test_a_condition_keeps_its_colour_where_it_is_the_higher_one_in_one_row_and_the_lower_in_another() -> (
    None
):
    turned = Series(name="turned", points=points(0.3, 0.6))
    drawn, _ = both(ladder(ROWS[0], turned))
    found = [(mark.series, round(drawn.across(mark.x), 2)) for mark in drawn.marks]
    assert found == [("s1", 0.7), ("s2", 0.9), ("s2", 0.3), ("s1", 0.6)]


def test_only_dots_with_an_interval_have_a_whisker(either: Seen) -> None:
    whiskers = either.of("s-ink-2")
    assert len(whiskers) == 2
    assert [either.across(x) for line in whiskers for x, _ in line.points] == pytest.approx(
        [0.65, 0.75, 0.3, 0.4], abs=1e-3
    )


def test_dots_are_named_above_or_below_themselves_without_covering(either: Seen) -> None:
    names = [word for word in either.words if word.text in ("C3", "C7")]
    assert len(names) == 4
    assert covering(names) == []
    for word in names:
        nearest = min(either.marks, key=lambda mark: abs(mark.x - word.x) + abs(mark.y - word.y))
        assert abs(nearest.x - (word.left + word.right) / 2) <= 12
        assert 3 <= abs(nearest.y - word.y) <= 14


def test_the_aside_is_at_the_right_edge_where_there_is_room_and_else_below_the_name(
    drawn: tuple[Seen, Seen],
) -> None:
    wide, narrow = drawn
    for row in ROWS:
        aside, name = wide.word(row.aside), wide.word(row.name)
        assert (aside.anchor, aside.x) == ("end", wide.width)
        assert aside.y == name.y
        below, name = narrow.word(row.aside), narrow.word(row.name)
        assert (below.anchor, below.x) == ("end", name.x)
        assert below.y > name.y + 6
        assert below.size < name.size


def test_nothing_is_cut_off(either: Seen) -> None:
    assert outside(either) == []
    assert covering([word for word in either.words if word.text not in ("C3", "C7")]) == []


def test_a_series_without_any_value_has_no_row() -> None:
    empty = Series(name="empty", points=(Point(label="C3", x=None), Point(label="C7", x=None)))
    with_empty, _ = both(ladder(ROWS[0], empty, ROWS[1]))
    without, _ = both(ladder(*ROWS))
    assert "empty" not in with_empty.texts()
    assert (with_empty.height, with_empty.marks) == (without.height, without.marks)


def test_a_single_dot_is_drawn_without_a_bar_that_is_seen() -> None:
    alone = Series(name="alone", points=(Point(label="C3", x=0.5), Point(label="C7", x=None)))
    drawn, _ = both(ladder(alone))
    (mark,) = drawn.marks
    assert drawn.across(mark.x) == pytest.approx(0.5, abs=1e-3)
    assert all(x0 == x1 for line in drawn.of("s-rule") for (x0, _), (x1, _) in [line.points])


def test_dots_at_one_place_share_a_name() -> None:
    tied = Series(name="tied", points=tuple(Point(label=name, x=0.5) for name in ("mixed", "flat", "hedged")))
    drawn, _ = both(ladder(tied, ROWS[1]))
    assert "flat·hedged·mixed" in drawn.texts()
    assert len([mark for mark in drawn.marks if abs(drawn.across(mark.x) - 0.5) < 1e-3]) == 3


def test_close_dots_are_named_on_both_sides() -> None:
    close = Series(name="close", points=(Point(label="flat", x=0.50), Point(label="mixed", x=0.52)))
    drawn, _ = both(ladder(close))
    first, second = drawn.word("flat"), drawn.word("mixed")
    (y,) = {mark.y for mark in drawn.marks}
    assert first.y < y < second.y
    assert covering([first, second]) == []


def test_names_of_dots_at_the_ends_do_not_run_into_the_names_of_rows() -> None:
    ends = Series(name="ends", points=(Point(label="a long word", x=0.0), Point(label="another one", x=1.0)))
    for drawn in both(ladder(ends, ROWS[0])):
        first, last = drawn.word("a long word"), drawn.word("another one")
        assert (first.anchor, last.anchor) == ("start", "end")
        assert first.left >= drawn.word("ends").right
        assert outside(drawn) == []


def test_rows_without_an_aside_have_their_names_at_the_height_of_their_dots() -> None:
    for drawn in both(ladder(*(row.model_copy(update={"aside": ""}) for row in ROWS))):
        for row, mark in zip(ROWS, drawn.marks[::2], strict=True):
            assert drawn.word(row.name).y == pytest.approx(mark.y + 3.42, abs=0.03)


def test_more_rows_than_series_of_other_charts_are_drawn_below_one_another() -> None:
    many = [Series(name=f"model {i}", points=points(0.9 - 0.05 * i, 0.5)) for i in range(12)]
    for drawn in both(ladder(*many)):
        heights = [drawn.word(series.name).y for series in many]
        assert heights == sorted(heights)
        assert len(drawn.marks) == 24
        assert outside(drawn) == []


def test_a_long_name_is_cut_before_the_axis() -> None:
    long = ROWS[0].model_copy(update={"name": "developer/a-model-of-a-very-long-name-20260101-high"})
    for drawn in both(ladder(long, ROWS[1])):
        (name,) = [word for word in drawn.words if "…" in word.text]
        assert name.right <= min(mark.x for mark in drawn.marks)
        assert outside(drawn) == []


def test_floor_and_ceiling_cross_all_rows() -> None:
    refs = (Ref(value=0.1, label="Mute 0.10"), Ref(value=0.95, label="Cartographer 0.95"))
    for drawn in both(ladder(*ROWS, refs=refs)):
        dashed = [line for line in drawn.lines if line.dashes]
        assert [drawn.across(line.points[0][0]) for line in dashed] == pytest.approx([0.1, 0.95], abs=1e-3)
        for line in dashed:
            top, bottom = sorted(y for _, y in line.points)
            assert all(top < mark.y < bottom for mark in drawn.marks)
        assert covering([drawn.word(ref.label) for ref in refs]) == []
        assert outside(drawn) == []


def test_negative_values_stand_left_of_zero() -> None:
    below = Series(name="below", points=(Point(label="C3", x=-0.11), Point(label="C7", x=0.4)))
    for drawn in both(ladder(below, limits=None)):
        assert [drawn.across(mark.x) for mark in drawn.marks] == pytest.approx([-0.11, 0.4], abs=1e-3)
        assert outside(drawn) == []
