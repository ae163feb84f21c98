"""What a cell or direction is doing in a masked sentence: proposed, stated, refused, … (pure).

    "agreed, we're at C, so next i propose C" -> echo of nothing, position, propose

It takes its role from the nearest cue before it, else from one after it; standing alone it is proposed.
"""

import re
from typing import Literal, NamedTuple

from .route_cues import Cue, cues

Role = Literal["propose", "echo", "future", "position", "recap", "reject", "aside", "bare", "none"]

SHORT = 40
"""A step that stands alone in fewer characters than this is a proposal."""
NEARBY = 30
"""A cue that follows a step belongs to it within so many characters."""
NEAR_REFUSAL = 25
"""A refusal covers a step that follows it within so many characters, whatever lies between."""

_NEGATED = re.compile(r"(?:\bnot|n't|\bcannot|\bnever|\bavoid|\bwithout|\bstop|\bno longer)\s+(?:\w+\s+)?$")
_LEFT_OUT = re.compile(
    r"\b(?:(?<!why )(?<!if )(?<!or )not (?:yet )?(?:to |for |with )|except (?:for |to )?)"
    r"(?:the |cell |square |step )*$"
)
"""What comes is left out of what is consented to: "yes to (0,1), but not to (0,2)"."""
_REFUSES_TO = re.compile(r"(?!rather).{6} ?(?:with|to|on|about)? ?(?:the |your )?")
_ORIGIN = re.compile(r"^ (?:the |cell |there, )*C(?:[:,]|, i'd| i'd| we)(?! so| which| where| that| and)")
"""Where a list of steps starts; what follows is the list."""
_REASON = re.compile(
    r"\b(?:because|since|given that|as)\b"
    r"(?![^:]*\b(?:walls?|blocked|closed|hidden|no|not|only|keys?)\b)[^CH:]*:"
)
"""A reason that a colon ends."""
_ON_CONDITION = re.compile(
    r",? (?:but )?(?:only )?(?:if|provided|assuming|as long as|on (?:the )?condition)(?: that)?"
    r"(?: you (?:have|see))?(?: both)? (?:the |cells? |both )*(?:C(?:,? and |,? or |, ))*(?:the |cell )*$"
)
"""What is asked for hangs on this cell: "then (0,1), (0,2), if (0,1) is open for you"."""
_SUPPOSED = re.compile(
    r"\b(?:if|when|once|before|after|until|unless|because|since|why|how|where|whether|while)\s+$"
)
_LEAVES_IT = re.compile(r"\b(?:if|in case) you(?:'d| would| do)? (?:rather|prefer|like|want)[^,]*$")
"""What follows is up to the other: "in case you would rather go by (2,2)"."""
_GERUND = re.compile(
    r"^(?:going|moving|stepping|heading|taking|trying|using|via|through|crossing|entering)\b"
)
_CLAUSE = re.compile(
    r"^[^,.;:→]{0,24}\b(?:takes?|costs?|is|isn't|would|wastes?|leads?|means|seems|looks|makes|gets|gives"
    r"|requires"
    r"|needs|adds|saves|avoids|lets|won't|doesn't)\b(?! us)"
)
_WEAK = re.compile(
    r"^(?:move|go|step|head|moving|going|stepping|then|take|next|via|through|to|back|continue|turn|return"
    r"|use|walk"
    r"|follow|on to|after (?:that|this))\b"
)
_ASKS_WHERE = re.compile(r"\b(?:where|why(?! not| don't)|when|who|how(?! about)|which|does|did)\b")
_ASKS_FIRST = re.compile(r"^(?:do|can|could|what|which|is|are|does|have|how|where)\b")
_FOLLOWS = re.compile(
    r"^(?:next|after (?:it|that|this)|again|(?:another|a second|one more) time|once more|one more|then"
    r"|(?:(?:would|will) )?(?:collect|fetch|grab|picks up|takes|gets)|(?:my|our|the|this|first|last"
    r"|final|new|proposed|counter|i"
    r"|would)[a-z' -]*"
    r"(?:propos|suggest|next|pick|choice|move|step)|propos|suggest|would)"
)
_HENCE = re.compile(r"[,;] (?:so|hence|therefore|which leaves)\b")
_CORRECTS = re.compile(r"correction|mean|make|rather")
_INSTEAD = re.compile(r"\binstead\b|\brather\b")
_STEP = re.compile(r"[CH]")
_ASKED_LAST = re.compile(r": H\?$")
_COLON_BEFORE = re.compile(r"[:–—]\s*(?:the |my |your |back |on to )*$")
_NOTHING_AFTER = re.compile(r"^[\s.!?)\"']*$")
_LABEL = re.compile(r"^C(?:(?:, | and )C)*: [^CH]*$")
_IS_AIM = re.compile(r"^,? (?:is|being) (?:(?:the|my|your|our) )(?:goal|star|key|treasure|target|exit)[.!]*$")
"""What a list ends on: "(0,1), (0,2), and (0,3) is the goal"."""
_ONWARD_BEFORE = re.compile(
    r"^(?:now|then|and|so|on|finally|last(?:ly)?|also|plus|back|onwards?)\b[^CH]{0,24}$"
)
_PERCEIVED = re.compile(
    r"\b(?:see|map|walls?|open|hidden|known|blocked|ends?|cells|keys|position|token|start|i have"
    r"|mine shows|unknown"
    r"|free)\b[^.]*$"
)
_STATED = re.compile(
    r"\b(?:walls?|blocked|hidden|open|free|clear|see|unknown|visible|not|too|as well|(?<!for"
    r" )(?:yours|mine)|mean"
    r"|means|becomes?"
    r"|equals?)\b"
)
_VERBAL = re.compile(
    r"\b(?:is|are|was|were|be|been|have|has|had|need|needs|know|think|want|get|gets|got|would|could"
    r"|should|can|will|do"
    r"|does|did|lead|leads|look|looks|seems?|say|says|said|ask|asked|mean|means|because|since|why|which"
    r"|that|if"
    r"|leaves?|gives?|makes?|puts?|like|use)\b|'d\b|'ve\b|(?<!let)'s\b|'re\b|'ll\b"
)
_WEIGHS = re.compile(r"\bwould\b.*\bbe (?:any |much )?(?:better|shorter|quicker|faster|worse|cheaper)\b")
"""A question that weighs another way asks for none."""
_ALIKE = re.compile(
    r"[CH][^?]*\b(?:or|and|versus|vs)\b[^?]*[CH][^CH?]*\b(?:(?:no|any|little) (?:real )?difference"
    r"|equal(?:ly)?|tied?|(?:the )?same (?:length|distance|number|count|thing)|(?:just )?as (?:long|far)"
    r"|equivalent)\b"
)
"""Two ways that are found to be alike are weighed, not asked for: "(0,1) or (1,0), it's the same length"."""
FILLER = re.compile(
    r"^(?:[\s,:;(\[\"'|-]|→|C|the|cell|square|my|your|our|key|goal|at|is|on|a|tile|position|final|next"
    r"|and|or|then|to|in|finally|lastly"
    r"|onto|of|H|i\.e|row|open|also|by|step|steps|one|=|\.)*$"
)
"""Words that may stand between a cue and the step it governs."""


