"""The score table at the end of `interplay eval`."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from interplay.leaderboard.analysis.reports import family_report
from interplay.leaderboard.analysis.tables import Table, Value, interval, render
from interplay.leaderboard.boards import is_incomplete
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


def table_text(scores: Scores, folder: Path) -> str:
    """The table for people: headline and secondary figures, or one row a run where no board is served."""
    note = (
        f"95 % intervals for new units; what the figures are: interplay show BOARD. "
        f"Tables: interplay report {scores.family} {folder}. Transcripts: inspect view --log-dir {folder}"
    )
    if not scores.results:
        overview = [family_report(scores.family).overview(scores.logs)] if scores.logs else []
        return render(overview, "text")
    rows: list[tuple[Value, ...]] = []
    for found, result in zip(scores.boards, scores.results, strict=True):
        labels = {item.key: item.label for item in found.board.secondary}
        name = result.board + (" (part)" if found.is_partial(result) else "")
        for key, metric in result.metrics.items():
            label = labels.get(key, found.board.label)
            unread = key == found.board.headline and is_incomplete(found.board, result)
            figures = (None, "incomplete") if unread else shown(metric)
            rows.append((name, label, *figures, metric.n))
    if any(found.is_partial(result) for found, result in zip(scores.boards, scores.results, strict=True)):
        note = f"(part): fewer items or samples than the board asks for. {note}"
    if any(metric.n < 2 for result in scores.results for metric in result.metrics.values()):
        note = f"–: one unit gives no interval. {note}"
    return render([Table("Scores", ("board", "figure", "value", "95 %", "n"), tuple(rows), note)], "text")
