"""Paths of anger: the opening, where a path ends, who is still there, panels and their ids."""

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts.deescalation import effects, rules, simulators
from interplay.leaderboard.charts.deescalation_paths import (
    LEVEL,
    MOST_REPLIES,
    TALKING,
    path,
    paths,
    staying,
    trajectories,
)
from interplay.leaderboard.figures import MAX_SERIES
from interplay.leaderboard.schema import Cell
from interplay.tasks.deescalation.keys import CHANGE

from .made import cell, row, standing_of
from .parsed import both, outside

EFFECT = find_board("deescalation-effect")
BASELINE = find_board("deescalation-baseline")


def turns(levels: list[float | None], shares: list[float | None] | None = None, **dims: str) -> list[Cell]:
    """Levels after each reply, and the shares of talks that still go on where they are given."""
    cells = [cell(LEVEL, {**dims, "turn": str(i)}, level) for i, level in enumerate(levels, 1)]
    stays = [cell(TALKING, {**dims, "turn": str(i)}, share) for i, share in enumerate(shares or [], 1)]
    return [*cells, *stays]


def test_a_path_starts_at_the_opening_and_has_a_point_a_reply() -> None:
    made = row(BASELINE, "acme/m", cells=turns([2.5, 2.0, 1.0], [1.0, 0.8, 0.45], arm="vanilla"))
    found = path(made, {"arm": "vanilla"})
    assert [(p.x, p.y) for p in found] == [(0.0, 3.0), (1.0, 2.5), (2.0, 2.0), (3.0, 1.0)]
    assert [p.note for p in found] == [
        "by construction", "100 % still there", "80 % still there", "45 % still there",
    ]  # fmt: skip
    assert (found[0].lo, found[0].n) == (None, None)
    assert (found[1].lo, found[1].hi, found[1].n) == (2.45, 2.55, 20)


def test_a_path_ends_at_the_first_reply_without_a_level() -> None:
    """What comes after a gap belongs to other talks, and a line over the gap would hide it."""
    made = row(BASELINE, "acme/m", cells=turns([2.5, None, 1.0], arm="vanilla"))
    assert [p.x for p in path(made, {"arm": "vanilla"})] == [0.0, 1.0]


@pytest.mark.parametrize("levels", [[], [None, 2.0]], ids=["no cell", "no first level"])
def test_a_path_of_the_opening_alone_is_none(levels: list[float | None]) -> None:
    made = row(BASELINE, "acme/m", cells=turns(levels, arm="vanilla"))
    assert path(made, {"arm": "vanilla"}) == ()


def test_only_cells_of_exactly_these_conditions_are_on_a_path() -> None:
    cells = turns([2.5], arm="vanilla") + turns([0.5], arm="vanilla", resistance="low")
    assert [p.y for p in path(row(BASELINE, "acme/m", cells=cells), {"arm": "vanilla"})] == [3.0, 2.5]


def test_a_share_that_is_not_known_counts_as_everybody() -> None:
    made = row(BASELINE, "acme/m", cells=turns([2.5, 2.0], [None], arm="vanilla"))
    assert staying(path(made, {"arm": "vanilla"})) == ("100", "100", "100")


def test_staying_is_the_share_in_per_cent_with_everybody_at_the_opening() -> None:
    made = row(BASELINE, "acme/m", cells=turns([2.5, 2.0, 2.0], [1.0, 0.505, 0.0], arm="vanilla"))
    assert staying(path(made, {"arm": "vanilla"})) == ("100", "100", "50", "0")


def test_a_path_holds_at_most_fifty_replies() -> None:
    cells = turns([2.0] * (MOST_REPLIES + 3), arm="vanilla")
    assert len(path(row(BASELINE, "acme/m", cells=cells), {"arm": "vanilla"})) == MOST_REPLIES + 1


def arms(resistance: str) -> list[Cell]:
    return [
        *turns([2.5, 2.2], [1.0, 0.9], arm="vanilla", resistance=resistance),
        *turns([2.0, 1.5], [1.0, 0.8], arm="nvc_full", resistance=resistance),
    ]


