"""What a site is made of: entries with their evidence, and the standing of every board."""

import hashlib
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

from pydantic import ValidationError

from interplay.tasks.mistakes import UserMistake

from ..anchored import anchored
from ..boards import Board, load_boards
from ..crisis import refuse_unreviewed
from ..entries import ENTRIES, LOGS
from ..guarded import Guarded, guarded_boards
from ..judged import validities
from ..refused import problems
from ..remembering import Memory
from ..rungs import rung
from ..scanning import File, Files, State, scan, state_of
from ..schema import Entry, Evidence
from ..standings import Standing, Submission, standing, withholding
from .downloads import kept_files

Kind = TypeVar("Kind", Entry, Evidence)
PACKAGE = Path(__file__).resolve().parents[1]
LABELS = ("validation", "data")
"""Folders below `leaderboard` that hold labels of people."""


class Source(NamedTuple):
    """A file of the checkout and the SHA-256 of its bytes."""

    path: Path
    sha256: str


class Offered(NamedTuple):
    """A file of the checkout that the site offers at an address."""

    href: str
    source: Source


@dataclass(frozen=True)
class Labels:
    """The folder `leaderboard` with what people and commands keep, in one state of its files."""

    folder: Path
    states: tuple[tuple[Path, State], ...]


@dataclass(frozen=True)
class Inputs:
    """Everything a site is made of.

    What did not change since the reader looked last is the same object.

    Attributes:
        sources: Files of the checkout that the site offers, with their SHA-256, by their address there.
        records: Evidence records of each entry that has some.
        local_logs: Names of the logs that the site carries itself.
        labels: What people and commands keep: labels, anchors, the panel.
    """

    submissions: tuple[Submission, ...]
    standings: Mapping[str, Standing]
    sources: Mapping[str, Source]
    records: Mapping[str, tuple[Offered, ...]]
    local_logs: frozenset[str]
    warnings: tuple[str, ...]
    labels: Labels


def read_inputs(root: Path) -> Inputs:
    """Reads entries, evidence and reference logs below `root` and computes the standing of every board.

    Raises:
        UserMistake: There is no entries folder, or a file in it cannot be read as what it should be.
    """
    return InputReader(root).read()


class _Parsed(NamedTuple):
    """A file as it was read: its state on the disk, its hash, and what it says."""

    state: State
    source: Source
    record: Entry | Evidence | None


class _Filed(NamedTuple):
    """An entry with its evidence, and its files as the site offers them."""

    submission: Submission
    records: tuple[Offered, ...]
    sources: Mapping[str, Source]


class InputReader:
    """Reads the inputs of a site, and reads them again with little work when few files changed."""

    def __init__(self, root: Path, memory: Memory | None = None) -> None:
        self._root = root
        self._memory = memory or Memory()
        self._parsed: dict[str, _Parsed] = {}
        self._labels = Labels(root, ())

    def read(self, files: Files | None = None) -> Inputs:
        """The inputs as they are now.

        Args:
            files: What was found below the root a moment ago, if somebody looked.

        Raises:
            UserMistake: There is no entries folder, or a file in it cannot be read as what it should be.
        """
        root = self._root
        if not (root / ENTRIES).is_dir():
            raise UserMistake(
                f"{root}: holds no leaderboard/entries; give a checkout or the folder of a demo."
            )
        files = files or scan(root)
        labels = self._current_labels()
        filed = self._filed(files, labels)
        submissions = tuple([found.submission for found in filed])
        sources: dict[str, Source] = {}
        for found in filed:
            sources.update(found.sources)
        logs, warnings = self._local_logs(submission.entry for submission in submissions)
        kept = {name: Source(path, self._digest(path)) for name, path in kept_files(labels.folder).items()}
        return Inputs(
            submissions,
            self._standings(submissions, labels),
            sources | logs | kept,
            {found.submission.entry.entry_id: found.records for found in filed if found.records},
            frozenset(source.path.name for source in logs.values()),
            tuple(warnings),
            labels,
        )

    def _digest(self, path: Path) -> str:
        """SHA-256 of a file's bytes, which are read only if it changed."""
        state = state_of(path.stat())
        known = self._parsed.get(str(path))
        if known is None or known.state != state:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            known = self._parsed[str(path)] = _Parsed(state, Source(path, digest), None)
        return known.source.sha256

    def _parse(self, file: File, parse: Callable[[bytes, Path], Entry | Evidence]) -> _Parsed:
        """A file as it was read when it was last changed."""
        known = self._parsed.get(file.path)
        if known is None or known.state != file.state or known.record is None:
            path = Path(file.path)
            content = path.read_bytes()
            source = Source(path, hashlib.sha256(content).hexdigest())
            if known and known.record and known.source == source:  # written again with the same bytes
                known = known._replace(state=file.state)
            else:
                known = _Parsed(file.state, source, parse(content, path))
            self._parsed[file.path] = known
        return known

    def _current_labels(self) -> Labels:
        """The labels: the same object for as long as no file changes."""
        folder = labels_folder(self._root)
        paths = [path for name in LABELS for path in sorted((folder / name).rglob("*"))]
        found = Labels(folder, tuple((path, state_of(path.stat())) for path in paths))
        if found != self._labels:
            self._labels = found
        return self._labels

    def _filed(self, files: Files, labels: Labels) -> list[_Filed]:
        """Every entry with its evidence, in the order of names."""
        parse, none = self._parse, tuple[File, ...]()
        read = [
            (
                parse(file, _entry),
                tuple([parse(r, _evidence) for r in files.evidence.get(file.name[:-5], none)]),
            )
            for file in files.entries
        ]
        entries = [cast(Entry, entry.record) for entry, _ in read]
        successors = {entry.supersedes: entry.entry_id for entry in entries if entry.supersedes}
        return [
            self._memory(_filed, *own, successors.get(entry.entry_id), labels)
            for own, entry in zip(read, entries, strict=True)
        ]

    def _standings(self, submissions: tuple[Submission, ...], labels: Labels) -> dict[str, Standing]:
        """The standing of every board, computed only where one of its submissions is another."""
        boards = load_boards()
        own: dict[str, list[Submission]] = {name: [] for name in boards}
        for submission in submissions:
            for name in {result.board for result in submission.results}:
                if name in own:
                    own[name].append(submission)
        guards = self._memory(_guards, labels)
        return {
            name: self._memory(self._standing, board, tuple(own[name]), guards.get(name))
            for name, board in boards.items()
        }

    def _standing(self, board: Board, own: tuple[Submission, ...], guarded: Guarded | None) -> Standing:
        return anchored(standing(board, own, self._memory), guarded)

    def _local_logs(self, entries: Iterable[Entry]) -> tuple[dict[str, Source], list[str]]:
        """Logs that entries keep in the repository and whose bytes are those the entry names."""
        found: dict[str, Source] = {}
        warnings: list[str] = []
        for pointer in (pointer for entry in entries for pointer in entry.logs):
            if not pointer.uri.startswith("repo:"):
                continue
            name = pointer.uri.rsplit("/", 1)[-1]
            path = self._root / LOGS / name
            is_there = path.is_file()
            if is_there and self._digest(path) == pointer.sha256:
                found[f"data/logs/{name}"] = Source(path, pointer.sha256)
            else:
                state = "differs from its SHA-256 in the entry" if is_there else "is missing"
                warnings.append(f"leaderboard/logs/{name} {state}; the site does not offer it.")
        return found, warnings


