"""Audits: entries drawn by a public seed are fetched, hashed, recomputed and graded again, every night.

The seed is SHA-256 over the last commit of the main branch before 00:00 UTC of a day and that day, so nobody
can know it earlier and everybody can compute it later. What is drawn are the names with the smallest hashes
under the seed. Example: with the names `a` and `b` the first drawn is the one with the smaller
`SHA-256(seed + "\\n" + purpose + "\\n" + name)`.
"""

import hashlib
import io
import json
import shlex
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake

from .archive import Refusal
from .boards import Board, load_boards
from .check import LogSource, check_entry
from .entries import ENTRIES, EVIDENCE, load_entries, load_evidence
from .fetch import PUBLISH, Absent, fetch_log
from .findings import warn
from .locks import Variant, board_variants, load_lock
from .records import Stamp, new_record
from .rungs import REACHED, withdrawal
from .schema import Entry, Evidence, Finding

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
    found = _git(root, "rev-list", "-1", "--first-parent", f"--before={midnight}", "HEAD") or b""
    if not found.strip():
        raise EnvironmentProblem(
            f"{root}: no commit before {day}; give a full checkout of the main branch, or --commit."
        )
    return found.decode().strip()


def pool(root: Path, commit: str) -> list[Entry]:
    """Entries that may be drawn: those with logs that stood at a commit; reference players without others.

    They are read from the commit and not from the files of the checkout, so that everybody can repeat a draw
    at any later time.

    Raises:
        EnvironmentProblem: `root` is no checkout that holds the commit.
    """
    with tempfile.TemporaryDirectory(prefix="interplay-") as folder:
        then = Path(folder)
        _write_records(root, commit, then)
        entries = load_entries(then)
        gone = {entry.supersedes for entry in entries}
        standing = [
            entry
            for entry in entries
            if entry.logs
            and entry.entry_id not in gone
            and withdrawal(entry, load_evidence(then, entry.entry_id)) is None
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


def audit_record(
    entry: Entry, found: Draw | None, root: Path, logs: LogSource, stamp: Stamp, kept: str | None = None
) -> Evidence:
    """Fetches the logs of an entry anew, and checks all that a pull request is checked for.

    Args:
        entry: The entry.
        found: The draw that chose it; None where a maintainer did.
        root: A checkout.
        logs: As for `check_entry`.
        stamp: Moment and commit of the record.
        kept: Data set of the project, `ORG/NAME`, with copies of accepted logs.

    Raises:
        NetworkProblem: A log could not be fetched, which is no finding about the entry.
    """
    moved, reached = _reach(entry, kept) if logs == "fetch" else ([], True)
    path = root / ENTRIES / f"{entry.entry_id}.json"
    report = check_entry(path, root=root, logs=logs if reached else None)
    drawn_by = {"date": found.day, "commit": found.commit, "seed": found.seed} if found else {}
    details = {**drawn_by, "stages": report.stages, **({} if reached else {REACHED: False})}
    return new_record(entry, "audit", stamp, findings=[*moved, *report.findings], details=details)


def _reach(entry: Entry, kept: str | None) -> tuple[list[Finding], bool]:
    """Downloads logs for the check that follows: what moved, and whether all are there.

    A data set that is gone says nothing about what an entry claims, so it is a warning; the copy of the
    project, which has the same hash, is audited in its place.
    """
    found: list[Finding] = []
    for pointer in entry.logs:
        if pointer.uri.startswith("repo:"):
            continue
        try:
            fetch_log(pointer)
        except Absent as absent:
            try:
                if kept is None:
                    raise
                fetch_log(pointer, kept=kept)
            except Refusal:
                return [*found, warn("L01", f"{absent.what}; nothing was audited", PUBLISH)], False
            found.append(warn("L01", f"{absent.what}; the project's copy was audited", PUBLISH))
        except Refusal:
            continue  # another file: the check says so
    return found, True


def parsed_day(text: str) -> date:
    """A day as written on a command line.

    Raises:
        UserMistake: It is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserMistake(f"--date {text}: no ISO date; write one such as 2026-12-01.") from None


def _git(root: Path, *words: str) -> bytes | None:
    """What git writes, None where it fails.

    Raises:
        EnvironmentProblem: There is no git.
    """
    try:
        run = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False)
    except FileNotFoundError:
        raise EnvironmentProblem("git: not found, and the seed is made of a commit; install it.") from None
    return None if run.returncode else run.stdout


def _write_records(root: Path, commit: str, target: Path) -> None:
    """Writes the entries and evidence of a commit below another folder."""
    names = _git(root, "ls-tree", "-z", "--name-only", f"{commit}^{{commit}}", "--", ENTRIES, EVIDENCE)
    there = [name.decode() for name in (names or b"").split(b"\0") if name]
    packed = _git(root, "archive", "--format=tar", commit, "--", *there) if there else b""
    if names is None or packed is None:
        raise EnvironmentProblem(
            f"{root}: does not hold commit {commit}; give a full checkout of the main branch."
        )
    if not packed:
        return
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None and member.name.endswith(".json"):
                path = target / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())


def _argument(key: str, value: JsonValue) -> str:
    return f"{key}={value if isinstance(value, str) else json.dumps(value)}"
