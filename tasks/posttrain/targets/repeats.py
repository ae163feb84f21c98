"""Loops in a text, collapsed to five rounds, before a judge reads it (pure).

    collapsed("ha" * 1000)    "hahahahahahahahaha…" with five rounds left of each loop

Equal lines in a row, blocks of up to 30 lines, and substrings of 3 to 500 characters.
"""

from collections.abc import Sequence

KEPT = 5
LONGEST_BLOCK = 30
SHORTEST, LONGEST = 3, 500


def collapsed(text: str) -> str:
    """The text with at most five rounds of each loop."""
    lines: Sequence[str] = text.split("\n")
    for block in range(1, LONGEST_BLOCK + 1):
        lines = _rounds(lines, block)
    return _substrings("\n".join(lines))


def _rounds(lines: Sequence[str], block: int) -> Sequence[str]:
    """Lines in which a block of that many does not come more than five times in a row."""
    kept: list[str] = []
    at = 0
    while at < len(lines):
        again = at
        while (
            again + 2 * block <= len(lines)
            and lines[again : again + block] == lines[again + block : again + 2 * block]
        ):
            again += block
        rounds = (again - at) // block + 1
        if rounds > KEPT:
            kept += lines[at : at + KEPT * block]
            at += rounds * block
        else:
            kept.append(lines[at])
            at += 1
    return kept


def _substrings(text: str) -> str:
    import numpy as np

    for period in range(SHORTEST, min(LONGEST, len(text) // (KEPT + 1)) + 1):
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        if len(codes) < (KEPT + 1) * period:
            break
        equal = np.concatenate(([False], codes[period:] == codes[:-period], [False])).astype(np.int8)
        edges = np.flatnonzero(np.diff(equal))
        starts, ends = edges[::2], edges[1::2]
        long = ends - starts >= KEPT * period
        if not long.any():
            continue
        parts: list[str] = []
        at = 0
        for start, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True):
            # A run of n equal characters at this distance is n // period + 1 rounds and a rest.
            rounds = (end - start) // period + 1
            parts.append(text[at : start + KEPT * period])
            at = start + rounds * period
        text = "".join((*parts, text[at:]))
    return text
