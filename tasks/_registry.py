"""Inspect entry point: importing this module registers tasks, scorers and the reference provider.

Every Inspect run in the environment imports it, so it stays light: nothing here loads torch or datasets.
"""

from interplay.scorers.route import maze
from interplay.scorers.route_grader import maze_judge
from interplay.solvers.reference.provider import reference
from interplay.tasks.mazes import maze_collab, maze_relay, maze_solo

__all__ = ["maze", "maze_collab", "maze_judge", "maze_relay", "maze_solo", "reference"]
