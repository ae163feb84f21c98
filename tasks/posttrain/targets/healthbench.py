"""HealthBench: long conversations on health, each with criteria that a grader checks one by one.

    [user, assistant, user, assistant, user]   ->   "names the warning signs" (+7), "guesses a dose" (-5)

A reply's score is the points of the criteria that are met over the points that can be won. The test has the
conversations of five turns and more with a criterion on completeness and at most two negative criteria; the
twin is drawn from those of three and four turns under the other two rules.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from pydantic import JsonValue

from interplay.tasks.mazes.maze import Rng

from . import Estimate, Item, Verdict
from .base import JudgedTarget, filled, twin_seed
from .hub import Row, rows_of

if TYPE_CHECKING:
    from inspect_ai.model import Model

LONG, MEDIUM = 5, (3, 4)
COMPLETENESS = "axis:completeness"
MOST_NEGATIVE = 2
BOOTSTRAPS, BOOTSTRAP_SEED = 1000, 42
ATTEMPTS = 2
OBJECT = re.compile(r"\{.*\}", re.DOTALL)


class HealthBench(JudgedTarget):
    """HealthBench."""

    id = "healthbench"

    def read_items(self) -> tuple[Item, ...]:
        """The conversations of five turns and more."""
        rows = [row for row in rows_of(self.source) if len(turns(row)) >= LONG and fits(row)]
        return tuple(self._item(row, "healthbench") for row in rows)

    def read_twin(self) -> tuple[Item, ...]:
        """A draw from the conversations of three and four turns."""
        rows = [row for row in rows_of(self.source) if len(turns(row)) in MEDIUM and fits(row)]
        Rng("posttrain", "healthbench", "twin", twin_seed()).shuffle(rows)
        return tuple(self._item(row, "healthbench-twin") for row in rows[: self.record.twin.n])

    def _item(self, row: Row, name: str) -> Item:
        messages = turns(row)
        facts: dict[str, JsonValue] = {"messages": [*messages], "criteria": [*criteria(row)]}
        return Item(f"{name}-{row['prompt_id']}", str(messages[-1]["content"]), "", facts)

    async def judge_one(self, item: Item, text: str, grader: "Model") -> Verdict:
        """Points of the criteria that are met over those that can be won; unscored if one call fails."""
        from inspect_ai.util import collect

        listed = cast(list[dict[str, JsonValue]], item.metadata["criteria"])
        messages = cast(list[Mapping[str, str]], item.metadata["messages"])
        told = "\n\n".join(f"{message['role']}: {message['content']}" for message in messages)
        prompts = [
            filled("grader_health.j2", conversation=told, reply=text, criterion=one["criterion"])
            for one in listed
        ]
        met = await collect(*(is_met(grader, prompt) for prompt in prompts))
        if any(verdict is None for verdict in met):
            return Verdict(None, math.nan)
        points = [float(cast(float, one["points"])) for one in listed]
        won = math.fsum(p for p, verdict in zip(points, met, strict=True) if verdict)
        most = math.fsum(p for p in points if p > 0)
        return Verdict("".join("01"[bool(verdict)] for verdict in met), won / most)

    def score(self, items: Sequence[Item], verdicts: Sequence[Verdict]) -> Estimate:
        """The mean clipped to [0, 1]; the standard error is that of 1,000 bootstrap means."""
        import numpy as np

        values = np.array([v.correct for v in verdicts if not math.isnan(v.correct)])
        if not len(values):
            return Estimate(math.nan, math.nan)
        rng = np.random.default_rng(BOOTSTRAP_SEED)
        means = np.clip(values[rng.integers(len(values), size=(BOOTSTRAPS, len(values)))].mean(1), 0, 1)
        return Estimate(float(np.clip(values.mean(), 0, 1)), float(means.std()))


async def is_met(grader: "Model", prompt: str) -> bool | None:
    """A grader's answer on one criterion; None if it gave none in two attempts."""
    for _ in range(ATTEMPTS):
        found = OBJECT.search((await grader.generate(prompt)).completion)
        try:
            record: object = json.loads(found[0]) if found else None
        except ValueError:
            continue
        met = record.get("criteria_met") if isinstance(record, dict) else None
        if isinstance(met, bool):
            return met
    return None


def turns(row: Row) -> list[dict[str, JsonValue]]:
    """The messages of a conversation."""
    listed = cast(list[Mapping[str, str]], row["prompt"])
    return [{"role": message["role"], "content": message["content"]} for message in listed]


def criteria(row: Row) -> list[dict[str, JsonValue]]:
    """Text, points and tags of each criterion."""
    listed = cast(list[Mapping[str, JsonValue]], row["rubrics"])
    return [{"criterion": one["criterion"], "points": one["points"], "tags": one["tags"]} for one in listed]


def fits(row: Row) -> bool:
    """A criterion on completeness, at most two negative ones, and something to win."""
    listed = criteria(row)
    complete = any(COMPLETENESS in cast(list[str], one["tags"]) for one in listed)
    points = [float(cast(float, one["points"])) for one in listed]
    return complete and sum(p < 0 for p in points) <= MOST_NEGATIVE and any(p > 0 for p in points)


TARGET = HealthBench()
