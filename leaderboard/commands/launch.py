"""Running tasks into one log folder: resumable, one writer at a time, nothing lost."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from interplay.tasks.mistakes import UserMistake

from .folder_lock import held
from .stored_logs import prepare_folder

if TYPE_CHECKING:
    from inspect_ai import Task
    from inspect_ai.log import EvalLog

FOREIGN_LOG = "is not associated with a task"
"""How Inspect refuses to resume in a folder with logs of other tasks."""
RETRIES = 3
"""Attempts of a run that ended in an error, within one command."""


@dataclass(frozen=True)
class RunOptions:
    """What all runs of one command share; `cost_limit` is in dollars per sample."""

    epochs: int | None = None
    limit: int | None = None
    max_connections: int | None = None
    prices: Path | None = None
    cost_limit: float | None = None
    quiet: bool = False


class Outcome(NamedTuple):
    """Whether all runs finished, and one sentence for each reason why some did not."""

    finished: bool
    reasons: tuple[str, ...]


def run_set(tasks: "Sequence[Task]", folder: Path, options: RunOptions, below: Path | None = None) -> Outcome:
    """Runs or resumes tasks, each with its model and roles, in one log folder.

    Args:
        tasks: What is to be run.
        folder: Where logs are written.
        options: What all runs share.
        below: The folder that `folder` is one slice of.

    Raises:
        UserMistake: The folder holds logs that these tasks did not write.
        EnvironmentProblem: Another command is writing there, or a log cannot be read.
        OSError: The folder cannot be written.
    """
    from inspect_ai import eval_set

    display = "rich" if sys.stdout.isatty() and not options.quiet else "none"
    with held(folder, below):
        prepare_folder(folder)
        try:
            success, logs = eval_set(
                list(tasks),
                log_dir=str(folder),
                model=None,
                epochs=options.epochs,
                limit=options.limit,
                max_connections=options.max_connections,
                display=None if "INSPECT_DISPLAY" in os.environ and not options.quiet else display,
                cost_limit=options.cost_limit,
                model_cost_config=str(options.prices) if options.prices else None,
                retry_attempts=RETRIES,
                ctl_server=False,
            )
        except Exception as error:
            if FOREIGN_LOG not in str(error):
                raise
            raise UserMistake(
                f"{folder}: holds logs of another run, or of another version of these tasks; give another "
                "folder, or delete this one."
            ) from error
    return Outcome(success, () if success else reasons(logs))


def reasons(logs: "Sequence[EvalLog]") -> tuple[str, ...]:
    """Why logs did not succeed, one sentence each reason."""
    messages = [log.error.message for log in logs if log.status != "success" and log.error]
    return tuple(dict.fromkeys(" ".join(message.split()) for message in messages))
