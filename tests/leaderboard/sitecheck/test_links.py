"""Where addresses of a page lead: as the standard library joins them, and sentence by sentence."""

from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.sitecheck.links import SiteFiles, inner_address, target_of, ways
from interplay.leaderboard.sitecheck.outline import Outline

from .handmade import BASE, STYLE

STEPS = st.lists(st.sampled_from(["a", "b", "index.html", "..", "."]), min_size=1, max_size=5)
PAGES = st.sampled_from(["index.html", "a/index.html", "a/b/index.html", "404.html", "a/b/c/index.html"])
SITE = SiteFiles(
    frozenset(
        ("index.html", "a/index.html", "a/b/index.html", "static/style.css", "static/card.png", "x y.csv")
    ),
    BASE,
    {"static/style.css": "0123abcd" * 8},
    {"static/style.css": len(STYLE)},
)


@settings(max_examples=50)
@given(PAGES, STEPS, st.booleans(), st.booleans())
def test_a_path_leads_where_urljoin_says(
    page: str, steps: list[str], is_folder: bool, is_rooted: bool
) -> None:
    path = ("/" if is_rooted else "") + "/".join(steps) + ("/" if is_folder else "")
    above = "https://host.example/1/2/3/4/5/6/"
    joined = urljoin(above, path[1:]) if is_rooted else urljoin(above + page, path)
    below = joined.removeprefix(above)
    if below == joined:  # a browser would stay on the host, and leave the site
        assert target_of(path, page) is None
    else:
        assert target_of(path, page) == (f"{below}index.html" if not below or below.endswith("/") else below)


@pytest.mark.parametrize(
    ("path", "page", "file"),
    [
        ("", "a/index.html", "a/index.html"),
        (".", "a/index.html", "a/index.html"),
        ("..", "a/index.html", "index.html"),
        ("./", "index.html", "index.html"),
        ("../", "a/b/index.html", "a/index.html"),
        ("../..", "a/b/index.html", "index.html"),
        ("../.", "a/b/index.html", "a/index.html"),
        ("b", "a/index.html", "a/b"),
        ("/", "a/b/index.html", "index.html"),
        ("/a/", "b/index.html", "a/index.html"),
        ("//a//", "b/index.html", "a/index.html"),
        ("../", "index.html", None),
        ("../../x", "a/index.html", None),
        ("..x/", "index.html", "..x/index.html"),
        ("a/../../", "index.html", None),
    ],
)
def test_the_ends_of_paths(path: str, page: str, file: str | None) -> None:
    assert target_of(path, page) == file


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("./a/?v=1#p", ("./a/", "v=1", "p")),
        ("#caf%C3%A9", ("", "", "café")),
        ("./x%20y.csv", ("./x y.csv", "", "")),
        (BASE, ("/", "", "")),
        (f"{BASE}/a/#p", ("/a/", "", "p")),
        (f"{BASE}s/a/", None),
        ("https://other.example/", None),
        ("//other.example/x", None),
        ("mailto:a@b.example", None),
        ("javascript:alert(1)", None),
        ("https://[bad/", None),
        ("", ("", "", "")),
    ],
)
def test_an_address_within_the_site_has_path_query_and_place(
    address: str, expected: tuple[str, str, str] | None
) -> None:
    assert inner_address(address, "index.html", BASE) == expected
    assert inner_address(address, "index.html", f"{BASE}/") == expected


def test_without_a_public_address_every_absolute_one_leads_elsewhere() -> None:
    assert inner_address(f"{BASE}/a/", "index.html", None) is None
    assert inner_address("a/", "index.html", None) == ("a/", "", "")


FAULTS = {
    "nowhere": ('<a href="./c/">c</a>', "href='./c/' leads nowhere"),
    "slash": ('<a href="./a">a</a>', "href='./a' leads nowhere, a slash is missing at its end"),
    "out": ('<a href="../">up</a>', "href='../' leads out of the site"),
    "picture": ('<img alt="" src="./static/no.png">', "src='./static/no.png' leads nowhere"),
    "candidate": (
        '<img alt="" src="./static/card.png" srcset="./no.png 2x">',
        "srcset='./no.png' leads nowhere",
    ),
    "public": (f'<a href="{BASE}/c/">c</a>', f"href='{BASE}/c/' leads nowhere"),
    "stale": (
        '<link rel="stylesheet" href="./static/style.css?v=0123abce">',
        "href='./static/style.css?v=0123abce' asks for other content than static/style.css holds",
    ),
    "preview": (
        '<meta property="og:image" content="./no.png">',
        "og:image='./no.png' leads nowhere",
    ),
    "preview-page": ('<meta property="og:url" content="./c/">', "og:url='./c/' leads nowhere"),
}
SOUND = {
    "folder": ('<a href="./a/">a</a>', "a/index.html"),
    "start": ('<a href="./">a</a>', "index.html"),
    "blank": ('<a href="./x%20y.csv">a</a>', "x y.csv"),
    "public": (f'<a href="{BASE}/a/b/">a</a>', "a/b/index.html"),
    "preview": (f'<meta property="og:image" content="{BASE}/static/card.png">', "static/card.png"),
    "hash": ('<link rel="stylesheet" href="./static/style.css?v=0123abcd">', "static/style.css"),
    "query-that-is-no-hash": ('<a href="./a/?sort=score">a</a>', "a/index.html"),
    "hash-of-what-has-none": ('<img alt="" src="./static/card.png?v=77">', "static/card.png"),
}


def own(main: str) -> Outline:
    """A page that holds nothing else."""
    return Outline("index.html", f"<body>\n{main}")


@pytest.mark.parametrize(("main", "expected"), FAULTS.values(), ids=FAULTS)
def test_an_address_that_leads_nowhere_has_its_sentence(main: str, expected: str) -> None:
    assert [s for _, s in ways(own(main), SITE).faults] == [expected]


@pytest.mark.parametrize(("main", "file"), SOUND.values(), ids=SOUND)
def test_an_address_that_leads_somewhere_is_a_way(main: str, file: str) -> None:
    found = ways(own(main), SITE)
    assert found.faults == ()
    assert file in {lead.file for lead in found.leads}


def test_what_a_browser_loads_by_itself_is_told_from_what_a_reader_asks_for() -> None:
    main = (
        '<a href="./static/card.png">card</a><link rel="canonical" href="./a/">'
        '<meta property="og:image" content="./static/card.png"><script src="./x%20y.csv"></script>'
    )
    found = ways(own(main), SITE)
    assert found.loads == {"x y.csv"}
    assert {lead.file for lead in found.leads} == {"static/card.png", "a/index.html", "x y.csv"}


def test_a_way_has_the_place_that_it_names_and_its_line() -> None:
    (lead,) = ways(own('<p>\n<a href="./a/#p%20q">a</a></p>'), SITE).leads
    assert lead == ("a/index.html", "p q", 3)
