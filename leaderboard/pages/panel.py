"""The panel page of the chains: what checkpoints that answered the same texts show together."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from interplay.tasks.recipe_chains.panel import REFERENCE, panel

from ..analysis.cells import Cells, cells_of
from ..analysis.chain_panel import members_of, recipe_gaps
from ..analysis.hedge_badge import badge_sentence, hedge_badge
from ..analysis.recipe_family import recipe_family
from ..charts.chain_panel import panel_charts
from ..figures import ChartSpec, number
from ..panel_file import FEWEST, PANEL, PanelCell, frame_of, measured_checkpoints, read_panel
from .boards import BoardPage, ChartView, Fact

BOARD = "recipe-chains"
"""The board below which the page stands."""


@dataclass(frozen=True)
class PanelPage:
    """The panel: what it rests on, findings in sentences, charts; `empty` while there is too little."""

    board: BoardPage
    empty: str
    sentences: tuple[str, ...]
    unscored: tuple[tuple[str, str], ...]
    charts: tuple[ChartView, ...]
    badge: str
    facts: tuple[Fact, ...] = ()


def panel_page(board: BoardPage, leaderboard: Path, view: Callable[[ChartSpec], ChartView]) -> PanelPage:
    """The page of the stored panel.

    Args:
        board: The board that it belongs to.
        leaderboard: The folder of that name.
        view: Draws a chart.

    Raises:
        UserMistake: The stored panel, or the labels of the hedge rules, are not what they should be.
    """
    rows = read_panel(leaderboard / PANEL)
    names = measured_checkpoints(rows)
    badge = badge_sentence(hedge_badge(leaderboard))
    if len(names) < FEWEST:
        return PanelPage(board, empty_words(len(names)), (), (), (), badge)
    cells = cells_of(frame_of(rows, names))
    return PanelPage(
        board,
        "",
        (*(f"{sentence}." for sentence in cells.incomplete()), *findings(cells)),
        unscored_words(rows, names),
        tuple(map(view, panel_charts(cells))),
        badge,
        (
            Fact("Checkpoints", str(len(cells.speakers))),
            Fact("Partners", str(len(cells.partners))),
            Fact("Openers", f"{len(cells.complete().openers)} of {len(cells.openers)} complete"),
        ),
    )


def empty_words(checkpoints: int) -> str:
    """The plain sentence in place of a panel."""
    there = (
        "none is there" if not checkpoints else f"{checkpoints} {'is' if checkpoints == 1 else 'are'} there"
    )
    return f"No panel data yet: the panel is shown from {FEWEST} checkpoints on, and {there}."


def findings(cells: Cells) -> tuple[str, ...]:
    """What recipe, family and partners explain, in sentences; a claim only where its interval holds."""
    known = {c.id: c for c in panel()}
    own = [known[name] for name in cells.speakers if name in known]
    whole = cells.complete()
    if len(own) < 2 or REFERENCE not in cells.partners or len(whole.openers) < 4:
        return ()
    mine = whole.of_speakers([c.id for c in own])
    levels = mine.values[:, mine.partners.index(REFERENCE)].mean(axis=1).tolist()
    found: list[str] = []
    if split := recipe_family(levels, members_of(own)):
        parts = (("Recipe", split.recipe), ("family", split.family))
        shares = ", ".join(
            f"{name} {number(part.share)} (excess {number(part.excess)}, p {part.p:.3f})"
            for name, part in parts
        )
        found.append(
            f"Shares of explained variance between {split.checkpoints} checkpoints: {shares}. Pure noise has "
            "large shares in such a design, so the excess over permuted levels is what counts. Exploratory."
        )
    found += [
        f"{name}: the partner shift is larger than the gap between families of one recipe, by "
        f"{number(gap.difference.value)} ({number(gap.difference.lo)} to {number(gap.difference.hi)})."
        for name, gap in recipe_gaps(mine, own).items()
        if gap.larger
    ]
    return tuple(found)


def unscored_words(rows: list[PanelCell], names: list[str]) -> tuple[tuple[str, str], ...]:
    """Each checkpoint with the share of its replies that could not be scored."""
    found: list[tuple[str, str]] = []
    for name in names:
        own = [row for row in rows if row.speaker == name]
        unscored = sum(row.unscored for row in own)
        replies = unscored + sum(row.replies for row in own)
        found.append((name, f"{unscored / replies:.1%} of {replies} replies unscored"))
    return tuple(found)
