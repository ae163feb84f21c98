"""Pictures of heat tables: everything that the table says, in plain attributes, the same bytes every time."""

from xml.etree import ElementTree

import pytest

from interplay.leaderboard.charts.heat import heat_svg, light_colours
from interplay.leaderboard.figures import ChartSpec, Matrix, MatrixCell

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert(1)</script> & "quoted" \u202e'


def heat() -> ChartSpec:
    """Two models: one with its own copy, one cell that stands for another, one without a value."""
    cells = (
        MatrixCell(row="a", column="a", value=0.95, lo=0.9, hi=1.0, n=20),
        MatrixCell(row="a", column="b", value=0.5, lo=0.4, hi=0.6, n=30, hatched=True, word="base"),
        MatrixCell(row="b", column="a", value=0.2, lo=0.1, hi=0.3, n=20, significant=False, flag=True),
        MatrixCell(row="b", column="b", value=None),
    )
    matrix = Matrix(row_head="starts", column_head="second", rows=("a", "b"), columns=("a", "b"), cells=cells)
    return ChartSpec(id="heat", kind="heat", title="Success", desc="D", matrix=matrix, note="Rows start.")


def parsed(spec: ChartSpec) -> ElementTree.Element:
    return ElementTree.fromstring(heat_svg(spec))


def test_a_picture_says_what_the_table_says() -> None:
    words = [element.text for element in parsed(heat()).iter(f"{SVG}text")]
    for wanted in ("Success", "0.95", "0.90–1.00", "n 20", "0.50", "base", "n 30", "not estimable"):
        assert wanted in words, wanted
    assert words[-1] == "Rows start."
    assert heat_svg(heat()) == heat_svg(heat())


def test_tints_are_those_of_the_style_sheet_and_only_where_the_table_has_one() -> None:
    colours = light_colours()
    rects = list(parsed(heat()).iter(f"{SVG}rect"))
    fills = [rect.get("fill") for rect in rects]
    assert fills == [colours["paper"], colours["q8"], "none", colours["q4"], "url(#hatch)"]
    assert rects[2].get("stroke") == colours["ink"]
    inks = {element.text: element.get("fill") for element in parsed(heat()).iter(f"{SVG}text")}
    assert inks["0.95"] == colours["w"]
    assert inks["0.50"] == colours["k"]
    assert inks["0.20"] == colours["flag"]


def test_everything_lies_within_the_picture() -> None:
    matrix = heat().matrix
    assert matrix is not None
    cells = tuple(
        cell.model_copy(update={"row": "long name of a model " * 3, "column": "a head of many words " * 4})
        for cell in matrix.cells[:1]
    )
    long = matrix.model_copy(update={"rows": (cells[0].row,), "columns": (cells[0].column,), "cells": cells})
    root = parsed(heat().model_copy(update={"matrix": long, "note": "word " * 80}))
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for element in root.iter(f"{SVG}text"):
        x, y = float(element.get("x", -1)), float(element.get("y", -1))
        assert 0 <= x <= width
        assert 0 < y <= height


def test_hostile_text_stays_text() -> None:
    root = parsed(heat().model_copy(update={"title": HOSTILE, "desc": HOSTILE}))
    assert [root[0].text, root[1].text] == [HOSTILE, HOSTILE]
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "defs", "pattern", "path", "rect", "text",
    }  # fmt: skip


def test_another_kind_of_chart_is_refused() -> None:
    with pytest.raises(ValueError, match="lines: only a heat table"):
        heat_svg(ChartSpec(id="lines", kind="lines", title="T", desc="D"))
