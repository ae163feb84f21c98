"""Readings of what a job uses while its agent works, and the shares that follow (pure).

    {"t": 1790000000.0, "cpu": 1.9, "disk_kb": 120, "gpus": [[87, 512.1, 40211]]}

`gpus` holds utilisation in percent, power in watts and memory in MB of each GPU.
"""

import math
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

IDLE_PERCENT = 5


def reading(text: str, seconds: float) -> dict[str, JsonValue]:
    """One line of the meter from what the commands printed."""
    lines = text.splitlines()
    load = lines[0].split() if lines else []
    disk = lines[1].split() if len(lines) > 1 else []
    gpus: list[JsonValue] = [[_number(part) for part in line.split(",")] for line in lines[2:] if "," in line]
    return {
        "t": round(seconds, 3),
        "cpu": _number(load[0]) if load else None,
        "disk_kb": _number(disk[0]) if disk else None,
        "gpus": gpus,
    }


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def idle_share(readings: Sequence[Mapping[str, JsonValue]]) -> float:
    """Share of readings in which every GPU was below 5 %; 0 where none was read."""
    seen: list[bool] = []
    for line in readings:
        gpus = line.get("gpus")
        if not isinstance(gpus, list) or not gpus:
            continue
        shares = [gpu[0] for gpu in gpus if isinstance(gpu, list) and gpu]
        seen.append(all(isinstance(share, (int, float)) and share < IDLE_PERCENT for share in shares))
    return sum(seen) / len(seen) if seen else 0.0
