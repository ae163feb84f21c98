"""Inspect entry point: importing this module registers tasks, scorers and the reference provider.

Every Inspect run in the environment imports it, so it stays light: nothing here loads torch or datasets.
"""

from interplay.solvers.reference.provider import reference

__all__ = ["reference"]
