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
from typing import Literal, NamedTuple

Way = Literal["up", "down", "left", "right"]
Order = Literal["row-col", "col-row"]

WAYS: dict[Way, tuple[int, int]] = {"up": (-1, 0), "right": (0, 1), "down": (1, 0), "left": (0, -1)}


class Mention(NamedTuple):
    """A cell as it is written.

    `first` and `second` are the labels; a label is `fixed` when it counts from zero whatever the notation
    says (letters, ordinals). `order` is set where the words tell it. Forms with a letter are put letter
    first, so "3B" and "B3" are the same mention; they are a dialect of their own (`letters`).
    """

    first: int
    second: int
    first_fixed: bool
    second_fixed: bool
    order: Order | None
    letters: bool
    text: str


class Heading(NamedTuple):
    """A direction and how many steps; `counted` if a number was written."""

    way: Way
    steps: int
    counted: bool
    text: str


Step = Mention | Heading


class Found(NamedTuple):
    """A step and where it stands in the sentence."""

    start: int
    end: int
    step: Step


NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "once": 1, "twice": 2, "thrice": 3, "single": 1,
}  # fmt: skip
ORDINALS = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "seventh": 6, "eighth": 7,
    "1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4, "6th": 5, "7th": 6, "8th": 7, "top": 0,
}  # fmt: skip
WAY_WORDS: dict[str, Way] = {
    "up": "up", "north": "up", "down": "down", "south": "down", "left": "left", "west": "left",
    "right": "right", "east": "right", "u": "up", "n": "up", "d": "down", "s": "down", "l": "left",
    "w": "left", "r": "right", "e": "right", "↑": "up", "⬆": "up", "↓": "down", "⬇": "down", "←": "left",
    "⬅": "left", "→": "right", "➡": "right",
}  # fmt: skip

_WORD = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_LABEL = rf"(?:-?\d{{1,2}}|{_WORD}|[a-r](?![a-z]))"
_COUNTED = rf"(?:-?\d{{1,2}}|{_WORD})"
_ORDINAL = "(?:1st|2nd|3rd|[4-8]th|first|second|third|fourth|fifth|sixth|seventh|eighth)"
_ROW = r"(?:row|line|rank)"
_COLUMN = r"(?:col(?:umn)?|place|sign|spot|character|char|symbol|slot|file)"
_IS = r"\s*(?:\#|number|no\.|index|idx|is|=|:)?\s*"
_JOIN = r"\s*(?:,|;|/|&|\||-|and|of|in|at)?\s*(?:the\s+)?"
_BARE = r"(?:\b(?:to|at|on|cell|position|pos|square|tile|propose|proposal|move|from|is|agreed|next)\b\s*[:=]?|[:→>])\s*"

_CELL = re.compile(
    rf"""
    \b{_ROW}{_IS}(?P<w_row>{_LABEL})\b{_JOIN}{_COLUMN}{_IS}(?P<w_col>{_LABEL})\b
  | \b{_COLUMN}{_IS}(?P<v_col>{_LABEL})\b{_JOIN}{_ROW}{_IS}(?P<v_row>{_LABEL})\b
  | \b(?P<o_row>{_ORDINAL})\s+{_ROW}{_JOIN}(?P<o_col>{_ORDINAL})\s+{_COLUMN}\b
  | \b(?P<p_col>{_ORDINAL})\s+{_COLUMN}{_JOIN}(?P<p_row>{_ORDINAL})\s+{_ROW}\b
  | \br\s?[:=]?\s?(?P<r_row>\d{{1,2}})[\s,;/]*c\s?[:=]?\s?(?P<r_col>\d{{1,2}})\b
  | \bc\s?[:=]?\s?(?P<c_col>\d{{1,2}})[\s,;/]*r\s?[:=]?\s?(?P<c_row>\d{{1,2}})\b
  | \bx\s?[:=]?\s?(?P<x_col>-?\d{{1,2}})[\s,;/]*(?:and\s+)?y\s?[:=]?\s?(?P<x_row>-?\d{{1,2}})\b
  | \by\s?[:=]?\s?(?P<y_row>-?\d{{1,2}})[\s,;/]*(?:and\s+)?x\s?[:=]?\s?(?P<y_col>-?\d{{1,2}})\b
  | [(\[{{<]\s*(?P<a>-?\d{{1,2}}|[a-r])\s*[,;|]\s*(?P<b>-?\d{{1,2}}|[a-r])\s*[)\]}}>]
  | (?<![\w'’])(?P<l>[a-r])-?(?P<n>\d{{1,2}})(?![\w%])(?!\s*(?:steps?|cells|times|moves)\b)
  | (?<![\w.,-])(?P<m>\d{{1,2}})(?P<k>(?-i:[A-R]))(?!\w)
  | {_BARE}(?P<f>\d{{1,2}})\s*,\s*(?P<s>\d{{1,2}})(?!\s*[,:]?\s*\d)(?!\w)
  | (?<![\d,])(?P<g>\d{{1,2}})\s*,\s*(?P<h>\d{{1,2}})(?=\s*(?:→|->|>))
    """,
    re.IGNORECASE | re.VERBOSE,
)

