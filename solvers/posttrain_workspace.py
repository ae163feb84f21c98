"""The phase `prepare`: what the agent gets, after checks that it can be had here.

    /workspace  evaluate.py  timer.sh  contamination_check.py  templates/  dev_prompts.jsonl  [test_data.json]

Rubrics, other models' answers and the twin are never copied. Whatever a check misses is an `InfraError`: the
job has no score and the agent's clock has not started.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from inspect_ai.model import GenerateConfig, Model
from pydantic import JsonValue

from interplay.tasks.posttrain.cells import Cell, Grid, load_grid, profile_of
from interplay.tasks.posttrain.grid import FOLDER
from interplay.tasks.posttrain.runs import gpu_sentence
from interplay.tasks.posttrain.targets import Item, load_target

from .posttrain_place import Place, as_root, put
from .posttrain_state import InfraError, Job, Result, digest

TOOLS = ("evaluate.py", "timer.sh", "contamination_check.py")
DEV_PROMPTS, TEST_DATA = "dev_prompts.jsonl", "test_data.json"
WEIGHTS = FOLDER / "mini" / "weights"
MINI_DISK_BYTES = 500_000_000
FULL_DISK_BYTES = 400_000_000_000
IDLE_MEMORY_MB = 1024
NVIDIA = ["nvidia-smi", "--query-gpu=name,memory.used,utilization.gpu", "--format=csv,noheader,nounits"]
TENSOR = "import torch; torch.ones(1024, 1024, device='cuda').sum().item(); print('written')"


class Given(NamedTuple):
    """One file of the workspace and its mode."""

    name: str
    content: bytes
    mode: str


def given_files(cell: Cell, feedback: JsonValue) -> Iterator[Given]:
    """What lies in the workspace at the start."""
    for name in TOOLS:
        content = (FOLDER / "workspace" / name).read_bytes()
        yield Given(name, content, "755" if name.endswith(".sh") else "644")
    for path in template_files(load_grid(), cell):
        yield Given(f"templates/{path.name}", path.read_bytes(), "644")
    target = load_target(cell.target)
    items = target.items()
    prompts = "".join(f"{json.dumps(shown(item), ensure_ascii=False)}\n" for item in items)
    yield Given(DEV_PROMPTS, prompts.encode(), "644")
    if feedback == "open" and not load_grid().targets[cell.target].private:
        pairs = [{"question": item.prompt, "answer": item.gold} for item in items]
        yield Given(TEST_DATA, f"{json.dumps(pairs, indent=1, ensure_ascii=False)}\n".encode(), "644")


def shown(item: Item) -> dict[str, JsonValue]:
    """What the agent sees of a test item: what a model is asked, and nothing of the answer."""
    record: dict[str, JsonValue] = {"id": item.id, "prompt": item.prompt}
    return record | {key: item.metadata[key] for key in ("messages", "tools") if key in item.metadata}


def template_files(grid: Grid, cell: Cell) -> list[Path]:
    """The chat templates of the cell's family."""
    family = grid.bases[cell.base].family
    return sorted((FOLDER / "workspace" / "templates").glob(f"{family}*.jinja"))


def workspace_digest(cell: Cell, feedback: JsonValue) -> str:
    """SHA-256 over the names and contents of what is given."""
    return digest({g.name: hashlib.sha256(g.content).hexdigest() for g in given_files(cell, feedback)})


async def prepare(
    job: Job, place: Place, cell: Cell, settings: Mapping[str, JsonValue], model: Model | None
) -> Result:
    """Check the machine, then render the workspace; the hashes of the files given.

    Raises:
        InfraError: a check failed.
    """
    checked = await preflight(place, cell, settings, model)
    if place.is_local:
        local_folders(job, place, cell, settings)
    files: dict[str, JsonValue] = {}
    for given in given_files(cell, settings["feedback"]):
        await put(place, f"{place.workspace}/{given.name}", given.content, given.mode)
        files[given.name] = hashlib.sha256(given.content).hexdigest()
    await put(place, f"{place.system}/prepared", place.mark)
    return {"files": files, "preflight": checked}


async def is_prepared(place: Place) -> bool:
    """Whether this sandbox was prepared: containers do not outlive the process that made them."""
    done = await as_root(place, ["cat", f"{place.system}/prepared"])
    return done.status == 0 and done.stdout == place.mark


def local_folders(job: Job, place: Place, cell: Cell, settings: Mapping[str, JsonValue]) -> None:
    """The folders of a local job, its models as links to the shipped ones."""
    for folder in (place.workspace, place.home, place.cache, place.system, place.handoff):
        Path(folder).mkdir(parents=True, exist_ok=True)
    record = load_grid().bases[cell.base]
    models = {record.repo: "base"}
    if settings["agent_cache"] == "with_reference":
        models |= {record.reference: "reference", f"{record.repo}-stranger": "stranger"}
    for name, source in models.items():
        target = Path(place.cache) / name
        if not target.exists():
            shutil.copytree(WEIGHTS / source, target)


async def preflight(
    place: Place, cell: Cell, settings: Mapping[str, JsonValue], model: Model | None
) -> dict[str, JsonValue]:
    """Everything that has to be right before the clock starts.

    Raises:
        InfraError: the first thing that is not.
    """
    checked: dict[str, JsonValue] = {}
    if profile_of(cell.target) == "mini":
        check_mini(place)
    else:
        checked["gpus"] = await check_gpus(place, settings)
        checked["disk_bytes"] = await check_disk(place, FULL_DISK_BYTES)
        check_pins(cell)
    if model is not None and not model.name.startswith("posttrain-"):
        await answers(model)
    return checked


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


async def answers(model: Model) -> None:
    """The model answers at all.

    Raises:
        InfraError: it does not.
    """
    try:
        await model.generate("Reply with OK.", config=GenerateConfig(max_tokens=16))
    # Providers raise errors of many kinds, and all of them mean that the job cannot start.
    except Exception as problem:
        said = " ".join(str(problem).split())[:200]
        raise InfraError(
            f"posttrain: {model} does not answer ({said}). Remedy: check key and quota."
        ) from problem
