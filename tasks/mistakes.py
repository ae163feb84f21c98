"""The one exception for what a user got wrong."""

import click


class UserMistake(click.ClickException):
    """Wrong input by the user of the suite.

    The message is one sentence that names what is wrong, the value and the remedy. Both command lines,
    `interplay` and `inspect`, are click programs: they print `Error: <sentence>` and exit with 2.
    """

    exit_code = 2
