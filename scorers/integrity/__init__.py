"""What a finished post-training job shows about its own making: weights, data, traffic, files.

Every detector is a pure function of facts that the log stores, so that a regrade repeats each verdict.
The measuring half is loaded on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from .findings import Evidence, Finding, Flag, Verdict, finding_of, is_flagged, is_held, not_run

if TYPE_CHECKING:
    from .examine import Facts, examine_bundle, findings_of, measure_bundle

__all__ = [
    "Evidence",
    "Facts",
    "Finding",
    "Flag",
    "Verdict",
    "examine_bundle",
    "finding_of",
    "findings_of",
    "is_flagged",
    "is_held",
    "measure_bundle",
    "not_run",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.examine"), name)
