"""Results at their edges: usage, flags, versions, cells, figures a family asks for, boards and weights."""

import json
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from interplay.leaderboard import measure
from interplay.leaderboard.boards import (
    Board,
    find_board,
    is_incomplete,
    kept_apart,
    load_boards,
    parse_boards,
    ranked_roles,
    unranked_reason,
)
from interplay.leaderboard.decoupling import STEP, decoupling
from interplay.leaderboard.measure import estimated_cell, is_partial, results, total_usage, unit_flags
from interplay.leaderboard.rows import LogRows, RoleUse
from interplay.leaderboard.schema import Pairs
from interplay.leaderboard.statistics import (
    bootstrap_groups,
    bootstrap_mean,
    bootstrap_ratio,
    paired,
    share,
    welch,
)
from interplay.leaderboard.weighting import weighted_score
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Estimand, Observation
from tests.leaderboard.plain_rows import log, sample

from .test_estimates import KEY, board, seen

PAIR, GAP = find_board("mazes-pair"), find_board("mazes-gap")
UNIT = (0.0, 1.0)
HEADLINE = "maze.success_corrected"


def using(seconds: float, **roles: RoleUse) -> LogRows:
    one = sample("m-1").model_copy(update={"usage": roles, "seconds": seconds})
    return log([one])


class TestUsage:
    A = RoleUse(calls=1, input_tokens=2, output_tokens=3, reasoning_tokens=4, cached_tokens=5, cost_usd=0.5)
    B = RoleUse(calls=10, input_tokens=20, output_tokens=30, reasoning_tokens=40, cached_tokens=50)

    def test_every_count_is_added_and_seconds_belong_to_the_model(self) -> None:
        found = total_usage([using(1.5, model=self.A, grader=self.A), using(2.0004, model=self.B)])
        assert list(found) == ["grader", "model"]
        model = found["model"]
        assert (model.calls, model.input_tokens, model.output_tokens) == (11, 22, 33)
        assert (model.reasoning_tokens, model.cached_tokens) == (44, 55)
        assert (model.seconds, found["grader"].seconds) == (3.5, 0.0)

    def test_a_cost_that_is_known_in_part_is_that_part(self) -> None:
        found = total_usage(
            [using(1, model=self.A, a=self.B), using(1, model=self.B, a=self.B), using(1, model=self.A)]
        )
        assert (found["model"].cost_usd, found["a"].cost_usd) == (1.0, None)

    def test_no_logs_use_nothing(self) -> None:
        assert total_usage([]) == {}


