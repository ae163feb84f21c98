"""What all charts of the user turns share: cells of one figure, their place in a table, ids."""

from collections.abc import Iterator

from ..schema import Cell
from ..standings import Row, Standing
from .boards import id_part

MORE = "more is better"
ELICITED = {"native": "in the model’s own user role", "prompted": "by instruction"}


def cells_of(row: Row, metric: str, dim: str) -> Iterator[Cell]:
    """Cells of that metric over that one condition, with a value, in stored order."""
    return (
        c for c in row.result.cells if c.metric == metric and set(c.dims) == {dim} and c.value is not None
    )


def chart_id(name: str, standing: Standing, panel: str = "") -> str:
    """An id that no other chart of the site has."""
    parts = [name, standing.board.id.removeprefix("user-turn-"), id_part(panel, 30) if panel else ""]
    return "-".join(part for part in parts if part)
