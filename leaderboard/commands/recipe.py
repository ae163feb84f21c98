"""`interplay recipe`: stored texts of checkpoints, which other models answer."""

from pathlib import Path

import click

from interplay.tasks.mistakes import UserMistake


@click.group()
def recipe_group() -> None:
    """Texts that checkpoints wrote, made once and answered by every other model."""


@recipe_group.command(epilog="Example: interplay recipe harvest logs/recipe_chains --out panel-mine.jsonl")
@click.argument("logs", nargs=-1, metavar="LOGS...", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def harvest(logs: tuple[Path, ...], out: Path, force: bool) -> None:
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
    found = harvested(logs)
    text = written(found.texts)
    read_texts(text, out.name)
    out.write_text(text, encoding="utf-8", newline="\n")
    partners = len({row.partner for row in found.texts})
    left = f"; {found.unusable} empty or cut replies were left out" if found.unusable else ""
    click.echo(f"{out}: {len(found.texts)} texts of {partners} partner{'s' * (partners != 1)}{left}.")
