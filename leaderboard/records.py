"""Evidence records: what the project found out about an entry, appended beside it and never edited.

A record is `leaderboard/evidence/<entry id>/<moment>-<kind>.json`. Only workflows of the project write them.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pydantic import ValidationError

from interplay.tasks.mistakes import UserMistake

from .canonical import canonical_bytes, content_hash
from .entries import ENTRIES, EVIDENCE
from .findings import failed
from .refused import problems
from .schema import SCHEMA_VERSION, Entry, Evidence, EvidenceKind, Finding, Result

Detail: TypeAlias = str | int | float | bool | None


class Stamp(NamedTuple):
    """When a record is made, and by which code: UTC seconds with Z, and a commit of 40 hex digits or None."""

    moment: str
    commit: str | None


def utc_now() -> str:
    """This second, as records write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_record(
    entry: Entry,
    kind: EvidenceKind,
    stamp: Stamp,
    *,
    findings: Sequence[Finding] = (),
    results: Sequence[Result] | None = None,
    details: Mapping[str, Detail] | None = None,
) -> Evidence:
    """A record whose outcome follows from its findings."""
    return Evidence(
        schema_version=SCHEMA_VERSION,
        entry_id=entry.entry_id,
        entry_sha256=content_hash(entry.content()),
        kind=kind,
        made_at=stamp.moment,
        package_version=version("interplay"),
        commit=stamp.commit,
        outcome="fail" if failed(findings) else "warn" if findings else "pass",
        findings=tuple(findings),
        results=tuple(results) if results else None,
        details=dict(details or {}),
    )


def record_path(record: Evidence) -> str:
    """Where a record belongs, from the root of a checkout."""
    moment = record.made_at.replace("-", "").replace(":", "")
    return f"{EVIDENCE}/{record.entry_id}/{moment}-{record.kind}.json"


def store(root: Path, record: Evidence) -> Path:
    """Writes a new record and returns its file.

    Raises:
        UserMistake: There is one of that moment and kind already.
    """
    path = root / record_path(record)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(canonical_bytes(record.content()))
    except FileExistsError:
        what = f"{path}: exists, and records are never edited"
        raise UserMistake(f"{what}; give another moment with --at.") from None
    return path


def stored_entry(root: Path, name: str) -> Entry:
    """The entry of that id below `root`.

    Raises:
        UserMistake: There is none, or its file is none.
    """
    path = root / ENTRIES / f"{name.removesuffix('.json')}.json"
    if "/" in name or not path.is_file():
        raise UserMistake(f"{name}: no entry of that id in {root / ENTRIES}; see `ls {root / ENTRIES}`.")
    try:
        return Entry.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise UserMistake(f"{path}: {problems(error)[0]}; run `interplay check` on it.") from None
