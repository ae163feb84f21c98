"""Charts as themed SVG, drawn by matplotlib without any browser.

A figure is drawn in reserved colours, then cleaned: every colour becomes a class (`f-ink` fills, `s-s1`
strokes) that the stylesheet resolves, so that one picture serves light and dark. Text stays text, no style
attribute or element is left, numbers are rounded to hundredths, and the same spec gives the same bytes.

Each chart is drawn twice, wide and narrow, because text that shrinks with the picture cannot be read on a
telephone; the stylesheet shows the one that fits.
"""

import io
import re
from importlib.util import find_spec
from typing import Literal, NamedTuple, TypeAlias
from xml.etree import ElementTree

from .figures import ChartSpec

Width: TypeAlias = Literal["wide", "narrow"]
POINTS: dict[Width, float] = {"wide": 560.0, "narrow": 290.0}
FONT_SIZE = 9.0

INKS = ("ink", "ink-2", "rule", "edge", "paper", "accent", "s1", "s2", "s3", "s4", "s5", "s6")
SENTINEL: dict[str, str] = {name: f"#0101{i + 1:02x}" for i, name in enumerate(INKS)}
_CLASS = {colour: name for name, colour in SENTINEL.items()}
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_DEFAULTS = {
    "stroke-linejoin": "round",
    "stroke-linecap": "butt",
    "fill-opacity": "1",
    "stroke-opacity": "1",
    "opacity": "1",
}
_KEPT = ("id", "d", "x", "y", "transform", "viewBox", "href", "clip-path", "width", "height")


class Picture(NamedTuple):
    """Both renderings of one chart, ready to be put into a page."""

    wide: str
    narrow: str


def is_available() -> bool:
    """Whether matplotlib is installed; without it pages show tables only."""
    return find_spec("matplotlib") is not None


def picture(spec: ChartSpec) -> Picture:
    """Draws a chart in both widths. `spec.is_drawn` must hold, and matplotlib must be there."""
    from .charts.drawing import draw

    return Picture(*(clean(draw(spec, POINTS[width]), spec, f"{spec.id}-{width[0]}") for width in POINTS))


def clean(raw: bytes, spec: ChartSpec, prefix: str) -> str:
    """Matplotlib's SVG as a small themed element without styles, metadata, fonts or foreign ids.

    Args:
        raw: What matplotlib wrote.
        spec: Gives title and description.
        prefix: Start of every id that is kept.
    """
    root = ElementTree.parse(io.BytesIO(raw)).getroot()
    ids = _rename_ids(root, prefix)
    box = root.get("viewBox", "")
    _tidy(root, ids)
    body = "".join(_text_of(child) for child in root)
    width, height = (float(part) for part in box.split()[2:])
    escaped = _escape(spec.title), _escape(spec.desc)
    return (
        f'<svg class="chart" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-labelledby="{prefix}-t" aria-describedby="{prefix}-d">'
        f'<title id="{prefix}-t">{escaped[0]}</title><desc id="{prefix}-d">{escaped[1]}</desc>{body}</svg>'
    )


def _rename_ids(root: ElementTree.Element, prefix: str) -> dict[str, str]:
    """New names of the ids that something refers to, in document order."""
    used: set[str] = set()
    for element in root.iter():
        used.update(re.findall(r"url\(#([^)]+)\)", element.get("clip-path", "")))
        if (target := element.get(_XLINK) or element.get("href")) is not None:
            used.add(target.lstrip("#"))
    kept = [element.get("id", "") for element in root.iter() if element.get("id") in used]
    return {name: f"{prefix}-{i}" for i, name in enumerate(dict.fromkeys(kept))}


def _tidy(parent: ElementTree.Element, ids: dict[str, str]) -> None:
    """Cleans all children in place: drops the superfluous, dissolves bare groups, rewrites attributes."""
    children: list[ElementTree.Element] = []
    for child in list(parent):
        name = child.tag.removeprefix(_SVG)
        if name in ("metadata", "style", "title"):
            continue
        _tidy(child, ids)
        _rewrite(child, ids)
        is_bare = name in ("g", "defs") and not child.attrib
        if is_bare and (name == "g" or not len(child)):
            children.extend(child)
        elif not (name == "path" and "fill" in child.attrib and _is_invisible(child)):
            children.append(child)
    parent[:] = children


def _is_invisible(path: ElementTree.Element) -> bool:
    return path.get("fill") == "none" and not path.get("stroke") and "s-" not in path.get("class", "")


def _rewrite(element: ElementTree.Element, ids: dict[str, str]) -> None:
    """Style declarations become classes and presentation attributes; numbers are rounded."""
    name = element.tag.removeprefix(_SVG)
    declared = dict(re.findall(r"([a-z-]+):\s*([^;]+)", element.get("style", "")))
    given = {key: value for key, value in element.attrib.items() if key in _KEPT}
    if (target := element.get(_XLINK)) is not None:
        given["href"] = target
    classes: list[str] = []
    for key, letter in (("fill", "f"), ("stroke", "s")):
        value = declared.pop(key, element.get(key, ""))
        if value in _CLASS:
            classes.append(f"{letter}-{_CLASS[value]}")
        elif value:
            given[key] = value
    if name == "text":
        given.update(_text_attributes(declared))
    else:
        for key in (
            "stroke-width",
            "stroke-dasharray",
            "stroke-linecap",
            "fill-opacity",
            "stroke-opacity",
            "opacity",
        ):
            if (value := declared.get(key)) and _DEFAULTS.get(key) != value:
                given[key] = value
    if "id" in given:
        given = {k: v for k, v in given.items() if k != "id"} | (
            {"id": ids[given["id"]]} if given["id"] in ids else {}
        )
    for key in ("clip-path", "href"):
        if key in given:
            given[key] = re.sub(r"#([\w-]+)", lambda match: "#" + ids[match[1]], given[key])
    if classes:
        given["class"] = " ".join(classes)
    element.attrib.clear()
    element.attrib.update(
        {key: _rounded(value, key) for key, value in given.items() if key not in ("id", "href")}
    )
    element.attrib.update({key: given[key] for key in ("id", "href") if key in given})
    if re.match(r"rotate\(-?0 ", element.get("transform", "")):
        del element.attrib["transform"]


def _text_attributes(declared: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    font = declared.get("font", "")
    size = declared.get("font-size") or next(iter(re.findall(r"([\d.]+)px", font)), "")
    if size and float(size.removesuffix("px")) != FONT_SIZE:
        found["font-size"] = size.removesuffix("px")
    if "600" in font or "bold" in font or declared.get("font-weight") in ("600", "bold"):
        found["font-weight"] = "600"
    if (anchor := declared.get("text-anchor", "start")) != "start":
        found["text-anchor"] = anchor
    return found


def _rounded(value: str, key: str) -> str:
    if key == "class":
        return value
    short = _NUMBER.sub(lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), value)
    return re.sub(r"\s+", " ", short.replace("-0 ", "0 ")).strip()


def _text_of(element: ElementTree.Element) -> str:
    name = element.tag.removeprefix(_SVG)
    attributes = "".join(f' {key}="{_escape(value)}"' for key, value in element.attrib.items())
    inner = _escape((element.text or "").strip()) + "".join(_text_of(child) for child in element)
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def _escape(text: str) -> str:
    swaps: list[tuple[str, str]] = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")]
    for plain, entity in swaps:
        text = text.replace(plain, entity)
    return text
