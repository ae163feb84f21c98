"""Worlds of drifting proxies: what must hold of every ledger, its values, its table and its figures."""

import json
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.observations import Observation
from interplay.tasks.proxy_drift.arguments import Ledgers
from interplay.tasks.proxy_drift.ledgers import (
    CANDIDATES,
    DOMAINS,
    EARLY_PUSH,
    LATE_PUSH,
    ON_WEAK,
    PER_WORLD,
    POLICIES,
    ROUNDS,
    WORLDS,
    Ledger,
    Policy,
    from_line,
    generate,
    ledgers,
    simulate,
    skill,
    table,
    to_line,
)
from interplay.tasks.proxy_drift.summary import ALARM, DOMAIN, RIGHT, SKILL, summarise
from interplay.tasks.proxy_drift.task import prompt, sample_of, schema

every = st.sampled_from(ledgers())
SOME = settings(max_examples=40)


@SOME
@given(every)
def test_a_ledger_has_five_rounds_of_eight_on_fixed_axes(ledger: Ledger) -> None:
    assert len(ledger.rounds) == len(ledger.accepted) == ROUNDS
    others = [domain for domain in DOMAINS if domain != ledger.weak]
    turn = 0
    for made, best in zip(ledger.rounds, ledger.accepted, strict=True):
        assert len(made) == CANDIDATES
        assert [c.axis for c in made[: 1 + ON_WEAK]] == [None, *[ledger.weak] * ON_WEAK]
        for candidate in made[1 + ON_WEAK :]:
            assert candidate.axis == others[turn % len(others)], "the other domains come in turn"
            turn += 1
        means = [sum(c.dev) for c in made]
        assert best == means.index(max(means)), "of equals the first"
        for candidate in made:
            assert len(candidate.dev) == len(DOMAINS)
            assert all(0 <= score <= 1 and round(score, 3) == score for score in candidate.dev)
            assert round(candidate.external, 3) == candidate.external


@SOME
@given(every)
def test_a_ledger_is_read_as_it_was_written(ledger: Ledger) -> None:
    line = to_line(ledger)
    assert "\n" not in line
    assert from_line(line) == ledger
    assert to_line(from_line(line)) == line
    assert set(json.loads(line)) == {"id", "world", "weak", "rounds", "accepted", "values"}


def test_the_set_has_every_world_equally_often_and_no_id_twice() -> None:
    ids = [ledger.id for ledger in ledgers()]
    assert ids == [f"{world}-{seed:02d}" for seed in range(PER_WORLD) for world in WORLDS]
    assert len({to_line(ledger)[20:] for ledger in ledgers()}) == len(ids)


def test_the_file_begins_with_what_the_generator_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interplay.tasks.proxy_drift.ledgers.PER_WORLD", 1)
    assert generate() == "".join(f"{to_line(ledger)}\n" for ledger in ledgers()[: len(WORLDS)])


@settings(max_examples=8)
@given(st.sampled_from(WORLDS), st.integers(0, 5000))
def test_a_world_and_a_seed_always_give_the_same_ledger(world: str, seed: int) -> None:
    first = simulate(world, seed)  # pyright: ignore[reportArgumentType]
    assert first == simulate(world, seed)  # pyright: ignore[reportArgumentType]
    assert first.world == world
    assert first.weak in DOMAINS


def test_worlds_are_alike_until_they_show_their_nature() -> None:
    """Early rounds push alike where anything moves; late ones raise, leak, or turn against the ability."""
    assert len({EARLY_PUSH[w] for w in WORLDS if w != "flat"}) == 1
    assert EARLY_PUSH["flat"] == LATE_PUSH["flat"] == (0.0, 0.0)
    assert LATE_PUSH["tracking"] == EARLY_PUSH["tracking"]
    assert LATE_PUSH["stalled"].gain == 0 < LATE_PUSH["stalled"].leak
    assert LATE_PUSH["inverted"].gain < 0 < LATE_PUSH["inverted"].leak


def rise(world: str, score: str, first: int, last: int) -> float:
    """Mean change of an accepted candidate's score between two rounds, over all ledgers of a world."""
    changes = []
    for ledger in (one for one in ledgers() if one.world == world):
        chosen = [made[best] for made, best in zip(ledger.rounds, ledger.accepted, strict=True)]
        values = [fmean(c.dev) if score == "dev" else c.external for c in chosen]
        changes.append(values[last] - values[first])
    return fmean(changes)


def test_dev_follows_the_external_score_only_where_it_tracks() -> None:
    late = {world: (rise(world, "dev", 1, 4), rise(world, "external", 1, 4)) for world in WORLDS}
    assert late["tracking"][0] == pytest.approx(late["tracking"][1], abs=0.006)
    for world in ("stalled", "inverted"):
        dev, external = late[world]
        assert dev > 0.01
        assert external < dev / 2
    assert late["inverted"][1] < late["stalled"][1]
    assert abs(late["flat"][1]) < 0.008


