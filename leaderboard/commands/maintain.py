"""`interplay maintain`: what workflows do with pull requests, accepted entries and the live site."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interplay.tasks.mistakes import NetworkProblem, UserMistake

from .check import verdict_of
from .json_output import AS_JSON, print_json, tell
from .keeping import require_dataset

if TYPE_CHECKING:
    from interplay.leaderboard.findings import Report

ROOT = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="A checkout of the base branch. Default: this folder.",
)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(epilog="Example: interplay maintain live https://example.org")
def maintain_group() -> None:
    """Judge, accept and watch: for maintainers and workflows of the project."""


@maintain_group.command(
    "review", epilog="Example: interplay maintain review origin/main...FETCH_HEAD --logs logs"
)
@click.argument("span", metavar="BASE...HEAD")
@click.option("--author", help="Account that opened the pull request, who must be the submitter.")
@click.option("--logs", type=FOLDER, help="Folder with the downloaded logs.")
@click.option(
    "--fetch-only",
    type=FOLDER,
    metavar="FOLDER",
    help="Judge shape and file, then download the logs; print only what refuses.",
)
@ROOT
@AS_JSON
def review_command(
    span: str, author: str | None, logs: Path | None, fetch_only: Path | None, root: Path, as_json: bool
) -> None:
    """The verdict on a pull request as Markdown, with its rows between their neighbours.

    The head is never checked out.
    """
    from interplay.leaderboard.check import check_pull_request
    from interplay.leaderboard.review import not_judged, review, verdict

    if (logs is None) == (fetch_only is None):
        raise UserMistake("give --logs FOLDER, or --fetch-only FOLDER to download them first.")
    if logs is not None and not logs.is_dir():
        raise UserMistake(f"--logs {logs}: no such folder; download the logs with --fetch-only {logs}.")
    report = check_pull_request(root, span, author=author, logs=logs)
    if fetch_only is not None and report.passed and report.entry is not None:
        try:
            report = fetched(report, fetch_only)
        except NetworkProblem as problem:
            if not as_json:
                click.echo(not_judged(problem.message))
            raise
    if as_json:
        print_json(verdict_of(report))
    elif fetch_only is None:
        click.echo(review(report, root), nl=False)
    elif not report.passed or report.entry is None:
        click.echo("\n".join(verdict(report)))
    if not report.passed:
        raise click.exceptions.Exit(1)


def fetched(report: "Report", folder: Path) -> "Report":
    """A verdict with what was found while its logs were downloaded.

    Raises:
        NetworkProblem: One could not be fetched.
    """
    from dataclasses import replace

    from interplay.leaderboard.archive import Refusal
    from interplay.leaderboard.fetch import fetch_log
    from interplay.leaderboard.findings import WRITE_AGAIN, fail

    findings = list(report.findings)
    for pointer in report.entry.logs if report.entry else ():
        try:
            if not pointer.uri.startswith("repo:"):
                fetch_log(pointer, folder)
        except Refusal as refusal:
            name = pointer.uri.rsplit("/", 1)[-1]
            findings.append(fail(refusal.code, f"{refusal.what} ({name})", refusal.remedy or WRITE_AGAIN))
    return replace(report, findings=tuple(findings))


@maintain_group.command("take", epilog="Example: interplay maintain take origin/main...FETCH_HEAD")
@click.argument("span", metavar="BASE...HEAD")
@ROOT
@AS_JSON
def take_command(span: str, root: Path, as_json: bool) -> None:
    """Copy the entry of a pull request into this checkout, and print its id."""
    from interplay.leaderboard.acceptance import take_entry

    name = take_entry(root, span)
    tell({"entry_id": name}, name, as_json=as_json)


@maintain_group.command(
    "keep", epilog="Example: interplay maintain keep ENTRY-ID --logs logs --dataset acme/logs"
)
@click.argument("entry_id")
@click.option("--logs", type=FOLDER, required=True, help="Folder with the downloaded logs.")
@click.option("--dataset", required=True, metavar="ORG/NAME", help="Hugging Face data set of the project.")
@ROOT
@AS_JSON
def keep_command(entry_id: str, logs: Path, dataset: str, root: Path, as_json: bool) -> None:
    """Keep the logs of an entry under their hashes in a data set of the project."""
    from interplay.leaderboard.acceptance import HubDataSet, keep_logs
    from interplay.leaderboard.findings import counted
    from interplay.leaderboard.records import stored_entry

    entry = stored_entry(root, entry_id)
    require_dataset("--dataset", dataset)
    sent = keep_logs(entry, logs, HubDataSet(dataset))
    said = f"{counted(len(sent), 'log')} sent to {dataset}"
    tell({"entry_id": entry_id, "dataset": dataset, "sent": sent}, said, as_json=as_json)


@maintain_group.command(
    "transcripts", epilog="Example: interplay maintain transcripts ENTRY-ID --to hf/acme --dataset acme/logs"
)
@click.argument("entry_id")
@click.option(
    "--to", "target", required=True, metavar="FOLDER", help="Folder of the viewers; hf/ORG for Spaces."
)
@click.option("--logs", type=FOLDER, help="Folder with logs, instead of a data set.")
@click.option("--dataset", metavar="ORG/NAME", help="Data set with the logs that the project keeps.")
@ROOT
@AS_JSON
def transcripts_command(
    entry_id: str, target: str, logs: Path | None, dataset: str | None, root: Path, as_json: bool
) -> None:
    """Bundle the public transcripts of an entry's quarter into a viewer to read them in."""
    from functools import partial

    from interplay.leaderboard.fetch import fetch_log
    from interplay.leaderboard.findings import counted
    from interplay.leaderboard.viewers import bundle_quarter, copy_log, require_organisation

    if (logs is None) == (dataset is None):
        raise UserMistake("give --logs FOLDER, or --dataset ORG/NAME.")
    if dataset is not None:
        require_dataset("--dataset", dataset)
    if target.startswith("hf/"):
        require_organisation("--to", target.removeprefix("hf/"))
        if not os.environ.get("HF_TOKEN"):
            raise UserMistake(f"--to {target}: set HF_TOKEN to a token that may write Spaces there.")
    fetch = partial(copy_log, logs) if logs else partial(fetch_log, kept=dataset)
    viewer, count = bundle_quarter(root, entry_id, target, fetch)
    said = f"{counted(count, 'log')} in {viewer}" if count else f"{viewer}: no public logs to show yet"
    tell({"entry_id": entry_id, "viewer": viewer, "logs": count}, said, as_json=as_json)


@maintain_group.command("live", epilog="Example: interplay maintain live https://example.org")
@click.argument("site")
@click.option("--date", "day", metavar="DATE", help="Day of the draw, UTC. Default: today.")
@AS_JSON
def live_command(site: str, day: str | None, as_json: bool) -> None:
    """Compare downloads of the live site with its manifest: exit code 1 when one differs."""
    from interplay.leaderboard.audits import parsed_day
    from interplay.leaderboard.live import differences
    from interplay.leaderboard.records import utc_now

    looked_at, found = differences(site, parsed_day(day or utc_now()[:10]).isoformat())
    said = f"{looked_at} files of {site} compared, {len(found)} differ"
    tell({"site": site, "files": looked_at, "differences": found}, *found, said, as_json=as_json)
    if found:
        raise click.exceptions.Exit(1)
