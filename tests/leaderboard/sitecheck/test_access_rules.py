"""Each sentence about access: a page that earns exactly this one, beside its twin that earns none."""

import pytest

from interplay.leaderboard.sitecheck import access
from interplay.leaderboard.sitecheck.outline import Outline

from .handmade import TABLE, outline, sound

REGION = '<div role="region" aria-label="{0}" tabindex="0"><p>x</p></div>'
TWINS = {
    # names of links, buttons and other things that can be reached
    "link-without-text": ('<a href="./">home</a>', '<a href="./"></a>', '<a href="./"> has no name'),
    "link-of-blanks": ('<a href="./">.</a>', '<a href="./"> \n </a>', '<a href="./"> has no name'),
    "link-around-a-picture": (
        '<a href="./"><img src="x.png" alt="home"></a>',
        '<a href="./"><img src="x.png" alt=""></a>',
        '<a href="./"> has no name',
    ),
    "link-with-a-title": (
        '<a href="./" title="home"></a>',
        '<a href="./" title=" "></a>',
        '<a href="./" title=" "> has no name',
    ),
    "link-named-by-another": (
        '<a href="./" aria-labelledby="t"></a><p id="t">home</p>',
        '<a href="./" aria-labelledby="t"></a><p id="t"></p>',
        '<a href="./" aria-labelledby="t"> has no name',
    ),
    "place-is-no-link": (
        '<a id="here"></a>',
        '<a id="here" href="#here"></a>',
        '<a id="here" href="#here"> has no name',
    ),
    "button": ("<button>Sort</button>", "<button></button>", "<button> has no name"),
    "button-with-a-label": (
        '<button aria-label="Sort"></button>',
        '<button aria-label="  "></button>',
        '<button aria-label="  "> has no name',
    ),
    "summary": (
        "<details><summary>More</summary></details>",
        "<details><summary></summary></details>",
        "<summary> has no name",
    ),
    "frame": ('<iframe title="a board"></iframe>', "<iframe></iframe>", "<iframe> has no name"),
    # form controls
    "control-in-a-label": (
        "<label>Text <input></label>",
        "<label><input></label>",
        "<input> has no label",
    ),
    "control-with-a-label": (
        '<label for="q">Text</label><input id="q">',
        '<label for="r">Text</label><input id="q"><p id="r">x</p>',
        '<input id="q"> has no label',
    ),
    "a-label-for-nothing-names-no-control-without-id": (
        '<label for="q">Text</label><input id="q">',
        '<label for="">Text</label><input>',
        "<input> has no label",
    ),
    "options-are-no-label": (
        "<label>Preset <select><option>smoke</option></select></label>",
        "<label><select><option>smoke</option></select></label>",
        "<select> has no label",
    ),
    "text-area": (
        '<textarea aria-label="Note"></textarea>',
        "<textarea></textarea>",
        "<textarea> has no label",
    ),
    "hidden-control": ('<input type="hidden">', '<input type="text">', '<input type="text"> has no label'),
    "button-control": ('<input type="reset">', '<input type="radio">', '<input type="radio"> has no label'),
    # pictures
    "picture-without-alt": ('<img src="x" alt="">', '<img src="x">', '<img src="x"> has no alt'),
    "drawing-without-title": (
        '<svg role="img"><title>a</title></svg>',
        '<svg role="img"></svg>',
        '<svg role="img"> has no title with role img, and is not hidden either',
    ),
    "drawing-without-role": (
        '<svg role="img"><title>a</title></svg>',
        "<svg><title>a</title></svg>",
        "<svg> has no title with role img, and is not hidden either",
    ),
    "title-of-a-part-names-no-drawing": (
        '<svg role="img"><title>a</title></svg>',
        '<svg role="img"><g><title>a</title></g></svg>',
        '<svg role="img"> has no title with role img, and is not hidden either',
    ),
    "hidden-drawing": (
        '<svg aria-hidden="true"></svg>',
        '<svg aria-hidden="false"></svg>',
        '<svg aria-hidden="false"> has no title with role img, and is not hidden either',
    ),
    "drawing-in-a-hidden-part": (
        '<p aria-hidden="true"><svg></svg></p>',
        "<p hidden><svg></svg></p>",
        "<svg> has no title with role img, and is not hidden either",
    ),
    # parts that scroll
    "part-that-scrolls": (
        '<div tabindex="0" aria-label="x"></div>',
        '<div tabindex="0"></div>',
        '<div tabindex="0"> can be reached by keyboard and has no name',
    ),
    "part-that-only-a-script-reaches": (
        '<div tabindex="-1"></div>',
        '<figure tabindex="0"></figure>',
        '<figure tabindex="0"> can be reached by keyboard and has no name',
    ),
    "group": (
        '<section role="group" title="x"></section>',
        '<section role="group"></section>',
        '<section role="group"> can be reached by keyboard and has no name',
    ),
    "two-regions": (
        REGION.format("a") + REGION.format("b"),
        REGION.format("a") + REGION.format("a"),
        "two regions are named 'a' (first in line 18)",
    ),
    "two-sections": (
        '<section aria-label="a"></section><section></section><section></section>',
        '<section aria-label="a"></section>\n<section aria-label="a"></section>',
        "two regions are named 'a' (first in line 18)",
    ),
    # references
    **{
        f"{name}-of-nothing": (
            f'<p {name}="t">x</p><b id="t">t</b>',
            f'<p {name}="t u">x</p><b id="t">t</b>',
            f"{name}='u' names no element of the page",
        )
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers")
    },
    "order-of-the-keyboard": (
        '<p tabindex="0">x</p>',
        '<p tabindex="1">x</p>',
        '<p tabindex="1"> puts itself before the rest with its tabindex',
    ),
    "no-tabindex-at-all": (
        '<p tabindex="-1">x</p>',
        "<p tabindex>x</p>",
        '<p tabindex=""> puts itself before the rest with its tabindex',
    ),
    # headings
    "second-h1": ("<h2>b</h2>", "<h1>b</h1>", "the page has 2 h1 (expected one)"),
    "left-out-level": (
        "<h2>b</h2><h3>c</h3><h2>d</h2>",
        "<h2>b</h2><h4>c</h4>",
        "h4 'c' stands below an h2, a level is left out",
    ),
    "back-to-any-level": (
        "<h2>b</h2><h3>c</h3><h4>d</h4><h2>e</h2>",
        "<h3>c</h3>",
        "h3 'c' stands below an h1, a level is left out",
    ),
    "empty-heading": ("<h2 hidden></h2>", "<h2></h2>", "<h2> is empty"),
    "heading-to-be-filled": ("<template><h2></h2></template>", "<h2> </h2>", "<h2> is empty"),
    # navigation
    "navigation-without-name": (
        '<nav aria-label="Tabs"></nav>',
        "<nav></nav>",
        "a navigation has no aria-label",
    ),
    "second-main": ("<div></div>", "<main></main>", "the page has 2 <main> (expected one)"),
    "second-footer": ("<div></div>", "<footer></footer>", "the page has 2 <footer> (expected one)"),
}
DOCUMENT = {
    "doctype": ("<!doctype html>\n", "", "the page does not begin with <!doctype html>"),
    "another-doctype": (
        "<!doctype html>",
        '<!doctype html public "-//W3C//DTD XHTML 1.0">',
        "the page does not begin with <!doctype html>",
    ),
    "language": (' lang="en"', "", "<html> has no lang"),
    "empty-language": (' lang="en"', ' lang=""', "<html> has no lang"),
    "encoding": ('charset="utf-8"', 'charset="latin-1"', 'the head has no <meta charset="utf-8">'),
    "title": ("<title>Interplay</title>", "", "the page has 0 titles (expected one)"),
    "empty-title": ("<title>Interplay</title>", "<title> </title>", "the title of the page is empty"),
    "second-title": ("</title>", "</title><title>b</title>", "the page has 2 titles (expected one)"),
    "description": ("A page without a fault.", " ", "the page has no description"),
    "width": ("width=device-width", "width=640", "the viewport does not follow the width of the device"),
    "no-zoom": ("initial-scale=1", "user-scalable=no", "the viewport forbids to zoom"),
    "no-zoom-by-number": ("initial-scale=1", "user-scalable = 0", "the viewport forbids to zoom"),
    "least-zoom": ("initial-scale=1", "maximum-scale=1", "the viewport forbids to zoom"),
    "least-zoom-before-another": (
        "initial-scale=1",
        "maximum-scale=1.5, initial-scale=1",
        "the viewport forbids to zoom",
    ),
    "header": ("header>", "div>", "the page has 0 <header> (expected one)"),
    "way-past": (
        'href="#main"',
        'href="#top"',
        "the first link does not lead past the navigation to the main part",
    ),
    "way-past-to-a-file": (
        'href="#main"',
        'href="main"',
        "the first link does not lead past the navigation to the main part",
    ),
    "same-navigation": (
        "<footer>",
        '<nav aria-label="Main"></nav><footer>',
        "two navigations are named 'Main'",
    ),
}
SOUND_HEADS = {
    "zoom-to-double": ("initial-scale=1", "maximum-scale=2"),
    "zoom-to-ten": ("initial-scale=1", "maximum-scale=10, minimum-scale=1"),
    "title-of-a-drawing": ("</main>", '<svg role="img"><title>b</title></svg></main>'),
    "capital-encoding": ("utf-8", "UTF-8"),
}


