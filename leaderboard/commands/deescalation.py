"""`interplay deescalation`: material of the family that is made by code."""

from pathlib import Path

import click


@click.group(epilog="Example: interplay deescalation make-prefixes --check")
def deescalation_command() -> None:
    """Make what the family deescalation is played with."""


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
