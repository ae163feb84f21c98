"""Each sentence about safety: a page that earns exactly this one, beside its twin that earns none."""

import pytest

from interplay.leaderboard.sitecheck import safety
from interplay.leaderboard.sitecheck.outline import VOID, Outline
from interplay.leaderboard.sitecheck.safety import ADDRESSES

from .handmade import BASE, foreign, outline, sound

NEVER = {
    *("applet", "base", "embed", "fencedframe", "foreignobject", "frame", "frameset", "iframe", "object"),
    "style",
}
POLICY = {
    "none": (
        "content-security-policy",
        "x-policy",
        "the page declares 0 content security policies (expected one)",
    ),
    "two": (
        "<title>",
        '<meta http-equiv="Content-Security-Policy" content=""><title>',
        "the page declares 2 content security policies (expected one)",
    ),
    "weaker": ("default-src", "x-src", "the content security policy is not the one of the site"),
    "late": (
        '<meta charset="utf-8">',
        '<link rel="icon" href="./static/card.png"><meta charset="utf-8">',
        "something is loaded before the content security policy is declared",
    ),
    "referrer": (
        "no-referrer",
        "origin",
        "the page hands its address on to others (no referrer: no-referrer)",
    ),
    "refresh": (
        "<title>",
        '<meta http-equiv="Refresh" content="0"><title>',
        "the page sends its readers on",
    ),
}
CODE = {
    "script-in-the-page": (
        '<script src="./static/site.js"></script>',
        "<script>alert(1)</script>",
        "a script stands in the page (expected a file)",
    ),
    "script-with-both": (
        '<script src="x.js"> </script>',
        '<script src="x.js">alert(1)</script>',
        "a script stands in the page (expected a file)",
    ),
    "script-without-address": (
        '<script src="x.js"></script>',
        '<script src=""></script>',
        "a script stands in the page (expected a file)",
    ),
    "handler": ('<p data-on="x">a</p>', '<p onclick="x">a</p>', '<p onclick="x"> has the attribute onclick'),
    "capital-handler": ("<p>a</p>", '<p OnLoad="x">a</p>', '<p onload="x"> has the attribute onload'),
    "style": ('<p class="x">a</p>', '<p style="x">a</p>', '<p style="x"> has the attribute style'),
    "frame-source": ("<p>a</p>", '<p srcdoc="x">a</p>', '<p srcdoc="x"> has the attribute srcdoc'),
    "ping": (
        '<a href="./">a</a>',
        '<a href="./" ping="x">a</a>',
        '<a href="./" ping="x"> has the attribute ping',
    ),
    **{
        f"element-{tag}": ("<p>x</p>", f"<{tag}></{tag}>", f"<{tag}> may stand on no page")
        for tag in sorted(NEVER - VOID)
    },
    **{
        f"element-{tag}": ("<p>x</p>", f"<{tag}>", f"<{tag}> may stand on no page")
        for tag in sorted(NEVER & VOID)
    },
    "window": (
        '<a href="./" target="_blank" rel="noopener">a</a>',
        '<a href="./" target="_blank" rel="nofollow">a</a>',
        '<a href="./" target="_blank" rel="nofollow"> opens a window that can steer this page '
        "(no rel noopener)",
    ),
    "window-without-address-handed-on": (
        '<a href="./" target="x" rel="noreferrer">a</a>',
        '<a href="./" target="x">a</a>',
        '<a href="./" target="x"> opens a window that can steer this page (no rel noopener)',
    ),
    "turned": (
        '<p dir="auto">\u202eevil</p>',
        "<p>\u202eevil</p>",
        "<p> holds text that turns direction, without a dir of its own",
    ),
    "turned-by-reference": (
        "<bdi>&#x202e;evil</bdi>",
        "<b>&#x202E;evil</b>",
        "<b> holds text that turns direction, without a dir of its own",
    ),
    "turned-by-number": (
        '<div dir="ltr"><p>&#8297;</p></div>',
        "<div><p>&#8297;</p></div>",
        "<p> holds text that turns direction, without a dir of its own",
    ),
}
LINKS = {
    "plain": ("http://a.example/", "a link leads to 'http://a.example/' (expected https)"),
    "script": ("javascript:alert(1)", "a link leads to 'javascript:alert(1)' (expected https)"),
    "data": ("data:text/html,x", "a link leads to 'data:text/html,x' (expected https)"),
    "mail": ("mailto:a@b.example", "a link leads to 'mailto:a@b.example' (expected https)"),
    "same-scheme": ("//a.example/x", "a link leads to '//a.example/x' (expected https)"),
    "user": ("https://u@a.example/", "a link leads to 'https://u@a.example/', whose host is no plain name"),
    "port": ("https://a.example:8/", "a link leads to 'https://a.example:8/', whose host is no plain name"),
    "number": ("https://127.0.0.1/", "a link leads to 'https://127.0.0.1/', whose host is no plain name"),
    "one-word": ("https://localhost/", "a link leads to 'https://localhost/', whose host is no plain name"),
    "capitals": ("https://A.example/", "a link leads to 'https://A.example/', whose host is no plain name"),
    "other-letters": (
        "https://ехаmple.com/",
        "a link leads to 'https://ехаmple.com/', whose host is no plain name",
    ),
    "puny": (
        "https://xn--a.example/",
        "a link leads to 'https://xn--a.example/', whose host is no plain name",
    ),
    "blank": ("https://a.example/a b", "href='https://a.example/a b' holds blanks or backslashes"),
    "backslash": ("https:\\\\a.example", "href='https:\\\\\\\\a.example' holds blanks or backslashes"),
    "no-address": ("https://[a/", "href='https://[a/' is no address"),
}
TEXTS = {
    "another-host": ("arxiv.org", "a link that shows 'arxiv.org' leads to a.example"),
    "another-host-with-path": ("https://arxiv.org/abs/1", "a link that shows 'arxiv.org' leads to a.example"),
    "another-host-in-capitals": ("ArXiv.org", "a link that shows 'ArXiv.org' leads to a.example"),
    "same-host": ("a.example", None),
    "same-host-in-capitals": ("A.Example/x", None),
    "same-host-with-www": ("www.a.example", None),
    "words": ("paper of 2026", None),
    "a-version": ("v1.2", None),
}


