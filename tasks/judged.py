"""What a family says of a model as judge: whether its figures may be believed, and what they would be without
its errors.

A board names a function `validity(run, leaderboard) -> Validity` for each scorer that asks a judge. Example:
a judge whose gates are met, with its sensitivity and specificity known, gives::

    Validity("green", "All gates are met.", {"followup_judge.gfr_t1": Figure(0.08, 0.05, 0.12, 300)})
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

State: TypeAlias = Literal["green", "amber", "grey"]
"""Green: may be read and sorted by. Amber: labels of people speak against it. Grey: there are none for it."""


class Figure(NamedTuple):
    """A figure with its 95 % interval and the number of units behind it."""

    value: float
    lo: float
    hi: float
    n: int


@dataclass(frozen=True)
class JudgedRun:
    """What one entry holds of a judge.

    Attributes:
        graders: The model in each role that judged.
        prompt_sha256: Hash of all that they were asked with.
        figures: Their figures by `<scorer>.<key>`; none where too many answers could not be read.
        model: The model under test, None where that plays no part.
    """

    graders: Mapping[str, str]
    prompt_sha256: str
    figures: Mapping[str, Figure]
    model: str | None = None


@dataclass(frozen=True)
class Validity:
    """Whether a judge's figures may be believed.

    Attributes:
        state: Anything but green is printed grey, with the words "not validated", and never sorted by.
        reason: Why, in one sentence.
        corrected: Figures without the errors of the judge, by key, where labels of people allow it.
        withheld: Keys of figures that are not to be printed at all.
    """

    state: State
    reason: str
    corrected: Mapping[str, Figure] = field(default_factory=dict[str, Figure])
    withheld: frozenset[str] = frozenset()


ValidityOf: TypeAlias = Callable[[JudgedRun, Path], Validity]
"""From an entry's judged figures, and the folder `leaderboard` with the labels of people, to a verdict."""

UNKNOWN = Validity("grey", "Nobody has said what would make this judge valid.")


def corrected(p: float, sensitivity: float, specificity: float) -> float | None:
    """A rate without a judge's errors: (p + spec - 1) / (sens + spec - 1), clipped to 0 and 1.

    The estimator of Rogan and Gladen (1978). None where the judge does no better than chance.
    """
    gain = sensitivity + specificity - 1
    return None if gain <= 0 else min(max((p + specificity - 1) / gain, 0.0), 1.0)
