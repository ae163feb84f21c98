"""Tables of the angry conversations: the order of rows and columns, words, flags, what is left out."""

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts.deescalation_cells import (
    board_words,
    change_at,
    change_of,
    chart_id,
    contrast,
    heat,
)
from interplay.leaderboard.charts.deescalation_tables import (
    EFFECT,
    FINE,
    FORMULAIC_WORDS,
    HARM,
    MOST_ROWS,
    OPEN,
    arms,
    arms_of_row,
    compliance,
    glance,
    kinds,
)
from interplay.leaderboard.figures import ChartSpec, Matrix, MatrixCell
from interplay.leaderboard.schema import Cell
from interplay.leaderboard.standings import Row
from interplay.tasks.deescalation.keys import CHANGE, ESCALATED, FORMULAIC, WORDS
from interplay.tasks.judged import Validity

from .made import cell, row, standing_of

EFFECT_BOARD = find_board("deescalation-effect")
BASELINE = find_board("deescalation-baseline")
RULES = find_board("deescalation-rules")
SIMULATED = find_board("deescalation-simulated")
GAINED = {"contrast": "nvc_full less vanilla"}


def played(*cells: Cell, name: str = "acme/m", board: object = EFFECT_BOARD, place: int | None = 1) -> Row:
    assert not isinstance(board, str)
    return row(board, name, 0.2, cells=cells, place=place)  # type: ignore[arg-type]


def table(spec: ChartSpec | None) -> Matrix:
    assert spec is not None
    assert spec.matrix is not None
    return spec.matrix


def at(spec: ChartSpec | None, name: str, column: str) -> MatrixCell:
    found = table(spec).cell(name, column)
    assert found is not None
    return found


def test_a_table_leaves_out_rows_and_columns_without_a_cell_and_keeps_the_order() -> None:
    cells = [MatrixCell(row=r, column=c, value=0.1) for r, c in (("b", "x"), ("a", "z"))]
    made = heat("r", "c", cells, rows=("a", "none", "b"), columns=("z", "y", "x"))
    assert (made.rows, made.columns) == (("a", "b"), ("z", "x"))
    plain = heat("r", "c", cells)
    assert (plain.rows, plain.columns) == (("b", "a"), ("x", "z"))
    assert (plain.scale, plain.range) == ("sequential", (0.0, 1.0))


def test_an_order_that_names_a_row_twice_shows_it_once() -> None:
    cells = [MatrixCell(row="a", column="x", value=0.1)]
    assert heat("r", "c", cells, rows=("a", "a"), columns=("x", "x")).columns == ("x",)


@pytest.mark.parametrize(("values", "widest"), [((0.02, -0.05), 0.1), ((0.02, -0.3), 0.3), ((None,), 0.1)])
def test_tints_around_zero_reach_the_widest_value_and_at_least_the_extent(
    values: tuple[float | None, ...], widest: float
) -> None:
    cells = [MatrixCell(row=str(i), column="x", value=value) for i, value in enumerate(values)]
    made = heat("r", "c", cells, extent=0.1)
    assert (made.scale, made.range) == ("diverging", (-widest, widest))


@pytest.mark.parametrize(
    ("board", "words"),
    [
        ("deescalation-baseline", "rule-based user"),
        ("deescalation-scripted", "fixed messages"),
        ("deescalation-simulated", "simulated people"),
    ],
)
def test_the_division_of_a_board_in_words(board: str, words: str) -> None:
    found = standing_of(board)
    assert board_words(found) == words
    assert chart_id("arms", found) == f"arms-{board.removeprefix('deescalation-')}"


def test_a_board_that_ranks_by_judged_levels_is_drawn_by_them() -> None:
    assert change_of(standing_of(EFFECT_BOARD)) == CHANGE
    assert change_of(standing_of(SIMULATED)) == SIMULATED.headline != CHANGE
    assert contrast("a", "b") == "a less b"


def test_a_withheld_change_is_not_drawn() -> None:
    judge = SIMULATED.judged[0]
    made = played(cell(SIMULATED.headline, GAINED, 0.4), board=SIMULATED)
    found = standing_of(SIMULATED, [made])
    assert change_at(found, made, GAINED) is not None
    verdict = Validity("red", "", withheld=frozenset({SIMULATED.headline}))
    made.submission.validities[SIMULATED.id, judge.name] = verdict  # type: ignore[index]
    assert change_at(found, made, GAINED) is None


def test_the_worst_rule_is_the_one_that_is_broken_most() -> None:
    broken = [cell(f"escalation.v{i}", {"arm": "nvc_full"}, value)
              for i, value in ((1, 0.1), (2, 0.3), (3, 0.2))]  # fmt: skip
    spec = glance(standing_of(EFFECT_BOARD, [played(*broken)]))
    assert (at(spec, "acme/m", "worst rule").value, at(spec, "acme/m", "worst rule").word) == (0.3, "V2")


def test_rules_that_are_never_broken_have_no_worst_one() -> None:
    kept = [cell(f"escalation.v{i}", {"arm": "nvc_full"}, 0.0) for i in (1, 2, 3)]
    found = at(glance(standing_of(EFFECT_BOARD, [played(*kept)])), "acme/m", "worst rule")
    assert (found.value, found.word) == (0.0, "none broken")


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [
        (WORDS, 5.0, HARM), (WORDS, -5.0, FINE), (WORDS, 0.01, OPEN),
        (FORMULAIC, 0.2, HARM), (FORMULAIC, -0.2, FINE), (FORMULAIC, 0.0, OPEN),
    ],
)  # fmt: skip
def test_costs_are_red_only_where_their_interval_lies_on_the_side_of_harm(
    key: str, value: float, word: str
) -> None:
    found = table(glance(standing_of(EFFECT_BOARD, [played(cell(key, GAINED, value))])))
    (made,) = found.cells
    assert (made.word, made.flag, made.significant) == (word, word == HARM, False)


