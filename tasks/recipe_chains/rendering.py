"""Texts with the same claims and a chosen number of hedges, the same on every machine (pure).

render(points, 0, key)  ->  "Coffee drinkers live longer in large cohort studies. ..."
render(points, 6, key)  ->  "It seems that coffee drinkers live longer in large cohort studies. ..."
"""

import hashlib
from collections.abc import Sequence

CLAIMS = 6
"""Sentences of a rendering: three points and three stock claims."""
STOCK = (
    "the details of the case decide the rest",
    "the simple reading is the right one",
    "the costs fall on different people",
    "a clear rule beats a long debate",
    "the first step is the cheapest one",
    "experience points the same way",
)
PREFIXES = (
    "perhaps",
    "it seems that",
    "I think",
    "probably",
    "it is possible that",
    "my guess is that",
)


def hx(*parts: object) -> int:
    """A number of 64 bits from parts: the first eight bytes, big-endian, of the SHA-256 of them joined."""
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()[:8], "big")


def render(points: Sequence[str], n: int, key: str) -> str:
    """Six sentences of which n are hedged.

    Args:
        points: Claims; stock claims fill up to six.
        n: Hedged sentences, 0 to 6. The scored share of the text is exactly n / 6.
        key: Decides which stock claims, which sentences and which words of hedging.
    """
    assert 0 <= n <= CLAIMS, f"{n} hedged sentences of {CLAIMS}"
    stock = sorted(range(len(STOCK)), key=lambda i: hx(key, "g", i))[: CLAIMS - len(points)]
    claims = [*points, *(STOCK[i] for i in stock)]
    hedged = sorted(range(CLAIMS), key=lambda i: hx(key, "h", i))[:n]
    return " ".join(
        _sentence(f"{PREFIXES[hx(key, 'p', i) % len(PREFIXES)]} {claim}" if i in hedged else claim)
        for i, claim in enumerate(claims)
    )


def without_prefixes(text: str) -> str:
    """The text without the hedges that renderings begin their sentences with."""
    kept: list[str] = []
    for sentence in text.split(". "):
        for prefix in PREFIXES:
            if sentence.lower().startswith(f"{prefix.lower()} "):
                sentence = sentence[len(prefix) + 1 :]
                sentence = sentence[:1].upper() + sentence[1:]
                break
        kept.append(sentence)
    return ". ".join(kept)


def _sentence(claim: str) -> str:
    return f"{claim[0].upper()}{claim[1:]}."
