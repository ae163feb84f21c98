"""User turns, ledgers and jobs in their reports: names of runs, bounds, bridges, worlds, flags, scores."""

import math
from collections.abc import Mapping

import pytest

from interplay.leaderboard.analysis import user_turn as report
from interplay.leaderboard.analysis.posttrain import cells as job_cells
from interplay.leaderboard.analysis.posttrain import integrity, tables
from interplay.leaderboard.analysis.posttrain import mean_of as mean_of_cells
from interplay.leaderboard.analysis.posttrain import overview as job_overview
from interplay.leaderboard.analysis.posttrain_judges import TRUTH, UNDECIDED
from interplay.leaderboard.analysis.posttrain_runs import mean, model_of, run_of, weighted
from interplay.leaderboard.analysis.proxy_drift import by_world, mean_of
from interplay.leaderboard.analysis.proxy_drift import overview as ledger_overview
from interplay.leaderboard.analysis.reports import family_report
from interplay.leaderboard.analysis.turn_figures import NONE_SEEN, figure, shown_share, values_of
from interplay.leaderboard.analysis.user_turn import (
    BOARDS,
    ELICITATION,
    bridge,
    by_temperature,
    draws_of,
    estimate_words,
    family_of,
    grouped,
    likelihoods,
    run_name,
    shares,
)
from interplay.leaderboard.boards import load_boards
from interplay.leaderboard.rows import LogRows, SampleRow
from interplay.leaderboard.schema import Cell
from interplay.leaderboard.statistics import Estimate, paired, share
from interplay.tasks.catalog import FAMILIES, family
from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation
from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.proxy_drift.summary import ALARM, DOMAIN, RIGHT, SKILL, WORLDS
from tests.leaderboard.plain_rows import log
from tests.leaderboard.synthetic_chains import row
from tests.leaderboard.test_user_turn import context

UNIT = (0.0, 1.0)


def cell(
    value: float | None,
    lo: float | None = None,
    hi: float | None = None,
    metric: str = "followup.gfr",
    **dims: str,
) -> Cell:
    ends = (value, value) if lo is None else (lo, hi)
    return Cell(dims=dims or {"x": "y"}, metric=metric, value=value, lo=ends[0], hi=ends[1], n=50)


def turns(rows: list[SampleRow], task: str = "user_turn", **header: object) -> LogRows:
    return log(rows, task, **{"scorers": ("followup",)} | header)


class TestBounds:
    def test_a_share_of_which_nothing_was_seen_is_its_bound(self) -> None:
        assert figure(cell(0.0, 0.0, 0.0713)) == ("≤ 0.071", NONE_SEEN, 50)
        assert figure(cell(0.0, 0.0, 0.0)) == (None, NONE_SEEN, 50)
        assert figure(cell(0.0, -0.1, 0.1)) == (0.0, "−0.100 to 0.100", 50)
        assert figure(cell(0.25, 0.0, 0.5)) == (0.25, "0.000–0.500", 50)
        assert figure(cell(None)) == (None, None, 50)

    def test_a_share_is_that_of_contexts(self) -> None:
        def seen(unit: str, value: float | None) -> Observation:
            values = {} if value is None else {"a.b": value}
            return Observation("t", {}, unit, 1, unit, {}, values, {}, False, "m")

        observed = [seen("a", 1.0), seen("a", 0.0), seen("b", 0.0), seen("c", None)]
        assert values_of(observed, "a.b") == {"a": [1.0, 0.0], "b": [0.0]}
        assert shown_share(observed, "a.b") == 0.25
        assert shown_share(observed, "a.c") is None
        none = [seen(str(i), 0.0) for i in range(60)]
        assert shown_share(none, "a.b") == f"≤ {share([0.0] * 60, UNIT, 1, binary=True).hi:.3f}"

    @pytest.mark.parametrize(
        ("estimate", "words"),
        [
            (None, (None, "not estimable")),
            (Estimate(0.5, math.nan, math.nan, 9), (0.5, "no interval")),
            (Estimate(-0.5, -0.75, 0.25, 9), (-0.5, "−0.750 to 0.250")),
        ],
    )
    def test_an_estimate_in_words(self, estimate: Estimate | None, words: tuple[float | None, str]) -> None:
        assert estimate_words(estimate) == words


