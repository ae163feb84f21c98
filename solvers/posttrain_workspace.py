"""The phase `prepare`: what the agent gets, after the checks of `posttrain_preflight`.

    /workspace  evaluate.py  timer.sh  contamination_check.py  templates/  dev_prompts.jsonl  [test_data.json]

Rubrics, other models' answers and the twin are never copied. Whatever a check misses is an `InfraError`: the
job has no score and the agent's clock has not started.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, cast

from inspect_ai.model import Model
from pydantic import JsonValue

from interplay.tasks.posttrain.cells import Cell, Grid, load_grid
from interplay.tasks.posttrain.grid import FOLDER, TEMPLATES
from interplay.tasks.posttrain.targets import Item, load_target

from .posttrain_place import CLUSTER, COLLECT, Place, as_root, put, run_module
from .posttrain_preflight import WEIGHTS, preflight
from .posttrain_state import InfraError, Job, Result, digest, one_line

TOOLS = ("evaluate.py", "timer.sh", "contamination_check.py")
DEV_PROMPTS, TEST_DATA = "dev_prompts.jsonl", "test_data.json"


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
    prompts = "".join(f"{one_line(shown(item))}\n" for item in items)
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
    return sorted(TEMPLATES.glob(f"{family}*.jinja"))


def workspace_digest(cell: Cell, feedback: JsonValue) -> str:
    """SHA-256 over the names and contents of what is given."""
    return digest({g.name: hashlib.sha256(g.content).hexdigest() for g in given_files(cell, feedback)})


async def prepare(
    job: Job, place: Place, cell: Cell, settings: Mapping[str, JsonValue], model: Model | None
) -> Result:
    """Check the machine, then render the workspace; the hashes of the files given, and what lies in caches.

    Raises:
        InfraError: a check failed.
        UserMistake: a role is missing.
    """
    checked = await preflight(place, cell, settings, model)
    if place.is_local:
        local_folders(job, place, cell, settings)
    files: dict[str, JsonValue] = {}
    for given in given_files(cell, settings["feedback"]):
        await put(place, f"{place.workspace}/{given.name}", given.content, given.mode)
        files[given.name] = hashlib.sha256(given.content).hexdigest()
    caches = await cached(place)
    await put(place, f"{place.system}/prepared", place.mark)
    return {"files": files, "preflight": checked, "caches": caches}


async def cached(place: Place) -> JsonValue:
    """What lies in the caches at the start, for the record of the phase.

    None on a cluster, where files are collected on this machine, and folders of the container are none here.

    Raises:
        InfraError: they cannot be listed.
    """
    if place.kind == CLUSTER:
        return None
    caches = [word for folder in place.caches for word in ("--cache", folder)]
    listed = await run_module(place, COLLECT, "list", *caches)
    if listed.status:
        raise InfraError(
            f"posttrain: the caches cannot be listed ({listed.stderr.strip()[-200:]}); check the image."
        )
    return cast(JsonValue, json.loads(listed.stdout.strip().splitlines()[-1]))


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
