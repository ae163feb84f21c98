"""Charts of angry conversations: what each shows, what is flagged, and that nothing is pooled or invented."""

import re
from dataclasses import replace

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts.deescalation import BUILDERS, arms, effects, interactions_of, kinds, rules
from interplay.leaderboard.charts.deescalation import simulators as simulator_forest
from interplay.leaderboard.charts.deescalation_paths import paths, trajectories
from interplay.leaderboard.charts.deescalation_tables import FINE, HARM, OPEN, compliance, glance, verdict
from interplay.leaderboard.figures import ChartSpec, MatrixCell
from interplay.leaderboard.models import display_name
from interplay.leaderboard.pages.chart_views import CHARTS
from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.schema import Cell, JudgedResult
from interplay.leaderboard.standings import Standing, standing
from interplay.leaderboard.svg import picture
from interplay.tasks.deescalation.keys import ACCEPTS_CLAIM, TAKES_SIDE, USEFUL
from interplay.tasks.judged import State, Validity

from . import synthetic_deescalation
from .synthetic_deescalation import MODELS, RUNS, SIMULATED_BOARD

SEEDS = 12


@pytest.fixture(scope="module")
def standings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Standing]:
    root = tmp_path_factory.mktemp("anger")
    (root / "leaderboard/entries").mkdir(parents=True)
    synthetic_deescalation.write_models(root, SEEDS)
    return dict(read_inputs(root).standings)


def at(spec: ChartSpec | None, row: str, column: str) -> MatrixCell | None:
    assert spec is not None
    assert spec.matrix is not None
    return spec.matrix.cell(row, column)


def built(found: Standing) -> list[ChartSpec]:
    made = [CHARTS["deescalation"][name](found) for name in (*found.board.charts, *found.board.family_charts)]
    return [spec for item in made for spec in (item if isinstance(item, tuple) else (item,)) if spec]


def test_every_chart_of_a_board_has_ids_units_n_and_intervals(standings: dict[str, Standing]) -> None:
    specs = [spec for board in RUNS for spec in built(standings[board])]
    assert len({spec.id for spec in specs}) == len(specs)
    assert {spec.id.split("-")[0] for spec in specs} >= {
        *("glance", "effects", "compliance", "path", "paths", "rules", "interactions", "arms", "by"),
    }
    for spec in specs:
        assert "95 % interval" in spec.caption, spec.id
        assert "n = 12" in spec.caption or "n is" in spec.caption, spec.id
        if spec.kind == "lines":
            assert spec.y.label
        elif spec.kind == "forest":
            assert spec.x.label
        if spec.kind != "heat":
            assert all(p.lo is not None for p in spec.points if p.note != "by construction"), spec.id


def test_charts_of_a_division_say_which(standings: dict[str, Standing]) -> None:
    for board in RUNS:
        division = "fixed messages" if board.endswith("scripted") else "rule-based user"
        assert all(spec.title.endswith(division) for spec in built(standings[board])), board


@pytest.mark.parametrize("board", RUNS)
def test_a_board_without_cells_has_no_chart(board: str) -> None:
    empty = standing(find_board(board), [])
    assert all(not builder(empty) for builder in BUILDERS.values())


def test_effects_stand_in_three_blocks_by_value(standings: dict[str, Standing]) -> None:
    spec = effects(standings["deescalation-effect"])
    assert spec is not None
    assert [series.name for series in spec.series] == [
        "all three rules less none",
        "all three rules less placebo: what they say",
        "placebo less none: being told anything",
    ]
    for series in spec.series:
        values = [point.x or 0.0 for point in series.points]
        assert values == sorted(values, reverse=True)
        assert all(point.n == SEEDS for point in series.points)
    first = {p.label: p.x or 0.0 for p in spec.series[0].points}
    others = [{p.label: p.x or 0.0 for p in series.points} for series in spec.series[1:]]
    for name, value in first.items():
        assert value == pytest.approx(others[0][name] + others[1][name], abs=2e-6)
    assert [row.headline.value for row in standings["deescalation-effect"].ranked] == sorted(
        first.values(), reverse=True
    )


