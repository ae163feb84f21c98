"""The site of many entries: a full build, its growth, its memory, and how soon one change is seen."""

import shutil
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
from interplay.leaderboard.build import build_site
start = time.monotonic()
build_site(Path(sys.argv[1]), Path(sys.argv[2]))
seconds = time.monotonic() - start
peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(seconds, peak)
"""


def rows() -> list[tuple[str, float, float, str]]:
    """Full builds of 1,000 and 10,000 entries in processes of their own, then one change to the larger."""
    from interplay.leaderboard.build import SiteBuilder
    from tests.leaderboard import synthetic
    from tests.leaderboard.synthetic_large import large_entries, write_large

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_large(folder / "few", FEW)
        write_large(folder / "many", MANY)
        few, _ = measured(folder / "few", folder / "few-site")
        many, peak = measured(folder / "many", folder / "many-site")
        builder = SiteBuilder(folder / "many", folder / "many-site")
        builder.build()
        content, _ = next(large_entries(1))
        record = synthetic.record(content, "rerun")
        synthetic.write(folder / "many", content, [record])
        start = time.monotonic()
        builder.build()
        change = time.monotonic() - start
        shutil.rmtree(folder / "many-site")
    return [
        ("site, 10,000 entries, full build", many, 60, "s"),
        ("site, 10,000 entries, peak memory of the largest process", peak / MEGABYTE, 1536, "MB"),
        ("site, time of 10,000 entries to 10 times that of 1,000", many / (MANY / FEW * few), 1.2, "ratio"),
        ("site, 10,000 entries, one entry gets a record", change, 2, "s"),
    ]


def measured(root: Path, out: Path) -> tuple[float, float]:
    """Seconds of a full build, and the peak memory of its largest process in KB."""
    command = [sys.executable, "-c", CODE, str(root), str(out)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak = run.stdout.split()
    return float(seconds), float(peak)
