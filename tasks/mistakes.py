"""What a command can end with that is not a bug: one sentence and an exit code each."""

import click


class UserMistake(click.ClickException):
    """Wrong input by the user of the suite.

    The message is one sentence that names what is wrong, the value and the remedy. Both command lines,
    `interplay` and `inspect`, are click programs: they print `Error: <sentence>` and exit with 2.
    """

    exit_code = 2


class EnvironmentProblem(click.ClickException):
    """Something that this machine lacks; the message names it and the remedy."""

    exit_code = 3


class NetworkProblem(click.ClickException):
    """Something that could not be fetched or reached; the message names it and the remedy."""

    exit_code = 4


class NotLoaded(UserMistake):
    """A data set that is not pinned, or cannot be had here; the message names it and the remedy."""
