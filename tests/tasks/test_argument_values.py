"""Values of task arguments: what passes, and the sentence for each that does not."""

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.argument_values import one_of, text, text_or_list, whole, yes_or_no
from interplay.tasks.command_line import created_by_inspect_cli
from interplay.tasks.mistakes import EnvironmentProblem, NetworkProblem, NotLoaded, UserMistake

CHOICES = ("plan", "step")


@pytest.mark.parametrize("value", ["", "Plan", "plan ", "pla", None, 3, True, 1.5, "план"])
def test_what_is_no_choice_is_named_with_all_choices(value: object) -> None:
    with pytest.raises(UserMistake) as refused:
        one_of("mode", value, CHOICES)
    assert refused.value.message == f"mode={value}: choose one of plan, step."


def test_choices_pass() -> None:
    for value in CHOICES:
        one_of("mode", value, CHOICES)


@pytest.mark.parametrize("value", ["true", "yes", 1, 0, None, "", 1.0])
def test_only_truth_values_are_truth_values(value: object) -> None:
    with pytest.raises(UserMistake) as refused:
        yes_or_no("judge", value)
    assert refused.value.message == f"judge={value}: choose true or false."
    yes_or_no("judge", True)
    yes_or_no("judge", False)


@settings(max_examples=30)
@given(st.text())
def test_any_text_is_a_text_and_a_list_of_one(value: str) -> None:
    text("partners", value)
    text_or_list("arms", value)
    text_or_list("arms", [value, value])
    text_or_list("arms", (value,))


@pytest.mark.parametrize("value", [2026, 0.5, True, None, ["a"], b"a"])
def test_a_name_that_the_command_line_made_a_number_is_told_how_to_stay_one(value: object) -> None:
    with pytest.raises(UserMistake) as refused:
        text("partners", value)
    assert refused.value.message == (
        f"partners={value}: expected text; write -T \"partners='{value}'\" if it is a name."
    )


@pytest.mark.parametrize("value", [5, 0.5, True, None, ["a", 5], [["a"]], [None], {"a": 1}, b"a"])
def test_what_is_no_comma_list_is_refused(value: object) -> None:
    with pytest.raises(UserMistake) as refused:
        text_or_list("arms", value)
    assert refused.value.message == f"arms={value}: expected a comma list of words."


@pytest.mark.parametrize("value", [True, False, 1.0, "1", None, "", [1], float("nan")])
def test_what_is_no_whole_number_is_refused_even_where_it_equals_one(value: object) -> None:
    with pytest.raises(UserMistake) as refused:
        whole("k", value)
    assert refused.value.message == f"k={value}: expected a whole number."


@settings(max_examples=50)
@given(st.integers(), st.integers(-100, 100), st.integers(0, 100))
def test_a_number_passes_exactly_from_its_lowest_to_its_highest(value: int, low: int, span: int) -> None:
    high = low + span
    if value in range(low, high + 1):
        assert whole("k", value, low, high) == value
        return
    with pytest.raises(UserMistake) as refused:
        whole("k", value, low, high)
    assert refused.value.message == f"k={value}: choose a whole number from {low} to {high}."


@pytest.mark.parametrize(("value", "passes"), [(0, False), (1, True), (64, True), (65, False)])
def test_both_ends_belong_to_the_range(value: int, passes: bool) -> None:
    if passes:
        assert whole("k", value, 1, 64) == value
    else:
        with pytest.raises(UserMistake, match=f"k={value}: choose a whole number from 1 to 64"):
            whole("k", value, 1, 64)


def test_an_end_that_is_not_given_does_not_bind() -> None:
    assert whole("n", -(10**9)) == -(10**9)
    assert whole("n", 10**9, 1) == 10**9
    assert whole("n", -(10**9), None, 5) == -(10**9)


@pytest.mark.parametrize(
    ("kind", "code"), [(UserMistake, 2), (NotLoaded, 2), (EnvironmentProblem, 3), (NetworkProblem, 4)]
)
def test_what_a_command_can_end_with_has_a_code_of_its_own_and_prints_one_sentence(
    kind: type[click.ClickException], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = kind("the value is 3: choose 4.")
    assert problem.exit_code == code
    problem.show()
    assert capsys.readouterr() == ("", "Error: the value is 3: choose 4.\n")


@pytest.mark.parametrize(("name", "expected"), [("inspect", True), ("interplay", False), (None, False)])
def test_only_the_command_of_inspect_has_bound_the_roles_already(name: str | None, expected: bool) -> None:
    group = click.Group(name)
    inner = click.Command("eval")
    with click.Context(group) as outer, click.Context(inner, parent=outer, info_name="eval"):
        assert created_by_inspect_cli() is expected


def test_python_is_no_command_line() -> None:
    assert created_by_inspect_cli() is False
