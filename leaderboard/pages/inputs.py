"""What a site is made of: entries with their evidence, standings, and the files offered for download."""

import hashlib
import json
import operator
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

from pydantic import ValidationError

from interplay.tasks.mistakes import UserMistake

from ..anchored import anchored
from ..boards import Board, load_boards
from ..canonical import canonical_bytes
from ..crisis import refuse_unreviewed
from ..entries import ENTRIES, EVIDENCE, LOGS
from ..guarded import guarded_boards
from ..judged import validities
from ..literature import load_sources
from ..refused import problems
from ..rungs import rung
from ..schema import Entry, Evidence, Record
from ..standings import Standing, Submission, standing, withholding
from .site import DataFile, DataGroup

Kind = TypeVar("Kind", Entry, Evidence)
PACKAGE = Path(__file__).resolve().parents[1]
LABELS = ("validation", "data")
"""Folders below `leaderboard` that hold labels of people."""
KEPT = ("recipe_panel.csv", "dead_ends.md")
"""Files of a folder `data` that a site offers beside the anchors."""
GROUPS = (
    (
        "data/results.",
        "Results",
        "One row per entry and board: headline value, interval, places, evidence.",
    ),
    (
        "data/boards/",
        "Boards",
        "A board column by column, with the critical values that a paired difference needs.",
    ),
    ("data/entries/", "Entries", "Submissions as they were accepted, in canonical form."),
    ("data/evidence/", "Evidence records", "What the project found out about each entry."),
    ("data/logs/", "Logs of the reference players", "Complete Inspect logs; open them with `inspect view`."),
    (
        "data/kept/",
        "Panel and anchors",
        "What checkpoints hedge, and what scores stand for.",
    ),
    ("data/literature/", "Published figures", "Numbers transcribed from papers, with their intervals."),
    ("data/eee/", "Every Eval Ever", "Records of the datastore's schema 0.3.0, in its own folders."),
    (
        "data/hf/",
        "Hugging Face",
        "The benchmark's eval.yaml, and per model with open weights a file for its .eval_results folder.",
    ),
    ("badges/", "Badges", "A badge for each entry, as SVG and as an endpoint for shields.io."),
)


class Source(NamedTuple):
    """A file of the checkout and the SHA-256 of its bytes."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Inputs:
    """Everything a site is made of.

    Attributes:
        sources: Files of the checkout that the site offers, with their SHA-256, by their address there.
        records: Address of each evidence record, by entry.
        local_logs: Names of the logs that the site carries itself.
        leaderboard: The folder of that name with what people and commands keep: labels, anchors, the panel.
    """

    submissions: tuple[Submission, ...]
    standings: Mapping[str, Standing]
    sources: Mapping[str, Source]
    records: Mapping[str, tuple[str, ...]]
    local_logs: frozenset[str]
    warnings: tuple[str, ...]
    leaderboard: Path = PACKAGE


def read_inputs(root: Path) -> Inputs:
    """Reads entries, evidence and reference logs below `root` and computes the standing of every board.

    Raises:
        UserMistake: There is no entries folder, or a file in it cannot be read as what it should be.
    """
    return InputReader(root).read()


class _Parsed(NamedTuple):
    """A file as it was read: its state on the disk, its hash, and what it says."""

    state: tuple[int, int]
    source: Source
    record: Entry | Evidence | None


class InputReader:
    """Reads the inputs of a site, and reads them again with little work when few files changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._parsed: dict[str, _Parsed] = {}
        self._submissions: dict[str, tuple[tuple[object, ...], Submission]] = {}
        self._standings: dict[str, tuple[tuple[Submission, ...], Standing]] = {}

    def read(self) -> Inputs:
        """The inputs as they are now.

        Raises:
            UserMistake: There is no entries folder, or a file in it cannot be read as what it should be.
        """
        root = self._root
        if not (root / ENTRIES).is_dir():
            raise UserMistake(
                f"{root}: holds no leaderboard/entries; give a checkout or the folder of a demo."
            )
        sources: dict[str, Source] = {}
        entries: dict[str, Entry] = {}
        for file in _files(root / ENTRIES):
            name = file.name.removesuffix(".json")
            entries[name], sources[f"data/entries/{file.name}"] = self._parse(file, _entry)
        evidence: dict[str, tuple[Evidence, ...]] = {}
        records: dict[str, tuple[str, ...]] = {}
        for name in entries:
            found: list[Evidence] = []
            hrefs: list[str] = []
            for file in _files(root / EVIDENCE / name):
                record, source = self._parse(file, _evidence)
                found.append(record)
                hrefs.append(f"data/evidence/{name}/{file.name}")
                sources[hrefs[-1]] = source
            evidence[name] = tuple(found)
            if hrefs:
                records[name] = tuple(hrefs)
        logs, warnings = self._local_logs(list(entries.values()))
        submissions = self._submitted(entries, evidence)
        by_board: dict[str, list[Submission]] = {name: [] for name in load_boards()}
        for submission in submissions:
            for name in {result.board for result in submission.results} & by_board.keys():
                by_board[name].append(submission)
        labels = labels_folder(root)
        guards = guarded_boards(labels)
        standings = {
            name: anchored(self._standing(load_boards()[name], tuple(own)), guards.get(name))
            for name, own in by_board.items()
        }
        local = frozenset(source.path.name for source in logs.values())
        kept = {name: Source(path, self._digest(path)) for name, path in kept_files(labels).items()}
        sources |= logs | kept
        return Inputs(submissions, standings, sources, records, local, tuple(warnings), labels)

    def _digest(self, path: Path) -> str:
        """SHA-256 of a file's bytes, which are read only if it changed."""
        status = path.stat()
        state = status.st_mtime_ns, status.st_size
        known = self._parsed.get(str(path))
        if known is None or known.state != state:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            known = self._parsed[str(path)] = _Parsed(state, Source(path, digest), None)
        return known.source.sha256

    def _parse(self, file: os.DirEntry[str], parse: Callable[[bytes, Path], Kind]) -> tuple[Kind, Source]:
        status = file.stat()
        state = status.st_mtime_ns, status.st_size
        known = self._parsed.get(file.path)
        if known is not None and known.state == state and known.record is not None:
            return cast(Kind, known.record), known.source
        path = Path(file.path)
        content = path.read_bytes()
        record, source = parse(content, path), Source(path, hashlib.sha256(content).hexdigest())
        self._parsed[file.path] = _Parsed(state, source, record)
        return record, source

    def _submitted(
        self, entries: Mapping[str, Entry], evidence: Mapping[str, tuple[Evidence, ...]]
    ) -> tuple[Submission, ...]:
        """Every entry with its evidence; one of which nothing changed is the same object as last time."""
        labels = labels_folder(self._root)
        successors = {entry.supersedes: name for name, entry in entries.items() if entry.supersedes}
        state = tuple((path, _state(path)) for name in LABELS for path in sorted((labels / name).rglob("*")))
        found: dict[str, tuple[tuple[object, ...], Submission]] = {}
        for name, entry in entries.items():
            records, successor = evidence[name], successors.get(name)
            parts = (entry, records, successor, state)
            known = self._submissions.get(name)
            if known is None or not all(map(_is_same, known[0], parts)):
                submission = Submission(entry, records, rung(entry, records), successor)
                known = parts, with_validities(submission, labels)
            found[name] = known
        self._submissions = found
        return tuple(submission for _, submission in found.values())

    def _standing(self, board: Board, own: tuple[Submission, ...]) -> Standing:
        """The standing of a board, computed only when one of its submissions is another."""
        known = self._standings.get(board.id)
        if known is None or len(known[0]) != len(own) or not all(map(operator.is_, known[0], own)):
            known = self._standings[board.id] = own, standing(board, own)
        return known[1]

    def _local_logs(self, entries: Sequence[Entry]) -> tuple[dict[str, Source], list[str]]:
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


