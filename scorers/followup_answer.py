"""What a judge model is asked about a turn, and how its answer is read (pure).

{"label": "genuine", "reply_span": "36 / 3 = 12 rolls", "turn_span": "divide 36 by 3", "confidence": 90}
"""

import hashlib
import random
import re
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel

from interplay.tasks.user_turn.prompting import prompt_text

from .followup_rules import LABELS, MEANINGS, Label
from .followup_words import message
from .judge_json import read_as

SLOT = re.compile(r"\{(query|reply|turn|labels)\}")
FOUND_SHARE = 0.6
"""Share of the words of a quoted span that must stand in the reply."""


class JudgeAnswer(BaseModel, frozen=True):
    """A judge's answer about one turn."""

    label: Label
    reply_span: str | None = ""
    turn_span: str | None = ""
    confidence: float | None = None


class Judged(NamedTuple):
    """A label by a judge, and whether its evidence was too thin for `genuine`."""

    label: Label
    downgraded: bool


@cache
def prompt_sha256() -> str:
    """Hash of all that a judge reads beside the turn: what a validation of a judge is valid for."""
    parts = (prompt_text("judge.txt"), prompt_text("judge_retry.txt"), label_lines(LABELS))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def judge_prompt(query: str, reply: str, turn: str, order: str) -> str:
    """The question about one turn.

    Args:
        query: The last message of the person.
        reply: The reply to it, as shown.
        turn: What is to be labelled.
        order: Seed of the order of the labels, `<context id>/<turn index>`.
    """
    labels = list(LABELS)
    random.Random(order).shuffle(labels)
    filled = {"query": query, "reply": reply, "turn": turn, "labels": label_lines(labels)}
    return SLOT.sub(lambda slot: filled[slot[1]], prompt_text("judge.txt"))


def label_lines(labels: tuple[Label, ...] | list[Label]) -> str:
    """The labels and what they mean, one a line."""
    return "\n".join(f"- {label}: {MEANINGS[label]}" for label in labels)


def parse_answer(text: str) -> JudgeAnswer:
    """The first JSON object of a text that is an answer.

    Raises:
        ValueError: there is none with a known label.
    """
    return read_as(JudgeAnswer, text)


def judged(answer: JudgeAnswer, reply: str) -> Judged:
    """The label that counts: `genuine` needs a span whose words mostly stand in the reply."""
    if answer.label != "genuine":
        return Judged(answer.label, downgraded=False)
    span, known = message(answer.reply_span or "").words, set(message(reply).words)
    if span and sum(word in known for word in span) >= FOUND_SHARE * len(span):
        return Judged("genuine", downgraded=False)
    return Judged("generic_followup", downgraded=True)
