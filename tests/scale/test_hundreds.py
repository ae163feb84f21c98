"""Two hundred evals in one `eval_set`, killed midway and resumed, and what they take beside their samples."""

import itertools
import json
import os
import resource
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from time import monotonic, sleep

import pytest
from inspect_ai.log import list_eval_logs, read_eval_log

PLAYERS = ("cartographer", "noisy", "colrow", "liar", "mute", "echo", "contrarian", "early", "follower")
PARTNERS = PLAYERS[:8]
GRADERS = ("clerk", "mute", "echo")
EVALS = len(PLAYERS) * len(PARTNERS) * len(GRADERS)
MOST_SECONDS = {"run": 2.0, "again": 0.3}
"""Processor seconds of an eval that is run with one sample, and of one that is found done."""


def finished(folder: Path) -> int:
    """Logs that are complete."""
    count = 0
    for path in folder.glob("*.eval"):
        try:
            count += "header.json" in zipfile.ZipFile(path).namelist()
        except (OSError, zipfile.BadZipFile):  # it is being replaced at this moment
            continue
    return count


def processor_seconds() -> float:
    """Of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.slow
def test_two_hundred_evals_are_killed_and_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert EVALS >= 200
    bound = [f"partner=reference/{name}" for name in PARTNERS] + [
        f"grader=reference/{name}" for name in GRADERS
    ]
    words = [
        sys.executable, "-m", "interplay.leaderboard.cli", "eval", "maze_collab", "--preset", "smoke",
        "--limit", "1", "-T", "pairing=cross", "-T", "judge=true", "--log-dir", "logs", "--json",
        *itertools.chain.from_iterable(("--model", f"reference/{name}") for name in PLAYERS),
        *itertools.chain.from_iterable(("--model-role", pair) for pair in bound),
    ]  # fmt: skip
    home = {"HF_HUB_OFFLINE": "1", "INSPECT_DISPLAY": "none", "XDG_DATA_HOME": str(tmp_path / "home")}
    environment, logs = os.environ | home, tmp_path / "logs"

    running = subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    while finished(logs) < EVALS // 4:
        assert running.poll() is None, "ended before it was killed"
        sleep(0.1)
    running.send_signal(signal.SIGKILL)
    running.wait()
    kept = {path.name: path.read_bytes() for path in logs.glob("*.eval") if complete(path)}
    assert EVALS // 4 <= len(kept) < EVALS, "the kill came midway"

    taken: dict[str, tuple[float, float]] = {}
    for step in ("run", "again"):
        before, began = processor_seconds(), monotonic()
        done = subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        count = EVALS - len(kept) if step == "run" else EVALS
        taken[step] = processor_seconds() - before, monotonic() - began
        assert taken[step][0] / count < MOST_SECONDS[step], taken
        assert len(json.loads(done.stdout)) == EVALS
    headers = [read_eval_log(info, header_only=True) for info in list_eval_logs(str(logs))]
    assert [header.status for header in headers] == ["success"] * EVALS
    assert len({header.eval.task_id for header in headers}) == EVALS
    after = {path.name: path.read_bytes() for path in logs.glob("*.eval")}
    assert kept.items() <= after.items(), "no finished eval runs twice"
    with capsys.disabled():
        for step, (processor, wall) in taken.items():
            print(f"\n{EVALS} evals, {step}: {processor:.0f} processor s, {wall:.0f} s", end="")


def complete(path: Path) -> bool:
    """Whether a log was finished."""
    with zipfile.ZipFile(path) as archive:
        return "header.json" in archive.namelist()
