"""How people write cells and directions: text -> mentions and headings, in order (pure).

    "(1,2) [1,2] {1;2} <1,2> (B,3)"      two labels in brackets
    "row 2, column 3", "r2c3", "x=3 y=2" the words say which label is which
    "B3", "3B"                           a letter and a number
    "to 2,3", "2,3 -> 2,4"               bare, only after a word that asks for a cell or beside an arrow
    "two steps right", "down x2", "R, R, D", "↓↓", "north"

A mention keeps its labels as they are written; what cell they mean depends on the notation
(`route_notation`). A heading needs none: up is always up on the drawn map.
"""

import re
from functools import lru_cache

from .route_headings import headings
from .route_scan import Scan
from .route_steps import NUMBER_WORDS, Found, Mention, Order, Step

__all__ = ["Mention", "find_steps", "masked_sentence"]

ORDINALS = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "seventh": 6, "eighth": 7,
    "1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4, "6th": 5, "7th": 6, "8th": 7, "top": 0,
}  # fmt: skip
_WORD = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_LABEL = rf"(?:-?\d{{1,2}}|{_WORD}|[a-r](?![a-z]))"
_ORDINAL = "(?:1st|2nd|3rd|[4-8]th|first|second|third|fourth|fifth|sixth|seventh|eighth)"
_ROW = r"(?:row|line|rank)"
_COLUMN = r"(?:col(?:umn)?|place|sign|spot|character|char|symbol|slot|file)"
_IS = r"\s*(?:\#|number|no\.|index|idx|is|=|:)?\s*"
_JOIN = r"\s*(?:,|;|/|&|\||-|and|of|in|at)?\s*(?:the\s+)?"
_BARE = (
    r"(?:\b(?:to|at|on|cell|position|pos|square|tile|propose|proposal|move|from|is|agreed|next)\b\s*[:=]?"
    r"|[:→>])\s*"
)

_PAIRS = {
    "w": rf"\b{_ROW}{_IS}(?P<w_row>{_LABEL})\b{_JOIN}{_COLUMN}{_IS}(?P<w_col>{_LABEL})\b",
    "v": rf"\b{_COLUMN}{_IS}(?P<v_col>{_LABEL})\b{_JOIN}{_ROW}{_IS}(?P<v_row>{_LABEL})\b",
    "o": rf"\b(?P<o_row>{_ORDINAL})\s+{_ROW}{_JOIN}(?P<o_col>{_ORDINAL})\s+{_COLUMN}\b",
    "p": rf"\b(?P<p_col>{_ORDINAL})\s+{_COLUMN}{_JOIN}(?P<p_row>{_ORDINAL})\s+{_ROW}\b",
    "q": rf"\b{_ROW}{_IS}(?P<q_row>{_LABEL})\b{_JOIN}(?P<q_col>{_ORDINAL})\s+{_COLUMN}\b",
    "s": rf"\b(?P<s_row>{_ORDINAL})\s+{_ROW}{_JOIN}{_COLUMN}{_IS}(?P<s_col>{_LABEL})\b",
    "t": rf"\b(?P<t_col>{_ORDINAL})\s+{_COLUMN}{_JOIN}{_ROW}{_IS}(?P<t_row>{_LABEL})\b",
    "u": rf"\b{_COLUMN}{_IS}(?P<u_col>{_LABEL})\b{_JOIN}(?P<u_row>{_ORDINAL})\s+{_ROW}\b",
    "r": r"\br\s?[:=]?\s?(?P<r_row>\d{1,2})[\s,;/]*c\s?[:=]?\s?(?P<r_col>\d{1,2})\b",
    "c": r"\bc\s?[:=]?\s?(?P<c_col>\d{1,2})[\s,;/]*r\s?[:=]?\s?(?P<c_row>\d{1,2})\b",
    "x": r"\bx\s?[:=]?\s?(?P<x_col>-?\d{1,2})[\s,;/]*(?:and\s+)?y\s?[:=]?\s?(?P<x_row>-?\d{1,2})\b",
    "y": r"\by\s?[:=]?\s?(?P<y_row>-?\d{1,2})[\s,;/]*(?:and\s+)?x\s?[:=]?\s?(?P<y_col>-?\d{1,2})\b",
}
"""The words say which label is the row."""
_PLAIN = {
    "brackets": r"[(\[{<]\s*(?P<a1>-?\d{1,2}|[a-r])\s*[,;|]\s*(?P<a2>-?\d{1,2}|[a-r])\s*[)\]}>]",
    "letter": r"(?<![\w'’])(?P<b1>[a-r])-?(?P<b2>\d{1,2})(?![\w%])(?!\s*(?:steps?|cells|times|moves)\b)",
    "number": r"(?<![\w.,-])(?P<d1>\d{1,2})(?P<d2>(?-i:[A-R]))(?!\w)",
    "bare": rf"{_BARE}(?P<f1>\d{{1,2}})\s*,\s*(?P<f2>\d{{1,2}})(?!\s*[,:]?\s*\d)(?!\w)",
    "arrow": r"(?<![\d,])(?P<g1>\d{1,2})\s*,\s*(?P<g2>\d{1,2})(?=\s*(?:→|->|>))",
}
SCAN = Scan(
    {name: [pattern] for name, pattern in (_PAIRS | _PLAIN).items()},
    r"[^\W\d]+|[\d(\[{<:→>]",
    flags=re.IGNORECASE,
)
"""Cells as they are written."""
_DIGIT = re.compile(r"\d")
_MAYBE_CELL = re.compile(r"[(\[{<]\s*[A-Ra-r]\s*[,;|]|\brow\b|\bcol|x\s*=", re.IGNORECASE)


