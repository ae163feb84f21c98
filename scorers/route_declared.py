"""Sentences that say how cells are named: text -> Declare (pure).

"I write cells as (row, col), counted from 0 at the top left." -> base 0, row-col, top, left
"Columns A-F, rows 1-6 from the bottom, like chess."           -> letters, col-row, base 1, bottom
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from .route_acts import Declare
from .route_steps import Mention, Order, Step

_HINT = re.compile(
    r"based|index|count|origin|\(\s*r|\[\s*r|\(\s*c|\[\s*c|\(\s*x|\(\s*y|row|col|coordinate|notation"
    r"|convention|letter|\b(?:r ?[,/] ?c|c ?[,/] ?r)\b"
    r"|chess|spreadsheet|\bexcel\b|matrix|cartesian|number|algebraic|x\s*,\s*y|x-y|corner|start(?:s"
    r"|ing)? (?:at|from|with) (?:0|1|zero|one)"
    r"|(?:top|bottom|upper|lower)[- ]?(?:left|right)"
)
_OTHERS = re.compile(
    r"(?:^|\b)(?:are|do|did|were) you\b|\byou(?:'re| are| seem| use| were| appear)\b|\byour (?:notation"
    r"|convention|coordinates?|system)\b"
)
_UNSURE = re.compile(
    r"\b(?:whether|hesitat\w+|confus\w+|mix(?:ed|ing)? up|swapp?(?:ed|ing)|keep (?:mixing"
    r"|swapping)|not sure"
    r"|(?:was|by) (?:a |my )?mistake|mistakenly|by accident|wrongly|miscounted"
    r"|which (?:number|one|label) is)\b(?!.*\b(?:use|switch|let's|call)\b)"
)
"""Doubts about the naming and slips in it, which declare nothing."""
_SPEAKER = re.compile(r"\b(?:i|i'm|i'll|we|we'll|let's|my|our|us)\b")
_DENIED = re.compile(r"\b(?:not|instead of|rather than|as opposed to|no longer|unlike|versus|vs)\s[^,.;)]*")
_NO_NOUN = (
    r"(?! (?!(?:at|in|on|for|from|to|and|as|both|not|too|so|since|like|each|also|please|instead|rather|is|if"
    r"|being|here|there|with|up|down|downwards?|upwards?|across|left|right|row|col|rows|columns|through|then|or"
    r"|but|top|bottom|of)\b)[a-z])"
)
"""What is counted from one is counted; "with one key" is no base."""
_BASE = {
    0: re.compile(
        r"\b(?:0|zero)[- ]?(?:based|index\w*|origin\w*)|\b(?:from|at|with|starts?|starting|counting"
        rf"|counted|indexed|numbered) (?:0|zero)\b{_NO_NOUN}"
        r"|(?<![\d,(])\b0 ?(?:-|–|to|through|\.\.+|…) ?(?:[3-9]|1[0-7])\b(?! ?(?:steps|cells))"
    ),
    1: re.compile(
        r"\b(?:1|one)[- ]?(?:based|index\w*|origin\w*)|\b(?:from|at|with|starts?|starting|counting"
        rf"|counted|indexed|numbered) (?:1|one)\b{_NO_NOUN}"
        r"|(?<![\d,(])\b1 ?(?:-|–|to|through|\.\.+|…) ?(?:[4-9]|1[0-8])\b(?! ?(?:steps|cells))"
    ),
}
_NUMBER = r"(?:number|coordinate|value|index|one|digit|entry|component|element)"
_ORDERS: dict[Order, re.Pattern[str]] = {
    "row-col": re.compile(
        r"\brows?\s*(?:number|index)?\s*(?:,|-|–|/|\||;|\bfirst\b|\bthen\b|\band then\b|\bbefore\b|&"
        r"|\band\b)+\s*(?:then |the )*col"
        r"|[(\[]\s*r(?:ow)?\s*[,;]\s*c|\br ?[,/] ?c\b|\brow[- ]major"
        r"|\brows? (?:comes? |goes? |is |are )?first|\bmatrix"
        r"|[(\[]\s*y\s*[,;]\s*x"
        rf"|\bfirst {_NUMBER}?\s*(?:is|=|being|for|as|means|gives|:)\s*(?:for )?(?:the )?(?:row|y\b"
        rf"|vertical)|\bsecond {_NUMBER}?\s*(?:is|=|being|for|as|means|gives"
        rf"|:)\s*(?:for )?(?:the )?(?:col|x\b|horizontal)"
        r"|[(\[]\s*(?:down|vertical)\s*,\s*(?:right|across|horizontal)"
    ),
    "col-row": re.compile(
        r"\bcol(?:umn)?s?\s*(?:number|index)?\s*(?:,|-|–|/|\||;|\bfirst\b|\bthen\b|\band then\b"
        r"|\bbefore\b|&|\band\b)+\s*(?:then |the )*row"
        r"|[(\[]\s*c(?:ol)?\w*\s*[,;]\s*r|\bc ?[,/] ?r\b|[(\[]\s*x\s*[,;]\s*y|\bx\s*[,/-]\s*y\b"
        r"|\bcol(?:umn)?s? (?:comes? |goes? |is |are )?first|\bcartesian"
        rf"|\bfirst {_NUMBER}?\s*(?:is|=|being|for|as|means|gives|:)\s*(?:for )?(?:the )?(?:col|x\b"
        rf"|horizontal)|\bsecond {_NUMBER}?\s*(?:is|=|being|for|as|means|gives"
        rf"|:)\s*(?:for )?(?:the )?(?:row|y\b|vertical)"
        r"|[(\[]\s*(?:right|across|horizontal)\s*,\s*(?:down|up|vertical)|\bx (?:is|=|for|as"
        r"|means) (?:the )?(?:col|horizontal)"
    ),
}
_LETTERS = re.compile(
    r"letters?\s*(?:\([^)]*\)\s*)?(?:are|is|=|for|as|denotes?|marks?|names?|gives?|to|stands? for"
    r"|:)\s*(?:the |be )*(?P<a>columns?|rows?)"
    r"|(?P<b>columns?|rows?|cols?)\s*(?:are |as |with |by |labell?ed |named |use |using |get |=|is "
    r"|marked |numbered |run |go |from |\(|:)*\s*(?:letters?|a ?(?:-|–|to|through|\.\.+|…|,) ?(?:b\b"
    r"|[c-r]\b))"
    r"|(?P<c>\bchess|spreadsheet|\bexcel\b|algebraic)"
)
_TOP = re.compile(
    r"(?:top|upper)[- ]?(?:left|right)|from (?:the )?top|top (?:row )?(?:is|=|being|as) (?:row )?(?:0|1"
    r"|zero|one|a)\b|(?:row|y|line|rank) ?(?:=|is)? ?(?:0|1|zero|one|a)\b ?(?:is |at |= |being |as |on "
    r"|\()*(?:the )?top"
    r"|\b(?:y|rows?)\b[^.,;()]{0,25}\b(?:down(?:wards?)?|top to bottom|top-to-bottom|from top)\b"
    r"|top to bottom|spreadsheet|\bexcel\b|matrix|at the top\b"
)
_BOTTOM = re.compile(
    r"(?:bottom|lower)[- ]?(?:left|right)|from (?:the )?bottom|bottom (?:row )?(?:is|=|being"
    r"|as) (?:row )?(?:0|1|zero|one|a)\b|(?:row|y|line|rank) ?(?:=|is)? ?(?:0|1|zero|one|a)\b ?(?:is |at "
    r"|= |being |as |on |\()*(?:the )?bottom"
    r"|\b(?:y|rows?)\b[^.,;()]{0,25}\b(?:up(?:wards?)?|bottom to top|bottom-to-top)\b|bottom to top|\bchess"
    r"|algebraic|at the bottom\b"
)
_LEFT = re.compile(r"(?:top|upper|bottom|lower)[- ]?left|from (?:the )?left|left to right|left-to-right")
_RIGHT = re.compile(r"(?:top|upper|bottom|lower)[- ]?right|from (?:the )?right|right to left|right-to-left")
_GRIDWISE = re.compile(
    r"count|origin|index|number|coordinate|based|\brows?\b|notation|convention|label|x\s*,\s*y|letter"
    r"|chess|\bfrom (?:0|1)\b|\by\b"
)
_SWITCH = re.compile(
    r"\b(?:switch\w*|from now on|chang(?:e|ing) to|instead|going forward|let's (?:both |just "
    r"|please )?use|(?:can|could|shall|should) we (?:both |just |please |instead )?use|adopt|convert\w*"
    r"|move to|rather use|prefer|use your|restart|re-?label|translate|new (?:notation|convention|system"
    r"|format))\b"
)
_PLACED = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|last|\d(?:st|nd|rd|th)|one|two|three|four|five|six)"
    r" (?:rows?|columns?|cells?|squares?|lines?|ones?)?(?: (?:up|down|in|over|left|right))? ?from (?:the )?"
    r"(?:top|bottom|left|right)\b(?! (?:is|are|has|being|counts) (?:row|column|0|1|zero|one)\b)"
)
"""Where a single row or column lies: "second row from the top" says nothing of counting."""
_LIES = re.compile(
    r"\b(?:it|that|which|goal|star|keys?|token|we|exit|mine|yours)(?:'s| is| are|'re| lies| sits)"
    r" (?:all the way |way |down |up |over |right |far |just )*(?:in|at|on|near|by)(?: the| our)?"
    r" (?:top|upper|bottom|lower)[- ]?(?:left|right)\b"
)
"""What lies in a corner is no origin: "the goal is in the bottom left corner"."""
_CORNER = re.compile(
    r"C(?: cell)?\s*(?:is|=|being|as|at|in|for|→|:|means|marks)\s*(?:at |in |the |our |my |on "
    r"|to be )*(top|bottom|upper|lower)[- ]?(left|right)"
    r"|(top|bottom|upper|lower)[- ]?(left|right)(?: (?:corner|cell|square|tile|one))*\s*(?:is|as|=|being"
    r"|at|:|called|has|would be|→|-|–)*\s*(?:called |named |cell |coordinates? |\()?\s*C"
)

_IS = (
    r"(?:is|=|==|becomes|would be|means|corresponds to|equals|translates to"
    r"|is what i(?:'d| would)? [a-z]+(?: as)?)"
)
_OR = r"(?:,? (?:which is|that is,?|that's|meaning|or|so|i\.?e\.?,?)| ==?| is| \(=?| \[=?)"
_WAY = r"(?:notation|numbers|numbering|terms|format|form|system|coordinates|labels|words|way|language|style)"
_THEIR_NAME = re.compile(
    rf"\byour C,? {_IS} (?:my )?(?=C)"
    rf"|(?<=C){_OR} ?(?:in )?your(?:s:?)? (?:{_WAY}:? )?C[\])]?"
    rf"|(?<=C){_OR} ?C (?:for you\b|in (?:yours\b|your (?:own )?{_WAY}))[\])]?"
)
"""A second name of the same cell, as the other seat would write it."""


def own_names(masked: str, steps: tuple[Step, ...]) -> tuple[str, tuple[Step, ...]]:
    """The masked sentence and its steps without the names that cells have for the other seat.

    "my (1,2), which is your (2,1), is open" -> "my (1,2), is open"
    """
    while found := _THEIR_NAME.search(masked):
        at = sum(masked.count(mark, 0, found.start() + found[0].index("C")) for mark in "CH")
        masked = masked[: found.start()] + masked[found.end() :]
        steps = steps[:at] + steps[at + 1 :]
    return masked, steps


def _one(patterns: dict[Literal[0, 1], re.Pattern[str]], text: str) -> Literal[0, 1] | None:
    hits: list[Literal[0, 1]] = [key for key in (0, 1) if patterns[key].search(text)]
    return hits[0] if len(hits) == 1 else None


def _side(yes: re.Pattern[str], no: re.Pattern[str], text: str) -> bool | None:
    a, b = yes.search(text) is not None, no.search(text) is not None
    return None if a == b else a


@lru_cache(maxsize=32768)
def may_declare(masked: str) -> bool:
    """A masked sentence has words that occur where cells are given names."""
    return _HINT.search(masked) is not None


def declared(sentence: str) -> Declare | None:
    """What a sentence in lower case says about naming cells; None if nothing."""
    if _UNSURE.search(sentence) or (_OTHERS.search(sentence) and not _SPEAKER.search(sentence)):
        return None
    text = _LIES.sub(" ", _PLACED.sub(" ", _DENIED.sub(" ", sentence)))
    base = _one({0: _BASE[0], 1: _BASE[1]}, text)
    orders: list[Order] = [order for order, pattern in _ORDERS.items() if pattern.search(text)]
    order = orders[0] if len(orders) == 1 else None
    letters = _LETTERS.search(text)
    if letters:
        named = letters["a"] or letters["b"] or "columns"
        order = "col-row" if named.startswith("col") else "row-col"
        if letters["c"] and base is None:
            base = 1
    top = left = None
    if _GRIDWISE.search(text):
        top, left = _side(_TOP, _BOTTOM, text), _side(_LEFT, _RIGHT, text)
    if base is None and order is None and top is None and left is None:
        return None
    return Declare(base, order, top, left, letters is not None, None, _SWITCH.search(sentence) is not None)


def corner_of(masked: str, cells: Sequence[Mention]) -> Declare | None:
    """A cell that the sentence puts in a corner: "the top left is (1,1)". `masked` has C for each cell."""
    match = _CORNER.search(masked) if "left" in masked or "right" in masked else None
    if not match:
        return None
    vertical, side = match[1] or match[3], match[2] or match[4]
    at = match.start() if match[1] else match.end() - 1
    index = masked[:at].count("C")
    if index >= len(cells):
        return None
    return Declare(corner=(cells[index], vertical in ("top", "upper"), side == "left"))
