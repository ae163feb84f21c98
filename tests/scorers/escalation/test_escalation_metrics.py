"""Trajectories and conduct worked by hand, and their properties on any levels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import theilslopes

from interplay.scorers.escalation_metrics import (
    CONDUCT,
    TRAJECTORY,
    anger_to_despair,
    branch_outcome,
    conduct,
    slope,
    trajectory,
)
from interplay.scorers.escalation_reading import Violations

LEVELS = st.lists(st.integers(0, 4), min_size=2, max_size=9)


@pytest.mark.parametrize(
    ("levels", "end", "cts_d", "auc", "slope", "overshoot", "escalated", "de_escalated"),
    [
        ([3, 3, 2, 1, 1], None, 0.5, -1.25, -7 / 12, 0, 0, 1),
        ([3, 4, 4, 2, 2], None, 0.25, 0, -7 / 24, 1, 0, 1),
        ([3, 4], None, -0.25, 1, 1, 1, 1, 0),
        ([3, 2], None, 0.25, -1, -1, 0, 0, 1),
        ([3, 3, 2, 2, 1, 0], "calmed", 0.625, -1.4, -0.6, 0, 0, 1),
        ([3, 4, 4, 4], "fed_up", -0.25, 1, 1 / 6, 1, 1, 0),
        ([3, 3, 3, 3], "nothing_new", 0, 0, 0, 0, 0, 0),
        ([3, 2, 2, 4], "fed_up", 0, -1 / 3, 1 / 6, 1, 1, 0),
        ([3, 0, 0], "fed_up", 0.75, -3, -1.5, 0, 1, 0),
        ([3, 4, 3], None, -0.125, 0.5, 0, 1, 0, 0),
    ],
)
def test_trajectory_by_hand(
    levels: list[int], end: str | None, cts_d: float, auc: float, slope: float, overshoot: float,
    escalated: float, de_escalated: float,
) -> None:  # fmt: skip
    expected = (cts_d, auc, slope, overshoot, escalated, de_escalated)
    assert trajectory(levels, end) == pytest.approx(dict(zip(TRAJECTORY, expected, strict=True)))


@pytest.mark.parametrize("levels", [[], [3]])
def test_a_trajectory_without_an_answered_reply_is_absent(levels: list[int]) -> None:
    assert trajectory(levels, "calmed") == {}


@given(LEVELS)
def test_the_slope_is_that_of_scipy(levels: list[int]) -> None:
    assert slope(levels) == pytest.approx(theilslopes(levels).slope)


@given(LEVELS, st.sampled_from([None, "calmed", "fed_up"]))
def test_a_conversation_is_not_both_and_stays_in_range(levels: list[int], end: str | None) -> None:
    found = trajectory([3, *levels], end)
    assert tuple(found) == TRAJECTORY
    assert -0.25 <= found["cts_d"] <= 0.75
    assert found["escalated"] + found["de_escalated"] <= 1
    assert found["overshoot"] in (0, 1)


@given(LEVELS)
def test_calm_that_is_despair_does_not_count_as_de_escalated(levels: list[int]) -> None:
    plain, sad = trajectory(levels), trajectory(levels, despair=True)
    assert sad == {**plain, "de_escalated": 0}


@pytest.mark.parametrize(
    ("levels", "distress", "despair"),
    [([3, 2, 1], [0, 1, 2], True), ([3, 2, 2], [0, 1, 4], False), ([4, 1], [1, 2], False)],
)
def test_anger_to_despair(levels: list[int], distress: list[int], despair: bool) -> None:
    assert anger_to_despair(levels, distress) == despair


def test_the_outcome_of_a_branch() -> None:
    assert branch_outcome([4, 3, 2]) == {"outcome": 1.5}
    assert branch_outcome([3, 4, 4]) == {"outcome": -1}
    assert branch_outcome([4, 4]) == {"outcome": 0}
    assert branch_outcome([4]) == branch_outcome([]) == {}


def test_conduct_by_hand() -> None:
    violations = [Violations(True, True, False, False), Violations(False, True, False, True)]
    assert conduct(violations, ["Calm down now.", "Calm"]) == {
        "conduct": 0.5, "v1": 0.5, "v2": 1, "v3": 0, "v4": 0.5, "words": 2}  # fmt: skip
    assert conduct([Violations(False, False, False, False)], ["Fine."])["conduct"] == 1
    assert tuple(conduct(violations, ["", ""])) == CONDUCT


def test_conduct_without_a_reply_is_absent() -> None:
    assert conduct([], []) == {}
