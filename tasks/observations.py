"""What a family's board summary reads and returns: scored samples in, estimands out.

A family knows which groups of samples answer its questions; the leaderboard knows intervals. So
`tasks/<family>/summary.py` names the groups and their values per unit, and never computes an interval.

Example: success on two mazes of a family, two seats each, is
`Estimand({"family": "perfect"}, "maze.success_strict", {"m-1": [1, 1], "m-2": [0, 1]}, range=(0, 1))`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["mean", "difference", "ratio", "groups", "welch"]
UnitSamples: TypeAlias = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Observation:
    """One sample of one epoch, as plain data.

    Attributes:
        unit: Id of the unit of randomisation.
        metadata: The sample's metadata values that are text or numbers, as text.
        values: Scorer values and numbers of the scorer's metadata, as `<scorer>.<key>`; a value that was
            not scored is absent. The sample of a run that ended in an error holds none.
        words: Texts of the scorer's metadata, as `<scorer>.<key>`.
        errored: The sample ended in an error.
        model: The model under test.
        args: Arguments of the task, defaults included, as text.
    """

    task: str
    args: Mapping[str, str]
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
        metric: `<scorer>.<key>`.
        units: The sample values of each unit; for two terms, of the first.
        minus: The sample values of the second term: what is subtracted, or the denominator.
        kind: Mean over units, mean paired difference, ratio of the two means, or difference of the means of
            two groups of different units, with a bootstrap interval (`groups`) or Welch's (`welch`).
        range: Ends of one sample's value, None where it is unbounded.
        floor: A ratio is not estimable unless the lower limit of its denominator exceeds this.
    """

    dims: Mapping[str, str]
    metric: str
    units: UnitSamples
    minus: UnitSamples | None = None
    kind: Kind = "mean"
    range: tuple[float, float] | None = None
    floor: float | None = None


def unit_samples(
    observations: Iterable[Observation], value: Callable[[Observation], float | None]
) -> dict[str, list[float]]:
    """The values of each unit, units in order of appearance; observations without a value are left out."""
    collected: dict[str, list[float]] = {}
    for observation in observations:
        found = value(observation)
        if found is not None:
            collected.setdefault(observation.unit, []).append(found)
    return collected
