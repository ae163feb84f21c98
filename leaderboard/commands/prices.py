"""What calls cost: prices in a file of Inspect's cost format, and a budget that is kept."""

from pathlib import Path

from interplay.tasks.mistakes import UserMistake

from .estimate import FamilyEstimate


def prices_of(path: Path, models: list[str]) -> dict[str, tuple[float, float]]:
    """Input and output price, in dollars per million tokens, of each model.

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
    return {name: (cost.input, cost.output) for name, cost in table.items()}


def share_of_budget(
    budget: float | None, estimates: list[FamilyEstimate], price: dict[str, tuple[float, float]] | None
) -> float | None:
    """Cost limit per sample that keeps the total within the budget, in dollars.

    Raises:
        UserMistake: When the expected cost is above the budget already.
    """
    if budget is None or price is None:
        return None
    dearest = max(price.values())
    expected = sum(estimate.dollars(*dearest) for estimate in estimates)
    if expected > budget:
        raise UserMistake(
            f"--budget-usd {budget:g} is below the expected ${expected:.2f}; raise it or choose "
            "--preset smoke."
        )
    return budget / sum(estimate.samples for estimate in estimates)
