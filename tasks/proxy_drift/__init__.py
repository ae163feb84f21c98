"""Ledgers of a search whose internal score may have drifted: does an agent notice, and what does it do?

The task function is loaded on first use, so that the pure modules can be imported by scorers and solvers
without loading the task, which imports both.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .task import proxy_drift

__all__ = ["proxy_drift"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from . import task

        return getattr(task, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
