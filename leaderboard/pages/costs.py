"""What a row cost for each of its units, where the entry says so."""

from collections.abc import Sequence

from ..figures import number
from ..schema import Entry, Result
from ..standings import Row
from .words import Quantity

UNKNOWN = Quantity("–", "")


def cost_columns(rows: Sequence[Row]) -> tuple[Quantity, ...] | None:
    """The dollars a unit of each row, in order; None where no entry names a price."""
    costs = [unit_cost(row.entry, row.result) for row in rows]
    if all(cost is None for cost in costs):
        return None
    return tuple(UNKNOWN if cost is None else Quantity(dollars(cost), f"{cost:.6f}") for cost in costs)


def unit_cost(entry: Entry, result: Result) -> float | None:
    """Dollars a unit over all roles, None where the price of one that calls a model is not known.

    Scripted players in a role cost nothing.
    """
    total = 0.0
    for role, used in result.usage.items():
        ref = entry.model if role == "model" else entry.roles.get(role)
        if used.cost_usd is not None:
            total += used.cost_usd
        elif ref is None or not ref.id.startswith("reference/"):
            return None
    known = any(used.cost_usd is not None for used in result.usage.values())
    return total / result.units_total if known and result.units_total else None


def dollars(amount: float) -> str:
    """An amount with the decimals that its size asks for: `12.40`, `0.154`, `0.0021`."""
    if amount >= 1 or amount == 0:
        return number(amount, 2)
    return number(amount, 3) if amount >= 0.01 else number(amount, 4) if amount >= 0.0001 else "< 0.0001"
