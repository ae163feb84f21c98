"""What the user turns of a model are: shares of the eleven labels, stacked in six parts and as a table."""

from collections.abc import Mapping, Sequence

from ..configurations import row_names
from ..figures import Axis, ChartSpec, Matrix, Point, Series
from ..standings import Row, Standing
from .boards import heat_cell, n_words, shown_rows
from .user_turn_cells import ELICITED, cells_of, chart_id

SHARE = "turn_labels.share"
PARTS: Mapping[str, tuple[str, ...]] = {
    "genuine": ("genuine",),
    "generic follow-up": ("generic_followup",),
    "closer": ("closer",),
    "repeats": ("restate_prompt", "prompt_variant", "echo_answer"),
    "assistant’s voice": ("assistant_drift", "meta_reasoning"),
    "nothing usable": ("unrelated", "degenerate", "empty"),
}
"""Six parts of a turn's labels: a picture holds no seventh colour."""
LABELS = tuple(label for part in PARTS.values() for label in part)
LABEL_ROWS = 24


def labels(standing: Standing) -> tuple[ChartSpec, ...]:
    """Shares of the labels at temperature 1, stacked, and the table of all of them with intervals."""
    rows = [row for row in shown_rows(standing, LABEL_ROWS) if list(cells_of(row, SHARE, "label"))]
    return (stacked(standing, rows), table(standing, rows)) if rows else ()


def stacked(standing: Standing, rows: Sequence[Row]) -> ChartSpec:
    """One bar a model, the most genuine first, in six parts."""
    found = {
        name: {cell.dims["label"]: cell for cell in cells_of(row, SHARE, "label")}
        for name, row in zip(row_names(rows), rows, strict=True)
    }

    def part(name: str, own: Sequence[str]) -> float:
        return sum(cell.value or 0.0 for label, cell in found[name].items() if label in own)

    names = sorted(found, key=lambda name: (-part(name, PARTS["genuine"]), name))
    counts = {name: max(cell.n for cell in cells.values()) for name, cells in found.items()}
    series = tuple(
        Series(
            name=words,
            points=tuple(Point(label=name, x=part(name, own), n=counts[name]) for name in names),
        )
        for words, own in PARTS.items()
    )
    how = ELICITED[standing.board.apart or "native"]
    joined = "; ".join(f"{words}: {', '.join(map(label_words, own))}" for words, own in PARTS.items()
                       if len(own) > 1)  # fmt: skip
    return ChartSpec(
        id=chart_id("parts", standing),
        kind="bars",
        title=f"Shares of what the turns are, {how}",
        desc=f"Shares of six kinds of turns at temperature 1, one bar a model, {how}.",
        value_name="share of turns",
        x=Axis(label="share of all turns at temperature 1", range=(0.0, 1.0)),
        series=series,
        note=f"One bar a model, by its genuine share. Of several labels are – {joined}. The table below has "
        f"every label with its interval. {n_words(series[0].points, 'context')}",
    )


def table(standing: Standing, rows: Sequence[Row]) -> ChartSpec:
    """Every label with its interval, one row a model."""
    names = row_names(rows)
    how = ELICITED[standing.board.apart or "native"]
    cells = [
        heat_cell(name, label_words(cell.dims["label"]), cell)
        for name, row in zip(names, rows, strict=True)
        for cell in cells_of(row, SHARE, "label")
    ]
    found = {cell.column for cell in cells}
    known = [word for word in map(label_words, LABELS) if word in found]
    return ChartSpec(
        id=chart_id("labels", standing),
        kind="heat",
        title=f"Shares of the eleven labels, {how}",
        desc=f"Shares of the eleven labels at temperature 1, one row a model, {how}.",
        value_name="share of turns",
        matrix=Matrix(
            row_head="model",
            column_head="label",
            rows=tuple(names),
            columns=(*known, *sorted(found - set(known))),
            cells=tuple(cells),
        ),
        note="Shares of all turns at temperature 1, which add up to 1 in a row; below each its 95 % "
        "interval. “≤” is the upper limit where no turn had the label.",
    )


def label_words(label: str) -> str:
    """A label as words: `generic follow-up`."""
    return label.replace("_", " ").replace("followup", "follow-up")
