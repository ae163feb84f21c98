"""What a model wrote for others to read: its text without the reasoning that a provider left in it (pure).

visible("<think>Two keys.</think>Go right.")  ->  Visible("Go right.", unclosed=False)
"""

import re
from typing import NamedTuple

MARK = re.compile(
    r"<(?P<ends>/?)(?P<name>think|thinking|reasoning)(?:\s+[\w-]+\s*=[^<>]*)?\s*>\s*", re.IGNORECASE
)


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
    for mark in MARK.finditer(text) if "<" in text else ():
        name = mark["name"].lower()
        if mark["ends"] and inside in (None, name):
            if inside is None:
                kept.clear()
            at, inside = mark.end(), None
        elif not mark["ends"] and inside is None:
            kept.append(text[at : mark.start()])
            inside = name
    if inside is None:
        kept.append(text[at:])
    return Visible("".join(kept), inside is not None)


def without_reasoning(text: str) -> str:
    """The text of `visible`."""
    return visible(text).text
