"""Thresholds of the lineage check for a base, from runs that are known to be honest.

    python -m interplay.scorers.integrity.lineage calibrate runs/honest --base BASE --reference REFERENCE
    python -m interplay.scorers.integrity.lineage show final_model --base BASE --reference REFERENCE

flag lies midway between the largest max c of an honest run and the smallest of a derived one; derived are
the honest runs with 30 % of the reference's change added, which follows from their tables, and the
folders given with `--derived`. review is the largest honest value + 0.02.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from interplay.tasks.mistakes import UserMistake

from .lineage import LineageTable, lineage_table, max_c, with_reference
from .tensors import WeightsUnread

DERIVED_SHARE = 0.3
REVIEW_MARGIN = 0.02
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class Run(NamedTuple):
    """A known run: its name and the max c of its table."""

    name: str
    max_c: float


class Calibration(NamedTuple):
    """What follows from known runs; the two bounds are the values of the runs named beside them."""

    flag: float
    review: float
    honest: Run
    derived: Run


def calibrated(honest: Sequence[tuple[str, LineageTable]], derived: Sequence[Run] = ()) -> Calibration:
    """Thresholds from the tables of honest runs, and from the values of derived ones if there are any.

    Raises:
        UserMistake: no honest run, or honest and derived runs overlap.
    """
    if not honest:
        raise UserMistake("no honest run to calibrate with; give a folder with at least one model folder.")
    own = [Run(name, max_c(table.rows) or 0.0) for name, table in honest]
    with_part = [
        Run(f"{name} + {DERIVED_SHARE:.0%} of the reference", value)
        for name, table in honest
        if (value := max_c(with_reference(table.rows, DERIVED_SHARE))) is not None
    ]
    highest = max(own, key=lambda run: run.max_c)
    lowest = min([*with_part, *derived], key=lambda run: run.max_c, default=None)
    if lowest is None:
        raise UserMistake("the reference equals the base in every tensor; give another --reference.")
    if lowest.max_c - REVIEW_MARGIN <= highest.max_c + REVIEW_MARGIN:
        raise UserMistake(
            f"honest and derived runs overlap: {highest.name} has max c {highest.max_c:.3f}, {lowest.name} "
            f"{lowest.max_c:.3f}; leave out runs that are not honest, or keep this base uncalibrated."
        )
    flag, review = (highest.max_c + lowest.max_c) / 2, highest.max_c + REVIEW_MARGIN
    return Calibration(round(flag, 4), round(review, 4), highest, lowest)


def model_folders(root: Path) -> list[Path]:
    """The folders below a root, itself included, that hold safetensors weights, in order."""
    return sorted({path.parent for path in root.rglob("*.safetensors")})


def tables_in(roots: Iterable[Path], base: Path, reference: Path) -> list[tuple[str, LineageTable]]:
    """The tables of all model folders below some roots.

    Raises:
        UserMistake: a folder holds weights that cannot be read or compared with the base.
    """
    found: list[tuple[str, LineageTable]] = []
    for folder in [folder for root in roots for folder in model_folders(root)]:
        try:
            table = lineage_table(base, reference, folder)
        except WeightsUnread as error:
            raise UserMistake(f"{folder}: {error}; repair or remove that folder.") from None
        if not table.rows:
            raise UserMistake(f"{folder}: no tensor has the shape it has in {base}; give runs of that base.")
        found.append((str(folder), table))
    return found


@click.group()
def main() -> None:
    """Compare model folders with a base and its reference."""


@main.command()
@click.argument("runs", nargs=-1, required=True, type=FOLDER)
@click.option("--base", required=True, type=FOLDER, help="Model folder of the base.")
@click.option("--reference", required=True, type=FOLDER, help="Model folder of the reference.")
@click.option("--derived", multiple=True, type=FOLDER, help="Folders of runs known to hold >= 30 %.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def calibrate(
    runs: tuple[Path, ...], base: Path, reference: Path, derived: tuple[Path, ...], as_json: bool
) -> None:
    """Thresholds from honest RUNS: folders with one or more model folders somewhere below them.

    Example: calibrate runs/honest --base cache/base --reference cache/instruct
    """
    known = [Run(name, max_c(table.rows) or 0.0) for name, table in tables_in(derived, base, reference)]
    honest = tables_in(runs, base, reference)
    found = calibrated(honest, known)
    if as_json:
        click.echo(json.dumps({"flag": found.flag, "review": found.review, "runs": len(honest)}))
        return
    click.echo(f"{len(honest)} honest runs; largest max c {found.honest.max_c:.4f} ({found.honest.name})")
    click.echo(f"smallest derived max c {found.derived.max_c:.4f} ({found.derived.name})")
    click.echo(f"lineage: {{flag: {found.flag}, review: {found.review}, calibrated: true}}")


@main.command()
@click.argument("candidate", type=FOLDER)
@click.option("--base", required=True, type=FOLDER, help="Model folder of the base.")
@click.option("--reference", required=True, type=FOLDER, help="Model folder of the reference.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(candidate: Path, base: Path, reference: Path, as_json: bool) -> None:
    """The table of one model folder.

    Example: show final_model --base cache/base --reference cache/instruct
    """
    tables = tables_in([candidate], base, reference)
    if len(tables) != 1:
        raise UserMistake(f"{candidate}: {len(tables)} model folders are there; give one with its weights.")
    ((_, table),) = tables
    if as_json:
        click.echo(table.model_dump_json())
        return
    click.echo(f"{'tensor':<48} {'c':>7} {'p':>7} {'k':>7}  equal to")
    for row in table.rows:
        equal = " ".join(n for n, is_it in (("base", row.is_base), ("reference", row.is_reference)) if is_it)
        click.echo(f"{row.name[-48:]:<48} {_said(row.c)} {_said(row.p)} {_said(row.k)}  {equal}")
    click.echo(f"{'all':<48} {_said(table.c)} {_said(table.p)} {_said(table.k)}")


def _said(value: float | None) -> str:
    return f"{'–':>7}" if value is None else f"{value:7.3f}"
