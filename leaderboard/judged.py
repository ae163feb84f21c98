"""Figures that a model gives as judge, from what the logs hold of its answers: shown, never ranked by."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from interplay.tasks.judged import Figure as Judgement
from interplay.tasks.judged import JudgedRun, Validity
from interplay.tasks.observations import Observation

from .board_parts import Judged, JudgedFigure
from .boards import Board, load_boards
from .estimates import Figure, contrast_figure, metric_of, observations, pairs_of, secondary_figure
from .rows import LogRows
from .schema import JudgedResult, Result
from .statistics import bootstrap_kappa

UNREAD_LIMIT = 0.02
"""Share of a judge's answers that could not be read, above which its figures are withheld."""


def judged_results(board: Board, logs: Sequence[LogRows], seed: int) -> tuple[JudgedResult, ...]:
    """What judges say in the logs whose runs had one; empty without any."""
    found: list[JudgedResult] = []
    for item in board.judged:
        own = [log for log in logs if item.name in log.header.scorers]
        observed = [o for log in own for o in observations(board, log)]
        asked, unparsed = (
            round(sum(o.values.get(f"{item.name}.{key}", 0.0) for o in observed))
            for key in ("asked", "unparsed")
        )
        bound = {role: model for log in own for role, model in log.header.roles.items()}
        graders = {role: bound[role] for role in item.roles if role in bound}
        hashes = sorted({h for o in observed if (h := o.words.get(f"{item.name}.prompt_sha256"))})
        if not hashes or not graders:
            continue
        figures = (
            (figure.key, judged_figure(board, item, figure, observed, seed)) for figure in item.figures
        )
        is_withheld = unparsed > UNREAD_LIMIT * asked
        keys = [figure.key for figure in item.figures]
        found.append(
            JudgedResult(
                scorer=item.name,
                graders=graders,
                prompt_sha256=hashes[0]
                if len(hashes) == 1
                else sha256("\n".join(hashes).encode()).hexdigest(),
                regrade="recorded_judge",
                asked=asked,
                unparsed=unparsed,
                unscored=sum(not o.errored and not any(k in o.values for k in keys) for o in observed),
                metrics={k: metric_of(f) for k, f in figures if f is not None and not is_withheld},
            )
        )
    return tuple(found)


def judged_figure(
    board: Board, judge: Judged, figure: JudgedFigure, observed: Sequence[Observation], seed: int
) -> Figure | None:
    """One figure of a judge: the mean over units, an agreement, or the board's difference.

    None with too few pairs, or where there is none.
    """
    if figure.kappa is not None:
        return kappa_figure(*figure.kappa, observed, seed)
    if not figure.contrast:
        return secondary_figure(figure, observed, board, judge.draws, seed)
    assert board.contrast is not None, f"{figure.key}: {board.id} is about no difference"
    assert figure.range is not None, f"{figure.key}: a difference needs the range of its values"
    if not board.contrast.is_enough(*pairs_of(board.contrast, figure.key, observed, figure.needs)):
        return None
    return contrast_figure(board.contrast, figure.key, figure.range, figure.direction, observed)


def kappa_figure(first: str, second: str, observed: Sequence[Observation], seed: int) -> Figure | None:
    """Cohen's kappa of two 0/1 keys over the samples that have both; None where only one value occurs."""
    units: dict[str, list[tuple[bool, bool]]] = {}
    for o in observed:
        if first in o.values and second in o.values:
            units.setdefault(o.unit, []).append((o.values[first] == 1, o.values[second] == 1))
    found = bootstrap_kappa([units[unit] for unit in sorted(units)], seed)
    return found and Figure(found, "bootstrap", {})


def validities(results: Sequence[Result], model: str, leaderboard: Path) -> dict[tuple[str, str], Validity]:
    """What the families say of the judges of an entry, by board and scorer.

    Args:
        results: The results of the entry.
        model: The model under test.
        leaderboard: The folder of that name with the labels of people.
    """
    found: dict[tuple[str, str], Validity] = {}
    for result in results:
        board = load_boards().get(result.board)
        declared = {item.name: item for item in board.judged} if board else {}
        for item in result.judged:
            if item.scorer in declared:
                run = judged_run(item, model)
                found[result.board, item.scorer] = declared[item.scorer].validity_of()(run, leaderboard)
    return found


def judged_run(item: JudgedResult, model: str) -> JudgedRun:
    """A judge's figures as its family reads them."""
    figures = {key: Judgement(m.value, m.lo, m.hi, m.n) for key, m in item.metrics.items()}
    return JudgedRun(item.graders, item.prompt_sha256, figures, model)
