"""Which items of a test stand in a text, in five ways of looking (pure).

    exact          all tokens of the item in a row
    ngram          at least 80 % of its 5-grams in one record: a near copy
    exact_names    as `exact`, with capitalised words masked: other names
    ngram_names    as `ngram`, with capitalised words masked
    exact_numbers  as `exact`, with numbers masked

Tokens are runs of letters and digits and single other characters, in lower case; chat markers such as
`<u>` do not count. Rare 5-grams are looked up first, so that most records cost one dictionary look-up a
token.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

LayerName: TypeAlias = Literal["exact", "ngram", "exact_names", "ngram_names", "exact_numbers"]
LAYERS: tuple[LayerName, ...] = ("exact", "ngram", "exact_names", "ngram_names", "exact_numbers")
GRAM = 5
CONTAINED = 0.8
MARKER = re.compile(r"<\|?/?[a-z_]{1,24}\|?>")
TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
NAME, NUMBER = "\0name", "\0number"
Tokens: TypeAlias = tuple[str, ...]


class Forms(NamedTuple):
    """A text as tokens: plain, with names masked, with numbers masked."""

    plain: Tokens
    names: Tokens
    numbers: Tokens


def forms(text: str) -> Forms:
    """The three forms of a text."""
    words: list[str] = TOKEN.findall(MARKER.sub(" ", text))
    plain = tuple(word.casefold() for word in words)
    names = tuple(
        NAME if word[0].isupper() and not word.isupper() else low
        for word, low in zip(words, plain, strict=True)
    )
    return Forms(plain, names, tuple(NUMBER if word[0].isdigit() else word for word in plain))


def grams(tokens: Tokens) -> list[Tokens]:
    """The distinct 5-grams in order; of a shorter text its tokens as one gram."""
    if len(tokens) < GRAM:
        return [tokens] if tokens else []
    return list(dict.fromkeys(tokens[i : i + GRAM] for i in range(len(tokens) - GRAM + 1)))


class _Exact:
    """Finds token sequences inside others."""

    def __init__(self, texts: Sequence[Tokens]) -> None:
        owners: defaultdict[Tokens, list[int]] = defaultdict(list)
        for i, tokens in enumerate(texts):
            if tokens:
                owners[tokens].append(i)
        self.owners = dict(owners)
        self.heads: dict[int, dict[Tokens, list[Tokens]]] = {}
        for tokens in owners:
            size = min(len(tokens), GRAM)
            self.heads.setdefault(size, {}).setdefault(tokens[:size], []).append(tokens)

    def found(self, tokens: Tokens) -> Iterator[int]:
        for size, heads in self.heads.items():
            for i in range(len(tokens) - size + 1):
                for whole in heads.get(tokens[i : i + size], ()):
                    if tokens[i : i + len(whole)] == whole:
                        yield from self.owners[whole]


class _Near:
    """Finds records that hold most 5-grams of an item.

    A record that holds `need` of n grams holds at least one of any n - need + 1; the rarest ones are watched.
    """

    def __init__(self, texts: Sequence[Tokens]) -> None:
        own = [grams(tokens) for tokens in texts]
        often = Counter(gram for item in own for gram in item)
        self.own = [frozenset(item) for item in own]
        self.need = [math.ceil(CONTAINED * len(item) - 1e-9) for item in own]
        self.watched: defaultdict[Tokens, list[int]] = defaultdict(list)
        self.sizes = sorted({len(gram) for gram in often})
        for i, item in enumerate(own):
            rare = sorted(item, key=often.__getitem__)
            for gram in rare[: len(item) - self.need[i] + 1]:
                self.watched[gram].append(i)

    def found(self, tokens: Tokens) -> Iterator[int]:
        held = {tokens[i : i + size] for size in self.sizes for i in range(len(tokens) - size + 1)}
        for i in {i for gram in held if gram in self.watched for i in self.watched[gram]}:
            if len(self.own[i] & held) >= self.need[i]:
                yield i


class Matcher:
    """Looks for a fixed set of items in records."""

    def __init__(self, prompts: Sequence[str]) -> None:
        known = [forms(prompt) for prompt in prompts]
        plain, names, numbers = ([item[i] for item in known] for i in range(3))
        self._layers: dict[LayerName, tuple[int, _Exact | _Near]] = {
            "exact": (0, _Exact(plain)),
            "ngram": (0, _Near(plain)),
            "exact_names": (1, _Exact(names)),
            "ngram_names": (1, _Near(names)),
            "exact_numbers": (2, _Exact(numbers)),
        }

    def matches(self, text: str) -> dict[LayerName, set[int]]:
        """The items that stand in one record, by layer, as places in the list of prompts."""
        seen = forms(text)
        return {name: set(layer.found(seen[form])) for name, (form, layer) in self._layers.items()}


def union(found: Iterable[dict[LayerName, set[int]]]) -> dict[LayerName, set[int]]:
    """All items of several records, by layer."""
    whole: dict[LayerName, set[int]] = {name: set() for name in LAYERS}
    for one in found:
        for name, items in one.items():
            whole[name] |= items
    return whole
