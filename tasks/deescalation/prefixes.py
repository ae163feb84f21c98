"""Conversations that have just got worse, at which mode `branch` begins (pure).

    {"scenario_id": "work-01-v1", "player": "fixer", "messages": ["My manager …", "You're not …"], "replies": ["You should …"]}

The file `data/prefixes.jsonl` holds 60 of them and is written by `interplay deescalation make-prefixes`: the
rule-based user against three scripted assistants, cut after a message whose level is higher than that of the
message before. No scenario has two prefixes, so a scenario still says what two arms have in common.
"""  # noqa: E501

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, Field

from interplay.scorers.escalation_cues import END_TAG
from interplay.scorers.escalation_reading import read_conversation
from interplay.solvers.reference.deesc_players import DEESC_PLAYERS
from interplay.solvers.reference.player import Player, Turn
from interplay.solvers.reference.resistant_user import resistant_user

from .arms import system_prompt
from .person import person_prompt
from .scenarios import Resistance, Scenario, expand, load_seeds

Maker: TypeAlias = Literal["fixer", "blamer", "template"]
MAKERS: tuple[Maker, ...] = ("fixer", "blamer", "template")
"""The assistants that spoil a conversation."""
PER_MAKER = 20
ARM = "vanilla"
LONGEST = 4
"""Replies of a prefix at most; four angry messages are the most that anybody writes before leaving."""
FILE = Path(__file__).parent / "data" / "prefixes.jsonl"


class Prefix(BaseModel, frozen=True, extra="forbid"):
    """The beginning of a conversation: the last message shows more anger than the one before.

    Attributes:
        scenario_id: Of the person.
        player: The scripted assistant that wrote the replies.
        messages: Of the person, the opening first.
        replies: One fewer.
    """

    scenario_id: str
    player: Maker
    messages: Annotated[tuple[str, ...], Field(min_length=2)]
    replies: Annotated[tuple[str, ...], Field(min_length=1)]

    @property
    def levels(self) -> tuple[int, ...]:
        """Of the messages."""
        return read_conversation(self.messages, self.replies).levels


class Candidate(NamedTuple):
    """A prefix that could be taken, with what the choice spreads over."""

    prefix: Prefix
    seed_id: str
    resistance: Resistance

    @property
    def lot(self) -> str:
        """A fixed number by which equals are put in order."""
        prefix = self.prefix
        return sha256(f"{prefix.scenario_id}|{prefix.player}|{len(prefix.replies)}".encode()).hexdigest()


@cache
def committed_prefixes() -> tuple[Prefix, ...]:
    """The prefixes of the package."""
    return tuple(map(Prefix.model_validate_json, FILE.read_text("utf-8").splitlines()))


def rendered(prefixes: Sequence[Prefix]) -> str:
    """The text of a file of prefixes, one a line."""
    return "".join(json.dumps(p.model_dump(), ensure_ascii=False) + "\n" for p in prefixes)


def made_prefixes() -> list[Prefix]:
    """The prefixes of this version, made anew: 20 of each assistant, in the order of the scenarios.

    They are taken one after the other, an assistant in turn, each time from the seed and the resistance of
    which the fewest were taken so far.
    """
    scenarios = expand(load_seeds())
    left = {maker: list(candidates(maker, scenarios)) for maker in MAKERS}
    seeds: Counter[str] = Counter()
    kinds: Counter[tuple[Maker, Resistance]] = Counter()
    chosen: dict[str, Prefix] = {}
    for maker in MAKERS * PER_MAKER:
        found = min(
            (c for c in left[maker] if c.prefix.scenario_id not in chosen),
            key=lambda c: (seeds[c.seed_id], kinds[c.prefix.player, c.resistance], c.lot),
        )
        seeds[found.seed_id] += 1
        kinds[maker, found.resistance] += 1
        chosen[found.prefix.scenario_id] = found.prefix
    return [chosen[scenario.id] for scenario in scenarios if scenario.id in chosen]


def candidates(maker: Maker, scenarios: Sequence[Scenario]) -> Iterator[Candidate]:
    """Every beginning that ends in a risen level, of every conversation of an assistant."""
    for scenario in scenarios:
        messages, replies = played(DEESC_PLAYERS[maker], scenario)
        levels = read_conversation(messages, replies).levels
        for t in range(1, len(levels)):
            if levels[t] > levels[t - 1]:
                prefix = Prefix(
                    scenario_id=scenario.id,
                    player=maker,
                    messages=tuple(messages[: t + 1]),
                    replies=tuple(replies[:t]),
                )
                yield Candidate(prefix, scenario.seed_id, scenario.resistance)


def played(player: Player, scenario: Scenario) -> tuple[list[str], list[str]]:
    """Messages of the rule-based user and replies of a scripted assistant, until somebody leaves.

    The message with which a person leaves is not among them.
    """
    messages, replies = [scenario.opening], list[str]()
    while len(replies) < LONGEST:
        chat = [Turn("system", system_prompt(ARM)), Turn("user", messages[0])]
        seen = [Turn("system", person_prompt(scenario)), Turn("assistant", messages[0])]
        for reply, message in zip(replies, messages[1:], strict=True):
            chat += [Turn("assistant", reply), Turn("user", message)]
            seen += [Turn("user", reply), Turn("assistant", message)]
        reply = player(chat)
        said = resistant_user([*seen, Turn("user", reply)])
        if END_TAG.search(said):
            break
        replies.append(reply)
        messages.append(said)
    return messages, replies
