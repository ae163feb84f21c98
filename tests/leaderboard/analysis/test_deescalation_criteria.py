"""Criteria of simulated people at their limits, which talks count, and the file name of a simulator."""

from dataclasses import replace

import numpy as np
import pytest

from interplay.leaderboard.analysis.deescalation_admission import Simulator, file_name, simulator_of
from interplay.leaderboard.analysis.deescalation_simulators import (
    Criterion,
    apart,
    below,
    dev_scenarios,
    levels_at,
    levels_of,
    played_by_all,
    rate,
    rating,
    share,
    verdict,
)
from interplay.tasks.deescalation.keys import CHANGE, LEVELS
from interplay.tasks.observations import Observation
from tests.leaderboard.plain_rows import log
from tests.leaderboard.synthetic_chains import row

from .talks import talk


class TestCriteria:
    @pytest.mark.parametrize(("high", "met"), [([3, 3], True), ([3, 2], True), ([2, 2], False), ([], False)])
    def test_resistances_lie_half_a_level_apart(self, high: list[int], met: bool) -> None:
        found = apart({"high": high, "medium": [2, 2]}, "high", "medium")
        assert found.name == "empath: level at turn 4, high - medium"
        assert (found.met, found.n) == (met, len(high) + 2)
        assert found.measured == (float(np.mean(high)) - 2 if high else None)

    @pytest.mark.parametrize(("holds", "met"), [([1, 1, 1, 1, 0], True), ([1, 1, 1, 0], False), ([1], True)])
    def test_a_share_lies_in_its_range_ends_included(self, holds: list[float], met: bool) -> None:
        assert share("x", holds, 0.8, 1.0, ">= 0.8") == Criterion(
            "x", float(np.mean(holds)), ">= 0.8", len(holds), met
        )
        assert share("x", [], 0.8, 1.0, ">= 0.8").said is None

    @pytest.mark.parametrize(("held", "met"), [(0, True), (1, False), (2, False)])
    def test_a_limit_is_not_reached(self, held: int, met: bool) -> None:
        found = below("x", [True] * held + [False] * (20 - held), 0.05)
        assert (found.met, found.bound, found.n) == (met, "< 0.05", 20)
        assert below("x", [], 0.05) == Criterion("x", None, "< 0.05", 0, False)

    def test_a_rate_is_over_all_messages_of_talks_that_count_them(self) -> None:
        def counted(what: float, of_all: float) -> Observation:
            values = {"escalation.person.role_breaks": what, "escalation.person.turns": of_all}
            return replace(talk("a", "vanilla"), values=values)

        found = rate(
            "x", [counted(1, 30), counted(0, 70), talk("b", "vanilla", 0.5)], "role_breaks", "turns", 0.01
        )
        assert found == Criterion("x", 0.01, "< 0.01", 100, False)
        assert rate("x", [counted(0, 0)], "role_breaks", "turns", 0.01) == Criterion(
            "x", None, "< 0.01", 0, False
        )

    def test_levels_after_the_end_are_the_last(self) -> None:
        talks = [
            talk("a", "vanilla", words={LEVELS: "3 2 1 0 4 0"}),
            talk("b", "vanilla", words={LEVELS: "3 1"}),
        ]
        assert levels_of(talks[0]) == (3, 2, 1, 0, 4, 0)
        assert levels_at([*talks, talk("c", "vanilla")], 4) == [4, 1]

    def test_every_scenario_is_needed_with_every_probe(self) -> None:
        probes = ("reference/empath", "reference/blamer", "reference/expert")
        whole = [
            replace(talk("s", "vanilla", 0.0), model=model, metadata={"scenario_id": name})
            for model in probes
            for name in dev_scenarios()
        ]
        wanted = len(dev_scenarios())
        assert played_by_all(whole)[1:] == (1.0, f"all {wanted}", wanted, True)
        assert played_by_all(whole[:-1])[1:] == (None, f"all {wanted}", wanted - 1, False)
        unscored = [*whole[:-1], replace(whole[-1], values={})]
        assert not played_by_all(unscored).met

    def test_the_verdict_names_what_was_missed_before_what_has_no_data(self) -> None:
        met, missed = Criterion("m", 1.0, "", 1, True), Criterion("x", 0.0, "", 1, False)
        absent = Criterion("y", None, "", 0, False)
        assert verdict([met]) == "yes"
        assert verdict([met, missed, absent]) == "no: x"
        assert verdict([met, absent]) == "incomplete: y"
        assert [c.said for c in (met, missed, absent)] == ["met", "missed", None]

    @pytest.mark.parametrize(
        ("header", "about", "counts"),
        [
            ({}, {}, True),
            ({"args": {"turns": None, "seeds_file": None}}, {}, True),
            ({"args": {"turns": 3}}, {}, False),
            ({"args": {"instance_seed": 7}}, {}, False),
            ({"preset": "smoke"}, {}, False),
            ({}, {"arm": "nvc_full"}, False),
            ({}, {"mode": "branch"}, False),
            ({}, {"seed_id": "nowhere"}, False),
        ],
    )
    def test_simulators_are_rated_by_talks_as_on_boards(
        self, header: dict[str, object], about: dict[str, str], counts: bool
    ) -> None:
        seed = sorted(dev_scenarios())[0].rsplit("-", 1)[0]
        own = {"mode": "live", "arm": "vanilla", "seed_id": seed} | about
        given = log([row("x", 1, own, {CHANGE: 0.5})], "deescalation", **header)
        assert bool(rating(given)) is counts


@pytest.mark.parametrize(
    ("kind", "roles", "expected"),
    [
        ("persona", {"user_sim": "a/b", "sim_state": "c/d"}, "persona--a-b.json"),
        ("state", {"user_sim": "a/b"}, "state--a-b.json"),
        ("state", {"user_sim": "a/b", "sim_state": "c/D"}, "state--a-b--c-d.json"),
        ("state", {"user_sim": "router/a/b", "sim_state": "a/B"}, "state--router-a-b.json"),
    ],
)
def test_a_simulators_file_is_named_by_its_models(kind, roles: dict[str, str], expected: str) -> None:
    found = simulator_of(kind, roles)
    assert file_name(found) == expected
    assert isinstance(found, Simulator)
    assert "/" not in file_name(found)
