"""With which characters a match of a cue word can begin, read off its regular expression (pure).

    leading("(?:i |we )?agree") -> {"i", "w", "a"}

A sentence has few places where a cue can begin and hundreds of cue words; trying only those that begin with
the letter at hand makes reading several times faster and changes nothing else.
"""

from functools import cache
from typing import NamedTuple

_ZERO_WIDTH = ("(?=", "(?!", "(?<=", "(?<!")
_ANCHORS = "bBAZ"
_SETS = {"d": frozenset("0123456789")}
_MANY = "wsWSDpP"


class Leading(NamedTuple):
    """The first characters of a match; `anything` where they cannot be told, `empty` if it may be empty."""

    characters: frozenset[str]
    anything: bool = False
    empty: bool = False


@cache
def leading(pattern: str) -> Leading:
    """The first characters of what a regular expression matches, on the side of too many."""
    found, end = _alternatives(pattern, 0)
    assert end == len(pattern), f"unbalanced cue word: {pattern}"
    return found


def _alternatives(pattern: str, at: int) -> tuple[Leading, int]:
    characters: frozenset[str] = frozenset()
    anything = empty = False
    while True:
        found, at = _sequence(pattern, at)
        characters |= found.characters
        anything, empty = anything or found.anything, empty or found.empty
        if at >= len(pattern) or pattern[at] != "|":
            return Leading(characters, anything, empty), at
        at += 1


def _sequence(pattern: str, at: int) -> tuple[Leading, int]:
    characters: frozenset[str] = frozenset()
    anything, empty = False, True
    while at < len(pattern) and pattern[at] not in "|)":
        found, at = _piece(pattern, at)
        optional, at = _repeated(pattern, at)
        if empty:
            characters |= found.characters
            anything = anything or found.anything
            empty = found.empty or optional
    return Leading(characters, anything, empty), at


def _repeated(pattern: str, at: int) -> tuple[bool, int]:
    """Whether what stands before may be left out, and where its count ends."""
    optional = False
    if at < len(pattern) and pattern[at] in "*?+":
        optional = pattern[at] != "+"
        at += 1
    elif at < len(pattern) and pattern[at] == "{":
        end = pattern.index("}", at)
        optional = pattern[at + 1 : end].split(",")[0] in ("", "0")
        at = end + 1
    if at < len(pattern) and pattern[at] in "?+":
        at += 1
    return optional, at


def _piece(pattern: str, at: int) -> tuple[Leading, int]:
    char = pattern[at]
    if char == "(":
        zero_width = pattern.startswith(_ZERO_WIDTH, at)
        begin = at + (3 if pattern.startswith("(?:", at) else 1)
        if zero_width:
            begin = at + (4 if pattern[at + 2] == "<" else 3)
        found, end = _alternatives(pattern, begin)
        return (Leading(frozenset(), empty=True) if zero_width else found), end + 1
    if char == "[":
        return _class(pattern, at)
    if char == "\\":
        kind = pattern[at + 1]
        if kind in _ANCHORS:
            return Leading(frozenset(), empty=True), at + 2
        if kind in _MANY:
            return Leading(frozenset(), anything=True), at + 2
        return Leading(_SETS.get(kind, frozenset(kind))), at + 2
    if char in "^$":
        return Leading(frozenset(), empty=True), at + 1
    return Leading(frozenset(char), anything=char == "."), at + 1


def _class(pattern: str, at: int) -> tuple[Leading, int]:
    end = pattern.index("]", at + 2)
    inside = pattern[at + 1 : end]
    if inside.startswith("^") or "\\" in inside:
        return Leading(frozenset(), anything=True), end + 1
    characters: set[str] = set()
    i = 0
    while i < len(inside):
        if inside[i + 1 : i + 2] == "-" and i + 2 < len(inside):
            characters |= {chr(c) for c in range(ord(inside[i]), ord(inside[i + 2]) + 1)}
            i += 3
        else:
            characters.add(inside[i])
            i += 1
    return Leading(frozenset(characters)), end + 1
