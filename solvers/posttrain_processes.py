"""Process, user and mount namespaces of its own for the agent of a local job, where the kernel allows them.

    with own_processes(place) as inside:      one holder for all commands of the job
        inside.agent_command("ps aux")        sees the agent's processes and no others

A command of the agent reaches only what it started itself: `pkill -f evaluate.py` ends no process of the
host or of a job beside it, /proc shows none, and no capability is left to change that. What is started in
the background lives on until the freeze, which then knows every process of the agent, also one that threw
its environment away. The holder reads from a pipe of this process: when that ends, however it ends, the
kernel ends the holder and with it all that it holds. Containers bring a namespace of their own.
"""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from .posttrain_place import SEARCHED, Place
from .posttrain_state import InfraError

TOOLS = ("unshare", "nsenter", "setpriv")
"""All from util-linux."""
UNSHARE = ("unshare", "--user", "--map-current-user", "--mount", "--pid", "--fork", "--kill-child",
           "--mount-proc")  # fmt: skip
HOLD = ("bash", "-c", "echo ready; read")
POWERLESS = ("setpriv", "--pdeathsig=KILL", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all")
PROBE_SECONDS = 10


@cache
def why_shared() -> str | None:
    """Why local agents share the processes of this machine, None where they get their own."""
    missing = [tool for tool in TOOLS if shutil.which(tool, path=SEARCHED) is None]
    if missing:
        return f"{missing[0]} not found"
    try:
        with held_namespace(PROBE_SECONDS) as init:
            done = _run([*entering(init), "true"], PROBE_SECONDS)
    except (OSError, subprocess.SubprocessError, InfraError) as problem:
        return " ".join(str(problem).split())[:200]
    return None if done.returncode == 0 else " ".join(done.stderr.split())[:200]


@contextmanager
def own_processes(place: Place) -> Generator[Place]:
    """The place with commands of the agent in a namespace of its own; unchanged where there is none.

    Raises:
        InfraError: the namespace could be made before, and cannot be made now.
    """
    if not place.is_local or why_shared() is not None:
        yield place
        return
    with held_namespace(PROBE_SECONDS) as init:
        yield replace(place, init=init, enter=tuple(entering(init)))


@contextmanager
def held_namespace(seconds: float) -> Generator[int]:
    """A new namespace for as long as the context lasts; the process id of its first process, seen from here.

    Raises:
        InfraError: the kernel refuses it.
    """
    with subprocess.Popen(
        [*UNSHARE, "--", *HOLD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": SEARCHED},
        text=True,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stderr is not None
        try:
            if holder.stdout.readline().strip() != "ready":
                said = " ".join(holder.stderr.read().split())[:200]
                raise InfraError(f"posttrain: no namespace for the agent's processes ({said}).")
            yield first_process(holder.pid)
        finally:
            holder.stdin.close()
            try:
                holder.wait(seconds)
            except subprocess.TimeoutExpired:
                holder.kill()


def first_process(holder: int) -> int:
    """The child of the process that made the namespace."""
    return next(
        int(name) for name in os.listdir("/proc") if name.isdecimal() and parent_of(int(name)) == holder
    )


def parent_of(pid: int) -> int | None:
    """The parent of a process, None if it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return None


def entering(init: int) -> list[str]:
    """The words before a command that put it into the namespace, without any capability."""
    where = [f"--target={init}", "--user", "--preserve-credentials", "--mount", "--pid"]
    return ["nsenter", *where, "--", *POWERLESS, "--"]


def _run(command: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env={"PATH": SEARCHED}, capture_output=True, text=True, check=False, timeout=seconds
    )
