"""Results of an entry by conditions: which become a tinted grid, and over which range it is tinted."""

from itertools import product

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.figures import Matrix
from interplay.leaderboard.pages.breakdowns import breakdowns
from interplay.leaderboard.schema import Cell

BOARD = find_board("deescalation-effect")
ARMS = ("vanilla", "nvc_full")


def cell(value: float, **dims: str) -> Cell:
    return Cell(dims=dims, metric="escalation.level", value=value, lo=value, hi=value, n=3)


def matrix(cells: list[Cell]) -> Matrix | None:
    (found,) = breakdowns(BOARD, cells)
    assert len(found.lines) == len(cells)
    return found.heat.matrix if found.heat else None


def test_three_conditions_make_a_grid_whose_rows_join_the_first_two() -> None:
    places = product(("vanilla", "nvc_full"), ("low", "high"), ("1", "2"))
    found = matrix([cell(2.5, arm=arm, resistance=who, turn=turn) for arm, who, turn in places])
    assert found is not None
    assert found.row_head == "arm, resistance"
    assert found.rows == ("vanilla, low", "vanilla, high", "nvc_full, low", "nvc_full, high")
    assert found.columns == ("1", "2")


def test_three_conditions_that_are_mostly_empty_stay_a_list() -> None:
    assert matrix([cell(0.5, arm=str(i), resistance="low", turn=str(i)) for i in range(5)]) is None


@pytest.mark.parametrize(
    ("values", "expected"), [((0.2, 0.9), (0.0, 1.0)), ((1.2, 3.4), (1.2, 3.4)), ((-0.25, 0.5), (-0.3, 0.5))]
)
def test_a_grid_is_tinted_over_shares_or_over_its_own_range(
    values: tuple[float, float], expected: tuple[float, float]
) -> None:
    found = matrix([cell(value, arm=arm, turn=str(i)) for i, value in enumerate(values) for arm in ARMS])
    assert found is not None
    assert found.range == pytest.approx(expected)


def test_one_condition_is_a_list() -> None:
    assert matrix([cell(0.5, arm="vanilla")]) is None
