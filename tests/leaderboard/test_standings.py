"""Who stands where: which run of a configuration counts, who is listed without rank, earlier versions."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from interplay.leaderboard import standings
from interplay.leaderboard.boards import find_board
from interplay.leaderboard.build import build_site
from interplay.leaderboard.canonical import canonical_bytes
from interplay.leaderboard.models import ModelRecord
from interplay.leaderboard.schema import Entry, Evidence
from interplay.leaderboard.standings import Standing, Submission, standing

from . import synthetic

PAIR = find_board("mazes-pair")
GAP = find_board("mazes-gap")
Content = dict[str, object]


def pair(name: str, ability: float, **fields: object) -> Content:
    preset = str(fields.pop("preset", "standard"))
    units = synthetic.SMOKE if preset == "smoke" else synthetic.STANDARD
    return synthetic.entry(f"acme/{name}", [synthetic.pair_result(name, ability, units, preset)], **fields)  # type: ignore[arg-type]


def submitted(content: Content, rung: int = 0, *records: Content) -> Submission:
    entry = Entry.model_validate_json(canonical_bytes(content))
    evidence = tuple(Evidence.model_validate_json(canonical_bytes(record)) for record in records)
    return Submission(entry, evidence, rung)


def names(found: Standing) -> list[str]:
    return [row.entry.model.id.removeprefix("acme/") for row in found.rows]


def test_rows_are_ordered_and_sets_hold_the_place() -> None:
    found = standing(PAIR, [submitted(pair(f"m{i}", 0.1 + 0.2 * i)) for i in range(5)])
    assert names(found) == ["m4", "m3", "m2", "m1", "m0"]
    for place, row in enumerate(found.rows, start=1):
        assert row.places is not None
        assert row.places[0] <= place <= row.places[1]
    assert found.unbeaten == sum(row.places[0] == 1 for row in found.rows if row.places) >= 1
    assert np.allclose(
        np.nanmean(found.matrix, axis=1), [row.headline.value for row in found.rows], atol=1e-4
    )
    assert found.detectable is not None
    assert 0 < found.detectable < 1


def test_the_order_of_submissions_changes_nothing() -> None:
    submissions = [submitted(pair(f"m{i}", 0.9 - 0.1 * i, day=1 + i)) for i in range(6)]
    forward, backward = standing(PAIR, submissions), standing(PAIR, submissions[::-1])
    assert [(r.entry.entry_id, r.places) for r in forward.rows] == [
        (r.entry.entry_id, r.places) for r in backward.rows
    ]


def test_of_one_configuration_the_earliest_of_the_highest_rung_counts() -> None:
    early, best = pair("m", 0.3, day=2), pair("m", 0.9, day=3)
    assert standing(PAIR, [submitted(best), submitted(early)]).rows[0].entry.entry_id == early["entry_id"]
    checked = standing(PAIR, [submitted(best, rung=2), submitted(early, rung=1)])
    assert checked.rows[0].entry.entry_id == best["entry_id"]
    assert checked.replicates == {best["entry_id"]: (early["entry_id"],)}
    other = pair("m", 0.6, day=4, effort="high")
    assert len(standing(PAIR, [submitted(early), submitted(other)]).rows) == 2


def test_a_seed_makes_no_new_configuration() -> None:
    plain = pair("m", 0.5)
    settings = plain["settings"]
    assert isinstance(settings, dict)
    seeded = {**plain, "settings": {**settings, "seed": 7}}
    assert submitted(plain).configuration == submitted(seeded).configuration
    warm = {**plain, "settings": {**settings, "temperature": 0.7}}
    assert submitted(plain).configuration != submitted(warm).configuration


def test_what_cannot_be_compared_is_listed_with_the_reason() -> None:
    standard = [submitted(pair(f"m{i}", 0.5, day=1 + i)) for i in range(2)]
    found = standing(PAIR, [*standard, submitted(pair("small", 0.9, preset="smoke"))])
    assert [row.places is not None for row in found.rows] == [True, True, False]
    assert "mazes differ" in str(found.rows[-1].reason)
    weak = synthetic.entry("acme/weak", [synthetic.gap_result("weak", -0.5, synthetic.STANDARD, "standard")])
    assert standing(GAP, [submitted(weak)]).rows[0].reason == GAP.ranked_if.otherwise  # type: ignore[union-attr]


def test_a_player_is_shown_once_with_the_preset_of_the_board() -> None:
    runs = [
        synthetic.entry(
            "reference/mute",
            [synthetic.pair_result("mute", -1, units, preset)],
            division="reference",
            day=day,
        )
        for day, (units, preset) in enumerate(
            [(synthetic.STANDARD, "standard"), (synthetic.SMOKE, "smoke")], start=1
        )
    ]
    found = standing(PAIR, [submitted(run) for run in runs])
    assert [row.result.preset for row in found.reference] == ["standard"]
    assert found.ranked == ()
    assert found.detectable is None
    assert [row.is_reference for row in found.listed] == [True]


def test_a_regrade_shows_its_results() -> None:
    before = pair("m", 0.9)
    regraded = synthetic.record(before, "regrade")
    regraded["results"] = [synthetic.pair_result("m", 0.2, synthetic.STANDARD, "standard")]
    found = standing(PAIR, [submitted(before, 2, regraded)])
    assert found.rows[0].headline.value < 0.4
    failed = {**regraded, "outcome": "fail"}
    assert standing(PAIR, [submitted(before, 1, failed)]).rows[0].headline.value > 0.6


def test_superseded_and_withdrawn_entries_have_no_row() -> None:
    gone = submitted(pair("m", 0.9))
    assert standing(PAIR, [replace(gone, superseded_by="x")]).rows == ()
    content = pair("n", 0.9)
    assert standing(PAIR, [submitted(content, 1, synthetic.record(content, "withdraw"))]).rows == ()


def test_an_earlier_major_version_keeps_its_address(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(standings, "current_version", lambda board: 2)
    root = tmp_path / "root"
    old, new = pair("old", 0.9), synthetic.pair_result("new", 0.4, synthetic.STANDARD, "standard")
    new["task_version"] = "2.0.0"
    synthetic.write(root, old)
    synthetic.write(root, synthetic.entry("acme/new", [new]))
    build_site(root, tmp_path / "site")
    board = (tmp_path / "site/boards/mazes-pair/index.html").read_text(encoding="utf-8")
    earlier = (tmp_path / "site/boards/mazes-pair/v1/index.html").read_text(encoding="utf-8")
    assert "acme/new" in board
    assert "acme/old" not in board
    assert 'href="../../boards/mazes-pair/v1/"' in board
    assert "acme/old" in earlier
    assert ">Rank<" not in earlier


def test_a_version_without_a_lock_moves_no_board() -> None:
    ahead = synthetic.pair_result("ahead", 0.9, synthetic.STANDARD, "standard") | {"task_version": "99.0.0"}
    open_entry = synthetic.entry(
        "acme/ahead", [ahead], division="open", logs=[], method_note="m", method_url="https://example.org"
    )
    found = standing(PAIR, [submitted(pair("m", 0.5)), submitted(open_entry)])
    assert (found.major, names(found), found.open_rows, found.earlier) == (1, ["m"], (), {})


def test_ranks_within_a_family_never_compare_families(monkeypatch) -> None:
    board = PAIR.model_copy(update={"rank_within": "family"})
    records = {
        f"acme/{name}": ModelRecord(name=name, developer="acme", weights="open", family=family)
        for name, family in {"m0": "oak", "m1": "oak", "m2": "ash", "m3": "ash"}.items()
    }
    monkeypatch.setattr(standings, "load_models", lambda: records)
    found = standing(board, [submitted(pair(f"m{i}", 0.05 + 0.3 * i)) for i in range(4)])
    assert [(row.group, name) for row, name in zip(found.rows, names(found), strict=True)] == [
        ("ash", "m3"),
        ("ash", "m2"),
        ("oak", "m1"),
        ("oak", "m0"),
    ]
    assert [row.places for row in found.rows] == [(1, 1), (2, 2), (1, 1), (2, 2)]


def test_a_model_without_a_family_is_ranked_alone() -> None:
    board = PAIR.model_copy(update={"rank_within": "family"})
    found = standing(board, [submitted(pair("m0", 0.1)), submitted(pair("m1", 0.9))])
    assert {row.places for row in found.rows} == {(1, 1)}
    assert len({row.group for row in found.rows}) == 2
