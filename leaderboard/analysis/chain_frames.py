"""Forum less review in the report of the chains: whether the tone of the setting changes how much is hedged.

Both frames answer the same texts, so the difference is paired: reply to the same text, then mean by opener.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from interplay.tasks.observations import Observation
from interplay.tasks.recipe_chains.summary import DOSES, SHARE

from .partner_shift import mean_difference
from .tables import Table, Value, interval

FIRST, SECOND = "forum", "review"
ALL = "all"


class Place(NamedTuple):
    """One model in one mode and frame."""

    model: str
    mode: str
    frame: str


def frames_table(groups: Mapping[Place, Sequence[Observation]]) -> Table:
    """One row a model, mode and text that was answered in both frames.

    Args:
        groups: Samples by model, mode and frame.
    """
    rows: list[tuple[Value, ...]] = []
    for place, first in groups.items():
        second = groups.get(place._replace(frame=SECOND))
        if place.frame == FIRST and second is not None:
            for after in (ALL, *DOSES):
                row = paired_row(*(answering(side, after) for side in (first, second)))
                rows += [(place.model, place.mode, after, *row)] if row else []
    return Table(
        "Friendly forum against critical review",
        ("model", "mode", "after", FIRST, SECOND, f"{FIRST} less {SECOND}", "95 %", "openers"),
        tuple(rows),
        "Share of hedged sentences in replies to the same texts under the two system prompts, paired by text "
        "and averaged by opener; percentile bootstrap over openers. Exploratory.",
    )


def answering(observed: Iterable[Observation], after: str) -> list[Observation]:
    """The scored samples that answer a text of this dose, or any text."""
    return [o for o in observed if SHARE in o.values and after in (ALL, o.metadata.get("dose"))]


def paired_row(first: Sequence[Observation], second: Sequence[Observation]) -> tuple[Value, ...] | None:
    """Both levels and their difference over the openers of texts that both sides answer; None without any."""
    by_text = tuple(_by_text(side) for side in (first, second))
    common = [text for text in by_text[0] if text in by_text[1]]
    if not common:
        return None
    openers: dict[str, list[tuple[float, float]]] = {}
    for text in common:
        openers.setdefault(text[0], []).append((fmean(by_text[0][text]), fmean(by_text[1][text])))
    levels = [[fmean(pair[side] for pair in pairs) for pairs in openers.values()] for side in (0, 1)]
    found = mean_difference([a - b for a, b in zip(*levels, strict=True)])
    ends = interval(found.lo, found.hi, 3) if found.lo == found.lo else None
    return fmean(levels[0]), fmean(levels[1]), found.value, ends, found.n


def _by_text(observed: Sequence[Observation]) -> dict[tuple[str, str], list[float]]:
    """Shares by opener and sample id, which names the text."""
    found: dict[tuple[str, str], list[float]] = {}
    for o in observed:
        found.setdefault((o.unit, o.sample_id), []).append(o.values[SHARE])
    return found
