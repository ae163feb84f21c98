"""The site of many entries: a full build, its growth, its memory, and what one change costs.

A full build is promised in wall time on two cores. Growth and changes are processor time of a process with
its children, which other work on the machine leaves alone.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from growth import marginal_ratio

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SIZES = 2_500, 5_000, 10_000
MANY = SIZES[-1]
MEGABYTE, GROWTH = 1024, 1.3
CODE = """
import os, resource, sys, time
from pathlib import Path
from interplay.leaderboard.build import build_site
start = time.monotonic()
build_site(Path(sys.argv[1]), Path(sys.argv[2]))
end = time.monotonic()
peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(end - start, sum(os.times()[:4]), peak)
"""


def rows() -> list[tuple[str, float, float, str]]:
    """Full builds of three sizes in processes of their own, then changes to the largest.

    A process that starts anew over a built site reads everything again: for it there is a wide bar.
    """
    from interplay.leaderboard.watching import Watcher
    from tests.leaderboard.changed_entries import CHANGES
    from tests.leaderboard.synthetic_large import write_large

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spent: dict[int, float] = {}
        wall = peak = 0.0
        for size in SIZES:
            write_large(folder / str(size), size)
            wall, spent[size], peak = measured(folder / str(size), folder / f"{size}-site")
        root, out = folder / str(MANY), folder / f"{MANY}-site"
        watcher = Watcher(root, out, lambda _: None)
        watcher.build()
        seen: dict[str, float] = {}
        names: dict[str, str] = {}
        for what, change in CHANGES.items():
            names[what] = change(root)
            start = sum(os.times()[:4])
            watcher.step()
            seen[what] = sum(os.times()[:4]) - start
        (root / "leaderboard" / "entries" / f"{names['is added']}.json").unlink()
        _, again, _ = measured(root, out)
    return [
        ("site, 10,000 entries, full build, wall time", wall, 60, "s"),
        ("site, 10,000 entries, peak memory of the largest process", peak / MEGABYTE, 1536, "MB"),
        (
            "site, one more entry: 5,000 to 10,000 beside 2,500 to 5,000",
            marginal_ratio(spent),
            GROWTH,
            "ratio",
        ),
        *((f"site, 10,000 entries, one {what}", s, 2, "s") for what, s in seen.items()),
        ("site, 10,000 entries, one goes and another process builds again", again, 60, "s"),
    ]


def measured(root: Path, out: Path) -> tuple[float, float, float]:
    """A build in a new process: its wall time, processor time with start and children, peak memory in KB."""
    command = [sys.executable, "-c", CODE, str(root), str(out)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    wall, spent, peak = run.stdout.split()
    return float(wall), float(spent), float(peak)