def test_columns_of_the_glance_stand_in_one_order_whatever_the_entry_holds_first() -> None:
    cells = [
        cell(CHANGE, {"arm": "vanilla"}, 0.1),
        cell(ESCALATED, {"arm": "vanilla", "resistance": "high"}, 0.5),
        cell(CHANGE, GAINED, 0.3),
        cell("escalation.v1", {"arm": "nvc_full"}, 0.2),
        cell(WORDS, GAINED, 5.0),
    ]
    forward = table(glance(standing_of(EFFECT_BOARD, [played(*cells)])))
    backward = table(glance(standing_of(EFFECT_BOARD, [played(*cells[::-1])])))
    assert forward == backward
    assert forward.columns == (
        "calmer, no rules", "escalated if high", "effect of the rules", "worst rule", "words a reply",
    )  # fmt: skip


def test_a_row_without_any_figure_is_left_out_of_the_glance() -> None:
    rows = [played(cell(CHANGE, GAINED, 0.3)), played(name="acme/bare")]
    assert table(glance(standing_of(EFFECT_BOARD, rows))).rows == ("acme/m",)
    assert glance(standing_of(EFFECT_BOARD, rows[1:])) is None


def test_arms_of_the_contrasts_come_first_and_unknown_ones_last() -> None:
    order = ("own_arm", "warm", "c13", "placebo", "c1", "nvc_full", "vanilla")
    made = played(*(cell(FORMULAIC, {"arm": arm}, 0.1) for arm in order), cell(CHANGE, GAINED, 0.1))
    found = arms_of_row(made)
    assert found[:2] == ["vanilla", "nvc_full"]
    assert set(found) == set(order)
    assert found.index("c1") < found.index("c13") < found.index("warm")
    assert found.index("c13") < found.index("own_arm")


def test_the_table_of_arms_holds_as_many_models_as_fit_with_all_their_arms() -> None:
    eight = ("vanilla", "nvc_full", "c1", "c2", "c3", "c12", "c13", "c23")
    rows = [
        played(*(cell("escalation.v1", {"arm": arm}, 0.1) for arm in eight), name=f"acme/m{i}", place=i + 1)
        for i in range(5)
    ]
    found = table(compliance(standing_of(RULES, rows)))
    assert len(found.rows) == MOST_ROWS == 3 * len(eight)
    assert found.rows[0].startswith("acme/m0, ")
    assert found.rows[-1].startswith("acme/m2, ")


def test_keeping_to_the_rules_says_effect_only_where_one_is_shown() -> None:
    shares = [cell("escalation.v1", {"arm": "vanilla"}, 0.4), cell(FORMULAIC, {"arm": "nvc_full"}, 0.2)]
    without = compliance(standing_of(EFFECT_BOARD, [played(*shares)]))
    assert without is not None
    assert without.title.startswith("Keeping to the rules")
    assert "by assignment" not in without.note
    assert table(without).columns == ("V1, blames or labels", FORMULAIC_WORDS)
    beside = compliance(standing_of(EFFECT_BOARD, [played(*shares, cell(CHANGE, GAINED, 0.3))]))
    assert beside is not None
    assert beside.title.startswith("Effect and keeping to the rules")
    assert "by assignment" in beside.note
    assert table(beside).columns[0] == EFFECT
    assert table(beside).step(at(beside, "acme/m, all rules", EFFECT)) is None


def test_one_rule_or_two_are_tinted_where_the_interval_excludes_zero() -> None:
    cells = [cell(CHANGE, {"contrast": f"{arm} less vanilla"}, value)
             for arm, value in (("c23", 0.02), ("c1", 0.3), ("nvc_full", 0.5))]  # fmt: skip
    found = table(arms(standing_of(RULES, [played(*cells, board=RULES)])))
    assert found.rows == ("c1", "c23")
    tints = {made.row: found.step(made) for made in found.cells}
    assert tints == {"c1": "d8", "c23": None}


def test_kinds_of_people_are_those_of_the_contrast_where_the_board_is_one() -> None:
    cells = [
        cell(CHANGE, {**GAINED, "resistance": "high"}, 0.3),
        cell(CHANGE, {**GAINED, "resistance": "low"}, 0.01),
        cell(CHANGE, {"resistance": "medium"}, 0.9),
        cell(CHANGE, {**GAINED, "resistance": "medium"}, None),
        cell(CHANGE, {**GAINED, "resistance": "low", "turn": "1"}, 0.7),
    ]
    (spec,) = kinds(standing_of(EFFECT_BOARD, [played(*cells)]))
    assert table(spec).columns == ("low", "high")
    assert [(made.column, made.significant) for made in table(spec).cells] == [("high", True), ("low", False)]
    assert spec.title.startswith("Effect of the rules by resistance")
    (plain,) = kinds(standing_of(BASELINE, [played(*cells, board=BASELINE)]))
    assert [(made.column, made.value) for made in table(plain).cells] == [("medium", 0.9)]
    assert plain.title.startswith("Change of anger without any rule by resistance")
    assert "Tinted where" not in plain.note


def test_underscores_of_a_kind_are_blanks() -> None:
    cells = [cell(CHANGE, {**GAINED, "profile": "ack_seeking_first"}, 0.3)]
    (spec,) = kinds(standing_of(EFFECT_BOARD, [played(*cells)]))
    assert table(spec).columns == ("ack seeking first",)
