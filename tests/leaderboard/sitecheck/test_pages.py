"""Every rule about one page: the built site has no finding, and each way to break it has its sentence."""

import random
import re
import string

import pytest

from interplay.leaderboard.sitecheck import access, figures, safety
from interplay.leaderboard.sitecheck.outline import Outline

from .conftest import Healthy

CELL = '<td class="num s" data-v="'
HEAD = '<th scope="col" class="num">Rank</th>'
ACCESS = [
    ("HOME", "<!doctype html>", "", "does not begin with <!doctype html>"),
    ("HOME", ' lang="en"', "", "<html> has no lang"),
    ("HOME", '<meta charset="utf-8">', "", 'no <meta charset="utf-8">'),
    ("HOME", "<title>", "<title></title><title>", "the page has 2 titles"),
    ("HOME", '<meta name="description" content="', '<meta name="keywords" content="', "has no description"),
    ("HOME", "width=device-width", "width=1200", "does not follow the width of the device"),
    ("HOME", "initial-scale=1", "initial-scale=1, user-scalable=no", "forbids to zoom"),
    ("BOARD", "</h1>", "</h1><h1>Again</h1>", "has 2 h1 (expected one)"),
    ("BOARD", "<h1>", "<h2>First</h2><h1>", "the first heading is <h2>"),
    ("ENTRY", "<h2 ", "<h4>Deep</h4><h2 ", "h4 'Deep' stands below an h1, a level is left out"),
    ("ENTRY", '<h2 id="evidence">Evidence</h2>', '<h2 id="evidence"></h2>', '<h2 id="evidence"> is empty'),
    ("BOARD", "<main", "<main></main><main", "the page has 2 <main>"),
    ("BOARD", "<footer>", "<div>", "the page has 0 <footer>"),
    ("BOARD", '<nav aria-label="Parts of this board">', "<nav>", "a navigation has no aria-label"),
    ("BOARD", "Parts of this board", "Main", "two navigations are named 'Main'"),
    ("BOARD", 'href="#main"', 'href="#top"', "does not lead past the navigation"),
    ("BOARD", "</main>", "<p></main>", "</main> closes <p>, which is still open"),
    ("BOARD", "</main>", "</b></main>", "</b> closes nothing"),
    ("BOARD", "</html>", "<div>", "<div> is never closed"),
    ("BOARD", "</main>", "<div/></main>", "<div/> closes itself"),
    ("BOARD", '<h1>', '<h1 id="main">', "the id 'main' stands twice"),
    ("BOARD", '<h1>', '<h1 class="a" class="b">', "<h1> has the attribute class twice"),
    ("ENTRY", 'aria-labelledby="evidence"', 'aria-labelledby="nothing"', "names no element of the page"),
    ("BOARD", '<h1>', '<h1 tabindex="3">', "puts itself before the rest"),
    ("ENTRY", 'aria-labelledby="logs"', 'aria-labelledby="evidence"', "two regions are named 'Evidence'"),
    ("BOARD", "<label>Text ", "<span>", "has no label"),
    ("BOARD", 'reset">Clear filters<', 'reset"><', "has no name"),
    ("BOARD", ">Open</a>", "></a>", 'open/"> has no name'),
    ("BOARD", "</h1>", '</h1><img src="../../static/card.png">', "has no alt"),
    ("BOARD", 'role="img"', 'role="presentation"', "has no title with role img"),
    ("BOARD", 'viewBox="0 0 112 16" aria-hidden="true"', 'viewBox="0 0 112 16"', "is not hidden either"),
    ("PAIRS", 'role="region" aria-label="', 'role="region" title="" data-x="', "can be reached by keyboard"),
    ("BOARD", '<caption class="vh">', '<caption class="vh"></caption><caption>', "has no caption"),
    ("BOARD", HEAD, '<th class="num">Rank</th>', "the head 'Rank' has no scope"),
    ("BOARD", HEAD, "", " cells (expected "),
    ("ENTRY", "<thead><tr><th", "<tbody><tr><th", "has no heads of columns"),
]  # fmt: skip
SAFETY = [
    ("HOME", "http-equiv", "name", "declares 0 content security policies"),
    ("HOME", "script-src &#39;self&#39;", "script-src *", "is not the one of the site"),
    ("HOME", '<meta charset="utf-8">', '<meta charset="utf-8"><script src="./static/site.js"></script>',
     "loaded before the content security policy"),
    ("HOME", "no-referrer", "origin", "hands its address on"),
    ("HOME", "</main>", "<script>alert(1)</script></main>", "a script stands in the page"),
    ("HOME", "</main>", "<style>p{}</style></main>", "<style> may stand on no page"),
    ("HOME", "<h1", '<h1 style="color:red"', "has the attribute style"),
    ("HOME", "<h1", '<h1 onclick="x()"', "has the attribute onclick"),
    ("HOME", "</h1>", "</h1><img src=x onerror=alert(1) alt=x>", "has the attribute onerror"),
    ("HOME", "</main>", '<iframe src="./" title="x"></iframe></main>', "may stand on no page"),
    ("HOME", "<title>", '<base href="https://example.com/"><title>', "may stand on no page"),
    ("HOME", "<title>", '<meta http-equiv="refresh" content="0; url=x"><title>', "sends its readers on"),
    ("HOME", 'href="./static/style.css', 'href="https://cdn.example.com/style.css', "asks another site"),
    ("HOME", "</main>", '<form action="https://example.com/"></form></main>', "asks another site"),
    ("HOME", "</main>", '<img alt="" src="//example.com/x.png"></main>', "asks another site"),
    ("HOME", "</main>", '<img alt="" src="data:image/png;base64,AA"></main>', "asks another site"),
    ("ENTRY", 'href="https://huggingface.co', 'href="http://huggingface.co', "(expected https)"),
    ("ENTRY", 'href="https://huggingface.co', 'href="javascript:alert(1)//', "(expected https)"),
    ("ENTRY", 'href="https://huggingface.co', 'href="java\tscript:alert(1)//', "holds blanks"),
    ("ENTRY", 'href="https://huggingface.co', 'href="data:text/html,', "(expected https)"),
    ("ENTRY", 'href="https://huggingface.co', 'href="https://huggingface.co@evil.example', "no plain name"),
    ("ENTRY", 'href="https://huggingface.co', 'href="https://127.0.0.1', "no plain name"),
    ("ENTRY", 'href="https://huggingface.co', 'href="https://xn--huggingfce-7fg.co', "no plain name"),
    ("ENTRY", "nofollow ugc noopener noreferrer", "noopener", "lacks rel nofollow noreferrer ugc"),
    ("ENTRY", "(opens another site)", "", "does not say that it opens another site"),
    ("ENTRY", ">log <", ">github.com/interplay <", "shows 'github.com' leads to huggingface.co"),
    ("EMBED", ' rel="noopener"', "", "opens a window that can steer this page"),
    ("HOME", "</main>", "<p>\u202eevil</p></main>", "text that turns direction"),
    ("HOME", "</main>", "<p>&#8238;evil</p></main>", "text that turns direction"),
]  # fmt: skip
CONTENT = [
    ("ENTRY", '<td class="num i">', '<td class="num i"></td><!--', "has no interval"),
    ("HOME", "</main>", "<figure><h2>A</h2><p>B</p></figure></main>", "has no table of its numbers"),
    ("ENTRY", '<td class="num s">', '<td class="num s">nan</td><!--', "a cell shows 'nan'"),
]  # fmt: skip
LINKS = [
    ("HOME", 'href="./boards/mazes-pair/"', 'href="./boards/mazes-pear/"', "leads nowhere"),
    ("HOME", 'href="./boards/mazes-pair/"', 'href="./boards/mazes-pair"', "a slash is missing at its end"),
    ("HOME", 'href="./boards/mazes-pair/"', 'href="../secret/"', "leads out of the site"),
    ("HOME", 'href="#main"', 'href="#mein"', "#mein names no place on this page"),
    ("HOME", "style.css?v=", "style.css?v=0", "asks for other content"),
    ("HOME", "content=\"https://example.org/interplay/static/card.png", 'content="https://example.org/interplay/no.png',
     "leads nowhere"),
    ("404.html", "/interplay/boards/mazes-pair/", "/interplay/boards/x/", "leads nowhere"),
]  # fmt: skip
CASES = [
    pytest.param(rule, *case, id=f"{rule}-{case[0]}-{i}")
    for rule, cases in (("access", ACCESS), ("safety", SAFETY), ("content", CONTENT), ("links", LINKS))
    for i, case in enumerate(cases)
]