def said(page: Outline) -> list[str]:
    """Sentences of all rules about safety."""
    rules = [sentence for rule in safety.RULES for _, sentence in rule(page)]
    return rules + [sentence for _, sentence in safety.foreign(page, BASE)]


@pytest.mark.parametrize(("old", "new", "expected"), POLICY.values(), ids=POLICY)
def test_the_head_declares_its_policy_first_and_keeps_its_address_to_itself(
    old: str, new: str, expected: str
) -> None:
    assert said(outline()) == []
    assert old in sound()
    found = said(Outline("x.html", sound().replace(old, new, 1)))
    assert found == [expected]


@pytest.mark.parametrize(("sound_part", "faulty", "expected"), CODE.values(), ids=CODE)
def test_nothing_runs_frames_or_turns_that_is_not_the_sites_own(
    sound_part: str, faulty: str, expected: str
) -> None:
    assert said(outline(sound_part)) == []
    assert said(outline(faulty)) == [expected]


@pytest.mark.parametrize(("address", "expected"), LINKS.values(), ids=LINKS)
def test_a_link_to_another_site_has_a_plain_safe_address(address: str, expected: str) -> None:
    assert said(outline(foreign("https://a.example/x-1/?q=2#p"))) == []
    assert said(outline(foreign(address))) == [expected]


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_a_link_that_shows_an_address_leads_there(text: str, expected: str | None) -> None:
    assert said(outline(foreign("https://www.a.example/", text))) == ([expected] if expected else [])


@pytest.mark.parametrize("missing", sorted(safety.REL))
def test_each_relation_of_a_link_to_another_site_is_asked_for(missing: str) -> None:
    rel = " ".join(sorted(safety.REL - {missing}))
    found = said(outline(foreign("https://a.example/", rel=rel)))
    assert found == [f"the link to https://a.example/ lacks rel {missing}"]


def test_a_link_to_another_site_says_so() -> None:
    found = said(outline(foreign("https://a.example/", said="")))
    assert found == ["the link to https://a.example/ does not say that it opens another site"]


@pytest.mark.parametrize("name", sorted(set(ADDRESSES) - {"href"}))
def test_nothing_asks_another_site_by_any_attribute(name: str) -> None:
    assert said(outline(f'<p {name}="./x">a</p>')) == []
    found = said(outline(f'<p {name}="https://a.example/x">a</p>'))
    assert found == [f'<p {name}="https://a.example/x"> asks another site, https://a.example/x']


def test_every_candidate_of_a_picture_is_looked_at() -> None:
    found = said(outline('<img alt="" src="x" srcset="a.png 1x, https://a.example/b.png 2x, ">'))
    assert len(found) == 1
    assert found[0].endswith("asks another site, https://a.example/b.png")


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        (BASE, True),
        (f"{BASE}/", True),
        (f"{BASE}/boards/", True),
        (f"{BASE}-evil/boards/", False),
        ("https://example.org/", False),
    ],
)
def test_the_public_address_of_the_site_is_its_own_and_a_longer_name_is_not(
    address: str, is_own: bool
) -> None:
    page = outline(f'<img alt="" src="{address}">')
    assert (list(safety.foreign(page, BASE)) == []) is is_own
    assert len(list(safety.foreign(page, None))) == 1
    slash = [sentence for _, sentence in safety.foreign(page, f"{BASE}/")]
    assert (slash == []) is is_own


@pytest.mark.parametrize(
    ("markup", "attribute", "is_loaded"),
    [
        ("<a></a>", "href", False),
        ("<form></form>", "action", False),
        ("<q></q>", "cite", False),
        ('<link rel="canonical">', "href", False),
        ('<link rel="alternate">', "href", False),
        ('<link rel="stylesheet">', "href", True),
        ('<link rel="icon">', "href", True),
        ("<link>", "href", True),
        ("<img>", "src", True),
        ("<script></script>", "src", True),
    ],
)
def test_a_browser_loads_what_no_reader_has_to_ask_for(markup: str, attribute: str, is_loaded: bool) -> None:
    (element,) = Outline("x.html", markup).everything
    assert safety.is_loaded(element, attribute) is is_loaded


def test_a_canonical_address_elsewhere_asks_another_site_although_nothing_is_loaded() -> None:
    page = Outline("x.html", sound(head='<link rel="canonical" href="https://a.example/">'))
    assert [s for _, s in safety.foreign(page, BASE)] == [
        '<link rel="canonical" href="https://a.example/"> asks another site, https://a.example/'
    ]


def test_faults_stand_in_the_line_of_their_element() -> None:
    page = outline(f"<p>one</p>\n{foreign('http://a.example/')}")
    ((line, _),) = safety.foreign(page, BASE)
    assert "http://a.example/" in page.markup.splitlines()[line - 1]
