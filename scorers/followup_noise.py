"""Turns that no person would type: loops, symbol noise, a script foreign to the conversation (pure)."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from .followup_words import runs

LOOP_WORDS = 40
LOOP_CHARACTERS = 30
LOOP_RUN = 4
LOOP_DISTINCT = 0.35
SAME_WORD_FROM = 12
SAME_WORD = 0.5
NOISE_CHARACTERS = 12
NOISE_READABLE = 0.55
FOREIGN_SHARE = 0.3
KNOWN_SHARE = 0.01
_BLOCKS = (
    (0x0000, "latin"), (0x0250, None), (0x0370, "greek"), (0x0400, "cyrillic"), (0x0530, None),
    (0x0590, "hebrew"), (0x0600, "arabic"), (0x07B0, None), (0x0900, "indic"), (0x0E00, "thai"),
    (0x0E80, None), (0x3040, "cjk"), (0xA000, None), (0xAC00, "cjk"), (0xD7B0, None),
)  # fmt: skip
_STARTS = [start for start, _ in _BLOCKS]


def noise(text: str, words: Sequence[str], conversation: str) -> str | None:
    """What makes a turn noise, None where nothing does.

    Args:
        text: The normalised turn.
        words: Its words.
        conversation: The query and the reply, normalised.
    """
    if len(words) > LOOP_WORDS:
        found = runs(words, LOOP_RUN)
        if len(set(found)) < LOOP_DISTINCT * len(found):
            return "loop"
    if len(words) >= SAME_WORD_FROM:
        word, times = Counter(words).most_common(1)[0]
        if times > SAME_WORD * len(words):
            return f"loop={word}"
    visible = "".join(text.split())
    if len(visible) >= LOOP_CHARACTERS:
        found = runs(visible, LOOP_RUN)
        if len(set(found)) < LOOP_DISTINCT * len(found):
            return "loop"
    if len(visible) >= NOISE_CHARACTERS and sum(map(str.isalnum, visible)) < NOISE_READABLE * len(visible):
        return "symbols"
    return foreign_script(text, conversation)


def foreign_script(text: str, conversation: str) -> str | None:
    """A script that much of the text is written in and next to nothing of the conversation."""
    own, known = scripts(text), scripts(conversation)
    letters, all_known = own.total(), known.total()
    for script, count in own.items():
        much = script is not None and count >= FOREIGN_SHARE * letters
        if much and all_known and known[script] < KNOWN_SHARE * all_known:
            return f"script={script}"
    return None


def scripts(text: str) -> Counter[str | None]:
    """How many letters of each script a text has; those of other scripts count under None."""
    return Counter(_script(character) for character in text if character.isalpha())


def _script(character: str) -> str | None:
    return _BLOCKS[bisect_right(_STARTS, ord(character)) - 1][1]
