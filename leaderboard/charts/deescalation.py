"""Charts of the angry conversations: effects of arms, which rule works, effects by simulator.

Every chart is made of the cells of one board, so that fixed messages, the rule-based user and simulated
people never share one. Builders return nothing where their cells are not there.
"""

from collections.abc import Callable, Mapping

from interplay.tasks.deescalation.keys import CONTRASTS, RULES, interactions

from ..figures import Axis, ChartSpec, Point, Ref, Series, by_value
from ..standings import Standing
from .boards import SHOWN_ROWS, n_words, point_of, shown
from .deescalation_cells import board_words, change_at, chart_id, contrast
from .deescalation_paths import paths, trajectories
from .deescalation_tables import arms, compliance, glance, kinds

CALMER = "change towards calm (cts_d), more is better →"
ZERO = Ref(value=0.0, label="no change")
CONTRAST_WORDS: Mapping[tuple[str, str], str] = {
    ("nvc_full", "vanilla"): "all three rules less none",
    ("nvc_full", "placebo"): "all three rules less placebo: what they say",
    ("placebo", "vanilla"): "placebo less none: being told anything",
    ("warm", "vanilla"): "a wish to be warm less none",
}
RULE_WORDS = {"c1": "c1, no blame", "c2": "c2, attend to feelings", "c3": "c3, ask before advising"}
INTERVALS = "Lines are 95 % intervals for new seeds, paired by scenario;"


def effects(standing: Standing) -> ChartSpec | None:
    """The paired effect of the rules for each model, with what the placebo says of it."""
    return forest(
        standing,
        "effects",
        {words: {"contrast": contrast(*pair)} for pair, words in CONTRAST_WORDS.items()},
        title="Paired effect of the rules on anger",
        desc="Paired differences of cts_d between arms, one row a model, one block a pair of arms.",
        note=f"{INTERVALS} {{n}} Right of the dashed line anger falls further with the arm that is named "
        "first.",
    )


def rules(standing: Standing) -> ChartSpec | None:
    """The main effect of each rule for each model."""
    return forest(
        standing,
        "rules",
        {RULE_WORDS[rule]: {"rule": rule} for rule in RULES},
        title="Which rule works: main effects",
        desc="Main effect of each of three rules on cts_d, one row a model, one block a rule.",
        value_name="main effect on cts_d",
        note=f"Mean over the four cells of the other two rules of on less off. {INTERVALS} {{n}} They are "
        "not corrected for three tests; the report gives p after Holm.",
    )


def interactions_of(standing: Standing) -> ChartSpec | None:
    """How the rules change one another; exploratory."""
    names = [" with ".join(rules) for rules in interactions()]
    return forest(
        standing,
        "interactions",
        {name: {"interaction": name} for name in names},
        title="Exploratory: how the rules change one another",
        desc="Interactions of the three rules on cts_d, one row a model, one block a set of rules.",
        value_name="interaction on cts_d",
        axis="gain of the effect where the other rule is on →",
        note="Exploratory: not planned, corrected for nothing, decides nothing. Right of the dashed line the "
        f"effect of one rule is larger where the other is on. {INTERVALS} {{n}}",
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
    return forest(
        standing,
        "simulators",
        {f"simulator {name}": {"contrast": headline, "simulator": name} for name in names},
        title="Effect of the rules by simulator",
        desc="Paired difference of cts_d, all rules less none, one row a model, one block a simulator.",
        note="A row is ranked if both simulators were admitted and give the effect one sign. "
        f"{INTERVALS} {{n}}",
    )


def forest(
    standing: Standing,
    name: str,
    blocks: Mapping[str, Mapping[str, str]],
    *,
    title: str,
    desc: str,
    note: str,
    value_name: str = "change of cts_d",
    axis: str = CALMER,
) -> ChartSpec | None:
    """Differences of the change of anger with their intervals: one row a model, blocks of conditions.

    Args:
        standing: The board.
        name: Of the chart.
        blocks: The conditions of each block by its words; one without cells is left out.
        title: Without the division.
        desc: What the picture holds.
        note: With `{n}` where the number of seeds goes.
        value_name: Of a difference.
        axis: Label of the axis.
    """
    found = [
        Series(name=words, points=points)
        for words, dims in blocks.items()
        if (points := points_of(standing, dims))
    ]
    if not found:
        return None
    return ChartSpec(
        id=chart_id(name, standing),
        kind="forest",
        title=f"{title}, {board_words(standing)}",
        desc=desc,
        value_name=value_name,
        x=Axis(label=axis, refs=(ZERO,)),
        series=tuple(found),
        note=note.format(n=n_words((point for block in found for point in block.points), "seed")),
    )


def points_of(standing: Standing, dims: Mapping[str, str]) -> tuple[Point, ...]:
    """The cells of that kind of the shown rows, highest first."""
    found = [
        point_of(name, cell)
        for name, row in shown(standing, SHOWN_ROWS)
        if (cell := change_at(standing, row, dims)) is not None
    ]
    return by_value(found)


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
