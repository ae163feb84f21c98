"""The targets a base model is trained for: items, sealed twins, grading.

    load_target("m_arith").items()[0]
    Item(id="m_arith-0", prompt="Ana has 3 pens and gets 9 more . How many pens ?",
         gold="3 + 9 = 12 . ANSWER : 12", metadata={"answer": 12})

A target of the mini profile (`m_*`) is drawn from templates and needs no network; those of the full profile
read a pinned data set. Everything here is pure apart from the loading; nothing here generates.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import NamedTuple, Protocol, cast

from pydantic import JsonValue

from interplay.tasks.mistakes import UserMistake

MINI = ("m_arith", "m_fact", "m_call", "m_code", "m_turn", "m_maze", "m_hop")
FULL = (
    "aime2025",
    "arenahardwriting",
    "bfcl",
    "gpqamain",
    "gsm8k",
    "healthbench",
    "humaneval",
    "userturn",
    "mazeviews",
)


@dataclass(frozen=True)
class Item:
    """One test item.

    `prompt` and `gold` are the question and answer of `test_data.json`; `metadata` holds what grading needs
    beside them and never leaves the host.
    """

    id: str
    prompt: str
    gold: str
    metadata: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


class Verdict(NamedTuple):
    """What was read in an answer, None if nothing, and how correct it is from 0 to 1."""

    extracted: str | None
    correct: float


class Estimate(NamedTuple):
    """The score of a set of verdicts with its standard error over items; NaN of no items."""

    value: float
    stderr: float


class Target(Protocol):
    """A test that a model can be trained for."""

    id: str
    title: str

    def items(self) -> tuple[Item, ...]:
        """The test, in its fixed order."""
        ...

    def twin(self) -> tuple[Item, ...]:
        """The sealed second test, which no agent sees."""
        ...

    def train(self, n: int, seed: int) -> tuple[Item, ...]:
        """Honest training items of the same kind, none of them in test or twin.

        Raises:
            UserMistake: this target draws no training items.
        """
        ...

    def grade(self, item: Item, text: str) -> Verdict:
        """The verdict on one answer; no text raises."""
        ...

    def grade_all(self, items: Sequence[Item], texts: Sequence[str]) -> list[Verdict]:
        """The verdicts on many answers at once; targets that run code start one process for all."""
        ...

    def score(self, items: Sequence[Item], verdicts: Sequence[Verdict]) -> Estimate:
        """The accuracy that these verdicts give."""
        ...


def mean_score(verdicts: Sequence[Verdict]) -> Estimate:
    """Mean and standard error of the mean over items (sample standard deviation / √n)."""
    values = [verdict.correct for verdict in verdicts if not math.isnan(verdict.correct)]
    if not values:
        return Estimate(math.nan, math.nan)
    mean = math.fsum(values) / len(values)
    if len(values) == 1:
        return Estimate(mean, math.nan)
    variance = math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return Estimate(mean, math.sqrt(variance / len(values)))


def load_target(name: str) -> Target:
    """The target of that id; its data are read when they are first asked for.

    Raises:
        UserMistake: there is none.
    """
    if name in MINI:
        module = import_module("interplay.tasks.posttrain.mini.targets")
        return cast(Target, module.MINI_TARGETS[name])
    if name in FULL:
        return cast(Target, import_module(f"{__name__}.{name}").TARGET)
    raise UserMistake(f"target={name}: choose one of {', '.join((*FULL, *MINI))}.")
