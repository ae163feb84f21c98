"""Consent, refusal, hesitation and changes of mind in a masked sentence (pure).

"yes, C is open on my map" -> accept, about the first cell
"before i say yes, what is at C?" -> the answer is put off
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .route_acts import Accept, Act, Adopt, Doubt, Reject, Withdraw
from .route_cues import Cue, cues
from .route_roles import Masked, is_negated
from .route_steps import Mention, Step

_AFTER_ACCEPT = re.compile(
    r"^\s*(?:[,.!:;–—-]|to [CH]|on [CH]|with [CH]|and\b|then\b|so\b|let|next|how|what|shall|now\b|i\b|C|H)"
)
_AFTER_NOD = re.compile(
    r"^\s*(?:$|[,.!:;–—-]|so\b|then\b|let|next\b|we\b|we'|i\b|i'|now\b|and\b|but\b|with (?:me|that)\b"
    r"|by me|C|H|it\b"
    r"|to me|as\b|for me|sounds|agreed|yes|moving|going|token)"
)
_PUTS_OFF = re.compile(r"^before|^not yet|\bfirst\b|\bwait\b.")
_LONE = re.compile(r"^[.! ]*$")
_SUPPOSED = re.compile(r"\b(?:if|unless|once|when|whether|until) [^,]*$")
_SUPPOSED_REFUSAL = re.compile(r"\b(?:if|unless|once|when|whether|in case|might|could) [^,]*$")
_CONDITION = re.compile(
    r"^[^,;]*,? but only\b"
    r"|^[^,;]*\b(?:only (?:to|for|up to|as far as|the first|half)|in part|partly|if|provided|as long as"
    r"|on condition|unless|assuming|in (?:principle|general|theory))\b"
)
_BUT = re.compile(r"^[^.;]{0,40}\b(?:but|however)\b")
_NO_BEFORE = re.compile(r"[,:—–-]\s*$|\b(?:so|but|then|sorry|wait)[, ]+$")
_FIRM = re.compile(
    r"^(?:no|nope|nah|no way|no go|negative|veto|hard no|disagree|reject|refuse|i (?:must|have to|need to"
    r"|would)? ?"
    r"(?:reject|refuse|decline|object|oppose|veto|disagree)|i object|rejected|refused|let's not"
    r"|please don't|stop"
    r"|action)"
)
_GROUNDS = re.compile(r"[^CH]*?[,;:–—]? ?\b(?:because|since|given that)\b")
"""The reason of a refusal follows; the cells in it are not all that is refused."""
MADE = re.compile(
    r"[CH],?:? (?:(?:is|that's|it's|and|now|all|that is|yes|then|has been|again|once more|already|just),? )*"
    r"(?:done|made|taken|executed|completed?|walked|played|reached|behind us"
    r"|ok(?:ay)?|fine|sure"
    r"|(?:(?:my|your|the|our|first|second|both|one|two) ){0,2}keys? (?:is |are )?(?:now )?"
    r"(?:collected|taken|picked up|in hand|ours|got))\b(?! (?:with|by|for) you)"
)
"""A step that is told as agreed or done: "South, done", "(0,1) ok"."""


class Decision(NamedTuple):
    """A decision and its place; `answers` says that it may answer a question about the claimed cells."""

    at: int
    act: Act
    answers: bool = False

    def with_cells(self, chosen: tuple[Step, ...]) -> Act:
        """The act, with the cells that it may be about."""
        if not self.answers:
            return self.act
        if isinstance(self.act, Accept):
            return self.act._replace(about=tuple(s for s in chosen if isinstance(s, Mention)))
        return Reject(chosen) if isinstance(self.act, Reject) else self.act


def decisions(masked: Masked, moves: bool) -> Iterator[Decision]:
    """The decisions of a sentence in order.

    Args:
        masked: The sentence.
        moves: It proposes a step or states a position, so consent is not to a notation alone.
    """
    about_naming = not moves and cues().notation.search(masked.text) is not None
    if not masked.question and (told := MADE.search(masked.text)):
        yield Decision(told.start(), Accept(), True)
    for cue in masked.cues:
        if cue.kind in ("accept", "nod", "yield"):
            yield from _consent(masked, cue, about_naming)
        elif cue.kind == "reject":
            yield from _refusal(masked, cue)
        elif cue.kind == "doubt":
            words = masked.text[cue.start : cue.end]
            yield Decision(cue.start, Doubt(_PUTS_OFF.search(words) is not None))
        elif cue.kind == "withdraw":
            yield Decision(cue.start, Withdraw())


def _consent(masked: Masked, cue: Cue, about_naming: bool) -> Iterator[Decision]:
    before, rest = masked.text[: cue.start], masked.text[cue.end :]
    begins = cue.start <= 1
    if masked.question and not (begins and _AFTER_ACCEPT.match(rest) and len(rest) > 3):
        return
    if cue.kind == "nod" and not (begins and _AFTER_NOD.match(rest)):
        return
    if _SUPPOSED.search(before):
        return
    if cue.kind == "accept" and about_naming:
        yield Decision(cue.start, Adopt())
    elif cue.kind == "accept" and is_negated(masked, cue):
        yield Decision(cue.start, Doubt())
    else:
        if _BUT.match(rest):
            yield Decision(cue.end, Doubt())
        if cue.kind == "accept":
            yield Decision(cue.start, Accept(0 if _CONDITION.match(rest) else 2), True)
        else:
            lone = begins and _LONE.match(rest) is not None
            yield Decision(cue.start, Accept(1, (), cue.kind == "yield", lone), True)


def _refusal(masked: Masked, cue: Cue) -> Iterator[Decision]:
    before, words = masked.text[: cue.start], masked.text[cue.start : cue.end]
    if cue.start > 1 and (masked.question or (words == "no" and not _NO_BEFORE.search(before))):
        return
    if _SUPPOSED_REFUSAL.search(before):
        return
    if _GROUNDS.match(masked.text, cue.end):
        yield Decision(cue.start, Reject(whole=True))
    elif _FIRM.match(words):
        yield Decision(cue.start, Reject(), True)
    elif not masked.spots:
        yield Decision(cue.start, Reject(firm=False))
