"""What the script adds to the table of a board: sorting, filters over all pages, choice, a query string."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from interplay.leaderboard.build import build_site

from ..leaderboard import synthetic, synthetic_user_turn
from .chromium import MARKS, served

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [*MARKS, pytest.mark.slow]

PER_PAGE, MODELS = 6, 22
ROWS = "table.sticky tbody tr:not(.group):visible"
BOARD = "boards/mazes-pair/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with six rows a page, so that a board of 22 models has four."""
    folder, patch = tmp_path_factory.mktemp("table"), pytest.MonkeyPatch()
    synthetic.write_models(folder / "root", MODELS)
    synthetic_user_turn.write_models(folder / "root")
    patch.setattr("interplay.leaderboard.pages.board_pages.ROWS_PER_PAGE", PER_PAGE)
    with synthetic_user_turn.registered():
        build_site(folder / "root", folder / "site")
    patch.undo()
    with served(folder / "site") as address:
        yield address


def names(page: Any) -> list[str]:
    return page.locator(f"{ROWS} th a").all_inner_texts()


def scores(page: Any) -> list[float]:
    return page.locator(f"{ROWS} td.s").evaluate_all("cells => cells.map(cell => Number(cell.dataset.v))")


def status(page: Any, words: str) -> None:
    sync_api.expect(page.locator("[data-total]")).to_have_text(words)


def all_names(page: Any, site: str) -> list[str]:
    """The models of all pages of the board in their order, as they are without a script."""
    found: list[str] = []
    for path in (BOARD, *(f"{BOARD}{number}/" for number in (2, 3, 4))):
        page.goto(site + path)
        found += names(page)
    assert len(found) == MODELS
    return found


@pytest.mark.parametrize("start", ["", "3/"])
def test_a_filter_reaches_the_rows_of_all_pages(site: str, page: Any, start: str) -> None:
    listed = all_names(page, site)
    page.goto(site + BOARD + start)
    own = names(page)
    assert len(own) == PER_PAGE
    status(page, f"{MODELS} entries")
    page.get_by_label("Text").fill("meadow")
    wanted = [name for name in listed if name.startswith("meadow")]
    status(page, f"{len(wanted)} of {MODELS} entries")
    assert names(page) == wanted
    assert page.get_by_role("navigation", name="Pages").count() == 0
    last = page.locator(f"{ROWS} th a").last
    address = last.evaluate("link => link.href")
    assert re.fullmatch(rf"{site}entries/mazes--meadow-[\w.-]+/", address)
    assert page.request.get(address).ok
    page.get_by_label("Evidence at least").select_option("regraded")
    assert {*page.locator(f"{ROWS} .ev").all_inner_texts()} <= {"regraded", "re-run", "attested"}
    page.get_by_role("button", name="Clear filters").click()
    status(page, f"{MODELS} entries")
    assert names(page) == own
    assert page.get_by_role("navigation", name="Pages").is_visible()
    assert "?" not in page.url


def test_sorting_reaches_the_rows_of_all_pages(site: str, page: Any) -> None:
    page.goto(site + BOARD)
    head = page.get_by_role("columnheader", name="Corrected success")
    button = head.get_by_role("button")
    button.click()
    status(page, f"{MODELS} entries")
    sync_api.expect(page.locator(ROWS)).to_have_count(MODELS)
    assert head.get_attribute("aria-sort") == "descending"
    assert scores(page) == sorted(scores(page), reverse=True)
    button.click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert scores(page) == sorted(scores(page))
    assert page.locator("[aria-sort]").count() == 1
    page.get_by_role("columnheader", name="Model").get_by_role("button").click()
    assert names(page) == sorted(names(page))
    assert page.locator("[aria-sort]").count() == 1
    assert head.get_attribute("aria-sort") is None


def test_a_long_list_is_cut_and_says_so(site: str, page: Any) -> None:
    page.goto(site + BOARD)
    page.locator("[data-total]").evaluate("status => { status.dataset.limit = 9; }")
    page.get_by_role("columnheader", name="Corrected success").get_by_role("button").click()
    status(page, f"{MODELS} entries, the first 200 shown")
    assert len(names(page)) == 9
    assert scores(page) == sorted(scores(page), reverse=True)
    page.get_by_label("Text").fill("a")
    sync_api.expect(page.locator("[data-total]")).to_contain_text("entries, the first 200 shown")
    page.get_by_label("Text").fill("aster")
    status(page, f"2 of {MODELS} entries")


