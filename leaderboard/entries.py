"""Stored entries, and the results that the logs of one entry give."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from interplay.tasks.mistakes import UserMistake

from .board_parts import LockedRun
from .boards import Board, load_boards
from .locks import Lock, Variant, board_variants, load_lock, matching_variant
from .measure import is_partial, results
from .refused import problems
from .rows import HeaderRow, LogRows
from .schema import Division, Entry, Evidence, Result
from .versions import at_current_minor, due, major_minor

AMOUNTS = ("mazes",)
"""Arguments that change how much is run, not what."""
ENTRIES, EVIDENCE, LOGS = "leaderboard/entries", "leaderboard/evidence", "leaderboard/logs"


class BoardLogs(NamedTuple):
    """One board with the logs that serve it and the locks they were compared with, if any."""

    board: Board
    logs: tuple[LogRows, ...]
    variants: tuple[Variant, ...]

    def result(self) -> Result:
        """What the logs give on the board."""
        return results(self.board, self.logs, self.variants)

    def is_partial(self, result: Result) -> bool:
        """Samples that the locks ask for are absent or not scored: for display, never for an entry."""
        return is_partial(result, self.variants)


def load_entries(root: Path) -> list[Entry]:
    """All entries below `root`, by file name.

    Raises:
        UserMistake: A file is no entry.
    """
    found: list[Entry] = []
    for path in sorted((root / ENTRIES).glob("*.json")):
        try:
            found.append(Entry.model_validate_json(path.read_bytes()))
        except ValidationError as error:
            raise UserMistake(f"{path}: {problems(error)[0]}; run `interplay check` on it.") from None
    return found


def stored_entries(root: Path) -> list[Entry]:
    """The entries below `root` that can be read: what a new one is compared with."""
    found: list[Entry] = []
    for path in sorted((root / ENTRIES).glob("*.json")):
        try:
            found.append(Entry.model_validate_json(path.read_bytes()))
        except (ValidationError, OSError):
            continue  # a check of that file says what is wrong with it
    return found


def load_evidence(root: Path, entry_id: str) -> list[Evidence]:
    """The evidence records of an entry, oldest first."""
    paths = sorted((root / EVIDENCE / entry_id).glob("*.json"))
    return [Evidence.model_validate_json(path.read_bytes()) for path in paths]


def served_boards(logs: Sequence[LogRows], family: str, division: Division) -> list[BoardLogs]:
    """The boards of a family for which all runs are among the logs, in the order of its board file.

    In the closed and reference divisions a run is there when a log fits its lock; in the open division
    when task, and the arguments that the board names, agree. Logs of an earlier minor version count with
    their regraded scores, those of an earlier major version with the locks of that version.
    """
    logs = [at_current_minor(log) for log in logs]
    served: list[BoardLogs] = []
    for board in load_boards().values():
        if board.family != family:
            continue
        found = None
        if division != "open":
            for preset in board.presets(division):
                found = found or _locked(board, preset, logs)
        else:
            found = _alike(board, logs)
        if found is not None:
            served.append(found)
    return served


def shown_boards(logs: Sequence[LogRows], family: str) -> list[BoardLogs]:
    """The boards on which these logs can be shown: as locked, else with fewer units or preset `smoke`.

    For tables on the screen. A run with other arguments, partners or roles than those of the board is no
    run of it.
    """
    shown: list[BoardLogs] = []
    for board in load_boards().values():
        if board.family == family:
            locked = (_locked(board, preset, logs) for preset in board.presets("reference"))
            found = next((item for item in locked if item), None) or _smaller(board, logs)
            shown += [found] if found else []
    return shown


def _smaller(board: Board, logs: Sequence[LogRows]) -> BoardLogs | None:
    """Runs of fewer units; those of a preset of other units, such as `paper`, are on another scale."""
    variants = board_variants(board, board.preset)
    logs = [log for log in logs if log.header.preset in (board.preset, "smoke")]
    fitting = [[log for log in logs if _differs_in_amount(log.header, v)] for v in variants]
    presets = {log.header.preset for group in fitting for log in group}
    if not variants or not all(fitting) or len(presets) != 1:
        return None
    return BoardLogs(board, tuple(log for group in fitting for log in group), ())


def _differs_in_amount(header: HeaderRow, variant: Variant) -> bool:
    """Same task call, apart from the preset, the number of mazes, and what the lock leaves free."""
    ignored = {*variant.free_args, *AMOUNTS}
    args = {key: value for key, value in header.args.items() if key not in ignored}
    locked = {key: value for key, value in variant.args.items() if key not in ignored}
    task = load_lock(header.task, header.task_version)
    return (
        task is not None
        and variant in task.variants
        and args == locked
        and not set(header.roles) - set(variant.roles)
    )


def _locked(board: Board, preset: str, logs: Sequence[LogRows]) -> BoardLogs | None:
    found = _by_locks(board, preset, logs, {})
    earlier = {} if found else _earlier_locks(logs)
    return _by_locks(board, preset, logs, earlier) if earlier else found


def _earlier_locks(logs: Sequence[LogRows]) -> dict[str, Lock]:
    """The newest locks of the tasks of which some log is of an earlier major version."""
    versions = sorted({(log.header.task, log.header.task_version) for log in logs}, key=_by_version)
    old = ((task, load_lock(task, version)) for task, version in versions if due(task, version) == "rerun")
    return {task: lock for task, lock in old if lock}


def _by_version(run: tuple[str, str]) -> tuple[int, int]:
    return major_minor(run[1])


def _by_locks(
    board: Board, preset: str, logs: Sequence[LogRows], earlier: Mapping[str, Lock]
) -> BoardLogs | None:
    variants = board_variants(board, preset, earlier)
    fitting = [[log for log in logs if matching_variant(log.header) == variant] for variant in variants]
    if not variants or not all(fitting):
        return None
    return BoardLogs(board, tuple(log for group in fitting for log in group), tuple(variants))


def _alike(board: Board, logs: Sequence[LogRows]) -> BoardLogs | None:
    fitting = [[log for log in logs if _fits(log.header, run)] for run in board.runs]
    presets = {log.header.preset for group in fitting for log in group}
    if not all(fitting) or len(presets) != 1:
        return None
    return BoardLogs(board, tuple(log for group in fitting for log in group), ())


def missing_runs(logs: Sequence[LogRows], family: str) -> str:
    """What each board of a family still needs, in words."""
    words: list[str] = []
    for board in load_boards().values():
        if board.family == family:
            absent = [f"{run.task} with {json.dumps(run.args)}" for run in board.runs
                      if not any(_fits(log.header, run) for log in logs)]  # fmt: skip
            words.append(f"{board.id} needs " + (" and ".join(absent) or f"preset {board.preset}"))
    return "; ".join(words)


def _fits(header: HeaderRow, run: LockedRun) -> bool:
    """Same task, same value of every argument that the board names."""
    return header.task == run.task and all(header.args.get(key) == value for key, value in run.args.items())
