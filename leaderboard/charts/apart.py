"""Places of names that would cover one another: levels above an axis, and heights beside it.

No unit is fixed: points in a picture, pixels in an interactive plot.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Taken(NamedTuple):
    """Where a name stands: from `start` to `end` along the axis, on a level counted from the axis."""

    start: float
    end: float
    level: int


def free_level(taken: Sequence[Taken], start: float, end: float, gap: float = 0.0) -> int:
    """The lowest level on which a name stands free of those before it, at least `gap` beside each."""
    used = {other.level for other in taken if start < other.end + gap and other.start < end + gap}
    return next(level for level in range(len(taken) + 1) if level not in used)


def spread(wanted: Sequence[float], gap: float, floor: float) -> list[float]:
    """Heights of names from the top down, at least `gap` apart.

    A name goes down where another stands in its place, and none below `floor`: then those above make room.
    """
    places: list[float] = []
    for here in wanted:
        places.append(min(here, places[-1] - gap) if places else here)
    for i in range(len(places) - 1, -1, -1):
        places[i] = max(places[i], floor)
        floor = places[i] + gap
    return places
