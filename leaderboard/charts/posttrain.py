"""Charts of the post-training jobs: cells with what was found, three ways to score, drift, hours and cost."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean

from interplay.tasks.posttrain.cells import BUDGET_MINUTES, Profile, load_grid, profile_of
from interplay.tasks.posttrain.summary import (
    FALLBACK,
    FLAG_KEYS,
    GAIN,
    GPU_HOURS,
    HELD,
    SCORED,
    STDERR,
    per_unit_of,
)

from ..figures import Axis, ChartSpec, Matrix, MatrixCell, Point, Ref, Series, by_value
from ..locks import locked_units
from ..schema import Metric, Result
from ..standings import Row, Standing
from .boards import SHOWN_ROWS, cell_at, id_part, n_words, shown

RAW, TWIN, HOURS = "posttrain.raw", "posttrain.twin", "posttrain.hours_used"
FLAG_WORDS = {
    "C": "contamination",
    "M": "foreign model",
    "A": "hosted API",
    "L": "look-up",
    "T": "tampering",
}
MATRICES = 6
"""Models with a matrix of their own where there are several bases."""
MODEL_ROLES = {"model": "agent", "grader": "grader"}
SUMMED = 1.96
"""Standard errors on either side of a 95 % interval."""


def matrix(standing: Standing) -> tuple[ChartSpec, ...]:
    """Score of every cell: one table of all models on a single base, else a table a model, base by target."""
    rows = shown(standing, SHOWN_ROWS)
    cells = {name: list(cells_of(standing, name, row)) for name, row in rows}
    bases = list(dict.fromkeys(base for found in cells.values() for base, _, _ in found))
    if len(bases) <= 1:
        joint = [cell for found in cells.values() for _, _, cell in found]
        return (_matrix(standing, "", joint),) if joint else ()
    return tuple(
        _matrix(standing, name, [cell.model_copy(update={"row": base}) for base, _, cell in found])
        for name, found in list(cells.items())[:MATRICES]
        if found
    )


def cells_of(standing: Standing, name: str, row: Row) -> Iterator[tuple[str, str, MatrixCell]]:
    """Base, target and cell of everything that a model was measured on; rows are called by the model."""
    units = locked_units(standing.board, row.result.task_version, row.result.preset)
    for number, unit in enumerate(units):
        target, _, base = unit.partition("__")
        dims = {"target": target, "base": base}
        letters = "".join(letter for letter, key in FLAG_KEYS.items() if marked(row.result, key, number))
        fell = marked(row.result, FALLBACK, number)
        words = " ".join([*(["base"] if fell else []), *([letters] if letters else [])])
        found, error = cell_at(row, SCORED, dims), cell_at(row, STDERR, dims)
        if found is None:
            if marked(row.result, HELD, number):
                yield base, target, MatrixCell(row=name, column=target, value=None, note="held")
            continue
        width = None if error is None or error.value is None else SUMMED * error.value
        note = "" if width is None else f"± {width:.2f}"
        yield (
            base,
            target,
            MatrixCell(row=name, column=target, value=found.value, note=note, word=words, hatched=fell),
        )


def units_of(standing: Standing) -> tuple[str, ...]:
    """The cells of a board, as the first row that is shown was measured on them."""
    row = next((row for _, row in shown(standing, 1)), None)
    return () if row is None else locked_units(standing.board, row.result.task_version, row.result.preset)


def chart_id(name: str, standing: Standing) -> str:
    """An id that no other chart of the site has."""
    return f"posttrain-{name}-{standing.board.id.removeprefix('posttrain-')}"


def marked(result: Result, key: str, number: int) -> bool:
    """Whether a 0/1 key holds for the unit of that number."""
    return result.flags.get(key, "")[number : number + 1] == "1"


def _matrix(standing: Standing, name: str, cells: Sequence[MatrixCell]) -> ChartSpec:
    order = list(load_grid().targets)
    return ChartSpec(
        id="-".join([chart_id("cells", standing), *([id_part(name, 30)] if name else [])]),
        kind="heat",
        title=f"Score of every cell, {name}" if name else "Score of every cell",
        desc="Score of every cell, one row a base and one column a target."
        if name
        else "Score of every cell, one row a model and one column a target.",
        value_name="score",
        matrix=Matrix(
            row_head="base" if name else "model",
            column_head="target",
            rows=tuple(dict.fromkeys(cell.row for cell in cells)),
            columns=tuple(sorted({cell.column for cell in cells}, key=order.index)),
            cells=tuple(cells),
        ),
        note="Below each score ± 1.96 standard errors over the items of a cell: a 95 % interval. "
        f"n = {len(units_of(standing))} cells a model. Hatched, with the word “base”: no valid "
        "model, or a broken rule, so the untouched base counts. Letters are flags: "
        f"{', '.join(f'{letter} {word}' for letter, word in FLAG_WORDS.items())}; T changes no score.",
    )


def scores(standing: Standing) -> ChartSpec | None:
    """The score with fallbacks, cells that count as submitted, and the gain, side by side."""
    rows = shown(standing, SHOWN_ROWS)
    blocks = (
        ("Score, fallbacks counted as the base", [(n, r.result.metrics.get(SCORED)) for n, r in rows]),
        (
            "Cells that count as submitted",
            [(n, cell_at(r, SCORED, {"cells": "legitimate"})) for n, r in rows],
        ),
        ("Gain, 0 the base and 1 its sibling", [(n, cell_at(r, GAIN, {"cells": "all"})) for n, r in rows]),
    )
    series = [
        Series(name=title, points=by_value([
            Point(label=name, x=one.value, lo=one.lo, hi=one.hi, n=one.n) for name, one in found if one
        ]))
        for title, found in blocks if any(one is not None for _, one in found)
    ]  # fmt: skip
    if not series:
        return None
    return ChartSpec(
        id=chart_id("scores", standing),
        kind="forest",
        title="Score, cells as submitted, and gain",
        desc="Three figures of each model: the weighted score, the mean of cells as submitted, and "
        "the mean share of the way from base to instruction-tuned sibling.",
        value_name="figure",
        x=Axis(label="figure, more is better →"),
        series=tuple(series),
        note="The score is weighted by target, the other two are plain means over cells. Thin lines are 95 % "
        "intervals: of the score over items and runs, of the others over cells. "
        f"{n_words((p for one in series for p in one.points), 'cell')}",
    )


def drift(standing: Standing) -> ChartSpec | None:
    """The test that agents may climb against its sealed twin, with the identity, base and sibling."""
    pairs = [
        (name, row.result.metrics[RAW], row.result.metrics[TWIN])
        for name, row in shown(standing, SHOWN_ROWS)
        if RAW in row.result.metrics and TWIN in row.result.metrics
    ]
    if not pairs:
        return None
    points = tuple(_crossed(name, test, twin) for name, test, twin in pairs)
    known = tuple(reference_points(profile_of_board(standing)))
    return ChartSpec(
        id=chart_id("drift", standing),
        kind="scatter",
        title="The test against its sealed twin",
        desc="Mean over cells of the score on the test, across, and on the sealed twin, before the rules, "
        "with the line of equal scores and the untouched base and its sibling.",
        value_name="sealed twin",
        x=Axis(label="test, before the rules, more is better →", range=(0.0, 1.0)),
        y=Axis(label="↑ sealed twin, more is better", range=(0.0, 1.0)),
        diagonal="test = twin",
        series=(
            Series(name="models", points=points),
            *([Series(name="of the grid", points=known)] if known else []),
        ),
        note="Below the line a model is better at the test than at a second test that its agent never saw. "
        "Hollow: base and sibling, whose distance from the line says how much harder the twin is anyway. "
        f"Thin lines are 95 % intervals over cells. {n_words(points, 'cell')}",
    )


def _crossed(name: str, test: Metric, twin: Metric) -> Point:
    return Point(
        label=name, x=test.value, x_lo=test.lo, x_hi=test.hi, y=twin.value, lo=twin.lo, hi=twin.hi, n=test.n
    )


def reference_points(profile: Profile) -> Iterator[Point]:
    """Base and sibling where the grid has their values on test and twin, as means over weighted cells."""
    grid = load_grid()
    wanted = grid.mini.targets if profile == "mini" else grid.versions["x"].targets
    rows = [
        row
        for base in grid.bases_of(profile)
        for target, row in grid.baselines.get(base, {}).items()
        if target in wanted and row.zero_twin is not None and row.reference_twin is not None
    ]
    if rows:
        zero, full = fmean(r.zero for r in rows), fmean(r.reference for r in rows)
        zero_twin, full_twin = (
            fmean(r.zero_twin or 0.0 for r in rows),
            fmean(r.reference_twin or 0.0 for r in rows),
        )
        yield Point(label="base", x=zero, y=zero_twin, hollow=True)
        yield Point(label="sibling", x=full, y=full_twin, hollow=True)


def profile_of_board(standing: Standing) -> Profile:
    """The profile of a board's cells."""
    values = standing.board.weights.values if standing.board.weights else {}
    return profile_of(next(iter(values)))


