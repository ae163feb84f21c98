"""What summaries hand on: values per unit in order of appearance, and rates without a judge's errors."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from interplay.tasks.judged import UNKNOWN, Figure, Validity, corrected
from interplay.tasks.observations import Estimand, Observation, unit_samples

RATES = st.floats(0, 1)


def seen(unit: str, **values: float) -> Observation:
    """One sample of a unit."""
    return Observation("t", {}, f"{unit}-1", 1, unit, {}, values, {}, False, "m/x")


def test_units_keep_the_order_in_which_they_appear_and_their_values_too() -> None:
    observations = [seen("b", x=1), seen("a", x=2), seen("b", x=3), seen("c"), seen("a", x=0)]
    found = unit_samples(observations, lambda o: o.values.get("x"))
    assert found == {"b": [1, 3], "a": [2, 0]}
    assert list(found) == ["b", "a"]
    assert "c" not in found, "a unit without any value is left out, and 0 is a value"


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.none() | st.floats(-1, 1))))
def test_no_value_is_lost_or_made(rows: list[tuple[str, float | None]]) -> None:
    observations = [seen(unit, **({} if x is None else {"x": x})) for unit, x in rows]
    found = unit_samples(observations, lambda o: o.values.get("x"))
    for unit in "abcd":
        expected = [x for u, x in rows if u == unit and x is not None]
        assert found.get(unit, []) == expected
    assert all(found.values())


def test_an_iterator_is_read_once() -> None:
    assert unit_samples(iter([seen("a", x=1), seen("a", x=2)]), lambda o: o.values["x"]) == {"a": [1, 2]}


def test_a_figure_is_a_mean_unless_something_else_is_said() -> None:
    plain = Estimand({"family": "perfect"}, "maze.success", {"m-1": [1.0]})
    assert (plain.kind, plain.minus, plain.range, plain.floor) == ("mean", None, None, None)


@pytest.mark.parametrize(
    ("p", "sensitivity", "specificity", "expected"),
    [
        (0.5, 1.0, 1.0, 0.5),
        (0.0, 0.8, 0.9, 0.0),
        (0.1, 0.8, 0.9, 0.0),
        (0.8, 0.8, 0.9, 1.0),
        (1.0, 0.8, 0.9, 1.0),
        (0.45, 0.8, 0.9, 0.5),
        (0.5, 0.5, 0.5, None),
        (0.5, 0.4, 0.5, None),
        (0.3, 0.0, 1.0, None),
    ],
)
def test_a_rate_without_the_errors_of_its_judge(
    p: float, sensitivity: float, specificity: float, expected: float | None
) -> None:
    """With sensitivity 0.8 and specificity 0.9 half of all seen as positive give 0.4 + 0.05 = 0.45."""
    found = corrected(p, sensitivity, specificity)
    assert found == (None if expected is None else pytest.approx(expected))


@settings(max_examples=50)
@given(RATES, RATES, RATES)
def test_a_rate_that_a_judge_would_show_is_corrected_to_the_true_one(
    true: float, sensitivity: float, specificity: float
) -> None:
    assume(sensitivity + specificity > 1.01)
    shown = true * sensitivity + (1 - true) * (1 - specificity)
    assert corrected(shown, sensitivity, specificity) == pytest.approx(true, abs=1e-9)


@settings(max_examples=50)
@given(RATES, RATES, RATES, RATES)
def test_a_corrected_rate_is_a_rate_and_never_falls_where_more_was_seen(
    first: float, second: float, sensitivity: float, specificity: float
) -> None:
    found = [corrected(p, sensitivity, specificity) for p in sorted((first, second))]
    if sensitivity + specificity <= 1:
        assert found == [None, None]
        return
    low, high = found
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= 1


def test_a_judge_of_whom_nobody_said_anything_is_grey() -> None:
    assert UNKNOWN.state == "grey"
    assert Validity("grey", UNKNOWN.reason) == UNKNOWN
    assert not UNKNOWN.corrected
    assert not UNKNOWN.withheld
    assert UNKNOWN.reason.endswith(".")
    assert Figure(0.08, 0.05, 0.12, 300).n == 300
