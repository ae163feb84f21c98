"""No violation of WCAG 2.2 AA or of best practice that axe can find, in both themes, wide and narrow."""

from typing import Any

import pytest

from ..chromium import MARKS
from .sample import RICH, Sample

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
pytestmark = [*MARKS, pytest.mark.slow]

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},  # off by default in axe, though it is one of WCAG 2.2 AA
    "resultTypes": ["violations"],  # of what passes, one node a rule is told
}
WIDE, NARROW = 1200, 360
VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (WIDE, NARROW)]
ACROSS = [("light", WIDE), ("dark", NARROW)]
"""The views of pages that hold nothing that is hard to get right: each theme and each width once."""


def violations(site: Sample, browser: Any, scheme: str, width: int, names: tuple[str, ...]) -> list[str]:
    """What axe finds on some pages in one view, and proof that it looked."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    found: list[str] = []
    for name in names:
        page.goto(site.address(name))
        response = axe.Axe().run(page, options=OPTIONS).response
        ran = {rule["id"] for key in ("passes", "violations", "incomplete") for rule in response[key]}
        assert ran >= {"color-contrast", "target-size", "document-title"}, name
        for violation in response["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"][:3]]
            found.append(f"{name or 'start'}: {violation['id']}: {violation['help']}: {nodes}")
    context.close()
    return found


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_axe_finds_nothing_on_pages_with_everything(
    site: Sample, browser: Any, scheme: str, width: int
) -> None:
    assert violations(site, browser, scheme, width, RICH) == []


@pytest.mark.parametrize(("scheme", "width"), ACROSS)
def test_axe_finds_nothing_on_any_kind_of_page(site: Sample, browser: Any, scheme: str, width: int) -> None:
    others = tuple(name for name in site.pages if name not in RICH)
    assert violations(site, browser, scheme, width, others) == []


def test_axe_would_find_something(site: Sample, browser: Any) -> None:
    """The run above is not empty: a page that is broken on purpose is not passed."""
    page = browser.new_page()
    page.goto(site.address(""))
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><img src=x>')")
    response = axe.Axe().run(page, options=OPTIONS).response
    assert {violation["id"] for violation in response["violations"]} >= {"label", "image-alt"}
    page.close()
