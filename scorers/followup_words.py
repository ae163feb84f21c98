"""What a message is made of: its normalised text, words, content keys and word runs (pure).

A key is a word without its ending, so that forms of one word meet: "divided" and "divide" are both `divid`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from .followup_cues import LIST_MARK, NUMBERS, cue_file

WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
FRACTION = re.compile(r"(?<![\d/])\d+/\d+(?![\d/])")
LIST_LINE = re.compile(rf"^[^\S\n]*{LIST_MARK}", re.MULTILINE)
QUOTES = str.maketrans({"‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "‟": '"'})
VOWEL = re.compile("[aeiouy]")
ENDINGS = ("ing", "ed", "ly", "er", "e", "y")
NUMBER_WORDS = frozenset(NUMBERS.split("|")[1:])
KEY_LETTERS = 7
SHORTEST_STEM = 3
SHORTEST_WORD = 3
LONGEST_RUN = 5
REMEMBERED = 4096


class Message(NamedTuple):
    """A message as the rules read it.

    Attributes:
        text: Normalised and stripped.
        words: Numbers and words in order.
        keys: Content keys: of numbers and of words that say something.
        all_keys: The same with the words in which any reply is talked about, as "answer" or "explain".
    """

    text: str
    words: tuple[str, ...]
    keys: frozenset[str]
    all_keys: frozenset[str]

    @property
    def numbers(self) -> frozenset[str]:
        """The keys that are numbers."""
        return frozenset(filter(is_number, self.keys))


@lru_cache(maxsize=REMEMBERED)
def message(text: str) -> Message:
    """A text, read."""
    plain = normalised(text)
    body = LIST_LINE.sub("", plain)
    every = frozenset((*_content(body), *FRACTION.findall(body)))
    return Message(plain.strip(), tuple(WORD.findall(plain)), every - chat_keys(), every)


def normalised(text: str) -> str:
    """NFKC, straight quotes, lower case, and short forms written out ("u" is "you")."""
    plain = unicodedata.normalize("NFKC", text).translate(QUOTES).casefold()
    pattern, forms = _slang()
    return pattern.sub(lambda found: forms[found[0]], plain)


@cache
def _slang() -> tuple[re.Pattern[str], Mapping[str, str]]:
    forms = dict(pair.split(":") for pair in cue_file().slang.split())
    return re.compile(rf"(?<![\w'])(?:{'|'.join(forms)})(?![\w'])"), forms


def _content(plain: str) -> Iterable[str]:
    for word in WORD.findall(plain):
        if is_number(word):
            yield key(word)
            continue
        name = word.removesuffix("'s")
        if len(name) >= SHORTEST_WORD and "'" not in name and name not in stop_words():
            yield key(name)


@cache
def stop_words() -> frozenset[str]:
    """Words that say nothing of their own."""
    return frozenset(cue_file().stop_words.split())


@cache
def chat_keys() -> frozenset[str]:
    """Keys of the words in which any reply is talked about."""
    return frozenset(map(key, cue_file().chat_words.split()))


@cache
def common_keys() -> frozenset[str]:
    """Keys of words so common that one of them alone shows no link to a reply."""
    return frozenset(map(key, cue_file().common_words.split()))


def is_number(word: str) -> bool:
    """Whether a word or key is a number."""
    return word[0].isdecimal()


@lru_cache(maxsize=REMEMBERED)
def key(word: str) -> str:
    """A number in its shortest form, or a word without its ending, at most seven letters."""
    return _number_key(word) if is_number(word) else _word_key(word)


def _number_key(number: str) -> str:
    plain = number.replace(",", "")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    plain = plain.lstrip("0")
    return plain if plain and is_number(plain) else f"0{plain}"


def _word_key(word: str) -> str:
    if word.endswith("ies") and len(word) > len("ies") + 1:
        word = word[: -len("ies")] + "y"
    elif word.endswith("s") and not word.endswith("ss") and len(word) > SHORTEST_WORD:
        word = word[:-1]
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SHORTEST_STEM and VOWEL.search(stem):
            word = stem
            break
    if len(word) > SHORTEST_STEM and word[-1] == word[-2]:
        word = word[:-1]
    return word[:KEY_LETTERS]


def runs(words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    """All runs of so many words, in order."""
    return [tuple(words[i : i + length]) for i in range(len(words) - length + 1)]


def copied_share(words: Sequence[str], source: Sequence[str], length: int = LONGEST_RUN) -> float:
    """Share of the runs of so many words (fewer if there are fewer) that stand in the source too."""
    length = min(length, len(words))
    if not length:
        return 0.0
    known = set(runs(source, length))
    mine = runs(words, length)
    return sum(run in known for run in mine) / len(mine)


def common_length(words: Sequence[str], source: Sequence[str]) -> int:
    """Length of the longest common subsequence.

    Bit-parallel, after Hyyrö, "Bit-parallel LCS-length computation revisited" (2004).
    """
    places: dict[str, int] = {}
    for place, word in enumerate(source):
        places[word] = places.get(word, 0) | 1 << place
    full = (1 << len(source)) - 1
    row = full
    for word in words:
        met = row & places.get(word, 0)
        row = (row + met | row - met) & full
    return len(source) - row.bit_count()


def without_numbers(words: Sequence[str]) -> list[str]:
    """The words with `#` in the place of every number, be it in digits or a word."""
    return ["#" if is_number(word) or word in NUMBER_WORDS else word for word in words]
