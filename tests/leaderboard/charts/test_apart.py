"""Names that would cover one another: pushed apart, on free levels, and not out of the picture."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.leaderboard.charts.apart import Taken, free_level, spread

heights = st.lists(st.floats(0, 200, allow_nan=False), max_size=8).map(lambda found: sorted(found)[::-1])


@given(heights, st.floats(1, 12))
def test_names_keep_their_order_their_distance_and_stay_above_the_floor(
    wanted: list[float], gap: float
) -> None:
    places = spread(wanted, gap, 0.0)
    assert len(places) == len(wanted)
    assert all(above - below >= gap - 1e-9 for above, below in pairwise(places))
    assert all(place >= -1e-9 for place in places)


@given(heights, st.floats(1, 12))
def test_names_that_have_room_stay_where_they_are(wanted: list[float], gap: float) -> None:
    if all(above - below >= gap for above, below in pairwise(wanted)):
        assert spread(wanted, gap, 0.0) == pytest.approx(wanted)  # taking the gap off rounds


@given(heights, st.floats(1, 12))
def test_no_name_is_pushed_further_than_the_others_need(wanted: list[float], gap: float) -> None:
    """A crowd of n names takes (n - 1) gaps, so nobody moves by more."""
    places = spread(wanted, gap, 0.0)
    most = gap * max(len(wanted) - 1, 0)
    assert all(abs(place - own) <= most + 1e-9 for place, own in zip(places, wanted, strict=True))


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ([], []),
        ([5.0], [5.0]),
        ([-3.0], [0.0]),
        ([50.0, 45.0], [50.0, 40.0]),
        ([50.0, 45.0, 44.0], [50.0, 40.0, 30.0]),
        ([0.0, 0.0, 0.0], [20.0, 10.0, 0.0]),
        ([90.0, 3.0, 2.0], [90.0, 10.0, 0.0]),
        ([12.0, 3.0, 2.0], [20.0, 10.0, 0.0]),
    ],
    ids=["none", "one", "below", "pair", "chain", "all at the floor", "far above", "pushed up"],
)
def test_worked_places_with_a_gap_of_ten(wanted: list[float], places: list[float]) -> None:
    assert spread(wanted, 10.0, 0.0) == places


def test_the_floor_may_lie_anywhere() -> None:
    assert spread([-5.0, -5.0], 2.0, -5.0) == [-3.0, -5.0]
    assert spread([1.0, 1.0], 2.0, 4.0) == [6.0, 4.0]


def placed(spans: list[tuple[float, float]], gap: float = 0.0) -> list[Taken]:
    taken: list[Taken] = []
    for start, length in spans:
        level = free_level(taken, start, start + length, gap)
        taken.append(Taken(start, start + length, level))
    return taken


spans = st.lists(st.tuples(st.floats(0, 100), st.floats(1, 60)), max_size=9)


def covers(one: Taken, other: Taken, gap: float) -> bool:
    return one.start < other.end + gap and other.start < one.end + gap


@given(spans, st.floats(0, 6))
def test_no_two_names_of_a_level_touch(found: list[tuple[float, float]], gap: float) -> None:
    taken = placed(found, gap)
    for i, one in enumerate(taken):
        for other in taken[:i]:
            assert one.level != other.level or not covers(one, other, gap)


@given(spans)
def test_a_name_stands_as_low_as_it_can(found: list[tuple[float, float]]) -> None:
    taken = placed(found)
    for i, one in enumerate(taken):
        for level in range(one.level):
            assert any(other.level == level and covers(one, other, 0.0) for other in taken[:i])


def test_a_name_beside_the_first_comes_down_again() -> None:
    """The third covers the second only, so the level of the first is free for it."""
    assert [one.level for one in placed([(0, 50), (40, 50), (80, 50)])] == [0, 1, 0]
    assert [one.level for one in placed([(0, 50), (40, 50), (45, 50)])] == [0, 1, 2]
    assert [one.level for one in placed([(0, 50), (50, 50)])] == [0, 0]
    assert [one.level for one in placed([(0, 50), (50, 50)], gap=1)] == [0, 1]
