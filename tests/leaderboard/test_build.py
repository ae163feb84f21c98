"""The built site as files: complete without script, safe, linked, within budgets, the same bytes twice."""

import gzip
import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

from interplay.leaderboard import svg
from interplay.leaderboard.build import build_site
from interplay.leaderboard.pages.inputs import read_inputs

from . import synthetic, synthetic_user_turn
from .built import Built, Outline

ROWS = 200


@pytest.fixture(scope="module", autouse=True)
def families() -> Iterator[None]:
    with synthetic_user_turn.registered():
        yield


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("site"), models=14, user_turns=True)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("large"), models=ROWS, reference=False)


def test_every_number_interval_place_and_evidence_link_is_in_the_html(site: Built) -> None:
    expected = {"mazes-cross": 14, "user-turn-native": 13}
    expected |= {"user-turn-human": 8, "user-turn-controls": 8, "user-turn-likelihood": 8}
    expected |= {"user-turn-prompted": 8}
    for board_id, standing in read_inputs(site.root).standings.items():
        html = site.html(f"boards/{board_id}")
        if board_id.startswith(("deescalation", "posttrain", "proxy", "recipe")):
            assert not standing.rows  # the synthetic leaderboard has no entries of these families
            continue
        table = html.split("</thead>")[1].split("</table>")[0]
        rows = dict(re.findall(r'href="\.\./\.\./entries/([^"/]+)/"(.*?)</tr>', table, re.S))
        pattern = r'<td class="num">([^<]*)</td>\s*<th scope="row"><a href="\.\./\.\./entries/([^"/]+)/"'
        places = {entry: words for words, entry in re.findall(pattern, html)}
        assert len(standing.listed) == len(rows) == expected.get(board_id, 20)
        for row in standing.listed:
            shown = rows[row.entry.entry_id]
            decimals = 2 if board_id == "user-turn-likelihood" else 3
            head = row.headline
            is_zero = head.value == head.lo == 0
            value = (
                f"≤ {head.hi:.{3 if head.hi < 0.1 else decimals}f}"
                if is_zero
                else f"{abs(head.value):.{decimals}f}"
            )
            assert value in shown
            assert re.search(r'<td class="num i c1">((≤ )?[−0-9. –to]+|none seen)</td>', shown)
            assert f'class="ev r{row.submission.rung}"' in shown
            if standing.is_alone(row):
                assert places[row.entry.entry_id] == ""
            elif row.places:
                first, last = row.places
                assert places[row.entry.entry_id] == (str(first) if first == last else f"{first}–{last}")
                assert ('class="top"' in html.split(row.entry.entry_id)[0].rsplit("<tr", 1)[1]) == (
                    first == 1
                )
            assert (site.out / "entries" / row.entry.entry_id / "index.html").is_file()


def test_an_entry_page_reaches_log_records_commands_and_every_metric(site: Built) -> None:
    for submission in read_inputs(site.root).submissions:
        entry = submission.entry
        text = Outline(page := site.html(f"entries/{entry.entry_id}")).text
        for pointer in entry.logs:
            assert pointer.sha256 in page
            assert pointer.uri.startswith("repo:") or "https://huggingface.co/datasets/" in page
        assert f"interplay check {entry.entry_id} --logs fetch" in text
        assert re.search(rf"interplay eval \w+ --model {re.escape(entry.model.id)}", text)
        assert ("--preset smoke" in text) == (entry.settings.preset == "smoke")
        assert page.count("data/evidence/") >= len(submission.evidence)
        for result in entry.results:
            shown = [m for key, m in result.metrics.items() if key != "maze.visible_tokens"]
            for found in (*shown, *result.cells):
                value, is_zero = abs(found.value or 0), found.value == found.lo == 0
                words = f"≤ {found.hi:.3f}" if is_zero else f"{value:.3f}"
                assert words in text or f"{value:.2f}" in text
                assert not is_zero or words in text or "none seen" in text


def test_an_entry_page_depends_on_no_other_entry(tmp_path: Path) -> None:
    small = Built(tmp_path, models=3)
    before = {name: text for name, text in small.pages() if name.startswith("entries/")}
    late = synthetic.entry(
        "acme/late-1", [synthetic.pair_result("late", 0.5, synthetic.STANDARD, "standard")]
    )
    synthetic.write(small.root, late)
    report = build_site(small.root, small.out)
    after = dict(small.pages())
    assert all(after[name] == text for name, text in before.items())
    assert report.changed < 35


def test_a_second_build_changes_nothing_and_a_fresh_one_is_equal(site: Built, tmp_path: Path) -> None:
    assert build_site(site.root, site.out).changed == 0
    build_site(site.root, tmp_path / "again")
    first = {p.relative_to(site.out): p.read_bytes() for p in site.out.rglob("*") if p.is_file()}
    again = tmp_path / "again"
    assert first == {p.relative_to(again): p.read_bytes() for p in again.rglob("*") if p.is_file()}
    assert len(first) == site.report.files


