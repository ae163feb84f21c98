"""The report of the chains: how much each model hedges, what the partner's hedging does to it, and panels.

The unit is the opener. In the controlled texts the same claims are said flatly, half hedged and hedged, so a
shift between them is caused by the hedging alone.
"""

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from statistics import fmean
from typing import NamedTuple

import pandas as pd
import statsmodels.formula.api as smf

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Observation, unit_samples
from interplay.tasks.recipe_chains.summary import DOSES, SHARE, SHARE3

from ..boards import find_board
from ..measure import observations
from ..rows import LogRows
from ..statistics import Estimate, welch
from .chain_acts import acts_row, acts_table
from .chain_frames import Place, frames_table
from .chain_panel import panel_tables
from .hedge_badge import badge_sentence, hedge_badge
from .panel_replies import answers_checkpoint, is_panel, joined, replies_of
from .partner_shift import mean_difference
from .tables import Table, Value, interval

__all__ = ["overview", "tables", "validation_tables"]


class Gathered(NamedTuple):
    """What is kept of logs that are read one after another.

    Attributes:
        runs: A row of the overview each.
        groups: Other samples by model, mode and frame; several logs of a model are put together.
        acts: A row each of what a judge marks.
        panel: Replies to texts of checkpoints.
    """

    runs: list[tuple[Value, ...]]
    groups: dict[Place, list[Observation]]
    acts: list[tuple[Value, ...]]
    panel: list[pd.DataFrame]


def tables(logs: Iterable[LogRows]) -> list[Table]:
    """Every table that these logs can fill. Each log is read once, and only its figures are kept."""
    runs, groups, acts, panel = gathered(logs)
    found = [
        runs_table(runs),
        controlled(groups),
        frames_table(groups),
        swapped(groups),
        live(groups),
        acts_table(acts),
    ]
    return [*(table for table in found if table.rows), *panel_tables(joined(panel))]


streamed_tables = tables
"""The report reads summaries of samples, log by log."""


def gathered(logs: Iterable[LogRows]) -> Gathered:
    """What the tables are made of."""
    found = Gathered([], {}, [], [])
    for log in logs:
        args, observed = log.header.args, seen(log)
        place = Place(log.header.model, str(args.get("mode", "replay")), str(args.get("frame", "neutral")))
        found.runs.append(run_row(log, observed))
        if (row := acts_row(log, observed)) is not None:
            found.acts.append(row)
        if is_panel(place.mode, place.frame):
            found.panel.append(replies_of(log, observed))
            observed = [o for o in observed if not answers_checkpoint(o)]
        found.groups.setdefault(place, []).extend(observed)
    return found


def validation_tables(model: str) -> list[Table]:
    """None: rules alone read the chains.

    Raises:
        UserMistake: always.
    """
    raise UserMistake("recipe_chains is read by rules; there is no judge to validate.")


def seen(log: LogRows) -> list[Observation]:
    """The samples of a log, its openers as units."""
    return observations(find_board("recipe-chains"), log)


def overview(logs: Sequence[LogRows]) -> Table:
    """One row a log: what ran, on how much, how much was hedged, and what could not be scored."""
    return runs_table([run_row(log, seen(log)) for log in logs])


def run_row(log: LogRows, observed: Sequence[Observation]) -> tuple[Value, ...]:
    """One log of the overview."""
    args = log.header.args
    scored = [o for o in observed if SHARE in o.values]
    return (
        log.header.model,
        str(args.get("mode", "replay")),
        PurePath(str(args.get("partners", "controlled"))).name,
        str(args.get("frame", "neutral")),
        len({o.unit for o in observed}),
        len(observed),
        fmean(o.values[SHARE] for o in scored) if scored else None,
        fmean(o.values[SHARE3] for o in scored) if scored else None,
        1 - len(scored) / len(observed) if observed else None,
    )


def runs_table(rows: Sequence[tuple[Value, ...]]) -> Table:
    """The overview with what its figures are worth."""
    columns = (
        "model", "mode", "partners", "frame", "openers", "replies", "hedged", "hedged (first 3)", "unscored",
    )  # fmt: skip
    note = (
        "Shares of hedged sentences, without intervals; empty and cut replies are unscored. "
        f"{badge_sentence(hedge_badge())}"
    )
    return Table("Runs", columns, tuple(rows), note)


