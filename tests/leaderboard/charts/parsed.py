"""A picture as a reader sees it: words, marks and lines with their places, and the scale that ticks print.

Nothing here knows how a chart was drawn: positions are read from the SVG, and values from them by the
printed ticks, so that a mark in the wrong place cannot agree with itself.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from interplay.leaderboard.charts.canvas import CHARACTER
from interplay.leaderboard.figures import ChartSpec
from interplay.leaderboard.svg import FONT_SIZE, picture

ACROSS, UP = "M 0 0 L 0 3", "M 0 0 L -3 0"
"""The little lines of ticks on the lower and on the left axis."""
ROUNDING = 0.02
"""Places are written in hundredths of a point."""


class Word(NamedTuple):
    """A text with its anchor, and the classes that give its colour."""

    text: str
    x: float
    y: float
    anchor: str
    size: float
    colour: str

    @property
    def left(self) -> float:
        """Left end in the widest face that a reader may have."""
        length = len(self.text) * CHARACTER * self.size / FONT_SIZE
        return self.x - {"start": 0.0, "middle": length / 2, "end": length}[self.anchor]

    @property
    def right(self) -> float:
        return self.left + len(self.text) * CHARACTER * self.size / FONT_SIZE


class Mark(NamedTuple):
    """A symbol: its place, the outline it repeats, its classes."""

    x: float
    y: float
    outline: str
    colour: str

    @property
    def is_hollow(self) -> bool:
        return "f-paper" in self.colour

    @property
    def series(self) -> str:
        return re.findall(r"s-(s\d)", self.colour)[0]


class Line(NamedTuple):
    """An open path of straight pieces."""

    points: tuple[tuple[float, float], ...]
    colour: str
    dashes: str
    thickness: float


class Seen(NamedTuple):
    """One rendering of a chart."""

    root: ElementTree.Element
    width: float
    height: float
    words: tuple[Word, ...]
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    areas: tuple[Line, ...]
    across: Callable[[float], float]
    up: Callable[[float], float]

    def word(self, text: str) -> Word:
        """The one text that reads so."""
        (found,) = [word for word in self.words if word.text == text]
        return found

    def texts(self) -> list[str]:
        return [word.text for word in self.words]

    def of(self, colour: str) -> list[Line]:
        """Lines of that class."""
        return [line for line in self.lines if colour in line.colour.split()]


def numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text)]


def value_of(text: str) -> float:
    return float(text.replace("−", "-"))


def linear(pairs: Sequence[tuple[float, float]]) -> Callable[[float], float]:
    """From a place to the value that the first and the last tick give it; fails where it is asked in vain."""

    def value(place: float) -> float:
        (a, low), (b, high) = pairs[0], pairs[-1]
        return low + (place - a) / (b - a) * (high - low)

    return value


def seen(text: str) -> Seen:
    """What a reader sees of a cleaned picture."""
    root = ElementTree.fromstring(text)
    outlines = {path.get("id", ""): path.get("d", "") for path in root.iter("path") if path.get("id")}
    words = tuple(
        Word(
            element.text or "", float(element.get("x", "nan")), float(element.get("y", "nan")),
            element.get("text-anchor", "start"), float(element.get("font-size", FONT_SIZE)),
            element.get("class", ""),
        )
        for element in root.iter("text")
    )  # fmt: skip
    uses = [
        Mark(float(use.get("x", "nan")), float(use.get("y", "nan")), outlines[use.get("href", "")[1:]],
             use.get("class", ""))
        for use in root.iter("use")
    ]  # fmt: skip
    lines: list[Line] = []
    for path in root.iter("path"):
        if path.get("id"):
            continue
        found = numbers(path.get("d", ""))
        line = Line(
            tuple(zip(found[::2], found[1::2], strict=True)), path.get("class", ""),
            path.get("stroke-dasharray", ""), float(path.get("stroke-width", 0)),
        )  # fmt: skip
        lines.append(line)
    ticks = {kind: [mark for mark in uses if mark.outline == kind] for kind in (ACROSS, UP)}
    by_x = [
        (tick.x, value_of(word.text))
        for tick in ticks[ACROSS] for word in words
        if abs(word.x - tick.x) < ROUNDING and 0 < word.y - tick.y < 20 and is_number(word.text)
    ]  # fmt: skip
    by_y = [
        (tick.y, value_of(word.text))
        for tick in ticks[UP] for word in words
        if abs(word.y - tick.y) < 5 and word.anchor == "end" and word.x < tick.x and is_number(word.text)
    ]  # fmt: skip
    for use in (use for use in uses if "s-paper" in use.colour):  # a bar: an outline that is used once
        found = numbers(use.outline)
        corners = ((x + use.x, y + use.y) for x, y in zip(found[::2], found[1::2], strict=True))
        lines.append(Line(tuple(corners), use.colour, "", 0.0))
    width, height = numbers(root.get("viewBox", ""))[2:]
    closed = {id(path) for path in lines if "f-" in path.colour}
    return Seen(
        root, width, height, words,
        tuple(use for use in uses if use.outline not in (ACROSS, UP) and "s-paper" not in use.colour),
        tuple(line for line in lines if id(line) not in closed),
        tuple(line for line in lines if id(line) in closed),
        linear(by_x), linear(by_y),
    )  # fmt: skip


def is_number(text: str) -> bool:
    return re.fullmatch(r"−?\d+(\.\d+)?", text) is not None


def both(spec: ChartSpec) -> tuple[Seen, Seen]:
    """The wide and the narrow rendering."""
    wide, narrow = picture(spec)
    return seen(wide), seen(narrow)


def outside(drawn: Seen) -> list[str]:
    """What of a picture its frame would cut off: words by their line and length, marks and ends of lines."""
    found = [
        word.text for word in drawn.words
        if word.left < -1 or word.right > drawn.width + 1 or word.y - word.size * 0.8 < 0
        or word.y > drawn.height
    ]  # fmt: skip
    places = [(mark.x, mark.y) for mark in drawn.marks]
    places += [point for line in (*drawn.lines, *drawn.areas) for point in line.points]
    found += [
        f"({x}, {y})" for x, y in places if not (0 <= x <= drawn.width and 0 <= y <= drawn.height)
    ]  # fmt: skip
    return found


def covering(words: Sequence[Word]) -> list[tuple[str, str]]:
    """Pairs of words of which one stands on the other."""
    return [
        (one.text, other.text)
        for i, one in enumerate(words) for other in words[i + 1 :]
        if one.left < other.right and other.left < one.right
        and abs(one.y - other.y) < 0.8 * max(one.size, other.size)
    ]  # fmt: skip
