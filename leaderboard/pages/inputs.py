"""What a site is made of: entries with their evidence, standings, and the files offered for download."""

import hashlib
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from interplay.tasks.mistakes import UserMistake

from ..boards import load_boards
from ..canonical import canonical_bytes
from ..crisis import refuse_unreviewed
from ..entries import ENTRIES, EVIDENCE, LOGS
from ..exports import HAS_PARQUET, PARQUET_MISSING, export_files
from ..judged import validities
from ..literature import load_sources
from ..refused import problems
from ..rungs import rung
from ..schema import Entry, Evidence, Record
from ..standings import Standing, Submission, standing
from .site import DataFile, DataGroup

Kind = TypeVar("Kind", bound=Record)
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


@dataclass(frozen=True)
class Inputs:
    """Everything a site is made of. `records` holds the address of each evidence record, by entry.

    `leaderboard` is the folder of that name with what people and commands keep: labels, anchors, the panel.
    """

    submissions: tuple[Submission, ...]
    standings: Mapping[str, Standing]
    downloads: Mapping[str, bytes]
    records: Mapping[str, tuple[str, ...]]
    local_logs: frozenset[str]
    warnings: tuple[str, ...]
    leaderboard: Path = PACKAGE


def read_inputs(root: Path, base_url: str | None = None) -> Inputs:
    """Reads entries, evidence and reference logs below `root` and computes the standing of every board.

    `base_url`, the public address of the site, is what exported records name as their source.

    Raises:
        UserMistake: There is no entries folder, or a file in it cannot be read as what it should be.
    """
    if not (root / ENTRIES).is_dir():
        raise UserMistake(f"{root}: holds no leaderboard/entries; give a checkout or the folder of a demo.")
    downloads: dict[str, bytes] = {}
    entries: dict[str, Entry] = {}
    for path in sorted((root / ENTRIES).glob("*.json")):
        content = path.read_bytes()
        entry = _parse(Entry, content, path)
        if entry.entry_id != path.stem:
            raise UserMistake(f"{path}: holds entry {entry.entry_id}; rename the file to its entry_id.")
        refuse_unreviewed(entry, path)
        entries[path.stem] = entry
        downloads[f"data/entries/{path.name}"] = content
    evidence: dict[str, list[Evidence]] = {name: [] for name in entries}
    records: dict[str, tuple[str, ...]] = {}
    for name in entries:
        for path in sorted((root / EVIDENCE / name).glob("*.json")):
            content = path.read_bytes()
            evidence[name].append(_parse(Evidence, content, path))
            href = f"data/evidence/{name}/{path.name}"
            downloads[href] = content
            records[name] = (*records.get(name, ()), href)
    logs, warnings = _local_logs(root / LOGS, list(entries.values()))
    successors = {entry.supersedes: name for name, entry in entries.items() if entry.supersedes}
    labels = labels_folder(root)
    submissions = tuple(
        with_validities(
            Submission(entry, tuple(evidence[name]), rung(entry, evidence[name]), successors.get(name)),
            labels,
        )
        for name, entry in entries.items()
    )
    standings = {board.id: standing(board, submissions) for board in load_boards().values()}
    downloads |= logs | _literature_files() | kept_files(labels)
    downloads |= export_files(standings, submissions, base_url)
    warnings += [] if HAS_PARQUET else [PARQUET_MISSING]
    downloads["data/manifest.json"] = manifest(downloads)
    local = frozenset(name.rsplit("/", 1)[-1] for name in logs)
    return Inputs(submissions, standings, downloads, records, local, tuple(warnings), labels)


def kept_files(leaderboard: Path) -> dict[str, bytes]:
    """The stored panel, the anchors, and the metrics that were dropped, as the folder holds them."""
    folder = leaderboard / "data"
    paths = [folder / name for name in KEPT] + sorted((folder / "anchors").glob("*.csv"))
    return {
        f"data/kept/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in paths
        if path.is_file()
    }


def labels_folder(root: Path) -> Path:
    """The folder with the labels that judges are held against: `leaderboard` below `root`, or the package."""
    own = root / "leaderboard"
    return own if any((own / name).is_dir() for name in LABELS) else PACKAGE


def with_validities(submission: Submission, labels: Path) -> Submission:
    """A submission with what its family says of its judges."""
    return replace(submission, validities=validities(submission.results, labels))


def manifest(downloads: Mapping[str, bytes]) -> bytes:
    """Path, size and SHA-256 of every download."""
    files = [
        {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(downloads.items())
    ]
    return canonical_bytes({"files": files})


def data_groups(downloads: Mapping[str, bytes]) -> tuple[DataGroup, ...]:
    """Downloads as the data page lists them."""
    files = {
        name: DataFile(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in sorted(downloads.items())
    }
    groups = (
        DataGroup(title, note, tuple(file for name, file in files.items() if name.startswith(prefix)))
        for prefix, title, note in GROUPS
    )
    return tuple(group for group in groups if group.files)


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


def _parse(kind: type[Kind], content: bytes, path: Path) -> Kind:
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        raise UserMistake(f"{path}: {problems(error)[0]}; run `interplay check` on it.") from None


def _local_logs(folder: Path, entries: Sequence[Entry]) -> tuple[dict[str, bytes], list[str]]:
    """Logs that entries keep in the repository and whose bytes are those the entry names."""
    found: dict[str, bytes] = {}
    warnings: list[str] = []
    for pointer in (pointer for entry in entries for pointer in entry.logs):
        if not pointer.uri.startswith("repo:"):
            continue
        name = pointer.uri.rsplit("/", 1)[-1]
        path = folder / name
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == pointer.sha256:
            found[f"data/logs/{name}"] = content
        else:
            state = "differs from its SHA-256 in the entry" if content else "is missing"
            warnings.append(f"leaderboard/logs/{name} {state}; the site does not offer it.")
    return found, warnings


def _literature_files() -> dict[str, bytes]:
    return {
        f"data/literature/{source.source}.json": canonical_bytes(source.model_dump(mode="json"))
        for source in load_sources()
    }
