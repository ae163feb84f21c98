"""What calls cost: prices in a file of Inspect's cost format, and a budget that is kept."""

from math import isfinite
from pathlib import Path
from typing import NamedTuple

from interplay.tasks.mistakes import UserMistake

from .estimate import FamilyEstimate, in_dollars


class Price(NamedTuple):
    """Dollars per million tokens."""

    input: float
    output: float


def highest_price(path: Path, models: list[str]) -> Price:
    """The highest input and the highest output price among the models; scripted players may have none.

    Raises:
        UserMistake: When the file is not in Inspect's cost format, lacks one of the models, or has a price
            that is no amount: a budget would not be kept with it.
    """
    import yaml
    from inspect_ai.model import ModelCost
    from pydantic import TypeAdapter, ValidationError

    try:
        table = TypeAdapter(dict[str, ModelCost]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserMistake(
            f"--prices {path}: {first_fault(error)}; expected one record per model with input, output, "
            "input_cache_write and input_cache_read."
        ) from error
    for model, cost in table.items():
        for name, dollars in cost:
            if not (isfinite(dollars) and dollars >= 0):
                raise UserMistake(
                    f"--prices {path}: {name} of {model} is {dollars:g}; give dollars per million tokens."
                )
    missing = [name for name in models if name not in table and not name.startswith("reference/")]
    if missing:
        raise UserMistake(f"--prices {path} has no price for {missing[0]}; add it.")
    known = [table[name] for name in models if name in table]
    return Price(
        max((cost.input for cost in known), default=0.0), max((cost.output for cost in known), default=0.0)
    )


def first_fault(error: Exception) -> str:
    """The first thing that is wrong with a file of prices, in a few words."""
    from pydantic import ValidationError

    if isinstance(error, UnicodeDecodeError):
        return "no UTF-8 text"
    if not isinstance(error, ValidationError):
        return str(error).splitlines()[0]
    found = error.errors()[0]
    place = " of ".join(str(part) for part in reversed(found["loc"]))
    said = f"{found['msg'][0].lower()}{found['msg'][1:]}"
    return f"{place}: {said}" if place else said


def share_of_budget(
    budget: float | None, estimates: list[FamilyEstimate], price: Price | None
) -> float | None:
    """Cost limit per sample that keeps the total within the budget, in dollars.

    Raises:
        UserMistake: When the budget is no amount, or the expected cost is above it already.
    """
    if budget is None or price is None:
        return None
    if not isfinite(budget):
        raise UserMistake(f"--budget-usd {budget:g}: give an amount in dollars.")
    expected = sum(estimate.dollars(*price) for estimate in estimates)
    if expected > budget:
        raise UserMistake(
            f"--budget-usd {budget:g} is below the expected {in_dollars(expected)}; raise it or choose "
            "--preset smoke."
        )
    return budget / sum(estimate.samples for estimate in estimates)
