"""By keyboard: the way past the navigation, a focus that is always seen, and targets large enough."""

from typing import Any

import pytest

from ..chromium import MARKS
from .sample import RICH, Sample

pytestmark = [*MARKS, pytest.mark.slow]

STOPS = 400
"""Presses of Tab that walk a page; no sample page that is walked has more stops."""
LEAST = 24
"""CSS pixels of a target in each direction, or between the centres of two (WCAG 2.5.8)."""
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getClientRects()[0] || e.getBoundingClientRect(), style = getComputedStyle(e);
  const x = Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 12), 1), innerHeight - 1);
  const above = document.elementFromPoint(x, y);
  return {
    what: e.outerHTML.slice(0, 100),
    inside: box.bottom > 0 && box.top < innerHeight,
    clear: !!above && (e.contains(above) || above.contains(e)),
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    colour: style.outlineColor,
  };
}"""
SMALL = f"""() => {{
  const kinds = 'a[href], button, input, select, summary, [role=button]';
  const shown = [...document.querySelectorAll(kinds)].filter(e => {{
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    return box.width > 1 && box.height > 1 && style.visibility !== 'hidden' && !e.matches('.skip');
  }});
  const inText = e => e.tagName === 'A' && getComputedStyle(e).display === 'inline' &&
    [...e.parentElement.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  const middle = box => [box.left + box.width / 2, box.top + box.height / 2];
  const boxes = shown.map(e => e.getBoundingClientRect());
  const small = i => boxes[i].width < {LEAST} || boxes[i].height < {LEAST};
  const near = (i, j) => {{
    const [x, y] = middle(boxes[i]);
    if (small(j)) {{
      const [u, v] = middle(boxes[j]);
      return Math.hypot(x - u, y - v) < {LEAST};
    }}
    const dx = Math.max(boxes[j].left - x, 0, x - boxes[j].right);
    const dy = Math.max(boxes[j].top - y, 0, y - boxes[j].bottom);
    return Math.hypot(dx, dy) < {LEAST / 2};
  }};
  const found = [];
  shown.forEach((e, i) => {{
    if (!small(i) || inText(e)) return;
    const other = shown.findIndex((o, j) => j !== i && !o.contains(e) && !e.contains(o) && near(i, j));
    if (other >= 0) found.push(e.outerHTML.slice(0, 90) + ' beside ' + shown[other].outerHTML.slice(0, 90));
  }});
  return found;
}}"""


def test_the_keyboard_reaches_the_content_first(site: Sample, page: Any) -> None:
    page.goto(site.address("boards/mazes-pair/"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["boards/mazes-pair/", "OPEN"])
def test_the_focus_is_seen_wherever_it_goes(site: Sample, browser: Any, name: str, scheme: str) -> None:
    """Down the page and back up again, where the sticky head of a table could hide it."""
    context = browser.new_context(viewport={"width": 1200, "height": 500}, color_scheme=scheme)
    page = context.new_page()
    page.goto(site.address(name))
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    stops = 0
    for key in ("Tab", "Shift+Tab"):
        for _ in range(STOPS):
            page.keyboard.press(key)
            focus = page.evaluate(FOCUS)
            if focus is None:  # past the last stop, in the browser's own bars
                break
            stops += 1
            assert focus["inside"], f"{key} leaves {focus['what']} outside of the window"
            assert focus["clear"], f"{key}: something covers {focus['what']}"
            assert focus["ring"], f"{key}: no outline around {focus['what']}"
            assert focus["colour"] != paper, focus["what"]
        else:
            pytest.fail(f"{name} has more than {STOPS} stops; raise STOPS")
    assert stops > 20
    context.close()


@pytest.mark.parametrize("width", [1200, 360])
def test_targets_are_large_enough_or_apart(site: Sample, browser: Any, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    found: dict[str, list[str]] = {}
    for name in (*RICH, "", "models/", "changes/", "data/", "families/mazes/", "404.html"):
        page.goto(site.address(name))
        if small := page.evaluate(SMALL):
            found[name] = small[:3]
    assert found == {}
    context.close()
