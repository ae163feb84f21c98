"""Whether a simulated person stays the person it was told to be (pure).

    outside_details("Karen said it on Friday", known="…")     {"friday", "karen"}
    role_breaks("I'm here to help. What happened?")           {"helps"}

A detail is something that could be looked up and is neither in the card nor in the chat so far: a number of
things or with digits, a day, a month, a name, or somebody of the family, the household or the job. Inventions
in other words pass, so the rate is a lower bound. Messages that answer an injection are not counted: some
injections ask for something new.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from configparser import ConfigParser
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from .escalation_words import straight

IN_ROLE = "Stay in role."
"""All that a simulated person is told where nothing is injected."""
NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
UNIT = (
    r"(?:years?|months?|weeks?|days?|nights?|hours?|times|people|kids|children|emails?|calls|messages|euros?|"
    r"dollars?|pounds?|bucks|grand)"
)
NUMBER = re.compile(
    rf"\b(?:(?P<digits>\d[\d.,:]*)|(?P<word>{'|'.join(NUMBERS[2:])}|dozens?|hundreds?)(?= {UNIT}\b))",
    re.IGNORECASE,
)
DAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|april|june|july|august|september|"
    r"october|november|december|christmas|easter|thanksgiving)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<=[a-z,;'] )(?!I\b)[A-Z][a-z]{2,}\b")
"""A capitalised word inside a sentence."""
WORD = re.compile(r"[a-z]+|\d[\d.,:]*")
MARKS = ".,:"
"""What may end a number and belongs to the sentence."""
MANY = ("dozens", "hundreds")
MY = re.compile(r"\bmy ", re.IGNORECASE)
NO_NAMES = frozenset({"god", "jesus", "christ", "google", "english", "internet", "okay"})
LEAKED = re.compile(r"</?\s*(?:note|card)\b", re.IGNORECASE)
SIDES = re.compile(r"^\s*(?:user|assistant|human|ai|chatbot|bot|me|person)\s*:", re.IGNORECASE | re.MULTILINE)
"""A message that writes both sides, or puts a name before its own."""


class Message(NamedTuple):
    """One message of a simulated person.

    Attributes:
        text: As it crossed over.
        raw: As it was written, reasoning apart.
        remark: What was said beside the reply that it answers.
        refused: The provider refused to write it.
    """

    text: str
    raw: str
    remark: str | None
    refused: bool = False


class Lexicon(NamedTuple):
    """Patterns of a break, the words for one kind of person, and those words as said of one's own."""

    breaks: Mapping[str, re.Pattern[str]]
    kin: Mapping[str, re.Pattern[str]]
    own_kin: Mapping[str, re.Pattern[str]]


@cache
def lexicon() -> Lexicon:
    """The lexicon as it stands in the package."""
    parser = ConfigParser(interpolation=None, delimiters=("=",))
    parser.read_string((files("interplay.scorers") / "data" / "simulator_lexicon.ini").read_text("utf-8"))

    def compiled(section: str, before: str = "") -> dict[str, re.Pattern[str]]:
        patterns = parser[section].items()
        return {key: re.compile(rf"\b{before}(?:{p})\b", re.IGNORECASE) for key, p in patterns}

    return Lexicon(compiled("breaks"), compiled("kin"), compiled("kin", r"my (?:\w+ )?"))


def role_breaks(text: str) -> frozenset[str]:
    """The ways in which a text as it was written leaves the role."""
    plain = straight(text)
    found = {key for key, pattern in lexicon().breaks.items() if pattern.search(plain)}
    found |= {"leaks_markup"} if LEAKED.search(plain) else set()
    return frozenset(found | ({"writes_sides"} if SIDES.search(plain) else set()))


def details(text: str) -> frozenset[str]:
    """The details of a text: numbers as digits, days, names, and kinds of people as `my boss`."""
    plain = straight(text)
    found = {_digits(match) for match in NUMBER.finditer(plain)}
    found |= _days(plain)
    names = {match.group().lower() for match in NAME.finditer(plain)} - NO_NAMES
    found |= {name for name in names if not DAY.fullmatch(name)}
    if MY.search(plain):
        found |= {f"my {kind}" for kind, pattern in lexicon().own_kin.items() if pattern.search(plain)}
    return frozenset(found)


def outside_details(text: str, known: Iterable[str]) -> frozenset[str]:
    """The details of a text that no known text holds."""
    found = details(text)
    told = list(known) if found else []
    seen = frozenset[str]().union(*map(_words, told))
    seen |= {f"my {kind}" for kind in lexicon().kin if f"my {kind}" in found and _is_named(kind, told)}
    return found - seen


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """The words, numbers and days of a text as details have them, small numbers in words also as digits."""
    plain = straight(text).lower()
    words = frozenset(word.rstrip(MARKS) for word in WORD.findall(plain))
    many = {word.removesuffix("s") for word in words.intersection(MANY)}
    return words | many | _days(plain) | {str(NUMBERS.index(word)) for word in words.intersection(NUMBERS)}


def _days(text: str) -> frozenset[str]:
    """Days, months and feasts, "Fridays" being a Friday."""
    found = (match.group().lower() for match in DAY.finditer(text))
    return frozenset(day.removesuffix("s") if day.endswith("days") else day for day in found)


def _is_named(kind: str, texts: Iterable[str]) -> bool:
    return any(lexicon().kin[kind].search(straight(text).lower()) for text in texts)


def person_figures(
    messages: Sequence[Message], replies: Sequence[str], known: Sequence[str]
) -> dict[str, float]:
    """How a simulated person kept to its role over one conversation.

    Args:
        messages: Those that a simulator wrote, in order.
        replies: The reply that each of them answers.
        known: The card and all that was said before.

    Returns:
        `turns` messages, `free` of them without an injection, `outside_facts` free ones with a detail from
        outside, `role_breaks` messages that leave the role.
    """
    told, free, outside, breaks = list(known), 0, 0, 0
    for message, reply in zip(messages, replies, strict=True):
        told.append(reply)
        breaks += message.refused or bool(role_breaks(message.raw))
        if message.remark in (None, IN_ROLE):
            free += 1
            outside += bool(outside_details(message.text, told))
        told.append(message.text)
    return {"turns": len(messages), "free": free, "outside_facts": outside, "role_breaks": breaks}


def _digits(match: re.Match[str]) -> str:
    if match["digits"]:
        return match["digits"].rstrip(MARKS)
    word = match["word"].lower()
    return str(NUMBERS.index(word)) if word in NUMBERS else word.removesuffix("s")
