"""Tell which lines of training files overlap with the test: python contamination_check.py FILE...

Reads jsonl, json, csv, parquet, arrow, txt and py; chat records are flattened. Prints the lines that overlap
and exits with 1 if there are any, with 0 if there are none, with 2 for a file that cannot be read. Where this
folder holds no copy of the test, the host is asked. A clean check does not make derived data legal.
"""

import ast
import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from interplay.tasks.posttrain.overlap import Reference

TEST_DATA = Path(__file__).parent / "test_data.json"
SHOWN = 100
SERVICE = "interplay_feedback"
TEXTS_AT_ONCE = 2000
TABLES = (".parquet", ".arrow", ".feather")
TEXTS = (".jsonl", ".json", ".csv", ".py", ".txt", ".md", "")


class Unreadable(Exception):
    """A file that is not what its name says."""


def flat(value: object) -> str:
    """All texts of a record, joined: chat messages, nested lists and mappings included."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return " ".join(filter(None, (flat(inner) for inner in value.values())))
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return " ".join(filter(None, (flat(inner) for inner in value)))
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """Number and text of each record of a file."""
    kind = path.suffix.lower()
    if kind not in (*TABLES, *TEXTS):
        raise Unreadable(f"{path}: cannot check {kind} files; save the data as jsonl.")
    try:
        if kind in TABLES:
            yield from enumerate((flat(row) for row in table_rows(path, kind)), 1)
            return
        content = path.read_text(encoding="utf-8")
        if kind == ".jsonl":
            for number, line in enumerate(content.split("\n"), 1):
                if line.strip():
                    yield number, flat(json.loads(line))
        elif kind == ".json":
            loaded = json.loads(content)
            yield from enumerate((flat(row) for row in (loaded if isinstance(loaded, list) else [loaded])), 1)
        elif kind == ".csv":
            yield from enumerate((flat(row) for row in csv.reader(io.StringIO(content, newline=""))), 1)
        elif kind == ".py":
            for node in ast.walk(ast.parse(content)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.lineno, node.value
        else:
            yield from enumerate(content.splitlines(), 1)
    except (OSError, ValueError, SyntaxError, csv.Error, RecursionError) as problem:
        raise Unreadable(f"{path}: cannot be read ({problem}); repair or convert it.") from problem


def table_rows(path: Path, kind: str) -> Iterable[object]:
    """The rows of a columnar file."""
    try:
        import pyarrow as pa
        from pyarrow import feather, parquet
    except ImportError as problem:
        raise Unreadable(f"{path}: pyarrow is not installed; save the data as jsonl.") from problem
    if kind == ".parquet":
        return parquet.read_table(path).to_pylist()
    try:
        return feather.read_table(path).to_pylist()
    except pa.ArrowInvalid:
        with pa.memory_map(str(path)) as source:
            return pa.ipc.open_stream(source).read_all().to_pylist()


def flags_by_host(texts: list[str]) -> list[bool]:
    """Whether each text overlaps, asked from the host a part at a time."""
    instance = os.environ.get("INTERPLAY_FEEDBACK_INSTANCE", "")
    sys.path.append(f"/var/tmp/sandbox-services/{SERVICE}/{instance}".rstrip("/"))
    interplay_feedback = import_module(SERVICE)

    found: list[bool] = []
    for at in range(0, len(texts), TEXTS_AT_ONCE):
        part = texts[at : at + TEXTS_AT_ONCE]
        answer = interplay_feedback.call_interplay_feedback("overlap", texts=part)
        if not isinstance(answer, list) or len(answer) != len(part):
            raise Unreadable(f"the host did not check the texts ({answer}); try again.")
        found += answer
    return found


def main(paths: list[str]) -> int:
    """Check files; the exit code."""
    if not paths or paths[0] in ("-h", "--help"):
        print((__doc__ or "").strip())
        return 0 if paths else 2
    records: list[tuple[str, int, str]] = []
    try:
        for name in paths:
            records += [(name, number, text) for number, text in texts_of(Path(name))]
        texts = [text for _, _, text in records]
        if TEST_DATA.is_file():
            pairs = [(item["question"], item["answer"]) for item in json.loads(TEST_DATA.read_text("utf-8"))]
            reference = Reference(pairs)
            flags = [bool(reference.hits(text)) for text in texts]
        else:
            flags = flags_by_host(texts)
    except Unreadable as problem:
        print(f"contamination_check: {problem}", file=sys.stderr)
        return 2
    hits = [record for record, flag in zip(records, flags, strict=True) if flag]
    for name, number, text in hits[:SHOWN]:
        print(f"{name}:{number}: overlaps with the test: {text[:160]}")
    if len(hits) > SHOWN:
        print(f"... and {len(hits) - SHOWN} more")
    print(f"{len(hits)} of {len(records)} records overlap")
    return 1 if hits else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
