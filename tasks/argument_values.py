"""Values of task arguments, checked: one sentence with the value and the remedy (pure)."""

from collections.abc import Collection
from pathlib import Path
from typing import cast

from .mistakes import UserMistake


def one_of(name: str, value: object, choices: Collection[str]) -> None:
    """Refuse a value that is none of the choices.

    Raises:
        UserMistake: it is none.
    """
    if value not in choices:
        raise UserMistake(f"{name}={value}: choose one of {', '.join(choices)}.")


def yes_or_no(name: str, value: object) -> None:
    """Refuse a value that is no truth value.

    Raises:
        UserMistake: it is none.
    """
    if not isinstance(value, bool):
        raise UserMistake(f"{name}={value}: choose true or false.")


def text(name: str, value: object) -> None:
    """Refuse a value that is no text, such as a number that the command line made of a name.

    Raises:
        UserMistake: it is none.
    """
    if not isinstance(value, str):
        raise UserMistake(f"{name}={value}: expected text; write -T \"{name}='{value}'\" if it is a name.")


def text_or_list(name: str, value: object) -> None:
    """Refuse a value that is neither a comma list nor a list of texts.

    Raises:
        UserMistake: it is neither.
    """
    for member in cast(list[object], value) if isinstance(value, list | tuple) else [value]:
        if not isinstance(member, str):
            raise UserMistake(f"{name}={value}: expected a comma list of words.")


def whole(name: str, value: object, low: int | None = None, high: int | None = None) -> int:
    """The value, if it is a whole number from `low` to `high`, where these are given.

    Raises:
        UserMistake: it is none, or lies outside.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise UserMistake(f"{name}={value}: expected a whole number.")
    if (low is not None and value < low) or (high is not None and value > high):
        raise UserMistake(f"{name}={value}: choose a whole number from {low} to {high}.")
    return value


def new_file(name: str, path: Path) -> Path:
    """The path, if a file can be made there: looked at before the work whose result it will hold.

    Raises:
        UserMistake: its folder is missing.
    """
    if not path.parent.is_dir():
        raise UserMistake(
            f"{name} {path}: there is no folder {path.parent}; make it, or choose another place."
        )
    return path
