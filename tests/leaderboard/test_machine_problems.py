"""What the machine refuses becomes one sentence with a remedy; what is a bug stays one."""

import errno
import os
import sqlite3

import click
import pytest

from interplay.leaderboard.machine_problems import GO_ON, REMEDIES, problem_in, problem_of
from interplay.tasks.mistakes import EnvironmentProblem, UserMistake


class PrerequisiteError(Exception):
    """An error of the name that Inspect uses."""


@pytest.mark.parametrize("number", REMEDIES, ids=lambda number: errno.errorcode[number])
def test_every_known_fault_of_a_file_system_has_its_remedy(number: int) -> None:
    found = problem_of(OSError(number, os.strerror(number), "logs/a.eval"))
    assert isinstance(found, EnvironmentProblem)
    assert found.message == f"logs/a.eval: {REMEDIES[number]}. {GO_ON}"
    without = problem_of(OSError(number, os.strerror(number)))
    assert without is not None
    assert without.message == f"{REMEDIES[number]}. {GO_ON}"


def test_of_two_files_the_one_that_was_written_is_named() -> None:
    found = problem_of(OSError(errno.EROFS, "read-only", "from", None, "to"))
    assert found is not None
    assert found.message.startswith("to: ")


@pytest.mark.parametrize("kind", [NotADirectoryError, FileExistsError])
def test_a_file_in_place_of_a_folder_is_a_mistake(kind: type[OSError]) -> None:
    number = errno.ENOTDIR if kind is NotADirectoryError else errno.EEXIST
    found = problem_of(kind(number, os.strerror(number), "notes.txt"))
    assert isinstance(found, UserMistake)
    assert found.message == "notes.txt: a file lies where a folder is needed; give another folder."


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        KeyError("x"),
        FileNotFoundError(errno.ENOENT, "gone", "x"),
        OSError("no number"),
        ExceptionGroup("two", [OSError(errno.ENOSPC, "full"), ValueError("x")]),
        NotADirectoryError(errno.ENOTDIR, "without a path"),
        sqlite3.ProgrammingError("a bug"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_anything_else_is_a_bug(error: Exception) -> None:
    assert problem_of(error) is None


def test_the_only_error_of_a_group_is_told_however_deep_it_lies() -> None:
    inner = OSError(errno.ENOSPC, "full", "disk")
    found = problem_of(ExceptionGroup("outer", [ExceptionGroup("inner", [inner])]))
    assert found is not None
    assert found.message.startswith("disk: the disk is full; free some space.")


def test_records_of_running_samples_are_named_by_what_they_are() -> None:
    found = problem_of(sqlite3.OperationalError("database or disk is full"))
    assert isinstance(found, EnvironmentProblem)
    assert found.message.startswith(
        "the records of running samples, in the home folder, cannot be written (data"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ERROR: Docker is not installed.\n\nSee the manual.", "Docker is not installed"),
        ("[bold]ERROR[/bold]: The task 'x' is not distinct.", "The task 'x' is not distinct"),
        ("Needs [blue]pip install x[/blue] on [linux]\n first", "Needs pip install x on [linux] first"),
    ],
)
def test_what_inspect_needs_is_one_sentence_without_its_colours(text: str, said: str) -> None:
    found = problem_of(PrerequisiteError(text))
    assert isinstance(found, EnvironmentProblem)
    assert found.message == f"{said}. {GO_ON}"


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        (f"OSError(28, '{os.strerror(errno.ENOSPC)}')", REMEDIES[errno.ENOSPC]),
        (f"somewhere: {os.strerror(errno.EMFILE)}", REMEDIES[errno.EMFILE]),
        ("KeyError('x')", None),
        ("", None),
    ],
)
def test_a_fault_is_known_by_its_words_in_a_log(message: str, remedy: str | None) -> None:
    found = problem_in(message)
    if remedy is None:
        assert found is None
    else:
        assert isinstance(found, click.ClickException)
        assert found.message == f"{remedy}. {GO_ON}"
