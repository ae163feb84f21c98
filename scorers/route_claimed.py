"""Whether a sentence only says what a cell is, or asks for it as well (pure).

"(0,2) is my key" -> said and no more; "then (0,1), (0,2), and (0,3) is my key" -> asked for, too
"""

import re

from .route_cues import Statement
from .route_roles import FILLER, Masked, ends_reason, is_weak

GOVERNS = ("propose", "position", "future", "accept", "nod", "yield", "aside", "recap")
"""Cues that keep their hold on a cell of which the sentence also says what it is."""

_STATES = re.compile(r" (?:is|looks|shows|seems)\b")
_IS = re.compile(r" ?(?:is|looks|shows|seems|'s|=)")
_COLON, _NOTHING = re.compile(r"[:–—]\s*$"), re.compile(r"^[\s.!?)]*$")
_LED_TO = re.compile(
    r"(?:H (?:again |on )?to|C →|C, (?:and )?(?:(?:then|finally|lastly) )+(?:to )?)(?: the)? ?$"
)
_LEADS_IN = re.compile(r"^(?:and|now|then|next|finally|last|so|from here|on)\b")
_RUN = re.compile(
    r"^(?:(?:and|now|then|next|so|ok|okay|first|finally)\b[,:]? )*C(?:(?:, and|, then| and| then|,|;| →) C)*"
    r",? (?:and|then)(?: then| finally)? $"
)
"""Steps that lead up to the key or goal: "so (0,1), (0,2) and (0,3) is the goal"."""


def takes(masked: Masked, at: int, claim: Statement) -> bool:
    """The claim is all that the sentence says of the cell; else it may be proposed or stated as well."""
    before = [cue for cue in masked.cues if cue.end <= at]
    nearest = before[-1] if before else None
    opening, ending = masked.text[:at], masked.text[at + 1 :]
    if not claim.after and claim.state == "open" and ends_reason(masked, at):
        return False
    alone = _COLON.search(opening) and _NOTHING.match(ending)
    aside = not claim.stated or ending.startswith(", which is ")  # "... down to (4,3), the goal."
    aside = aside or (opening.endswith("→ ") and _IS.match(ending) is None)  # "(3,3) → (4,3) goal"
    if claim.after and aside and claim.state in ("goal", "key") and _LED_TO.search(opening):
        return False
    if alone and claim.state in ("goal", "key", "start") and _LEADS_IN.match(masked.text):
        return False  # "And the goal: (4,3)."
    if claim.after and claim.state in ("goal", "key") and _RUN.match(opening):
        return False
    if nearest is None and claim.after and not claim.stated and claim.state in ("key", "goal"):
        return False
    if nearest is None or nearest.kind not in GOVERNS or not FILLER.match(masked.text[nearest.end : at]):
        return True
    if not claim.after:
        return False
    if nearest.kind == "position" and claim.state == "wall":
        return True  # "At (0,2) there is a wall."
    if nearest.kind in ("accept", "nod", "yield") and claim.stated:
        return True  # "Yes, (1,2) is open."
    weak = nearest.kind in ("propose", "accept") and is_weak(masked, nearest)
    return weak and _STATES.match(ending) is not None
