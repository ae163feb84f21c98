"""What a note of the maze game says, as a scripted player understands it.

    "Agreed, we are at (0,1). I propose (0,2) as move 2."
    → accepts, stands at (0,1), proposes (0,2)

Kept apart from the scorer's reader on purpose. Scripted partners are part of a board and must play the same
game for ever, while the scorer's rules may be corrected and logs graded again.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from interplay.tasks.mazes.maze import PHRASE

Pair = tuple[int, int]
"""Two numbers as they stand in a note; which of them is the row, the reader of the reading decides."""
Direction = Literal["up", "right", "down", "left"]

CELL = re.compile(
    r"[(\[{<]\s*(\d{1,2})\s*[,;]\s*(\d{1,2})\s*[)\]}>]"
    r"|\brow\s+(\d{1,2})\s*,?\s*(?:and\s+)?col(?:umn)?\s+(\d{1,2})"
    r"|\br(\d{1,2})\s?c(\d{1,2})\b"
)
SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")
MAP_LINE = re.compile(r"[@*.#k?]{3,}")
ROW_LABEL = re.compile(r"^(?:row\s*)?r?\d{1,2}\s*[:.)]?\s+", re.IGNORECASE)
ACTION = re.compile(
    r"^\W*ACTION:\s*(?:(ACCEPT|REJECT|DONE)|PROPOSE\s+\(?(\d{1,2})\s*,\s*(\d{1,2})\)?)\W*$", re.MULTILINE
)

ACCEPT = re.compile(
    r"^(?:yes|yep|ok|okay|agreed|sure|fine|great|perfect|correct|confirmed|accepted|right,)\b"
    r"|\b(?:i|we|both) (?:fully |also |can )?(?:agree|accept|confirm)\b|\bsounds good\b|\bgo ahead\b"
)
REJECT = re.compile(
    r"^(?:no|nope|not)\b(?! problem| objection| worries)|\bdisagree\b"
    r"|\b(?:cannot|can't|don't|do not) (?:agree|accept|move|go|step)\b"
    r"|\breject|\bblocked\b|\bis a wall on my\b|\binstead\b"
)
POSITION = re.compile(
    r"\b(?:we are|we're|we have|token|position|currently|standing|now at|moved to|arrived|reached)\b"
)
MOVEMENT = re.compile(
    r"\b(?:propos\w+|suggest\w*|let's|let us|let me|next|move|moving|go|going|step|stepping|head|how about"
    r"|continue|then)\b"
)
COUNTER = re.compile(r"\b(?:propos\w+|suggest\w*|let's|let us|instead|how about)\b")
FROM = re.compile(r"\bfrom\s+$")
WAYS: dict[str, Direction] = {
    "up": "up",
    "north": "up",
    "right": "right",
    "east": "right",
    "down": "down",
    "south": "down",
    "left": "left",
    "west": "left",
}
DIRECTION = re.compile(rf"\b({'|'.join(WAYS)})(?:ward|wards)?\b")
KEY = re.compile(r"\bkeys?\b[^()\[\]{}<>]{0,25}$")
WALL = re.compile(r"\b(?:walls?|blocked)\b")
NO_WALL = re.compile(r"\b(?:not? (?:a )?walls?|isn't|aren't|not blocked|open)\b")
HANDOVER = re.compile(r"\b(?:your lead|you lead|please lead|lead on|your turn to lead)\b")
ROW_FIRST = re.compile(r"\(?\brow,\s*col(?:umn)?\b|\brow[- ]col|\brow first\b|\bsame convention\b")


class Reading(NamedTuple):
    """The acts of one note. Pairs are numbers as written; `map_lines` are the lines of map symbols."""

    accepts: bool = False
    rejects: bool = False
    not_next: bool = False
    at: Pair | None = None
    proposes: tuple[Pair | Direction, ...] = ()
    keys: tuple[Pair, ...] = ()
    walls: tuple[Pair, ...] = ()
    map_lines: tuple[str, ...] = ()
    row_first: bool = False
    hands_over: bool = False
    says_phrase: bool = False


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """The acts of a note. Lines of the form `ACTION: …`, if there are any, say alone what is done."""
    prose, map_lines = without_map(text)
    said = read_prose(prose)._replace(map_lines=map_lines, says_phrase=PHRASE in text)
    actions = ACTION.findall(text)
    if not actions:
        return said
    words = {word for word, _, _ in actions}
    return said._replace(
        accepts="ACCEPT" in words,
        rejects="REJECT" in words,
        at=None,
        proposes=tuple((int(r), int(c)) for word, r, c in actions if not word),
        says_phrase="DONE" in words or said.says_phrase,
    )


def without_map(text: str) -> tuple[str, tuple[str, ...]]:
    """The note without its map lines and code fences, and the map lines without labels and spaces."""
    prose: list[str] = []
    map_lines: list[str] = []
    for line in text.splitlines():
        bare = line.strip().strip("`|").strip()
        for candidate in (bare, ROW_LABEL.sub("", bare, count=1)):
            symbols = re.sub(r"[\s|,]", "", candidate).replace("K", "k")
            if MAP_LINE.fullmatch(symbols):
                map_lines.append(symbols)
                break
        else:
            prose.append("" if line.strip().startswith("```") else line.replace("`", ""))
    return "\n".join(prose), tuple(map_lines)


def read_prose(text: str) -> Reading:
    """The acts of a note that holds neither map nor action lines."""
    accepts = rejects = False
    at: Pair | None = None
    proposes: tuple[Pair | Direction, ...] = ()
    keys: list[Pair] = []
    walls: list[Pair] = []
    lowered = text.lower().replace("’", "'").replace("*", "")
    for sentence in SENTENCE_END.split(lowered):
        sentence = sentence.strip(" -•>#")
        found = list(CELL.finditer(sentence))
        pairs = [pair_of(match) for match in found]
        rejecting = REJECT.search(sentence) is not None
        accepts = accepts or (not rejecting and ACCEPT.search(sentence) is not None)
        rejects = rejects or rejecting
        asks = sentence.endswith("?")
        if not asks and WALL.search(sentence) and not NO_WALL.search(sentence):
            walls += pairs
            continue
        keys += [
            pair for match, pair in zip(found, pairs, strict=True) if KEY.search(sentence[: match.start()])
        ]
        moving = MOVEMENT.search(sentence) is not None
        if pairs and not moving and POSITION.search(sentence) and not asks:
            at = pairs[-1]
        elif moving and (not rejecting or COUNTER.search(sentence)):
            if len(pairs) > 1 and POSITION.search(sentence):
                at, pairs = pairs[0], pairs[1:]
            elif len(pairs) > 1 and FROM.search(sentence[: found[0].start()]):
                pairs = pairs[1:]
            steps = tuple(pairs) or directions(sentence)
            proposes = steps or proposes
        elif len(pairs) == 1 and CELL.fullmatch(sentence.rstrip(" .!?")):
            proposes = tuple(pairs)
    return Reading(
        accepts=accepts and not rejects,
        rejects=rejects,
        not_next="is not next to" in lowered,
        at=at,
        proposes=proposes,
        keys=tuple(keys),
        walls=tuple(walls),
        row_first=any(ROW_FIRST.search(line.strip()) for line in lowered.splitlines()),
        hands_over=HANDOVER.search(lowered) is not None,
    )


def pair_of(match: re.Match[str]) -> Pair:
    """The two numbers of a cell in whatever form it was written."""
    first, second = (int(group) for group in match.groups() if group is not None)
    return first, second


def directions(sentence: str) -> tuple[Direction, ...]:
    """The directions a sentence names, in order; those of a corner (`top left`) do not count."""
    named = DIRECTION.findall(re.sub(r"\b(?:top|bottom|upper|lower)[- ](?:left|right)\b", "", sentence))
    return tuple(WAYS[word] for word in named)
