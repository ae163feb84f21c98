"""From samples to a board's result: the only code that computes a published figure.

`report`, `submit`, `check` and the regrade all call `results`. An errored sample takes the end of the range
that hurts its entry, so that failing on purpose never helps; a sample that could not be scored is left out
and counted.

Example: a board of three mazes with two seats each and one sample not scored gives
`units = "10000 5000 0"`, `samples = 6`, `unscored = 1`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import cast

from interplay.tasks.mistakes import UserMistake
from interplay.tasks.observations import Estimand, Observation, UnitSamples, unit_samples
from interplay.tasks.records import Preset

from .board_parts import Bounds, Flag
from .boards import Board
from .canonical import encode_units, units_digest
from .estimates import (
    Figure,
    difference_figure,
    groups_without,
    headline_figure,
    mean_of_units,
    metric_of,
    observations,
    pairs_of,
    secondary_figure,
)
from .judged import judged_results
from .locks import Variant, combined_seed
from .new_runs import same_items
from .rows import MODEL_ROLE, LogRows, RoleUse
from .schema import Cell, Pairs, Result, Usage
from .statistics import (
    Estimate,
    bootstrap_groups,
    bootstrap_ratio,
    welch,
)

LARGEST_CELLS = 400


def results(board: Board, logs: Sequence[LogRows], variants: Sequence[Variant] = ()) -> Result:
    """Everything that a board shows of one entry.

    Args:
        board: The board.
        logs: The logs of its runs, and of no others.
        variants: Their locks, which give the order of units and the bootstrap seed. Without them, as in
            the open division, units stand in the order of their names.

    Raises:
        UserMistake: No sample has a headline value.
    """
    observed = [o for log in logs for o in observations(board, log)]
    seed = combined_seed(variants)
    preset = logs[0].header.preset
    draws = board.draws_of(preset)
    expected = {unit for variant in variants for unit in variant.units}
    whole = bool(expected) and expected == {o.unit for o in observed}
    headline = headline_figure(board, observed, draws, seed, whole)
    if headline is None:
        missing = groups_without(board, observed)
        which = f"no sample of {board.macro} {missing[0]}" if missing else "no sample"
        raise UserMistake(
            f"{board.id}: {which} holds {board.headline}; give complete logs of {', '.join(board.tasks)}."
        )
    order = list(dict.fromkeys(unit for variant in variants for unit in variant.units))
    order = order or sorted({o.unit for o in observed})
    metrics = {board.headline: metric_of(headline)}
    for secondary in board.secondary:
        figure = secondary_figure(secondary, observed, board, draws, seed)
        if figure is not None:
            metrics[secondary.key] = metric_of(figure)
    return Result(
        board=board.id,
        task_version=min((log.header.task_version for log in logs), key=_version_order),
        preset=cast(Preset, preset),
        units_total=len(order),
        samples=len(observed),
        errors=sum(o.errored for o in observed),
        unscored=sum(not o.errored and board.headline not in o.values for o in observed),
        metrics=metrics,
        units=encode_units(headline.units.get(unit) for unit in order),
        units_digest=units_digest(order),
        cells=tuple(_cells(board, observed, draws, seed))[:LARGEST_CELLS],
        usage=total_usage(logs),
        judged=judged_results(board, logs, seed),
        flags=unit_flags(board, observed, order),
        pairs=lacking_pairs(board, observed),
        same_items=same_items(board, observed, draws, metrics),
    )  # fmt: skip


def lacking_pairs(board: Board, observed: Sequence[Observation]) -> Pairs | None:
    """The pairs of a board that pairs samples, where some lack a side."""
    if board.contrast is None or not board.contrast.pair:
        return None
    complete, wanted = pairs_of(board.contrast, board.headline, observed)
    return Pairs(complete=complete, wanted=wanted) if complete < wanted else None


def unit_flags(board: Board, observed: Sequence[Observation], order: Sequence[str]) -> dict[str, str]:
    """For each 0/1 key that the board keeps the value of every unit; `-` where it has none.

    Of several epochs at least half must hold. A key that no unit has is left out.
    """
    found: dict[str, str] = {}
    for flag in board.flags:
        values = unit_samples(observed, _value_of(flag))
        if values:
            found[flag.key] = "".join(f"{fmean(values[u]) >= 0.5:d}" if u in values else "-" for u in order)
    return found


def _value_of(flag: Flag) -> Callable[[Observation], float | None]:
    def value(o: Observation) -> float | None:
        belongs = all(o.metadata.get(key) == word for key, word in flag.where.items())
        return o.values.get(flag.key) if belongs else None

    return value


def is_partial(result: Result, variants: Sequence[Variant]) -> bool:
    """Whether samples that the locks ask for are absent or not scored: such a result is for display only.

    So is one without locks, as of a run with fewer mazes.
    """
    expected = sum(len(variant.samples) * variant.epochs for variant in variants)
    return not variants or result.samples < expected or "-" in result.units.split()


def total_usage(logs: Iterable[LogRows]) -> dict[str, Usage]:
    """What each role consumed over all samples; the seconds of a sample count for the model under test."""
    totals: dict[str, RoleUse] = {}
    seconds = 0.0
    for log in logs:
        for row in log.samples:
            seconds += row.seconds
            for role, use in row.usage.items():
                totals[role] = _add(totals[role], use) if role in totals else use
    return {
        role: Usage(
            calls=use.calls,
            input_tokens=use.input_tokens,
            output_tokens=use.output_tokens,
            reasoning_tokens=use.reasoning_tokens,
            cached_tokens=use.cached_tokens,
            seconds=round(seconds, 3) if role == MODEL_ROLE else 0.0,
            cost_usd=None if use.cost_usd is None else round(use.cost_usd, 6),
        )
        for role, use in sorted(totals.items())
    }


def _cells(board: Board, observed: Sequence[Observation], draws: int, seed: int) -> Iterable[Cell]:
    yield from _dims_cells(board, observed, draws, seed)
    summarise = board.summarise()
    for estimand in summarise(list(observed)) if summarise else []:
        yield estimated_cell(estimand, seed, draws)


def _dims_cells(board: Board, observed: Sequence[Observation], draws: int, seed: int) -> Iterable[Cell]:
    groups: dict[tuple[str, ...], list[Observation]] = {}
    for o in observed if board.dims else []:
        place = tuple(o.metadata.get(key, "") for key in board.dims)
        allowed = zip(place, board.dims.values(), strict=True)
        if all(word and (words is None or word in words) for word, words in allowed):
            groups.setdefault(place, []).append(o)
    plain = board.model_copy(update={"macro": None, "weights": None})
    for place in sorted(groups):
        figure = headline_figure(plain, groups[place], draws, seed)
        if figure is not None:
            yield _cell(dict(zip(board.dims, place, strict=True)), board.headline, figure.estimate)


def estimated_cell(estimand: Estimand, seed: int, draws: int = 1) -> Cell:
    """The figure that a family's summary asks for, with its interval; not estimable where it has no value."""
    units, minus, bounds = estimand.units, estimand.minus or {}, estimand.range
    figure: Figure | None
    if estimand.kind == "mean":
        figure = mean_of_units(units, bounds, "share" if bounds else "bootstrap", draws, seed)
    elif estimand.kind == "difference":
        assert bounds is not None, f"{estimand.metric}: a difference needs the range of its values"
        figure = difference_figure(units, minus, bounds)
    elif estimand.kind in ("groups", "welch"):
        figure = _groups(units, minus, None if estimand.kind == "welch" else seed)
    else:
        figure = _ratio(units, minus, bounds, estimand.floor, seed)
    if figure is None:
        return Cell(dims=dict(estimand.dims), metric=estimand.metric, value=None, lo=None, hi=None, n=0)
    return _cell(dict(estimand.dims), estimand.metric, figure.estimate)


