"""One checkpoint under two engines: whether the engine moves its hedging by less than partners do.

Before a release one checkpoint is run again under a second engine. The difference between the engines must
stay below a third of the partner shift, else a shift between checkpoints may be one of engines.
"""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

import pandas as pd

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation
from interplay.tasks.recipe_chains.panel import short_name
from interplay.tasks.recipe_chains.summary import SHARE

from ..boards import find_board
from ..estimates import observations
from ..rows import LogRows
from ..statistics import Estimate
from .cells import cells_of
from .panel_replies import answers_checkpoint, is_panel, joined, replies_of
from .partner_shift import mean_difference, shifts
from .recipe_chains import dose_shift
from .tables import Table, interval

LIMIT = 1 / 3
"""Share of the partner shift below which the engine shift must stay."""


class Engines(NamedTuple):
    """The comparison.

    Attributes:
        checkpoint: Short name of the model.
        models: As it was called under the two engines.
        engine: Second less first engine, paired by text, over openers.
        partner: Size of the partner shift, mean of both engines.
        openers: Openers that both answered.
    """

    checkpoint: str
    models: tuple[str, str]
    engine: Estimate
    partner: float
    openers: int

    @property
    def holds(self) -> bool:
        """The engine shift is below its limit."""
        return abs(self.engine.value) < LIMIT * self.partner


def compared(logs: Iterable[LogRows]) -> Engines:
    """The two engines in these logs.

    Raises:
        UserMistake: The logs do not hold one checkpoint under two engines, answering the same texts.
    """
    seen: dict[str, list[Observation]] = {}
    replies: dict[str, list[pd.DataFrame]] = {}
    for log in logs:
        args = log.header.args
        if not is_panel(str(args.get("mode", "replay")), str(args.get("frame", "neutral"))):
            raise UserMistake("engines are compared in mode=replay and frame=neutral; leave other logs out.")
        observed = observations(find_board("recipe-chains"), log)
        seen.setdefault(log.header.model, []).extend(o for o in observed if SHARE in o.values)
        replies.setdefault(log.header.model, []).append(replies_of(log, observed))
    names = sorted({short_name(model) for model in seen})
    if len(seen) != 2 or len(names) != 1:
        raise UserMistake(
            f"these logs hold {', '.join(sorted(seen))}; give logs of one checkpoint under two engines, as "
            "vllm/… and sglang/…."
        )
    joined([frame for frames in replies.values() for frame in frames])
    first, second = seen
    engine = engine_shift(seen[first], seen[second])
    sizes = [size for model in seen if (size := partner_size(seen[model], replies[model])) is not None]
    if not engine.n or len(sizes) < 2:
        raise UserMistake(
            "the two engines share no texts of different partners; run both with the same partners."
        )
    return Engines(names[0], (first, second), engine, fmean(sizes), engine.n)


def engine_shift(first: Sequence[Observation], second: Sequence[Observation]) -> Estimate:
    """Second less first engine: paired by text, averaged by opener."""
    sides: list[dict[tuple[str, str], list[float]]] = [{}, {}]
    for side, observed in zip(sides, (first, second), strict=True):
        for o in observed:
            side.setdefault((o.unit, o.sample_id), []).append(o.values[SHARE])
    openers: dict[str, list[float]] = {}
    for text in sides[0]:
        if text in sides[1]:
            openers.setdefault(text[0], []).append(fmean(sides[1][text]) - fmean(sides[0][text]))
    return mean_difference([fmean(values) for values in openers.values()])


def partner_size(observed: Sequence[Observation], frames: Sequence[pd.DataFrame]) -> float | None:
    """How far partners move the speaker: cross-fitted over checkpoints, else by controlled texts."""
    if any(map(answers_checkpoint, observed)):
        cells = cells_of(joined(frames)).complete()
        found = shifts(cells)
        return max(found[0].shift.value, 0.0) if found else None
    shift = dose_shift(observed, SHARE)
    return abs(shift.value) if shift else None


def engines_table(found: Engines) -> Table:
    """The comparison as a table of one row."""
    e = found.engine
    return Table(
        "One checkpoint under two engines",
        (
            "checkpoint",
            "first",
            "second",
            "engine shift",
            "95 %",
            "partner shift",
            "limit",
            "openers",
            "holds",
        ),
        (
            (
                found.checkpoint,
                *found.models,
                e.value,
                interval(e.lo, e.hi, 3) if e.lo == e.lo else None,
                found.partner,
                LIMIT * found.partner,
                found.openers,
                "yes" if found.holds else "no",
            ),
        ),
        "Engine shift: second less first, paired by text, percentile bootstrap over openers. It must stay "
        "below a third of the partner shift, cross-fitted over checkpoints or that of the controlled texts.",
    )
