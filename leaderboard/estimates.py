"""From samples to one figure: a mean over units, a difference of two conditions, each with its interval.

An errored sample takes the end of the range that hurts its entry; one that could not be scored is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple, TypeAlias

from interplay.tasks.observations import Observation, UnitSamples, unit_samples

from .board_parts import Bounds, Contrast, Direction, Secondary
from .boards import Board
from .result_parts import Interval, Metric
from .rows import LogRows
from .statistics import AT_END, Estimate, bootstrap_mean, macro, mean_t, paired, share
from .weighting import weighted_score

PairValues: TypeAlias = dict[tuple[str, ...], list[float]]
"""Values by unit and what else makes a pair."""


class Figure(NamedTuple):
    """An estimate, how its interval was made, and the value of each unit behind it."""

    estimate: Estimate
    interval: Interval
    units: dict[str, float]


ValueOf: TypeAlias = Callable[[Observation], float | None]
"""What a sample counts as, None where it was not scored."""


def headline_value(board: Board) -> ValueOf:
    """The headline of a sample; one that ended in an error counts as the worst end of the range."""
    return _value_or(board.headline, _worst_and_best(board.range, board.direction)[0])


def arm_values(board: Board) -> tuple[ValueOf, ValueOf]:
    """The headline of a sample of either arm of a contrast; an errored one takes the end that hurts."""
    bad, good = _worst_and_best(board.range, board.direction)
    return _value_or(board.headline, bad), _value_or(board.headline, good)


def observations(board: Board, log: LogRows) -> list[Observation]:
    """The samples of a log as a family's summary reads them."""
    args = {key: str(value) for key, value in log.header.args.items()}
    return [
        Observation(
            task=log.header.task,
            args=args,
            sample_id=row.sample_id,
            epoch=row.epoch,
            unit=row.metadata.get(board.unit.key, row.sample_id),
            metadata=row.metadata,
            values={} if row.errored else row.score.numbers,
            words={} if row.errored else row.score.words,
            errored=row.errored,
            model=log.header.model,
        )
        for row in log.samples
    ]


def headline_figure(
    board: Board, observed: Sequence[Observation], draws: int, seed: int, whole: bool = False
) -> Figure | None:
    """The headline over all units; None where no sample holds it.

    Args:
        board: Whose headline it is.
        observed: All samples.
        draws: 0/1 draws averaged inside one sample.
        seed: Of the bootstrap.
        whole: All units that were asked for are there, for a board that weighs them.
    """
    if board.weights is not None:
        found = weighted_score(board, board.weights, observed, headline_value(board), seed, whole)
        return found and Figure(*found)
    if board.contrast is not None:
        return contrast_figure(board.contrast, board.headline, board.range, board.direction, observed)
    if groups_without(board, observed):
        return None
    return _mean(board, observed, headline_value(board), board.range, board.interval, draws, seed)


def contrast_figure(
    contrast: Contrast, key: str, bounds: Bounds, direction: Direction, observed: Sequence[Observation]
) -> Figure | None:
    """Paired difference of a key between the two conditions of a board, over pairs that have both.

    Epochs of a pair are averaged, then the pairs of a unit.
    """
    plus, minus = paired_values(contrast, key, bounds, direction, observed)
    units: tuple[dict[str, list[float]], dict[str, list[float]]] = {}, {}
    for place, values in plus.items():
        if place in minus:
            for side, found in zip(units, (values, minus[place]), strict=True):
                side.setdefault(place[0], []).append(fmean(found))
    return difference_figure(*units, bounds)


def paired_values(
    contrast: Contrast, key: str, bounds: Bounds, direction: Direction, observed: Sequence[Observation]
) -> tuple[PairValues, PairValues]:
    """The values of each pair under either condition; the errored have the end that hurts."""
    bad, good = _worst_and_best(bounds, direction)
    sides: tuple[PairValues, PairValues] = {}, {}
    for side, arm, worst in zip(sides, (contrast.plus, contrast.minus), (bad, good), strict=True):
        value = _value_or(key, worst)
        for o in observed:
            if o.metadata.get(contrast.by) == arm and (found := value(o)) is not None:
                side.setdefault(pair_of(contrast, o), []).append(found)
    return sides


def pairs_of(
    contrast: Contrast, key: str, observed: Sequence[Observation], needs: str | None = None
) -> tuple[int, int]:
    """How many pairs have that key under both conditions, and how many were asked for.

    Args:
        contrast: The conditions.
        key: The value.
        observed: All samples.
        needs: Metadata without which a sample cannot have the value.
    """
    own = [o for o in observed if needs is None or needs in o.metadata]
    plus, minus = paired_values(contrast, key, (0.0, 1.0), "higher", own)
    arms = (contrast.plus, contrast.minus)
    wanted = {pair_of(contrast, o) for o in own if o.metadata.get(contrast.by) in arms}
    return len(plus.keys() & minus.keys()), len(wanted)


def pair_of(contrast: Contrast, o: Observation) -> tuple[str, ...]:
    """Unit and what else a sample shares with its counterpart."""
    return o.unit, *(o.metadata.get(name, "") for name in contrast.pair)


