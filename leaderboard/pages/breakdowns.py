"""Results of one entry by conditions: plain tables, and tinted ones over two or three conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..arm_verdicts import cell_verdict
from ..boards import Board, load_boards
from ..figures import ChartSpec, Matrix, MatrixCell, rounded_range, shown, shown_interval
from ..schema import Cell, Metric


class CellLine(NamedTuple):
    """One line of the breakdown."""

    dims: tuple[str, ...]
    label: str
    value: str
    interval: str
    n: int
    verdict: str


@dataclass(frozen=True)
class Breakdown:
    """Results by conditions: a tinted table where two or three make a grid, a plain one otherwise.

    `fixed` names conditions that are the same in all lines and therefore have no column.
    """

    title: str
    label: str
    fixed: str
    heads: tuple[str, ...]
    lines: tuple[CellLine, ...]
    heat: ChartSpec | None

    @property
    def is_single(self) -> bool:
        """Whether there is one line only, which needs no table of its own."""
        return len(self.lines) == 1

    @property
    def condition(self) -> str:
        """The conditions of the first line with their names: `temperature 1`."""
        named = zip(self.heads, self.lines[0].dims, strict=True)
        return ", ".join(f"{name} {value}" for name, value in named)

    @property
    def has_verdicts(self) -> bool:
        """Whether a line says what a control arm did."""
        return any(line.verdict for line in self.lines)


def breakdowns(
    board: Board, cells: Sequence[Cell], metrics: Mapping[str, Metric] | None = None
) -> tuple[Breakdown, ...]:
    """Cells grouped by the names of their conditions and by metric, in stored order.

    Args:
        board: Its labels name the metrics.
        cells: Those of one result.
        metrics: The figures of that result; a lone cell that only repeats one of them is left out.
    """
    groups: dict[tuple[tuple[str, ...], str], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((tuple(cell.dims), cell.metric), []).append(cell)
    labels = board.cell_labels | {item.key: item.label for item in board.secondary}
    labels |= {board.headline: plain_label(board)}
    found: dict[object, Breakdown] = {}
    for i, ((dims, metric), group) in enumerate(groups.items()):
        if len(group) == 1 and repeats(group[0], (metrics or {}).get(metric)):
            continue
        part = breakdown(board, dims, labels.get(metric) or key_words(metric), group, i)
        found.setdefault((part.title, part.lines), part)
    return tuple(found.values())


def repeats(cell: Cell, metric: Metric | None) -> bool:
    """Whether a cell holds the figure of the whole result once more."""
    if metric is None:
        return False
    return (cell.value, cell.lo, cell.hi, cell.n) == (metric.value, metric.lo, metric.hi, metric.n)


def plain_label(board: Board) -> str:
    """Label of the headline key; cells of a contrast hold its terms, which another board may name."""
    if board.contrast is None:
        return board.label
    others = (b.label for b in load_boards().values() if b.headline == board.headline and b.contrast is None)
    return next(others, board.headline)


def key_words(key: str) -> str:
    """A score key that no board labels, as words: `maze.retention` is `Retention`."""
    return key.rsplit(".", 1)[-1].replace("_", " ").capitalize()


def breakdown(board: Board, dims: tuple[str, ...], label: str, cells: Sequence[Cell], i: int) -> Breakdown:
    """One group of cells as lines and, where their conditions make a grid, as a tinted table.

    Of three conditions the first two name the rows. Those with one value have no column.
    """
    values = {name: {cell.dims[name] for cell in cells} for name in dims}
    varied = tuple(name for name in dims if len(values[name]) > 1) or dims
    fixed = ", ".join(f"{name} {cells[0].dims[name]}" for name in dims if name not in varied)
    dims = varied
    lines = tuple(
        CellLine(
            tuple(cell.dims[name] for name in dims),
            label,
            shown(cell.value, cell.lo, cell.hi, 3) if cell.value is not None else "not estimable",
            shown_interval(cell.value, cell.lo, cell.hi) if cell.lo is not None else "",
            cell.n,
            cell_verdict(cell) or "",
        )
        for cell in cells
    )
    heat = (
        grid(f"cells-{board.id}-{i}", f"{label} by", board.id, dims, cells)
        if len(dims) in (2, 3) and len(cells) > 1
        else None
    )
    return Breakdown(f"{label} by {' and '.join(dims)}", label, fixed, dims, lines, heat)


def grid(name: str, what: str, board: str, dims: tuple[str, ...], cells: Sequence[Cell]) -> ChartSpec | None:
    """Cells over two or three conditions as a tinted table; None where less than half of it would be filled.

    Tinted over the range 0 to 1, or that of the values where they leave it.
    """
    first, second = ", ".join(dims[:-1]), dims[-1]
    found = tuple(
        MatrixCell(row=", ".join(c.dims[name] for name in dims[:-1]), column=c.dims[second], value=c.value,
                   lo=c.lo, hi=c.hi, n=c.n)
        for c in cells
    )  # fmt: skip
    rows, columns = tuple(dict.fromkeys(c.row for c in found)), tuple(dict.fromkeys(c.column for c in found))
    if 2 * len(found) < len(rows) * len(columns):
        return None
    values = [c.value for c in found if c.value is not None]
    return ChartSpec(
        id=name,
        kind="heat",
        title=f"{what} {first} and {second}",
        desc=f"{what} {first} (rows) and {second} (columns) on {board}.",
        matrix=Matrix(
            row_head=first,
            column_head=second,
            rows=rows,
            columns=columns,
            cells=found,
            range=(0.0, 1.0) if all(0 <= v <= 1 for v in values) else rounded_range(values),
        ),
    )
