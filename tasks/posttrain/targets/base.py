"""What the targets of the full profile have in common: lazy data, no training items, plain means."""

import hashlib
import json
import os
from collections.abc import Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined
from pydantic import JsonValue

from interplay.tasks.mistakes import UserMistake

from ..grid import FOLDER, Source, TargetRecord, load_grid
from . import Estimate, Item, Verdict, mean_score

if TYPE_CHECKING:
    from inspect_ai.model import Model

TWIN_SEED_VARIABLE = "INTERPLAY_TWIN_SEED"
PUBLIC_SEED = "public"
Message = dict[str, JsonValue]


def twin_seed() -> str:
    """The seed of fresh and drawn twins: the maintainers', from the environment, else the public one."""
    return os.environ.get(TWIN_SEED_VARIABLE) or PUBLIC_SEED


def is_open_twin(target: str) -> bool:
    """Whether the twin of a target is one that anybody can draw."""
    return load_grid().targets[target].twin.kind in ("fresh", "drawn") and twin_seed() == PUBLIC_SEED


def items_sha256(items: Sequence[Item]) -> str:
    """SHA-256 of the ordered items, as the grid carries it for a twin."""
    content = [[item.id, item.prompt, item.gold, item.metadata] for item in items]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def messages_of(item: Item) -> list[Message]:
    """The messages that an item's request consists of: its own, else its prompt as one user message."""
    given = item.metadata.get("messages")
    if isinstance(given, list):
        return [message for message in given if isinstance(message, dict)]
    return [{"role": "user", "content": item.prompt}]


@cache
def _prompts() -> Environment:
    def source(name: str) -> str:
        return (FOLDER / "prompts" / name).read_text(encoding="utf-8")

    return Environment(loader=FunctionLoader(source), undefined=StrictUndefined, autoescape=False)


def filled(name: str, **slots: object) -> str:
    """A text of `prompts/` with its slots filled."""
    return _prompts().get_template(name).render(slots)


class FullTarget:
    """A target of the full profile.

    Args:
        source: Where the test is read from; None is the pinned data set of the grid.
        twin_source: Where the twin is read from, if it is a data set.
    """

    id: str = ""

    def __init__(self, source: Source | None = None, twin_source: Source | None = None) -> None:
        self._source = source
        self._twin_source = twin_source

    @property
    def record(self) -> TargetRecord:
        """The target's record in the grid."""
        return load_grid().targets[self.id]

    @property
    def title(self) -> str:
        """The target in words."""
        return self.record.title

    @property
    def source(self) -> Source:
        """Where the test is read from."""
        found = self._source or self.record.source
        assert found is not None, self.id
        return found

    @property
    def twin_source(self) -> Source:
        """Where the twin is read from."""
        found = self._twin_source or self.record.twin.source or self.source
        assert found is not None, self.id
        return found

    @cached_property
    def _items(self) -> tuple[Item, ...]:
        found = self.read_items()
        return self._counted(found, self.record.items, "items") if self._source is None else found

    @cached_property
    def _twin(self) -> tuple[Item, ...]:
        found = self.read_twin()
        known = self.record.twin
        if self._source is None and self._twin_source is None:
            found = self._counted(found, known.n, "twin items")
            if known.sha256 is not None and not is_open_twin(self.id) and items_sha256(found) != known.sha256:
                raise UserMistake(
                    f"posttrain: the twin of {self.id} is not the one of the grid; set {TWIN_SEED_VARIABLE} "
                    "to the maintainers' seed, or leave it unset for the open twin."
                )
        return found

    def _counted(self, items: tuple[Item, ...], wanted: int, noun: str) -> tuple[Item, ...]:
        if len(items) != wanted:
            raise UserMistake(
                f"posttrain: {self.id} has {len(items)} {noun}, not {wanted}; pin its data set again."
            )
        return items

    def items(self) -> tuple[Item, ...]:
        """The test, read on first use."""
        return self._items

    def twin(self) -> tuple[Item, ...]:
        """The sealed second test, read or drawn on first use."""
        return self._twin

    def read_items(self) -> tuple[Item, ...]:
        """The test, from its source."""
        raise NotImplementedError

    def read_twin(self) -> tuple[Item, ...]:
        """The twin, from its source or its templates."""
        raise NotImplementedError

    def train(self, n: int, seed: int) -> tuple[Item, ...]:
        """Refused: training data of the full profile are the agent's business."""
        raise UserMistake(f"target={self.id}: no training items are drawn for it; choose a target m_*.")

    def grade(self, item: Item, text: str) -> Verdict:
        """The verdict on one answer."""
        return self.grade_all([item], [text])[0]

    def grade_all(self, items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
        """The verdicts on many answers."""
        return [self.grade(item, text) for item, text in zip(items, texts, strict=True)]

    def score(self, items: Sequence[Item], verdicts: Sequence[Verdict]) -> Estimate:
        """The share of right answers."""
        return mean_score(verdicts)


class JudgedTarget(FullTarget):
    """A target whose answers a grader reads, on the host."""

    async def judge_one(self, item: Item, text: str, grader: "Model") -> Verdict:
        """The verdict on one answer; NaN where the grader gave none."""
        raise NotImplementedError

    async def judge(self, items: Sequence[Item], texts: Sequence[str], grader: "Model") -> list[Verdict]:
        """The verdicts of a grader on many answers."""
        from inspect_ai.util import collect

        pairs = zip(items, texts, strict=True)
        return await collect(*(self.judge_one(item, text, grader) for item, text in pairs))

    def grade_all(self, items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
        """Refused: these answers need a grader."""
        raise UserMistake(
            f"target={self.id}: its answers are read by a grader; bind --model-role grader=MODEL."
        )
