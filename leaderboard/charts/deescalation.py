"""Charts of the angry conversations: effects of arms, which rule works, effects on kinds of people.

Every chart is made of the cells of one board, so that fixed messages, the rule-based user and simulated
people never share one. Builders return nothing where their cells are not there.
"""

from collections.abc import Callable, Mapping, Sequence

from interplay.tasks.deescalation.keys import (
    CELLS,
    CHANGE,
    CONTRASTS,
    GROUPINGS,
    RESISTANCES,
    RULES,
    interactions,
)

from ..figures import Axis, ChartSpec, Matrix, MatrixCell, Point, Ref, Series, by_value
from ..standings import Standing
from .boards import SHOWN_ROWS, cell_at, excludes_zero, n_words, shown
from .deescalation_cells import (
    board_words,
    change_of,
    chart_id,
    contrast,
    heat_cell,
)
from .deescalation_paths import paths, trajectories
from .deescalation_tables import compliance, glance

CALMER = "change of cts_d, calmer →"
ZERO = Ref(value=0.0, label="no change")
CONTRAST_WORDS: Mapping[tuple[str, str], str] = {
    ("nvc_full", "vanilla"): "all three rules less none",
    ("nvc_full", "placebo"): "all three rules less placebo: what they say",
    ("placebo", "vanilla"): "placebo less none: being told anything",
}
RULE_WORDS = {"c1": "c1, no blame", "c2": "c2, attend to feelings", "c3": "c3, ask before advising"}
INTERVALS = "Lines are 95 % intervals for new seeds, paired by scenario;"


def effects(standing: Standing) -> ChartSpec | None:
    """The paired effect of the rules for each model, with what the placebo says of it."""
    series: list[Series] = []
    for plus, minus in CONTRASTS:
        points = points_of(standing, {"contrast": contrast(plus, minus)})
        if points:
            series.append(Series(name=CONTRAST_WORDS[plus, minus], points=points))
    if not series:
        return None
    return ChartSpec(
        id=chart_id("effects", standing),
        kind="forest",
        title=f"What the rules change, {board_words(standing)}",
        desc="Paired differences of cts_d between arms, one row a model, in three blocks.",
        value_name="change of cts_d",
        x=Axis(label=CALMER, refs=(ZERO,)),
        series=tuple(series),
        note=f"{INTERVALS} {n_of(series)} Right of the dashed line anger falls further with the arm that is "
        "named first.",
    )


def points_of(standing: Standing, dims: Mapping[str, str]) -> tuple[Point, ...]:
    """The cells of that kind of the shown rows, highest first."""
    rows = shown(standing, SHOWN_ROWS)
    found = [
        Point(label=name, x=cell.value, lo=cell.lo, hi=cell.hi, n=cell.n)
        for name, row in rows
        if (cell := cell_at(row, change_of(standing), dims)) is not None
    ]
    return by_value(found)


def n_of(series: Sequence[Series]) -> str:
    """The number of seeds behind several blocks."""
    return n_words((point for block in series for point in block.points), "seed")


def rules(standing: Standing) -> ChartSpec | None:
    """The main effect of each rule for each model."""
    found = [
        Series(name=RULE_WORDS[rule], points=points)
        for rule in RULES
        if (points := points_of(standing, {"rule": rule}))
    ]
    if not found:
        return None
    return ChartSpec(
        id=chart_id("rules", standing),
        kind="forest",
        title=f"Which rule works: main effects, {board_words(standing)}",
        desc="Main effect of each of three rules on cts_d, one row a model, one block a rule.",
        value_name="main effect on cts_d",
        x=Axis(label=CALMER, refs=(ZERO,)),
        series=tuple(found),
        note=f"Mean over the four cells of the other two rules of on less off. {INTERVALS} {n_of(found)} "
        "They are not corrected for three tests; the report gives p after Holm.",
    )


def interactions_of(standing: Standing) -> ChartSpec | None:
    """How the rules change one another; exploratory."""
    found = [
        Series(name=name, points=points)
        for rules in interactions()
        if (points := points_of(standing, {"interaction": (name := " with ".join(rules))}))
    ]
    if not found:
        return None
    return ChartSpec(
        id=chart_id("interactions", standing),
        kind="forest",
        title=f"Exploratory: how the rules change one another, {board_words(standing)}",
        desc="Interactions of the three rules on cts_d, one row a model, one block a set of rules.",
        value_name="interaction on cts_d",
        x=Axis(label="gain of the effect where the other rule is on →", refs=(ZERO,)),
        series=tuple(found),
        note="Exploratory: not planned, corrected for nothing, decides nothing. Right of the dashed line the "
        f"effect of one rule is larger where the other is on. {INTERVALS} {n_of(found)}",
    )


