"""What only a whole site can show: sites with exactly one fault each, beside the one without any."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from interplay.leaderboard.sitecheck.sizes import CARD, SCRIPTS, SHEET

from .handmade import BASE, COLUMNS, STYLE, board, board_file, findings, listed, row, site_files, sound

SITE = site_files()
Change = dict[str, bytes | None]
DATA = "data/boards/demo.json"


def edited(name: str, old: str, new: str) -> Change:
    """One file of the sound site with one part of it replaced."""
    text = SITE[name].decode()
    assert old in text, f"{name} holds no {old!r}"
    return {name: text.replace(old, new, 1).encode()}


def rows(*found: str, up: str = "../../") -> bytes:
    return sound(board(*found), up=up).encode()


def with_list(change: Callable[[list[dict[str, object]]], object]) -> Change:
    """The list of downloads, changed."""
    content = json.loads(listed(SITE))
    change(content["files"])
    return {"data/manifest.json": json.dumps(content).encode()}


FIRST, SECOND = row("e-1", 0.8125), row("e-2", 0.25, "").replace(' data-v="0.2500"', "")
FAULTS: dict[str, tuple[Change, list[str]]] = {
    # boards against their files
    "no-row": (
        {"boards/demo/index.html": rows(FIRST)},
        ["content: boards/demo/index.html: no row shows e-2, which is on the board"],
    ),
    "no-open-row": (
        {"boards/demo/open/index.html": rows(row("e-1", 0.8125, "", "../../../"), up="../../../")},
        ["content: boards/demo/open/index.html: no row shows e-3, which is on the board"],
    ),
    "open-row-among-closed-ones": (
        {"boards/demo/open/index.html": sound(up="../../../").encode(),
         "boards/demo/index.html": rows(FIRST, SECOND, row("e-3", 0.5, ""))},
        ["content: boards/demo/open/index.html: no row shows e-3, which is on the board"],
    ),
    "another-value": (
        {"boards/demo/index.html": rows(row("e-1", 0.8126), SECOND)},
        [f"content: boards/demo/index.html:19: the row of e-1 does not show 0.8125, as {DATA} has it"],
    ),
    "another-place": (
        {"boards/demo/index.html": rows(row("e-1", 0.8125, "2"), SECOND)},
        [f"content: boards/demo/index.html:19: the row of e-1 stands at 2 ({DATA}: 1)"],
    ),
    "another-end-of-the-place": (
        {DATA: board_file(place_to=[3, None, None])},
        [f"content: boards/demo/index.html:19: the row of e-1 stands at 1 ({DATA}: 1–3)"],
    ),
    "a-place-of-none": (
        {DATA: board_file(place_from=[None] * 3, place_to=[None] * 3)},
        [f"content: boards/demo/index.html:19: the row of e-1 stands at 1 ({DATA}: nowhere)"],
    ),
    "no-lower-end": (
        {DATA: board_file(lo=[None, None, 0.4])},
        [f"content: {DATA}: e-1 has the value 0.8125 without an interval"],
    ),
    "no-upper-end": (
        {DATA: board_file(hi=[0.9, None, None])},
        [f"content: {DATA}: e-3 has the value 0.5 without an interval"],
    ),
    "no-rows-at-all": (
        {"boards/demo/index.html": sound(up="../../").encode()},
        ["content: boards/demo/index.html: the board has 2 entries and shows no row"],
    ),
    "no-page": (
        {"data/boards/other.json": board_file(**{name: [] for name in COLUMNS})},
        ["content: data/boards/other.json: the board has no page"],
    ),
    "no-json": ({DATA: b'{"label": '}, [f"files: {DATA}: the file is no JSON of a board"]),
    "no-columns": ({DATA: b'{"label": "Success"}'}, [f"files: {DATA}: the file is no JSON of a board"]),
    "short-column": (
        {DATA: board_file(value=[0.8125, None])},
        [f"files: {DATA}: the file is no JSON of a board"],
    ),
    # the list of downloads
    "no-list": (
        {"data/manifest.json": None},
        ["files: data/manifest.json: the list of downloads is missing"],
    ),
    "list-of-a-build-that-broke-off": (
        {"data/manifest.json": b""},
        ["files: data/manifest.json: the file is no list of downloads"],
    ),
    "another-list": (
        {"data/manifest.json": b"[]"},
        ["files: data/manifest.json: the file is no list of downloads"],
    ),
    "listed-and-gone": (
        with_list(lambda files: files.append({"path": "data/gone.csv", "bytes": 1, "sha256": "0" * 64})),
        ["files: data/manifest.json: data/gone.csv is listed and not there"],
    ),
    "there-and-not-listed": (
        with_list(lambda files: files.remove(next(f for f in files if f["path"] == "badges/e-1.svg"))),
        ["files: data/manifest.json: badges/e-1.svg is there and not listed"],
    ),
    "another-hash": (
        with_list(lambda files: files[0].update(sha256="0" * 64)),
        ["files: data/manifest.json: badges/e-1.svg has another SHA-256 than the list says"],
    ),
    "another-size": (
        with_list(lambda files: files[0].update(bytes=7)),
        ["files: data/manifest.json: badges/e-1.svg has 6 bytes (the list says 7)"],
    ),
    # the map and the feed
    "no-map": ({"sitemap.xml": None}, ["files: sitemap.xml: the file is missing"]),
    "no-feed": ({"feed.xml": None}, ["files: feed.xml: the file is missing"]),
    "broken-feed": (
        {"feed.xml": b"<feed>"},
        ["files: feed.xml: the file is no XML: no element found: line 1, column 6"],
    ),
    "broken-map": (
        {"sitemap.xml": b""},
        ["files: sitemap.xml: the file is no XML: no element found: line 1, column 0"],
    ),
    "off-the-map": (
        edited("sitemap.xml", f"<url><loc>{BASE}/data/</loc></url>", ""),
        ["links: sitemap.xml: data/index.html is not on the map"],
    ),
    "map-elsewhere": (
        edited("sitemap.xml", "</urlset>", "<url><loc>https://a.example/</loc></url></urlset>"),
        ["links: sitemap.xml: 'https://a.example/' leads nowhere"],
    ),
    "map-to-nothing": (
        edited("sitemap.xml", "</urlset>", f"<url><loc>{BASE}/no/</loc></url></urlset>"),
        [f"links: sitemap.xml: '{BASE}/no/' leads nowhere"],
    ),
    "feed-to-nothing": (
        edited("feed.xml", "e-1", "e-7"),
        [f"links: feed.xml: '{BASE}/entries/e-7/' leads nowhere"],
    ),
    # ways
    "no-way": (
        edited("index.html", '<a href="./embed/demo/">embed/demo</a>', ""),
        ["links: embed/demo/index.html: no way leads here from the start page"],
    ),
    "only-a-ring-of-its-own": (
        {"a/index.html": sound('<a href="../b/">b</a>', up="../").encode(),
         "b/index.html": sound('<a href="../a/">a</a>', up="../").encode(),
         "sitemap.xml": SITE["sitemap.xml"].replace(b"</urlset>", "".join(
             f"<url><loc>{BASE}/{n}/</loc></url>" for n in "ab").encode() + b"</urlset>")},
        ["links: a/index.html: no way leads here from the start page",
         "links: b/index.html: no way leads here from the start page"],
    ),
    "place-on-another-page": (
        edited("data/index.html", "./results.csv", "../entries/e-1/#logs"),
        ["links: data/index.html:18: #logs names no place on entries/e-1/index.html"],
    ),
    "place-on-this-page": (
        edited("data/index.html", "./results.csv", "#logs"),
        ["links: data/index.html:18: #logs names no place on this page"],
    ),
    "place-in-a-file-that-is-no-page": (
        edited("data/index.html", "./results.csv", "./results.csv#row=2"),
        ["links: data/index.html:18: #row=2 names no place on data/results.csv"],
    ),
    # shared files
    "heavy-scripts": (
        edited("index.html", "</main>", '<script src="./static/site.js"></script></main>')
        | {"static/site.js": b"x" * (SCRIPTS + 1)},
        [f"size: static: static/site.js take {SCRIPTS + 1:,} bytes (limit {SCRIPTS:,})"],
    ),
    "heavy-card": (
        {"static/card.png": b"x" * (CARD + 1)},
        [f"size: static/card.png: the file takes {CARD + 1:,} bytes (limit {CARD:,})"],
    ),
    "script-asks-elsewhere": (
        {"static/site.js": b"fetch('https://a.example/x')"},
        ["safety: static/site.js: the file asks for something from elsewhere (https://)"],
    ),
    "drawing-asks-elsewhere": (
        {"static/icon.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><path d="url(x)"/></svg>'},
        ["safety: static/icon.svg: the file asks for something from elsewhere (url()"],
    ),
    "script-that-is-no-text": (
        {"static/site.js": b"\xff\xfe"},
        ["safety: static/site.js: the file is not UTF-8"],
    ),
}  # fmt: skip
SOUND: dict[str, Change] = {
    "as-written": {},
    "places-as-a-set": {
        DATA: board_file(place_to=[3, None, None]),
        "boards/demo/index.html": rows(row("e-1", 0.8125, "1–3"), SECOND),
    },
    "table-without-ranks": {"boards/demo/index.html": rows(row("e-1", 0.8125, ""), SECOND)},
    "row-on-the-second-page": {
        "boards/demo/index.html": sound(board(FIRST) + '<a href="./2/">2</a>', up="../../").encode(),
        "boards/demo/2/index.html": rows(
            row("e-2", 0.25, "", "../../../").replace(' data-v="0.2500"', ""), up="../../../"
        ),
        "sitemap.xml": SITE["sitemap.xml"].replace(
            b"</urlset>", f"<url><loc>{BASE}/boards/demo/2/</loc></url></urlset>".encode()
        ),
    },
    "board-without-entries": {
        DATA: board_file(**{name: [] for name in COLUMNS}),
        "boards/demo/index.html": sound(up="../../").encode(),
    },
    "value-rounded-by-the-page": {DATA: board_file(value=[0.81249, None, 0.50004])},
    "heaviest-scripts": edited("index.html", "</main>", '<script src="./static/site.js"></script></main>')
    | {"static/site.js": b"x" * SCRIPTS},
    "script-that-no-page-loads": {"static/extra.js": b"x" * (SCRIPTS + 1)},
    "heaviest-card": {"static/card.png": b"x" * CARD},
    "drawing-with-its-name-space": {"static/icon.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>'},
    "drawing-within-the-file": {
        "static/icon.svg": b"<svg><path d=\"url('data:image/png;base64,AA')\"/></svg>"
    },
    "vendored-script-may-name-its-home": {"static/vendor/x.js": b"// https://a.example/"},
    "frame-off-the-map": edited("embed/demo/index.html", "Interplay</h1>", "Frame</h1>"),
}


@pytest.mark.parametrize(("changes", "expected"), FAULTS.values(), ids=FAULTS)
def test_a_site_with_one_fault_has_its_sentence_and_no_other(
    changes: Change, expected: list[str], tmp_path: Path
) -> None:
    assert findings(tmp_path, changes) == expected


@pytest.mark.parametrize("changes", SOUND.values(), ids=SOUND)
def test_a_site_that_only_looks_faulty_has_no_finding(changes: Change, tmp_path: Path) -> None:
    assert findings(tmp_path, changes) == []


@pytest.mark.parametrize(("bytes_", "is_heavy"), [(SHEET, False), (SHEET + 1, True)])
def test_the_style_sheet_has_its_budget(bytes_: int, is_heavy: bool, tmp_path: Path) -> None:
    style = STYLE + b" " * (bytes_ - len(STYLE))
    version = sound().split("?v=")[1][:8]
    other = sound(style=style).split("?v=")[1][:8]
    pages = {n: c.replace(version.encode(), other.encode()) for n, c in SITE.items() if n.endswith(".html")}
    found = findings(tmp_path, pages | {"static/style.css": style})
    assert found == (
        [f"size: static/style.css: the file takes {bytes_:,} bytes (limit {SHEET:,})"] if is_heavy else []
    )


@pytest.mark.parametrize(
    "asked", ["@import 'x.css';", "p{background:url( x.png )}", "p{background:url('x')}"]
)
def test_a_style_sheet_asks_for_nothing(asked: str, tmp_path: Path) -> None:
    style = asked.encode()
    version, other = (sound(style=s).split("?v=")[1][:8].encode() for s in (STYLE, style))
    pages = {n: c.replace(version, other) for n, c in SITE.items() if n.endswith(".html")}
    (found,) = findings(tmp_path, pages | {"static/style.css": style})
    assert found.startswith("safety: static/style.css: the file asks for something from elsewhere")


def test_a_page_that_is_no_text_is_told_though_others_lead_to_places_on_it(tmp_path: Path) -> None:
    changes = edited("data/index.html", "./results.csv", "../entries/e-1/#main")
    page = SITE["entries/e-1/index.html"].replace(b"</main>", b"\xff</main>")
    (found,) = findings(tmp_path, changes | {"entries/e-1/index.html": page})
    place = page.index(b"\xff")
    assert found == (
        f"access: entries/e-1/index.html: the page is not UTF-8: invalid start byte at byte {place}"
    )
