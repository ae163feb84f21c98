"""Pages keep to themselves: nothing foreign, no message, no sideways scroll, with and without script."""

from typing import Any

import pytest

from ..chromium import MARKS
from .sample import KINDS, Sample, kind_of

pytestmark = [*MARKS, pytest.mark.slow]

WIDTHS = (320, 360, 640, 768, 900, 1050, 1200)
FILES_ON_LOAD = 5
WATCH = (
    "window.violations = []; document.addEventListener('securitypolicyviolation', "
    "e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));"
)
ROOM = "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"


def test_the_sample_holds_every_kind_of_page(site: Sample) -> None:
    """What the other tests say of every kind of page, they say of these."""
    assert [path for path in site.paths if kind_of(path) is None] == []
    built = {kind_of(path) for path in site.paths}
    assert {kind_of(site.path(page)) for page in site.pages} == built
    assert set(KINDS) - built == {"page of a board", "earlier version"}
    assert all(site.file(page).is_file() for page in site.pages)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_pages_ask_for_nothing_foreign_and_break_no_rule(site: Sample, browser: Any, script: bool) -> None:
    """No console message, policy violation, dialog or foreign request, and at most five files."""
    context = browser.new_context(java_script_enabled=script, viewport={"width": 1200, "height": 900})
    page = context.new_page()
    said: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: requests.append(request.url))
    page.add_init_script(WATCH)
    for name in site.pages:
        requests.clear()
        page.goto(site.address(name))
        if script:
            assert page.evaluate("window.violations") == [], name
        assert said == [], name
        assert all(url.startswith(site.origin) for url in requests), name
        files = set(requests)  # the icon that the page before asked for late may come twice
        assert len(files) <= FILES_ON_LOAD, f"{name} asks for {files}"
    assert context.cookies() == []
    context.close()


def test_pages_never_scroll_sideways(site: Sample, page: Any) -> None:
    wide: list[str] = []
    for name in site.pages:
        page.goto(site.address(name))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            room, needed = page.evaluate(ROOM)
            if needed > room:
                wide.append(f"{name} needs {needed} px of {room}")
    assert wide == []


def test_a_site_stores_nothing_in_the_browser(site: Sample, page: Any) -> None:
    page.goto(site.address("boards/mazes-pair/"))
    page.get_by_label("Text").fill("meadow")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("document.cookie") == ""
