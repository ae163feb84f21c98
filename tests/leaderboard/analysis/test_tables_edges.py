"""Report tables with awkward names and numbers: no row breaks, no column shifts, JSON that can be read."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.analysis.tables import Table, Value, interval, render

NAMES = ["a|b", "|", "a\\|b", "<script>alert(1)</script>", "שלום", "m" * 300, "", "–"]
values = st.one_of(st.none(), st.integers(-9, 9), st.floats(-99, 99), st.sampled_from(NAMES))


def table(*rows: Sequence[Value], columns: Sequence[str] = ("model", "value"), **more: object) -> Table:
    return Table("Title", tuple(columns), tuple(tuple(row) for row in rows), **more)  # type: ignore[arg-type]


def bars(line: str) -> int:
    """Bars of a Markdown row that divide cells: those without a backslash before them."""
    return sum(c == "|" and line[i - 1 : i] != "\\" for i, c in enumerate(line))


@given(
    st.lists(st.lists(values, min_size=3, max_size=3), max_size=5),
    st.lists(st.sampled_from(NAMES), min_size=3, max_size=3),
)
@settings(max_examples=40)
def test_every_markdown_row_has_as_many_cells_as_there_are_columns(
    rows: list[list[Value]], heads: list[str]
) -> None:
    lines = render([table(*rows, columns=heads)], "md").split("\n")
    grid = [line for line in lines if line.startswith("|")]
    assert len(grid) == 2 + len(rows)
    assert {bars(line) for line in grid} == {4}


@given(st.lists(st.lists(values, min_size=2, max_size=2), max_size=5))
@settings(max_examples=30)
def test_json_holds_what_went_in(rows: list[list[Value]]) -> None:
    (found,) = json.loads(render([table(*rows, note="n")], "json"))
    assert found == {"title": "Title", "columns": ["model", "value"], "rows": rows, "note": "n"}


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.floats(-99, 99)), min_size=1, max_size=5))
@settings(max_examples=30)
def test_figures_end_in_one_column_and_words_begin_in_one(rows: list[tuple[str, float]]) -> None:
    lines = render([table(*rows)], "text").split("\n")[2 : 3 + len(rows)]
    assert len({len(line) for line in lines}) == 1
    width = max(len("model"), *(len(name) for name, _ in rows))
    for (name, _), line in zip(rows, lines[1:], strict=True):
        assert line.startswith(f"  {name:<{width}}  ")


class TestText:
    def test_a_column_with_one_number_is_to_the_right_and_its_words_too(self) -> None:
        lines = render([table(("a", "withheld"), ("b", 0.5))], "text").split("\n")
        assert lines[2:5] == ["  model     value", "  a      withheld", "  b         0.500"]

    def test_a_table_without_rows_is_its_heads(self) -> None:
        assert render([table()], "text").split("\n") == ["Title", "", "  model  value", ""]

    def test_a_table_without_columns_is_its_title_and_note(self) -> None:
        assert render([Table("Title", (), (), "A note.")], "text") == "Title\n\n\n  A note.\n"

    def test_several_tables_stand_one_after_another(self) -> None:
        both = render([table(("a", 1)), table(("b", 2))], "text")
        assert both == render([table(("a", 1))], "text") + "\n" + render([table(("b", 2))], "text")

    def test_no_tables_are_nothing(self) -> None:
        assert (render([], "text"), render([], "md"), json.loads(render([], "json"))) == ("", "", [])


class TestMarkdown:
    def test_heads_are_escaped_like_cells(self) -> None:
        """A matrix of models has their names as heads."""
        lines = render([table(("a|b", 1.0), columns=("starts", "a|b"))], "md").split("\n")
        assert lines[2:5] == ["| starts | a\\|b |", "| --- | --- |", "| a\\|b | 1.000 |"]

    def test_a_note_stands_below_with_an_empty_line(self) -> None:
        noted = render([table(("a", 1), note="A note.")], "md").split("\n")
        assert noted[-4:] == ["| a | 1 |", "", "A note.", ""]
        assert render([table(("a", 1))], "md").split("\n")[-2:] == ["| a | 1 |", ""]


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (None, 3, "–"),
        (0, 3, "0"),
        (-3, 3, "-3"),
        (0.0, 3, "0.000"),
        (1.0, 0, "1"),
        (0.12345, 4, "0.1235"),
        (-0.5, 2, "−0.50"),
        ("", 3, ""),
        (True, 3, "True"),
    ],
)
def test_a_value_as_people_read_it(value: Value, decimals: int, shown: str) -> None:
    assert table(decimals=decimals).shown(value) == shown


@pytest.mark.parametrize(
    ("lo", "hi", "decimals", "shown"),
    [
        (0.123456, 0.2, 3, "0.123–0.200"),
        (-1.0, -0.5, 1, "−1.0 to −0.5"),
        (0.5, 0.5, 2, "0.50–0.50"),
        (0.1, None, 2, None),
        (None, None, 2, None),
    ],
)
def test_an_interval_with_its_decimals(
    lo: float | None, hi: float | None, decimals: int, shown: str | None
) -> None:
    assert interval(lo, hi, decimals) == shown


@pytest.mark.parametrize("row", [("a",), ("a", 1, 2), ()])
def test_a_row_of_another_length_is_a_bug(row: tuple[Value, ...]) -> None:
    with pytest.raises(AssertionError, match="has not 2 values"):
        table(row)
