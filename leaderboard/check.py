"""The checker: the verdict a pull request gets.

Stages run in order: submission, logs, task, completeness, recomputation, plausibility. A stage lists all
its findings; one that refuses ends the check. Nothing on disk changes, no secret is needed, and no model
is called. Example of a finding::

    C01 1 of 6 pinned samples of interplay/maze_collab absent (first: standard-1-perfect-001-AB epoch 1).
    Remedy: repeat the interplay eval command (it resumes), or use --division open.
"""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from .archive import Refusal
from .check_beside import check_beside
from .check_plausible import Details, check_plausible, details_of, own_details
from .check_results import check_header, check_regrade, check_results
from .check_samples import check_complete
from .check_served import check_whole
from .check_submission import check_file, leaked
from .check_task import check_task
from .crisis import check_figures, check_kept_log
from .entries import BoardLogs, load_evidence, served_boards, stored_entries
from .fetch import fetch_log
from .findings import RUN_AGAIN, WRITE_AGAIN, Report, fail, failed
from .locks import Variant, matching_variant
from .log_reader import Untrusted
from .pull_request import check_author, extract_entry, read_pull_request
from .records import Stamp, new_record
from .rows import LogRows
from .rungs import REGRADED
from .schema import Entry, Evidence, Finding, LogPointer, Result
from .untrusted import Reader, read_untrusted_logs
from .versions import at_current_minor, is_outdated, shown_results

LogSource: TypeAlias = Literal["fetch"] | Path | None
"""Where logs come from: the address in the entry, a folder of files, or nowhere."""
UNREADABLE = {"T": "T06", "P": "P04"}
"""Codes of what a stage stumbles over."""


def check_entry(
    path: Path,
    *,
    root: Path,
    logs: LogSource = "fetch",
    regrade: bool = True,
    reader: Reader | None = None,
    others: Sequence[Entry] | None = None,
    before: Sequence[Finding] = (),
    author: str | None = None,
) -> Report:
    """Checks one entry file.

    Args:
        path: The file, in a folder named `entries`.
        root: A checkout, or any folder with `leaderboard/entries` and `leaderboard/logs`.
        logs: `fetch`, a folder that holds the logs under their names or hashes, or None to leave them out.
        regrade: Score every sample again.
        reader: Reads the logs; by default in children of its own.
        others: The entries below the root; by default they are read.
        before: What the shape of its pull request says.
        author: Account that opened the pull request.
    """
    entry, found = check_file(path)
    findings = [*before, *found]
    others = stored_entries(root) if others is None else others
    if entry is not None:
        findings += check_beside(entry, others) + check_figures(entry)
        findings += check_author(entry, author) if author else []
    if entry is None or failed(findings):
        return Report(path.name, entry, tuple(findings), None, 0, "S")
    if logs is None or not entry.logs:
        return Report(path.name, entry, tuple(findings), None, 0, "S")
    read, refused = read_logs(entry, root, logs, regrade, reader)
    findings += refused
    if isinstance(logs, Path):
        kept = check_kept_log(entry, {file_hash(file): file for file in sorted(logs.glob("*.eval"))})
        findings, refused = findings + kept, refused + kept
    if failed(refused):
        return Report(path.name, entry, tuple(findings), None, 0, "SL")
    return check_read(path.name, entry, read, findings, regrade, others, root)


def check_pull_request(
    root: Path, span: str, *, author: str | None, logs: LogSource = "fetch", regrade: bool = True
) -> Report:
    """Checks the entry that a pull request adds, without checking its head out.

    Args:
        root: A checkout of the base branch that holds the objects of the head.
        span: `BASE...HEAD`.
        author: Account that opened it; without one nothing compares it with the submitter.
        logs: As for `check_entry`.
        regrade: As for `check_entry`.
    """
    pull = read_pull_request(root, span)
    with tempfile.TemporaryDirectory(prefix="interplay-") as folder:
        path, before = extract_entry(pull, Path(folder))
        if path is None:
            return Report("pull request", None, tuple(before), None, 0, "S")
        return check_entry(path, root=root, logs=logs, regrade=regrade, before=before, author=author)


def check_read(
    name: str,
    entry: Entry,
    read: Sequence[Untrusted],
    before: Sequence[Finding],
    regrade: bool,
    others: Sequence[Entry] = (),
    root: Path | None = None,
) -> Report:
    """The stages after the logs were read: what `submit` runs before anything is written.

    Args:
        name: File name of the entry.
        entry: The entry.
        read: Its logs.
        before: What earlier stages found.
        regrade: Whether every sample was scored again.
        others: The entries that exist.
        root: The checkout that holds their evidence.
    """
    rows = [log.rows for log in read]
    findings = list(before)
    current = [at_current_minor(log.rows) for log in read]
    served: list[BoardLogs] = []
    computed: list[Result] = []

    def task() -> list[Finding]:
        return [finding for log in rows for finding in check_task(entry, log)] + check_whole(entry, rows)

    def complete() -> list[Finding]:
        served.extend(served_boards(current, entry.family, entry.division))
        return [] if entry.division == "open" else _complete(current, served)

    def recompute() -> list[Finding]:
        again = _regraded(entry, read) if regrade else []
        headers = [finding for log in rows for finding in check_header(log)]
        if again or headers:  # a changed score changes every number after it
            return again or headers
        try:
            computed.extend(board.result() for board in served)
        except Exception as error:  # whatever a summary stumbles over in hostile data is one finding
            what = f"results cannot be computed from the logs ({type(error).__name__}: {str(error)[:200]})"
            return [fail("R06", what, RUN_AGAIN)]
        stated = shown_results(entry, load_evidence(root, entry.entry_id)) if root else entry.results
        return check_results(stated, computed)

    def plausible() -> list[Finding]:
        def details(other: Entry) -> Details:
            return details_of(load_evidence(root, other.entry_id)) if root else {}

        return check_plausible(entry, rows, computed, others, details)

    stages: dict[str, Callable[[], list[Finding]]] = {
        "T": task,
        "C": complete,
        "R": recompute,
        "P": plausible,
    }
    ran = "SL"
    for letter, stage in stages.items():
        found = list(dict.fromkeys(_guarded(letter, stage)))
        findings += found
        ran += letter
        if failed(found):
            break
    passed = not failed(findings)
    regraded = regrade and entry.division != "open" and not any(is_outdated(log.header) for log in rows)
    rung = 0 if not passed else 2 if regraded else 1
    details = own_details(rows) if passed else {}
    return Report(name, entry, tuple(findings), tuple(computed) or None, rung, ran, details)


