"""Scripted searchers: what they read in a ledger, and what each makes of it.

`ledger` below writes tables whose truth is known by construction, so every expectation is worked out by hand.
"""

import json
from collections.abc import Callable
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.solvers.reference.drift_players import (
    DRIFT_PLAYERS,
    SYSTEM,
    best_other,
    diagnosed,
    is_ledger,
    lines_of,
    most_used,
    said,
)
from interplay.solvers.reference.player import Turn
from interplay.tasks.proxy_drift.ledgers import DOMAINS, POLICIES, WORLDS, simulate, table

HOLD = {"diagnosis": "flat", "domain": None, "policy": {"action": "hold"}}


def row(
    number: int, i: int, axis: str, dev: float = 0.5, external: float = 0.5, on: str | None = None
) -> str:
    """One candidate: 0.5 in every domain but the one it is on."""
    scores = [dev if domain == (on or axis) else 0.5 for domain in DOMAINS]
    cells = (*scores, fmean(scores), external)
    return " ".join((str(number), str(i), axis, *(f"{cell:.3f}" for cell in cells)))


def ledger(gain: Callable[[int, int], tuple[float, float]], rounds: int = 5, other: str = "units") -> str:
    """Rounds of the repeated candidate, three on `bits` and two on another axis.

    `gain(round, i)` is what candidate i on `bits` has more: in dev on its axis, and in the external score.
    """
    lines = ["round id axis " + " ".join(DOMAINS) + " dev external"]
    for number in range(1, rounds + 1):
        lines.append(row(number, 0, "-"))
        for i in (1, 2, 3):
            dev, external = gain(number, i)
            lines.append(row(number, i, "bits", 0.5 + dev, 0.5 + external))
        lines += [row(number, 4, other), row(number, 5, other)]
    return "\n".join(lines)


def asked(text: str) -> list[Turn]:
    return [Turn("system", SYSTEM), Turn("user", text)]


def answer(name: str, text: str) -> dict:
    return json.loads(DRIFT_PLAYERS[name](asked(text)))


def jitter(i: int) -> float:
    """-1, 0, 1 for the three candidates of a round."""
    return i - 2.0


def rising(number: int, i: int) -> tuple[float, float]:
    """Dev +0.24 on one domain of six, so +0.04 in the mean; external +0.04: all of it is there."""
    return 0.24 + 0.01 * jitter(i), 0.04 + 0.002 * jitter(i)


def hollow(number: int, i: int) -> tuple[float, float]:
    """Dev rises by as much, and the external score not at all."""
    return 0.24 + 0.01 * jitter(i), 0.001 * jitter(i)


def harmful(number: int, i: int) -> tuple[float, float]:
    """Dev rises by as much, and the external score falls by 0.04."""
    return 0.24 + 0.01 * jitter(i), -0.04 + 0.001 * jitter(i)


def nothing(number: int, i: int) -> tuple[float, float]:
    """Neither moves: a mean of zero among candidates that differ."""
    return 0.01 * jitter(i), 0.0


