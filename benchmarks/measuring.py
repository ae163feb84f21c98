"""From a log to the results of an entry, beside Inspect's own `samples_df` on the same log.

Both read the whole log in this process, in turn; a ratio is the median of the pairs.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from inspect_ai import eval as inspect_eval
from inspect_ai.analysis import samples_df

from interplay.leaderboard.entries import served_boards
from interplay.leaderboard.own_logs import read_own_logs
from interplay.tasks.mazes import maze_collab

PAIRS = 5
RATIO = 1.5


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def results(log: Path) -> None:
    """All that an entry states of a log."""
    served = served_boards(read_own_logs([log]), "mazes", "closed")
    assert [board.board.id for board in served] == ["mazes-pair"]
    assert all(board.result().metrics for board in served)


def rows() -> list[tuple[str, float, float, str]]:
    with tempfile.TemporaryDirectory() as folder:
        (run,) = inspect_eval(
            maze_collab(), model="reference/cartographer", log_dir=folder, display="none", log_level="error"
        )
        log = Path(run.location.removeprefix("file://"))

        def frame() -> None:
            assert len(samples_df(str(log), full=True, quiet=True)) == len(run.samples or [])

        results(log)
        frame()
        pairs = [(seconds(lambda: results(log)), seconds(frame)) for _ in range(PAIRS)]
    own, ratio = median(own for own, _ in pairs), median(own / other for own, other in pairs)
    return [(f"results of a log of 240 episodes, {own:.2f} s, to samples_df", ratio, RATIO, "ratio")]
