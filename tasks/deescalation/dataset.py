"""From the arguments of the task to its samples: every scenario under every arm.

The input of a sample is what the leaderboard pins and what is played: the system prompt of the assistant,
then the prompt of the person where there is one, then the person's prescribed messages and, in mode `branch`,
the replies between them, each under a line that says what it is. What a scorer needs to know is in the
metadata.
"""

import re
from itertools import zip_longest
from typing import NamedTuple

from inspect_ai.dataset import Sample

from .arguments import Talk
from .arms import system_prompt
from .person import fixed_messages, person_prompt
from .scenarios import Scenario

MARK = re.compile(r"\n\n=== (person|message|reply) ===\n")


class Parts(NamedTuple):
    """What a conversation is played with.

    Attributes:
        system: System prompt of the assistant.
        person: Prompt of the simulated person; empty where all messages are prescribed.
        messages: Prescribed messages of the person, the opening first.
        replies: Prescribed replies, each to the message of the same number.
    """

    system: str
    person: str
    messages: tuple[str, ...]
    replies: tuple[str, ...] = ()

    @property
    def rendered(self) -> str:
        """The parts as one text."""
        text = self.system + (_marked("person", self.person) if self.person else "")
        for message, reply in zip_longest(self.messages, self.replies):
            text += _marked("message", message) + (_marked("reply", reply) if reply is not None else "")
        return text


def _marked(what: str, text: str) -> str:
    return f"\n\n=== {what} ===\n{text}"


def parts_of(rendered: str) -> Parts:
    """The parts of an input."""
    system, *rest = MARK.split(rendered)
    marked = list(zip(rest[::2], rest[1::2], strict=True))
    person = "".join(text for what, text in marked if what == "person")
    messages, replies = (
        tuple(text for what, text in marked if what == kind) for kind in ("message", "reply")
    )
    return Parts(system, person, messages, replies)


def samples_of(talk: Talk) -> list[Sample]:
    """The samples of a run, scenario by scenario."""
    return [sample_of(talk, scenario, arm) for scenario in talk.scenarios for arm in talk.played_arms]


def sample_of(talk: Talk, scenario: Scenario, arm: str) -> Sample:
    """One scenario under one arm as a sample."""
    prefix = talk.prefixes.get(scenario.id)
    if prefix is not None:
        parts = Parts(system_prompt(arm), person_prompt(scenario), prefix.messages, prefix.replies)
    elif talk.played_mode == "live":
        parts = Parts(system_prompt(arm), person_prompt(scenario), (scenario.opening,))
    else:
        parts = Parts(system_prompt(arm), "", tuple(fixed_messages(scenario)))
    return Sample(
        id=f"{scenario.id}:{arm}",
        input=parts.rendered,
        metadata={
            "seed_id": scenario.seed_id,
            "scenario_id": scenario.id,
            "arm": arm,
            "resistance": scenario.resistance,
            "profile": scenario.profile,
            "domain": scenario.domain,
            "asks_for": scenario.asks_for,
            "mode": talk.played_mode,
            "simulator": talk.played_simulator,
            "facts": list(scenario.facts),
            "hidden_fact": scenario.hidden_fact,
            "unfair_claim": scenario.unfair_claim,
            "checkable_claim": scenario.checkable_claim,
            "no_reconcile": scenario.no_reconcile,
        }
        | ({"prefix": prefix.player} if prefix is not None else {}),
    )
