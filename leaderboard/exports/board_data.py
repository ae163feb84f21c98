"""`data/boards/<id>.json`: a board column by column, with what a reader needs to compare two of its rows.

A paired difference of two entries follows from `units` of their results (in `data/entries/<id>.json`, or in
the evidence record that the column `record` names, where an entry was regraded) and, for m common units, from
`critical` here: Student's t with m − 1 degrees of freedom at 95 %, and at the levels that Bonferroni asks for
with three and with six pairs. Only entries of one `kind` (version, units, model family) are compared; it is
null where there is no headline to compare. Value and interval are null where the pages say `incomplete` or
`withheld` instead.
"""

import json

from ..boards import Board
from ..canonical import Json
from ..entries import EVIDENCE
from ..models import display_name, load_models
from ..pages.tables import headline_quantity
from ..pages.words import decimals_of, interval_words
from ..records import record_path
from ..rungs import RUNGS
from ..standings import Row, Standing, rank_group, unread_word
from ..statistics import t_quantile

LEVELS = {"t95": 1, "t95_3": 3, "t95_6": 6}
"""Critical values by name, with the number of pairs among two, three and four entries."""


def board_file(found: Standing) -> tuple[str, bytes]:
    """The file of a board."""
    return f"data/boards/{found.board.id}.json", compact(board_data(found))


def compact(content: Json) -> bytes:
    """JSON without blanks, keys in order: scripts read it, and it is as large as the board."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def board_data(found: Standing) -> dict[str, Json]:
    """One board: what it measures, its rows as columns, and critical values by number of common units.

    `earlier` gives the kind of entries of earlier versions, which have no row.
    """
    board = found.board
    rows = (*found.rows, *found.reference, *found.open_rows)
    largest = max((row.result.units_total for row in rows), default=0)
    counts = range(2, largest + 1)
    return {
        "board": board.id,
        "title": board.title,
        "family": board.family,
        "headline": board.headline,
        "label": board.label,
        "direction": board.direction,
        "range": list(board.headline_range),
        "decimals": decimals_of(board.headline_range),
        "unit": board.unit.noun,
        "ranked_within": board.rank_within,
        "detectable": None if found.detectable is None else round(found.detectable, 6),
        "critical": {
            "units": list(counts),
            **{
                name: [round(t_quantile(1 - 0.025 / pairs, count - 1), 6) for count in counts]
                for name, pairs in LEVELS.items()
            },
        },
        "columns": _columns(found, rows),
        "earlier": {
            row.entry.entry_id: _kind(found, row, version)
            for version, outdated in found.earlier.items()
            for row in outdated
        },
    }


def _kind(found: Standing, row: Row, version: int) -> str:
    """What two entries must have in common to be compared, in words."""
    board, result = found.board, row.result
    parts = [f"version {version}", f"{result.units_total} {board.unit.noun}s {result.units_digest[:8]}"]
    parts += [f"family {rank_group(board, row.entry)}"] if board.rank_within else []
    return ", ".join(parts)


def _shown(board: Board, row: Row) -> str:
    """The headline with its interval, as pages print it, and the date."""
    head = headline_quantity(board, row.submission, row.result)
    ends = f", 95 % {interval_words(row.headline, board.headline_range)}" if head.raw else ""
    return f"{board.label.lower()} {head.text}{ends} · {row.entry.created[:10]}"


def _columns(found: Standing, rows: tuple[Row, ...]) -> dict[str, Json]:
    models = load_models()
    records = [models.get(row.entry.model.id) for row in rows]
    places = [row.places or (None, None) for row in rows]
    shown = [None if unread_word(found.board, row.submission, row.result) else row.headline for row in rows]
    return {
        "entry": [row.entry.entry_id for row in rows],
        "model": [row.entry.model.id for row in rows],
        "name": [display_name(row.entry.model.id) for row in rows],
        "developer": [record.developer if record else None for record in records],
        "weights": [record.weights if record else None for record in records],
        "division": [row.entry.division for row in rows],
        "preset": [row.result.preset for row in rows],
        "version": [row.result.task_version for row in rows],
        "units_digest": [row.result.units_digest for row in rows],
        "value": [head and head.value for head in shown],
        "lo": [head and head.lo for head in shown],
        "hi": [head and head.hi for head in shown],
        "n": [row.headline.n for row in rows],
        "shown": [_shown(found.board, row) for row in rows],
        "kind": [
            None if head is None or found.is_by_anchor else _kind(found, row, found.major)
            for row, head in zip(rows, shown, strict=True)
        ],
        "group": [row.group or None for row in rows],
        "place_from": [first for first, _ in places],
        "place_to": [last for _, last in places],
        "rung": [RUNGS.index(row.submission.rung_word) for row in rows],
        "date": [row.entry.created[:10] for row in rows],
        "record": [_record(row) for row in rows],
    }


def _record(row: Row) -> str | None:
    """Address of the evidence record that holds the results shown, None where the entry's own are shown."""
    if any(row.result is result for result in row.entry.results):
        return None
    holds = (e for e in row.submission.evidence if any(row.result is result for result in e.results or ()))
    return f"data/evidence{record_path(next(holds)).removeprefix(EVIDENCE)}"
