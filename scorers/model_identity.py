"""Whether two names mean one model, however each is spelled."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspect_ai.model import Model


def same_model(first: "Model | str", second: "Model | str") -> bool:
    """Whether two models are one, by the names that they are known by.

    Provider, service and case do not matter where the name says who made the model:
    `openrouter/openai/gpt-5` is `openai/gpt-5`. Nor do settings, such as another temperature, and servers.

    Args:
        first: The model, or its name as a log has it.
        second: The other one.
    """
    if isinstance(first, str) or isinstance(second, str):
        return same_name(str(first), str(second))
    return first is second or identity(first) == identity(second)


def same_name(first: str, second: str) -> bool:
    """The same of two names alone: they are equal but for case, or one is the other behind a service."""
    longer, shorter = sorted((first.casefold(), second.casefold()), key=len, reverse=True)
    return longer == shorter or ("/" in shorter and longer.endswith(f"/{shorter}"))


def identity(model: "Model") -> str:
    """The name by which a model is compared.

    A model of a folder, as in `hf/local` with `model_path`, is its folder. A name that says nothing of its
    maker counts with its provider alone.
    """
    folder = model.model_args.get("model_path")
    if folder is not None:
        return f"folder {folder}"
    name = model.canonical_name()
    return (name if "/" in name else str(model)).casefold()
