"""What a board says of its top and of itself: one true sentence for every shape of a standing."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.figures import ChartSpec
from interplay.leaderboard.pages.boards import (
    ChartView,
    drawn_charts,
    facts,
    leading_words,
    points,
    top_words,
)
from interplay.leaderboard.pages.site import (
    PANEL_ROWS,
    board_line,
    family_groups,
    home_page,
    scripted_rows,
    top_rows,
)
from interplay.leaderboard.pages.tables import block_of, results_table, scale_of, whisker
from interplay.leaderboard.remembering import Memory
from interplay.leaderboard.schema import Metric
from interplay.leaderboard.standings import Row, Standing, standing
from interplay.tasks.catalog import FAMILIES

from ..exports.standing_rows import PAIR, entry, pair_standing, submission

EMPTY = standing(PAIR, ())
PLAYERS = ("cartographer", "mute", "follower", "noisy", "colrow", "echo", "liar")


def rows(*places: tuple[int, int] | None, group: Sequence[str] = ()) -> tuple[Row, ...]:
    """Rows with those places: `m-1`, `m-2` and so on, in this order."""
    first = pair_standing().rows[0]
    found = []
    for i, place in enumerate(places, 1):
        model = first.entry.model.model_copy(update={"id": f"acme/m-{i}"})
        own = first.entry.model_copy(update={"model": model})
        row = replace(first, submission=submission(own), places=place, group=group[i - 1] if group else "")
        found.append(row)
    return tuple(found)


def with_rows(*places: tuple[int, int] | None, **fields: object) -> Standing:
    return replace(EMPTY, rows=rows(*places), **fields)  # type: ignore[arg-type]


def grouped(*groups: str, firsts: Sequence[int]) -> Standing:
    """A board that ranks within families: the rows of each, with their first place there."""
    board = PAIR.model_copy(update={"rank_within": "family"})
    return replace(EMPTY, board=board, rows=rows(*((f, f) for f in firsts), group=groups))


LEADS: dict[str, tuple[Standing, str]] = {
    "nothing": (EMPTY, ""),
    "one": (with_rows((1, 1)), "acme/m-1 is the only model that has run so far."),
    "ahead": (with_rows((1, 1), (2, 2), (3, 3)), "acme/m-1 is ahead of all others on these mazes."),
    "not-beaten": (
        with_rows((1, 2), (2, 3), (2, 3)),
        "acme/m-1 is not beaten by any other on these mazes.",
    ),
    "no-order": (with_rows((1, 3), (1, 3), (1, 3)), "No model is separated from the others by these data."),
    "two": (
        with_rows((1, 2), (1, 2), (3, 3)),
        "acme/m-1 and acme/m-2 are not beaten by any other; these data do not separate them.",
    ),
    "five": (
        with_rows(*[(1, 5)] * 5, (6, 6)),
        "acme/m-1, acme/m-2, acme/m-3, acme/m-4 and acme/m-5 are not beaten by any other; "
        "these data do not separate them.",
    ),
    "six": (
        with_rows(*[(1, 6)] * 6, (7, 7)),
        "6 models are not beaten by any other; these data do not separate them.",
    ),
    "one-unranked": (with_rows(None), "One model has run; none of them can be ranked."),
    "three-unranked": (with_rows(None, None, None), "3 models have run; none of them can be ranked."),
    "one-ranked-of-two": (with_rows((1, 1), None), "acme/m-1 is the only model that has run so far."),
    "families-of-one": (
        grouped("A", "B", firsts=(1, 1)),
        "2 models have run, no two of one family, and ranks hold within a family only.",
    ),
    "one-family": (
        grouped("A", "A", "B", firsts=(1, 2, 1)),
        "Within A: acme/m-1 is ahead of all others on these mazes.",
    ),
    "two-families": (
        grouped("A", "A", "B", "B", firsts=(1, 2, 1, 2)),
        "Ranks hold within a family only; 2 of 2 families with several models have one that no other "
        "model of it beats.",
    ),
    "two-families-one-tied": (
        grouped("A", "A", "B", "B", firsts=(1, 2, 1, 1)),
        "Ranks hold within a family only; 1 of 2 families with several models has one that no other "
        "model of it beats.",
    ),
}


@pytest.mark.parametrize(("found", "expected"), LEADS.values(), ids=LEADS)
def test_one_true_sentence_about_the_top(found: Standing, expected: str) -> None:
    assert leading_words(found) == expected
    assert board_line(found).leading == (expected or "No model runs yet.")


def test_a_board_without_order_says_so() -> None:
    board = PAIR.model_copy(update={"direction": "none"})
    found = replace(with_rows(None, None), board=board)
    assert leading_words(found) == "2 models have run; this board has no order."
    assert "Not resolvable below" not in {fact.term for fact in facts(found)}


def test_a_row_that_is_first_with_others_is_not_ahead() -> None:
    assert top_words(rows((1, 2), (2, 2)), PAIR).startswith("acme/m-1 is not beaten")
    assert top_words(rows((1, 1), (2, 2)), PAIR).startswith("acme/m-1 is ahead")


@pytest.mark.parametrize(
    ("bounds", "detectable", "expected"),
    [
        ((0, 1), 0.1234, "12.3 points"),
        ((0, 1), None, "no model runs yet"),
        ((0, 100), 12.34, "12.3 points"),
        ((0, 30), 0.25, "0.2 points"),
    ],
)
def test_the_detectable_difference_is_in_points_of_a_hundred(
    bounds: tuple[float, float], detectable: float | None, expected: str
) -> None:
    board = PAIR.model_copy(update={"range": bounds, "contrast": None})
    assert points(replace(EMPTY, board=board, detectable=detectable)) == expected


def test_the_facts_of_a_board() -> None:
    told = dict(facts(pair_standing()))
    assert told["Task"] == "maze_collab, version 1"
    assert told["Units"] == "30 mazes"
    assert told["Not resolvable below"] == points(pair_standing())
    assert told["Not beaten"] == "1 of 3"
    assert "Floor to ceiling" not in told, "one of the two players alone marks no span"
    assert "Model families" not in told


def test_the_facts_of_an_empty_board_and_of_one_with_players_alone() -> None:
    assert dict(facts(EMPTY)) == {
        "Task": "maze_collab, version 1",
        "Units": "mazes",
        "Not resolvable below": "no model runs yet",
    }
    abilities = {"mute": -1.0, "cartographer": 2.0}
    players = [submission(entry(f"reference/{p}", a, division="reference")) for p, a in abilities.items()]
    told = dict(facts(standing(PAIR, players)))
    assert told["Units"] == "6 mazes (smoke)"
    assert told["Floor to ceiling"] == "−0.11 to 1.00"
    assert "Not beaten" not in told


def test_the_facts_of_a_board_that_ranks_within_families() -> None:
    told = dict(facts(grouped("A", "A", "B", firsts=(1, 2, 1))))
    assert told["Model families"] == "2, ranked apart"
    assert told["Not beaten in their family"] == "1 of 2"
    assert told["Not resolvable below"].endswith(" within a family")


def test_one_unit_is_no_plural() -> None:
    row = rows((1, 1))[0]
    one = replace(row, result=row.result.model_copy(update={"units_total": 1}))
    assert dict(facts(replace(EMPTY, rows=(one,))))["Units"] == "1 maze"


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 9])
def test_the_start_page_shows_the_first_five_rows(count: int) -> None:
    found = with_rows(*((i, i) for i in range(1, count + 1)))
    assert top_rows(found) == found.rows[:PANEL_ROWS]


def test_of_families_whole_ones_are_shown_as_far_as_there_is_room_those_with_several_first() -> None:
    found = grouped("A", "B", "B", "B", "C", "C", "D", firsts=(1, 1, 2, 3, 1, 2, 1))
    assert [row.group for row in top_rows(found)] == ["B", "B", "B", "C", "C"]
    large = grouped(*["A"] * 7, firsts=range(1, 8))
    assert len(top_rows(large)) == PANEL_ROWS
    alone = grouped("A", "B", firsts=(1, 1))
    assert [row.group for row in top_rows(alone)] == ["A", "B"]


def test_before_any_model_has_run_floor_and_ceiling_are_among_the_players_shown() -> None:
    players = [
        submission(entry(f"reference/{name}", 2.0 - 0.4 * i, division="reference"))
        for i, name in enumerate(PLAYERS)
    ]
    found = standing(PAIR, players)
    shown = [row.entry.model.id.removeprefix("reference/") for row in scripted_rows(found)]
    assert len(shown) == PANEL_ROWS
    assert {"mute", "cartographer"} <= set(shown)
    order = [row.entry.model.id.removeprefix("reference/") for row in found.reference]
    assert shown == [name for name in order if name in shown]
    assert scripted_rows(EMPTY) == ()


def test_blocks_of_a_board_that_ranks_within_families() -> None:
    found = grouped("A", "A", "B", firsts=(1, 2, 1))
    unplaced = rows(None)[0]
    assert [block_of(found, row) for row in found.rows] == [
        "A, 2 models",
        "A, 2 models",
        "No other model of the family has run",
    ]
    assert block_of(found, unplaced) == "Listed without rank"
    assert block_of(found, pair_standing().reference[0]) == "Scripted players"


def test_groups_lines_and_panels_follow_the_catalogue() -> None:
    deescalation = find_board("deescalation-effect")
    boards = {b.id: standing(b, ()) for b in (deescalation, PAIR)}
    order = [family.name for family in FAMILIES]
    groups = family_groups(boards, Memory())
    names = [group.family.name for group in groups]
    assert names == sorted(names, key=order.index) == ["mazes", "deescalation"]
    home = home_page(boards, (), Memory())
    assert [panel.family.name for panel in home.panels] == names
    assert not any(panel.has_runs for panel in home.panels)


def test_whiskers_lie_within_their_picture_and_in_the_order_of_their_numbers() -> None:
    scale = scale_of(pair_standing(), pair_standing().rows)
    for row in pair_standing().rows:
        found = whisker(row.headline, scale, [0.0, 1.0])
        lo, value, hi = float(found.lo), float(found.value), float(found.hi)
        assert 1 <= lo <= value <= hi <= 111
    ends = Metric(value=0.5, lo=-9.0, hi=9.0, n=2, interval="mean")
    assert whisker(ends, (0.0, 1.0), [0.0, 0.5, 0.5, 1.0, 2.0]) == ("1", "111", "56", ("1", "111", "56"))
    quarter = whisker(ends.model_copy(update={"value": 0.25}), (0.0, 1.0), [])
    assert (quarter.value, quarter.ticks) == ("28.5", ())


def test_the_scale_of_whiskers_holds_every_interval_and_the_floor_and_ends_on_tenths() -> None:
    found = pair_standing()
    lo, hi = scale_of(found, found.rows)
    ends = [end for row in found.rows for end in (row.headline.lo, row.headline.hi)]
    assert lo <= min(ends) <= max(ends) <= hi
    for end in (lo, hi):
        assert 10 * end == pytest.approx(round(10 * end))
    floor = submission(entry("reference/mute", -1.0, division="reference"))
    with_floor = standing(PAIR, [*(row.submission for row in found.rows), floor])
    assert scale_of(with_floor, with_floor.rows)[0] == pytest.approx(-0.2)


@pytest.mark.parametrize(("compact", "width"), [(True, 5), (False, 11)])
def test_a_table_is_as_wide_as_its_heads(compact: bool, width: int) -> None:
    table = results_table(pair_standing(), pair_standing().listed, "x", ranked=True)
    assert len(table.secondary_heads) == 2
    assert table.width(compact) == width
    assert replace(table, ranked=False, cost_head="").width(compact) == width - (1 if compact else 2)
    assert replace(table, anchor_head="Anchor").width(compact) == width + 1


def test_charts_are_found_in_tuples_of_any_depth_and_nowhere_else() -> None:
    spec = ChartSpec.model_construct(id="a", matrix=None)
    drawn, table = ChartView(spec, ("x",)), ChartView(spec, None)  # type: ignore[arg-type]
    assert list(drawn_charts(drawn)) == [spec]
    assert list(drawn_charts(table)) == []
    assert list(drawn_charts(((drawn, (drawn,)), (), "word"))) == [spec, spec]
    assert list(drawn_charts([drawn])) == []
    assert list(drawn_charts(None)) == []
