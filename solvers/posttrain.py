"""One post-training job from the workspace to the verifier's record, in phases that survive a crash.

    prepare  render the workspace, check the machine        InfraError where something is missing
    clock    write the deadline
    solve    the agent works
    freeze   end its processes
    collect  hand over what counts, sealed by a manifest
    examine  the verifier runs the model and writes `posttrain/outputs`

`examine_bundles` plays the last phase alone, for bundles that lie ready. Only these phases generate; scores
come from the record they leave.
"""

import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import cast

import anyio
from inspect_ai.model import Model, get_model, model_roles
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import concurrency, store
from pydantic import JsonValue

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.arguments import Job as Arguments
from interplay.tasks.posttrain.arguments import Sandbox
from interplay.tasks.posttrain.bundle import Bundle
from interplay.tasks.posttrain.cells import Cell, load_grid, profile_of

from .posttrain_bundle import collect, freeze
from .posttrain_outputs import JOB_KEY, OUTPUTS_KEY, Outputs
from .posttrain_place import Place, container_cache, place_of
from .posttrain_preflight import check_items, check_models
from .posttrain_processes import own_processes
from .posttrain_sealing import register_sealing
from .posttrain_solve import set_clock, solve
from .posttrain_state import Job, Result, digest, identity_of, open_job
from .posttrain_verifier import examine
from .posttrain_workspace import is_prepared, prepare, workspace_digest

LOCAL_JOBS, AT_ONCE = "local post-training jobs", 2
REFERENCE, NO_MODEL = "reference/", "none/none"


def refuse_local(kind: Sandbox, model: Model) -> None:
    """Let only scripted agents act on this machine itself.

    Raises:
        UserMistake: another model is under test.
    """
    if kind == "local" and not str(model).startswith(REFERENCE):
        raise UserMistake(
            f"posttrain: sandbox=local runs agent commands on this machine; use sandbox=docker for '{model}'."
        )


def refuse_other(model: Model, bundle: Bundle) -> None:
    """Let a score stand under the name of the agent's model alone, or under none, and no name be made up.

    Raises:
        UserMistake: another model is named, or one where the manifest names none.
    """
    made_by = bundle.agent_model
    if not made_by and str(model) != NO_MODEL:
        raise UserMistake(
            f"bundle {bundle.folder}: its manifest names no model of its agent; give --model {NO_MODEL}."
        )
    if made_by and str(model) not in (made_by, NO_MODEL):
        raise UserMistake(
            f"bundle {bundle.folder}: its agent was {made_by}; give --model {made_by}, or --model {NO_MODEL}."
        )


def cell_of_sample(state: TaskState) -> Cell:
    """The cell of a sample."""
    facts = cast(Mapping[str, JsonValue], state.metadata)
    base, target, version = (str(facts[name]) for name in ("base", "target", "version"))
    found = load_grid().cells(
        next(v for v in load_grid().versions if v == version), profile_of(target), [base], [target]
    )
    return found[0]


@solver
def posttrain_job(arguments: Arguments, task_version: str, examined: bool = True) -> Solver:
    """All phases of one cell; without `examined` they end with the bundle.

    Raises:
        UserMistake: in the sample: a model that may not act on this machine, or a cell in use elsewhere.
        InfraError: in the sample: anything but the agent failed.
    """

    async def play(state: TaskState, generate: Generate) -> TaskState:
        register_sealing()
        model = get_model()
        refuse_local(arguments.sandbox, model)
        cell = cell_of_sample(state)
        settings = arguments.settings
        identity = identity_of(task_version, settings, cell.id, str(model), state.epoch)
        async with turn(arguments.sandbox):
            await one_cell(cell, settings, identity, model, state)
        return state

    async def one_cell(
        cell: Cell,
        settings: dict[str, JsonValue],
        identity: dict[str, JsonValue],
        model: Model,
        state: TaskState,
    ) -> None:
        with open_job(Path(arguments.state_dir), identity) as job:
            place = place_of(arguments.sandbox, job, container_cache(settings))
            bundle = await phases(job, place, cell, settings, model, state)
            store().set(
                JOB_KEY,
                {
                    "key": job.key,
                    "attempt": job.state.attempt,
                    "consumed_seconds": round(job.consumed_seconds, 3),
                    "deviations": list(arguments.deviations),
                },
            )
            if examined:
                await examined_phase(job, place, cell, arguments, bundle)

    return play


