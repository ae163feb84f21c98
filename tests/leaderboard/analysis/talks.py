"""Scored conversations made by hand or drawn from a known model, as a report reads them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interplay.leaderboard.analysis.deescalation_runs import Place
from interplay.leaderboard.analysis.tables import Table
from interplay.tasks.deescalation.keys import CELLS, CHANGE
from interplay.tasks.observations import Observation

RULE = Place("acme/one", "rule user", "")
SEEDS, VARIANTS = 40, 5
NOISE, SEED_EFFECT = 0.6, 0.15
"""SD of one conversation, and of the effect of an arm between seeds."""


def talk(
    seed: str,
    arm: str,
    value: float | None = None,
    *,
    variant: int = 0,
    epoch: int = 1,
    errored: bool = False,
    metadata: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    **values: float,
) -> Observation:
    """One conversation; other values are keys of the scorer `escalation`."""
    scenario = f"{seed}-v{variant}"
    found = {f"escalation.{key}": number for key, number in values.items()}
    known = {"scenario_id": scenario, "arm": arm, "mode": "live", "simulator": "rule"}
    return Observation(
        task="interplay/deescalation",
        args={},
        sample_id=f"{scenario}:{arm}",
        epoch=epoch,
        unit=seed,
        metadata=known | dict(metadata or {}),
        values={} if errored else found | ({} if value is None else {CHANGE: value}),
        words=words or {},
        errored=errored,
        model="acme/one",
    )


def study(differences: Sequence[float], arms: tuple[str, str] = ("nvc_full", "vanilla")) -> list[Observation]:
    """One scenario a seed, with these differences of the two arms."""
    plus, minus = arms
    return [
        talk(f"work-{i:02d}", arm, value)
        for i, difference in enumerate(differences)
        for arm, value in ((plus, 0.1 + difference), (minus, 0.1))
    ]


def by_column(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


class Draws:
    """Studies of two or of eight arms, drawn from a known model.

    A value is the level of its scenario, plus the effect of its arm, which differs between seeds, plus noise.
    """

    def __init__(self, seed: int, epochs: int = 1) -> None:
        self.draw = np.random.default_rng(seed)
        self.epochs = epochs

    def study(self, effects: Mapping[str, float]) -> list[Observation]:
        """One study: every scenario under every arm.

        Args:
            effects: Mean effect of each arm.
        """
        shape = (SEEDS, len(effects), VARIANTS, self.epochs)
        own = self.draw.normal(0.0, SEED_EFFECT, shape[:2]) / 2**0.5
        levels = self.draw.normal(0.2, 0.3, (SEEDS, 1, VARIANTS, 1))
        mean = np.array(list(effects.values()))[None, :] + own
        values: NDArray[np.float64] = levels + mean[:, :, None, None] + self.draw.normal(0.0, NOISE, shape)
        return [
            talk(f"work-{s:02d}", arm, float(values[s, a, v, e]), variant=v, epoch=e + 1)
            for s in range(SEEDS)
            for a, arm in enumerate(effects)
            for v in range(VARIANTS)
            for e in range(self.epochs)
        ]


def planted(main: Mapping[str, float], together: float = 0.0) -> dict[str, float]:
    """Effects of the eight cells: the sum of the rules that each holds, and more where c1 meets c2."""
    return {
        arm: sum(main[rule] for rule in held) + together * ({"c1", "c2"} <= held)
        for arm, held in CELLS.items()
    }
