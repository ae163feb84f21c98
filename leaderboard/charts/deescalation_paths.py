"""Level of anger reply by reply: lines by arm for one model, by model where there is one arm."""

from collections.abc import Mapping, Sequence

from interplay.tasks.deescalation.keys import CONTRASTS, RESISTANCES

from ..figures import MAX_SERIES, Axis, ChartSpec, Point, Series
from ..standings import Row, Standing
from .boards import cell_at, id_part, n_words, shown
from .deescalation_cells import board_words, chart_id

LEVEL, TALKING = "escalation.level", "escalation.talking"
PANEL_ROWS = 2
"""Models of which every resistance has a panel of its own."""
MOST_REPLIES = 50
OPENING = 3.0
ARM_WORDS = {"vanilla": "no rules", "nvc_full": "all rules"}
NOTE = (
    "Level of the message that answers a reply: 0 calm, 2 neutral, 4 threat or leaving in anger. All "
    "openings are at level 3 by construction. Thin lines are 95 % intervals for new seeds. Who has left, "
    "calm or fed up, is in no later mean, so read a line with the share of talks that still go on."
)


def trajectories(standing: Standing) -> tuple[ChartSpec, ...]:
    """No rules against all rules, one panel a model and resistance."""
    rows = shown(standing, PANEL_ROWS)
    specs = (panel(standing, name, row, resistance) for name, row in rows for resistance in RESISTANCES)
    return tuple(spec for spec in specs if spec is not None)


def panel(standing: Standing, name: str, row: Row, resistance: str) -> ChartSpec | None:
    """One model with people of one resistance."""
    series = [
        Series(name=ARM_WORDS[arm], points=points, below=staying(points))
        for arm in reversed(CONTRASTS[0])
        if (points := path(row, {"arm": arm, "resistance": resistance}))
    ]
    if not series:
        return None
    spec = lines(
        chart_id(f"path-{id_part(name, 24)}-{resistance}", standing),
        f"{name}, {resistance} resistance: level reply by reply, {board_words(standing)}",
        f"Mean level of anger after each reply of {name}, people of {resistance} resistance, by arm.",
        series,
    )
    heading = f"{name}: level reply by reply, {board_words(standing)}"
    parts = {"panels": heading, "panel": f"{resistance.capitalize()} resistance", "panels_note": NOTE}
    return spec.model_copy(update={**parts, "note": counted(series)})


def paths(standing: Standing) -> ChartSpec | None:
    """Without any rule, one line a model."""
    rows = shown(standing, MAX_SERIES)
    series = [
        Series(name=name, points=points, below=staying(points))
        for name, row in rows
        if (points := path(row, {"arm": "vanilla"}))
    ]
    if not series:
        return None
    return lines(
        chart_id("paths", standing),
        f"Level reply by reply without any rule, {board_words(standing)}",
        "Mean level of anger after each reply under the arm without rules, one line a model.",
        series,
    )


def path(row: Row, dims: Mapping[str, str]) -> tuple[Point, ...]:
    """The levels of one row, from the opening on, which has no interval."""
    points = [Point(label="0", x=0.0, y=OPENING, note="by construction")]
    for turn in range(1, MOST_REPLIES + 1):
        place = {**dims, "turn": str(turn)}
        level, stays = cell_at(row, LEVEL, place), cell_at(row, TALKING, place)
        if level is None:
            break
        share = 1.0 if stays is None or stays.value is None else stays.value
        x, note = float(turn), f"{100 * share:.0f} % still there"
        points.append(
            Point(label=str(turn), x=x, y=level.value, lo=level.lo, hi=level.hi, n=level.n, note=note)
        )
    return tuple(points) if len(points) > 1 else ()


def staying(points: Sequence[Point]) -> tuple[str, ...]:
    """The share of talks that still go on at each point, in per cent."""
    return tuple(p.note.split(" ")[0] if "still" in p.note else "100" for p in points)


def lines(name: str, title: str, desc: str, series: Sequence[Series]) -> ChartSpec:
    """Levels over replies."""
    return ChartSpec(
        id=name,
        kind="lines",
        title=title,
        desc=desc,
        value_name="mean level",
        below_name="talks still going on, %",
        x=Axis(label="replies so far"),
        y=Axis(label="↑ level of anger, lower is calmer", range=(0.0, 4.0)),
        series=tuple(series),
        note=f"{NOTE} {counted(series)}",
    )


def counted(series: Sequence[Series]) -> str:
    """How many seeds stand behind the points."""
    return n_words((point for block in series for point in block.points), "seed")
