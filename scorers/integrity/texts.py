"""The records in a file that an agent left: what could have been one training example each (pure).

    list(records_in("workspace/train.jsonl", b'{"question": "2 + 2 ?", "answer": "4"}\\n').records)
    [Record(path="workspace/train.jsonl", line=1, text="2 + 2 ? 4")]

Nothing that is read here is run: scripts are parsed, pickles are listed opcode by opcode. What cannot be
read and has 1 kB or more is named as opaque.
"""

import ast
import base64
import binascii
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias, cast

OPAQUE_BYTES = 1024
ONE_RECORD = 32
"""Up to so many strings in one JSON value are read as one record, as are the messages of a conversation."""
ID_RUN = 8
"""From so many whole numbers in a row on, a list is read as token ids."""
ENCODED = re.compile(r"[A-Za-z0-9+/=_\-\s]+")
HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1[^\n]*\n(.*?)\n[ \t]*\2[ \t]*(?:\n|$)", re.DOTALL)
Decode: TypeAlias = Callable[[Sequence[int]], str]


class Record(NamedTuple):
    """One record: where it stands, the line or row counted from 1, and its text."""

    path: str
    line: int
    text: str


class Reader:
    """Collects records of one file, and the parts of it that cannot be read."""

    def __init__(self, path: str, decode: Decode | None = None) -> None:
        self.path = path
        self.decode = decode
        self.records: list[Record] = []
        self.opaque = 0

    def add(self, line: int, text: str) -> None:
        """One record."""
        if text.strip():
            self.records.append(Record(self.path, line, text))

    def add_ids(self, line: int, ids: Sequence[int]) -> None:
        """Token ids, decoded by the tokenizer of the base; without one they are opaque."""
        if self.decode is None:
            self.opaque += 2 * len(ids)
        else:
            self.add(line, self.decode(ids))

    def add_unread(self, size: int) -> None:
        """Bytes that cannot be read."""
        self.opaque += size

    @property
    def is_opaque(self) -> bool:
        """Whether 1 kB or more of the file cannot be read."""
        return self.opaque >= OPAQUE_BYTES


def read_json_lines(reader: Reader, text: str) -> None:
    """One value a line; other lines are taken as text.

    Only a line feed ends a line: JSON may hold the other marks that Unicode ends lines with.
    """
    for number, line in enumerate(text.split("\n"), 1):
        try:
            value: object = json.loads(line)
        except (ValueError, RecursionError):
            reader.add(number, line)
        else:
            read_value(reader, number, value)


def read_json(reader: Reader, text: str) -> None:
    """One JSON value; what is none is read line by line."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        read_json_lines(reader, text)
        return
    if isinstance(value, list):
        for number, element in enumerate(cast(list[object], value), 1):
            read_value(reader, number, element)
    else:
        read_value(reader, 1, value)


def read_value(reader: Reader, line: int, value: object) -> None:
    """A JSON value: a small one is one record, a large one as many as it has members."""
    leaves = list(_leaves(value, ONE_RECORD + 1))
    if len(leaves) <= ONE_RECORD:
        reader.add(line, " ".join(map(str, leaves)))
    elif isinstance(value, dict):
        for member in cast(dict[object, object], value).values():
            read_value(reader, line, member)
    elif isinstance(value, list):
        members = cast(list[object], value)
        if _are_ids(members):
            reader.add_ids(line, cast(list[int], members))
        else:
            for number, member in enumerate(members, 1):
                read_value(reader, number if line == 1 else line, member)
    for ids in _id_lists(value) if len(leaves) <= ONE_RECORD else ():
        reader.add_ids(line, ids)


def _leaves(value: object, limit: int) -> Iterator[object]:
    """Strings and numbers of a value in order, at most `limit`; lists of token ids count once."""
    stack: list[object] = [value]
    while stack and limit > 0:
        top = stack.pop()
        if isinstance(top, dict):
            stack.extend(reversed(list(cast(dict[object, object], top).values())))
        elif isinstance(top, (list, tuple)):
            members = cast(Sequence[object], top)
            if top is value or not _are_ids(members):
                stack.extend(reversed(members))
        elif top is not None and not isinstance(top, bool):
            limit -= 1
            yield top


def _are_ids(members: Sequence[object]) -> bool:
    return len(members) >= ID_RUN and all(type(member) is int for member in members)


def _id_lists(value: object) -> Iterator[list[int]]:
    stack: list[object] = [value]
    while stack:
        top = stack.pop()
        if isinstance(top, dict):
            stack.extend(cast(dict[object, object], top).values())
        elif isinstance(top, list):
            members = cast(list[object], top)
            if _are_ids(members):
                yield cast(list[int], members)
            else:
                stack.extend(members)


def read_csv(reader: Reader, text: str) -> None:
    """One row a record, by the separator of the first line."""
    first = text.partition("\n")[0]
    separator = max(",;\t|", key=first.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator), 1):
            reader.add(number, " ".join(row))
    except csv.Error:
        read_text(reader, text)


def read_text(reader: Reader, text: str) -> None:
    """One line a record, and lines that stand together as one more."""
    start, block = 1, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            start, block = (start, block) if block else (number, block)
            block.append(line)
            reader.add(number, line)
            continue
        if 1 < len(block) <= ONE_RECORD:
            reader.add(start, " ".join(block))
        block = []


def read_script(reader: Reader, source: str, first_line: int = 1) -> bool:
    """The string literals of a Python script; collections of literals are one record each.

    Returns:
        Whether it could be parsed; what cannot be is read as text.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        read_text(reader, source)
        return False
    for node in ast.walk(tree):
        line = first_line + getattr(node, "lineno", 1) - 1
        if isinstance(node, (ast.Constant, ast.BinOp, ast.JoinedStr)):
            text = literal_text(node)
            if text is not None:
                read_literal(reader, line, text)
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
            parts = [
                text for child in ast.iter_child_nodes(node) if (text := literal_text(child)) is not None
            ]
            if 1 < len(parts) <= ONE_RECORD:
                reader.add(line, " ".join(parts))
    return True


