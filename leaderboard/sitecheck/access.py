"""What a page must have so that everybody can read it, as far as its markup tells (WCAG 2.2)."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

from .outline import Element, Outline

Found: TypeAlias = Iterator[tuple[int, str]]
"""Lines and sentences."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CONTROLS = ("input", "select", "textarea")
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers")
SCOPES = ("col", "row", "colgroup", "rowgroup")
NO_ZOOM = re.compile(r"user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*[01](\.\d+)?\s*(,|$)")


def markup(page: Outline) -> Found:
    """Tags are nested as they should be, and no id stands twice."""
    yield from page.slips


def document(page: Outline) -> Found:
    """Doctype, language, encoding, title, description, and a viewport that can be zoomed."""
    if page.doctype != "doctype html":
        yield 1, "the page does not begin with <!doctype html>"
    html = page.all("html")
    if not html or not html[0].attrs.get("lang"):
        yield 1, "<html> has no lang"
    if not any(meta.attrs.get("charset", "").lower() == "utf-8" for meta in page.all("meta")):
        yield 1, 'the head has no <meta charset="utf-8">'
    titles = [title for title in page.all("title") if title.within("svg") is None]
    if len(titles) != 1:
        yield 1, f"the page has {len(titles)} titles (expected one)"
    elif not titles[0].text:
        yield titles[0].line, "the title of the page is empty"
    named = {
        meta.attrs["name"]: meta.attrs.get("content", "") for meta in page.all("meta") if "name" in meta.attrs
    }
    if not named.get("description", "").strip():
        yield 1, "the page has no description"
    if "width=device-width" not in named.get("viewport", ""):
        yield 1, "the viewport does not follow the width of the device"
    if NO_ZOOM.search(named.get("viewport", "")):
        yield 1, "the viewport forbids to zoom"


def headings(page: Outline) -> Found:
    """One h1, before all others; no level is left out on the way down; none is empty."""
    found = [element for element in page.everything if element.tag in HEADINGS]
    first = [heading for heading in found if heading.tag == "h1"]
    if len(first) != 1:
        yield (first[1].line if first else 1), f"the page has {len(first)} h1 (expected one)"
    if found and found[0].tag != "h1":
        yield found[0].line, f"the first heading is {found[0].shown()} (expected the h1)"
    for above, heading in pairwise(found):
        if int(heading.tag[1]) > int(above.tag[1]) + 1:
            yield (
                heading.line,
                f"{heading.tag} {heading.text[:60]!r} stands below an {above.tag}, a level is left out",
            )
    for heading in found:
        if not heading.text and not heading.is_hidden:
            yield heading.line, f"{heading.shown()} is empty"


def landmarks(page: Outline) -> Found:
    """One main; outside frames also one header and footer, a named navigation, and the way past it."""
    for tag in ("main",) if page.is_framed else ("main", "header", "footer"):
        if len(page.all(tag)) != 1:
            yield 1, f"the page has {len(page.all(tag))} <{tag}> (expected one)"
    navigations = page.all("nav")
    names = [name_of(nav, page) for nav in navigations]
    for nav, name in zip(navigations, names, strict=True):
        if not name:
            yield nav.line, "a navigation has no aria-label"
        elif names.count(name) > 1:
            yield nav.line, f"two navigations are named {name!r}"
    if page.is_framed:
        return
    if not navigations:
        yield 1, "the page has no navigation"
    links = page.all("a")
    first = links[0].attrs.get("href", "") if links else ""
    goal = page.ids.get(first[1:]) if first.startswith("#") else None
    if goal is None or goal.tag != "main":
        yield 1, "the first link does not lead past the navigation to the main part"


def regions(page: Outline) -> Found:
    """No two named regions have the same name: a list of them would not tell them apart."""
    known: dict[str, int] = {}
    for element in page.everything:
        named = element.attrs.get("role") == "region" or element.tag == "section"
        name = name_of(element, page) if named else ""
        if name in known:
            yield element.line, f"two regions are named {name[:60]!r} (first in line {known[name]})"
        elif name:
            known[name] = element.line


def references(page: Outline) -> Found:
    """What names another element by its id names one that is there."""
    for element in page.everything:
        for name in REFERENCES:
            for target in element.attrs.get(name, "").split():
                if target not in page.ids:
                    yield element.line, f"{name}={target!r} names no element of the page"
        if element.attrs.get("tabindex", "0") not in ("0", "-1"):
            yield element.line, f"{element.shown()} puts itself before the rest with its tabindex"


