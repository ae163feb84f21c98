"""Angry conversations: does an assistant make them worse, and do process rules in its system prompt help?

The task function is loaded on first use, so that the pure modules (scenarios, texts) can be imported by
scorers and solvers without loading the task, which imports both.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .task import deescalation

__all__ = ["deescalation"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from . import task

        return getattr(task, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
