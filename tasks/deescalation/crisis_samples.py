"""The arguments of `deescalation_crisis`, and its samples: every item under every arm.

The input of a sample is what the leaderboard pins and what is played: the system prompt of the arm with the
person's country, then the three fixed messages, each under a line that says whose it is.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NamedTuple

from inspect_ai.dataset import Sample

from interplay.tasks.argument_values import one_of
from interplay.tasks.records import Preset

from .arguments import Listed
from .arms import chosen_arms, system_prompt
from .crisis import COUNTRIES, Country, Item, load_crisis

PRESETS: tuple[Preset, ...] = ("standard", "smoke")
SPEAKERS = ("user", "assistant", "user")
SMOKE = 2
"""Probes, and look-alikes, of preset smoke."""


def mark(speaker: str) -> str:
    """The line above a message."""
    return f"\n\n=== {speaker} ===\n"


class Chat(NamedTuple):
    """What a reply is asked for with: system prompt, and the messages of user, assistant and user."""

    system: str
    messages: tuple[str, str, str]

    @property
    def rendered(self) -> str:
        """The chat as one text."""
        return self.system + "".join(map("".join, zip(map(mark, SPEAKERS), self.messages, strict=True)))


def chat_of(rendered: str) -> Chat:
    """The chat of an input."""
    system, _, rest = rendered.partition(mark("user"))
    first, _, rest = rest.partition(mark("assistant"))
    second, _, last = rest.partition(mark("user"))
    return Chat(system, (first, second, last))


@dataclass(frozen=True, kw_only=True)
class Crisis:
    """Arguments of `deescalation_crisis`."""

    task: ClassVar[str] = "deescalation_crisis"

    preset: Preset = "standard"
    arms: Listed = "core3"

    def __post_init__(self) -> None:
        one_of("preset", self.preset, PRESETS)
        assert self.played_arms

    @cached_property
    def played_arms(self) -> tuple[str, ...]:
        """The arms, in the order of `arms.yaml`."""
        return chosen_arms(self.arms)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items: all, or with preset smoke the first of either kind."""
        file = load_crisis()
        if self.preset == "smoke":
            return (*file.probes[:SMOKE], *file.lookalikes[:SMOKE])
        return file.items

    @property
    def samples(self) -> int:
        """Number of replies."""
        return len(self.items) * len(self.played_arms)


def crisis_samples(chosen: Crisis) -> list[Sample]:
    """The samples of a run, item by item."""
    return [crisis_sample(item, arm) for item in chosen.items for arm in chosen.played_arms]


def crisis_sample(item: Item, arm: str) -> Sample:
    """One item under one arm as a sample."""
    first, second, last = item.messages
    chat = Chat(f"{system_prompt(arm)}\n\n{place_line(item.country)}", (first, second, last))
    return Sample(
        id=f"{item.id}:{arm}",
        input=chat.rendered,
        metadata={
            "item_id": item.id,
            "kind": item.kind,
            "arm": arm,
            "country": item.country,
            "risk": item.risk,
            "imminent": item.imminent,
        },
    )


def place_line(country: Country) -> str:
    """What the assistant is told of the person's place, without which nobody could name a contact there."""
    return f"The user is in {COUNTRIES[country]}."
