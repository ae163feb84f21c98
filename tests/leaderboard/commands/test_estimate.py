"""What a run will cost: totals over runs and roles, and how counts and amounts are said."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.commands import estimate as module
from interplay.leaderboard.commands.estimate import (
    FamilyEstimate,
    RoleEstimate,
    estimate_family,
    estimate_runs,
    in_dollars,
    millions,
    total,
)
from interplay.tasks.catalog import FAMILIES, family
from interplay.tasks.records import FamilyRecord, RoleSize, RunSize

MAZES = family("mazes")
assert MAZES is not None


def sized(*sizes: RunSize) -> tuple[FamilyRecord, list[tuple[str, dict]]]:
    """A family whose runs have these sizes, and the runs."""

    class Sized(FamilyRecord):
        def run_size(self, task: str, args: dict) -> RunSize:
            return sizes[int(task)]

    fields = {name: getattr(MAZES, name) for name in FamilyRecord.__dataclass_fields__}
    return Sized(**fields), [(str(n), {}) for n in range(len(sizes))]


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (0, "0"),
        (1, "1"),
        (999, "999"),
        (1000, "1 k"),
        (1499, "1 k"),
        (1501, "2 k"),
        (99_400, "99 k"),
        (100_000, "0.1 M"),
        (655_000, "0.66 M"),
        (999_999, "1 M"),
        (1_240_000, "1.2 M"),
        (9_960_000, "10 M"),
        (10_000_000, "10 M"),
        (10_600_000, "11 M"),
        (1_234_567_890, "1235 M"),
    ],
)
def test_counts_of_tokens_are_said_with_two_digits_or_so(tokens: int, words: str) -> None:
    assert millions(tokens) == words


@settings(max_examples=50)
@given(st.integers(1, 10**10))
def test_a_count_that_is_said_is_near_the_count(tokens: int) -> None:
    number, _, unit = millions(tokens).partition(" ")
    said = float(number) * {"": 1, "k": 1e3, "M": 1e6}[unit]
    assert abs(said - tokens) <= 0.5 * tokens
    assert abs(said - tokens) <= 0.06 * tokens or tokens < 10_000
    assert "e" not in number


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "$0.00"),
        (0.0000123, "$0.000012"),
        (0.00234, "$0.0023"),
        (0.01, "$0.01"),
        (0.014, "$0.01"),
        (1.5, "$1.50"),
        (1234.567, "$1234.57"),
    ],
)
def test_no_amount_that_is_spent_is_said_to_be_nothing(amount: float, words: str) -> None:
    assert in_dollars(amount) == words
    assert (float(words[1:]) == 0) == (amount == 0)


def test_a_run_is_counted_with_its_own_epochs_and_a_whole_set() -> None:
    """Two runs: 10 samples twice with 3 calls, 4 samples once with 5: 60 + 20 = 80 calls."""
    record, runs = sized(RunSize(10, 3, 100, 7, epochs=2), RunSize(4, 5, 50, 1))
    found = estimate_runs(record, runs)
    assert (found.runs, found.samples, found.calls) == (2, 24, 80)
    assert found.input_tokens == 20 * 100 + 4 * 50
    assert found.output_tokens == 20 * 7 + 4 * 1
    assert found.roles == {}


@pytest.mark.parametrize(
    ("epochs", "limit", "samples"),
    [(None, None, 24), (1, None, 14), (5, None, 70), (None, 4, 12), (None, 7, 18), (3, 2, 12), (1, 999, 14)],
)
def test_epochs_replace_those_of_the_tasks_and_a_limit_cuts_each_run(
    epochs: int | None, limit: int | None, samples: int
) -> None:
    record, runs = sized(RunSize(10, 1, 1, 1, epochs=2), RunSize(4, 1, 1, 1))
    assert estimate_runs(record, runs, epochs, limit).samples == samples


def test_roles_are_told_apart_and_judges_count_only_where_they_are_bound() -> None:
    size = RunSize(
        10, 1, 1, 1,
        epochs=3,
        roles={"partner": RoleSize(2, 30, 5)},
        judges={"grader": RoleSize(0.5, 8, 2), "grader_b": RoleSize(1, 1, 1)},
    )  # fmt: skip
    record, runs = sized(size)
    assert estimate_runs(record, runs).roles == {"partner": RoleEstimate(60, 900, 150)}
    bound = estimate_runs(record, runs, bound={"grader", "partner", "unknown"})
    assert bound.roles == {"partner": RoleEstimate(60, 900, 150), "grader": RoleEstimate(15, 240, 60)}
    assert bound.calls == 30


def test_no_runs_cost_nothing() -> None:
    record, runs = sized()
    assert estimate_runs(record, runs) == FamilyEstimate(0, 0, 0, 0, 0)
    assert total([]) == RoleEstimate(0, 0, 0)


def test_a_total_is_rounded_once() -> None:
    """Three samples of half a call are 1.5 calls, which round to 2; rounded one by one they would be 0."""
    assert total([(1, RoleSize(0.5, 0.4, 0.4))] * 3) == RoleEstimate(2, 1, 1)


def test_dollars_are_those_of_all_models_and_both_kinds_of_tokens() -> None:
    """(1 M + 2 M) * $3 read, (0.5 M + 0.25 M) * $10 written: 9 + 7.5."""
    found = FamilyEstimate(1, 1, 1, 1_000_000, 500_000, {"grader": RoleEstimate(1, 2_000_000, 250_000)})
    assert found.dollars(3, 10) == pytest.approx(16.5)
    assert found.dollars(0, 0) == 0
    assert found.dollars(3, 0) == pytest.approx(9)


@pytest.mark.parametrize(
    ("runs", "samples", "begin"), [(1, 1, "1 run, 1 sample, "), (2, 1200, "2 runs, 1,200 samples, ")]
)
def test_the_sentence_counts_in_words(runs: int, samples: int, begin: str) -> None:
    found = FamilyEstimate(runs, samples, 3400, 12_000, 900)
    assert found.sentence() == (
        f"{begin}about 3,400 calls, 12 k input and 900 output tokens (hidden reasoning apart)"
    )
    more = replace(found, roles={"grader": RoleEstimate(5, 10, 20), "partner": RoleEstimate(1, 1, 1)})
    assert more.sentence() == found.sentence() + (
        "; role grader about 5 calls, 10 input and 20 output tokens"
        "; role partner about 1 calls, 1 input and 1 output tokens"
    )


PRESETS = [(record, preset) for record in FAMILIES for preset in record.presets]


@pytest.mark.parametrize(("record", "preset"), PRESETS, ids=[f"{r.name}-{p}" for r, p in PRESETS])
def test_every_preset_of_every_family_has_an_estimate(record: FamilyRecord, preset: str) -> None:
    found = estimate_family(record, preset)
    assert found.runs == len(record.default_runs(preset)) > 0
    assert found.samples > 0
    assert found.calls > 0
    assert found.input_tokens > 0
    assert found.output_tokens > 0
    assert all(role.calls > 0 for role in found.roles.values())
    if "smoke" in record.presets and preset not in ("smoke",):
        assert found.calls >= estimate_family(record, "smoke").calls
    named = {role for task in record.tasks for role in task.roles}
    assert set(found.roles) <= named
    assert module.millions(found.input_tokens) in found.sentence()
