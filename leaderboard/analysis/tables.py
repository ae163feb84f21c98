"""A report is a list of tables; one object, three renderings."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from interplay.leaderboard.figures import interval as words_between
from interplay.leaderboard.figures import number

Value: TypeAlias = str | int | float | None
Format: TypeAlias = Literal["text", "md", "json"]


@dataclass(frozen=True)
class Table:
    """One question of a report.

    Attributes:
        title: What is tabulated.
        columns: Column heads; units stand in them.
        rows: One value a column; None is shown as a dash.
        note: How to read it, and what n and the interval are.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""
    decimals: int = field(default=3)

    def __post_init__(self) -> None:
        for row in self.rows:
            assert len(row) == len(self.columns), f"{self.title}: {row} has not {len(self.columns)} values"

    def shown(self, value: Value) -> str:
        """A value as people read it."""
        if value is None:
            return "–"
        if not isinstance(value, float):
            return str(value)
        return number(value, self.decimals)


def interval(lo: float | None, hi: float | None, decimals: int = 2) -> str | None:
    """`0.92–1.00`, and `−0.03 to 0.08` where an end is negative, as on the site; None without one."""
    if lo is None or hi is None:
        return None
    return words_between(lo, hi, decimals)


def render(tables: Sequence[Table], form: Format) -> str:
    """All tables in one of the three forms."""
    if form == "json":
        return json.dumps(
            [{"title": t.title, "columns": t.columns, "rows": t.rows, "note": t.note} for t in tables],
            indent=1,
            ensure_ascii=False,
        )
    return "\n".join(markdown(t) if form == "md" else text(t) for t in tables)


def markdown(table: Table) -> str:
    """A pipe table with its title and note."""
    lines = [
        f"### {table.title}",
        "",
        _row(table.columns),
        "|" + " --- |" * len(table.columns),
    ]
    for row in table.rows:
        lines.append(_row([table.shown(value) for value in row]))
    return "\n".join([*lines, "", *([table.note, ""] if table.note else [])])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def text(table: Table) -> str:
    """Aligned columns for a terminal: words to the left, figures to the right."""
    cells = [[table.shown(value) for value in row] for row in table.rows]
    widths = [
        max(len(head), *(len(row[i]) for row in cells), 0) if cells else len(head)
        for i, head in enumerate(table.columns)
    ]
    numeric = [any(isinstance(row[i], int | float) for row in table.rows) for i in range(len(table.columns))]
    lines = [table.title, ""]
    for line in ([list(table.columns)] if table.columns else []) + cells:
        aligned = [c.rjust(w) if n else c.ljust(w) for c, w, n in zip(line, widths, numeric, strict=True)]
        lines.append("  " + "  ".join(aligned).rstrip())
    return "\n".join([*lines, *(["", f"  {table.note}"] if table.note else []), ""])
