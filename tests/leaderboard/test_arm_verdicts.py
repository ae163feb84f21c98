"""Verdicts on control arms: moved, unchanged, undecided, and the badge that they give together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.leaderboard.arm_verdicts import (
    GFR_DIFFERENCE,
    REACT_DIFFERENCE,
    arm_verdict,
    cell_verdict,
    controls,
    narrower,
)
from interplay.leaderboard.schema import Cell
from interplay.leaderboard.statistics import paired, t_quantile

UP, DOWN = (0.10, 0.04, 0.16), (-0.10, -0.16, -0.04)
FLAT, OPEN = (0.0, -0.02, 0.02), (0.0, -0.2, 0.2)
Figures = tuple[float, float, float]


def cell(arm: str, figures: Figures, metric: str = GFR_DIFFERENCE, n: int = 200) -> Cell:
    value, lo, hi = figures
    return Cell(dims={"arm": arm}, metric=metric, value=value, lo=lo, hi=hi, n=n)


def passing() -> dict[tuple[str, str], Cell]:
    cells = [cell(arm, FLAT) for arm in ("say_generic", "header_append", "header_bare")]
    cells += [cell("swap", DOWN), cell("cut50", UP, REACT_DIFFERENCE)]
    cells += [cell("ask_generic", OPEN, REACT_DIFFERENCE)]
    return {(c.dims["arm"], c.metric): c for c in cells}


@pytest.mark.parametrize(
    ("figures", "n", "expected"),
    [
        (UP, 200, "moved up"),
        (DOWN, 200, "moved down"),
        (FLAT, 200, "unchanged"),
        (OPEN, 200, "undecided"),
        ((0.02, 0.0, 0.04), 200, "unchanged"),  # an interval that only touches 0 does not exclude it
        ((0.0, -0.0595, 0.0595), 200, "unchanged"),  # its 90 % interval ends at 0.0499
        ((0.0, -0.0600, 0.0600), 200, "undecided"),
        ((0.0, -0.0600, 0.0600), 5, "unchanged"),  # few contexts: 90 % is further inside 95 %
        ((0.0, -1.0, 1.0), 1, "undecided"),
    ],
)
def test_verdicts_at_and_beside_their_limits(figures: Figures, n: int, expected: str) -> None:
    assert arm_verdict(*figures, n) == expected


@given(
    st.lists(st.floats(-0.5, 0.5, allow_nan=False), min_size=3, max_size=60).filter(
        lambda d: np.ptp(d) > 1e-3
    )
)
def test_the_narrower_interval_is_that_of_the_data(differences: list[float]) -> None:
    base = [0.5] * len(differences)
    found = paired([b + d for b, d in zip(base, differences, strict=True)], base, (0.0, 1.0))
    if -1.0 in (found.lo, found.hi) or 1.0 in (found.lo, found.hi) or found.value in (found.lo, found.hi):
        return  # cut at the end of the range
    half = t_quantile(0.95, found.n - 1) * float(np.std(differences, ddof=1)) / found.n**0.5
    assert narrower(found.lo, found.hi, found.n) == pytest.approx(
        (found.value - half, found.value + half), abs=1e-9
    )


def test_only_differences_of_arms_have_a_verdict() -> None:
    assert cell_verdict(cell("swap", DOWN)) == "moved down"
    assert cell_verdict(cell("no_context", (0.9, 0.8, 0.95), "followup.fluent")) is None
    missing = Cell(dims={"arm": "swap"}, metric=GFR_DIFFERENCE, value=None, lo=None, hi=None, n=0)
    assert cell_verdict(missing) is None
    contrast = Cell(dims={"contrast": "a"}, metric=GFR_DIFFERENCE, value=0.1, lo=0.05, hi=0.2, n=9)
    assert cell_verdict(contrast) is None


def test_controls_pass() -> None:
    found = controls(passing().values(), 0.2)
    assert found == (True, ())
    assert found is not None
    assert found.words == "controls pass"
    assert controls([], 0.2) is None


def test_header_arms_may_be_skipped_and_a_low_rate_excuses_the_swap() -> None:
    cells = passing()
    del cells["header_append", GFR_DIFFERENCE], cells["header_bare", GFR_DIFFERENCE]
    cells["swap", GFR_DIFFERENCE] = cell("swap", FLAT)
    assert controls(cells.values(), 0.02) == (True, ())
    assert controls(cells.values(), 0.021) == (False, ("swap unchanged",))


@pytest.mark.parametrize(
    ("arm", "metric", "figures", "reason"),
    [
        ("say_generic", GFR_DIFFERENCE, UP, "say_generic moved up"),
        ("header_bare", GFR_DIFFERENCE, OPEN, "header_bare undecided"),
        ("swap", GFR_DIFFERENCE, UP, "swap moved up"),
        ("cut50", REACT_DIFFERENCE, DOWN, "neither cut50 nor ask_generic moved up in react"),
    ],
)
def test_each_control_can_fail(arm: str, metric: str, figures: Figures, reason: str) -> None:
    found = controls(
        [*(c for k, c in passing().items() if k != (arm, metric)), cell(arm, figures, metric)], 0.2
    )
    assert found == (False, (reason,))
    assert found is not None
    assert found.words == f"controls do not pass: {reason}"


@pytest.mark.parametrize("arm", ["say_generic", "swap"])
def test_an_arm_that_was_not_run_leaves_it_open(arm: str) -> None:
    found = controls([c for k, c in passing().items() if k[0] != arm], 0.2)
    assert found == (None, (f"{arm} not run",))
    assert found is not None
    assert found.words == f"controls incomplete: {arm} not run"
