"""The weighted score of a board: groups of units count by their weight, not by their number.

A board with weights {a: 0.75, b: 0.25} and one unit each, of values 1 and 0, has unit values 1.5 and 0; their
plain mean, 0.75, is the score.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import NamedTuple

from interplay.tasks.observations import Observation

from .board_parts import Weights
from .boards import Board
from .result_parts import Interval
from .statistics import Estimate, bootstrap_mean, bootstrap_runs


class WeightedScore(NamedTuple):
    """The score, how its interval was made, and K·w·x of each unit."""

    estimate: Estimate
    interval: Interval
    units: dict[str, float]


def weighted_score(
    board: Board,
    weights: Weights,
    observed: Sequence[Observation],
    value: Callable[[Observation], float | None],
    seed: int,
    whole: bool,
) -> WeightedScore | None:
    """K·w·x for each unit, and its mean with the interval that the board asks for; None without any value.

    Args:
        board: The board.
        weights: Its weights.
        observed: All samples.
        value: The headline value of one.
        seed: Bootstrap seed.
        whole: All units that were asked for are there; the weights of their groups are brought to 1.
    """
    scored = [(o, x) for o in observed if (x := value(o)) is not None]
    groups = {o.unit: o.metadata.get(weights.key, "") for o, _ in scored}
    weighty = {unit: group for unit, group in groups.items() if weights.values.get(group, 0) > 0}
    if not weighty:
        return None
    sizes = Counter(weighty.values())
    total = sum(weights.values[group] for group in sizes) if whole else 1.0
    units = sorted(weighty)
    factors = [len(units) * weights.values[weighty[u]] / sizes[weighty[u]] / total for u in units]
    values = [[x for o, x in scored if o.unit == unit] for unit in units]
    means = {u: factor * fmean(row) for u, factor, row in zip(units, factors, values, strict=True)}
    if board.interval != "family" or board.stderr is None:
        return WeightedScore(bootstrap_mean([means[unit] for unit in units], seed), "bootstrap", means)
    key = board.stderr
    errors = [[o.values.get(key, 0.0) for o, _ in scored if o.unit == unit] for unit in units]
    return WeightedScore(bootstrap_runs(values, errors, factors, board.range, seed), "family", means)
