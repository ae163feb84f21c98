"""Which pages a site has: path, template, title, description and model of each, in a fixed order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from interplay.tasks.records import FamilyRecord

from ..analysis.hedge_badge import badge_sentence, hedge_badge
from ..boards import Board
from ..charts import boards as pair_charts
from ..charts import deescalation as deescalation_charts
from ..charts import mazes as maze_charts
from ..charts import posttrain as posttrain_charts
from ..charts import proxy_drift as drift_charts
from ..charts import recipe_chains as chain_charts
from ..charts import user_turn as user_turn_charts
from ..charts.literature import published_forest, published_matrices
from ..figures import ChartSpec
from ..guarded import guard_tables, guard_words
from ..literature import Literature, load_sources
from ..models import display_name
from ..standings import Row, Standing, Submission
from .boards import BoardPage, ChartView, Link, facts, leading_words
from .crisis import crisis_panel
from .entries import entry_page
from .history import events
from .inputs import Inputs
from .method import method_model
from .models import model_pages
from .panel import BOARD as PANEL_BOARD
from .panel import panel_page
from .rendering import Page, is_page_template
from .site import (
    DataGroup,
    EmbedPage,
    FamilyPage,
    PublishedPage,
    board_line,
    family_costs,
    family_groups,
    home_page,
)
from .tables import entry_href, results_table

View: TypeAlias = Callable[[ChartSpec], ChartView]
Builder: TypeAlias = Callable[[Standing], ChartSpec | tuple[ChartSpec, ...] | None]

ROWS_PER_PAGE = 200
FEED_LENGTH = 50
EMBEDDED_ROWS = 10
CHARTS: Mapping[str, Mapping[str, Builder]] = {
    "mazes": maze_charts.BUILDERS,
    "user_turn": user_turn_charts.BUILDERS,
    "recipe_chains": chain_charts.BUILDERS,
    "proxy_drift": drift_charts.BUILDERS,
    "deescalation": deescalation_charts.BUILDERS,
    "posttrain": posttrain_charts.BUILDERS,
}
"""Chart builders by family, and by the names that its boards give under `charts` and `family_charts`."""
BADGES: Mapping[str, Callable[[], str]] = {"recipe_chains": lambda: badge_sentence(hedge_badge())}
"""What a family says of the validity of its open rules, where labels decide that."""
NO_RUNS = "No model runs yet."
NO_MODELS = f"{NO_RUNS} The rows below are the scripted players that mark the floor and the ceiling."
NO_OPEN = "No entry in the open division yet. It takes runs with other settings, with a note on the method."
NO_REFERENCE = "No scripted player has an entry on this board yet."


@dataclass(frozen=True)
class Titles:
    """A title with its description, for pages that do not depend on data."""

    path: str
    template: str
    title: str
    description: str


HOME = Titles("", "home.html", "Leaderboard", "How language models work with each other, with people and on "
              "themselves: results with intervals, places as sets, and evidence.")  # fmt: skip
BOARDS = Titles(
    "boards/", "boards.html", "Boards", "All boards, with what leads them and what they can tell apart."
)
FAMILY_LIST = Titles(
    "families/", "families.html", "Families", "What Interplay measures, one family of tasks each."
)
MODELS = Titles("models/", "models.html", "Models", "Every model that has an entry.")
METHOD = Titles("method/", "method.html", "Method", "How numbers, intervals, places and evidence are made.")
SUBMIT = Titles(
    "submit/", "submit.html", "Submit", "Three commands put a model on the boards; what is checked."
)
DATA = Titles("data/", "data.html", "Data", "Every file behind the numbers, with its hash.")
CHANGES = Titles("changes/", "changes.html", "Changes", "Everything that happened to entries, newest first.")
MISSING = Titles("404.html", "404.html", "No page here", "No page at this address.")
FEED = Titles("feed.xml", "feed.xml", "Feed", "")


class Remembered:
    """Pages of boards, for as long as the standing that they were planned from is the same object."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Standing, list[Page]]] = {}

    def __call__(self, found: Standing, plan: Callable[[], list[Page]]) -> list[Page]:
        """The pages of a board, planned again only when its standing is another."""
        known = self._known.get(found.board.id)
        if known is None or known[0] is not found:
            known = self._known[found.board.id] = found, plan()
        return known[1]


