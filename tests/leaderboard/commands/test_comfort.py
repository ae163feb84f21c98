"""Help with an example on every command, Tab, what a run has used, and plans for machines."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from interplay.leaderboard.cli import program
from interplay.leaderboard.commands.usage import used_in, used_words
from interplay.tasks.catalog import FAMILIES


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command, groups too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def command_at(words: Sequence[str]) -> click.Command:
    """The command of those words."""
    command: click.Command = program
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    return command


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(program, list(words))
    return result.exit_code, result.output


@pytest.mark.parametrize("words", [*commands(program)], ids=" ".join)
def test_the_help_of_every_command_ends_with_an_example_that_can_be_read(words: tuple[str, ...]) -> None:
    code, output = run(*words, "--help")
    assert code == 0
    _, mark, example = output.rpartition("Example: ")
    assert mark, f"no example: {output}"
    shown = shlex.split(example.partition(" > ")[0])
    assert shown[0] == "interplay"
    assert tuple(shown[1 : 1 + len(words)]) == words
    command, rest = program, shown[1:]
    context = None
    while isinstance(command, click.Group):
        context = click.Context(command, parent=context)
        _, command, rest = command.resolve_command(context, rest)
        assert command is not None
    left_out = [word for word in rest if word != "..."]
    try:
        command.make_context(command.name, left_out, parent=context)
    except click.BadParameter as error:
        if not any(why in error.format_message() for why in ("does not exist", "Missing option")):
            raise


@pytest.mark.parametrize("words", [*commands(program)], ids=" ".join)
def test_every_option_says_what_it_is_for(words: tuple[str, ...]) -> None:
    command = command_at(words)
    unsaid = [
        p.opts for p in command.params if isinstance(p, click.Option) and not p.help and not p.show_default
    ]
    assert not unsaid
    assert command.help


def completed(folder: Path, *words: str) -> list[str]:
    """What bash offers when Tab is pressed at the end of these words."""
    (folder / "interplay").write_text(f'#!/bin/sh\nexec {sys.executable} -m interplay.leaderboard.cli "$@"\n')
    (folder / "interplay").chmod(0o755)
    script = (
        'eval "$(interplay completion bash)"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
        '_interplay_completion interplay; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script, "bash", *words],
        env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()


def test_bash_completes_commands_and_names(tmp_path: Path) -> None:
    assert completed(tmp_path, "interplay", "do") == ["doctor"]
    assert completed(tmp_path, "interplay", "eval", "maze") == [
        "mazes",
        "maze_solo",
        "maze_collab",
        "maze_relay",
    ]


@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        (("report",), "", [family.name for family in FAMILIES]),
        (("show",), "mazes-p", ["mazes-pair"]),
        (("eval", "mazes", "--model-role"), "", ["grader=", "partner=", "strong="]),
        (("eval", "mazes", "--model-role"), "partner=reference/f", ["partner=reference/follower"]),
        (("eval", "recipe_chains", "--model"), "reference/h", ["reference/hedger"]),
        (("completion",), "", ["bash", "zsh", "fish"]),
        (("check",), "nothing-like-it", ["nothing-like-it"]),
    ],
)
def test_tab_offers_names(words: tuple[str, ...], begun: str, offered: list[str]) -> None:
    found = click.shell_completion.BashComplete(program, {}, "interplay", "X").get_completions(
        list(words), begun
    )
    assert sorted(item.value for item in found) == sorted(offered)


def test_what_a_run_used_is_said_after_it_and_what_it_would_take_before(tmp_path: Path) -> None:
    words = [
        "eval",
        "proxy_drift",
        "--model",
        "reference/hold",
        "--preset",
        "smoke",
        "--log-dir",
        str(tmp_path / "logs"),
    ]
    code, output = run(*words, "--dry-run", "--json")
    (planned,) = json.loads(output[output.index("[\n") :])
    assert code == 0
    assert not (tmp_path / "logs").exists()
    assert planned["estimate"]["samples"] == 8
    assert planned["runs"] == [{"task": "proxy_drift", "args": {"preset": "smoke"}}]
    code, output = run(*words)
    assert code == 0
    used = used_in(tmp_path / "logs")
    assert list(used) == ["reference/hold"]
    assert used["reference/hold"].input_tokens > 8 * 500
    assert used_words(used) in output