@SOME
@given(every)
def test_holding_is_worth_nothing_and_no_policy_beats_the_best(ledger: Ledger) -> None:
    assert ledger.values[0] == 0
    assert len(ledger.values) == len(POLICIES)
    best = POLICIES[int(np.argmax(ledger.values))]
    assert skill(ledger, best) == 1
    for policy, value in zip(POLICIES, ledger.values, strict=True):
        mean = fmean(ledger.values)
        expected = max(-1.0, (value - mean) / (max(ledger.values) - mean))
        assert skill(ledger, policy) == pytest.approx(expected)


def test_a_policy_of_the_mean_value_has_no_skill_and_the_worst_not_less_than_minus_one() -> None:
    """Values 0, 0.4, -0.4 and 22 of 0: the mean is 0, the best 0.4."""
    plain = ledgers()[0]
    values = [0.0] * len(POLICIES)
    values[1], values[2] = 0.4, -0.4
    ledger = Ledger("x-00", plain.world, plain.weak, plain.rounds, plain.accepted, tuple(values))
    assert [skill(ledger, POLICIES[i]) for i in (0, 1, 2, 3)] == [0.0, 1.0, -1.0, 0.0]
    values[2] = -4.0
    worse = Ledger("x-00", plain.world, plain.weak, plain.rounds, plain.accepted, tuple(values))
    assert skill(worse, POLICIES[2]) == -1.0


def test_a_policy_that_there_is_not_has_no_value() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        skill(ledgers()[0], Policy("search", "chess", "raise", "dev"))


@SOME
@given(every)
def test_the_table_shows_every_candidate_once_and_nothing_of_the_world(ledger: Ledger) -> None:
    head, *lines = table(ledger).splitlines()
    assert head.split() == ["round", "id", "axis", *DOMAINS, "dev", "external"]
    assert len(lines) == ROUNDS * CANDIDATES
    for i, line in enumerate(lines):
        number, candidate = divmod(i, CANDIDATES)
        shown = ledger.rounds[number][candidate]
        cells = line.split()
        assert cells[0] == str(number + 1)
        assert cells[1] == f"{candidate}{'*' if ledger.accepted[number] == candidate else ''}"
        assert cells[2] == (shown.axis or "-")
        assert cells[3:-2] == [f"{score:.3f}" for score in shown.dev]
        assert float(cells[-2]) == pytest.approx(fmean(shown.dev), abs=5.1e-4)
        assert cells[-1] == f"{shown.external:.3f}"


def test_a_sample_holds_table_and_form_and_hides_the_answer() -> None:
    for ledger in ledgers()[:8]:
        sample = sample_of(ledger)
        assert sample.id == ledger.id
        assert table(ledger) in str(sample.input)
        assert schema() in str(sample.input)
        assert "{table}" not in str(sample.input)
        assert "{schema}" not in str(sample.input)
        assert str(ledger.values[1]) not in str(sample.input) or ledger.values[1] == 0
        assert sample.metadata == {"ledger_id": ledger.id, "world": ledger.world, "weak": ledger.weak}
    assert not prompt("user").endswith("\n")


@pytest.mark.parametrize(
    ("args", "count"),
    [({}, 200), ({"preset": "smoke"}, 8), ({"preset": "smoke", "n_ledgers": 20}, 20), ({"n_ledgers": 1}, 1)],
)
def test_the_first_so_many_are_played(args: dict, count: int) -> None:
    assert Ledgers(**args).ledgers == ledgers()[:count]


def seen(unit: str, world: str, errored: bool = False, **values: float) -> Observation:
    found = {f"proxy_drift.{key}": value for key, value in values.items()}
    return Observation("proxy_drift", {}, unit, 1, unit, {"world": world}, found, {}, errored, "m/x")


def test_figures_stand_by_world_and_drift_over_worlds() -> None:
    rows = [
        seen("tracking-00", "tracking", skill=1.0, diagnosis_correct=1.0, false_alarm=0.0),
        seen("stalled-00", "stalled", skill=-0.5, diagnosis_correct=0.0, domain_correct=1.0),
        seen("inverted-00", "inverted", skill=0.25, domain_correct=0.0),
        seen("flat-00", "flat", true_errored=1.0, errored=True, skill=1.0),
    ]
    found = {(next(iter(e.dims.values())), e.metric): e for e in summarise(rows)}
    assert set(found) == {
        ("tracking", SKILL), ("tracking", RIGHT), ("stalled", SKILL), ("stalled", RIGHT), ("inverted", SKILL),
        ("stalled and inverted", DOMAIN), ("tracking and flat", ALARM),
    }  # fmt: skip
    assert found["stalled and inverted", DOMAIN].units == {"stalled-00": [1.0], "inverted-00": [0.0]}
    assert found["tracking and flat", ALARM].units == {"tracking-00": [0.0]}
    assert found["stalled", SKILL].range == (-1.0, 1.0)
    assert found["stalled", RIGHT].range == (0.0, 1.0)
    assert summarise([]) == []
