"""The text of a note before it is read: maps and code set aside, bare pairs put in brackets (pure).

"My map:\\n@.#?\\nok 5/1" -> lines "My map:", "ok 5/1", one map line; with separator "/": "ok (5,1)"
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from .route_acts import MapRow

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "−": "-"})
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_SYMBOL = r"[@*.#kK?TX]"
_NO_EMPHASIS = r"(?=(?:[\s,|\"'`*]*[@.#kK?TX]){2})"
"""A map has one goal: "1. **" begins a step in bold."""
_MAP_LINE = re.compile(
    rf"^[\s>|\"'`-]{{0,4}}?(?:(?:row|r|line|y)?\s*[:=]?\s*(?P<label>[A-Ra-r]"
    rf"|\d{{1,2}})\s*[:|)\].=–-]*\s*)?[\"'`|\[(]*{_NO_EMPHASIS}"
    rf"(?P<row>{_SYMBOL}(?:[\s,|\"'`]*{_SYMBOL}){{2,}})[\"'`|\])\s,]*(?:[(<←].*|--.*)?$",
    re.IGNORECASE,
)
_MAP_HEAD = re.compile(
    r"^\s*\|\s*(?:rows?|[ry#\\/]|)\s*\|(?:\s*(?:col(?:umn)? ?|c|x)?(?:\d{1,2}|[a-r])\s*\|){3,}\s*$",
    re.IGNORECASE,
)
"""The labels of the columns above a map in a table."""
_INLINE_MAP = re.compile(r"(?<![\w.])(?:[@*.#k?]{4,}|(?:[@*.#k?][ |,]+){3,}[@*.#k?])(?![\w])")
_MAPPISH = re.compile(r"[@#*.?][ |,]?[@#*.?k]")
_LOOSE_PAIR = re.compile(
    r"(?<![\w.,/:;-])(\d{1,2})(?: ?([,/:;.-]) ?| )(\d{1,2})(?![\w%])(?! ?[,/:;-] ?\d)(?!\.\d)"
)
_FIRM_CELL = re.compile(
    r"[(\[{<]\s*\w{1,2}\s*[,;|]\s*\w{1,2}\s*[)\]}>]|\b[A-Ha-h]\d{1,2}\b|\b\d[A-H]\b|\b(?:row|col"
    r"|line)\w*\s*\d|\br\d+\s?c\d|\bx ?= ?\d",
    re.IGNORECASE,
)
_WAY_WORD = re.compile(r"\b(?:up|down|left|right|north|south|east|west)\b", re.IGNORECASE)
_COUNTER = re.compile(r"(?:keys?|notes?|moves?|steps?|turns?|messages?|actions?)\W+$", re.IGNORECASE)
_WAY_LETTER = {
    letters: re.compile(rf"[{letters}](?=[\s\"\].,!?:;]|$)(?:(?<=^.)|(?<=[\s\"\[,].))")
    for letters in ("NSEW", "UDLR")
}
_NUMBERED = re.compile(r"(?<![\w(\[])([M-Sm-s])(\d{1,2})(?!\w|[\s,;/]*c\s?\d)", re.IGNORECASE)
_MAYBE_NUMBERED = re.compile(r"[M-Sm-sſ]\d")
_WAY_NAMES = {
    "N": "north", "S": "south", "E": "east", "W": "west", "U": "up", "D": "down", "L": "left", "R": "right",
}  # fmt: skip
WAYS_FROM = 6
"""So many single letters that may be directions make them a way to write directions."""
MOST_LABEL = 18
"""A larger number names no row or column."""
FEWEST_BARS = 4
"""The head of a map in a table has more bars than this."""
BRACKETS_A_NOTE = 2
"""A dialogue with more brackets a note than this writes its cells in them."""
LOOSE_FROM = 4
"""So many bare pairs of numbers with one separator make it a way to write cells."""


def pair_separator(texts: Sequence[str]) -> str | None:
    """The separator of a dialogue that writes cells as bare pairs, "5/1" or "0,1"; else None."""
    if sum(text.count("(") + text.count("[") for text in texts) > BRACKETS_A_NOTE * len(texts):
        return None
    counts: dict[str, int] = {}
    for text in texts:
        for match in _LOOSE_PAIR.finditer(text):
            counted = _COUNTER.search(text, max(0, match.start() - 12), match.start())
            if not counted and int(match[1]) <= MOST_LABEL and int(match[3]) <= MOST_LABEL:
                separator = match[2] or " "
                counts[separator] = counts.get(separator, 0) + 1
    if not counts:
        return None
    separator = max(counts, key=lambda s: (counts[s], s))
    count = counts[separator]
    firm = sum(len(_FIRM_CELL.findall(text)) for text in texts)
    ways = sum(len(_WAY_WORD.findall(text)) for text in texts)
    return separator if count >= LOOSE_FROM and count > firm and 2 * count > ways else None


def with_brackets(text: str, separator: str) -> str:
    """Write the bare pairs of a text with brackets: "ok 5/1" becomes "ok (5,1)"."""

    def bracketed(match: re.Match[str]) -> str:
        return f"({match[1]},{match[3]})" if (match[2] or " ") == separator else match[0]

    return _LOOSE_PAIR.sub(bracketed, text)


def with_numbers(text: str, size: int) -> str:
    """Labels that lie off every grid of this size number moves: "M4 right" becomes "move 4 right"."""
    if not _MAYBE_NUMBERED.search(text):
        return text
    return _NUMBERED.sub(lambda m: f"move {m[2]}" if ord(m[1].lower()) - ord("a") >= size else m[0], text)


def way_letters(texts: Sequence[str]) -> str:
    """The letters that a dialogue writes for directions, "NSEW" or "UDLR"; else nothing."""
    best = ("", WAYS_FROM - 1)
    for letters, pattern in _WAY_LETTER.items():
        if (count := sum(len(pattern.findall(text)) for text in texts)) > best[1]:
            best = (letters, count)
    return best[0]


def with_ways(text: str, letters: str) -> str:
    """Write directions out: "S now" becomes "south now"."""
    return _WAY_LETTER[letters].sub(lambda match: _WAY_NAMES[match[0]], text)


def _symbols(row: str) -> str:
    """The symbols of a map line; a mark for the token stands on an open cell."""
    return re.sub(r"[^@*.#k?]", "", re.sub("[tx]", ".", row.lower()))


@lru_cache(maxsize=64)
def lines_and_maps(text: str) -> tuple[tuple[str, ...], tuple[MapRow, ...]]:
    """The lines of a note without maps and code, and the map lines."""
    rows: list[MapRow] = []

    def aside(match: re.Match[str]) -> str:
        body = match[0].strip("`")
        held = [m for m in map(_MAP_LINE.match, body.splitlines()) if m]
        rows.extend(MapRow(_symbols(m["row"]), m["label"] or "") for m in held)
        return "\n" if held else "\n" + body + "\n"

    if not text.isascii():
        text = text.translate(_QUOTES)
    if "```" in text:
        text = _FENCE.sub(aside, text)
    lines: list[str] = []
    for line in text.splitlines():
        if match := _MAP_LINE.match(line):
            rows.append(MapRow(_symbols(match["row"]), match["label"] or ""))
            continue
        if line.count("|") > FEWEST_BARS and _MAP_HEAD.match(line):
            continue
        if _MAPPISH.search(line) and _INLINE_MAP.search(line):
            for found in _INLINE_MAP.finditer(line):
                rows.append(MapRow(_symbols(found[0]), ""))
            line = _INLINE_MAP.sub(" ", line)
        lines.append(line)
    return tuple(lines), tuple(rows)


def without_maps(text: str) -> str:
    """The text of a note without its maps."""
    return "\n".join(lines_and_maps(text)[0])
