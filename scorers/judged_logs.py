"""Logs of judged runs, of which sheets for people are drawn, and such sheets once they are filled in."""

import csv
import io
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from interplay.tasks.mistakes import UserMistake

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog


def judged_log(path: Path) -> "EvalLog":
    """The log of a file.

    Raises:
        UserMistake: it is no readable log.
    """
    from inspect_ai.log import read_eval_log

    try:
        return read_eval_log(str(path), resolve_attachments=True)
    except Exception as error:  # what is no whole log fails in many ways
        raise UserMistake(f"{path}: not a readable log ({type(error).__name__}); give .eval files.") from None


def refuse_without_folder(output: Path) -> None:
    """Refuse a sheet that could not be written, before it is drawn.

    Raises:
        UserMistake: its folder is not there.
    """
    if not output.parent.is_dir():
        raise UserMistake(f"-o {output}: there is no folder {output.parent}; make it first.")


def plain_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def sheet_rows(sheet: Path, rows_of: str, drawn: Collection[str]) -> list[dict[str, str]]:
    """The rows of a sheet that people have filled in: every item that was drawn, once, so that none can be
    left out because people or judges disagree on it.

    Spreadsheets drop the zeros before a number, and save with semicolons or tabs where a comma is the decimal
    sign; both are read.

    Args:
        sheet: The file.
        rows_of: What each row shows, in the plural.
        drawn: Items of the key.

    Raises:
        UserMistake: it is no CSV in UTF-8, or does not hold exactly the items that were drawn.
    """
    try:
        text = sheet.read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except UnicodeDecodeError:
        raise UserMistake(f"{sheet}: no UTF-8 text; save the sheet as CSV in UTF-8.") from None
    except csv.Error as error:
        raise UserMistake(f"{sheet}: {error}; save the sheet as CSV in UTF-8.") from None
    if not rows:
        raise UserMistake(f"{sheet}: no {rows_of} in it; draw a sheet with the command 'sheet'.")
    as_number = {str(int(item)): item for item in drawn if item.isdecimal()}
    for row in rows:
        item = row.get("item") or ""
        row["item"] = item if item in drawn else as_number.get(item, item)
    found = Counter(row["item"] for row in rows)
    other = next((item for item in found if item not in drawn), None)
    if other is not None:
        raise UserMistake(f"{sheet}: item {other!r} is not in its key; keep the column 'item' as drawn.")
    if twice := next((item for item, times in found.items() if times > 1), None):
        raise UserMistake(f"{sheet}: item {twice!r} stands in it {found[twice]} times; keep one row of it.")
    if absent := [item for item in drawn if item not in found]:
        raise UserMistake(
            f"{sheet}: {len(absent)} of {len(drawn)} {rows_of} are absent (first: item {absent[0]!r}); label "
            "all that were drawn."
        )
    return rows


def _delimiter(text: str) -> str:
    """What parts the cells of a sheet, of which the first column is `item`."""
    return next((sign for sign in ";\t" if text.startswith((f"item{sign}", f'"item"{sign}'))), ",")
