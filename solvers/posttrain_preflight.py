"""What has to be right before the clock of a job starts; whatever is not is an `InfraError` with the remedy.

| checked | where |
| --- | --- |
| GPUs by number, name and idleness, a tensor on them; disk; the revision of the base | in the sandbox |
| test items, so that the token of a gated data set works | on the host |
| the agent's model, the grader of a judged target, every bound judge: each answers at all | on the host |

The job then has no score, and nothing is held against the agent. What a user can only have forgotten is a
`UserMistake`, told before the run where the program starts it.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping
from importlib.util import find_spec

import click
from inspect_ai.model import GenerateConfig, Model, model_roles
from inspect_ai.util import LimitExceededError
from pydantic import JsonValue

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.cells import Cell, load_grid, profile_of
from interplay.tasks.posttrain.grid import FOLDER
from interplay.tasks.posttrain.runs import JUDGES, gpu_sentence, grader_sentence
from interplay.tasks.posttrain.targets import load_target

from .posttrain_place import Place, as_root
from .posttrain_state import InfraError

WEIGHTS = FOLDER / "mini" / "weights"
MINI_DISK_BYTES = 500_000_000
FULL_DISK_BYTES = 400_000_000_000
IDLE_MEMORY_MB = 1024
NVIDIA = ["nvidia-smi", "--query-gpu=name,memory.used,utilization.gpu", "--format=csv,noheader,nounits"]
TENSOR = "import torch; torch.ones(1024, 1024, device='cuda').sum().item(); print('written')"
SCRIPTED = "reference/"
NOTES = ".cache/huggingface/download"
"""Where the hub's client notes, in the first line of `FILE.metadata`, the commit that a file is of."""
COMMITS = """
cd "$1" && find . -path ./.cache -prune -o -type f -print | while read -r file; do
  head -n1 "$2/$file.metadata" 2>/dev/null || echo unknown
done | sort -u
"""


async def preflight(
    place: Place, cell: Cell, settings: Mapping[str, JsonValue], model: Model | None
) -> dict[str, JsonValue]:
    """Everything that has to be right before the clock starts.

    Raises:
        InfraError: the first thing that is not.
        UserMistake: a role is missing.
    """
    checked: dict[str, JsonValue] = {}
    if profile_of(cell.target) == "mini":
        check_mini(place)
    else:
        checked["gpus"] = await check_gpus(place, settings)
        checked["disk_bytes"] = await check_disk(place, FULL_DISK_BYTES)
        check_pins(cell)
        await check_base(place, cell)
    await check_models(cell, model)
    return checked


async def check_models(cell: Cell, model: Model | None = None) -> None:
    """The models that a cell needs answer: the agent's, the grader of a judged target, and bound judges.

    Raises:
        InfraError: one does not.
        UserMistake: the target is judged and no grader is bound.
    """
    bound = model_roles()
    if load_grid().targets[cell.target].judged and "grader" not in bound:
        raise UserMistake(grader_sentence([cell.target]))
    wanted = ("grader", *JUDGES) if load_grid().targets[cell.target].judged else JUDGES
    named = [("the agent", model)] if model is not None else []
    for role in wanted:
        models = bound.get(role, [])
        named += [(f"role {role}", one) for one in (models if isinstance(models, list) else [models])]
    asked: list[Model] = []
    for role, one in named:
        if not str(one).startswith(SCRIPTED) and not any(one is other for other in asked):
            await answers(one, role)
            asked.append(one)


def check_items(cell: Cell) -> None:
    """The items of the test can be had here, which takes a token of the hub where they are gated.

    Raises:
        InfraError: they cannot.
    """
    try:
        load_target(cell.target).items()
    except click.ClickException as problem:
        raise InfraError(problem.message) from problem


