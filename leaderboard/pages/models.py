"""Models of the list of models and of each model's page: all its results, whatever became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..canonical import model_slug
from ..models import ModelRecord, display_name, load_models
from ..remembering import Memory
from ..standings import Row, Standing, Submission, unread_word
from .boards import Link
from .crisis import CrisisResult, crisis_results
from .side_by_side import SideBySide, side_by_side
from .tables import configuration_words, entry_href, headline_quantity
from .words import interval_words


class ModelLine(NamedTuple):
    """One model in the list of models."""

    name: str
    model_id: str
    developer: str
    weights: str
    href: str
    boards: int
    date: str


class ModelResult(NamedTuple):
    """One result on a model's page."""

    board: Link
    measure: str
    detail: str
    score: str
    interval: str
    places: str
    why: str
    rung: int
    rung_word: str
    version: str
    date: str
    href: str


@dataclass(frozen=True)
class ModelPage:
    """All results of one model."""

    name: str
    model_id: str
    record: ModelRecord | None
    results: tuple[ModelResult, ...]
    side_by_side: tuple[SideBySide, ...] = ()
    crisis: tuple[CrisisResult, ...] = ()


def model_href(model_id: str) -> str:
    """Address of a model's page, from the start of the site."""
    return f"models/{model_slug(model_id)}/"


def model_pages(
    standings: Mapping[str, Standing], submissions: Sequence[Submission], memory: Memory
) -> tuple[tuple[ModelLine, ModelPage], ...]:
    """A line and a page for every model that has an entry, models first, then reference players."""
    by_id: dict[str, list[Submission]] = {}
    for submission in submissions:
        by_id.setdefault(submission.entry.model.id, []).append(submission)
    rows = {
        (standing.board.id, row.entry.entry_id): row
        for standing in standings.values()
        for row in (*standing.rows, *standing.reference, *standing.open_rows)
    }
    listed = frozenset(rows)
    found: list[tuple[ModelLine, ModelPage]] = []
    for model_id, own in by_id.items():
        record = load_models().get(model_id)
        results = tuple(_model_results(own, standings, rows, memory))
        line = ModelLine(
            display_name(model_id),
            model_id,
            record.developer if record else "",
            record.weights if record else "",
            model_href(model_id),
            len({result.board.href for result in results}),
            max(s.entry.created for s in own)[:10],
        )
        beside = side_by_side(own, standings, listed)
        found.append((line, ModelPage(line.name, model_id, record, results, beside, crisis_results(own))))
    return tuple(
        sorted(
            found, key=lambda item: (item[0].weights == "scripted", item[0].name.lower(), item[0].model_id)
        )
    )


def _model_results(
    own: Sequence[Submission],
    standings: Mapping[str, Standing],
    rows: Mapping[tuple[str, str], Row],
    memory: Memory,
) -> list[ModelResult]:
    """Results in the order of boards, on each board the newest first."""
    newest = sorted(own, key=lambda s: s.entry.created, reverse=True)
    found: dict[str, list[ModelResult]] = {name: [] for name in standings}
    for submission in newest:
        for result in submission.results:
            standing = standings.get(result.board)
            if standing is not None and standing.board.headline in result.metrics:
                row = rows.get((result.board, submission.entry.entry_id))
                found[result.board].append(memory(_model_result, submission, standing, row))
    return [line for lines in found.values() for line in lines]


def _model_result(submission: Submission, standing: Standing, row: Row | None) -> ModelResult:
    board, entry = standing.board, submission.entry
    result = submission.result(board.id)
    assert result is not None
    metric = result.metrics[board.headline]
    preset = f"preset {result.preset}" if result.preset != "standard" else ""
    first, last = row.places if row and row.places else (0, 0)
    if submission.withdrawn:
        why = "withdrawn"
    elif submission.superseded_by:
        why = "superseded"
    elif row is None:
        why = "replicate or earlier version"
    elif standing.is_alone(row) and row.places:
        first, why = 0, "the only one of its family"
    else:
        why = row.reason or (row.group and f"in {row.group}" if row.places else entry.division)
    return ModelResult(
        board=Link(board.title, f"boards/{board.id}/"),
        measure=board.label,
        detail=" · ".join(words for words in (configuration_words(entry), preset) if words),
        score=headline_quantity(board, submission, result).text,
        interval=""
        if unread_word(board, submission, result)
        else interval_words(metric, board.headline_range),
        places="" if not first else str(first) if first == last else f"{first}–{last}",
        why=why,
        rung=submission.rung,
        rung_word=submission.rung_word,
        version=result.task_version,
        date=entry.created[:10],
        href=entry_href(entry.entry_id),
    )
