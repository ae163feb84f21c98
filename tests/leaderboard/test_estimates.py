"""From samples to a figure: what a missing or errored sample counts as, pairs, epochs, groups, intervals."""

from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.board_parts import Contrast, Secondary
from interplay.leaderboard.boards import Board
from interplay.leaderboard.estimates import (
    arm_values,
    contrast_figure,
    difference_figure,
    groups_without,
    headline_figure,
    headline_value,
    mean_of_units,
    metric_of,
    observations,
    paired_values,
    pairs_of,
    secondary_figure,
    secondary_value,
    unit_means,
)
from interplay.leaderboard.statistics import (
    Estimate,
    bootstrap_mean,
    macro,
    mean_t,
    paired,
    share,
)
from interplay.tasks.observations import Observation
from tests.leaderboard.plain_rows import log, sample

KEY, OTHER = "route.success", "route.steps"
UNIT = (0.0, 1.0)
ARMS = Contrast(by="arm", plus="on", minus="off")
PAIRED = Contrast(by="arm", plus="on", minus="off", pair=("scenario",), least_complete=0.9)


def board(**more: object) -> Board:
    content = {
        "id": "routes",
        "family": "mazes",
        "title": "Routes",
        "lead": "Routes.",
        "runs": [{"task": "interplay/maze_collab"}],
        "headline": KEY,
        "label": "Success",
        "direction": "higher",
        "range": [0, 1],
        "unit": {"key": "maze_id", "noun": "maze"},
        "interval": "share",
    }
    return Board.model_validate(content | more)


def seen(
    unit: str,
    value: float | None = None,
    *,
    name: str = "s",
    epoch: int = 1,
    errored: bool = False,
    task: str = "interplay/maze_collab",
    more: dict[str, float] | None = None,
    **metadata: str,
) -> Observation:
    return Observation(
        task=task,
        args={},
        sample_id=f"{unit}-{name}",
        epoch=epoch,
        unit=unit,
        metadata=metadata,
        values=({} if value is None else {KEY: value}) | (more or {}),
        words={},
        errored=errored,
        model="acme/one",
    )


class TestErroredSamples:
    @pytest.mark.parametrize(
        ("direction", "bad", "good"), [("higher", 0.0, 4.0), ("lower", 4.0, 0.0), ("none", 0.0, 4.0)]
    )
    def test_they_take_the_end_that_hurts(self, direction: str, bad: float, good: float) -> None:
        """In the arm that is subtracted that is the good end: there a failure would narrow the gap."""
        one, failed = board(direction=direction, range=[0, 4]), seen("a", errored=True)
        assert headline_value(one)(failed) == bad
        plus, minus = arm_values(one)
        assert (plus(failed), minus(failed)) == (bad, good)
        assert headline_value(one)(seen("a")) is None
        assert headline_value(one)(seen("a", 1.5)) == 1.5

    @pytest.mark.parametrize(
        ("item", "expected"),
        [
            (Secondary(key=OTHER, label="x", direction="higher", range=(2.0, 9.0)), 2.0),
            (Secondary(key=OTHER, label="x", direction="lower", range=(2.0, 9.0)), 9.0),
            (Secondary(key=OTHER, label="x", direction="none", range=(2.0, 9.0)), 2.0),
            (Secondary(key=OTHER, label="x", direction="lower"), None),
            (Secondary(key=OTHER, label="x", direction="lower", range=(2.0, 9.0), interval="mean"), None),
        ],
        ids=["higher", "lower", "none", "no range", "a mean"],
    )
    def test_further_figures_count_them_where_a_range_says_what_is_worst(
        self, item: Secondary, expected: float | None
    ) -> None:
        assert secondary_value(item)(seen("a", errored=True)) == expected

    def test_errors_alone_are_no_further_figure(self) -> None:
        item = Secondary(key=OTHER, label="x", direction="higher", range=UNIT)
        failed = [seen(u, errored=True) for u in "ab"]
        assert secondary_figure(item, failed, board(), 1, 1) is None
        found = secondary_figure(item, [*failed, seen("c", more={OTHER: 1.0})], board(), 1, 1)
        assert found is not None
        assert found.units == {"a": 0.0, "b": 0.0, "c": 1.0}


