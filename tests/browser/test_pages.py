"""The built site in headless Chromium: policy, requests, width, accessibility, and what the script adds."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from interplay.leaderboard.build import build_site

from ..leaderboard import synthetic, synthetic_user_turn
from .chromium import MARKS, served

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

PAGES = (
    *("", "boards/", "boards/mazes-pair/", "boards/mazes-gap/", "boards/mazes-cross/"),
    *("boards/mazes-pair/open/", "boards/mazes-pair/reference/", "boards/mazes-pair/published/"),
    *("boards/mazes-pair/pairs/", "families/", "families/mazes/", "models/", "models/reference-mute/"),
    "compare/",
    *("method/", "method/mazes/", "submit/", "data/", "changes/", "ENTRY", "OPEN"),
    *("boards/user-turn-native/", "boards/user-turn-native/pairs/", "boards/user-turn-native/published/"),
    *("boards/user-turn-human/", "boards/user-turn-controls/", "boards/user-turn-likelihood/"),
    *("families/user_turn/", "method/user_turn/", "models/grove-ash-9/", "CONTROLS", "embed/mazes-pair/"),
)
RICH = (
    *("boards/mazes-pair/", "boards/mazes-pair/published/", "OPEN", "boards/user-turn-native/"),
    *("boards/user-turn-controls/", "families/user_turn/", "CONTROLS"),
)
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WATCH = (
    "window.violations = []; document.addEventListener('securitypolicyviolation', "
    "e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));"
)

pytestmark = MARKS


class Served:
    """A built site, behind the address `origin` once it is served, with its sample pages by name."""

    def __init__(self, folder: Path) -> None:
        root, self.out = folder / "root", folder / "site"
        synthetic.write_reference(root)
        synthetic.write_models(root, 14)
        result = synthetic.pair_result("x", 0.5, synthetic.STANDARD, "standard")
        hostile = synthetic.HOSTILE
        result["cells"] = [synthetic.cell({hostile[:60]: hostile[60:90]}, [0.1, 0.4])]
        content = synthetic.entry(
            "acme/" + "long-" * 15,
            [result],
            division="open",
            organisation=hostile[:80],
            note=hostile,
            method_note=hostile,
            method_url="https://example.org/x",
        )
        self.open_entry = synthetic.write(root, content, [synthetic.record(content, "check", findings=1)])
        synthetic_user_turn.write_reference(root)
        synthetic_user_turn.write_models(root)
        with synthetic_user_turn.registered():
            build_site(root, self.out)
        boards = self.out / "boards" / "user-turn-controls" / "index.html"
        self.controls = re.findall(r"entries/([^/]+)/", boards.read_text(encoding="utf-8"))[-1]
        self.entry = next((self.out / "entries").glob("*meadow-elder*")).name
        self.origin = ""

    def address(self, page: str) -> str:
        paths = {"ENTRY": f"entries/{self.entry}/", "OPEN": f"entries/{self.open_entry}/"}
        paths["CONTROLS"] = f"entries/{self.controls}/"
        return f"{self.origin}/{paths.get(page, page)}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    found = Served(tmp_path_factory.mktemp("browser"))
    with served(found.out) as address:
        found.origin = address.rstrip("/")
        yield found


def test_pages_keep_to_themselves_and_never_scroll_sideways(site: Served, page: Any) -> None:
    """No console message, policy violation, dialog or foreign request; no sideways scroll at any width."""
    messages: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("dialog", lambda dialog: messages.append(dialog.message))
    page.on("request", lambda request: requests.append(request.url))
    page.add_init_script(WATCH)
    for name in PAGES:
        requests.clear()
        page.goto(site.address(name))
        assert page.evaluate("window.violations") == [], name
        assert all(url.startswith(site.origin) for url in requests), name
        assert len(requests) <= 5, name
        for width in (320, 360, 640, 768, 900, 1050, 1200):
            page.set_viewport_size({"width": width, "height": 900})
            room, needed = page.evaluate(
                "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
            )
            assert needed <= room, f"{name} needs {needed} px of {room}"
    assert messages == []


@pytest.mark.parametrize(
    ("scheme", "width", "names"),
    [
        pytest.param("light", 1200, RICH, id="light-1200"),
        pytest.param("dark", 1200, RICH, id="dark-1200"),
        pytest.param("light", 360, RICH, id="light-360"),
        pytest.param(
            "light", 1200, [name for name in PAGES if name not in RICH], id="others", marks=pytest.mark.slow
        ),
    ],
)
def test_axe_finds_nothing(site: Served, browser: Any, scheme: str, width: int, names: Sequence[str]) -> None:
    """The pages with tables, tints and charts in every view; the others, in slow tests, in the usual one."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for name in names:
        page.goto(site.address(name))
        for violation in axe.Axe().run(page, options=AXE).response["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"][:3]]
            pytest.fail(f"{name or 'start'}: {violation['id']}: {violation['help']}: {nodes}")
    context.close()


