"""Without JavaScript every number, interval, place and evidence link is there, and can be seen."""

import re
from pathlib import Path
from typing import Any

import pytest

from interplay.leaderboard.pages.inputs import read_inputs
from interplay.leaderboard.pages.words import interval_words
from interplay.leaderboard.standings import unread_word

from ...leaderboard import synthetic_user_turn
from ..chromium import MARKS
from .sample import Sample

pytestmark = [*MARKS, pytest.mark.slow]

NUMBER = re.compile(r"\d[\d.,:\u202f]*")
TEXT = "[...document.querySelectorAll('main > *, footer')].map(e => e.textContent).join(' ')"
LINKS = "[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))"


def shown(browser: Any, addresses: list[str], *, script: bool) -> list[tuple[set[str], set[str]]]:
    """Numbers and links of pages."""
    context = browser.new_context(java_script_enabled=script, viewport={"width": 1200, "height": 900})
    page = context.new_page()
    found: list[tuple[set[str], set[str]]] = []
    for address in addresses:
        page.goto(address)
        found.append((set(NUMBER.findall(page.evaluate(TEXT))), set(page.evaluate(LINKS))))
    context.close()
    return found


def test_the_script_adds_no_number_and_no_link(site: Sample, browser: Any) -> None:
    """What stands on a page stands there without script as well; the script adds buttons and a form."""
    addresses = [site.address(name) for name in site.pages]
    with_script, without = (shown(browser, addresses, script=on) for on in (True, False))
    for name, (numbers, links), (plain_numbers, plain_links) in zip(
        site.pages, with_script, without, strict=True
    ):
        assert numbers <= plain_numbers, name
        assert links <= plain_links, name


@pytest.mark.parametrize("width", [1200, 360])
def test_every_row_shows_place_score_interval_and_evidence(site: Sample, browser: Any, width: int) -> None:
    """On a narrow screen the interval stands under the score, and evidence on the page of the entry."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 900})
    page = context.new_page()
    with synthetic_user_turn.registered():
        standings = read_inputs(site.root).standings
    read = 0
    for board_id, standing in standings.items():
        if not standing.listed:
            continue
        page.goto(site.address(f"boards/{board_id}/"))
        texts = page.locator("table[data-sort] tbody tr:has(a)").evaluate_all(
            "rows => rows.map(row => [row.querySelector('a').getAttribute('href'), row.innerText])"
        )
        rows = {href.rstrip("/").rsplit("/", 1)[-1]: text for href, text in texts}
        assert rows.keys() == {row.entry.entry_id for row in standing.listed}, board_id
        for row in standing.listed:
            text = rows[row.entry.entry_id]
            if unread_word(standing.board, row.submission, row.result) is None:
                assert interval_words(row.headline, standing.board.headline_range) in text, board_id
            if row.places and standing.ranked and not standing.is_alone(row):
                first, last = row.places
                assert text.split()[0] == (str(first) if first == last else f"{first}–{last}"), board_id
            assert (row.submission.rung_word in text) == (width == 1200), board_id
            read += 1
    assert read > 80
    context.close()


def test_evidence_and_log_links_of_an_entry_are_there(site: Sample, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address("ENTRY"))
    hrefs = page.locator("#evidence ~ ol a, section[aria-labelledby=evidence] a").evaluate_all(
        "links => links.map(a => a.href)"
    )
    records = [href for href in hrefs if href.endswith(".json")]
    assert records
    for href in records:
        assert page.request.get(href).ok
    log = page.locator("section[aria-labelledby=logs] a").first
    assert log.is_visible()
    assert log.get_attribute("href").startswith("https://huggingface.co/datasets/")
    context.close()


def test_a_board_is_complete_and_its_filter_hidden(site: Sample, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.goto(site.address("boards/mazes-pair/"))
    rows = page.locator("table[data-sort] tbody tr")
    assert rows.count() == 20
    assert all(row.is_visible() for row in rows.all())
    assert not page.locator("form.filters").is_visible()
    assert page.get_by_text("are not beaten by any other").is_visible()
    assert page.locator("svg.chart").first.is_visible()
    page.locator("details summary").first.click()
    assert page.locator("details table").first.is_visible()
    assert page.locator("button:visible").count() == 0
    context.close()


def test_files_that_pages_offer_are_there(site: Sample) -> None:
    text = site.file("data/").read_text(encoding="utf-8")
    offered = [Path(href) for href in re.findall(r'href="\.\./(data/[^"]+\.\w+)"', text)]
    assert len(offered) > 20
    assert all((site.out / path).is_file() for path in offered)
