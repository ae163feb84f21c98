"""Figures of the chains by hand: shifts by dose, slopes, gaps, live replies, engines, acts, panel replies."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from interplay.leaderboard.analysis.chain_acts import act_share, acts_row, acts_table
from interplay.leaderboard.analysis.chain_frames import Place
from interplay.leaderboard.analysis.engines import compared, engine_shift, engines_table, partner_size
from interplay.leaderboard.analysis.panel_replies import (
    COLUMNS,
    answers_checkpoint,
    is_panel,
    joined,
    refuse_other_texts,
    replies_of,
)
from interplay.leaderboard.analysis.partner_shift import mean_difference
from interplay.leaderboard.analysis.recipe_chains import (
    calibration_gap,
    controlled,
    dose_shift,
    live,
    mean_of,
    run_row,
    seen,
    shown,
    slope_of,
    swapped,
)
from interplay.leaderboard.rows import LogRows, SampleRow
from interplay.leaderboard.statistics import Estimate, welch
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation
from interplay.tasks.recipe_chains.summary import SHARE, SHARE3
from tests.leaderboard.plain_rows import log
from tests.leaderboard.synthetic_chains import row


def reply(
    opener: str, share: float | None, *, text: str = "t", errored: bool = False, more=None, **about: str
) -> Observation:
    return Observation(
        task="interplay/recipe_chains",
        args={},
        sample_id=f"{opener}:{text}",
        epoch=1,
        unit=opener,
        metadata=about,
        values=({} if share is None else {SHARE: share}) | dict(more or {}),
        words={},
        errored=errored,
        model="m",
    )


def doses(*openers: tuple[float, float]) -> list[Observation]:
    """For each opener its share after a flat and after a hedged text."""
    return [
        reply(f"o{i}", share, text=dose, dose=dose)
        for i, pair in enumerate(openers)
        for dose, share in zip(("flat", "hedged"), pair, strict=True)
    ]


class TestDoses:
    def test_hedged_less_flat_over_openers_that_have_both(self) -> None:
        observed = [
            *doses((0.2, 0.5), (0.4, 0.5)),
            reply("o9", 0.9, dose="hedged"),
            reply("o8", 0.1, dose="flat"),
        ]
        found = dose_shift(observed, SHARE)
        assert found == mean_difference([0.5 - 0.2, 0.5 - 0.4])
        assert found is not None
        assert found.value == pytest.approx(0.2)

    def test_replies_of_an_opener_are_averaged_first(self) -> None:
        observed = [*doses((0.2, 0.5)), reply("o0", 0.8, dose="flat"), reply("o0", None, dose="flat")]
        found = dose_shift(observed, SHARE)
        assert found is not None
        assert found.value == pytest.approx(0.5 - 0.5)

    def test_without_both_there_is_no_shift(self) -> None:
        assert dose_shift([reply("o", 0.5, dose="flat")], SHARE) is None
        assert dose_shift(doses((0.2, 0.5)), SHARE3) is None

    def test_the_table_has_a_level_for_each_dose_and_leaves_out_who_has_no_shift(self) -> None:
        both = [*doses((0.2, 0.6), (0.4, 0.8)), reply("o0", 0.5, dose="mixed")]
        groups = {Place("m", "replay", "neutral"): both, Place("n", "replay", "neutral"): both[:1]}
        (found,) = controlled(groups).rows
        assert found[:6] == ("m", "replay", "neutral", pytest.approx(0.3), 0.5, pytest.approx(0.7))
        assert found[6:8] == (pytest.approx(0.4), "0.400–0.400")
        assert found[-1] == 2

    def test_a_mean_counts_openers_alike_and_no_errors(self) -> None:
        observed = [reply("a", 0.0), reply("a", 0.0), reply("a", 0.3), reply("b", 0.7)]
        assert mean_of(observed) == pytest.approx(0.4)
        assert mean_of([reply("a", 0.5, errored=True), reply("a", None)]) is None

    def test_an_estimate_without_an_interval_is_shown_without_one(self) -> None:
        nan = float("nan")
        assert shown(None) == (None, None)
        assert shown(Estimate(0.25, nan, nan, 1)) == (0.25, None)
        assert shown(Estimate(0.25, 0.1, 0.4, 9)) == (0.25, "0.100–0.400")


class TestSlope:
    def observed(self, seed: int = 1, openers: int = 6) -> list[Observation]:
        rng = np.random.default_rng(seed)
        return [
            reply(f"o{k}", float(0.1 * k + 0.4 * x + rng.normal(0, 0.05)), partner_share=str(x))
            for k in range(openers)
            for x in (0.0, 0.5, 1.0)
        ]

    def test_it_is_least_squares_with_a_level_for_each_opener_and_errors_clustered(self) -> None:
        observed = self.observed()
        found = slope_of(observed)
        y = np.array([o.values[SHARE] for o in observed])
        x = np.array([float(o.metadata["partner_share"]) for o in observed])
        cluster = np.array([int(o.unit[1:]) for o in observed])
        design = np.column_stack([x, *[(cluster == k).astype(float) for k in range(6)]])
        fit = sm.OLS(y, design).fit(cov_type="cluster", cov_kwds={"groups": cluster})
        assert found is not None
        assert found.value == pytest.approx(float(fit.params[0]))
        assert (found.lo, found.hi) == pytest.approx(tuple(fit.conf_int()[0]))
        assert found.n == 6

    def test_it_needs_two_openers_and_texts_that_differ(self) -> None:
        assert slope_of(self.observed(openers=1)) is None
        assert slope_of([reply(f"o{k}", 0.1 * k, partner_share="0.5") for k in range(5)]) is None
        assert slope_of([reply("o", 0.1), reply("p", 0.2)]) is None


class TestCalibration:
    def test_topics_of_high_less_low_uncertainty(self) -> None:
        high, low = [0.6, 0.8, 0.7], [0.1, 0.3]
        observed = [reply(f"h{i}", v, uncertainty="high") for i, v in enumerate(high)]
        observed += [reply(f"l{i}", v, uncertainty="low") for i, v in enumerate(low)]
        observed += [reply("x", 0.0, uncertainty="medium"), reply("l0", 0.1, uncertainty="low")]
        found = calibration_gap(observed)
        assert found == welch(high, low)
        expected = stats.ttest_ind(high, low, equal_var=False).confidence_interval(0.95)
        assert found is not None
        assert (found.lo, found.hi) == pytest.approx((float(expected.low), float(expected.high)))

    def test_two_topics_a_side_are_needed(self) -> None:
        observed = [reply(f"h{i}", 0.5, uncertainty="high") for i in range(2)] + [
            reply("l", 0.1, uncertainty="low")
        ]
        assert calibration_gap(observed) is None


class TestModes:
    def test_reworded_texts_stand_beside_stored_ones(self) -> None:
        groups = {
            Place("m", "swap", "neutral"): doses((0.2, 0.3)),
            Place("m", "replay", "neutral"): doses((0.2, 0.6)),
            Place("n", "swap", "forum"): doses((0.1, 0.2)),
            Place("o", "swap", "forum"): [],
        }
        first, second = swapped(groups).rows
        assert first == ("m", "neutral", pytest.approx(0.4), None, pytest.approx(0.1), None)
        assert second == ("n", "forum", None, None, pytest.approx(0.1), None)

    def test_live_replies_change_from_the_first_to_the_second(self) -> None:
        turns = {"a": [(0.2, 0.4), (0.4, 0.4)], "b": [(0.6, 0.9)]}
        observed = [
            reply(opener, None, more={"hedging.turn_1": x, "hedging.turn_2": y})
            for opener, pairs in turns.items()
            for x, y in pairs
        ]
        (found,) = live({Place("m", "live", "neutral"): [*observed, reply("c", 0.5)]}).rows
        assert found[2:5] == pytest.approx((0.4, 1.7 / 3, (0.1 + 0.3) / 2))
        assert found[6] == 2
        assert live({Place("m", "replay", "neutral"): observed}).rows == ()


class TestActs:
    def observed(self, unparsed: float = 0.0) -> list[Observation]:
        about = {"chain_acts.asked": 10.0, "chain_acts.unparsed": unparsed, "chain_acts.spans_refused": 1.0}
        return [
            reply("a", 0.5, more=about | {"chain_acts.repair": 1.0, "chain_acts.challenge": 0.0}),
            reply("b", 0.5, more=about | {"chain_acts.repair": 0.0, "chain_acts.challenge": 0.0}),
            reply("c", 0.5),
        ]

    def test_shares_are_means_over_openers(self) -> None:
        assert act_share(self.observed(), "repair") == (0.5, "0.00–1.00")
        assert act_share(self.observed(), "nothing") == (None, None)
        assert act_share(self.observed()[:1], "repair") == (1.0, None)

    @pytest.mark.parametrize(("unparsed", "withheld"), [(0.2, False), (0.21, True)])
    def test_above_two_per_cent_unread_they_are_withheld(self, unparsed: float, withheld: bool) -> None:
        given = log([], "recipe_chains", args={"partners": "/far/away/texts.jsonl", "frame": "forum"})
        found = acts_row(given, self.observed(unparsed))
        assert found is not None
        table = acts_table([found])
        values = dict(zip(table.columns, table.rows[0], strict=True))
        assert [values[k] for k in ("mode", "partners", "frame")] == ["replay", "texts.jsonl", "forum"]
        assert (values["replies"], values["spans refused"]) == (20, 2)
        assert values["unread"] == pytest.approx(unparsed / 10)
        assert (values["repair"] is None) == withheld

    def test_without_a_judge_there_is_no_row(self) -> None:
        assert acts_row(log([], "recipe_chains"), [reply("a", 0.5)]) is None


def answered(
    opener: str, partner: str, share: float, *, repeat: str = "1", pin: str = "0" * 16, epoch: int = 1
) -> SampleRow:
    about = {"opener_id": opener, "partner": partner, "repeat": repeat, "partner_share": "0.25"}
    sample = row(f"{opener}:{partner}:{repeat}", epoch, about, {SHARE: share, SHARE3: share})
    return sample.model_copy(update={"pin": pin})


def chains(samples: Sequence[SampleRow], model: str = "vllm/acme/oak", **args: str) -> LogRows:
    return log(list(samples), "recipe_chains", model=model, args=args, scorers=("hedging",))


class TestPanelReplies:
    def test_a_reply_is_a_row_with_its_text(self) -> None:
        samples = [answered("A01", "qwen25-7b", 0.5, repeat="2", epoch=3), answered("A01", "controlled", 0.1)]
        given = chains(samples)
        frame = replies_of(given, seen(given))
        (found,) = frame.to_dict("records")
        assert found == {
            "speaker": "acme-oak", "model": "vllm/acme/oak", "version": "1.0.0", "partner": "qwen25-7b",
            "opener": "A01", "repeat": "2/3", "text": "0" * 16, "share": 0.25, "value": 0.5,
        }  # fmt: skip

    @pytest.mark.parametrize("partner", ["none", "live", "controlled"])
    def test_partners_that_are_no_checkpoint_are_left_out(self, partner: str) -> None:
        assert not answers_checkpoint(reply("a", 0.5, partner=partner))
        assert answers_checkpoint(reply("a", 0.5, partner="qwen25-7b"))
        assert not answers_checkpoint(reply("a", 0.5))

    def test_the_panel_is_replayed_in_a_neutral_frame(self) -> None:
        assert is_panel("replay", "neutral")
        assert not is_panel("swap", "neutral")
        assert not is_panel("replay", "forum")

    def test_nothing_joined_has_the_columns(self) -> None:
        assert list(joined([]).columns) == list(COLUMNS)
        assert len(joined([pd.DataFrame([], columns=list(COLUMNS))])) == 0

    def frame(self, *rows: tuple[str, str, str, str]) -> pd.DataFrame:
        """Speaker, opener, repeat and text of replies to one partner."""
        given = [(s, s, "1.0.0", "p", o, r, t, 0.1, 0.5) for s, o, r, t in rows]
        return pd.DataFrame(given, columns=list(COLUMNS))

    def test_two_texts_under_one_name_are_refused_by_place_and_speakers(self) -> None:
        same = self.frame(("a", "A01", "1/1", "x"), ("b", "A01", "1/1", "x"), ("b", "A01", "2/1", "y"))
        refuse_other_texts(same)
        other = self.frame(("a", "A01", "1/1", "x"), ("b", "A02", "1/1", "x"), ("c", "A02", "1/2", "z"))
        with pytest.raises(UserMistake) as caught:
            joined([same, other.assign(partner="q")])
        assert str(caught.value) == (
            "b and c answered different texts of q on A02; let all speakers answer one file of texts."
        )


class TestEngines:
    def test_the_shift_is_paired_by_text_and_averaged_by_opener(self) -> None:
        """o0: text t 0.5 - 0.2, text u 0.3 - 0.3, so 0.15; o1: 0.1 - 0.2. Others lack a side."""
        first = [reply("o0", 0.2), reply("o0", 0.3, text="u"), reply("o1", 0.2), reply("o2", 0.9)]
        second = [reply("o0", 0.5), reply("o0", 0.3, text="u"), reply("o1", 0.1), reply("o3", 0.9)]
        found = engine_shift(first, second)
        assert found.value == pytest.approx((0.15 - 0.1) / 2)
        assert found.n == 2
        assert engine_shift(second, first).value == pytest.approx(-found.value)

    def logs(self, moved: float, step: float = 0.3) -> list[LogRows]:
        return [
            chains(
                [
                    answered(f"A{k:02d}", partner, 0.1 + level + extra + 0.01 * k)
                    for k in range(6)
                    for partner, level in (("qwen25-7b", 0.0), ("gemma2-9b", step))
                ],
                model,
            )
            for model, extra in (("vllm/acme/oak", 0.0), ("sglang/acme/oak", moved))
        ]

    @pytest.mark.parametrize(("moved", "holds"), [(0.09, "yes"), (-0.09, "yes"), (0.11, "no"), (-0.11, "no")])
    def test_it_must_stay_below_a_third_of_the_partner_shift(self, moved: float, holds: str) -> None:
        found = compared(self.logs(moved))
        (shown_row,) = engines_table(found).rows
        assert shown_row[:3] == ("acme-oak", "vllm/acme/oak", "sglang/acme/oak")
        assert shown_row[3] == pytest.approx(moved)
        assert shown_row[5:7] == (pytest.approx(0.3), pytest.approx(0.1))
        assert shown_row[7:] == (6, holds)

    def test_controlled_texts_tell_the_partner_shift_where_no_checkpoint_was_answered(self) -> None:
        assert partner_size(doses((0.6, 0.2), (0.6, 0.4)), []) == pytest.approx(0.3)
        assert partner_size([], []) is None

    def test_what_is_no_pair_of_engines_is_one_sentence(self) -> None:
        first, second = self.logs(0.0)
        for given, said in (
            ([first], "these logs hold vllm/acme/oak; give logs of one checkpoint under two engines"),
            ([first, chains(second.samples, "vllm/acme/elm")], "hold vllm/acme/elm, vllm/acme/oak; give"),
            (
                [first, chains(second.samples, "sglang/acme/oak", mode="swap")],
                "mode=replay and frame=neutral",
            ),
            ([first, chains(second.samples[:4], "sglang/acme/oak")], "share no texts of different partners"),
        ):
            with pytest.raises(UserMistake, match=said):
                compared(given)


def test_a_log_is_a_line_of_the_overview() -> None:
    samples = [answered("A01", "controlled", 0.5), answered("A02", "controlled", 0.25)]
    samples.append(
        samples[0].model_copy(
            update={"epoch": 2, "score": samples[0].score.model_copy(update={"numbers": {}})}
        )
    )
    given = chains(samples, partners="/some/where/panel.jsonl", frame="review")
    assert run_row(given, seen(given)) == (
        "vllm/acme/oak", "replay", "panel.jsonl", "review", 2, 3, 0.375, 0.375, pytest.approx(1 / 3),
    )  # fmt: skip
    assert run_row(given, [])[4:] == (0, 0, None, None, None)