class TestSums:
    ITEM = Secondary(key="route.net", label="x", direction="none", of=(KEY, OTHER), minus=("route.loss",))

    def test_keys_are_added_and_subtracted(self) -> None:
        assert secondary_value(self.ITEM)(seen("a", 1.0, more={OTHER: 2.5, "route.loss": 0.75})) == 2.75

    @pytest.mark.parametrize("lost", [KEY, OTHER, "route.loss"])
    def test_one_key_too_few_is_no_value(self, lost: str) -> None:
        numbers = {KEY: 1.0, OTHER: 2.5, "route.loss": 0.75}
        del numbers[lost]
        assert secondary_value(self.ITEM)(seen("a", more=numbers)) is None

    def test_without_a_list_it_is_the_key_itself(self) -> None:
        assert (
            secondary_value(Secondary(key=OTHER, label="x", direction="none"))(
                seen("a", 1.0, more={OTHER: 3.0})
            )
            == 3.0
        )


class TestUnits:
    def test_epochs_are_averaged_before_samples(self) -> None:
        """Sample s: (1 + 0 + 0.5) / 3 = 0.5; sample t: 1. The unit is 0.75, not (1 + 0 + 0.5 + 1) / 4."""
        observed = [seen("a", v, epoch=e) for e, v in enumerate((1.0, 0.0, 0.5))] + [seen("a", 1.0, name="t")]
        assert unit_means(observed, headline_value(board())) == {"a": 0.75}

    def test_samples_of_one_name_in_two_tasks_are_two(self) -> None:
        observed = [seen("a", 0.0), seen("a", 0.0, epoch=2), seen("a", 1.0, task="interplay/maze_solo")]
        assert unit_means(observed, headline_value(board())) == {"a": 0.5}

    def test_a_unit_without_a_value_is_no_unit(self) -> None:
        assert unit_means([seen("a"), seen("b", 0.5)], headline_value(board())) == {"b": 0.5}

    def test_a_log_is_read_with_the_unit_of_the_board(self) -> None:
        given = log([sample("m-1", "AB", 0.5), sample("m-2", errored=True)], args={"k": 2, "judge": True})
        first, second = observations(board(), given)
        assert (first.unit, first.sample_id, first.args) == ("m-1", "m-1-AB", {"k": "2", "judge": "True"})
        assert first.values == {"maze.success_corrected": 0.5}
        assert (second.errored, second.values, second.words) == (True, {}, {})
        other = board(unit={"key": "nowhere", "noun": "sample"})
        assert [o.unit for o in observations(other, given)] == ["m-1-AB", "m-2-AB"]


class TestIntervals:
    GRADED: ClassVar = {"a": [0.25, 0.5], "b": [0.75], "c": [1.0]}

    def test_a_share_inside_its_range_is_graded(self) -> None:
        found = mean_of_units(self.GRADED, UNIT, "share", 1, 1)
        assert found is not None
        assert (found.estimate, found.interval) == (share([0.375, 0.75, 1.0], UNIT), "share")
        assert found.units == {"a": 0.375, "b": 0.75, "c": 1.0}

    def test_samples_at_the_ends_are_draws_and_as_many_as_there_are(self) -> None:
        units = {f"u{i}": [1.0, float(i % 2), float(i % 3 > 0)] for i in range(40)}
        found = mean_of_units(units, UNIT, "share", 1, 1)
        means = [sum(v) / 3 for v in units.values()]
        assert found is not None
        assert found.estimate == share(means, UNIT, 3, binary=True)
        assert found.estimate != share(means, UNIT, 1, binary=True)

    def test_means_of_several_draws_count_as_draws(self) -> None:
        units = {f"u{i}": [(i % 5) / 10] for i in range(40)}
        found = mean_of_units(units, UNIT, "share", 10, 1)
        assert found is not None
        assert found.estimate == share([v[0] for v in units.values()], UNIT, 10, binary=True)

    @pytest.mark.parametrize(("off", "binary"), [(0.9e-4, True), (1.2e-4, False)])
    def test_a_sample_is_at_an_end_to_the_fourth_decimal(self, off: float, binary: bool) -> None:
        units = {f"u{i}": [off if i % 4 else 1 - off] for i in range(30)}
        found = mean_of_units(units, UNIT, "share", 1, 1)
        assert found is not None
        assert found.estimate == share([v[0] for v in units.values()], UNIT, 1, binary)

    def test_an_end_is_as_wide_in_another_range(self) -> None:
        """Of -3 to 7 the fourth decimal is 1e-3 of a value."""
        for off, binary in ((0.9e-3, True), (1.2e-3, False)):
            units = {f"u{i}": [-3 + off if i % 4 else 7 - off] for i in range(30)}
            found = mean_of_units(units, (-3.0, 7.0), "share", 1, 1)
            assert found is not None
            assert found.estimate == share([v[0] for v in units.values()], (-3.0, 7.0), 1, binary)

    def test_a_mean_has_students_interval(self) -> None:
        found = mean_of_units(self.GRADED, (-2.0, 2.0), "mean", 1, 1)
        assert found is not None
        assert (found.estimate, found.interval) == (mean_t([0.375, 0.75, 1.0], (-2.0, 2.0)), "mean")

    @pytest.mark.parametrize("interval", ["share", "mean", "bootstrap"])
    def test_without_a_range_units_are_drawn_in_the_order_of_their_names(self, interval) -> None:
        turned = dict(reversed(self.GRADED.items()))
        for units in (self.GRADED, turned):
            found = mean_of_units(units, None, interval, 1, 7)
            assert found is not None
            assert found.interval == "bootstrap"
            assert found.estimate == bootstrap_mean([0.375, 0.75, 1.0], 7)

    def test_values_of_units_may_be_given(self) -> None:
        found = mean_of_units({"a": [0.0, 0.0, 1.0]}, (-5.0, 5.0), "mean", 1, 1, {"a": 0.5, "b": 4.0})
        assert found is not None
        assert (found.estimate.value, found.units) == (0.5, {"a": 0.5})

    def test_no_units_are_no_figure(self) -> None:
        assert mean_of_units({}, UNIT, "share", 1, 1) is None


