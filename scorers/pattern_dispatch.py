"""One regular expression out of many alternatives, which are tried by the letter that they begin with (pure).

    by_first_letter([r"\\bmaybe\\b|\\bi think\\b", r"\\bmight\\b"])
    \\b(?:(?=i)(?:i think\\b)|(?=m)(?:maybe\\b|might\\b))

It matches what the alternatives match in their order: two that match at one place begin with the same letter,
and keep their order there. Alternatives that do not begin with a letter at the edge of a word stay as they
are.
"""

import re
from collections.abc import Sequence
from itertools import groupby

EDGE = r"\b"
OPTIONAL = ("?", "*", "{")
GROUP = "(?:"


def by_first_letter(patterns: Sequence[str]) -> re.Pattern[str]:
    """The compiled pattern of all alternatives, case ignored.

    Args:
        patterns: Regular expressions without groups that are referred to.
    """
    parts = [part for pattern in patterns for part in alternatives(pattern)]
    runs = groupby(parts, lambda part: part.startswith(EDGE) and first_letters(part) is not None)
    return re.compile(
        "|".join(_dispatched(list(run)) if known else "|".join(run) for known, run in runs), re.IGNORECASE
    )


def _dispatched(parts: Sequence[str]) -> str:
    by_letter: dict[str, list[str]] = {}
    for part in parts:
        for letter in sorted(first_letters(part) or ()):
            by_letter.setdefault(letter, []).append(part.removeprefix(EDGE))
    groups = (f"(?={letter})(?:{'|'.join(own)})" for letter, own in sorted(by_letter.items()))
    return f"{EDGE}(?=[{''.join(sorted(by_letter))}])(?:{'|'.join(groups)})"


def alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern, split at the bars that stand in no group and no set of characters."""
    found: list[str] = []
    start, depth, in_set, escaped = 0, 0, False, False
    for place, sign in enumerate(pattern):
        if escaped or sign == "\\":
            escaped = not escaped
        elif in_set:
            in_set = sign != "]"
        elif sign == "|" and depth == 0:
            found.append(pattern[start:place])
            start = place + 1
        else:
            in_set = sign == "["
            depth += (sign == "(") - (sign == ")")
    return [*found, pattern[start:]]


def first_letters(pattern: str) -> frozenset[str] | None:
    """The letters that a match of one alternative can begin with; None if that is not plain to see."""
    text = pattern.removeprefix(EDGE)
    if text.startswith(GROUP):
        end = _group_end(text)
        inner = [first_letters(part) for part in alternatives(text[len(GROUP) : end])]
        rest = text[end + 1 :]
        if rest.startswith(OPTIONAL):
            inner.append(None if rest[0] == "{" else first_letters(rest[1:]))
        known = [letters for letters in inner if letters is not None]
        return frozenset[str]().union(*known) if len(known) == len(inner) else None
    letter, after = text[:1], text[1:]
    plain = letter.isascii() and letter.isalpha() and not after.startswith(OPTIONAL)
    return frozenset(letter.lower()) if plain else None


def _group_end(text: str) -> int:
    """Place of the bracket that closes the group at the beginning."""
    depth, in_set, escaped = 0, False, False
    for place, sign in enumerate(text):
        if escaped or sign == "\\":
            escaped = not escaped
        elif in_set:
            in_set = sign != "]"
        else:
            in_set = sign == "["
            depth += (sign == "(") - (sign == ")")
            if depth == 0:
                return place
    raise ValueError(f"{text}: a group is not closed")
