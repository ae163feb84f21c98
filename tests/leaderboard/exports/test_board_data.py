"""`data/boards/<id>.json`, read as its scripts read it: columns, kinds, critical values, words."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.canonical import decode_units
from interplay.leaderboard.exports.board_data import LEVELS, board_data, board_file, compact
from interplay.leaderboard.rungs import RUNGS
from interplay.leaderboard.schema import Evidence
from interplay.leaderboard.standings import Submission, standing

from .standing_rows import (
    GAP,
    PAIR,
    UNITS,
    changed,
    entry,
    gap_standing,
    pair_standing,
    submission,
    submissions,
)

COLUMNS = {
    "entry", "model", "name", "developer", "weights", "division", "preset", "version", "units_digest",
    "value", "lo", "hi", "n", "shown", "kind", "group", "place_from", "place_to", "rung", "date", "record",
}  # fmt: skip


def data(found=None) -> dict:
    name, content = board_file(found or pair_standing())
    assert name.startswith("data/boards/")
    return json.loads(content)


def line(found: dict, model: str) -> dict:
    place = found["columns"]["model"].index(model)
    return {name: column[place] for name, column in found["columns"].items()}


def test_every_column_is_as_long_as_the_board() -> None:
    columns = data()["columns"]
    assert set(columns) == COLUMNS
    assert {len(column) for column in columns.values()} == {5}


def test_the_board_says_of_itself_what_its_record_says() -> None:
    found, board = data(), find_board("mazes-pair")
    assert (found["board"], found["title"], found["label"]) == (board.id, board.title, board.label)
    assert (found["family"], found["headline"]) == ("mazes", "maze.success_corrected")
    assert found["range"] == [-0.109878, 1]
    assert (found["decimals"], found["unit"], found["direction"]) == (3, "maze", "higher")
    assert found["ranked_within"] is None
    assert found["detectable"] == round(pair_standing().detectable or 0, 6) > 0
    assert data(gap_standing())["direction"] == "lower"


def test_values_are_those_of_the_rows() -> None:
    found = data()
    for row in (*pair_standing().rows, *pair_standing().reference, *pair_standing().open_rows):
        shown = line(found, row.entry.model.id)
        head = row.headline
        assert (shown["value"], shown["lo"], shown["hi"], shown["n"]) == (
            head.value,
            head.lo,
            head.hi,
            head.n,
        )
        assert (shown["entry"], shown["division"]) == (row.entry.entry_id, row.entry.division)
        assert (shown["place_from"], shown["place_to"]) == (row.places or (None, None))
        assert RUNGS[shown["rung"]] == row.submission.rung_word
        assert shown["date"] == row.entry.created[:10]
        assert shown["version"] == "1.0.0"


def test_what_is_known_of_a_model_stands_with_it_and_nothing_is_guessed() -> None:
    found = data()
    player, unknown = line(found, "reference/cartographer"), line(found, "vllm/Harbour/Cedar-1")
    assert (player["name"], player["developer"], player["weights"]) == (
        "Cartographer",
        "Interplay",
        "scripted",
    )
    assert (unknown["name"], unknown["developer"], unknown["weights"]) == ("vllm/Harbour/Cedar-1", None, None)


@pytest.mark.parametrize(("name", "pairs"), LEVELS.items())
def test_critical_values_are_those_of_student_at_the_level_that_bonferroni_asks_for(
    name: str, pairs: int
) -> None:
    critical = data()["critical"]
    assert critical["units"] == list(range(2, len(UNITS) + 1))
    expected = stats.t.ppf(1 - 0.05 / 2 / pairs, np.array(critical["units"]) - 1)
    assert critical[name] == pytest.approx(expected, abs=5e-7)


def test_more_pairs_and_fewer_units_ask_for_more() -> None:
    critical = data()["critical"]
    for name in LEVELS:
        assert critical[name] == sorted(critical[name], reverse=True)
    assert critical["t95"][0] == 12.706205
    assert critical["t95"][5] < critical["t95_3"][5] < critical["t95_6"][5]
    assert sorted(LEVELS.values()) == [1, 3, 6]  # pairs among two, three and four


def test_a_board_without_rows_has_no_critical_value_and_no_difference() -> None:
    found = data(standing(PAIR, ()))
    assert found["critical"] == {"units": [], "t95": [], "t95_3": [], "t95_6": []}
    assert found["detectable"] is None
    assert all(column == [] for column in found["columns"].values())


def test_only_entries_of_the_same_units_and_version_are_of_one_kind() -> None:
    found = data()
    kinds = {model: line(found, model)["kind"] for model in found["columns"]["model"]}
    digest = pair_standing().rows[0].result.units_digest[:8]
    assert kinds["orchard/aster-1"] == f"version 1, 30 mazes {digest}" == kinds["meadow/birch-1"]
    assert kinds["orchard/dahlia-1"] == kinds["orchard/aster-1"]  # the open division had the same units
    assert kinds["reference/cartographer"] != kinds["orchard/aster-1"]


def test_where_ranks_hold_within_families_a_kind_names_the_family() -> None:
    board = PAIR.model_copy(update={"rank_within": "family"})
    found = data(standing(board, submissions()))
    assert found["ranked_within"] == "family"
    digest = pair_standing().rows[0].result.units_digest[:8]
    assert line(found, "orchard/aster-1")["kind"] == f"version 1, 30 mazes {digest}, family orchard/aster-1"
    assert line(found, "orchard/aster-1")["group"] == "orchard/aster-1"
    assert line(found, "reference/cartographer")["group"] is None


def test_what_a_row_shows_is_what_pages_print_of_it() -> None:
    shown = line(data(), "orchard/aster-1")
    head = pair_standing().rows[0].headline
    assert shown["shown"] == (
        f"corrected success {head.value:.3f}, 95 % {head.lo:.2f}–{head.hi:.2f} · 2026-11-01"
    )
    gap = line(data(gap_standing()), "orchard/aster-1")["shown"]
    assert gap.startswith("gap ")
    assert ", 95 % " in gap


def test_a_paired_difference_follows_from_the_file_and_the_units_of_two_entries() -> None:
    """As docs say: mean of the differences, plus and minus the critical value times its standard error."""
    critical = data()["critical"]
    a, b = (np.array(decode_units(s.entry.results[0].units), dtype=float) for s in submissions()[:2])
    expected = stats.ttest_rel(a, b).confidence_interval(0.95)
    difference = a - b
    half = critical["t95"][critical["units"].index(len(a))] * difference.std(ddof=1) / len(a) ** 0.5
    assert (difference.mean() - half, difference.mean() + half) == pytest.approx(tuple(expected), abs=1e-6)


def test_a_regraded_entry_names_the_record_that_holds_what_is_shown() -> None:
    own = entry("orchard/elder-1", 0.6)
    again = submission(own, 2, "check", "regrade")
    regraded = again.evidence[1].model_copy(update={"results": changed(own, errors=3).results})
    assert isinstance(regraded, Evidence)
    held = Submission(own, (again.evidence[0], regraded), 2)
    found = data(standing(PAIR, [held, submissions()[0]]))
    record = line(found, "orchard/elder-1")["record"]
    moment = regraded.made_at.replace("-", "").replace(":", "")
    assert record == f"data/evidence/{own.entry_id}/{moment}-regrade.json"
    assert line(found, "orchard/aster-1")["record"] is None


def test_the_smallest_form_is_one_line_with_keys_in_order_and_refuses_what_is_no_json() -> None:
    assert compact({"b": 1, "a": ["é", None, 0.5]}) == '{"a":["é",null,0.5],"b":1}\n'.encode()
    for bad in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not JSON compliant"):
            compact({"a": bad})


def test_the_order_of_submissions_changes_no_byte() -> None:
    assert board_file(standing(PAIR, submissions()[::-1])) == board_file(pair_standing())
    assert board_file(standing(GAP, submissions()[::-1])) == board_file(gap_standing())


def test_entries_of_an_earlier_version_have_a_kind_and_no_row() -> None:
    found = standing(PAIR, submissions())
    old = found.rows[2]
    earlier = board_data(replace(found, earlier={0: (old,)}))["earlier"]
    assert isinstance(earlier, dict)
    assert list(earlier) == [old.entry.entry_id]
    assert str(earlier[old.entry.entry_id]).startswith("version 0, 30 mazes ")
