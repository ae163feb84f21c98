"""What a machine refuses while a command works, in one sentence each: full disks, folders without rights."""

import errno
import os
import re

import click

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake

REMEDIES = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the disk quota is used up; free some space",
    errno.EFBIG: "the file would be larger than this machine allows; raise the limit",
    errno.EROFS: "the file system is read-only; give a folder that can be written",
    errno.EACCES: "this user has no right to it; change its rights, or give another folder",
    errno.EPERM: "this user has no right to it; change its rights, or give another folder",
    errno.EIO: "the disk reports an error; use another one",
    errno.ESTALE: "the network file system has lost it; mount it again",
    errno.EMFILE: "too many files are open; raise the limit with ulimit -n",
}
GO_ON = "Nothing finished is lost; the same command goes on."
STYLES = "bold|italic|underline|dim|red|green|blue|yellow|cyan|magenta|white"
MARKUP = re.compile(rf"\[(?:/|/?(?:{STYLES})(?: (?:{STYLES}))*)\]")
"""Tags with which Inspect colours its messages; other words in brackets belong to them."""


def problem_of(error: BaseException) -> click.ClickException | None:
    """The sentence for an error that the machine, or a name given, is to blame for; None for any other."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    if (type(error).__module__, type(error).__name__) == ("sqlite3", "OperationalError"):
        return EnvironmentProblem(
            f"the records of running samples, in the home folder, cannot be written ({error}); free some "
            f"space there. {GO_ON}"
        )
    if type(error).__name__ == "PrerequisiteError":  # Inspect's, for engines and packages that a run needs
        said = " ".join(MARKUP.sub("", str(error.args[0])).strip().split("\n\n")[0].split())
        return EnvironmentProblem(f"{said.removeprefix('ERROR').removeprefix(':').strip(' .')}. {GO_ON}")
    if not isinstance(error, OSError):
        return None
    path = error.filename if error.filename2 is None else error.filename2
    where = f"{path}: " if path is not None else ""
    if isinstance(error, (NotADirectoryError, FileExistsError)) and path is not None:
        return UserMistake(f"{where}a file lies where a folder is needed; give another folder.")
    if error.errno not in REMEDIES:
        return None
    return EnvironmentProblem(f"{where}{REMEDIES[error.errno]}. {GO_ON}")


def problem_in(message: str) -> click.ClickException | None:
    """The same for an error that is known by its words alone, as in the header of a log."""
    codes = (code for code in REMEDIES if os.strerror(code) in message)
    return next((problem_of(OSError(code, "")) for code in codes), None)