def test_the_first_two_models_have_a_panel_for_every_resistance_that_was_played() -> None:
    rows = [row(EFFECT, f"acme/m{i}", cells=arms("high") + arms("low"), place=i + 1) for i in range(3)]
    specs = trajectories(standing_of(EFFECT, rows))
    assert [(spec.panels.split(":")[0], spec.panel) for spec in specs] == [
        ("acme/m0", "Low resistance"), ("acme/m0", "High resistance"),
        ("acme/m1", "Low resistance"), ("acme/m1", "High resistance"),
    ]  # fmt: skip
    for spec in specs:
        assert [series.name for series in spec.series] == ["no rules", "all rules"]
        assert [series.below for series in spec.series] == [("100", "100", "90"), ("100", "100", "80")]
        assert spec.panels_note.startswith("Level of the message")
        assert spec.note == "n = 20 seeds."


def test_two_configurations_with_a_long_common_name_have_panels_of_their_own() -> None:
    name = "acme/a-model-with-quite-a-long-name-20260101"
    rows = [row(EFFECT, name, cells=arms("high"), effort=effort, place=i + 1, day=i + 1)
            for i, effort in enumerate(("high", "low"))]  # fmt: skip
    first, second = trajectories(standing_of(EFFECT, rows))
    assert first.id != second.id
    assert first.title != second.title


def test_an_arm_that_was_not_played_has_no_line() -> None:
    cells = turns([2.5, 2.2], arm="nvc_full", resistance="low")
    (spec,) = trajectories(standing_of(EFFECT, [row(EFFECT, "acme/m", cells=cells)]))
    assert [series.name for series in spec.series] == ["all rules"]


def test_models_without_a_path_leave_their_place_to_nobody() -> None:
    """Colours follow the lines that are drawn; a seventh row is not looked at."""
    rows = [
        row(BASELINE, f"acme/m{i}", cells=turns([2.0 - 0.1 * i], arm="vanilla") if i != 1 else (),
            place=i + 1)
        for i in range(MAX_SERIES + 1)
    ]  # fmt: skip
    spec = paths(standing_of(BASELINE, rows))
    assert spec is not None
    assert [series.name for series in spec.series] == ["acme/m0", *(f"acme/m{i}" for i in range(2, 6))]
    assert paths(standing_of(BASELINE, rows[1:2])) is None


def test_a_picture_of_paths_holds_the_whole_scale_of_anger() -> None:
    made = row(EFFECT, "acme/m", cells=arms("high"))
    (spec,) = trajectories(standing_of(EFFECT, [made]))
    for drawn in both(spec):
        assert {"0", "1", "2", "3", "4"} <= set(drawn.texts())
        levels = [drawn.up(mark.y) for mark in drawn.marks if mark.series == "s1"]
        assert levels == pytest.approx([3.0, 2.5, 2.2], abs=0.01)
        assert drawn.word("80").y > drawn.word("90").y
        assert outside(drawn) == []


def test_blocks_of_effects_keep_their_order_and_those_without_cells_are_left_out() -> None:
    cells = [cell(CHANGE, {"contrast": name}, value)
             for name, value in (("placebo less vanilla", 0.1), ("nvc_full less vanilla", 0.4))]  # fmt: skip
    spec = effects(standing_of(EFFECT, [row(EFFECT, "acme/m", cells=cells)]))
    assert spec is not None
    assert [series.name for series in spec.series] == [
        "all three rules less none", "placebo less none: being told anything",
    ]  # fmt: skip
    assert "{n}" not in spec.note
    assert "n = 20 seeds." in spec.note
    assert spec.x.refs[0].value == 0.0


def test_rows_of_a_block_stand_by_value_with_ties_by_name() -> None:
    rows = [
        row(EFFECT, f"acme/{name}", cells=[cell(CHANGE, {"rule": "c1"}, value)], place=i + 1)
        for i, (name, value) in enumerate((("b", 0.2), ("a", 0.2), ("c", -0.1), ("d", 0.5)))
    ]
    spec = rules(standing_of(EFFECT, rows))
    assert spec is not None
    (block,) = spec.series
    assert block.name == "c1, no blame"
    assert [p.label for p in block.points] == ["acme/d", "acme/a", "acme/b", "acme/c"]


def test_simulators_have_a_block_each_in_the_order_in_which_they_occur() -> None:
    dims = {"contrast": "nvc_full less vanilla"}
    cells = [cell(CHANGE, {**dims, "simulator": name}, value)
             for name, value in (("state", 0.2), ("persona", -0.2))]  # fmt: skip
    spec = simulators(standing_of(EFFECT, [row(EFFECT, "acme/m", cells=cells)]))
    assert spec is not None
    assert [(s.name, s.points[0].x) for s in spec.series] == [
        ("simulator state", 0.2), ("simulator persona", -0.2),
    ]  # fmt: skip
