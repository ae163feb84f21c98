"""The task `posttrain_baselines`, and the command that writes what it found into the grid.

    inspect eval interplay/posttrain_baselines -T bases=qwen3-1.7b
    python -m interplay.tasks.posttrain.baselines logs/....eval --out baselines.json
    python -m interplay.tasks.posttrain.baselines mini

Scores fall back to the zero-shot value of the base, and weights follow from the gaps between base and
reference, so a run without baselines has no headline.
"""

import json
from pathlib import Path
from typing import Any, cast

import click
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset
from inspect_ai.log import read_eval_log
from inspect_ai.model import get_model
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from interplay.tasks.argument_values import new_file
from interplay.tasks.catalog import task_stamp
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.arguments import Device, Job, Listed, Sandbox
from interplay.tasks.posttrain.cells import Baseline, load_grid
from interplay.tasks.posttrain.dataset import samples_of
from interplay.tasks.posttrain.grid import weights_from
from interplay.tasks.posttrain.sandbox.choice import sandbox_of
from interplay.tasks.records import Preset

VERSION = "1.0.0"
STORED = "posttrain/baseline"


@task
def posttrain_baselines(
    preset: Preset = "standard",
    version: str | float | None = None,
    bases: Listed | None = None,
    targets: Listed | None = None,
    sandbox: Sandbox = "docker",
    state_dir: str = "./posttrain-state",
    eval_seeds: str | int | list[int] | None = None,
    device: Device = "auto",
) -> Task:
    """Zero-shot and three-shot score of each base, and the score of its reference; no agent takes part.

    Example: Qwen3-1.7B-Base on GSM8K: 0.13 zero-shot, its instruction-tuned sibling 0.88.

    Args:
        preset: `standard` (version x), `paper` (1.0) or `smoke` (one cell of the mini profile).
        version: Whose targets and seeds; by preset.
        bases: Comma list.
        targets: Comma list.
        sandbox: Of the verifier; `local` for the mini profile only.
        state_dir: Where records are kept.
        eval_seeds: Comma list; by version.
        device: Of the mini profile.
    """
    job = Job(
        profile="mini" if preset == "smoke" else "full",
        preset=preset,
        version=version,
        bases=bases,
        targets=targets,
        sandbox=sandbox,
        state_dir=state_dir,
        eval_seeds=eval_seeds,
        device=device,
    )
    samples = samples_of(job)
    return Task(
        dataset=MemoryDataset(samples, name="posttrain_baselines"),
        solver=measure_cell(job),
        scorer=baseline(),
        sandbox=sandbox_of(job, solving=False, verifying=True),
        version=VERSION,
        headline_metric="baseline.reference",
        metadata={"interplay": task_stamp("posttrain_baselines", job.preset, samples)},
    )


@solver
def measure_cell(job: Job) -> Solver:
    """Measure the sample's cell in the verifier."""

    async def measure(state: TaskState, generate: Generate) -> TaskState:
        from interplay.solvers.posttrain import cell_of_sample
        from interplay.solvers.posttrain_baselines import judged_baseline
        from interplay.solvers.posttrain_place import place_of, run_module
        from interplay.solvers.posttrain_preflight import check_models
        from interplay.solvers.posttrain_state import InfraError, identity_of, open_job
        from interplay.solvers.posttrain_verifier import HOURS, model_folders

        cell = cell_of_sample(state)
        await check_models(cell)
        identity = identity_of(VERSION, job.settings, cell.id, "baseline", state.epoch)
        with open_job(Path(job.state_dir), identity) as opened:
            place = place_of(job.sandbox, opened)
            opened.folder.mkdir(parents=True, exist_ok=True)
            box = place.verifier()
            out = str(opened.folder / "baseline.json") if place.is_local else "/out/baseline.json"
            base, reference = model_folders(place, cell)
            done = await run_module(
                place,
                "interplay.solvers.posttrain_baselines",
                *("--cell", cell.id, "--seeds", ",".join(map(str, job.seeds)), "--device", job.device),
                *("--base", base, "--reference", reference, "--out", out),
                box=box,
                timeout=HOURS * 3600,
            )
            if done.status:
                said = (done.stderr.strip().splitlines() or [f"exit status {done.status}"])[-1]
                raise InfraError(f"posttrain: no baseline ({said.removeprefix('Error: ')[:400]}).")
            content = cast(dict[str, Any], json.loads(await box.read_file(out)))
        del content["cell"]
        if "texts" in content:
            found = await judged_baseline(cell, content["texts"], get_model(role="grader", required=True))
        else:
            found = Baseline.model_validate(content)
        state.store.set(STORED, found.model_dump(mode="json"))
        return state

    return measure


@scorer(metrics={"*": [mean()]})
def baseline() -> Scorer:
    """The measured values, NaN where there is none."""

    async def score(state: TaskState, target: Target) -> Score:
        found = state.store.get(STORED)
        if found is None:
            return Score.unscored(reason="not_a_baseline_log", explanation="The log holds no baseline.")
        values = Baseline.model_validate(found).model_dump()
        return Score(value={key: float("nan") if value is None else value for key, value in values.items()})

    return score


def of_log(path: Path) -> dict[str, dict[str, Baseline]]:
    """The baselines that a log holds, by base and target.

    Raises:
        UserMistake: there is no such log, or it holds none.
    """
    if not path.is_file():
        raise UserMistake(f"{path}: there is no such log; give a log of posttrain_baselines, or mini.")
    found: dict[str, dict[str, Baseline]] = {}
    for sample in read_eval_log(str(path)).samples or []:
        stored = sample.store.get(STORED)
        if stored is not None:
            row = found.setdefault(str(sample.metadata["base"]), {})
            row[str(sample.metadata["target"])] = Baseline.model_validate(stored)
    if not found:
        raise UserMistake(f"{path}: it holds no baselines; give a log of posttrain_baselines.")
    return found


def of_shipped(folder: Path) -> dict[str, dict[str, Baseline]]:
    """The baselines of the shipped small models, measured in this process.

    Args:
        folder: With the folders `base` and `reference`.
    """
    from interplay.solvers.posttrain_baselines import measure
    from interplay.solvers.posttrain_serving import MiniServer

    base, reference = (MiniServer(folder / name, "cpu") for name in ("base", "reference"))
    seeds = load_grid().versions["x"].eval_seeds
    cells = load_grid().cells("x", "mini")
    return {cells[0].base: {cell.target: measure(cell, base, reference, seeds) for cell in cells}}


@click.command()
@click.argument("log")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="JSON to write.")
@click.option("--weights", "folder", type=click.Path(exists=True, path_type=Path), help="For mini: models.")
def main(log: str, out: Path | None, folder: Path | None) -> None:
    """Print baselines and the weights that follow, from a log, or of the shipped small models for `mini`.

    Example: python -m interplay.tasks.posttrain.baselines mini
    """
    from interplay.tasks.posttrain.mini.recipe import WEIGHTS, file_hashes

    if out is not None:
        new_file("--out", out)
    found = of_shipped(folder or WEIGHTS) if log == "mini" else of_log(Path(log))
    content: dict[str, object] = {
        "baselines": {b: {t: v.model_dump() for t, v in row.items()} for b, row in found.items()}
    }
    if log == "mini":
        content["weights"] = weights_from(found, load_grid().mini.targets)
        content["files"] = file_hashes(folder or WEIGHTS)
    text = json.dumps(cast(object, content), indent=1)
    if out is None:
        click.echo(text)
    else:
        out.write_text(f"{text}\n", encoding="utf-8")
        click.echo(f"wrote {out}")


if __name__ == "__main__":
    main()
