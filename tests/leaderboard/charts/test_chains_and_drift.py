"""Charts of chains and ledgers by rows made by hand: what is missing, signs, words, tints."""

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts.proxy_drift import by_world, worlds
from interplay.leaderboard.charts.recipe_chains import doses, shift, shift_words
from interplay.leaderboard.schema import Cell
from interplay.leaderboard.standings import Row
from interplay.tasks.proxy_drift.summary import RIGHT, SKILL
from interplay.tasks.recipe_chains.summary import DOSES, SHARE, SHARE3, SHIFT

from .made import cell, row, standing_of
from .parsed import both, outside

CHAINS, DRIFT = find_board("recipe-chains"), find_board("proxy-drift")


def chain(name: str, *cells: Cell, place: int | None = None) -> Row:
    return row(CHAINS, f"acme/{name}", 0.3, cells=cells, place=place)


def dosed(*values: float | None) -> list[Cell]:
    return [cell(SHARE, {"dose": dose}, value) for dose, value in zip(DOSES, values, strict=True)]


def test_doses_stand_from_flat_to_hedged_whatever_is_stored_first() -> None:
    spec = doses(standing_of(CHAINS, [chain("m", *dosed(0.1, 0.2, 0.6)[::-1])]))
    assert spec is not None
    assert [(p.label, p.x) for p in spec.points] == [("flat", 0.1), ("mixed", 0.2), ("hedged", 0.6)]


def test_a_row_of_one_dose_has_no_line() -> None:
    rows = [chain("one", *dosed(0.1, None, None)), chain("two", *dosed(0.1, None, 0.4))]
    spec = doses(standing_of(CHAINS, rows))
    assert spec is not None
    assert [(s.name, len(s.points)) for s in spec.series] == [("acme/two", 2)]
    assert doses(standing_of(CHAINS, rows[:1])) is None
    for drawn in both(spec):
        assert outside(drawn) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.67, "shift 0.67 (0.62 to 0.72)"), (-0.1, "shift −0.10 (−0.15 to −0.05)"), (None, "")],
)
def test_the_shift_beside_a_row_has_a_true_minus(value: float | None, words: str) -> None:
    assert shift_words(chain("m", cell(SHARE, SHIFT, value))) == words


def test_a_row_without_a_shift_has_nothing_beside_it() -> None:
    assert shift_words(chain("m")) == ""


def test_a_measure_without_cells_has_no_block_and_models_stand_by_value() -> None:
    rows = [chain("a", cell(SHARE3, SHIFT, -0.2)), chain("b", cell(SHARE3, SHIFT, 0.1)), chain("c")]
    spec = shift(standing_of(CHAINS, rows))
    assert spec is not None
    (block,) = spec.series
    assert block.name == "Its first three sentences"
    assert [(p.label, p.x) for p in block.points] == [("acme/b", 0.1), ("acme/a", -0.2)]
    assert shift(standing_of(CHAINS, rows[2:])) is None
    for drawn in both(spec):
        zero = next(line for line in drawn.lines if line.dashes)
        assert drawn.across(zero.points[0][0]) == pytest.approx(0.0, abs=1e-3)
        assert outside(drawn) == []


def ledger(name: str, *cells: Cell) -> Row:
    return row(DRIFT, f"acme/{name}", 0.3, cells=cells)


def test_skill_is_tinted_only_where_its_interval_excludes_chance() -> None:
    cells = [cell(SKILL, {"world": world}, value)
             for world, value in (("flat", 0.04), ("tracking", 0.8), ("inverted", -0.8))]  # fmt: skip
    (spec,) = worlds(standing_of(DRIFT, [ledger("m", *cells)]))
    assert spec.id == "drift-skill"
    assert spec.matrix is not None
    assert spec.matrix.columns == ("tracking", "inverted", "flat")
    tints = {found.column: spec.matrix.step(found) for found in spec.matrix.cells}
    assert tints == {"tracking": "d8", "inverted": "d0", "flat": None}


def test_right_diagnoses_are_tinted_by_size() -> None:
    cells = [cell(RIGHT, {"world": "flat"}, 0.02), cell(RIGHT, {"world": "stalled"}, 0.99, half=0.01)]
    spec = by_world(standing_of(DRIFT, [ledger("m", *cells)]), RIGHT)
    assert spec is not None
    assert spec.matrix is not None
    assert {c.column: spec.matrix.step(c) for c in spec.matrix.cells} == {"flat": "q0", "stalled": "q8"}
    assert (spec.matrix.scale, spec.matrix.range) == ("sequential", (0.0, 1.0))


def test_a_world_that_nobody_knows_and_a_row_without_figures_are_not_shown() -> None:
    rows = [
        ledger("bare"),
        ledger("m", cell(SKILL, {"world": "flat"}, 0.5), cell(SKILL, {"world": "x"}, 0.5)),
    ]
    (spec,) = worlds(standing_of(DRIFT, rows))
    assert spec.matrix is not None
    assert (spec.matrix.rows, spec.matrix.columns) == (("acme/m",), ("flat",))
    assert worlds(standing_of(DRIFT, rows[:1])) == ()