def test_rows_of_equal_value_keep_their_order(site: str, page: Any) -> None:
    listed = all_names(page, site)
    page.goto(f"{site}{BOARD}?sort=0")
    sync_api.expect(page.locator(ROWS)).to_have_count(MODELS)
    places = page.locator(f"{ROWS} td:first-child").all_inner_texts()
    firsts = [int(place.split("–")[0]) for place in places]
    assert firsts == sorted(firsts)
    order = [listed.index(name) for name in names(page)]
    assert all(a < b for a, b, x, y in zip(order, order[1:], firsts, firsts[1:], strict=False) if x == y)


def test_the_query_string_brings_a_view_back(site: str, page: Any) -> None:
    page.goto(f"{site}{BOARD}2/")
    page.get_by_label("Text").fill("orchard")
    page.get_by_label("Evidence at least").select_option("evidenced")
    page.get_by_role("columnheader", name="Date").get_by_role("button").click()
    sync_api.expect(page.get_by_role("columnheader", name="Date")).to_have_attribute("aria-sort", "ascending")
    query, view = page.url.split("?")[1], names(page)
    assert {part.split("=")[0] for part in query.split("&")} == {"q", "rung", "sort"}
    for path in (f"{BOARD}2/", BOARD):
        page.goto(f"{site}{path}?{query}")
        status(page, f"{len(view)} of {MODELS} entries")
        assert names(page) == view
    page.goto(f"{site}{BOARD}?unknown=1&sort=77&dir=desc&rung=9&dev=Nobody&weights=maybe")
    status(page, f"{MODELS} entries")
    assert len(names(page)) == PER_PAGE
    assert page.get_by_label("Evidence at least").input_value() == ""
    assert page.locator("[aria-sort]").count() == 0


def test_rows_that_are_asked_for_twice_come_once(site: str, page: Any) -> None:
    """A second filter is set while the other pages are on their way."""
    held: list[Any] = []
    released = False
    page.route("**/boards/mazes-pair/*/", lambda route: route.continue_() if released else held.append(route))
    page.goto(site + BOARD)
    page.get_by_label("Text").fill("orchard")
    while len(held) < 3:
        page.wait_for_timeout(10)
    page.get_by_label("Evidence at least").select_option("evidenced")
    released = True
    for route in held:
        route.continue_()
    status(page, f"6 of {MODELS} entries")
    assert len({*names(page)}) == len(names(page)) == 6


def test_rows_stay_under_the_heading_of_their_family(site: str, page: Any) -> None:
    """The board of the user turns has blocks, of which one goes on on the second page."""
    page.goto(f"{site}boards/user-turn-native/2/")
    page.get_by_role("columnheader", name="GFR@1").get_by_role("button").click()
    headings = page.locator("table.sticky .group:visible")
    sync_api.expect(headings.first).to_contain_text("ash, 4 models")
    texts = headings.all_inner_texts()
    assert len(set(texts)) == len(texts) > 2
    bodies = page.locator("table.sticky tbody:visible").all()
    assert len(bodies) == len(texts)
    counts = {body.locator(".group").inner_text(): body.locator("tr:not(.group)").count() for body in bodies}
    assert counts["ash, 4 models"] == 4
    for body in bodies:
        values = body.locator("td.s").evaluate_all("cells => cells.map(cell => Number(cell.dataset.v))")
        assert values == sorted(values, reverse=True)


def test_without_the_other_pages_the_rows_at_hand_are_filtered(site: str, page: Any) -> None:
    page.route("**/boards/mazes-pair/3/", lambda route: route.abort())
    page.goto(site + BOARD)
    page.get_by_label("Text").fill("meadow")
    status(page, f"Full list not loaded; showing {PER_PAGE} rows.")
    assert names(page)
    assert all(name.startswith("meadow") for name in names(page))
    assert page.get_by_role("navigation", name="Pages").is_visible()
    page.unroute("**/boards/mazes-pair/3/")
    page.get_by_label("Text").fill("meadow/")
    sync_api.expect(page.locator("[data-total]")).to_contain_text(f"of {MODELS} entries")


