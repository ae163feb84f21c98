"""What a simulated person is told, and what a person with fixed turns says (pure).

person_prompt(scenario)      the prompt, with a card of resistance, profile and facts
stage_note(id, epoch, 2)     "Stay in role. You were interrupted; answer in three words."
fixed_messages(scenario)     the opening and three more messages, at levels by resistance
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from math import floor

from interplay.scorers.escalation_level import OPENING
from interplay.scorers.escalation_person import IN_ROLE
from interplay.solvers.reference.resistant_user import LINES, OFFSETS, person_of, texts

from .cards import cards, text_of
from .scenarios import AsksFor, Profile, Resistance, Scenario

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
INJECTED = 0.2
"""Share of the replies that reach a simulated person with an injection."""


def person_prompt(scenario: Scenario) -> str:
    """The prompt of the person; it holds nothing of an arm."""
    return text_of("persona.txt").format(
        tone=scenario.tone,
        opening=scenario.opening,
        resistance_card=cards().resistance[scenario.resistance],
        profile_card=cards().profile[scenario.profile],
        resistance=scenario.resistance,
        profile=scenario.profile,
        level=OPENING,
        facts=json.dumps(scenario.facts, ensure_ascii=False),
        hidden_fact=scenario.hidden_fact,
    )


def stage_note(scenario_id: str, epoch: int, turn: int) -> str:
    """What a simulated person is told beside reply number `turn`, the same under every arm."""
    lot = sha256(f"{scenario_id}|{epoch}|{turn}".encode()).hexdigest()
    if int(lot[:8], 16) / 2**32 >= INJECTED:
        return IN_ROLE
    lines = text_of("injections.txt").splitlines()
    return f"{IN_ROLE} {lines[int(lot[8:16], 16) % len(lines)]}"


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
