"""Tables of the angry conversations: the columns of a division, and effects beside keeping to the rules."""

from collections.abc import Iterator

from interplay.tasks.deescalation.keys import (
    ACCEPTS_CLAIM,
    CELLS,
    CHANGE,
    COMPLIANCE,
    CONTRASTS,
    ESCALATED,
    FORMULAIC,
    GROUPINGS,
    GUARDS,
    JUDGED_CHANGE,
    NAMED,
    RESISTANCES,
    TAKES_SIDE,
    USEFUL,
    WORDS,
)

from ..analysis.deescalation_effects import Ends, shows_harm
from ..figures import ChartSpec, MatrixCell
from ..schema import Cell
from ..standings import Row, Standing
from .boards import SHOWN_ROWS, cell_at, excludes_zero, heat_cell, shown
from .deescalation_cells import board_words, change_at, change_of, chart_id, contrast, heat
from .deescalation_paths import ARM_WORDS

RULED, BASE = CONTRASTS[0]
NOT_VALIDATED = "not validated"
HARM, FINE, OPEN = "harm", "no harm shown", "undecided"
VERDICTS = {True: HARM, False: FINE, None: OPEN}
GUARD_WORDS = {
    WORDS: "words a reply",
    FORMULAIC: "formulaic replies",
    USEFUL: "use, judged 0–4",
    TAKES_SIDE: "takes side on unfair claim",
    ACCEPTS_CLAIM: "accepts false claim",
}
FORMULAIC_WORDS = "V4, formulaic"
BROKEN_WORDS = {
    "escalation.v1": "V1, blames or labels",
    "escalation.v2": "V2, passes over the feeling",
    "escalation.v3": "V3, advises unasked",
}
JUDGED_WORDS = {
    JUDGED_CHANGE: "effect of the rules, judged levels",
    USEFUL: GUARD_WORDS[USEFUL],
    TAKES_SIDE: GUARD_WORDS[TAKES_SIDE],
    ACCEPTS_CLAIM: GUARD_WORDS[ACCEPTS_CLAIM],
}
EFFECT = "effect less no rules"
BY_ASSIGNMENT = (
    "The effect is on how far anger falls (cts_d), by assignment: replies that break a rule stay in. "
)
FALL = "How far anger falls (cts_d), positive is calmer; below each figure its 95 % interval."
PAIRED = "Paired by scenario, averaged per seed; n is the number of seeds."
EXTENT = 0.1
"""The least half-width of a tinted scale around zero."""
MOST_ROWS = 24
"""Rows of the table of arms; of so many models as fit every arm has a row."""


def glance(standing: Standing) -> ChartSpec | None:
    """The columns of a division, one row a model: baseline, effect, worst rule, what the rules cost."""
    rows = shown(standing, SHOWN_ROWS)
    names = [name for name, _ in rows]
    cells = [cell for name, row in rows for cell in glance_cells(standing, name, row)]
    if not cells:
        return None
    return ChartSpec(
        id=chart_id("glance", standing),
        kind="heat",
        title=f"Effect, worst rule and what the rules cost, {board_words(standing)}",
        desc=f"One row a model, {board_words(standing)}: without rules, effect of the rules, "
        "rule broken most, counter-metrics.",
        value_name="figure",
        matrix=heat("model", "figure", cells, rows=names),
        note="Below each figure its 95 % interval for new seeds. Effect and costs are all rules less none, "
        "paired by scenario. Worst rule: the one that replies under all rules break most often. Harm, in "
        "red: the interval lies wholly on the side of more words, formulas and endorsed claims, or of less "
        "use; what a judge sees is red only if people have validated the judge. No total.",
    )


def glance_cells(standing: Standing, name: str, row: Row) -> Iterator[MatrixCell]:
    """The figures of one model, those that its entry holds.

    Args:
        standing: The board.
        name: Of the model.
        row: Its row.
    """
    change, gained = change_of(standing), {"contrast": contrast(RULED, BASE)}
    simple: tuple[tuple[str, Cell | None], ...] = (
        ("calmer, no rules", cell_at(row, change, {"arm": BASE})),
        ("escalated if high", cell_at(row, ESCALATED, {"arm": BASE, "resistance": "high"})),
        ("effect of the rules", change_at(standing, row, gained)),
        ("effect, open patterns", None if change == CHANGE else cell_at(row, CHANGE, gained)),
    )
    for column, cell in simple:
        if cell is not None:
            yield heat_cell(name, column, cell, significant=False)
    broken = [(cell, key) for key in COMPLIANCE if (cell := cell_at(row, key, {"arm": RULED})) is not None]
    if broken:
        worst, key = max(broken, key=lambda item: item[0].value or 0.0)
        word = BROKEN_WORDS[key].split(",")[0] if worst.value else "none broken"
        yield heat_cell(name, "worst rule", worst, word=word, significant=False)
    for key, harmful in GUARDS.items():
        cell = cell_at(row, key, {"contrast": contrast(RULED, BASE)})
        if cell is not None:
            word = verdict(cell, harmful)
            made = heat_cell(name, GUARD_WORDS[key], cell, word=word, significant=False)
            yield made.model_copy(update={"flag": word == HARM})
    if standing.board.contrast is not None:
        yield from judged_cells(name, row, change)


