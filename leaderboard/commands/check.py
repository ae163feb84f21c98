"""`interplay check`: the verdict that a pull request gets, on one entry or on all."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interplay.tasks.mistakes import UserMistake

if TYPE_CHECKING:
    from interplay.leaderboard.check import LogSource


@click.command(epilog="Example: interplay check submission")
@click.argument("targets", nargs=-1, metavar="[FILE|FOLDER|ENTRY-ID]...")
@click.option("--all", "everything", is_flag=True, help="Every entry below the root.")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="A checkout with the entries there are. Default: this folder.",
)
@click.option(
    "--logs",
    "logs_option",
    metavar="fetch|none|FOLDER",
    default="fetch",
    show_default=True,
    help="Where logs come from: their address, nowhere, or a folder.",
)
@click.option("--regrade/--no-regrade", default=True, help="Score every sample again.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def check_command(
    targets: tuple[str, ...], everything: bool, root: Path, logs_option: str, regrade: bool, as_json: bool
) -> None:
    """Check entries: exit code 1 when one is refused."""
    from interplay.leaderboard.check import check_entry
    from interplay.leaderboard.entries import ENTRIES

    paths = sorted((root / ENTRIES).glob("*.json")) if everything else []
    paths += [path for target in targets for path in entry_files(target, root)]
    if not paths:
        raise UserMistake(f"nothing to check: name an entry, or give --all in a folder that holds {ENTRIES}.")
    refused = 0
    machine: list[object] = []
    for path in paths:
        home = root_of(path, root)
        report = check_entry(path, root=home, logs=log_source(logs_option), regrade=regrade)
        refused += not report.passed
        if as_json:
            machine.append(
                {
                    "entry": report.name,
                    "passed": report.passed,
                    "rung": report.rung,
                    "stages": report.stages,
                    "findings": [finding.content() for finding in report.findings],
                }
            )
            continue
        verdict = "passed" if report.passed else "REFUSED"
        click.echo(f"{verdict}  {path.stem}  stages {report.stages}, rung {report.rung}")
        for sentence in report.sentences():
            click.echo(f"  {sentence}")
    if as_json:
        click.echo(json.dumps(machine, indent=1, ensure_ascii=False))
    elif len(paths) > 1:
        click.echo(f"{len(paths) - refused} passed, {refused} refused")
    if refused:
        raise click.exceptions.Exit(1)


def entry_files(target: str, root: Path) -> list[Path]:
    """Entry files that a word on the command line means.

    Raises:
        UserMistake: It is neither a file, nor a folder with entries, nor an entry id.
    """
    from interplay.leaderboard.entries import ENTRIES

    path = Path(target)
    if path.is_file():
        return [path]
    if path.is_dir():
        found = sorted((path / ENTRIES).glob("*.json")) or sorted(path.glob("*.json"))
        if found:
            return found
        raise UserMistake(f"{target}: no entry in this folder; give the one that `interplay submit` wrote.")
    stored = root / ENTRIES / f"{target}.json"
    if stored.is_file():
        return [stored]
    raise UserMistake(f"{target}: no such file, folder or entry; see `ls {root / ENTRIES}`.")


def root_of(path: Path, root: Path) -> Path:
    """The folder that an entry's `repo:` addresses start from: its own, if it lies in one, else the root."""
    home = path.resolve().parents
    return home[2] if len(home) > 2 and (home[2] / "leaderboard" / "entries") == home[0] else root


def log_source(option: str) -> "LogSource":
    """What `--logs` means.

    Raises:
        UserMistake: It is no folder.
    """
    if option == "none":
        return None
    if option == "fetch":
        return "fetch"
    if not Path(option).is_dir():
        raise UserMistake(
            f"--logs {option}: no such folder; give fetch, none or a folder that holds the logs."
        )
    return Path(option)
