"""The sandbox of a task: which provider with which configuration, images pinned by the grid."""

import hashlib
import os
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import yaml
from inspect_ai.util import ComposeConfig, SandboxEnvironmentSpec

from interplay.tasks import yaml_text
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.arguments import Job, members
from interplay.tasks.posttrain.cells import load_grid

from .hosts import allowed_domains
from .slurm_job import SlurmConfig

FOLDER = Path(str(files("interplay.tasks.posttrain.sandbox")))
GPU_VARIABLE = "INTERPLAY_GPU"
"""Which GPUs this process may use, as a comma list of device ids; by count where it is not set."""
SLURM_VARIABLE = "INTERPLAY_SLURM"
SPLIT_ONLY = ("k8s", "slurm-apptainer")


def sandbox_of(job: Job, solving: bool, verifying: bool) -> str | SandboxEnvironmentSpec:
    """What a task passes to Inspect.

    Args:
        job: Arguments of the task.
        solving: The agent's part is played.
        verifying: The verifier's part is played.

    Raises:
        UserMistake: both parts at once, where every sandbox reserves a GPU of its own.
    """
    if job.sandbox == "local":
        return "local"
    if job.sandbox in SPLIT_ONLY and solving and verifying:
        raise UserMistake(
            f"sandbox={job.sandbox}: agent and verifier would reserve a GPU each; run posttrain_solve, then "
            "posttrain_score."
        )
    if job.sandbox == "docker":
        return SandboxEnvironmentSpec("docker", compose_config(job, solving, verifying))
    if job.sandbox == "k8s":
        return SandboxEnvironmentSpec("k8s", str(values_file(job, solving)))
    return SandboxEnvironmentSpec("slurm-apptainer", slurm_config(solving))


def slurm_config(solving: bool) -> SlurmConfig:
    """How jobs are asked for: the file that `INTERPLAY_SLURM` names, in YAML, image pinned by the grid.

    Raises:
        UserMistake: the variable is not set, or the file is no configuration.
    """
    path = os.environ.get(SLURM_VARIABLE)
    if not path:
        raise UserMistake(
            f"sandbox=slurm-apptainer: {SLURM_VARIABLE} is not set; "
            "name a YAML file with spool and partition."
        )
    image = load_grid().images["agent" if solving else "verifier"]
    try:
        content = cast(dict[str, object], yaml_text.content(Path(path).read_text("utf-8")))
        return SlurmConfig.model_validate({"image": f"docker://{image}"} | content)
    except (OSError, yaml.YAMLError, ValueError, TypeError) as problem:
        said = " ".join(str(problem).split())[:200]
        raise UserMistake(
            f"{SLURM_VARIABLE}={path}: no configuration of Slurm jobs ({said}); correct it."
        ) from problem


def compose_content(job: Job, solving: bool, verifying: bool) -> dict[str, Any]:
    """The compose file of a job, with its images and the services that its part needs."""
    name = "compose-mini.yaml" if job.profile == "mini" else "compose.yaml"
    content = cast(dict[str, Any], yaml_text.content((FOLDER / name).read_text("utf-8")))
    images = load_grid().images
    services = cast(dict[str, dict[str, Any]], content["services"])
    if job.profile == "full":
        services["default"]["image"] = services["egress"]["image"] = images["agent"]
        services["verifier"]["image"] = images["verifier"]
        services["egress"]["command"] = [*services["egress"]["command"], "--network", job.settings["network"]]
        chosen = os.environ.get(GPU_VARIABLE)
        for service in ("default", "verifier"):
            reserved = services[service]["deploy"]["resources"]["reservations"]["devices"]
            reserved[0] |= {"device_ids": [*members(chosen)]} if chosen else {"count": job.num_gpus}
        if job.settings["agent_cache"] == "with_reference":
            services["default"]["volumes"][1] = services["verifier"]["volumes"][1]
    if not verifying:
        del services["verifier"]
    if not solving:
        services["verifier"]["x-default"] = True
        for name in ("default", "egress"):
            services.pop(name, None)
    return content


def compose_config(job: Job, solving: bool, verifying: bool) -> ComposeConfig:
    """The same as Inspect takes it."""
    return ComposeConfig.model_validate(compose_content(job, solving, verifying))


def values_content(job: Job, solving: bool) -> dict[str, Any]:
    """The Helm values of the agent's or the verifier's pod, with image, GPUs and network filled in."""
    name = "values-agent.yaml" if solving else "values-verifier.yaml"
    content = cast(dict[str, Any], yaml_text.content((FOLDER / name).read_text("utf-8")))
    service = content["services"]["default"]
    service["image"] = load_grid().images["agent" if solving else "verifier"]
    for kind in ("requests", "limits"):
        service["resources"][kind]["nvidia.com/gpu"] = job.num_gpus
    if solving and job.settings["network"] == "allowlist":
        content["allowDomains"] = list(allowed_domains())
    elif solving and job.settings["network"] == "open":
        content["allowEntities"] = ["world"]
    return content


def values_file(job: Job, solving: bool) -> Path:
    """The same as a file, which the provider wants, beside the records of the jobs."""
    content = yaml.safe_dump(values_content(job, solving), sort_keys=False)
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    path = Path(job.state_dir).absolute() / "k8s" / f"values-{digest}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path
