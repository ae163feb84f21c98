"""What it costs to check a log: hostile archives that must end early, honest ones of up to 1,024 samples.

Hostile archives are those of the tamper corpus' kind: a gigabyte in 31 KB, a very long number, twenty million
empty lists, depth, white space, padded members, a directory that lies, the densest JSON within all limits.
Times are processor time of a child from start to end, memory is its largest resident size.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from growth import marginal_ratio

from tests.leaderboard.archives import HOSTILE, hostile, long_log

LOGS = Path(__file__).parents[1] / "leaderboard" / "logs"
ANYWHERE = f"hf://datasets/acme/logs@{'0' * 40}/honest.eval"
SECONDS, MEGABYTES = 5.0, 300.0
HONEST_SECONDS, HONEST_MEGABYTES = 10.0, 600.0
SAMPLES, GROWTH = (256, 512, 1_024), 1.5
"""Multiples of the samples of the log they repeat. One of 2,048 holds more JSON tokens than a check reads."""
CHILD = """
import sys
from pathlib import Path
from interplay.leaderboard.untrusted import main
main(sys.argv[1], [Path(sys.argv[2])])
sys.stdout.flush()
peak = [line for line in open("/proc/self/status", encoding="ascii") if line.startswith("VmHWM")]
sys.__stdout__.write(peak[0].split()[1])
"""


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def child(mode: str, path: Path) -> tuple[float, float, dict[str, object]]:
    """Seconds, megabytes and answer of a child that reads a log."""
    begun = _spent()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, mode, str(path)], capture_output=True, text=True, check=False
    )
    seconds = _spent() - begun
    line, _, peak = done.stdout.rpartition("\n")
    if not peak.isdigit():  # ended by its own limits
        return seconds, 0.0, {"refused": ["L08"]}
    return seconds, int(peak) / 1024, json.loads(line)


def plain_arm() -> Path:
    """The log of a reference player that alone serves a board."""
    from inspect_ai.log import read_eval_log

    logs = sorted(LOGS.glob("reference-empath--deescalation--*.eval"))
    return next(
        p for p in logs if read_eval_log(str(p), header_only=True).eval.task_args["arms"] == "vanilla"
    )


def checked(log: Path) -> float:
    """Seconds of the whole command on the entry of a log, all its children included."""
    from interplay.leaderboard.draft import SubmitOptions
    from interplay.leaderboard.submit import prepare, write

    options = SubmitOptions(
        division="open",
        github="octocat",
        method_note="More samples than the board has.",
        method_url="https://example.org/method",
        uris={log.name: ANYWHERE},
    )
    entry = write(prepare([log], options), log.parent / "submission")[-1]
    program = Path(sys.executable).with_name("interplay")
    begun = _spent()
    command = [program, "check", entry, "--root", log.parent, "--logs", log.parent]
    subprocess.run(command, capture_output=True, check=True)
    return _spent() - begun


def rows() -> list[tuple[str, float, float, str]]:
    """The slowest and the largest of the hostile archives, and an honest log from end to end."""
    found: list[tuple[str, float, float, str]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = {kind: child("scan", hostile(kind, folder / f"{kind}.eval")) for kind in HOSTILE}
        assert all("refused" in answer for _, _, answer in measured.values()), measured
        by: list[tuple[str, Callable[[str], float], float, str]] = [
            ("s", lambda kind: measured[kind][0], SECONDS, "slowest"),
            ("MB", lambda kind: measured[kind][1], MEGABYTES, "largest"),
        ]
        for unit, key, bar, which in by:
            worst = max(measured, key=key)
            found.append((f"{which} of {len(measured)} hostile archives: {worst}", key(worst), bar, unit))
        arm, seconds = plain_arm(), dict[int, float]()
        for count in SAMPLES:
            (folder / str(count)).mkdir()
            path = long_log(folder / str(count) / "honest.eval", arm, samples=count, messages=24)
            seconds[count] = checked(path)
        path = folder / str(SAMPLES[-1]) / "honest.eval"
        scanned = child("scan", path)
        regraded = child("regrade", path)
        assert "refused" not in regraded[2], regraded[2]
        found.append(("interplay check of a log of 1,024 samples", seconds[SAMPLES[-1]], HONEST_SECONDS, "s"))
        found.append(("memory for it", max(scanned[1], regraded[1]), HONEST_MEGABYTES, "MB"))
        what = "check, one more sample: 512 to 1,024 beside 256 to 512"
        found.append((what, marginal_ratio(seconds), GROWTH, "ratio"))
    return found
