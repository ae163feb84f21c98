"""From the arguments of a task to its samples: one a cell, or one a bundle (pure, but for manifests)."""

from pathlib import Path

from inspect_ai.dataset import Sample

from interplay.tasks.argument_values import one_of
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.arguments import Job
from interplay.tasks.posttrain.bundle import MANIFEST, Bundle, read_manifest
from interplay.tasks.posttrain.cells import Cell, Profile, load_grid, profile_of


def samples_of(job: Job) -> list[Sample]:
    """The cells of a run, target by target."""
    return [sample_of(job, cell) for cell in job.cells]


def sample_of(job: Job, cell: Cell, **more: str) -> Sample:
    """One cell; its input is the message that starts the agent."""
    base = load_grid().bases[cell.base]
    source = load_grid().targets[cell.target].source
    return Sample(
        id=cell.id,
        input=job.instruction(cell),
        metadata={
            "cell": cell.id,
            "base": cell.base,
            "target": cell.target,
            "base_revision": base.revision,
            "weight": cell.weight,
            "version": cell.version,
            "source": source.repo if source else "templates",
            **more,
        },
    )


def bundle_folders(bundles: Path) -> list[Path]:
    """The folders below one that hold a manifest, in order.

    Raises:
        UserMistake: there is none.
    """
    folders = sorted(path.parent for path in bundles.rglob(MANIFEST)) if bundles.is_dir() else []
    if not folders:
        raise UserMistake(f"bundles={bundles}: no {MANIFEST} below it; give the folder of collected jobs.")
    return folders


def profile_of_bundles(bundles: Path) -> Profile:
    """The profile of the first bundle below a folder.

    Raises:
        UserMistake: there is none, or it is of no known target.
    """
    first = bundle_folders(bundles)[0]
    target = read_manifest(first).cell.split("__")[0]
    one_of(f"bundle {first}: target", target, load_grid().targets)
    return profile_of(target)


def bundle_samples(job: Job, bundles: Path) -> list[Sample]:
    """One sample a bundle below a folder, in the order of paths; `bundle` is the place below that folder.

    Raises:
        UserMistake: there is none, two are of one cell, or one is of no cell of the version.
    """
    cells = {cell.id: cell for cell in load_grid().cells(job.filled_version, job.profile)}
    found: dict[str, Sample] = {}
    for folder in bundle_folders(bundles):
        name = Bundle.open(folder).manifest.cell
        if name not in cells:
            raise UserMistake(
                f"bundle {folder}: {name} is no cell of version {job.filled_version}; "
                f"choose one of {', '.join(cells)}."
            )
        if name in found:
            raise UserMistake(f"bundle {folder}: a second one of {name}; keep one for each cell.")
        found[name] = sample_of(job, cells[name], bundle=folder.relative_to(bundles).as_posix())
    return list(found.values())
