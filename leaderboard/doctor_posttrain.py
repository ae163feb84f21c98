"""What post-training jobs need of this machine beside what all need: `interplay doctor posttrain`."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.grid import FOLDER
from interplay.tasks.posttrain.runs import PIN, gpu_names

from .doctor import Finding

PACKAGES = ("torch", "transformers", "safetensors", "tokenizers")
CLUSTER = ("sbatch", "scancel", "sacct", "apptainer")
FULL_DISK_GB = 400


def findings() -> Iterator[Finding]:
    """All findings, those of the mini profile first; what only the full profile lacks is a warning."""
    yield packages()
    yield weights()
    yield processes()
    yield pins()
    yield gpus()
    yield space()
    yield cluster()


def packages() -> Finding:
    """The extra that runs the small models."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        return Finding(
            "fail", "small models", f"{missing[0]} is missing", "pip install 'interplay[posttrain]'."
        )
    return Finding("ok", "small models", "torch and transformers are installed")


def weights() -> Finding:
    """The shipped models of the mini profile, byte for byte."""
    files = load_grid().mini.files
    for name, wanted in files.items():
        path = FOLDER / "mini" / "weights" / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            return Finding(
                "fail", "mini weights", f"{name} is not the shipped file", "install the package again."
            )
    return Finding("ok", "mini weights", f"{len(files)} files as shipped")


def processes() -> Finding:
    """Namespaces for the agents of `sandbox=local`."""
    # Its module loads what Inspect's sandboxes need.
    from interplay.solvers.posttrain_processes import why_shared

    reason = why_shared()
    if reason is None:
        return Finding("ok", "local agents", "have process, user and mount namespaces of their own")
    return Finding(
        "warn",
        "local agents",
        f"see this machine's processes in sandbox=local ({reason})",
        "install util-linux and allow unprivileged user namespaces, or use sandbox=docker.",
    )


def pins() -> Finding:
    """Revisions and images of the full profile."""
    missing = load_grid().unpinned("x")
    if missing:
        return Finding(
            "warn", "pins", f"{len(missing)} not pinned, first {missing[0]}; no full profile", f"{PIN}."
        )
    return Finding("ok", "pins", "all revisions and images are pinned")


def gpus() -> Finding:
    """A GPU for the full profile."""
    seen = gpu_names()
    if not seen:
        return Finding(
            "warn", "full profile", "no GPU here; posttrain_mini needs none", "use a machine with one."
        )
    chosen = os.environ.get("INTERPLAY_GPU")
    return Finding("ok", "full profile", f"{', '.join(seen)}; INTERPLAY_GPU={chosen or 'not set'}")


def space() -> Finding:
    """Disk for the full profile."""
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    if free < FULL_DISK_GB:
        return Finding(
            "warn", "full disk", f"{free:.0f} GB free here", f"{FULL_DISK_GB} GB for the full profile."
        )
    return Finding("ok", "full disk", f"{free:.0f} GB free")


def cluster() -> Finding:
    """The tools of sandbox=slurm-apptainer."""
    missing = [name for name in CLUSTER if shutil.which(name) is None]
    if len(missing) == len(CLUSTER):
        return Finding("ok", "slurm", "not here; needed for sandbox=slurm-apptainer only")
    if missing:
        return Finding(
            "warn", "slurm", f"{', '.join(missing)} not found", "run on a login node with Apptainer."
        )
    return Finding("ok", "slurm", "sbatch, sacct, scancel and apptainer found")
