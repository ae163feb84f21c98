"""Whatever stands in a text of an entry is shown as text: every field, on every page that shows it."""

import copy
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from pydantic import ValidationError

from interplay.leaderboard.build import build_site
from interplay.leaderboard.canonical import entry_id
from interplay.leaderboard.schema import Entry, Evidence
from interplay.leaderboard.sitecheck.run import check_site

from ...leaderboard import synthetic
from ...tampered.hostile import STRINGS, attacked
from ..chromium import MARKS, served
from .test_isolation import WATCH

pytestmark = [*MARKS, pytest.mark.slow]

Place = tuple[str | int, ...]
OUTSIDE = (
    "[...document.querySelectorAll('main a[href]')].map(a => a.href)"
    ".filter(h => !h.startsWith(location.origin))"
)
FOREIGN = (
    "document.querySelectorAll('main img, main script, main iframe, main form, main [onerror], main [style]')"
)


OURS = ("https://huggingface.co/datasets/", "https://arxiv.org/abs/", "https://creativecommons.org/licenses/")
"""How other addresses begin that pages lead to: logs, the papers behind a family, licences."""


class Attacked(NamedTuple):
    """A served site whose entries hold hostile text, the text of each entry, and findings on the site."""

    origin: str
    pages: dict[str, str]
    others: tuple[str, ...]
    findings: list[str]
    fields: set[str]


def plain(name: str) -> dict[str, Any]:
    """An entry of the open division, which has the most text."""
    result = synthetic.pair_result(name, 0.5, synthetic.SMOKE, "standard")
    method = {"method_note": "a", "method_url": "https://example.org/m"}
    return synthetic.entry(
        f"acme/{name}", [result], division="open", organisation="a", note="a", effort="a", **method
    )


def leaves(value: Any, path: Place = ()) -> Iterator[Place]:
    """Paths of all texts in a JSON value."""
    if isinstance(value, str):
        yield path
    for key, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from leaves(inner, (*path, key))


def changed(content: dict[str, Any], path: Place, text: str) -> dict[str, Any]:
    """A copy with a text in one place."""
    made = copy.deepcopy(content)
    place: Any = made
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = text
    return made


def everywhere(
    model: Any, content: dict[str, Any], text: str, *fixed: str
) -> tuple[dict[str, Any], set[str]]:
    """The text in every field whose schema lets it stand there, and which those are."""
    taken: set[str] = set()
    for path in list(leaves(content)):
        if path[-1] in fixed:
            continue
        made = changed(content, path, text)
        try:
            model.model_validate_json(json.dumps(made))
        except ValidationError:
            continue
        content = made
        taken.add(".".join(str(key) for key in path if isinstance(key, str)))
    return content, taken


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    folder = tmp_path_factory.mktemp("hostile")
    root, pages, fields = folder / "root", {}, set[str]()

    def write(content: dict[str, Any], text: str) -> None:
        for result in content["results"]:
            result["cells"] = [result["cells"][0] | {"dims": {text[:60]: text[:60]}}]
        content["entry_id"] = entry_id(content)
        record, taken = everywhere(Evidence, synthetic.record(content, "check", findings=1), text, "entry_id")
        fields.update(f"evidence.{name}" for name in taken)
        pages[synthetic.write(root, content, [record])] = text

    for i, text in enumerate(STRINGS.values()):
        content, taken = everywhere(Entry, plain(f"model-{i}"), text, "entry_id")
        fields.update(f"entry.{name}" for name in taken)
        write(content, text)
    for i, (name, content) in enumerate(attacked(plain("corpus"))):
        try:
            content["attempts"] = 2 + i
            content["entry_id"] = entry_id(content)
            Entry.model_validate_json(json.dumps(content))
        except ValidationError:
            assert name in ("html_in_model_id", "cyrillic_look_alike"), f"{name} never reaches a page"
            continue
        pages[synthetic.write(root, content)] = content["note"]
    build_site(root, folder / "site")
    out = folder / "site"
    others = tuple(
        path.parent.relative_to(out).as_posix() + "/"
        for part in ("boards/mazes-pair", "models", "changes", "data", "families/mazes", "embed/mazes-pair")
        for path in sorted((out / part).rglob("index.html"))
    )
    findings = [str(finding) for finding in check_site(out).findings]
    with served(out) as address:
        yield Attacked(address, pages, ("", *others), findings, fields)


def test_every_text_field_is_attacked(hostile: Attacked) -> None:
    """A new field that takes any text comes under attack by itself; these are those of today."""
    assert {name for name in hostile.fields if ".dims." not in name} == {
        *("entry.note", "entry.method_note", "entry.method_url", "entry.submitter.organisation"),
        *("entry.settings.reasoning_effort", "evidence.findings.message"),
    }


def test_hostile_text_is_shown_and_does_nothing(hostile: Attacked, page: Any) -> None:
    said: list[str] = []
    requests: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.add_init_script(WATCH)
    for name in (*(f"entries/{entry}/" for entry in hostile.pages), *hostile.others):
        page.goto(hostile.origin + name)
        assert page.evaluate("window.violations") == [], name
        assert page.evaluate(f"{FOREIGN}.length") == 0, name
        assert page.locator("h1").count() == 1, name
        for href in page.evaluate(OUTSIDE):
            assert href == "https://example.org/m" or href.startswith(OURS), href
        for width in (320, 1200):
            page.set_viewport_size({"width": width, "height": 900})
            needed = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert needed <= 0, f"{name} scrolls sideways at {width} px"
    assert said == []
    assert all(url.startswith(hostile.origin) for url in requests)


def test_every_string_can_be_read_on_its_page(hostile: Attacked, page: Any) -> None:
    for entry, text in hostile.pages.items():
        page.goto(f"{hostile.origin}entries/{entry}/")
        shown = page.evaluate("[...document.querySelectorAll('.said')].map(e => e.textContent)")
        assert text in shown, text
        assert page.locator(".said[dir=auto]").count() == len(shown)


def test_the_check_without_a_browser_agrees(hostile: Attacked) -> None:
    assert hostile.findings == []


def test_an_address_that_is_no_plain_https_is_no_link(hostile: Attacked, page: Any) -> None:
    """Of all addresses of methods only the plain one becomes a link."""
    links = 0
    for entry in hostile.pages:
        page.goto(f"{hostile.origin}entries/{entry}/")
        found = page.get_by_role("link", name="Description of the method").all()
        assert [link.get_attribute("href") for link in found] in ([], ["https://example.org/m"])
        links += len(found)
    assert 0 < links < len(hostile.pages)


def test_a_string_of_the_corpus_is_what_the_corpus_says() -> None:
    """The strings come from the attacks themselves, so that a new one there is tried here."""
    found = dict(attacked(plain("corpus")))
    assert found["javascript_link"]["method_url"] == "javascript:alert(1)"
    assert "\u202e" in found["bidi_override"]["note"]
