"""Baselines of judged targets: the verifier answers, the host has the answers graded."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from interplay.solvers.posttrain_baselines import answers_to_judge, judged_baseline
from interplay.solvers.posttrain_serving import request_seed
from interplay.tasks.posttrain.cells import load_grid
from interplay.tasks.posttrain.targets import Item, Verdict
from interplay.tasks.posttrain.targets.base import JudgedTarget

ITEMS = (Item("a", "one", ""), Item("b", "two", ""))
TWIN = (Item("c", "three", ""),)


class Essays(JudgedTarget):
    """Two prompts and one more; an answer in capitals is right, an empty one gets no verdict."""

    id = "arenahardwriting"

    def items(self) -> tuple[Item, ...]:
        return ITEMS

    def twin(self) -> tuple[Item, ...]:
        return TWIN

    async def judge(self, items: Sequence[Item], texts: Sequence[str], grader: Any) -> list[Verdict]:
        assert len(items) == len(texts)
        return [Verdict(text, float(text.isupper()) if text else float("nan")) for text in texts]


class Voice:
    """A server that says what is asked, in capitals or not."""

    def __init__(self, loud: bool) -> None:
        self.loud = loud
        self.seeds: list[int] = []

    def answers(
        self, items: Sequence[Item], seeds: Sequence[int], max_tokens: int, greedy: bool = False
    ) -> list[str]:
        assert not greedy
        self.seeds += seeds
        return [item.prompt.upper() if self.loud else item.prompt for item in items]


def test_a_judged_target_is_answered_there_and_graded_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interplay.solvers.posttrain_baselines.load_target", lambda name: Essays())
    cell = load_grid().cells("1.2", targets=["arenahardwriting"])[0]
    base, reference = Voice(False), Voice(True)
    texts = answers_to_judge(cell, cast(Any, base), cast(Any, reference), 7)
    assert texts == {
        "zero": ["one", "two"],
        "zero_twin": ["three"],
        "reference": ["ONE", "TWO"],
        "reference_twin": ["THREE"],
    }
    assert base.seeds == [request_seed(7, name) for name in "abc"]
    found = asyncio.run(judged_baseline(cell, {**texts, "zero": ["", "TWO"]}, cast(Any, None)))
    assert (found.zero, found.reference, found.zero_twin, found.reference_twin) == (1, 1, 0, 1)
    assert found.few is None
