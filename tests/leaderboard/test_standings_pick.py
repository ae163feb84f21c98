"""Which entry stands for a configuration, who is compared with whom, and how rows are listed."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from interplay.leaderboard import standings
from interplay.leaderboard.boards import find_board
from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.guarded import Guarded
from interplay.leaderboard.models import ModelRecord
from interplay.leaderboard.result_parts import Pairs
from interplay.leaderboard.schema import Entry
from interplay.leaderboard.standings import (
    Row,
    Submission,
    earlier_rows,
    one_a_player,
    ordered,
    pick,
    place_key,
    rank_group,
    split_ranked,
    standing,
    unit_matrix,
    unread_word,
    withholding,
)
from interplay.tasks.judged import UNKNOWN, Validity

from . import synthetic
from .charts.made import metric, row, standing_of

PAIR = find_board("mazes-pair")
EFFECT = find_board("deescalation-effect")
SIMULATED = find_board("deescalation-simulated")
WITHIN = PAIR.model_copy(update={"rank_within": "family"})


def found(name: str, value: float = 0.5, *, rung: int = 0, **fields: object) -> Row:
    made = row(PAIR, name, value, **fields)  # type: ignore[arg-type]
    submission = Submission(made.entry, (), rung)
    return Row(submission, made.result, made.headline, made.places, group=made.group)


def pairs(*rows: Row) -> list[tuple[Submission, standings.Result]]:
    return [(one.submission, one.result) for one in rows]


def ids(rows: tuple[Row, ...]) -> list[str]:
    return [one.entry.model.id for one in rows]


def test_the_highest_rung_then_the_earliest_entry_stands_for_a_configuration() -> None:
    early, late, best = (
        found("acme/m", 0.1, day=1),
        found("acme/m", 0.9, day=2),
        found("acme/m", rung=2, day=3),
    )
    for order in permutations((early, late, best)):
        chosen, others = pick(pairs(*order))
        assert [submission.entry.entry_id for submission, _ in chosen] == [best.entry.entry_id]
        assert others == {best.entry.entry_id: (early.entry.entry_id, late.entry.entry_id)}


def test_of_entries_of_one_moment_the_first_id_stands() -> None:
    one, other = found("acme/m", 0.1), found("acme/m", 0.2)
    first = min(one.entry.entry_id, other.entry.entry_id)
    for order in ((one, other), (other, one)):
        chosen, _ = pick(pairs(*order))
        assert chosen[0][0].entry.entry_id == first


def test_configurations_that_differ_in_a_setting_stand_beside_one_another() -> None:
    chosen, others = pick(pairs(found("acme/m"), found("acme/m", effort="high"), found("acme/n")))
    assert len(chosen) == 3
    assert others == {}
    assert pick([]) == ([], {})


def with_digest(one: Row, digest: str) -> tuple[Submission, standings.Result]:
    return one.submission, one.result.model_copy(update={"units_digest": digest * 64})


def test_rows_are_ranked_on_the_units_that_most_of_them_have() -> None:
    rows = [with_digest(found(f"acme/m{i}"), digest) for i, digest in enumerate("abb")]
    ranked, unranked = split_ranked(PAIR, rows)
    assert [submission.entry.model.id for submission, _ in ranked] == ["acme/m1", "acme/m2"]
    ((submission, _, reason),) = unranked
    assert (submission.entry.model.id, reason) == (
        "acme/m0", "Its mazes differ from those of the other rows.",
    )  # fmt: skip


def test_of_two_sets_of_units_that_are_equally_common_the_same_counts_in_every_order() -> None:
    rows = [with_digest(found(f"acme/m{i}"), digest) for i, digest in enumerate("ba")]
    for order in (rows, rows[::-1]):
        ranked, _ = split_ranked(PAIR, order)
        assert [submission.entry.model.id for submission, _ in ranked] == ["acme/m1"]


def test_units_of_rows_without_a_rank_decide_nothing() -> None:
    rows = [with_digest(found(f"acme/m{i}"), digest) for i, digest in enumerate("abb")]
    told = [(Submission(s.entry, (), 0, unadmitted={PAIR.id: "not admitted"}), r) if i else (s, r)
            for i, (s, r) in enumerate(rows)]  # fmt: skip
    ranked, unranked = split_ranked(PAIR, told)
    assert [submission.entry.model.id for submission, _ in ranked] == ["acme/m0"]
    assert [reason for *_, reason in unranked] == ["not admitted"] * 2
    assert split_ranked(PAIR, []) == ([], [])


def test_missing_units_are_not_a_number_in_the_matrix() -> None:
    made = unit_matrix([row(PAIR, "acme/m", units=(0.5, None, -0.1099)).result])
    assert made.shape == (1, 3)
    assert made[0, [0, 2]].tolist() == [0.5, -0.1099]
    assert np.isnan(made[0, 1])
    assert unit_matrix([]).shape == (0, 0)


@pytest.mark.parametrize(
    ("direction", "expected"),
    [("higher", ["c", "a", "b"]), ("lower", ["a", "b", "c"]), ("none", ["a", "b", "c"])],
)
def test_rows_stand_by_value_with_ties_by_name(direction: str, expected: list[str]) -> None:
    rows = [found(f"acme/{name}", value) for name, value in (("b", 0.5), ("c", 0.7), ("a", 0.5))]
    board = PAIR.model_copy(update={"direction": direction})
    assert [name.removeprefix("acme/") for name in ids(ordered(rows, board))] == expected


def test_groups_stand_before_values_and_names_are_those_that_are_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [found("acme/a", 0.9, group="oak"), found("acme/b", 0.1, group="ash")]
    assert ids(ordered(rows, PAIR)) == ["acme/b", "acme/a"]
    record = ModelRecord(name="Aardvark", developer="acme", weights="open")
    monkeypatch.setattr(standings, "display_name", lambda name: record.name if name == "acme/z" else name)
    assert place_key(found("acme/z"), PAIR)[2] == "Aardvark"


def test_a_player_stands_once_with_the_preset_of_the_board_whatever_came_first() -> None:
    full, small = (
        found("reference/p", 0.2, division="reference"),
        found("reference/p", 0.9, division="reference"),
    )
    short = small.submission, small.result.model_copy(update={"preset": "smoke"})
    for order in ([*pairs(full), short], [short, *pairs(full)]):
        assert [one.headline.value for one in one_a_player(order, PAIR)] == [0.2]
    assert [one.headline.value for one in one_a_player([short], PAIR)] == [0.9]


def test_rows_of_earlier_versions_are_kept_by_version_newest_first() -> None:
    rows = [found(f"acme/m{i}", 0.1 * i) for i in range(4)]
    versions = {one.entry.entry_id: version for one, version in zip(rows, (1, 3, 2, 1), strict=True)}
    kept = earlier_rows(PAIR, pairs(*rows), versions, 3)
    assert list(kept) == [2, 1]
    assert [ids(own) for own in kept.values()] == [["acme/m2"], ["acme/m3", "acme/m0"]]
    assert all(one.places is None for own in kept.values() for one in own)


def test_the_group_of_a_model_is_its_family_else_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    records = {
        "acme/m": ModelRecord(name="M", developer="acme", weights="open", family="oak"),
        "acme/n": ModelRecord(name="N", developer="acme", weights="open"),
    }
    monkeypatch.setattr(standings, "load_models", lambda: records)
    groups = [rank_group(WITHIN, found(name).entry) for name in ("acme/m", "acme/n", "acme/x")]
    assert groups == ["oak", "acme/n", "acme/x"]
    assert rank_group(PAIR, found("acme/m").entry) == ""


def listing(*rows: Row, board: object = PAIR, reference: tuple[Row, ...] = ()) -> standings.Standing:
    return standing_of(board, rows, reference)  # type: ignore[arg-type]


def test_players_stand_in_their_place_among_ranked_rows_and_unranked_rows_last() -> None:
    rows = [found("acme/a", 0.9), found("acme/b", 0.3, place=2), found("acme/list", 0.99, place=None)]
    player = found("reference/p", 0.6, division="reference", place=None)
    assert ids(listing(*rows, reference=(player,)).listed) == ["acme/a", "reference/p", "acme/b", "acme/list"]


def test_by_the_anchor_players_stand_after_the_models() -> None:
    class Drifted(Guarded):
        is_ranked_by_anchor = True  # type: ignore[assignment]

    rows = [found("acme/a", 0.2), found("acme/b", 0.3, place=2)]
    player = found("reference/p", 0.6, division="reference", place=None)
    made = standing_of(PAIR, rows, [player])
    by_anchor = replace(made, guarded=Drifted("mazes", PAIR.id, (), (), ()))
    assert by_anchor.is_by_anchor
    assert ids(by_anchor.listed) == ["acme/a", "acme/b", "reference/p"]
    assert not made.is_by_anchor


def test_within_families_those_with_several_rows_come_first() -> None:
    rows = [
        found("acme/lone", 0.9, group="ash"),
        found("acme/a", 0.5, group="oak"),
        found("acme/b", 0.4, group="oak", place=2),
        found("acme/list", 0.99, group="oak", place=None),
    ]
    made = listing(*rows, board=WITHIN, reference=(found("reference/p", division="reference", place=None),))
    assert ids(made.listed) == ["acme/a", "acme/b", "acme/lone", "reference/p", "acme/list"]
    assert {name: ids(own) for name, own in made.families.items()} == {
        "ash": ["acme/lone"], "oak": ["acme/a", "acme/b"],
    }  # fmt: skip
    assert [made.is_alone(one) for one in rows[:3]] == [True, False, False]


def test_only_rows_that_somebody_could_beat_are_unbeaten() -> None:
    rows = [
        found("acme/lone", group="ash"),
        found("acme/a", group="oak"),
        found("acme/b", group="oak", place=2),
    ]
    assert listing(*rows, board=WITHIN).unbeaten == 1
    assert listing(*rows).unbeaten == 2
    assert listing().unbeaten == 0
    assert not found("acme/list", place=None).is_unbeaten


def test_without_groups_there_are_no_families() -> None:
    assert listing(found("acme/a", group="oak")).families == {}


def judged(state: str, *withheld: str) -> Submission:
    entry = row(SIMULATED, "acme/m").entry
    verdict = Validity(state, "", withheld=frozenset(withheld))  # type: ignore[arg-type]
    return Submission(entry, (), 0, validities={(SIMULATED.id, SIMULATED.judged[0].name): verdict})


def test_a_headline_is_withheld_only_by_the_judge_of_its_own_board() -> None:
    result = row(SIMULATED, "acme/m").result
    shown, hidden = judged("red"), judged("red", SIMULATED.headline)
    assert withholding(SIMULATED, shown) is None
    verdict = withholding(SIMULATED, hidden)
    assert verdict is not None
    assert verdict.state == "red"
    assert unread_word(SIMULATED, hidden, result) == "withheld"
    assert unread_word(SIMULATED, shown, result) is None
    assert withholding(EFFECT, hidden) is None
    assert hidden.validity(EFFECT.id, "escalation_judge") is UNKNOWN


def test_an_incomplete_difference_is_said_before_a_withheld_one() -> None:
    result = row(SIMULATED, "acme/m").result
    few = result.model_copy(update={"pairs": Pairs(complete=1, wanted=10)})
    assert unread_word(SIMULATED, judged("red", SIMULATED.headline), few) == "incomplete"


def test_a_submission_finds_its_result_by_board() -> None:
    submission = found("acme/m").submission
    result = submission.result(PAIR.id)
    assert result is not None
    assert result.board == PAIR.id
    assert submission.result("mazes-gap") is None
    assert submission.rung_word


def test_an_entry_without_the_headline_is_not_on_the_board() -> None:
    result = synthetic.pair_result("m", 0.5, synthetic.SMOKE, "standard")
    result["metrics"] = {"maze.success_strict": metric(0.5)}
    content = synthetic.entry("acme/m", [result])
    entry = Entry.model_validate_json(canonical_bytes(content))
    empty = standing(PAIR, [Submission(entry, (), 0)])
    assert empty.rows == empty.open_rows == empty.reference == ()
    assert empty.matrix.size == 0
    assert empty.detectable is None


def test_one_row_alone_is_unbeaten_on_its_only_place() -> None:
    content = synthetic.entry("acme/m", [synthetic.pair_result("m", 0.5, synthetic.SMOKE, "standard")])
    entry = Entry.model_validate_json(canonical_bytes(content))
    alone = standing(PAIR, [Submission(entry, (), 0)])
    (only,) = alone.rows
    assert only.places == (1, 1)
    assert alone.detectable is not None
