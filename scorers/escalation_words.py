"""Sentences, content words and stems of a message (pure).

A content word has at least four letters and no apostrophe and is not in `data/stop.txt`; its stem is the
first five letters. "The old rota went up" holds the stem `rota` ("went" is a stop word).
"""

import re
from functools import cache, lru_cache
from importlib.resources import files

SHORTEST = 4
"""Letters of a content word, at least."""
STEM = 5
"""Letters of a stem, at most."""

STRAIGHT = str.maketrans("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f", "''''\"\"\"\"")
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
SENTENCE = re.compile(r"[^.?!\n]*[^.?!\s][^.?!\n]*[.?!]*")
OPEN = re.compile(r"\b(?:what|how|which|where|when|who|tell me)\b", re.IGNORECASE)


def straight(text: str) -> str:
    """The text with straight quotes and apostrophes."""
    return text.translate(STRAIGHT)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """All words in lower case, "don't" being one."""
    return tuple(WORD.findall(straight(text).lower()))


def content_words(text: str) -> tuple[str, ...]:
    """The content words in order, repeated ones included."""
    stop = stop_words()
    return tuple(w for w in words(text) if len(w) >= SHORTEST and "'" not in w and w not in stop)


def stem(word: str) -> str:
    """The first letters of a word, by which its forms are taken as one."""
    return word[:STEM]


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The stems of the content words."""
    return frozenset(map(stem, content_words(text)))


def questions(text: str) -> tuple[str, ...]:
    """The sentences that end in a question mark."""
    found = (match.group().strip() for match in SENTENCE.finditer(straight(text)))
    return tuple(sentence for sentence in found if sentence.endswith("?"))


def is_open(question: str) -> bool:
    """Whether a question cannot be answered with yes or no, by its words."""
    return OPEN.search(question) is not None


@cache
def stop_words() -> frozenset[str]:
    """Function words and vague verbs, of which two people share many whatever they talk about."""
    return frozenset((files("interplay.scorers") / "data" / "stop.txt").read_text("utf-8").split())