class TestResults:
    def test_the_version_is_the_oldest_of_the_logs(self) -> None:
        logs = [log([sample(f"m-{i}")], task_version=v) for i, v in enumerate(("1.10.0", "1.9.2", "1.9.10"))]
        assert results(PAIR, logs).task_version == "1.9.2"
        assert results(PAIR, logs[::-1]).task_version == "1.9.2"

    def test_no_more_cells_than_an_entry_may_hold(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rows = [sample(f"standard-1-detour-{i:03d}") for i in range(6)]
        every = results(PAIR, [log(rows)]).cells
        monkeypatch.setattr(measure, "LARGEST_CELLS", 3)
        assert results(PAIR, [log(rows)]).cells == every[:3]
        assert len(every) > 3

    def test_conditions_outside_the_boards_words_have_no_cell(self) -> None:
        rows = [sample("m-1", "AB"), sample("m-1", "BA", 0.0), sample("m-2", "XY")]
        seats = [c.dims["seat"] for c in results(PAIR, [log(rows)]).cells if set(c.dims) == {"seat"}]
        assert seats == ["AB", "BA"]

    @given(st.permutations(range(8)))
    @settings(max_examples=12)
    def test_the_order_of_samples_changes_no_byte(self, order: list[int]) -> None:
        rows = [
            sample(f"standard-1-detour-{i // 2:03d}", ("AB", "BA")[i % 2], (1.0, -0.109878, None)[i % 3])
            for i in range(8)
        ]
        shuffled = results(PAIR, [log([rows[i] for i in order])])
        assert json.dumps(shuffled.content(), sort_keys=True) == json.dumps(
            results(PAIR, [log(rows)]).content(), sort_keys=True
        )

    def test_a_run_without_locks_is_for_display_only(self) -> None:
        assert is_partial(results(PAIR, [log([sample("m-1")])]), [])


class TestFlags:
    ONE = board(flags=[{"key": "route.hit", "where": {"arm": "on"}}, {"key": "route.miss"}])

    def test_half_of_the_epochs_are_enough_and_the_place_of_a_unit_is_its_own(self) -> None:
        hits = {"a": (1.0, 0.0), "b": (1.0, 0.0, 0.0), "d": (1.0,)}
        observed = [
            seen(unit, more={"route.hit": v}, epoch=e, arm="on")
            for unit, values in hits.items()
            for e, v in enumerate(values)
        ]
        observed.append(seen("c", more={"route.hit": 1.0}, arm="off"))
        assert unit_flags(self.ONE, observed, ["d", "c", "b", "a"]) == {"route.hit": "1-01"}

    def test_a_key_that_no_unit_has_is_left_out(self) -> None:
        assert unit_flags(self.ONE, [seen("a", 1.0)], ["a"]) == {}


class TestEstimands:
    TOP: Mapping[str, list[float]] = {"b": [0.5, 1.0], "a": [0.25], "c": [1.0]}
    BOTTOM: Mapping[str, list[float]] = {"a": [0.5], "b": [1.0], "x": [1.0]}

    def cell(self, kind: str, minus: object = None, seed: int = 3, **more: object):
        item = Estimand({"x": "y"}, KEY, self.TOP, minus or self.BOTTOM, kind, **more)  # type: ignore[arg-type]
        found = estimated_cell(item, seed)
        return None if found.value is None else (found.value, found.lo, found.hi, found.n)

    def test_each_kind_is_its_statistic(self) -> None:
        """Units in the order of their names, so that draws do not depend on the order of samples."""
        expected = {
            "mean": bootstrap_mean([0.25, 0.75, 1.0], 3),
            "ratio": bootstrap_ratio([0.25, 0.75], [0.5, 1.0], 3),
            "groups": bootstrap_groups([0.25, 0.75, 1.0], [0.5, 1.0, 1.0], 3),
            "welch": welch([0.25, 0.75, 1.0], [0.5, 1.0, 1.0]),
        }
        for kind, estimate in expected.items():
            assert self.cell(kind) == pytest.approx(estimate, abs=1e-6)
        assert self.cell("difference", range=UNIT) == pytest.approx(
            paired([0.75, 0.25], [1.0, 0.5], UNIT), abs=1e-6
        )

    @pytest.mark.parametrize("kind", ["ratio", "groups", "welch"])
    def test_two_terms_need_both(self, kind: str) -> None:
        empty = Estimand({"x": "y"}, KEY, self.TOP, {}, kind)  # type: ignore[arg-type]
        found = estimated_cell(empty, 1)
        assert (found.value, found.lo, found.hi, found.n) == (None, None, None, 0)

    def test_welch_needs_two_units_a_side(self) -> None:
        assert self.cell("welch", {"a": [0.5]}) is None
        assert self.cell("groups", {"a": [0.5]}) is not None

    def test_a_ratio_needs_a_denominator_above_its_floor(self) -> None:
        low = share([1.0, 1.0], UNIT, 1, binary=True).lo
        whole = {"a": [1.0], "b": [1.0]}
        assert self.cell("ratio", whole, range=UNIT, floor=low - 1e-9) is not None
        assert self.cell("ratio", whole, range=UNIT, floor=low) is None

    def test_a_difference_without_a_range_is_a_bug(self) -> None:
        with pytest.raises(AssertionError, match="needs the range of its values"):
            self.cell("difference")


class TestBoards:
    def test_reasons_for_no_rank(self) -> None:
        given = results(GAP, [log([sample("m-1", condition=c) for c in ("C3", "C7")])])
        contrast = find_board("deescalation-effect")
        lacking = given.model_copy(update={"pairs": Pairs(complete=3, wanted=9)})
        least = contrast.contrast.least_complete if contrast.contrast else 0
        assert unranked_reason(contrast, lacking) == (
            f"incomplete: 3 of 9 pairs have both sides, needs {100 * least:.0f} %"
        )
        assert is_incomplete(contrast, lacking)
        assert not is_incomplete(
            contrast, lacking.model_copy(update={"pairs": Pairs(complete=18, wanted=19)})
        )
        assert not is_incomplete(PAIR, lacking)
        assert unranked_reason(find_board("recipe-chains"), given) == "this board has no order"

    def test_what_is_measured_apart_may_not_be_pooled(self) -> None:
        assert kept_apart(["mazes-pair", "nowhere"]) == []
        apart = {b.apart for b in load_boards().values() if b.apart}
        assert kept_apart(load_boards()) == sorted(apart)

    def test_roles_that_only_judge_on_all_boards_that_know_them_are_left_out(self) -> None:
        roles = {"grader": 1, "partner": 2, "unknown": 3}
        assert ranked_roles(["user-turn-native"], roles) == {"partner": 2, "unknown": 3}
        assert ranked_roles(["mazes-pair", "nowhere"], roles) == {"partner": 2, "unknown": 3}
        assert ranked_roles(["posttrain-full", "nowhere"], roles) == roles  # there a grader scores

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            (
                {"listed": {"title": "t", "note": "n", "by": {"route.hit": "rules"}}},
                "listed names a key that is not among flags",
            ),
            ({"interval": "difference"}, "interval difference and a contrast go together"),
            ({"interval": "family"}, "interval family and a stderr go together"),
            ({"stderr": "route.se"}, "interval family and a stderr go together"),
            ({"transcripts_reason": "secret"}, "private transcripts and a transcripts_reason go together"),
            ({"range": [0.5, 0.5]}, r"range \[0.5, 0.5\] is empty"),
            ({"weights": {"key": "k", "values": {"a": 0.5}}}, "weights sum to 0.5, not to 1"),
            ({"headline": "Success"}, "headline"),
            ({"columns": 5}, "columns"),
            ({"runs": []}, "runs"),
        ],
    )
    def test_each_contradiction_is_one_sentence(self, changes: dict[str, object], said: str) -> None:
        content = board().model_dump(mode="json", exclude={"family"}) | changes
        with pytest.raises(UserMistake, match=said) as caught:
            parse_boards(json.dumps([content]), "mazes", "mazes/board.yaml")
        assert str(caught.value).startswith("mazes/board.yaml: ")
        assert str(caught.value).endswith("; correct the file.")

    def test_a_board_that_is_not_there_names_those_that_are(self) -> None:
        with pytest.raises(
            UserMistake, match=r"^nowhere: no such board; choose one of mazes-pair, mazes-gap, "
        ):
            find_board("nowhere")

    def test_a_contrast_spans_twice_the_range(self) -> None:
        plain = board(range=[-1, 3])
        assert plain.headline_range == (-1.0, 3.0)
        two = board(range=[-1, 3], interval="difference", contrast={"by": "arm", "plus": "a", "minus": "b"})
        assert two.headline_range == (-4.0, 4.0)

    def test_draws_are_one_where_the_preset_has_none(self) -> None:
        one = board(draws={"standard": 10})
        assert [one.draws_of(p) for p in ("standard", "smoke", "unheard-of")] == [10, 1, 1]

    @pytest.mark.parametrize("board_id", list(load_boards()))
    def test_a_macro_average_has_a_range_for_each_of_its_figures(self, board_id: str) -> None:
        """Without one there is no average over groups, and a figure would be missing without a word."""
        one = find_board(board_id)
        assert one.macro is None or all(item.range for item in one.secondary)


