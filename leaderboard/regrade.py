"""The same scorers once more, on stored transcripts: what the checker compares a log's scores with.

Scorers come from the task that this checkout builds for the locked call, and from the judges that its boards
declare and the log names. They run without a model: a judge's answers are read again as the log holds them,
and whoever asked for a model would get an error, never a call.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from .board_parts import Judged
from .boards import load_boards
from .extract import score_row
from .findings import shown
from .locks import Variant, matching_variant, task_of
from .rows import HeaderRow, ScoreRow

if TYPE_CHECKING:
    from inspect_ai.event import ScoreEvent
    from inspect_ai.log import EvalLog, EvalSample
    from inspect_ai.scorer import Metric, Scorer, ScoreReducer

T = TypeVar("T")
NO_MODEL = "none/none"
TOLERANCE = 1e-9


def locked_scorers(header: HeaderRow) -> "list[Scorer] | None":
    """Scorers of the locked call that this log claims to be, or None where no lock fits."""
    variant = matching_variant(header)
    if variant is None:
        return None
    own = list(task_of(header.task, variant.preset, variant.args).scorer or [])
    return own + [judge.make() for judge in judges_of(header, variant) if judge.name not in variant.scorers]


def compared_scorers(header: HeaderRow) -> tuple[str, ...]:
    """Names of the scorers whose scores must come out the same, none where no lock fits."""
    variant = matching_variant(header)
    if variant is None:
        return ()
    return tuple(dict.fromkeys((*variant.scorers, *(judge.name for judge in judges_of(header, variant)))))


def judges_of(header: HeaderRow, variant: Variant) -> list[Judged]:
    """The judges that the boards of a locked call declare and that a log names."""
    boards = [board for name in variant.boards if (board := load_boards().get(name)) is not None]
    found = {judge.name: judge for board in boards for judge in board.judged}
    return [judge for name, judge in found.items() if name in header.scorers]


def regraded_scores(
    log: "EvalLog", samples: "Sequence[EvalSample]", scorers: "Sequence[Scorer]"
) -> list[ScoreRow | None]:
    """What the scorers say of each sample, None for one that ended in an error.

    Args:
        log: The header of the log.
        samples: Samples with attachments resolved; their scores are replaced.
        scorers: Scorers that need no model.
    """
    from inspect_ai import score

    header = log.model_copy(deep=True)
    header.eval.model_roles = None
    header.eval.metrics = None
    header.eval.scorers = None
    header.results = None
    header.reductions = None
    graded = [sample for sample in samples if sample.error is None]
    if not graded:
        return [None] * len(samples)
    for sample in graded:
        sample.events = list(recorded_scores(sample))
        sample.store = OwnStore(sample.store)
    header.samples = graded
    scored = score(
        header,
        list(scorers),
        metrics=_no_metrics(graded),
        epochs_reducer=first_epoch(),
        action="overwrite",
        model=NO_MODEL,
        display="plain",  # shows nothing here, while "none" draws a progress bar for nobody to see
        copy=False,
    )
    new = {(sample.id, sample.epoch): sample.scores for sample in scored.samples or []}
    return [
        score_row(new[sample.id, sample.epoch]) if (sample.id, sample.epoch) in new else None
        for sample in samples
    ]


class OwnStore(dict[str, object]):
    """The store of a sample that nobody else holds, so that Inspect need not copy all that it keeps."""

    def __deepcopy__(self, memo: dict[int, object]) -> dict[str, object]:
        return dict(self)


@cache
def first_epoch() -> "ScoreReducer":
    """Stands for the mean over epochs, which Inspect computes of every score and nobody reads here."""
    from inspect_ai.scorer import Score, score_reducer

    @score_reducer(name="interplay/first_epoch")
    def first() -> "ScoreReducer":
        def reduce(scores: list[Score]) -> Score:
            return scores[0]

        return reduce

    return first()


def recorded_scores(sample: "EvalSample") -> "Iterator[ScoreEvent]":
    """The scores of a sample as events, where a scorer finds what its judge had answered."""
    from inspect_ai.event import ScoreEvent

    for name, recorded in (sample.scores or {}).items():
        yield ScoreEvent(score=recorded, scorer=name)


def _no_metrics(samples: "Sequence[EvalSample]") -> "dict[str, list[Metric]] | None":
    """Metrics of a key that no score has.

    Inspect copies every sample's metadata for every key that it averages, which costs more than scoring,
    and nobody reads these averages. Scores that are plain numbers keep the scorer's own metrics.
    """
    from inspect_ai.scorer import mean

    values = [score.value for sample in samples for score in (sample.scores or {}).values()]
    return {"": [mean()]} if any(isinstance(value, Mapping) for value in values) else None


def score_difference(
    stored: ScoreRow, regraded: ScoreRow, scorers: Collection[str] | None = None
) -> str | None:
    """The first number that differs by more than 1e-9, or the first other word, in a sentence, or None.

    Numbers of the value come first, then those of the metadata, which boards read as well. A word that only
    the scorers of this checkout write is none of the log's.

    Args:
        stored: As the log has it.
        regraded: As the scorers of this checkout give it.
        scorers: The scorers that were run again; what others left in the log stands on no board and is not
            compared. None compares everything.
    """
    for old, new in ((_value(stored), _value(regraded)), (stored.numbers, regraded.numbers)):
        if found := _difference(_of(scorers, old), _of(scorers, new)):
            return found
    return _other_word(_of(scorers, stored.words), regraded.words)


def scorers_in(row: ScoreRow) -> set[str]:
    """Names of the scorers whose figures stand in a score."""
    return {key.split(".")[0] for key in (*row.numbers, *row.words)}


def _of(scorers: Collection[str] | None, values: Mapping[str, T]) -> dict[str, T]:
    return {key: v for key, v in values.items() if scorers is None or key.split(".")[0] in scorers}


def _value(row: ScoreRow) -> dict[str, float]:
    return {key: row.numbers[key] for key in row.value_keys}


def _difference(stored: Mapping[str, float], regraded: Mapping[str, float]) -> str | None:
    for key in sorted({*stored, *regraded}):
        old, new = stored.get(key, math.nan), regraded.get(key, math.nan)
        same = math.isnan(old) and math.isnan(new)
        if not same and not abs(old - new) <= TOLERANCE:
            return f"{key} is {_shown(old)} in the log and {_shown(new)} when scored again"
    return None


def _other_word(stored: Mapping[str, str], regraded: Mapping[str, str]) -> str | None:
    for key in sorted(stored):
        if stored[key] != regraded.get(key):
            again = shown(regraded.get(key))
            return f"{key} is {shown(stored[key])} in the log and {again} when scored again"
    return None


def _shown(number: float) -> str:
    return "not scored" if math.isnan(number) else f"{number:g}"
