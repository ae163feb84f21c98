"""Charts of the mazes by rows made by hand: pairs, ladders, lengths of the way, scripted partners."""

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts.mazes import (
    FEWEST,
    difficulty,
    gap_ladder,
    least_steps,
    order_effects,
    p_of,
    pair_success,
    partners,
)
from interplay.leaderboard.figures import MAX_SERIES
from interplay.leaderboard.schema import Cell
from interplay.leaderboard.standings import Row

from .made import cell, row, standing_of
from .parsed import both, outside

PAIR, GAP, CROSS = (find_board(f"mazes-{name}") for name in ("pair", "gap", "cross"))
KEY = PAIR.headline


def steps(*labels: str, n: int = 20, condition: str = "C7") -> list[Cell]:
    return [cell(KEY, {"condition": condition, "steps": label}, 0.9 - 0.1 * i, n=n)
            for i, label in enumerate(labels)]  # fmt: skip


def pairs(*names: tuple[str, str], value: float = 0.5) -> list[Cell]:
    return [cell(KEY, {"starter": first, "second": second}, value) for first, second in names]


def order(first: str, second: str, value: float | None, half: float = 0.05, n: int = 20) -> Cell:
    dims = {"order": "first less reversed", "starter": first, "second": second}
    return cell(KEY, dims, value, half=half, n=n)


def model(name: str, *cells: Cell, place: int | None = 1, **fields: object) -> Row:
    return row(PAIR, f"acme/{name}", 0.5, cells=cells, place=place, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "least"), [("up to 10", 10), ("11-13", 11), ("14-16", 14), ("20+", 20), ("all", 0)]
)
def test_the_number_that_a_group_of_lengths_is_ordered_by(label: str, least: int) -> None:
    assert least_steps(label) == least


def test_lengths_stand_in_their_order_even_if_the_first_model_lacks_one() -> None:
    rows = [
        model("a", *steps("up to 10", "14-16")),
        model("b", *steps("up to 10", "11-13", "14-16"), place=2),
    ]
    spec = difficulty(standing_of(PAIR, rows))
    assert spec is not None
    assert spec.x.ticks == ("up to 10", "11–13", "14–16")
    assert [[p.x for p in series.points] for series in spec.series] == [[0.0, 2.0], [0.0, 1.0, 2.0]]


def test_a_line_runs_from_short_to_long_whatever_order_an_entry_stores() -> None:
    spec = difficulty(standing_of(PAIR, [model("a", *steps("20+", "up to 10", "11-13"))]))
    assert spec is not None
    assert [(p.label, p.x, p.y) for p in spec.points] == [
        ("up to 10", 0.0, 0.8), ("11-13", 1.0, 0.7), ("20+", 2.0, 0.9),
    ]  # fmt: skip
    for drawn in both(spec):
        places = [mark.x for mark in drawn.marks]
        assert places == sorted(places)
        assert outside(drawn) == []


def test_groups_of_few_mazes_and_other_conditions_are_not_drawn() -> None:
    cells = [*steps("up to 10", "11-13", n=FEWEST), *steps("14-16", n=FEWEST - 1)]
    cells += steps("17-19", condition="C3")
    spec = difficulty(standing_of(PAIR, [model("a", *cells)]))
    assert spec is not None
    assert spec.x.ticks == ("up to 10", "11–13")


def test_a_model_with_one_length_has_no_line_and_alone_no_chart() -> None:
    one, two = model("a", *steps("up to 10")), model("b", *steps("up to 10", "20+"), place=2)
    spec = difficulty(standing_of(PAIR, [one, two]))
    assert spec is not None
    assert [series.name for series in spec.series] == ["acme/b"]
    assert difficulty(standing_of(PAIR, [one])) is None


def test_at_most_six_models_have_a_line() -> None:
    rows = [model(f"m{i}", *steps("up to 10", "20+"), place=i + 1) for i in range(MAX_SERIES + 2)]
    spec = difficulty(standing_of(PAIR, rows))
    assert spec is not None
    assert [series.name for series in spec.series] == [f"acme/m{i}" for i in range(MAX_SERIES)]


def test_a_pair_of_two_models_counts_once_and_the_first_entry_wins() -> None:
    rows = [
        model("a", *pairs(("acme/a", "acme/b"), value=0.7)),
        model("b", *pairs(("acme/a", "acme/b"), ("acme/b", "acme/b"), value=0.2), place=2),
    ]
    spec = pair_success(standing_of(PAIR, rows))
    assert spec is not None
    assert spec.matrix is not None
    assert [(c.row, c.column, c.value) for c in spec.matrix.cells] == [
        ("acme/a", "acme/b", 0.7), ("acme/b", "acme/b", 0.2),
    ]  # fmt: skip
    assert spec.matrix.rows == spec.matrix.columns == ("acme/a", "acme/b")


@pytest.mark.parametrize(
    "found",
    [
        pytest.param([("acme/a", "acme/b")], id="a single pair"),
        pytest.param([("acme/a", "acme/a"), ("acme/b", "acme/b")], id="own copies only"),
        pytest.param([], id="none"),
    ],
)
def test_what_is_no_cross_play_has_no_matrix(found: list[tuple[str, str]]) -> None:
    assert pair_success(standing_of(PAIR, [model("a", *pairs(*found))])) is None


def test_players_and_open_entries_are_in_the_matrix_too() -> None:
    open_row = model("o", *pairs(("acme/o", "acme/p")), place=None)
    player = row(PAIR, "reference/r", cells=pairs(("acme/p", "acme/o")), division="reference", place=None)
    spec = pair_success(standing_of(PAIR, [], [player], [open_row]))
    assert spec is not None
    assert spec.matrix is not None
    assert len(spec.matrix.cells) == 2


