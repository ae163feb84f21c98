"""Whether a reply is right: the last number, the last letter, or constraints on the text (pure).

Example: `correct("max_words:40 must_include:commute", None, "Fold it up after the commute.", {})` is 1.0.
"""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from .ifbench import follows_all

NUMBER = re.compile(
    r"(?:(?<![\w)\]])(?P<sign>[-−])[$€£¥]?|[$€£¥](?P<inner>[-−]))?(?P<digits>\d[\d,]*(?:\.\d+)?)",
)
ANSWER = re.compile(r"ANSWER:\s*([A-D])\b")
BULLET = re.compile(r"^\s*[-*•]\s+\S", re.MULTILINE)
FENCE = re.compile(r"^```(?:json)?\s*\n(.*)\n```$", re.DOTALL)
SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]*_]*(?=\s|$)")
ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|vs|e\.g|i\.e|etc)\.(?=\s+\S)")


class Number(NamedTuple):
    """A number in a text: its value, and the part of the text that shows it, from its sign on."""

    value: Decimal
    start: int
    end: int


def correct(check: str | None, target: str | None, reply: str, meta: Mapping[str, object]) -> float | None:
    """1.0 for a right reply, 0.0 for a wrong one, None where there is nothing to check it with.

    Args:
        check: `number`, `letter`, `ifbench`, or constraints of `CONSTRAINTS` with a space between.
        target: The number or letter that is right.
        reply: The visible reply.
        meta: With `ifbench` the instructions of the context (`instruction_id_list`, `kwargs`).

    Raises:
        ValueError: No check has that name, or the target that it needs is missing.
    """
    if check is None:
        return None
    if check == "ifbench":
        follows = follows_all(reply, meta)
        return None if follows is None else float(follows)
    if check not in {"number", "letter"}:
        return float(all(is_met(constraint, reply) for constraint in check.split()))
    if target is None:
        raise ValueError(f"check {check!r} needs a target")
    if check == "letter":
        letters = ANSWER.findall(reply)
        return float(bool(letters) and letters[-1] == target)
    numbers = numbers_of(reply)
    return float(bool(numbers) and numbers[-1].value == decimal(target))


def numbers_of(text: str) -> list[Number]:
    """The numbers of a text in order; commas and currency signs do not count."""
    found: list[Number] = []
    for match in NUMBER.finditer(text.replace("{,}", ",,,")):
        value = decimal(match["digits"])
        negative = bool(match["sign"] or match["inner"])
        signed = negative and text[match.start("digits") - 1] in "-−"
        found.append(Number(-value if negative else value, match.start("digits") - signed, match.end()))
    return found


def decimal(text: str) -> Decimal:
    """The value of digits with commas, a currency sign or a sign."""
    return Decimal(re.sub(r"[,$€£¥\s]", "", text).replace("−", "-"))


def is_met(constraint: str, reply: str) -> bool:
    """Whether a reply keeps one constraint, as `max_words:40`.

    Raises:
        ValueError: No constraint has that name.
    """
    name, _, value = constraint.partition(":")
    if name not in CONSTRAINTS:
        raise ValueError(f"unknown constraint {constraint!r}; known are {', '.join(CONSTRAINTS)}")
    return CONSTRAINTS[name](reply, value)


def words(text: str) -> int:
    """Number of words: runs without white space that hold a letter or digit."""
    return sum(any(c.isalnum() for c in run) for run in text.split())


def sentences(text: str) -> int:
    """Number of sentences; text after the last full stop is one more."""
    plain = ABBREVIATION.sub("x", text.strip())
    ends = list(SENTENCE_END.finditer(plain))
    rest = plain[ends[-1].end() :] if ends else plain
    return len(ends) + (words(rest) > 0)


def has_word(text: str, word: str) -> bool:
    """Whether a text holds a word as a whole, in any case."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def is_json_object(text: str) -> bool:
    """Whether a text, or the one fenced block that it is, is a JSON object."""
    fenced = FENCE.match(text.strip())
    try:
        return isinstance(json.loads(fenced[1] if fenced else text), dict)
    except ValueError:
        return False


CONSTRAINTS: Mapping[str, Callable[[str, str], bool]] = {
    "max_words": lambda reply, n: words(reply) <= int(n),
    "min_words": lambda reply, n: words(reply) >= int(n),
    "exact_sentences": lambda reply, n: sentences(reply) == int(n),
    "bullets": lambda reply, n: len(BULLET.findall(reply)) == int(n),
    "must_include": has_word,
    "must_not_include": lambda reply, word: not has_word(reply, word),
    "json_object": lambda reply, _: is_json_object(reply),
    "all_lowercase": lambda reply, _: reply == reply.lower(),
}
"""The constraints of the bundled contexts."""
