"""The layout of heat tables as pictures: cells in a grid, words inside their cells, nothing over another."""

from itertools import pairwise
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.charts.heat import ADVANCE, EDGE, LEAST, heat_svg, light_colours
from interplay.leaderboard.figures import ChartSpec, Matrix, MatrixCell

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert(1)</script> & "q" ]]> \u202eevil\u202c'


class Box(NamedTuple):
    """A rectangle, or the space of a word."""

    left: float
    top: float
    right: float
    bottom: float
    name: str

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left and other.right <= self.right
            and self.top <= other.top and other.bottom <= self.bottom
        )  # fmt: skip

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right
            and self.top < other.bottom and other.top < self.bottom
        )  # fmt: skip


class Laid(NamedTuple):
    """A picture: its frame, words in document order, tints, outlines."""

    frame: Box
    words: list[Box]
    rects: list[Box]
    fills: list[str]

    def word(self, text: str) -> Box:
        (found,) = [word for word in self.words if word.name == text]
        return found


def laid(spec: ChartSpec) -> Laid:
    root = ElementTree.fromstring(heat_svg(spec))
    frame = Box(0, 0, float(root.get("width", 0)), float(root.get("height", 0)), "frame")
    assert root.get("viewBox") == f"0 0 {frame.right:g} {frame.bottom:g}"
    words: list[Box] = []
    for element in root.iter(f"{SVG}text"):
        size, text = float(element.get("font-size", 0)), element.text or ""
        length = len(text) * size * ADVANCE
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        left = x - (length / 2 if element.get("text-anchor") == "middle" else 0)
        words.append(Box(left, y - 0.75 * size, left + length, y + 0.2 * size, text))
    rects, fills = [], []
    for rect in root.iter(f"{SVG}rect"):
        if rect.get("x") is None:
            continue
        x, y, width, height = (float(rect.get(key, 0)) for key in ("x", "y", "width", "height"))
        rects.append(Box(x, y, x + width, y + height, rect.get("fill", "")))
        fills.append(rect.get("fill", ""))
    return Laid(frame, words, rects, fills)


def table(cells: list[MatrixCell], **fields: object) -> ChartSpec:
    rows, columns = (tuple(dict.fromkeys(getattr(c, key) for c in cells)) for key in ("row", "column"))
    kept = {key: fields.pop(key) for key in ("rows", "columns", "scale", "range") if key in fields}
    matrix = Matrix.model_validate(
        {"row_head": "model", "column_head": "partner", "rows": rows, "columns": columns, "cells": cells}
        | kept
    )
    content = {
        "id": "heat",
        "kind": "heat",
        "title": "Success",
        "desc": "D.",
        "matrix": matrix,
        "note": "Note.",
    }
    return ChartSpec.model_validate(content | fields)


def cell(row: str, column: str, value: float | None = 0.5, **fields: object) -> MatrixCell:
    ends = {} if value is None else {"lo": value - 0.1, "hi": value + 0.1}
    return MatrixCell.model_validate({"row": row, "column": column, "value": value, **ends, **fields})


GRID = [
    cell(f"model {r}", f"partner {c}", 0.1 + 0.2 * r + 0.1 * c, n=9 + c) for r in range(3) for c in range(4)
]


def test_cells_of_a_row_are_level_and_those_of_a_column_below_one_another() -> None:
    found = laid(table(GRID))
    assert len(found.rects) == 12
    rows = [found.rects[4 * i : 4 * i + 4] for i in range(3)]
    for row in rows:
        assert len({(box.top, box.bottom) for box in row}) == 1
        assert [box.left for box in row] == sorted(box.left for box in row)
    for upper, lower in pairwise(rows):
        assert [box.left for box in upper] == [box.left for box in lower]
        assert upper[0].bottom < lower[0].top


