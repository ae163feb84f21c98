"""The code of a reply, the program that it makes with its prompt, and twins that keep their promise."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.mazes.maze import Rng
from interplay.tasks.posttrain.targets import Item
from interplay.tasks.posttrain.targets.gsm8k_twin import TEMPLATES, holds, problem, value
from interplay.tasks.posttrain.targets.humaneval import code_of, grade_program, program_of
from interplay.tasks.posttrain.targets.humaneval_twin import arguments, function_of, records, twin_functions

BEFORE = "from typing import List\n\ndef helper(x):\n    return x\n\n"
PROMPT = BEFORE + 'def double(xs: List[int]):\n    """Double."""\n'
ITEM = Item("h", PROMPT, "", {"entry": "double", "test": ""})
OWN = "def double(xs):\n    return xs\n"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("    return xs\n", "    return xs\n"),
        (f"```python\n{OWN}```", OWN),
        (f"```py\n{OWN}```", OWN),
        (f"```Python3 \n{OWN}```", OWN),
        (f"```\n{OWN}```", OWN),
        (f"Here:\n``` python\n{OWN}```\nDone.", OWN),
        (f"```python\nimport os\n```\nthen\n```python\n{OWN}```", OWN),
        (f"```python\n{OWN}```\nuse it:\n```python\ndouble([1])\n```", OWN),
        ("```python\na = 1\n```\n```python\nb = 2\n```", "b = 2\n"),
        (f"```python\n{OWN}", OWN),
        (f"```py\n{OWN}", OWN),
        (f"```\n{OWN}", OWN),
        (f"Sure.\n```PYTHON\n{OWN}", OWN),
        ("```python\n```", ""),
        ("", ""),
    ],
)
def test_the_code_of_a_reply(reply: str, code: str) -> None:
    """A reply that was cut off has no closing mark."""
    assert code_of(reply, "double") == code


def test_a_reply_that_defines_the_function_takes_the_place_of_the_prompts() -> None:
    """What stands before it, imports and helpers, stays; a body alone goes on where the prompt ends."""
    assert program_of(ITEM, f"```python\n{OWN}```") == f"{BEFORE}\n{OWN}"
    assert program_of(ITEM, "    return xs\n") == f"{PROMPT}    return xs\n"
    assert program_of(ITEM, "async def double(xs):\n    pass\n").startswith(f"{BEFORE}\nasync")
    assert program_of(ITEM, "def double_it(xs):\n    pass\n").startswith(PROMPT)
    assert program_of(ITEM, "x = 'def double'\n").startswith(PROMPT)


@pytest.mark.parametrize("reply", ["", "  \n", "```python\n```", "```python\n   \n```"])
def test_a_reply_without_code_is_wrong_and_nothing_is_run(
    reply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interplay.tasks.posttrain.targets.humaneval.Program", None)
    assert grade_program(ITEM, reply) == (None, 0.0)


def test_functions_of_the_twin_are_distinct_and_their_examples_are_true() -> None:
    functions = twin_functions("a seed")
    assert len({one.name for one in functions}) == len(functions) == 80
    for one, record in zip(functions, records(), strict=True):
        tree = ast.parse(one.prompt + one.solution)
        assert [node.name for node in tree.body if isinstance(node, ast.FunctionDef)] == [one.name]
        space: dict[str, object] = {}
        exec(compile(one.prompt + one.solution, one.name, "exec"), space)
        lines = one.prompt.splitlines()
        for i, line in enumerate(lines):
            if line.startswith("    >>> "):
                assert repr(eval(line[8:], space)) == lines[i + 1].strip()
        assert callable(function_of(record))
        assert f"def {one.name}(" in one.prompt
        assert all(name in one.prompt for name, _ in arguments(record))


def test_hidden_values_follow_the_seed_and_what_is_shown_does_not() -> None:
    first, again, other = (twin_functions(seed) for seed in ("a", "a", "b"))
    assert first == again
    assert [one.prompt for one in first] == [one.prompt for one in other]
    assert sum(one.test != two.test for one, two in zip(first, other, strict=True)) > 70


@pytest.mark.parametrize("number", range(len(TEMPLATES)))
def test_problems_of_the_twin_have_whole_positive_answers_and_no_open_slot(number: int) -> None:
    template = TEMPLATES[number]
    for draw in range(5):
        text, answer = problem(template, Rng("test", number, draw))
        assert answer > 0
        assert not {"{", "}"} & {*text}
        assert (text, answer) == problem(template, Rng("test", number, draw))


@settings(max_examples=50)
@given(st.integers(0, 99), st.integers(1, 99))
def test_formulas_are_those_of_whole_numbers(a: int, b: int) -> None:
    known = {"a": a, "b": b}
    assert value("a + 2 * b - a // b", known) == a + 2 * b - a // b
    assert value("(a + 2) * b % 7", known) == (a + 2) * b % 7
    assert holds("a % b == 0", known) == (a % b == 0)
    assert holds("a > b", known) == (a > b)
    assert holds("a >= b", known) == (a >= b)


@pytest.mark.parametrize("formula", ["a ** b", "a / b", "f(a)", "-a", "a < b", "'x'", "c"])
def test_anything_else_is_no_formula(formula: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        value(formula, {"a": 1, "b": 2})
