"""The second interval: where another run of the *same* units would end up, beside the one for new units.

It needs at least two values of a sample: epochs, or the 0/1 draws that a sample's headline averages. Example:
a context with 7 of 10 draws counts as seven ones and three zeros.
"""

from collections.abc import Sequence
from statistics import fmean

from interplay.tasks.observations import Observation

from .boards import Board
from .estimates import ValueOf, arm_values, headline_value, secondary_value
from .schema import Limits, Metric
from .statistics import Estimate, new_run

NEAR = 1e-6


def same_items(
    board: Board, observed: Sequence[Observation], draws: int, metrics: dict[str, Metric]
) -> dict[str, Limits]:
    """Limits for another run of the same units, of the headline and the secondary figures that have them.

    Args:
        board: The board; one that weighs its units has this interval as its first.
        observed: All samples.
        draws: 0/1 draws averaged inside one headline value.
        metrics: The figures, which the limits hold.
    """
    found: dict[str, Limits] = {}
    head = headline_again(board, observed, draws)
    if head is not None:
        found[board.headline] = _limits(metrics[board.headline], head, board.headline_range)
    for item in board.secondary:
        if item.key in metrics and item.range is not None and board.contrast is None:
            again = _mean(board, observed, secondary_value(item))
            if again is not None:
                found[item.key] = _limits(metrics[item.key], again, item.range)
    return found


def headline_again(board: Board, observed: Sequence[Observation], draws: int) -> Estimate | None:
    """The headline with its interval for another run of the same units; None where they were drawn once."""
    if board.weights is not None:
        return None
    if board.contrast is None:
        return _mean(board, observed, headline_value(board), draws)
    by, words = board.contrast.by, (board.contrast.plus, board.contrast.minus)
    arms = [
        unit_draws([o for o in observed if o.metadata.get(by) == word], value)
        for word, value in zip(words, arm_values(board), strict=True)
    ]
    common = [unit for unit in arms[0] if unit in arms[1]]
    sides = [[arm[unit] for unit in common] for arm in arms]
    return new_run(sides[0], sides[1]) if all(map(_is_repeated, sides)) else None


def _mean(board: Board, observed: Sequence[Observation], value: ValueOf, draws: int = 1) -> Estimate | None:
    names = dict.fromkeys(o.metadata.get(board.macro or "", "") for o in observed)
    groups = [
        unit_draws(
            [o for o in observed if o.metadata.get(board.macro or "", "") == name], value, draws, board.range
        )
        for name in names
    ]
    units = [list(group.values()) for group in groups if group]
    if not units or not all(map(_is_repeated, units)):
        return None
    found = [new_run(group) for group in units]
    middle = fmean(e.value for e in found)
    half = sum((e.hi - e.value) ** 2 for e in found) ** 0.5 / len(found)
    return Estimate(middle, middle - half, middle + half, sum(e.n for e in found))


def unit_draws(
    observed: Sequence[Observation],
    value: ValueOf,
    draws: int = 1,
    bounds: tuple[float, float] = (0.0, 1.0),
) -> dict[str, list[list[float]]]:
    """For each unit the values of each of its samples: one an epoch, or the 0/1 draws behind a single one."""
    found: dict[str, dict[tuple[str, str], list[float]]] = {}
    for o in observed:
        x = value(o)
        if x is not None:
            found.setdefault(o.unit, {}).setdefault((o.task, o.sample_id), []).append(x)
    return {
        unit: [
            _apart(values[0], draws, bounds) if len(values) == 1 else values for values in samples.values()
        ]
        for unit, samples in found.items()
    }


def _apart(mean: float, draws: int, bounds: tuple[float, float]) -> list[float]:
    """The draws behind a mean of 0/1 draws, or the mean alone where it is none."""
    successes = (mean - bounds[0]) / (bounds[1] - bounds[0]) * draws
    if draws < 2 or abs(successes - round(successes)) > NEAR * draws:
        return [mean]
    return [bounds[1]] * round(successes) + [bounds[0]] * (draws - round(successes))


def _is_repeated(units: Sequence[Sequence[Sequence[float]]]) -> bool:
    return bool(units) and all(len(values) > 1 for unit in units for values in unit)


def _limits(metric: Metric, again: Estimate, bounds: tuple[float, float]) -> Limits:
    """The limits around the figure as it is printed, inside the range of the figure."""
    half = again.hi - again.value
    low = min(max(metric.value - half, bounds[0]), metric.value)
    high = max(min(metric.value + half, bounds[1]), metric.value)
    return Limits(lo=round(low, 6), hi=round(high, 6), n=again.n)
