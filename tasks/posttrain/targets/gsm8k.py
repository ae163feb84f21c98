"""GSM8K: school problems in words; the twin has 200 problems from 40 templates of the project.

    Natalia sold clips to 48 of her friends in April, and then she sold half as many in May. …    ->    72

Ten training examples stand in the system text. The number of the last `ANSWER:` line counts, else the last.
"""

from collections.abc import Sequence

from pydantic import JsonValue

from interplay.tasks.mazes.maze import Rng
from interplay.tasks.mistakes import UserMistake

from . import Item, Verdict
from .aime2025 import grade_number
from .base import FullTarget, filled, twin_seed
from .gsm8k_twin import TEMPLATES, problem
from .hub import Row, rows_of, text
from .numbers import decimal_of

EXAMPLES = 10
MARK = "####"


def worked(row: Row) -> tuple[str, str, str]:
    """Question, reasoning and answer of a row.

    Raises:
        UserMistake: the answer is no number.
    """
    reasoning, mark, answer = text(row, "answer").partition(MARK)
    if not mark or decimal_of(answer) is None:
        raise UserMistake(f"posttrain: gsm8k has the answer {answer.strip()!r}, no number; pin it again.")
    plain = "".join(part.partition(">>")[2] if i else part for i, part in enumerate(reasoning.split("<<")))
    return text(row, "question"), plain.strip(), answer.strip()


class Gsm8k(FullTarget):
    """GSM8K."""

    id = "gsm8k"

    def system_text(self) -> str:
        """Ten examples of the train split, the same for every item."""
        rows = rows_of(self.source, "train")
        order = list(range(len(rows)))
        Rng("posttrain", "gsm8k", "examples").shuffle(order)
        shown = [worked(rows[i]) for i in order[:EXAMPLES]]
        return "\n\n".join(
            f"{question}\n\n{reasoning}\n\nANSWER: {answer}" for question, reasoning, answer in shown
        )

    def read_items(self) -> tuple[Item, ...]:
        """The test split."""
        return self._posed([(q, answer) for q, _, answer in map(worked, rows_of(self.source))], "gsm8k")

    def read_twin(self) -> tuple[Item, ...]:
        """Problems of the project's templates, in turn."""
        rng, count = Rng("posttrain", "gsm8k", "twin", twin_seed()), self.record.twin.n
        posed: dict[str, str] = {}
        while len(posed) < count:
            question, answer = problem(TEMPLATES[len(posed) % len(TEMPLATES)], rng)
            posed.setdefault(question, str(answer))
        return self._posed(list(posed.items()), "gsm8k-twin")

    def _posed(self, pairs: Sequence[tuple[str, str]], name: str) -> tuple[Item, ...]:
        system = self.system_text()
        items: list[Item] = []
        for i, (question, answer) in enumerate(pairs, 1):
            prompt = filled("target_number.j2", problem=question)
            messages: list[JsonValue] = [
                {"role": "system", "content": system},
                {"role": "user", "content": prompt},
            ]
            items.append(Item(f"{name}-{i}", prompt, answer.replace(",", ""), {"messages": messages}))
        return tuple(items)

    def grade_all(self, items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
        """Numbers, strictly."""
        return [grade_number(item, reply) for item, reply in zip(items, texts, strict=True)]


TARGET = Gsm8k()
