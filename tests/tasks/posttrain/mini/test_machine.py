"""The stack machine against a second one written from its description, and its limits."""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.tasks.posttrain.mini import machine
from interplay.tasks.posttrain.mini.machine import INPUTS, LARGEST, MOST_STEPS, results, run

WORDS = ["IN", "PUSH", "ADD", "SUB", "MUL", "DUP", "OUT", "EXIT", "0", "3", "40", "pens"]


def described(words: list[str], x: int) -> int | None:
    """A reading of the description by recursion on the rest of the program."""

    def go(rest: list[str], stack: tuple[int, ...], steps: int) -> int | None:
        if not rest or steps == 0:
            return None
        op, *after = rest
        match op:
            case "IN":
                return go(after, (*stack, x), steps - 1)
            case "PUSH" if after and after[0].isdigit() and len(after[0]) <= 4:
                return go(after[1:], (*stack, int(after[0])), steps - 1)
            case "DUP" if stack:
                return go(after, (*stack, stack[-1]), steps - 1)
            case "OUT" if stack:
                return stack[-1]
            case "ADD" | "SUB" | "MUL" if len(stack) > 1:
                *below, left, right = stack
                value = {"ADD": left + right, "SUB": left - right, "MUL": left * right}[op]
                return None if abs(value) > LARGEST else go(after, (*below, value), steps - 1)
        return None

    return go(words, (), MOST_STEPS)


operations = st.sampled_from(["IN", "PUSH 3", "PUSH 40", "ADD", "SUB", "MUL", "DUP", "OUT"])


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from(WORDS), max_size=12) | st.lists(operations, max_size=12), st.sampled_from(INPUTS)
)
def test_programs_do_what_the_description_says(parts: list[str], x: int) -> None:
    words = " ".join(parts).split()
    assert run(words, x) == described(words, x)


@settings(max_examples=50)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 11))
def test_the_three_forms_of_the_target_are_polynomials(a: int, b: int, x: int) -> None:
    assert run(f"IN PUSH {a} MUL PUSH {b} ADD OUT".split(), x) == a * x + b
    assert run(f"IN PUSH {b} ADD PUSH {a} MUL OUT".split(), x) == a * (x + b)
    assert run(f"IN DUP MUL PUSH {a} MUL PUSH {b} ADD OUT".split(), x) == a * x * x + b


@pytest.mark.parametrize(("pairs", "ends"), [(31, True), (32, False)])
def test_a_program_has_sixty_four_steps(pairs: int, ends: bool) -> None:
    """IN, then so many times PUSH 0 and ADD, then OUT: 2 · 31 + 2 = 64 steps."""
    program = ["IN", *["PUSH", "0", "ADD"] * pairs, "OUT"]
    assert (run(program, 7) == 7) == ends
    assert MOST_STEPS == 64


def test_a_number_to_push_has_four_digits_at_most() -> None:
    assert results("PUSH 9999 OUT") == [9999] * 4
    assert results("PUSH 10000 OUT") == [None] * 4
    assert results("PUSH 00001 OUT") == [None] * 4


@pytest.mark.parametrize("word", ["-1", "1.0", "x", "²", "٣", "", "OUT"])
def test_only_plain_digits_are_a_number(word: str) -> None:
    assert run(["PUSH", word, "OUT"], 1) is None


def test_a_value_at_the_limit_is_kept_and_one_beyond_breaks_the_program_off() -> None:
    """1000 five times over is 10¹⁵, the largest; one more is too much, on both sides of nought."""
    at_limit = " ".join(["PUSH 1000", *["PUSH 1000 MUL"] * 4])
    assert results(f"{at_limit} OUT") == [LARGEST] * 4
    assert results(f"{at_limit} PUSH 1 ADD OUT") == [None] * 4
    assert results(f"PUSH 0 {at_limit} SUB OUT") == [-LARGEST] * 4
    assert results(f"PUSH 0 {at_limit} SUB PUSH 1 SUB OUT") == [None] * 4


def test_what_stands_after_the_result_does_not_count() -> None:
    assert results("IN OUT EXIT nonsense") == list(INPUTS)
    assert results("IN EXIT OUT") == [None] * 4


def test_the_process_answers_for_all_programs_in_order_without_this_package() -> None:
    programs = ["IN OUT", "EXIT", "PUSH 3 IN SUB OUT", "", "IN IN MUL OUT"]
    done = subprocess.run(
        [sys.executable, "-I", str(machine.__file__)],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [results(program) for program in programs]
