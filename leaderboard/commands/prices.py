"""What calls cost: prices in a file of Inspect's cost format, and a budget that is kept."""

from pathlib import Path
from typing import NamedTuple

from interplay.tasks.mistakes import UserMistake

from .estimate import FamilyEstimate


class Price(NamedTuple):
    """Dollars per million tokens."""

    input: float
    output: float


def highest_price(path: Path, models: list[str]) -> Price:
    """The highest input and the highest output price among the models; scripted players may have none.

    Raises:
        UserMistake: When the file is not in Inspect's cost format or lacks one of the models.
    """
    import yaml
    from inspect_ai.model import ModelCost
    from pydantic import TypeAdapter, ValidationError

    try:
        table = TypeAdapter(dict[str, ModelCost]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise UserMistake(
            f"--prices {path}: {reason}; expected one record per model with input, output, "
            "input_cache_write and input_cache_read."
        ) from error
    missing = [name for name in models if name not in table and not name.startswith("reference/")]
    if missing:
        raise UserMistake(f"--prices {path} has no price for {missing[0]}; add it.")
    known = [table[name] for name in models if name in table]
    return Price(
        max((cost.input for cost in known), default=0.0), max((cost.output for cost in known), default=0.0)
    )


def share_of_budget(
    budget: float | None, estimates: list[FamilyEstimate], price: Price | None
) -> float | None:
    """Cost limit per sample that keeps the total within the budget, in dollars.

    Raises:
        UserMistake: When the expected cost is above the budget already.
    """
    if budget is None or price is None:
        return None
    expected = sum(estimate.dollars(*price) for estimate in estimates)
    if expected > budget:
        raise UserMistake(
            f"--budget-usd {budget:g} is below the expected ${expected:.2f}; raise it or choose "
            "--preset smoke."
        )
    return budget / sum(estimate.samples for estimate in estimates)
