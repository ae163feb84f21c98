"""Boards of the user turns: what a log of samples gives, and what may never stand together."""

import json
from pathlib import Path

import pytest

from interplay.leaderboard.boards import find_board, kept_apart
from interplay.leaderboard.canonical import canonical_bytes, entry_id
from interplay.leaderboard.check_submission import check_file
from interplay.leaderboard.commands.scores import shown
from interplay.leaderboard.measure import results
from interplay.leaderboard.rows import LogRows, RoleUse, SampleRow, ScoreRow
from interplay.leaderboard.schema import Cell, Result
from tests.leaderboard import synthetic
from tests.leaderboard.plain_rows import log

NATIVE, HUMAN = find_board("user-turn-native"), find_board("user-turn-human")


def context(name: str, dataset: str = "gsm8k", **values: float) -> SampleRow:
    """One context with values of the scorer; `arm__key` stands for `arm/key`."""
    numbers = {f"followup.{key.replace('__', '/')}": value for key, value in values.items()}
    return SampleRow(
        sample_id=name,
        epoch=1,
        pin="0" * 16,
        facts={},
        metadata={"context_id": name, "dataset": dataset, "domain": "maths"},
        score=ScoreRow(numbers=numbers, value_keys=tuple(numbers)),
        errored=False,
        limit=None,
        usage={"model": RoleUse(calls=3)},
        seconds=1.0,
        started_at=None,
        completed_at=None,
        completions="0" * 64,
        fallbacks=0,
        edits=(),
    )


def native(rows: list[SampleRow]) -> LogRows:
    return log(rows, "user_turn", scorers=("followup", "turn_labels"))


def cell(result: Result, metric: str, **dims: str) -> Cell:
    return next(c for c in result.cells if c.dims == dims and c.metric == metric)


@pytest.mark.parametrize(("contexts", "bound"), [(60, 0.0626), (300, 0.0128), (1200, 0.0032)])
def test_a_rate_of_which_nothing_was_seen_is_its_upper_limit(contexts: int, bound: float) -> None:
    rows = [context(f"gsm8k-{i:04d}", gfr_t1=0.0, gfr_t0=0.0) for i in range(contexts)]
    metric = results(NATIVE, [native(rows)]).metrics["followup.gfr_t1"]
    assert metric.value == 0
    assert metric.hi == pytest.approx(bound, abs=0.0002)
    assert shown(metric) == (f"≤ {metric.hi:.3f}", "none seen")


def test_data_sets_count_alike_whatever_their_size() -> None:
    rows = [context(f"gsm8k-{i}", gfr_t1=0.1) for i in range(90)]
    rows += [context(f"coval-{i}", "coval", gfr_t1=0.5) for i in range(30)]
    result = results(NATIVE, [native(rows)])
    assert result.metrics["followup.gfr_t1"].value == pytest.approx(0.3)
    assert cell(result, "followup.gfr_t1", dataset="coval").value == pytest.approx(0.5)


def test_ten_draws_a_context_are_no_ten_contexts() -> None:
    spread = [context(f"gsm8k-{i:03d}", gfr_t1=(i % 5) / 10) for i in range(100)]
    lumped = [context(f"gsm8k-{i:03d}", gfr_t1=float(i % 5 == 0)) for i in range(100)]
    fine, coarse = (results(NATIVE, [native(rows)]).metrics["followup.gfr_t1"] for rows in (spread, lumped))
    assert fine.value == coarse.value == pytest.approx(0.2)
    assert (fine.hi - fine.lo) < 0.5 * (coarse.hi - coarse.lo)


def test_the_declared_contrast_is_paired() -> None:
    rows = [context(f"gsm8k-{i:03d}", gfr_t1=0.3 + 0.1 * (i % 2), gfr_t0=0.0) for i in range(50)]
    found = cell(results(NATIVE, [native(rows)]), "followup.gfr", contrast="T = 1 less T = 0")
    assert found.value == pytest.approx(0.35)
    assert found.n == 50


def test_people_are_the_measure_of_the_human_ratio() -> None:
    rows = [context(f"wildchat-{i:03d}", "wildchat", gfr_t1=0.25, gfr_next=float(i % 2)) for i in range(80)]
    found = cell(results(HUMAN, [native(rows)]), "followup.human_ratio", figure="human ratio")
    assert found.value == pytest.approx(0.5)
    none = [context(f"wildchat-{i:03d}", "wildchat", gfr_t1=0.25, gfr_next=0.0) for i in range(80)]
    assert not any(c.metric == "followup.human_ratio" for c in results(HUMAN, [native(none)]).cells)


def test_decoupling_needs_twenty_contexts_a_side() -> None:
    rows = [
        context(f"gsm8k-{i:03d}", gfr_t1=0.4 if i % 3 else 0.1, correct=float(bool(i % 3))) for i in range(66)
    ]
    found = cell(results(NATIVE, [native(rows)]), "followup.gfr_t1", reply="right less wrong")
    assert found.value == pytest.approx(0.3)
    few = results(NATIVE, [native(rows[:57])])
    assert not any("reply" in c.dims for c in few.cells)


def test_arms_are_compared_on_the_contexts_that_have_both() -> None:
    rows = [
        context(f"gsm8k-{i:03d}", gfr_t1=0.2, react_t1=0.2, cut50__gfr_t1=0.5, cut50__react_t1=0.6)
        for i in range(40)
    ] + [context(f"gsm8k-{i:03d}", gfr_t1=1.0, react_t1=1.0) for i in range(40, 50)]
    result = results(NATIVE, [native(rows)])
    assert cell(result, "followup.gfr_difference", arm="cut50").value == pytest.approx(0.3)
    assert cell(result, "followup.react_difference", arm="cut50").n == 40


def test_native_and_prompted_never_stand_in_one_entry(tmp_path: Path) -> None:
    assert kept_apart(["user-turn-native", "user-turn-human"]) == ["native"]
    assert kept_apart(["user-turn-native", "user-turn-prompted"]) == ["native", "prompted"]
    pair = synthetic.pair_result("oak", 0.5, synthetic.SMOKE, "standard")
    both = [{**pair, "board": board} for board in ("user-turn-native", "user-turn-prompted")]
    content = {**synthetic.entry("acme/oak", both), "family": "user_turn"}
    content["entry_id"] = entry_id(json.loads(json.dumps(content)))
    path = tmp_path / f"{content['entry_id']}.json"
    path.write_bytes(canonical_bytes(content))  # type: ignore[arg-type]
    _, findings = check_file(path)
    assert [str(f) for f in findings if "stand in one entry" in str(f)] == [
        "S03 results of native and prompted boards stand in one entry (expected one kind). "
        "Remedy: submit their logs as separate entries."
    ]
