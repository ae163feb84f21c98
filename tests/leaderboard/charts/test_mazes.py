"""Charts of the mazes: the order effect with Holm's correction, and the bands of the gap ladder."""

from pathlib import Path

import pytest
from scipy.stats import ttest_rel

from interplay.leaderboard.charts.mazes import crossplay, gap_ladder, order_effects, p_of
from interplay.leaderboard.comparisons import holm
from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.schema import Cell
from interplay.leaderboard.standings import Standing
from interplay.leaderboard.statistics import paired

from .. import synthetic

DIMS = {"order": "first less reversed"}
NAMES = ("acme/first", "acme/second", "acme/third")
SHIFT = {
    ("acme/first", "acme/second"): 0.30,
    ("acme/first", "acme/third"): 0.12,
    ("acme/second", "acme/third"): 0.0,
}
"""How much better each pair does when the one that is named first starts."""


def played(first: str, second: str) -> tuple[list[float], list[float]]:
    """Success of a pair on 24 mazes, in both orders."""
    wobble = [0.11 * ((7 * i) % 5 - 2) for i in range(24)]
    reverse = [0.4 + 0.02 * (i % 6) for i in range(24)]
    return [r + SHIFT[first, second] + w for r, w in zip(reverse, wobble, strict=True)], reverse


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    root: Path = tmp_path_factory.mktemp("order")
    synthetic.write_reference(root)
    result = synthetic.pair_result("x", 0.5, synthetic.STANDARD, "standard")
    cells = result["cells"]
    assert isinstance(cells, list)
    for name in NAMES:
        cells.append(synthetic.cell({"starter": name, "second": name}, [0.5] * 24))
    for first, second in SHIFT:
        ahead, reverse = played(first, second)
        cells.append(synthetic.cell({"starter": first, "second": second}, ahead))
        cells.append(synthetic.cell({"starter": second, "second": first}, reverse))
        e = paired(ahead, reverse, (0.0, 1.0))
        dims = {"order": "first less reversed", "starter": first, "second": second}
        cells.append(
            {
                "dims": dims,
                "metric": "maze.success_corrected",
                "value": e.value,
                "lo": e.lo,
                "hi": e.hi,
                "n": e.n,
            }
        )
    content = synthetic.entry(
        "acme/pairs", [result], division="open", method_note="pairs", method_url="https://example.org/x"
    )
    synthetic.write(root, content)
    return read_inputs(root).standings["mazes-pair"]


def test_the_p_of_a_stored_difference_is_that_of_the_paired_t_test() -> None:
    for first, second in SHIFT:
        ahead, reverse = played(first, second)
        e = paired(ahead, reverse, (0.0, 1.0))
        cell = Cell(dims=DIMS, metric="m", value=e.value, lo=e.lo, hi=e.hi, n=e.n)
        assert p_of(cell) == pytest.approx(ttest_rel(ahead, reverse).pvalue, abs=1e-9)
    assert p_of(Cell(dims=DIMS, metric="m", value=None, lo=None, hi=None, n=9)) == 1.0
    assert p_of(Cell(dims=DIMS, metric="m", value=0.5, lo=0.5, hi=0.5, n=9)) == 1.0


def test_only_pairs_that_holm_leaves_are_tinted_and_both_halves_agree(standing: Standing) -> None:
    success, order = crossplay(standing)
    assert (success.id, order.id) == ("crossplay", "order-effect")
    matrix = order.matrix
    assert matrix is not None
    assert matrix.scale == "diverging"
    expected = holm([float(ttest_rel(*played(*pair)).pvalue) for pair in SHIFT])
    assert True in expected
    assert False in expected
    for (first, second), is_clear in zip(SHIFT, expected, strict=True):
        one, other = matrix.cell(first, second), matrix.cell(second, first)
        assert one is not None
        assert other is not None
        assert one.value == pytest.approx(SHIFT[first, second], abs=0.02)
        assert (other.value, other.lo, other.hi) == pytest.approx(
            (-(one.value or 0), -(one.hi or 0), -(one.lo or 0))
        )
        assert (matrix.step(one) is not None) == (matrix.step(other) is not None) == is_clear
    assert all(matrix.cell(name, name) is None for name in NAMES)


def test_a_board_without_pairs_has_neither_matrix(tmp_path: Path) -> None:
    synthetic.write_reference(tmp_path)
    found = read_inputs(tmp_path).standings["mazes-pair"]
    assert crossplay(found) == ()
    assert order_effects(found) is None


def test_floor_and_ceiling_are_lines_with_their_intervals_as_bands(tmp_path: Path) -> None:
    synthetic.write_reference(tmp_path)
    synthetic.write_models(tmp_path, 2)
    spec = gap_ladder(read_inputs(tmp_path).standings["mazes-gap"])
    assert spec is not None
    lines = {ref.label.split()[0]: ref.value for ref in spec.x.refs if ref.upto is None}
    bands = [(ref.value, ref.upto) for ref in spec.x.refs if ref.upto is not None]
    assert set(lines) == {"Mute", "Cartographer"}
    assert len(bands) == 2
    for value, (lo, hi) in zip(sorted(lines.values()), sorted(bands), strict=True):
        assert hi is not None
        assert lo <= value <= hi
