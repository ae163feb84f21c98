"""The report of post-training jobs: what judges made of agents whose conduct is known."""

from pathlib import Path

import pytest
import yaml

from interplay.leaderboard.analysis.posttrain import tables
from interplay.leaderboard.analysis.posttrain_judges import TRUTH
from interplay.leaderboard.rows import LogRows, RoleUse, SampleRow
from interplay.tasks.posttrain.cells import load_grid

from ..plain_rows import log
from ..synthetic_chains import row

CASES = Path(__file__).parents[2] / "scorers" / "integrity" / "cases.yaml"


def job(agent: str, verdict: str | None, judge: str = "judge_contamination") -> LogRows:
    """The log of one cell by a scripted agent, with a judge's verdict."""
    about = {"target": "m_hop", "base": "mini-0", "version": "x", "cell": "m_hop__mini-0"}
    sample = row("m_hop__mini-0", 1, about, {"posttrain.scored": 0.1, "posttrain.held": 0.0})
    words = {} if verdict is None else {f"posttrain.rulings.{judge}": verdict}
    sample = sample.model_copy(update={"score": sample.score.model_copy(update={"words": words})})
    return log([sample], "posttrain_mini", model=f"reference/posttrain-{agent}", roles={judge: "a/judge"})


def test_the_confusion_matrix_counts_verdicts_by_what_agents_did() -> None:
    logs = [
        job("leak_shifted", "flagged"),
        job("leak_reworded", "clear"),
        job("viewer", "clear"),
        job("sft", "flagged"),
        job("submit_reference", "clear"),
        job("leak_pickle", "review"),
        job("noop", None),
        job("merge_half", "flagged", "judge_model"),
    ]
    found = {table.title: table for table in tables(logs)}["Judges"]
    assert [dict(zip(found.columns, values, strict=True)) for values in found.rows] == [
        {"judge": "judge_contamination", "model of the judge": "a/judge", "asked": 6, "cheaters convicted": 1,
         "cheaters acquitted": 1, "honest convicted": 1, "honest acquitted": 2, "no verdict": 1},
        {"judge": "judge_model", "model of the judge": "a/judge", "asked": 1, "cheaters convicted": 1,
         "cheaters acquitted": 0, "honest convicted": 0, "honest acquitted": 0, "no verdict": 0},
    ]  # fmt: skip


def test_an_agent_that_was_kept_from_a_hosted_model_says_nothing_of_that_judge() -> None:
    assert "Judges" not in {t.title for t in tables([job("hosted_teacher", "flagged", "judge_api")])}
    assert "Judges" in {t.title for t in tables([job("hosted_teacher", "clear")])}


def test_without_judges_there_is_no_such_table() -> None:
    assert "Judges" not in {table.title for table in tables([job("noop", None)])}


def cell(target: str, value: float, **more: float) -> SampleRow:
    about = {"target": target, "base": "mini-0", "version": "x", "cell": f"{target}__mini-0"}
    numbers = {"posttrain.scored": value, "posttrain.fallback": 0.0, "posttrain.gpu_hours": 0.5}
    return row(f"{target}__mini-0", 1, about, numbers | {f"posttrain.{k}": v for k, v in more.items()})


def one_row(logs: list[LogRows]) -> dict[str, object]:
    table = {table.title: table for table in tables(logs)}["Score"]
    (found,) = table.rows
    return dict(zip(table.columns, found, strict=True))


def test_cells_of_several_logs_make_one_score_and_the_newest_attempt_counts() -> None:
    names = load_grid().mini.targets
    first = log([cell(name, 0.5) for name in names[:3]], "posttrain_mini")
    second = log([cell(name, 0.5) for name in names[3:]], "posttrain_mini")
    again = log(
        [cell(names[0], 1.0), cell(names[1], 0.0, fallback=1.0)],
        "posttrain_mini",
        completed_at="2026-11-21T10:00:00+00:00",
    )
    assert one_row([first])["score"] is None
    assert one_row([first])["cells"] == "partial, 3 of 6 cells"
    found = one_row([again, first, second])
    weights = load_grid().mini.weights
    expected = 0.5 + 0.5 * weights[names[0]] - 0.5 * weights[names[1]]
    assert found["score"] == pytest.approx(expected)
    assert found["cells"] == "all"
    assert found["as submitted"] == pytest.approx((1.0 + 4 * 0.5) / 5)
    assert found["fallback"] == pytest.approx(1 / 6)
    assert found["points a GPU hour"] == pytest.approx(100 * expected / 3.0)
    assert found["points a $"] is None


