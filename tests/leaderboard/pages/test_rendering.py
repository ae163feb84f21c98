"""Pages as files: where they lie, how they find the start of the site, their assets, what is escaped."""

import hashlib
from html import unescape

import pytest
from jinja2 import UndefinedError

from interplay.leaderboard.pages import rendering
from interplay.leaderboard.pages.rendering import (
    CSP,
    NAVIGATION,
    Page,
    Site,
    asset_names,
    is_page_template,
    minified,
    render,
    static_files,
    templates_digest,
)

BASE = "https://orchard.github.io/interplay"
HOSTILE = "<script>alert('x')</script> & \"quoted\" {{ 7 * 7 }} \u202eevil ]]>"


def site(base_url: str | None = None, **fields: object) -> Site:
    given = {"version": "0.1.0", "commit": None, "date": None, "assets": asset_names(static_files())}
    return Site(base_url=base_url, **(given | fields))  # type: ignore[arg-type]


def page(path: str, **fields: object) -> Page:
    given: dict[str, object] = {"template": "404.html", "title": "T", "description": "D", "model": ()}
    return Page(path=path, **(given | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "file", "section", "root"),
    [
        ("", "index.html", "", "./"),
        ("boards/", "boards/index.html", "boards", "../"),
        ("boards/mazes-pair/2/", "boards/mazes-pair/2/index.html", "boards", "../../../"),
        ("feed.xml", "feed.xml", "feed.xml", "./"),
        ("a/b.html", "a/b.html", "a", "../"),
    ],
)
def test_a_page_lies_in_its_folder_and_knows_the_way_up(
    path: str, file: str, section: str, root: str
) -> None:
    found = page(path)
    assert (found.file, found.section, found.root(site())) == (file, section, root)
    assert found.root(site(BASE)) == root, "also where the site has an address"


@pytest.mark.parametrize(
    ("base_url", "root"), [(None, "/"), (BASE, f"{BASE}/"), (f"{BASE}/", f"{BASE}/"), ("", "/")]
)
def test_the_page_for_addresses_that_are_none_starts_at_the_root(base_url: str | None, root: str) -> None:
    assert page("404.html").root(site(base_url)) == root


@pytest.mark.parametrize(
    ("base_url", "repository"),
    [
        (BASE, "orchard/interplay"),
        (f"{BASE}/", "orchard/interplay"),
        ("https://a-b.github.io/x.y_z", "a-b/x.y_z"),
        ("https://orchard.github.io/", "OWNER/NAME"),
        ("https://orchard.github.io/a/b", "OWNER/NAME"),
        ("http://orchard.github.io/interplay", "OWNER/NAME"),
        ("https://orchardxgithub.io/interplay", "OWNER/NAME"),
        ("https://example.org/interplay", "OWNER/NAME"),
        (None, "OWNER/NAME"),
    ],
)
def test_the_repository_is_known_only_from_its_own_pages(base_url: str | None, repository: str) -> None:
    assert site(base_url).repository == repository


def test_transcripts_have_an_address_only_where_somebody_shows_them() -> None:
    moment, digest = "2026-11-27T00:00:00Z", "ab" * 32
    assert site().transcript_href(moment, digest) == ""
    href = site(transcripts="Acme").transcript_href(moment, digest)
    assert href.startswith("https://acme-interplay-transcripts-2026q4.static.hf.space/")


def test_an_asset_is_named_by_its_content() -> None:
    names = asset_names({"a.css": b"1", "b/c.js": b"2"})
    assert names == {
        "a.css": f"static/a.css?v={hashlib.sha256(b'1').hexdigest()[:8]}",
        "b/c.js": f"static/b/c.js?v={hashlib.sha256(b'2').hexdigest()[:8]}",
    }
    assert asset_names({"a.css": b"2"})["a.css"] != names["a.css"]


def test_own_scripts_lose_comments_and_blanks_and_keep_their_texts() -> None:
    script = b"// why\nconst a = 'x  // y';\n\n/* more */ const b = 1;\n"
    small = minified(script)
    assert len(small) < len(script)
    assert b"why" not in small
    assert b"more" not in small
    assert b"'x  // y'" in small


def test_static_files_are_in_the_order_of_their_names_without_hidden_ones() -> None:
    names = list(static_files())
    assert {"style.css", "site.js", "card.png"} <= set(names)
    assert not any(part.startswith(".") for name in names for part in name.split("/"))
    top = [name.split("/")[0] for name in names]
    assert top == sorted(top)


def test_the_digest_of_templates_changes_with_any_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    before = templates_digest()
    sources = dict(rendering._template_sources())
    assert before == templates_digest()
    monkeypatch.setattr(rendering, "_template_sources", lambda: sources | {"404.html": "x"})
    assert templates_digest() != before


def test_families_may_bring_their_own_prose() -> None:
    assert is_page_template("method/mazes.html")
    assert not is_page_template("method/of_tomorrow.html")


def test_every_page_has_its_head_its_navigation_and_its_policy() -> None:
    html = render(page("404.html", title="No page here"), site(BASE, commit="ab" * 20, date="2026-11-27"))
    assert html.startswith("<!doctype html>")
    assert f'content="{CSP}"' in unescape(html)
    assert "<title>No page here" in html
    for path, label in NAVIGATION:
        assert f'href="{BASE}/{path}/"' in html
        assert label in html


def test_the_part_of_the_site_that_is_shown_is_marked_as_current() -> None:
    html = render(page("boards/", template="boards.html"), site())
    marked = html.split('aria-current="page"')
    assert len(marked) == 2
    assert marked[0].rsplit("<a", 1)[1].strip().startswith('href="../boards/"')


def test_titles_and_descriptions_are_escaped_once() -> None:
    html = render(page("404.html", title=HOSTILE, description=HOSTILE), site(BASE))
    assert "<script>alert" not in html
    assert "{{ 7 * 7 }}" in html
    head = html.split("</head>")[0]
    assert HOSTILE in unescape(head)
    assert "&amp;lt;" not in head


def test_a_model_without_a_field_that_its_template_shows_is_a_bug_and_no_blank() -> None:
    with pytest.raises(UndefinedError):
        render(page("models/x/", template="model.html", model=object()), site())


def test_the_same_page_gives_the_same_text() -> None:
    first, second = (render(page("404.html"), site(BASE)) for _ in range(2))
    assert first == second
