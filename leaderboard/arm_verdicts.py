"""What a control arm did to a rate: moved, unchanged or undecided, and whether an entry's controls pass.

Pure: numbers and cells of an entry in, words out. Pages and the family's report print the same verdicts.

Example: a difference of −0.10 from −0.16 to −0.04 is "moved down"; one of 0.01 from −0.03 to 0.05 over 200
contexts is "unchanged", because its 90 % interval lies within ±5 points; from −0.08 to 0.10 it is
"undecided".
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from .schema import Cell
from .statistics import t_quantile

Verdict: TypeAlias = Literal["moved up", "moved down", "unchanged", "undecided"]

MARGIN = 0.05
"""A difference whose 90 % interval lies within this is no difference to speak of."""
LOW_RATE = 0.02
"""Base rate at or below which a swapped reply has nothing to take away."""
GFR_DIFFERENCE = "followup.gfr_difference"
REACT_DIFFERENCE = "followup.react_difference"
NULL_ARMS = ("say_generic", "header_append", "header_bare")
"""Arms that must change nothing."""
SKIPPABLE = ("header_append", "header_bare")
"""Null arms that are not run where they render the same prompt as the base arm."""
REACT_ARMS = ("cut50", "ask_generic")
"""Arms of which one must raise the share of turns that react."""


class Controls(NamedTuple):
    """Whether the controls of an entry pass; None where an arm that decides it is missing.

    `reasons` says in words what stands against it.
    """

    passed: bool | None
    reasons: tuple[str, ...]

    @property
    def words(self) -> str:
        """The badge."""
        if self.passed is None:
            return f"controls incomplete: {'; '.join(self.reasons)}"
        return "controls pass" if self.passed else f"controls do not pass: {'; '.join(self.reasons)}"


def arm_verdict(value: float, lo: float, hi: float, n: int) -> Verdict:
    """The verdict on a mean paired difference.

    Moved if the 95 % interval excludes 0; unchanged if the 90 % interval lies within ±5 points.

    Args:
        value: Mean difference, arm less base.
        lo: Lower end of its 95 % interval.
        hi: Upper end.
        n: Contexts behind it.
    """
    if lo > 0 or hi < 0:
        return "moved up" if value > 0 else "moved down"
    low, high = narrower(lo, hi, n)
    return "unchanged" if low >= -MARGIN and high <= MARGIN else "undecided"


def narrower(lo: float, hi: float, n: int) -> tuple[float, float]:
    """The 90 % interval that belongs to a 95 % one of Student's t with n − 1 degrees of freedom."""
    if n < 2:
        return lo, hi
    half = (hi - lo) / 2 * t_quantile(0.95, n - 1) / t_quantile(0.975, n - 1)
    return (lo + hi) / 2 - half, (lo + hi) / 2 + half


def cell_verdict(cell: Cell) -> Verdict | None:
    """The verdict on a cell that holds an arm's difference; None for other cells and without a value."""
    if "arm" not in cell.dims or not cell.metric.endswith("_difference"):
        return None
    if cell.value is None or cell.lo is None or cell.hi is None:
        return None
    return arm_verdict(cell.value, cell.lo, cell.hi, cell.n)


def controls(cells: Iterable[Cell], base_rate: float) -> Controls | None:
    """Whether the controls pass; None where no arm was run.

    The null arms are unchanged, or skipped as identical; a swapped reply lowers the rate, unless that is
    at most 2 %; half a reply, or a question at its end, makes more turns react.

    Args:
        cells: Cells of an entry's result on the board of controls.
        base_rate: The rate of the base arm.
    """
    found = {(cell.dims["arm"], cell.metric): verdict for cell in cells if (verdict := cell_verdict(cell))}
    if not found:
        return None
    missing: list[str] = []
    against: list[str] = []
    for arm in NULL_ARMS:
        verdict = found.get((arm, GFR_DIFFERENCE))
        if verdict is None and arm not in SKIPPABLE:
            missing.append(f"{arm} not run")
        elif verdict not in (None, "unchanged"):
            against.append(f"{arm} {verdict}")
    if base_rate > LOW_RATE:
        swap = found.get(("swap", GFR_DIFFERENCE))
        if swap is None:
            missing.append("swap not run")
        elif swap != "moved down":
            against.append(f"swap {swap}")
    reacting = [found.get((arm, REACT_DIFFERENCE)) for arm in REACT_ARMS]
    if "moved up" not in reacting:
        if None in reacting:
            missing.append(f"{' or '.join(REACT_ARMS)} not run")
        else:
            against.append(f"neither {' nor '.join(REACT_ARMS)} moved up in react")
    if against:
        return Controls(False, (*against, *missing))
    return Controls(None, tuple(missing)) if missing else Controls(True, ())
