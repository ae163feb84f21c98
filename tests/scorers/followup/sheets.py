"""Judged turns without a log, and sheets of them that two people have filled in."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from click.testing import CliRunner, Result

from interplay.scorers.followup_answer import prompt_sha256
from interplay.scorers.followup_rules import VERSION
from interplay.scorers.followup_sheet import COLUMNS, Item, drawn, write_sheet
from interplay.scorers.followup_validation import main

GRADER = "mistral/large-2"


def item(n: int, rules: str = "closer", judge: str = "closer", **more: object) -> Item:
    fields: dict[str, object] = {
        "origin": ("m/qwen", f"c{n}", "1.0", n), "family": "qwen", "conversation": f"USER: question {n}",
        "reply": f"answer {n}", "turn": f"turn {n}", "rules": rules, "judge": judge, "grader": GRADER,
        "prompt_sha256": prompt_sha256(), "rules_version": VERSION,
    }  # fmt: skip
    return Item.model_validate(fields | more)


def run(*args: object) -> Result:
    return CliRunner().invoke(main, list(map(str, args)))


def sheet_of(path: Path, items: Sequence[Item], label: Callable[[Item], tuple[str, str, str]]) -> Path:
    """A drawn sheet in which each turn has the labels of two people and what they settled on."""
    chosen = drawn(items)
    write_sheet(path, chosen)
    write_rows(path, [[i.item, i.conversation, i.reply, i.turn, *label(i)] for i in chosen])
    return path


def write_rows(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> None:
    """A sheet of these rows."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def read_rows(path: Path) -> list[list[str]]:
    """The rows of a sheet below its header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def agreed(one: Item) -> tuple[str, str, str]:
    """Two people who see what the judge sees."""
    return one.judge, one.judge, one.judge
