"""Pages of one board: its rows in parts, divisions, earlier versions, pairs, published figures, its frame."""

from collections.abc import Sequence
from dataclasses import replace

from ..boards import Board
from ..charts import boards as pair_charts
from ..charts.literature import published_forest, published_matrices
from ..guarded import guard_words
from ..literature import Literature, load_sources
from ..models import display_name
from ..standings import Row, Standing
from .boards import BoardPage, ChartView, Link, facts, leading_words
from .chart_views import View, board_charts
from .inputs import Labels
from .panel import BOARD as PANEL_BOARD
from .panel import panel_page
from .rendering import Page
from .site import EmbedPage, PublishedPage
from .tables import entry_href, results_table

ROWS_PER_PAGE = 200
EMBEDDED_ROWS = 10
NO_RUNS = "No model runs yet."
NO_MODELS = f"{NO_RUNS} The rows below are the scripted players that mark the floor and the ceiling."
NO_OPEN = "No entry in the open division yet. It takes runs with other settings, with a note on the method."
NO_REFERENCE = "No scripted player has an entry on this board yet."


def sources_of(board: Board) -> tuple[Literature, ...]:
    """Literature that stands beside a board."""
    return tuple(source for source in load_sources() if board.id in source.boards)


def board_pages(found: Standing, view: View, labels: Labels) -> list[Page]:
    """A board with its sub-pages: 200 rows a page, divisions, published figures, pairs, earlier versions.

    The board of the chains has the panel of checkpoints as well.
    """
    board, start = found.board, f"boards/{found.board.id}/"
    pairs = pair_charts.pair_matrices(found)
    tabs = [("Closed", start), ("Open", f"{start}open/"), ("Reference", f"{start}reference/")]
    tabs += [("Published figures", f"{start}published/")] if sources_of(board) else []
    tabs += [("Pairwise", f"{start}pairs/")] if pairs else []
    tabs += [("Panel", f"{start}panel/")] if board.id == PANEL_BOARD else []
    tabs += [(f"Version {version}", f"{start}v{version}/") for version in found.earlier]

    def model(
        path: str, heading: str, rows: Sequence[Row], empty: str, charts: Sequence[ChartView] = ()
    ) -> BoardPage:
        is_main = heading == board.title
        return BoardPage(
            board=board,
            heading=heading,
            lead=board.lead,
            tabs=tuple(Link(label, href, href == path) for label, href in tabs),
            facts=facts(found),
            table=results_table(found, rows, heading, ranked=is_main and bool(found.ranked))
            if rows
            else None,
            empty=empty,
            summary=leading_words(found) if is_main else "",
            charts=tuple(charts),
            replicates=_replicates(found) if is_main else (),
            count=len(rows),
            pages=(),
            is_main=is_main,
            guard=guard_words(found.guarded) if found.guarded else "",
            compares=len(rows) > 1 and not path.startswith(f"{start}v") and not found.is_by_anchor,
        )

    def page(path: str, title: str, model: object, template: str = "board.html") -> Page:
        return Page(path, template, title, board.lead, model)

    parts = range(0, max(len(found.listed), 1), ROWS_PER_PAGE)
    links = [Link(str(i + 1), start if i == 0 else f"{start}{i + 1}/") for i in range(len(parts))]
    nothing = "" if found.rows else NO_MODELS if found.reference else NO_RUNS
    main = model(start, board.title, found.listed, nothing, board_charts(found, board.charts, view))
    pages: list[Page] = []
    for i, first in enumerate(parts):
        shown = replace(
            main,
            table=main.table and replace(main.table, rows=main.table.rows[first : first + ROWS_PER_PAGE]),
            pages=tuple(link._replace(current=i == j) for j, link in enumerate(links))
            if len(links) > 1
            else (),
            charts=main.charts if i == 0 else (),
        )
        pages.append(page(links[i].href, board.title if i == 0 else f"{board.title}, page {i + 1}", shown))
    for name, rows, empty in (
        ("open", found.open_rows, NO_OPEN),
        ("reference", found.reference, NO_REFERENCE),
    ):
        title = f"{board.title}: {'open division' if name == 'open' else 'reference players'}"
        pages.append(page(f"{start}{name}/", title, model(f"{start}{name}/", title, rows, empty)))
    for version, rows in found.earlier.items():
        title = f"{board.title}: version {version}"
        pages.append(page(f"{start}v{version}/", title, model(f"{start}v{version}/", title, rows, "")))
    if pairs:
        title = f"{board.title}: pairwise differences"
        pages.append(
            page(
                f"{start}pairs/",
                title,
                model(f"{start}pairs/", title, (), "", tuple(map(view, pairs))),
                "pairs.html",
            )
        )
    if board.id == PANEL_BOARD:
        title = f"{board.title}: panel of checkpoints"
        shown = panel_page(model(f"{start}panel/", title, (), ""), labels.folder, view)
        pages.append(page(f"{start}panel/", title, shown, "panel.html"))
    if sources_of(board):
        title = f"{board.title}: published figures"
        shown = published_page(model(f"{start}published/", title, (), ""), found, view)
        pages.append(page(f"{start}published/", title, shown, "published.html"))
    return pages


def embed_page(found: Standing) -> Page:
    """The first ten rows of a board without navigation, for a frame in another page."""
    board = found.board
    rows = (found.listed or found.reference)[:EMBEDDED_ROWS]
    table = results_table(found, rows, board.title, ranked=bool(found.ranked)) if rows else None
    nothing = "" if found.rows else NO_MODELS if found.reference else NO_RUNS
    return Page(f"embed/{board.id}/", "embed.html", board.title, board.lead, EmbedPage(board, table, nothing))


def published_page(board: BoardPage, found: Standing, view: View) -> PublishedPage:
    """Published figures beside a board."""
    sources = sources_of(found.board)
    return PublishedPage(
        board=board,
        sources=sources,
        forests=tuple(view(spec) for source in sources if (spec := published_forest(source, found))),
        groups=tuple(
            (group, tuple(view(spec) for spec in published_matrices(source, group)))
            for source in sources
            for group in source.groups
            if not source.is_list
        ),
    )


def _replicates(found: Standing) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    names = {row.entry.entry_id: display_name(row.entry.model.id) for row in found.rows}
    return tuple(
        (names[entry_id], tuple(Link(other, entry_href(other)) for other in others))
        for entry_id, others in found.replicates.items()
    )
