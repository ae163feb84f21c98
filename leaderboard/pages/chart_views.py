"""Charts of boards and families by the names that `board.yaml` gives, and the pictures that pages show."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from ..charts import deescalation as deescalation_charts
from ..charts import mazes as maze_charts
from ..charts import posttrain as posttrain_charts
from ..charts import proxy_drift as drift_charts
from ..charts import recipe_chains as chain_charts
from ..charts import user_turn as user_turn_charts
from ..figures import ChartSpec
from ..standings import Standing
from .boards import ChartView

View: TypeAlias = Callable[[ChartSpec], ChartView]
Builder: TypeAlias = Callable[[Standing], ChartSpec | tuple[ChartSpec, ...] | None]

CHARTS: Mapping[str, Mapping[str, Builder]] = {
    "mazes": maze_charts.BUILDERS,
    "user_turn": user_turn_charts.BUILDERS,
    "recipe_chains": chain_charts.BUILDERS,
    "proxy_drift": drift_charts.BUILDERS,
    "deescalation": deescalation_charts.BUILDERS,
    "posttrain": posttrain_charts.BUILDERS,
}
"""Chart builders by family, and by the names that its boards give under `charts` and `family_charts`."""


def board_charts(found: Standing, names: Sequence[str], view: View) -> tuple[ChartView, ...]:
    """The charts of those names that a board has data for; a builder may give several."""
    made = [CHARTS[found.board.family][name](found) for name in names]
    specs = [item if isinstance(item, tuple) else (item,) for item in made]
    return tuple(view(spec) for group in specs for spec in group if spec is not None)
