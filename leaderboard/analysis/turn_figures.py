"""Figures of user turns as a report prints them: a share of which nothing was seen is its upper limit."""

from collections.abc import Iterable

from interplay.tasks.observations import Estimand, Observation, unit_samples

from ..locks import combined_seed
from ..measure import estimated_cell
from ..schema import Cell
from .tables import Value, interval

NONE_SEEN = "none seen"


def shown_share(observed: Iterable[Observation], key: str, draws: int = 1) -> Value:
    """A share, its bound where nothing was seen, None where no sample has the key."""
    units = values_of(observed, key)
    if not units:
        return None
    item = Estimand({"figure": key}, key, units, range=(0.0, 1.0))
    return figure(estimated_cell(item, combined_seed(()), draws))[0]


def figure(cell: Cell) -> tuple[Value, Value, Value]:
    """Value, interval and n; a share of which nothing was seen is its bound.

    A ratio or a difference in which nothing was seen on either side has no bound of its own, and is given in
    words.
    """
    if cell.value is not None and cell.hi is not None and cell.value == 0 == cell.lo:
        return (f"≤ {cell.hi:.3f}" if cell.hi > 0 else None), NONE_SEEN, cell.n
    return cell.value, interval(cell.lo, cell.hi, 3), cell.n


def values_of(observed: Iterable[Observation], key: str) -> dict[str, list[float]]:
    """The values of that key per context."""
    return unit_samples(observed, lambda o: o.values.get(key))
