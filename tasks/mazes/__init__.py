"""Collaborative mazes: two agents, half a map each, one route.

The task functions are loaded on first use, so that the pure modules (maze, silent planner, instances)
can be imported by scorers and players without loading the tasks, which import both.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .task import maze_collab, maze_relay, maze_solo

__all__ = ["maze_collab", "maze_relay", "maze_solo"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from . import task

        return getattr(task, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