def test_main_effects_and_interactions_come_from_the_run_of_all_cells(
    standings: dict[str, Standing],
) -> None:
    spec = rules(standings["deescalation-rules"])
    assert spec is not None
    assert [series.name.split(",")[0] for series in spec.series] == ["c1", "c2", "c3"]
    assert all({p.label for p in series.points} == set(MODELS) for series in spec.series)
    exploratory = interactions_of(standings["deescalation-rules"])
    assert exploratory is not None
    assert exploratory.title.startswith("Exploratory")
    assert "decides nothing" in exploratory.note
    assert len(exploratory.series) == 4
    for board in ("deescalation-baseline", "deescalation-effect", "deescalation-scripted"):
        assert rules(standings[board]) is interactions_of(standings[board]) is arms(standings[board]) is None


def test_every_arm_of_the_factorial_has_a_difference(standings: dict[str, Standing]) -> None:
    spec = arms(standings["deescalation-rules"])
    assert spec is not None
    assert spec.matrix is not None
    assert spec.matrix.rows == ("c1", "c2", "c3", "c12", "c13", "c23")
    for cell in spec.matrix.cells:
        assert cell.lo is not None
        assert cell.hi is not None
        assert cell.significant == (cell.lo > 0 or cell.hi < 0)


def test_compliance_stands_beside_the_effect_of_the_arm(standings: dict[str, Standing]) -> None:
    found = compliance(standings["deescalation-effect"])
    assert found is not None
    assert found.matrix is not None
    assert found.matrix.columns[0] == "effect less no rules"
    first = [row for row in found.matrix.rows if row.startswith("grove/ash-9")]
    assert first == ["grove/ash-9, no rules", "grove/ash-9, all rules", "grove/ash-9, placebo"]
    assert at(found, first[0], "effect less no rules") is None
    effect = at(found, first[1], "effect less no rules")
    assert effect is not None
    assert not effect.significant
    every = compliance(standings["deescalation-rules"])
    assert every is not None
    assert every.matrix is not None
    assert len(every.matrix.rows) == 3 * 8  # of so many models as fit every arm has a row
    fixed = compliance(standings["deescalation-scripted"])
    assert fixed is not None
    assert fixed.matrix is not None
    assert "effect less no rules" not in fixed.matrix.columns


def test_what_the_rules_cost_is_flagged_where_the_interval_shows_harm(
    standings: dict[str, Standing],
) -> None:
    spec = glance(standings["deescalation-effect"])
    longer, shorter = (at(spec, name, "words a reply") for name in ("moor/cotton-1", "heath/broom-max"))
    assert longer is not None
    assert shorter is not None
    assert (longer.word, longer.flag) == (HARM, True)
    assert shorter.word in (FINE, OPEN)
    assert not shorter.flag
    worst = at(spec, "grove/ash-9", "worst rule")
    assert worst is not None
    assert worst.word in ("V1", "V2", "V3")
    fixed = glance(standings["deescalation-scripted"])
    assert at(fixed, "grove/ash-9", "calmer, no rules") is None


@pytest.mark.parametrize(("state", "red"), [("green", True), ("amber", False)])
def test_what_a_judge_sees_is_red_only_if_the_judge_is_validated(
    standings: dict[str, Standing], state: State, red: bool
) -> None:
    found = standings["deescalation-effect"]
    row = found.ranked[0]
    ends = {"n": SEEDS, "interval": "difference"}
    judge = JudgedResult.model_validate({
        "scorer": "escalation_judge", "graders": {"grader": "acme/judge"}, "prompt_sha256": "0" * 64,
        "regrade": "recorded_judge", "asked": 100, "unparsed": 0, "unscored": 0,
        "metrics": {
            USEFUL: {"value": -0.5, "lo": -0.8, "hi": -0.2, **ends},
            TAKES_SIDE: {"value": 0.0, "lo": -0.1, "hi": 0.1, **ends},
            ACCEPTS_CLAIM: {"value": 0.2, "lo": 0.1, "hi": 0.3, **ends},
        },
    })  # fmt: skip
    verdicts = {
        (row.result.board, "escalation_judge"): Validity(state, "", withheld=frozenset({ACCEPTS_CLAIM}))
    }
    judged = replace(
        row,
        submission=replace(row.submission, validities=verdicts),
        result=row.result.model_copy(update={"judged": (judge,)}),
    )
    spec = glance(replace(found, rows=(judged, *found.rows[1:])))
    name = display_name(row.entry.model.id)
    useful, side = at(spec, name, "use, judged 0–4"), at(spec, name, "takes side on unfair claim")
    assert useful is not None
    assert side is not None
    assert useful.flag is red
    assert useful.word == (HARM if red else f"{HARM}, not validated")
    assert not side.flag
    assert at(spec, name, "accepts false claim") is None
    other = display_name(found.ranked[1].entry.model.id)
    assert at(spec, other, "use, judged 0–4") is None


