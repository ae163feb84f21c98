"""Frozen sets of mazes: the record of a maze, loading with a check of the hash, building and verifying.

    python -m interplay.tasks.mazes.instances verify
    python -m interplay.tasks.mazes.instances build --set standard-2 --salt salt.txt --out ~/private

Sets ship as `data/NAME.jsonl`, one maze a line, with their hashes in `data/sets.yaml`. Sets called
`standard-N` hold 40 admitted mazes a family, sets called `paper-N` 100 mazes in the paper's setting.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import click
import yaml
from pydantic import BaseModel, TypeAdapter

from interplay.tasks import yaml_text
from interplay.tasks.mistakes import UserMistake

from .maze import FAMILIES, HALVES, Cell, Drawn, Family, Half, draw, render_half
from .paper import draw_paper
from .silent import COMPLETIONS, MOST_SILENT_SUCCESS, Plan, is_admitted, silent, solves

DATA = Path(__file__).parent / "data"
GENERATOR = "1.0.0"
"""Version of the rules that draw a set; another version draws other mazes."""
MAZES_A_FAMILY = 40
PAPER_MAZES = 100
SHORTEST_SALT_BYTES = 16


class SilentPlan(Plan, frozen=True):
    """A silent plan, and whether its route solves the true maze."""

    hit: bool


class Maze(BaseModel, frozen=True):
    """One maze of a set.

    `rows` is the full map with the keys shown; `owner` has one character a cell, `A`, `B`, or `=` for start
    and goal; `route` is the reference route, start included. `silent` is empty for mazes of a sweep, which
    belong to no frozen set.
    """

    maze_id: str
    family: Family
    rows: list[str]
    owner: list[str]
    route: list[Cell]
    silent: dict[Half, SilentPlan]


class SetRecord(BaseModel, frozen=True):
    """What `sets.yaml` publishes of a set.

    `silent_floor` is the mean `q` over all halves. A set drawn with a salt is a private round: until it
    retires only the hashes of its salt and of its file are published.
    """

    count: int
    families: dict[Family, int]
    generator: str
    sha256: str
    silent_floor: float
    salt_sha256: str | None = None


def set_records() -> dict[str, SetRecord]:
    """All published sets by name."""
    text = (DATA / "sets.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, SetRecord]).validate_python(yaml_text.content(text) or {})


def set_record(set_name: str) -> SetRecord:
    """What is published of a set.

    Raises:
        UserMistake: there is no such set.
    """
    records = set_records()
    if set_name not in records:
        raise UserMistake(f"set={set_name}: no such set; choose one of {', '.join(sorted(records))}.")
    return records[set_name]


def load(set_name: str) -> list[Maze]:
    """The mazes of a frozen set, in the order of the file.

    Raises:
        UserMistake: there is no such set, its file is missing, or the file is not the published one.
    """
    record = set_record(set_name)
    path = DATA / f"{set_name}.jsonl"
    if not path.is_file():
        reason = "reinstall the package" if record.salt_sha256 is None else "it is a private round"
        raise UserMistake(f"{path.name}: the file is not there; {reason}.")
    content = path.read_bytes()
    if sha256(content).hexdigest() != record.sha256:
        raise UserMistake(f"{path.name}: SHA-256 differs from sets.yaml; reinstall the package.")
    return [Maze.model_validate_json(line) for line in content.splitlines()]


def smoke(set_name: str = "standard-1") -> list[Maze]:
    """The first two mazes of each family that silence solves from neither half."""
    mazes = load(set_name)
    chosen: list[Maze] = []
    for family in FAMILIES:
        hard = [m for m in mazes if m.family == family and not any(plan.hit for plan in m.silent.values())]
        chosen += hard[:2]
    return chosen


def sweep(size: int, density: float) -> list[Maze]:
    """100 mazes in the paper's setting of another size or density, drawn on the fly, without silent plans.

    Args:
        size: rows and columns, 4 to 18.
        density: probability that a cell is a wall, 0 to 0.75 in steps of 0.01.

    Raises:
        UserMistake: size or density is out of range.
    """
    if not 4 <= size <= 18:
        raise UserMistake(f"size={size}: the paper preset has sizes 4 to 18.")
    percent = round(density * 100) if 0 <= density <= 1 else -1
    if not 0 <= percent <= 75 or abs(density * 100 - percent) > 1e-6:
        raise UserMistake(f"density={density}: the paper preset has densities 0 to 0.75 in steps of 0.01.")
    name = f"sweep-{size}-{percent}"
    return [
        Maze(maze_id=maze_id(name, "bernoulli", i), family="bernoulli", silent={}, **drawn._asdict())
        for i in range(1, PAPER_MAZES + 1)
        for drawn in [draw_paper(name, i, size=size, percent=percent)]
    ]


def maze_id(set_name: str, family: Family, index: int) -> str:
    """The name of a maze: set, family and number from 001."""
    return f"{set_name}-{family}-{index:03d}"


def with_silent_plans(name: str, family: Family, drawn: Drawn) -> Maze:
    """The record of a drawn maze."""
    plans: dict[Half, SilentPlan] = {}
    for half in HALVES:
        plan = silent(render_half(drawn.rows, drawn.owner, half))
        plans[half] = SilentPlan(q=plan.q, route=plan.route, hit=solves(drawn.rows, plan.route))
    return Maze(maze_id=name, family=family, silent=plans, **drawn._asdict())


def drawn_set(set_name: str, salt: str | None = None, *, progress: bool = False) -> list[Maze]:
    """The mazes of a set, drawn anew.

    Raises:
        UserMistake: the name follows neither `standard-N` nor `paper-N`.
    """
    if re.fullmatch(r"standard-[1-9]\d*", set_name):
        wanted: list[tuple[Family, int]] = [(f, i) for f in FAMILIES for i in range(1, MAZES_A_FAMILY + 1)]
    elif re.fullmatch(r"paper-[1-9]\d*", set_name):
        wanted = [("bernoulli", i) for i in range(1, PAPER_MAZES + 1)]
    else:
        raise UserMistake(f"set={set_name}: a set is called standard-N or paper-N.")
    mazes: list[Maze] = []
    bar = click.progressbar(wanted, label=set_name, file=sys.stderr, hidden=not progress)
    with bar:
        for family, i in bar:
            if set_name.startswith("standard"):
                drawn = draw(set_name, family, i, salt=salt, admit=is_admitted)
            else:
                drawn = draw_paper(set_name, i, salt=salt)
            mazes.append(with_silent_plans(maze_id(set_name, family, i), family, drawn))
    return mazes


def to_bytes(mazes: Sequence[Maze]) -> bytes:
    """The content of a set's file: one canonical JSON line a maze."""
    lines = [
        json.dumps(maze.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        for maze in mazes
    ]
    return "".join(line + "\n" for line in lines).encode()


def silent_floor(mazes: Sequence[Maze]) -> float:
    """Mean `q` over all halves, to 3 decimals, summed in whole completions."""
    solved = [round(plan.q * COMPLETIONS) for maze in mazes for plan in maze.silent.values()]
    return float(round(Fraction(sum(solved), COMPLETIONS * len(solved)), 3))


def realised(mazes: Sequence[Maze], half: Half) -> float:
    """Share of mazes that the silent plan of a half solves."""
    return sum(maze.silent[half].hit for maze in mazes) / len(mazes)


def gate_failures(mazes: Sequence[Maze]) -> list[str]:
    """What keeps a standard set from being released: silence pays too often, or more than predicted."""
    shares = {half: realised(mazes, half) for half in HALVES}
    failures = [
        f"silent plans of half {half} solve {share:.3f} of the mazes, at most {MOST_SILENT_SUCCESS} may be"
        for half, share in shares.items()
        if share > MOST_SILENT_SUCCESS
    ]
    both, floor = sum(shares.values()) / len(shares), silent_floor(mazes)
    if abs(both - floor) > 0.05:
        failures.append(f"silent plans solve {both:.3f} of the mazes but {floor:.3f} were predicted")
    return failures


def read_salt(path: Path) -> str:
    """The text of a salt file.

    Raises:
        UserMistake: it is too short to stay secret once its hash is published, or no text.
    """
    content = path.read_bytes()
    if len(content) < SHORTEST_SALT_BYTES:
        raise UserMistake(f"{path.name}: a salt of {len(content)} bytes can be guessed; use 16 or more.")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise UserMistake(f"{path.name}: a salt is UTF-8 text; write it as hexadecimal digits.") from None


def publish(set_name: str, record: SetRecord) -> None:
    """Write the record of one set into `sets.yaml`, the others stay."""
    records = (set_records() if (DATA / "sets.yaml").is_file() else {}) | {set_name: record}
    content = {name: entry.model_dump(exclude_none=True) for name, entry in records.items()}
    text = yaml.safe_dump(content, sort_keys=True)
    (DATA / "sets.yaml").write_text(text, encoding="utf-8", newline="\n")


@click.group()
def main() -> None:
    """Build and verify the frozen sets of mazes."""


@main.command()
@click.option("--set", "set_name", required=True, help="standard-N or paper-N")
@click.option(
    "--salt", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="for private rounds"
)
@click.option(
    "--out", type=click.Path(exists=True, file_okay=False, path_type=Path), help="folder of the file"
)
def build(set_name: str, salt: Path | None, out: Path | None) -> None:
    """Draw a set, write its file and its record in sets.yaml.

    Example: build --set standard-2 --salt salt.txt --out ~/private
    """
    if salt is not None and out is None:
        raise UserMistake("--salt needs --out FOLDER: the mazes of a private round stay out of the package.")
    mazes = drawn_set(set_name, None if salt is None else read_salt(salt), progress=True)
    if set_name.startswith("standard") and (failures := gate_failures(mazes)):
        raise click.ClickException(f"{set_name}: not released: {'; '.join(failures)}.")
    content = to_bytes(mazes)
    path = (out or DATA) / f"{set_name}.jsonl"
    path.write_bytes(content)
    record = SetRecord(
        count=len(mazes),
        families=Counter(maze.family for maze in mazes),
        generator=GENERATOR,
        sha256=sha256(content).hexdigest(),
        silent_floor=silent_floor(mazes),
        salt_sha256=None if salt is None else sha256(salt.read_bytes()).hexdigest(),
    )
    publish(set_name, record)
    click.echo(f"{path}: {record.count} mazes, silent floor {record.silent_floor}, {summary(mazes)}")


def summary(mazes: Sequence[Maze]) -> str:
    """Realised success of the stored plans and mean length of the reference routes, in words."""
    silence = ", ".join(f"{realised(mazes, half):.3f} from half {half}" for half in HALVES)
    lengths = [
        f"{family} {sum(steps) / len(steps):.1f}"
        for family in FAMILIES
        if (steps := [len(m.route) - 1 for m in mazes if m.family == family])
    ]
    return f"realised {silence}; steps {', '.join(lengths)}"


@main.command()
@click.option("--set", "set_names", multiple=True, help="one set, may be repeated (all that need no salt)")
@click.option("--salt", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="for a salted set")
def verify(set_names: Sequence[str], salt: Path | None) -> None:
    """Rebuild sets and compare them byte by byte with what is published.

    Example: verify --set paper-1
    """
    for name in set_names or [n for n, record in set_records().items() if record.salt_sha256 is None]:
        record = set_record(name)
        if record.salt_sha256 != (None if salt is None else sha256(salt.read_bytes()).hexdigest()):
            wanted = "a set without salt" if record.salt_sha256 is None else "not drawn with this salt"
            raise UserMistake(f"{name}: {wanted}; give --salt FILE for the sets that were drawn with it.")
        content = to_bytes(drawn_set(name, None if salt is None else read_salt(salt), progress=True))
        path = DATA / f"{name}.jsonl"
        same_file = salt is not None or (path.is_file() and path.read_bytes() == content)
        if sha256(content).hexdigest() != record.sha256 or not same_file:
            raise click.ClickException(f"{name}: the rebuilt set differs from the published one.")
        click.echo(f"{name}: {record.count} mazes, rebuilt with the same bytes")


if __name__ == "__main__":
    main()
