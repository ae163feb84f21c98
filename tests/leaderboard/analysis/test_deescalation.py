"""The report of the angry conversations: on stored logs, and on talks made by hand."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import bootstrap

from interplay.leaderboard.analysis import deescalation as report
from interplay.leaderboard.analysis.deescalation_effects import (
    Effect,
    bootstrap_ends,
    effect,
    factorial,
    holm,
    p_value,
    student_ends,
)
from interplay.leaderboard.analysis.deescalation_paths import by_kind, paths
from interplay.leaderboard.analysis.deescalation_rows import agreement, headlines, simulators
from interplay.leaderboard.analysis.deescalation_runs import Place, grouped, place_of
from interplay.leaderboard.analysis.deescalation_words import printed_p, shown_effect
from interplay.leaderboard.analysis.tables import Table
from interplay.leaderboard.own_logs import read_own_logs
from interplay.leaderboard.rows import LogRows
from interplay.tasks.deescalation.keys import CHANGE, LEVELS
from tests.leaderboard.commands.test_loop import run

from .talks import RULE, by_column, study, talk

GOLDEN = Path(__file__).parents[2] / "golden"
STORED = GOLDEN / "deescalation"
"""Logs of `reference/pliant`: three seeds live under nine arms, and with fixed messages under three."""


class TestStoredLogs:
    def test_the_report_is_the_golden_one(self) -> None:
        """`interplay report deescalation tests/golden/deescalation --json` writes the golden file."""
        code, said = run("report", "deescalation", str(STORED), "--json")
        assert code == 0
        wanted = json.loads((GOLDEN / "deescalation_analysis.json").read_text("utf-8"))
        found = json.loads(said)
        assert [t["title"] for t in found] == [t["title"] for t in wanted]
        for ours, golden in zip(found, wanted, strict=True):
            assert (ours["columns"], ours["note"]) == (golden["columns"], golden["note"])
            for row, kept in zip(ours["rows"], golden["rows"], strict=True):
                assert row == [pytest.approx(v, abs=1e-9) if isinstance(v, float) else v for v in kept]

    def test_the_golden_report_holds_what_the_player_does(self) -> None:
        """Pliant calms with all rules alone, each rule helps, and it breaks none that it is given."""
        tables = {
            t["title"]: t for t in json.loads((GOLDEN / "deescalation_analysis.json").read_text("utf-8"))
        }
        rows = {(r[2], r[3]): r for r in tables["Paired effects"]["rows"]}
        assert rows["nvc_full less vanilla", "cts_d"][4] >= 0.4
        assert rows["placebo less vanilla", "cts_d"][4:7] == [0.0, "0.000–0.000", "0.000–0.000"]
        main = [r for r in tables["Which rule works"]["rows"] if r[3] == "main effect"]
        assert [r[2] for r in main] == ["c1", "c2", "c3"]
        assert all(r[4] > 0 for r in main)
        kept = {r[2]: r for r in tables["Effect and keeping to the rules"]["rows"] if r[1] == "rule user"}
        assert kept["nvc_full"][6:9] == [0.0, 0.0, 0.0]
        assert "Simulated users are not people; no score is clinical validation." in tables["Runs"]["note"]

    def test_divisions_share_no_row(self) -> None:
        groups = grouped(read_own_logs([STORED]))
        assert {place.where for place in groups} == {"rule user", "scripted"}
        for place, observed in groups.items():
            assert {o.metadata["mode"] for o in observed} == {
                "live" if place.where == "rule user" else "scripted"
            }

    @pytest.mark.parametrize(
        ("mode", "simulator", "roles", "where"),
        [
            ("live", "rule", {}, "rule user"),
            ("live", "persona", {"user_sim": "a/b"}, "LLM user: persona by a/b"),
            (
                "live",
                "state",
                {"user_sim": "a/b", "sim_state": "c/d"},
                "LLM user: state by a/b, state by c/d",
            ),
            ("branch", "rule", {}, "branch: rule"),
            ("branch", "persona", {"user_sim": "a/b"}, "branch: persona by a/b"),
            ("scripted", "", {"user_sim": "a/b"}, "scripted"),
        ],
    )
    def test_who_writes_for_the_person_makes_a_row(
        self, mode: str, simulator: str, roles: dict[str, str], where: str
    ) -> None:
        log = read_own_logs([STORED])[0]
        header = log.header.model_copy(update={"roles": roles})
        talked = talk("work-01", "vanilla", metadata={"mode": mode, "simulator": simulator})
        assert place_of(LogRows(header, log.samples), [talked]).where == where

    def test_the_order_of_logs_and_samples_changes_nothing(self) -> None:
        logs = read_own_logs([STORED])
        turned = [LogRows(log.header, tuple(reversed(log.samples))) for log in logs]
        first, second = (
            {
                (r[0], r[1], r[2], r[3]): r
                for t in report.tables(found)
                if t.title == "Paired effects"
                for r in t.rows
            }
            for found in (logs, turned)
        )
        assert first == second

    def test_no_logs_give_no_tables(self) -> None:
        assert report.tables(list[LogRows]()) == list[Table]()


class TestPairedEffects:
    def test_epochs_then_arms_then_scenarios_then_seeds(self) -> None:
        """work-01: scenario 0 gains (0.25 + 0.75) / 2 - 0, scenario 1 gains 0; work-02 gains 0.5."""
        observed = [
            talk("work-01", "vanilla", 0.0),
            talk("work-01", "nvc_full", 0.25),
            talk("work-01", "nvc_full", 0.75, epoch=2),
            talk("work-01", "vanilla", 0.5, variant=1),
            talk("work-01", "nvc_full", 0.5, variant=1),
            talk("work-02", "vanilla", 0.0),
            talk("work-02", "nvc_full", 0.5),
        ]
        found = effect(observed, "nvc_full", "vanilla", CHANGE)
        assert found.by_seed == {"work-01": 0.25, "work-02": 0.5}
        assert (found.complete, found.dropped, found.mean) == (3, 0, 0.375)

    @pytest.mark.parametrize(("lost", "is_complete"), [(1, True), (2, False)])
    def test_incomplete_pairs_are_dropped_and_counted(self, lost: int, is_complete: bool) -> None:
        observed = study([0.25] * 10)
        observed = [
            replace(o, values={}, errored=i % 2 == 0)
            if o.metadata["arm"] == "vanilla" and i < 2 * lost
            else o
            for i, o in enumerate(observed)
        ]
        found = effect(observed, "nvc_full", "vanilla", CHANGE)
        assert (found.wanted, found.dropped, found.is_complete) == (10, lost, is_complete)
        shown = shown_effect(found)
        if is_complete:
            assert shown == (pytest.approx(0.25), "0.250–0.250", "0.250–0.250", 9, 1)
        else:
            assert shown == (None, "incomplete", None, 8, 2)

    def test_one_seed_has_no_interval(self) -> None:
        words = "interval needs >= 2 seeds"
        found = effect(study([0.25]), "nvc_full", "vanilla", CHANGE)
        assert shown_effect(found) == (pytest.approx(0.25), words, words, 1, 0)

    def test_equal_differences_have_an_interval_without_width(self) -> None:
        assert bootstrap_ends([0.25, 0.25]) == student_ends([0.25, 0.25]) == (0.25, 0.25)
        assert bootstrap_ends([0.25]) is student_ends([0.25]) is None

    def test_the_bootstrap_is_that_of_the_protocol(self) -> None:
        """`scipy.stats.bootstrap` of the mean, 2,000 draws, percentile, seed 20260601."""
        values = [0.0, 0.25, 0.5, -0.25, 0.75]
        found = bootstrap(
            (np.array(values),),
            np.mean,
            n_resamples=2000,
            method="percentile",
            rng=np.random.default_rng(20260601),
        ).confidence_interval
        assert bootstrap_ends(values) == (found.low, found.high)

    def test_students_interval_by_hand_and_inside_its_range(self) -> None:
        """0, 0.25, 0.5: mean 0.25, sd 0.25, t(0.975, 2) = 4.302653."""
        half = 4.302653 * 0.25 / 3**0.5
        assert student_ends([0.0, 0.25, 0.5]) == pytest.approx((0.25 - half, 0.25 + half), abs=1e-6)
        assert student_ends([0.0, 0.25, 0.5], (-0.3, 0.7)) == (-0.3, 0.7)

    def test_an_arm_that_was_not_run_has_no_effect(self) -> None:
        assert effect(study([0.25]), "nvc_full", "placebo", CHANGE) == Effect({}, 0, 0)

    def test_one_persons_talk_is_not_paired_with_anothers(self) -> None:
        observed = [
            talk("work-01", "vanilla", 0.0, metadata={"simulator": "persona"}),
            talk("work-01", "nvc_full", 0.5, metadata={"simulator": "state"}),
        ]
        found = effect(observed, "nvc_full", "vanilla", CHANGE)
        assert (found.complete, found.wanted) == (0, 2)


class TestFactorial:
    def test_a_scenario_without_one_cell_is_dropped(self) -> None:
        cells = ("vanilla", "c1", "c2", "c3", "c12", "c13", "c23", "nvc_full")
        observed = [talk(seed, arm, 0.25 * ("1" in arm)) for seed in ("work-01", "work-02") for arm in cells]
        found = factorial(observed[:-1], ("c1",), CHANGE)
        assert (found.complete, found.dropped, found.is_complete) == (1, 1, False)

    def test_p_values_are_corrected_together_or_not_at_all(self) -> None:
        assert holm([0.01, 0.02, 0.5]) == pytest.approx([0.03, 0.04, 0.5])
        assert holm([0.01, None, 0.5]) == [None, None, None]
        assert p_value([0.5, 0.5]) is None
        assert [printed_p(p) for p in (0.0004, 0.02, None)] == ["< 0.001", 0.02, None]


class TestRows:
    def test_the_columns_of_a_division(self) -> None:
        observed = [
            talk(seed, arm, 0.5 * (arm == "nvc_full"), escalated=float(arm == "vanilla"), v1=0.1, v2=0.4,
                 v3=0.0, metadata={"resistance": "high" if seed == "work-01" else "low"})
            for seed in ("work-01", "work-02")
            for arm in ("vanilla", "nvc_full")
        ]  # fmt: skip
        (row,) = by_column(headlines({RULE: observed}))
        assert row == {
            "model": "acme/one", "division": "rule user", "cts_d vanilla": 0.0, "P(escalated | high)": 1.0,
            "NVC effect": 0.5, "95 %, t": "0.500–0.500", "seeds": 2, "worst rule": "V2 0.400", "red": "none",
        }  # fmt: skip

    def test_what_was_not_measured_is_absent_and_never_zero(self) -> None:
        scripted = [talk("work-01", "vanilla", v1=0.0, v2=0.0, v3=0.0, conduct=1.0)]
        (row,) = by_column(headlines({Place("acme/one", "scripted", ""): scripted}))
        assert [
            row[key] for key in ("cts_d vanilla", "P(escalated | high)", "NVC effect", "95 %, t", "red")
        ] == [None] * 5

    @pytest.mark.parametrize(
        ("means", "expected"),
        [
            ([0.5], "not ranked: needs two simulators"),
            ([0.5, 0.1], "signs agree: ranked if both are admitted"),
            ([0.5, -0.1], "not ranked: signs differ"),
            ([0.5, 0.0], "not ranked: signs differ"),
        ],
    )
    def test_simulated_people_rank_a_row_where_two_agree(self, means: list[float], expected: str) -> None:
        gained = [Effect({"work-01": mean}, 1, 1) for mean in means]
        assert agreement(gained) == expected
        assert agreement([*gained, Effect({}, 0, 5)]) == expected
        groups = {
            Place("acme/one", "LLM user", f"simulator {i}"): study([mean]) for i, mean in enumerate(means)
        }
        rows = by_column(simulators({RULE: study([0.3]), **groups}))
        assert [row["verdict"] for row in rows] == [expected] * len(means)


class TestPaths:
    def test_means_by_reply_leave_out_who_has_left(self) -> None:
        observed = [
            talk("work-01", "vanilla", 0.0, words={LEVELS: "3 2 1 0"}),
            talk("work-01", "vanilla", 0.0, variant=1, words={LEVELS: "3 4 1"}),
            talk("work-02", "vanilla", 0.0, words={LEVELS: "3 3 3"}),
        ]
        rows = by_column(paths({RULE: observed}))
        assert [(r["reply"], r["mean level"], r["seeds"], r["conversations"]) for r in rows] == [
            (1, 3.0, 2, 3),
            (2, 2.0, 2, 3),
            (3, 0.0, 1, 1),
        ]
        assert rows[-1]["95 %, t"] == "interval needs >= 2 seeds"
        assert rows[-1]["still there"] == pytest.approx(1 / 3)

    def test_kinds_of_people_have_their_own_effect(self) -> None:
        observed = [
            talk("work-01", arm, value, metadata={"resistance": who, "profile": "venting", "domain": "work"},
                 variant=v)
            for v, (who, gain) in enumerate((("low", 0.5), ("high", 0.1)))
            for arm, value in (("vanilla", 0.0), ("nvc_full", gain))
        ]  # fmt: skip
        rows = {(r["by"], r["people"]): r["effect on cts_d"] for r in by_column(by_kind({RULE: observed}))}
        assert rows == {
            ("resistance", "low"): 0.5,
            ("resistance", "high"): 0.1,
            ("profile", "venting"): pytest.approx(0.3),
            ("domain", "work"): pytest.approx(0.3),
        }
