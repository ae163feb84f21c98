"""`make bench`: every figure side by side with its bar, measured in one run on this machine.

A benchmark module offers `rows()`, a list of (what, measured, bar, meaning). The bar is an upper limit for
times and ratios and a lower limit for rates, whose meaning ends in "per s".
"""

import importlib
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

MODULES = (
    "chains",
    "checking",
    "engine",
    "grading",
    "followup",
    "instances",
    "loop",
    "measuring",
    "rank_sets",
    "rendering",
    "building",
    "starting",
    "turns",
)


def main() -> int:
    """Prints one table and returns 1 when a bar was missed."""
    sys.path.insert(0, str(Path(__file__).parent))
    table = Table("what", "measured", "bar", "meaning", "")
    missed = 0
    for name in sys.argv[1:] or MODULES:
        for what, measured, bar, meaning in importlib.import_module(name).rows():
            holds = measured >= bar if meaning.endswith("per s") else measured <= bar
            missed += not holds
            table.add_row(what, f"{measured:.3g}", f"{bar:.3g}", meaning, "" if holds else "missed")
    Console(width=120).print(table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
