"""What a judge is asked about a reply to a partner, and how its answer is read (pure).

    {"repair": {"present": false}, "challenge": {"present": true, "span": "No.", "target": "Tea cures."}}

An act counts only if its words stand in the reply, and the sentence that it refers to in the partner's text.
"""

import hashlib
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, StrictBool

from interplay.tasks.judged import JudgedRun, Validity

from .escalation_judge_answer import MOST_RAW, stands_in
from .judge_json import read_as

ACTS = ("repair", "challenge")
PROMPT = "chain_acts.txt"
EMPTY = "(empty)"


class Act(BaseModel):
    """One act: whether it is there, the words that show it, and the partner's sentence that it refers to."""

    model_config = ConfigDict(frozen=True)

    present: StrictBool
    span: str = ""
    target: str = ""


class Acts(BaseModel):
    """A judge's answer about one reply."""

    model_config = ConfigDict(frozen=True)

    repair: Act
    challenge: Act


class Found(NamedTuple):
    """The acts of a reply by a judge: those that could be verified, and those whose words are not there."""

    present: frozenset[str]
    refused: frozenset[str]


read_acts = partial(read_as, Acts)
"""The answer in a text; `ValueError` with what is wrong if there is none."""


@cache
def prompt_text() -> str:
    """The prompt, as it is."""
    return (files("interplay.scorers") / "prompts" / PROMPT).read_text(encoding="utf-8")


@cache
def prompt_sha256() -> str:
    """Hash of the prompt: what a validation of a judge is valid for."""
    return hashlib.sha256(prompt_text().encode()).hexdigest()


def acts_prompt(partner: str, reply: str) -> str:
    """The question about one reply; neither text can close the tag that it stands in."""
    before, between, after = prompt_text().replace("{reply}", "{partner}").split("{partner}")
    return f"{before}{_inside(partner)}{between}{_inside(reply)}{after}".strip()


def _inside(text: str) -> str:
    for tag in ("partner", "reply"):
        text = text.replace(f"</{tag}>", f"</ {tag}>")
    return text.strip() or EMPTY


def found_in(text: str, partner: str, reply: str) -> Found:
    """The acts that an answer finds in a reply.

    Args:
        text: The answer of the judge.
        partner: What was answered; the target of an act must stand in it.
        reply: What was read; the span of an act must stand in it.

    Raises:
        ValueError: the text holds no such answer.
    """
    answer = read_acts(text)
    said = {name: act for name in ACTS if (act := getattr(answer, name)).present}
    present = frozenset(
        name for name, act in said.items() if stands_in(act.span, reply) and stands_in(act.target, partner)
    )
    return Found(present, frozenset(said) - present)


def kept(text: str) -> str:
    """An answer as it is stored: the object alone; what cannot be read as it is, shortened."""
    try:
        return read_acts(text).model_dump_json(exclude_defaults=True)
    except ValueError:
        return text[:MOST_RAW]


def validity(run: JudgedRun, leaderboard: Path) -> Validity:
    """The verdict on a judge of acts: grey, since nobody labels them; the figures are exploratory."""
    return Validity(
        "grey", "Exploratory: nobody has labelled repair and challenge to compare this judge with."
    )