def test_no_cell_meets_another_and_all_have_one_width() -> None:
    rects = laid(table(GRID)).rects
    assert not any(one.meets(other) for i, one in enumerate(rects) for other in rects[:i])
    assert len({round(box.right - box.left, 6) for box in rects}) == 1


def test_the_three_lines_of_a_cell_stand_inside_its_tint_in_their_order() -> None:
    found = laid(table(GRID))
    for made, box in zip(GRID, found.rects, strict=True):
        inside = [word for word in found.words if box.holds(word)]
        value, ends = made.shown(2)
        assert [word.name for word in inside] == [value, ends, f"n {made.n}"]
        assert [word.bottom for word in inside] == sorted(word.bottom for word in inside)
        assert all((w.left + w.right) / 2 == pytest.approx((box.left + box.right) / 2) for w in inside)


def test_names_of_rows_stand_left_of_their_cells_and_heads_above_their_columns() -> None:
    found = laid(table(GRID))
    for i in range(3):
        name, box = found.word(f"model {i}"), found.rects[4 * i]
        assert name.right <= box.left
        assert box.top < (name.top + name.bottom) / 2 < box.bottom
    for i in range(4):
        head, box = found.word(f"partner {i}"), found.rects[i]
        assert head.bottom <= box.top
        assert (head.left + head.right) / 2 == pytest.approx((box.left + box.right) / 2)
    assert found.word("model ↓ partner →").right <= found.rects[0].left


def test_a_long_head_is_read_from_the_top_and_ends_where_short_ones_stand() -> None:
    long = "seven words of a rather long head"
    found = laid(table([cell("a", long), cell("a", "short")]))
    (box, _) = found.rects
    above = [w for w in found.words if w.bottom <= box.top and box.left <= w.left and w.right <= box.right]
    assert len(above) > 1
    assert " ".join(word.name for word in above) == long
    assert [word.top for word in above] == sorted(word.top for word in above)
    assert above[-1].bottom == found.word("short").bottom


names = st.text("abc defg-/", min_size=1, max_size=40).map(str.strip).filter(bool)
tables = st.builds(
    lambda rows, columns, note: [
        cell(r, c, None if (i + j) % 3 == 2 else 0.3, note=note if (i + j) % 3 == 2 else "")
        for i, r in enumerate(rows) for j, c in enumerate(columns)
    ],
    st.lists(names, min_size=1, max_size=4, unique=True),
    st.lists(names, min_size=1, max_size=5, unique=True),
    st.sampled_from(["", "held", "not published at all"]),
)  # fmt: skip


@given(tables, st.text("word ", max_size=200), st.text("Title ", max_size=120))
@settings(max_examples=40)
def test_whatever_the_words_nothing_is_cut_off_or_covered(
    cells: list[MatrixCell], note: str, title: str
) -> None:
    found = laid(table(cells, note=note, title=title))
    words = [word for word in found.words if word.name]
    assert [word.name for word in words if not found.frame.holds(word)] == []
    assert [
        (one.name, other.name) for i, one in enumerate(words) for other in words[:i] if one.meets(other)
    ] == []
    assert found.frame.right >= LEAST


def test_a_pair_that_was_not_measured_is_an_empty_place() -> None:
    cells = [cell("a", "a", 0.9), cell("b", "b", 0.2)]
    found = laid(table(cells))
    assert len([fill for fill in found.fills if fill != "none"]) == 2
    assert [word.name for word in found.words].count("0.90") == 1


def test_a_cell_without_a_value_says_why_and_has_neither_tint_nor_outline() -> None:
    found = laid(table([cell("a", "a", None), cell("a", "b", None, note="held")]))
    assert found.rects == []
    assert {"not estimable", "held"} <= {word.name for word in found.words}


def test_an_n_that_all_cells_share_stands_in_the_caption_only() -> None:
    shared = [word.name for word in laid(table([cell("a", "b", n=9), cell("a", "c", n=9)])).words]
    assert "n 9" not in shared
    assert "Note. n = 9 in every cell." in shared
    apart = [word.name for word in laid(table([cell("a", "b", n=9), cell("a", "c", n=8)])).words]
    assert {"n 9", "n 8"} <= set(apart)
    assert apart[-1] == "Note."