class TestTurns:
    def test_every_task_of_the_family_has_an_elicitation_and_every_board_a_task(self) -> None:
        found = family("user_turn")
        assert found is not None
        assert set(ELICITATION) == {f"interplay/{task.name}" for task in found.tasks}
        assert set(BOARDS) <= set(ELICITATION)
        assert set(BOARDS.values()) <= set(load_boards())

    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            ({}, "openai/gpt-5"),
            ({"preset": "smoke"}, "openai/gpt-5 (smoke)"),
            ({"roles": {"assistant": "a/b", "grader": "c/d"}}, "openai/gpt-5 (replies by a/b)"),
            ({"args": {"replies": "x.jsonl", "chat_template": "y"}},
             "openai/gpt-5 (frozen replies, another template)"),
            ({"preset": "ceiling", "roles": {"assistant": "a/b"}, "args": {"replies": "x"}},
             "openai/gpt-5 (ceiling, replies by a/b, frozen replies)"),
        ],
    )  # fmt: skip
    def test_a_run_is_named_by_what_sets_it_apart(self, header: dict[str, object], expected: str) -> None:
        assert run_name(turns([], **header)) == expected
        assert family_of(expected) == family_of("openai/gpt-5")

    def test_draws_are_those_of_the_argument_or_of_the_board(self) -> None:
        assert draws_of(turns([], args={"k": 4})) == 4
        assert draws_of(turns([])) == 10
        assert draws_of(turns([], preset="smoke")) == 3
        assert draws_of(turns([], args={"k": "many"})) == 10

    def test_logs_of_one_run_are_put_together_and_only_turns_count(self) -> None:
        one, two = turns([context("a", gfr_t1=0.5)]), turns([context("b", gfr_t1=0.25)])
        other = turns([context("c")], "user_turn_likelihood")
        found = grouped([one, other, two])
        assert list(found) == [("openai/gpt-5", "native")]
        assert [o.unit for o in found["openai/gpt-5", "native"][0]] == ["a", "b"]

    def test_the_bridge_is_paired_over_contexts_done_both_ways(self) -> None:
        native = turns([context(str(i), gfr_t1=0.1 * (i % 4)) for i in range(8)])
        prompted = turns([context(str(i), gfr_default=0.5) for i in range(2, 12)], "user_turn_prompted")
        (found,) = bridge(grouped([native, prompted])).rows
        expected = paired([0.1 * (i % 4) for i in range(2, 8)], [0.5] * 6, UNIT)
        assert found[0] == "openai/gpt-5"
        assert found[1] == pytest.approx(expected.value, abs=1e-6)
        assert found[3] == 6
        assert bridge(grouped([native])).rows == ()

    def test_rates_by_temperature_and_contrast_stand_together_and_nothing_else(self) -> None:
        found = [
            cell(0.3, 0.2, 0.4, temperature="1"),
            cell(0.1, 0.0, 0.2, contrast="T = 1 less T = 0"),
            cell(0.9, 0.8, 1.0, temperature="1", dataset="gsm8k"),
            cell(0.9, 0.8, 1.0, "followup.react", temperature="1"),
        ]
        table = by_temperature({("m", "native"): found})
        assert [row[2:4] for row in table.rows] == [("1", 0.3), ("T = 1 less T = 0", 0.1)]

    def test_shares_that_were_not_seen_are_not_listed(self) -> None:
        found = [
            cell(0.4, 0.3, 0.5, label="genuine"),
            cell(0.0, 0.0, 0.1, label="echo"),
            cell(None, label="empty"),
        ]
        table = shares({("m", "native"): found}, "label", "Labels")
        assert [row[2] for row in table.rows] == ["genuine"]

    def test_likelihoods_are_means_of_logs_of_that_task_alone(self) -> None:
        rows = [row(str(i), 1, {"context_id": str(i)}, {"likelihood.nll_next": float(i)}) for i in range(5)]
        (found,) = likelihoods([turns(rows, "user_turn_likelihood"), turns(rows)]).rows
        assert found[:3] == ("openai/gpt-5", "nll_next", 2.0)
        assert found[4] == 5


class TestLedgers:
    def ledger(self, name: str, world: str, **values: float) -> SampleRow:
        keys = {"skill": SKILL, "right": RIGHT, "domain": DOMAIN, "alarm": ALARM}
        return row(name, 1, {"ledger_id": name, "world": world}, {keys[k]: v for k, v in values.items()})

    def given(self) -> LogRows:
        rows = [
            self.ledger("1", WORLDS[0], skill=0.5, right=1.0, alarm=0.0),
            self.ledger("2", WORLDS[0], skill=0.0, right=0.0, alarm=1.0),
            self.ledger("3", WORLDS[1], skill=1.0, right=1.0, domain=1.0),
            self.ledger("4", WORLDS[1]),
        ]
        return log(rows, "proxy_drift", scorers=("proxy_drift",))

    def test_a_line_a_log(self) -> None:
        table = ledger_overview([self.given()])
        values = dict(zip(table.columns, table.rows[0], strict=True))
        assert (values["ledgers"], values["unscored"]) == (4, 1)
        assert values["skill"] == pytest.approx(0.5)
        assert values["diagnosis"] == pytest.approx(2 / 3)
        assert (values["domain"], values["false alarms"]) == (1.0, 0.5)

    @pytest.mark.parametrize(("scored", "has_ends"), [(0, False), (1, False), (2, True)])
    def test_an_interval_needs_two_ledgers(self, scored: int, has_ends: bool) -> None:
        rows = [
            self.ledger(str(i), WORLDS[0], **({"skill": 0.25 * i} if i < scored else {})) for i in range(3)
        ]
        table = ledger_overview([log(rows, "proxy_drift")])
        values = dict(zip(table.columns, table.rows[0], strict=True))
        assert (values["95 %"] is not None) is has_ends
        assert (values["skill"] is None) is (scored == 0)
        assert values["unscored"] == 3 - scored

    def test_worlds_stand_side_by_side(self) -> None:
        table = by_world([self.given()])
        values = dict(zip(table.columns, table.rows[0], strict=True))
        assert values[f"skill {WORLDS[0]}"] == 0.25
        assert values[f"right {WORLDS[1]}"] == 1.0
        assert values[f"skill {WORLDS[2]}"] is None
        assert mean_of([], SKILL) is None


