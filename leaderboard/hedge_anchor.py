"""Anchors of the hedge rules: their share of hedged sentences beside that of the people who labelled them."""

from collections.abc import Sequence

from interplay.scorers.hedge_rules import hedges_in
from interplay.tasks.mistakes import UserMistake

from .analysis.hedge_badge import GoldSentence


def anchor_rows(release: str, gold: Sequence[GoldSentence], name: str) -> list[str]:
    """Lines of the anchor file, one a checkpoint: proxy, anchor and their standard errors on its sentences.

    Standard errors are those of a share with one success and one failure added, so that none is 0.

    Raises:
        UserMistake: There are no labels, or the release has no name that fits a table.
    """
    if not gold:
        raise UserMistake(f"{name}: no labels; add some with `interplay recipe gold`.")
    if not release.strip() or any(sign in release for sign in ',"\n'):
        raise UserMistake(f"--release {release!r}: give a name without commas and quotes.")
    lines: list[str] = []
    for checkpoint in sorted({row.checkpoint for row in gold}):
        own = [row for row in gold if row.checkpoint == checkpoint]
        n = len(own)
        proxy = share(sum(bool(hedges_in(row.sentence)) for row in own), n)
        anchor = share(sum(row.hedged for row in own), n)
        figures = ",".join(f"{value:.6f}" for value in (*proxy, *anchor))
        lines.append(f"{release.strip()},{checkpoint},all,{figures},yes")
    return lines


def share(hits: int, n: int) -> tuple[float, float]:
    """A share and its standard error."""
    adjusted = (hits + 1) / (n + 2)
    return hits / n, (adjusted * (1 - adjusted) / (n + 2)) ** 0.5