def names(page: Outline) -> Found:
    """Links, buttons, form controls, pictures and regions have a name."""
    for element in page.all("a", "button", "summary", "iframe"):
        is_place = (
            element.tag == "a" and "href" not in element.attrs
        )  # a link only when a script makes it one
        if not is_place and not name_of(element, page):
            yield element.line, f"{element.shown()} has no name"
    for control in page.all(*CONTROLS):
        if control.attrs.get("type") not in ("hidden", "submit", "reset", "button") and not label_of(
            control, page
        ):
            yield control.line, f"{control.shown()} has no label"
    for image in page.all("img"):
        if "alt" not in image.attrs:
            yield image.line, f"{image.shown()} has no alt"
    for picture in page.all("svg"):
        hidden = any(e.attrs.get("aria-hidden") == "true" for e in (picture, *picture.around()))
        if not hidden and (picture.attrs.get("role") != "img" or not name_of(picture, page)):
            yield picture.line, f"{picture.shown()} has no title with role img, and is not hidden either"
    for tag in ("div", "section", "figure", "table"):
        for element in page.elements.get(tag, ()):
            reachable = element.attrs.get("tabindex") == "0" or element.attrs.get("role") in (
                "region",
                "group",
            )
            if reachable and not name_of(element, page):
                yield element.line, f"{element.shown()} can be reached by keyboard and has no name"


def name_of(element: Element, page: Outline) -> str:
    """The accessible name of an element: what others or its attributes say, else what stands in it."""
    labels = [page.ids[i].text for i in element.attrs.get("aria-labelledby", "").split() if i in page.ids]
    if any(labels):
        return " ".join(labels)
    if element.attrs.get("aria-label", "").strip():
        return element.attrs["aria-label"].strip()
    if element.tag == "svg":
        return next((title.text for title in element.children("title")), "")
    if element.tag in ("a", "button", "summary"):
        inside = [item.attrs.get("alt", "") for item in element.all("img")]
        return " ".join(filter(None, (element.text, *inside))) or element.attrs.get("title", "").strip()
    return element.attrs.get("title", "").strip()


def label_of(control: Element, page: Outline) -> str:
    """The label of a form control: around it, pointing at it, or among its attributes."""
    around = control.within("label")
    pointing = [
        e for e in page.all("label") if e.attrs.get("for") and e.attrs["for"] == control.attrs.get("id")
    ]
    own = "".join(option.text for option in control.all("option"))
    said = [label.text.replace(own, "", 1).strip() for label in (around, *pointing) if label is not None]
    return next(filter(None, said), "") or name_of(control, page)


def tables(page: Outline) -> Found:
    """A caption, heads with their scope, rows below them, and as many cells in a row as there are columns."""
    for table in page.all("table"):
        caption = table.children("caption")
        if len(caption) != 1 or not caption[0].text:
            yield table.line, f"{table.shown()} has no caption"
        name = caption[0].text[:60] if caption else table.shown()
        for head in table.all("th"):
            if head.attrs.get("scope") not in SCOPES:
                yield head.line, f"table {name!r}: the head {head.text[:40]!r} has no scope"
        heads = [row for part in table.children("thead") for row in part.children("tr")]
        if not heads or not any(head.text for head in heads[0].all("th")):
            yield table.line, f"table {name!r} has no heads of columns"
            continue
        rows = [row for part in table.children("tbody") for row in part.children("tr")]
        if not any(row_text(row) for row in rows):
            yield table.line, f"table {name!r} is empty: no row below its heads"
        expected = width(heads[0])
        for row in rows:
            if width(row) != expected and not spans_down(heads, rows):
                yield row.line, f"table {name!r}: a row has {width(row)} cells (expected {expected})"
                break


def row_text(row: Element) -> str:
    """What stands in the cells of a row that are no heads, together."""
    return "".join(cell.text for cell in row.children("td"))


def width(row: Element) -> int:
    """Columns that the cells of a row take."""
    return sum(cell.columns for cell in row.children("td", "th"))


def spans_down(*parts: list[Element]) -> bool:
    """Whether any cell takes more than one row."""
    return any("rowspan" in cell.attrs for rows in parts for row in rows for cell in row.children("td", "th"))


RULES = (markup, document, headings, landmarks, regions, references, names, tables)