async def check_base(place: Place, cell: Cell) -> None:
    """Every file of the base in the agent's cache is of the pinned revision.

    Raises:
        InfraError: it is not, or nothing says which one it is.
    """
    base = load_grid().bases[cell.base]
    folder = f"{place.cache}/{base.repo}"
    done = await as_root(place, ["sh", "-c", COMMITS, "sh", folder, NOTES])
    found = done.stdout.split() if done.status == 0 else []
    if found != [base.revision]:
        said = " and ".join(found) or "unknown"
        raise InfraError(
            f"posttrain: {folder} holds revision {said} of {base.repo}, not {base.revision}. "
            f"Remedy: hf download {base.repo} --revision {base.revision} --local-dir FOLDER/{base.repo}."
        )


def check_mini(place: Place) -> None:
    """The packages are installed and the shipped models are whole.

    Raises:
        InfraError: they are not.
    """
    for name in ("torch", "transformers", "safetensors", "tokenizers"):
        if place.is_local and find_spec(name) is None:
            raise InfraError(
                f"posttrain: {name} is not installed. Remedy: pip install 'interplay[posttrain]'."
            )
    for name, wanted in load_grid().mini.files.items():
        path = WEIGHTS / name
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "nothing"
        if found != wanted:
            raise InfraError(f"posttrain: {path} is not the shipped file. Remedy: install the package again.")
    if place.is_local and shutil.disk_usage(os.getcwd()).free < MINI_DISK_BYTES:
        raise InfraError(
            "posttrain: less than 0.5 GB of disk is free. Remedy: free some, or set -T state_dir."
        )


async def check_gpus(place: Place, settings: Mapping[str, JsonValue]) -> list[JsonValue]:
    """The GPUs of the sandbox: as many and of the name asked for, idle, and able to hold a tensor.

    Raises:
        InfraError: they are not.
    """
    done = await as_root(place, NVIDIA)
    lines = [line for line in done.stdout.splitlines() if line.strip()] if done.status == 0 else []
    wanted, count = str(settings["gpu_name"]), settings["num_gpus"]
    named = [line for line in lines if wanted.lower() in line.split(",")[0].lower()]
    if len(named) != count:
        raise InfraError(gpu_sentence(wanted, [line.split(",")[0].strip() for line in lines]))
    for line in named:
        memory = line.split(",")[1].strip()
        if memory.isdecimal() and int(memory) > IDLE_MEMORY_MB:
            raise InfraError(
                f"posttrain: the GPU is in use ({memory} MB). Remedy: free it, or choose another."
            )
    written = await as_root(place, [place.python, "-c", TENSOR])
    if written.status or "written" not in written.stdout:
        said = (written.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise InfraError(f"posttrain: the GPU holds no tensor ({said}). Remedy: check driver and image.")
    return [line.strip() for line in named]


async def check_disk(place: Place, least: int) -> int:
    """Free bytes of the workspace.

    Raises:
        InfraError: there are too few.
    """
    done = await as_root(place, ["df", "-Pk", place.workspace])
    fields = (done.stdout.splitlines() or [""])[-1].split()
    free = int(fields[3]) * 1024 if len(fields) > 3 and fields[3].isdecimal() else 0
    if free < least:
        raise InfraError(
            f"posttrain: {free / 1e9:.0f} GB of disk are free, {least / 1e9:.0f} GB are needed. "
            "Remedy: free some, or move the volumes."
        )
    return free


def check_pins(cell: Cell) -> None:
    """Revisions and images are pinned.

    Raises:
        InfraError: one is not.
    """
    missing = load_grid().unpinned(cell.version)
    if missing:
        raise InfraError(
            f"posttrain: {missing[0]} is not pinned. Remedy: python -m interplay.tasks.posttrain.cells pin."
        )


async def answers(model: Model, role: str) -> None:
    """The model answers at all.

    Raises:
        InfraError: it does not.
    """
    try:
        await model.generate("Reply with OK.", config=GenerateConfig(max_tokens=16))
    except LimitExceededError:
        raise
    # Providers raise errors of many kinds, and all of them mean that the job cannot start.
    except Exception as problem:
        said = " ".join(str(problem).split())[:200]
        raise InfraError(
            f"posttrain: {model} ({role}) does not answer ({said}). Remedy: check key and quota."
        ) from problem
