"""Logs that the reader of this machine made: found, read, and refused in one sentence where they are none."""

from collections.abc import Sequence
from pathlib import Path

from interplay.tasks.mistakes import UserMistake

from .extract import rows_of
from .rows import LogRows


def read_own_logs(paths: Sequence[Path]) -> list[LogRows]:
    """Rows of logs that the reader of this machine made; an untrusted log goes through `archive`.

    Args:
        paths: Files and folders; folders are searched for `.eval` files.

    Raises:
        UserMistake: There is no log, one cannot be read, or it was not made by this suite.
    """
    from inspect_ai.log import read_eval_log

    logs: list[LogRows] = []
    for path in log_files(paths):
        try:
            log = read_eval_log(str(path))
        except Exception as error:  # a truncated archive fails in many ways, all of them mean the same
            raise unreadable(path, error) from None
        refuse_foreign(path, log.eval.task_registry_name or log.eval.task)
        logs.append(rows_of(log))
    return logs


def log_files(paths: Sequence[Path]) -> list[Path]:
    """The `.eval` files named or contained in folders, sorted by name within each folder.

    Raises:
        UserMistake: A path does not exist, is no log, or a folder holds none.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*.eval"))
            if not inside:
                raise UserMistake(
                    f"{path}: no .eval log in this folder; run `interplay eval` with --log-dir {path}."
                )
            found += inside
        elif not path.exists():
            raise UserMistake(f"{path}: no such file or folder; give the log that `interplay eval` wrote.")
        elif path.suffix != ".eval":
            raise UserMistake(f"{path}: not an .eval log; give the file that `interplay eval` wrote.")
        else:
            found.append(path)
    if not found:
        raise UserMistake("no log was given; name at least one .eval file or a folder with some.")
    return list(dict.fromkeys(found))


def unreadable(path: Path, error: Exception) -> UserMistake:
    """The sentence for a file that is no complete log."""
    return UserMistake(
        f"{path}: not a readable log ({type(error).__name__}), perhaps cut off while it was written; "
        "repeat the interplay eval command (it resumes)."
    )


def refuse_foreign(path: Path, task: str) -> None:
    """Refuses the log of another suite.

    Raises:
        UserMistake: The task is none of this package.
    """
    if not task.startswith("interplay/"):
        raise UserMistake(
            f"{path}: a log of {task}, which is no task of this suite; give logs of interplay/… tasks."
        )
