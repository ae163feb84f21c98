"""The agent's own namespaces: it sees and reaches its own processes only, the freeze finds all of them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from interplay.solvers import posttrain_processes
from interplay.solvers.posttrain_collect import main as collect
from interplay.solvers.posttrain_place import Place, environment_text, place_of
from interplay.solvers.posttrain_processes import own_processes, why_shared
from interplay.solvers.posttrain_state import identity_of, open_job

IDENTITY = identity_of("1.0.0", {"run": "1"}, "m_call__mini-0", "reference/posttrain-sft", 1)
reason = why_shared()
needs_namespace = pytest.mark.skipif(reason is not None, reason=f"no namespaces here: {reason}")
HOLDING = """
import sys, time
from interplay.solvers.posttrain_processes import held_namespace
with held_namespace(10) as init:
    print(init, flush=True)
    time.sleep(100)
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with open_job(tmp_path / "state", IDENTITY) as job:
        made = place_of("local", job)
        for folder in (made.workspace, made.system, made.home):
            Path(folder).mkdir(parents=True)
        Path(made.environment_file).write_text(environment_text(made.agent_env()), encoding="utf-8")
        yield made


def left(name: str) -> str:
    """A shell line that leaves a command running in its own session, and ends when it is there."""
    there = f"until tr '\\0' ' ' < /proc/$!/cmdline | grep -qx '{name} '; do sleep 0.01; done"
    return f"setsid {name} > /dev/null 2>&1 < /dev/null & {there}"


def said(place: Place, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(place.agent_command(command), capture_output=True, text=True, timeout=30)


def frozen(place: Place) -> list[str]:
    """What the freeze found alive, and ended."""
    who = ["--mark", f"INTERPLAY_JOB={place.mark}", *(["--init", str(place.init)] if place.init else [])]
    done = CliRunner().invoke(collect, ["freeze", "--workspace", place.workspace, *who])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)["alive"]


def gone(pid: int) -> bool:
    """Whether a process ends within five seconds."""
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False


@needs_namespace
def test_a_command_sees_and_reaches_only_what_it_started(place: Place) -> None:
    beside = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "evaluate.py"])
    with own_processes(place) as inside:
        assert said(inside, "pwd; echo $INTERPLAY_JOB").stdout.split() == [place.workspace, place.mark]
        numbers = said(inside, "ls /proc | grep -c '^[0-9]*$'")
        assert int(numbers.stdout) < 8
        assert said(inside, f"kill -9 {beside.pid}").returncode != 0
        assert said(inside, "pkill -f 'sleep(60) evaluat[e].py'").returncode == 1
        said(inside, "kill -9 -1")
        assert said(inside, "echo alive").stdout == "alive\n"
        assert beside.poll() is None
        assert said(inside, "grep CapEff /proc/self/status").stdout.split()[1] == "0" * 16
        assert "uncovered" not in said(inside, "umount /proc && echo uncovered").stdout
        assert said(inside, "kill -9 $$").returncode == -9
        assert said(inside, "exit 3").returncode == 3
        assert said(inside, 'touch a; ln a b; ln a "$PWD/c"; ls').stdout.split() == ["a", "b", "c"]
    beside.kill()
    beside.wait()


@needs_namespace
def test_no_process_of_a_command_holds_a_variable_of_this_machine(place: Place) -> None:
    with own_processes(place) as inside:
        outside = subprocess.Popen(
            inside.agent_command("echo up; read"),
            env=os.environ | {"SOME_API_KEY": "sk-secret"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert outside.stdout is not None
        assert outside.stdout.readline() == "up\n"
        assert Path(f"/proc/{outside.pid}/environ").read_bytes().split(b"=")[0] == b"PATH"
        assert b"sk-secret" not in Path(f"/proc/{outside.pid}/environ").read_bytes()
        outside.communicate("\n", timeout=10)


@needs_namespace
def test_what_runs_on_is_found_by_the_freeze_whatever_it_did_to_its_environment(place: Place) -> None:
    with own_processes(place) as inside:
        said(inside, "env -i /bin/sleep 71 > /dev/null 2>&1 < /dev/null & echo")
        said(inside, left("sleep 72"))
        assert "sleep 71" in said(inside, "ps ax").stdout
        assert sorted(frozen(inside)) == ["/bin/sleep 71", "sleep 72"]
        assert frozen(inside) == []
        assert said(inside, "echo alive").stdout == "alive\n"


@needs_namespace
def test_nothing_outlives_the_process_that_holds_it(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDING], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    init = int(holder.stdout.readline())
    assert os.readlink(f"/proc/{init}/ns/pid") != os.readlink("/proc/self/ns/pid")
    holder.kill()
    holder.wait()
    assert gone(init)


def test_without_namespaces_the_mark_tells_the_processes_of_a_job(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posttrain_processes, "TOOLS", ("no-such-tool",))
    why_shared.cache_clear()
    try:
        assert why_shared() == "no-such-tool not found"
        with own_processes(place) as inside:
            assert inside == place
            said(inside, left("sleep 73"))
            assert frozen(inside) == ["sleep 73"]
    finally:
        why_shared.cache_clear()


def test_jobs_of_two_state_folders_are_told_apart(tmp_path: Path) -> None:
    marks: list[str] = []
    for name in ("one", "two", "one"):
        with open_job(tmp_path / name, IDENTITY) as job:
            marks.append(place_of("local", job).mark)
    assert marks[0] == marks[2] != marks[1]