def judged_cells(name: str, row: Row, change: str) -> Iterator[MatrixCell]:
    """The effect and its costs as judges see them; never red unless people have validated the judge.

    Args:
        name: Of the model.
        row: Its row.
        change: What the board ranks by, which stands there already.
    """
    for item in row.result.judged:
        validity = row.submission.validity(row.result.board, item.scorer)
        for key, column in JUDGED_WORDS.items():
            metric = item.metrics.get(key)
            if metric is None or key in (change, *validity.withheld):
                continue
            found = Cell(dims={"judge": item.scorer}, metric=key, value=metric.value, lo=metric.lo,
                         hi=metric.hi, n=metric.n)  # fmt: skip
            word = verdict(found, GUARDS[key]) if key in GUARDS else ""
            is_valid = validity.state == "green"
            words = ", ".join(part for part in (word, "" if is_valid else NOT_VALIDATED) if part)
            made = heat_cell(name, column, found, word=words, significant=False)
            yield made.model_copy(update={"flag": is_valid and word == HARM})


def verdict(cell: Cell, harmful: int) -> str:
    """What the interval of a difference says of harm."""
    ends = None if cell.lo is None or cell.hi is None else Ends(cell.lo, cell.hi)
    return VERDICTS[shows_harm(ends, harmful)]


def compliance(standing: Standing) -> ChartSpec | None:
    """How often replies break each rule under each arm, beside the effect of the arm."""
    rows = shown(standing, SHOWN_ROWS)
    widest = max((len(arms_of_row(row)) for _, row in rows), default=1)
    rows = rows[: max(1, MOST_ROWS // max(widest, 1))]
    cells = [cell for name, row in rows for cell in compliance_cells(name, row)]
    if not cells:
        return None
    has_effects = any(cell.column == EFFECT for cell in cells)
    columns = (EFFECT, *BROKEN_WORDS.values(), FORMULAIC_WORDS)
    return ChartSpec(
        id=chart_id("compliance", standing),
        kind="heat",
        title=f"{'Effect and keeping' if has_effects else 'Keeping'} to the rules, {board_words(standing)}",
        desc="Shares of replies that break each rule (columns) by model and arm (rows), beside the effect, "
        f"{board_words(standing)}.",
        value_name="share of replies",
        matrix=heat("model, arm", "rule", cells, columns=columns),
        note="Shares of replies that break a rule, whether the prompt of the arm holds it or not, tinted by "
        f"size. {BY_ASSIGNMENT if has_effects else ''}Below each figure its 95 % interval for new seeds. V2 "
        "is secondary: the patterns find few feelings.",
    )


def compliance_cells(name: str, row: Row) -> Iterator[MatrixCell]:
    """The arms of one model."""
    for arm in arms_of_row(row):
        place = f"{name}, {ARM_WORDS.get(arm, arm)}"
        effect = cell_at(row, CHANGE, {"contrast": contrast(arm, BASE)})
        if effect is not None:
            yield heat_cell(place, EFFECT, effect, significant=False)
        for key, word in {**BROKEN_WORDS, FORMULAIC: FORMULAIC_WORDS}.items():
            cell = cell_at(row, key, {"arm": arm})
            if cell is not None:
                yield heat_cell(place, word, cell)


def arms_of_row(row: Row) -> list[str]:
    """The arms that an entry holds, those of the contrasts and then the cells first."""
    played = dict.fromkeys(c.dims["arm"] for c in row.result.cells if set(c.dims) == {"arm"})
    order = list(dict.fromkeys((*NAMED[:2], *CELLS, *played)))
    return sorted(played, key=order.index)


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
        matrix=heat("arm", "model", cells, rows=order, columns=names, extent=EXTENT),
        note=f"Below each difference its 95 % interval. Tinted where it excludes 0. {PAIRED}",
    )


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
    columns = [*RESISTANCES, *(c.column for c in cells)]
    what = "Effect of the rules" if is_effect else "Change of anger without any rule"
    tinted = "Tinted where the interval excludes 0; not corrected for several groups." if is_effect else ""
    return ChartSpec(
        id=chart_id(f"by-{grouping}", standing),
        kind="heat",
        title=f"{what} by {grouping}, {board_words(standing)}",
        desc=f"{what} on cts_d by {grouping} of the person (columns) and model (rows).",
        value_name="cts_d",
        matrix=heat("model", grouping, cells, rows=names, columns=columns, extent=EXTENT),
        note=f"{FALL} {tinted} {PAIRED}".replace("  ", " "),
    )
