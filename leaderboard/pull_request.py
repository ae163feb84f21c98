"""The shape of a pull request with an entry: one added file, and nothing else. Codes: S01, S05, S06, S07.

A pull request is data. Its head is never checked out: names and modes come from `git diff`, the entry's bytes
from `git cat-file`. Example of a finding::

    S06 a submission adds one entry file and changes nothing else: README.md changed. Remedy: take it out with
    git restore --source=d29f61c0a1b2 --staged --worktree -- README.md.
"""

import re
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake

from .check_beside import same_account
from .check_submission import LARGEST_ENTRY
from .entries import ENTRIES, EVIDENCE, LOGS
from .fields import ENTRY_ID
from .findings import WRITE_AGAIN, fail
from .schema import Entry, Finding

ENTRY_PATH = re.compile(rf"^{ENTRIES}/{ENTRY_ID[1:-1]}\.json$")
REGULAR, ABSENT = "100644", "000000"
KINDS = {"100755": "executable", "120000": "a symbolic link", "160000": "a submodule"}
FOREIGN = {
    "edited": "entries are never edited; use supersedes",
    "evidence": "evidence is written by the project only",
    "log": "logs live in a data set, not in the repository",
    "other": "a submission adds one entry file and changes nothing else",
}
"""Changes that no submission makes."""
MOST_NAMED, LONGEST_NAME = 8, 100
"""So many files are named one by one."""


class Change(NamedTuple):
    """One changed path: modes before and after, its object, and git's letter for what happened."""

    before: str
    mode: str
    blob: str
    status: str
    path: str


class PullRequest(NamedTuple):
    """What a pull request changes, as seen from the commit where it left the base branch."""

    repository: Path
    merge_base: str
    changes: tuple[Change, ...]


def read_pull_request(repository: Path, span: str) -> PullRequest:
    """The changes of a pull request.

    Args:
        repository: A checkout of the base branch that holds the objects of the head.
        span: `BASE...HEAD`, two commits.

    Raises:
        UserMistake: They are no commits of this repository.
        EnvironmentProblem: There is no git.
    """
    base, dots, head = span.partition("...")
    if not dots or not base or not head or base.startswith("-") or head.startswith("-"):
        raise UserMistake(
            f"--pull-request {span}: give two commits as BASE...HEAD, as origin/main...FETCH_HEAD."
        )
    commits = [_git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
               for name in (base, head)]  # fmt: skip
    if not all(commits):
        missing = base if not commits[0] else head
        raise UserMistake(
            f"{missing}: no commit of {repository}; fetch it first: git fetch origin pull/N/head."
        )
    first, last = (commit.decode().strip() for commit in commits)
    merge_base = _git(repository, "merge-base", first, last).decode().strip()
    if not merge_base:
        raise UserMistake(f"{span}: the two have no commit in common; rebase the branch on the base branch.")
    listed = _git(repository, "diff", "--raw", "-z", "--no-abbrev", "--no-renames", merge_base, last)
    words = listed.decode(errors="surrogateescape").split("\0")
    changes = [Change(*_raw(words[i]), words[i + 1]) for i in range(0, len(words) - 1, 2)]
    return PullRequest(repository, merge_base, tuple(changes))


def _raw(words: str) -> tuple[str, str, str, str]:
    before, mode, _, blob, status = words.removeprefix(":").split(" ")
    return before, mode, blob, status[:1]


def _git(repository: Path, *words: str) -> bytes:
    """Output of a git command, empty where it failed."""
    command = ["git", "-C", str(repository), "-c", "core.quotePath=false", *words]
    try:
        return subprocess.run(command, capture_output=True, check=False).stdout
    except FileNotFoundError:
        raise EnvironmentProblem(
            "git is not installed; install it, or check the entry file itself."
        ) from None


