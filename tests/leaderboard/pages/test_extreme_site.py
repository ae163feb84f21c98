"""A site of entries at the ends of what an entry may hold: every page is sound, and every word is text."""

import json
import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from interplay.leaderboard.build import build_site
from interplay.leaderboard.canonical import encode_units
from interplay.leaderboard.sitecheck.run import check_site

from .. import synthetic
from .built import Built

BASE = "https://orchard.github.io/interplay"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt; &amp;amp; &#x3c;",
    "]]><!-- x --></section></main>",
    "{{ 7 * 7 }} {% if x %}",
    "\u202eevil\u202c \u2067שלום\u2069 العربية",
    "🧭" * 10,
    "long" * 15,
    "javascript:alert(1)//",
    "' onmouseover='alert(1)",
)
TITLE = "orchard/" + "a" * 100
UNITS = synthetic.STANDARD[::3]


def result(values: list[float], **fields: object) -> dict[str, object]:
    """A result on the board of pairs whose figures are those of these values."""
    made = synthetic.pair_result("x", 0.5, UNITS, "standard")
    metrics = dict(made["metrics"])  # type: ignore[call-overload]
    metrics["maze.success_corrected"] = synthetic.metric(values, (synthetic.FLOOR, 1.0))
    own = {"metrics": metrics, "units": encode_units(values), "units_total": len(values)}
    return {**made, **own, **fields}


def bare(value: float, lo: float, hi: float, n: int = 40) -> dict[str, object]:
    return {"value": value, "lo": lo, "hi": hi, "n": n, "interval": "share"}


def cells(count: int) -> list[dict[str, object]]:
    """Cells whose conditions are named by hostile words, the last one not estimable."""
    found = [
        synthetic.cell(
            {HOSTILE[i % 5][:60]: f"{i} {HOSTILE[(i + 1) % len(HOSTILE)]}"[:60], "c": "d"}, [0.5, 1.0]
        )
        for i in range(count)
    ]
    return [*found, {**found[0], "dims": {"none": "x"}, "value": None, "lo": None, "hi": None, "n": 0}]


