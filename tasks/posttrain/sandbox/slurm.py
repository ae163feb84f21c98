"""The sandbox provider `slurm-apptainer`: one batch job a sample, one Apptainer container in it.

The container shares a folder with this machine and is spoken to by files in it (`rpcd.py`), so the cluster
needs no open port. A job that is preempted, or loses its node, is queued again by Slurm and goes on with the
same folder: calls in flight fail with `SandboxUnavailableError`, later ones wait for it.
"""

import base64
import json
import os
import shutil
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast, overload

import anyio
from inspect_ai.util import (
    ExecResult,
    OutputLimitExceededError,
    SandboxEnvironment,
    SandboxEnvironmentConfigType,
    SandboxUnavailableError,
    SandboxUserUnsupportedError,
    sandboxenv,
)
from pydantic import BaseModel, JsonValue

from interplay.solvers.posttrain_state import InfraError
from interplay.tasks.mistakes import EnvironmentProblem

from . import rpcd
from .slurm_job import TOOLS, SlurmConfig, cause, job_script, local_image, tool

SILENT_SECONDS = 60.0
COMES_BACK = ("PREEMPTED", "NODE_FAIL", "REQUEUED", "PENDING", "RESIZING", "SUSPENDED")
LIVES = ("RUNNING", "CONFIGURING", "COMPLETING")


