"""`interplay completion`: the script with which a shell completes commands, names and roles."""

import sys

import click
from click.shell_completion import get_completion_class

from interplay.tasks.mistakes import EnvironmentProblem

PLACES = {
    "bash": "~/.local/share/bash-completion/completions/interplay",
    "zsh": "a folder of $fpath, as _interplay",
    "fish": "~/.config/fish/completions/interplay.fish",
}
VARIABLE = "_INTERPLAY_COMPLETE"


@click.command(
    epilog="Example: interplay completion bash > ~/.local/share/bash-completion/completions/interplay"
)
@click.argument("shell", type=click.Choice(list(PLACES)))
def completion_command(shell: str) -> None:
    """Print what SHELL needs to complete commands, families, tasks, boards, roles and players with Tab."""
    from interplay.leaderboard.cli import program

    kind = get_completion_class(shell)
    assert kind is not None, f"click has no completion for {shell}"
    try:
        script = kind(program, {}, "interplay", VARIABLE).source()
    except RuntimeError as error:
        raise EnvironmentProblem(f"{shell}: {error}; install it, or choose another shell.") from error
    click.echo(script)
    if sys.stdout.isatty():
        click.echo(f"Save it: {PLACES[shell]}", err=True)