def said(page: Outline) -> list[str]:
    """Sentences of all rules about access, each once."""
    return list(dict.fromkeys(sentence for rule in access.RULES for _, sentence in rule(page)))


@pytest.mark.parametrize(("sound_part", "faulty", "expected"), TWINS.values(), ids=TWINS)
def test_a_part_is_found_and_its_twin_is_not(sound_part: str, faulty: str, expected: str) -> None:
    assert said(outline(sound_part)) == []
    assert said(outline(faulty)) == [expected]


@pytest.mark.parametrize(("old", "new", "expected"), DOCUMENT.values(), ids=DOCUMENT)
def test_a_document_is_found_by_the_one_thing_that_it_lacks(old: str, new: str, expected: str) -> None:
    assert old in sound()
    assert said(Outline("index.html", sound().replace(old, new))) == [expected]


@pytest.mark.parametrize(("old", "new"), SOUND_HEADS.values(), ids=SOUND_HEADS)
def test_what_looks_like_a_fault_of_the_document_and_is_none(old: str, new: str) -> None:
    assert said(Outline("index.html", sound().replace(old, new))) == []


def test_a_page_without_any_h1_or_navigation_says_so_in_its_first_line() -> None:
    page = Outline("x.html", sound().replace("h1>", "p>"))
    assert list(access.headings(page)) == [(1, "the page has 0 h1 (expected one)")]
    bare = Outline("x.html", sound().replace("<nav", "<div").replace("</nav>", "</div>"))
    assert (1, "the page has no navigation") in list(access.landmarks(bare))