def hours(standing: Standing) -> ChartSpec | None:
    """Hours that an agent used for a cell, of its budget."""
    rows = [(n, r.result.metrics[HOURS]) for n, r in shown(standing, SHOWN_ROWS) if HOURS in r.result.metrics]
    if not rows:
        return None
    minutes = BUDGET_MINUTES[profile_of_board(standing)]
    longest = max(minutes, *(60 * one.hi for _, one in rows))
    return ChartSpec(
        id=chart_id("hours", standing),
        kind="forest",
        title="Time used of the budget",
        desc="Mean time that each agent used for a cell, in minutes, beside the budget.",
        value_name="minutes a cell",
        x=Axis(label="minutes a cell", range=(0.0, longest), refs=(Ref(value=minutes, label="budget"),)),
        series=(Series(name="models", points=by_value([
            Point(label=name, x=60 * one.value, lo=60 * one.lo, hi=60 * one.hi, n=one.n) for name, one in rows
        ])),),
        note="Wall time of the agent, without the verifier. Thin lines are 95 % intervals over cells. "
        f"n is {' or '.join(map(str, sorted({one.n for _, one in rows})))} cells.",
    )  # fmt: skip


def cost(standing: Standing) -> ChartSpec | None:
    """Tokens and dollars of agent and judges, hours of GPU, and what a dollar or an hour bought."""
    cells = [cell for name, row in shown(standing, SHOWN_ROWS) for cell in cost_cells(name, row)]
    if not cells:
        return None
    return ChartSpec(
        id=chart_id("cost", standing),
        kind="heat",
        title="Cost of a run: agent, judges, GPU",
        desc="One row a model: tokens and dollars of agent and judges, hours of GPU, what they bought.",
        value_name="figure",
        matrix=Matrix(
            row_head="model",
            column_head="figure",
            rows=tuple(dict.fromkeys(cell.row for cell in cells)),
            columns=tuple(dict.fromkeys(cell.column for cell in cells)),
            cells=tuple(cells),
        ),
        note=f"Sums over all cells: n = {len(units_of(standing))} cells. Tokens of input and output in "
        "thousands. Dollars only where prices were given. Points are hundredths of the score.",
    )


