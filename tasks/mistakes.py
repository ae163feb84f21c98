"""The one exception for what a user got wrong."""


class UserMistake(ValueError):
    """Wrong input by the user of the suite.

    The message is one sentence that names what is wrong, the value and the remedy. The command line
    prints it and exits with 2; `inspect eval` shows it before any model is called.
    """