def test_the_second_h1_is_named_by_its_line_and_what_stands_before_the_first_as_well() -> None:
    page = Outline("x.html", "<h2>Early</h2>\n<h1>a</h1>\n\n<h1>b</h1>")
    assert list(access.headings(page)) == [
        (4, "the page has 2 h1 (expected one)"),
        (1, "the first heading is <h2> (expected the h1)"),
    ]


def test_a_framed_page_needs_a_main_part_and_no_navigation() -> None:
    framed = sound(framed=True)
    assert list(access.landmarks(Outline("embed/demo/index.html", framed))) == []
    lacks = {sentence for _, sentence in access.landmarks(Outline("boards/demo/index.html", framed))}
    assert "the page has 0 <header> (expected one)" in lacks
    assert "the page has no navigation" in lacks
    no_main = Outline("embed/demo/index.html", framed.replace("main", "div"))
    assert list(access.landmarks(no_main)) == [(1, "the page has 0 <main> (expected one)")]


def test_a_link_is_named_by_its_text_before_its_title_and_by_its_label_before_both() -> None:
    page = outline('<a href="./" title="t" aria-label=" l ">x</a><a href="./" title="t">x</a>')
    labelled, plain = page.main.all("a") if page.main else ()
    assert access.name_of(labelled, page) == "l"
    assert access.name_of(plain, page) == "x"
    (blank,) = outline('<button aria-label=" ">y</button>').all("button")
    assert access.name_of(blank, page) == "y"


def test_the_names_of_several_labels_are_joined_and_absent_ones_passed_over() -> None:
    page = outline('<p id="a">Two</p><p id="b">words</p><div aria-labelledby="a nothing b"></div>')
    (part,) = page.all("div")
    assert access.name_of(part, page) == "Two words"


def test_the_sound_table_of_these_tests_is_sound() -> None:
    assert said(outline(TABLE)) == []
