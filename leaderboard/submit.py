"""From logs to one entry: measured, checked as a pull request would be, and written only if it passes.

`prepare` reads and checks; `write` puts the files down. Nothing is written, copied or uploaded before every
check that can run on this machine has passed.
"""

import shlex
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from interplay.tasks.catalog import family_of_task
from interplay.tasks.mistakes import UserMistake

from .archive import Refusal
from .boards import kept_apart
from .canonical import canonical_bytes
from .check import check_read, file_hash
from .check_beside import check_beside
from .check_submission import check_statements, json_texts, leaked, secrets
from .crisis import check_crisis_log, check_figures, figures_of
from .crisis_apart import set_apart
from .draft import SubmitOptions, Upload, addresses, build_entry, placeholder
from .entries import ENTRIES, missing_runs, served_boards
from .findings import Report, failed
from .log_reader import Untrusted
from .own_logs import log_files, refuse_foreign
from .rows import HeaderRow
from .schema import Division, Entry, Finding, Result
from .untrusted import Reader, read_untrusted_logs


@dataclass(frozen=True)
class Submission:
    """An entry that passed, with the files it consists of.

    `copies` are logs that go into the repository with it: source and place.
    """

    entry: Entry
    report: Report
    copies: tuple[tuple[Path, str], ...]

    @property
    def path(self) -> str:
        """Where the entry belongs in a checkout."""
        return f"{ENTRIES}/{self.entry.entry_id}.json"

    @property
    def files(self) -> tuple[str, ...]:
        """Everything that the pull request adds."""
        return (self.path, *(place for _, place in self.copies))

    def commands(self, out: Path) -> list[str]:
        """The commands that open the pull request, from a checkout of the repository."""
        branch = f"entry/{self.entry.entry_id}"
        title = f"Entry: {self.entry.model.id} on {', '.join(r.board for r in self.entry.results)}"
        return [
            f"git switch --create {branch} origin/main",
            f"cp -R {_quoted(out.resolve())}/leaderboard .",
            f"git add {' '.join(self.files)}",
            f"git commit --message {_quoted(title)}",
            f"git push --set-upstream origin {branch}",
            f"gh pr create --title {_quoted(title)} --body {_quoted('Written by interplay submit.')}",
        ]


class Refused(Exception):
    """The checks refuse the entry; the report says why."""

    def __init__(self, report: Report):
        super().__init__("\n".join(report.sentences()))
        self.report = report


def prepare(
    logs: Sequence[Path],
    options: SubmitOptions,
    upload: Upload | None = None,
    reader: Reader | None = None,
) -> Submission:
    """Reads logs, measures, checks, and builds the entry.

    Args:
        logs: Files and folders.
        options: What the submitter says.
        upload: How logs reach the data set; by default through the Hugging Face client.
        reader: Reads the logs; by default in children of its own.

    Raises:
        UserMistake: The logs cannot become one entry, or something is missing that only the user knows.
        Refused: They can, but a check refuses it.
    """
    files = log_files(logs)
    read = _read(files, reader)
    family = _one([(log.header, path) for log, path in zip(read, files, strict=True)])
    files, read, kept_back = set_apart(files, read)
    crisis = figures_of(kept_back[1].rows, file_hash(kept_back[0])) if kept_back else None
    _refuse_missing_options(options, files)
    results = _results(read, family, options.division)
    draft = build_entry(
        read, files, family, options, results, {p.name: placeholder(p) for p in files}, crisis
    )
    before = _before(draft, read, options)
    if kept_back and (found := check_crisis_log(draft, kept_back[1])):
        raise Refused(Report(draft.entry_id, draft, (*before, *found), None, 0, "SL"))
    report = check_read(draft.entry_id, draft, read, before, True, options.others, options.root)
    if not report.passed:
        raise Refused(report)
    uris, copies = addresses(read, files, options, upload)
    entry = build_entry(read, files, family, options, results, uris, crisis)
    return Submission(entry, report, copies)


