"""Behind `python -m interplay.scorers.escalation_judge`: try a judge, draw a sheet, keep people's labels."""

import json
import sys
from pathlib import Path

import click

from interplay.tasks.mistakes import EnvironmentProblem, UserMistake

from .escalation_judge_gold import GoldTurn, read_gold, write_gold
from .escalation_judge_run import Probed, content, probe_judge
from .escalation_judge_sheet import (
    MEANINGS,
    PAIRS,
    drawn_pairs,
    key_path,
    labelled_turns,
    messages_of,
    write_sheet,
)
from .judged_logs import refuse_without_folder

GOLD = Path("leaderboard/data/gold/deescalation.jsonl")
"""Where labels stand in a checkout."""


@click.group()
def main() -> None:
    """Try a judge of angry conversations on fixed material, and against three people."""


@main.command()
@click.option("--model", required=True, help="The judge, as Inspect names it: provider/model.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable findings.")
def probes(model: str, as_json: bool) -> None:
    """Controls with a known answer, and what must not move one: length, order, courtesy, arm, replies."""
    require_judge(model)
    found = probe_judge(model)
    click.echo(json.dumps(content(found), indent=1) if as_json else text_of(found))
    if not found.holds:
        sys.exit(1)


def require_judge(model: str) -> None:
    """Load the provider of a judge, so that a wrong name or a missing key is told before anything is asked.

    Raises:
        UserMistake: No provider takes the name.
        EnvironmentProblem: The provider lacks a key or a package.
    """
    from inspect_ai.model import get_model
    from rich.text import Text

    if "/" not in model:
        raise UserMistake(f"--model {model}: expected provider/model, for example openai/gpt-5.")
    try:
        get_model(model)
    except UserMistake:
        raise
    except ValueError as error:
        raise UserMistake(f"--model {model}: {error}") from error
    except Exception as error:  # providers say in ways of their own what they lack, with markup
        said = " ".join(Text.from_markup(str(getattr(error, "message", error))).plain.split())
        raise EnvironmentProblem(f"--model {model}: {said}") from error


def text_of(found: Probed) -> str:
    """The findings as lines."""
    lines = [f"{'control':<12} {'right':>9}  unread"]
    lines += [
        f"{k.kind:<12} {k.right:>4} of {k.asked:<2}  {k.unread:<6} {_verdict(k.holds)}" for k in found.known
    ]
    lines.append(f"{'probe':<12} {'answer':<7} {'pairs':>5} {'same':>6} {'shift':>6}  unread")
    for part in found.shifts:
        same, shift = (
            "none" if value is None else f"{value:{form}}"
            for value, form in ((part.same, ".0%"), (part.shift, "+.2f"))
        )
        lines.append(
            f"{part.probe:<12} {part.outcome:<7} {part.pairs:>5} {same:>6} {shift:>6}  {part.unread:<6} "
            f"{_verdict(part.holds)}"
        )
    return "\n".join(lines)


def _verdict(holds: bool) -> str:
    return "holds" if holds else "does not hold"


@main.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--grader", help="The judge to validate, where the logs have several.")
@click.option("--pairs", default=PAIRS, show_default=True, type=click.IntRange(1), help="Pairs to draw.")
def sheet(logs: tuple[Path, ...], output: Path, grader: str | None, pairs: int) -> None:
    """Draw messages from judged LOGS for three people to label blind."""
    refuse_without_folder(output)
    chosen = drawn_pairs(messages_of(logs, grader), pairs)
    write_sheet(output, chosen)
    click.echo(f"{len(chosen)} messages in {output}; keep {key_path(output)} from those who label.")
    click.echo(f"Levels: {MEANINGS}.")


@main.command()
@click.argument("labelled", metavar="SHEET", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--file",
    "path",
    default=GOLD,
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the labels are added.",
)
def gold(labelled: Path, path: Path) -> None:
    """Add the levels of a labelled SHEET to the labels; those of the same message are replaced."""
    new = labelled_turns(labelled)
    kept = {_place(turn): turn for turn in (*read_gold(path), *new)}
    write_gold(path, list(kept.values()))
    click.echo(f"{len(new)} messages added, {len(kept)} in {path}.")


def _place(turn: GoldTurn) -> tuple[object, ...]:
    return turn.grader, turn.prompt_sha256, turn.pair, turn.arm, turn.n
