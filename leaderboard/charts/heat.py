"""Heat tables as standalone SVG, for papers and slides: the table on the page is the chart itself.

The picture has the light colours of the style sheet as plain attributes, no style, script or font, so that
any program can read it. Same spec, same bytes.
"""

import re
from functools import cache
from importlib.resources import files
from textwrap import wrap
from typing import NamedTuple
from xml.sax.saxutils import escape

from ..figures import ChartSpec, Matrix, MatrixCell

FACE = "ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
SIZE, SMALL, LINE = 12, 10.5, 15
ADVANCE = 0.6
"""Mean width of a character, as a share of the font size, of the widest face that a reader may have."""
GAP, PAD, EDGE = 2, 6, 12
NARROWEST, WIDEST = 64.0, 110.0
"""Pixels of a column; a longer head is broken into lines."""
LEAST = 420.0
"""Pixels of a picture, so that its title and caption have room."""
ON_DARK = ("q6", "q7", "q8", "d0", "d8")
"""Tints that take light figures."""


class Said(NamedTuple):
    """One line of a cell: the words, their size and their colour."""

    words: str
    size: float
    ink: str


@cache
def light_colours() -> dict[str, str]:
    """Custom properties of the style sheet in its light theme: `#cadee0` for `q1`."""
    sheet = (files("interplay.site") / "static" / "style.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{6})", sheet.partition("@media")[0]))


def heat_svg(spec: ChartSpec) -> bytes:
    """The picture of a chart of kind heat, with its title above and its caption below."""
    matrix = spec.matrix
    if matrix is None:
        raise ValueError(f"{spec.id}: only a heat table is drawn here")
    corner = f"{matrix.row_head} ↓ {matrix.column_head} →"
    left = max(map(_width, (corner, *matrix.rows))) + 2 * PAD
    told = {(cell.row, cell.column): _said(spec, matrix, cell) for cell in matrix.cells}
    widest = max((_width(line.words, line.size) for lines in told.values() for line in lines), default=0.0)
    column = max(NARROWEST, widest + 2 * PAD, min(max(map(_width, matrix.columns)) + 2 * PAD, WIDEST))
    heads = [_lines(name, column - PAD, SMALL) for name in matrix.columns]
    width = max(2 * EDGE + left + column * len(matrix.columns), LEAST)
    title = _lines(spec.title, width - 2 * EDGE, SIZE + 2)
    parts = [_text(EDGE, EDGE + LINE * (i + 1), Said(line, SIZE + 2, "ink"), "start", True)
             for i, line in enumerate(title)]  # fmt: skip
    y = EDGE + LINE * len(title) + PAD + LINE * max(map(len, heads))
    parts.append(_text(EDGE + PAD, y, Said(corner, SMALL, "ink-2"), "start"))
    for i, lines in enumerate(heads):
        x = EDGE + left + column * (i + 0.5)
        parts += [_text(x, y - LINE * (len(lines) - 1 - n), Said(line, SMALL, "ink-2"), "middle")
                  for n, line in enumerate(lines)]  # fmt: skip
    y += PAD
    for row in matrix.rows:
        tall = max([1, *(len(told[row, name]) for name in matrix.columns if (row, name) in told)])
        height = LINE * tall + 2 * PAD
        parts.append(_text(EDGE + PAD, y + height / 2 + 4, Said(row, SIZE, "ink"), "start"))
        for i, name in enumerate(matrix.columns):
            if (cell := matrix.cell(row, name)) is not None:
                parts += _cell(matrix, cell, told[row, name], (EDGE + left + column * i, y, column, height))
        y += height
    for line in _lines(spec.caption, width - 2 * EDGE, SMALL):
        y += LINE
        parts.append(_text(EDGE, y + PAD, Said(line, SMALL, "ink-2"), "start"))
    return _document(spec, width, y + PAD + EDGE, parts)


def _document(spec: ChartSpec, width: float, height: float, parts: list[str]) -> bytes:
    colours = light_colours()
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" font-family="{FACE}">'
        f"<title>{escape(spec.title)}</title><desc>{escape(spec.desc)}</desc>"
    )
    hatch = (
        f'<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V6" stroke="{colours["paper"]}"/></pattern></defs>'
    )
    ground = f'<rect width="{width:g}" height="{height:g}" fill="{colours["paper"]}"/>'
    has_hatch = spec.matrix is not None and any(cell.hatched for cell in spec.matrix.cells)
    return "\n".join([head, *([hatch] if has_hatch else []), ground, *parts, "</svg>\n"]).encode()


def _said(spec: ChartSpec, matrix: Matrix, cell: MatrixCell) -> tuple[Said, ...]:
    """What stands in a cell, line by line, as in the table of the page."""
    if cell.value is None:
        return (Said(cell.note or "not estimable", SMALL, "ink-2"),)
    step = matrix.step(cell)
    ink = "flag" if cell.flag else "ink" if step is None else "w" if step in ON_DARK else "k"
    value, below = cell.shown(spec.decimals)
    counted = f"n {cell.n}" if cell.n and not cell.note and matrix.common_n is None else ""
    small = (Said(words, SMALL, ink) for words in (below, cell.word, counted) if words)
    return (Said(value, SIZE, ink), *small)


def _cell(
    matrix: Matrix, cell: MatrixCell, said: tuple[Said, ...], box: tuple[float, float, float, float]
) -> list[str]:
    """The tint, the hatching, the outline of a model with its own copy, and the lines of a cell."""
    x, y, width, height = box
    place = f'x="{x + GAP:g}" y="{y + GAP:g}" width="{width - 2 * GAP:g}" height="{height - 2 * GAP:g}"'
    colours, step = light_colours(), matrix.step(cell)
    parts = [f'<rect {place} fill="{colours[step]}"/>'] if step else []
    if cell.hatched:
        parts.append(f'<rect {place} fill="url(#hatch)"/>')
    if cell.row == cell.column and cell.value is not None:
        parts.append(f'<rect {place} fill="none" stroke="{colours["ink"]}" stroke-width="1.5"/>')
    top = y + (height - LINE * len(said)) / 2 + SIZE
    return [*parts, *(_text(x + width / 2, top + LINE * i, line, "middle") for i, line in enumerate(said))]


def _text(x: float, y: float, said: Said, anchor: str, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{said.size:g}" fill="{light_colours()[said.ink]}" '
        f'text-anchor="{anchor}"{weight}>{escape(said.words)}</text>'
    )


def _width(text: str, size: float = SIZE) -> float:
    """Pixels of a text in the widest face."""
    return len(text) * size * ADVANCE


def _lines(text: str, room: float, size: float) -> list[str]:
    """The text broken into lines of at most that many pixels."""
    return wrap(text, max(int(room / (size * ADVANCE)), 6)) or [""]
