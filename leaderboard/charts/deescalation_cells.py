"""What the charts of the angry conversations share: their place in a table, ids, words for a division."""

from collections.abc import Mapping, Sequence

from interplay.tasks.deescalation.keys import CHANGE

from ..figures import Matrix, MatrixCell
from ..schema import Cell
from ..standings import Row, Standing, withholding
from .boards import cell_at


def contrast(plus: str, minus: str) -> str:
    """The condition under which a difference of two arms is stored."""
    return f"{plus} less {minus}"


def heat(
    row_head: str,
    column_head: str,
    cells: Sequence[MatrixCell],
    *,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    extent: float | None = None,
) -> Matrix:
    """A table of these cells.

    Args:
        row_head: What a row is.
        column_head: What a column is.
        cells: Those that there are.
        rows: Order of the rows; that of the cells without any. A row without a cell is left out.
        columns: The same of columns.
        extent: Tints run from blue to red around zero, at least that far; by size without.
    """
    names = [dict.fromkeys(cell.row for cell in cells), dict.fromkeys(cell.column for cell in cells)]
    own = [
        tuple(name for name in dict.fromkeys(order or found) if name in found)
        for order, found in zip((rows, columns), names, strict=True)
    ]
    table = Matrix(
        row_head=row_head, column_head=column_head, rows=own[0], columns=own[1], cells=tuple(cells)
    )
    if extent is None:
        return table
    widest = max([extent, *(abs(cell.value or 0.0) for cell in cells)])
    return table.model_copy(update={"scale": "diverging", "range": (-widest, widest)})


def change_at(standing: Standing, row: Row, dims: Mapping[str, str]) -> Cell | None:
    """The change of anger under these conditions, None where there is none or it is withheld."""
    key = change_of(standing)
    if key == standing.board.headline and withholding(standing.board, row.submission):
        return None
    return cell_at(row, key, dims)


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
