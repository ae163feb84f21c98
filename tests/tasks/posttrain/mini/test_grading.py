"""What is read in an answer to a mini target, and when it is right; items against their own rules."""

import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.mazes.maze import Rng
from interplay.tasks.mistakes import EnvironmentProblem
from interplay.tasks.posttrain import baselines
from interplay.tasks.posttrain.mini import targets as mini
from interplay.tasks.posttrain.mini.generators import (
    HOP_FACTORS,
    HOP_MODULUS,
    SIDE,
    colour_of,
    draw_item,
    main,
    options,
    train_items,
)
from interplay.tasks.posttrain.mini.machine import results
from interplay.tasks.posttrain.mini.targets import balanced, grade_answer, grade_call, grade_exact, grade_turn
from interplay.tasks.posttrain.mini.words import COLOURS, INVENTED, NUMBERS, OPTIONS
from interplay.tasks.posttrain.targets import Item, Verdict, arenahardwriting, load_target, mean_score

seeds = st.integers(0, 10**6)


def drawn(target: str, seed: int) -> Item:
    return Item("i", *draw_item(target, Rng("test", seed)))


@settings(max_examples=50)
@given(seeds)
def test_a_sum_is_that_of_the_two_numbers_told(seed: int) -> None:
    item = drawn("m_arith", seed)
    a, b = (int(word) for word in item.prompt.split() if word.isdigit())
    assert item.metadata["answer"] == a + b
    assert item.gold == f"{a} + {b} = {a + b} . ANSWER : {a + b}"
    assert str(a + b) in NUMBERS


@settings(max_examples=50)
@given(seeds)
def test_the_right_letter_stands_before_the_colour_of_the_word(seed: int) -> None:
    item = drawn("m_fact", seed)
    words = item.prompt.split()
    colour = colour_of(words[3])
    letter = str(item.metadata["answer"])
    assert words[words.index(letter) + 2] == colour
    assert item.gold.endswith(f"ANSWER : {letter}")
    assert len({word for word in words if word in COLOURS}) == len(OPTIONS)


@settings(max_examples=50)
@given(seeds, st.sampled_from(COLOURS))
def test_options_hold_the_right_colour_once_and_others_once(seed: int, right: str) -> None:
    line, letter = options(Rng("test", seed), right)
    words = line.split()
    shown = {words[i]: words[i + 2] for i in range(0, len(words), 3)}
    assert list(shown) == list(OPTIONS)
    assert shown[letter] == right
    assert len(set(shown.values())) == len(OPTIONS)


@settings(max_examples=50)
@given(seeds)
def test_a_call_has_the_values_of_the_request_under_the_names_of_the_tool(seed: int) -> None:
    item = drawn("m_call", seed)
    told, asked = item.prompt.split(" . request : ")
    _, tool, _, *names = told.split()
    asked_tool, *values = asked.split()
    arguments = item.metadata["arguments"]
    assert isinstance(arguments, dict)
    assert tool == asked_tool == item.metadata["tool"]
    assert list(arguments) == names
    assert sorted(map(str, arguments.values())) == sorted(values)


@settings(max_examples=50)
@given(seeds)
def test_the_gold_program_computes_what_the_prompt_says(seed: int) -> None:
    item = drawn("m_code", seed)
    formula = item.prompt.removeprefix("program ").replace("times", "*").replace("plus", "+")
    assert results(item.gold) == [eval(formula, {}, {"x": x}) for x in (0, 3, 7, 11)]


@settings(max_examples=50)
@given(seeds)
def test_the_new_word_of_an_open_conversation_stands_in_the_reply_alone(seed: int) -> None:
    item = drawn("m_turn", seed)
    said, reply = item.prompt.split(" <a> ")
    assert item.prompt.endswith("<e> <u>")
    if item.metadata["kind"] == "closed":
        assert (item.gold, item.metadata["word"]) == ("", "")
        assert {"bye", "thanks"} & {*said.split()}
        return
    word = str(item.metadata["word"])
    assert word in INVENTED
    assert word in reply.split()
    assert item.gold == f"What is {word} ?"
    assert "bye" not in item.prompt