class SlurmSandbox(SandboxEnvironment):
    """One job. Paths are those of the container, relative ones in the workspace; `folder` is shared."""

    def __init__(self, config: SlurmConfig, folder: Path, job_id: str) -> None:
        super().__init__()
        self.config = config
        self.folder = folder
        self.job_id = job_id
        self._seen: tuple[str, float] = ("", time.monotonic())

    @classmethod
    def config_deserialize(cls, config: dict[str, Any]) -> BaseModel:
        """The configuration of a log."""
        return SlurmConfig.model_validate(config)

    @classmethod
    async def task_init(cls, task_name: str, config: SandboxEnvironmentConfigType | None) -> None:
        """Look for the tools, the spool folder and the image before any job is asked for."""
        asked = cast(SlurmConfig, config)
        for name in TOOLS:
            if shutil.which(name) is None:
                raise EnvironmentProblem(f"slurm-apptainer: {name} is not on the path; run on a login node.")
        spool = Path(asked.spool)
        if not spool.is_dir() or not os.access(spool, os.W_OK):
            raise EnvironmentProblem(
                f"slurm-apptainer: spool {spool} is no folder one can write to; make it."
            )
        image = await local_image(asked)
        if asked.network == "none":
            status, _, said = await tool("apptainer", "exec", "--net", "--network", "none", image, "true")
            if status:
                raise EnvironmentProblem(f"slurm-apptainer: network=none does not work here: {cause(said)}.")

    @classmethod
    async def sample_init(
        cls, task_name: str, config: SandboxEnvironmentConfigType | None, metadata: dict[str, str]
    ) -> dict[str, SandboxEnvironment]:
        """Submit the job of a sample and wait until its container answers."""
        asked = cast(SlurmConfig, config)
        folder = Path(asked.spool).absolute() / uuid.uuid4().hex
        for name in ("workspace", "rpc/in", "rpc/out", "rpc/busy", "rpc/system"):
            (folder / name).mkdir(parents=True)
        shutil.copyfile(rpcd.__file__, folder / "rpc" / "rpcd.py")
        script = folder / "job.sh"
        script.write_text(job_script(asked, folder, await local_image(asked)), encoding="utf-8")
        status, said, wrong = await tool("sbatch", "--parsable", "--requeue", str(script))
        if status:
            raise InfraError(f"slurm-apptainer: sbatch refused the job: {cause(wrong)}.")
        sandbox = cls(asked, folder, said.strip().split(";")[0])
        try:
            await sandbox.wait_until_alive(asked.start_timeout_s)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await tool("scancel", sandbox.job_id)
            raise
        return {"default": sandbox}

    @classmethod
    async def sample_cleanup(
        cls,
        task_name: str,
        config: SandboxEnvironmentConfigType | None,
        environments: dict[str, SandboxEnvironment],
        interrupted: bool,
    ) -> None:
        """End the job; its files stay in the spool folder."""
        for environment in environments.values():
            with anyio.CancelScope(shield=True):
                await environment.as_type(SlurmSandbox).stop()

    async def stop(self) -> None:
        """End the job."""
        (self.folder / "rpc" / "stop").touch()
        await tool("scancel", self.job_id)

    def boot(self) -> str | None:
        """Which life of the container speaks; None once it has been silent for a minute."""
        try:
            found = json.loads((self.folder / "rpc" / "beat").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        said = f"{found['boot']}/{found['count']}"
        if said != self._seen[0]:
            self._seen = (said, time.monotonic())
        return str(found["boot"]) if time.monotonic() - self._seen[1] < SILENT_SECONDS else None

    async def state(self) -> str:
        """What Slurm says of the job: the first word of its state."""
        status, said, _ = await tool("sacct", "-j", self.job_id, "-X", "-n", "-P", "-o", "State")
        words = said.split()
        return words[0].rstrip("+").upper() if status == 0 and words else "PENDING"

    async def wait_until_alive(self, timeout: float) -> str:
        """Wait for the container, through the queue and through restarts; which life of it speaks.

        Raises:
            InfraError: the job ended for good, or did not start in time.
        """
        deadline = time.monotonic() + timeout
        while (boot := self.boot()) is None:
            state = await self.state()
            if state not in (*COMES_BACK, *LIVES):
                log = self.folder / "job.log"
                text = log.read_text(encoding="utf-8", errors="replace")[-4000:] if log.is_file() else ""
                raise InfraError(f"slurm-apptainer: job {self.job_id} ended as {state}: {cause(text)}.")
            if time.monotonic() > deadline:
                raise InfraError(
                    f"slurm-apptainer: job {self.job_id} did not start within {timeout:g} s ({state}); "
                    "raise start_timeout_s, or ask for less."
                )
            await anyio.sleep(self.config.poll_s)
        return boot

    async def request(self, record: Mapping[str, JsonValue], timeout: float | None) -> dict[str, Any]:
        """The answer to a request.

        Raises:
            SandboxUnavailableError: the container restarted, or fell silent, before it answered.
        """
        boot = await self.wait_until_alive(self.config.start_timeout_s)
        name = f"{uuid.uuid4().hex}.json"
        rpcd.write(self.folder / "rpc" / "in" / name, dict(record))
        answer = self.folder / "rpc" / "out" / name
        pause = 0.02
        deadline = None if timeout is None else time.monotonic() + timeout + SILENT_SECONDS
        while not answer.exists():
            if self.boot() != boot or (deadline is not None and time.monotonic() > deadline):
                (self.folder / "rpc" / "in" / name).unlink(missing_ok=True)
                raise SandboxUnavailableError(f"job {self.job_id} was interrupted ({await self.state()})")
            await anyio.sleep(pause)
            pause = min(pause * 1.5, self.config.poll_s)
        found = json.loads(answer.read_text(encoding="utf-8"))
        answer.unlink()
        if found.get("error") == "restarted":
            raise SandboxUnavailableError(f"job {self.job_id} was restarted before it answered")
        return cast(dict[str, Any], found)

    async def exec(
        self,
        cmd: list[str],
        input: str | bytes | None = None,
        cwd: str | None = None,
        env: dict[str, str] | None = None,
        user: str | None = None,
        timeout: int | None = None,
        timeout_retry: bool = True,
        concurrency: bool = True,
    ) -> ExecResult[str]:
        """Run a command as the user of the job; the last 10 MiB of each stream come back."""
        if user is not None:
            raise SandboxUserUnsupportedError(f"slurm-apptainer runs as the user of the job, not as {user}")
        content = input.encode() if isinstance(input, str) else input
        record: dict[str, JsonValue] = {
            "op": "exec",
            "cmd": cast(JsonValue, cmd),
            "cwd": cwd,
            "env": cast(JsonValue, env or {}),
            "input": None if content is None else rpcd.encoded(content),
            "timeout": timeout,
        }
        found = await self.request(record, timeout)
        if found.get("error") == "timeout":
            raise TimeoutError(f"{cmd[0]} did not end within {timeout} s")
        refuse(found, cmd[0])
        out, err = (base64.b64decode(found[name]).decode("utf-8", "replace") for name in ("stdout", "stderr"))
        return ExecResult(found["status"] == 0, found["status"], out, err)

    async def write_file(self, file: str, contents: str | bytes) -> None:
        """Write a file of the container."""
        content = contents.encode() if isinstance(contents, str) else contents
        record: dict[str, JsonValue] = {"op": "write", "path": file, "content": rpcd.encoded(content)}
        refuse(await self.request(record, None), file)

    @overload
    async def read_file(self, file: str, text: Literal[True] = True) -> str: ...

    @overload
    async def read_file(self, file: str, text: Literal[False]) -> bytes: ...

    async def read_file(self, file: str, text: bool = True) -> str | bytes:
        """The content of a file of the container, up to 100 MiB."""
        found = await self.request({"op": "read", "path": file}, None)
        refuse(found, file)
        content = base64.b64decode(found["content"])
        return content.decode("utf-8") if text else content


def refuse(found: Mapping[str, Any], what: str) -> None:
    """Raise what an answer says went wrong."""
    error = found.get("error")
    if error == "missing":
        raise FileNotFoundError(what)
    if error == "permission":
        raise PermissionError(f"{what}: {found.get('message')}")
    if error == "directory":
        raise IsADirectoryError(what)
    if error == "size":
        raise OutputLimitExceededError(f"{rpcd.READ_BYTES >> 20} MiB", None)
    if error is not None:
        raise SandboxUnavailableError(f"{what}: {found.get('message', error)}")


slurm_apptainer: type[SlurmSandbox] = sandboxenv(name="slurm-apptainer")(SlurmSandbox)
