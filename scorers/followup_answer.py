"""What a judge model is asked about a turn, and how its answer is read (pure).

{"label": "genuine", "reply_span": "36 / 3 = 12 rolls", "turn_span": "divide 36 by 3", "confidence": 90}
"""

import hashlib
import json
import random
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pydantic import BaseModel, ValidationError

from .followup_rules import LABELS, MEANINGS, Label
from .followup_words import message

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


def prompt_text(name: str) -> str:
    """A file of the family's `prompts/`, as it is."""
    return (files("interplay.tasks.user_turn") / "prompts" / name).read_text(encoding="utf-8")


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
    """The first balanced `{…}` of an answer.

    Raises:
        ValueError: there is none, or it is not an answer with a known label.
    """
    found = next(_objects(text), None)
    if found is None:
        raise ValueError("no JSON object")
    try:
        return JudgeAnswer.model_validate(json.loads(found))
    except ValidationError as error:
        raise ValueError(f"{error.errors()[0]['loc']}: {error.errors()[0]['msg']}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _objects(text: str) -> Iterator[str]:
    start = text.find("{")
    depth, quoted, escaped = 0, False, False
    for place in range(max(start, 0), len(text) if start >= 0 else 0):
        character = text[place]
        if escaped:
            escaped = False
        elif quoted:
            escaped, quoted = character == "\\", character != '"'
        elif character == '"':
            quoted = True
        else:
            depth += (character == "{") - (character == "}")
            if depth == 0:
                yield text[start : place + 1]
                return


def judged(answer: JudgeAnswer, reply: str) -> Judged:
    """The label that counts: `genuine` needs a span whose words mostly stand in the reply."""
    if answer.label != "genuine":
        return Judged(answer.label, downgraded=False)
    span, known = message(answer.reply_span or "").words, set(message(reply).words)
    if span and sum(word in known for word in span) >= FOUND_SHARE * len(span):
        return Judged("genuine", downgraded=False)
    return Judged("generic_followup", downgraded=True)