@settings(max_examples=50)
@given(seeds)
def test_each_inner_cell_is_hidden_in_exactly_one_half(seed: int) -> None:
    """The right half is told from its last row up; laid over the left one it gives the whole map."""
    item = drawn("m_maze", seed)
    words = item.prompt.split()
    at = {side: words.index(side) + 1 for side in ("left", "right")}
    size = SIDE * SIDE + SIDE - 1
    halves = {side: " ".join(words[i : i + size]).split(" / ") for side, i in at.items()}
    left = " ".join(halves["left"]).split()
    right = " ".join(reversed(halves["right"])).split()
    merged = [b if a == "?" else a for a, b in zip(left, right, strict=True)]
    assert " ".join(merged) == item.gold.replace(" / ", " ")
    assert [(a == "?") + (b == "?") for a, b in zip(left, right, strict=True)] == [0, *[1] * 7, 0]
    assert (merged[0], merged[-1]) == ("@", "*")


@settings(max_examples=50)
@given(seeds)
def test_a_hop_is_the_weighted_sum_on_the_ring(seed: int) -> None:
    item = drawn("m_hop", seed)
    operands = [int(word) for word in item.prompt.split() if word.isdigit()]
    place = sum(f * o for f, o in zip(HOP_FACTORS, operands, strict=True)) % HOP_MODULUS
    assert item.gold == f"ANSWER : {place}"


@pytest.mark.parametrize(
    ("text", "extracted", "correct"),
    [
        ("ANSWER : 12", "12", 1),
        ("3 + 9 = 12 . ANSWER : 12 more words", "12", 1),
        ("ANSWER : 7 . ANSWER : 12", "12", 1),
        ("ANSWER : 12 . ANSWER : 7", "7", 0),
        ("ANSWER: 12", None, 0),
        ("ANSWER : ", None, 0),
        ("answer : 12", None, 0),
        ("ANSWER : 12.", "12.", 0),
        ("12", None, 0),
    ],
)
def test_the_word_after_the_last_mark_is_the_answer(text: str, extracted: str | None, correct: int) -> None:
    assert grade_answer(Item("a", "", "", {"answer": 12}), text) == (extracted, correct)


CALL = Item("c", "", "", {"tool": "lamp", "arguments": {"who": "Ana", "color": "red"}})


@pytest.mark.parametrize(
    ("text", "correct"),
    [
        ("call lamp ( who = Ana , color = red )", 1),
        ("  call lamp ( color = red , who = Ana ) ", 1),
        ("call lamp ( who = Ana , color = red , count = 3 )", 0),
        ("call lamp ( who = Ben , color = red )", 0),
        ("call lamp ( who = Ana red , color = red )", 0),
        ("call lamp ( who = Ana, color = red )", 0),
        ("call lamp (who = Ana , color = red)", 0),
        ("call lamp ( )", 0),
        ("call lamp (  )", 0),
        ("please call lamp ( who = Ana , color = red )", 0),
        ("call lamp ( who = Ana , color = red ) .", 0),
    ],
)
def test_one_call_and_nothing_else(text: str, correct: int) -> None:
    assert grade_call(CALL, text).correct == correct


@pytest.mark.parametrize(
    ("text", "kind", "extracted", "correct"),
    [
        ("What is dovu ?", "open", "question", 1),
        ("dovu ? " + "we " * 10, "open", "question", 1),
        ("dovu ? " + "we " * 11, "open", "question", 0),
        ("What is dovu?", "open", "text", 0),
        ("? dovu", "open", "question", 1),
        ("bye", "open", "text", 0),
        ("   ", "open", "silence", 0),
        ("   ", "closed", "silence", 1),
        ("bye", "closed", "text", 0),
        ("What ?", "closed", "question", 0),
    ],
)
def test_turns_are_a_question_a_text_or_silence(text: str, kind: str, extracted: str, correct: int) -> None:
    """An open turn has at most twelve words."""
    item = Item("t", "", "", {"kind": kind, "word": "dovu"})
    assert grade_turn(item, text) == (extracted, correct)


