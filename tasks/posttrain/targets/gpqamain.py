"""GPQA main: 448 questions of experts with four options; the twin is what `gpqa_extended` has beyond them.

    What is …?   A) …   B) …   C) …   D) …    ->    C

The letter of the last `ANSWER:` line counts. Items are private: nothing of them is copied or stored.
"""

import re
from collections.abc import Sequence

from interplay.tasks.mazes.maze import Rng

from . import Item, Verdict
from .base import FullTarget, filled
from .hub import Row, rows_of, text
from .numbers import answer_line

LETTERS = "ABCD"
WRONG = tuple(f"Incorrect Answer {i}" for i in (1, 2, 3))
LETTER = re.compile(r"\(?([A-D])\b")


class Gpqa(FullTarget):
    """GPQA."""

    id = "gpqamain"

    def read_items(self) -> tuple[Item, ...]:
        """The main set."""
        return tuple(self._item(row) for row in rows_of(self.source))

    def read_twin(self) -> tuple[Item, ...]:
        """The extended set without the main set."""
        known = {text(row, "Record ID") for row in rows_of(self.source)}
        return tuple(
            self._item(row) for row in rows_of(self.twin_source) if text(row, "Record ID") not in known
        )

    def _item(self, row: Row) -> Item:
        name = text(row, "Record ID")
        options = [
            (text(row, "Correct Answer").strip(), True),
            *((text(row, key).strip(), False) for key in WRONG),
        ]
        Rng("posttrain", "gpqa", name).shuffle(options)
        shown = "\n".join(f"{letter}) {option}" for letter, (option, _) in zip(LETTERS, options, strict=True))
        letter = LETTERS[[right for _, right in options].index(True)]
        return Item(
            f"gpqa-{name}",
            filled("target_letter.j2", question=text(row, "Question").strip(), options=shown),
            letter,
        )

    def grade_all(self, items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
        """The letter of the last answer line."""
        return [grade_letter(item, reply) for item, reply in zip(items, texts, strict=True)]


def grade_letter(item: Item, reply: str) -> Verdict:
    """The letter behind the last `ANSWER:`; a line with other words in front of it is no answer."""
    match = LETTER.match(answer_line(reply) or "")
    said = match[1] if match else None
    return Verdict(said, float(said == item.gold))


TARGET = Gpqa()
