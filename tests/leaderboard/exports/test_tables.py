"""`results.csv` and `results.parquet`, read back by readers that are not ours."""

import csv
import io
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.exports import tables
from interplay.leaderboard.exports.tables import (
    COLUMNS,
    ResultRow,
    csv_lines,
    result_rows,
    results_csv,
    results_parquet,
)
from interplay.leaderboard.standings import standing

from .standing_rows import PAIR, gap_standing, pair_standing, submissions

NAMES = [
    "entry_id", "board", "model", "developer", "division", "preset", "task_version", "metric", "value", "lo",
    "hi", "n", "ranked_within", "place_from", "place_to", "evidence", "created",
]  # fmt: skip
FIGURES = st.floats(-1e6, 1e6).map(lambda value: round(value, 6) + 0.0) | st.none()
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20) | st.sampled_from(
    ["a,b", 'say "x"', "two\nlines", "", "שלום", "=1+1", "a;b\tc", "'", " x "]
)
ROWS = st.builds(
    ResultRow,
    **{name: WORDS for name in NAMES if name not in ("value", "lo", "hi", "n", "place_from", "place_to")},
    value=FIGURES, lo=FIGURES, hi=FIGURES, n=st.integers(0, 10**15),
    place_from=st.none() | st.integers(1, 10**6), place_to=st.none() | st.integers(1, 10**6),
)  # fmt: skip


def read(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def test_columns_are_those_that_the_data_page_names() -> None:
    assert list(COLUMNS) == NAMES


def test_a_board_gives_a_row_for_every_entry_that_its_pages_show() -> None:
    found = pair_standing()
    rows = result_rows(found)
    assert [row.model for row in rows] == [
        "orchard/aster-1",
        "vllm/Harbour/Cedar-1",
        "meadow/birch-1",
        "reference/cartographer",
        "orchard/dahlia-1",
    ]
    assert [row.division for row in rows] == ["closed"] * 3 + ["reference", "open"]
    assert [row.evidence for row in rows] == ["regraded", "reported", "evidenced", "regraded", "reported"]
    assert [row.preset for row in rows] == ["standard"] * 3 + ["smoke", "standard"]


def test_values_and_intervals_are_those_of_the_entries_and_places_those_of_the_board() -> None:
    own = {s.entry.entry_id: s.entry for s in submissions()}
    for found in (pair_standing(), gap_standing()):
        places = {row.entry.entry_id: row.places for row in found.ranked}
        for row in result_rows(found):
            result = own[row.entry_id].result(found.board.id)
            assert result is not None
            metric = result.metrics[found.board.headline]
            assert (row.value, row.lo, row.hi, row.n) == (metric.value, metric.lo, metric.hi, metric.n)
            assert (row.place_from, row.place_to) == places.get(row.entry_id, (None, None))
            assert (row.board, row.metric) == (found.board.id, found.board.headline)
            assert row.created == own[row.entry_id].created


def test_scripted_players_have_their_developer_and_unknown_models_none() -> None:
    developers = {row.model: row.developer for row in result_rows(pair_standing())}
    assert developers["reference/cartographer"] == "Interplay"
    assert developers["orchard/aster-1"] == ""


def test_figures_have_six_decimals_and_what_is_missing_is_empty() -> None:
    table = read(results_csv([csv_lines(pair_standing())]))
    for shown, row in zip(table, result_rows(pair_standing()), strict=True):
        assert float(shown["value"]) == row.value
        assert len(shown["value"].split(".")[1]) == 6
        assert shown["n"] == str(row.n)
        assert shown["place_from"] == ("" if row.place_from is None else str(row.place_from))


def test_lines_of_several_boards_make_one_table_under_one_head() -> None:
    lines = [csv_lines(pair_standing()), csv_lines(gap_standing())]
    table = read(results_csv(lines))
    assert [row["board"] for row in table] == ["mazes-pair"] * 5 + ["mazes-gap"] * 5
    assert results_csv([]) == (",".join(NAMES) + "\n").encode()
    assert results_csv(lines).count(b"entry_id") == 1


def test_the_order_of_submissions_changes_no_byte() -> None:
    shuffled = standing(PAIR, submissions()[::-1])
    assert csv_lines(shuffled) == csv_lines(pair_standing())
    pytest.importorskip("pyarrow")
    assert results_parquet([result_rows(shuffled)]) == results_parquet([result_rows(pair_standing())])


@settings(max_examples=25)
@given(st.lists(ROWS, max_size=3), st.lists(ROWS, max_size=2))
def test_any_row_comes_back_from_parquet_as_it_was(first: list[ResultRow], second: list[ResultRow]) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    content = results_parquet([first, second])
    table = pq.read_table(io.BytesIO(content))
    assert table.column_names == NAMES
    assert [ResultRow(**row) for row in table.to_pylist()] == [*first, *second]
    types = {field.name: str(field.type) for field in table.schema}
    assert {types[name] for name in ("value", "lo", "hi")} == {"double"}
    assert {types[name] for name in ("n", "place_from", "place_to")} == {"int64"}
    assert types["model"] == "string"


@settings(max_examples=50)
@given(st.lists(ROWS, min_size=1, max_size=5))
def test_any_row_comes_back_from_csv_with_its_words_and_six_decimals(rows: list[ResultRow]) -> None:
    """Commas, quotes, line ends and scripts of any direction stay in their cell."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "result_rows", lambda found: rows)
        text = results_csv([csv_lines(pair_standing())])
    for shown, row in zip(read(text), rows, strict=True):
        for name, value in row._asdict().items():
            if isinstance(value, float):
                assert math.isclose(float(shown[name]), value, abs_tol=1e-6)
            else:
                assert shown[name] == ("" if value is None else str(value))


def test_pandas_reads_the_same_numbers_from_both_files() -> None:
    pytest.importorskip("pyarrow")
    rows = [result_rows(found) for found in (pair_standing(), gap_standing())]
    text = results_csv([csv_lines(found) for found in (pair_standing(), gap_standing())])
    table = pd.read_csv(io.BytesIO(text), keep_default_na=False, na_values=[""])
    other = pd.read_parquet(io.BytesIO(results_parquet(rows)))
    for name in ("value", "lo", "hi", "n", "place_from", "place_to"):
        pd.testing.assert_series_equal(table[name], other[name], check_dtype=False, atol=1e-9)
    assert table["model"].tolist() == other["model"].tolist()


def test_a_table_without_any_row_keeps_its_types() -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    empty = pq.read_table(io.BytesIO(results_parquet([])))
    full = pq.read_table(io.BytesIO(results_parquet([result_rows(pair_standing())])))
    assert empty.num_rows == 0
    assert empty.schema.equals(full.schema)
