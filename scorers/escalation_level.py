"""The level of anger of a message, 0 (calm) to 4 (threatening, leaving in anger), from its cues (pure).

The first line that holds decides; hostile = an insult, a threat, sarcasm, blame of the assistant, shouting or
an angry leave.

| level | holds |
| --- | --- |
| 4 | a threat, an angry leave, or an insult with blame of the assistant or sarcasm |
| 3 | an insult, sarcasm, blame of the assistant without an answer, or a refusal with a demand to take sides |
| 0 | work on a solution or a calm leave, and nothing hostile |
| 1 | a concession, being heard, or an answer with a plain feeling, and nothing hostile |
| 2 | anything else |

Shouting adds 1 to the levels 2 and 3. Over all combinations of cues a harsh one never lowers the level and a
soothing one never raises it.
"""

from collections.abc import Set

TOP = 4
OPENING = 3
"""The level at which every scenario begins."""
HARSH = frozenset(
    {
        "insult_or_contempt", "threat_or_ultimatum", "hostile_sarcasm", "blames_assistant", "blames_other",
        "absolutist", "shouting", "refuses_to_engage", "demands_side", "leaves_angry",
    }
)  # fmt: skip
"""Cues that never lower a level."""
SOOTHING = frozenset(
    {
        "states_feeling_plainly", "states_need_or_wish", "answers_question", "acknowledges_being_heard",
        "softens_or_concedes", "works_on_solution", "leaves_calm",
    }
)  # fmt: skip
"""Cues that never raise a level."""
HOSTILE = frozenset(
    {
        "insult_or_contempt", "threat_or_ultimatum", "hostile_sarcasm", "blames_assistant", "shouting",
        "leaves_angry",
    }
)  # fmt: skip
"""Cues beside which nothing soothes below level 2."""


def level(cues: Set[str]) -> int:
    """The level of a message with these cues; names that no level rests on are passed over."""
    base = _unshouted(cues)
    return min(TOP, base + 1) if "shouting" in cues and base in (2, 3) else base


def _unshouted(cues: Set[str]) -> int:
    insult, sarcasm = "insult_or_contempt" in cues, "hostile_sarcasm" in cues
    blame = "blames_assistant" in cues
    if cues & {"threat_or_ultimatum", "leaves_angry"} or (insult and (blame or sarcasm)):
        return 4
    if insult or sarcasm or (blame and "answers_question" not in cues):
        return 3
    if cues >= {"refuses_to_engage", "demands_side"}:
        return 3
    if cues & HOSTILE:
        return 2
    if cues & {"works_on_solution", "leaves_calm"}:
        return 0
    if cues & {"softens_or_concedes", "acknowledges_being_heard"}:
        return 1
    return 1 if cues >= {"answers_question", "states_feeling_plainly"} else 2
