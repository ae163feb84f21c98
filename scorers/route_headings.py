"""Directions in a sentence: "two steps right", "down x2", "R, R, D", "↓↓", "north" (pure).

Words that only look like directions are left out: "top left", "that's right", "what is left", "up to you".
"""

import re

from .route_scan import Scan
from .route_steps import NUMBER_WORDS, Found, Heading, Way

MOST_STEPS = 20
"""A larger number beside a direction is no count of steps."""

WAY_WORDS: dict[str, Way] = {
    "up": "up", "north": "up", "down": "down", "south": "down", "left": "left", "west": "left",
    "right": "right", "east": "right", "u": "up", "n": "up", "d": "down", "s": "down", "l": "left",
    "w": "left", "r": "right", "e": "right", "↑": "up", "⬆": "up", "↓": "down", "⬇": "down", "←": "left",
    "⬅": "left", "→": "right", "➡": "right",
}  # fmt: skip

_SKIP = (
    r"\b(?:left[- ]to[- ]right|right[- ]to[- ]left|up and down|left and right)\b",
    (
        r"\b(?:the|my|our|your|a|any|which|that|another|one|no) way (?:up|down|left|right|north|south"
        r"|east|west)\b"
    ),
    r"\b(?:up|down) (?:on|in|at) the (?:left|right|top|bottom)\b",
    (
        r"\b(?:increas\w+|runs?|grow\w*|counts?|counting|counted|go(?:es)?) (?:to the )?(?:down|up"
        r"|right|left)(?:wards?)?(?= from| and (?:columns?|[xy])\b)"
    ),
    r"\bit'?s? up to\b",
    (
        r"\b(?:end|wind|speed|wake|warm|(?<!go )(?<!going )(?<!move )(?<!step )(?<!head )(?<!then )back|sign"
        r"|shows?|turn(?:s|ed)? out|add(?:s)?|use[ds]?|start|open|tidy|team|meet|double|free|stand|sit"
        r"|soak) up\b"
        r"(?! to C| \d| once| twice| one\b| two\b)"
    ),
    r"\b(?:calm|settle|quiet|shut|sit|cut|scroll|track|pin|nail) down\b",
    r"\b(?:top|bottom|upper|lower|far)[-\s]+(?:left|right)\b",
    r"\b(?:north|south)[-\s]?(?:east|west)(?:ern)?\b",
    r"\b(?:left|right|top)[-\s]?(?:most|hand|side|edge|column|corner|border|half|neighbou?rs?|end)\b",
    r"\b(?:left|right|north|south|east|west)\s+of\b",
    r"\b(?:one|two|both|first|second|another|last)(?: of \w+)? keys? down\b",
    r"\b(?:got it|that's|key),? one down\b|\bone down,? (?:and )?one to go\b",
    r"\b(?:corner|start|cell|cells|square|notes?|(?:one|1|a|single|last|final) (?:step|move)|steps|moves)"
    r"\s+left\b(?=\s*[.!,])",
    r"\b(?:star|goal|key|cell|wall|there|it|that|you|here|plan|route)\s+right\?",
    r"← ?(?:we|you|the|here|my|your|our|start|goal|key|this|token|it)\b",
    r"\bto\s+the\s+(?:north|south|east|west)\s+of\b",
    r"\bto\s+(?:the|your|my|its|our|us|their)\s+(?:immediate\s+)?(?:left|right),?\s+(?:of|is|are|it|it's|there|there's|i)\b",
    r"\bpick(?:s|ed|ing)?\s+(?:it|that|this|them|both|(?:the|my|your|our)(?: \w+)? keys?)\s+up\b",
    r"\b(?:all|exactly|quite|perfectly|just|absolutely|completely|totally|entirely)\s+right\b",
    r"\b(?:not|sounds|looks|seems|am i|was|i'm)\s+right\b",
    r"\b(?:you(?:'re| are| were)|that(?:'s| is| looks| sounds)|it(?:'s| is)|get (?:it|this|that))\s+right\b",
    r"(?<!to )(?<!go )(?<!move )(?<!step )(?<!turn )\bright\s+now\b",
    (
        r"\b(?:the|a|that|this|my|your|which)\s+right\s+one\b"
        r"|\bright\s+(?:above|below|beneath|underneath|beside|between|in front|on top)\b"
        r"|\bright\s+(?:away|after|before|there|here|answer|idea|choice|order|map|place|about"
        r"|track|so|then,)\b"
    ),
    r"\bright\s+next\s+to\b",
    r"\bdiagonally (?:up|down|left|right)\b",
    r"\b(?:cells?|squares?|ones|rooms?|fields?) (?:on|to) (?:the|our|its) (?:left|right)\b",
    r"(?<!next)(?<!then)(?<!now),\s*right\?",
    r"^\s*right\s*[,!:—–](?!\s*(?:right|left|up|down|then))",
    (
        r"\b(?:set|ends?|ended|ending|sums?|wraps?|follow|give|gave|giving|lines?|lined|match(?:es)?"
        r"|pick(?:s|ed|ing)?)\s+up\b"
    ),
    (
        r"\b(?:looks?|came|comes?|clears?|cleared|what's|hold|held|next|hurry|heads|catch|brings?"
        r"|split|mark)\s+up\b"
    ),
    r"\b(?:mess(?:ed)?|mix(?:ed|ing)?)(?:\s+\w+){0,3}\s+up\b",
    r"\bup\s+(?:to\s+(?:you|now|this|that|here"
    r"|the(?! (?:goal|star|key|\*|next|cell|my|your))|date|it|and)|for|until|with|so|front)\b",
    r"(?<!to )(?<!go )(?<!move )(?<!step )\bup\s+next\b",
    r"\b(?:write|wrote|written|slow|break|narrow|noted?|jot|counting|boils?|comes?|laid|put|set|let|let you)"
    r"\s+down\b",
    r"\bupside\s+down\b",
    r"\b(?:what|what's|whats|see|is|are|we're|anything|key|look|looks) (?:down|up) (?:there|here)\b",
    r"(?<!turn )(?<!go )(?<!move )(?<!step )(?<!then )"
    r"\bleft\s+to\s+(?:do|go|reach|collect|visit|the\s+goal|get|make|take|find|explore|pick|be)\b",
    r"\bleft\s+(?:over|behind|out|until|before|open|unexplored|blank|are|after|undecided"
    r"|is(?! (?:agreed|accepted|fine|ok|okay|good|perfect|free|open|clear|blocked|better|best)\b))\b",
    r"\bleft\s+for\s+(?:us|me|you)\b",
    r"\bleft\s+on\s+the\s+board\b",
    (
        r"\b(?:have|has|had|nothing|anything|what(?:'s| is)|there(?:'s| is| are)|only"
        r"|still)\s+(?:\w+\s+){0,3}left\b"
    ),
)
"""Words that look like directions and are none."""
_LISTING = (
    r"\b[UDLR](?:\s*(?:,|->|→|>|-|–|\s|then)\s*[UDLR]\b)+",
    r"\b[NSEW](?:\s*(?:,|->|→|>|-|–|\s)\s*[NSEW]\b)+",
    r"\b(?=\w*[ULR])[UDLR]{2,}\b",
    r"\b(?:[UDLR]\s?[x×]?\d[\s,→>-]*){2,}(?!\w)",
    r"\b(?:\d[UDLR](?![A-Za-z])[\s,→>-]*){2,}",
)
_GLYPHS = (
    r"^\s*→(?:\s*→)*(?=[\s?!.]*$)",
    r"[↑↓←⬆⬇⬅➡](?:[\s,\ufe0f]*[↑↓←→⬆⬇⬅➡])*",
    r"→(?:[\s,]*→)*[\s,]*[↑↓←](?:[\s,]*[↑↓←→])*",
)
_UNITS = r"(?:steps?|cells?|squares?|moves?|spaces?|tiles?|times|positions?|units?|blocks?)"
_DIRECTION = r"(?:up|down|left|right)(?:wards?)?|(?:north|south|east|west)(?:wards?|bound)?"
_COUNT = r"(?:\d{1,2}|one|two|three|four|five|six|seven|a single|single)"
_COUNTED_BEFORE = (
    rf"(?<!move )(?<!step )(?<!turn )\b(?P<count_b>{_COUNT})\s*[x×]?\s*(?:more\s+|further\s+)?"
    rf"(?:{_UNITS}\s+)?(?:to the\s+|towards?\s+the\s+|straight\s+)?(?P<way_b>{_DIRECTION})\b"
    r"(?!\s+(?:to\s+(?:do|go|reach|the\s+goal|collect|get)|over\b|until\b|before\b|of\b))"
)
_COUNTED_AFTER = (
    rf"\b(?P<way>{_DIRECTION})\b(?:\s*(?:by\s+|for\s+)?[x×(]?\s?(?P<count>{_COUNT})\b(?!\s*[,;]\s*\d)(?!\.\d)"
    rf"(?:\s*(?:more\s+)?{_UNITS}\b)?|\s+(?P<often>once(?!\s+more)|twice|thrice)\b)?"
)
_LONE = (
    r"(?:^|[.!?:;,–—]\s*|\b(?:ok|okay|yes|no|so|then|now|and|agreed|back|again|instead)\b[,:]?\s*"
    r"|[✓✔✅✗✘❌👍]\ufe0f?\s*)"
    r"(?P<lone_sign>(?-i:[UDLRNSEW]))"
    r"(?=\s*(?:$|[.,!?;:–—✓✔✅👍]|(?:ok|okay|then|again|first|next|instead|it is|agreed|is (?:open"
    r"|free|clear|good|fine)|and)\b))"
)
_LONE_ARROW = (
    r"(?:^|[✓✔✅✗✘❌👍)]\ufe0f?\s*|\b(?:key|goal|ok|okay|yes|agreed|done|next"
    r"|then)[.:,!]?\s+)(?P<arrow_sign>→)(?=\s*[?!.]?\s*$)"
)
_SINGLE = r"(?:\b(?:move|propose|proposal|step|go|action)\s*[:=]?\s*)(?P<single_sign>(?-i:[UDLR]))(?![\w,(])"
SCAN = Scan(
    {
        "skip": _SKIP,
        "listing": [f"(?-i:{pattern})" for pattern in _LISTING],
        "glyphs": _GLYPHS,
        "before": [_COUNTED_BEFORE],
        "after": [_COUNTED_AFTER],
        "single": [_SINGLE],
        "lone": [_LONE],
        "arrow": [_LONE_ARROW],
    },
    r"\w+|[.!?:;,–—)✓✔✅✗✘❌👍↑↓←→⬆⬇⬅➡]|\A\s",
    flags=re.IGNORECASE,
)
"""Directions, and words that only look like them."""
_LISTED = re.compile(r"(\d?)([UDLRNSEW])\s?[x×]?(\d?)")
_ARROWS = frozenset("↑⬆↓⬇←⬅→➡")
_NAMES = ("right", "down", "left", "up", "south", "north", "west", "east")
_MAYBE_SIGN = re.compile(r"[↑↓←→⬆⬇⬅➡]|[UDLRNSEW](?![a-z])")


