"""What the charts of the angry conversations share: cells at their place, ids, words for a division."""

from collections.abc import Iterable, Mapping

from interplay.tasks.deescalation.keys import CHANGE

from ..figures import MatrixCell, Point
from ..schema import Cell
from ..standings import Row, Standing
from .boards import row_names


def shown(standing: Standing, limit: int) -> list[tuple[str, Row]]:
    """Rows with their names: models from the top, those without a place last; before any, the players."""
    rows = (standing.rows or standing.reference)[:limit]
    return list(zip(row_names(rows), rows, strict=True))


def cell_at(row: Row, metric: str, dims: Mapping[str, str]) -> Cell | None:
    """The cell of exactly these conditions, where it has a value."""
    return next(
        (c for c in row.result.cells if c.metric == metric and c.dims == dims and c.value is not None), None
    )


def contrast(plus: str, minus: str) -> str:
    """The condition under which a difference of two arms is stored."""
    return f"{plus} less {minus}"


def heat_cell(row: str, column: str, cell: Cell, *, word: str = "", significant: bool = True) -> MatrixCell:
    """A cell at its place in a table."""
    return MatrixCell(row=row, column=column, value=cell.value, lo=cell.lo, hi=cell.hi, n=cell.n,
                      word=word, significant=significant)  # fmt: skip


def excludes_zero(cell: Cell) -> bool:
    """Whether the interval lies on one side of zero."""
    return cell.lo is not None and cell.hi is not None and (cell.lo > 0 or cell.hi < 0)


def n_words(points: Iterable[Point]) -> str:
    """How many seeds stand behind the points of a chart."""
    counts = sorted({point.n for point in points if point.n is not None})
    if not counts:
        return ""
    noun = "seed" if counts[-1] == 1 else "seeds"
    return f"n = {counts[0]} {noun}." if len(counts) == 1 else f"n is {counts[0]} to {counts[-1]} {noun}."


def change_of(standing: Standing) -> str:
    """The change of anger that a board ranks by: of the open patterns, or of judged levels."""
    headline = standing.board.headline
    return headline if headline.endswith(".cts_d") else CHANGE


def chart_id(name: str, standing: Standing) -> str:
    """An id that no other chart of the site has."""
    return f"{name}-{standing.board.id.removeprefix('deescalation-')}"


def board_words(standing: Standing) -> str:
    """The division of a board in words."""
    args = standing.board.runs[0].args
    if args.get("mode") != "live":
        return "fixed messages"
    return "rule-based user" if args.get("simulator", "rule") == "rule" else "simulated people"
