"""Angry conversations: does an assistant make them worse, and do process rules in its system prompt help?

The task function is loaded on first use, so that the pure modules (scenarios, texts) can be imported by
scorers and solvers without loading the task, which imports both.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .crisis_task import deescalation_crisis
    from .task import deescalation

__all__ = ["deescalation", "deescalation_crisis"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from . import crisis_task, task

        return getattr(task if hasattr(task, name) else crisis_task, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