def write(submission: Submission, out: Path) -> list[Path]:
    """Writes entry and copied logs below `out`, in the places they have in a checkout; returns the paths."""
    written: list[Path] = []
    for source, place in submission.copies:
        target = out / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.resolve() != target.resolve():
            shutil.copyfile(source, target)
        written.append(target)
    target = out / submission.path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(canonical_bytes(submission.entry.content()))
    return [*written, target]


def _read(files: Sequence[Path], reader: Reader | None) -> list[Untrusted]:
    read: list[Untrusted] = []
    outcomes = reader(files) if reader else read_untrusted_logs(files)
    for path, outcome in zip(files, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            raise UserMistake(f"{path}: not a complete log: {outcome.what}; {outcome.remedy}.")
        refuse_foreign(path, outcome.header.task)
        read.append(outcome)
    return read


def _one(headers: Sequence[tuple[HeaderRow, Path]]) -> str:
    """The family of the logs, if they belong to one entry.

    Raises:
        UserMistake: Two of them differ in what an entry states once.
    """
    first, first_path = headers[0]
    for header, path in headers[1:]:
        for what, a, b in (
            ("model", first.model, header.model),
            ("preset", first.preset, header.preset),
            ("settings", first.settings, header.settings),
            ("interplay version", first.package_version, header.package_version),
            ("inspect_ai version", first.inspect_version, header.inspect_version),
        ):
            if a != b:
                raise UserMistake(
                    f"{what} is {a} in {first_path.name} and {b} in {path.name}; submit them separately."
                )
    located = [family_of_task(header.task) for header, _ in headers]
    families = {found[0].name if found else "unknown" for found in located}
    if len(families) > 1 or "unknown" in families:
        raise UserMistake(f"logs of families {', '.join(sorted(families))}; submit one family at a time.")
    return families.pop()


def _refuse_missing_options(options: SubmitOptions, files: Sequence[Path]) -> None:
    twice = [name for name, times in Counter(path.name for path in files).items() if times > 1]
    if twice:
        raise UserMistake(f"two logs are named {twice[0]}; rename one of them.")
    if options.division == "reference":
        return
    if options.github is None:
        raise UserMistake(
            "no GitHub account given; add --github NAME, the account that opens the pull request."
        )
    unplaced = [path.name for path in files if path.name not in options.uris]
    if unplaced and options.hf_repo is None:
        raise UserMistake(
            f"{unplaced[0]} has no public address; add --hf-repo ORG/NAME to upload it, "
            f"or --uri {unplaced[0]}=hf://datasets/ORG/NAME@COMMIT/PATH.eval."
        )
    if options.division == "open" and not (options.method_note and options.method_url):
        raise UserMistake(
            "division open needs a method note and an address; add --method-note and --method-url."
        )


def _results(read: Sequence[Untrusted], family: str, division: Division) -> tuple[Result, ...]:
    rows = [log.rows for log in read]
    served = served_boards(rows, family, division)
    if not served:
        raise UserMistake(
            f"these logs serve no board in division {division}: {missing_runs(rows, family)}; "
            "add the missing runs, or use --division open."
        )
    kinds = kept_apart(item.board.id for item in served)
    if len(kinds) > 1:
        raise UserMistake(f"logs of {' and '.join(kinds)} boards; submit them as separate entries.")
    return tuple(board.result() for board in served)


def _before(draft: Entry, read: Sequence[Untrusted], options: SubmitOptions) -> list[Finding]:
    """What stages S and L would find in the draft."""
    findings = check_statements(draft) + check_beside(draft, options.others) + check_figures(draft)
    findings += secrets("entry", json_texts(draft.content()))
    findings += [leaked(start, member) for log in read for member, start in log.credentials]
    if failed(findings):
        raise Refused(Report(draft.entry_id, draft, tuple(findings), None, 0, "SL"))
    return findings


def _quoted(text: object) -> str:
    return shlex.quote(str(text))
