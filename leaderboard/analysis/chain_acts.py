"""Repair and challenge in the report of the chains: what a judge marks, and what of it could not be used."""

from collections.abc import Sequence
from pathlib import PurePath
from statistics import fmean

from interplay.scorers.chain_acts_answer import ACTS
from interplay.tasks.observations import Observation, unit_samples

from ..judged import UNREAD_LIMIT
from ..rows import LogRows
from .partner_shift import mean_difference
from .tables import Table, Value, interval

NAME = "chain_acts"


def acts_row(log: LogRows, observed: Sequence[Observation]) -> tuple[Value, ...] | None:
    """What a judge marks in one log, None where there was none; withheld where too much could not be read."""
    judged = [o for o in observed if f"{NAME}.asked" in o.values]
    if not judged:
        return None
    asked, unparsed, refused = (
        sum(o.values.get(f"{NAME}.{key}", 0.0) for o in judged)
        for key in ("asked", "unparsed", "spans_refused")
    )
    unread = unparsed / asked if asked else 0.0
    grader = next((name for o in judged if (name := o.words.get(f"{NAME}.graders.grader"))), None)
    figures = [part for act in ACTS for part in act_share(judged if unread <= UNREAD_LIMIT else [], act)]
    place = (PurePath(str(log.header.args.get(key, value))).name for key, value in PLACE.items())
    return (log.header.model, *place, grader, *figures, int(asked), unread, int(refused))


def acts_table(rows: Sequence[tuple[Value, ...]]) -> Table:
    """One row a judged log."""
    columns = (
        "model", *PLACE, "judge", *(head for act in ACTS for head in (act, "95 %")), "replies", "unread",
        "spans refused",
    )  # fmt: skip
    note = (
        "Share of replies in which a judge marks the act; exploratory, without a badge: nobody has labelled "
        "acts. An act whose words do not stand in the reply, or whose target does not stand in the partner's "
        f"text, is refused. Above {UNREAD_LIMIT:.0%} of unread answers the shares are withheld. Percentile "
        "bootstrap over openers."
    )
    return Table("Repair and challenge", columns, tuple(rows), note)


PLACE = {"mode": "replay", "partners": "controlled", "frame": "neutral"}
"""Arguments that tell runs apart, with their defaults."""


def act_share(observed: Sequence[Observation], act: str) -> tuple[Value, Value]:
    """Mean share over openers and its interval; dashes without any."""
    units = unit_samples(observed, lambda o: o.values.get(f"{NAME}.{act}"))
    if not units:
        return None, None
    found = mean_difference([fmean(values) for values in units.values()])
    return found.value, interval(found.lo, found.hi) if found.lo == found.lo else None
