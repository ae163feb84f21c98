"""A report table reads the same in all three forms."""

import json

import pytest

from interplay.leaderboard.analysis.tables import Table, interval, render

TABLE = Table("Runs", ("model", "value", "n"), (("a|b", 0.5, 12), ("c", None, 3)), "A note.")


def test_text_aligns_words_left_and_figures_right() -> None:
    assert render([TABLE], "text").splitlines() == [
        "Runs",
        "",
        "  model  value   n",
        "  a|b    0.500  12",
        "  c          –   3",
        "",
        "  A note.",
    ]


def test_a_minus_is_a_minus_and_nothing_is_less_than_zero_by_rounding() -> None:
    table = Table("Runs", ("value",), ((-0.25,), (-0.0001,)))
    assert render([table], "text").split()[2:] == ["−0.250", "0.000"]


def test_markdown_escapes_what_would_break_a_row() -> None:
    lines = render([TABLE], "md").splitlines()
    assert lines[2:5] == ["| model | value | n |", "| --- | --- | --- |", "| a\\|b | 0.500 | 12 |"]


def test_json_keeps_numbers_as_numbers() -> None:
    (table,) = json.loads(render([TABLE], "json"))
    assert table["rows"] == [["a|b", 0.5, 12], ["c", None, 3]]


def test_a_row_of_the_wrong_length_is_a_bug_that_shows() -> None:
    with pytest.raises(AssertionError, match="Runs"):
        Table("Runs", ("model",), (("a", 1),))


@pytest.mark.parametrize(
    ("lo", "hi", "text"),
    [(0.0, 1.0, "0.00–1.00"), (-0.1, 0.2, "−0.10 to 0.20"), (None, 1.0, None), (-0.001, 0.08, "0.00–0.08")],
)
def test_intervals_with_a_sign_are_joined_by_a_word(lo: float | None, hi: float, text: str | None) -> None:
    assert interval(lo, hi) == text
