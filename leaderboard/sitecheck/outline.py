"""A page as a tree of its elements, with the line where each begins, and what is wrong with its nesting."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
"""Elements that have no end tag."""
WIDEST = 1000
"""Columns that one cell takes at most (HTML Standard, 4.9.11)."""
BLANKS = re.compile(r"\s+")


class Finding(NamedTuple):
    """One thing that is wrong with a site, in one sentence. `line` is 0 where it is no place in a file."""

    rule: str
    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class Element:
    """One element: its tag, its attributes, and what stands in it (text and elements, in order)."""

    __slots__ = ("attrs", "content", "line", "parent", "tag")

    def __init__(self, tag: str, attrs: dict[str, str], line: int, parent: "Element | None") -> None:
        self.tag = tag
        self.attrs = attrs
        self.line = line
        self.parent = parent
        self.content: list[Element | str] = []

    @property
    def classes(self) -> list[str]:
        """Names in its `class`."""
        return self.attrs.get("class", "").split()

    @property
    def text(self) -> str:
        """All text in it, blanks as single spaces."""
        return BLANKS.sub(" ", "".join(self._texts())).strip()

    def _texts(self) -> Iterator[str]:
        for item in self.content:
            if isinstance(item, str):
                yield item
            else:
                yield from item._texts()

    def __iter__(self) -> Iterator["Element"]:
        """Every element in it, in the order of their start tags."""
        for item in self.content:
            if not isinstance(item, str):
                yield item
                yield from item

    def all(self, *tags: str) -> Iterator["Element"]:
        """Every element in it with one of these tags."""
        return (element for element in self if element.tag in tags)

    def children(self, *tags: str) -> list["Element"]:
        """Elements right below it with one of these tags, all where none is given."""
        found = (item for item in self.content if not isinstance(item, str))
        return [element for element in found if not tags or element.tag in tags]

    def around(self) -> Iterator["Element"]:
        """The elements that it stands in, the nearest first."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    def within(self, *tags: str) -> "Element | None":
        """The nearest element around it with one of these tags."""
        return next((element for element in self.around() if element.tag in tags), None)

    @property
    def is_hidden(self) -> bool:
        """Whether it stands in a part that is not shown until a script fills it."""
        return any(
            "hidden" in element.attrs or element.tag == "template" for element in (self, *self.around())
        )

    @property
    def columns(self) -> int:
        """Columns that it takes as a cell of a table, as browsers read its `colspan`."""
        given = self.attrs.get("colspan", "")
        return max(min(int(given), WIDEST), 1) if given.isascii() and given.isdigit() else 1

    def shown(self) -> str:
        """Its start tag, for a sentence."""
        given = "".join(f' {name}="{value}"' for name, value in self.attrs.items())
        return f"<{self.tag}{given}>"[:90]


class Outline(HTMLParser):
    """A parsed page.

    Args:
        file: Path below the site, with forward slashes.
        markup: The bytes of the page as text.

    Attributes:
        root: Holds the whole document.
        everything: All elements, in the order of their start tags.
        elements: The same by tag.
        ids: Elements by `id`; the first of several.
        slips: Line and sentence of everything that is no well-formed markup, or an id that stands twice.
    """

    def __init__(self, file: str, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.markup = markup
        self.root = Element("", {}, 1, None)
        self.everything: list[Element] = []
        self.elements: dict[str, list[Element]] = {}
        self.ids: dict[str, Element] = {}
        self.slips: list[tuple[int, str]] = []
        self.doctype: str | None = None
        self._open = self.root
        self.feed(markup)
        self.close()
        for element in (self._open, *self._open.around()):
            if element is not self.root:
                self.slips.append((element.line, f"{element.shown()} is never closed"))

    def all(self, *tags: str) -> list[Element]:
        """All elements with one of these tags: tag by tag, each in document order."""
        return [element for tag in tags for element in self.elements.get(tag, ())]

    @property
    def main(self) -> Element | None:
        """The first `main` element."""
        return next(iter(self.elements.get("main", ())), None)

    @property
    def is_framed(self) -> bool:
        """Whether it is made for a frame in a page of somebody else: it has no navigation."""
        return self.file.startswith("embed/")

    def handle_decl(self, decl: str) -> None:
        """Notes the doctype."""
        self.doctype = decl.lower()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens an element."""
        given: dict[str, str] = {}
        line = self.lineno
        for name, value in attrs:
            if name in given:
                self.slips.append((line, f"<{tag}> has the attribute {name} twice"))
            given.setdefault(name, value or "")
        element = Element(tag, given, line, self._open)
        self._open.content.append(element)
        self.everything.append(element)
        self.elements.setdefault(tag, []).append(element)
        if tag not in VOID:
            self._open = element
        if "id" in given:
            if given["id"] in self.ids:
                first = self.ids[given["id"]].line
                self.slips.append((line, f"the id {given['id']!r} stands twice (first in line {first})"))
            self.ids.setdefault(given["id"], element)

    def handle_endtag(self, tag: str) -> None:
        """Closes the element, and says so where others in it were left open."""
        if tag in VOID:
            return
        element = self._open
        while element.parent is not None and element.tag != tag:
            element = element.parent
        if element.parent is None:
            self.slips.append((self.lineno, f"</{tag}> closes nothing"))
            return
        if element is not self._open:
            self.slips.append((self.lineno, f"</{tag}> closes {self._open.shown()}, which is still open"))
        self._open = element.parent

    def handle_data(self, data: str) -> None:
        """Takes up text."""
        self._open.content.append(data)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes up an element that closes itself, which only those of a picture can do."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID and self._open.within("svg") is None:
            self.slips.append((self.lineno, f"<{tag}/> closes itself, which no element of a page does"))
        self.handle_endtag(tag)
