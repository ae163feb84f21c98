"""The score table at the end of `interplay eval`."""

from pathlib import Path
from typing import NamedTuple

from interplay.leaderboard.analysis import mazes
from interplay.leaderboard.analysis.tables import Table, Value, interval, render
from interplay.leaderboard.entries import BoardLogs, shown_boards
from interplay.leaderboard.own_logs import read_own_logs
from interplay.leaderboard.rows import LogRows
from interplay.leaderboard.schema import Result


class Scores(NamedTuple):
    """What the finished logs of a folder show: results on boards, and the logs themselves."""

    boards: list[BoardLogs]
    results: list[Result]
    logs: list[LogRows]


def scores_of(folder: Path, family: str) -> Scores:
    """The scores of a log folder; runs that did not finish are left out."""
    logs = [log for log in read_own_logs([folder]) if log.header.status == "success"]
    boards = shown_boards(logs, family)
    return Scores(boards, [board.result() for board in boards], logs)


def table_text(scores: Scores, folder: Path) -> str:
    """The table for people: headline and secondary figures, or one row a run where no board is served."""
    note = f"95 % intervals for new units. Transcripts: inspect view --log-dir {folder}"
    if not scores.results:
        return render([mazes.overview(scores.logs)] if scores.logs else [], "text")
    rows: list[tuple[Value, ...]] = []
    for found, result in zip(scores.boards, scores.results, strict=True):
        labels = {item.key: item.label for item in found.board.secondary}
        name = result.board + (" (part)" if found.is_partial(result) else "")
        for key, metric in result.metrics.items():
            label = labels.get(key, found.board.label)
            rows.append((name, label, metric.value, interval(metric.lo, metric.hi, 3), metric.n))
    if any(found.is_partial(result) for found, result in zip(scores.boards, scores.results, strict=True)):
        note = f"(part): fewer mazes or samples than the board asks for. {note}"
    return render([Table("Scores", ("board", "figure", "value", "95 %", "n"), tuple(rows), note)], "text")
