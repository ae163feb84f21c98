"""Which pages a site has: path, template, title, description and model of each, in a fixed order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from interplay.tasks.records import FamilyRecord

from ..analysis.hedge_badge import badge_sentence, hedge_badge
from ..charts.literature import published_forest
from ..guarded import guard_tables, guard_words
from ..literature import load_sources
from ..models import display_name
from ..remembering import Memory
from ..standings import Standing, Submission
from .board_pages import board_pages, embed_page
from .chart_views import View, board_charts
from .compare import compare_page
from .crisis import crisis_panel
from .entries import entry_page
from .history import ChangesPage, changes_pages, events
from .inputs import Inputs, Labels
from .method import method_model, method_page
from .models import model_pages
from .rendering import Page, is_page_template
from .site import (
    DataGroup,
    FamilyGroup,
    FamilyPage,
    board_line,
    family_costs,
    family_groups,
    home_page,
)
from .tables import entry_href

FEED_LENGTH = 50
BADGES: Mapping[str, Callable[[], str]] = {"recipe_chains": lambda: badge_sentence(hedge_badge())}
"""What a family says of the validity of its open rules, where labels decide that."""


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


def plan_pages(inputs: Inputs, view: View, memory: Memory | None = None) -> list[Page]:
    """All pages that show more than one entry, but `data_page`, which lists what the others offer.

    Args:
        inputs: What the site is made of.
        view: Draws a chart, once per spec.
        memory: Holds what an earlier call was made of.
    """
    memory = memory or Memory()
    standings, submissions = inputs.standings, inputs.submissions
    families = family_groups(standings, memory)
    models = model_pages(standings, submissions, memory)
    latest = tuple(events(submissions, memory))
    pages = [
        _page(HOME, home_page(standings, latest, memory)),
        _page(BOARDS, families),
        *(page for found in standings.values() for page in memory(board_pages, found, view, inputs.labels)),
        *(memory(embed_page, found) for found in standings.values()),
        _page(FAMILY_LIST, families),
        *family_pages(families, inputs, view, memory),
        _page(MODELS, tuple(line for line, _ in models)),
        *(
            Page(line.href, "model.html", line.name, f"All results of {line.model_id}.", page)
            for line, page in models
        ),
        compare_page(families, standings),
        _page(METHOD, method_model(families, standings, submissions, memory)),
        *(
            method_page(group.family)
            for group in families
            if is_page_template(f"method/{group.family.name}.html")
        ),
        _page(SUBMIT, family_costs()),
        *(_changes(path, part) for path, part in changes_pages(latest).items()),
        _page(MISSING, families),
        _page(FEED, latest[:FEED_LENGTH]),
    ]
    addresses = (
        *(page.path for page in pages if page.file.endswith("index.html") and page.section != "embed"),
        DATA.path,
        *(entry_href(submission.entry.entry_id) for submission in submissions),
    )
    return [
        *pages,
        Page("sitemap.xml", "sitemap.xml", "", "", addresses),
        Page("robots.txt", "robots.txt", "", "", None),
    ]


def data_page(groups: Sequence[DataGroup]) -> Page:
    """The page of files for download."""
    return _page(DATA, tuple(groups))


def _changes(path: str, part: ChangesPage) -> Page:
    number = path.removeprefix(CHANGES.path).rstrip("/")
    title = f"{CHANGES.title}, part {number}" if number else CHANGES.title
    return _page(replace(CHANGES, path=path, title=title), part)


def _page(titles: Titles, model: object) -> Page:
    return Page(titles.path, titles.template, titles.title, titles.description, model)


def entry_page_of(submission: Submission, inputs: Inputs) -> Page:
    """The permanent page of one submission. It shows nothing that depends on other entries."""
    entry = submission.entry
    records = [record.href for record in inputs.records.get(entry.entry_id, ())]
    model = entry_page(submission, records, inputs.local_logs)
    title = f"{display_name(entry.model.id)}, {entry.created[:10]}"
    return Page(entry_href(entry.entry_id), "entry.html", title, f"Entry {entry.entry_id}.", model)


def family_pages(
    families: Sequence[FamilyGroup], inputs: Inputs, view: View, memory: Memory
) -> Iterator[Page]:
    """A page for every family."""
    crisis = tuple(submission for submission in inputs.submissions if submission.entry.crisis)
    for family in (group.family for group in families):
        own = tuple(found for found in inputs.standings.values() if found.board.family == family.name)
        yield memory(family_page, family, own, view, crisis, inputs.labels)


def family_page(
    family: FamilyRecord,
    own: tuple[Standing, ...],
    view: View,
    crisis: tuple[Submission, ...],
    labels: Labels,
) -> Page:
    """What a family measures, the charts of its boards, and published figures beside its runs.

    Args:
        family: The family.
        own: Its boards.
        view: Draws a chart.
        crisis: Entries that say something of the crisis file.
        labels: What people and commands keep.
    """
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
        crisis=crisis_panel(family.name, crisis),
        badge=BADGES[family.name]() if family.name in BADGES else "",
        guard_words=guard_words(next((found.guarded for found in own if found.guarded), None)),
        guard=tuple(table for found in own if found.guarded for table in guard_tables(found.guarded)),
    )
    return Page(f"families/{family.name}/", "family.html", family.title, family.question, model)