def literal_text(node: ast.AST) -> str | None:
    """The text of a constant, of constants that are added up, and of the fixed parts of an f-string."""
    if isinstance(node, ast.Constant):
        value: object = node.value
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = literal_text(node.left), literal_text(node.right)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.JoinedStr):
        return "".join(literal_text(part) or " " for part in node.values)
    return None


def read_literal(reader: Reader, line: int, text: str) -> None:
    """A string of a script: itself, each of its lines, and what it is the base64 form of."""
    reader.add(line, text)
    lines = text.splitlines()
    if len(lines) > 1:
        for number, part in enumerate(lines):
            reader.add(line + number, part)
    if len(text) >= OPAQUE_BYTES and ENCODED.fullmatch(text) and (data := decoded(text)) is not None:
        read_encoded(reader, line, data)


def decoded(text: str) -> bytes | None:
    """The bytes of a base64 text, None if it is none."""
    try:
        return base64.b64decode("".join(text.split()).translate({45: 43, 95: 47}), validate=True)
    except (binascii.Error, ValueError):
        return None


def read_encoded(reader: Reader, line: int, data: bytes) -> None:
    """Bytes that were written as text: read if they are text or JSON, opaque if not."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        reader.add_unread(len(data))
        return
    inner = Reader(reader.path, reader.decode)
    read_json(inner, text)
    reader.records += [record._replace(line=line) for record in inner.records]


def read_command(reader: Reader, line: int, command: str) -> None:
    """A shell command: its here-documents as scripts or text, the rest as text."""
    inner = Reader(reader.path, reader.decode)
    for body in heredocs(command):
        read_script(inner, body)
    read_text(inner, HEREDOC.sub("\n", f"{command}\n"))
    for quoted in re.findall(r"'([^']{20,})'|\"([^\"]{20,})\"", HEREDOC.sub("\n", f"{command}\n")):
        read_script(inner, quoted[0] or quoted[1])
    reader.records += [record._replace(line=line) for record in inner.records]
    reader.opaque += inner.opaque


def heredocs(command: str) -> list[str]:
    """The bodies of the here-documents of a shell command."""
    return [match[3] for match in HEREDOC.finditer(f"{command}\n")]


def printable_runs(data: bytes, shortest: int = 8) -> Iterable[str]:
    """Runs of printable characters in a binary file, joined where a single other byte stands between."""
    runs = [(m.start(), m.end()) for m in re.finditer(rb"[\x20-\x7e\t\n]{%d,}" % shortest, data)]
    for start, end in runs:
        yield data[start:end].decode("ascii")
    for (a, b), (c, d) in pairwise(runs):
        if c - b <= 3:
            yield f"{data[a:b].decode('ascii')} {data[c:d].decode('ascii')}"
