"""Files of cheap scores beside the anchor that they stand for, one a family.

    release,candidate,domain,proxy,proxy_se,anchor,anchor_se
    2026-10,openai/gpt-5,all,0.41,0.012,0.38,0.020

Releases stand in the order in which they were made. An optional column `same_metric` says `yes` where both
scores measure one quantity in one unit; `board` names the board whose headline is the proxy, where it is not
the family's first. Further columns named like score keys (`escalation.lectures`) hold what the proxy is made
of, so that the keys can be named that part from the anchor. Rows of candidates that were measured are never
changed afterwards.
"""

import csv
import io
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from interplay.tasks.mistakes import UserMistake

from .analysis.proxy_guard import Scored

LEADERBOARD = Path(__file__).resolve().parent
"""In a checkout the folder of the checkout itself: the editable install holds links to single files."""
COLUMNS = ("release", "candidate", "domain", "proxy", "proxy_se", "anchor", "anchor_se")
SAME, BOARD = "same_metric", "board"
SCORE_KEY = re.compile(r"^[a-z_]+\.[A-Za-z0-9_./]+$")
Place: TypeAlias = tuple[str, str, str]
"""Release, candidate and domain."""


class Anchors(NamedTuple):
    """The rows of one file, and whether both scores measure the same quantity.

    `keys` holds by score key its value at each place that has one; `board` is the one that the file names.
    """

    rows: tuple[Scored, ...]
    same_metric: bool
    board: str | None = None
    keys: Mapping[str, Mapping[Place, float]] = {}


def anchored_families(leaderboard: Path = LEADERBOARD) -> dict[str, str]:
    """The text of each family's file below a folder `leaderboard`, by family.

    Raises:
        UserMistake: A file is no UTF-8 text.
    """
    found: dict[str, str] = {}
    for path in sorted((leaderboard / "data" / "anchors").glob("*.csv")):
        try:
            found[path.stem] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise UserMistake(f"{path.name} is no UTF-8 text; save it as CSV in UTF-8.") from None
    return found


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
    keys: dict[str, dict[Place, float]] = {head: {} for head in heads if SCORE_KEY.match(head)}
    if unknown := [head for head in heads if head not in (*COLUMNS, SAME, BOARD, *keys)]:
        raise UserMistake(f"{name} has a column {unknown[0]!r}, which is no score key; drop or rename it.")
    rows: list[Scored] = []
    seen: set[Place] = set()
    same: set[str] = set()
    boards: set[str] = set()
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
        for head, values in keys.items():
            if (row[head] or "").strip():
                values[key] = _number(row[head], head, where)
        same.add((row.get(SAME) or "no").strip())
        boards.add((row.get(BOARD) or "").strip())
    if not rows:
        raise UserMistake(f"{name} has no rows; add one a candidate and release.")
    if len(same) > 1 or not same <= {"yes", "no"}:
        raise UserMistake(
            f"{name} says {SAME} {', '.join(sorted(same))}; say yes or no, the same in all rows."
        )
    if len(boards) > 1:
        raise UserMistake(f"{name} says {BOARD} {', '.join(sorted(boards))}; say the same in all rows.")
    return Anchors(tuple(rows), same == {"yes"}, boards.pop() or None, keys)


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
