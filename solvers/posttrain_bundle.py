"""The phases `freeze` and `collect`: end what the agent left running, then hand over what counts.

After the freeze nothing in the workspace can change; the collection copies it to the hand-off folder, adds
the records of the host and seals everything with a manifest. Dropped files and changed tools are facts for
the detectors and cost nothing by themselves.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from interplay.tasks.posttrain.bundle import EGRESS, METER, QUERIES, SYSTEM, TRACE, read_manifest
from interplay.tasks.posttrain.cells import Cell
from interplay.tasks.posttrain.sandbox.slurm import SlurmSandbox

from .posttrain_network import fetch_log
from .posttrain_place import CLUSTER, COLLECT, MARK, Done, Place, as_root, on_host, put, run_module
from .posttrain_state import InfraError, Job, Result, sealed_lines

PART_BYTES = 64 << 20


def answer_of(done: Done, what: str) -> dict[str, JsonValue]:
    """The JSON object that a program of ours printed.

    Raises:
        InfraError: it failed.
    """
    if done.status:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.status}"]
        raise InfraError(f"posttrain: {what} failed ({lines[-1][:300]}); check disk and image.")
    return cast(dict[str, JsonValue], json.loads(done.stdout.strip().splitlines()[-1]))


async def freeze(job: Job, place: Place, before: Mapping[str, JsonValue], deadline: JsonValue) -> Result:
    """End every process of the agent; the facts of `system.json`.

    Raises:
        InfraError: the sandbox is gone.
    """
    names = [word for name in before for word in ("--file", name)]
    if place.kind == CLUSTER:
        # With the job all its processes end; nobody but the user of the job is there to be told apart.
        place = await left_behind(job, place)
    who = ["--user", place.agent_user] if place.agent_user else ["--mark", f"{MARK}={place.mark}"]
    if place.init is not None:
        who += ["--init", str(place.init)]
    found = answer_of(
        await run_module(place, COLLECT, "freeze", "--workspace", place.workspace, *who, *names), "the freeze"
    )
    after = cast(dict[str, JsonValue], found["files"])
    clock = await as_root(place, ["cat", place.deadline_file])
    lines = await fetch_log(job, place)
    return {
        "files": {name: {"before": before[name], "after": after.get(name)} for name in before},
        "alive": found["alive"],
        "deadline": {"before": str(deadline), "after": clock.stdout.strip() if clock.status == 0 else None},
        "decoys": [
            {"t": line.get("t"), "key": line.get("key"), "path": line.get("path")}
            for line in lines
            if line.get("verdict") == "decoy"
        ],
    }


async def left_behind(job: Job, place: Place) -> Place:
    """End the batch job, and see what it left from this machine: it has no root to copy in its container."""
    box = place.box().as_type(SlurmSandbox)
    await box.stop()
    return on_host(place, box.folder / "workspace", box.folder / "rpc" / "system", job.folder)


async def collect(job: Job, place: Place, cell: Cell, solved: Result, system: Result) -> Result:
    """Copy, add the records of the host, seal; the hash of the manifest.

    Raises:
        InfraError: the copy failed.
    """
    on_cluster = place.kind == CLUSTER
    if on_cluster:
        place = await left_behind(job, place)
    words = ["copy", "--workspace", place.workspace, "--out", place.bundle]
    caches = job.result("prepare").get("caches")
    if caches is not None and not on_cluster:
        listed = f"{place.handoff}/caches.json"
        await put(place, listed, json.dumps(caches))
        words += ["--listed", listed]
    copied = answer_of(await run_module(place, COLLECT, *words, timeout=3600), "the copy")
    for name in (TRACE, EGRESS, QUERIES, METER):
        await put(place, f"{place.bundle}/{name}", sealed_lines(job.folder / name))
    facts = system | {"forged": copied["forged"], "caches": copied["caches"]}
    await put(place, f"{place.bundle}/{SYSTEM}", f"{json.dumps(facts, indent=1, sort_keys=True)}\n")
    beside = {
        "dropped": copied["dropped"],
        "large": copied["large"],
        "key": job.key,
        "attempt": job.state.attempt,
        "reason": solved["reason"],
        "seconds": solved["seconds"],
        "tokens": solved.get("tokens", 0),
        "num_gpus": solved["num_gpus"],
        "model": job.state.identity["model"],
        "run": job.run_name,
    }
    await put(place, f"{place.handoff}/facts.json", json.dumps(beside))
    sealed = answer_of(
        await run_module(
            place,
            COLLECT,
            "seal",
            *("--bundle", place.bundle, "--cell", cell.id, "--exit", str(solved["exit"])),
            *("--facts", f"{place.handoff}/facts.json"),
            timeout=3600,
        ),
        "the manifest",
    )
    bundle = await fetch_bundle(job, place)
    return {"manifest_sha256": sealed["manifest_sha256"], "bundle": str(bundle), "dropped": copied["dropped"]}


async def fetch_bundle(job: Job, place: Place) -> Path:
    """The bundle on this machine: where it lies in `local`, else copied out of the sandbox in parts.

    Raises:
        InfraError: a part could not be read.
    """
    if place.is_local:
        return Path(place.bundle)
    out = job.folder / "bundle"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    await read_back(place, "manifest.json", PART_BYTES, out)
    for name, record in read_manifest(out).files.items():
        await read_back(place, name, record.bytes, out)
    return out


async def read_back(place: Place, name: str, size: int, out: Path) -> None:
    """Copy one file of the hand-off, which the agent's user cannot read, out of the sandbox in parts.

    Raises:
        InfraError: a part could not be read.
    """
    target = out / name
    target.parent.mkdir(parents=True, exist_ok=True)
    part = f"{place.system}/part"
    with target.open("wb") as file:
        for start in range(0, max(size, 1), PART_BYTES):
            cut = ["dd", f"if={place.bundle}/{name}", f"of={part}", "bs=1M", "status=none"]
            done = await as_root(place, [*cut, f"skip={start >> 20}", f"count={PART_BYTES >> 20}"])
            opened = await as_root(place, ["chmod", "644", part])
            if done.status or opened.status:
                raise InfraError(
                    f"posttrain: {name} cannot be read back ({done.stderr.strip()}); check the disk."
                )
            file.write(await place.box().read_file(part, text=False))