class TestWeights:
    VALUES: Mapping[str, float] = {"p": 0.5, "q": 0.3, "r": 0.2}

    def jobs(self) -> Board:
        return board(weights={"key": "target", "values": dict(self.VALUES)}, interval="share")

    def observed(self, seed: int = 1) -> list[Observation]:
        rng = np.random.default_rng(seed)
        return [
            seen(f"{t}{i}", float(rng.random()), epoch=e, target=t)
            for t, n in (("p", 2), ("q", 1), ("r", 3))
            for i in range(n)
            for e in (1, 2)
        ]

    def test_the_score_is_the_weighted_mean_of_group_means(self) -> None:
        one, observed = self.jobs(), self.observed()
        assert one.weights is not None
        found = weighted_score(one, one.weights, observed, lambda o: o.values.get(KEY), 1, True)
        groups = {t: np.mean([o.values[KEY] for o in observed if o.metadata["target"] == t]) for t in "pqr"}
        assert found is not None
        assert found.estimate.value == pytest.approx(sum(w * groups[t] for t, w in self.VALUES.items()))
        assert found.interval == "bootstrap"
        assert float(np.mean(list(found.units.values()))) == pytest.approx(found.estimate.value)

    def test_a_whole_run_of_some_groups_weighs_these_alone(self) -> None:
        one, observed = self.jobs(), [o for o in self.observed() if o.metadata["target"] != "p"]
        assert one.weights is not None
        whole, part = (
            weighted_score(one, one.weights, observed, lambda o: o.values.get(KEY), 1, is_whole)
            for is_whole in (True, False)
        )
        assert whole is not None
        assert part is not None
        assert part.estimate.value == pytest.approx(0.5 * whole.estimate.value)

    def test_nothing_weighty_is_no_score(self) -> None:
        one = self.jobs()
        assert one.weights is not None
        for observed in ([], [seen("a", 1.0, target="z")], [seen("a", target="p")]):
            assert weighted_score(one, one.weights, observed, lambda o: o.values.get(KEY), 1, True) is None


class TestDecoupling:
    @given(st.integers(0, 10**6))
    @settings(max_examples=15)
    def test_both_figures_are_scipys(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        right, genuine = (rng.integers(0, 2, (5, 12)).astype(float) for _ in range(2))
        x, y = right.mean(axis=1), genuine.mean(axis=1)
        found = decoupling(right, genuine, 1)
        if np.ptp(x) == 0 or np.ptp(y) == 0:
            assert found.rho is None
            return
        assert found.rho is not None
        assert found.slope is not None
        assert found.rho.value == pytest.approx(float(stats.spearmanr(x, y).statistic))
        assert found.slope.value == pytest.approx(STEP * float(stats.linregress(x, y).slope))
        order = rng.permutation(5)
        again = decoupling(right[order], genuine[order], 1)
        assert again.slope == pytest.approx(found.slope)
