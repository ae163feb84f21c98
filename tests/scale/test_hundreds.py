"""Many evals in one `eval_set`, killed midway and resumed."""

import itertools
import json
import os
import signal
import subprocess
import sys
import zipfile
from math import prod
from pathlib import Path
from time import sleep

import pytest
from inspect_ai.log import list_eval_logs, read_eval_log

PLAYERS = ("cartographer", "noisy", "colrow", "liar", "mute", "echo", "contrarian", "early", "follower")
GRADERS = ("clerk", "mute", "echo")
SIZES = {"slow": (3, 4, 2), "nightly": (9, 8, 3)}
"""Players, partners and graders: 24 evals in the slow tests, 216 in the nightly ones."""


def finished(folder: Path) -> int:
    """Logs that are complete."""
    count = 0
    for path in folder.glob("*.eval"):
        try:
            count += "header.json" in zipfile.ZipFile(path).namelist()
        except (OSError, zipfile.BadZipFile):  # it is being replaced at this moment
            continue
    return count


@pytest.mark.parametrize(
    "size", [pytest.param(size, id=mark, marks=getattr(pytest.mark, mark)) for mark, size in SIZES.items()]
)
def test_many_evals_are_killed_and_go_on(size: tuple[int, int, int], tmp_path: Path) -> None:
    players, partners, graders = (
        names[:count] for names, count in zip((PLAYERS, PLAYERS, GRADERS), size, strict=True)
    )
    evals = prod(size)
    bound = [
        *(f"partner=reference/{name}" for name in partners),
        *(f"grader=reference/{name}" for name in graders),
    ]
    words = [
        sys.executable, "-m", "interplay.leaderboard.cli", "eval", "maze_collab", "--preset", "smoke",
        "--limit", "1", "-T", "pairing=cross", "-T", "judge=true", "--log-dir", "logs", "--json",
        *itertools.chain.from_iterable(("--model", f"reference/{name}") for name in players),
        *itertools.chain.from_iterable(("--model-role", pair) for pair in bound),
    ]  # fmt: skip
    home = {"HF_HUB_OFFLINE": "1", "INSPECT_DISPLAY": "none", "XDG_DATA_HOME": str(tmp_path / "home")}
    environment, logs = os.environ | home, tmp_path / "logs"

    running = subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    while finished(logs) < evals // 4:
        assert running.poll() is None, "ended before it was killed"
        sleep(0.1)
    running.send_signal(signal.SIGKILL)
    running.wait()
    kept = {path.name: path.read_bytes() for path in logs.glob("*.eval") if complete(path)}
    assert evals // 4 <= len(kept) < evals, "the kill came midway"

    for _ in ("the rest is run", "all are found done"):
        done = subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert len(json.loads(done.stdout)) == evals
    headers = [read_eval_log(info, header_only=True) for info in list_eval_logs(str(logs))]
    assert [header.status for header in headers] == ["success"] * evals
    assert len({header.eval.task_id for header in headers}) == evals
    after = {path.name: path.read_bytes() for path in logs.glob("*.eval")}
    assert kept.items() <= after.items(), "no finished eval runs twice"


def complete(path: Path) -> bool:
    """Whether a log was finished."""
    with zipfile.ZipFile(path) as archive:
        return "header.json" in archive.namelist()
