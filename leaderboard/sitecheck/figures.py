"""What a page must hold to be true: text, rows, and an interval beside every measured number."""

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from .outline import Element, Outline

Found: TypeAlias = Iterator[tuple[int, str]]
"""Lines and sentences."""

LEAST_TEXT = 30
"""Letters of text beside headings and navigation without which a page counts as empty."""
INTERVAL_HEAD = re.compile(r"\b95\s?%")
DIGIT = re.compile(r"\d")
EXEMPT = ("○", "–")
"""How a cell begins that holds a published figure without an interval, or words in place of a number."""
NOTHING = ("", "–", "-")
"""A cell that holds no interval."""
SLIPS = frozenset(("nan", "NaN", "inf", "-inf", "None", "undefined", "null"))
"""What stands in a cell in place of a number when a number is missing that should not be."""
SKIPPED = ("nav", "h1", "h2", "h3", "h4", "h5", "h6", "svg")


def text_of_page(page: Outline) -> Found:
    """A page says something beyond its headings."""
    if page.main is None:
        return
    said = "".join(_running_text(page.main))
    if len(re.sub(r"\s+", "", said)) < LEAST_TEXT:
        yield page.main.line, "the page is empty: it says nothing beyond its headings"


def _running_text(element: Element) -> Iterator[str]:
    for item in element.content:
        if isinstance(item, str):
            yield item
        elif item.tag not in SKIPPED and "crumb" not in item.classes:
            yield from _running_text(item)


def intervals(page: Outline) -> Found:
    """A number in a column of figures has its interval: in the next column, or beside it in the cell."""
    for table in page.all("table"):
        heads, rows = grid(table)
        columns = [i for i, head in enumerate(heads) if i and INTERVAL_HEAD.search(head)]
        is_matrix = "heat" in table.classes
        for row in rows:
            cells = _spread(row) if columns else []
            for i in columns:
                if i < len(cells) and is_bare(cells[i - 1].text, cells[i].text):
                    yield row.line, f"{cells[i - 1].text!r} under {heads[i - 1]!r} has no interval"
            for cell in row.children("td"):
                if not DIGIT.search(own_text(cell)):
                    continue
                if "s" in cell.classes and not any(_interval_texts(row)):
                    yield cell.line, f"the headline figure {cell.text!r} has no interval in its row"
                if is_matrix and not any(cell.all("small")):  # a blank one says that none applies
                    yield cell.line, f"the figure {cell.text!r} of a matrix has no interval below it"
    for figure in page.all("span"):
        if "big" in figure.classes and DIGIT.search(figure.text):
            beside = [e.text for e in figure.parent.children("small")] if figure.parent else []
            if not any(text.split("95 %")[0].strip(" ·–-") for text in beside):
                yield figure.line, f"the headline figure {figure.text!r} has no interval beside it"


def is_bare(value: str, interval: str) -> bool:
    """Whether a number stands there without an interval or a word that says why there is none."""
    return bool(DIGIT.search(value)) and not value.startswith(EXEMPT) and interval in NOTHING


def own_text(element: Element) -> str:
    """Text of an element without that of the elements in it."""
    return "".join(item for item in element.content if isinstance(item, str)).strip()


def _interval_texts(row: Element) -> Iterator[str]:
    """What a row holds in the places of intervals: an interval, or a word where nothing was seen."""
    for cell in row.children("td"):
        places = (cell, *cell.all("small")) if "i" in cell.classes else cell.all("small")
        yield from (place.text for place in places if place.text not in NOTHING)


def grid(table: Element) -> tuple[list[str], list[Element]]:
    """Heads of the columns, one a column, and the rows of the body that are no headings of blocks."""
    rows = [row for part in table.children("thead") for row in part.children("tr")]
    heads = [cell.text for cell in _spread(rows[0])] if rows else []
    body = [row for part in table.children("tbody") for row in part.children("tr")]
    return heads, [row for row in body if row.children("td")]


def _spread(row: Element) -> list[Element]:
    """The cells of a row, one that takes two columns twice."""
    return [cell for cell in row.children("td", "th") for _ in range(cell.columns)]


def numbers(page: Outline) -> Found:
    """No cell shows what a program says of a number that it does not have."""
    for cell in page.all("td", "dd"):
        text = own_text(cell)
        is_ours = "dir" not in cell.attrs  # what others wrote may look like anything
        if text in SLIPS or (is_ours and ("{{" in text or "{%" in text)):
            yield cell.line, f"a cell shows {text[:40]!r} in place of a figure"


def charts(page: Outline) -> Found:
    """A chart has a title, and its numbers as a table beside it."""
    for figure in page.all("figure"):
        pictures = [p for p in figure.all("svg") if "chart" in p.classes]
        if not any(figure.all("table")):
            yield figure.line, f"{figure.shown()} has no table of its numbers"
        if not any(figure.all("h2", "h3", "h4", "figcaption", "caption")):
            yield figure.line, f"{figure.shown()} has no title"
        for picture in pictures:
            if not any(t.text for t in picture.children("desc")):
                yield picture.line, f"{picture.shown()} has no description"
            if not any(text.text for text in picture.all("text", "tspan")):
                yield picture.line, f"{picture.shown()} shows no text: no axis, no label"


class BoardRow(NamedTuple):
    """A row of a board as its page shows it.

    Attributes:
        entry: The entry that it links to.
        place: Its place in words; empty in a table without ranks.
        values: What it is sorted by, by the head of the column.
        line: Where it begins.
    """

    entry: str
    place: str
    values: dict[str, str]
    line: int


def board_rows(page: Outline) -> tuple[BoardRow, ...]:
    """The rows of the results tables of a page, by their links to entries."""
    found: list[BoardRow] = []
    for table in page.all("table"):
        if "data-sort" not in table.attrs:
            continue
        heads, rows = grid(table)
        for row in rows:
            links = [
                m[1] for a in row.all("a") if (m := re.search(r"entries/([^/]+)/$", a.attrs.get("href", "")))
            ]
            cells = dict(zip(heads, _spread(row), strict=False))
            values = {head: cell.attrs["data-v"] for head, cell in cells.items() if "data-v" in cell.attrs}
            if links:
                place = cells["Rank"].text if "Rank" in cells else ""
                found.append(BoardRow(links[0], place, values, row.line))
    return tuple(found)


RULES = (text_of_page, intervals, numbers, charts)
