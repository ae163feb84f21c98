"""Charts of the chains: hedging after flat, mixed and hedged texts, and how far a hedged partner shifts it.

The claims of the three texts are the same, so that a shift between them is caused by the hedging alone.
"""

from collections.abc import Callable, Mapping

from interplay.tasks.recipe_chains.summary import DOSES, SHARE, SHARE3, SHIFT

from ..analysis.hedge_badge import badge_sentence, hedge_badge
from ..figures import Axis, ChartSpec, Point, Ref, Series, by_value, number
from ..standings import Row, Standing
from .boards import SHOWN_ROWS, cell_at, n_words, point_of, shown

MEASURES = {SHARE: "all sentences of a reply", SHARE3: "its first three sentences"}


def doses(standing: Standing) -> ChartSpec | None:
    """Share of hedged sentences by how hedged the partner's text is, one row a model, the shift beside it."""
    series = [
        Series(name=name, points=points, aside=shift_words(row))
        for name, row in shown(standing, SHOWN_ROWS)
        if len(points := dose_points(row)) >= 2
    ]
    if not series:
        return None
    return ChartSpec(
        id="chains-doses",
        kind="ladder",
        title="Hedging after a flat, a mixed and a hedged text",
        desc="Share of hedged sentences after three texts of the same claims, one row a model, beside it "
        "the controlled shift, hedged less flat.",
        value_name="hedged sentences",
        point_name="partner’s text",
        x=Axis(label="share of sentences that hedge, neither end is better"),
        series=tuple(series),
        note="The partner says the same six claims flatly, half hedged or hedged. Thin lines are 95 % "
        "intervals for new openers; beside each row the controlled shift, hedged less flat, paired by "
        f"opener, with its own. {n_words((p for one in series for p in one.points), 'opener')} "
        f"{badge_sentence(hedge_badge())}",
    )


def dose_points(row: Row) -> tuple[Point, ...]:
    """The shares of one row, from flat to hedged."""
    found = ((dose, cell_at(row, SHARE, {"dose": dose})) for dose in DOSES)
    return tuple(point_of(dose, cell) for dose, cell in found if cell is not None)


def shift_words(row: Row) -> str:
    """The controlled shift with its interval: `shift 0.67 (0.62 to 0.72)`."""
    cell = cell_at(row, SHARE, SHIFT)
    if cell is None or cell.value is None:
        return ""
    ends = "" if cell.lo is None else f" ({number(cell.lo)} to {number(cell.hi)})"
    return f"shift {number(cell.value)}{ends}"


def shift(standing: Standing) -> ChartSpec | None:
    """The controlled shift by both measures; a claim must hold in both."""
    rows = shown(standing, SHOWN_ROWS)
    series = [
        Series(name=words.capitalize(), points=by_value(points))
        for key, words in MEASURES.items()
        if (points := [point_of(name, cell) for name, row in rows if (cell := cell_at(row, key, SHIFT))])
    ]
    if not series:
        return None
    return ChartSpec(
        id="chains-shift",
        kind="forest",
        title="What a hedged partner changes",
        desc="Controlled shift of each model: share of hedged sentences after a hedged text less that after "
        "a flat text of the same claims, over whole replies and over their first three sentences.",
        value_name="shift",
        x=Axis(label="shift of the share of hedged sentences", refs=(Ref(value=0.0, label="no shift"),)),
        series=tuple(series),
        note="Above 0 a model takes over the partner’s hedging, below 0 it opposes it. A claim must hold in "
        "both measures: long replies dilute the first. Thin lines are 95 % intervals of the difference, "
        f"paired by opener. {n_words((p for one in series for p in one.points), 'opener')} "
        f"{badge_sentence(hedge_badge())}",
    )


BUILDERS: Mapping[str, Callable[[Standing], ChartSpec | None]] = {"doses": doses, "shift": shift}
