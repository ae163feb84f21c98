"""What pages may weigh: at each limit nothing is said, and one byte or file above it both sizes are."""

import base64
import gzip
import random
import re
from functools import cache

import pytest

from interplay.leaderboard.sitecheck import sizes
from interplay.leaderboard.sitecheck.links import SiteFiles
from interplay.leaderboard.sitecheck.outline import Outline

STYLE, SCRIPT = "static/style.css", "static/site.js"
SITE = SiteFiles(frozenset((STYLE, SCRIPT)), None, {}, {STYLE: 4_000, SCRIPT: 1_000})
LOADS = frozenset((STYLE, SCRIPT))


def noise(length: int) -> bytes:
    """Bytes that gzip cannot make smaller, as text."""
    return base64.b64encode(random.Random(3).randbytes(length))[:length]


@cache
def of_weight(weight: int) -> bytes:
    """Content that takes exactly so many bytes gzipped."""
    length = weight
    for _ in range(100):
        found = len(gzip.compress(noise(length), mtime=0))
        if found == weight:
            return noise(length)
        length += weight - found or 1
    raise AssertionError(f"no content weighs {weight}")


def said(file: str, content: bytes, loads: frozenset[str] = frozenset(), markup: str = "") -> list[str]:
    page = Outline(file, markup)
    return [sentence for _, sentence in sizes.page_faults(page, content, loads, SITE)]


@pytest.fixture(scope="module")
def at_limit() -> dict[str, bytes]:
    return {name: of_weight(getattr(sizes, name)) for name in ("ENTRY", "PICTURE")}


def test_weight_is_that_of_the_bytes_as_sent_and_no_clock_is_in_it() -> None:
    assert sizes.weight(b"") == 20
    assert sizes.weight(b"a" * 10_000) < 60
    assert sizes.is_above(b"a" * 10_000, 100) == 0
    heavy = noise(5_000)
    assert sizes.is_above(heavy, 2_000) == len(gzip.compress(heavy, mtime=0)) > 2_000
    assert sizes.is_above(heavy, 5_000) == 0


def test_an_entry_at_its_limit_passes_and_one_byte_more_does_not(at_limit: dict[str, bytes]) -> None:
    content = at_limit["ENTRY"]
    assert said("entries/a/index.html", content) == []
    heavier = of_weight(sizes.ENTRY + 1)
    assert said("entries/a/index.html", heavier) == [
        f"the page of an entry takes {sizes.ENTRY + 1:,} bytes gzipped (limit {sizes.ENTRY:,})"
    ]
    assert said("models/a/index.html", heavier) == []


@pytest.mark.parametrize(
    ("file", "is_board"),
    [
        ("boards/mazes-pair/index.html", True),
        ("boards/mazes-pair/2/index.html", True),
        ("boards/mazes-pair/open/index.html", False),
        ("boards/index.html", False),
        ("embed/mazes-pair/index.html", False),
    ],
)
def test_the_budget_of_a_board_holds_its_style_and_scripts(file: str, is_board: bool) -> None:
    room = sizes.BOARD - 5_000
    fits, above = of_weight(room), of_weight(room + 1)
    assert said(file, fits, LOADS) == []
    assert said(file, above) == []
    expected = (
        f"a page of a board takes {sizes.BOARD + 1:,} bytes gzipped, with style and script "
        f"(limit {sizes.BOARD:,})"
    )
    assert said(file, above, LOADS) == ([expected] if is_board else [])


def test_a_chart_is_weighed_by_itself_and_other_drawings_are_not(at_limit: dict[str, bytes]) -> None:
    start, end = '<svg class="chart">', "</svg>"
    inner = noise(len(at_limit["PICTURE"]) + 500).decode()
    heavy = f"{start}{inner}{end}"
    found = len(gzip.compress(heavy.encode(), mtime=0))
    expected = [f"a chart takes {found:,} bytes gzipped (limit {sizes.PICTURE:,})"]
    assert said("x.html", b"", markup=f"<p>{heavy}</p>") == expected
    assert said("x.html", b"", markup=heavy * 2) == expected * 2
    assert said("x.html", b"", markup=heavy.replace("chart", "icon")) == []
    light = f"{start}{inner[: len(inner) // 2]}{end}"
    assert said("x.html", b"", markup=light * 2) == []


def test_a_page_loads_five_files_with_itself_and_no_more() -> None:
    four = frozenset(f"static/{name}" for name in "dbca")
    assert said("x.html", b"", four) == []
    assert said("x.html", b"", four | {"static/e"}) == [
        "the page loads 6 files (limit 5): static/a, static/b, static/c, static/d, static/e"
    ]


def test_what_a_reader_asks_for_is_not_loaded_by_itself() -> None:
    name = "static/vendor/plotly.js"
    assert said("x.html", b"", frozenset({name})) == [
        f"the page loads {name} by itself (expected only when a reader asks for it)"
    ]


def test_budgets_are_those_that_readers_are_promised() -> None:
    """The limits of the design: raising one is a decision, not an edit on the way."""
    limits = (sizes.BOARD, sizes.ENTRY, sizes.PICTURE, sizes.SCRIPTS, sizes.SHEET, sizes.CARD)
    assert limits == (60_000, 15_000, 6_000, 10_000, 14_000, 40_000)
    assert sizes.LOADED == 5
    assert re.fullmatch(sizes.BOARD_PAGE, "boards/a/12/index.html")
