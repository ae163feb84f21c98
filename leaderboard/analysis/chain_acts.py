"""Repair and challenge in the report of the chains: what a judge marks, and what of it could not be used."""

from collections.abc import Sequence
from statistics import fmean

from interplay.scorers.chain_acts_answer import ACTS
from interplay.tasks.observations import Observation, unit_samples

from ..boards import find_board
from ..judged import UNREAD_LIMIT
from ..measure import observations
from ..rows import LogRows
from .partner_shift import mean_difference
from .tables import Table, Value, interval

NAME = "chain_acts"


def acts_table(logs: Sequence[LogRows]) -> Table:
    """One row a judged log; figures are withheld where too many answers could not be read."""
    rows: list[tuple[Value, ...]] = []
    for log in logs:
        seen = observations(find_board("recipe-chains"), log)
        judged = [o for o in seen if f"{NAME}.asked" in o.values]
        if not judged:
            continue
        asked, unparsed, refused = (
            sum(o.values.get(f"{NAME}.{key}", 0.0) for o in judged)
            for key in ("asked", "unparsed", "spans_refused")
        )
        unread = unparsed / asked if asked else 0.0
        grader = next((name for o in judged if (name := o.words.get(f"{NAME}.graders.grader"))), None)
        figures = [part for act in ACTS for part in act_share(judged if unread <= UNREAD_LIMIT else [], act)]
        place = (str(log.header.args.get(key, value)) for key, value in PLACE.items())
        rows.append((log.header.model, *place, grader, *figures, int(asked), unread, int(refused)))
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
