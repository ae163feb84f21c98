"""How soon a command begins: its help, and a run of two samples beside `inspect eval` of a bare task.

Whole processes, in turn, so that both see the same machine; seconds are those of the processor, which other
work on the machine changes little. A ratio is the median of the pairs.
"""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

PAIRS = 5
BIN = Path(sys.executable).parent
HELP_SECONDS, RATIO = 0.5, 1.3
BARE = """
from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.scorer import exact

@task
def bare():
    return Task(dataset=[Sample(id=i, input="hello", target="world") for i in (1, 2)], scorer=exact())
"""
FOLLOWER = ("--model", "reference/follower")
TASK = ("interplay/maze_collab", *FOLLOWER, "-T", "preset=smoke")


def spent(*command: str, folder: str | None = None) -> float:
    """Processor seconds of a command that has to succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def paired(ours: Sequence[str], bare: Sequence[str], folder: str) -> tuple[float, float]:
    """Median seconds of the first command, and the median of its ratios to the second."""
    pairs = [(spent(*ours, folder=folder), spent(*bare, folder=folder)) for _ in range(PAIRS)]
    return median(own for own, _ in pairs), median(own / other for own, other in pairs)


def rows() -> list[tuple[str, float, float, str]]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(BARE, encoding="utf-8")
        inspect, interplay = str(BIN / "inspect"), str(BIN / "interplay")
        quiet = ("--display", "none", "--log-dir", "logs")
        bare = (inspect, "eval", "bare.py", "--model", "mockllm/model", *quiet)
        other = (inspect, "eval", *TASK, "--limit", "2", *quiet)
        own = (interplay, "eval", "mazes", *FOLLOWER, "--preset", "smoke", "--limit", "2", "--yes")
        for warm in (bare, other):
            spent(*warm, folder=folder)
        help_seconds = median(spent(interplay, "--help") for _ in range(PAIRS))
        by_inspect = paired(other, bare, folder)
        found: list[float] = []
        for n in range(PAIRS):
            found.append(spent(*own, "--log-dir", f"own-{n}", folder=folder) / spent(*bare, folder=folder))
    return [
        ("interplay --help", help_seconds, HELP_SECONDS, "s"),
        ("inspect eval of a maze task, two samples, to a bare task", by_inspect[1], RATIO, "ratio"),
        ("interplay eval of two samples, to a bare task", median(found), RATIO, "ratio"),
    ]