class Masked(NamedTuple):
    """A masked sentence: its text, its cues, the places of its steps, whether it is a question."""

    text: str
    cues: tuple[Cue, ...]
    spots: tuple[int, ...]
    question: bool


def is_negated(masked: Masked, cue: Cue) -> bool:
    """The words before the cue turn it round: "we can't move to"."""
    return _NEGATED.search(masked.text[: cue.start]) is not None


def is_weak(masked: Masked, cue: Cue) -> bool:
    """The cue also occurs where nothing is proposed: "you can go to"."""
    return _WEAK.match(masked.text[cue.start : cue.end]) is not None


def weighs(masked: Masked, cue: Cue | None) -> bool:
    """The sentence compares ways, and no cue of its own asks for the step: "would (0,1) be any shorter?"."""
    if masked.question:
        return _WEIGHS.search(masked.text) is not None
    plain = cue is None or is_weak(masked, cue)
    return plain and len(masked.spots) > 1 and _ALIKE.search(masked.text) is not None


def replaces(masked: Masked, at: int) -> bool:
    """The step stands in place of another; one that follows the corrected step goes on from it."""
    if cues().instead.search(masked.text) is None:
        return False
    changed = [cue.end for cue in masked.cues if cue.kind == "withdraw" and cue.end <= at]
    return not (changed and any(changed[-1] <= spot < at for spot in masked.spots))


def role_of(masked: Masked, at: int) -> tuple[Role, Cue | None]:
    """The role of the step at a place of the sentence, and the cue that gives it."""
    text = masked.text
    if ("not " in text or "except " in text) and _LEFT_OUT.search(text[:at]):
        return "reject", None
    if "C" in text[:at] and _ON_CONDITION.search(text[:at]) and _STATED.search(text[at : at + NEARBY]):
        return "none", None
    if masked.question and text[at] == "H" and _ASKED_LAST.match(text, max(0, at - 2)):
        return "propose", None  # "Tell me if it is a dead end before you agree: left?"
    asks_to_see = masked.question and (
        cues().perception.search(masked.text) is not None or _ASKS_WHERE.search(masked.text) is not None
    )
    for cue in reversed(masked.cues):
        if cue.end > at:
            if cue.start <= at and cue.kind == "withdraw":
                return "none", cue
            continue
        role = _by_cue_before(masked, at, cue, asks_to_see)
        if role is not None:
            return role
    for cue in masked.cues:
        if cue.start >= at:
            role = _by_cue_after(masked, at, cue, asks_to_see)
            if role is not None:
                return role
            if cue.kind == "aside":
                break
    return ("none" if asks_to_see else "bare"), None


