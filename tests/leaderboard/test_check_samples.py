"""Stage C on plain rows: every pinned sample once, as pinned, few errors, few without a score."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.check_samples import check_complete
from interplay.leaderboard.locks import LockedSample, Variant, facts
from interplay.leaderboard.rows import LogRows, SampleRow, ScoreRow
from interplay.leaderboard.schema import Finding

from . import plain_rows

KEYS = ("maze_id", "seat")
HASHES = {"maze_id": "1" * 16, "seat": "2" * 16, "other": "3" * 16}
TASK = "interplay/maze_collab"


def locked(number: int) -> LockedSample:
    return LockedSample(
        id=f"m{number:03d}-AB", unit=f"m{number:03d}", pin="a" * 16, facts=facts(HASHES, KEYS)
    )


def variant(samples: int = 10, epochs: int = 1) -> Variant:
    return Variant(
        preset="standard",
        args={},
        boards=("mazes-pair",),
        epochs=epochs,
        task_digest="",
        free_args=(),
        fact_keys=KEYS,
        samples=tuple(map(locked, range(samples))),
        settings={},
        limits={},
        scorers=("maze",),
        roles={},
        digest="0" * 16,
    )


def row(number: int, epoch: int = 1, **changes: object) -> SampleRow:
    made = plain_rows.sample(f"m{number:03d}", epoch=epoch)
    return made.model_copy(update={"pin": "a" * 16, "facts": HASHES, **changes})


def found(*rows: SampleRow, lock: Variant | None = None) -> list[Finding]:
    return check_complete([plain_rows.log(rows)], lock or variant())


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_every_pinned_sample_once_is_complete():
    assert found(*map(row, range(10))) == []


@settings(max_examples=30)
@given(st.permutations(range(10)), st.integers(0, 10))
def test_neither_the_order_nor_the_division_into_logs_matters(order: list[int], cut: int):
    rows = [row(number) for number in order]
    logs = [plain_rows.log(rows[:cut]), plain_rows.log(rows[cut:])]
    assert check_complete(logs, variant()) == []


def test_absent_samples_are_counted_and_the_first_in_the_order_of_the_lock_is_named():
    findings = found(*(row(n) for n in (9, 0, 2, 4, 3, 6)))
    assert codes(findings) == ["C01"]
    assert f"4 of 10 pinned samples are absent (first: m001-AB epoch 1) in {TASK}" in findings[0].message
    assert "Remedy: repeat the interplay eval command" in findings[0].message


def test_every_epoch_is_wanted():
    rows = [row(number, epoch) for number in range(10) for epoch in (1, 3)]
    findings = found(*rows, lock=variant(epochs=3))
    assert codes(findings) == ["C01"]
    assert "10 of 30 pinned samples are absent (first: m000-AB epoch 2)" in findings[0].message


def test_an_epoch_too_many_is_a_sample_outside_the_lock():
    findings = found(*map(row, range(10)), row(4, 2), row(3, 2), row(3, 0))
    assert codes(findings) == ["C06"]
    assert f"3 samples of {TASK} outside its lock (first: m003-AB epoch 0)" in findings[0].message


@pytest.mark.parametrize("apart", [False, True], ids=["one log", "two logs"])
def test_a_sample_that_occurs_twice_is_refused(apart: bool):
    rows = [*map(row, range(10)), row(7), row(7), row(5)]
    logs = [plain_rows.log(rows[:10]), plain_rows.log(rows[10:])] if apart else [plain_rows.log(rows)]
    findings = check_complete(logs, variant())
    assert codes(findings) == ["C02"]
    assert f"m005-AB epoch 1 of {TASK} occurs twice (2 such samples)" in findings[0].message


def test_a_sample_in_place_of_another_is_both_absent_and_extra():
    assert codes(found(*map(row, range(9)), row(99))) == ["C01", "C06"]


def test_an_input_that_is_not_the_pinned_one_is_named_with_both_pins():
    rows = [row(n, pin="b" * 16 if n in (3, 4, 8) else "a" * 16) for n in range(10)]
    findings = found(*rows)
    assert codes(findings) == ["C03"]
    assert (
        f"input of m003-AB epoch 1 differs from its pin, {'b' * 16} (expected {'a' * 16}), and 2 more"
        in findings[0].message
    )


@pytest.mark.parametrize("changes", [{"maze_id": "9" * 16}, {"seat": "9" * 16}])
def test_declared_metadata_that_is_not_the_pinned_one_is_refused(changes: dict[str, str]):
    findings = found(*map(row, range(9)), row(9, facts=HASHES | changes))
    assert codes(findings) == ["C03"]
    assert findings[0].message.startswith("metadata of m009-AB epoch 1 differs from its pin. ")


def test_a_declared_key_that_is_absent_is_another_value():
    rest = {key: value for key, value in HASHES.items() if key != "seat"}
    assert codes(found(*map(row, range(9)), row(9, facts=rest))) == ["C03"]


def test_metadata_that_no_lock_declares_is_free():
    assert found(*(row(n, facts=HASHES | {"other": "9" * 16, "more": "8" * 16}) for n in range(10))) == []


def test_a_pin_is_not_asked_of_samples_outside_the_lock():
    assert codes(found(*map(row, range(10)), row(99, pin="b" * 16))) == ["C06"]


NOT_SCORED = ScoreRow()
OF_ANOTHER = ScoreRow(numbers={"judge.value": 1.0}, value_keys=("judge.value",))
OF_ITS_METADATA = ScoreRow(numbers={"maze.notes": 3.0})
LOOKS_ALIKE = ScoreRow(numbers={"maze_judge.value": 1.0}, value_keys=("maze_judge.value",))


@pytest.mark.parametrize(("errored", "expected"), [(0, []), (2, []), (3, ["C04"]), (200, ["C04"])])
def test_one_sample_in_a_hundred_may_end_in_an_error(errored: int, expected: list[str]):
    rows = [row(n, errored=n < errored, **({"score": NOT_SCORED} if n < errored else {})) for n in range(200)]
    assert codes(found(*rows, lock=variant(200))) == expected


@pytest.mark.parametrize(("unscored", "expected"), [(0, []), (4, []), (5, ["C05"]), (200, ["C05"])])
@pytest.mark.parametrize("score", [NOT_SCORED, OF_ANOTHER, OF_ITS_METADATA, LOOKS_ALIKE])
def test_two_samples_in_a_hundred_may_go_without_a_score(unscored: int, expected: list[str], score: ScoreRow):
    rows = [row(n, **({"score": score} if n < unscored else {})) for n in range(200)]
    assert codes(found(*rows, lock=variant(200))) == expected


def test_both_rates_are_said_with_their_limits():
    rows = [row(n, errored=n < 5, score=NOT_SCORED) for n in range(200)]
    first, second = found(*rows, lock=variant(200))
    assert f"2.5 % errored (limit 1 %) in {TASK}" in first.message
    assert f"97.5 % not scored (limit 2 %) in {TASK}" in second.message


def test_an_empty_log_is_absent_samples_and_no_division_by_zero():
    assert codes(found()) == ["C01"]


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3)), max_size=16),
    st.integers(1, 5),
    st.integers(1, 2),
)
def test_findings_beside_a_count_by_hand(places: list[tuple[int, int]], samples: int, epochs: int):
    wanted = {(n, epoch) for n in range(samples) for epoch in range(1, epochs + 1)}
    expected: list[str] = []
    if wanted - set(places):
        expected.append("C01")
    if len(set(places)) < len(places):
        expected.append("C02")
    if set(places) - wanted:
        expected.append("C06")
    rows = [row(n, epoch) for n, epoch in places]
    assert codes(found(*rows, lock=variant(samples, epochs))) == expected


def test_the_scorers_of_a_lock_are_those_that_count():
    lock = variant().model_copy(update={"scorers": ("maze", "judge")})
    assert found(*(row(n, score=OF_ANOTHER) for n in range(10)), lock=lock) == []
    none: LogRows = plain_rows.log([row(n, score=OF_ANOTHER) for n in range(10)])
    assert codes(check_complete([none], variant())) == ["C05"]