def _groups(first: UnitSamples, second: UnitSamples, seed: int | None) -> Figure | None:
    if not first or not second:
        return None
    sides = [[fmean(side[unit]) for unit in sorted(side)] for side in (first, second)]
    if seed is None:
        return Figure(welch(sides[0], sides[1]), "difference", {}) if min(map(len, sides)) > 1 else None
    return Figure(bootstrap_groups(sides[0], sides[1], seed), "bootstrap", {})


def _ratio(
    top: UnitSamples, bottom: UnitSamples, bounds: Bounds | None, floor: float | None, seed: int
) -> Figure | None:
    common = sorted(unit for unit in top if unit in bottom)  # draws depend on the order of units
    denominator = mean_of_units(
        {u: bottom[u] for u in common}, bounds, "share" if bounds else "bootstrap", 1, seed
    )
    if denominator is None or (floor is not None and denominator.estimate.lo <= floor):
        return None
    means = [[fmean(side[unit]) for unit in common] for side in (top, bottom)]
    return Figure(bootstrap_ratio(means[0], means[1], seed), "bootstrap", {})


def _cell(dims: Mapping[str, str], metric: str, estimate: Estimate) -> Cell:
    value, lo, hi, n = estimate
    return Cell(dims=dict(dims), metric=metric, value=round(value, 6), lo=round(lo, 6), hi=round(hi, 6), n=n)


def _add(a: RoleUse, b: RoleUse) -> RoleUse:
    known = [cost for cost in (a.cost_usd, b.cost_usd) if cost is not None]
    return RoleUse(
        calls=a.calls + b.calls,
        input_tokens=a.input_tokens + b.input_tokens,
        output_tokens=a.output_tokens + b.output_tokens,
        reasoning_tokens=a.reasoning_tokens + b.reasoning_tokens,
        cached_tokens=a.cached_tokens + b.cached_tokens,
        cost_usd=sum(known) if known else None,
    )


def _version_order(version: str) -> tuple[int, ...]:
    parts = version.split("+")[0].split("-")[0].split(".")
    return tuple(int(part) for part in parts if re.fullmatch("[0-9]{1,9}", part))
