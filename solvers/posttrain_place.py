"""Where a job runs: folders, users and interpreter of a sandbox, and the few things done in it.

| sandbox | workspace | agent | root |
| --- | --- | --- | --- |
| `local` | `<attempt>/workspace` | this user, an environment of its own | this user |
| `docker`, `k8s` | `/workspace` | `agent` | `root` |
| `slurm-apptainer` | `/workspace` | the user of the job | none: the host copies |

In `local` every process of the agent carries the mark of the job in its environment, since there is no user
of its own to tell it by, and runs in namespaces of its own where the kernel allows them
(`posttrain_processes`).
"""

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import anyio
from inspect_ai.util import SandboxEnvironment, sandbox
from pydantic import JsonValue

from interplay.tasks.posttrain.arguments import Sandbox

from .posttrain_state import InfraError, Job, digest

MARK = "INTERPLAY_JOB"
COLLECT = "interplay.solvers.posttrain_collect"
CLUSTER = "slurm-apptainer"
"""Where files are collected on this machine, after the job has ended."""
"""The program that runs beside the agent's files."""
IMAGE_PYTHON = "/opt/interplay/bin/python"
AGENT_USER, ROOT_USER = "agent", "root"
ENTER = 'cd "$2" && unset OLDPWD; set -a; . "$0"; set +a; exec bash -c "$1"'
"""Goes to the workspace by its name: a folder handed over from another mount namespace is another device."""
PUT = 'mkdir -p "$(dirname "$1")" && cat > "$1" && chmod "$2" "$1"'
SEARCHED = "/usr/local/bin:/usr/bin:/bin"
"""Where programs of this machine are looked for."""
PASSED_ON = ("LANG", "LC_ALL", "TMPDIR", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH")
"""Variables of this machine that a local agent gets as well; nothing else is handed on, keys least of all."""
QUIET = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


class Done(NamedTuple):
    """Exit status and output of a command."""

    status: int
    stdout: str
    stderr: str


def clean_env() -> dict[str, str]:
    """What a command on this machine needs of its environment, and no more."""
    here = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**here, **QUIET, "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"}


