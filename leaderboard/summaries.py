"""Own logs from their headers and the summaries of their samples: what a report needs, one log at a time.

A summary holds metadata and score values but no messages, so that a log of 86,000 replies is read in seconds
and fits into memory. What only the whole sample tells (words written, calls, edited scores) is left empty.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zipfile import ZipFile

from pydantic_core import from_json

from interplay.tasks.catalog import input_pin
from interplay.tasks.mistakes import UserMistake

from .extract import fact_words, flat_scores, header_row
from .own_logs import log_files, refuse_foreign, unreadable
from .rows import LogRows, SampleRow

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog

SUMMARIES = "summaries.json"
"""Member of a finished log; while a run goes on the summaries stand in parts."""
Summary = Mapping[str, object]


def summarised_logs(paths: Sequence[Path], tasks: Collection[str] = ()) -> Iterator[LogRows]:
    """The logs as they are read, so that only one is held at a time.

    Args:
        paths: Files and folders; folders are searched for `.eval` files.
        tasks: Registry names of the tasks whose logs are expected; any of this suite where empty.

    Raises:
        UserMistake: There is no log, one cannot be read, or it is of another task.
    """
    files = log_files(paths)
    headers = [_header(path, tasks) for path in files]
    for path, header in zip(files, headers, strict=True):
        try:
            latest = {(str(one["id"]), one["epoch"]): one for one in _summaries(path)}
            rows = tuple(map(summary_row, latest.values()))
        except Exception as error:  # a damaged archive fails in many ways, all of them mean the same
            raise unreadable(path, error) from None
        yield LogRows(header_row(header), rows)


def _header(path: Path, tasks: Collection[str]) -> "EvalLog":
    from inspect_ai.log import read_eval_log

    try:
        header = read_eval_log(str(path), header_only=True)
    except Exception as error:  # as above
        raise unreadable(path, error) from None
    task = header.eval.task_registry_name or header.eval.task
    refuse_foreign(path, task)
    if tasks and task not in tasks:
        raise UserMistake(f"{path}: a log of {task}; give logs of {', '.join(sorted(tasks))}.")
    return header


def _summaries(path: Path) -> Sequence[Summary]:
    with ZipFile(path) as archive:
        if SUMMARIES in archive.namelist():
            return cast(Sequence[Summary], from_json(archive.read(SUMMARIES)))
    from inspect_ai.log import read_eval_log_sample_summaries

    return [one.model_dump() for one in read_eval_log_sample_summaries(str(path))]


def summary_row(summary: Summary) -> SampleRow:
    """One sample as far as its summary tells it."""
    asked = summary.get("input")
    scores = cast("Mapping[str, Mapping[str, object]]", summary.get("scores") or {})
    metadata = cast("Mapping[str, object]", summary.get("metadata") or {})
    parts = ((name, one.get("value"), one.get("metadata")) for name, one in scores.items())
    return SampleRow(
        sample_id=str(summary["id"]),
        epoch=cast(int, summary["epoch"]),
        pin=input_pin(asked) if isinstance(asked, str) else "",
        facts={},
        metadata=fact_words(metadata),
        score=flat_scores(parts),
        errored=summary.get("error") is not None,
        limit=cast("str | None", summary.get("limit")),
        usage={},
        seconds=cast("float | None", summary.get("working_time")) or 0.0,
        started_at=None,
        completed_at=None,
        completions="",
        fallbacks=0,
        edits=(),
    )
