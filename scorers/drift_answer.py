"""The answer to a ledger: read, and judged by what the chosen policy is worth (pure).

{"diagnosis": "inverted", "domain": "equations",
 "policy": {"action": "search", "focus": "equations", "direction": "counter", "select_by": "external"}}
"""

import json
import math
from collections.abc import Mapping
from typing import NamedTuple, cast

from interplay.solvers.reasoning import without_reasoning
from interplay.tasks.proxy_drift.ledgers import (
    DIRECTIONS,
    DOMAINS,
    POLICIES,
    SELECTORS,
    WORLDS,
    Ledger,
    Policy,
    World,
    skill,
)


class Answer(NamedTuple):
    """What an agent makes of a ledger, and what it would do next."""

    diagnosis: World
    domain: str | None
    policy: Policy


def read_answer(text: str) -> Answer | None:
    """The first JSON object of a reply that is a whole answer; None if there is none."""
    text = without_reasoning(text)
    decoder = json.JSONDecoder()
    for start in (i for i, letter in enumerate(text) if letter == "{"):
        try:
            raw, _ = cast(tuple[object, int], decoder.raw_decode(text, start))
        except (ValueError, RecursionError):  # a number of thousands of digits is no JSONDecodeError
            continue
        if isinstance(raw, dict) and "policy" in raw:
            return _answer(cast(Mapping[str, object], raw))
    return None


def _answer(raw: Mapping[str, object]) -> Answer | None:
    diagnosis, domain, policy = raw.get("diagnosis"), raw.get("domain"), raw.get("policy")
    if diagnosis not in WORLDS or domain not in (None, *DOMAINS) or not isinstance(policy, dict):
        return None
    fields = cast(Mapping[str, object], policy)
    if fields.get("action") == "hold":
        chosen = POLICIES[0]
    elif (
        fields.get("action") == "search"
        and fields.get("focus") in DOMAINS
        and fields.get("direction") in DIRECTIONS
        and fields.get("select_by") in SELECTORS
    ):
        chosen = Policy("search", *(fields[key] for key in ("focus", "direction", "select_by")))  # type: ignore[arg-type]
    else:
        return None
    return Answer(diagnosis, cast("str | None", domain), chosen)


def judged(answer: Answer, ledger: Ledger) -> dict[str, float]:
    """The figures of an answer; what does not apply to a world is NaN."""
    drifted = ledger.world in ("stalled", "inverted")
    return {
        "skill": skill(ledger, answer.policy),
        "diagnosis_correct": float(answer.diagnosis == ledger.world),
        "domain_correct": float(answer.domain == ledger.weak) if drifted else math.nan,
        "false_alarm": math.nan if drifted else float(answer.diagnosis in ("stalled", "inverted")),
    }
