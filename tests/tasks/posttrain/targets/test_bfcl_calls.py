"""Calls of functions as texts: what is read in a reply, in a data set, and when two are the same."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.posttrain.grid import Source
from interplay.tasks.posttrain.targets import Item
from interplay.tasks.posttrain.targets.bfcl import (
    Bfcl,
    call_of,
    calls_in,
    conversation,
    decoded,
    functions,
    grade_call,
    is_allowed,
    listed,
    same,
    schema,
    tool,
)

ODDS = {
    "name": "odds",
    "description": "Binomial.",
    "parameters": {"type": "dict", "properties": {"n": {"type": "integer"}, "p": {"type": "float"}}},
}
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=1), inner, max_size=3),
    max_leaves=8,
)


def called(*records: object) -> str:
    return "".join(f"<tool_call>{json.dumps(record)}</tool_call>" for record in records)


def item(**facts: object) -> Item:
    return Item("b", "", "", facts)  # type: ignore[arg-type]


@settings(max_examples=50)
@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), values, max_size=4))
def test_a_call_reads_back_as_it_was_written(arguments: dict) -> None:
    reply = f"I call it.\n{called({'name': 'f', 'arguments': arguments})}\nDone."
    assert calls_in(reply) == [("f", arguments)]
    assert grade_call(item(call={"name": "f", "arguments": arguments}), reply).correct == 1
    text = called({"name": "f", "arguments": json.dumps(arguments)})
    assert calls_in(text) == [("f", arguments)], "arguments may come as JSON text"


@pytest.mark.parametrize(
    ("reply", "calls"),
    [
        ("", []),
        ("no call", []),
        ("<tool_call>{}</tool_call>", None),
        (called({"name": "f"}), [("f", {})]),
        (called({"name": 3, "arguments": {}}), None),
        (called({"name": "f", "arguments": [1]}), None),
        (called({"name": "f", "arguments": "not JSON"}), None),
        (called([]), None),
        ("<tool_call>{'name': 'f'}</tool_call>", None),
        ("<tool_call>{", []),
        (called({"name": "f"}, {"name": "g"}), [("f", {}), ("g", {})]),
        ("<tool_call>\n\n" + json.dumps({"name": "f"}) + "  \n</tool_call>", [("f", {})]),
    ],
)
def test_what_is_read_in_a_reply(reply: str, calls: object) -> None:
    assert calls_in(reply) == calls
    if not calls or len(calls) != 1:  # type: ignore[arg-type]
        assert grade_call(item(call={"name": "f", "arguments": {}}), reply) == (None, 0.0)


@pytest.mark.parametrize("depth", [200, 600, 2000, 50_000])
@pytest.mark.parametrize("as_text", [True, False])
def test_no_depth_of_a_reply_raises(depth: int, as_text: bool) -> None:
    """A looping model writes brackets up to its last token: a wrong answer, no error of the run."""
    nested = "[" * depth + "]" * depth
    inner = json.dumps(nested) if as_text else f'{{"a": {nested}}}'
    for facts in ({"call": {"name": "f", "arguments": {"a": 1}}}, {"allowed": [{"f": {"a": [1]}}]}):
        reply = f'<tool_call>{{"name": "f", "arguments": {inner}}}</tool_call>'
        assert grade_call(item(**facts), reply).correct == 0


@settings(max_examples=50)
@given(values, values)
def test_sameness_is_symmetric_and_that_of_json(left: object, right: object) -> None:
    assert same(left, left)
    assert same(left, right) == same(right, left)
    if json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True):
        assert same(left, right)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1.0, True),
        (True, 1, False),
        (0, False, False),
        (True, True, True),
        ([1, 2], [1, 2], True),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ({"a": [True]}, {"a": [1]}, False),
        ("1", 1, False),
        (None, False, False),
        ([], {}, False),
        (math.nan, math.nan, False),
    ],
)
def test_what_counts_as_the_same_value(left: object, right: object, equal: bool) -> None:
    assert same(left, right) == equal


ALLOWED = [{"odds": {"n": [20, "20"], "p": [0.5, ""], "xs": [[1, 2]]}}]


@pytest.mark.parametrize(
    ("name", "arguments", "right"),
    [
        ("odds", {"n": 20, "p": 0.5, "xs": [1, 2]}, True),
        ("odds", {"n": "20", "xs": [1, 2]}, True),
        ("odds", {"n": 20, "p": "", "xs": [1, 2]}, True),
        ("odds", {"n": 21, "xs": [1, 2]}, False),
        ("odds", {"n": 20, "xs": [2, 1]}, False),
        ("odds", {"n": 20}, False),
        ("odds", {"xs": [1, 2]}, False),
        ("odds", {"n": 20, "xs": [1, 2], "more": 1}, False),
        ("even", {"n": 20, "xs": [1, 2]}, False),
    ],
)
def test_an_argument_may_be_left_out_where_nothing_is_among_its_values(
    name: str, arguments: dict, right: bool
) -> None:
    assert is_allowed(name, arguments, ALLOWED) == right


def test_any_of_several_right_calls_will_do_and_no_list_allows_nothing() -> None:
    answers = [{"f": {"a": [1]}}, "not a call", {"g": {}}]
    assert is_allowed("f", {"a": 1}, answers)
    assert is_allowed("g", {}, answers)
    assert not is_allowed("g", {}, None)
    assert not is_allowed("f", {"a": 1}, "f(a=1)")
    assert is_allowed("f", {"a": 1}, [{"f": {"a": 1}}]), "a single value stands for a list of one"


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("odds(20, 0.5)", "odds", {"n": 20, "p": 0.5}),
        ("odds(20, p=0.5)", "odds", {"n": 20, "p": 0.5}),
        (" odds(p=0.5, n=20)\n", "odds", {"n": 20, "p": 0.5}),
        ("math.odds(n=(1, (2, 3)))", "math.odds", {"n": [1, [2, 3]]}),
        ("odds(n={'a': (1,)}, p=None)", "odds", {"n": {"a": [1]}, "p": None}),
        ("odds(n=-3, p=True)", "odds", {"n": -3, "p": True}),
        ("odds()", "odds", {}),
    ],
)
def test_a_call_as_python_writes_it(text: str, name: str, arguments: dict) -> None:
    assert call_of(text, ODDS) == (name, arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "odds", "odds(n", "odds(n=m)", "odds(n=f(1))", "3", "a; b", "odds(n=1); x()"]
)
def test_an_answer_of_the_data_set_that_is_no_call_is_refused(text: str) -> None:
    with pytest.raises(UserMistake, match="no call; pin the data set again") as caught:
        call_of(text, ODDS)  # type: ignore[arg-type]
    assert repr(text) in caught.value.message


def test_types_get_the_names_of_json_schema_at_every_depth() -> None:
    described = {
        "type": "dict",
        "properties": {
            "a": {"type": "float"},
            "b": {"type": "tuple", "items": {"type": "any"}},
            "type": {"type": "string", "enum": ["float", "dict"]},
        },
        "required": ["a"],
    }
    assert schema(described) == {  # type: ignore[arg-type]
        "type": "object",
        "properties": {
            "a": {"type": "number"},
            "b": {"type": "array", "items": {"type": "string"}},
            "type": {"type": "string", "enum": ["float", "dict"]},
        },
        "required": ["a"],
    }
    assert tool({"name": "f"})["function"] == {"name": "f", "parameters": None}


@pytest.mark.parametrize(
    ("question", "messages"),
    [
        ("Odds?", [{"role": "user", "content": "Odds?"}]),
        ([{"role": "system", "content": "s"}, {"content": "u"}], [("system", "s"), ("user", "u")]),
        (
            [[{"role": "user", "content": "first"}], [{"role": "user", "content": "second"}]],
            [("user", "first")],
        ),
        ([[[{"role": "user", "content": "deep"}]]], [("user", "deep")]),
    ],
)
def test_a_question_comes_in_several_forms(question: object, messages: list) -> None:
    expected = [m if isinstance(m, dict) else {"role": m[0], "content": m[1]} for m in messages]
    assert conversation(question) == expected


@pytest.mark.parametrize(
    ("value", "read"),
    [("[1]", [1]), ('{"a": 1}', {"a": 1}), ("[1", "[1"), ("plain", "plain"), (3, 3), ("", ""), (None, None)],
)
def test_columns_that_hold_json_as_text_are_read(value: object, read: object) -> None:
    assert decoded(value) == read


def test_tuples_become_lists_and_keys_texts() -> None:
    assert listed({1: (2, [3, (4,)])}) == {"1": [2, [3, [4]]]}


def test_a_row_without_a_function_is_refused() -> None:
    assert functions({"function": json.dumps([ODDS])}) == [ODDS]
    assert functions({"function": ODDS}) == [ODDS]
    for row in ({}, {"function": []}, {"function": [{"description": "no name"}]}, {"function": "odds"}):
        with pytest.raises(UserMistake, match="a row of bfcl describes no function; pin the data set again"):
            functions(row)


@pytest.mark.parametrize("truth", [["odds(1)", "odds(2)"], [], [3], {"a": 1}])
def test_a_row_with_no_single_call_as_its_answer_is_refused(tmp_path: Path, truth: object) -> None:
    row = {"question": "Odds?", "function": [ODDS], "ground_truth": truth}
    (tmp_path / "t.jsonl").write_text(json.dumps(row))
    with pytest.raises(UserMistake, match="bfcl-0 has no single call as its answer"):
        Bfcl(Source(repo=str(tmp_path), files=("t.jsonl",))).items()


def test_the_gold_of_an_item_is_its_call_or_the_list_of_what_is_right(tmp_path: Path) -> None:
    row = {"id": "s1", "question": "Odds?", "function": [ODDS]}
    (tmp_path / "t.jsonl").write_text(json.dumps({**row, "ground_truth": ["odds(1)"]}))
    allowed = [{"odds": {"n": [1, "é"]}}]
    answer = {"id": "s1", "ground_truth": allowed}
    lone = {"id": "s2", "question": "No answer?", "function": [ODDS]}
    (tmp_path / "w.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in (row, answer, lone)))
    target = Bfcl(
        Source(repo=str(tmp_path), files=("t.jsonl",)), Source(repo=str(tmp_path), files=("w.jsonl",))
    )
    (item_,) = target.items()
    assert (item_.prompt, item_.gold) == ("Odds?", "odds(1)")
    assert item_.metadata["call"] == {"name": "odds", "arguments": {"n": 1}}
    (twin,) = target.twin()
    assert twin.id == "bfcl-twin-0"
    assert twin.gold == json.dumps(allowed, ensure_ascii=False)
    assert twin.metadata["allowed"] == allowed