def test_a_row_is_as_tall_as_its_tallest_cell() -> None:
    tall = cell("a", "b", n=9, word="decided")
    found = laid(table([tall, cell("a", "c", None, note="held"), cell("b", "b", None), cell("b", "c", n=3)]))
    first, second = found.rects
    assert first.bottom - first.top > second.bottom - second.top
    assert [w.name for w in found.words if first.holds(w)] == ["0.50", "0.40–0.60", "decided", "n 9"]


@pytest.mark.parametrize("step", range(9))
@pytest.mark.parametrize("scale", ["sequential", "diverging"])
def test_figures_can_be_read_on_every_tint(step: int, scale: str) -> None:
    """At least 4.5 to 1, the contrast that WCAG asks of text."""
    value = (step + 0.5) / 9
    if scale == "diverging":
        value = 2 * value - 1
    limits = (0.0, 1.0) if scale == "sequential" else (-1.0, 1.0)
    spec = table([cell("a", "b", value)], scale=scale, range=limits)
    assert spec.matrix is not None
    assert spec.matrix.step(spec.matrix.cells[0]) == f"{scale[0].replace('s', 'q')}{step}"
    root = ElementTree.fromstring(heat_svg(spec))
    rect = next(rect for rect in root.iter(f"{SVG}rect") if rect.get("x"))
    inks = {text.get("fill", "") for text in root.iter(f"{SVG}text")
            if text.get("text-anchor") == "middle" and text.text != "b"}  # fmt: skip
    assert len(inks) == 1
    assert contrast(rect.get("fill", ""), inks.pop()) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG 2's ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_flag_is_red_and_hatching_is_defined_only_where_it_is_used() -> None:
    flagged = heat_svg(table([cell("a", "b", significant=False, flag=True)])).decode()
    assert light_colours()["flag"] in flagged
    assert "pattern" not in flagged
    hatched = ElementTree.fromstring(heat_svg(table([cell("a", "b", hatched=True)])))
    (pattern,) = hatched.iter(f"{SVG}pattern")
    assert [r.get("fill") for r in hatched.iter(f"{SVG}rect")].count(f"url(#{pattern.get('id')})") == 1


def test_hostile_words_stay_words_everywhere() -> None:
    spec = table(
        [cell(HOSTILE, HOSTILE[:30], word=HOSTILE), cell("b", HOSTILE[:30], None, note=HOSTILE)],
        title=HOSTILE, note=HOSTILE, desc=HOSTILE,
    )  # fmt: skip
    root = ElementTree.fromstring(heat_svg(spec))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert texts.count(HOSTILE) >= 3
    assert not any(element.tag.endswith("script") for element in root.iter())
    assert not any(name.startswith("on") for element in root.iter() for name in element.keys())  # noqa: SIM118


def test_the_text_alternative_is_title_and_description() -> None:
    root = ElementTree.fromstring(heat_svg(table(GRID)))
    assert root.get("role") == "img"
    assert [(part.tag.removeprefix(SVG), part.text) for part in root[:2]] == [
        ("title", "Success"),
        ("desc", "D."),
    ]


def test_a_picture_needs_no_style_font_or_script_from_elsewhere() -> None:
    text = heat_svg(table(GRID)).decode()
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert not any(word in text for word in ("style=", "class=", "var(", "@import", "<style", "href"))


def test_the_title_is_bold_and_starts_at_the_edge() -> None:
    root = ElementTree.fromstring(heat_svg(table(GRID)))
    bold = [text for text in root.iter(f"{SVG}text") if text.get("font-weight") == "600"]
    assert [(text.text, text.get("x")) for text in bold] == [("Success", f"{EDGE}")]
