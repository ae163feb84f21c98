"""The sentences of a reply in which a writer could hedge (pure).

    **Perhaps.** He said "it may rain today" and left.  ->  He said and left.

Reasoning, code, quoted lines, headings, addresses and quotations of three words and more are not the
writer's own claims; marks of lists and emphasis are no words.
"""

import re

from interplay.solvers.reasoning import without_reasoning

FEWEST_WORDS = 3
"""Words of the shortest sentence that counts."""

_STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_FENCE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_ASIDE = re.compile(r"^[ \t]*[>#].*$", re.MULTILINE)
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
_QUOTED = re.compile(r'"[^"\n]*"')
_MARKER = re.compile(r"^[ \t]*(?:[-*+•]|\d{1,2}[.)])[ \t]+", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)|~~")
_SHORT = re.compile(r"\b(?:e\.g|i\.e|Dr|Mr|Mrs|Ms|vs|etc|cf|No)\.", re.IGNORECASE)
_STOP = "\x00"
_BREAK = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\n+")
_WORD = re.compile(r"[\w'’-]*\w[\w'’-]*")


def own_words(text: str) -> str:
    """What the writer claims in prose, with straight quotes."""
    text = without_reasoning(text).translate(_STRAIGHT)
    for pattern in (_FENCE, _CODE, _ASIDE, _ADDRESS):
        text = pattern.sub(" ", text)
    text = _QUOTED.sub(lambda m: " " if len(words(m.group())) >= FEWEST_WORDS else m.group(), text)
    return _EMPHASIS.sub("", _MARKER.sub("", text))


def words(text: str) -> list[str]:
    """The words of a text; a number is one."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences of at least three words, in order."""
    kept = _SHORT.sub(lambda m: m.group().replace(".", _STOP), own_words(text))
    parts = (part.replace(_STOP, ".").strip() for part in _BREAK.split(kept))
    return [part for part in parts if len(words(part)) >= FEWEST_WORDS]
