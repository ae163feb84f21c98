"""Whole runs: a standard run with scoring, its log, and a smoke run from the command line."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from inspect_ai import eval as inspect_eval

from interplay.tasks.mazes import maze_collab


def rows() -> list[tuple[str, float, float, str]]:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        (log,) = inspect_eval(
            maze_collab(), model="reference/cartographer", log_dir=folder, display="none", log_level="error"
        )
        standard = time.perf_counter() - began
        samples = log.samples or []
        size_kb = Path(log.location.removeprefix("file://")).stat().st_size / 1000 / len(samples)
        began = time.perf_counter()
        command = [str(Path(sys.executable).with_name("interplay")), "eval", "mazes", "--preset", "smoke",
                   "--model", "reference/cartographer", "--log-dir", str(Path(folder) / "smoke")]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
        smoke = time.perf_counter() - began
    return [
        ("standard C7, cartographer, 240 episodes with scoring", standard, 60.0, "s"),
        ("log per episode", size_kb, 12.0, "KB"),
        ("interplay eval mazes --preset smoke", smoke, 20.0, "s"),
    ]