def cost_cells(name: str, row: Row) -> Iterator[MatrixCell]:
    """The figures of one model, those that its entry holds."""

    def cell(column: str, value: float) -> MatrixCell:
        return MatrixCell(row=name, column=column, value=value, note=" ", significant=False)

    tokens: dict[str, float] = {}
    dollars: dict[str, float] = {}
    for role, used in row.result.usage.items():
        kind = MODEL_ROLES.get(role, "judges")
        tokens[kind] = tokens.get(kind, 0.0) + (used.input_tokens + used.output_tokens) / 1000
        if used.cost_usd is not None:
            dollars[kind] = dollars.get(kind, 0.0) + used.cost_usd
    yield from (cell(f"{kind}, k tokens", value) for kind, value in tokens.items())
    yield from (cell(f"{kind}, $", value) for kind, value in dollars.items())
    gpu = cell_at(row, GPU_HOURS, {"cells": "all"})
    spent = {"$": sum(dollars.values()), "GPU hour": 0.0 if gpu is None else (gpu.value or 0.0) * gpu.n}
    if spent["GPU hour"]:
        yield cell("GPU hours", spent["GPU hour"])
    score = row.result.metrics[SCORED].value
    bought = per_unit_of(score, spent)
    yield from (cell(f"points a {unit}", points) for unit, points in bought.items() if points is not None)


def flags(standing: Standing) -> ChartSpec | None:
    """In how many cells each flag was raised, how many fell back, and how many wait for a judge."""
    keys = {
        **{FLAG_WORDS[letter]: key for letter, key in FLAG_KEYS.items()},
        "fallback": FALLBACK,
        "held": HELD,
    }
    cells = [
        MatrixCell(row=name, column=word, value=value, note=f"of {n}", significant=False, flag=value > 0)
        for name, row in shown(standing, SHOWN_ROWS)
        for word, key in keys.items()
        if (n := sum(mark != "-" for mark in row.result.flags.get(key, "")))
        for value in [row.result.flags[key].count("1")]
    ]
    if not cells:
        return None
    return ChartSpec(
        id=chart_id("flags", standing),
        kind="heat",
        title="Flags by agent",
        desc="One row a model: cells with each flag, fallbacks, and cells that wait for a judge.",
        value_name="cells",
        decimals=0,
        matrix=Matrix(
            row_head="model",
            column_head="cells with",
            rows=tuple(dict.fromkeys(cell.row for cell in cells)),
            columns=tuple(word for word in keys if any(cell.column == word for cell in cells)),
            cells=tuple(cells),
        ),
        note=f"n = {len(units_of(standing))} cells. Contamination, foreign models and hosted APIs make "
        "the base count; tampering is only reported.",
    )


Builder = Callable[[Standing], ChartSpec | tuple[ChartSpec, ...] | None]
BUILDERS: Mapping[str, Builder] = {
    "matrix": matrix,
    "scores": scores,
    "drift": drift,
    "hours": hours,
    "cost": cost,
    "flags": flags,
}