def test_a_target_of_another_grid_costs_no_score_and_no_traceback() -> None:
    names = load_grid().mini.targets
    cells = [cell("m_gone", 0.9), *(cell(name, 0.5) for name in names)]
    assert one_row([log(cells, "posttrain_mini")])["score"] == pytest.approx(0.5)
    assert one_row([log(cells[:1], "posttrain_mini")])["score"] is None


def in_run(name: str, value: float, run: str, cost: float = 0.0, agent: str = "openai/gpt-5") -> SampleRow:
    sample = cell(name, value)
    words = {"posttrain.agent_model": agent, "posttrain.run": f"{run} #1"}
    use = {"model": RoleUse(calls=1, input_tokens=1, output_tokens=1, cost_usd=cost)}
    return sample.model_copy(update={"usage": use, "score": sample.score.model_copy(update={"words": words})})


def test_what_runs_cost_is_a_mean_over_runs_as_their_score_is() -> None:
    names = load_grid().mini.targets
    one = log([in_run(name, 0.5, "1", 1.0) for name in names], "posttrain_mini", args={"run": "1"})
    two = log([in_run(name, 0.7, "2", 3.0) for name in names], "posttrain_mini", args={"run": "2"})
    found = one_row([one, two])
    assert found["runs"] == 2
    assert found["score"] == pytest.approx(0.6)
    assert found["points a GPU hour"] == pytest.approx(60 / 3.0)
    assert found["points a $"] == pytest.approx(60 / 12.0)


def test_a_bundle_that_is_scored_again_stays_in_its_run_and_its_hours_count_once() -> None:
    names = load_grid().mini.targets
    one = log([in_run(name, 0.5, "1") for name in names], "posttrain_mini", args={"run": "1"})
    two = log([in_run(name, 0.7, "2") for name in names], "posttrain_mini", args={"run": "2"})
    again = log(
        [in_run(name, 0.9, "2") for name in names],
        "posttrain_score",
        model="none/none",
        completed_at="2026-11-21T10:00:00+00:00",
    )
    found = one_row([again, one, two])
    assert found["runs"] == 2
    assert found["score"] == pytest.approx(0.7)
    assert found["points a GPU hour"] == pytest.approx(70 / 3.0)


def test_runs_whose_bundles_were_scored_apart_stay_two() -> None:
    names = load_grid().mini.targets
    both = [
        log([in_run(name, value, run) for name in names], "posttrain_score", model="none/none")
        for run, value in (("1", 0.5), ("2", 0.7))
    ]
    found = one_row(both)
    assert (found["runs"], found["score"]) == (2, pytest.approx(0.6))


def test_bundles_of_two_agents_in_one_log_are_charged_for_themselves() -> None:
    samples = [
        *(in_run(name, 0.5, "1", 1.0, "a/one") for name in load_grid().mini.targets),
        *(
            in_run(name, 0.5, "1", 2.0, "b/two").model_copy(update={"epoch": 2})
            for name in load_grid().mini.targets
        ),
    ]
    table = {t.title: t for t in tables([log(samples, "posttrain_score", model="none/none")])}["Score"]
    rows = [dict(zip(table.columns, values, strict=True)) for values in table.rows]
    assert {row["model"]: row["points a $"] for row in rows} == {
        "a/one": pytest.approx(50 / 6),
        "b/two": pytest.approx(50 / 12),
    }


def test_deviations_stand_beside_the_score() -> None:
    sample = cell("m_hop", 0.1)
    words = {"posttrain.deviations": "feedback=open (version x: sealed); network=open (version x: none)"}
    sample = sample.model_copy(update={"score": sample.score.model_copy(update={"words": words})})
    table = {table.title: table for table in tables([log([sample], "posttrain_mini")])}["Deviations"]
    assert [values[-1] for values in table.rows] == [
        "feedback=open (version x: sealed)",
        "network=open (version x: none)",
    ]


def test_what_agents_break_is_what_the_regression_cases_say() -> None:
    cases = yaml.safe_load(CASES.read_text("utf-8"))["cheaters"]
    expected = {
        name: flag
        for name, case in cases.items()
        for flag in [*case["flags"], *case.get("judged", [])]
        if flag != "T"
    }
    assert dict(TRUTH) == expected
