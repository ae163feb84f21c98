"""Words of a note that mean something only beside the note before it, written out (pure).

"Anything against it?"  "No, go."      -> "Agreed, go."      nothing is refused
"Is there anything else?"  "No."       -> ""                 an answer, no refusal
"right is open", "Right, fine."        -> "east, fine."      the direction, not the assent
"Is (1,2) free?"       "Go there?"     -> "Go to (1,2)?"    the cell that was asked about
"4. down  5. down"  "OK to 4-5."       -> "OK."              consent by the numbers of moves
"""

import re
from collections.abc import Sequence
from functools import partial

_OBJECTIONS = re.compile(
    r"\b(?:any|anything|something|is there|are there|do you|does that|would that|have you)\b[^.?!]*"
    r"\b(?:objections?|against|object|concerns?|issues?|problems?|disagree|doubts?|mind|wrong with)\b"
    r"[^.?!]*\?\W*$",
    re.IGNORECASE,
)
"""A note that ends by asking what speaks against it: who says no agrees."""
_OBJECTS = ("object", "against", "concern", "issue", "problem", "disagree", "doubt", "mind", "wrong")
"""Without any of these words a note does not, which is quick to see."""
_AGREE = re.compile(r"\bagree[^?]*\?\W*$", re.IGNORECASE)
_YES = re.compile(r"^\W*(?:yes|yeah|yep|yup)\b[,.!]*\s*", re.IGNORECASE)
_ANYTHING_ELSE = re.compile(
    r"\b(?:any|anything|something|nothing)\b[^.?!]*\b(?:else|more|further|missing|left|other|add|forgotten|remaining)"
    r"\b[^.?!]*\?\W*$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:no|nope|none|nothing|not at all|nah)\b(?:[,.!;:–—-]+|(?=\s*$|\s*\n))\s*", re.IGNORECASE
)
_GO_THERE = re.compile(
    r"\b((?:go|move|step|head|moving|going|stepping)(?: on| over)?) there\b", re.IGNORECASE
)
_WHOLE = r"[(\[{<]\s*\w{1,2}\s*[,;|]\s*\w{1,2}\s*[)\]}>]|\b[A-Ha-h]\d\b|\b[rR]\d+\s?[cC]\d+"
_WHOLE_CELL = re.compile(_WHOLE)
_LAST_WORDS = 80
"""Characters before a question mark in which the cell stands that is asked about."""
_WAYS = re.compile(r"\b(?:up|down|left|north|south|west)\b", re.IGNORECASE)
_CELL = re.compile(rf"{_WHOLE}|\b(?:row|col)\w*\s*\d")
WAYS_FROM = 4
"""A dialogue with so many directions, and more of them than cells, is told in directions."""
_RIGHT = re.compile(
    r"(?P<before>^[\s>*•-]*(?:\*{0,2}(?:move|step)?\s*#?(?P<number>\d{1,2})[.):]\*{0,2}\s*)?|[.!?:]\s+)right"
    r"(?=\s*(?:[.,!?(–—]|-\s|onto\b|$))"
    r"(?!,? (?:so|then|that|that's|i|i'm|i'll|we|we're|you|and|good|agreed|let|let's|yes|ok|okay|my|your"
    r"|the|now|exactly|it|it's|there|but|this|both|as|just)\b)",
    re.IGNORECASE | re.MULTILINE,
)
"""Right where a step may stand: alone, or at the beginning of a sentence before a comma."""
_ANY_WAY = re.compile(r"\b(?:up|down|left|right|north|south|west|east)\b", re.IGNORECASE)
_LIST_NUMBER = re.compile(
    r"(?:^[\s>*•-]*(?:\*{0,2}(?:move|step|leg)s?\s*)?#?|\b(?:move|step|leg)s?\s+#?|#)(\d{1,2})\s*[.):]",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBERS = r"#?\d{1,2}(?:\s*(?:[-–,&+]|and|to|through|,\s*and)\s*#?\d{1,2})*"
_UNITS = r"(?:(?:moves?|steps?|legs?|numbers?|nos?\.)\s*)?"
_GOOD = r"(?:ok(?:ay)?|fine|agreed|accepted|confirmed|good|yes|approved|works?)"
_BY_NUMBER = re.compile(
    rf"(?P<open>^[\s>*•-]*|[.!;]\s+)(?:{_UNITS}(?P<first>{_NUMBERS})(?:\s*(?:is|are|both|all|:|-|–))*\s+{_GOOD}"
    rf"|(?:{_GOOD}|good|happy|fine)\s+(?:to|with|for|on)\s+{_UNITS}(?P<last>{_NUMBERS}))(?=\s*(?:[.,;!(]|$))",
    re.IGNORECASE | re.MULTILINE,
)
"""Consent to moves by their numbers."""
_DIGITS = re.compile(r"\d+")


def in_context(texts: Sequence[str]) -> list[str]:
    """The texts of a dialogue, each with such words written out."""
    by_ways = _tells_ways(texts)
    told: list[str] = []
    last = 0
    for number, text in enumerate(texts):
        before = texts[number - 1] if number else ""
        after = texts[number + 1] if number + 1 < len(texts) else ""
        if "there" in text:
            text = _with_there(text, before)
        if before.rstrip(" *_\n\"')").endswith("?") or "?" in before[-60:]:
            text = _answered(text, before)
        if by_ways:
            text = _with_right(text, before, after)
            if last:
                text = _BY_NUMBER.sub(partial(_consent, last), text)
            numbers = [int(n) for n in _LIST_NUMBER.findall(texts[number])]
            last = numbers[-1] if numbers else last
        told.append(text)
    return told


def _tells_ways(texts: Sequence[str]) -> bool:
    """The dialogue is told in directions."""
    folded = "\n".join(texts).casefold()
    if sum(folded.count(way) for way in ("up", "down", "left", "north", "south", "west")) < WAYS_FROM:
        return False
    ways = sum(len(_WAYS.findall(text)) for text in texts)
    return ways >= WAYS_FROM and ways > sum(len(_CELL.findall(text)) for text in texts)


def _with_there(text: str, before: str) -> str:
    """There is the cell that the last question of the note before is about, if this note names none first."""
    there, question = _GO_THERE.search(text), before.rfind("?")
    if there is None or question < 0 or _CELL.search(text[: there.start()]) or _CELL.search(before, question):
        return text
    asked = _WHOLE_CELL.findall(before[max(0, question - _LAST_WORDS) : question])
    return f"{text[: there.end(1)]} to {asked[-1]}{text[there.end() :]}" if asked else text


def _answered(text: str, before: str) -> str:
    said = before.casefold()
    if any(word in said for word in _OBJECTS) and _OBJECTIONS.search(before) and not _AGREE.search(before):
        return _YES.sub("Hm, ", _NO.sub("Agreed. ", text, count=1), count=1)
    if "thing" not in said and "any" not in said:
        return text
    return _NO.sub("", text, count=1) if _ANYTHING_ELSE.search(before) else text


def _with_right(text: str, before: str, after: str) -> str:
    """Right is the direction in a numbered move, and where the notes around it speak of that direction."""
    asked = [way.lower() for way in _ANY_WAY.findall(before)][-1:] == ["right"]
    echoed = [way.lower() for way in _ANY_WAY.findall(after)][:1] == ["right"]

    def way(match: re.Match[str]) -> str:
        first = not text[: match.start()].strip()
        follows = text[match.end() :].lstrip()[:1]
        if match["number"]:
            return f"{match['before']}east"
        if follows == "?" or not (asked or echoed) or (follows in ("", ".") and not first):
            return match[0]  # read as a direction already, or as the assent that it is
        return f"{match['before']}{'Agreed, ' if asked and first else ''}east"

    return _RIGHT.sub(way, text)


def _consent(last: int, match: re.Match[str]) -> str:
    """Consent up to the last numbered move is plain consent; to fewer it stays as it is written."""
    numbers = [int(n) for n in _DIGITS.findall(match["first"] or match["last"])]
    return f"{match['open']}Agreed" if numbers[-1] == last else match[0]