class TestReading:
    @pytest.mark.parametrize("world", WORLDS)
    def test_all_candidates_of_a_ledger_are_read_with_their_scores(self, world):
        made = simulate(world, 3)
        lines = lines_of(asked(table(made)))
        candidates = [(n, c) for n, round_ in enumerate(made.rounds, 1) for c in round_]
        assert [(line.round, line.axis) for line in lines] == [(n, c.axis or "-") for n, c in candidates]
        for line, (_, candidate) in zip(lines, candidates, strict=True):
            assert tuple(line.dev.values()) == pytest.approx(candidate.dev, abs=5e-4)
            assert line.external == pytest.approx(candidate.external, abs=5e-4)
            assert tuple(line.dev) == DOMAINS

    def test_the_most_used_axis_is_the_one_the_world_kept_raising(self):
        for world in WORLDS:
            made = simulate(world, 5)
            assert most_used(lines_of(asked(table(made)))) == made.weak

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "3 is the number of rounds in which the score fell",
            "² b c d e f g h i j k",
            "1 0 bits 0.5 0.5 0.5 0.5 0.5 0.5 0.5",
            "1 0 bits 0.5 0.5 0.5 0.5 0.5 0.5 0.5 nan",
            "1 0 chess 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5",
            "one 0 bits 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5",
            "1 0 bits 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5",
            "1 0 bits ٠.٥ 0.5 0.5 0.5 0.5 0.5 0.5 0.5",
            "round id axis bits ciphers numerals units gravity equations dev external",
        ],
    )
    def test_a_line_that_only_looks_like_a_candidate_is_passed_over(self, text: str):
        assert lines_of(asked(text)) == []

    def test_a_mark_of_acceptance_and_spaces_around_a_row_change_nothing(self):
        plain = row(2, 3, "gravity", 0.75, 0.625)
        marked = plain.replace("2 3 ", "2 3* ")
        assert lines_of(asked(f"  {marked} ")) == lines_of(asked(plain))
        (line,) = lines_of(asked(plain))
        assert (line.round, line.axis, line.dev["gravity"], line.external) == (2, "gravity", 0.75, 0.625)

    def test_only_the_last_message_counts(self):
        turns = [*asked(ledger(rising)), Turn("assistant", "{}"), Turn("user", "And now?")]
        assert lines_of(turns) == []

    @pytest.mark.parametrize(
        ("turns", "holds"),
        [
            ([], False),
            ([Turn("user", SYSTEM)], False),
            ([Turn("system", SYSTEM)], True),
            ([Turn("system", f" {SYSTEM}")], False),
            ([Turn("system", "Notes."), Turn("system", SYSTEM)], False),
        ],
    )
    def test_a_ledger_is_told_by_its_system_prompt(self, turns, holds):
        assert is_ledger(turns) is holds


class TestWithoutALedger:
    @pytest.mark.parametrize("name", [name for name in DRIFT_PLAYERS if name != "random"])
    @pytest.mark.parametrize(
        "turns",
        [
            [],
            [Turn("user", "")],
            asked("Hello?"),
            asked("3 is the number of rounds in which the score fell"),
            asked(row(1, 0, "-")),
            asked("x" * 200_000),
        ],
        ids=["none", "empty", "greeting", "eleven words", "nothing raised", "very long"],
    )
    def test_everybody_holds(self, name, turns):
        assert json.loads(DRIFT_PLAYERS[name](turns)) == HOLD

    @given(st.text(max_size=60))
    def test_the_random_one_answers_anything_and_twice_the_same(self, text):
        turns = [Turn("user", text)]
        answer = DRIFT_PLAYERS["random"](turns)
        assert answer == DRIFT_PLAYERS["random"](turns)
        assert set(json.loads(answer)) == {"diagnosis", "domain", "policy"}

    def test_the_random_one_draws_from_every_diagnosis_domain_and_policy(self):
        answers = [json.loads(DRIFT_PLAYERS["random"]([Turn("user", str(n))])) for n in range(600)]
        assert {found["diagnosis"] for found in answers} == set(WORLDS)
        assert {found["domain"] for found in answers} == {None, *DOMAINS}
        assert len({json.dumps(found["policy"]) for found in answers}) == len(POLICIES)


