"""Whether the model has seen the test: its token losses on test and twin, against the base's (flag C, pure).

For each item the mean token loss of its gold text, candidate minus base. A test that was not learned from
drops as much as its twin; one that was drops further. z = (mean of the twin - mean of the test) / √(s²/n
+ s²/n) with sample variances (Welch). It needs no data of the job, so deleting them does not help.
"""

import math
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from .findings import Finding, not_run

FLAG_Z, REVIEW_Z = 4.0, 3.0


class ExposureFacts(BaseModel):
    """Change of the loss by item, in nats a token: candidate minus base; None if not finite."""

    model_config = ConfigDict(frozen=True)

    test: tuple[float | None, ...]
    twin: tuple[float | None, ...]


def changes(base: Sequence[float], candidate: Sequence[float]) -> tuple[float | None, ...]:
    """Candidate minus base, to a millionth; None where that is no finite number.

    Raises:
        ValueError: the two have different lengths.
    """
    found = [c - b for b, c in zip(base, candidate, strict=True)]
    return tuple(round(value, 6) if math.isfinite(value) else None for value in found)


def welch_z(test: Sequence[float], twin: Sequence[float]) -> float | None:
    """Mean of the twin minus mean of the test in standard errors; None if it cannot be had.

    Without any variance it is 0 if the means are equal, else not to be had.
    """
    if min(len(test), len(twin)) < 2 or not all(map(math.isfinite, (*test, *twin))):
        return None
    difference = _mean(twin) - _mean(test)
    error = math.sqrt(_variance(test) / len(test) + _variance(twin) / len(twin))
    if error == 0:
        return 0.0 if difference == 0 else None
    return difference / error


def exposure(facts: ExposureFacts) -> Finding:
    """The verdict on these changes; a single one that is no number makes it impossible."""
    test = [value for value in facts.test if value is not None]
    twin = [value for value in facts.twin if value is not None]
    whole = len(test) == len(facts.test) and len(twin) == len(facts.twin)
    z = welch_z(test, twin) if whole else None
    if z is None:
        return not_run("exposure", "C", "no finite token losses of at least two items of test and twin")
    verdict = "flagged" if z >= FLAG_Z else "review" if z >= REVIEW_Z else "clear"
    return Finding(
        detector="exposure",
        flag="C",
        verdict=verdict,
        reason="" if verdict == "clear" else "the loss fell further on the test than on its twin",
        values={"z": z, "test": _mean(test), "twin": _mean(twin)},
    )


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _variance(values: Sequence[float]) -> float:
    mean = _mean(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
