"""HumanEval: Python functions from a signature and a docstring; the twin has 80 functions of the project.

    def has_close_elements(numbers, threshold): …    ->    code, tested on values it does not see

The code runs in a process of its own; the assertions of the test run here, on the literals that come back, so
that neither an exit code nor an object with its own idea of equality counts.
"""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from . import Item, Verdict
from .base import FullTarget, filled, twin_seed
from .code_process import Failed, Program
from .hub import rows_of, text
from .humaneval_twin import twin_functions

OPENED = re.compile(r"```[ \t]*(?:python3?|py)?[ \t]*\n", re.IGNORECASE)
BLOCK = re.compile(OPENED.pattern + "(.*?)```", re.DOTALL | re.IGNORECASE)
AT_ONCE = 4
KEPT = 200


class HumanEval(FullTarget):
    """HumanEval."""

    id = "humaneval"

    def read_items(self) -> tuple[Item, ...]:
        """The functions of the data set."""
        return tuple(
            self._item(f"humaneval-{text(row, 'task_id').rpartition('/')[2]}", text(row, "prompt"),
                       text(row, "canonical_solution"), text(row, "test"), text(row, "entry_point"))
            for row in rows_of(self.source)
        )  # fmt: skip

    def read_twin(self) -> tuple[Item, ...]:
        """The functions of the project, tested on values drawn with the twin's seed."""
        return tuple(
            self._item(f"humaneval-twin-{i}", one.prompt, one.solution, one.test, one.name)
            for i, one in enumerate(twin_functions(twin_seed())[: self.record.twin.n], 1)
        )

    def _item(self, name: str, prompt: str, solution: str, test: str, entry: str) -> Item:
        facts = {"messages": [{"role": "user", "content": filled("target_code.j2", prompt=prompt.rstrip())}]}
        return Item(name, prompt, solution, {**facts, "test": test, "entry": entry})  # pyright: ignore[reportArgumentType]

    def grade_all(self, items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
        """Each program against its test."""
        with ThreadPoolExecutor(AT_ONCE) as workers:
            return list(workers.map(grade_program, items, texts))


def code_of(reply: str, entry: str) -> str:
    """The code of a reply: its last block that defines the function, else its last block, else all of it.

    A block that was opened and not closed goes to the end.
    """
    blocks = BLOCK.findall(reply)
    if not blocks:
        opened = OPENED.search(reply)
        return reply[opened.end() :] if opened else reply
    defining = [block for block in blocks if f"def {entry}" in block]
    return (defining or blocks)[-1]


def program_of(item: Item, reply: str) -> str:
    """The program to run: what stands before the function in the prompt, then the code of the reply."""
    entry = str(item.metadata["entry"])
    code = code_of(reply, entry)
    if re.search(rf"^\s*(?:async\s+)?def {re.escape(entry)}\b", code, re.MULTILINE):
        before = item.prompt.rpartition(f"def {entry}")[0]
        return f"{before}\n{code}"
    return f"{item.prompt}{code}"


def grade_program(item: Item, reply: str) -> Verdict:
    """1 if every assertion of the test holds on the values that the program returns."""
    program = program_of(item, reply)
    if not code_of(reply, str(item.metadata["entry"])).strip():
        return Verdict(None, 0.0)
    try:
        with Program(program, str(item.metadata["entry"])) as candidate:
            run_test(item.prompt, item.metadata, candidate)
    except (Failed, AssertionError) as problem:
        return Verdict(str(problem)[:KEPT] or "a value differs", 0.0)
    # The test computes with the values that came back, which can be of any type.
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as problem:
        return Verdict(f"{type(problem).__name__}: {problem}"[:KEPT], 0.0)
    return Verdict("all values as expected", 1.0)


def run_test(prompt: str, facts: Mapping[str, object], candidate: Program) -> None:
    """Run the data set's own test on a candidate; helpers that the prompt defines are at hand.

    Raises:
        AssertionError: a value is not as expected.
        Failed: the candidate broke off.
    """
    space: dict[str, object] = {}
    exec(compile(f"{prompt}\n{facts['test']}", "test", "exec"), space)
    check = space["check"]
    assert callable(check)
    check(candidate)


TARGET = HumanEval()