def check_shape(pull: PullRequest) -> list[Finding]:
    """Everything that does not belong to a submission, each with the command that takes it out."""
    found: dict[str, list[Change]] = {}
    for change in pull.changes:
        found.setdefault(_kind(change), []).append(change)
    findings = [
        fail("S06", f"{what}: {_names(found[kind])}", _undo(pull, found[kind]))
        for kind, what in FOREIGN.items()
        if kind in found
    ]
    for change in found.get("misplaced", []):
        what = f"path {_shown(change.path)} is not {ENTRIES}/<entry id>.json"
        findings.append(fail("S05", what, _undo(pull, [change])))
    for change in found.get("irregular", []):
        kind = KINDS.get(change.mode, change.mode)
        what = f"not a regular file of mode 0644: {_shown(change.path)} is {kind}"
        findings.append(fail("S06", what, _undo(pull, [change])))
    entries = found.get("entry", [])
    if len(entries) > 1 or not (entries or {"misplaced", "irregular", "edited"} & set(found)):
        which = f": {_names(entries)}" if entries else ""
        remedy = "open one pull request for each" if entries else WRITE_AGAIN
        findings.append(fail("S06", f"a submission adds one file; found {len(entries)}{which}", remedy))
    return findings


def _kind(change: Change) -> str:
    folder = change.path.startswith
    if folder(f"{EVIDENCE}/"):
        return "evidence"
    if folder(f"{LOGS}/"):
        return "log"
    if not folder(f"{ENTRIES}/"):
        return "other"
    if change.status != "A":
        return "edited"
    if not ENTRY_PATH.match(change.path):
        return "misplaced"
    return "entry" if change.mode == REGULAR else "irregular"


def _shown(path: str) -> str:
    plain = path.encode(errors="surrogateescape").decode(errors="replace")
    plain = plain if plain.isprintable() else ascii(plain)
    return plain if len(plain) <= LONGEST_NAME else f"{plain[:LONGEST_NAME]}…"


def _names(changes: Sequence[Change]) -> str:
    said = {"A": "added", "D": "deleted", "M": "changed", "T": "changed"}
    names = [f"{_shown(change.path)} {said.get(change.status, 'changed')}" for change in changes[:MOST_NAMED]]
    more = len(changes) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _undo(pull: PullRequest, changes: Sequence[Change]) -> str:
    """The command that takes these changes out, whatever they are; if they are many, all but the entry."""
    paths = [shlex.quote(_shown(change.path)) for change in changes]
    if len(paths) > MOST_NAMED:
        entries = [change.path for change in pull.changes if _kind(change) == "entry"]
        paths = [".", *(shlex.quote(f":(exclude){path}") for path in entries)]
    source = pull.merge_base[:12]
    return f"take it out with git restore --source={source} --staged --worktree -- {' '.join(paths)}"


def extract_entry(pull: PullRequest, folder: Path) -> tuple[Path | None, list[Finding]]:
    """Writes the bytes of the one added entry below a folder, as its own path; or says why not."""
    findings = check_shape(pull)
    entries = [change for change in pull.changes if _kind(change) == "entry"]
    if len(entries) != 1:
        return None, findings
    (change,) = entries
    size = int(_git(pull.repository, "cat-file", "-s", change.blob) or 0)
    if size > LARGEST_ENTRY:
        what = f"entry file is {size:,} bytes (limit {LARGEST_ENTRY:,})"
        return None, [*findings, fail("S01", what, WRITE_AGAIN)]
    path = folder / change.path
    path.parent.mkdir(parents=True)
    path.write_bytes(_git(pull.repository, "cat-file", "blob", change.blob))
    path.chmod(0o644)
    return path, findings


def check_author(entry: Entry, author: str) -> list[Finding]:
    """Whoever opens the pull request is the submitter, and no project player enters this way."""
    findings: list[Finding] = []
    if entry.division == "reference":
        what = "division reference is written by the project only"
        findings.append(fail("S06", what, "submit to division closed or open"))
    elif not same_account(entry.submitter.github, author):
        what = f"entry names submitter {entry.submitter.github}, the pull request comes from {author}"
        findings.append(fail("S07", what, "submit with --github and the account that opens the pull request"))
    return findings
