"""JSON of untrusted size, followed token by token: depth, number, length, no key twice.

Inspect writes a bare NaN for what was not scored, which is no JSON. The token parser knows only JSON, so
NaN outside strings is replaced by a number that nobody writes, and accepted only where scores stand.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

import ijson

STEP = 65_536
DEEPEST = 100
OPENING, CLOSING = frozenset({"start_map", "start_array"}), frozenset({"end_map", "end_array"})
MOST_TOKENS = 1_000_000
LONGEST_STRING = 4 * 1024 * 1024

NAN_TEXT = b"-7.0710678118654755e-301 "
"""Ends in a space, so that digits after a NaN do not become part of the number."""
NAN_SENTINEL = float(NAN_TEXT)
NAN_PLACES = frozenset({"scores", "score", "value"})
"""A NaN may only stand below one of these keys."""
ESCAPED = re.compile(rb"\\.", re.DOTALL)
CARRY = 2
"""So many bytes at the end of a step may belong to a NaN that the next one completes."""


class MalformedJson(Exception):
    """Not JSON as a log holds it; the message continues a sentence that began with the member's name."""


class Readable(Protocol):
    """What can be read in steps."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, empty at the end."""
        ...


class StepReader:
    """Steps as a file; stops when nothing was understood for too long.

    Whoever follows the tokens counts them in `tokens`.
    """

    def __init__(self, steps: Iterator[bytes]):
        self.steps = steps
        self.tokens = 0
        self.total = 0
        self._tokens_before = 0
        self._since_token = 0

    def read(self, size: int = -1, /) -> bytes:
        """The next step."""
        if size == 0:
            return b""
        step = next(self.steps, b"")
        self.total += len(step)
        self._since_token = len(step) + (self._since_token if self.tokens == self._tokens_before else 0)
        self._tokens_before = self.tokens
        if self._since_token > LONGEST_STRING + 2 * STEP:
            raise MalformedJson("holds a string longer than 4 MiB")
        return step


class Followed(NamedTuple):
    """Bytes and tokens of a document."""

    size: int
    tokens: int


def follow(name: str, steps: Callable[[], Iterator[bytes]]) -> Followed:
    """Follows a document to its end.

    Args:
        name: Name of the member, which decides where its scores stand.
        steps: Opens the document; called a second time when it holds NaN.

    Raises:
        MalformedJson: The first thing that no log holds.
    """
    try:
        return _follow(StepReader(steps()), with_nan=False)
    except ijson.JSONError:
        pass
    except (ValueError, UnicodeDecodeError) as error:
        raise MalformedJson(f"is not valid JSON: {str(error)[:80]}") from None
    try:
        return _follow(StepReader(steps()), with_nan=True)
    except (ijson.JSONError, ValueError, UnicodeDecodeError) as error:
        raise MalformedJson(f"is not valid JSON: {str(error).splitlines()[0][:80]}") from None


def _follow(steps: StepReader, with_nan: bool) -> Followed:
    """One pass. The loop runs once a token, so what every token needs comes first, and in few steps."""
    source: Readable = NanReader(steps) if with_nan else steps
    keys: set[str] = set()
    outer: list[set[str]] = []
    path: list[str] = [""]
    number = 0
    for event, value in ijson.basic_parse(source, buf_size=STEP, use_float=True):
        number += 1
        steps.tokens = number
        if event == "map_key":
            if value in keys:
                raise MalformedJson(f'holds the key "{value[:60]}" twice')
            keys.add(value)
            path[-1] = value
        elif event == "string":
            if len(value) > LONGEST_STRING:
                raise MalformedJson("holds a string longer than 4 MiB")
        elif event in OPENING:
            outer.append(keys)
            keys = set()
            path.append("")
            if len(outer) > DEEPEST:
                raise MalformedJson(f"has nesting deeper than {DEEPEST}")
        elif event in CLOSING:
            keys = outer.pop()
            path.pop()
        elif with_nan and value == NAN_SENTINEL and NAN_PLACES.isdisjoint(path):
            raise MalformedJson(f"holds NaN at {'.'.join(path[1:])[:80]}, where no score stands")
        if number > MOST_TOKENS:
            raise MalformedJson(f"has more than {MOST_TOKENS:,} tokens")
    return Followed(steps.total, number)


class NanReader:
    """Reads on from a source, with NaN outside strings replaced by `NAN_TEXT`.

    Example: `{"a": NaN, "b": "NaN"}` is read as `{"a": -7.07…e-301, "b": "NaN"}`.
    """

    def __init__(self, source: Readable):
        self.source = source
        self.in_string = False
        self.escaped = False
        self.kept = b""

    def read(self, size: int = -1, /) -> bytes:
        """The next step, possibly a little longer or shorter than that of the source."""
        if size == 0:
            return b""
        while True:
            step = self.source.read(size)
            data = self.kept + step
            cut = len(data) - CARRY if step else len(data)
            self.kept = data[max(cut, 0) :]
            if cut > 0 or not step:
                return self._replaced(data[: max(cut, 0)], self.kept)

    def _replaced(self, data: bytes, following: bytes) -> bytes:
        """Replaces in `data`; a NaN that begins in it may end in `following`, which then loses that part."""
        whole = data + following
        pieces: list[bytes] = []
        start = 0
        while (found := whole.find(b"NaN", start)) != -1 and found < len(data):
            before = whole[start:found]
            self._advance(before)
            pieces.append(before)
            pieces.append(b"NaN" if self.in_string else NAN_TEXT)
            self.escaped = False
            start = found + 3
        rest = data[start:]
        self._advance(rest)
        pieces.append(rest)
        self.kept = following[max(start - len(data), 0) :]
        return b"".join(pieces)

    def _advance(self, text: bytes) -> None:
        """Follows whether the text ends inside a string, and right after a backslash."""
        if self.escaped and text:
            text = text[1:]
            self.escaped = False
        plain = ESCAPED.sub(b"", text)
        if plain.endswith(b"\\"):
            self.escaped = True
        if plain.count(b'"') % 2:
            self.in_string = not self.in_string
