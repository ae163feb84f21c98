"""Intervals beside those of evalstats, a library that works on its own formulas, on three fixtures."""

from collections.abc import Sequence

import numpy as np
import pytest

from interplay.leaderboard.statistics import Estimate, paired, share

UNIT = (0.0, 1.0)
CLOSE = 0.02
SOLVED = [1.0] * 75 + [0.0] * 45
NEARLY_ALL = [1.0] * 56 + [0.0] * 4
GRADED = list(np.round(np.random.RandomState(7).beta(4, 2, 80), 4))


def assert_close(ours: Estimate, theirs: Sequence[float]) -> None:
    assert (ours.value, ours.lo, ours.hi) == pytest.approx(tuple(theirs), abs=CLOSE)
    assert ours.lo < theirs[0] < ours.hi


@pytest.mark.parametrize(
    ("values", "binary", "method"),
    [(SOLVED, True, "wilson"), (NEARLY_ALL, True, "wilson"), (GRADED, False, "logit_t")],
    ids=["mazes solved", "nearly all solved", "graded"],
)
def test_share(values: list[float], binary: bool, method: str):
    from evalstats import mean_ci

    theirs = mean_ci(values, score_range=UNIT, rng=1)
    assert theirs.method == method
    assert_close(share(values, UNIT, 1, binary), (theirs.mean, theirs.ci_low, theirs.ci_high))


@pytest.mark.parametrize("method", ["newcombe", "tango", "t_interval"])
def test_paired_difference_of_solved_mazes(method: str):
    from evalstats.core.paired import pairwise_differences

    random = np.random.RandomState(3)
    first = (random.random_sample(150) < 0.7).astype(float)
    second = np.where(random.random_sample(150) < 0.3, random.random_sample(150) < 0.5, first).astype(float)
    theirs = pairwise_differences(np.array([first, second]), 0, 1, method=method)  # type: ignore[arg-type]
    figures = (theirs.point_diff, theirs.ci_low, theirs.ci_high)
    assert_close(paired(list(first), list(second), UNIT), figures)
