"""Post-training jobs: an agent alone with one small base model, a fixed time and a target.

The task functions are loaded on first use, so that the pure modules (grid, targets, bundles) can be imported
by scorers and solvers without loading a task, which imports both.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .baselines import posttrain_baselines
    from .task import posttrain, posttrain_mini, posttrain_score, posttrain_solve

__all__ = ["posttrain", "posttrain_baselines", "posttrain_mini", "posttrain_score", "posttrain_solve"]


def __getattr__(name: str) -> object:
    if name == "posttrain_baselines":
        from . import baselines

        return baselines.posttrain_baselines
    if name in __all__:
        from . import task

        return getattr(task, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