@pytest.mark.parametrize(("rule", "name", "old", "new", "expected"), CASES)
def test_each_way_to_break_a_page_has_its_sentence(
    site: Healthy, rule: str, name: str, old: str, new: str, expected: str
) -> None:
    found = site.broken(name, old, new, lambda: site.of_page(name))
    assert any(said.startswith(f"{rule}: ") and expected in said for said in found), found
    assert all("\n" not in said for said in found)


def test_pages_as_built_have_no_finding(site: Healthy) -> None:
    for name in (*site.names, "404.html", "method/index.html", "families/mazes/index.html"):
        assert site.of_page(name) == []


def replaced(text: str, start: str, end: str, new: str) -> str:
    """The text between two marks exchanged."""
    before, rest = text.split(start, 1)
    return before + start + new + end + rest.split(end, 1)[1]


def rebuilt(site: Healthy, name: str, start: str, end: str, new: str) -> list[str]:
    text = site.path(name).read_text("utf-8")
    return site.broken(name, text, replaced(text, start, end, new), lambda: site.of_page(name))


def test_a_table_without_rows_and_a_page_without_words_are_empty(site: Healthy) -> None:
    found = rebuilt(site, "BOARD", "</thead>", "</table>", "<tbody></tbody>")
    assert any("is empty: no row below its heads" in said for said in found)
    found = rebuilt(site, "MODEL", "</h1>", "</main>", "")
    assert any("the page is empty: it says nothing beyond its headings" in said for said in found)


