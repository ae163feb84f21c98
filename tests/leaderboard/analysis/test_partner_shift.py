"""Partner shifts: no effect is found where there is none, planted ones come back, intervals hold."""

import numpy as np
import pytest

from interplay.leaderboard.analysis.cells import Cells
from interplay.leaderboard.analysis.partner_shift import (
    contrasts,
    cross_fitted,
    family_gap,
    halvings,
    mean_difference,
    shifts,
)
from interplay.leaderboard.analysis.variance import jackknifed

OPENERS, SD, RUNS = 120, 0.18, 200
STEPS = np.linspace(0, 0.15, 6)


def simulated(effects: np.ndarray, seed: int) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    shift, naive, covered, above = np.zeros((4, RUNS))
    for run in range(RUNS):
        values = effects[:, None] + rng.normal(scale=SD, size=(len(effects), OPENERS))
        found = jackknifed(*cross_fitted(values))
        shift[run], naive[run] = found.value, np.ptp(values.mean(axis=1))
        covered[run] = found.lo <= np.ptp(effects) <= found.hi
        above[run] = found.lo > 0
    return {
        "shift": shift.mean(),
        "naive": naive.mean(),
        "covered": covered.mean(),
        "above": above.mean(),
    }


def test_partners_that_do_not_matter_shift_nothing():
    found = simulated(np.zeros(6), 1)
    assert abs(found["shift"]) <= 0.005
    assert found["naive"] > 0.03
    assert found["above"] <= 0.02
    assert found["covered"] >= 0.95


def test_relative_to_the_level_the_null_stays_below_one_per_cent_where_the_naive_range_shows_nine():
    rng = np.random.default_rng(2)
    relative, naive = [], []
    for _ in range(100):
        values = 0.43 + rng.normal(scale=SD, size=(1, 6, OPENERS))
        (found,) = shifts(Cells(("s",), tuple("abcdef"), tuple(map(str, range(OPENERS))), values))
        relative.append(found.relative.value)
        naive.append(found.naive / found.mean)
    assert abs(np.mean(relative)) < 0.01
    assert 0.07 < np.mean(naive) < 0.11


def test_one_partner_apart_and_even_steps_come_back():
    one = simulated(np.array([0.08, 0, 0, 0, 0, 0]), 3)
    assert one["shift"] == pytest.approx(0.078, abs=0.008)
    assert one["above"] > 0.7
    even = simulated(STEPS, 4)
    assert even["shift"] == pytest.approx(0.138, abs=0.008)
    assert even["covered"] >= 0.87
    assert even["above"] >= 0.99


def test_leaving_out_an_opener_keeps_the_halvings():
    values = np.random.default_rng(5).normal(size=(3, 11))
    half = halvings(11)
    _, deleted = cross_fitted(values)
    for k in (0, 7):
        keep = np.arange(11) != k
        expected = []
        for first in half:
            a, b = (values[:, part & keep].mean(axis=1) for part in (first, ~first))
            expected += [b[a.argmax()] - b[a.argmin()], a[b.argmax()] - a[b.argmin()]]
        assert deleted[k] == pytest.approx(np.mean(expected))


def test_a_speaker_is_described_by_its_ends_and_the_spread_beyond_sampling():
    values = STEPS[None, :, None] + np.random.default_rng(6).normal(scale=0.02, size=(1, 6, 60)) + 0.4
    (found,) = shifts(Cells(("s",), tuple("abcdef"), tuple(map(str, range(60))), values))
    assert (found.highest, found.lowest) == ("f", "a")
    assert found.partner_sd == pytest.approx(STEPS.std(ddof=1), abs=0.005)
    assert found.relative.value == pytest.approx(found.shift.value / found.mean)


def test_contrasts_are_paired_by_opener():
    values = np.arange(12.0).reshape(1, 2, 6)
    cells = Cells(("s",), ("a", "b"), tuple("uvwxyz"), values)
    (difference,) = contrasts(cells, "a")["s"]
    assert difference == ("b", (6.0, 6.0, 6.0, 6))
    assert contrasts(cells, "nobody") == {}


def test_one_opener_gives_a_mean_without_an_interval():
    found = mean_difference([0.5])
    assert found.value == 0.5
    assert np.isnan(found.lo)
    assert found.n == 1


def test_a_shift_beats_the_family_gap_only_where_its_difference_excludes_zero():
    rng = np.random.default_rng(7)
    values = rng.normal(scale=SD, size=(4, 6, OPENERS)) + 0.5
    cells = Cells(tuple("wxyz"), tuple("abcdef"), tuple(map(str, range(OPENERS))), values)
    assert not family_gap(cells, "w", ["x", "y", "z"], "a").larger
    values[0] += 2 * STEPS[:, None]
    found = family_gap(cells, "w", ["x", "y", "z"], "a")
    assert found.larger
    assert found.difference.value == pytest.approx(found.shift - found.others)
