"""Behind `python -m interplay.scorers.followup_judge`: draw a sheet, check a judge against it."""

import json
import re
from pathlib import Path

import click

from interplay.tasks.mistakes import UserMistake

from .followup_gates import Human, Validation, validation
from .followup_rules import LABELS
from .followup_sheet import ITEMS, Item, drawn, items_of, key_path, write_sheet
from .judged_logs import refuse_without_folder, sheet_rows

FOLDER = Path("leaderboard/validation/user_turn")
"""Where validations stand in a checkout."""
LABELLED = ("label_1", "label_2", "settled")


@click.group()
def main() -> None:
    """Validate a judge of user turns against two people."""


@main.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--grader", help="The judge under validation, where the logs have several.")
@click.option("--items", default=ITEMS, show_default=True, type=click.IntRange(1), help="Turns to draw.")
def sheet(logs: tuple[Path, ...], output: Path, grader: str | None, items: int) -> None:
    """Draw turns from judged LOGS for two people to label blind."""
    refuse_without_folder(output)
    chosen = drawn(items_of(logs, grader), items)
    write_sheet(output, chosen)
    click.echo(f"{len(chosen)} turns in {output}; keep {key_path(output)} from those who label.")


@main.command()
@click.argument("labelled", metavar="SHEET", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--folder",
    default=FOLDER,
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where <grader>.json is written.",
)
def gates(labelled: Path, folder: Path) -> None:
    """Check a labelled SHEET and write what the judge reaches."""
    found = validated(labelled)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{file_name(found.grader)}.json"
    path.write_text(found.model_dump_json(indent=2) + "\n", encoding="utf-8")
    for gate in found.gates:
        value = "none" if gate.value is None else f"{gate.value:.3f}"
        click.echo(f"{'met' if gate.met else 'not met':<8} {gate.name}: {value}, at least {gate.threshold}")
    if found.second_judge_alpha is not None:
        click.echo(f"{'told':<8} second judge and judge: alpha {found.second_judge_alpha:.3f}")
    click.echo(f"{'All gates are met' if found.met else 'Not validated'}; written to {path}.")


def validated(sheet_file: Path) -> Validation:
    """The outcome of a labelled sheet.

    Raises:
        UserMistake: the key is missing or not as drawn, a label is missing or unknown, or the sheet is
            no CSV in UTF-8 or does not hold the turns that were drawn.
    """
    key = key_path(sheet_file)
    if not key.is_file():
        raise UserMistake(f"{key}: not there; it was written beside the sheet.")
    try:
        lines = key.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        keys = {item.item: item for item in map(_key_item, lines)}
    except (TypeError, ValueError):  # a line that is no object, no JSON or no text
        raise UserMistake(f"{key}: not as it was drawn; draw sheet and key again.") from None
    rows = sheet_rows(sheet_file, "turns", keys)
    items = [_human(row, keys, sheet_file) for row in rows]
    first = keys[rows[0]["item"]]
    return validation(items, first.grader, first.prompt_sha256, first.rules_version)


def _key_item(line: str) -> Item:
    return Item.model_validate({"conversation": "", "reply": "", "turn": ""} | json.loads(line))


def _human(row: dict[str, str], keys: dict[str, Item], sheet_file: Path) -> Human:
    first, second, settled = (_label(row, column, sheet_file) for column in LABELLED)
    key = keys[row["item"]]
    return Human(first, second, settled, key.judge, key.rules, key.second, key.weight)


def _label(row: dict[str, str], column: str, sheet_file: Path) -> str:
    label = (row.get(column) or "").strip().casefold()
    if label not in LABELS:
        said = f"{sheet_file}: item {row['item']} has {label or 'nothing'} as {column}"
        raise UserMistake(f"{said}; use one of {', '.join(LABELS)}.")
    return label


def file_name(grader: str) -> str:
    """The name of a model as a file name."""
    return re.sub(r"[^\w.-]+", "_", grader, flags=re.ASCII).strip("._") or "grader"
