"""`interplay deescalation`: material of the family that is made by code, and simulators that are admitted."""

from pathlib import Path

import click

from interplay.tasks.mistakes import UserMistake

from .json_output import AS_JSON, print_json, tell
from .progress import working


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
@AS_JSON
def make_prefixes_command(out: Path, check: bool, as_json: bool) -> None:
    """Play the beginnings of mode `branch`: the rule-based user against fixer, blamer and template.

    The same version always makes the same 60. Other scenarios, rules or players make others, and a new major
    version of the task.
    """
    from interplay.tasks.deescalation.prefixes import FILE, made_prefixes, rendered

    if not check and not out.parent.is_dir():
        raise UserMistake(f"--out {out}: there is no folder {out.parent}; make it first.")
    with working("playing the beginnings"):
        text = rendered(made_prefixes())
    count = len(text.splitlines())
    if check:
        same = FILE.read_text("utf-8") == text
        tell(
            {"file": FILE, "prefixes": count, "up_to_date": same},
            f"data/prefixes.jsonl is up to date: {count} prefixes."
            if same
            else "data/prefixes.jsonl differs; make it anew and bump the major version of the task.",
            as_json=as_json,
        )
        if not same:
            raise click.exceptions.Exit(1)
        return
    out.write_text(text, encoding="utf-8")
    tell({"file": out, "prefixes": count}, f"wrote {out}: {count} prefixes.", as_json=as_json)


@deescalation_command.command("admit", epilog="Example: interplay deescalation admit logs/deescalation")
@click.argument("logs", nargs=-1, required=True, metavar="LOGS...", type=click.Path(path_type=Path))
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("leaderboard") / "validation" / "deescalation",
    show_default=True,
    help="Where one file a simulator is written.",
)
@AS_JSON
def admit_command(logs: tuple[Path, ...], folder: Path, as_json: bool) -> None:
    """Rate the simulators of people in LOGS of the three probes, and write what they reach.

    Rows with people whom a model plays are ranked only with admitted simulators. The command exits with 1 if
    one is not admitted; its file is written all the same.
    """
    from interplay.leaderboard.analysis.deescalation_admission import admissions, write_admission
    from interplay.leaderboard.analysis.deescalation_simulators import acceptance
    from interplay.leaderboard.analysis.tables import render
    from interplay.leaderboard.own_logs import read_own_logs

    with working("reading the logs"):
        found = admissions(logs)
    files = [write_admission(folder, admission) for admission in found]
    if as_json:
        print_json([{"file": f, **a.model_dump(mode="json")} for f, a in zip(files, found, strict=True)])
    else:
        click.echo(render([acceptance(read_own_logs(logs))], "text"))
        for file, admission in zip(files, found, strict=True):
            click.echo(f"written to {file}: admitted, {admission.verdict}")
    if not all(admission.is_admitted for admission in found):
        raise click.exceptions.Exit(1)
