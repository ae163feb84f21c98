"""Forests as a reader sees them: rows, marks and whiskers where the printed ticks put them."""

import pytest

from interplay.leaderboard.figures import Axis, ChartSpec, Point, Ref, Series

from .parsed import Seen, both, covering, outside

LONG = "developer/a-model-with-a-very-long-name-of-sixty-letters-20260101"


def forest(*blocks: tuple[Point, ...], refs: tuple[Ref, ...] = (), own: tuple[Ref, ...] = (),
           limits: tuple[float, float] | None = (0.0, 1.0)) -> ChartSpec:  # fmt: skip
    series = tuple(Series(name=f"block {i}", points=points, refs=own) for i, points in enumerate(blocks))
    axis = Axis(label="share →", range=limits, refs=refs)
    return ChartSpec(id="forest", kind="forest", title="T", desc="D", x=axis, series=series)


OURS = (
    Point(label="best", x=0.9, lo=0.8, hi=1.0, n=9),
    Point(label="middle", x=0.5, lo=0.25, hi=0.75, n=9),
    Point(label="published", x=0.3, hollow=True),
)


@pytest.fixture(scope="module", params=["wide", "narrow"])
def drawn(request: pytest.FixtureRequest) -> Seen:
    return both(forest(OURS))[request.param == "narrow"]


def test_marks_stand_at_their_values_by_the_printed_ticks(drawn: Seen) -> None:
    assert [drawn.across(mark.x) for mark in drawn.marks] == pytest.approx([0.9, 0.5, 0.3], abs=1e-3)
    assert [mark.is_hollow for mark in drawn.marks] == [False, False, True]
    assert {mark.series for mark in drawn.marks} == {"s1"}


def test_a_whisker_runs_from_end_to_end_at_the_height_of_its_mark(drawn: Seen) -> None:
    whiskers = drawn.of("s-ink-2")
    assert len(whiskers) == 2
    for line, mark, ends in zip(whiskers, drawn.marks[:2], ((0.8, 1.0), (0.25, 0.75)), strict=True):
        (x0, y0), (x1, y1) = line.points
        assert (drawn.across(x0), drawn.across(x1)) == pytest.approx(ends, abs=1e-3)
        assert y0 == y1 == mark.y


def test_names_and_figures_stand_on_the_line_of_their_mark(drawn: Seen) -> None:
    for point, mark in zip(OURS, drawn.marks, strict=True):
        name, figure = drawn.word(point.label), drawn.word(f"{point.x:.2f}")
        assert name.y == figure.y == pytest.approx(mark.y + 3.42, abs=0.02)
        assert (name.anchor, figure.anchor) == ("end", "end")
        assert name.right < min(drawn.marks).x
        assert figure.x == drawn.width


def test_rows_stand_in_the_order_of_the_spec_at_even_steps(drawn: Seen) -> None:
    heights = [mark.y for mark in drawn.marks]
    assert heights == sorted(heights)
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.02) == 16


def test_nothing_is_cut_off_and_no_word_covers_another(drawn: Seen) -> None:
    assert outside(drawn) == []
    assert covering(drawn.words) == []


def test_one_block_has_no_heading_and_two_have_one_each() -> None:
    alone, _ = both(forest(OURS))
    assert "block 0" not in alone.texts()
    wide, narrow = both(forest(OURS, (Point(label="other", x=0.1),)))
    for drawn in (wide, narrow):
        first, second = drawn.word("block 0"), drawn.word("block 1")
        assert first.x == second.x == 0
        assert first.y < drawn.word("best").y
        assert drawn.word("published").y < second.y < drawn.word("other").y
        assert [mark.series for mark in drawn.marks] == ["s1", "s1", "s1", "s2"]
        assert outside(drawn) == []


def test_the_second_block_has_a_mark_of_its_own() -> None:
    drawn, _ = both(forest((Point(label="a", x=0.1),), (Point(label="b", x=0.1),)))
    first, second = drawn.marks
    assert first.outline != second.outline
    assert first.x == second.x


def test_a_point_without_a_value_takes_no_row() -> None:
    gap = (OURS[0], Point(label="unscored", x=None), OURS[1])
    with_gap, _ = both(forest(gap))
    without, _ = both(forest(OURS[:2]))
    assert "unscored" not in with_gap.texts()
    assert with_gap.height == without.height
    assert [mark.y for mark in with_gap.marks] == [mark.y for mark in without.marks]


def test_ties_stand_below_one_another_at_one_place() -> None:
    drawn, _ = both(forest((Point(label="a", x=0.5), Point(label="b", x=0.5))))
    first, second = drawn.marks
    assert (first.x, second.y - first.y) == (second.x, 16)


def test_negative_values_have_a_true_minus_and_lie_left_of_zero() -> None:
    points = (Point(label="up", x=0.2, lo=0.1, hi=0.3), Point(label="down", x=-0.2, lo=-0.35, hi=-0.05))
    zero = Ref(value=0.0, label="no change")
    for drawn in both(forest(points, refs=(zero,), limits=None)):
        assert "−0.20" in drawn.texts()
        assert not any("-" in text for text in drawn.texts())
        up, down = drawn.marks
        ((x, top), (again, bottom)) = next(line for line in drawn.lines if line.dashes).points
        assert down.x < x == again < up.x
        assert drawn.across(x) == pytest.approx(0.0, abs=1e-3)
        assert min(top, bottom) < up.y < down.y < max(top, bottom)
        assert drawn.word("no change").y < up.y