def _filed(parsed: _Parsed, records: tuple[_Parsed, ...], successor: str | None, labels: Labels) -> _Filed:
    entry = cast(Entry, parsed.record)
    evidence = tuple(cast(Evidence, record.record) for record in records)
    submission = Submission(entry, evidence, rung(entry, evidence), successor)
    offered = tuple(
        Offered(f"data/evidence/{entry.entry_id}/{record.source.path.name}", record.source)
        for record in records
    )
    sources = {f"data/entries/{entry.entry_id}.json": parsed.source, **dict(offered)}
    return _Filed(with_validities(submission, labels.folder), offered, sources)


def _guards(labels: Labels) -> dict[str, Guarded]:
    return guarded_boards(labels.folder)


def labels_folder(root: Path) -> Path:
    """The folder with the labels that judges are held against: `leaderboard` below `root`, or the package."""
    own = root / "leaderboard"
    return own if any((own / name).is_dir() for name in LABELS) else PACKAGE


def with_validities(submission: Submission, labels: Path) -> Submission:
    """A submission with what its family says of its judges, and of who else is bound to its roles."""
    found = validities(submission.results, submission.entry.model.id, labels)
    judged = replace(submission, validities=found)
    return replace(judged, unadmitted=refusals(judged, labels))


def refusals(submission: Submission, labels: Path) -> dict[str, str]:
    """By board why the entry is not ranked there because of the models in its roles, judges included."""
    roles = {role: model.id for role, model in submission.entry.roles.items()}
    found: dict[str, str] = {}
    for result in submission.results:
        board = load_boards().get(result.board)
        says = board.unadmitted() if board else None
        reason = says(roles, result.task_version, labels) if says else None
        if reason is not None:
            found[result.board] = reason
        elif board and (verdict := withholding(board, submission)):
            found[result.board] = f"its headline is withheld: {verdict.reason}"
    return found


def commit_of(root: Path) -> tuple[str | None, str | None]:
    """Commit and date of a checkout, both None where `root` is not the top of one."""

    def git(*words: str) -> str:
        run = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)
        return run.stdout.strip() if run.returncode == 0 else ""

    try:
        if Path(git("rev-parse", "--show-toplevel") or "/").resolve() != root.resolve():
            return None, None
        commit, _, moment = git("log", "-1", "--format=%H %cI").partition(" ")
    except FileNotFoundError:  # no git on this machine
        return None, None
    return (commit, moment[:10]) if commit else (None, None)


def _entry(content: bytes, path: Path) -> Entry:
    try:
        entry = Entry.read(content)
    except ValidationError as error:
        raise UserMistake(f"{path}: {problems(error)[0]}; run `interplay check` on it.") from None
    if entry.entry_id != path.stem:
        raise UserMistake(f"{path}: holds entry {entry.entry_id}; rename the file to its entry_id.")
    refuse_unreviewed(entry, path)
    return entry


def _evidence(content: bytes, path: Path) -> Evidence:
    try:
        return Evidence.model_validate_json(content)
    except ValidationError as error:
        raise UserMistake(f"{path}: {problems(error)[0]}; run `interplay check` on it.") from None
