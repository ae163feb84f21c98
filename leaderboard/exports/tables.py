"""`data/results.csv` and `data/results.parquet`: one row per shown entry and board."""

import csv
import io
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from typing import NamedTuple

from ..models import load_models
from ..standings import Row, Standing, unread_word

HAS_PARQUET = find_spec("pyarrow") is not None
PARQUET_MISSING = (
    "pyarrow is not installed, so data/results.parquet is left out. Remedy: pip install 'interplay[site]'."
)


class ResultRow(NamedTuple):
    """A headline value with its interval and place. A place is empty for rows that are not ranked.

    Value and interval are empty where the pages say `incomplete` or `withheld` instead.
    """

    entry_id: str
    board: str
    model: str
    developer: str
    division: str
    preset: str
    task_version: str
    metric: str
    value: float | None
    lo: float | None
    hi: float | None
    n: int
    ranked_within: str
    place_from: int | None
    place_to: int | None
    evidence: str
    created: str


COLUMNS = ResultRow._fields


def result_rows(found: Standing) -> tuple[ResultRow, ...]:
    """Rows of a board: closed, reference and open division, current version."""
    return tuple(_row(found, row) for row in (*found.rows, *found.reference, *found.open_rows))


def csv_lines(found: Standing) -> str:
    """The rows of a board as CSV, figures with six decimals."""
    return _csv(
        ("" if cell is None else f"{cell:.6f}" if isinstance(cell, float) else cell for cell in row)
        for row in result_rows(found)
    )


def results_csv(lines: Iterable[str]) -> bytes:
    """One table of the lines of every board."""
    return "".join((_csv([COLUMNS]), *lines)).encode()


def results_parquet(boards: Sequence[Sequence[ResultRow]]) -> bytes:
    """The rows of every board as Parquet, with types, and what is missing as null."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"value": pa.float64(), "lo": pa.float64(), "hi": pa.float64(), "n": pa.int64()}
    kinds |= {"place_from": pa.int64(), "place_to": pa.int64()}
    schema = pa.schema([pa.field(name, kinds.get(name, pa.string())) for name in COLUMNS])
    columns = {name: [row[i] for rows in boards for row in rows] for i, name in enumerate(COLUMNS)}
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns, schema=schema), sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def _csv(rows: Iterable[Iterable[object]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def _row(found: Standing, row: Row) -> ResultRow:
    entry, head = row.entry, row.headline
    record = load_models().get(entry.model.id)
    first, last = row.places or (None, None)
    is_read = unread_word(found.board, row.submission, row.result) is None
    return ResultRow(
        entry_id=entry.entry_id,
        board=found.board.id,
        model=entry.model.id,
        developer=record.developer if record else "",
        division=entry.division,
        preset=row.result.preset,
        task_version=row.result.task_version,
        metric=found.board.headline,
        value=head.value if is_read else None,
        lo=head.lo if is_read else None,
        hi=head.hi if is_read else None,
        n=head.n,
        ranked_within=row.group,
        place_from=first,
        place_to=last,
        evidence=row.submission.rung_word,
        created=entry.created,
    )
