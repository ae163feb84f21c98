"""Charts of the user turns by rows made by hand: temperatures, panels, people, labels, arms, accuracy."""

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts import user_turn as charts
from interplay.leaderboard.charts.user_turn_accuracy import (
    accuracy,
    decoupling_table,
    family_flags,
    maths_cell,
)
from interplay.leaderboard.charts.user_turn_arms import arm_forest, arm_table, arms
from interplay.leaderboard.charts.user_turn_cells import cells_of, chart_id
from interplay.leaderboard.charts.user_turn_labels import LABELS, PARTS, SHARE, label_words, labels
from interplay.leaderboard.figures import MAX_SERIES
from interplay.leaderboard.schema import Cell
from interplay.leaderboard.standings import Row

from .made import cell, metric, row, standing_of
from .parsed import both, outside

NATIVE, HUMAN = find_board("user-turn-native"), find_board("user-turn-human")
CONTROLS = find_board("user-turn-controls")
GFR, DEGENERATE = "followup.gfr", "followup.degenerate"


def rates(*temperatures: str, key: str = GFR) -> list[Cell]:
    return [cell(key, {"temperature": t}, 0.1 + 0.1 * i) for i, t in enumerate(temperatures)]


def model(name: str, *cells: Cell, group: str = "oak", place: int = 1, **fields: object) -> Row:
    return row(NATIVE, f"acme/{name}", 0.3, cells=cells, group=group, place=place, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("words", ["default", "-1", "1.0.0", "nan", "inf", "²", "1e3", "T"])
def test_what_is_no_temperature_has_no_place_on_the_axis(words: str) -> None:
    cells = rates(words, "0.5", "1")
    assert [p.x for p in charts.temperature_points(model("m", *cells))] == [0.5, 1.0]


def test_temperatures_are_ordered_as_numbers_and_printed_as_stored() -> None:
    points = charts.temperature_points(model("m", *rates("10", "2", "0", "0.7")))
    assert [(p.label, p.x) for p in points] == [("0", 0.0), ("0.7", 0.7), ("2", 2.0), ("10", 10.0)]


def test_a_line_needs_two_temperatures_and_its_second_figure_none() -> None:
    rows = [
        model("two", *rates("0", "1"), *rates("1", key=DEGENERATE)),
        model("one", *rates("1"), place=2),
    ]
    (spec,) = charts.temperatures(standing_of(NATIVE, rows))
    assert [series.name for series in spec.series] == ["acme/two"]
    assert [p.label for p in spec.series[0].dotted] == ["1"]
    assert "Dotted: share of degenerate turns." in spec.note
    assert charts.temperatures(standing_of(NATIVE, rows[1:])) == ()


def test_without_a_second_figure_nothing_is_said_of_dots() -> None:
    (spec,) = charts.temperatures(standing_of(NATIVE, [model("m", *rates("0", "1"))]))
    assert "Dotted" not in spec.note
    assert "band" not in spec.note
    assert spec.y.refs == ()


def test_people_are_a_band_from_the_first_row_that_knows_them() -> None:
    people = {"followup.gfr_next": metric(0.4, 0.05)}
    rows = [row(HUMAN, f"acme/m{i}", cells=rates("0", "1"), metrics=people if i else None, place=i + 1)
            for i in range(2)]  # fmt: skip
    (spec,) = charts.temperatures(standing_of(HUMAN, rows))
    (band,) = spec.y.refs
    assert (band.value, band.upto, band.label) == (0.35, 0.45, "people 0.40")


def test_up_to_six_models_stand_together_and_the_seventh_parts_them_by_family() -> None:
    rows = [model(f"m{i}", *rates("0", "1"), group="oak" if i < 4 else "ash", place=i + 1)
            for i in range(MAX_SERIES)]  # fmt: skip
    assert [name for name, _ in charts.panels(standing_of(NATIVE, rows))] == [""]
    alone = model("alone", group="yew", place=7)
    found = charts.panels(standing_of(NATIVE, [*rows, alone]))
    assert [(name, len(own)) for name, own in found] == [("oak", 4), ("ash", 2), ("Families of one model", 1)]


def test_a_family_of_more_than_six_goes_on_in_a_second_panel_with_an_address_of_its_own() -> None:
    name = "a-family-with-a-name-of-more-than-thirty-letters"
    rows = [model(f"m{i}", *rates("0", "1"), group=name, place=i + 1) for i in range(MAX_SERIES + 2)]
    specs = charts.temperatures(standing_of(NATIVE, rows))
    assert [spec.title.split(":")[0] for spec in specs] == [name, f"{name}, 2"]
    assert [len(spec.series) for spec in specs] == [MAX_SERIES, 2]
    assert specs[0].id != specs[1].id


def test_without_a_model_the_players_stand_in_the_panel() -> None:
    players = [row(NATIVE, f"reference/p{i}", cells=rates("0", "1"), division="reference", place=None)
               for i in range(2)]  # fmt: skip
    (spec,) = charts.temperatures(standing_of(NATIVE, (), players))
    assert [series.name for series in spec.series] == ["reference/p0", "reference/p1"]


def test_cells_are_those_of_one_condition_only_and_with_a_value() -> None:
    cells = [cell(GFR, {"arm": "swap"}, 0.1), cell(GFR, {"arm": "swap", "dataset": "gsm8k"}, 0.2),
             cell(GFR, {"arm": "cut50"}, None), cell(DEGENERATE, {"arm": "swap"}, 0.3)]  # fmt: skip
    assert [made.value for made in cells_of(model("m", *cells), GFR, "arm")] == [0.1]


def test_ids_hold_board_and_panel() -> None:
    assert chart_id("arms", standing_of(CONTROLS)) == "arms-controls"
    assert chart_id("arms", standing_of(CONTROLS), "Oak 2") == "arms-controls-oak-2"
    first, second = (chart_id("a", standing_of(NATIVE), f"{'x' * 40}{end}") for end in "12")
    assert first != second


def test_people_beside_a_model_need_their_rate_and_the_ratio_stands_beside() -> None:
    people = {"followup.gfr_next": metric(0.4, 0.05)}
    ratio = cell("followup.human_ratio", {"figure": "human ratio"}, 0.75, half=0.1)
    rows = [row(HUMAN, "acme/a", cells=[ratio], metrics=people), row(HUMAN, "acme/b", place=2),
            row(HUMAN, "acme/c", metrics=people, place=3)]  # fmt: skip
    spec = charts.human(standing_of(HUMAN, rows))
    assert spec is not None
    assert [(s.name, s.aside) for s in spec.series] == [
        ("acme/a", "ratio 0.75 (0.65–0.85)"), ("acme/c", "ratio not estimable"),
    ]  # fmt: skip
    assert charts.human(standing_of(HUMAN, rows[1:2])) is None
    for drawn in both(spec):
        assert outside(drawn) == []


def test_every_label_belongs_to_one_part() -> None:
    assert len(LABELS) == len(set(LABELS)) == 11
    assert len(PARTS) <= MAX_SERIES


@pytest.mark.parametrize(
    ("label", "words"),
    [("generic_followup", "generic follow-up"), ("genuine", "genuine"), ("restate_prompt", "restate prompt")],
)
def test_a_label_in_words(label: str, words: str) -> None:
    assert label_words(label) == words


def test_parts_are_sums_of_their_labels_and_models_stand_by_the_genuine_share() -> None:
    def shares(genuine: float) -> list[Cell]:
        rest = {"restate_prompt": 0.2, "echo_answer": 0.1, "unrelated": 0.7 - genuine}
        return [
            cell(SHARE, {"label": name}, value, n=9) for name, value in {"genuine": genuine, **rest}.items()
        ]

    rows = [model("b", *shares(0.3)), model("a", *shares(0.3), place=2), model("c", *shares(0.5), place=3),
            model("none", place=4)]  # fmt: skip
    stacked, table = labels(standing_of(NATIVE, rows))
    parts = {series.name: {p.label: p.x for p in series.points} for series in stacked.series}
    assert list(parts["genuine"]) == ["acme/c", "acme/a", "acme/b"]
    assert parts["repeats"] == pytest.approx({"acme/a": 0.3, "acme/b": 0.3, "acme/c": 0.3})
    assert parts["closer"] == {"acme/a": 0.0, "acme/b": 0.0, "acme/c": 0.0}
    assert parts["nothing usable"]["acme/c"] == pytest.approx(0.2)
    assert {p.n for p in stacked.points} == {9}
    assert table.matrix is not None
    assert table.matrix.columns == ("genuine", "restate prompt", "echo answer", "unrelated")
    assert table.matrix.rows == ("acme/b", "acme/a", "acme/c")
    assert labels(standing_of(NATIVE, rows[3:])) == ()


def test_a_label_that_the_method_does_not_name_is_the_last_column() -> None:
    cells = [cell(SHARE, {"label": name}, 0.3) for name in ("zebra", "closer", "apple")]
    _, table = labels(standing_of(NATIVE, [model("m", *cells)]))
    assert table.matrix is not None
    assert table.matrix.columns == ("closer", "apple", "zebra")


def arm(name: str, value: float, key: str = "followup.gfr_difference") -> Cell:
    return cell(key, {"arm": name}, value, half=0.02, n=200)


def test_arms_stand_in_two_blocks_by_value_with_their_verdict() -> None:
    made = row(CONTROLS, "acme/m", cells=[arm("say_generic", 0.0), arm("swap", -0.3), arm("cut50", -0.1)])
    spec = arm_forest(standing_of(CONTROLS, [made]), "acme/m", made)
    assert spec is not None
    null, rest = spec.series
    assert [(p.label, p.note) for p in null.points] == [("say_generic", "unchanged")]
    assert [(p.label, p.note) for p in rest.points] == [("cut50", "moved down"), ("swap", "moved down")]


def test_a_single_arm_is_a_table_and_no_forest() -> None:
    made = row(CONTROLS, "acme/m", cells=[arm("swap", -0.3)])
    found = standing_of(CONTROLS, [made])
    assert arm_forest(found, "acme/m", made) is None
    (table,) = arms(found)
    assert table.kind == "heat"


def test_null_arms_and_the_verdict_on_them_stand_on_top_of_the_table() -> None:
    cells = [arm("swap", -0.3), arm("header_bare", 0.0), arm("ask_generic", 0.2), arm("say_generic", 0.2)]
    made = row(CONTROLS, "acme/m", cells=cells)
    spec = arm_table(standing_of(CONTROLS, [made]), [made], "followup.gfr_difference", "T")
    assert spec is not None
    assert spec.matrix is not None
    assert spec.matrix.rows == ("controls", "say_generic", "header_bare", "swap", "ask_generic")
    verdict = spec.matrix.cell("acme/m", "controls") or spec.matrix.cell("controls", "acme/m")
    assert verdict is not None
    assert (verdict.value, verdict.note) == (None, "do not pass")
    tinted = {found.row for found in spec.matrix.cells if spec.matrix.step(found)}
    assert tinted == {"swap", "ask_generic", "say_generic"}


def test_an_arm_that_is_undecided_is_untinted() -> None:
    made = row(CONTROLS, "acme/m", cells=[cell("followup.react_difference", {"arm": "cut50"}, 0.04, 0.06)])
    spec = arm_table(standing_of(CONTROLS, [made]), [made], "followup.react_difference", "T")
    assert spec is not None
    assert spec.matrix is not None
    (found,) = spec.matrix.cells
    assert (found.word, found.significant, spec.matrix.step(found)) == ("undecided", False, None)


def test_controls_without_their_arms_are_incomplete_and_another_figure_has_no_verdict() -> None:
    cells = [arm("cut50", 0.0), arm("cut50", 0.3, "followup.react_difference")]
    made = row(CONTROLS, "acme/m", cells=cells)
    found = standing_of(CONTROLS, [made])
    gfr = arm_table(found, [made], "followup.gfr_difference", "T")
    assert gfr is not None
    assert gfr.matrix is not None
    assert [c.note for c in gfr.matrix.cells if c.row == "controls"] == ["incomplete"]
    react = arm_table(found, [made], "followup.react_difference", "T")
    assert react is not None
    assert react.matrix is not None
    assert react.matrix.rows == ("cut50",)
    assert "null arms" not in react.note
    assert arm_table(found, [made], "followup.caught_difference", "T") is None


def maths(right: float, rate: float) -> list[Cell]:
    dims = {"dataset": "gsm8k"}
    return [cell("followup.correct", dims, right), cell("followup.gfr_t1", dims, rate)]


def test_accuracy_needs_two_models_of_a_family_that_have_both_figures() -> None:
    rows = [
        model("a", *maths(0.5, 0.2)),
        model("b", *maths(0.7, 0.1), place=2),
        model("c", *maths(0.9, 0.4)[:1], place=3),
        model("d", *maths(0.9, 0.4), group="ash", place=4),
    ]
    (spec,) = accuracy(standing_of(NATIVE, rows))
    assert spec.title == "oak: GFR against accuracy"
    assert [(p.label, p.x, p.y) for p in spec.points] == [("acme/a", 0.5, 0.2), ("acme/b", 0.7, 0.1)]
    assert maths_cell(rows[2], "followup.gfr_t1") is None


def flagged(name: str, right: str, rate: str, place: int = 1, day: int = 1) -> Row:
    flags = {"followup.correct": right, "followup.gfr_t0": rate}
    return model(name, flags=flags, units=[0.5] * len(right), place=place, day=day)


def test_contexts_that_a_model_lacks_count_for_none_of_its_family() -> None:
    rows = [flagged("a", "11-0", "1010"), flagged("b", "0110", "11-1"), flagged("c", "1111", "0001")]
    sides = family_flags(rows)
    assert sides is not None
    right, rate = sides
    assert right.tolist() == [[1, 1, 0], [0, 1, 0], [1, 1, 1]]
    assert rate.tolist() == [[1, 0, 0], [1, 1, 1], [0, 0, 1]]


def test_two_configurations_of_a_model_are_one_size() -> None:
    rows = [flagged("a", "11", "10"), flagged("a", "10", "11", 2, 2), flagged("b", "01", "11", 3)]
    assert family_flags(rows) is None
    sides = family_flags([*rows, flagged("c", "00", "00", 4)])
    assert sides is not None
    assert sides[0].tolist() == [[1, 1], [0, 1], [0, 0]]


def test_a_family_without_a_common_context_has_no_correlation() -> None:
    rows = [flagged("a", "1-", "1-"), flagged("b", "-1", "-1"), flagged("c", "11", "11")]
    assert family_flags(rows) is None
    assert decoupling_table(standing_of(NATIVE, rows)) is None
