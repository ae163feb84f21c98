"""Standings at their edges: ties, directions, other units, replicates, families, earlier versions."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from interplay.leaderboard import standings
from interplay.leaderboard.boards import find_board
from interplay.leaderboard.canonical import canonical_bytes, entry_id
from interplay.leaderboard.models import ModelRecord
from interplay.leaderboard.schema import Entry, Metric, Pairs, Result
from interplay.leaderboard.standings import (
    Row,
    Standing,
    Submission,
    earlier_rows,
    one_a_player,
    ordered,
    pick,
    rank_group,
    split_ranked,
    standing,
    unit_matrix,
    unread_word,
    withholding,
)
from interplay.tasks.judged import Validity

from . import synthetic

PAIR, GAP, NATIVE = (find_board(name) for name in ("mazes-pair", "mazes-gap", "user-turn-native"))


def submitted(
    name: str,
    ability: float = 0.5,
    rung: int = 0,
    units: tuple[str, ...] = synthetic.SMOKE,
    ref: dict[str, object] | None = None,
    **fields: object,
) -> Submission:
    """An entry of `acme/name`; `ref` replaces parts of its model."""
    result = synthetic.pair_result(name, ability, units, "standard")
    content = synthetic.entry(f"acme/{name}", [result], **fields)  # type: ignore[arg-type]
    content["model"] = {**content["model"], **(ref or {})}  # type: ignore[dict-item]
    content["entry_id"] = entry_id(content)  # type: ignore[arg-type]
    return Submission(Entry.model_validate_json(canonical_bytes(content)), (), rung)


def found(*submissions: Submission) -> list[tuple[Submission, Result]]:
    return [(one, one.entry.results[0]) for one in submissions]


def names(rows: Sequence[Row]) -> list[str]:
    return [row.entry.model.id.partition("/")[2] for row in rows]


def row(name: str, value: float, group: str = "", places: tuple[int, int] | None = (1, 1)) -> Row:
    one = submitted(name)
    metric = Metric(value=value, lo=value, hi=value, n=3, interval="share")
    return Row(one, one.entry.results[0], metric, places, group=group)


class TestOrder:
    @pytest.mark.parametrize(
        ("board", "expected"), [(PAIR, ["b", "a", "c"]), (GAP, ["c", "a", "b"])], ids=["higher", "lower"]
    )
    def test_the_better_end_of_the_direction_comes_first(self, board, expected: list[str]) -> None:
        rows = [row("a", 0.5), row("b", 0.9), row("c", 0.1)]
        assert names(ordered(rows, board)) == expected

    def test_without_a_direction_names_decide_and_so_they_do_in_a_tie(self) -> None:
        plain = find_board("user-turn-controls")
        assert plain.direction == "none"
        assert names(ordered([row("b", 0.9), row("c", 0.1), row("a", 0.5)], plain)) == ["a", "b", "c"]
        assert names(ordered([row("b", 0.5), row("a", 0.5)], PAIR)) == ["a", "b"]

    def test_one_name_twice_is_ordered_by_the_id_of_the_entry(self) -> None:
        rows = [row("a", 0.5), Row(**{**row("a", 0.5).__dict__, "submission": submitted("a", day=2)})]
        ids = [one.entry.entry_id for one in ordered(rows, PAIR)]
        assert ids == sorted(ids) == [one.entry.entry_id for one in ordered(rows[::-1], PAIR)]

    def test_groups_stand_together(self) -> None:
        rows = [row("a", 0.1, "oak"), row("b", 0.9, "elm"), row("c", 0.5, "oak")]
        assert names(ordered(rows, PAIR)) == ["b", "c", "a"]


class TestPick:
    def test_highest_rung_then_earliest_then_smallest_id(self) -> None:
        late, early, checked = submitted("m", day=5), submitted("m", day=2), submitted("m", day=9, rung=1)
        chosen, others = pick(found(late, early, checked))
        assert [s.entry.entry_id for s, _ in chosen] == [checked.entry.entry_id]
        assert others == {checked.entry.entry_id: (early.entry.entry_id, late.entry.entry_id)}
        same = [submitted("m", ability, day=1) for ability in (0.2, 0.9)]
        first = min(one.entry.entry_id for one in same)
        assert [s.entry.entry_id for s, _ in pick(found(*same))[0]] == [first]
        assert pick(found(*same)) == pick(found(*same)) != pick([])

    def test_another_setting_role_or_revision_is_another_configuration(self) -> None:
        plain = submitted("m")
        others = [
            submitted("m", effort="high"),
            submitted("m", roles={"partner": {"id": "acme/p", "revision": None, "served_by": "acme"}}),
            submitted("m", ref={"revision": "ab" * 20}),
            submitted("m", ref={"served_by": "other"}),
        ]
        assert len({one.configuration for one in (plain, *others)}) == 5
        assert submitted("m", 0.9, day=4).configuration == plain.configuration

    def test_a_role_that_only_judges_beside_the_headline_is_none(self) -> None:
        judge = {"grader": {"id": "acme/judge", "revision": None, "served_by": "acme"}}
        result = {**synthetic.pair_result("m", 0.5, synthetic.SMOKE, "standard"), "board": "user-turn-native"}
        contents = [
            synthetic.entry("acme/m", [result], roles=roles, family="user_turn") for roles in ({}, judge)
        ]
        entries = [Entry.model_validate_json(canonical_bytes(content)) for content in contents]
        assert len({Submission(entry, (), 0).configuration for entry in entries}) == 1
        assert submitted("m", roles=judge).configuration == submitted("m").configuration
        partner = {"partner": judge["grader"]}
        assert submitted("m", roles=partner).configuration != submitted("m").configuration


class TestUnits:
    ODD = submitted("odd", 0.9, units=synthetic.STANDARD)

    def test_the_units_of_most_rows_are_the_boards(self) -> None:
        ranked, unranked = split_ranked(PAIR, found(self.ODD, submitted("a"), submitted("b")))
        assert [s.entry.model.id for s, _ in ranked] == ["acme/a", "acme/b"]
        assert [(s.entry.model.id, reason) for s, _, reason in unranked] == [
            ("acme/odd", "Its mazes differ from those of the other rows.")
        ]

    def test_of_equally_many_the_choice_does_not_depend_on_their_order(self) -> None:
        both = found(self.ODD, submitted("a"))
        (forward,), (backward,) = (split_ranked(PAIR, given)[0] for given in (both, both[::-1]))
        assert forward == backward

    def test_rows_that_are_not_ranked_have_no_say_in_which_units_count(self) -> None:
        refused = [
            replace(submitted(f"o{i}", units=synthetic.STANDARD), unadmitted={"mazes-pair": "not admitted"})
            for i in range(3)
        ]
        ranked, unranked = split_ranked(PAIR, found(*refused, submitted("a")))
        assert [s.entry.model.id for s, _ in ranked] == ["acme/a"]
        assert {reason for _, _, reason in unranked} == {"not admitted"}

    def test_missing_units_are_gaps_of_the_matrix(self) -> None:
        one = submitted("a").entry.results[0].model_copy(update={"units": "10000 - -5000"})
        assert np.array_equal(unit_matrix([one]), [[1.0, np.nan, -0.5]], equal_nan=True)
        assert unit_matrix([]).shape == (0, 0)


class TestReference:
    def test_a_player_stands_once_with_the_preset_of_the_board_whatever_came_last(self) -> None:
        runs = []
        for day, preset in ((1, "smoke"), (2, "standard"), (3, "smoke")):
            result = synthetic.pair_result("mute", 0.0, synthetic.SMOKE, preset)
            content = synthetic.entry("reference/mute", [result], day=day, division="reference")
            entry = Entry.model_validate_json(canonical_bytes(content))
            runs.append((Submission(entry, (), 0), entry.results[0]))
        for given in (runs, runs[::-1]):
            (kept,) = one_a_player(given, PAIR)
            assert kept.result.preset == "standard"
            assert (kept.is_reference, kept.places) == (True, None)


class TestFamilies:
    @pytest.fixture(autouse=True)
    def registry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        records = {
            f"acme/{name}": ModelRecord(name=name, developer="acme", weights="open", family=family)
            for name, family in (("oak-1", "oak"), ("oak-2", "oak"), ("elm-1", "elm"), ("fir-1", None))
        }
        monkeypatch.setattr(standings, "load_models", lambda: records)

    def test_a_model_is_ranked_in_its_family_or_alone_and_elsewhere_with_all(self) -> None:
        groups = [rank_group(NATIVE, submitted(name).entry) for name in ("oak-1", "oak-2", "elm-1")]
        assert groups == ["oak", "oak", "elm"]
        assert rank_group(PAIR, submitted("oak-1").entry) == ""
        assert rank_group(NATIVE, submitted("fir-1").entry) not in ("", "oak", "elm")

    def standing(self, rows: Sequence[Row], reference: Sequence[Row] = ()) -> Standing:
        return Standing(NATIVE, tuple(rows), tuple(reference), (), {}, {}, np.zeros((0, 0)), None, 1)

    def test_families_of_several_come_before_rows_that_are_alone_and_unranked_ones_last(self) -> None:
        rows = [
            row("elm-1", 0.9, "elm"), row("oak-1", 0.5, "oak"), row("oak-2", 0.4, "oak", (2, 2)),
            row("fir-1", 0.3, "", None),
        ]  # fmt: skip
        found = self.standing(rows, [row("mute", 0.0, "", None)])
        assert names(found.listed) == ["oak-1", "oak-2", "elm-1", "mute", "fir-1"]
        assert [found.is_alone(one) for one in rows[:3]] == [True, False, False]
        assert list(found.families) == ["elm", "oak"]
        assert found.unbeaten == 1, "a row without another of its family has nobody to beat"

    def test_where_all_are_ranked_together_nobody_is_alone(self) -> None:
        one = row("oak-1", 0.5)
        found = Standing(PAIR, (one,), (), (), {}, {}, np.zeros((0, 0)), None, 1)
        assert (found.is_alone(one), found.unbeaten, found.families) == (False, 1, {})


class TestWhatIsNotRead:
    def test_a_headline_whose_judge_is_withheld_is_not_read(self) -> None:
        board = find_board("deescalation-effect")
        judge = board.judged[0].name
        withheld = Validity("amber", "no", withheld=frozenset({board.headline}))
        one = submitted("a")
        held = Submission(one.entry, (), 0, validities={(board.id, judge): withheld})
        assert withholding(board, held) == withheld
        assert withholding(board, one) is None
        result = one.entry.results[0]
        assert (unread_word(board, held, result), unread_word(board, one, result)) == ("withheld", None)

    def test_an_incomplete_contrast_is_not_read_whoever_judged(self) -> None:
        board = find_board("deescalation-effect")
        result = submitted("a").entry.results[0].model_copy(update={"pairs": Pairs(complete=1, wanted=9)})
        assert unread_word(board, submitted("a"), result) == "incomplete"


def test_earlier_versions_stand_newest_first_and_the_current_one_not_at_all() -> None:
    given = found(submitted("a"), submitted("b"), submitted("c"))
    versions = {s.entry.entry_id: v for (s, _), v in zip(given, (1, 3, 2), strict=True)}
    rows = earlier_rows(PAIR, given, versions, 3)
    assert list(rows) == [2, 1]
    assert {name for own in rows.values() for name in names(own)} == {"a", "c"}


@pytest.mark.parametrize("seed", range(3))
def test_the_matrix_follows_the_rows_whatever_the_order_of_entries(seed: int) -> None:
    given = [submitted(f"m{i}", 0.2 + 0.15 * i) for i in range(5)]
    order = np.random.default_rng(seed).permutation(5)
    ours = standing(PAIR, [given[i] for i in order])
    assert names(ours.rows) == names(standing(PAIR, given).rows)
    assert len(ours.ranked) == 5
    for line, one in zip(ours.matrix, ours.ranked, strict=True):
        assert line.tolist() == unit_matrix([one.result])[0].tolist()
