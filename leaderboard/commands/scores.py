"""The score table at the end of `interplay eval`."""

from pathlib import Path
from typing import NamedTuple

from interplay.leaderboard.analysis.reports import family_report
from interplay.leaderboard.analysis.tables import Table, Value, interval, render
from interplay.leaderboard.boards import is_incomplete
from interplay.leaderboard.entries import BoardLogs, shown_boards
from interplay.leaderboard.own_logs import read_own_logs
from interplay.leaderboard.result_parts import Metric
from interplay.leaderboard.rows import LogRows
from interplay.leaderboard.schema import Result


class Scores(NamedTuple):
    """What the finished logs of a folder show: results on boards, and the logs themselves."""

    family: str
    boards: list[BoardLogs]
    results: list[Result]
    logs: list[LogRows]


def scores_of(folder: Path, family: str) -> Scores:
    """The scores of a log folder; runs that did not finish are left out."""
    logs = [log for log in read_own_logs([folder]) if log.header.status == "success"]
    boards = shown_boards(logs, family)
    return Scores(family, boards, [board.result() for board in boards], logs)


def shown(metric: Metric) -> tuple[Value, Value]:
    """Value and interval of a figure; a share of which nothing was seen is a bound: `≤ 0.060`."""
    if metric.interval == "share" and metric.value == 0 <= metric.lo:
        return f"≤ {metric.hi:.3f}", "none seen"
    return metric.value, interval(metric.lo, metric.hi, 3)


def table_text(scores: Scores, folder: Path) -> str:
    """The table for people: headline and secondary figures, or one row a run where no board is served."""
    note = f"95 % intervals for new units. Transcripts: inspect view --log-dir {folder}"
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
    return render([Table("Scores", ("board", "figure", "value", "95 %", "n"), tuple(rows), note)], "text")
