"""Stage S of the checker: the entry file by itself.

Codes: S01 size, S02 bytes, S03 fields, S04 id, S05 path, S06 kind of file, S08 addresses, S09 text, S10
credentials. S07, the entries that exist, is in `check_beside.py`.
"""

import json
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeGuard
from urllib.parse import urlsplit

from pydantic import ValidationError

from .boards import Board, kept_apart, load_boards
from .canonical import Json, canonical_bytes, entry_id
from .credentials import credential_start
from .extract import SCRIPTED
from .findings import WRITE_AGAIN, fail
from .providers import LOADS_WEIGHTS
from .refused import problems
from .schema import Entry, Finding
from .versions import is_newer

LARGEST_ENTRY = 65_536
REFERENCE_SUBMITTER = "interplay"
TOLERANCE = 1e-6
INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
URL_IN_TEXT = re.compile(r"https?://|www\.", re.IGNORECASE)


class _Problem(Exception):
    """Carries the finding that ends the reading of a file."""

    def __init__(self, finding: Finding):
        super().__init__(str(finding))
        self.finding = finding


def check_file(path: Path) -> tuple[Entry | None, list[Finding]]:
    """The entry in a file, and everything that is wrong with the file by itself."""
    try:
        content = _content(path)
    except _Problem as problem:
        return None, [problem.finding]
    try:
        entry = Entry.model_validate_json(canonical_bytes(content))
    except ValidationError as error:
        return None, [_field_finding(sentence) for sentence in problems(error)]
    if canonical_bytes(entry.content()) != canonical_bytes(content):
        absent = sorted(set(entry.content()) - set(content)) or ["a field"]
        return None, [fail("S03", f'"{absent[0]}" is missing or has another type', WRITE_AGAIN)]
    findings = _names(path, entry) + _addresses(entry) + check_statements(entry)
    return entry, findings + secrets(path.name, json_texts(content))