def arms(standing: Standing) -> ChartSpec | None:
    """Every other arm less `vanilla`, arms as rows and models as columns."""
    rows = shown(standing, SHOWN_ROWS)
    names = [name for name, _ in rows]
    order = [arm for arm in CELLS if arm not in {plus for plus, _ in CONTRASTS} | {"vanilla"}]
    cells = [
        heat_cell(arm, name, cell, significant=excludes_zero(cell))
        for name, row in rows
        for arm in order
        if (cell := cell_at(row, CHANGE, {"contrast": contrast(arm, "vanilla")})) is not None
    ]
    if not cells:
        return None
    return ChartSpec(
        id=chart_id("arms", standing),
        kind="heat",
        title=f"One rule or two less none, {board_words(standing)}",
        desc="Paired differences of cts_d from the arm without rules, by arm (rows) and model (columns).",
        value_name="change of cts_d",
        matrix=diverging("arm", "model", order, names, cells),
        note=f"Below each difference its 95 % interval. Tinted where it excludes 0. {PAIRED}",
    )


PAIRED = "Paired by scenario, averaged per seed; n is the number of seeds."


def kinds(standing: Standing) -> tuple[ChartSpec, ...]:
    """The effect of the rules, or the change of anger without any, for each kind of person."""
    specs = (kind_table(standing, grouping) for grouping in GROUPINGS)
    return tuple(spec for spec in specs if spec is not None)


def kind_table(standing: Standing, grouping: str) -> ChartSpec | None:
    """One grouping of people: models as rows, groups as columns."""
    rows = shown(standing, SHOWN_ROWS)
    names = [name for name, _ in rows]
    is_effect = standing.board.contrast is not None
    fixed = {"contrast": contrast(*CONTRASTS[0])} if is_effect else {}
    cells = [
        heat_cell(name, c.dims[grouping].replace("_", " "), c, significant=not is_effect or excludes_zero(c))
        for name, row in rows
        for c in row.result.cells
        if c.metric == CHANGE
        and c.value is not None
        and dict(c.dims) == fixed | {grouping: c.dims.get(grouping)}
    ]
    if not cells:
        return None
    what = "Effect of the rules" if is_effect else "Change of anger without any rule"
    tinted = "Tinted where the interval excludes 0; not corrected for several groups." if is_effect else ""
    return ChartSpec(
        id=chart_id(f"by-{grouping}", standing),
        kind="heat",
        title=f"{what} by {grouping}, {board_words(standing)}",
        desc=f"{what} on cts_d by {grouping} of the person (columns) and model (rows).",
        value_name="cts_d",
        matrix=diverging("model", grouping, names, [*RESISTANCES, *(c.column for c in cells)], cells),
        note=f"cts_d, positive is calmer; below each figure its 95 % interval. {tinted} {PAIRED}".replace(
            "  ", " "
        ),
    )


def diverging(
    row_head: str, column_head: str, rows: Sequence[str], columns: Sequence[str], cells: Sequence[MatrixCell]
) -> Matrix:
    """A tinted table around zero with the rows and columns that hold a cell, in their order."""
    extent = max([0.1, *(abs(cell.value or 0.0) for cell in cells)])
    return Matrix(
        row_head=row_head,
        column_head=column_head,
        rows=tuple(row for row in dict.fromkeys(rows) if any(cell.row == row for cell in cells)),
        columns=tuple(dict.fromkeys(c for c in columns if any(cell.column == c for cell in cells))),
        cells=tuple(cells),
        scale="diverging",
        range=(-extent, extent),
    )


def simulators(standing: Standing) -> ChartSpec | None:
    """The effect of the rules with each kind of simulated person, one block a simulator."""
    names = dict.fromkeys(
        cell.dims["simulator"]
        for _, row in shown(standing, SHOWN_ROWS)
        for cell in row.result.cells
        if "simulator" in cell.dims
    )
    headline = contrast(*CONTRASTS[0])
    found = [
        Series(name=f"simulator {name}", points=points)
        for name in names
        if (points := points_of(standing, {"contrast": headline, "simulator": name}))
    ]
    if not found:
        return None
    return ChartSpec(
        id=chart_id("simulators", standing),
        kind="forest",
        title=f"Effect of the rules by simulator, {board_words(standing)}",
        desc="Paired difference of cts_d, all rules less none, one row a model, one block a simulator.",
        value_name="change of cts_d",
        x=Axis(label=CALMER, refs=(ZERO,)),
        series=tuple(found),
        note=f"A row is ranked if the effect has one sign with both. {INTERVALS} {n_of(found)}",
    )


BUILDERS: Mapping[str, Callable[[Standing], ChartSpec | tuple[ChartSpec, ...] | None]] = {
    "glance": glance,
    "effects": effects,
    "trajectories": trajectories,
    "paths": paths,
    "compliance": compliance,
    "rules": rules,
    "interactions": interactions_of,
    "arms": arms,
    "kinds": kinds,
    "simulators": simulators,
}
