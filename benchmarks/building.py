"""The site of many entries: a full build, its growth, its memory, and how soon one change is seen."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
MANY, FEW = 10_000, 1_000
MEGABYTE = 1024
CODE = """
import resource, sys, time
from pathlib import Path
begin = time.monotonic()
from interplay.leaderboard.build import build_site
start = time.monotonic()
build_site(Path(sys.argv[1]), Path(sys.argv[2]))
end = time.monotonic()
peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(end - start, end - begin, peak)
"""


def rows() -> list[tuple[str, float, float, str]]:
    """Full builds of 1,000 and 10,000 entries in processes of their own, then changes to the larger.

    A change is seen when a watcher has looked at the folders and built; it looks twice a second. For a
    process that starts anew over a built site there is a figure and no promise.
    """
    from interplay.leaderboard.watching import PAUSE, Watcher
    from tests.leaderboard.changed_entries import CHANGES
    from tests.leaderboard.synthetic_large import write_large

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_large(folder / "few", FEW)
        write_large(folder / "many", MANY)
        few, _, _ = measured(folder / "few", folder / "few-site")
        many, _, peak = measured(folder / "many", folder / "many-site")
        watcher = Watcher(folder / "many", folder / "many-site", lambda _: None)
        watcher.build()
        seen: dict[str, float] = {}
        names: dict[str, str] = {}
        for what, change in CHANGES.items():
            names[what] = change(folder / "many")
            start = time.monotonic()
            watcher.step()
            seen[what] = PAUSE + time.monotonic() - start
        (folder / "many" / "leaderboard" / "entries" / f"{names['is added']}.json").unlink()
        _, again, _ = measured(folder / "many", folder / "many-site")
    return [
        ("site, 10,000 entries, full build", many, 60, "s"),
        ("site, 10,000 entries, peak memory of the largest process", peak / MEGABYTE, 1536, "MB"),
        ("site, time of 10,000 entries to 10 times that of 1,000", many / (MANY / FEW * few), 1.2, "ratio"),
        *((f"site, 10,000 entries, until one that {what} is seen", s, 2, "s") for what, s in seen.items()),
        ("site, 10,000 entries, one goes and another process builds again", again, 60, "s"),
    ]


def measured(root: Path, out: Path) -> tuple[float, float, float]:
    """Seconds of a build in a new process, without and with its start, and its peak memory in KB."""
    command = [sys.executable, "-c", CODE, str(root), str(out)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, whole, peak = run.stdout.split()
    return float(seconds), float(whole), float(peak)
