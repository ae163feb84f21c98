"""The angry conversations by hand: effects of rules cell by cell, rows, words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from interplay.leaderboard.analysis.deescalation_effects import (
    Effect,
    Ends,
    bootstrap_ends,
    bounds_of,
    contrast_of,
    effect,
    factorial,
    holm,
    p_value,
    shows_harm,
    student_ends,
)
from interplay.leaderboard.analysis.deescalation_paths import path
from interplay.leaderboard.analysis.deescalation_runs import (
    Place,
    among,
    mean_of,
    person_of,
    place_of,
    run_name,
    said,
    under,
)
from interplay.leaderboard.analysis.deescalation_words import (
    ends,
    key_name,
    printed_p,
    short_effect,
    shown_effect,
)
from interplay.tasks.deescalation.keys import CELLS, CHANGE, ESCALATED, LEVELS, RULES, WORDS
from interplay.tasks.observations import Observation
from tests.leaderboard.plain_rows import log

from .talks import study, talk

seeds = st.lists(st.floats(-0.25, 0.75), min_size=2, max_size=12).filter(lambda v: np.ptp(v) > 1e-3)


class TestIntervals:
    @given(seeds)
    @settings(max_examples=25)
    def test_students_ends_and_p_are_scipys(self, values: list[float]) -> None:
        found = stats.ttest_1samp(values, 0.0)
        expected = found.confidence_interval(0.95)
        assert student_ends(values) == pytest.approx((float(expected.low), float(expected.high)))
        assert p_value(values) == pytest.approx(float(found.pvalue))

    def test_the_bootstraps_ends_are_those_of_all_draws(self) -> None:
        values = [0.0, 0.25, 0.5, -0.25]
        every = np.array([np.mean(draw) for draw in product(values, repeat=4)])
        found = bootstrap_ends(values)
        assert found is not None
        for level, end in ((2.5, found.lo), (97.5, found.hi)):
            low, high = np.percentile(every, [level - 1, level + 1])
            assert low - 1e-9 <= end <= high + 1e-9

    def test_one_seed_has_no_p_and_equal_seeds_have_none_either(self) -> None:
        assert [p_value(v) for v in ([0.5], [], [0.25, 0.25, 0.25])] == [None, None, None]
        assert holm([]) == []
        assert holm([0.03, 0.04, 0.9]) == pytest.approx([0.09, 0.09, 0.9])

    @pytest.mark.parametrize(
        ("low", "high", "harmful", "expected"),
        [(0.0, 0.2, 1, None), (-0.2, 0.0, 1, False), (-0.2, 0.0, -1, None), (0.0, 0.2, -1, False),
         (0.001, 0.2, 1, True), (-0.2, -0.001, -1, True)],
    )  # fmt: skip
    def test_an_interval_that_touches_zero_shows_no_harm(
        self, low: float, high: float, harmful: int, expected: bool | None
    ) -> None:
        assert shows_harm(Ends(low, high), harmful) is expected


class TestContrasts:
    @pytest.mark.parametrize(
        ("key", "scale", "expected"),
        [
            (CHANGE, 1.0, (-1.0, 1.0)),
            (ESCALATED, 2.0, (-2.0, 2.0)),
            (WORDS, 0.5, (-200.0, 200.0)),
            ("x.y", 1.0, None),
        ],
    )
    def test_a_difference_spans_the_range_of_its_key(self, key: str, scale: float, expected) -> None:
        assert bounds_of(key, scale) == expected

    def test_weights_are_applied_to_pairs_that_have_all_arms(self) -> None:
        values = {
            "a": {("s1", "x", ""): 1.0, ("s1", "y", ""): 0.5, ("s2", "z", ""): 0.25},
            "b": {("s1", "x", ""): 0.5, ("s2", "z", ""): 0.75},
            "c": {("s1", "x", ""): 0.25, ("s1", "y", ""): 9.0, ("s2", "z", ""): 0.0},
        }
        found = contrast_of(values, {"a": 1.0, "b": -2.0, "c": 4.0}, 3)
        assert found.by_seed == {"s1": 1.0, "s2": -1.25}
        assert (found.complete, found.dropped, found.is_complete) == (2, 1, False)
        assert found.mean is None

    @pytest.mark.parametrize(("complete", "wanted", "expected"), [(9, 10, True), (8, 9, False), (0, 0, True)])
    def test_nine_in_ten_pairs_make_an_effect(self, complete: int, wanted: int, expected: bool) -> None:
        assert Effect({"s": 0.5}, complete, wanted).is_complete is expected
        assert Effect({}, complete, wanted).is_complete is False

    def test_errors_and_other_arms_are_as_good_as_absent(self) -> None:
        observed = study([0.25, 0.5])
        broken = [replace(o, errored=True, values={}) if o.unit == "work-01" else o for o in observed]
        found = effect([*broken, talk("work-07", "warm", 0.7)], "nvc_full", "vanilla", CHANGE)
        assert (found.by_seed, found.complete, found.wanted) == ({"work-00": pytest.approx(0.25)}, 1, 2)

    @given(st.permutations(range(10)))
    @settings(max_examples=10)
    def test_the_order_of_talks_changes_nothing(self, order: list[int]) -> None:
        observed = study([0.1, 0.2, -0.1, 0.4, 0.3])
        assert effect([observed[i] for i in order], "nvc_full", "vanilla", CHANGE) == effect(
            observed, "nvc_full", "vanilla", CHANGE
        )


class TestFactorial:
    """Values of the eight cells drawn at random; effects are differences of means written out."""

    VALUES: Mapping[str, float] = dict(zip(CELLS, (0.1, 0.3, -0.2, 0.5, 0.7, 0.05, 0.4, 0.6), strict=True))

    def observed(self) -> list[Observation]:
        return [talk(seed, arm, v) for seed in ("work-01", "work-02") for arm, v in self.VALUES.items()]

    def mean(self, on: Sequence[str], off: Sequence[str]) -> float:
        return float(
            np.mean([
                v for arm, v in self.VALUES.items()
                if CELLS[arm].issuperset(on) and not CELLS[arm].intersection(off)
            ])
        )  # fmt: skip

    @pytest.mark.parametrize("rule", RULES)
    def test_a_main_effect_is_on_less_off(self, rule: str) -> None:
        found = factorial(self.observed(), (rule,), CHANGE)
        assert found.mean == pytest.approx(self.mean([rule], []) - self.mean([], [rule]))
        assert found.bounds == (-1.0, 1.0)

    @pytest.mark.parametrize(("a", "b"), [("c1", "c2"), ("c1", "c3"), ("c2", "c3")])
    def test_an_interaction_is_how_much_an_effect_grows(self, a: str, b: str) -> None:
        grown = (self.mean([a, b], []) - self.mean([b], [a])) - (self.mean([a], [b]) - self.mean([], [a, b]))
        assert factorial(self.observed(), (a, b), CHANGE).mean == pytest.approx(grown)
        assert factorial(self.observed(), (b, a), CHANGE).mean == pytest.approx(grown)

    def test_that_of_three_is_how_much_that_of_two_grows(self) -> None:
        v = self.VALUES
        with_c3 = (v["nvc_full"] - v["c23"]) - (v["c13"] - v["c3"])
        without = (v["c12"] - v["c2"]) - (v["c1"] - v["vanilla"])
        assert factorial(self.observed(), RULES, CHANGE).mean == pytest.approx(with_c3 - without)


class TestWords:
    def test_short_and_long_forms_of_an_effect(self) -> None:
        whole = Effect({"a": 0.0, "b": 0.5}, 2, 2, (-1.0, 1.0))
        assert short_effect(whole) == (0.25, "−1.000 to 1.000", 2)
        assert shown_effect(whole)[0] == 0.25
        assert shown_effect(whole)[2:] == ("−1.000 to 1.000", 2, 0)
        assert short_effect(Effect({"a": 0.5}, 1, 3)) == (None, "incomplete", 1)
        assert short_effect(Effect({}, 0, 3)) == (None, None, 0)
        assert short_effect(Effect({"a": 0.5}, 1, 1)) == (0.5, "interval needs >= 2 seeds", 1)

    @pytest.mark.parametrize(
        ("key", "words"),
        [
            (CHANGE, "cts_d"),
            (WORDS, "words a reply"),
            ("escalation_judge.full_shift", "full shift"),
            ("conduct", "conduct"),
        ],
    )
    def test_a_key_in_words(self, key: str, words: str) -> None:
        assert key_name(key) == words

    @pytest.mark.parametrize(
        ("p", "shown"), [(0.00099, "< 0.001"), (0.001, 0.001), (1.0, 1.0), (0.0, "< 0.001")]
    )
    def test_a_p_that_rounds_to_nothing_is_a_bound(self, p: float, shown: object) -> None:
        assert printed_p(p) == shown

    def test_ends_with_their_decimals(self) -> None:
        assert ends(Ends(0.12345, 0.5), 2) == "0.12–0.50"
        assert ends(None) == "interval needs >= 2 seeds"


class TestRuns:
    def test_a_mean_counts_seeds_alike_then_scenarios_then_epochs(self) -> None:
        """work-01: scenarios (0 + 0.5) / 2 = 0.25 and 0.75, so 0.5; work-02: 0."""
        observed = [talk("work-01", "vanilla", v, epoch=e) for e, v in ((1, 0.0), (2, 0.5))]
        observed += [talk("work-01", "vanilla", 0.75, variant=1), talk("work-02", "vanilla", 0.0)]
        observed += [replace(talk("work-03", "vanilla", 0.7), errored=True)]
        assert mean_of(observed, CHANGE) == pytest.approx(0.25)
        assert mean_of(observed, ESCALATED) is None

    def test_samples_are_chosen_by_arm_and_metadata(self) -> None:
        observed = [
            talk("a", "x", metadata={"resistance": "low"}),
            talk("b", "y", metadata={"resistance": "low"}),
        ]
        assert [o.unit for o in under(observed, "x")] == ["a"]
        assert [o.unit for o in among(observed, resistance="low", arm="y")] == ["b"]
        assert among(observed) == observed
        assert (said(observed, "resistance"), said(observed, "nothing")) == ("low", "")

    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            ({}, "openai/gpt-5"),
            ({"preset": "smoke"}, "openai/gpt-5"),
            ({"preset": "paper"}, "openai/gpt-5 (paper)"),
            ({"args": {"turns": 4, "instance_seed": 0, "arms": "all"}}, "openai/gpt-5 (turns 4)"),
            ({"settings": {"temperature": 1.7}}, "openai/gpt-5 (T = 1.7)"),
            ({"preset": "paper", "args": {"seeds_file": "x.yaml"}, "settings": {"temperature": 1.7}},
             "openai/gpt-5 (paper, seeds_file x.yaml, T = 1.7)"),
        ],
    )  # fmt: skip
    def test_a_run_is_named_by_what_sets_it_apart(self, header: dict[str, object], expected: str) -> None:
        assert run_name(log([], "deescalation", **header)) == expected

    def test_who_writes_for_the_person(self) -> None:
        given = log([], "deescalation", roles={"user_sim": "a/b", "sim_state": "c/d"})
        assert [person_of(given, word) for word in ("", "rule", "persona", "state")] == [
            "rule", "rule", "persona by a/b", "state by a/b, state by c/d",
        ]  # fmt: skip
        assert person_of(log([], "deescalation"), "persona") == "persona by ?"

    def test_without_samples_a_log_has_fixed_messages(self) -> None:
        assert place_of(log([], "deescalation"), []) == Place("openai/gpt-5", "scripted", "")
        assert Place("m", "branch", "rule").where == "branch: rule"


def test_a_path_counts_seeds_alike_and_who_is_still_there() -> None:
    observed = [
        talk("b", "vanilla", 0.0, words={LEVELS: "3 1"}),
        talk("a", "vanilla", 0.0, words={LEVELS: "3 2 4"}),
        talk("a", "vanilla", 0.0, variant=1, words={LEVELS: "3 0 0"}),
        talk("c", "vanilla", words={LEVELS: "3 3 3"}),
    ]
    assert path(observed) == [([3.0, 3.0], 3, 1.0), ([1.0, 1.0], 3, 1.0), ([2.0], 2, pytest.approx(2 / 3))]
    assert path([]) == []