def test_an_exact_answer_may_be_spaced_otherwise() -> None:
    item = Item("m", "", "@ . / # *")
    assert grade_exact(item, " @  . /\n# * ") == ("@ . / # *", 1.0)
    assert grade_exact(item, "@ . # *").correct == 0
    assert grade_exact(item, "  ") == (None, 0.0)


rights = st.lists(st.booleans(), min_size=2, max_size=12)


@settings(max_examples=50)
@given(rights, rights)
def test_the_balanced_score_is_what_two_rates_exceed_chance_by(
    opened: list[bool], closed: list[bool]
) -> None:
    items = [
        Item("t", "", "", {"kind": kind})
        for kind, part in (("open", opened), ("closed", closed))
        for _ in part
    ]
    verdicts = [Verdict(None, float(right)) for right in (*opened, *closed)]
    first, second = sum(opened) / len(opened), sum(closed) / len(closed)
    found = balanced(items, verdicts)
    assert found.value == pytest.approx(max(0.0, first + second - 1))
    errors = [p * (1 - p) / (len(part) - 1) for p, part in ((first, opened), (second, closed))]
    assert found.stderr == pytest.approx(math.sqrt(sum(errors)))


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1) | st.just(math.nan), max_size=20))
def test_a_mean_leaves_out_what_was_not_graded(values: list[float]) -> None:
    found = mean_score([Verdict(None, value) for value in values])
    graded = [value for value in values if not math.isnan(value)]
    if not graded:
        assert math.isnan(found.value)
    else:
        assert found.value == pytest.approx(sum(graded) / len(graded))
    assert math.isnan(found.stderr) == (len(graded) < 2)


def test_a_machine_that_does_not_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mini.sys, "executable", "/nowhere/python")
    with pytest.raises(EnvironmentProblem, match="m_code: programs could not be run by /nowhere/python"):
        load_target("m_code").grade(drawn("m_code", 1), "IN OUT")


def test_the_command_writes_the_items_that_the_seed_draws(tmp_path: Path) -> None:
    out = tmp_path / "t.jsonl"
    done = CliRunner().invoke(main, ["m_call", "--n", "7", "--seed", "5", "--out", str(out)])
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert rows == [{"prompt": i.prompt, "answer": i.gold} for i in train_items("m_call", 7, 5)]
    assert [i.id for i in train_items("m_call", 2, 5)] == ["m_call-train-5-0", "m_call-train-5-1"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["m_sums"], "target=m_sums: choose one of m_arith"),
        (["m_call", "--n", "0"], "'--n': 0 is not in the range"),
    ],
)
def test_the_command_refuses_what_it_cannot_draw_and_writes_nothing(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    done = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "t.jsonl")])
    assert done.exit_code == 2
    assert says in done.output
    assert not list(tmp_path.iterdir())


def test_a_place_without_a_folder_is_told_before_the_work_whose_result_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opponents' answers and baselines take hours; none is begun."""
    out = tmp_path / "nowhere" / "o.json"
    monkeypatch.setattr(arenahardwriting, "TARGET", None)
    monkeypatch.setattr(baselines, "of_shipped", None)
    for command, arguments in (
        (main, ["m_call"]),
        (arenahardwriting.main, ["--model", "none/none"]),
        (baselines.main, ["mini"]),
    ):
        done = CliRunner().invoke(command, [*arguments, "--out", str(out)])
        assert done.exit_code == 2
        assert done.output == (
            f"Error: --out {out}: there is no folder {out.parent}; make it, or choose another place.\n"
        )