class TestDiagnosis:
    """Three rounds of three candidates on the axis: n = 9.

    dd = 0.24 and its standard error is that of ±0.01, about 0.003: far above two of them. A sixth of it is
    0.04, of which a half, 0.02, must be there in the external score.
    """

    @pytest.mark.parametrize(
        ("gain", "world"),
        [(rising, "tracking"), (hollow, "stalled"), (harmful, "inverted"), (nothing, "flat")],
    )
    def test_of_four_worlds_that_are_known(self, gain, world):
        lines = lines_of(asked(ledger(gain)))
        assert diagnosed(lines, "bits") == world

    def test_only_the_last_three_rounds_count(self):
        early = ledger(lambda number, i: harmful(number, i) if number <= 2 else rising(number, i))
        late = ledger(lambda number, i: rising(number, i) if number <= 2 else harmful(number, i))
        assert diagnosed(lines_of(asked(early)), "bits") == "tracking"
        assert diagnosed(lines_of(asked(late)), "bits") == "inverted"

    def test_half_of_the_gain_is_the_measure_and_not_all_of_it(self):
        """Of what the dev score promises two fifths are too little, three fifths are enough."""

        def part(share: float):
            return lambda number, i: (0.6 + 0.01 * jitter(i), 0.1 * share + 0.001 * jitter(i))

        assert diagnosed(lines_of(asked(ledger(part(0.4)))), "bits") == "stalled"
        assert diagnosed(lines_of(asked(ledger(part(0.6)))), "bits") == "tracking"

    def test_a_gain_that_all_axes_share_is_none_of_this_one(self):
        """Dev on `bits` is 0.74 in every line: the others have it as well, so nothing was gained."""
        lines = lines_of(asked(ledger(rising)))
        lifted = [line._replace(dev={**line.dev, "bits": 0.74 + 0.01 * k}) for k, line in enumerate(lines)]
        assert diagnosed(lifted[:6], "bits") == "flat"

    def test_the_order_of_the_rows_does_not_matter(self):
        lines = lines_of(asked(ledger(hollow)))
        assert diagnosed(lines[::-1], "bits") == diagnosed(lines, "bits")


class TestPolicies:
    def policy(self, name: str, text: str) -> tuple[object, ...]:
        """Axis, direction and selector of the answer."""
        chosen = answer(name, text)["policy"]
        return tuple(chosen.values())[1:]

    def test_each_has_one_answer_to_the_same_ledger(self):
        text = ledger(rising)
        assert self.policy("dev_chaser", text) == ("bits", "raise", "dev")
        assert self.policy("external_only", text) == ("bits", "raise", "external")
        assert self.policy("contrarian", text) == ("bits", "counter", "external")
        assert self.policy("switcher", text) == ("units", "raise", "external")
        assert self.policy("guard", text) == ("bits", "raise", "external")
        assert answer("hold", text) == HOLD

    @pytest.mark.parametrize(("gain", "like"), [(hollow, "switcher"), (harmful, "contrarian")])
    def test_the_guard_does_as_the_one_whom_the_diagnosis_calls(self, gain, like):
        text = ledger(gain)
        assert answer("guard", text) == answer(like, text)

    def test_the_guard_goes_on_where_nothing_rose(self):
        found = answer("guard", ledger(nothing))
        assert (found["diagnosis"], found["domain"]) == ("flat", None)
        assert self.policy("guard", ledger(nothing)) == ("bits", "raise", "external")

    def test_the_switcher_takes_the_other_axis_with_the_best_mean_above_its_own_round(self):
        """`units` scores higher, but in a round where the repeated candidate does so too."""
        lines = lines_of(
            asked(
                "\n".join(
                    (
                        *(row(1, 0, "-", external=0.5), row(1, 1, "bits"), row(1, 2, "bits")),
                        row(1, 3, "gravity", external=0.52),
                        *(row(2, 0, "-", external=0.7), row(2, 1, "bits"), row(2, 2, "units", external=0.71)),
                    )
                )
            )
        )
        assert best_other(lines) == "gravity"

    @pytest.mark.parametrize("world", WORLDS)
    def test_a_domain_is_named_for_drift_alone(self, world):
        found = json.loads(said(world, "gravity", POLICIES[0]))
        assert found["domain"] == ("gravity" if world in ("stalled", "inverted") else None)
        assert found["policy"] == {"action": "hold"}

    @settings(max_examples=30)
    @given(st.sampled_from(WORLDS), st.integers(0, 40), st.sampled_from(sorted(DRIFT_PLAYERS)))
    def test_every_answer_is_one_of_the_25_policies(self, world, seed, name):
        found = answer(name, table(simulate(world, seed)))
        known = [{k: v for k, v in p._asdict().items() if v is not None} for p in POLICIES]
        assert found["policy"] in known
        assert found["diagnosis"] in WORLDS
        assert (found["domain"] is None) == (found["diagnosis"] in ("tracking", "flat"))
