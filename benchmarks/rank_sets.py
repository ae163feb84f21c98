"""How long the places of 1,250 entries over 500 units take: all units there, or one in a hundred missing."""

import time

import numpy as np

from interplay.leaderboard.comparisons import detectable_difference, rank_sets
from interplay.leaderboard.statistics import Vector

ENTRIES, UNITS = 1250, 500
BAR = 0.6
BAR_WITH_HOLES = 2.0
PASSES = 3
RANGE = (0.0, 1.0)
SECONDS = "processor seconds"


def board(missing: float) -> Vector:
    random = np.random.RandomState(2)
    chances = random.uniform(0.2, 0.8, (ENTRIES, 1))
    matrix = random.binomial(2, chances, (ENTRIES, UNITS)) / 2
    matrix[random.random_sample(matrix.shape) < missing] = np.nan
    return matrix


def rows() -> list[tuple[str, float, float, str]]:
    found: list[tuple[str, float, float, str]] = []
    for what, missing, bar in (("whole", 0.0, BAR), ("with holes", 0.01, BAR_WITH_HOLES)):
        matrix = board(missing)
        best = float("inf")
        for _ in range(PASSES):
            begin = time.process_time()
            rank_sets(matrix, RANGE, higher=True)
            best = min(best, time.process_time() - begin)
        found.append((f"rank sets, {ENTRIES} entries x {UNITS} units, {what}", best, bar, SECONDS))
    begin = time.process_time()
    detectable_difference(board(0.0), RANGE)
    found.append(("difference that this board resolves", time.process_time() - begin, BAR, SECONDS))
    return found
