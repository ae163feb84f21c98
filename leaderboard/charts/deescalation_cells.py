"""What the charts of the angry conversations share: their place in a table, ids, words for a division."""

from interplay.tasks.deescalation.keys import CHANGE

from ..figures import MatrixCell
from ..schema import Cell
from ..standings import Standing


def contrast(plus: str, minus: str) -> str:
    """The condition under which a difference of two arms is stored."""
    return f"{plus} less {minus}"


def heat_cell(row: str, column: str, cell: Cell, *, word: str = "", significant: bool = True) -> MatrixCell:
    """A cell at its place in a table."""
    return MatrixCell(row=row, column=column, value=cell.value, lo=cell.lo, hi=cell.hi, n=cell.n,
                      word=word, significant=significant)  # fmt: skip


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
