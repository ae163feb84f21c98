"""Tables of the angry conversations: the columns of a division, and effects beside keeping to the rules."""

from collections.abc import Iterator, Mapping

from interplay.tasks.deescalation.keys import (
    ACCEPTS_CLAIM,
    CELLS,
    CHANGE,
    COMPLIANCE,
    CONTRASTS,
    ESCALATED,
    FORMULAIC,
    GUARDS,
    JUDGED_CHANGE,
    NAMED,
    TAKES_SIDE,
    USEFUL,
    WORDS,
)

from ..figures import ChartSpec, Matrix, MatrixCell
from ..schema import Cell
from ..standings import Row, Standing
from .boards import SHOWN_ROWS, cell_at, shown
from .deescalation_cells import board_words, change_of, chart_id, contrast, heat_cell

RULED, BASE = CONTRASTS[0]
NOT_VALIDATED = "not validated"
HARM, FINE, OPEN = "harm", "no harm shown", "undecided"
GUARD_WORDS = {
    WORDS: "words a reply",
    FORMULAIC: "formulaic replies",
    USEFUL: "use, judged 0–4",
    TAKES_SIDE: "takes side on unfair claim",
    ACCEPTS_CLAIM: "accepts false claim",
}
RULE_WORDS = {
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
EFFECT = "effect less vanilla"
BY_ASSIGNMENT = "The effect is the change of cts_d, by assignment: replies that break a rule stay in. "
MOST_ROWS = 24
"""Rows of the table of arms; of so many models as fit every arm has a row."""


def glance(standing: Standing) -> ChartSpec | None:
    """The columns of a division, one row a model: baseline, effect, worst rule, what the rules cost."""
    rows = shown(standing, SHOWN_ROWS)
    names = [name for name, _ in rows]
    is_effect = standing.board.contrast is not None
    cells = [
        cell
        for name, row in rows
        for cell in glance_cells(name, row, change_of(standing), is_effect=is_effect)
    ]
    if not cells:
        return None
    return ChartSpec(
        id=chart_id("glance", standing),
        kind="heat",
        title=f"Effect, worst rule and what the rules cost, {board_words(standing)}",
        desc="One row a model: without rules, effect of the rules, rule broken most, counter-metrics.",
        value_name="figure",
        matrix=Matrix(
            row_head="model",
            column_head="figure",
            rows=tuple(name for name in names if any(cell.row == name for cell in cells)),
            columns=tuple(dict.fromkeys(cell.column for cell in cells)),
            cells=tuple(cells),
        ),
        note="Below each figure its 95 % interval for new seeds. Effect and costs are all rules less none, "
        "paired by scenario. Worst rule: the one that replies under all rules break most often. Harm, in "
        "red: the interval lies wholly on the side of more words, formulas and endorsed claims, or of less "
        "use; what a judge sees is red only if people have validated the judge. No total.",
    )


def glance_cells(name: str, row: Row, change: str, *, is_effect: bool) -> Iterator[MatrixCell]:
    """The figures of one model, those that its entry holds.

    Args:
        name: Of the model.
        row: Its row.
        change: The change of anger that the board ranks by.
        is_effect: The board is about a difference.
    """
    simple: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        ("cts_d, no rules", change, {"arm": BASE}),
        ("escalated if high", ESCALATED, {"arm": BASE, "resistance": "high"}),
        ("effect of the rules", change, {"contrast": contrast(RULED, BASE)}),
        ("effect, open patterns", CHANGE, {"contrast": contrast(RULED, BASE)}),
    )
    for column, metric, dims in simple:
        cell = cell_at(row, metric, dims)
        if cell is not None and not (column == "effect, open patterns" and change == CHANGE):
            yield heat_cell(name, column, cell, significant=False)
    broken = [(cell, key) for key in COMPLIANCE if (cell := cell_at(row, key, {"arm": RULED})) is not None]
    if broken:
        worst, key = max(broken, key=lambda item: item[0].value or 0.0)
        word = RULE_WORDS[key].split(",")[0] if worst.value else "none broken"
        yield heat_cell(name, "worst rule", worst, word=word, significant=False)
    for key, harmful in GUARDS.items():
        cell = cell_at(row, key, {"contrast": contrast(RULED, BASE)})
        if cell is not None:
            word = verdict(cell, harmful)
            made = heat_cell(name, GUARD_WORDS[key], cell, word=word, significant=False)
            yield made.model_copy(update={"flag": word == HARM})
    if is_effect:
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
    if cell.lo is None or cell.hi is None:
        return OPEN
    low, high = (cell.lo, cell.hi) if harmful > 0 else (-cell.hi, -cell.lo)
    return HARM if low > 0 else FINE if high <= 0 else OPEN


def compliance(standing: Standing) -> ChartSpec | None:
    """How often replies break each rule under each arm, beside the effect of the arm."""
    rows = shown(standing, SHOWN_ROWS)
    widest = max((len(arms_of_row(row)) for _, row in rows), default=1)
    rows = rows[: max(1, MOST_ROWS // max(widest, 1))]
    cells = [cell for name, row in rows for cell in compliance_cells(name, row)]
    if not cells:
        return None
    has_effects = any(cell.column == EFFECT for cell in cells)
    columns = (EFFECT, *RULE_WORDS.values(), "V4, formulaic")
    return ChartSpec(
        id=chart_id("compliance", standing),
        kind="heat",
        title=f"{'Effect and keeping' if has_effects else 'Keeping'} to the rules, {board_words(standing)}",
        desc="Shares of replies that break each rule (columns) by model and arm (rows), beside the effect.",
        value_name="share of replies",
        matrix=Matrix(
            row_head="model, arm",
            column_head="rule",
            rows=tuple(dict.fromkeys(cell.row for cell in cells)),
            columns=tuple(c for c in columns if any(cell.column == c for cell in cells)),
            cells=tuple(cells),
        ),
        note="Shares of replies that break a rule, whether the prompt of the arm holds it or not, tinted by "
        f"size. {BY_ASSIGNMENT if has_effects else ''}Below each figure its 95 % interval for new seeds. V2 "
        "is secondary: the patterns find few feelings.",
    )


def compliance_cells(name: str, row: Row) -> Iterator[MatrixCell]:
    """The arms of one model."""
    for arm in arms_of_row(row):
        place = f"{name}, {arm}"
        effect = cell_at(row, CHANGE, {"contrast": contrast(arm, BASE)})
        if effect is not None:
            yield heat_cell(place, EFFECT, effect, significant=False)
        for key, word in {**RULE_WORDS, FORMULAIC: "V4, formulaic"}.items():
            cell = cell_at(row, key, {"arm": arm})
            if cell is not None:
                yield heat_cell(place, word, cell)


def arms_of_row(row: Row) -> list[str]:
    """The arms that an entry holds, those of the contrasts and then the cells first."""
    played = dict.fromkeys(c.dims["arm"] for c in row.result.cells if set(c.dims) == {"arm"})
    order = list(dict.fromkeys((*NAMED[:2], *CELLS, *played)))
    return sorted(played, key=order.index)
