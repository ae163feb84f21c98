"""Positions and words of the ticks of an axis."""

import math
from collections.abc import Sequence

from ..figures import number


def nice_ticks(lo: float, hi: float, most: int = 6) -> tuple[float, ...]:
    """Round positions inside a range, at most `most` of them, at the smallest step that fits."""
    steps = (base * 10.0**power for power in range(-3, 6) for base in (1.0, 2.0, 2.5, 5.0))
    step = next(s for s in steps if (math.floor(hi / s + 1e-9) - math.ceil(lo / s - 1e-9)) < most)
    first, last = math.ceil(lo / step - 1e-9), math.floor(hi / step + 1e-9)
    return tuple(round(i * step, 6) + 0.0 for i in range(first, last + 1))


def tick_words(ticks: Sequence[float]) -> list[str]:
    """Labels with as many decimals as the finest tick needs."""
    decimals = next(d for d in range(4) if all(abs(t - round(t, d)) < 1e-6 for t in ticks) or d == 3)
    return [number(tick, decimals) for tick in ticks]
