"""Seats that move a token each instead of the one they share (pure).

    1: My token is on (0,1) now.   2: Good, mine goes to (1,0).   -> True

What each seat walks for itself was agreed by nobody, however well the steps fit together.
"""

import re
from collections.abc import Sequence

from .route_game import Said

_OWN = re.compile(
    r"\b(?:my|your|own|each|both|two)(?: of our)? (?:own )?"
    r"(?:tokens?|pieces?|pawns?|markers?|figures?|avatars?)\b"
    r"|\b(?:mine|yours) (?:now )?(?:goes|moves|went|moved|stays|stayed|waits|walks|steps|stepped|follows)\b"
    r"|\bwith (?:mine|yours)\b|\bwhere are you\b(?! (?:seeing|looking))"
    r"|\b(?:i|you)(?:'ll)? (?:stay|stayed|wait) (?:at|on|here|put|where)\b"
    r"|\b(?:meet|see) you (?:again )?(?:at|on|there)\b"
    r"|\b(?:i|you)(?:'ll| will)? (?:follow|join|catch up with) (?:you|me)\b",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"\b(?:one|single|same|shared|only) (?:shared |common |single )?token\b|\bshare (?:one|a|the) token\b",
    re.IGNORECASE,
)


_WORDS = (
    "token", "piece", "pawn", "marker", "figure", "avatar", "mine", "yours", "are you", "stay", "wait",
    "meet you", "see you", "follow", "join", "catch up",
)  # fmt: skip
"""Without any of these words a note speaks of no token of its own, which is quick to see."""


def two_tokens(notes: Sequence[Said]) -> bool:
    """Both seats speak of tokens of their own, and neither has said since that there is only one."""
    told = "\n".join([said.text for said in notes]).lower()
    words = [word for word in _WORDS if word in told]
    if not words:
        return False
    seats: set[int] = set()
    for said in notes:
        text = said.text.lower()
        if "token" in text and _SHARED.search(text):
            seats.clear()
        elif any(word in text for word in words) and _OWN.search(text):
            seats.add(said.seat)
    return len(seats) > 1
