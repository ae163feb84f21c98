"""What a model wrote for others to read: its text without the reasoning that a provider left in it (pure).

visible("<think>Two keys.</think>Go right.")  ->  Visible("Go right.", unclosed=False)
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

STARTS = {
    "<think>": "think", "<seed:think>": "seed", "[THINK]": "mistral", "◁think▷": "kimi",
    "<|START_THINKING|>": "cohere", "<|channel>": "gemma", "<|channel|>analysis": "harmony",
    "<|channel|>commentary": "harmony",
}  # fmt: skip
"""Tokens with which a block of reasoning begins, and whose they are."""
ENDS = {
    "</think>": "think", "</seed:think>": "seed", "[/THINK]": "mistral", "◁/think▷": "kimi",
    "<|END_THINKING|>": "cohere", "<channel|>": "gemma", "<|channel|>final<|message|>": "harmony",
}  # fmt: skip
"""Tokens with which it ends."""


def any_of(tokens: Iterable[str]) -> str:
    """A regular expression for these tokens to the letter, the longest first."""
    return "|".join(map(re.escape, sorted(tokens, key=len, reverse=True)))


MARK = re.compile(
    r"(?:<(?P<ends>/?)(?P<name>think|thinking|reasoning)(?:\s+[\w-]+\s*=[^<>]*)?\s*>"
    rf"|(?P<token>(?-i:{any_of((*STARTS, *ENDS))})))\s*",
    re.IGNORECASE,
)
_FIRST = re.compile(r"[<\[◁]")


class Visible(NamedTuple):
    """The text outside of blocks of reasoning, and whether one was never closed; the rest is lost then."""

    text: str
    unclosed: bool


def visible(text: str) -> Visible:
    """The text outside of blocks of reasoning; an unclosed block runs to the end.

    What stands before an end without a beginning is reasoning: some chat templates open the block themselves.
    """
    kept: list[str] = []
    at, inside = 0, None
    for mark in MARK.finditer(text) if _FIRST.search(text) else ():
        token = mark["token"]
        ends = token in ENDS if token else bool(mark["ends"])
        name = (ENDS if ends else STARTS)[token] if token else mark["name"].lower()
        if ends and inside in (None, name):
            if inside is None:
                kept.clear()
            at, inside = mark.end(), None
        elif not ends and inside is None:
            kept.append(text[at : mark.start()])
            inside = name
    if inside is None:
        kept.append(text[at:])
    return Visible("".join(kept), inside is not None)


def without_reasoning(text: str) -> str:
    """The text of `visible`."""
    return visible(text).text