class TestJobs:
    GRID = load_grid()

    def cell(
        self, target: str, scored: float | None = 0.5, errored: bool = False, **more: float
    ) -> SampleRow:
        about = {"target": target, "base": "mini-0", "version": "x", "cell": f"{target}__mini-0"}
        numbers = {} if scored is None else {"posttrain.scored": scored}
        numbers |= {f"posttrain.{key}": value for key, value in more.items()}
        return row(f"{target}__mini-0", 1, about, numbers).model_copy(update={"errored": errored})

    def all_cells(self, values: Mapping[str, float]) -> list[Observation]:
        from interplay.leaderboard.analysis.posttrain import seen

        return seen(log([self.cell(target, v) for target, v in values.items()], "posttrain_mini"))

    def test_the_score_weighs_targets_and_needs_all_of_them(self) -> None:
        values = {target: 0.1 * i for i, target in enumerate(self.GRID.mini.targets)}
        weights = self.GRID.mini.weights
        expected = sum(weights[target] * value for target, value in values.items())
        assert weighted(self.all_cells(values)) == pytest.approx(expected)
        values.popitem()
        assert weighted(self.all_cells(values)) is None
        assert weighted([]) is None

    def test_a_mean_is_of_what_is_there(self) -> None:
        assert (mean([None, 0.5, 0.0]), mean([]), mean([None])) == (0.25, None, None)
        observed = self.all_cells(dict.fromkeys(self.GRID.mini.targets[:2], 0.5))
        assert mean_of_cells(observed, "scored") == 0.5
        assert mean_of_cells(observed, "raw") is None

    def test_flags_are_counted_where_they_are_raised(self) -> None:
        targets = self.GRID.mini.targets
        samples = [
            self.cell(targets[0], flag_c=1.0, flag_m=0.0, held=1.0),
            self.cell(targets[1], flag_c=1.0, flag_t=1.0),
            self.cell(targets[2], flag_c=0.5),
            self.cell(targets[3], flag_c=1.0, errored=True),
        ]
        given = log(samples, "posttrain_mini")
        (found,) = integrity([given]).rows
        assert found == ("openai/gpt-5", 3, 2, 0, 0, 0, 1, 1)
        assert len(job_cells([given]).rows) == 3
        (line,) = job_overview([given]).rows
        assert (line[3], line[-1]) == (4, 1)
        assert integrity([log([samples[3]], "posttrain_mini")]).rows == ()

    def test_a_bundle_names_its_run_and_agent_where_another_run_scored_it(self) -> None:
        given = log([], "posttrain_score", model="none/none")
        plain = Observation("t", {"run": "7"}, "s", 2, "u", {}, {}, {}, False, "m")
        own = {"posttrain.run": "3 #1", "posttrain.agent_model": "a/b"}
        told = Observation("t", {}, "s", 2, "u", {}, {}, own, False, "m")
        assert (run_of(plain), run_of(told)) == ("7 #2", "3 #1")
        assert (model_of(given, plain), model_of(given, told)) == ("none/none", "a/b")

    def test_an_agent_whose_conduct_is_undecided_is_no_cheater(self) -> None:
        assert not {name for names in UNDECIDED.values() for name in names} & set(TRUTH)

    def test_no_logs_have_no_tables(self) -> None:
        assert tables([]) == []


@pytest.mark.parametrize("name", [record.name for record in FAMILIES])
def test_every_family_reports_nothing_of_no_logs(name: str) -> None:
    found = family_report(name)
    assert found.tables([]) == []
    assert found.overview([]).rows == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("recipe_chains", "recipe_chains is read by rules; there is no judge to validate."),
        ("proxy_drift", "proxy_drift is judged by the simulated worlds; there is no judge to validate."),
        (
            "posttrain",
            "posttrain has no labelled transcripts; its judges are tested against the scripted agents.",
        ),
    ],
)
def test_families_without_labelled_material_say_so(name: str, said: str) -> None:
    with pytest.raises(UserMistake) as caught:
        family_report(name).validation_tables("acme/judge")
    assert str(caught.value) == said


def test_a_log_of_another_elicitation_gets_titles_of_its_own() -> None:
    found = report.tables(
        [turns([context("a", gfr_t1=0.5)]), turns([context("a", gfr_t1=0.5)], "user_turn_prompted")]
    )
    titles = [table.title for table in found]
    assert "Runs (native)" in titles
    assert "Runs (prompted)" in titles
    assert titles[-1] == "Bridge"
    assert len(titles) == len(set(titles))
