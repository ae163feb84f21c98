"""The table at which scripted seats talk: how cells are written, whose note it is, what has been said."""

from collections.abc import Callable
from typing import NamedTuple

from interplay.tasks.mazes.maze import Cell, Drawn, Rng, cells_of, half_of, neighbours

from .scripted_words import DECLARED, VOICES, Voice

WAYS = {(-1, 0): "up", (1, 0): "down", (0, 1): "right", (0, -1): "left"}
MODES = ("declared and map sent", "map sent", "neither")


class Notation(NamedTuple):
    """A way to write cells: its label, the key of its declarations, and how a cell is written."""

    name: str
    label: str
    write: Callable[[Cell, int], str]


def _letter(column: int) -> str:
    return "ABCDEFG"[column]


NOTATIONS = (
    Notation("0-based row-col", "0 top left row-col", lambda c, n: f"({c[0]},{c[1]})"),
    Notation("1-based row-col", "1 top left row-col", lambda c, n: f"({c[0] + 1}, {c[1] + 1})"),
    Notation("0-based x-y", "0 top left col-row", lambda c, n: f"({c[1]},{c[0]})"),
    Notation("1-based x-y", "1 top left col-row", lambda c, n: f"({c[1] + 1}, {c[0] + 1})"),
    Notation("x-y from the bottom", "0 bottom left col-row", lambda c, n: f"({c[1]}, {n - 1 - c[0]})"),
    Notation("[r, c]", "0 top left row-col", lambda c, n: f"[{c[0]}, {c[1]}]"),
    Notation("rXcY", "0 top left row-col", lambda c, n: f"r{c[0]}c{c[1]}"),
    Notation("row/column", "1 top left row-col", lambda c, n: f"row {c[0] + 1}, column {c[1] + 1}"),
    Notation("A1 from top", "letters top left col-row", lambda c, n: f"{_letter(c[1])}{c[0] + 1}"),
    Notation("A1 from bottom", "letters bottom left col-row", lambda c, n: f"{_letter(c[1])}{n - c[0]}"),
    Notation("directions", "directions", lambda c, n: ""),
)


class Table:
    """A game being written: whose note it is, where the token is, what has been said."""

    def __init__(self, rng: Rng, drawn: Drawn, notation: Notation) -> None:
        self.rng = rng
        self.drawn = drawn
        self.size = len(drawn.rows)
        self.notation = notation
        self.voices: tuple[Voice, Voice] = (rng.choice(VOICES), rng.choice(VOICES))
        self.half: dict[int, list[str]] = {
            seat: half_of(drawn.rows, drawn.owner, half) for seat, half in ((1, "A"), (2, "B"))
        }
        self.notes: list[dict[str, object]] = []
        self.route: list[Cell] = [(0, 0)]
        self.number = 0

    @property
    def seat(self) -> int:
        return 1 + len(self.notes) % 2

    @property
    def voice(self) -> Voice:
        return self.voices[self.seat - 1]

    def cell(self, cell: Cell, origin: Cell | None = None) -> str:
        """How the cell is written, or the direction that leads to it."""
        if self.notation.label == "directions":
            a = origin or self.route[-1]
            return WAYS.get((cell[0] - a[0], cell[1] - a[1]), "")
        return self.notation.write(cell, self.size)

    def say(self, phrases: tuple[str, ...], cell: Cell | None = None, origin: Cell | None = None) -> str:
        text = self.rng.choice(phrases)
        word = self.cell(cell, origin) if cell is not None else ""
        if not word:
            text = next((p for p in phrases if "{c}" not in p), "")
        return text.replace("{c}", word).replace("{n}", str(self.number))

    def send(self, *parts: str) -> None:
        joiner = "\n" if self.voice is VOICES[1] or self.rng.chance(1, 4) else " "
        text = joiner.join(part for part in parts if part)
        if joiner == " " and self.voice is VOICES[3]:
            text = ". ".join(part for part in parts if part)
        self.notes.append({"seat": self.seat, "text": text})

    def map_text(self) -> str:
        rows = self.half[self.seat]
        body = "\n".join(rows) if self.rng.chance(1, 2) else "\n".join(" ".join(row) for row in rows)
        return f"\nMy map:\n```\n{body}\n```\n" if self.rng.chance(1, 2) else f"\nMy map:\n{body}\n"


def facts_of(table: Table) -> str:
    """What a seat tells of goal, key and one wall, in its own notation."""
    if table.notation.label == "directions":
        return ""
    rows = table.half[table.seat]
    parts = [
        table.say(table.voice.goal, cells_of(rows, "*")[0]),
        table.say(table.voice.key, cells_of(rows, "k")[0]),
    ]
    walls = [cell for cell in cells_of(rows, "#") if cell[0] != cell[1]]
    if walls:
        parts.append(table.say(table.voice.wall, table.rng.choice(walls)))
    if table.voice is VOICES[1]:
        return "\n".join(parts)
    return (". " if table.voice is VOICES[3] else " ").join(parts)


def opening_of(table: Table, mode: str) -> list[str]:
    parts = [table.say(table.voice.hello)] if len(table.notes) < 2 else []
    if mode == MODES[0]:
        if len(table.notes) == 0:
            parts.append(table.rng.choice(DECLARED[table.notation.label]))
        else:
            parts.append(
                table.rng.choice(
                    ("Same convention for me.", "I'll use the same notation.", "Your notation is fine.")
                )
            )
    parts.append(facts_of(table))
    if mode != MODES[2]:
        parts.append(table.map_text())
    return parts


def trap_of(table: Table, sees: int) -> Cell | None:
    """A neighbouring wall that one seat sees and the other does not."""
    for cell in neighbours(table.route[-1], table.size, table.size):
        r, c = cell
        if table.half[sees][r][c] == "#" and table.half[3 - sees][r][c] == "?":
            return cell
    return None
