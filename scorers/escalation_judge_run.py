"""A judge on the fixed material: every question of the probes is put to it, and what came of it as text."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from inspect_ai.model import Model, get_model

from .escalation_judge_probes import (
    RIGHT,
    ROBUST,
    SHIFT,
    Asked,
    Known,
    Shift,
    controls,
    known,
    load_material,
    pairs,
    shifts,
)
from .judge_call import ask_judge, judge_each, reached, schema_of

Key = tuple[str, int]
"""The prompt, and which time it is put."""


class Probed(NamedTuple):
    """What probes and controls found about a judge."""

    model: str
    shifts: Sequence[Shift]
    known: Sequence[Known]

    @property
    def holds(self) -> bool:
        """Everything holds."""
        return all(part.holds for part in (*self.shifts, *self.known))


def probe_judge(model: str) -> Probed:
    """Put every question to a model.

    Raises:
        EnvironmentProblem: The provider fails.
    """
    return asyncio.run(_probed(get_model(model)))


async def _probed(judge: Model) -> Probed:
    material = load_material()
    checks, compared = controls(material), pairs(material)
    asked = [check.asked for check in checks] + [a for pair in compared for a in (pair.first, pair.second)]
    answers = await _answers(judge, asked)
    return Probed(
        str(judge),
        shifts([(pair, answers[_key(pair.first)], answers[_key(pair.second)]) for pair in compared]),
        known([(check, answers[_key(check.asked)]) for check in checks]),
    )


def _key(asked: Asked) -> Key:
    return asked.question.prompt, asked.repeat


async def _answers(judge: Model, asked: Sequence[Asked]) -> Mapping[Key, object]:
    once = {_key(each): each.question for each in asked}

    async def answer(key: Key) -> object:
        question = once[key]
        asking = ask_judge(judge, question.prompt, question.read, schema=schema_of(question.shape))
        text = await reached(str(judge), asking)
        try:
            return question.read(text)
        except ValueError:
            return None

    return dict(zip(once, await judge_each(answer, list(once)), strict=True))


def content(probed: Probed) -> dict[str, object]:
    """All findings as plain data."""
    return {
        "model": probed.model,
        "holds": probed.holds,
        "bars": {"same": ROBUST, "shift": SHIFT, "right": RIGHT},
        "probes": [{**part._asdict(), "holds": part.holds} for part in probed.shifts],
        "controls": [{**part._asdict(), "holds": part.holds} for part in probed.known],
    }
