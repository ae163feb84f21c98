"""The command `cells pin`: fill in what the full profile needs and the grid leaves open.

Revisions are asked from the model hub and written to `pins.yaml` beside `grid.yaml`. Chat templates are those
of PostTrainBench at commit 9082063; a file is taken only if it has the hash of the grid.
"""

import hashlib
import os
from pathlib import Path

import click
import yaml

from interplay.tasks import yaml_text
from interplay.tasks.argument_values import one_of
from interplay.tasks.mistakes import EnvironmentProblem, NetworkProblem, UserMistake

from .grid import GRID, PINS, TEMPLATES, Grid, load_grid

Pins = dict[str, object]
TEMPLATES_COMMIT = "9082063"
HASH_DIGITS = 8


def revision_of(repo: str, *, dataset: bool) -> str:
    """The commit that the main branch of a repository points to.

    Raises:
        NetworkProblem: the hub could not be asked.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    try:
        found = HfApi().dataset_info(repo).sha if dataset else HfApi().model_info(repo).sha
    except (HfHubHTTPError, OfflineModeIsEnabled, OSError) as problem:
        said = " ".join(str(problem).split())[:200]
        raise NetworkProblem(
            f"{repo}: the hub could not be asked ({said}); check network and HF_TOKEN."
        ) from problem
    if found is None:
        raise NetworkProblem(f"{repo}: the hub named no revision; try again later.")
    return found


def path_of(name: str) -> list[str]:
    """The keys of a dotted name; names of bases hold dots themselves."""
    kind, _, rest = name.partition(".")
    if kind == "bases":
        base, _, key = rest.rpartition(".")
        return [kind, base, key]
    return [kind, *rest.split(".")]


def put(pins: Pins, name: str, value: object) -> None:
    """Set a dotted name in nested mappings."""
    *path, last = path_of(name)
    at = pins
    for part in path:
        inner = at.setdefault(part, {})
        assert isinstance(inner, dict)
        at = inner
    at[last] = value


def repo_of(grid: Grid, name: str) -> tuple[str, bool]:
    """The repository behind an open revision of the grid, and whether it is a data set."""
    kind, owner, *rest = path_of(name)
    if kind == "bases":
        base = grid.bases[owner]
        return (base.reference if rest == ["reference_revision"] else base.repo), False
    record = grid.targets[owner]
    source = record.source if rest == ["source", "revision"] else record.twin.source
    assert source is not None, name
    return source.repo, True


@click.group()
def main() -> None:
    """Maintain the grid of post-training cells."""


@main.command()
@click.option("--agent-image", help="Image of the agent's sandbox, by digest (name@sha256:...).")
@click.option("--verifier-image", help="Image of the verifier, by digest (name@sha256:...).")
@click.option(
    "--template",
    "templates",
    multiple=True,
    help="Chat template as FAMILY=FILE, or a folder in which those of the grid are found; may be repeated.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=PINS, help="File to write.")
def pin(agent_image: str | None, verifier_image: str | None, templates: tuple[str, ...], out: Path) -> None:
    """Ask the hub for every open revision and write pins.yaml.

    Example: python -m interplay.tasks.posttrain.cells pin --agent-image ghcr.io/you/agent@sha256:...
    """
    grid = load_grid()
    for role, image in (("agent", agent_image), ("verifier", verifier_image)):
        if image is not None and "@sha256:" not in image:
            raise UserMistake(f"--{role}-image {image}: give it by digest, as name@sha256:...")
    for given in templates:
        if "=" in given:
            place_template(grid, given)
        else:
            place_templates(grid, Path(given))
    loaded: object = yaml_text.content(out.read_text("utf-8")) if out.is_file() else {}
    pins: Pins = dict(loaded) if isinstance(loaded, dict) else {}
    for role, image in (("agent", agent_image), ("verifier", verifier_image)):
        if image is not None:
            put(pins, f"images.{role}", image)
    asked: dict[tuple[str, bool], str] = {}
    for name in sorted({name for version in grid.versions for name in grid.unpinned(version)}):
        if name.startswith(("images.", "templates.")):
            continue
        repo, dataset = repo_of(grid, name)
        if (repo, dataset) not in asked:
            asked[repo, dataset] = revision_of(repo, dataset=dataset)
        put(pins, name, asked[repo, dataset])
    write_pins(pins, out)
    click.echo(f"wrote {out}")
    missing = [name for name in load_grid(GRID, out).unpinned("x") if name.startswith("templates.")]
    if missing:
        click.echo(f"still open: {', '.join(missing)}; give --template FOLDER of PostTrainBench's templates")
    open_images = [role for role, digest in load_grid(GRID, out).images.items() if digest is None]
    if open_images:
        click.echo(f"still open: {', '.join(f'--{role}-image' for role in open_images)}")


def place_template(grid: Grid, given: str, folder: Path = TEMPLATES) -> Path:
    """Copy a chat template to where jobs look for it.

    Args:
        grid: With the hashes of the templates.
        given: `FAMILY=FILE`.
        folder: Where it is put.

    Raises:
        UserMistake: the family is unknown, or the file is missing or another one.
    """
    family, _, name = given.partition("=")
    one_of("template", family, grid.templates)
    path, wanted = Path(name), grid.templates[family].sha256
    if not path.is_file():
        raise UserMistake(f"--template {given}: there is no such file; give FAMILY=FILE.")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if wanted is not None and not found.startswith(wanted):
        raise UserMistake(
            f"--template {given}: its SHA-256 begins with {found[:8]}, not {wanted}; take the file of commit "
            f"{TEMPLATES_COMMIT} of PostTrainBench."
        )
    target = folder / f"{family}.jinja"
    target.write_bytes(content)
    return target


def place_templates(grid: Grid, source: Path, folder: Path = TEMPLATES) -> list[Path]:
    """Copy the chat templates of the grid that lie somewhere below a folder, told by their hashes.

    Args:
        grid: With the hashes of the templates.
        source: Such as a checkout of PostTrainBench at the commit named above.
        folder: Where they are put.

    Raises:
        UserMistake: there is no such folder, or none of them lies below it.
    """
    if not source.is_dir():
        raise UserMistake(f"--template {source}: there is no such folder; give a folder, or FAMILY=FILE.")
    wanted = {record.sha256: family for family, record in grid.templates.items() if record.sha256}
    placed: list[Path] = []
    for path in sorted(source.rglob("*.jinja")):
        family = wanted.get(hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_DIGITS])
        if family is not None:
            placed.append(place_template(grid, f"{family}={path}", folder))
    if not placed:
        raise UserMistake(
            f"--template {source}: no template of the grid lies below it; give a checkout of commit "
            f"{TEMPLATES_COMMIT} of PostTrainBench."
        )
    return placed


def write_pins(pins: Pins, out: Path) -> None:
    """Write the pin file in one step.

    Raises:
        EnvironmentProblem: the folder cannot be written to.
    """
    text = yaml.safe_dump(pins, sort_keys=True)
    try:
        half = out.with_suffix(".new")
        half.write_text(text, encoding="utf-8")
        os.replace(half, out)
    except OSError as problem:
        raise EnvironmentProblem(
            f"{out} cannot be written ({problem.strerror}); give --out FILE."
        ) from problem
    load_grid.cache_clear()
