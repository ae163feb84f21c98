"""The tree of a page: what was written comes back, and every slip in it has a sentence and a line."""

from html import escape

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.sitecheck import access, figures, safety
from interplay.leaderboard.sitecheck.outline import VOID, Element, Finding, Outline

NAMES = st.sampled_from(["div", "p", "b", "table", "td", "section", "br", "img", "time"])
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), min_size=1, max_size=8
)
"""Text of a page: without control characters, which no page of the site holds."""


@st.composite
def trees(draw: st.DrawFn, depth: int = 0) -> str:
    """Markup of one well-formed element."""
    tag = draw(NAMES)
    given = draw(st.dictionaries(st.sampled_from(["class", "title", "lang"]), TEXT, max_size=2))
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in given.items())
    start = f"<{tag}{attributes}>"
    if tag in VOID:
        return start
    parts = draw(st.lists(TEXT.map(escape) | trees(depth + 1), max_size=3)) if depth < 3 else []
    return f"{start}{''.join(parts)}</{tag}>"


@settings(max_examples=50)
@given(st.lists(trees(), min_size=1, max_size=3))
def test_a_well_formed_page_is_read_as_another_parser_reads_it(parts: list[str]) -> None:
    markup = "".join(parts)
    page, other = Outline("x.html", markup), BeautifulSoup(markup, "html.parser")
    assert page.slips == []
    assert [e.tag for e in page.everything] == [e.name for e in other.find_all(True)]
    assert [e.attrs.get("title") for e in page.everything] == [e.get("title") for e in other.find_all(True)]
    assert page.root.text == " ".join("".join(other.find_all(string=True)).split())
    assert list(page.root) == page.everything


@settings(max_examples=50)
@given(st.text(st.sampled_from("<>/=\"'& abptdhr!-[]#;x0"), max_size=60))
def test_no_markup_makes_a_rule_fail(markup: str) -> None:
    """Whatever stands in a page, the checks answer with sentences: a report, never a traceback."""
    page = Outline("entries/x/index.html", markup)
    for rules in (access.RULES, safety.RULES, figures.RULES):
        for rule in rules:
            for line, sentence in rule(page):
                assert line >= 0
                assert sentence
    assert all(sentence for _, sentence in safety.foreign(page, None))
    assert figures.board_rows(page) == ()


@settings(max_examples=50)
@given(trees())
def test_a_missing_end_tag_is_told(markup: str) -> None:
    page = Outline("x.html", f"<main>{markup}")
    assert [sentence for _, sentence in page.slips] == ["<main> is never closed"]


@pytest.mark.parametrize(
    "tag",
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"],
)
def test_an_element_without_end_tag_is_none_that_was_left_open(tag: str) -> None:
    page = Outline("x.html", f'<div><{tag} class="a">text</div>')
    assert page.slips == []
    assert [e.tag for e in page.everything] == ["div", tag]
    assert page.everything[1].text == ""
    assert page.everything[1].shown() == f'<{tag} class="a">'


SLIPS = {
    "crossed": ("<p>\n<b></p>", [(2, "</p> closes <b>, which is still open")]),
    "twice": ("<p></p>\n</p>", [(2, "</p> closes nothing")]),
    "two-open": ("<div>\n<p>", [(2, "<p> is never closed"), (1, "<div> is never closed")]),
    "id": ('<p id="a"></p>\n<p id="a"></p>', [(2, "the id 'a' stands twice (first in line 1)")]),
    "attribute": ('<p class="a" class="b"></p>', [(1, "<p> has the attribute class twice")]),
    "self-closed": ("<p/>", [(1, "<p/> closes itself, which no element of a page does")]),
}
SOUND = {
    "void": "<br><img><hr>",
    "void-closed": "<br/><img/>",
    "void-end": "<p></br></p>",
    "drawing": '<svg><path d="M0 0"/><g><circle/></g></svg>',
    "ids-of-their-own": '<p id="a"></p><p id="A"></p>',
    "comment": "<!-- <p> --><p></p>",
    "script": "<script>'<p>'</script>",
}


@pytest.mark.parametrize(("markup", "expected"), SLIPS.values(), ids=SLIPS)
def test_every_slip_has_its_line_and_sentence(markup: str, expected: list[tuple[int, str]]) -> None:
    assert Outline("x.html", markup).slips == expected


@pytest.mark.parametrize("markup", SOUND.values(), ids=SOUND)
def test_what_closes_itself_by_right_is_no_slip(markup: str) -> None:
    assert Outline("x.html", markup).slips == []


def test_the_first_of_two_ids_and_of_two_attributes_is_the_one_that_counts() -> None:
    page = Outline("x.html", '<p id="a" class="x" class="y"></p><b id="a"></b>')
    assert page.ids["a"].tag == "p"
    assert page.ids["a"].classes == ["x"]


def first(markup: str, tag: str) -> Element:
    return Outline("x.html", markup).elements[tag][0]


def test_text_joins_blanks_of_all_parts_and_ends_without_any() -> None:
    assert first("<p>\n a<b> b \t</b>\u00a0c </p>", "p").text == "a b c"
    assert first("<p>&lt;i&gt; &amp;amp; &#8722;1</p>", "p").text == "<i> &amp; −1"


def test_children_are_right_below_and_all_are_anywhere() -> None:
    part = first("<div><p><b></b></p><b></b>text</div>", "div")
    assert [e.tag for e in part.children()] == ["p", "b"]
    assert [e.tag for e in part.children("b")] == ["b"]
    assert len(list(part.all("b"))) == 2
    assert [e.tag for e in part.all("b", "p")] == ["p", "b", "b"]


def test_an_element_knows_what_it_stands_in_the_nearest_first() -> None:
    inner = first("<table><tr><td><p><i></i></p></td></tr></table>", "i")
    assert [e.tag for e in inner.around()] == ["p", "td", "tr", "table", ""]
    within = inner.within("table", "td")
    assert within is not None
    assert within.tag == "td"
    assert inner.within("i") is None


@pytest.mark.parametrize(
    ("markup", "is_hidden"),
    [
        ("<i></i>", False),
        ("<i hidden></i>", True),
        ("<div hidden><p><i></i></p></div>", True),
        ("<template><i></i></template>", True),
        ('<div aria-hidden="true"><i></i></div>', False),
    ],
)
def test_what_a_script_fills_later_is_hidden(markup: str, is_hidden: bool) -> None:
    assert first(markup, "i").is_hidden is is_hidden


@pytest.mark.parametrize(
    ("given", "columns"),
    [("", 1), ("1", 1), ("3", 3), ("0", 1), ("-2", 1), ("two", 1), ("2.5", 1), ("³", 1), ("999999999", 1000)],
)
def test_a_cell_takes_as_many_columns_as_browsers_give_it(given: str, columns: int) -> None:
    assert first(f'<td colspan="{given}"></td>', "td").columns == columns


def test_a_long_start_tag_is_cut_in_sentences() -> None:
    shown = first('<p title="' + "long " * 40 + '">x</p>', "p").shown()
    assert len(shown) == 90
    assert shown.startswith('<p title="long long')


def test_a_finding_names_its_place_where_it_has_one() -> None:
    assert str(Finding("links", "a/b.html", 7, "leads nowhere")) == "a/b.html:7: leads nowhere"
    assert str(Finding("files", "feed.xml", 0, "is missing")) == "feed.xml: is missing"