def turn(kind: Sandbox) -> AbstractAsyncContextManager[object]:
    """Local jobs share the cores of this machine and take turns; others have machines of their own."""
    return concurrency(LOCAL_JOBS, AT_ONCE) if kind == "local" else nullcontext()


async def phases(
    job: Job, place: Place, cell: Cell, settings: dict[str, JsonValue], model: Model, state: TaskState
) -> Path:
    """The phases up to the bundle, those that are done left out; the bundle on this machine."""
    if not place.is_local and "prepare" in job.state.phases and not await is_prepared(place):
        # Containers end with the process that made them; what a bundle holds does not.
        if "collect" in job.state.phases and job.state.phases["collect"].status == "done":
            return Path(str(job.result("collect")["bundle"]))
        job.state.phases.clear()
    await anyio.to_thread.run_sync(check_items, cell)
    given: JsonValue = {
        "settings": settings,
        "cell": cell.id,
        "files": workspace_digest(cell, settings["feedback"]),
    }
    prepared = await job.run("prepare", given, lambda: prepare(job, place, cell, settings, model))
    wanted: JsonValue = {"prepared": prepared["files"]}
    if not job.is_done("solve", wanted):
        await job.run(
            "clock",
            {"consumed": job.consumed_seconds, "start": started(job)},
            lambda: set_clock(job, place, settings),
        )
    with own_processes(place) as inside:
        solved = await job.run("solve", wanted, lambda: solve(job, inside, cell, settings, state))
        files = cast(dict[str, JsonValue], prepared["files"])
        deadline = job.result("clock")["deadline"]
        system = await job.run("freeze", dict(solved), lambda: freeze(job, inside, files, deadline))
    facts = solved | {"num_gpus": settings.get("num_gpus", 0)}
    collected = await job.run(
        "collect", {"solved": solved, "system": system}, lambda: collect(job, place, cell, facts, system)
    )
    return Path(str(collected["bundle"]))


def started(job: Job) -> int:
    """How often the clock was started, so that each start of the agent writes its deadline anew."""
    clock = job.state.phases.get("clock")
    return clock.attempt if clock is not None else 0


async def examined_phase(job: Job, place: Place, cell: Cell, arguments: Arguments, bundle: Path) -> None:
    """The last phase; its record goes into the sample's store."""
    opened = Bundle.open(bundle)
    given: JsonValue = {
        "manifest": digest(opened.manifest.model_dump(mode="json")),
        "seeds": ",".join(map(str, arguments.seeds)),
        "version": cell.version,
        "device": arguments.device,
        "roles": ",".join(sorted(model_roles())),
    }

    async def work() -> Result:
        outputs = await examine(job, place, cell, arguments, opened)
        path = job.folder / "outputs.json"
        path.write_text(outputs.model_dump_json(), encoding="utf-8")
        return {"outputs": path.name, "sha256": digest(json.loads(outputs.model_dump_json()))}

    await job.run("examine", given, work)
    stored = (job.folder / "outputs.json").read_bytes()
    store().set(OUTPUTS_KEY, Outputs.model_validate_json(stored).model_dump(mode="json"))


@solver
def examine_bundles(arguments: Arguments, task_version: str, bundles: str) -> Solver:
    """The verifier alone, for the bundle below the folder `bundles` that a sample names.

    Raises:
        UserMistake: in the sample: the bundle is not what its manifest says, or a role is missing.
        InfraError: in the sample: a bound role does not answer, or the verifier could not work.
    """

    async def play(state: TaskState, generate: Generate) -> TaskState:
        register_sealing()
        cell = cell_of_sample(state)
        bundle = Path(bundles) / str(cast(Mapping[str, JsonValue], state.metadata)["bundle"])
        opened = Bundle.open(bundle)
        refuse_other(get_model(), opened)
        facts: JsonValue = digest(opened.manifest.model_dump(mode="json"))
        settings = arguments.settings | {"bundle": facts}
        identity = identity_of(task_version, settings, cell.id, "bundle", state.epoch)
        await check_models(cell)
        async with turn(arguments.sandbox):
            with open_job(Path(arguments.state_dir), identity) as job:
                store().set(JOB_KEY, {"key": job.key, "deviations": list(arguments.deviations)})
                await examined_phase(job, place_of(arguments.sandbox, job), cell, arguments, bundle)
        return state

    return play
