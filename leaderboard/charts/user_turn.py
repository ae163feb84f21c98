"""Charts of the user turns: what the cells of entries hold, as chart specs.

Native and prompted boards never share a chart, because they are different measurements. Rates belong to
weights and chat template together, so that models of different families may stand in one picture only where
nothing but their own rows is read; above six models every family has a panel of its own.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from ..configurations import row_names
from ..figures import (
    MAX_SERIES,
    Axis,
    ChartSpec,
    Point,
    Ref,
    Series,
    shown,
    shown_interval,
)
from ..schema import Cell
from ..standings import Row, Standing
from .boards import SHOWN_ROWS, n_words, shown_rows
from .user_turn_accuracy import accuracy, decoupling_table
from .user_turn_arms import arms
from .user_turn_cells import ELICITED, MORE, cells_of, chart_id
from .user_turn_labels import labels

OTHERS = "families of one model"


def temperatures(standing: Standing) -> tuple[ChartSpec, ...]:
    """Genuine follow-up rate against temperature, one line a model, panels by family above six models."""
    specs: list[ChartSpec] = []
    for name, rows in panels(standing):
        series = [
            Series(name=label, points=points, dotted=temperature_points(row, "followup.degenerate"))
            for label, row in zip(row_names(rows), rows, strict=True)
            if len(points := temperature_points(row)) >= 2
        ]
        if not series:
            continue
        how = ELICITED[standing.board.apart or "native"]
        people = people_band(rows)
        what = "GFR by temperature, beside people" if people else f"GFR by temperature, {how}"
        specs.append(
            ChartSpec(
                id=chart_id("temperatures", standing, name),
                kind="lines",
                title=f"{name}: {what}" if name else what,
                desc=f"Genuine follow-up rate by sampling temperature, one line a model, {how}.",
                value_name="GFR",
                dotted_name="degenerate turns",
                x=Axis(label="temperature"),
                y=Axis(label=f"↑ genuine follow-up rate, {MORE}", refs=people),
                series=tuple(series),
                note=f"User turns written {how}. Thin lines are 95 % intervals. "
                f"{n_words((p for one in series for p in one.points), 'context')} "
                + ("Dotted: share of degenerate turns. " if any(one.dotted for one in series) else "")
                + ("The band is the rate of the people in the same conversations. " if people else "")
                + "Only lines of one model family can be compared.",
            )
        )
    return tuple(specs)


def people_band(rows: Sequence[Row]) -> tuple[Ref, ...]:
    """The rate of people in the conversations of these rows, as a band over its 95 % interval."""
    found = next((m for row in rows if (m := row.result.metrics.get("followup.gfr_next"))), None)
    return (Ref(value=found.lo, upto=found.hi, label=f"people {found.value:.2f}"),) if found else ()


def temperature_points(row: Row, metric: str = "followup.gfr") -> tuple[Point, ...]:
    """The rates of one row, by temperature; a provider's unknown default has no place on the axis."""
    points: list[Point] = []
    for cell in cells_of(row, metric, "temperature"):
        text = cell.dims["temperature"]
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
            points.append(Point(label=text, x=float(text), y=cell.value, lo=cell.lo, hi=cell.hi, n=cell.n))
    return tuple(sorted(points, key=lambda p: p.x or 0.0))


def human(standing: Standing) -> ChartSpec | None:
    """The model's rate beside that of the people who wrote in the same conversations, one row a model."""
    series: list[Series] = []
    rows = shown_rows(standing, SHOWN_ROWS)
    for name, row in zip(row_names(rows), rows, strict=True):
        people = row.result.metrics.get("followup.gfr_next")
        if people is None:
            continue
        model = row.headline
        points = (
            Point(label="model", x=model.value, lo=model.lo, hi=model.hi, n=model.n),
            Point(label="people", x=people.value, lo=people.lo, hi=people.hi, n=people.n),
        )
        ratio = next(cells_of(row, "followup.human_ratio", "figure"), None)
        series.append(Series(name=name, points=points, aside=ratio_words(ratio)))
    if not series:
        return None
    return ChartSpec(
        id=chart_id("human", standing),
        kind="ladder",
        title="Genuine follow-ups of models beside those of people",
        desc="Genuine follow-up rate of each model and of the people in the same conversations.",
        value_name="genuine follow-up rate",
        point_name="who writes",
        x=Axis(label=f"genuine follow-up rate, {MORE} →"),
        series=tuple(series),
        note="The same rules label the model’s turns and the message that the person really sent. Thin lines "
        "are 95 % intervals; beside each row the human ratio, the model’s rate by that of people, with its "
        f"own. {n_words((p for one in series for p in one.points), 'conversation')}",
    )


def ratio_words(cell: Cell | None) -> str:
    """The human ratio with its interval, or that there is none."""
    if cell is None or cell.value is None:
        return "ratio not estimable"
    if cell.value == 0:
        return "no genuine turn"
    words = shown_interval(cell.value, cell.lo, cell.hi)
    return f"ratio {shown(cell.value, cell.lo, cell.hi)}" + (f" ({words})" if words else "")


BUILDERS: Mapping[str, Callable[[Standing], ChartSpec | tuple[ChartSpec, ...] | None]] = {
    "temperatures": temperatures,
    "labels": labels,
    "human": human,
    "arms": arms,
    "accuracy": accuracy,
    "decoupling": decoupling_table,
}


def panels(standing: Standing) -> list[tuple[str, tuple[Row, ...]]]:
    """Rows in panels of at most six: all together, or by family, with the families of one model last."""
    rows = standing.ranked or standing.reference
    if len(rows) <= MAX_SERIES:
        return [("", rows)] if rows else []
    families: dict[str, tuple[Row, ...]] = {n: own for n, own in standing.families.items() if len(own) > 1}
    families[OTHERS.capitalize()] = tuple(row for row in standing.ranked if standing.is_alone(row))
    return [
        (name if start == 0 else f"{name}, {start // MAX_SERIES + 1}", own[start : start + MAX_SERIES])
        for name, own in families.items()
        for start in range(0, len(own), MAX_SERIES)
    ]
