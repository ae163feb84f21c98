"""User turns: given a question and a reply, does the model, writing as the user, follow up on that reply?

The task functions are loaded on first use, so that the pure modules (contexts, arms, checkers) can be
imported by scorers and solvers without loading the tasks, which import both.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .task import user_turn, user_turn_likelihood, user_turn_prompted, user_turn_replies

__all__ = ["user_turn", "user_turn_likelihood", "user_turn_prompted", "user_turn_replies"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from . import task

        return getattr(task, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
