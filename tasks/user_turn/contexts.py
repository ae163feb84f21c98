"""The contexts of a data set in the fixed order."""

from .bundled import bundled, smoke
from .context import Context, Dataset

__all__ = ["load", "smoke"]


def load(dataset: Dataset, limit: int | None = None) -> list[Context]:
    """The first contexts of a data set in the fixed order.

    Raises:
        UserMistake: The data set can not be loaded.
    """
    if dataset == "bundled":
        return list(bundled()[:limit])
    raise NotImplementedError
