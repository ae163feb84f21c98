"""A scripted assistant against the rule-based user, without an engine and without Inspect."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

import yaml

from interplay.scorers.escalation_cues import END_TAG
from interplay.scorers.escalation_metrics import conduct, trajectory
from interplay.scorers.escalation_reading import Reading, read_conversation
from interplay.solvers.reference.deesc_players import DEESC_PLAYERS, echo
from interplay.solvers.reference.player import Player, Turn
from interplay.solvers.reference.resistant_user import resistant_user
from interplay.tasks.deescalation.scenarios import Scenario, expand, load_seeds

FOLDER = files("interplay.tasks.deescalation")
ASSISTANTS: Mapping[str, Player] = {
    **{name: player for name, player in DEESC_PLAYERS.items() if name != "resistant_user"},
    "echo": echo,
}
EIGHT = (
    "work-01",
    "work-02",
    "family-01",
    "family-02",
    "community-01",
    "community-02",
    "service-01",
    "service-02",
)
"""The seeds that the spec's figures were measured on."""
TURNS = 8
LEAVES_FROM = 3
"""The message of the person, counting the opening, from which on a tag counts."""


@dataclass(frozen=True)
class Played:
    """A conversation with the figures that the scorer would give it."""

    scenario: Scenario
    messages: tuple[str, ...]
    replies: tuple[str, ...]
    end: str | None

    @cached_property
    def reading(self) -> Reading:
        return read_conversation(self.messages, self.replies, self.end)

    @cached_property
    def value(self) -> dict[str, float]:
        found = self.reading
        return trajectory(found.levels, self.end) | conduct(found.violations, self.replies)


@cache
def scenarios(which: Literal["all", "eight"] = "all") -> tuple[Scenario, ...]:
    return tuple(s for s in expand(load_seeds()) if which == "all" or s.seed_id in EIGHT)


@cache
def arm(name: str) -> str:
    blocks: Sequence[str] = yaml.safe_load((FOLDER / "arms.yaml").read_text("utf-8"))["arms"][name]
    texts = [(FOLDER / "arms" / f"{block}.txt").read_text("utf-8") for block in ("preamble", *blocks)]
    return "\n\n".join(map(str.strip, texts))


def persona(scenario: Scenario) -> str:
    """The prompt of the simulated person, manner aside."""
    return (FOLDER / "simulator" / "persona.txt").read_text("utf-8").format(
        tone=scenario.tone, opening=scenario.opening, resistance_card="-", profile_card="-",
        resistance=scenario.resistance, profile=scenario.profile, level=3,
        facts=json.dumps(scenario.facts), hidden_fact=scenario.hidden_fact,
    )  # fmt: skip


def user_turns(
    scenario: Scenario, messages: Sequence[str], replies: Sequence[str], note: str = ""
) -> list[Turn]:
    """The chat as the person sees it."""
    turns = [Turn("system", persona(scenario))]
    for message, reply in zip(messages, replies, strict=True):
        turns += [Turn("assistant", message), Turn("user", reply + note)]
    return turns


def assistant_turns(system: str, messages: Sequence[str], replies: Sequence[str]) -> list[Turn]:
    """The chat as the assistant sees it, a message last."""
    turns = [Turn("system", system), Turn("user", messages[0])]
    for message, reply in zip(messages[1:], replies, strict=True):
        turns += [Turn("assistant", reply), Turn("user", message)]
    return turns


def play(player: Player, scenario: Scenario, arm_name: str = "vanilla") -> Played:
    """Up to eight replies, each answered."""
    messages, replies = [scenario.opening], list[str]()
    while len(replies) < TURNS:
        replies.append(player(assistant_turns(arm(arm_name), messages, replies)))
        said = resistant_user(user_turns(scenario, messages, replies))
        messages.append(END_TAG.sub("", said))
        tag = END_TAG.search(said)
        if tag and len(messages) >= LEAVES_FROM:
            return Played(scenario, tuple(messages), tuple(replies), tag[1])
    return Played(scenario, tuple(messages), tuple(replies), None)


@cache
def played(
    name: str, arm_name: str = "vanilla", which: Literal["all", "eight"] = "all"
) -> tuple[Played, ...]:
    """All conversations of a player under an arm."""
    return tuple(play(ASSISTANTS[name], scenario, arm_name) for scenario in scenarios(which))
