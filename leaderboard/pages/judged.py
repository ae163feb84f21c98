"""Figures of a judge on the pages: plain where it is validated, grey with the reason where it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from interplay.tasks.judged import Validity

from ..board_parts import Judged
from ..boards import Board
from ..figures import interval, number
from ..models import display_name
from ..schema import JudgedResult, Metric, Result
from ..standings import Row, Submission
from .words import decimals_of, interval_words, value_words

NOT_VALIDATED = "not validated"
NEVER_RANKED_BY, RANKED_BY = "Never ranked by.", "Rows of this board are ranked by its first figure."
WITHHELD = "withheld"
STATES = {"green": "Validated", "amber": "Not validated", "grey": "Not validated"}


class JudgedQuantity(NamedTuple):
    """A judge's figure in a results table: text, sort value, what stands on hover, and the word below it."""

    text: str
    raw: str
    hover: str
    word: str
    is_valid: bool


class JudgedHead(NamedTuple):
    """Head of a judge's column; it sorts only if all its figures are of validated judges."""

    label: str
    sorts: bool


class JudgedLine(NamedTuple):
    """One figure of a judge on an entry page."""

    label: str
    value: str
    interval: str
    corrected: str
    n: str


@dataclass(frozen=True)
class JudgedView:
    """A judge on an entry page: who it is, whether it may be believed and why, its figures and their use."""

    title: str
    state: str
    badge: str
    reason: str
    lines: tuple[JudgedLine, ...]
    facts: tuple[tuple[str, str], ...]
    has_corrected: bool
    use: str


def judged_columns(
    board: Board, rows: Sequence[Row]
) -> tuple[tuple[JudgedHead, ...], dict[str, tuple[JudgedQuantity, ...]]]:
    """A column for each judge that ran for any of these rows, and its figures by entry id."""
    heads: list[JudgedHead] = []
    columns: list[dict[str, JudgedQuantity]] = []
    for judge in board.judged:
        found = {row.entry.entry_id: cell for row in rows if (cell := judged_quantity(judge, row))}
        if found:
            heads.append(JudgedHead(judge.figures[0].label, all(cell.is_valid for cell in found.values())))
            columns.append(found)
    nothing = JudgedQuantity("–", "", "", "", is_valid=True)
    by_entry = {
        row.entry.entry_id: tuple(column.get(row.entry.entry_id, nothing) for column in columns)
        for row in rows
    }
    return tuple(heads), by_entry


def judged_quantity(judge: Judged, row: Row) -> JudgedQuantity | None:
    """The first figure of a judge for one row, None where it did not run."""
    item = judged_of(row.result, judge)
    if item is None:
        return None
    figure = judge.figures[0]
    validity = row.submission.validity(row.result.board, judge.name)
    metric = item.metrics.get(figure.key)
    who = f"Judge: {graders_words(item)}."
    if metric is None or figure.key in validity.withheld:
        return JudgedQuantity("–", "", f"{who} {withheld_words(item, validity)}", WITHHELD, is_valid=False)
    bounds = bounds_of(board_range=figure.range, contrast=figure.contrast)
    decimals = decimals_of(bounds) if bounds else figure.decimals
    hover = f"{who} 95 % {interval_words(metric, bounds, decimals)}."
    if without := corrected_words(validity, figure.key, decimals):
        hover += f" Without the errors of the judge {without}."
    is_valid = validity.state == "green"
    return JudgedQuantity(
        value_words(metric, decimals),
        f"{metric.value:.4f}",
        f"{hover} {validity.reason}",
        "" if is_valid else NOT_VALIDATED,
        is_valid,
    )


def judged_views(board: Board, result: Result, submission: Submission) -> tuple[JudgedView, ...]:
    """The judges of one result of an entry."""
    pairs = ((judge, judged_of(result, judge)) for judge in board.judged)
    return tuple(
        judged_view(
            judge,
            item,
            submission.validity(board.id, judge.name),
            ranks=board.headline.startswith(f"{judge.name}."),
        )
        for judge, item in pairs
        if item is not None
    )


def judged_view(judge: Judged, item: JudgedResult, validity: Validity, *, ranks: bool = False) -> JudgedView:
    """One judge in words; `ranks` says that the headline of the board is a figure of its."""
    lines: list[JudgedLine] = []
    for figure in judge.figures:
        metric = item.metrics.get(figure.key)
        bounds = bounds_of(board_range=figure.range, contrast=figure.contrast)
        decimals = decimals_of(bounds) if bounds else figure.decimals
        if metric is None or figure.key in validity.withheld:
            word = "–" if metric is None and item.metrics else WITHHELD
            lines.append(JudgedLine(figure.label, word, "", "", ""))
            continue
        without = corrected_words(validity, figure.key, decimals)
        lines.append(judged_line(figure.label, metric, bounds, decimals, without))
    return JudgedView(
        title=f"Judge beside the rules: {graders_words(item)}",
        state=validity.state,
        badge=STATES[validity.state],
        reason=validity.reason if item.metrics else withheld_words(item, validity),
        lines=tuple(lines),
        facts=(
            ("Answers", str(item.asked)),
            ("Not readable", str(item.unparsed)),
            ("Samples without a figure", str(item.unscored)),
            ("Prompt", item.prompt_sha256[:8]),
        ),
        has_corrected=any(line.corrected for line in lines),
        use=RANKED_BY if ranks else NEVER_RANKED_BY,
    )


def judged_line(
    label: str, metric: Metric, bounds: tuple[float, float] | None, decimals: int | None, without: str
) -> JudgedLine:
    """One figure in words."""
    return JudgedLine(
        label,
        value_words(metric, decimals),
        interval_words(metric, bounds, decimals),
        without,
        str(metric.n),
    )


def judged_of(result: Result, judge: Judged) -> JudgedResult | None:
    """What a result holds of a judge."""
    return next((item for item in result.judged if item.scorer == judge.name), None)


def graders_words(item: JudgedResult) -> str:
    """Who judged."""
    return " and ".join(display_name(model) for model in dict.fromkeys(item.graders.values()))


def bounds_of(board_range: tuple[float, float] | None, contrast: bool) -> tuple[float, float] | None:
    """Ends of a figure's range: of the difference where it is one."""
    if board_range is None or not contrast:
        return board_range
    width = board_range[1] - board_range[0]
    return -width, width


def corrected_words(validity: Validity, key: str, decimals: int | None) -> str:
    """A figure without the errors of the judge, with its interval; empty where that is not known."""
    figure = validity.corrected.get(key)
    if figure is None:
        return ""
    shown = decimals if decimals is not None else 0
    return f"{number(figure.value, shown)} ({interval(figure.lo, figure.hi, min(shown, 2) or shown)})"


def withheld_words(item: JudgedResult, validity: Validity) -> str:
    """Why figures of a judge are not printed."""
    if item.metrics:
        return validity.reason
    share = item.unparsed / item.asked if item.asked else 0.0
    return f"Withheld: {share:.1%} of its {item.asked} answers could not be read (limit 2 %)."