def test_a_number_without_an_interval_is_found_wherever_it_stands(site: Healthy) -> None:
    text = site.path("EMBED").read_text("utf-8")
    figure = text.split(CELL.split(" data-v")[0])[1].split("</td>")[0]
    bare = figure.split("<small")[0]
    found = site.broken("EMBED", figure, bare, lambda: site.of_page("EMBED"))
    assert any("has no interval in its row" in said for said in found)
    found = rebuilt(site, "ENTRY", '<span class="big">', "</dd>", "0.9</span>")
    assert any("has no interval beside it" in said for said in found)
    cell = re.search(
        r"<small>[^<]*</small>(?:<small>[^<]*</small>)?</td>", site.path("PAIRS").read_text("utf-8")
    )
    assert cell
    found = site.broken("PAIRS", cell[0], "</td>", lambda: site.of_page("PAIRS"))
    assert any("of a matrix has no interval below it" in said for said in found)


def noise(length: int) -> str:
    """Text that does not compress."""
    draw = random.Random(7)
    return "".join(draw.choice(string.ascii_letters + string.digits) for _ in range(length))


@pytest.mark.parametrize(
    ("name", "mark", "more", "expected"),
    [
        ("BOARD", "</main>", f"<p>{noise(90_000)}</p></main>", "a page of a board takes"),
        ("ENTRY", "</main>", f"<p>{noise(22_000)}</p></main>", "the page of an entry takes"),
        ("BOARD", "</desc>", f"{noise(9_000)}</desc>", "a chart takes"),
        ("HOME", "</main>", '<img alt="" src="./static/card.png"><img alt="" src="./static/site.js">'
         '<img alt="" src="./feed.xml"></main>', "the page loads 6 files (limit 5)"),
    ],
    ids=["board", "entry", "chart", "files"],
)  # fmt: skip
def test_a_page_above_its_budget_is_named_with_both_sizes(
    site: Healthy, name: str, mark: str, more: str, expected: str
) -> None:
    found = site.broken(name, mark, more, lambda: site.of_page(name))
    assert [said for said in found if said.startswith("size: ") and expected in said]


def test_every_rule_is_broken_by_a_case() -> None:
    """A rule without a case here would be one that nobody has seen to find anything."""
    rules = {rule.__name__ for module in (access, safety, figures) for rule in module.RULES}
    assert rules == {
        *("markup", "document", "headings", "landmarks", "regions", "references", "names", "tables"),
        *("policy", "inline_code", "turned_text", "new_windows"),
        *("text_of_page", "intervals", "numbers", "charts"),
    }


def test_lines_are_those_of_the_file() -> None:
    page = Outline("x.html", "<!doctype html>\n<p>\n<b>a</b>\n</p>")
    assert [(element.tag, element.line) for element in page.everything] == [("p", 2), ("b", 3)]
    assert page.slips == []