def test_a_range_that_is_not_given_holds_every_interval() -> None:
    points = (Point(label="a", x=0.31, lo=0.12, hi=0.58), Point(label="b", x=0.33))
    for drawn in both(forest(points, limits=None)):
        axis = next(line for line in drawn.lines if len({y for _, y in line.points}) == 1
                    and "s-edge" in line.colour)  # fmt: skip
        ends = sorted(drawn.across(x) for x, _ in axis.points)
        assert ends == pytest.approx([0.1, 0.6], abs=1e-3)


def test_an_unseen_share_is_printed_as_its_bound() -> None:
    drawn, _ = both(forest((Point(label="a", x=0.0, lo=0.0, hi=0.06, n=50), Point(label="b", x=0.4))))
    assert "≤ 0.060" in drawn.texts()
    assert "0.00" not in drawn.texts()


def test_long_names_are_cut_in_the_middle_and_stay_left_of_the_axis() -> None:
    for drawn in both(forest((Point(label=LONG, x=0.0, lo=0.0, hi=0.2), Point(label="short", x=1.0)))):
        (name,) = [word for word in drawn.words if "…" in word.text]
        assert LONG.startswith(name.text.split("…")[0])
        assert LONG.endswith(name.text.split("…")[1])
        assert name.right <= min(mark.x for mark in drawn.marks)
        assert outside(drawn) == []


def test_a_band_holds_its_place_and_is_named_at_its_middle() -> None:
    for drawn in both(forest(OURS, refs=(Ref(value=0.4, upto=0.6, label="no change ± 0.1"),))):
        (band,) = drawn.areas
        xs = sorted({x for x, _ in band.points})
        assert [drawn.across(x) for x in xs] == pytest.approx([0.4, 0.6], abs=1e-3)
        assert drawn.across(drawn.word("no change ± 0.1").x) == pytest.approx(0.5, abs=1e-3)


def test_a_chain_of_named_lines_stands_on_two_levels_and_inside_the_picture() -> None:
    """Each name covers the next one only: the third fits on the lower level again."""
    refs = tuple(Ref(value=value, label=f"a named line {value}") for value in (0.3, 0.48, 0.66))
    drawn, _ = both(forest(OURS, refs=refs))
    names = [drawn.word(ref.label) for ref in refs]
    assert names[0].y == names[2].y > names[1].y
    assert covering(names) == []
    assert outside(drawn) == []


def test_names_of_lines_near_an_end_grow_inwards() -> None:
    refs = (Ref(value=0.0, label="floor of the board"), Ref(value=1.0, label="ceiling of the board"))
    for drawn in both(forest(OURS, refs=refs)):
        assert [drawn.word(ref.label).anchor for ref in refs] == ["start", "end"]
        assert outside(drawn) == []


@pytest.mark.parametrize(
    ("value", "anchor"),
    [(0.0, "start"), (0.2, "start"), (0.3, "middle"), (0.7, "middle"), (0.8, "end"), (1.0, "end")],
)
def test_a_name_grows_inwards_in_the_outer_quarters(value: float, anchor: str) -> None:
    wide, _ = both(forest(OURS, refs=(Ref(value=value, label="line"),)))
    assert wide.word("line").anchor == anchor
    assert wide.across(wide.word("line").x) == pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize("value", [0.0, 0.3, 0.6, 0.7, 1.0])
def test_a_long_name_of_a_line_moves_sideways_into_the_picture(value: float) -> None:
    refs = (Ref(value=value, label="a line with a name as long as the picture is wide"),)
    points = (*OURS, Point(label="a model with quite a long name", x=0.2))
    for drawn in both(forest(points, refs=refs)):
        assert outside(drawn) == []
        line = next(line for line in drawn.lines if line.dashes)
        name = drawn.word(refs[0].label)
        assert name.left - 1 <= line.points[0][0] <= name.right + 1


def test_a_line_of_one_block_spans_the_rows_of_that_block_only() -> None:
    series = (
        Series(name="runs", points=OURS),
        Series(name="printed", points=OURS[:2], refs=(Ref(value=0.6, label="silent"),)),
    )
    spec = forest(OURS).model_copy(update={"series": series})
    for drawn in both(spec):
        (line,) = [line for line in drawn.lines if line.dashes]
        top, bottom = sorted(y for _, y in line.points)
        inside = [mark for mark in drawn.marks if top < mark.y < bottom]
        assert [mark.series for mark in inside] == ["s2", "s2"]
        assert bottom - top == pytest.approx(2 * 16, abs=0.05)
        assert drawn.across(line.points[0][0]) == pytest.approx(0.6, abs=1e-3)
        assert outside(drawn) == []
        assert covering([drawn.word("printed"), drawn.word("silent")]) == []
