"""Logs of judged runs, of which sheets for people are drawn."""

from pathlib import Path
from typing import TYPE_CHECKING

from interplay.tasks.mistakes import UserMistake

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog


def judged_log(path: Path) -> "EvalLog":
    """The log of a file.

    Raises:
        UserMistake: it is no readable log.
    """
    from inspect_ai.log import read_eval_log

    try:
        return read_eval_log(str(path), resolve_attachments=True)
    except Exception as error:  # what is no whole log fails in many ways
        raise UserMistake(f"{path}: not a readable log ({type(error).__name__}); give .eval files.") from None
