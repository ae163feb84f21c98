"""`interplay evidence`: what the project finds out about stored entries, appended beside them as records."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from interplay.tasks.mistakes import EnvironmentProblem, NetworkProblem, UserMistake

from .check import log_source
from .json_output import AS_JSON, print_json
from .keeping import Keeping, require_dataset
from .progress import tracked

if TYPE_CHECKING:
    from datetime import date

    from interplay.leaderboard.audits import Draw

C = TypeVar("C", bound=Callable[..., object])

ROOT = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="A checkout with the entries there are. Default: this folder.",
)
AT = click.option("--at", "moment", metavar="MOMENT", help="Moment of the record, UTC. Default: now.")
LOGS = click.option(
    "--logs",
    "logs_option",
    metavar="fetch|FOLDER",
    default="fetch",
    show_default=True,
    help="Where logs come from: their address, or a folder.",
)
KEPT = click.option(
    "--kept",
    default="",
    metavar="ORG/NAME",
    help="Data set of the project with copies of logs, for those that are gone from their address.",
)
DAY = click.option("--date", "day", metavar="DATE", help="Day of the draw, UTC. Default: today.")
COMMIT = click.option("--commit", help="Last commit before that day. Default: that of the checkout.")


def options(*decorators: Callable[[C], C]) -> Callable[[C], C]:
    """Several options at once, in their order."""

    def decorate(command: C) -> C:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


@click.group(epilog="Example: interplay evidence draw --date 2026-12-01")
def evidence_group() -> None:
    """Append records to stored entries: for maintainers and workflows of the project."""


@evidence_group.command("check", epilog="Example: interplay evidence check ENTRY-ID")
@click.argument("entry_ids", nargs=-1, required=True, metavar="ENTRY-ID...")
@options(LOGS, ROOT, AT, AS_JSON)
def check(
    entry_ids: tuple[str, ...], logs_option: str, root: Path, moment: str | None, as_json: bool
) -> None:
    """Check entries as a pull request is, and keep the verdict."""
    from interplay.leaderboard.check import check_entry, evidence_of
    from interplay.leaderboard.entries import ENTRIES
    from interplay.leaderboard.records import stored_entry

    keeping = Keeping(root, moment, as_json)
    entries = [stored_entry(root, name) for name in entry_ids]
    for entry in tracked(entries, "checking", len(entries)):
        path = root / ENTRIES / f"{entry.entry_id}.json"
        report = check_entry(path, root=root, logs=log_source(logs_option))
        keeping.keep(evidence_of(report, entry, keeping.stamp))
    keeping.finish()


@evidence_group.command("regrade", epilog="Example: interplay evidence regrade --all")
@click.argument("entry_ids", nargs=-1, metavar="[ENTRY-ID]...")
@click.option("--all", "everything", is_flag=True, help="Every entry that passed its check.")
@options(LOGS, ROOT, AT, AS_JSON)
def regrade(
    entry_ids: tuple[str, ...],
    everything: bool,
    logs_option: str,
    root: Path,
    moment: str | None,
    as_json: bool,
) -> None:
    """Grade stored logs again, and keep new results where they differ: after a minor version of a task."""
    from interplay.leaderboard.entries import load_entries
    from interplay.leaderboard.records import stored_entry
    from interplay.leaderboard.regrades import regrade_all

    if everything == bool(entry_ids):
        raise UserMistake("name entries, or give --all, and not both.")
    entries = load_entries(root) if everything else [stored_entry(root, name) for name in entry_ids]
    keeping, same = Keeping(root, moment, as_json), list[str]()
    outcomes = regrade_all(entries, root, log_source(logs_option), keeping.stamp)
    for entry, record in tracked(outcomes, "grading again", len(entries)):
        if record is None:
            same.append(entry.entry_id)
            keeping.say(f"unchanged  {entry.entry_id}")
        elif isinstance(record, NetworkProblem):
            keeping.skip(entry.entry_id, record)
        else:
            keeping.keep(record)
    left = len(entries) - len(keeping.said) - len(same) - len(keeping.unreached)
    without = f", {left} without a passed check" if left else ""
    keeping.say(f"{len(keeping.said)} recorded, {len(same)} unchanged{without}")
    keeping.finish(unchanged=same, without_check=left)


@evidence_group.command("draw", epilog="Example: interplay evidence draw --date 2026-12-01")
@options(DAY, COMMIT, ROOT, AS_JSON)
def show_draw(day: str | None, commit: str | None, root: Path, as_json: bool) -> None:
    """What the public seed of a day draws: entries to audit, and monthly samples to run again."""
    from interplay.leaderboard.audits import rerun_command
    from interplay.leaderboard.records import stored_entry

    found = drawn_on(root, day, commit)
    commands = {
        name: [rerun_command(stored_entry(root, name), call) for call in calls]
        for name, calls in found.reruns
    }
    if as_json:
        content = {"date": found.day, "commit": found.commit, "seed": found.seed, "audit": found.entries}
        print_json(content | {"rerun": commands})
        return
    click.echo(f"date    {found.day}\ncommit  {found.commit}\nseed    {found.seed}")
    for name in found.entries:
        click.echo(f"audit   {name}")
    for name, lines in commands.items():
        click.echo(f"rerun   {name}")
        for line in lines:
            click.echo(f"  {line}")


@evidence_group.command("audit", epilog="Example: interplay evidence audit --date 2026-12-01")
@click.argument("entry_ids", nargs=-1, metavar="[ENTRY-ID]...")
@options(DAY, COMMIT, LOGS, KEPT, ROOT, AT, AS_JSON)
def audit(
    entry_ids: tuple[str, ...],
    day: str | None,
    commit: str | None,
    logs_option: str,
    kept: str,
    root: Path,
    moment: str | None,
    as_json: bool,
) -> None:
    """Fetch, hash, recompute and grade entries, and keep what was found: those that a day's seed draws,
    or those that are named, such as one whose last audit failed and whose logs are there again."""
    from interplay.leaderboard.audits import audit_record
    from interplay.leaderboard.records import stored_entry

    if entry_ids and (day or commit):
        raise UserMistake("--date and --commit belong to a draw; leave them out, or name no entry.")
    if kept:
        require_dataset("--kept", kept)
    keeping = Keeping(root, moment, as_json)
    found = None if entry_ids else drawn_on(root, day, commit)
    drawn: dict[str, object] = {}
    if found:
        keeping.say(f"seed {found.seed} of {found.day} draws {len(found.entries)} entries")
        drawn = {"date": found.day, "commit": found.commit, "seed": found.seed}
    entries = [stored_entry(root, name) for name in (found.entries if found else entry_ids)]
    for entry in tracked(entries, "auditing", len(entries)):
        try:
            record = audit_record(entry, found, root, log_source(logs_option), keeping.stamp, kept or None)
        except NetworkProblem as problem:  # says nothing about the entry; the others are audited all the same
            keeping.skip(entry.entry_id, problem)
        else:
            keeping.keep(record)
    keeping.finish(**drawn)


@evidence_group.command("rerun", epilog="Example: interplay evidence rerun ENTRY-ID logs/again")
@click.argument("entry_id")
@click.argument("again", nargs=-1, metavar="[LOG]...", type=click.Path(exists=True, path_type=Path))
@click.option("--confirmed-by", metavar="ENTRY-ID", help="An independent entry of the same configuration.")
@options(DAY, COMMIT, LOGS, ROOT, AT, AS_JSON)
def rerun(
    entry_id: str,
    again: tuple[Path, ...],
    confirmed_by: str | None,
    day: str | None,
    commit: str | None,
    logs_option: str,
    root: Path,
    moment: str | None,
    as_json: bool,
) -> None:
    """Compare an entry with its drawn samples run again, or with an independent entry."""
    from interplay.leaderboard.audits import audit_seed
    from interplay.leaderboard.check import read_logs
    from interplay.leaderboard.findings import failed
    from interplay.leaderboard.own_logs import log_files, read_own_logs
    from interplay.leaderboard.records import stored_entry
    from interplay.leaderboard.reruns import confirmation_record, rerun_record, stored_submission

    if bool(again) == bool(confirmed_by):
        raise UserMistake("give logs of the samples that were run again, or --confirmed-by, and not both.")
    if confirmed_by and (day or commit):
        raise UserMistake("--date and --commit belong to a draw; leave them out with --confirmed-by.")
    keeping, entry = Keeping(root, moment, as_json), stored_entry(root, entry_id)
    if confirmed_by:
        other = stored_submission(root, stored_entry(root, confirmed_by))
        record = confirmation_record(stored_submission(root, entry), other, keeping.stamp)
    else:
        read, findings = read_logs(entry, root, log_source(logs_option), True)
        if failed(findings):
            raise UserMistake(f"{entry_id}: {findings[0]}")
        date, before = day_and_commit(root, day, commit)
        seed = audit_seed(before, date.isoformat())
        new = read_own_logs(log_files(again))
        record = rerun_record(entry, [log.rows for log in read], new, seed, keeping.stamp)
    keeping.keep(record)
    keeping.finish()


@evidence_group.command("attest", epilog="Example: interplay evidence attest ENTRY-ID --repo acme/runs ...")
@click.argument("entry_id")
@click.option("--repo", required=True, metavar="OWNER/NAME", help="Repository that ran the workflow.")
@click.option(
    "--signer-workflow",
    required=True,
    metavar="OWNER/NAME/PATH",
    help="The project's own workflow, attested-eval.yml.",
)
@options(LOGS, ROOT, AT, AS_JSON)
def attest(
    entry_id: str,
    repo: str,
    signer_workflow: str,
    logs_option: str,
    root: Path,
    moment: str | None,
    as_json: bool,
) -> None:
    """Verify that a released workflow of the project made every log of an entry, for its submitter."""
    from interplay.leaderboard.archive import Refusal
    from interplay.leaderboard.check import locate
    from interplay.leaderboard.records import new_record, stored_entry
    from interplay.leaderboard.rungs import WORKFLOW, release_identity

    keeping, entry = Keeping(root, moment, as_json), stored_entry(root, entry_id)
    owner, submitter = repo.partition("/")[0], entry.submitter.github
    if owner.casefold() != submitter.casefold():
        raise UserMistake(f"--repo {repo}: belongs to {owner}, but {submitter} submits the entry.")
    if not signer_workflow.endswith(WORKFLOW):
        raise UserMistake(f"--signer-workflow {signer_workflow}: give OWNER/NAME{WORKFLOW}.")
    if not entry.logs:
        raise UserMistake(f"{entry_id}: has no logs that could be attested.")
    identity = release_identity(signer_workflow)
    for pointer in entry.logs:
        try:
            path = locate(pointer, root, log_source(logs_option))
        except Refusal as refusal:
            raise UserMistake(f"{pointer.uri}: {refusal.what}; {refusal.remedy}.") from None
        words = ["gh", "attestation", "verify", str(path), "--repo", repo]
        words += ["--cert-identity-regex", identity, "--deny-self-hosted-runners"]
        try:
            run = subprocess.run(words, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise EnvironmentProblem(
                "gh: not found; install GitHub's CLI, which verifies attestations."
            ) from None
        if run.returncode:
            said = (run.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise click.ClickException(
                f"{path.name} is not attested by a release of {signer_workflow}: {said}"
            )
    details = {"repo": repo, "signer_workflow": signer_workflow, "logs": len(entry.logs)}
    details |= {"identity": identity, "self_hosted": False}
    keeping.keep(new_record(entry, "attest", keeping.stamp, details=details))
    keeping.finish()


@evidence_group.command(
    "withdraw", epilog='Example: interplay evidence withdraw ENTRY-ID --reason "Not its model."'
)
@click.argument("entry_id")
@click.option("--reason", required=True, help="One sentence, shown on the entry's page.")
@options(ROOT, AT, AS_JSON)
def withdraw(entry_id: str, reason: str, root: Path, moment: str | None, as_json: bool) -> None:
    """Take an entry off every board; its page stays, with the reason."""
    from interplay.leaderboard.records import new_record, stored_entry

    if not 10 <= len(reason.strip()) <= 500:
        raise UserMistake(f"--reason has {len(reason.strip())} characters; write one sentence of 10 to 500.")
    keeping, entry = Keeping(root, moment, as_json), stored_entry(root, entry_id)
    keeping.keep(new_record(entry, "withdraw", keeping.stamp, details={"reason": reason.strip()}))
    keeping.finish()


def drawn_on(root: Path, day: str | None, commit: str | None) -> "Draw":
    """The draw of a day: today's, with the commit of the checkout, unless told otherwise."""
    from interplay.leaderboard.audits import draw, pool

    date, before = day_and_commit(root, day, commit)
    return draw(pool(root, before), before, date)


def day_and_commit(root: Path, day: str | None, commit: str | None) -> "tuple[date, str]":
    """What a seed is made of: today and the last commit before it, unless told otherwise."""
    from interplay.leaderboard.audits import commit_before, parsed_day
    from interplay.leaderboard.records import utc_now

    date = parsed_day(day or utc_now()[:10])
    return date, commit or commit_before(root, date)
