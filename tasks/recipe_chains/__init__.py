"""Model-to-model chains: how far a model's hedging depends on what it answers, and on its recipe.

The task function is loaded on first use, so that the pure modules (openers, renderings) can be imported by
scorers and solvers without loading the task, which imports both.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .task import recipe_chains

__all__ = ["recipe_chains"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from . import task

        return getattr(task, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
