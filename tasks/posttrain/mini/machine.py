"""The stack machine that runs the programs of `m_code`; also a process of its own.

    IN PUSH 7 MUL PUSH 4 ADD OUT    reads x, puts out 7x + 4

`IN` pushes the input, `PUSH n` a number, `ADD SUB MUL` take two and push one, `DUP` repeats the top, `OUT`
pops the result and ends, `EXIT` ends without a result. A program has 64 steps at most. As a process it reads
a JSON list of programs and writes for each the list of results, null where there is none. It imports nothing
of this package, so that it can run in isolated mode.
"""

import json
import sys
from collections.abc import Sequence

INPUTS = (0, 3, 7, 11)
MOST_STEPS = 64
LARGEST = 10**15
"""A result beyond this, up or down, breaks a program off: squares of squares would grow without bound."""


def run(program: Sequence[str], x: int) -> int | None:
    """The result of a program for one input, None if it has none or breaks off."""
    stack: list[int] = []
    at = steps = 0
    while at < len(program):
        steps += 1
        if steps > MOST_STEPS:
            return None
        op = program[at]
        at += 1
        if op == "IN":
            stack.append(x)
        elif op == "PUSH" and at < len(program) and program[at].isascii() and program[at].isdigit():
            if len(program[at]) > 4:
                return None
            stack.append(int(program[at]))
            at += 1
        elif op == "DUP" and stack:
            stack.append(stack[-1])
        elif op == "OUT" and stack:
            return stack.pop()
        elif op in ("ADD", "SUB", "MUL") and len(stack) >= 2:
            right, left = stack.pop(), stack.pop()
            value = left + right if op == "ADD" else left - right if op == "SUB" else left * right
            if abs(value) > LARGEST:
                return None
            stack.append(value)
        else:
            return None
    return None


def results(program: str) -> list[int | None]:
    """The results of a program for all inputs."""
    words = program.split()
    return [run(words, x) for x in INPUTS]


if __name__ == "__main__":
    json.dump([results(program) for program in json.load(sys.stdin)], sys.stdout)