def test_a_configuration_is_called_by_its_settings_where_it_is_the_own_side() -> None:
    rows = [
        model("a", *pairs(("acme/a", "acme/b"), ("acme/b", "acme/a")), effort=effort, place=i + 1, day=i + 1)
        for i, effort in enumerate(("high", "low"))
    ]
    spec = pair_success(standing_of(PAIR, rows))
    assert spec is not None
    assert spec.matrix is not None
    assert {(c.row, c.column) for c in spec.matrix.cells} == {
        ("acme/a (effort high)", "acme/b"), ("acme/b", "acme/a (effort high)"),
        ("acme/a (effort low)", "acme/b"), ("acme/b", "acme/a (effort low)"),
    }  # fmt: skip


def test_holm_counts_every_pair_once() -> None:
    """P is 0.02 for each of three pairs: alone it passes, of three the least must be below 0.0167."""
    half = 0.1
    cells = [order(f"acme/{a}", f"acme/{b}", 0.1187, half) for a, b in ("ab", "ac", "bc")]
    assert p_of(cells[0]) == pytest.approx(0.0225, abs=5e-4)
    three = order_effects(standing_of(PAIR, [model("a", *cells)]))
    alone = order_effects(standing_of(PAIR, [model("a", cells[0])]))
    assert three is not None
    assert three.matrix is not None
    assert alone is not None
    assert alone.matrix is not None
    assert {cell.significant for cell in three.matrix.cells} == {False}
    assert {cell.significant for cell in alone.matrix.cells} == {True}


def test_the_reverse_of_an_effect_has_reversed_signs_and_ends() -> None:
    spec = order_effects(standing_of(PAIR, [model("a", order("acme/a", "acme/b", 0.3, 0.1))]))
    assert spec is not None
    assert spec.matrix is not None
    there, back = spec.matrix.cells
    assert (there.value, there.lo, there.hi) == pytest.approx((0.3, 0.2, 0.4))
    assert (back.row, back.column) == ("acme/b", "acme/a")
    assert (back.value, back.lo, back.hi) == pytest.approx((-0.3, -0.4, -0.2))
    assert spec.matrix.range == (-0.3, 0.3)


def test_an_effect_that_is_not_estimable_is_no_test() -> None:
    assert order_effects(standing_of(PAIR, [model("a", order("acme/a", "acme/b", None))])) is None


@pytest.mark.parametrize("n", [0, 1])
def test_one_maze_tests_nothing(n: int) -> None:
    assert p_of(order("acme/a", "acme/b", 0.5, 0.1, n=n)) == 1.0


@pytest.mark.parametrize("value", [0.2, -0.2])
def test_p_is_two_sided(value: float) -> None:
    assert p_of(order("a", "b", value, 0.1)) == pytest.approx(p_of(order("a", "b", -value, 0.1)))
    assert p_of(order("a", "b", 0.1, 0.1)) == pytest.approx(0.05)
    assert p_of(order("a", "b", 0.0, 0.1)) == pytest.approx(1.0)


def gap(name: str, solo: float | None, pair: float | None, place: int = 1) -> Row:
    cells = [cell(GAP.headline, {"condition": c}, v) for c, v in (("C3", solo), ("C7", pair))]
    return row(GAP, f"acme/{name}", 0.2, cells=cells, place=place)


def test_a_row_of_the_ladder_needs_both_conditions() -> None:
    rows = [gap("a", 0.9, 0.7), gap("b", 0.9, None, 2)]
    spec = gap_ladder(standing_of(GAP, rows))
    assert spec is not None
    (series,) = spec.series
    assert [(p.label, p.x) for p in series.points] == [("C3", 0.9), ("C7", 0.7)]
    assert series.aside == "0.20 (0.15 to 0.25)"
    assert spec.x.refs == ()
    assert gap_ladder(standing_of(GAP, rows[1:])) is None


def test_only_the_players_that_a_board_names_mark_floor_and_ceiling() -> None:
    def player(name: str, *cells: Cell) -> Row:
        return row(GAP, f"reference/{name}", cells=cells, division="reference", place=None)

    own = cell(GAP.headline, {"condition": "C7"}, 0.1)
    solo = cell(GAP.headline, {"condition": "C3"}, 0.9)
    assert (GAP.floor, GAP.ceiling) == ("reference/mute", "reference/cartographer")
    players = [player("mute", solo, own), player("echo", own), player("cartographer", solo)]
    spec = gap_ladder(standing_of(GAP, [gap("a", 0.9, 0.7)], players))
    assert spec is not None
    band, line = spec.x.refs
    assert (band.value, band.upto, band.label) == pytest.approx((0.05, 0.15, ""))
    assert (line.value, line.upto, line.label) == (0.1, None, "Mute 0.10")
    for drawn in both(spec):
        assert outside(drawn) == []


def test_partners_are_columns_in_the_order_in_which_they_occur() -> None:
    def cross(name: str, *scripts: str, place: int = 1) -> Row:
        cells = [cell(CROSS.headline, {"script": script}, 0.5) for script in scripts]
        return row(CROSS, f"acme/{name}", cells=cells, place=place)

    rows = [cross("a", "noisy", "colrow"), cross("b", place=2), cross("c", "echo", "noisy", place=3)]
    spec = partners(standing_of(CROSS, rows))
    assert spec is not None
    assert spec.matrix is not None
    assert spec.matrix.columns == ("noisy", "colrow", "echo")
    assert spec.matrix.rows == ("acme/a", "acme/c")
    assert partners(standing_of(CROSS, rows[1:2])) is None