def extreme() -> Iterator[dict[str, object]]:
    """Entries, each at one end."""
    floor = synthetic.FLOOR
    yield synthetic.entry("acme/all-solved", [result([1.0] * 40)])
    yield synthetic.entry("acme/none-solved", [result([floor] * 40)], day=2)
    yield synthetic.entry("acme/equal-halves", [result([0.5] * 40)], day=3)
    yield synthetic.entry("acme/two-units", [result([floor, 1.0], units_digest="0" * 64)], day=4)
    missing: list[float | None] = [0.5] * 20 + [None] * 20
    yield synthetic.entry(
        "acme/half-missing", [result([0.5] * 40, units=encode_units(missing), unscored=40)], day=5
    )
    yield synthetic.entry(
        "acme/zero-samples",
        [result([0.2] * 40, samples=0, errors=0, unscored=0, cells=[], usage={})],
        day=6,
    )
    counts = ("calls", "input_tokens", "output_tokens", "reasoning_tokens", "cached_tokens")
    huge = dict.fromkeys(counts, 10**15)
    used = {
        role: {**huge, "seconds": 1e12, "cost_usd": 1e9, "price_date": None} for role in ("model", "grader")
    }
    yield synthetic.entry("acme/huge-numbers", [result([0.3] * 40, usage=used, samples=10**15)], day=7)
    odd = {
        "maze.success_corrected": bare(0.0, 0.0, 0.08),
        "maze.success_strict": bare(0.0, 0.0, 0.0),
        "maze.brand_new.key_that_no_board_names": bare(1e-9, -1e-9, 1e9),
        "maze.visible_tokens": bare(-123456.5, -1e6, 1e6),
    }
    yield synthetic.entry("acme/odd-figures", [result([0.0] * 40, metrics=odd)], day=8)
    only = {"maze.success_strict": bare(0.5, 0.4, 0.6)}
    yield synthetic.entry("acme/no-headline", [result([0.4] * 40, metrics=only)], day=9)
    yield synthetic.entry("acme/unknown-board", [result([0.4] * 40, board="mazes-of-tomorrow")], day=10)
    yield synthetic.entry(TITLE, [result([0.6] * 40, cells=cells(30))], day=11, organisation="x" * 80)
    for i, words in enumerate(HOSTILE):
        is_open = i % 2 == 0
        yield synthetic.entry(
            f"acme/hostile-{i}",
            [result([0.7 - 0.01 * i] * 40, cells=cells(3))],
            day=12 + i,
            division="open" if is_open else "closed",
            organisation=words[:80],
            effort=words[:60],
            note=words * 5,
            method_note=words * 20 if is_open else None,
            method_url=f"https://a.example/{i}" if i % 4 == 0 else words.ljust(8) if is_open else None,
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("extreme")
    root = folder / "root"
    synthetic.write_reference(root)
    for i, content in enumerate(extreme()):
        record = synthetic.record(content, "check", findings=1)
        for finding in record["findings"]:  # type: ignore[attr-defined]
            finding["message"] = HOSTILE[i % len(HOSTILE)] * 3
        reason = {"reason": HOSTILE[i % len(HOSTILE)]}
        taken = {**synthetic.record(content, "withdraw", "fail"), "details": reason}
        synthetic.write(root, content, [record, taken] if i % 7 == 6 else [record])
    build_site(root, folder / "site", base_url=BASE)
    return Built(root, folder / "site")


class Words(HTMLParser):
    """The text of a page, its tags and the names of its attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.text, self.tags, self.attributes = "", list[str](), set[str]()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def entries(site: Built) -> dict[str, dict[str, object]]:
    folder = site.root / "leaderboard" / "entries"
    return {path.stem: json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))}


def test_the_checks_find_nothing_wrong_with_any_page(site: Built) -> None:
    report = check_site(site.out, BASE)
    assert [str(finding) for finding in report.findings] == []
    assert report.pages > 60


def test_every_entry_has_its_page_with_its_words_as_text(site: Built) -> None:
    for name, content in entries(site).items():
        page = Words(site.html(f"entries/{name}"))
        assert "script" in page.tags
        assert page.tags.count("script") == 1, name
        assert not any(attribute.startswith("on") for attribute in page.attributes), name
        assert "img" not in page.tags, name
        for field in ("note", "method_note"):
            if content[field]:
                assert str(content[field]) in page.text, name
        organisation = content["submitter"]["organisation"]  # type: ignore[index]
        if organisation:
            assert organisation in page.text, name


def test_only_a_plain_address_becomes_a_link(site: Built) -> None:
    for name, content in entries(site).items():
        html = site.html(f"entries/{name}")
        address = str(content["method_url"] or "")
        is_plain = address.startswith("https://a.example/")
        assert (f'href="{escape(address)}"' in html) is (is_plain and bool(address)), name
        assert 'href="javascript:' not in html


def test_a_withdrawn_entry_says_why_in_the_words_of_who_took_it_back(site: Built) -> None:
    said = 0
    for path in (site.root / "leaderboard" / "evidence").glob("*/*-withdraw.json"):
        reason = json.loads(path.read_bytes())["details"]["reason"]
        page = Words(site.html(f"entries/{path.parent.name}"))
        assert reason in page.text
        said += 1
    assert said >= 2


def test_no_page_shows_a_slip_of_a_program_in_place_of_a_figure(site: Built) -> None:
    for path in sorted(site.out.rglob("*.html")):
        for cell in re.findall(r"<td[^>]*>([^<]*)</td>", path.read_text("utf-8")):
            assert cell.strip() not in ("nan", "inf", "-inf", "None", "undefined", "null"), path
            assert not re.search(r"(?<![\w-])-\d", cell), f"{path}: {cell} has a hyphen for a minus"


def test_rows_that_cannot_be_compared_are_listed_without_rank_and_with_the_reason(site: Built) -> None:
    text = site.text("boards/mazes-pair")
    assert "Its mazes differ from those of the other rows." in text
    columns = json.loads((site.out / "data/boards/mazes-pair.json").read_bytes())["columns"]
    place = columns["model"].index("acme/two-units")
    assert columns["place_from"][place] is None
    assert "acme/no-headline" not in columns["model"]


def test_an_entry_without_a_headline_offers_no_badge_and_its_model_says_that_no_board_has_it(
    site: Built,
) -> None:
    for model in ("acme-no-headline", "acme-unknown-board"):
        assert "Badge" not in site.text(site.entry(model))
        text = site.text(f"models/{model}")
        assert "No board of this site has a figure of this model. Its entries are among the changes ." in text
    assert "Badge SVG , endpoint for shields.io" in site.text(site.entry("acme-all-solved"))


@pytest.mark.parametrize("name", ["feed.xml", "sitemap.xml"])
def test_feed_and_map_are_well_formed_whatever_entries_are_called(site: Built, name: str) -> None:
    root = ElementTree.parse(site.out / name).getroot()
    texts = [node.text or "" for node in root.iter()]
    assert len(texts) > 20
    assert not any("{{" in text for text in texts)


def test_every_drawing_is_well_formed(site: Built) -> None:
    for path in sorted(site.out.rglob("*.svg")):
        for node in ElementTree.parse(path).iter():
            assert not node.tag.endswith("script"), path
            assert not any(name.startswith("on") for name in node.attrib), path


def test_every_json_is_read_by_a_strict_reader(site: Built) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    paths = sorted(site.out.rglob("*.json"))
    for path in paths:
        json.loads(path.read_bytes(), parse_constant=refuse)
    assert len(paths) > 50


def test_a_page_lies_below_the_site_whatever_its_entry_is_called(site: Built, tmp_path: Path) -> None:
    names = {path.name for path in (site.out / "entries").iterdir()}
    assert names == set(entries(site))
    assert all(re.fullmatch(r"[a-z0-9_.-]+", name) for name in names)
    assert sorted(path.name for path in site.out.parent.iterdir()) == [".site-stamps.json", "root", "site"]