class TestContrast:
    def test_pairs_are_averaged_over_epochs_and_units_over_pairs(self) -> None:
        """Scenario 1: (1 + 0) / 2 - 0 = 0.5; scenario 2: 0.25 - 0.5 = -0.25; the unit gains 0.125."""
        observed = [
            seen("a", 1.0, arm="on", scenario="1"),
            seen("a", 0.0, arm="on", scenario="1", epoch=2),
            seen("a", 0.0, arm="off", scenario="1"),
            seen("a", 0.25, arm="on", scenario="2"),
            seen("a", 0.5, arm="off", scenario="2"),
            seen("b", 1.0, arm="on", scenario="1"),
            seen("b", 0.0, arm="off", scenario="1"),
        ]
        found = contrast_figure(PAIRED, KEY, UNIT, "higher", observed)
        assert found is not None
        assert found.units == {"a": pytest.approx(0.125), "b": 1.0}
        assert found.estimate == pytest.approx(paired([0.375, 1.0], [0.25, 0.0], UNIT))
        assert found.interval == "difference"

    def test_a_pair_that_lacks_a_side_is_left_out_and_counted(self) -> None:
        observed = [
            seen("a", 1.0, arm="on", scenario="1"),
            seen("a", 0.0, arm="off", scenario="1"),
            seen("a", 1.0, arm="on", scenario="2"),
            seen("a", None, arm="off", scenario="2"),
            seen("a", 0.5, arm="third", scenario="3"),
        ]
        found = contrast_figure(PAIRED, KEY, UNIT, "higher", observed)
        assert found is not None
        assert found.units == {"a": 1.0}
        assert pairs_of(PAIRED, KEY, observed) == (1, 2)
        turned = [seen("a", 1.0, arm="off", scenario="4"), seen("b", 1.0, arm="off", scenario="1")]
        assert pairs_of(PAIRED, KEY, [*observed, *turned]) == (1, 4)

    def test_without_pairs_all_samples_of_a_unit_are_one(self) -> None:
        observed = [
            seen("a", 1.0, arm="on", scenario="1"),
            seen("a", 0.0, arm="off", scenario="2"),
            seen("a", 0.5, arm="on", scenario="2"),
        ]
        assert paired_values(ARMS, KEY, UNIT, "higher", observed) == ({("a",): [1.0, 0.5]}, {("a",): [0.0]})
        plus, _ = paired_values(PAIRED, KEY, UNIT, "higher", observed)
        assert plus == {("a", "1"): [1.0], ("a", "2"): [0.5]}

    def test_samples_that_cannot_have_a_value_are_missed_in_no_pair(self) -> None:
        observed = [seen(u, 1.0, arm=arm, scenario="1") for u in "ab" for arm in ("on", "off")]
        observed += [seen("c", 1.0, arm="on", scenario="1", claim="yes")]
        assert pairs_of(PAIRED, KEY, observed) == (2, 3)
        assert pairs_of(PAIRED, KEY, observed, needs="claim") == (0, 1)

    @pytest.mark.parametrize(
        ("arm", "direction", "expected"),
        [("on", "higher", -0.5), ("off", "higher", -0.5), ("on", "lower", 0.5), ("off", "lower", 0.5)],
    )
    def test_an_error_hurts_in_whichever_arm(self, arm: str, direction, expected: float) -> None:
        """All samples are at 0.5, so that only the errored one moves the difference."""
        observed = [seen("a", 0.5, arm="off" if arm == "on" else "on"), seen("a", arm=arm, errored=True)]
        found = contrast_figure(ARMS, KEY, UNIT, direction, observed)
        assert found is not None
        assert found.estimate.value == expected

    def test_sides_without_a_common_unit_are_no_figure(self) -> None:
        assert difference_figure({"a": [1.0]}, {"b": [0.0]}, UNIT) is None
        assert contrast_figure(ARMS, KEY, UNIT, "higher", [seen("a", 1.0, arm="on")]) is None

    @given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=8))
    @settings(max_examples=15)
    def test_the_arms_may_change_places(self, values: list[tuple[float, float]]) -> None:
        plus = {f"u{i}": [a] for i, (a, _) in enumerate(values)}
        minus = {f"u{i}": [b] for i, (_, b) in reversed(list(enumerate(values)))}
        ahead, back = difference_figure(plus, minus, UNIT), difference_figure(minus, plus, UNIT)
        assert ahead is not None
        assert back is not None
        assert ahead.estimate.value == pytest.approx(-back.estimate.value)
        assert ahead.estimate.lo == pytest.approx(-back.estimate.hi, abs=1e-9)
        assert ahead.units == {unit: -v for unit, v in back.units.items()}


