"""Whole runs of user turns: time a call of a standard grid, size of the log, scoring it again."""

import tempfile
import time
from pathlib import Path

from inspect_ai import eval as inspect_eval
from inspect_ai import score
from inspect_ai.log import EvalLog

from interplay.scorers.followup import followup, turn_labels
from interplay.tasks.user_turn import user_turn

TURNS = 11
"""Turns of one context: one greedy, ten drawn; the reply is one call more."""
REGRADED = 1500
"""Contexts that the bar of scoring again speaks of."""


def run(folder: str, k: int) -> tuple[EvalLog, float]:
    began = time.perf_counter()
    (log,) = inspect_eval(
        user_turn(datasets="bundled", k=k),
        model="reference/curious",
        log_dir=folder,
        display="none",
        log_level="error",
    )
    return log, time.perf_counter() - began


def rows() -> list[tuple[str, float, float, str]]:
    with tempfile.TemporaryDirectory() as folder:
        run(folder, 1)  # imports and caches
        log, seconds = run(folder, TURNS - 1)
        contexts = len(log.samples or [])
        size_kb = Path(log.location.removeprefix("file://")).stat().st_size / 1000 / contexts
        began = time.perf_counter()
        score(log, [followup(), turn_labels()], action="overwrite", model="none/none", display="none")
        again = (time.perf_counter() - began) * REGRADED / contexts
    return [
        ("user turns, a call with its share of scoring", 1000 * seconds / contexts / (TURNS + 1), 15.0, "ms"),
        ("log per context", size_kb, 40.0, "KB"),
        ("scoring 1,500 contexts again", again, 60.0, "s"),
    ]
