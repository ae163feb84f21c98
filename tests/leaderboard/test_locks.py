"""Locks: the committed files are those of this checkout, and logs find theirs by what they ran."""

import pytest

from interplay.leaderboard import locks
from interplay.leaderboard.board_parts import LockedRun
from interplay.leaderboard.boards import Board, find_board
from interplay.leaderboard.canonical import content_hash
from interplay.leaderboard.locks import (
    LOCK_DIR,
    Variant,
    board_variants,
    build_locks,
    build_variant,
    combined_seed,
    current_locks,
    facts,
    load_lock,
    lock_name,
    matching_variant,
)
from interplay.tasks.catalog import task_digest
from interplay.tasks.mistakes import NotLoaded
from tests.leaderboard.plain_rows import log


def test_committed_locks_are_current():
    for name, content in build_locks().items():
        assert (LOCK_DIR / name).read_bytes() == content, f"{name}: python -m interplay.leaderboard.locks"


@pytest.mark.parametrize(
    ("board", "preset", "sizes"),
    [("mazes-pair", "standard", [240]), ("mazes-pair", "smoke", [6]), ("mazes-gap", "standard", [240, 240]),
     ("mazes-gap", "smoke", [6, 6]), ("mazes-cross", "standard", [120] * 4), ("mazes-cross", "smoke", [])],
)  # fmt: skip
def test_each_board_has_its_variants(board: str, preset: str, sizes: list[int]):
    variants = board_variants(find_board(board), preset)
    assert [len(variant.samples) for variant in variants] == sizes
    for variant in variants:
        assert board in variant.boards
        assert len(variant.units) * (1 if preset == "smoke" else 2) == len(variant.samples)


def test_units_of_the_gap_are_the_same_mazes():
    solo, pair = board_variants(find_board("mazes-gap"), "standard")
    assert solo.units == pair.units
    assert solo.digest != pair.digest


def test_digests_and_pins():
    for lock in current_locks():
        for variant in lock.variants:
            content = variant.model_dump(mode="json")
            assert content_hash({k: v for k, v in content.items() if k != "digest"}) == variant.digest
            pins = [(sample.id, sample.pin) for sample in variant.samples]
            assert task_digest(lock.task, variant.preset, pins) == variant.task_digest


def test_seed_is_that_of_the_digest():
    variants = board_variants(find_board("mazes-pair"), "smoke")
    assert combined_seed(variants) == int(variants[0].digest[:8], 16)
    assert combined_seed(board_variants(find_board("mazes-gap"), "smoke")) != combined_seed(variants)


def test_a_patch_version_shares_the_lock():
    assert lock_name("interplay/maze_collab", "1.0.7") == "maze_collab@1.0.json"
    assert load_lock("interplay/maze_collab", "1.0.7") is not None
    for version in ("1.1.0", "9.9.0", "1", "../../x.y", ""):
        assert load_lock("interplay/maze_collab", version) is None


def test_a_log_finds_its_variant_whatever_is_left_free():
    variant = board_variants(find_board("mazes-pair"), "smoke")[0]
    args = variant.args | {"preset": "smoke", "judge": True, "system_role": "user"}
    assert matching_variant(log([], preset="smoke", args=args).header) == variant
    assert matching_variant(log([], preset="standard", args=args).header) != variant
    for change in ({"assistance": 2}, {"mazes": 1}, {"unheard": 1}):
        assert matching_variant(log([], preset="smoke", args=args | change).header) is None


def test_facts_depend_on_every_key():
    hashes = {"a": "1", "b": "2"}
    assert facts(hashes, ["a", "b"]) != facts(hashes | {"b": "3"}, ["a", "b"])
    assert facts(hashes | {"c": "9"}, ["a", "b"]) == facts(hashes, ["a", "b"])


def test_a_variant_whose_data_cannot_be_loaded_stays_as_committed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def fetched(run: LockedRun, preset: str, boards: list[Board]) -> tuple[str, Variant]:
        if run.task == "interplay/maze_solo" and preset == "standard":
            raise NotLoaded("the data set is not pinned")
        return build_variant(run, preset, boards)  # type: ignore[arg-type]

    monkeypatch.setattr(locks, "build_variant", fetched)
    name = "maze_solo@1.0.json"
    assert build_locks()[name] == (LOCK_DIR / name).read_bytes()
    assert "interplay/maze_solo standard: the data set is not pinned" in capsys.readouterr().err