def _content(path: Path) -> Mapping[str, Json]:
    """The JSON object in the file, refused where its bytes are not the canonical form of what they say."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o111:
        raise _Problem(fail("S06", f"not a regular file of mode 0644: {path.name}", WRITE_AGAIN))
    if status.st_size > LARGEST_ENTRY:
        what = f"entry file is {status.st_size:,} bytes (limit {LARGEST_ENTRY:,})"
        raise _Problem(fail("S01", what, WRITE_AGAIN))
    data = path.read_bytes()

    def refuse(constant: str) -> float:
        raise ValueError(constant)

    try:
        content: Json = json.loads(data.decode(), parse_constant=refuse)
        expected = canonical_bytes(content)
    except RecursionError:
        raise _Problem(fail("S02", "not valid JSON: nested too deeply", WRITE_AGAIN)) from None
    except ValueError as error:  # no UTF-8, no JSON, NaN, a lone surrogate
        raise _Problem(fail("S02", f"not valid JSON: {str(error)[:80]}", WRITE_AGAIN)) from None
    if expected != data:
        pairs = enumerate(zip(data, expected, strict=False))
        place = next((i for i, (a, b) in pairs if a != b), min(len(data), len(expected)))
        raise _Problem(fail("S02", f"not canonical at byte {place}", WRITE_AGAIN))
    if not isinstance(content, Mapping):
        raise _Problem(fail("S02", f"not a JSON object but {type(content).__name__}", WRITE_AGAIN))
    return content


def _field_finding(sentence: str) -> Finding:
    if re.match(r"logs\.\d+\.uri\b", sentence):
        place = sentence.split(":")[0].split(" ")[0]
        return fail("S08", f"uri must pin a 40-hex commit of a data set ({place})", WRITE_AGAIN)
    return fail("S03", sentence, WRITE_AGAIN)


def check_statements(entry: Entry) -> list[Finding]:
    """What an entry says of itself, apart from its name and its addresses."""
    return _players(entry) + _boards(entry) + _texts_of(entry)


def _players(entry: Entry) -> list[Finding]:
    """Scripted players enter a division of their own, nobody else does; open weights have a revision."""
    scripted = entry.model.id.startswith(SCRIPTED)
    findings: list[Finding] = []
    if entry.division == "reference" and not scripted:
        what = f"division reference is for scripted players of this project, not for {entry.model.id}"
        findings.append(fail("S03", what, "submit to division closed or open"))
    if entry.division == "reference" and entry.submitter.github != REFERENCE_SUBMITTER:
        what = f"entries of division reference come from {REFERENCE_SUBMITTER}, not {entry.submitter.github}"
        findings.append(fail("S03", what, "submit to division closed or open"))
    if entry.division == "closed" and scripted:
        what = f"model.id {entry.model.id} is a scripted player"
        findings.append(fail("S03", what, "submit the runs of a model"))
    loads = entry.model.id.split("/")[0] in LOADS_WEIGHTS
    if entry.division == "closed" and loads and entry.model.revision is None:
        what = f"model.revision is null for open weights ({entry.model.id})"
        findings.append(fail("S03", what, "give their commit with --revision, 40 hex digits"))
    return findings


def _boards(entry: Entry) -> list[Finding]:
    """Results of boards of the family, inside their ranges, that may stand in one entry."""
    findings: list[Finding] = []
    for result in entry.results:
        board = load_boards().get(result.board)
        if board is None or board.family != entry.family:
            what = f"{result.board} is no board of family {entry.family}"
            findings.append(fail("S03", what, WRITE_AGAIN))
            continue
        if all(is_newer(task, result.task_version) for task in board.tasks):
            what = f"{board.id}: task_version {result.task_version} is newer than every lock of the board"
            findings.append(fail("S03", what, "run a version that has a lock"))
        if board.headline not in result.metrics:
            what = f"{board.id}: metrics hold no {board.headline}, which the board shows"
            findings.append(fail("S03", what, WRITE_AGAIN))
        for key, (low, high) in _ranges(board).items():
            metric = result.metrics.get(key)
            if metric and not (low - TOLERANCE <= metric.lo and metric.hi <= high + TOLERANCE):
                what = f"{result.board}: {key} is {metric.value:g} ({metric.lo:g} to {metric.hi:g})"
                what = f"{what}, outside its range (expected {low:g} to {high:g})"
                findings.append(fail("S03", what, WRITE_AGAIN))
    kinds = kept_apart(result.board for result in entry.results)
    if len(kinds) > 1:
        what = f"results of {' and '.join(kinds)} boards stand in one entry (expected one kind)"
        findings.append(fail("S03", what, "submit their logs as separate entries"))
    return findings


def _ranges(board: Board) -> dict[str, tuple[float, float]]:
    known = {item.key: item.range for item in board.secondary if item.range}
    return {**known, board.headline: board.headline_range}


def _names(path: Path, entry: Entry) -> list[Finding]:
    findings: list[Finding] = []
    expected = entry_id(entry.content())
    if expected != entry.entry_id:
        what = f"entry_id does not match its content: {entry.entry_id} (expected {expected})"
        findings.append(fail("S04", what, WRITE_AGAIN))
    if path.name != f"{entry.entry_id}.json" or path.absolute().parent.name != "entries":
        place = f"{path.absolute().parent.name}/{path.name}"
        what = f"path {place} is not leaderboard/entries/{entry.entry_id}.json"
        findings.append(fail("S05", what, WRITE_AGAIN))
    return findings


def _addresses(entry: Entry) -> list[Finding]:
    findings: list[Finding] = []
    if entry.method_url is not None:
        try:
            parts = urlsplit(entry.method_url)
        except ValueError as error:
            what = f"method_url is no address ({str(error)[:80]})"
            return [fail("S08", what, "give a plain https address")]
        if parts.scheme != "https" or not parts.hostname or parts.username:
            what = f'URL scheme "{parts.scheme}" of method_url (only https)'
            findings.append(fail("S08", what, "give a plain https address"))
    inside = [pointer.uri for pointer in entry.logs if pointer.uri.startswith("repo:")]
    if inside and entry.division != "reference":
        what = f"uri {inside[0]} is for reference players only"
        findings.append(fail("S08", what, "put the logs into a data set"))
    for pointer in entry.logs:
        if {"..", "."} & set(pointer.uri.split("/")):
            findings.append(fail("S08", f"uri {pointer.uri} leaves its folder", WRITE_AGAIN))
    return findings


def _texts_of(entry: Entry) -> list[Finding]:
    texts = {
        "note": entry.note,
        "method_note": entry.method_note,
        "organisation": entry.submitter.organisation,
        "method_url": entry.method_url,
    }
    findings: list[Finding] = []
    for field, text in texts.items():
        hidden = next((c for c in text or "" if unicodedata.category(c) in INVISIBLE and c != "\n"), None)
        if hidden is not None:
            what = f"{field} holds U+{ord(hidden):04X}, which is not printed"
            findings.append(fail("S09", what, "remove it"))
        elif text and unicodedata.normalize("NFC", text) != text:
            findings.append(fail("S09", f"{field} is not in Unicode form NFC", "normalise it"))
    if URL_IN_TEXT.search(entry.note or ""):
        findings.append(fail("S09", "note holds a URL", "leave it out; division open has method_url"))
    return findings


def secrets(place: str, texts: Iterable[str]) -> list[Finding]:
    """Whether any text looks like a credential; at most four characters of it are echoed."""
    start = next((found for text in texts if (found := credential_start(text))), None)
    return [] if start is None else [leaked(start, place)]


def leaked(start: str, place: str) -> Finding:
    """The finding for credential-like text that begins with those characters."""
    return fail("S10", f"credential-like text {start}… in {place}", "revoke the key and remove it")


def json_texts(content: object) -> Iterator[str]:
    """All keys and texts in a piece of JSON."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            yield str(key)
            yield from json_texts(value)
    elif _is_list(content):
        for value in content:
            yield from json_texts(value)


def _is_list(content: object) -> TypeGuard[Sequence[object]]:
    return isinstance(content, list | tuple)