def plan_pages(
    inputs: Inputs, groups: Sequence[DataGroup], view: View, remembered: Remembered | None = None
) -> list[Page]:
    """All pages that show more than one entry.

    Args:
        inputs: What the site is made of.
        groups: Files for download.
        view: Draws a chart, once per spec.
        remembered: Pages of boards from an earlier call.
    """
    remembered = remembered or Remembered()
    standings, submissions = inputs.standings, inputs.submissions
    families = family_groups(standings)
    models = model_pages(standings, submissions)
    latest = tuple(events(submissions, standings))
    boards: list[Page] = []
    for found in standings.values():
        plan = partial(board_pages, found, view, inputs)
        # the panel stands in a file beside the entries, so the standing does not tell when it changes
        boards += plan() if found.board.id == PANEL_BOARD else remembered(found, plan)
    pages = [
        _page(HOME, home_page(standings, submissions)),
        _page(BOARDS, families),
        *boards,
        *(embed_page(found) for found in standings.values()),
        _page(FAMILY_LIST, families),
        *(family_page(group.family, standings, view, submissions) for group in families),
        _page(MODELS, tuple(line for line, _ in models)),
        *(
            Page(line.href, "model.html", line.name, f"All results of {line.model_id}.", page)
            for line, page in models
        ),
        _page(METHOD, method_model(families, standings, submissions)),
        *(
            method_page(group.family)
            for group in families
            if is_page_template(f"method/{group.family.name}.html")
        ),
        _page(SUBMIT, family_costs()),
        _page(DATA, tuple(groups)),
        _page(CHANGES, latest),
        _page(MISSING, families),
        _page(FEED, latest[:FEED_LENGTH]),
    ]
    addresses = tuple(
        page.path for page in pages if page.file.endswith("index.html") and page.section != "embed"
    ) + tuple(entry_href(submission.entry.entry_id) for submission in submissions)
    return [
        *pages,
        Page("sitemap.xml", "sitemap.xml", "", "", addresses),
        Page("robots.txt", "robots.txt", "", "", None),
    ]


def _page(titles: Titles, model: object) -> Page:
    return Page(titles.path, titles.template, titles.title, titles.description, model)


def entry_page_of(submission: Submission, inputs: Inputs) -> Page:
    """The permanent page of one submission. It shows nothing that depends on other entries."""
    entry = submission.entry
    model = entry_page(submission, inputs.records.get(entry.entry_id, ()), inputs.local_logs)
    title = f"{display_name(entry.model.id)}, {entry.created[:10]}"
    return Page(entry_href(entry.entry_id), "entry.html", title, f"Entry {entry.entry_id}.", model)


def board_charts(found: Standing, names: Sequence[str], view: View) -> tuple[ChartView, ...]:
    """The charts of those names that a board has data for; a builder may give several."""
    made = [CHARTS[found.board.family][name](found) for name in names]
    specs = [item if isinstance(item, tuple) else (item,) for item in made]
    return tuple(view(spec) for group in specs for spec in group if spec is not None)


def sources_of(board: Board) -> tuple[Literature, ...]:
    """Literature that stands beside a board."""
    return tuple(source for source in load_sources() if board.id in source.boards)


def board_pages(found: Standing, view: View, inputs: Inputs) -> list[Page]:
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
        )

    def page(path: str, title: str, model: object, template: str = "board.html") -> Page:
        return Page(path, template, title, board.lead, model)

    chunks = [found.listed[i : i + ROWS_PER_PAGE] for i in range(0, len(found.listed), ROWS_PER_PAGE)] or [()]
    links = [Link(str(i + 1), start if i == 0 else f"{start}{i + 1}/") for i in range(len(chunks))]
    nothing = "" if found.rows else NO_MODELS if found.reference else NO_RUNS
    main = model(start, board.title, found.listed, nothing, board_charts(found, board.charts, view))
    pages: list[Page] = []
    for i, rows in enumerate(chunks):
        table = results_table(found, rows, board.title, ranked=bool(found.ranked)) if rows else None
        shown = replace(
            main,
            table=table,
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
        shown = panel_page(model(f"{start}panel/", title, (), ""), inputs.leaderboard, view)
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


def family_page(
    family: FamilyRecord,
    standings: Mapping[str, Standing],
    view: View,
    submissions: Sequence[Submission] = (),
) -> Page:
    """What a family measures, the charts of its boards, and published figures beside its runs."""
    own = [found for found in standings.values() if found.board.family == family.name]
    names = {found.board.id: (*found.board.charts, *found.board.family_charts) for found in own}
    charts = {
        chart.spec.id: chart for found in own for chart in board_charts(found, names[found.board.id], view)
    }
    sources = tuple(
        source for source in load_sources() if any(row.family == family.name for row in source.rows)
    )
    forests = [
        view(spec)
        for source in sources
        for found in own
        if found.board.id in source.boards and (spec := published_forest(source, found))
    ]
    model = FamilyPage(
        family=family,
        prose=f"families/{family.name}.html" if is_page_template(f"families/{family.name}.html") else "",
        charts=(*charts.values(), *forests),
        boards=tuple(board_line(found) for found in own),
        sources=sources,
        crisis=crisis_panel(family.name, submissions),
        badge=BADGES[family.name]() if family.name in BADGES else "",
        guard_words=guard_words(next((found.guarded for found in own if found.guarded), None)),
        guard=tuple(table for found in own if found.guarded for table in guard_tables(found.guarded)),
    )
    return Page(f"families/{family.name}/", "family.html", family.title, family.question, model)


def method_page(family: FamilyRecord) -> Page:
    """Protocol, scoring and deviations of a family."""
    title = f"Method: {family.short_title.lower()}"
    description = f"{family.question} How it is measured."
    return Page(f"method/{family.name}/", f"method/{family.name}.html", title, description, family)


def _replicates(found: Standing) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    names = {row.entry.entry_id: display_name(row.entry.model.id) for row in found.rows}
    return tuple(
        (names[entry_id], tuple(Link(other, entry_href(other)) for other in others))
        for entry_id, others in found.replicates.items()
    )