_SUFFIX = re.compile(r"(?:wards?|bound)$")


def headings(sentence: str, has_cells: bool) -> list[Found]:
    """The directions of a sentence in order. Beside cells, arrows are separators."""
    lower = sentence.lower()
    if not any(name in lower for name in _NAMES) and not _MAYBE_SIGN.search(sentence):
        return []
    found: list[Found] = []
    for match in SCAN.matches(sentence):
        kind, text = match.lastgroup, match[0]
        if kind == "skip":
            continue
        if kind == "listing":
            for one in _LISTED.finditer(text):
                count = int(one[1] or one[3] or 1)
                way = WAY_WORDS[one[2].lower()]
                start = match.start() + one.start()
                counted = bool(one[1] or one[3])
                found.append(Found(start, match.start() + one.end(), Heading(way, count, counted, one[0])))
        elif kind == "glyphs":
            if not has_cells:
                for i, glyph in enumerate(text):
                    if glyph in WAY_WORDS:
                        at = match.start() + i
                        found.append(Found(at, at + 1, Heading(WAY_WORDS[glyph], 1, False, glyph)))
        elif kind == "single" or (kind in ("lone", "arrow") and not has_cells):
            start, end = match.span(f"{kind}_sign")
            sign = sentence[start:end]
            found.append(Found(start, end, Heading(WAY_WORDS[sign.lower()], 1, False, sign)))
        elif kind == "before" or kind == "after":
            word = match["way_b"] if kind == "before" else match["way"]
            count = match["count_b"] if kind == "before" else match["count"] or match["often"]
            way = WAY_WORDS[_SUFFIX.sub("", word.lower())]
            number = _number(count) if count else 1
            if 1 <= number <= MOST_STEPS:
                while found and _is_sign(found[-1], way, sentence[found[-1].end : match.start()]):
                    found.pop()  # "⬇️⬇️ (2 down)" tells one thing twice
                found.append(Found(match.start(), match.end(), Heading(way, number, count is not None, text)))
    return found


def _is_sign(one: Found, way: Way, between: str) -> bool:
    """The direction before is the arrow of the same word."""
    text = one.step.text
    return text in _ARROWS and WAY_WORDS[text] == way and not between.strip(" \ufe0f(↑↓←→⬆⬇⬅➡")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBER_WORDS.get(text.lower(), 1)
