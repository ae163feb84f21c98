"""The mini targets: pools, golden items, grading of right, wrong and hostile answers."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.mini.generators import HOP_MODULUS, SIZES
from interplay.tasks.posttrain.mini.machine import results
from interplay.tasks.posttrain.mini.words import SPECIALS, WORDS
from interplay.tasks.posttrain.targets import FULL, MINI, Item, load_target

PINNED = {
    "m_arith": "04572dd0ae86",
    "m_fact": "541003075e85",
    "m_call": "2d254f41a82c",
    "m_code": "4d49e09c1630",
    "m_turn": "36f964c8a098",
    "m_maze": "22c5bc07ba9b",
    "m_hop": "af01a23f4b0a",
}
"""First digits of the SHA-256 of each test."""


def digest(items: tuple[Item, ...]) -> str:
    content = [[item.id, item.prompt, item.gold] for item in items]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def test_vocabulary() -> None:
    assert len(WORDS) == len(set(WORDS)) == 195
    assert WORDS[:5] == SPECIALS == ("<p>", "<u>", "<a>", "<e>", "<s>")


@pytest.mark.parametrize("name", MINI)
def test_test_and_twin_are_distinct_and_words_are_known(name: str) -> None:
    target = load_target(name)
    items, twin = target.items(), target.twin()
    assert len(items) == len(twin) == SIZES[name]
    assert len({item.prompt for item in (*items, *twin)}) == 2 * SIZES[name]
    assert {word for item in (*items, *twin) for word in f"{item.prompt} {item.gold}".split()} <= set(WORDS)


@pytest.mark.parametrize("name", MINI)
def test_training_items_are_never_those_of_test_or_twin(name: str) -> None:
    target = load_target(name)
    train = target.train(1500, seed=4)
    assert len(train) == 1500
    assert not {i.prompt for i in train} & {i.prompt for i in (*target.items(), *target.twin())}
    assert train == target.train(1500, seed=4)
    assert train != target.train(1500, seed=5)


@pytest.mark.parametrize("name", MINI)
def test_gold_answers_are_right_and_others_are_not(name: str) -> None:
    target = load_target(name)
    items = target.items()
    golds = [item.gold for item in items]
    assert target.score(items, target.grade_all(items, golds)) == (1.0, 0.0)
    shifted = target.score(items, target.grade_all(items, [*golds[1:], golds[0]])).value
    assert shifted < 0.45, "the answer to another item is rarely right"


def test_pools_are_the_same_for_ever() -> None:
    found = {name: digest(load_target(name).items())[:12] for name in MINI}
    assert found == PINNED


def item(name: str, **facts: object) -> Item:
    return next(i for i in load_target(name).items() if all(i.metadata[k] == v for k, v in facts.items()))


@pytest.mark.parametrize(
    ("text", "correct", "extracted"),
    [
        ("call lamp ( color = red , who = Ana )", 1.0, "call lamp ( color = red , who = Ana )"),
        ("call lamp ( who = Ana )", 0.0, "call lamp ( who = Ana )"),
        ("call lamp ( who = Ana , who = Ana , color = red )", 0.0, None),
        ("call door ( who = Ana , color = red )", 0.0, "call door ( who = Ana , color = red )"),
        ("call lamp ( who = Ana , color = red ) call lamp ( )", 0.0, None),
        ("call lamp ( who Ana )", 0.0, None),
        ("", 0.0, None),
    ],
)
def test_calls_are_parsed(text: str, correct: float, extracted: str | None) -> None:
    asked = Item("c", "", "", {"tool": "lamp", "arguments": {"who": "Ana", "color": "red"}})
    assert load_target("m_call").grade(asked, text) == (extracted, correct)


@pytest.mark.parametrize(
    ("text", "kind", "correct"),
    [
        ("What is dovu ?", "open", 1.0),
        ("dovu ?", "open", 1.0),
        ("What is bafi ?", "open", 0.0),
        ("What is dovu", "open", 0.0),
        ("What is dovu ? " + "we " * 10, "open", 0.0),
        ("", "open", 0.0),
        ("", "closed", 1.0),
        ("What is dovu ?", "closed", 0.0),
    ],
)
def test_turns(text: str, kind: str, correct: float) -> None:
    asked = Item("t", "", "", {"kind": kind, "word": "dovu"})
    assert load_target("m_turn").grade(asked, text).correct == correct


@pytest.mark.parametrize("text", ["", "What is it ?"])
def test_one_form_of_turn_scores_nothing(text: str) -> None:
    target = load_target("m_turn")
    items = target.items()
    assert target.score(items, target.grade_all(items, [text] * len(items))).value == 0


@pytest.mark.parametrize(
    ("program", "values"),
    [
        ("IN PUSH 7 MUL PUSH 4 ADD OUT", [4, 25, 53, 81]),
        ("IN DUP MUL OUT", [0, 9, 49, 121]),
        ("PUSH 9 IN SUB OUT", [9, 6, 2, -2]),
        ("EXIT", [None] * 4),
        ("IN PUSH 7 MUL PUSH 4 ADD", [None] * 4),
        ("OUT", [None] * 4),
        ("ADD OUT", [None] * 4),
        ("PUSH OUT", [None] * 4),
        ("IN " * 70 + "OUT", [None] * 4),
        ("PUSH 9999 " + "DUP MUL " * 30 + "OUT", [None] * 4),
        ("PUSH 99999999999999999999 OUT", [None] * 4),
    ],
)
def test_the_stack_machine(program: str, values: list[int | None]) -> None:
    assert results(program) == values


def test_a_program_that_exits_is_wrong_and_equal_ones_are_right() -> None:
    target = load_target("m_code")
    asked = item("m_code", form=0)
    a, b = asked.metadata["a"], asked.metadata["b"]
    texts = ["EXIT", asked.gold, f"PUSH {b} PUSH {a} IN MUL ADD OUT", "IN OUT EXIT"]
    assert [v.correct for v in target.grade_all([asked] * 4, texts)] == [0, 1, 1, 0]


def test_hops_are_spread_over_the_ring() -> None:
    places = [item.metadata["answer"] for item in load_target("m_hop").items()]
    assert max(places.count(place) for place in places) <= 25
    assert set(places) <= set(range(HOP_MODULUS))


@settings(max_examples=60, deadline=None)
@given(st.text(), st.sampled_from([name for name in MINI if name != "m_code"]))
def test_no_text_raises(text: str, name: str) -> None:
    target = load_target(name)
    verdict = target.grade(target.items()[0], text)
    assert verdict.correct in (0.0, 1.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=70))
def test_no_program_raises(words: list[str]) -> None:
    assert len(results(" ".join(words))) == 4


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(UserMistake, match="target=m_sums: choose one of aime2025"):
        load_target("m_sums")
    assert len((*FULL, *MINI)) == 16
