"""Every call of `interplay` in a workflow is one that the program knows, with the options that it knows."""

import re
from collections.abc import Iterator

import click
import pytest

from interplay.leaderboard.cli import program
from tests.workflows.steps import all_steps, own_actions, workflows

CALL = re.compile(r"(?:^|[\s/\"(])interplay\"? ([a-z].*?)(?=\)\"|;|>>|$)", re.MULTILINE)


def calls() -> Iterator[tuple[str, str]]:
    """Where a call is made, and its words."""
    for place, content in (workflows() | own_actions()).items():
        for step in all_steps(content):
            script = step.get("run", "").replace("\\\n", " ")
            for words in CALL.findall(script):
                yield place, words


def unknown(words: str) -> list[str]:
    """Words of a call that name no command and no option."""
    command: click.Command = program
    options: list[str] = []
    for word in words.split():
        if isinstance(command, click.Group) and not word.startswith("-"):
            found = command.get_command(click.Context(command), word)
            if found is None:
                return [word]
            command = found
        elif word.startswith("--"):
            options.append(word.split("=")[0])
    known = {option for parameter in command.params for option in parameter.opts}
    return [option for option in options if option not in known]


@pytest.mark.parametrize(("place", "words"), sorted(set(calls())))
def test_calls_are_known(place: str, words: str):
    assert unknown(words) == []


def test_calls_are_found():
    found = {(place, " ".join(words.split()[:2])) for place, words in calls()}
    assert found >= {
        ("judge", "maintain review"),
        ("accept", "maintain take"),
        ("accept", "maintain keep"),
        ("accept", "evidence check"),
        ("accept", "evidence attest"),
        ("audit", "evidence draw"),
        ("audit", "evidence audit"),
        ("audit", "maintain live"),
        ("regrade", "evidence regrade"),
    }
    assert unknown("maintain review A...B --nope") == ["--nope"]
    assert unknown("nope") == ["nope"]