def secondary_value(item: Secondary) -> ValueOf:
    """A further figure of a sample; one that ended in an error counts as the worst end of its range."""

    def value(o: Observation) -> float | None:
        if o.errored:
            if item.range is None or item.interval == "mean":
                return None
            return item.range[0 if item.direction != "lower" else 1]
        if any(key not in o.values for key in (*item.sources, *item.minus)):
            return None
        return sum(o.values[key] for key in item.sources) - sum(o.values[key] for key in item.minus)

    return value


def secondary_figure(
    item: Secondary, observed: Sequence[Observation], board: Board, draws: int, seed: int
) -> Figure | None:
    """A further figure over all units; None where no sample holds its keys."""

    value = secondary_value(item)
    if not any(value(o) is not None for o in observed if not o.errored):
        return None
    return _mean(
        board, observed, value, item.range, item.interval if item.range else "bootstrap", draws, seed
    )


def _mean(
    board: Board,
    observed: Sequence[Observation],
    value: Callable[[Observation], float | None],
    bounds: Bounds | None,
    interval: Interval,
    draws: int,
    seed: int,
) -> Figure | None:
    """Mean over units, or over the rates of groups where the board is a macro average.

    Groups that share no unit are independent, and their half-widths add in quadrature. Groups that were
    measured on the same units are not: a unit's value then is its mean over groups.
    """
    key = board.macro
    means = unit_means(observed, value)
    if key is None:
        return mean_of_units(unit_samples(observed, value), bounds, interval, draws, seed, means)
    names = dict.fromkeys(o.metadata.get(key, "") for o in observed)
    parts = [[o for o in observed if o.metadata.get(key, "") == name] for name in names]
    groups = [group for part in parts if (group := unit_samples(part, value))]
    units = list(dict.fromkeys(unit for group in groups for unit in group))
    if len(units) < sum(map(len, groups)):
        crossed = {u: [fmean(group[u]) for group in groups if u in group] for u in units}
        return mean_of_units(crossed, bounds, interval, draws, seed)
    figures = [mean_of_units(group, bounds, interval, draws, seed, means) for group in groups]
    found = [figure for figure in figures if figure is not None]
    if not found or bounds is None:
        return None
    merged = {unit: mean for figure in found for unit, mean in figure.units.items()}
    return Figure(macro([figure.estimate for figure in found], bounds), interval, merged)


def unit_means(observed: Sequence[Observation], value: ValueOf) -> dict[str, float]:
    """The value of each unit: epochs of a sample are averaged first, so a missing one shifts no weight."""
    samples: dict[str, dict[tuple[str, str], list[float]]] = {}
    for o in observed:
        if (found := value(o)) is not None:
            samples.setdefault(o.unit, {}).setdefault((o.task, o.sample_id), []).append(found)
    return {unit: fmean(map(fmean, own.values())) for unit, own in samples.items()}


def groups_without(board: Board, observed: Sequence[Observation]) -> list[str]:
    """Groups of a macro average of which no sample holds the headline, so that there is no average."""
    if board.macro is None:
        return []
    value, key = headline_value(board), board.macro
    names = {o.metadata.get(key, "") for o in observed}
    return sorted(names - {o.metadata.get(key, "") for o in observed if value(o) is not None})


def mean_of_units(
    samples: UnitSamples,
    bounds: Bounds | None,
    interval: Interval,
    draws: int,
    seed: int,
    unit_values: Mapping[str, float] | None = None,
) -> Figure | None:
    """Mean over units; a bootstrap interval where the values have no range.

    Args:
        samples: The sample values of each unit.
        bounds: Ends of their range.
        interval: Which interval the figure gets.
        draws: 0/1 draws averaged inside one sample.
        seed: Of the bootstrap.
        unit_values: Value of each unit; by default the mean of its samples.
    """
    if not samples:
        return None
    means = {u: unit_values[u] if unit_values else fmean(values) for u, values in samples.items()}
    if interval == "mean" and bounds is not None:
        return Figure(mean_t(list(means.values()), bounds), "mean", means)
    if interval != "share" or bounds is None:
        return Figure(bootstrap_mean([means[unit] for unit in sorted(means)], seed), "bootstrap", means)
    near = AT_END * (bounds[1] - bounds[0])
    values = [value for unit in samples.values() for value in unit]
    binary = draws == 1 and all(min(abs(value - end) for end in bounds) <= near for value in values)
    per_unit = draws * len(values) / len(samples)
    return Figure(share(list(means.values()), bounds, per_unit, binary or draws > 1), "share", means)


def difference_figure(plus: UnitSamples, minus: UnitSamples, bounds: Bounds) -> Figure | None:
    """Mean paired difference over the units that both sides have; None without one."""
    common = [unit for unit in plus if unit in minus]
    if not common:
        return None
    first, second = [fmean(plus[unit]) for unit in common], [fmean(minus[unit]) for unit in common]
    units = {unit: a - b for unit, a, b in zip(common, first, second, strict=True)}
    return Figure(paired(first, second, bounds), "difference", units)


def metric_of(figure: Figure) -> Metric:
    """A figure as an entry holds it."""
    value, lo, hi, n = figure.estimate
    return Metric(value=round(value, 6), lo=round(lo, 6), hi=round(hi, 6), n=n, interval=figure.interval)


def _worst_and_best(bounds: Bounds, direction: Direction) -> tuple[float, float]:
    low, high = bounds
    return (high, low) if direction == "lower" else (low, high)


def _value_or(key: str, worst: float) -> Callable[[Observation], float | None]:
    return lambda o: worst if o.errored else o.values.get(key)
