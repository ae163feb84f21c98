"""From the arguments of the task to its samples: every scenario under every arm.

The input of a sample is what the leaderboard pins and what is played: the system prompt of the assistant,
then the prompt of the person where there is one, then the person's prescribed messages, each under a line
that says what it is. What a scorer needs to know is in the metadata.
"""

from typing import NamedTuple

from inspect_ai.dataset import Sample

from .arguments import Mode, Talk
from .arms import system_prompt
from .person import fixed_messages, person_prompt
from .scenarios import Scenario

PERSON_MARK, MESSAGE_MARK = "\n\n=== person ===\n", "\n\n=== message ===\n"


class Parts(NamedTuple):
    """What a conversation is played with.

    Attributes:
        system: System prompt of the assistant.
        person: Prompt of the simulated person; empty where all messages are prescribed.
        messages: Prescribed messages of the person, the opening first.
    """

    system: str
    person: str
    messages: tuple[str, ...]

    @property
    def rendered(self) -> str:
        """The parts as one text."""
        person = f"{PERSON_MARK}{self.person}" if self.person else ""
        return self.system + person + "".join(MESSAGE_MARK + message for message in self.messages)


def parts_of(rendered: str) -> Parts:
    """The parts of an input."""
    prompts, *messages = rendered.split(MESSAGE_MARK)
    system, _, person = prompts.partition(PERSON_MARK)
    return Parts(system, person, tuple(messages))


def samples_of(talk: Talk) -> list[Sample]:
    """The samples of a run, scenario by scenario."""
    return [sample_of(scenario, arm, talk.mode) for scenario in talk.scenarios for arm in talk.played_arms]


def sample_of(scenario: Scenario, arm: str, mode: Mode) -> Sample:
    """One scenario under one arm as a sample."""
    if mode == "live":
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
            "mode": mode,
            "simulator": "rule" if mode == "live" else None,
            "facts": list(scenario.facts),
            "hidden_fact": scenario.hidden_fact,
            "unfair_claim": scenario.unfair_claim,
            "checkable_claim": scenario.checkable_claim,
            "no_reconcile": scenario.no_reconcile,
        },
    )