def environment_text(env: Mapping[str, str]) -> str:
    """Variables as a file that a shell reads."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(env.items()))


def emptied(env: Mapping[str, str]) -> list[str]:
    """The words before a command that give it these variables and no others."""
    return ["/usr/bin/env", "-i", *(f"{name}={value}" for name, value in sorted(env.items()))]


@dataclass(frozen=True)
class Place:
    """Folders as the sandbox names them, and who acts in it.

    Attributes:
        mark: Tells this attempt of the job from any other on the machine.
        init: First process of the agent's own namespace, if a local job has one.
        enter: The words that put a command into it.
    """

    kind: Sandbox
    workspace: str
    home: str
    cache: str
    handoff: str
    system: str
    python: str
    agent_user: str | None
    root_user: str | None
    mark: str
    init: int | None = None
    enter: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether commands run on this machine."""
        return self.kind == "local"

    @property
    def deadline_file(self) -> str:
        """The file that the timer reads."""
        return f"{self.system}/deadline"

    @property
    def caches(self) -> tuple[str, str]:
        """The cache of models that the job is given, and that of the agent's user."""
        return self.cache, f"{self.home}/.cache"

    @property
    def bundle(self) -> str:
        """The hand-off folder of this job."""
        return f"{self.handoff}/bundle"

    def agent_env(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The variables of the agent's commands."""
        env = {
            "MODEL_CACHE": self.cache,
            "INTERPLAY_DEADLINE_FILE": self.deadline_file,
            MARK: self.mark,
            **(extra or {}),
        }
        return {**clean_env(), "HOME": self.home, **env} if self.is_local else env

    @property
    def environment_file(self) -> str:
        """Where the variables of a local agent stand."""
        return f"{self.system}/environment"

    def agent_command(self, command: str) -> list[str]:
        """What runs a shell command of the agent; a local one starts from an empty environment."""
        if not self.is_local:
            return ["bash", "-c", command]
        # The variables come from a file, so that they do not stand in every line of the log.
        # What enters the namespace stays beside it, so it has no variable of this machine either.
        outside = [*emptied({"PATH": SEARCHED}), *self.enter] if self.enter else []
        begin = [*outside, "/usr/bin/env", "-i", "/bin/bash", "-c", ENTER]
        return [*begin, self.environment_file, command, self.workspace]

    def box(self) -> SandboxEnvironment:
        """The agent's sandbox; a local one leaves no events, which would hold paths of this machine."""
        return unrecorded(sandbox()) if self.is_local else sandbox("default")

    def verifier(self) -> SandboxEnvironment:
        """The sandbox that the model is examined in; the same machine in `local`."""
        if self.is_local:
            return self.box()
        return sandbox("verifier") if self.kind == "docker" else sandbox()


def unrecorded(box: SandboxEnvironment) -> SandboxEnvironment:
    """The sandbox behind Inspect's recorder of events: what is done with it does not stand in the log."""
    return box.as_type(SandboxEnvironment)


def container_cache(settings: Mapping[str, JsonValue]) -> str:
    """The folder of the models that the agent may see in its container."""
    if settings["profile"] == "full":
        return "/cache"
    return "/cache/agent-with-reference" if settings["agent_cache"] == "with_reference" else "/cache/agent"


def place_of(kind: Sandbox, job: Job, cache: str = "/cache") -> Place:
    """The place of a job's current attempt.

    Args:
        kind: Of the sandbox.
        job: The job.
        cache: Where models lie in a container; a local job has a folder of its own.
    """
    mark = f"{job.key}-{job.state.attempt}"
    if kind == "local":
        root = job.folder
        # Jobs of other state folders share this machine's processes and its service folder.
        mark = f"{mark}-{digest(str(root))[:8]}"
        return Place(
            kind=kind,
            workspace=str(root / "workspace"),
            home=str(root / "home"),
            cache=str(root / "cache"),
            handoff=str(root / "handoff"),
            system=str(root / "system"),
            python=sys.executable,
            agent_user=None,
            root_user=None,
            mark=mark,
        )
    users: tuple[str | None, str | None] = (
        (None, None) if kind == "slurm-apptainer" else (AGENT_USER, ROOT_USER)
    )
    return Place(
        kind=kind,
        workspace="/workspace",
        home="/home/agent",
        cache=cache,
        handoff="/handoff",
        system="/rpc/system" if kind == "slurm-apptainer" else "/run/interplay",
        python=IMAGE_PYTHON,
        agent_user=users[0],
        root_user=users[1],
        mark=mark,
    )


def on_host(place: Place, workspace: Path, system: Path, folder: Path) -> Place:
    """The same job seen from this machine, once its sandbox has ended and left files in a shared folder."""
    return replace(
        place,
        kind="local",
        workspace=str(workspace),
        system=str(system),
        handoff=str(folder / "handoff"),
        python=sys.executable,
    )


async def as_root(
    place: Place,
    command: list[str],
    *,
    box: SandboxEnvironment | None = None,
    stdin: bytes | str | None = None,
    env: dict[str, str] | None = None,
    timeout: int = 600,
) -> Done:
    """Run a command of ours; its failure is for the caller to judge.

    Raises:
        InfraError: it did not end in time.
    """
    try:
        if place.is_local:
            return await on_this_machine(command, stdin, env, timeout)
        done = await (box or place.box()).exec(
            command, input=stdin, env=env, user=place.root_user, timeout=timeout, timeout_retry=False
        )
    except TimeoutError as problem:
        raise InfraError(
            f"{command[0]} did not end within {timeout} s; run the same command again."
        ) from problem
    return Done(done.returncode, done.stdout, done.stderr)


async def on_this_machine(
    command: list[str], stdin: bytes | str | None, env: dict[str, str] | None, timeout: int
) -> Done:
    """The same as a plain process.

    Raises:
        TimeoutError: it did not end in time; it is killed then.
    """
    content = stdin.encode() if isinstance(stdin, str) else stdin
    with anyio.fail_after(timeout):
        done = await anyio.run_process(command, input=content, check=False, env=env)
    return Done(
        done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    )


async def put(
    place: Place, path: str, content: bytes | str, mode: str = "644", box: SandboxEnvironment | None = None
) -> None:
    """Write a file that only root may change, where there is a root.

    Raises:
        InfraError: it could not be written.
    """
    done = await as_root(place, ["/bin/sh", "-c", PUT, "sh", path, mode], stdin=content, box=box)
    if done.status:
        raise InfraError(f"{path}: cannot be written ({done.stderr.strip()}); check disk and image.")


async def run_module(
    place: Place,
    module: str,
    *arguments: str,
    box: SandboxEnvironment | None = None,
    env: dict[str, str] | None = None,
    timeout: int = 600,
) -> Done:
    """Run a module of this package in the sandbox."""
    command = [place.python, "-m", module, *arguments]
    if place.is_local:
        return await as_root(place, [*emptied(clean_env() | (env or {})), *command], timeout=timeout)
    return await as_root(place, command, box=box, env=QUIET | (env or {}), timeout=timeout)
