"""Batch jobs of `slurm-apptainer`: how one is asked for, its script, its image, and what went wrong.

SlurmConfig(image="docker://…", spool="/shared/interplay", partition="gpu")
"""

import fcntl
import hashlib
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import anyio
from pydantic import BaseModel

from interplay.tasks.mistakes import EnvironmentProblem

TOOLS = ("sbatch", "scancel", "sacct", "apptainer")
CAUSES: Mapping[str, str] = {
    "fuse": "Apptainer cannot mount the image without FUSE; give a folder as image (build --sandbox)",
    "no space left": "a temporary folder is full; set APPTAINER_TMPDIR and TMPDIR to a larger one",
    "quota": "a disk quota is used up; free some space below the spool folder",
    "out-of-memory": "the job used more memory than it asked for; raise mem_gb",
    "oom-kill": "the job used more memory than it asked for; raise mem_gb",
}


class SlurmConfig(BaseModel, frozen=True):
    """How a job is asked for; `spool` is a folder that this machine and the nodes share."""

    image: str
    spool: str
    partition: str | None = None
    account: str | None = None
    qos: str | None = None
    gres: str = "gpu:h100:1"
    cpus: int = 16
    mem_gb: int = 128
    minutes: int = 720
    binds: tuple[str, ...] = ()
    network: Literal["open", "none"] = "open"
    start_timeout_s: float = 86_400
    poll_s: float = 2


def job_script(config: SlurmConfig, folder: Path, image: str) -> str:
    """The batch script of one sample."""
    options = {
        "job-name": f"interplay-{folder.name[:12]}",
        "partition": config.partition,
        "account": config.account,
        "qos": config.qos,
        "gres": config.gres or None,
        "cpus-per-task": config.cpus,
        "mem": f"{config.mem_gb}G",
        "time": config.minutes,
        "open-mode": "append",
        "output": f"{folder}/job.log",
    }
    lines = [
        f"#SBATCH --{name}={shlex.quote(str(value))}" for name, value in options.items() if value is not None
    ]
    binds = ",".join((f"{folder}/workspace:/workspace", f"{folder}/rpc:/rpc", *config.binds))
    closed = "--net --network none " if config.network == "none" else ""
    run = (
        f"exec apptainer exec --nv --containall --no-home --writable-tmpfs {closed}--pwd /workspace "
        f"--bind {shlex.quote(binds)} {shlex.quote(image)} python3 /rpc/rpcd.py /rpc"
    )
    return "\n".join(["#!/bin/bash", *lines, run, ""])


async def tool(*words: str, timeout: float = 120) -> tuple[int, str, str]:
    """Exit status, output and error of a command of the cluster."""
    with anyio.fail_after(timeout):
        done = await anyio.run_process(list(words), check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def cause(text: str) -> str:
    """What a message of Slurm or Apptainer comes down to, with the remedy."""
    known = next((said for word, said in CAUSES.items() if word in text.lower()), None)
    last = ([line for line in text.strip().splitlines() if line.strip()] or ["no message"])[-1]
    return known or f"{last[:300]}; see job.log in the spool folder"


async def local_image(config: SlurmConfig) -> str:
    """The image as a path; one of a registry is pulled once for all, under a lock.

    Raises:
        EnvironmentProblem: it cannot be pulled, or is not there.
    """
    if "://" not in config.image:
        if not Path(config.image).exists():
            raise EnvironmentProblem(
                f"slurm-apptainer: image {config.image} is not there; give another path."
            )
        return config.image
    name = hashlib.sha256(config.image.encode()).hexdigest()[:16]
    target = Path(config.spool) / "images" / f"{name}.sif"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        await anyio.to_thread.run_sync(fcntl.flock, lock, fcntl.LOCK_EX)
        if not target.exists():
            part = target.with_suffix(".part")
            status, _, said = await tool(
                "apptainer", "pull", "--force", str(part), config.image, timeout=7200
            )
            if status:
                raise EnvironmentProblem(f"slurm-apptainer: {config.image} cannot be pulled: {cause(said)}.")
            part.replace(target)
    return str(target)
