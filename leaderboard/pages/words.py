"""Figures and intervals in words, as tables and pages print them."""

from typing import NamedTuple

from ..figures import interval, number, shown, shown_interval
from ..schema import Metric
from .rendering import figure


class Quantity(NamedTuple):
    """A figure as printed and as sorted by, with its interval where that stands in the table."""

    text: str
    raw: str
    interval: str = ""


def decimals_of(bounds: tuple[float, float] | None) -> int | None:
    """Decimals of a figure: three for shares, two for nats, one for points, none for counts."""
    if bounds is None:
        return None
    width = bounds[1] - bounds[0]
    return 3 if width <= 10 else 2 if width <= 40 else 1


def value_words(metric: Metric | None, decimals: int | None) -> str:
    """A figure as printed: `0.312`, `≤ 0.060` for a share of which nothing was seen, `–` for none."""
    if metric is None or decimals is None:
        return figure(metric.value if metric else None, decimals)
    return shown(metric.value, metric.lo, metric.hi, decimals)


def interval_words(metric: Metric, bounds: tuple[float, float] | None, decimals: int | None = None) -> str:
    """The interval in words; a limit where nothing was observed: `≤ 0.007`.

    Args:
        metric: The figure.
        bounds: Ends of its range, None where it has none.
        decimals: Of a figure without a range; none where it is a count.
    """
    if bounds is None:
        if decimals is not None:
            return interval(metric.lo, metric.hi, decimals)
        lo, hi = figure(metric.lo, None), figure(metric.hi, None)
        return f"{lo}{' to ' if lo.startswith('−') else '–'}{hi}"
    if metric.value <= bounds[0] < metric.hi and metric.lo < 0:
        return f"≤ {number(metric.hi, 3 if abs(metric.hi) < 0.1 else 2)}"
    return shown_interval(metric.value, metric.lo, metric.hi, min(decimals_of(bounds) or 0, 2))
