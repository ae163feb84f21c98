"""What the script adds to a board: sorting, filters, buttons to copy; and the way to the evidence."""

from typing import Any

import pytest

from ..chromium import MARKS
from .sample import Sample

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = MARKS


def test_evidence_is_two_clicks_from_the_start(site: Sample, page: Any) -> None:
    page.goto(site.address(""))
    page.locator("table tbody tr.top a").first.click()
    assert page.locator("h1").inner_text() in ("orchard/aster-1", "meadow/birch-1")
    assert page.locator("#evidence").is_visible()
    assert (
        page.get_by_role("link", name="log").first.get_attribute("href").startswith("https://huggingface.co/")
    )
    page.locator(".steps a").first.click()
    assert page.url.endswith(".json")


def columns(page: Any, place: int) -> list[str]:
    return page.locator(f"table.sticky tbody tr:visible > :nth-child({place})").all_inner_texts()


def test_sorting_is_stable_marked_and_remembered(site: Sample, page: Any) -> None:
    page.goto(site.address("boards/mazes-pair/"))
    before = columns(page, 2)
    head = page.get_by_role("columnheader", name="Corrected success")
    button = head.get_by_role("button")
    button.click()
    assert head.get_attribute("aria-sort") == "descending"
    button.focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    scores = [float(text.split("\n")[0].replace("−", "-")) for text in columns(page, 3)]
    assert scores == sorted(scores)
    assert page.locator("[aria-sort]").count() == 1
    assert "sort=2" in page.url
    page.reload()
    assert [float(t.split("\n")[0].replace("−", "-")) for t in columns(page, 3)] == scores
    page.goto(site.address("boards/mazes-pair/?unknown=1&sort=99"))
    assert columns(page, 2) == before


def test_filters_count_say_when_nothing_matches_and_come_back(site: Sample, page: Any) -> None:
    page.goto(site.address("boards/mazes-pair/"))
    status = page.locator("form.filters [role=status]")
    sync_api.expect(status).to_have_text("20 entries")
    page.get_by_label("Text").fill("meadow")
    sync_api.expect(status).to_have_text("5 of 20 entries")
    assert all("meadow" in name for name in columns(page, 2))
    page.get_by_label("Evidence at least").select_option("regraded")
    sync_api.expect(status).to_have_text(f"{len(columns(page, 2))} of 20 entries")
    assert set(page.locator("table.sticky tbody tr:visible .ev").all_inner_texts()) <= {
        "regraded",
        "re-run",
        "attested",
    }
    page.reload()
    assert page.get_by_label("Text").input_value() == "meadow"
    sync_api.expect(status).to_have_text(f"{len(columns(page, 2))} of 20 entries")
    page.get_by_label("Text").fill("no such model")
    sync_api.expect(status).to_have_text("No entry matches. 20 entries are on this board.")
    page.get_by_role("button", name="Clear filters").click()
    sync_api.expect(status).to_have_text("20 entries")
    assert len(columns(page, 2)) == 20
    assert "?" not in page.url


def groups(page: Any) -> list[tuple[str, list[str]]]:
    """Heading and model names of each visible block of a board."""
    bodies = page.locator("table.sticky tbody:visible").all()
    return [
        (body.locator(".group").inner_text(), body.locator("tr:visible:not(.group) a").all_inner_texts())
        for body in bodies
    ]


def test_sorting_keeps_each_family_under_its_heading(site: Sample, page: Any) -> None:
    page.goto(site.address("boards/user-turn-native/"))
    before = groups(page)
    assert [heading for heading, _ in before[:2]] == ["ash, 4 models", "broom, 2 models"]
    button = page.get_by_role("columnheader", name="GFR@1").get_by_role("button")
    button.click()
    button.click()
    after = groups(page)
    assert after[0] == (before[0][0], before[0][1][::-1])
    assert [heading for heading, _ in after] == [heading for heading, _ in before]
    assert [sorted(names) for _, names in after] == [sorted(names) for _, names in before]
    page.reload()
    assert groups(page) == after


def test_filtering_hides_a_family_with_its_heading(site: Sample, page: Any) -> None:
    page.goto(site.address("boards/user-turn-native/"))
    status = page.locator("form.filters [role=status]")
    sync_api.expect(status).to_have_text("13 entries")
    page.get_by_label("Text").fill("broom")
    sync_api.expect(status).to_have_text("2 of 13 entries")
    assert [heading for heading, _ in groups(page)] == ["broom, 2 models"]
    page.get_by_role("button", name="Clear filters").click()
    sync_api.expect(status).to_have_text("13 entries")
    assert len(groups(page)) == 4


def test_commands_can_be_copied(site: Sample, page: Any) -> None:
    page.goto(site.address("ENTRY"))
    page.get_by_role("button", name="Copy").nth(1).click()
    assert (
        page.evaluate("navigator.clipboard.readText()")
        == f"interplay check {site.entries['ENTRY']} --logs fetch"
    )
