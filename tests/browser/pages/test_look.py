"""Colours as in the design's table, dark mode, print; one row and one chart as they were last seen."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from ...leaderboard.test_style import DARK, LIGHT, RAMPS, SERIES, contrast
from ..chromium import MARKS
from .sample import Sample

pytestmark = MARKS

GOLDEN = Path(__file__).parents[2] / "golden" / "site"
REWRITE = "INTERPLAY_WRITE_GOLDEN" in os.environ
"""With this set the stored row and chart are written anew; look at the difference before it is committed."""
STATED = {
    "light": {"ink": 15.7, "ink-2": 6.6, "edge": 3.8, "accent": 7.5, "flag": 7.0, "ok": 6.2, "warn": 6.6},
    "dark": {"ink": 14.0, "ink-2": 7.9, "edge": 4.2, "accent": 9.0, "flag": 8.9, "ok": 9.4, "warn": 9.4},
}
"""Contrast against paper, as the design's table states it."""
TOKENS = """names => Object.fromEntries(names.map(n =>
  [n, getComputedStyle(document.documentElement).getPropertyValue('--' + n).trim()]))"""
TEXT_COLOURS = """() => {
  const found = new Map(), clear = 'rgba(0, 0, 0, 0)', ground = e => getComputedStyle(e).backgroundColor;
  for (const e of document.querySelectorAll('body *')) {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    if (e.closest('svg')) continue;
    let under = e;
    while (under && ground(under) === clear) under = under.parentElement;
    const pair = getComputedStyle(e).color + '|' + (under ? ground(under) : 'none');
    if (!found.has(pair)) found.set(pair, e.outerHTML.slice(0, 90));
  }
  return [...found];
}"""
RGB = re.compile(r"rgb\((\d+), (\d+), (\d+)\)")


def hex_of(colour: str) -> str:
    found = RGB.fullmatch(colour)
    assert found, f"{colour} is no opaque colour"
    return "#" + "".join(f"{int(part):02x}" for part in found.groups())


@pytest.mark.parametrize(("scheme", "table"), [("light", LIGHT), ("dark", DARK)])
def test_the_browser_sees_the_colours_of_the_table(
    site: Sample, browser: Any, scheme: str, table: dict[str, str]
) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(site.address(""))
    series = {f"s{i}": colour for i, colour in enumerate(SERIES[scheme].split(), 1)}
    ramps = {
        f"{ramp}{i}": f"#{step[:6]}"
        for (ramp, theme), steps in RAMPS.items()
        if theme == scheme
        for i, step in enumerate(steps.split())
    }
    expected = table | series | ramps
    assert page.evaluate(TOKENS, list(expected)) == expected
    for name, stated in STATED[scheme].items():
        assert round(contrast(expected[name], expected["paper"]), 1) == stated, name
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read_where_it_stands(site: Sample, browser: Any, scheme: str) -> None:
    """Contrast of every pair of text and ground that the pages really show, hovers left out."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": 1200, "height": 900})
    pairs: dict[str, str] = {}
    for name in (
        "",
        "boards/mazes-pair/",
        "boards/mazes-pair/pairs/",
        "OPEN",
        "WITHDRAWN",
        "families/user_turn/",
    ):
        page.goto(site.address(name))
        pairs |= dict(page.evaluate(TEXT_COLOURS))
    assert len(pairs) > 8
    for pair, where in pairs.items():
        text, ground = (hex_of(colour) for colour in pair.split("|"))
        assert contrast(text, ground) >= 4.5, f"{text} on {ground}: {where}"
    page.close()


def test_dark_mode_follows_the_system_and_print_is_light(site: Sample, browser: Any) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(site.address(""))
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(21, 24, 27)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(251, 250, 247)"
    context.close()


def as_stored(name: str, content: str) -> str:
    """The stored text of that name; written first where that was asked for."""
    path = GOLDEN / name
    if REWRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return path.read_text(encoding="utf-8")


def test_a_row_and_a_chart_are_as_they_were(site: Sample) -> None:
    """Whoever changes them sees it here: run with INTERPLAY_WRITE_GOLDEN=1 and look at what git shows."""
    page = site.file("boards/mazes-pair/").read_text(encoding="utf-8")
    row = re.search(r'<tr class="top".*?</tr>\n', page, re.DOTALL)
    assert row
    assert row[0] == as_stored("board_row.html", row[0])
    picture = re.search(r'<svg class="chart".*?</svg>', page, re.DOTALL)
    assert picture
    chart = picture[0].replace("><", ">\n<") + "\n"
    assert chart == as_stored("board_chart.svg", chart)
