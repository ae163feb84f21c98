"""Audits: entries drawn by a public seed are fetched, hashed, recomputed and graded again, every night.

The seed is SHA-256 over the last commit of the main branch before 00:00 UTC of a day and that day, so nobody
can know it earlier and everybody can compute it later. What is drawn are the names with the smallest hashes
under the seed. Example: with the names `a` and `b` the first drawn is the one with the smaller
`SHA-256(seed + "\\n" + purpose + "\\n" + name)`.
"""

import hashlib
import json
import shlex
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake

from .boards import Board, load_boards
from .check import LogSource, check_entry
from .entries import ENTRIES, load_entries, load_evidence
from .locks import Variant, board_variants, load_lock
from .records import Stamp, new_record
from .rungs import withdrawal
from .schema import Entry, Evidence

AUDITED_ENTRIES = 3
RERUN_ENTRIES = 2
RERUN_DAY = 1
"""Day of a month on which samples are drawn to be run again."""


class RerunCall(NamedTuple):
    """One task call with the samples of it that are to be run again."""

    task: str
    preset: str
    arguments: tuple[str, ...]
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Draw:
    """What a day's seed draws.

    Attributes:
        day: ISO date.
        commit: Last commit of the main branch before that day.
        seed: 64 hex digits.
        entries: Ids to audit.
        reruns: Ids with the samples to run again; empty but on the first of a month.
    """

    day: str
    commit: str
    seed: str
    entries: tuple[str, ...]
    reruns: tuple[tuple[str, tuple[RerunCall, ...]], ...]


def audit_seed(commit: str, day: str) -> str:
    """SHA-256 of a commit and an ISO date, one after the other."""
    return hashlib.sha256(f"{commit}{day}".encode()).hexdigest()


def drawn(seed: str, purpose: str, names: Iterable[str], count: int) -> tuple[str, ...]:
    """The names with the smallest hashes under a seed: a draw without replacement that all can repeat."""

    def place(name: str) -> tuple[str, str]:
        return hashlib.sha256(f"{seed}\n{purpose}\n{name}".encode()).hexdigest(), name

    return tuple(sorted(set(names), key=place)[:count])


def commit_before(root: Path, day: date) -> str:
    """Last commit of the checked-out branch before 00:00 UTC of a day.

    Raises:
        EnvironmentProblem: `root` is no checkout with a commit that old.
    """
    midnight = f"{day.isoformat()}T00:00:00Z"
    words = ["git", "-C", str(root), "rev-list", "-1", "--first-parent", f"--before={midnight}"]
    try:
        run = subprocess.run([*words, "HEAD"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise EnvironmentProblem("git: not found, and the seed is made of a commit; install it.") from None
    if run.returncode or not run.stdout.strip():
        raise EnvironmentProblem(
            f"{root}: no commit before {day}; give a full checkout of the main branch, or --commit."
        )
    return run.stdout.strip()


def pool(root: Path) -> list[Entry]:
    """Entries that may be drawn: those with logs that stand; reference players while there are no others."""
    entries = load_entries(root)
    gone = {entry.supersedes for entry in entries}
    standing = [
        entry
        for entry in entries
        if entry.logs
        and entry.entry_id not in gone
        and withdrawal(entry, load_evidence(root, entry.entry_id)) is None
    ]
    return [entry for entry in standing if entry.division != "reference"] or standing


def draw(entries: Sequence[Entry], commit: str, day: date) -> Draw:
    """What is drawn from those entries on a day.

    Args:
        entries: The pool.
        commit: Last commit of the main branch before that day.
        day: The day, in UTC.
    """
    seed = audit_seed(commit, day.isoformat())
    by_id = {entry.entry_id: entry for entry in entries}
    again = {name for name, entry in by_id.items() if entry.division == "closed"}
    chosen = drawn(seed, "rerun", again, RERUN_ENTRIES) if day.day == RERUN_DAY else ()
    return Draw(
        day=day.isoformat(),
        commit=commit,
        seed=seed,
        entries=drawn(seed, "audit", by_id, AUDITED_ENTRIES),
        reruns=tuple((name, rerun_calls(by_id[name], seed)) for name in chosen),
    )


def rerun_calls(entry: Entry, seed: str) -> tuple[RerunCall, ...]:
    """The samples of an entry to run again: as many as the most demanding of its boards asks for."""
    boards = [load_boards()[r.board] for r in entry.results if r.board in load_boards()]
    calls: dict[str, tuple[str, RerunCall]] = {}
    for board in boards:
        for task, variant in entry_variants(board, entry):
            given = tuple(_argument(*item) for item in sorted(variant.args.items()) if item[1] is not None)
            call = RerunCall(task, variant.preset, given, ())
            calls |= {f"{variant.digest} {s.id}": (s.id, call) for s in variant.samples}
    count = max((board.rerun_samples for board in boards), default=0)
    found: dict[RerunCall, list[str]] = {}
    for key in sorted(drawn(seed, f"sample {entry.entry_id}", calls, count)):
        sample, call = calls[key]
        found.setdefault(call, []).append(sample)
    return tuple(call._replace(samples=tuple(samples)) for call, samples in found.items())


def entry_variants(board: Board, entry: Entry) -> list[tuple[str, Variant]]:
    """Task and locked call of each run of a board, in the version that an entry ran."""
    result = entry.result(board.id)
    ran = {pointer.task: pointer.task_version for pointer in entry.logs}
    earlier = {task: lock for task, version in ran.items() if (lock := load_lock(task, version))}
    variants = board_variants(board, result.preset, earlier) if result else []
    return [(run.task, variant) for run, variant in zip(board.runs, variants, strict=False)]


def rerun_command(entry: Entry, call: RerunCall) -> str:
    """The command that runs the drawn samples of one call again."""
    words = ["inspect", "eval", call.task, "--model", entry.model.id, "--epochs", "1"]
    for role, ref in sorted(entry.roles.items()):
        words += ["--model-role", f"{role}={ref.id}"]
    for argument in (f"preset={call.preset}", *call.arguments):
        words += ["-T", argument]
    settings = entry.settings.model_dump(exclude={"preset", "system_prompt_sha256"}, exclude_none=True)
    for key, value in settings.items():
        words += [f"--{key.replace('_', '-')}", str(value)]
    return shlex.join([*words, "--sample-id", ",".join(call.samples)])


def audit_record(entry: Entry, found: Draw, root: Path, logs: LogSource, stamp: Stamp) -> Evidence:
    """Fetches the logs of a drawn entry anew, and checks all that a pull request is checked for.

    Raises:
        NetworkProblem: A log could not be fetched, which is no finding about the entry.
    """
    report = check_entry(root / ENTRIES / f"{entry.entry_id}.json", root=root, logs=logs)
    details = {"date": found.day, "commit": found.commit, "seed": found.seed, "stages": report.stages}
    return new_record(entry, "audit", stamp, findings=report.findings, details=details)


def parsed_day(text: str) -> date:
    """A day as written on a command line.

    Raises:
        UserMistake: It is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserMistake(f"--date {text}: no ISO date; write one such as 2026-12-01.") from None


def _argument(key: str, value: JsonValue) -> str:
    return f"{key}={value if isinstance(value, str) else json.dumps(value)}"
