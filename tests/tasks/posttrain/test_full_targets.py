"""Targets of the full profile on small data sets made here: loading, grading, twins, judges."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import anyio
import pytest
from inspect_ai.model import GenerateConfig, Model, ModelOutput, ModelUsage, get_model

from interplay.tasks.mistakes import EnvironmentProblem, NotLoaded, UserMistake
from interplay.tasks.posttrain.grid import Source
from interplay.tasks.posttrain.targets import FULL, Item, Verdict, load_target
from interplay.tasks.posttrain.targets.aime2025 import Aime
from interplay.tasks.posttrain.targets.arenahardwriting import (
    OPPONENT_VARIABLE,
    ArenaHardWriting,
    points_of,
    without_thinking,
)
from interplay.tasks.posttrain.targets.bfcl import Bfcl
from interplay.tasks.posttrain.targets.gpqamain import Gpqa
from interplay.tasks.posttrain.targets.gsm8k import Gsm8k
from interplay.tasks.posttrain.targets.healthbench import HealthBench
from interplay.tasks.posttrain.targets.numbers import number_in
from interplay.tasks.posttrain.targets.repeats import collapsed


def lines(path: Path, records: Sequence[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")


def grader(*replies: str) -> Model:
    def output(reply: str) -> ModelOutput:
        made = ModelOutput.from_content("mockllm/model", reply)
        made.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return made

    return get_model(
        "mockllm/model", custom_outputs=[output(r) for r in replies], config=GenerateConfig(), memoize=False
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("So it is 12.\nANSWER: 70", "70"),
        ("ANSWER: 3\nWait.\nANSWER: 1,250.00 dollars", "1250"),
        ("**ANSWER: $18**", "18"),
        ("answer: -4", "-4"),
        ("we get 3 and then 14.50", "14.5"),
        ("ANSWER: none, though 7 was close", "7"),
        ("ANSWER: unknown", None),
        ("nothing", None),
        ("", None),
    ],
)
def test_numbers(text: str, number: str | None) -> None:
    found = number_in(text)
    assert (None if found is None else format(found, "f")) == number


def test_aime_reads_both_years_and_compares_strictly(tmp_path: Path) -> None:
    lines(tmp_path / "a" / "test.jsonl", [{"id": "1", "problem": "How many?", "answer": "070"}])
    lines(tmp_path / "b" / "test.jsonl", [{"id": "1", "problem": "How much?", "answer": "5"}])
    target = Aime(
        Source(repo=str(tmp_path / "a"), files=("test.jsonl",)),
        Source(repo=str(tmp_path / "b"), files=("test.jsonl",)),
    )
    item = target.items()[0]
    assert "How many?" in item.prompt
    assert [target.grade(item, t).correct for t in ("ANSWER: 70", "ANSWER: 70.5", "70 or 71")] == [1, 0, 0]
    assert target.twin()[0].id == "aime2026-1"
    with pytest.raises(UserMistake, match="no training items"):
        target.train(3, 0)


def gsm(tmp_path: Path) -> Gsm8k:
    rows = [
        {"question": f"What is {n} + 1?", "answer": f"It is <<{n}+1={n + 1}>>{n + 1}.\n#### {n + 1:,}"}
        for n in range(998, 1012)
    ]
    lines(tmp_path / "train.jsonl", rows)
    lines(tmp_path / "test.jsonl", rows[:2])
    return Gsm8k(Source(repo=str(tmp_path), split="test"))


def test_gsm8k_has_ten_examples_in_the_system_text(tmp_path: Path) -> None:
    item = gsm(tmp_path).items()[1]
    system, user = item.metadata["messages"]  # type: ignore[misc]
    assert system["content"].count("ANSWER:") == 10  # type: ignore[index,call-overload,union-attr]
    assert "<<" not in str(system)
    assert user["content"] == item.prompt  # type: ignore[index,call-overload]
    assert item.gold == "1000"


def test_twin_of_gsm8k_follows_the_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public = gsm(tmp_path).twin()
    assert len({item.prompt for item in public}) == 200
    assert public == gsm(tmp_path).twin()
    assert all(target_answer(item) > 0 for item in public)
    monkeypatch.setenv("INTERPLAY_TWIN_SEED", "held by the maintainers")
    assert not {i.prompt for i in public} & {i.prompt for i in gsm(tmp_path).twin()}


def target_answer(item: Item) -> float:
    return float(item.gold)


def test_gpqa_orders_options_by_item_and_the_twin_leaves_the_main_set_out(tmp_path: Path) -> None:
    rows = [
        {
            "Record ID": f"r{n}",
            "Question": f"Q{n}?",
            "Correct Answer": "yes",
            **{f"Incorrect Answer {i}": f"no{i}" for i in (1, 2, 3)},
        }
        for n in range(12)
    ]
    lines(tmp_path / "main.jsonl", rows[:8])
    lines(tmp_path / "ext.jsonl", rows)
    main, ext = (Source(repo=str(tmp_path), files=(name,)) for name in ("main.jsonl", "ext.jsonl"))
    target = Gpqa(main, ext)
    items = target.items()
    assert len({item.gold for item in items}) > 1
    assert all(f"{item.gold}) yes" in item.prompt for item in items)
    assert [i.id for i in target.twin()] == [f"gpqa-r{n}" for n in range(8, 12)]
    texts = [f"ANSWER: {item.gold}" for item in items]
    assert target.score(items, target.grade_all(items, texts)).value == 1
    assert target.grade(items[0], f"ANSWER: ({items[0].gold})").correct == 1
    assert target.grade(items[0], f"The answer is {items[0].gold}").correct == 0


FUNCTION = {
    "name": "odds",
    "description": "Binomial.",
    "parameters": {
        "type": "dict",
        "properties": {"n": {"type": "integer"}, "p": {"type": "float"}, "xs": {"type": "tuple"}},
    },
}


def called(name: str, **arguments: object) -> str:
    return f"<tool_call>\n{json.dumps({'name': name, 'arguments': arguments})}\n</tool_call>"


def test_bfcl_wants_exactly_one_equal_call(tmp_path: Path) -> None:
    row = {
        "id": "exec_simple_0",
        "question": [[{"role": "user", "content": "Odds?"}]],
        "function": [FUNCTION],
        "ground_truth": ["odds(20, p=0.5, xs=(1, 2))"],
    }
    lines(tmp_path / "t.jsonl", [row])
    target = Bfcl(Source(repo=str(tmp_path), files=("t.jsonl",)))
    item = target.items()[0]
    schema = item.metadata["tools"][0]["function"]["parameters"]  # type: ignore[index,call-overload]
    assert (schema["type"], schema["properties"]["p"]["type"]) == ("object", "number")  # type: ignore
    right = called("odds", n=20, p=0.5, xs=[1, 2])
    wrong = [
        called("odds", n=20, p=0.5),
        right * 2,
        "odds(20, 0.5)",
        called("odd", n=20, p=0.5, xs=[1, 2]),
        "<tool_call>{</tool_call>",
        called("odds", n=20, p=0.5, xs=[1, True]),
    ]
    assert (
        target.grade(item, right).correct
        == target.grade(item, called("odds", n=20.0, p=0.5, xs=[1, 2])).correct
        == 1
    )
    assert [target.grade(item, text).correct for text in wrong] == [0] * len(wrong)


def test_twin_of_bfcl_allows_the_listed_values(tmp_path: Path) -> None:
    lines(
        tmp_path / "q.jsonl",
        [{"id": "s1", "question": [[{"role": "user", "content": "Area?"}]], "function": [FUNCTION]}],
    )
    lines(tmp_path / "a.jsonl", [{"id": "s1", "ground_truth": [{"odds": {"n": [20, 21], "p": [0.5, ""]}}]}])
    target = Bfcl(
        Source(repo=str(tmp_path), files=()), Source(repo=str(tmp_path), files=("q.jsonl", "a.jsonl"))
    )
    item = target.twin()[0]
    texts = [
        called("odds", n=21),
        called("odds", n=20, p=0.5),
        called("odds", p=0.5),
        called("odds", n=20, q=1),
        called("odds", n=19),
    ]
    assert [target.grade(item, text).correct for text in texts] == [1, 1, 0, 0, 0]


def health(tmp_path: Path) -> HealthBench:
    def row(name: str, turns: int, *points: int) -> dict[str, object]:
        said = [{"role": "user" if i % 2 == 0 else "assistant", "content": f"turn {i}"} for i in range(turns)]
        rubrics = [{"criterion": f"c{p}", "points": p, "tags": ["axis:completeness"]} for p in points]
        return {"prompt_id": name, "prompt": said, "rubrics": rubrics}

    lines(
        tmp_path / "h.jsonl",
        [row("a", 5, 5, 3, -4), row("b", 3, 5), row("c", 7, 5, -1, -1, -1), row("d", 1, 5), row("e", 5, -2)],
    )
    return HealthBench(Source(repo=str(tmp_path), files=("h.jsonl",)))


def test_healthbench_selects_and_scores_by_points(tmp_path: Path) -> None:
    target = health(tmp_path)
    assert [i.id for i in target.items()] == ["healthbench-a"]
    assert [i.id for i in target.twin()] == ["healthbench-twin-b"]
    yes, no = '{"explanation": "", "criteria_met": true}', 'Well: {"criteria_met": false}'
    verdict = anyio.run(target.judge_one, target.items()[0], "reply", grader(yes, no, yes))
    assert verdict.correct == pytest.approx((5 - 4) / 8)
    found = target.score([], [Verdict("1", -0.5), Verdict("1", 0.25)])
    assert found.value == 0
    assert found.stderr >= 0


def test_a_grader_without_an_answer_leaves_the_item_unscored(tmp_path: Path) -> None:
    target = health(tmp_path)
    verdict = anyio.run(target.judge_one, target.items()[0], "reply", grader(*["no json"] * 6))
    assert math.isnan(verdict.correct)
    assert math.isnan(target.score([], [verdict]).value)
    with pytest.raises(UserMistake, match="bind --model-role grader"):
        target.grade_all(target.items(), ["x"])


def test_arena_weighs_strong_wins_in_both_orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines(
        tmp_path / "q.jsonl",
        [
            {"uid": "u", "category": "creative_writing", "prompt": "Write."},
            {"uid": "v", "category": "hard_prompt", "prompt": "Code."},
        ],
    )
    target = ArenaHardWriting(Source(repo=str(tmp_path), files=("q.jsonl",)))
    item = target.items()[0]
    monkeypatch.setenv(OPPONENT_VARIABLE, str(tmp_path / "none"))
    with pytest.raises(EnvironmentProblem, match="the answers it compares with are not there"):
        anyio.run(target.judge_one, item, "mine", grader("[[A>B]]"))
    lines(tmp_path / "o.jsonl", [{"prompt": "Write.", "answer": "theirs"}])
    monkeypatch.setenv(OPPONENT_VARIABLE, str(tmp_path / "o.jsonl"))
    # Strong win as A (3 of 3), slight loss as B (0 of 1).
    verdict = anyio.run(target.judge_one, item, "mine", grader("[[A>>B]]", "[[A>B]]"))
    assert verdict == ("[3.0, 4.0]", 0.75)
    assert math.isnan(anyio.run(target.judge_one, item, "mine", grader("hm", "hm")).correct)
    assert target.score([item] * 2, [verdict, Verdict("[0.5, 1.0]", 0.5)]).value == pytest.approx(3.5 / 5)
    assert len({i.prompt for i in target.twin()}) == 100


@pytest.mark.parametrize(
    ("reply", "points"),
    [
        ("[[A>>B]]", (3, 3)),
        ("[[B>>A]]", (0, 3)),
        ("[[B<A]]", (1, 1)),
        ("[[A=B]]", (0.5, 1)),
        ("[[A>A]]", None),
        ("", None),
    ],
)
def test_verdicts_of_the_arena(reply: str, points: tuple[float, float] | None) -> None:
    assert points_of(reply) == points


def test_think_blocks_are_cut_and_loops_collapsed() -> None:
    assert without_thinking("<think>a</think> b") == "b"
    assert without_thinking("<think>never ends") == ""
    assert collapsed("abc" * 400) == "abc" * 5
    assert collapsed("x\n" * 40).count("x") == 5
    assert collapsed("one\ntwo\n" * 20).count("two") == 5
    plain = "The cat sat on the mat. " * 3 + "Then it left."
    assert collapsed(plain) == plain


@pytest.mark.parametrize("name", ["aime2025", "gsm8k", "healthbench", "arenahardwriting"])
def test_an_unpinned_data_set_names_the_remedy(name: str) -> None:
    with pytest.raises(NotLoaded, match="is not pinned; run python -m"):
        load_target(name).items()
    assert load_target(name).title
    assert name in FULL