class TestGroups:
    ONE = board(macro="family")

    def test_groups_without_common_units_add_in_quadrature(self) -> None:
        observed = [seen(f"p{i}", float(i % 2), family="p") for i in range(6)]
        observed += [seen(f"q{i}", float(i > 0), family="q") for i in range(4)]
        found = headline_figure(self.ONE, observed, 1, 1)
        parts = [share([float(i % 2) for i in range(6)], UNIT, 1, True), share([0.0, 1, 1, 1], UNIT, 1, True)]
        assert found is not None
        assert found.estimate == macro(parts, UNIT)
        assert len(found.units) == 10

    def test_groups_on_the_same_units_are_averaged_within_each(self) -> None:
        """Units a and b under both scripts, c under one: 0.5, 1 and 1, not a mean of two means."""
        observed = [seen("a", 1.0, family="p"), seen("a", 0.0, family="q"), seen("b", 1.0, family="p")]
        observed += [seen("b", 1.0, family="q"), seen("c", 1.0, family="q")]
        found = headline_figure(self.ONE, observed, 1, 1)
        assert found is not None
        assert found.units == {"a": 0.5, "b": 1.0, "c": 1.0}
        assert found.estimate.value == pytest.approx(2.5 / 3)

    def test_a_group_that_was_never_scored_is_named_and_no_average_is_given(self) -> None:
        observed = [seen("a", 1.0, family="q"), seen("b", family="p"), seen("c", family="o")]
        assert groups_without(self.ONE, observed) == ["o", "p"]
        assert headline_figure(self.ONE, observed, 1, 1) is None
        assert groups_without(board(), observed) == []
        errored = [seen("a", 1.0, family="q"), seen("b", family="p", errored=True)]
        assert groups_without(self.ONE, errored) == [], "an error is a score, the worst one"


def test_a_metric_is_rounded_to_six_decimals_and_keeps_its_interval() -> None:
    units = {f"u{i}": [v] for i, v in enumerate(np.random.default_rng(1).random(7))}
    figure = mean_of_units(units, None, "bootstrap", 1, 3)
    assert figure is not None
    metric = metric_of(figure._replace(estimate=Estimate(1 / 3, 0.1234564, 0.1234566 + 1, 7)))
    assert (metric.value, metric.lo, metric.hi, metric.n) == (0.333333, 0.123456, 1.123457, 7)
    assert metric.interval == "bootstrap"