def controlled(groups: dict[Place, list[Observation]]) -> Table:
    """Level by dose, the controlled shift with both measures, the slope, and the calibration gap."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        shift, shift3 = (dose_shift(observed, key) for key in (SHARE, SHARE3))
        if shift is None:
            continue
        by_dose = [mean_of([o for o in observed if o.metadata.get("dose") == dose]) for dose in DOSES]
        slope, gap = slope_of(observed), calibration_gap(observed)
        rows.append(
            (
                place.model,
                place.mode,
                place.frame,
                *by_dose,
                *shown(shift),
                *shown(shift3),
                *shown(slope),
                *shown(gap),
                shift.n,
            )
        )
    columns = (
        "model", "mode", "frame", *DOSES, "shift", "95 %", "shift (first 3)", "95 %", "slope", "95 %",
        "calibration gap", "95 %", "openers",
    )  # fmt: skip
    note = (
        "Share of hedged sentences after a flat, a mixed and a hedged text with the same claims. Shift: "
        "hedged less flat, paired by opener, percentile bootstrap; a claim must hold in both measures. "
        "Slope: per unit of the partner's share, openers fixed, errors clustered. Calibration gap: topics of "
        "high less low uncertainty, Welch."
    )
    return Table("What the partner's hedging does", columns, tuple(rows), note)


def shown(estimate: Estimate | None) -> tuple[Value, Value]:
    """A figure and its interval as two cells."""
    if estimate is None:
        return None, None
    return estimate.value, interval(estimate.lo, estimate.hi, 3) if estimate.lo == estimate.lo else None


def mean_of(observed: Sequence[Observation]) -> float | None:
    """Mean share over openers, epochs averaged within each."""
    units = unit_samples((o for o in observed if not o.errored), lambda o: o.values.get(SHARE))
    return fmean(fmean(values) for values in units.values()) if units else None


def dose_shift(observed: Sequence[Observation], key: str) -> Estimate | None:
    """Hedged less flat, paired by opener; None where an opener has not both."""
    plus, minus = (
        unit_samples((o for o in observed if o.metadata.get("dose") == dose), lambda o: o.values.get(key))
        for dose in ("hedged", "flat")
    )
    common = [unit for unit in plus if unit in minus]
    return mean_difference([fmean(plus[u]) - fmean(minus[u]) for u in common]) if common else None


def slope_of(observed: Sequence[Observation]) -> Estimate | None:
    """Accommodation: change of the share per unit of the partner's, with openers as fixed effects."""
    rows = [
        (o.values[SHARE], float(o.metadata["partner_share"]), o.unit)
        for o in observed
        if SHARE in o.values and "partner_share" in o.metadata
    ]
    openers = len({opener for _, _, opener in rows})
    if openers < 2 or len({share for _, share, _ in rows}) < 2:
        return None
    frame = pd.DataFrame(rows, columns=["y", "partner_share", "opener"])
    fit = smf.ols("y ~ partner_share + C(opener)", frame).fit(
        cov_type="cluster", cov_kwds={"groups": frame["opener"].astype("category").cat.codes}
    )
    low, high = fit.conf_int().loc["partner_share"]
    return Estimate(float(fit.params["partner_share"]), float(low), float(high), openers)


def calibration_gap(observed: Sequence[Observation]) -> Estimate | None:
    """Topics where hedging is apt less those where it is not: difference of means over openers."""
    sides = [
        [
            fmean(values)
            for values in unit_samples(
                (o for o in observed if o.metadata.get("uncertainty") == uncertainty),
                lambda o: o.values.get(SHARE),
            ).values()
        ]
        for uncertainty in ("high", "low")
    ]
    if min(map(len, sides)) < 2:
        return None
    return welch(sides[0], sides[1])


def swapped(groups: dict[Place, list[Observation]]) -> Table:
    """The shift with the partner's texts as stored beside the shift with their paraphrases."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        if place.mode != "swap":
            continue
        other = groups.get(place._replace(mode="replay"), [])
        stored, reworded = dose_shift(other, SHARE), dose_shift(observed, SHARE)
        if reworded:
            rows.append((place.model, place.frame, *shown(stored), *shown(reworded)))
    return Table(
        "Wording or identity",
        ("model", "frame", "shift as stored", "95 %", "shift reworded", "95 %"),
        tuple(rows),
        "A shift that vanishes when the partner's text is reworded was a shift of wording.",
    )


def live(groups: dict[Place, list[Observation]]) -> Table:
    """Both replies of the speaker in a live exchange."""
    rows: list[tuple[Value, ...]] = []
    for place, observed in groups.items():
        scored = [o for o in observed if "hedging.turn_2" in o.values]
        if place.mode != "live" or not scored:
            continue
        first, second = (fmean(o.values[f"hedging.turn_{n}"] for o in scored) for n in (1, 2))
        change = mean_difference(
            [
                fmean(values)
                for values in unit_samples(
                    scored, lambda o: o.values["hedging.turn_2"] - o.values["hedging.turn_1"]
                ).values()
            ]
        )
        rows.append((place.model, place.frame, first, second, *shown(change), change.n))
    return Table(
        "Live: first and second reply",
        ("model", "frame", "first", "second", "change", "95 %", "openers"),
        tuple(rows),
        "Share of hedged sentences; change paired by opener, percentile bootstrap. Exploratory.",
    )
