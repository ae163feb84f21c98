"""A provider that does not answer ends the sample in an error, which the next attempt runs again.

Inspect takes a bare `TimeoutError` for the end of a time limit and scores what there is of the sample, so
that an outage of the provider would count as a failure of the model.
"""

from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspect_ai.model import Model

MARK = "interplay_tells_timeouts"


class ProviderTimeout(RuntimeError):
    """The provider of a model did not answer in its own time."""


def telling_timeouts(model: "Model") -> "Model":
    """The same model, whose provider's `TimeoutError` is told as what it is."""
    ask = model.api.generate
    if hasattr(ask, MARK):
        return model

    @wraps(ask)
    async def generate(*args: Any, **settings: Any) -> Any:
        try:
            return await ask(*args, **settings)
        except TimeoutError as error:
            raise ProviderTimeout(f"{model} did not answer: {str(error) or 'timeout'}") from error

    setattr(generate, MARK, True)
    setattr(model.api, "generate", generate)  # noqa: B010  (a method, as far as its type says)
    return model
