"""Words and heads that hold for every page of the site."""

import re
from urllib.parse import urlsplit

from .built import Built, words

SUPERLATIVES = re.compile(r"\b(best|wins?|winner|winning)\b", re.IGNORECASE)
ALLOWED = re.compile(r"best (of 25|human|route for its own half)|divided by the best less", re.IGNORECASE)
"""Terms of a measure or of a printed table, which say nothing about a row."""


def test_no_page_calls_a_row_the_best_or_says_that_it_wins(site: Built) -> None:
    for path in sorted(site.out.rglob("*.html")):
        text = ALLOWED.sub("", words(path.read_text(encoding="utf-8")))
        found = SUPERLATIVES.search(text)
        assert found is None, f"{path}: {text[max(found.start() - 60, 0) : found.end() + 20]}"


def test_every_head_has_a_preview_with_size_and_words(site: Built) -> None:
    for path in sorted(site.out.rglob("index.html")):
        if path.parts[-3] == "embed":
            continue
        head = path.read_text(encoding="utf-8").split("</head>")[0]
        for name, content in (("width", "1200"), ("height", "630"), ("alt", "Interplay: ")):
            assert f'<meta property="og:image:{name}" content="{content}' in head, path
        address = re.search(r'<meta property="og:image" content="([^"]+)"', head)
        assert address is not None
        assert urlsplit(address[1]).scheme == "https"


def test_links_to_other_sites_say_so_in_words_that_are_seen(site: Built) -> None:
    for path in sorted(site.out.rglob("*.html")):
        for link in re.findall(r'<a href="https:[^>]*>.*?</a>', path.read_text(encoding="utf-8"), re.S):
            if path.name == "404.html" and "https://orchard.github.io/interplay/" in link:
                continue
            assert "<small>(opens another site)</small></a>" in link, path


def test_the_data_page_names_licences_and_how_to_verify(site: Built) -> None:
    text = site.text("data")
    assert "gh attestation verify manifest.json --repo orchard/interplay" in text
    assert '<a class="path" href="../data/schema/entry.json">entry.json</a>' in site.html("data")
    assert "Weights keep the licences of their developers." in text
    assert "CC BY 4.0 (opens another site)" in text


def test_the_method_page_has_every_topic_under_its_address(site: Built) -> None:
    html = site.html("method")
    ids = set(re.findall(r' id="([\w-]+)"', html))
    linked = set(re.findall(r'href="#([\w-]+)"', html)) - {"main"}
    assert len(linked) == 11
    assert linked <= ids
    assert "Five stages judge a submission." in words(html)