def test_without_script_the_board_is_complete(site: Served, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.goto(site.address("boards/mazes-pair/"))
    rows = page.locator("table.sticky tbody tr")
    assert rows.count() == 20
    assert all(row.is_visible() for row in rows.all())
    assert not page.locator("form.filters").is_visible()
    assert page.get_by_text("are not beaten by any other").is_visible()
    assert page.locator("svg.chart").first.is_visible()
    page.locator("details summary").first.click()
    assert page.locator("details table").first.is_visible()
    context.close()


def test_evidence_is_two_clicks_from_the_start(site: Served, page: Any) -> None:
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


def test_sorting_is_stable_marked_and_remembered(site: Served, page: Any) -> None:
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


def test_filters_count_say_when_nothing_matches_and_come_back(site: Served, page: Any) -> None:
    page.goto(site.address("boards/mazes-pair/"))
    status = page.get_by_role("status")
    sync_api.expect(status).to_have_text("20 entries")
    page.get_by_label("Text").fill("meadow")
    sync_api.expect(status).to_have_text("5 of 20 entries")
    assert all("meadow" in name for name in columns(page, 2))
    page.get_by_label("Evidence at least").select_option("regraded")
    sync_api.expect(status).to_have_text(f"{len(columns(page, 2))} of 20 entries")
    assert {row.split("\n")[-1] for row in columns(page, 9)} <= {"regraded", "re-run", "attested"}
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


def test_sorting_keeps_each_family_under_its_heading(site: Served, page: Any) -> None:
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


def test_filtering_hides_a_family_with_its_heading(site: Served, page: Any) -> None:
    page.goto(site.address("boards/user-turn-native/"))
    status = page.get_by_role("status")
    sync_api.expect(status).to_have_text("13 entries")
    page.get_by_label("Text").fill("broom")
    sync_api.expect(status).to_have_text("2 of 13 entries")
    assert [heading for heading, _ in groups(page)] == ["broom, 2 models"]
    page.get_by_role("button", name="Clear filters").click()
    sync_api.expect(status).to_have_text("13 entries")
    assert len(groups(page)) == 4


def test_commands_can_be_copied(site: Served, page: Any) -> None:
    page.goto(site.address("ENTRY"))
    page.get_by_role("button", name="Copy").nth(1).click()
    assert page.evaluate("navigator.clipboard.readText()") == f"interplay check {site.entry} --logs fetch"


def test_the_keyboard_reaches_the_content_first(site: Served, page: Any) -> None:
    page.goto(site.address("boards/mazes-pair/"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_hostile_text_is_only_text(site: Served, page: Any) -> None:
    page.goto(site.address("OPEN"))
    said = page.locator(".said").first
    assert said.inner_text() == synthetic.HOSTILE
    assert page.locator("img").count() == 0
    assert page.locator("main script").count() == 0
    assert page.locator("main b").all_inner_texts()[-1] != "evil"


def test_dark_mode_follows_the_system_and_print_is_light(site: Served, browser: Any) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(site.address(""))
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(21, 24, 27)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(251, 250, 247)"
    context.close()
