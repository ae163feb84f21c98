"""What the tests of the task share: a run, its samples and the values of the score."""

from pathlib import Path
from statistics import fmean
from typing import Any, cast

from inspect_ai import Task, eval
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import Model

from interplay.solvers.dialogue import Episode


def played(task: Task, log_dir: Path, model: str | Model = "reference/empath", **options: Any) -> EvalLog:
    """The log of a run."""
    return eval(task, model=model, log_dir=str(log_dir), display="none", **options)[0]


def samples(log: EvalLog) -> list[EvalSample]:
    """Its samples."""
    assert log.status == "success", log.error
    return log.samples or []


def value(sample: EvalSample) -> dict[str, float]:
    """The values of a sample's score."""
    assert sample.scores is not None
    return cast(dict[str, float], sample.scores["escalation"].value)


def texts(sample: EvalSample, seat: int) -> tuple[str, ...]:
    """What a seat said."""
    return tuple(note.text for note in sample.store_as(Episode).notes if note.seat == seat)


def mean(log: EvalLog, key: str, **only: str) -> float:
    """Mean of a value over the samples with this metadata."""
    kept = [s for s in samples(log) if all(s.metadata[k] == v for k, v in only.items())]
    return fmean(value(sample)[key] for sample in kept)


def effects(log: EvalLog, key: str = "cts_d", plus: str = "nvc_full", minus: str = "vanilla") -> list[float]:
    """The difference of two arms on every scenario."""
    sides = {
        arm: {s.metadata["scenario_id"]: value(s)[key] for s in samples(log) if s.metadata["arm"] == arm}
        for arm in (plus, minus)
    }
    assert sides[plus].keys() == sides[minus].keys() != set()
    return [sides[plus][scenario] - sides[minus][scenario] for scenario in sides[plus]]
