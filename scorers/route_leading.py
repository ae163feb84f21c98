"""With which characters a match can begin, read off its regular expression (pure).

    openings("(?:i |we )?agree") -> "i a", "we ", "agr", each as a path of sets of characters

A sentence has few places where a cue or a cell can begin and there are hundreds of them; trying only those
that can begin with the characters at hand (`route_scan`) changes nothing but the time that reading takes.
"""

import re
from collections.abc import Sequence
from functools import cache

DEPTH = 3
"""So many characters are looked at."""
Path = tuple[frozenset[str], ...]
"""The sets that the first characters of a match are in; one shorter than `DEPTH` may go on with anything."""

_ASCII = [chr(code) for code in range(128)]
_GROUP = re.compile(r"\((?:\?(?:(?P<zero_width><?[=!])|P<\w+>|[a-z-]*:))?")
_ONE = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\u[\da-f]{4}|\\.|.", re.DOTALL)
_REPEAT = re.compile(r"(?:[*+?]|\{(\d*)(?:,\d*)?\})[?+]?")
_ANCHORS = ("^", "$", r"\b", r"\B", r"\A", r"\Z")


@cache
def openings(pattern: str) -> frozenset[Path]:
    """How a match of a regular expression can begin, on the side of too much.

    Only characters of ASCII are told, in lower case, whatever the case in the pattern.
    """
    found, end = _alternatives(pattern, 0)
    assert end == len(pattern), f"unbalanced: {pattern}"
    return frozenset(found)


class Openings:
    """Which of many patterns can begin with which characters."""

    def __init__(self, patterns: Sequence[str]) -> None:
        """Patterns, none of which may match nothing."""
        paths = [(number, path) for number, pattern in enumerate(patterns) for path in openings(pattern)]
        assert all(path for _, path in paths), "a pattern may be empty"
        self._owners = [number for number, _ in paths]
        self._ended = [0] * DEPTH
        self._going_on: list[dict[str, int]] = [{} for _ in range(DEPTH)]
        for bit, (_, path) in enumerate(paths):
            for place in range(DEPTH):
                if place < len(path):
                    for char in path[place]:
                        fits = self._going_on[place].get(char, 0)
                        self._going_on[place][char] = fits | 1 << bit
                else:
                    self._ended[place] |= 1 << bit

    def of(self, key: str) -> list[int]:
        """The numbers of the patterns of which a match may begin with these characters, `DEPTH` or fewer."""
        fits = -1  # a bit for each path
        for place, (ended, going_on) in enumerate(zip(self._ended, self._going_on, strict=True)):
            fits &= ended | (going_on.get(key[place], 0) if place < len(key) else 0)
        numbers: list[int] = []
        while fits:
            lowest = fits & -fits
            fits ^= lowest
            number = self._owners[lowest.bit_length() - 1]
            if not numbers or numbers[-1] != number:
                numbers.append(number)
        return numbers


def _alternatives(pattern: str, at: int) -> tuple[set[Path], int]:
    found: set[Path] = set()
    while True:
        paths, at = _sequence(pattern, at)
        found |= paths
        if at >= len(pattern) or pattern[at] != "|":
            return found, at
        at += 1


def _sequence(pattern: str, at: int) -> tuple[set[Path], int]:
    paths: set[Path] = {()}
    while at < len(pattern) and pattern[at] not in "|)":
        found, at = _piece(pattern, at)
        if repeat := _REPEAT.match(pattern, at):
            at = repeat.end()
            if repeat[0][0] != "?":
                found = _joined(found | {()}, _joined(found | {()}, found))
            if repeat[0][0] in "*?" or repeat[1] in ("", "0"):
                found = found | {()}
        paths = _joined(paths, found)
    return paths, at


def _joined(paths: set[Path], following: set[Path]) -> set[Path]:
    return {
        path if len(path) == DEPTH else (path + more)[:DEPTH]
        for path in paths
        for more in (following if len(path) < DEPTH else ((),))
    }


def _piece(pattern: str, at: int) -> tuple[set[Path], int]:
    """One group or character without its count, and where it ends."""
    if group := _GROUP.match(pattern, at):
        found, end = _alternatives(pattern, group.end())
        return ({()} if group["zero_width"] else found), end + 1
    one = _ONE.match(pattern, at)
    assert one
    return ({()} if one[0] in _ANCHORS else {(_characters(one[0]),)}), one.end()


@cache
def _characters(piece: str) -> frozenset[str]:
    matches = re.compile(piece, re.IGNORECASE | re.DOTALL).fullmatch
    return frozenset(char.lower() for char in _ASCII if matches(char))
