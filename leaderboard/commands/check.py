"""`interplay check`: the verdict that a pull request gets, on one entry or on all."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interplay.tasks.mistakes import UserMistake

from . import completing
from .json_output import AS_JSON, print_json
from .progress import say, tracked

if TYPE_CHECKING:
    from interplay.leaderboard.check import LogSource
    from interplay.leaderboard.findings import Report
    from interplay.leaderboard.schema import Entry


@click.command(epilog="Example: interplay check submission")
@click.argument("targets", nargs=-1, metavar="[FILE|FOLDER|ENTRY-ID]...", shell_complete=completing.entries)
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
@click.option(
    "--pull-request",
    "span",
    metavar="BASE...HEAD",
    help="Check what a pull request adds, from a checkout of its base: one entry file, and nothing else.",
)
@click.option("--author", help="With --pull-request: the account that opened it, who must be the submitter.")
@click.option(
    "--fetch-only",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Only download the logs, each under its hash, for a check without network: --logs FOLDER.",
)
@AS_JSON
def check_command(
    targets: tuple[str, ...],
    everything: bool,
    root: Path,
    logs_option: str,
    regrade: bool,
    span: str | None,
    author: str | None,
    fetch_only: Path | None,
    as_json: bool,
) -> None:
    """Check entries: exit code 1 when one is refused."""
    from interplay.leaderboard.check import check_entry, check_pull_request
    from interplay.leaderboard.entries import ENTRIES, stored_entries

    if span is not None and (targets or everything):
        raise UserMistake("--pull-request names the entry itself; leave out files and --all.")
    if author is not None and span is None:
        raise UserMistake("--author belongs to --pull-request; add it, or leave the author out.")
    paths = sorted((root / ENTRIES).glob("*.json")) if everything else []
    paths += [path for target in targets for path in entry_files(target, root)]
    if not paths and span is None:
        raise UserMistake(f"nothing to check: name an entry, or give --all in a folder that holds {ENTRIES}.")
    source = None if fetch_only else log_source(logs_option)
    known = {root: stored_entries(root)}

    def reports() -> "Iterator[Report]":
        if span is not None:
            yield check_pull_request(root, span, author=author, logs=source, regrade=regrade)
        for path in tracked(paths, "checking", len(paths)):
            home = root_of(path, root)
            others = known.setdefault(home, stored_entries(home))
            yield check_entry(path, root=home, logs=source, regrade=regrade, others=others)

    refused = 0
    machine: list[object] = []
    for report in reports():
        refused += not report.passed
        if fetch_only is not None and report.entry is not None and report.passed:
            fetch_logs(report.entry, fetch_only)
        if as_json:
            machine.append(verdict_of(report))
            continue
        verdict = "passed" if report.passed else "REFUSED"
        say(
            f"{verdict}  {report.name.removesuffix('.json')}  stages {report.stages}, rung {report.rung}",
            *(f"  {sentence}" for sentence in report.sentences()),
        )
    if as_json:
        print_json(machine)
    elif len(paths) > 1:
        click.echo(f"{len(paths) - refused} passed, {refused} refused")
    if refused:
        raise click.exceptions.Exit(1)


def verdict_of(report: "Report") -> dict[str, object]:
    """A verdict for machines."""
    return {
        "entry_id": report.name.removesuffix(".json"),
        "passed": report.passed,
        "rung": report.rung,
        "stages": report.stages,
        "findings": [finding.content() for finding in report.findings],
    }


def fetch_logs(entry: "Entry", folder: Path) -> None:
    """Downloads the logs of an entry, each to `<SHA-256>.eval`; those of the repository stay where they are.

    Raises:
        UserMistake: One is not what the entry says.
        NetworkProblem: One could not be fetched.
    """
    from interplay.leaderboard.archive import Refusal
    from interplay.leaderboard.fetch import fetch_log

    for pointer in entry.logs:
        if pointer.uri.startswith("repo:"):
            continue
        try:
            fetch_log(pointer, folder)
        except Refusal as refusal:
            click.echo(f"  {refusal}", err=True)
            raise click.exceptions.Exit(1) from None


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
