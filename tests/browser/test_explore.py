"""Charts that are explored, in headless Chromium: what is fetched when, what is drawn, what goes wrong."""

import functools
import http.server
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from interplay.leaderboard.build import build_site
from interplay.leaderboard.figures import Axis, ChartSpec, Point, Series
from interplay.leaderboard.plots import plot_bytes

from ..leaderboard import synthetic, synthetic_user_turn

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("matplotlib")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
MAZES, TURNS = "families/mazes/", "families/user_turn/"
CHART = "#chart-difficulty"
WATCH = (
    "window.violations = []; document.addEventListener('securitypolicyviolation', "
    "e => window.violations.push(e.violatedDirective));"
)
HOSTILE = "<b>bold</b> <a href='javascript:alert(1)'>here</a> &lt;i&gt; <img src=x onerror=alert(1)> %{x} 🧭"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None and "INTERPLAY_REQUIRE_CHROMIUM" not in os.environ, reason="no Chromium found"
    ),
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("explore")
    root, out = folder / "root", folder / "site"
    synthetic.write_reference(root)
    synthetic.write_models(root, 6)
    synthetic_user_turn.write_models(root, 20)
    with synthetic_user_turn.registered():
        build_site(root, out)
    handler = functools.partial(Quiet, directory=str(out))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


class Watched:
    """A page, what it asked for, and what it complained of."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.messages: list[str] = []
        page.set_default_timeout(20_000)
        page.add_init_script(WATCH)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("dialog", lambda dialog: self.messages.append(dialog.message))

    def explore(self, chart: str) -> Any:
        """Asks for the plot of a chart and waits until it stands there."""
        figure = self.page.locator(chart)
        figure.get_by_role("button", name="Explore").click()
        figure.locator(".main-svg").first.wait_for()
        figure.locator("svg.chart").first.wait_for(state="detached")
        return figure


@pytest.fixture
def watched(browser: Any) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1200, "height": 900}, color_scheme="light")
    yield Watched(context.new_page())
    context.close()


def test_nothing_of_plotly_is_fetched_before_somebody_asks(origin: str, watched: Watched) -> None:
    watched.page.goto(origin + MAZES)
    pictures = watched.page.locator("figure:has(svg.chart)").count()
    assert pictures >= 3
    assert watched.page.get_by_role("button", name="Explore").count() == pictures
    assert not [url for url in watched.requests if "vendor" in url or "charts" in url or "explore" in url]
    assert watched.page.evaluate("window.violations") == []


@pytest.mark.parametrize("place", [MAZES, TURNS])
def test_every_chart_is_drawn_under_the_policy_without_a_foreign_request(
    origin: str, watched: Watched, place: str
) -> None:
    """A plot takes the place of the picture, with whiskers, and fits a telephone."""
    page = watched.page
    page.goto(origin + place)
    for chart in page.evaluate("[...document.querySelectorAll('figure:has(svg.chart)')].map(f => f.id)"):
        label = page.locator(f"#{chart} svg.chart title").first.text_content()
        figure = watched.explore(f"#{chart}")
        assert figure.get_by_role("group", name=label).is_visible()
        assert figure.locator(".point").count() >= 2
        if not chart.startswith("chart-parts-"):  # of parts of a whole, the table has the intervals
            assert figure.locator(".errorbar").count() >= 2
        assert figure.get_by_role("button").count() == 0
        assert figure.locator("details").count() == 1
    assert set(page.evaluate("window.violations")) <= {"style-src-attr"}
    assert all(url.startswith(origin) for url in watched.requests)
    assert len([url for url in watched.requests if "plotly-cartesian" in url]) == 1
    assert [text for text in watched.messages if "style" not in text] == []
    assert page.locator("style").count() == 0
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_function(
        "() => [...document.querySelectorAll('.js-plotly-plot .main-svg')].every(s => s.clientWidth <= 360)"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_point_says_its_value_interval_and_n(origin: str, watched: Watched) -> None:
    watched.page.goto(origin + MAZES)
    figure = watched.explore("#chart-published-collaboration-gap")
    figure.locator(".point").first.hover(force=True)
    words = figure.locator(".hovertext").first
    words.wait_for()
    assert re.search(r"success: \d\.\d\d \(\d\.\d\d–\d\.\d\d\)\s*(n \d+)?", words.text_content())


def test_colours_follow_the_theme_also_later(origin: str, watched: Watched) -> None:
    def mark() -> str:
        return watched.page.locator(f"{CHART} .point").first.evaluate("e => getComputedStyle(e).fill")

    watched.page.goto(origin + MAZES)
    watched.explore(CHART)
    assert mark() == "rgb(11, 90, 107)"
    watched.page.emulate_media(color_scheme="dark")
    watched.page.wait_for_function(
        f"() => getComputedStyle(document.querySelector('{CHART} .point')).fill === 'rgb(115, 196, 212)'"
    )


def answering(body: bytes) -> Callable[[Any], None]:
    """A route's handler that gives these bytes."""
    return lambda route: route.fulfill(body=body)


