"""Sealed feedback on the host: one number to two places, forty times, and nothing about single items."""

import asyncio
from pathlib import Path

import pytest

from interplay.solvers.posttrain_feedback import MOST_QUERIES, Feedback
from interplay.solvers.posttrain_state import append_line, identity_of, open_job, whole_lines
from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.targets import load_target

IDENTITY = identity_of("1.0.0", {"run": "1"}, "m_call__mini-0", "reference/posttrain-sft", 1)
CELL = load_grid().cells("x", "mini", targets=["m_call"])[0]
ITEMS = load_target("m_call").items()


def test_the_answer_is_one_number_and_the_queries_that_are_left(tmp_path: Path) -> None:
    with open_job(tmp_path, IDENTITY) as job:
        feedback = Feedback(job, CELL)
        texts = [item.gold for item in ITEMS[:2]] + ["wrong"]
        assert asyncio.run(feedback.grade(texts)) == {"accuracy": 0.67, "n": 3, "queries_left": 39}
        (line,) = whole_lines(job.folder / "queries.jsonl")
        assert set(line) == {"t", "verdict", "n", "accuracy"}


def test_after_forty_queries_it_says_no(tmp_path: Path) -> None:
    with open_job(tmp_path, IDENTITY) as job:
        for n in range(MOST_QUERIES):
            append_line(job.folder / "queries.jsonl", {"t": n, "verdict": "answered"})
        answer = asyncio.run(Feedback(job, CELL).grade(["x"]))
        assert answer == {"error": "all 40 queries are used", "accuracy": None, "n": 0, "queries_left": 0}
        assert whole_lines(job.folder / "queries.jsonl")[-1]["verdict"] == "refused"


@pytest.mark.parametrize(
    ("outputs", "says"),
    [
        (None, "outputs must be a list"),
        ([], "outputs must be a list"),
        ("text", "outputs must be a list"),
        ([1], "every output must be a text"),
        (["x"] * 101, "101 outputs for 100 items"),
    ],
)
def test_what_is_no_list_of_answers_costs_no_query(tmp_path: Path, outputs: object, says: str) -> None:
    with open_job(tmp_path, IDENTITY) as job:
        answer = asyncio.run(Feedback(job, CELL).grade(outputs))
        assert isinstance(answer, dict)
        assert says in str(answer["error"])
        assert answer["queries_left"] == MOST_QUERIES


def test_overlap_is_told_by_text_and_is_no_query(tmp_path: Path) -> None:
    with open_job(tmp_path, IDENTITY) as job:
        feedback = Feedback(job, CELL)
        leak = f"{ITEMS[0].prompt} {ITEMS[0].gold}"
        assert asyncio.run(feedback.overlap([leak, "something else entirely"])) == [True, False]
        assert feedback.asked == 0
        assert "error" in str(asyncio.run(feedback.overlap("text")))