def test_every_internal_link_resolves(site: Built) -> None:
    outlines = {name: Outline(text) for name, text in site.pages()}
    for name, outline in outlines.items():
        assert len(outline.ids) == len(set(outline.ids)), f"{name}: an id occurs twice"
        for tag, href, _ in outline.links:
            parts = urlsplit(href)
            if parts.scheme or (name == "404.html" and href.startswith("/")):
                continue
            if tag == "use":
                assert href[1:] in outline.ids
                continue
            target = (site.out / name).parent / unquote(parts.path) if parts.path else site.out / name
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{name}: {href} leads nowhere"
            if parts.fragment:
                own = outlines[target.resolve().relative_to(site.out.resolve()).as_posix()]
                assert parts.fragment in own.ids, f"{name}: {href} has no such place"


def test_pages_load_nothing_from_elsewhere_and_hold_no_inline_code(site: Built) -> None:
    for name, text in site.pages():
        outline = Outline(text)
        assert not outline.open, name
        assert outline.tags.count("h1") == 1, name
        assert "style" not in outline.attributes | set(outline.tags), name
        assert not {a for a in outline.attributes if a.startswith("on")}, name
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in unescape(text)
        for tag, href, given in outline.links:
            if urlsplit(href).scheme:
                assert tag == "a", f"{name} loads {href}"
                assert href.startswith("https://")
                assert given["rel"] == "nofollow ugc noopener noreferrer"
        assets = [
            href
            for tag, href, given in outline.links
            if tag == "script" or (tag == "link" and given["rel"] in ("stylesheet", "icon"))
        ]
        assert len(assets) + 1 <= 5


def test_headings_are_in_order(site: Built) -> None:
    for name, text in site.pages():
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
        assert levels[0] == 1, name
        assert all(b - a <= 1 for a, b in pairwise(levels)), name


def test_budgets(site: Built, large: Built) -> None:
    static = {path.name: path.read_bytes() for path in (large.out / "static").iterdir() if path.is_file()}
    board = large.html("boards/mazes-pair").encode()
    assert board.count(b"<tr") > ROWS
    page = sum(len(gzip.compress(part)) for part in (board, static["style.css"], static["site.js"]))
    assert page <= 60_000
    assert len(static["site.js"]) <= 10_000
    assert len(static["style.css"]) <= 14_000
    assert len(static["card.png"]) <= 40_000
    for name, text in site.pages():
        if name.startswith("entries/"):
            assert len(gzip.compress(text.encode())) <= 15_000
        for picture in re.findall(r'<svg class="chart".*?</svg>', text):
            assert len(gzip.compress(picture.encode())) <= 6_000


def test_rows_beyond_two_hundred_go_to_a_second_page(tmp_path: Path) -> None:
    built = Built(tmp_path, models=ROWS + 3, reference=False)
    first, second = built.html("boards/mazes-pair"), built.html("boards/mazes-pair/2")
    assert first.count("data-dev=") == ROWS
    assert second.count("data-dev=") == 3
    assert f"{ROWS + 3} entries" in first
    assert 'href="../../boards/mazes-pair/2/"' in first


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    root = tmp_path / "root"
    result = synthetic.pair_result("x", 0.5, synthetic.STANDARD, "standard")
    evil = synthetic.HOSTILE
    result["cells"] = [synthetic.cell({evil[:60]: evil[60:90], "</td>": "<script>"}, [0.1, 0.4])]
    hostile = synthetic.entry(
        "acme/" + "long-" * 15,
        [result],
        division="open",
        organisation=evil[:80],
        note=evil,
        method_note=evil,
        method_url="javascript:alert(1)",
    )
    name = synthetic.write(root, hostile, [synthetic.record(hostile, "check", findings=1)])
    build_site(root, tmp_path / "site")
    page = (tmp_path / "site" / "entries" / name / "index.html").read_text(encoding="utf-8")
    outline = Outline(page)
    assert not outline.open
    assert evil in outline.text
    assert evil[:60] in outline.text
    assert outline.tags.count("script") == 1
    assert "img" not in outline.tags
    assert "b" in outline.tags  # our own
    assert "javascript:" not in page
    assert page.count('dir="auto"') >= 5


