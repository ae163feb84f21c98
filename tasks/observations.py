"""What a family's board summary reads and returns: scored samples in, estimands out.

A family knows which groups of samples answer its questions; the leaderboard knows intervals. So
`tasks/<family>/summary.py` names the groups and their values per unit, and never computes an interval.

Example: success on one family of mazes is
`Estimand({"family": "perfect"}, "maze.success_corrected", {"m-001": 1.0, "m-002": 0.5})`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["mean", "difference", "ratio"]
Units: TypeAlias = Mapping[str, float]


@dataclass(frozen=True)
class Observation:
    """One sample of one epoch, as plain data.

    Attributes:
        unit: Id of the unit of randomisation.
        metadata: The sample's metadata values that are text, as text.
        values: Scorer values and numbers of the scorer's metadata, as `<scorer>.<key>`; a value that
            was not scored is absent. The sample of a run that ended in an error holds none.
        words: Texts of the scorer's metadata, as `<scorer>.<key>`.
        errored: The sample ended in an error.
        model: The model under test.
    """

    task: str
    sample_id: str
    epoch: int
    unit: str
    metadata: Mapping[str, str]
    values: Mapping[str, float]
    words: Mapping[str, str]
    errored: bool
    model: str


@dataclass(frozen=True)
class Estimand:
    """A figure to estimate over units, with the combination of conditions it stands for.

    Attributes:
        dims: One to four conditions, in words of at most 60 characters.
        metric: `<scorer>.<key>`; decides range and interval.
        units: Value per unit; for a difference or a ratio, of the first term.
        minus: Value per unit of the second term: subtracted, or the denominator.
        kind: Mean of `units`, mean paired difference, or ratio of the two means.
        range: Ends of one unit's value, None where it is unbounded.
        floor: A ratio is not estimable unless the lower limit of its denominator exceeds this.
    """

    dims: Mapping[str, str]
    metric: str
    units: Units
    minus: Units | None = None
    kind: Kind = "mean"
    range: tuple[float, float] | None = None
    floor: float | None = None


def unit_means(
    observations: Iterable[Observation],
    value: Callable[[Observation], float | None],
) -> dict[str, float]:
    """Mean value per unit, over the observations that have one, units in order of appearance."""
    collected: dict[str, list[float]] = {}
    for observation in observations:
        found = value(observation)
        if found is not None:
            collected.setdefault(observation.unit, []).append(found)
    return {unit: sum(values) / len(values) for unit, values in collected.items()}
