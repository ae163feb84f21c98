"""Running tasks into one log folder: resumable, one writer at a time, nothing lost."""

import os
import re
import signal
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

from interplay.leaderboard.machine_problems import problem_in
from interplay.tasks.mistakes import UserMistake

from .answering import ProviderTimeout
from .folder_lock import held
from .stored_logs import prepare_folder, remove_outrun

if TYPE_CHECKING:
    from inspect_ai import Task
    from inspect_ai.log import EvalLog

FOREIGN_LOG = "is not associated with a task"
"""How Inspect refuses to resume in a folder with logs of other tasks."""
UNANSWERED = re.compile(r"\w*(Timeout|Connect|Network|RateLimit|Unavailable|Overloaded|InternalServer)\w*\(")
"""Errors that providers' clients raise when there is no answer; Inspect logs an error by its name."""
OWN = re.compile(rf"{ProviderTimeout.__name__}\((['\"])(.*)\1\)")
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

    @property
    def sentences(self) -> tuple[str, ...]:
        """The reasons for people, without the name of our own error."""
        return tuple(OWN.sub(r"\2", reason) for reason in self.reasons)

    @property
    def is_unanswered(self) -> bool:
        """Whether providers that could not be reached are the one reason."""
        return bool(self.reasons) and all(UNANSWERED.match(reason) for reason in self.reasons)


def run_set(tasks: "Sequence[Task]", folder: Path, options: RunOptions, below: Path | None = None) -> Outcome:
    """Runs or resumes tasks, each with its model and roles, in one log folder.

    Args:
        tasks: What is to be run.
        folder: Where logs are written.
        options: What all runs share.
        below: The folder that `folder` is one slice of.

    Raises:
        UserMistake: The folder is a file, or holds logs that these tasks did not write.
        EnvironmentProblem: Another command is writing there, or a log cannot be read.
        KeyboardInterrupt: Somebody stopped it; what was finished is in the logs.
        OSError: The folder cannot be written.
    """
    from inspect_ai import eval_set

    if folder.exists() and not folder.is_dir():
        raise UserMistake(f"{folder}: is a file; give a folder for the logs.")
    shown = "rich" if sys.stdout.isatty() and not options.quiet else "none"
    display = None if "INSPECT_DISPLAY" in os.environ and not options.quiet else shown
    with held(folder, below), terminated_as_interrupted(), undrawn() if display == "none" else nullcontext():
        prepare_folder(folder)
        try:
            success, logs = eval_set(
                list(tasks),
                log_dir=str(folder),
                model=None,
                epochs=options.epochs,
                limit=options.limit,
                max_connections=options.max_connections,
                display=display,
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
        if len(logs) < len(tasks):  # what was stopped is left out of them
            raise KeyboardInterrupt
        said = () if success else reasons(logs)
        for problem in filter(None, map(problem_in, said)):
            raise problem
        remove_outrun(folder)
    return Outcome(success, said)


@contextmanager
def undrawn() -> Generator[None]:
    """Spares the table of results that Inspect draws for the display "none" as well, and then throws away.

    With all metrics of a family it takes up to a second for each set of runs.
    """
    drawing: Any = sys.modules.get("inspect_ai._display.rich.display")
    if not hasattr(drawing, "tasks_results"):  # another version of Inspect
        yield
        return

    def nothing(tasks: object) -> str:
        return ""

    before, drawing.tasks_results = drawing.tasks_results, nothing
    try:
        yield
    finally:
        drawing.tasks_results = before


@contextmanager
def terminated_as_interrupted() -> Generator[None]:
    """Lets SIGTERM, with which schedulers end a job, finish the logs as Ctrl-C does.

    Shells start what a script puts in the background with Ctrl-C ignored, so that is undone meanwhile.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGTERM, interrupt)
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if ignored:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if ignored:
            signal.signal(signal.SIGINT, signal.SIG_IGN)


def reasons(logs: "Sequence[EvalLog]") -> tuple[str, ...]:
    """Why logs did not succeed, one sentence each reason, as Inspect logs it: often `Name('sentence')`."""
    messages = [log.error.message for log in logs if log.status != "success" and log.error]
    return tuple(dict.fromkeys(" ".join(message.split()) for message in messages))
