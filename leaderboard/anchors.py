"""Files of cheap scores beside the anchor that they stand for, one a family.

    release,candidate,domain,proxy,proxy_se,anchor,anchor_se
    2026-10,openai/gpt-5,all,0.41,0.012,0.38,0.020

Releases stand in the order in which they were made. An optional column `same_metric` says `yes` where both
scores measure one quantity in one unit. Rows of candidates that were measured are never changed afterwards.
"""

import csv
import io
import math
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from interplay.tasks.mistakes import UserMistake

from .analysis.proxy_guard import Scored

COLUMNS = ("release", "candidate", "domain", "proxy", "proxy_se", "anchor", "anchor_se")
SAME = "same_metric"


class Anchors(NamedTuple):
    """The rows of one file, and whether both scores measure the same quantity."""

    rows: tuple[Scored, ...]
    same_metric: bool


def anchored_families() -> dict[str, str]:
    """The text of each family's file that ships with the package, by family."""
    folder = files("interplay.leaderboard") / "data" / "anchors"
    if not folder.is_dir():
        return {}
    return {
        Path(entry.name).stem: entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".csv")
    }


def read_anchors(text: str, name: str) -> Anchors:
    """The rows of one file.

    Args:
        text: The CSV.
        name: What to call the file in messages.

    Raises:
        UserMistake: A column is missing, a value is no number, a standard error is not positive, or a
            candidate is there twice in one release and domain; the row is named.
    """
    reader = csv.DictReader(io.StringIO(text))
    heads = reader.fieldnames or ()
    missing = [column for column in COLUMNS if column not in heads]
    if missing:
        raise UserMistake(f"{name} has no column {missing[0]!r}; it needs {', '.join(COLUMNS)}.")
    rows: list[Scored] = []
    seen: set[tuple[str, str, str]] = set()
    same: set[str] = set()
    for number, row in enumerate(reader, 2):
        where = f"{name} row {number}"
        named = tuple((row[column] or "").strip() for column in COLUMNS[:3])
        for column, value in zip(COLUMNS, named, strict=False):
            if not value:
                raise UserMistake(f"{where} has no {column}; name it.")
        key = (named[0], named[1], named[2])
        if key in seen:
            raise UserMistake(f"{where} repeats {key[1]!r} of {key[0]} in {key[2]!r}; keep one of the two.")
        seen.add(key)
        rows.append(Scored(*key, *(_number(row[column], column, where) for column in COLUMNS[3:])))
        same.add((row.get(SAME) or "no").strip())
    if not rows:
        raise UserMistake(f"{name} has no rows; add one a candidate and release.")
    if len(same) > 1 or not same <= {"yes", "no"}:
        raise UserMistake(
            f"{name} says {SAME} {', '.join(sorted(same))}; say yes or no, the same in all rows."
        )
    return Anchors(tuple(rows), same == {"yes"})


def _number(text: str | None, column: str, where: str) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UserMistake(f"{where} has {column} {text!r}; give a number.")
    if column.endswith("_se") and value <= 0:
        raise UserMistake(f"{where} has {column} {text}; give a standard error above 0.")
    return value