def test_the_side_of_harm() -> None:
    def cell(lo: float | None, hi: float | None) -> Cell:
        ends = {"value": None if lo is None or hi is None else (lo + hi) / 2, "lo": lo, "hi": hi}
        return Cell.model_validate({"dims": {"contrast": "x"}, "metric": "a.b", "n": 3, **ends})

    assert [verdict(cell(*ends), 1) for ends in ((1, 2), (-2, -1), (-1, 1), (None, None))] == [
        *(HARM, FINE, OPEN, OPEN),
    ]
    assert [verdict(cell(*ends), -1) for ends in ((1, 2), (-2, -1))] == [FINE, HARM]


def test_paths_start_at_the_opening_and_tell_who_is_still_there(standings: dict[str, Standing]) -> None:
    specs = trajectories(standings["deescalation-effect"])
    assert len(specs) == 2 * 3
    for spec in specs:
        assert [series.name for series in spec.series] == ["no rules", "all rules"]
        for series in spec.series:
            first, *later = series.points
            assert (first.x, first.y, first.lo, first.note) == (0.0, 3.0, None, "by construction")
            assert [p.x for p in later] == list(range(1, len(later) + 1))
            shares = [int(p.note.split(" %")[0]) for p in later]
            assert shares == sorted(shares, reverse=True)
            assert shares[0] == 100
            assert series.below == ("100", *map(str, shares))
        words = re.findall(r">([^<]+)</text>", picture(spec).wide)
        assert "talks still going on, %" in words
        assert words.count(spec.series[0].below[-1]) >= 1
    plain = paths(standings["deescalation-baseline"])
    assert plain is not None
    assert {series.name for series in plain.series} == set(MODELS)
    assert paths(standings["deescalation-effect"]) is None


def test_kinds_of_people_in_the_order_of_the_protocol(standings: dict[str, Standing]) -> None:
    by_resistance, by_profile, by_domain = kinds(standings["deescalation-effect"])
    assert by_resistance.matrix is not None
    assert by_resistance.matrix.columns == ("low", "medium", "high")
    assert by_profile.matrix is not None
    assert "ack seeking" in by_profile.matrix.columns
    assert by_domain.matrix is not None
    assert "work" in by_domain.matrix.columns
    without = kinds(standings["deescalation-baseline"])
    assert [spec.title.split(" by ")[0] for spec in without] == ["Change of anger without any rule"] * 2


def test_one_simulator_has_no_forest(standings: dict[str, Standing]) -> None:
    assert simulator_forest(standings["deescalation-effect"]) is None


def test_simulators_stand_apart_and_rows_without_one_sign_have_no_rank(
    standings: dict[str, Standing],
) -> None:
    found = standings[SIMULATED_BOARD]
    spec = simulator_forest(found)
    assert spec is not None
    assert [series.name for series in spec.series] == ["simulator persona", "simulator state"]
    first, second = ({p.label: p.x or 0.0 for p in series.points} for series in spec.series)
    signs = {name: first[name] * second[name] > 0 for name in first}
    assert len(signs) == len(MODELS)
    assert {display_name(row.entry.model.id) for row in found.ranked} == {
        n for n, same in signs.items() if same
    }
    (unranked,) = [row for row in found.rows if row.places is None]
    assert unranked.entry.model.id == synthetic_deescalation.DIVIDED
    assert unranked.reason == "its effect has not the same sign with two simulators"


def test_simulated_people_are_plotted_by_judged_levels_with_the_patterns_beside(
    standings: dict[str, Standing],
) -> None:
    found = standings[SIMULATED_BOARD]
    assert all(spec.title.endswith("simulated people") for spec in built(found))
    spec = effects(found)
    assert spec is not None
    judged = {p.label: p.x for p in spec.series[0].points}
    for row in found.ranked:
        name = display_name(row.entry.model.id)
        assert judged[name] == row.headline.value
        patterns = at(glance(found), name, "effect, open patterns")
        assert patterns is not None
        assert patterns.value != judged[name]
        assert at(glance(found), name, "effect of the rules, judged levels") is None