_UNITS = r"(?:steps?|cells?|squares?|moves?|spaces?|tiles?|times|positions?|units?|blocks?)"
_DIRECTION = r"(?:up|down|left|right)(?:wards?)?|(?:north|south|east|west)(?:wards?|bound)?"
_COUNT = r"(?:\d{1,2}|one|two|three|four|five|six|seven|a\ single|single)"
_HEADING = re.compile(
    rf"""
    (?P<skip>
        \b(?:top|bottom|upper|lower|far)[-\s]+(?:left|right)\b
      | \b(?:north|south)[-\s]?(?:east|west)(?:ern)?\b
      | \b(?:left|right|top)[-\s]?(?:most|hand|side|edge|column|corner|border|half|neighbou?rs?|end)\b
      | \b(?:left|right|north|south|east|west)\s+of\b | \bto\s+the\s+(?:north|south|east|west)\s+of\b | \bto\s+(?:the|your|my|its)\s+(?:immediate\s+)?(?:left|right)\s+(?:of|is|are|there)\b
      | \b(?:all|exactly|quite|perfectly|just|absolutely|not|you(?:'re|\ are|\ were)|that(?:'s|\ is|\ looks|\ sounds)
          |it(?:'s|\ is)|sounds|looks|seems|am\ i|was|i'm|get\ (?:it|this|that))\s+right\b
      | (?<!to\ )(?<!go\ )(?<!move\ )(?<!step\ )(?<!turn\ )\bright\s+now\b | \bright\s+(?:away|after|before|there|here|answer|idea|choice|one|order|map|place|about|track|so|then,|next\s+to)\b
      | ,\s*right\?|^\s*right\s*[,!:—–](?!\s*(?:right|left|up|down|then))
      | \b(?:set|ends?|ended|ending|sum|wrap|follow|give|gave|giving|lines?|lined|match(?:es)?|pick(?:s|ed|ing)?
          |looks?|came|comes?|mess(?:ed)?(?:\s+\w+){{0,3}}|mix(?:ed|ing)?(?:\s+\w+){{0,3}}|clears?|cleared|what's|hold|held|next|hurry|heads|catch|bring|brings|split|mark)\s+up\b
      | \bup\s+(?:to\s+(?:you|now|this|that|here|the|date|it|and)|for|until|with|so|front)\b | (?<!to\ )(?<!go\ )(?<!move\ )(?<!step\ )\bup\s+next\b
      | \b(?:write|wrote|written|slow|break|narrow|noted?|jot|counting|boils?|come|comes|laid|put|set|let|let\ you)\s+down\b | \bupside\s+down\b
      | \bleft\s+(?:to\s+(?:do|go|reach|collect|visit|the\s+goal|get|make|take|find|explore|pick|be)|over|behind|out|until
          |before|open|unexplored|blank|is|are|for\s+(?:us|me|you)|after|undecided|on\s+the\s+board)\b
      | \b(?:have|has|had|nothing|anything|what(?:'s|\ is)|there(?:'s|\ is|\ are)|only|still)\s+(?:\w+\s+){{0,3}}left\b
    )
  | (?P<listing>(?-i:\b[UDLR](?:\s*(?:,|->|→|>|-|–|\s|then)\s*[UDLR]\b)+|\b[NSEW](?:\s*(?:,|->|→|>|-|–|\s)\s*[NSEW]\b)+
          |\b(?=\w*[ULR])[UDLR]{{2,}}\b|\b(?:[UDLR]\s?[x×]?\d[\s,→>-]*){{2,}}(?!\w)|\b(?:\d[UDLR](?![A-Za-z])[\s,→>-]*){{2,}}))
  | (?P<glyphs>[↑↓←⬆⬇⬅➡](?:[\s,\ufe0f]*[↑↓←→⬆⬇⬅➡])*|→(?:[\s,]*→)*[\s,]*[↑↓←](?:[\s,]*[↑↓←→])*)
  | (?:\b(?P<before>{_COUNT})\s*[x×]?\s*(?:more\s+|further\s+)?(?:{_UNITS}\s+)?(?:to\ the\s+|towards?\s+the\s+|straight\s+)?
        (?P<way_b>{_DIRECTION})\b(?!\s+(?:to\s+(?:do|go|reach|the\s+goal|collect|get)|over\b|until\b|before\b|of\b))
    | \b(?P<way>{_DIRECTION})\b(?:\s*(?:by\s+|for\s+)?[x×(]?\s?(?P<after>{_COUNT})\b(?!\s*[,;]\s*\d)(?!\.\d)(?:\s*(?:more\s+)?{_UNITS}\b)?
        |\s+(?P<often>once(?!\s+more)|twice|thrice)\b)?)
  | (?:\b(?:move|propose|proposal|step|go|action)\s*[:=]?\s*)(?P<single>(?-i:[UDLR]))(?![\w,(])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LISTED = re.compile(r"(\d?)([UDLRNSEW])\s?[x×]?(\d?)")
_MAYBE_CELL = re.compile(r"\d|[(\[{<]\s*[A-Ra-r]\s*[,;|]|\brow\b|\bcol|x\s*=", re.IGNORECASE)
_MAYBE_HEADING = re.compile(
    r"up|down|left|right|north|south|east|west|[↑↓←⬆⬇⬅➡]|(?-i:\b\d?[UDLRNSEW]\b|\b[UDLR]{2,}\b|\b[UDLR]\d)",
    re.IGNORECASE,
)


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


def _mention(a: str, b: str, order: Order | None, text: str) -> Mention:
    first, first_fixed = _label(a)
    second, second_fixed = _label(b)
    letters = a.isalpha() and len(a) == 1 or b.isalpha() and len(b) == 1
    if letters and order is None and second_fixed and not first_fixed:
        first, second, first_fixed, second_fixed = second, first, True, False
    return Mention(first, second, first_fixed, second_fixed, order, letters and order is None, text)


_IN_ORDER: tuple[tuple[str, str, Order], ...] = (
    ("w_row", "w_col", "row-col"),
    ("v_col", "v_row", "col-row"),
    ("o_row", "o_col", "row-col"),
    ("p_col", "p_row", "col-row"),
    ("r_row", "r_col", "row-col"),
    ("c_col", "c_row", "col-row"),
    ("x_col", "x_row", "col-row"),
    ("y_row", "y_col", "row-col"),
)
_PLAIN = (("a", "b"), ("l", "n"), ("m", "k"), ("f", "s"), ("g", "h"))
_PLACEHOLDERS = {"rc", "cr", "ij", "ab", "nm", "mn", "hh"}


def _cells(sentence: str) -> list[Found]:
    found: list[Found] = []
    for match in _CELL.finditer(sentence):
        groups = match.groupdict()
        for a, b, order in _IN_ORDER:
            if groups[a] is not None:
                found.append(
                    Found(match.start(), match.end(), _mention(groups[a], groups[b], order, match[0]))
                )
                break
        else:
            for a, b in _PLAIN:
                if groups[a] is None:
                    continue
                first, second = groups[a], groups[b]
                if (first + second).isalpha() and (
                    (first + second).lower() in _PLACEHOLDERS or (first + second).islower()
                ):
                    break  # "(r, c)" and "(a, b)" name a notation, no cell
                start = match.start(a) if a in "fg" else match.start()
                end = match.end(b) if a in "fg" else match.end()
                found.append(Found(start, end, _mention(first, second, None, sentence[start:end])))
                break
    return found


def _headings(sentence: str, has_cells: bool) -> list[Found]:
    found: list[Found] = []
    for match in _HEADING.finditer(sentence):
        text = match[0]
        if match["skip"] is not None:
            continue
        if match["listing"] is not None:
            for one in _LISTED.finditer(text):
                count = int(one[1] or one[3] or 1)
                way = WAY_WORDS[one[2].lower()]
                start = match.start() + one.start()
                counted = bool(one[1] or one[3])
                found.append(Found(start, match.start() + one.end(), Heading(way, count, counted, one[0])))
        elif match["glyphs"] is not None:
            if not has_cells:
                for i, glyph in enumerate(text):
                    if glyph in WAY_WORDS:
                        at = match.start() + i
                        found.append(Found(at, at + 1, Heading(WAY_WORDS[glyph], 1, False, glyph)))
        elif match["single"] is not None:
            way = WAY_WORDS[match["single"].lower()]
            found.append(
                Found(match.start("single"), match.end("single"), Heading(way, 1, False, match["single"]))
            )
        else:
            word = (match["way_b"] or match["way"]).lower()
            way = WAY_WORDS[re.sub(r"(?:wards?|bound)$", "", word)]
            count = match["before"] or match["after"] or match["often"]
            number = (
                1 if count is None else int(count) if count.isdigit() else NUMBER_WORDS.get(count.lower(), 1)
            )
            if 1 <= number <= 20:
                found.append(Found(match.start(), match.end(), Heading(way, number, count is not None, text)))
    return found


@lru_cache(maxsize=65536)
def find_steps(sentence: str) -> tuple[Found, ...]:
    """All cells and directions of a sentence in the order of the text.

    Directions that are none are left out: "top left", "that's right", "what is left", "up to you".
    """
    cells = _cells(sentence) if _MAYBE_CELL.search(sentence) else []
    ways = _headings(sentence, bool(cells)) if _MAYBE_HEADING.search(sentence) else []
    if cells and ways:
        # "R2 D3" counts steps: R, U and L are no columns of a small grid.
        listed = [w for w in ways if w.step.text[:1] in "RUL" and any(c.start == w.start for c in cells)]
        if listed:
            cells = [c for c in cells if c.step.text[:1] not in "RULD"]
        ways = [w for w in ways if not any(c.start < w.end and w.start < c.end for c in cells)]
    return tuple(sorted(cells + ways))