def _guarded(letter: str, stage: Callable[[], list[Finding]]) -> list[Finding]:
    """What a stage finds; whatever it stumbles over in hostile data is one finding."""
    if letter not in UNREADABLE:
        return stage()
    try:
        return stage()
    except Exception as error:
        what = f"the logs state what cannot be read ({type(error).__name__}: {str(error)[:200]})"
        return [fail(UNREADABLE[letter], what, RUN_AGAIN)]


def _regraded(entry: Entry, read: Sequence[Untrusted]) -> list[Finding]:
    """R03 for every log; in the open division for those that fit a lock, since no other names its scorers."""
    fitting = [log for log in read if entry.division != "open" or matching_variant(log.header)]
    return [finding for log in fitting for finding in check_regrade(log.rows, log.regrade_problem)]


def read_logs(
    entry: Entry, root: Path, source: "LogSource", regrade: bool, reader: Reader | None = None
) -> tuple[list[Untrusted], list[Finding]]:
    """Stage L: the bytes that the entry names, read within all limits."""
    findings: list[Finding] = []
    found: list[tuple[LogPointer, Path]] = []
    for pointer in entry.logs:
        try:
            found.append((pointer, locate(pointer, root, source)))
        except Refusal as refusal:
            findings.append(_refused(pointer, refusal))
    read: list[Untrusted] = []
    paths = [path for _, path in found]
    outcomes = reader(paths) if reader else read_untrusted_logs(paths, regrade)
    for (pointer, _), outcome in zip(found, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            findings.append(_refused(pointer, outcome))
        else:
            read.append(outcome)
            findings += _pointer_findings(pointer, outcome)
    return read, findings


def _refused(pointer: LogPointer, refusal: Refusal) -> Finding:
    return fail(refusal.code, f"{refusal.what} ({pointer.uri.rsplit('/', 1)[-1]})", refusal.remedy)


def locate(pointer: LogPointer, root: Path, source: "LogSource") -> Path:
    """The file behind a pointer, with the size and the hash that the entry states.

    Raises:
        Refusal: It is absent or another file.
        NetworkProblem: It could not be fetched.
    """
    name = pointer.uri.rsplit("/", 1)[-1]
    if isinstance(source, Path):
        by_hash = source / f"{pointer.sha256}.eval"
        path = by_hash if by_hash.is_file() else source / name
    elif pointer.uri.startswith("repo:"):
        path = root / pointer.uri.removeprefix("repo:")
    else:
        path = fetch_log(pointer)
    if not path.is_file():
        raise Refusal("L01", f"no such log at {path}", "give the folder that holds it with --logs")
    size, digest = path.stat().st_size, file_hash(path)
    if (size, digest) != (pointer.bytes, pointer.sha256):
        expected = f"{pointer.sha256[:12]}…, {pointer.bytes:,} bytes"
        raise Refusal(
            "L01",
            f"SHA-256 differs: {digest[:12]}…, {size:,} bytes (expected {expected})",
            WRITE_AGAIN,
        )
    return path


def file_hash(path: Path) -> str:
    """SHA-256 of a file, read in steps."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pointer_findings(pointer: LogPointer, log: Untrusted) -> list[Finding]:
    name = pointer.uri.rsplit("/", 1)[-1]
    findings = [leaked(start, f"{member} of {name}") for member, start in log.credentials]
    stated = (pointer.task, pointer.task_version, pointer.samples)
    found = (log.header.task, log.header.task_version, len(log.samples))
    if stated != found:
        words = [f"{samples} samples of {task} {version}" for task, version, samples in (found, stated)]
        what = f"{name} holds {words[0]} (expected {words[1]})"
        findings.append(fail("L10", what, WRITE_AGAIN))
    return findings


def _complete(read: Sequence[LogRows], served: Sequence[BoardLogs]) -> list[Finding]:
    """Stage C for every locked call, and no log that serves no board."""
    findings: list[Finding] = []
    groups: dict[str, tuple[Variant, list[LogRows]]] = {}
    for log in read:
        variant = matching_variant(log.header)
        if variant is not None:
            groups.setdefault(variant.digest, (variant, []))[1].append(log)
    for variant, logs in groups.values():
        findings += check_complete(logs, variant)
    used = {id(rows.samples) for board in served for rows in board.logs}
    for log in read:
        if id(log.samples) not in used:
            what = (
                f"log of {log.header.task} with preset {log.header.preset} serves no board of this division"
            )
            findings.append(fail("C07", what, "leave it out, or add the other runs of its board"))
    return findings


def evidence_of(report: Report, entry: Entry, stamp: Stamp) -> Evidence:
    """The record of a check, to be stored beside its entry.

    Args:
        report: The verdict.
        entry: The entry it is about.
        stamp: When it was given, and by which code.
    """
    details = {REGRADED: report.rung >= 2, "stages": report.stages, **report.details}
    return new_record(entry, "check", stamp, findings=report.findings, details=details)
