"""Ordered cross-play: who starts, who answers, and what only a pair explains.

Works on unit values per ordered pair (starter, second). The additive model is least squares on cell means:
`cell(i, j) = mean + starter(i) + responder(j) + affinity(i, j)`, both kinds of effect summing to zero.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from ..comparisons import holm, pair_tests
from ..statistics import Estimate, paired

Pair: TypeAlias = tuple[str, str]
Cells: TypeAlias = Mapping[Pair, Mapping[str, float]]


class OrderEffect(NamedTuple):
    """Success with `first` starting, less success with `second` starting, on the same units."""

    first: str
    second: str
    difference: Estimate
    significant: bool


class Additive(NamedTuple):
    """Effects of starting and of answering, and what is left for each pair."""

    mean: float
    starter: dict[str, float]
    responder: dict[str, float]
    affinity: dict[Pair, float]


def order_effects(cells: Cells, bounds: tuple[float, float]) -> list[OrderEffect]:
    """Paired differences between both orders of each pair, with Holm's correction over pairs.

    Args:
        cells: Value per unit of each ordered pair.
        bounds: Ends of the range of a value.
    """
    pairs = sorted({(min(p), max(p)) for p in cells if p[0] != p[1] and (p[1], p[0]) in cells})
    differences: list[Estimate] = []
    p_values: list[float] = []
    kept: list[Pair] = []
    for i, j in pairs:
        common = [unit for unit in cells[i, j] if unit in cells[j, i]]
        if not common:
            continue
        first, second = [cells[i, j][u] for u in common], [cells[j, i][u] for u in common]
        kept.append((i, j))
        differences.append(paired(first, second, bounds))
        tests = pair_tests(np.array([first, second]), slice(0, 1), bounds)
        p_values.append(float(tests.p[0, 1]))
    verdicts = holm(p_values)
    return [OrderEffect(i, j, d, s) for (i, j), d, s in zip(kept, differences, verdicts, strict=True)]


def is_connected(pairs: Sequence[Pair]) -> bool:
    """Whether starters and responders hang together, so that their effects can be told apart."""
    if not pairs:
        return False
    reached = {("starter", pairs[0][0])}
    while True:
        more = {
            node
            for i, j in pairs
            if ("starter", i) in reached or ("responder", j) in reached
            for node in (("starter", i), ("responder", j))
        } - reached
        if not more:
            break
        reached |= more
    return len(reached) == len({i for i, _ in pairs}) + len({j for _, j in pairs})


def additive(cells: Cells) -> Additive | None:
    """Starter and responder effects, or None for a design that is not connected or has one row or column."""
    pairs = sorted(cells)
    starters, responders = sorted({i for i, _ in pairs}), sorted({j for _, j in pairs})
    if len(starters) < 2 or len(responders) < 2 or not is_connected(pairs):
        return None
    means = np.array([np.mean(list(cells[pair].values())) for pair in pairs])
    design = np.zeros((len(pairs) + 2, 1 + len(starters) + len(responders)))
    for row, (i, j) in enumerate(pairs):
        design[row, 0] = 1
        design[row, 1 + starters.index(i)] = 1
        design[row, 1 + len(starters) + responders.index(j)] = 1
    design[-2, 1 : 1 + len(starters)] = 1
    design[-1, 1 + len(starters) :] = 1
    solution = np.linalg.lstsq(design, np.append(means, [0.0, 0.0]), rcond=None)[0]
    starter = {name: float(solution[1 + k]) for k, name in enumerate(starters)}
    responder = {name: float(solution[1 + len(starters) + k]) for k, name in enumerate(responders)}
    mean = float(solution[0])
    affinity = {
        pair: float(value) - mean - starter[pair[0]] - responder[pair[1]]
        for pair, value in zip(pairs, means, strict=True)
    }
    return Additive(mean, starter, responder, affinity)
