"""A bash whose programs are answered by a function of the test.

Loops, globs, folders and variables of a block are bash's own. A program of `PLAYED` is a script that hands
its words to the test and waits; of the system only the programs of `FILES` can be found, so a block with any
other program fails.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

PLAYED = ("interplay", "inspect", "python", "pip", "make", "git")
FILES = ("cat", "cp", "head", "ls", "mkdir", "mv", "rm", "sort", "wc")
ASK = """#!/bin/bash
answer=$(mktemp -u "$DOCS_ASK.XXXXXX"); mkfifo "$answer"
printf '%s\\x1f' "$answer" "$PWD" "${0##*/}" "$@" > "$answer.words"
printf '%s\\n' "$answer" > "$DOCS_ASK"
read -r code < "$answer"
cat "$answer.output"
exit "$code"
"""


class Call(NamedTuple):
    """A program with its words, and the folder it was called in."""

    words: list[str]
    folder: Path


class Answer(NamedTuple):
    """What a program printed, and its exit code."""

    output: str
    code: int = 0


def run_block(block: str, folder: Path, play: Callable[[Call], Answer]) -> list[tuple[Call, Answer]]:
    """Runs a block of commands and stops at the first that fails, as bash does with `set -e`.

    Returns:
        Every call of a played program with its answer; bash's own failure is the last, if there is one.
    """
    tools = folder.parent / "tools"
    shutil.rmtree(tools, ignore_errors=True)
    tools.mkdir()
    for name in PLAYED:
        (tools / name).write_text(ASK, "utf-8")
        (tools / name).chmod(0o755)
    for name in (*FILES, "bash", "mktemp", "mkfifo"):
        found = shutil.which(name)
        assert found, f"{name} is missing on this machine"
        (tools / name).symlink_to(found)
    asked = tools / "ask"
    os.mkfifo(asked)
    script = f"set -euo pipefail\ntrap 'echo > {asked}' EXIT\n{block}"
    environment = os.environ | {"PATH": str(tools), "HOME": str(folder.parent), "DOCS_ASK": str(asked)}
    done: list[tuple[Call, Answer]] = []
    listening = os.open(asked, os.O_RDWR)
    with (
        os.fdopen(listening) as questions,
        subprocess.Popen(
            [tools / "bash", "-c", script],
            cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        ) as bash,
    ):  # fmt: skip
        while question := questions.readline().strip():
            words = Path(f"{question}.words").read_text("utf-8").split("\x1f")[1:-1]
            call = Call(words[1:], Path(words[0]))
            answer = play(call)
            done.append((call, answer))
            Path(f"{question}.output").write_text(answer.output, "utf-8")
            Path(question).write_text(f"{answer.code}\n", "utf-8")
        said = bash.stderr.read() if bash.stderr else ""
    if bash.returncode and all(answer.code == 0 for _, answer in done):
        done.append((Call(["bash"], folder), Answer(said, bash.returncode)))
    return done
