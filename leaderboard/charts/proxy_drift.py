"""The chart of the ledgers: what the chosen policies are worth in each of the four worlds."""

from collections.abc import Callable, Mapping

from interplay.tasks.proxy_drift.summary import RIGHT, SKILL, WORLDS

from ..figures import ChartSpec, Matrix, MatrixCell
from ..standings import Standing
from .boards import SHOWN_ROWS, cell_at, excludes_zero, shown

FIGURES = {SKILL: ("Skill by world", "skill"), RIGHT: ("Right diagnoses by world", "share of ledgers")}


def worlds(standing: Standing) -> tuple[ChartSpec, ...]:
    """Skill, and the share of right diagnoses, one row a model and one column a world."""
    return tuple(spec for key in FIGURES if (spec := by_world(standing, key)) is not None)


def by_world(standing: Standing, key: str) -> ChartSpec | None:
    """One figure of each model in each world."""
    is_skill = key == SKILL
    cells = [
        MatrixCell(
            row=name, column=world, value=cell.value, lo=cell.lo, hi=cell.hi, n=cell.n,
            significant=not is_skill or excludes_zero(cell),
        )
        for name, row in shown(standing, SHOWN_ROWS)
        for world in WORLDS
        if (cell := cell_at(row, key, {"world": world}))
    ]  # fmt: skip
    if not cells:
        return None
    title, unit = FIGURES[key]
    meaning = (
        "1 is the best of 25 policies, 0 one drawn at random; tinted where the interval excludes 0."
        if is_skill
        else "Saying right which of the four worlds a ledger comes from; flat is the one where nothing moves."
    )
    return ChartSpec(
        id="drift-skill" if is_skill else "drift-diagnosis",
        kind="heat",
        title=title,
        desc=f"{title}: one row a model, one column a simulated world.",
        value_name=unit,
        matrix=Matrix(
            row_head="model",
            column_head="world",
            rows=tuple(dict.fromkeys(cell.row for cell in cells)),
            columns=tuple(world for world in WORLDS if any(cell.column == world for cell in cells)),
            cells=tuple(cells),
            scale="diverging" if is_skill else "sequential",
            range=(-1.0, 1.0) if is_skill else (0.0, 1.0),
        ),
        note=f"{meaning} Below each value its 95 % interval and the number of ledgers.",
    )


BUILDERS: Mapping[str, Callable[[Standing], tuple[ChartSpec, ...]]] = {"worlds": worlds}