def _is_same(known: object, given: object) -> bool:
    """Whether nothing changed: records are told apart by identity, since an unchanged file is read once."""
    if isinstance(known, tuple) and isinstance(given, tuple):
        first, second = cast(tuple[object, ...], known), cast(tuple[object, ...], given)
        return len(first) == len(second) and all(map(_is_same, first, second))
    return known is given or (not isinstance(known, Record) and known == given)


def _files(folder: Path) -> list[os.DirEntry[str]]:
    """JSON files of a folder, by name; none when it is not there."""
    try:
        with os.scandir(folder) as found:
            return sorted((file for file in found if file.name.endswith(".json")), key=lambda file: file.name)
    except FileNotFoundError:
        return []


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def kept_files(leaderboard: Path) -> dict[str, Path]:
    """The stored panel, the anchors, and the metrics that were dropped, as the folder holds them."""
    folder = leaderboard / "data"
    paths = [folder / name for name in KEPT] + sorted((folder / "anchors").glob("*.csv"))
    return {f"data/kept/{path.relative_to(folder).as_posix()}": path for path in paths if path.is_file()}


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


def manifest(downloads: Iterable[DataFile]) -> bytes:
    """Path, size and SHA-256 of every download, a line each."""
    lines = (
        json.dumps({"path": file.path, "bytes": file.bytes, "sha256": file.sha256})
        for file in sorted(downloads)
    )
    return ('{"files": [\n' + ",\n".join(lines) + "\n]}\n").encode()


def data_groups(downloads: Iterable[DataFile]) -> tuple[DataGroup, ...]:
    """Downloads as the data page lists them."""
    found: dict[str, list[DataFile]] = {prefix: [] for prefix, _, _ in GROUPS}
    for file in sorted(downloads):
        prefix = next((prefix for prefix in found if file.path.startswith(prefix)), None)
        if prefix is not None:
            found[prefix].append(file)
    return tuple(
        DataGroup(title, note, tuple(found[prefix])) for prefix, title, note in GROUPS if found[prefix]
    )


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


def literature_files() -> Iterator[tuple[str, bytes]]:
    """Published figures as JSON, a file a source."""
    for source in load_sources():
        yield f"data/literature/{source.source}.json", canonical_bytes(source.model_dump(mode="json"))