def _by_cue_before(masked: Masked, at: int, cue: Cue, asks_to_see: bool) -> tuple[Role, Cue | None] | None:
    text, kind = masked.text, cue.kind
    if kind == "doubt" and text.startswith(" of ", cue.end) and FILLER.match(text[cue.end : at]):
        return "aside", cue  # "instead of (0,1)"
    if kind in ("neutral", "doubt", "ask"):
        return None
    if kind == "aside" and text[cue.start : cue.end] == "from" and _ORIGIN.match(text[cue.end : at]):
        return None  # "from (0,1): down to (1,1), right to (1,2)"
    if kind == "aside" and ":" in text[cue.end : at] and ends_reason(masked, at):
        return None
    if kind == "propose":
        words = text[cue.start : cue.end]
        if words == "again" or words.endswith(" time") or _is_refused(masked, cue):
            return None
        if is_negated(masked, cue):
            return "reject", cue
        if _SUPPOSED.search(text[: cue.start]) and "," not in text[cue.end : at]:
            return "none", cue
        if _GERUND.match(words) and _CLAUSE.match(text[at + 1 :]):
            return "none", cue  # "going by (3,0) takes longer"
        if _LEAVES_IT.search(text[: cue.start]):
            return "none", cue
        asks = asks_to_see and (_ASKS_WHERE.search(text[: cue.start]) or _ASKS_FIRST.match(text))
        if asks and is_weak(masked, cue):
            return "none", cue
        return "propose", cue
    if kind == "reject":
        if cue.start == 0 and text.startswith("no") and _INSTEAD.search(text):
            return "propose", cue
        between = text[cue.end : at]
        if _HENCE.search(between):
            return None  # "(1,0) is a wall, so right is the better choice"
        if text.startswith("that", cue.start) and between.endswith(": "):
            return "propose", cue  # "wait, that is a wall for me: (0,1)"
        return ("reject" if len(between) < NEAR_REFUSAL or FILLER.match(between) else "none"), cue
    if kind == "withdraw":
        between = text[cue.end : at].strip()
        corrects = (between[:1] in (":", ",", "-", "–", "—") and between) or _CORRECTS.search(
            text, cue.start, cue.end
        )
        return ("propose" if corrects else "none"), cue
    if kind == "nod" and cue.start > 1:
        return None  # "if that's open: down"
    if kind in ("accept", "nod", "yield"):
        after = next((c for c in masked.cues if c.start > at), None)
        if after and after.kind == "propose" and after.start <= at + 3 and _STEP.search(text[:at]):
            return "propose", after  # "(0,1) accepted, (0,2) next"
        return "echo", cue
    return _PLAIN_ROLES[kind], cue


def _is_refused(masked: Masked, cue: Cue) -> bool:
    """The words only name what a refusal right before them is about: "i don't agree to the step"."""
    return any(
        c.kind == "reject" and c.end <= cue.start and _REFUSES_TO.fullmatch(masked.text, c.end - 6, cue.start)
        for c in masked.cues
    )


def ends_reason(masked: Masked, at: int) -> bool:
    """The step stands behind the reason why it is asked for: "two, since both are open: (0,1), (0,2)"."""
    reason = _REASON.search(masked.text, 0, at)
    if not reason or not FILLER.match(masked.text[reason.end() : at]):
        return False
    before = [c for c in masked.cues if c.kind == "propose" and c.end <= reason.start()]
    return bool(before) and not _STEP.search(masked.text[before[-1].end : reason.start()])


_PLAIN_ROLES: dict[str, Role] = {
    "aside": "aside",
    "future": "future",
    "position": "position",
    "recap": "recap",
}


def _by_cue_after(masked: Masked, at: int, cue: Cue, asks_to_see: bool) -> tuple[Role, Cue | None] | None:
    text, kind = masked.text, cue.kind
    if kind in ("accept", "yield"):
        return "echo", cue
    if kind == "aside" and cue.start == at + 2 and text.startswith("would be", cue.start):
        return "aside", cue
    if kind == "reject":
        return "reject", cue
    if kind == "position":
        follows = text[at] == "C" and not _STEP.search(text[at + 1 : cue.start])
        return ("position", cue) if follows else None
    if kind == "doubt":
        return ("propose", cue) if text.startswith("instead", cue.start) else None
    if kind != "propose":
        return None
    if is_negated(masked, cue):
        return "reject", cue
    words = text[cue.start : cue.end]
    if asks_to_see and not words.startswith("next"):
        return None
    if cue.start > at + NEARBY or not _FOLLOWS.match(words) or _STEP.search(text[at + 1 : cue.start]):
        return None
    agreed = any(c.kind == "accept" and c.start > at for c in masked.cues)
    return ("echo" if agreed else "propose"), cue


def stands_alone(masked: Masked, first: int, last: int) -> bool:
    """Nothing but the steps is said, or they follow "now", "and", or a colon at the end of the sentence."""
    opening, ending = masked.text[:first], masked.text[last + 1 :]
    if _COLON_BEFORE.search(opening) and _NOTHING_AFTER.match(ending):
        return not _PERCEIVED.search(opening)
    if first != last and _IS_AIM.match(ending):
        ending = ""
    if _LABEL.match(masked.text) or _STATED.search(masked.text) or _VERBAL.search(opening):
        return False
    if _ONWARD_BEFORE.match(opening):
        return True
    return len(masked.text) < SHORT + 2 * len(masked.spots) and not _VERBAL.search(ending)
