"""`interplay submit`: logs in, one checked entry and the commands for its pull request out."""

import sys
from pathlib import Path
from typing import Literal

import click

from .check import verdict_of
from .json_output import AS_JSON, print_json
from .plan import parse_pairs
from .progress import working


@click.command(
    epilog="Example: interplay submit logs/mazes/openai-gpt-5 --github octocat --hf-repo acme/logs"
)
@click.argument("logs", nargs=-1, required=True, metavar="LOGS...", type=click.Path(path_type=Path))
@click.option(
    "--division", type=click.Choice(["closed", "open", "reference"]), default="closed", show_default=True
)
@click.option("--github", help="Account that opens the pull request.")
@click.option("--organisation", help="Organisation behind the run.")
@click.option(
    "--relationship",
    type=click.Choice(["first_party", "third_party"]),
    default="third_party",
    show_default=True,
    help="first_party: you made the model.",
)
@click.option(
    "--attempts",
    type=click.IntRange(1),
    help="Complete runs with these settings, submitted or not; asked for if absent.",
)
@click.option("--hf-repo", metavar="ORG/NAME", help="Hugging Face data set that the logs are uploaded to.")
@click.option(
    "--uri", "uri_pairs", multiple=True, metavar="LOG=hf://…", help="Address of a log that is public."
)
@click.option("--revision", help="Commit of open weights, 40 hex digits.")
@click.option("--served-by", help="Who answered the calls. Default: the provider.")
@click.option("--note", help="Up to 500 characters, shown on the entry page.")
@click.option("--method-note", help="Open division: what differs.")
@click.option("--method-url", help="Open division: where it is described.")
@click.option("--supersedes", metavar="ENTRY-ID", help="An earlier entry of yours that this one corrects.")
@click.option(
    "--reason", type=click.Choice(["correction", "rerun", "withdrawn-run"]), help="With --supersedes."
)
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="A checkout with the entries there are. Default: this folder.",
)
@click.option("--out", type=click.Path(path_type=Path), default=Path("submission"), show_default=True)
@AS_JSON
def submit_command(
    logs: tuple[Path, ...],
    division: Literal["closed", "open", "reference"],
    github: str | None,
    organisation: str | None,
    relationship: Literal["first_party", "third_party"],
    attempts: int | None,
    hf_repo: str | None,
    uri_pairs: tuple[str, ...],
    revision: str | None,
    served_by: str | None,
    note: str | None,
    method_note: str | None,
    method_url: str | None,
    supersedes: str | None,
    reason: Literal["correction", "rerun", "withdrawn-run"] | None,
    root: Path,
    out: Path,
    as_json: bool,
) -> None:
    """Measure and check logs, and write one entry.

    Nothing is written or uploaded before the checks of the leaderboard pass.
    """
    from interplay.leaderboard.boards import load_boards
    from interplay.leaderboard.draft import SubmitOptions
    from interplay.leaderboard.entries import load_entries
    from interplay.leaderboard.submit import Refused, prepare, write

    from .scores import rows_of, score_table

    options = SubmitOptions(
        division=division,
        github=github,
        organisation=organisation,
        relationship=relationship,
        attempts=attempts or asked_attempts(division),
        note=note,
        method_note=method_note,
        method_url=method_url,
        supersedes=supersedes,
        reason=reason,
        hf_repo=hf_repo,
        uris=parse_pairs("--uri", uri_pairs),
        revision=revision,
        served_by=served_by,
        others=load_entries(root),
        root=root,
    )
    try:
        with working("measuring and checking the logs"):
            submission = prepare(logs, options)
    except Refused as refusal:
        for sentence in refusal.report.sentences():
            click.echo(sentence, err=True)
        if as_json:
            print_json(verdict_of(refusal.report))
        raise click.exceptions.Exit(1) from None
    write(submission, out)
    commands = submission.commands(out)
    if as_json:
        print_json(
            {
                "entry_id": submission.entry.entry_id,
                "files": submission.files,
                "out": str(out),
                "commands": commands,
                "findings": [finding.content() for finding in submission.report.findings],
            }
        )
        return
    boards = load_boards()
    results = submission.entry.results
    click.echo(score_table([row for result in results for row in rows_of(boards[result.board], result)]))
    for sentence in submission.report.sentences():
        click.echo(sentence)
    click.echo(f"wrote {out / submission.path}\n\nTo open the pull request, in a checkout of the project:\n")
    for command in commands:
        click.echo(f"  {command}")


def asked_attempts(division: str) -> int:
    """Complete runs with these settings, asked for on a terminal; one for reference players and scripts."""
    if division == "reference" or not sys.stdin.isatty():
        return 1
    question = "How many complete runs with these settings were made, submitted or not?"
    return int(click.prompt(question, default=1, type=click.IntRange(1), err=True))
