"""Every block of every page: commands and Python are run, data is read, and nothing is left unsaid."""

import contextlib
import io
import json
import os
import runpy
import subprocess
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from interplay.leaderboard.cli import program
from interplay.leaderboard.commands.evaluate import eval_command
from interplay.leaderboard.commands.parts import parts_of
from interplay.leaderboard.commands.plan import parse_task_args

from . import rule
from .pages import PAGES, ROOT, blocks_of
from .shell import Answer, Call, run_block

WALKED = "docs/task-authors.md"
"""The page whose commands need the files of its own blocks: test_walk_through.py runs it."""
READ: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "yaml": yaml.safe_load,
    "text": str,
}
"""Languages of blocks that are no commands, and how they are read."""
LONG = {
    "CONTRIBUTING.md",
    "README.md",
    "docs/analysis.md",
    "docs/publishing.md",
    "docs/submitting.md",
    "docs/users.md",
    "tasks/deescalation/README.md",
    "tasks/mazes/README.md",
    "tasks/posttrain/README.md",
    "tasks/recipe_chains/README.md",
    "tasks/user_turn/README.md",
}


RUN = [
    pytest.param(page, marks=[pytest.mark.slow] if page in LONG else []) for page in PAGES if page != WALKED
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of this repository that a block may change, with nothing built in it."""
    copy = tmp_path / "work" / "interplay"
    copy.parent.mkdir()
    subprocess.run(["git", "clone", "-q", "--shared", str(ROOT), str(copy)], check=True)
    return copy


@pytest.mark.parametrize("page", PAGES)
def test_every_block_says_what_it_is(page: str):
    known = {"bash", "python", "diff", *READ}
    unsaid = [f"{page}:{block.line}" for block in blocks_of(page) if block.language not in known]
    assert not unsaid, f"say the language of these blocks, one of {sorted(known)}: {unsaid}"


@pytest.mark.parametrize("page", PAGES)
def test_every_command_has_the_options_that_its_page_says(page: str, tmp_path: Path):
    folder = tmp_path / "work"
    folder.mkdir()
    for block in blocks_of(page):
        if block.language == "bash":
            for call, answer in run_block(block.text, folder, lambda call: read(call.words)):
                where = f"{page}:{block.line}: {' '.join(call.words)}\n{answer.output}"
                assert answer.code == 0 or call.words == ["bash"], where


@pytest.mark.parametrize("page", RUN)
def test_every_block_does_what_its_page_says(page: str, checkout: Path):
    if needs_torch(page) and "INTERPLAY_REQUIRE_TORCH" not in os.environ:
        pytest.importorskip("torch", reason="no torch found")
    for block in blocks_of(page):
        where = f"{page}:{block.line}"
        if block.language == "bash":
            for call, answer in run_block(block.text, checkout, play):
                assert answer.code == 0, f"{where}: {' '.join(call.words)}\n{answer.output}"
        elif block.language == "python":
            answer = ran(partial(exec, compile(block.text, where, "exec"), {"__name__": "page"}), checkout)
            assert answer.code == 0, f"{where}\n{answer.output}"
        else:
            READ[block.language](block.text)


def needs_torch(page: str) -> bool:
    """Whether a page plays the small model, which needs an extra."""
    return any(
        "posttrain_mini" in block.text for block in blocks_of(page) if block.language in ("bash", "python")
    )


def read(words: list[str]) -> Answer:
    """The options of a command; what is no program of ours is left to the run."""
    return parsed(words) if words[0] in ("interplay", "inspect") else Answer("")


def play(call: Call) -> Answer:
    """One command of a page, by the rule."""
    words = rule.filled_in(call.words, call.folder)
    if rule.is_followed(words):
        return followed(words)
    match words[:2]:
        case ["interplay" | "inspect", "eval"]:
            return invoked(rule.stand_in(words, folder_of), call.folder)
        case ["interplay", "demo"]:
            return invoked(rule.demo(words), call.folder)
        case ["interplay", "submit"]:
            return invoked(rule.submit(words), call.folder)
        case ["interplay", _] | ["inspect", "score"]:
            return invoked(words, call.folder)
        case ["python", "-m"]:
            return ran(lambda: runpy.run_module(words[2], run_name="__main__"), call.folder, words[2:])
        case ["git", _]:
            done = subprocess.run(words, cwd=call.folder, capture_output=True, text=True, check=False)
            return Answer(done.stdout + done.stderr, done.returncode)
        case _:
            return Answer(f"no part of the rule covers this command: {' '.join(words)}", 99)


def followed(words: list[str]) -> Answer:
    """A command up to where it would leave this machine or never end."""
    match words:
        case ["make", *targets]:
            done = subprocess.run(
                ["make", "-n", *targets], cwd=ROOT, capture_output=True, text=True, check=False
            )
            return Answer(done.stderr, done.returncode)
        case ["pip", "install", *packages]:
            missing = rule.missing_extras(packages)
            return Answer(f"no such extra: {missing}" if missing else "", len(missing))
        case ["git", command, *_]:
            done = subprocess.run(["git", command, "-h"], capture_output=True, text=True, check=False)
            return Answer(done.stdout + done.stderr, 0 if done.returncode == 129 else 1)
        case ["python", "-m", module, command, *_]:
            return ran(
                lambda: runpy.run_module(module, run_name="__main__"), ROOT, [module, command, "--help"]
            )
        case _:
            return parsed(words)


def parsed(words: list[str]) -> Answer:
    """Reads the options of a command of `interplay` or `inspect` without running it."""
    try:
        command = group(words[0])
        context = command.make_context(words[0], words[1:])
        while isinstance(command, click.Group) and (rest := [*context._protected_args, *context.args]):
            name, command, rest = command.resolve_command(context, rest)
            assert command is not None
            context = command.make_context(name, rest, parent=context)
    except click.BadParameter as error:
        if "does not exist" not in error.message:  # files that the block before makes
            return Answer(error.format_message(), error.exit_code)
    except click.ClickException as error:
        return Answer(error.format_message(), error.exit_code)
    return Answer("")


def group(name: str) -> click.Group:
    """The command group of a program."""
    if name == "interplay":
        return program
    from inspect_ai._cli.main import inspect

    return inspect


def invoked(words: list[str], folder: Path) -> Answer:
    """Runs a command of `interplay` or `inspect` in this process."""
    with contextlib.chdir(folder):
        result = CliRunner().invoke(group(words[0]), words[1:])
    broken = result.exception if not isinstance(result.exception, SystemExit) else None
    said = "".join(traceback.format_exception(broken)) if broken else ""
    return Answer(result.output + said, result.exit_code)


def ran(work: Callable[[], object], folder: Path, words: list[str] | None = None) -> Answer:
    """Runs Python in this process, as the main module with these words where some are given."""
    said, code = io.StringIO(), 0
    before = sys.argv
    sys.argv = words or before
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        said.write(str(end.code))
    except Exception:
        said.write(traceback.format_exc())
        code = 70
    finally:
        sys.argv = before
    return Answer(said.getvalue(), code)


def folder_of(words: list[str]) -> Path:
    """Where `interplay eval` would write, as the command stands in the page."""
    given = eval_command.make_context("eval", words[2:]).params
    args = parse_task_args(given["task_pairs"])
    (part,) = parts_of(given["targets"], given["models"], given["role_pairs"], given["preset"], args, None)
    return part.folder


def test_an_unknown_program_fails(checkout: Path):
    ((_, answer),) = run_block("curl https://example.org", checkout, play)
    assert answer.code == 127
    ((_, answer),) = run_block("interplay evall mazes", checkout, play)
    assert answer.code == 2
