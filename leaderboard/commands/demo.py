"""`interplay demo`: the whole loop on reference players, from eval to site, without key or network."""

import shutil
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import click

from interplay.tasks.catalog import FAMILIES
from interplay.tasks.mistakes import EnvironmentProblem, UserMistake
from interplay.tasks.records import FamilyRecord, TaskArgs

from . import completing
from .catalogue import known_family
from .evaluate import checked_tasks
from .json_output import AS_JSON, print_json
from .launch import RunOptions, run_set
from .parts import Part
from .plan import plan_target

Done = TypeVar("Done")
AT_ONCE = 2
"""Child processes that read and regrade logs side by side."""


@click.command(epilog="Example: interplay demo mazes --out interplay-demo")
@click.argument("families", nargs=-1, metavar="[FAMILY]...", shell_complete=completing.families)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("interplay-demo"),
    show_default=True,
    help="Folder for logs, entries and site.",
)
@AS_JSON
def demo_command(families: tuple[str, ...], out: Path, as_json: bool) -> None:
    """Play the loop: reference players, entries, checks, site. Repeating it resumes.

    Everything is written below the folder --out.
    """
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        runs, entries, site = loop(families, out)
    if as_json:
        print_json({"runs": runs, "entries": entries, "site": site})


def loop(families: tuple[str, ...], out: Path) -> tuple[list[Path], list[Path], Path]:
    """Plays the loop; returns folders of logs, files of entries, and the folder of the site.

    Raises:
        UserMistake: An unknown family, or `out` is a file.
        EnvironmentProblem: A run did not finish.
    """
    named = [known_family(name) for name in dict.fromkeys(families)]
    if out.exists() and not out.is_dir():
        raise UserMistake(f"--out {out}: is a file; give a folder.")
    chosen = named or [f for f in FAMILIES if can_be_played(f)]
    began = time.monotonic()
    runs = [folder for family in chosen for folder in play(family, out)]
    for family in chosen:
        for stale in (out / "leaderboard" / "entries").glob(f"{family.name}--*.json"):
            stale.unlink()
    entries = timed(f"{len(runs)} entries", lambda: make_entries(runs, out))
    timed("check: every number recomputed, every sample graded again", lambda: judge(out))
    site = timed("site", lambda: build(out))
    click.echo(f"\ndone in {time.monotonic() - began:.0f} s; look at it:\n")
    here = program_folder()
    commands = [(f"{here}interplay serve --out {site}", "the site")]
    commands += [
        (f"{here}interplay report {f.name} {out / 'logs' / f.name}", f"tables of {f.name}") for f in chosen
    ]
    commands += [
        (f"{here}inspect view --log-dir {out / 'logs'}", "transcripts"),
        (f"{here}interplay eval {chosen[0].name} --model PROVIDER/MODEL", "your model"),
    ]
    width = max(len(command) for command, _ in commands)
    for command, what in commands:
        click.echo(f"  {command:<{width}}  {what}")
    return runs, entries, site


def can_be_played(family: FamilyRecord) -> bool:
    """Whether the package that a family needs is installed; says so where it is not."""
    if family.needs is None or find_spec(family.needs) is not None:
        return True
    click.echo(f"{family.name} is left out: it needs {family.needs}; pip install 'interplay[{family.extra}]'")
    return False


def program_folder() -> str:
    """Where this program lies, as its user typed it: empty when it was found on the path."""
    folder = Path(sys.argv[0]).parent
    typed = Path(sys.argv[0]).name == "interplay" and folder != Path() and shutil.which("interplay") is None
    return f"{folder}/" if typed else ""


def timed(what: str, work: Callable[[], Done]) -> Done:
    """Runs one stage and says how long it took."""
    click.echo(f"{what} …")
    began = time.monotonic()
    done = work()
    click.echo(f"  {time.monotonic() - began:.0f} s")
    return done


def play(family: FamilyRecord, out: Path) -> list[Path]:
    """Runs the smoke preset with every reference player that can be ranked; returns a log folder an entry."""
    folders: list[Path] = []
    kept: TaskArgs = {"state_dir": str(out / family.state_dir)} if family.state_dir else {}
    for target in (family.name, *family.reference_tasks):
        plan = plan_target(target, "smoke", kept)
        for player in family.reference_players:
            folder = out / "logs" / family.name / (player if target == family.name else f"{target}-{player}")
            part = Part(plan, f"reference/{player}", {}, folder)
            timed(f"{target}: {part.model}", lambda p=part: played(p))
            folders.append(folder)
    return folders


def played(part: Part) -> None:
    """Runs one player.

    Raises:
        EnvironmentProblem: It did not finish.
    """
    outcome = run_set(checked_tasks(part), part.folder, RunOptions(quiet=True))
    if not outcome.finished:
        said = " ".join(outcome.sentences)
        raise EnvironmentProblem(
            f"{part.folder}: {part.model} did not finish; the same command goes on. {said}".rstrip()
        )


def make_entries(folders: list[Path], out: Path) -> list[Path]:
    """One entry a player, with copies of its logs, below `out/leaderboard`."""
    from interplay.leaderboard.draft import SubmitOptions
    from interplay.leaderboard.own_logs import log_files
    from interplay.leaderboard.submit import prepare, write
    from interplay.leaderboard.untrusted import read_ahead

    options = SubmitOptions(division="reference")
    reader = read_ahead(log_files(folders), AT_ONCE)
    prepared = [prepare([folder], options, reader=reader) for folder in folders]
    return [out / submission.path for submission in prepared if write(submission, out)]


def judge(out: Path) -> None:
    """Checks every entry and stores the verdicts as evidence.

    Raises:
        click.ClickException: An entry is refused, which would be a bug.
    """
    from interplay.leaderboard.check import check_entry, evidence_of
    from interplay.leaderboard.records import Stamp, store, utc_now
    from interplay.leaderboard.untrusted import read_ahead

    paths = sorted((out / "leaderboard" / "entries").glob("*.json"))
    reader = read_ahead(sorted((out / "leaderboard" / "logs").glob("*.eval")), AT_ONCE)
    reports = [check_entry(path, root=out, reader=reader) for path in paths]
    stamp = Stamp(utc_now(), None)
    for report in reports:
        if not report.passed or report.entry is None:
            raise click.ClickException(f"{report.name}: {report.sentences()[0]}")
        store(out, evidence_of(report, report.entry, stamp))


def build(out: Path) -> Path:
    """Builds the site of the demo's entries."""
    from interplay.leaderboard.build import build_site

    site = out / "site"
    for warning in build_site(out, site).warnings:
        click.echo(f"  warning: {warning}", err=True)
    return site
