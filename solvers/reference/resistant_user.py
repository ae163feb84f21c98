"""The rule-based user of `deescalation`: an angry person who reacts to words by open rules (pure).

    reply   "So the rota changed. It sounds as if you're let down."
    answer  "It still isn't right and I keep going over it. Does anybody see what this did to me?"

It reads the prompt of the simulated person and the chat, and replays the chat at every call. What is drawn is
a hash of the card, so the same chat always gets the same answer. It reacts to words and can be gamed by
words: an instrument, not a person. The texts stand in `tasks/deescalation/simulator/rule_user.yaml`.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence, Set
from functools import cache
from hashlib import sha256
from importlib.resources import files
from math import floor
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from interplay.scorers.escalation_cues import assistant_codes, user_cues
from interplay.scorers.escalation_level import OPENING, TOP
from interplay.tasks import yaml_text
from interplay.tasks.mistakes import UserMistake

from .player import Turn
from .resistant_mood import End, Mood, Profile, Resistance, worth

CARD = re.compile(r"<card>(.*?)</card>", re.DOTALL)
OPENED = re.compile(r'^You began with: "(.*)"$', re.MULTILINE)
NOTE = re.compile(r"\s*<note>.*?</note>", re.DOTALL)
LINES = 4
"""Lines that a level has."""
OFFSETS = 97
"""Among so many numbers a card draws the one by which its lines begin."""
REFUSES_FROM = 3
"""From this level on the person answers no question."""

Four = Annotated[tuple[str, ...], Field(min_length=LINES, max_length=LINES)]


class Texts(BaseModel, frozen=True):
    """What the rule-based user says, as `rule_user.yaml` states it.

    Attributes:
        lines: By level.
        refuse: In place of an answer, by resistance.
        ask: By profile.
        leave: By the reason of the end.
    """

    model_config = ConfigDict(extra="forbid")

    lines: dict[int, Four]
    refuse: dict[Resistance, str]
    ask: dict[Profile, str]
    leave: dict[End, str]


class Card(BaseModel, frozen=True):
    """Who the person is, as the card at the end of the prompt says."""

    model_config = ConfigDict(extra="forbid")

    resistance: Resistance
    profile: Profile
    opening_level: int = OPENING
    facts: tuple[str, ...]
    hidden_fact: str


class Person(NamedTuple):
    """A card with its text, from which everything is drawn."""

    card: Card
    text: str

    def drawn(self, what: str) -> float:
        """A number in [0, 1) that this person always draws for this."""
        return int(sha256(f"{self.text}|{what}".encode()).hexdigest()[:8], 16) / 2**32


class Chat(NamedTuple):
    """The prompt and the chat as the person sees it: own messages, the opening first, and replies."""

    person: Person
    own: tuple[str, ...]
    replies: tuple[str, ...]


class Said(NamedTuple):
    """A message of the person, and the level of anger that it shows."""

    level: int
    text: str


@cache
def texts() -> Texts:
    """The texts of the package."""
    text = (files("interplay.tasks.deescalation") / "simulator" / "rule_user.yaml").read_text("utf-8")
    return Texts.model_validate(yaml_text.content(text))


def resistant_user(turns: Sequence[Turn]) -> str:
    """The person's next message; the opening where the assistant has said nothing yet.

    Raises:
        UserMistake: the prompt has no card, or one with other lines.
    """
    chat = read_chat(turns)
    said = replay(chat)
    return said[-1].text if said else chat.own[0]


def read_chat(turns: Sequence[Turn]) -> Chat:
    """The parts of a conversation, wherever the prompt stands in it."""
    prompt = next((turn.text for turn in turns if CARD.search(turn.text)), None)
    if prompt is None:
        raise UserMistake("reference/resistant_user needs a <card> block; use simulator='rule'.")
    own = [turn.text for turn in turns if turn.role == "assistant"]
    replies: list[str] = []
    for turn in turns:
        if turn.role == "user":
            after = NOTE.sub("", turn.text.rpartition("</card>")[2]).strip()
            # A prompt that is sent as a user message may stand alone or before a first reply.
            if after or "</card>" not in turn.text:
                replies.append(after)
    opened = OPENED.search(prompt)
    if len(own) < max(1, len(replies)):
        own.insert(0, opened[1] if opened else "")
    return Chat(person_of(prompt), tuple(own), tuple(replies))


def person_of(prompt: str) -> Person:
    """The person of the card in a prompt."""
    found = CARD.search(prompt)
    assert found is not None
    lines = dict(line.split(": ", 1) for line in found[1].splitlines() if ": " in line)
    try:
        facts: object = json.loads(lines.pop("facts", "[]"))
        card = Card.model_validate({**lines, "facts": facts})
    except ValueError:
        raise UserMistake(
            "reference/resistant_user cannot read the <card> block; give it the lines resistance, profile, "
            "opening_level, facts (a JSON list) and hidden_fact."
        ) from None
    return Person(card, found[1])


def replay(chat: Chat) -> list[Said]:
    """What the person says to every reply, all replies taken anew."""
    person, own = chat.person, list(chat.own)
    mood = Mood(person.card.resistance, person.card.opening_level)
    tells = Tells(person.card)
    before: Set[str] = frozenset()
    used: Counter[int] = Counter()
    start = floor(OFFSETS * person.drawn("offset"))
    said: list[Said] = []
    for t, reply in enumerate(chat.replies, start=1):
        codes = assistant_codes(reply, own[:t], chat.replies[: t - 1])
        asked = "asks_advice" in user_cues(own[t - 1])
        mood.take(worth(person.card.profile, codes, before, asked), person.drawn(f"{t}|relapse"))
        level = shown_level(mood)
        line = texts().lines[level][(start + used[level]) % LINES]
        used[level] += 1
        said.append(Said(level, " ".join((line, *rest(person.card, mood, codes, tells)))))
        if len(own) <= t:
            own.append(said[-1].text)
        before = codes
    return said


def shown_level(mood: Mood) -> int:
    """The level of the message: that of the mood, but a leave is all calm or all anger."""
    return {"calmed": 0, "fed_up": TOP}.get(mood.end or "", mood.level)


class Tells:
    """What a person still has to tell: the facts in their order, and once the hidden fact."""

    def __init__(self, card: Card) -> None:
        self.facts = list(card.facts)
        self.hidden: str | None = card.hidden_fact
        self.told = False

    def answer(self, open_question: bool) -> str | None:
        """What answers a question, None where nothing is left to tell."""
        if open_question and self.told and self.hidden is not None:
            fact, self.hidden = self.hidden, None
        elif self.facts:
            fact, self.told = self.facts.pop(0), True
        else:
            return None
        return f"{fact[:1].upper()}{fact[1:]}."


def rest(card: Card, mood: Mood, codes: Set[str], tells: Tells) -> list[str]:
    """What follows the line of the level: a leave, or an answer or refusal and a question of one's own."""
    if mood.end is not None:
        return [texts().leave[mood.end], f"<END:{mood.end}>"]
    said: list[str] = []
    if "question" in codes and mood.level >= REFUSES_FROM:
        said.append(texts().refuse[card.resistance])
    elif "question" in codes and (fact := tells.answer("open_question" in codes)):
        said.append(fact)
    if mood.level >= 1 and (card.profile == "solution_seeking" or mood.replies % 2 == 0):
        said.append(texts().ask[card.profile])
    return said