def _label(text: str) -> tuple[int, bool]:
    """The number of a label, and whether it counts from zero whatever the notation."""
    text = text.lower()
    if text in NUMBER_WORDS:
        return NUMBER_WORDS[text], False
    if text in ORDINALS:
        return ORDINALS[text], True
    if text.isalpha():
        return ord(text) - ord("a"), True
    return int(text), False


@lru_cache(maxsize=4096)
def labelled(a: str, b: str, order: Order | None, text: str) -> Mention:
    """The cell with two labels, which the words may put in order; `text` is how it is written."""
    first, first_fixed = _label(a)
    second, second_fixed = _label(b)
    letters = (a.isalpha() and len(a) == 1) or (b.isalpha() and len(b) == 1)
    if letters and order is None and second_fixed and not first_fixed:
        first, second, first_fixed, second_fixed = second, first, True, False
    return Mention(first, second, first_fixed, second_fixed, order, letters and order is None, text)


def _form(name: str, pattern: str) -> tuple[str, str, Order | None]:
    first, second = re.findall(r"\(\?P<(\w+)>", pattern)
    return first, second, None if name in _PLAIN else "row-col" if first.endswith("row") else "col-row"


_FORMS = {name: _form(name, pattern) for name, pattern in (_PAIRS | _PLAIN).items()}
"""The two labels of a form, and their order where the words tell it."""
_PLACEHOLDERS = {"rc", "cr", "ij", "ab", "nm", "mn", "hh"}


def _cells(sentence: str) -> list[Found]:
    found: list[Found] = []
    for match in SCAN.matches(sentence):
        a, b, order = _FORMS[match.lastgroup or ""]
        first, second = match[a], match[b]
        if order is None and first.isalpha() and second.isalpha():
            labels = first + second
            if labels.lower() in _PLACEHOLDERS or labels.islower():
                continue  # "(r, c)" and "(a, b)" name a notation, no cell
        start, end = match.span()
        if match.lastgroup in ("bare", "arrow"):
            start, end = match.start(a), match.end(b)
        found.append(Found(start, end, labelled(first, second, order, sentence[start:end])))
    return found


@lru_cache(maxsize=64)
def find_steps(sentence: str) -> tuple[Found, ...]:
    """All cells and directions of a sentence in the order of the text.

    Directions that are none are left out: "top left", "that's right", "what is left", "up to you".
    """
    cells = _cells(sentence) if _DIGIT.search(sentence) or _MAYBE_CELL.search(sentence) else []
    ways = headings(sentence, bool(cells))
    if cells and ways:
        # "R2 D3" counts steps: R, U and L are no columns of a small grid.
        listed = [w for w in ways if w.step.text[:1] in "RUL" and any(c.start == w.start for c in cells)]
        if listed:
            cells = [c for c in cells if c.step.text[:1] not in "RULD"]
        ways = [w for w in ways if not any(c.start < w.end and w.start < c.end for c in cells)]
    return tuple(sorted(cells + ways) if cells and ways else cells or ways)


def masked_sentence(sentence: str) -> tuple[str, tuple[Step, ...]]:
    """The sentence in lower case with C for each cell and H for each direction, and these."""
    found = find_steps(sentence)
    if not found:
        return " ".join(sentence.lower().split()), ()
    parts: list[str] = []
    last = 0
    for start, end, step in found:
        parts += [sentence[last:start].lower(), "C" if isinstance(step, Mention) else "H"]
        last = end
    parts.append(sentence[last:].lower())
    return " ".join("".join(parts).split()), tuple([item.step for item in found])
