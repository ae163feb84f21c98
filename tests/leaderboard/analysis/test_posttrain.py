"""The report of post-training jobs: what judges made of agents whose conduct is known."""

from pathlib import Path

import yaml

from interplay.leaderboard.analysis.posttrain import tables
from interplay.leaderboard.analysis.posttrain_judges import TRUTH
from interplay.leaderboard.rows import LogRows

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


def test_without_judges_there_is_no_such_table() -> None:
    assert "Judges" not in {table.title for table in tables([job("noop", None)])}


def test_what_agents_break_is_what_the_regression_cases_say() -> None:
    cases = yaml.safe_load(CASES.read_text("utf-8"))["cheaters"]
    expected = {
        name: flag
        for name, case in cases.items()
        for flag in [*case["flags"], *case.get("judged", [])]
        if flag != "T"
    }
    assert dict(TRUTH) == expected
