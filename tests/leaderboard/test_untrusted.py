"""Children that read logs: each log gets its own answer, and a child can reach nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from interplay.leaderboard import untrusted
from interplay.leaderboard.archive import Refusal
from interplay.leaderboard.untrusted import cpu_seconds, read_untrusted_logs
from tests.leaderboard.archives import honest as honest_parts
from tests.leaderboard.archives import write_archive


def test_each_log_gets_its_own_answer(smoke_logs: Callable[[str], Path], tmp_path: Path):
    good = sorted(smoke_logs("cartographer").glob("*.eval"))
    cut = tmp_path / "cut.eval"
    cut.write_bytes(good[0].read_bytes()[:1000])
    foreign = write_archive(tmp_path / "foreign.eval", honest_parts())
    first, second, third, fourth = read_untrusted_logs([good[0], cut, foreign, good[1]])
    assert isinstance(second, Refusal)
    assert second.code == "L02"
    assert isinstance(third, Refusal)
    assert third.code == "L09"
    for log in (first, fourth):
        assert not isinstance(log, Refusal)
        assert log.regrade_problem is None
        assert len(log.samples) == 6
        assert all(row.regraded == row.score for row in log.samples)


def test_the_log_that_ended_a_child_is_refused_and_the_rest_read(monkeypatch: pytest.MonkeyPatch):
    paths = [Path(name) for name in "abcd"]

    def child(mode: str, left: Sequence[Path]) -> tuple[list[bytes], Refusal]:
        lines = [json.dumps({"name": path.name}).encode() for path in left]
        until = [path.name for path in left].index("b") if Path("b") in left else len(left)
        return lines[:until], Refusal("L08", "log is not read within 6 s of computing")

    monkeypatch.setattr(untrusted, "_child", child)
    answers = untrusted._answers("read", paths)  # pyright: ignore[reportPrivateUsage]
    assert [path for path, _ in answers] == paths
    assert [isinstance(answer, Refusal) for _, answer in answers] == [False, True, False, False]


def test_a_child_sees_no_secret_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, smoke_logs: Callable[[str], Path]
):
    seen: list[dict[str, str]] = []
    run = subprocess.run

    def spy(*words: object, **options: object):
        seen.append(dict(options["env"]))  # pyright: ignore
        return run(*words, **options)  # pyright: ignore

    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setattr(subprocess, "run", spy)
    read_untrusted_logs([next(smoke_logs("cartographer").glob("*.eval"))], regrade=False)
    assert len(seen) == 2
    assert not any(set(environment) & {"OPENAI_API_KEY", "PATH", "HF_TOKEN"} for environment in seen)
    assert all(environment["HOME"] != os.environ.get("HOME") for environment in seen)


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "x = bytearray(2**30)",
    ],
)
def test_a_capped_process_reaches_nothing(attempt: str):
    code = f"from interplay.leaderboard.untrusted import cap; cap('scan', [1]); {attempt}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "PermissionError" in done.stderr or "MemoryError" in done.stderr


def test_cpu_limits_grow_with_size():
    assert cpu_seconds("scan", [1_000]) == 6
    assert cpu_seconds("scan", [100_000_000]) == 60
    assert cpu_seconds("scan", [1_000, 1_000]) == 12


def test_only_the_child_that_regrades_loads_inspect() -> None:
    """Inspect and pandas take longer to load than everything else that judges a small entry."""
    script = (
        "import sys, interplay.leaderboard.check, interplay.leaderboard.commands.check\n"
        "heavy = {'inspect_ai', 'pandas', 'scipy.stats', 'statsmodels'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_every_run_of_inspect_imports_loads_no_scipy() -> None:
    script = (
        "import sys, interplay.tasks._registry\n"
        "heavy = {'scipy', 'pandas', 'torch', 'datasets'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
