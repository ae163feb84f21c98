"""The score table of `interplay eval` and `interplay submit`."""

import shlex
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from interplay.leaderboard.analysis.reports import family_report
from interplay.leaderboard.analysis.tables import Table, Value, interval, render
from interplay.leaderboard.boards import Board, is_incomplete
from interplay.leaderboard.entries import BoardLogs, shown_boards
from interplay.leaderboard.own_logs import read_own_logs
from interplay.leaderboard.result_parts import Metric
from interplay.leaderboard.rows import HeaderRow, LogRows
from interplay.leaderboard.schema import Result

from .parts import Part


class Scores(NamedTuple):
    """What the finished logs of a folder show: results on boards, and the logs themselves."""

    family: str
    boards: list[BoardLogs]
    results: list[Result]
    logs: list[LogRows]


def finished_logs(folder: Path) -> list[LogRows]:
    """The logs of a folder; runs that did not finish are left out."""
    return [log for log in read_own_logs([folder]) if log.header.status == "success"]


def scores_of(logs: list[LogRows], part: Part, alone: bool = True) -> Scores:
    """The scores of a part.

    Args:
        logs: What its log folder holds.
        part: Whose scores.
        alone: Whether there are no logs of other parts among them.
    """
    if not alone:
        who = {f"interplay/{task}" for task, _ in part.plan.runs}, part.model, part.roles
        logs = [log for log in logs if is_of(log.header, *who)]
    boards = shown_boards(logs, part.plan.family.name)
    return Scores(part.plan.family.name, boards, [board.result() for board in boards], logs)


def is_of(header: HeaderRow, tasks: Collection[str], model: str, roles: Mapping[str, str]) -> bool:
    """Whether a log is one of these tasks, played by this model with these in the roles."""
    return header.task in tasks and header.model == model and header.roles == roles


def shown(metric: Metric) -> tuple[Value, Value]:
    """Value and interval of a figure; a share of which nothing was seen is a bound: `≤ 0.060`.

    One unit gives no interval, and no bound.
    """
    if metric.n < 2:
        return metric.value, None
    if metric.interval == "share" and metric.value == 0 <= metric.lo:
        return f"≤ {metric.hi:.3f}", "none seen"
    return metric.value, interval(metric.lo, metric.hi, 3)


Row: TypeAlias = tuple[Value, ...]


def rows_of(board: Board, result: Result, mark: str = "") -> list[Row]:
    """One row a figure of a board: board, figure, value, interval, n."""
    labels = {item.key: item.label for item in board.secondary}
    rows: list[Row] = []
    for key, metric in result.metrics.items():
        unread = key == board.headline and is_incomplete(board, result)
        figures = (None, "incomplete") if unread else shown(metric)
        rows.append((result.board + mark, labels.get(key, board.label), *figures, metric.n))
    return rows


def score_table(rows: Sequence[Row], note: str = "") -> str:
    """The rows for people; where every figure is of one unit there is no column of intervals."""
    notes = [note] if note else []
    columns = ("board", "figure", "value", "95 %", "n")
    if any(row[4] == 1 for row in rows):
        notes = ["One unit gives no interval.", *notes]
    if all(row[3] is None for row in rows):
        columns, rows = columns[:3] + columns[4:], [row[:3] + row[4:] for row in rows]
    else:
        notes = ["95 % intervals are for new units.", *notes]
    return render([Table("Scores", columns, tuple(rows), " ".join(notes))], "text")


def table_text(scores: Scores) -> str:
    """The table for people: headline and secondary figures, or one row a run where no board is served."""
    if not scores.results:
        overview = [family_report(scores.family).overview(scores.logs)] if scores.logs else []
        return render(overview, "text")
    rows: list[Row] = []
    partial = False
    for found, result in zip(scores.boards, scores.results, strict=True):
        part = found.is_partial(result)
        rows += rows_of(found.board, result, " (part)" if part else "")
        partial = partial or part
    return score_table(rows, "(part): fewer items or samples than the board asks for." if partial else "")


def next_steps(scores: Scores, folder: Path) -> list[tuple[str, str]]:
    """What to look at after a run: a command, and what it shows."""
    if not scores.logs:
        return []
    where = shlex.quote(str(folder))
    steps = [(f"interplay show {scores.results[0].board}", "what the figures are")] if scores.results else []
    return [
        *steps,
        (f"interplay report {scores.family} {where}", "more tables"),
        (f"inspect view --log-dir {where}", "transcripts"),
    ]
