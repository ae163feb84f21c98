"""One writer a log folder: a second command that would write there is refused, not mixed in."""

import errno
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from interplay.tasks.mistakes import EnvironmentProblem

LOCK = ".interplay.lock"
BUSY = (errno.EACCES, errno.EAGAIN)
NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EINVAL)
"""What file systems without locks answer; runs there go on unguarded."""


@contextmanager
def held(folder: Path, below: Path | None = None) -> Generator[None]:
    """Makes the folder and holds it for this process; a killed process lets go by itself.

    Args:
        folder: Where logs are written.
        below: The folder that `folder` is one slice of: other slices may be written at the same time, but
            no run without slices.

    Raises:
        EnvironmentProblem: Another command is writing there.
        OSError: The folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as locks:
        if below is not None:
            locks.enter_context(_locked(below, shared=True))
        locks.enter_context(_locked(folder, shared=False))
        yield


@contextmanager
def _locked(folder: Path, shared: bool) -> Generator[None]:
    try:
        file = (folder / LOCK).open("ab+")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from None
    with file:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno in BUSY:
                    raise EnvironmentProblem(
                        f"{folder}: another run is writing into this folder; wait for it, or give another "
                        "folder with --log-dir."
                    ) from None
                if error.errno not in NO_LOCKS:
                    raise
        yield
