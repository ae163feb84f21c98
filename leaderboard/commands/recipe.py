"""`interplay recipe`: stored texts of checkpoints, which other models answer, and the panel of answers."""

from pathlib import Path

import click

from interplay.tasks.mistakes import UserMistake

from .json_output import AS_JSON, tell
from .progress import working
from .recipe_labels import anchor, engines, gold, sheet

TASK = "interplay/recipe_chains"


@click.group(epilog="Example: interplay recipe harvest logs/recipe_chains --out panel-mine.jsonl")
def recipe_group() -> None:
    """Texts that checkpoints wrote and others answer, the panel of answers, and labels of people."""


@recipe_group.command(epilog="Example: interplay recipe harvest logs/recipe_chains --out panel-mine.jsonl")
@click.argument("logs", nargs=-1, metavar="LOGS...", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@AS_JSON
def harvest(logs: tuple[Path, ...], out: Path, force: bool, as_json: bool) -> None:
    """Collect what models wrote on each topic alone (-T partners=none) as texts for others to answer.

    Run the task with `-T partners=none` for each checkpoint first; the file is then used with
    `-T partners=FILE`.
    """
    from interplay.leaderboard.harvest import harvested
    from interplay.tasks.recipe_chains.partner_texts import read_texts, written

    if out.suffix != ".jsonl":
        raise UserMistake(f"--out {out.name}: the name of the file must end in .jsonl.")
    if out.exists() and not force:
        raise UserMistake(f"{out.name} exists; give another --out, or --force to replace it.")
    with working("reading the logs"):
        found = harvested(logs)
    text = written(found.texts)
    read_texts(text, out.name)
    out.write_text(text, encoding="utf-8", newline="\n")
    partners = len({row.partner for row in found.texts})
    left = f"; {found.unusable} empty or cut replies were left out" if found.unusable else ""
    tell(
        {"file": out, "texts": len(found.texts), "partners": partners, "unusable": found.unusable},
        f"{out}: {len(found.texts)} texts of {partners} partner{'s' * (partners != 1)}{left}.",
        as_json=as_json,
    )


@recipe_group.command(epilog="Example: interplay recipe panel logs/panel")
@click.argument("logs", nargs=-1, metavar="LOGS...", type=click.Path(path_type=Path))
@click.option(
    "--out",
    default=Path("leaderboard/data/recipe_panel.csv"),
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The stored panel. Speakers of LOGS replace their earlier rows; others stay.",
)
@AS_JSON
def panel(logs: tuple[Path, ...], out: Path, as_json: bool) -> None:
    """Add speakers to the panel on the site, from logs in which they answered texts of checkpoints."""
    from interplay.leaderboard.analysis.panel_replies import joined
    from interplay.leaderboard.analysis.recipe_chains import gathered
    from interplay.leaderboard.panel_file import (
        FEWEST,
        cells_of_replies,
        measured_checkpoints,
        merged,
        read_panel,
        written,
    )
    from interplay.leaderboard.summaries import summarised_logs

    if not out.parent.is_dir():
        raise UserMistake(f"--out {out}: there is no folder {out.parent}; make it first, or give another.")
    with working("reading the logs"):
        new = cells_of_replies(joined(gathered(summarised_logs(logs, [TASK])).panel))
    if not new:
        raise UserMistake(
            "these logs hold no replies to texts of checkpoints under the neutral frame; run with -T "
            "partners=FILE first."
        )
    rows = merged(read_panel(out), new, out.name)
    out.write_text(written(rows), encoding="utf-8", newline="\n")
    speakers, real = sorted({row.speaker for row in new}), measured_checkpoints(rows)
    tell(
        {"file": out, "cells": len(new), "speakers": speakers, "checkpoints": len(real)},
        f"{out}: {len(new)} cells of {', '.join(speakers)}; {len(real)} real checkpoint"
        f"{'s' * (len(real) != 1)} in the panel (the site shows it from {FEWEST}).",
        as_json=as_json,
    )


for command in (sheet, gold, anchor, engines):
    recipe_group.add_command(command)
