"""The `interplay` program: a lazy group of commands and what they print when something is wrong.

Exit codes: 0 fine, 1 refused or findings, 2 wrong use, 3 environment, 4 network, 70 a bug of ours.
"""

import sys
from importlib import import_module
from importlib.metadata import version

import click

from .machine_problems import problem_of

COMMANDS: dict[str, tuple[str, str]] = {
    "list": ("commands.catalogue:list_command", "Families, tasks and boards."),
    "show": ("commands.catalogue:show_command", "One family, task or board in full."),
    "doctor": ("doctor:doctor_command", "What is here, what is missing, and the remedy."),
    "demo": ("commands.demo:demo_command", "The whole loop on reference players, from eval to site."),
    "eval": ("commands.evaluate:eval_command", "Evaluate a model; the same command resumes."),
    "report": ("commands.report:report_command", "A family's analysis of logs as tables."),
    "submit": ("commands.submit:submit_command", "Turn logs into an entry, ready for a pull request."),
    "check": ("commands.check:check_command", "The verdict that a pull request gets."),
    "build": ("commands.site:build_command", "Build the public site."),
    "serve": ("commands.site:serve_command", "Preview a built site on this machine."),
    "completion": ("commands.completion:completion_command", "Let Tab complete commands, names and roles."),
    "proxy-guard": (
        "commands.proxy_guard:proxy_guard_command",
        "Do cheap scores still follow their anchors?",
    ),
    "recipe": ("commands.recipe:recipe_group", "Texts of checkpoints, the panel of answers, labels."),
    "deescalation": (
        "commands.deescalation:deescalation_command",
        "Beginnings of conversations, and who may play their people.",
    ),
    "evidence": ("commands.evidence:evidence_group", "Records beside stored entries: check, regrade, audit."),
    "maintain": ("commands.maintain:maintain_group", "Judge pull requests, accept entries, watch the site."),
}


class LazyGroup(click.Group):
    """Loads a command's module only when that command is called, so that `--help` stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of a first session."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command = getattr(import_module(f"interplay.leaderboard.{module}"), attribute)
        assert isinstance(command, click.Command), f"{cmd_name} is no click command"
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; what the machine refuses it is one sentence, and no bug.

        Raises:
            click.ClickException: A full disk, a read-only folder and the like.
        """
        try:
            return super().invoke(ctx)
        except Exception as error:
            problem = problem_of(error)
            if problem is None or ctx.params.get("debug"):
                raise
            raise problem from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands from the table above, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    epilog="Example: interplay eval mazes --model openai/gpt-5",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="interplay", message="interplay %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback when something breaks.")
def program(debug: bool) -> None:
    """Interplay measures how language models work with each other, with people, and on themselves."""


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the console script.

    A user's mistake ends in one sentence; a bug ends in one sentence as well, with the way to its
    traceback, and in an exit code of its own.
    """
    given = sys.argv[1:] if arguments is None else arguments
    try:
        program.main(args=given, prog_name="interplay")
    except Exception as error:
        if "--debug" in given:
            raise
        click.echo(
            f"Error: {type(error).__name__}: {error}. This is a bug of interplay {version('interplay')}; "
            "run `interplay --debug …` for the traceback and report it.",
            err=True,
        )
        sys.exit(70)


if __name__ == "__main__":
    main()
