"""What a simulated person is told, and what a person with fixed turns says (pure).

person_prompt(scenario)      the prompt, with a card of resistance, profile and facts
fixed_messages(scenario)     the opening and three more messages, at levels by resistance
"""

import json
from collections.abc import Mapping
from functools import cache
from math import floor
from pathlib import Path

import yaml

from interplay.scorers.escalation_level import OPENING
from interplay.solvers.reference.resistant_user import LINES, OFFSETS, person_of, texts

from .scenarios import AsksFor, Profile, Resistance, Scenario

FOLDER = Path(__file__).parent / "simulator"
FIXED_LEVELS: Mapping[Resistance, tuple[int, int, int]] = {
    "low": (2, 2, 1),
    "medium": (3, 3, 2),
    "high": (3, 4, 3),
}
"""Levels of the messages after the opening."""
SIDE = "Just say I'm right."
ASKING: Mapping[AsksFor, Profile] = {
    "validation": "ack_seeking",
    "action": "solution_seeking",
    "vent": "venting",
}
"""Whose question the last fixed message ends with; who wants a side taken says so."""


@cache
def _file(name: str) -> str:
    return (FOLDER / name).read_text("utf-8").strip()


@cache
def _cards() -> dict[str, dict[str, str]]:
    return yaml.safe_load(_file("cards.yaml"))


def person_prompt(scenario: Scenario) -> str:
    """The prompt of the person; it holds nothing of an arm."""
    cards = _cards()
    return _file("persona.txt").format(
        tone=scenario.tone,
        opening=scenario.opening,
        resistance_card=cards["resistance"][scenario.resistance],
        profile_card=cards["profile"][scenario.profile],
        resistance=scenario.resistance,
        profile=scenario.profile,
        level=OPENING,
        facts=json.dumps(scenario.facts, ensure_ascii=False),
        hidden_fact=scenario.hidden_fact,
    )


def fixed_messages(scenario: Scenario) -> list[str]:
    """The person's messages where they answer to nothing: the opening, then a line and a fact each.

    The lines are those of the rule-based user, begun where that person's card says. The last message also
    says what the person wants.
    """
    start = floor(OFFSETS * person_of(person_prompt(scenario)).drawn("offset"))
    messages = [scenario.opening]
    for n, level in enumerate(FIXED_LEVELS[scenario.resistance]):
        fact = scenario.facts[n]
        messages.append(f"{texts().lines[level][(start + n) % LINES]} {fact[:1].upper()}{fact[1:]}.")
    asking = ASKING.get(scenario.asks_for)
    messages[-1] += f" {texts().ask[asking] if asking else SIDE}"
    return messages