def test_up_to_four_rows_can_be_chosen_from_any_page(site: str, page: Any) -> None:
    page.goto(site + BOARD)
    bar, link = page.locator(".bar"), page.locator(".bar a")
    boxes = page.get_by_role("checkbox")
    assert bar.is_hidden()
    page.get_by_role("checkbox", name="Compare orchard/").first.check()
    assert bar.is_visible()
    assert link.is_hidden()
    page.get_by_label("Text").fill("harbour")
    sync_api.expect(page.locator("[data-total]")).to_contain_text(f"of {MODELS} entries")
    for place in (0, 3, 6):
        boxes.nth(place).check()
    chosen = bar.locator("span").inner_text().split(", ")
    assert len(chosen) == 4
    assert boxes.nth(2).is_disabled()
    assert boxes.nth(3).is_enabled()
    assert link.get_attribute("href").count("&e=mazes--") == 4
    boxes.nth(3).uncheck()
    assert boxes.nth(2).is_enabled()
    link.click()
    page.locator("[data-compare] section").first.wait_for()
    assert page.locator("[data-compare] li a").all_inner_texts() == [*chosen[:2], chosen[3]]
    page.go_back()
    page.goto(site + BOARD)
    boxes.nth(1).check()
    bar.get_by_role("button", name="Clear").click()
    assert bar.is_hidden()
    assert page.locator("input:checked").count() == 0


@pytest.mark.parametrize("width", [390, 1200])
def test_targets_are_large_enough(site: str, page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + BOARD)
    for place in (0, 1):
        page.get_by_role("checkbox").nth(place).check()
    targets = page.locator(
        ".pick, .bar a, .bar button, thead button:visible, .filters :is(input, select, button):visible"
    )
    for target in targets.all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 24, target.evaluate("one => one.outerHTML")


def focus(page: Any, key: str, wanted: str) -> None:
    """Presses Tab or Shift+Tab until the element that has the focus fits a selector."""
    for _ in range(120):
        page.keyboard.press(key)
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"{key} never reaches {wanted}")


def test_the_keyboard_leads_from_the_skip_link_to_the_data(site: str, page: Any) -> None:
    """Skip link, sort, filter, two rows, comparison, and back on the board the chart and its data."""
    page.goto(site + BOARD)
    focus(page, "Tab", ".skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    focus(page, "Tab", "th.num:not(:first-child) button")
    page.keyboard.press("Enter")
    sync_api.expect(page.locator(ROWS)).to_have_count(MODELS)
    focus(page, "Shift+Tab", "input[name=q]")
    page.keyboard.type("orchard")
    sync_api.expect(page.locator("[data-total]")).to_contain_text(f"of {MODELS} entries")
    for _ in range(2):
        focus(page, "Tab", "input[type=checkbox]")
        page.keyboard.press("Space")
    assert is_unobscured(page)
    focus(page, "Shift+Tab", ".bar a")
    page.keyboard.press("Enter")
    page.locator("[data-compare] section").wait_for()
    assert page.locator("[data-compare] section .say").is_visible()
    focus(page, "Tab", "[data-compare] h2 a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}{BOARD}")
    focus(page, "Tab", "summary")
    page.keyboard.press("Enter")
    assert page.locator("figure details[open] table").first.is_visible()


def is_unobscured(page: Any) -> bool:
    """Whether the element that has the focus is what is seen at its place."""
    return page.evaluate(
        "() => { const { x, y, width, height } = document.activeElement.getBoundingClientRect();"
        " return document.elementFromPoint(x + width / 2, y + height / 2) === document.activeElement; }"
    )


def test_a_focus_is_never_under_the_bar(site: str, page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 500})
    page.goto(f"{site}{BOARD}?sort=0")
    sync_api.expect(page.locator(ROWS)).to_have_count(MODELS)
    boxes = page.get_by_role("checkbox")
    for place in (0, 1):
        boxes.nth(place).check()
    for place in range(2, 12):
        boxes.nth(place).focus()
        page.keyboard.press("Tab")
        lowest, top = page.evaluate(
            "[document.activeElement.getBoundingClientRect().bottom,"
            " document.querySelector('.bar').getBoundingClientRect().top]"
        )
        assert lowest <= top, place


@pytest.mark.parametrize("path", [f"{BOARD}open/", "models/", "boards/mazes-pair/pairs/"])
def test_other_pages_have_no_boxes(site: str, page: Any, path: str) -> None:
    page.goto(site + path)
    assert page.get_by_role("checkbox").count() == 0
    assert page.locator(".bar").count() == 0
