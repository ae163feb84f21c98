"""`interplay deescalation`: material of the family that is made by code, and simulators that are admitted."""

from pathlib import Path

import click


@click.group(epilog="Example: interplay deescalation make-prefixes --check")
def deescalation_command() -> None:
    """Make what the family deescalation is played with, and rate who plays its people."""


@deescalation_command.command(
    "make-prefixes", epilog="Example: interplay deescalation make-prefixes --out prefixes.jsonl"
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("prefixes.jsonl"),
    show_default=True,
    help="File to write.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if the package's file differs.")
def make_prefixes_command(out: Path, check: bool) -> None:
    """Play the beginnings of mode `branch`: the rule-based user against fixer, blamer and template.

    The same version always makes the same 60. Other scenarios, rules or players make others, and a new major
    version of the task.
    """
    from interplay.tasks.deescalation.prefixes import FILE, made_prefixes, rendered

    text = rendered(made_prefixes())
    if check:
        if FILE.read_text("utf-8") != text:
            click.echo("data/prefixes.jsonl differs; make it anew and bump the major version of the task.")
            raise click.exceptions.Exit(1)
        click.echo(f"data/prefixes.jsonl is up to date: {len(text.splitlines())} prefixes.")
        return
    if not out.parent.is_dir():
        raise click.UsageError(f"--out {out}: there is no folder {out.parent}; make it first.")
    out.write_text(text, encoding="utf-8")
    click.echo(f"wrote {out}: {len(text.splitlines())} prefixes.")


@deescalation_command.command("admit", epilog="Example: interplay deescalation admit logs/deescalation")
@click.argument("logs", nargs=-1, required=True, metavar="LOGS...", type=click.Path(path_type=Path))
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("leaderboard") / "validation" / "deescalation",
    show_default=True,
    help="Where one file a simulator is written.",
)
def admit_command(logs: tuple[Path, ...], folder: Path) -> None:
    """Rate the simulators of people in LOGS of the three probes, and write what they reach.

    Rows with people whom a model plays are ranked only with admitted simulators. The command exits with 1 if
    one is not admitted; its file is written all the same.
    """
    from interplay.leaderboard.analysis.deescalation_admission import admissions, write_admission
    from interplay.leaderboard.analysis.deescalation_simulators import acceptance
    from interplay.leaderboard.analysis.tables import render
    from interplay.leaderboard.own_logs import read_own_logs

    found = admissions(logs)
    click.echo(render([acceptance(read_own_logs(logs))], "text"))
    for admission in found:
        click.echo(f"written to {write_admission(folder, admission)}: admitted, {admission.verdict}")
    if not all(admission.is_admitted for admission in found):
        raise click.exceptions.Exit(1)
