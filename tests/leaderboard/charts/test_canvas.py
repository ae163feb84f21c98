"""What all pictures share: names cut to their room, widths, axes of values, ticks and their words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.leaderboard.charts.canvas import CHARACTER, canvas, fitted, text_width, value_axis
from interplay.leaderboard.charts.ticks import nice_ticks, tick_words
from interplay.leaderboard.figures import Axis, Point, Ref
from interplay.leaderboard.svg import FONT_SIZE


@given(st.text("abcäß字 -/", max_size=80), st.floats(0, 400))
def test_a_fitted_text_has_room_and_keeps_both_ends(text: str, room: float) -> None:
    found = fitted(text, room)
    most = max(int(room / CHARACTER), 5)
    assert len(found) <= most
    assert ("…" in found) == (len(text) > most)
    start, _, end = found.partition("…")
    assert text.startswith(start)
    assert text.endswith(end)


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("abcdefghij", 10 * CHARACTER, "abcdefghij"),
        ("abcdefghij", 10 * CHARACTER - 1, "abcdef…ij"),
        ("abcdefghij", 0.0, "abc…j"),
        ("abcdefghij", -50.0, "abc…j"),
        ("model one two", 8 * CHARACTER, "model…wo"),
        ("", 0.0, ""),
    ],
    ids=["fits", "one too many", "no room", "less than no room", "no blank beside the gap", "empty"],
)
def test_two_thirds_of_a_cut_name_are_its_start(text: str, room: float, expected: str) -> None:
    assert fitted(text, room) == expected


def test_a_smaller_size_has_room_for_more() -> None:
    text = "a" * 40
    assert len(fitted(text, 100, FONT_SIZE / 2)) == 2 * len(fitted(text, 100)) + 1


def test_the_width_of_labels_is_that_of_the_longest() -> None:
    assert text_width([]) == 0
    assert text_width(["ab", "abcd", ""]) == 4 * CHARACTER


def test_a_canvas_has_its_margins_in_points() -> None:
    figure, axes = canvas(400, 200, left=30, right=20, top=10, bottom=40)
    box = axes.get_window_extent()
    assert (box.x0, box.x1, box.y0, box.y1) == pytest.approx((30, 380, 40, 190))
    assert tuple(figure.get_size_inches() * 72) == pytest.approx((400, 200))
    assert not axes.spines["top"].get_visible()
    assert not axes.spines["right"].get_visible()


@pytest.mark.parametrize(
    ("axis", "points", "ends"),
    [
        (Axis(range=(0.0, 1.0)), (Point(label="a", x=0.5),), (0.0, 1.0)),
        (Axis(), (Point(label="a", x=0.31), Point(label="b", x=0.49)), (0.3, 0.5)),
        (Axis(), (Point(label="a", x=0.5, lo=0.11, hi=0.89),), (0.1, 0.9)),
        (Axis(refs=(Ref(value=0.0, label="zero"),)), (Point(label="a", x=0.5),), (0.0, 0.5)),
        (Axis(refs=(Ref(value=0.2, upto=0.77, label="band"),)), (Point(label="a", x=0.5),), (0.2, 0.8)),
        (Axis(), (Point(label="a", x=None),), (0.0, 1.0)),
        (Axis(), (Point(label="a", x=0.5), Point(label="b", x=0.5)), (0.4, 0.6)),
        (Axis(), (Point(label="a", x=-0.31), Point(label="b", x=-0.12)), (-0.4, -0.1)),
    ],
    ids=["given", "values", "intervals", "line", "band", "nothing", "one value", "negative"],
)
def test_an_axis_holds_values_intervals_and_references(
    axis: Axis, points: tuple[Point, ...], ends: tuple[float, float]
) -> None:
    _, axes = canvas(400, 200, 30, 20, 10, 40)
    value_axis(axes, axis, points, 560)
    assert axes.spines["bottom"].get_bounds() == pytest.approx(ends)
    lo, hi = axes.get_xlim()
    assert lo < ends[0] < ends[1] < hi
    assert all(ends[0] - 1e-9 <= tick <= ends[1] + 1e-9 for tick in axes.get_xticks())


@pytest.mark.parametrize(
    ("lo", "hi", "most", "ticks"),
    [
        (0.0, 1.0, 6, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (0.0, 1.0, 5, (0.0, 0.25, 0.5, 0.75, 1.0)),
        (0.0, 1.0, 3, (0.0, 0.5, 1.0)),
        (-0.2, 0.4, 4, (-0.2, 0.0, 0.2, 0.4)),
        (0.0, 5.0, 4, (0.0, 2.0, 4.0)),
        (0.3, 0.5, 7, (0.3, 0.35, 0.4, 0.45, 0.5)),
        (0.0, 600.0, 4, (0.0, 200.0, 400.0, 600.0)),
    ],
)
def test_ticks_stand_at_the_smallest_round_step_that_fits(
    lo: float, hi: float, most: int, ticks: tuple[float, ...]
) -> None:
    assert nice_ticks(lo, hi, most) == ticks


@given(st.floats(-3, 3), st.floats(0.05, 4), st.integers(3, 8))
def test_ticks_are_evenly_apart_and_no_smaller_step_would_fit(lo: float, width: float, most: int) -> None:
    hi = lo + width
    ticks = nice_ticks(lo, hi, most)
    if len(ticks) < 2:
        return
    step = ticks[1] - ticks[0]
    assert all(b - a == pytest.approx(step, abs=2e-6) for a, b in pairwise(ticks))
    sizes = [base * 10.0**power for power in range(-3, 2) for base in (1.0, 2.0, 2.5, 5.0)]
    place = min(range(len(sizes)), key=lambda i: abs(sizes[i] - step))
    assert step == pytest.approx(sizes[place])
    if place:
        finer = sizes[place - 1]
        inside = [i for i in range(int(lo / finer) - 2, int(hi / finer) + 3) if lo <= i * finer <= hi]
        assert len(inside) >= most


def test_no_tick_is_a_negative_zero() -> None:
    assert [str(tick) for tick in nice_ticks(-0.4, 0.4, 5)] == ["-0.4", "-0.2", "0.0", "0.2", "0.4"]


@pytest.mark.parametrize(
    ("ticks", "words"),
    [
        ((0.0, 0.5, 1.0), ["0.0", "0.5", "1.0"]),
        ((0.0, 0.25), ["0.00", "0.25"]),
        ((0.0, 2.0), ["0", "2"]),
        ((-0.2, 0.0), ["−0.2", "0.0"]),
        ((0.001, 0.002), ["0.001", "0.002"]),
        ((0.0001,), ["0.000"]),
        ((), []),
    ],
    ids=["tenths", "hundredths", "whole", "negative", "thousandths", "too fine", "none"],
)
def test_words_of_ticks_have_as_many_decimals_as_the_finest_needs(
    ticks: tuple[float, ...], words: list[str]
) -> None:
    assert tick_words(ticks) == words
