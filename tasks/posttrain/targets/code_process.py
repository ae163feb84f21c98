"""Calls of a function in another process: no network, a process-ID namespace of its own, a deadline.

    with Program(source, "add") as add:
        add(1, 2)                         3

What comes back is a literal, read here; how the process ends says nothing. A machine that cannot make such a
namespace is refused, unless INTERPLAY_ISOLATED=1 says that this process itself runs in a sandbox.
"""

import ast
import json
import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from interplay.tasks.mistakes import EnvironmentProblem

from . import code_child

SECONDS = 30.0
ISOLATED_VARIABLE = "INTERPLAY_ISOLATED"
UNSHARE = ("unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child")
LONGEST_ANSWER = 2_000_000


class Failed(Exception):
    """The program broke off, ran too long, or returned something that is no literal."""


@cache
def isolation() -> tuple[str, ...]:
    """The command that a program is started with.

    Raises:
        EnvironmentProblem: this machine cannot isolate it.
    """
    try:
        done = subprocess.run([*UNSHARE, "true"], capture_output=True, timeout=10)
        if done.returncode == 0:
            return UNSHARE
    except (OSError, subprocess.TimeoutExpired):
        pass
    if os.environ.get(ISOLATED_VARIABLE) == "1":
        return ()
    raise EnvironmentProblem(
        "humaneval: this machine cannot make a namespace to run code in; run it in the verifier's sandbox, "
        f"or set {ISOLATED_VARIABLE}=1 inside a sandbox of your own."
    )


class Program:
    """A function of a program in another process.

    Args:
        source: The program.
        entry: Name of the function.
        seconds: Time for all calls together.
    """

    def __init__(self, source: str, entry: str, seconds: float = SECONDS) -> None:
        self.deadline = time.monotonic() + seconds
        command = [*isolation(), sys.executable, "-I", str(Path(code_child.__file__).resolve())]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "PYTHONHASHSEED": "0"},
            start_new_session=True,
        )
        self._rest = b""
        self._send(json.dumps({"program": source, "entry": entry}))

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self.process.wait()

    def __call__(self, *arguments: object) -> object:
        """The function's value for some arguments.

        Raises:
            Failed: there is none.
        """
        self._send(repr(arguments))
        try:
            answer: object = json.loads(self._line())
            if not isinstance(answer, dict) or "value" not in answer:
                raise Failed(str(answer)[:200])
            return ast.literal_eval(answer["value"])
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as problem:
            raise Failed(f"no literal: {problem}"[:200]) from problem

    def _send(self, line: str) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
        except OSError as problem:
            raise Failed("the program has ended") from problem

    def _line(self) -> bytes:
        assert self.process.stdout is not None
        source = self.process.stdout.fileno()
        while b"\n" not in self._rest:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([source], [], [], left)[0]:
                raise Failed("out of time")
            block = os.read(source, 1 << 16)
            if not block or len(self._rest) > LONGEST_ANSWER:
                raise Failed("the program has ended")
            self._rest += block
        line, _, self._rest = self._rest.partition(b"\n")
        return line
