"""The phase `examine` as the host sees it: start the verifier, read its record, add what only the host can.

The verifier is a sandbox of its own without a network, or a process of its own in `local`. Judged targets are
graded here, by the role `grader`; detectors that ask for a judge get theirs here as well.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from inspect_ai.model import get_model, model_roles
from inspect_ai.util import SandboxEnvironment

from interplay.scorers.integrity import Facts, findings_of
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.arguments import Job as Arguments
from interplay.tasks.posttrain.bundle import Bundle
from interplay.tasks.posttrain.cells import Cell, load_grid, profile_of
from interplay.tasks.posttrain.targets import load_target

from .posttrain_ladder import Judging
from .posttrain_outputs import Answer, Outputs
from .posttrain_place import Place, as_root, put, run_module, unrecorded
from .posttrain_preflight import WEIGHTS
from .posttrain_state import InfraError, Job

EXAMINE = "interplay.solvers.posttrain_examine"
HOURS = 8
PART_BYTES = 64 << 20
USER_MISTAKE = 2


async def examine(job: Job, place: Place, cell: Cell, arguments: Arguments, bundle: Bundle) -> Outputs:
    """The verifier's record of a bundle.

    Raises:
        InfraError: the verifier could not work, which says nothing about the agent.
        UserMistake: the bundle is not what its manifest says.
    """
    box = place.verifier()
    where, out = await handed_over(job, place, bundle, box)
    base, reference = model_folders(place, cell)
    done = await run_module(
        place,
        EXAMINE,
        *("--bundle", where, "--out", out, "--version", cell.version),
        *("--seeds", ",".join(map(str, arguments.seeds)), "--device", arguments.device),
        *("--base", base, "--reference", reference),
        *(["--guard"] if place.is_local else []),
        box=box,
        timeout=HOURS * 3600,
    )
    if done.status:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.status}"]
        sentence = lines[-1].removeprefix("Error: ")[:500]
        if done.status == USER_MISTAKE and sentence.startswith("bundle "):
            raise UserMistake(sentence)
        raise InfraError(f"posttrain: the verifier failed ({sentence}); run the same command again.")
    # Its content goes into the store; an event would put it in the log a second time.
    content = await unrecorded(box).read_file(out)
    outputs = await graded_here(Outputs.model_validate_json(content), cell)
    return await judged(outputs, bundle, cell)


async def graded_here(outputs: Outputs, cell: Cell) -> Outputs:
    """The record with verdicts where a grader gives them: the verifier has no network to ask one.

    Raises:
        PrerequisiteError: the target needs the role `grader` and none is bound.
    """
    if not load_grid().targets[cell.target].judged or outputs.reason is not None:
        return outputs
    target = load_target(cell.target)
    known = {item.id: item for item in (*target.items(), *target.twin())}
    grader = get_model(role="grader", required=True)

    async def verdicts(answers: Sequence[Answer]) -> tuple[Answer, ...]:
        items = [known[answer.id] for answer in answers]
        texts = [answer.text or "" for answer in answers]
        found = await cast(Judging, target).judge(items, texts, grader)
        return tuple(
            answer.model_copy(update={"extracted": one.extracted, "correct": number_of(one.correct)})
            for answer, one in zip(answers, found, strict=True)
        )

    passes = {name: await verdicts(getattr(outputs, name)) for name in ("raw", "twin", "greedy")}
    return outputs.model_copy(update=passes)


def number_of(correct: float) -> float | None:
    """A verdict as it is stored: None where it is no number."""
    return None if math.isnan(correct) else correct


async def judged(outputs: Outputs, bundle: Bundle, cell: Cell) -> Outputs:
    """The record with the rulings of bound judges."""
    roles = [role for role in model_roles() if role.startswith("judge_")]
    if not roles:
        return outputs
    # Judges are models; loaded only where one is bound.
    from interplay.scorers.integrity.judges import judge_findings

    findings = findings_of(Facts.model_validate(outputs.facts), cell)
    rulings = await judge_findings(bundle, cell, findings)
    return outputs.model_copy(update={"findings": tuple(ruling.record() for ruling in rulings)})


def model_folders(place: Place, cell: Cell) -> tuple[str, str]:
    """Base and reference as the verifier finds them."""
    record = load_grid().bases[cell.base]
    if profile_of(cell.target) == "mini":
        if place.is_local:
            return str(WEIGHTS / "base"), str(WEIGHTS / "reference")
        return "/cache/mini/base", "/cache/mini/reference"
    return f"/cache/{record.repo}", f"/cache/{record.reference}"


async def handed_over(job: Job, place: Place, bundle: Bundle, box: SandboxEnvironment) -> tuple[str, str]:
    """Where the verifier finds the bundle and writes its record; a bundle that is not there yet is sent.

    Raises:
        InfraError: it could not be sent.
    """
    if place.is_local:
        return str(bundle.folder), str(job.folder / "verified.json")
    ours = (bundle.folder / "manifest.json").read_text(encoding="utf-8")
    there = await as_root(place, ["cat", f"{place.bundle}/manifest.json"], box=box)
    if there.status == 0 and there.stdout == ours:
        return place.bundle, "/out/outputs.json"
    for name in ("manifest.json", *bundle.manifest.files):
        await send_file(place, bundle.folder / name, f"/out/bundle/{name}", box)
    return "/out/bundle", "/out/outputs.json"


async def send_file(place: Place, source: Path, target: str, box: SandboxEnvironment) -> None:
    """Write a file into the sandbox in parts.

    Raises:
        InfraError: it could not be written.
    """
    append = 'mkdir -p "$(dirname "$1")" && cat >> "$1"'
    await put(place, target, b"", box=box)
    with source.open("rb") as file:
        while part := file.read(PART_BYTES):
            done = await as_root(place, ["/bin/sh", "-c", append, "sh", target], stdin=part, box=box)
            if done.status:
                raise InfraError(
                    f"posttrain: {target} cannot be written ({done.stderr.strip()}); check the disk."
                )
