"""AIME 2025: thirty problems whose answers are whole numbers; the twin is AIME 2026.

    Find the sum of all integer bases b > 9 for which 17_b is a divisor of 97_b.    ->    70

The number of the last `ANSWER:` line counts, else the last number.
"""

from collections.abc import Sequence

from interplay.tasks.mistakes import UserMistake

from ..grid import Source
from . import Item, Verdict
from .base import FullTarget, filled
from .hub import Row, rows_of, text
from .numbers import decimal_of, number_in


def grade_number(item: Item, reply: str) -> Verdict:
    """Strict equality of the number in the reply with the gold one."""
    found = number_in(reply)
    return Verdict(None if found is None else str(found), float(found == decimal_of(item.gold)))


class Aime(FullTarget):
    """AIME 2025."""

    id = "aime2025"

    def read_items(self) -> tuple[Item, ...]:
        """The problems of 2025."""
        return self._problems(self.source, "aime2025")

    def read_twin(self) -> tuple[Item, ...]:
        """The problems of 2026."""
        return self._problems(self.twin_source, "aime2026")

    def _problems(self, source: Source, name: str) -> tuple[Item, ...]:
        return tuple(self._item(row, f"{name}-{i}") for i, row in enumerate(rows_of(source), 1))

    def _item(self, row: Row, name: str) -> Item:
        answer = str(row.get("answer", "")).strip()
        if decimal_of(answer) is None:
            raise UserMistake(
                f"posttrain: {name} has the answer {answer!r}, no number; pin the data set again."
            )
        return Item(name, filled("target_number.j2", problem=text(row, "problem")), answer)

    def grade_all(self, items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
        """Numbers, strictly."""
        return [grade_number(item, reply) for item, reply in zip(items, texts, strict=True)]


TARGET = Aime()
