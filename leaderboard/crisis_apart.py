"""Logs of the crisis file set apart from those that an entry publishes."""

from collections.abc import Sequence
from pathlib import Path

from interplay.tasks.deescalation.crisis import UNREVIEWED, load_crisis
from interplay.tasks.mistakes import UserMistake

from .crisis import is_crisis
from .log_reader import Untrusted


def set_apart(
    files: Sequence[Path], read: Sequence[Untrusted]
) -> tuple[list[Path], list[Untrusted], tuple[Path, Untrusted] | None]:
    """The logs that are published, with their files, and the log of the crisis file if there is one.

    Raises:
        UserMistake: There are several, there is nothing else, or its items are not reviewed.
    """
    pairs = list(zip(files, read, strict=True))
    kept = [pair for pair in pairs if is_crisis(pair[1].header)]
    public = [pair for pair in pairs if not is_crisis(pair[1].header)]
    if kept and not load_crisis().reviewed:
        raise UserMistake(f"{kept[0][0].name}: {UNREVIEWED}; leave this log out.")
    if len(kept) > 1:
        raise UserMistake(
            f"{kept[1][0].name}: a second log of the crisis file, {kept[0][0].name} is one; give one of them."
        )
    if kept and not public:
        raise UserMistake(
            f"{kept[0][0].name}: a log of the crisis file is never published by itself; "
            "give it with the logs of deescalation."
        )
    return [path for path, _ in public], [log for _, log in public], kept[0] if kept else None
