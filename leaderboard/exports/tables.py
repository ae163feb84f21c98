"""`data/results.csv` and `data/results.parquet`: one row per shown entry and board."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from importlib.util import find_spec

from ..models import load_models
from ..standings import Row, Standing, unread_word

HAS_PARQUET = find_spec("pyarrow") is not None
PARQUET_MISSING = (
    "pyarrow is not installed, so data/results.parquet is left out. Remedy: pip install 'interplay[site]'."
)


@dataclass(frozen=True)
class ResultRow:
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


COLUMNS = tuple(field.name for field in fields(ResultRow))


def result_rows(standings: Mapping[str, Standing]) -> list[ResultRow]:
    """Rows of all boards: closed, reference and open division, current versions."""
    return [
        _row(found, row)
        for found in standings.values()
        for row in (*found.rows, *found.reference, *found.open_rows)
    ]


def results_csv(rows: Sequence[ResultRow]) -> bytes:
    """The rows as CSV, figures with six decimals."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (f"{cell:.6f}" if isinstance(cell, float) else cell for cell in astuple(row))
        writer.writerow("" if cell is None else cell for cell in cells)
    return written.getvalue().encode()


def results_parquet(rows: Sequence[ResultRow]) -> bytes:
    """The rows as Parquet, with types, and what is missing as null."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"value": pa.float64(), "lo": pa.float64(), "hi": pa.float64(), "n": pa.int64()}
    kinds |= {"place_from": pa.int64(), "place_to": pa.int64()}
    schema = pa.schema([pa.field(name, kinds.get(name, pa.string())) for name in COLUMNS])
    columns = {name: [getattr(row, name) for row in rows] for name in COLUMNS}
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns, schema=schema), sink, compression="zstd")
    return sink.getvalue().to_pybytes()


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