def test_withdrawn_and_superseded_entries_leave_the_boards_and_keep_their_pages(tmp_path: Path) -> None:
    root = tmp_path / "root"

    def run(name: str, ability: float) -> list[dict[str, object]]:
        return [synthetic.pair_result(name, ability, synthetic.STANDARD, "standard")]

    old = synthetic.entry("acme/one", run("one", 0.4), day=2)
    new = synthetic.entry("acme/one", run("one", 0.6), day=3, supersedes=str(old["entry_id"]))
    gone = synthetic.entry("acme/two", run("two", 0.9), day=4)
    early = synthetic.entry("acme/three", run("three", 0.3), day=5)
    better = synthetic.entry("acme/three", run("three", 0.8), day=6)
    for content in (old, new, early, better):
        synthetic.write(root, content)
    synthetic.write(root, gone, [synthetic.record(gone, "check"), synthetic.record(gone, "withdraw")])
    build_site(root, tmp_path / "site")
    board = (tmp_path / "site/boards/mazes-pair/index.html").read_text(encoding="utf-8")
    table = board.split("<tbody>")[1].split("</tbody>")[0]
    listed = set(re.findall(r"entries/([^/]+)/", table))
    assert listed == {new["entry_id"], early["entry_id"]}
    assert f"entries/{better['entry_id']}/" in board.split("Replicates")[1]
    pages = {str(e["entry_id"]): (tmp_path / f"site/entries/{e['entry_id']}/index.html").read_text() for e in
             (old, new, gone)}  # fmt: skip
    assert f"entries/{new['entry_id']}/" in pages[str(old["entry_id"])]
    assert f"entries/{old['entry_id']}/" in pages[str(new["entry_id"])]
    assert "This entry is on no board" in pages[str(gone["entry_id"])]


def test_empty_boards_say_so_and_link_on(tmp_path: Path) -> None:
    built = Built(tmp_path / "none", models=0, reference=False)
    scripted = Built(tmp_path / "scripted", models=0)
    for page in (built.html("boards/mazes-pair"), scripted.html("boards/mazes-pair"), scripted.html("")):
        assert "No model runs yet." in page
        assert "submit/" in page
    assert "data-dev" not in built.html("boards/mazes-pair")
    assert "rows below" not in built.html("") + built.html("boards/mazes-pair")
    assert scripted.html("boards/mazes-pair").count('class="ref"') == len(synthetic.PLAYERS)
    assert "No entry in the open division yet." in scripted.html("boards/mazes-pair/open")
    assert {name for name, _ in built.pages()} >= {
        "index.html",
        "404.html",
        "boards/mazes-pair/published/index.html",
    }


def test_published_figures_are_all_there_hollow_and_unranked(site: Built) -> None:
    page = site.html("boards/mazes-pair/published")
    text = Outline(page).text
    assert "silent planner, our reconstruction 0.60" in text
    assert page.count("± ") >= 100 + 91
    assert "0.99± 0.02" in text
    assert "0.97± 0.02" in text
    assert "○ no interval" in text
    assert "0.00–0.05" in text
    assert "25, equal in 2 and worse in 6" in text
    assert 'class="num">Rank' not in page
    assert "https://arxiv.org/abs/2511.02687v1" in page


def test_without_matplotlib_the_tables_stand_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(svg, "is_available", lambda: False)
    built = Built(tmp_path, models=3)
    assert [w for w in built.report.warnings if "matplotlib" in w] == [
        "matplotlib is not installed, so charts are shown as tables only. "
        "Remedy: pip install 'interplay[site]'."
    ]  # fmt: skip
    page = built.html("boards/mazes-pair/published")
    assert '<svg class="chart"' not in page
    assert "<details>" not in page
    assert "gemini-2.5-flash-lite" in Outline(page).text


def test_addresses_are_relative_except_where_a_public_one_is_needed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    synthetic.write_reference(root)
    build_site(root, tmp_path / "site", base_url="https://example.org/interplay")
    missing = (tmp_path / "site/404.html").read_text(encoding="utf-8")
    assert 'href="https://example.org/interplay/boards/mazes-pair/"' in missing
    home = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://example.org/interplay/">' in home
    assert 'href="./boards/mazes-pair/"' in home
    feed = ElementTree.parse(tmp_path / "site/feed.xml").getroot()
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 2 * len(synthetic.PLAYERS)  # each was accepted and regraded
    moments = [entry.findtext("{http://www.w3.org/2005/Atom}updated") or "" for entry in entries]
    assert moments == sorted(moments, reverse=True)
    places = ElementTree.parse(tmp_path / "site/sitemap.xml").getroot()
    assert all((place[0].text or "").startswith("https://example.org/interplay/") for place in places)


def test_downloads_are_listed_with_their_hashes(site: Built) -> None:
    manifest = site.out / "data" / "manifest.json"
    listed = re.findall(r'"path": "([^"]+)"', manifest.read_text(encoding="utf-8"))
    held = {
        path.relative_to(site.out).as_posix()
        for name in ("data", "badges")
        for path in (site.out / name).rglob("*")
        if path.is_file()
    }
    assert set(listed) == held - {"data/manifest.json", "data/index.html"}
    csv = (site.out / "data/results.csv").read_text(encoding="utf-8").splitlines()
    assert csv[0].startswith("entry_id,board,model,developer,division")
    assert len(csv) == 1 + 2 * 20 + 14 + 13 + 8 + 8 + 8 + 8
