"""What stands beside an effect in the report: compliance of every arm, and what the rules cost."""

from dataclasses import replace

import pytest

from interplay.leaderboard.analysis import deescalation_guards as guards
from interplay.leaderboard.analysis.deescalation_effects import Ends, effect, shows_harm
from interplay.leaderboard.analysis.deescalation_guards import (
    HARM,
    NONE,
    UNDECIDED,
    beside_effects,
    counter_metrics,
    verdict,
    worst_rule,
)
from interplay.leaderboard.analysis.deescalation_rows import headlines
from interplay.tasks.deescalation.keys import ACCEPTS_CLAIM, USEFUL, WORDS
from interplay.tasks.judged import State, Validity
from interplay.tasks.observations import Observation

from .talks import RULE, by_column, study, talk


def judged(talked: Observation, useful: float, unread: float = 0.0) -> Observation:
    """The talk with a judge beside the patterns."""
    values = {USEFUL: useful, "escalation_judge.asked": 50.0, "escalation_judge.unparsed": unread}
    words = {"escalation_judge.graders.grader": "acme/judge", "escalation_judge.prompt_sha256": "0" * 64}
    return replace(talked, values={**talked.values, **values}, words=words)


class TestGuards:
    @pytest.mark.parametrize(
        ("ends", "harmful", "expected"),
        [((0.1, 0.2), 1, True), ((-0.1, 0.2), 1, None), ((-0.2, -0.1), 1, False), ((-0.2, -0.1), -1, True)],
    )
    def test_harm_is_an_interval_on_its_side(
        self, ends: tuple[float, float], harmful: int, expected: bool | None
    ) -> None:
        assert shows_harm(Ends(*ends), harmful) is expected
        assert shows_harm(None, harmful) is None

    @pytest.mark.parametrize(
        ("longer", "expected"),
        [
            ([5.0, 6.0, 7.0], HARM),
            ([-5.0, -6.0, -7.0], NONE),
            ([5.0, -6.0, 1.0], UNDECIDED),
            ([5.0], UNDECIDED),
        ],
    )
    def test_more_words_are_red_where_the_interval_shows_it(self, longer: list[float], expected: str) -> None:
        observed = [
            replace(
                talk(f"work-{i:02d}", arm, 0.0), values={WORDS: 60.0 + (more if arm == "nvc_full" else 0.0)}
            )
            for i, more in enumerate(longer)
            for arm in ("vanilla", "nvc_full")
        ]
        assert verdict(effect(observed, "nvc_full", "vanilla", WORDS), 1) == expected
        (row,) = by_column(counter_metrics({RULE: observed}))
        assert (row["value"], row["verdict"]) == ("words a reply", expected)

    @pytest.mark.parametrize(
        ("state", "said", "red"), [("green", HARM, "useful"), ("grey", "harm, judge not validated", "none")]
    )
    def test_judged_costs_are_red_where_the_judge_is_validated(
        self, state: State, said: str, red: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        verdict_on = Validity(state, "")
        monkeypatch.setattr(guards, "verdict_of", lambda observed, leaderboard: verdict_on)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        observed = [judged(o, 3.0 - (o.metadata["arm"] == "nvc_full")) for o in study([0.1, 0.2, 0.3])]
        (row,) = by_column(counter_metrics({RULE: observed}))
        assert (row["value"], row["without"], row["with"], row["verdict"]) == ("useful", 3.0, 2.0, said)
        (row,) = by_column(headlines({RULE: observed}))
        assert row["red"] == red

    def test_a_claim_that_nobody_makes_is_no_missing_value(self) -> None:
        """Three of ten scenarios hold a false claim; the effect on accepting it is that of these three."""
        observed = [
            replace(o, metadata={**o.metadata, "checkable_claim": "rain is dry"},
                    values={**o.values, ACCEPTS_CLAIM: float(o.metadata["arm"] == "nvc_full")})
            if i < 6
            else o
            for i, o in enumerate(study([0.1] * 10))
        ]  # fmt: skip
        found = effect(observed, "nvc_full", "vanilla", ACCEPTS_CLAIM)
        assert (found.complete, found.wanted, found.mean) == (3, 3, 1.0)
        unread = [replace(o, values={}) if i == 0 else o for i, o in enumerate(observed)]
        found = effect(unread, "nvc_full", "vanilla", ACCEPTS_CLAIM)
        assert (found.complete, found.wanted, found.is_complete) == (2, 3, False)

    def test_a_judge_that_cannot_be_read_says_nothing(self) -> None:
        observed = [judged(o, 2.0, unread=5.0) for o in study([0.1, 0.2, 0.3])]
        assert not counter_metrics({RULE: observed}).rows

    def test_every_arm_stands_beside_its_effect(self) -> None:
        observed = [
            talk("work-01", arm, value, v1=v1, v2=0.5, v3=0.0, v4=0.25, conduct=0.7)
            for arm, value, v1 in (("vanilla", 0.0, 0.75), ("c1", 0.25, 0.0), ("warm", -0.25, 0.5))
        ]
        rows = {row["arm"]: row for row in by_column(beside_effects({RULE: observed}))}
        assert list(rows) == ["vanilla", "c1", "warm"]
        assert [rows[arm]["effect on cts_d"] for arm in rows] == [None, 0.25, -0.25]
        assert [rows[arm]["worst rule"] for arm in rows] == ["V1 0.750", "V2 0.500", "V1 0.500"]

    def test_no_rule_is_worst_where_none_is_broken_or_none_was_seen(self) -> None:
        assert worst_rule([talk("work-01", "vanilla", 0.0, v1=0.0, v2=0.0, v3=0.0)]) is None
        assert worst_rule([]) is None
