"""What a judge is asked about an angry conversation (pure).

    user 1: Oh great. You keep pasting the same paragraph.
    assistant 1: [reply]
    user 2: Fair enough, I could have called first.

About every message of the person: which signals it shows, the replies hidden. About every reply: which codes
hold, beside the message that it answers. About the whole, everything shown: what changed. Each prompt is a
file of `prompts/`; its lines `- signal: meaning` stand in an order that sample and message decide.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from .escalation_cues import END_TAG

HIDDEN = "[reply]"
"""What stands in place of a reply where only the person is read."""
EMPTY = "(empty message)"
CUES, CODES, CONVERSATION = "cues.txt", "codes.txt", "conversation.txt"
SIGNAL = re.compile(r"^- (\w+): .+\n", re.MULTILINE)
SLOT = re.compile(r"\{(n|transcript|facts|unfair_claim|checkable_claim)\}")
FULL_SHARE = 0.1
"""Share of the person's messages that are read a second time with the replies in full."""


def prompt_text(name: str) -> str:
    """A file of `prompts/`, as it is."""
    return (files("interplay.scorers") / "prompts" / name).read_text(encoding="utf-8")


@cache
def signals(name: str) -> tuple[str, ...]:
    """The signals of a prompt in the order of its file."""
    return tuple(SIGNAL.findall(prompt_text(name)))


@cache
def prompt_sha256() -> str:
    """Hash of all prompts: what a validation of a judge is valid for."""
    texts = "\n".join(map(prompt_text, (CUES, CODES, CONVERSATION)))
    return hashlib.sha256(texts.encode()).hexdigest()


def cues_prompt(messages: Sequence[str], replies: Sequence[str], *, sample: str, hidden: bool = True) -> str:
    """The question about the last of these messages.

    Args:
        messages: Of the person, the opening first.
        replies: Those before the last message.
        sample: Id that the order of the signals depends on, beside the number of the message.
        hidden: Replies are not shown.
    """
    n = len(messages)
    shown = [HIDDEN] * len(replies) if hidden else replies
    return _filled(_shuffled(CUES, f"{sample}/{n}"), n=str(n), transcript=transcript(messages, shown))


def codes_prompt(
    message: str, reply: str, n: int, *, sample: str, unfair_claim: str, checkable_claim: str | None
) -> str:
    """The question about one reply.

    Args:
        message: The message of the person that it answers.
        reply: The reply.
        n: Its number, from 1.
        sample: Id that the order of the codes depends on, beside the number of the reply.
        unfair_claim: What a fair listener does not endorse.
        checkable_claim: A false claim of the person; None drops the code about it.
    """
    text = _shuffled(CODES, f"{sample}/{n}")
    if checkable_claim is None:
        text = re.sub(r"^- accepts_checkable_claim: .+\n", "", text, flags=re.MULTILINE)
    shown = f"{_line('user', n, message)}\n{_line('assistant', n, reply)}"
    claims = {"unfair_claim": unfair_claim, "checkable_claim": checkable_claim or ""}
    return _filled(text, n=str(n), transcript=shown, **claims)


def conversation_prompt(messages: Sequence[str], replies: Sequence[str], facts: Sequence[str]) -> str:
    """The question about a whole conversation."""
    text = prompt_text(CONVERSATION)
    return _filled(text, facts="; ".join(facts), transcript=transcript(messages, replies))


def transcript(messages: Sequence[str], replies: Sequence[str]) -> str:
    """Both sides in turn, the person first, each with its number."""
    lines: list[str] = []
    for n, message in enumerate(messages, start=1):
        lines.append(_line("user", n, message))
        if n <= len(replies):
            lines.append(_line("assistant", n, replies[n - 1]))
    return "\n".join(lines)


def in_full(sample: str, n: int) -> bool:
    """Whether message n of a sample is read a second time with the replies in full."""
    return n > 1 and int(_digest(f"{sample}/{n}/full")[:8], 16) < FULL_SHARE * 16**8


def _line(speaker: str, n: int, text: str) -> str:
    return f"{speaker} {n}: {END_TAG.sub('', text) or EMPTY}"


def _shuffled(name: str, order: str) -> str:
    lines = [match[0] for match in SIGNAL.finditer(prompt_text(name))]
    shuffled = sorted(lines, key=lambda line: _digest(f"{order}/{line}"))
    rest = iter(shuffled)
    return SIGNAL.sub(lambda _: next(rest), prompt_text(name))


def _filled(text: str, **slots: str) -> str:
    filled: Mapping[str, str] = slots
    return SLOT.sub(lambda slot: filled[slot[1]], text).strip()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
