"""What charts of boards share: rows that are shown, their cells, and the differences of ranked rows."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from ..comparisons import benjamini_hochberg, pair_tests
from ..configurations import row_names
from ..figures import ChartSpec, Matrix, MatrixCell, Point
from ..schema import Cell
from ..standings import Row, Standing
from ..statistics import paired

PAIR_ROWS = 20
SHOWN_ROWS = 12


def shown_rows(standing: Standing, limit: int) -> tuple[Row, ...]:
    """Ranked rows from the top; before any model has run, the reference players."""
    return (standing.ranked or standing.reference)[:limit]


def named_rows(standing: Standing, limit: int) -> tuple[tuple[str, Row], ...]:
    """Those rows with a distinct name each."""
    rows = shown_rows(standing, limit)
    return tuple(zip(row_names(rows), rows, strict=True))


def has_pairs(standing: Standing) -> bool:
    """Whether any two rows of a board are compared: two that are ranked with one another, by their score."""
    groups = standing.families.values() if standing.board.rank_within else (standing.ranked,)
    return not standing.is_by_anchor and any(len(rows) > 1 for rows in groups)


def pair_matrices(standing: Standing) -> tuple[ChartSpec, ...]:
    """Differences of the first twenty ranked rows, row less column; none with fewer than two.

    Where ranks hold within families there is one table a family, and no difference between families. There
    is none where the headline no longer follows its anchor.
    """
    if not has_pairs(standing):
        return ()
    if standing.board.rank_within is None:
        return (pair_matrix(standing, standing.ranked),)
    return tuple(
        pair_matrix(standing, rows, name) for name, rows in standing.families.items() if len(rows) > 1
    )


def pair_matrix(standing: Standing, rows: Sequence[Row], family: str = "") -> ChartSpec:
    """One table of differences, of rows that were ranked with one another.

    Tinted where a paired t test is significant at 5 % after Benjamini and Hochberg's correction over all
    pairs shown: a matrix is read as a whole, and no pair was named before.
    """
    start = standing.ranked.index(rows[0])
    left_out = f"The first {PAIR_ROWS} of {len(rows)} ranked rows. " if len(rows) > PAIR_ROWS else ""
    rows = rows[:PAIR_ROWS]
    bounds = standing.board.headline_range
    matrix = standing.matrix[start : start + len(rows)]
    tests = pair_tests(matrix, slice(0, len(rows)), bounds)
    pairs = [(i, j) for i in range(len(rows)) for j in range(i + 1, len(rows))]
    found = benjamini_hochberg([float(tests.p[i, j]) for i, j in pairs])
    significant = dict(zip(pairs, found, strict=True))
    names = row_names(rows)
    cells: list[MatrixCell] = []
    for i, j in pairs:
        common = [(a, b) for a, b in zip(matrix[i], matrix[j], strict=True) if a == a and b == b]
        if not common:
            note = f"no common {standing.board.unit.noun}"
            cells += [MatrixCell(row=names[a], column=names[b], value=None, note=note)
                      for a, b in ((i, j), (j, i))]  # fmt: skip
            continue
        found = paired([a for a, _ in common], [b for _, b in common], bounds)
        is_clear = significant[i, j]
        cells.append(MatrixCell(row=names[i], column=names[j], value=found.value, lo=found.lo, hi=found.hi,
                                n=found.n, significant=is_clear))  # fmt: skip
        cells.append(MatrixCell(row=names[j], column=names[i], value=-found.value, lo=-found.hi, hi=-found.lo,
                                n=found.n, significant=is_clear))  # fmt: skip
    extent = max([0.1, *(abs(cell.value or 0.0) for cell in cells)])
    return ChartSpec(
        id="-".join(["pairs", standing.board.id, *([id_part(family, 30)] if family else [])]),
        kind="heat",
        title=f"{family}: differences, row less column" if family else "Differences, row less column",
        desc=f"Paired differences of {standing.board.label.lower()} between ranked rows"
        f"{f' of {family}' if family else ''}.",
        value_name="difference",
        matrix=Matrix(
            row_head="row",
            column_head="less",
            rows=tuple(names),
            columns=tuple(names),
            cells=tuple(cells),
            scale="diverging",
            range=(-extent, extent),
        ),
        note=f"{left_out}Below each difference its 95 % interval, over common {standing.board.unit.noun}s. "
        "Tinted where the difference is significant after Benjamini and Hochberg’s correction over all pairs "
        "shown: of the tinted ones 5 % are expected to be chance.",
    )


def slug(text: str) -> str:
    """Lower-case letters, digits and hyphens: part of a chart's id."""
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in text.lower()).split())


def id_part(name: str, most: int) -> str:
    """The slug of a name, at most that many characters; one that is cut or loses letters ends in a hash."""
    whole = slug(name)
    if name.isascii() and 0 < len(whole) <= most:
        return whole
    mark = hashlib.sha256(name.encode()).hexdigest()[:6]
    return "-".join(part for part in (whole[: most - 7].strip("-"), mark) if part)


def shown(standing: Standing, limit: int) -> list[tuple[str, Row]]:
    """Rows with their names: models from the top, those without a place last; before any, the players."""
    rows = (standing.rows or standing.reference)[:limit]
    return list(zip(row_names(rows), rows, strict=True))


def cell_at(row: Row, metric: str, dims: Mapping[str, str]) -> Cell | None:
    """The cell of exactly these conditions, where it has a value."""
    return next(
        (c for c in row.result.cells if c.metric == metric and c.dims == dims and c.value is not None), None
    )


def heat_cell(row: str, column: str, cell: Cell, *, word: str = "", significant: bool = True) -> MatrixCell:
    """A cell at its place in a table."""
    return MatrixCell(row=row, column=column, value=cell.value, lo=cell.lo, hi=cell.hi, n=cell.n,
                      word=word, significant=significant)  # fmt: skip


def point_of(label: str, cell: Cell) -> Point:
    """A cell beside its label."""
    return Point(label=label, x=cell.value, lo=cell.lo, hi=cell.hi, n=cell.n)


def excludes_zero(cell: Cell) -> bool:
    """Whether the interval lies on one side of zero."""
    return cell.lo is not None and cell.hi is not None and (cell.lo > 0 or cell.hi < 0)


def n_words(points: Iterable[Point], noun: str) -> str:
    """How many units of that name stand behind the points of a chart."""
    counts = sorted({point.n for point in points if point.n is not None})
    if not counts:
        return ""
    words = noun if counts[-1] == 1 else f"{noun}s"
    return f"n = {counts[0]} {words}." if len(counts) == 1 else f"n is {counts[0]} to {counts[-1]} {words}."