def test_hostile_names_are_text(origin: str, watched: Watched) -> None:
    points = tuple(Point(label=f"{HOSTILE} {i}", x=0.2 * i, lo=0.1 * i, hi=0.3 * i) for i in range(1, 4))
    kinds = {
        "forest": Series(name=HOSTILE, points=points),
        "ladder": Series(name=HOSTILE, points=points, aside=HOSTILE),
        "lines": Series(name=HOSTILE, points=tuple(p.model_copy(update={"y": p.x}) for p in points)),
        "scatter": Series(name=HOSTILE, points=tuple(p.model_copy(update={"y": p.x}) for p in points)),
    }
    for kind, series in kinds.items():
        axis = Axis(label=HOSTILE)
        spec = ChartSpec(id="difficulty", kind=kind, title=HOSTILE, desc="D", x=axis, y=axis,
                         series=(series, series))  # fmt: skip
        watched.page.unroute_all()
        watched.page.route("**/difficulty.json", answering(plot_bytes(spec)))
        watched.page.goto(origin + MAZES)
        figure = watched.explore(CHART)
        texts = figure.locator(".js-plotly-plot text").all_text_contents()
        assert any(HOSTILE in text.replace("\xa0", " ") for text in texts), kind
        assert figure.locator(".js-plotly-plot :is(a, b, img, script, [onerror])").count() == 0
        assert (
            figure.locator(".js-plotly-plot text :is(tspan[style*=bold], tspan[style*=italic])").count() == 0
        )
        figure.locator(".point").first.hover(force=True)
        figure.locator(".hovertext").first.wait_for()
        assert HOSTILE[:20] in figure.locator(".hovertext").first.text_content()
    assert [text for text in watched.messages if "style" not in text] == []


@pytest.mark.parametrize(
    "pattern", ["**/plotly-cartesian.min.js", "**/plotly.css", "**/charts/difficulty.json"]
)
def test_a_file_that_does_not_come_leaves_the_picture_and_says_so(
    origin: str, watched: Watched, pattern: str
) -> None:
    page = watched.page
    page.route(pattern, lambda route: route.abort())
    page.goto(origin + MAZES)
    figure = page.locator(CHART)
    figure.get_by_role("button", name="Explore").click()
    sync_api.expect(figure.get_by_role("status")).to_have_text("Plot not loaded; the picture stays.")
    assert figure.locator("svg.chart").first.is_visible()
    assert figure.locator(".js-plotly-plot").count() == 0
    page.unroute_all()
    watched.explore(CHART)  # asked again, it comes


def test_another_bundle_than_the_committed_one_is_not_run(origin: str, watched: Watched) -> None:
    page = watched.page
    page.route(
        "**/plotly-cartesian.min.js",
        lambda route: route.fulfill(body="window.owned = true", content_type="text/javascript"),
    )
    page.goto(origin + MAZES)
    figure = page.locator(CHART)
    figure.get_by_role("button", name="Explore").click()
    sync_api.expect(figure.get_by_role("status")).to_have_text("Plot not loaded; the picture stays.")
    assert page.evaluate("window.owned") is None


def test_without_script_there_is_no_button(origin: str, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(origin + MAZES)
    assert page.get_by_role("button", name="Explore").count() == 0
    assert page.locator("svg.chart").first.is_visible()
    context.close()


def test_the_plot_of_every_drawn_chart_is_in_the_site(tmp_path: Path) -> None:
    synthetic.write_reference(tmp_path / "root")
    build_site(tmp_path / "root", tmp_path / "site")
    figure = re.compile(r'<figure id="chart-([^"]+)">(?:(?!</figure>).)*?<svg class="chart"', re.DOTALL)
    pages = (path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html"))
    texts = list(pages)
    shown = {name for text in texts for name in figure.findall(text)}
    tables = re.compile(r'<figure id="chart-([^"]+)">(?:(?!</figure>).)*?<table class="heat"', re.DOTALL)
    pictures = {path.stem for path in (tmp_path / "site/data/charts").glob("*.svg")}
    assert pictures == {name for text in texts for name in tables.findall(text)} != set()
    held = {path.stem for path in (tmp_path / "site/data/charts").glob("*.json")}
    assert shown == held
    build_site(tmp_path / "root", tmp_path / "again")
    for name in held:
        place = f"data/charts/{name}.json"
        assert (tmp_path / "site" / place).read_bytes() == (tmp_path / "again" / place).read_bytes()
