"""The third process of `humaneval`: runs one program and answers calls with literals.

It imports nothing of this package, so that it can run in isolated mode. The first line read is a JSON object
with the program and the name of a function, each further line a list of arguments as a Python literal; each
answer is a line {"value": literal} or {"error": text}. Output of the program itself goes nowhere.
"""

import ast
import json
import os
import resource
import sys

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 30
LONGEST_VALUE = 1_000_000


def limit() -> None:
    """Cap memory, processor time, open files and the size of files written."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Serve calls until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    limit()
    job = json.loads(requests.readline())
    space: dict[str, object] = {"__name__": "program"}
    problem = ""
    try:
        exec(compile(job["program"], "program", "exec"), space)
    except BaseException as error:  # whatever a program does, its caller hears of it
        problem = f"{type(error).__name__}: {error}"[:200]
    for line in requests:
        try:
            if problem:
                raise RuntimeError(problem)
            value = repr(space[job["entry"]](*ast.literal_eval(line)))  # type: ignore[operator]
            answer = {"value": value} if len(value) <= LONGEST_VALUE else {"error": "value too long"}
        except BaseException as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    sys.setrecursionlimit(3000)
    main()
