"""Cleaning of SVG: what is kept, renamed, rounded and dropped, on small documents made by hand."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interplay.leaderboard import svg
from interplay.leaderboard.figures import Axis, ChartSpec, Kind, Point, Series
from interplay.leaderboard.svg import SENTINEL, clean

from .charts.parsed import both, outside

HOSTILE = "</title><script>alert(1)</script> & \"q\" 'a' ]]> \u202e"
RED = "#ff0000"


def spec(**fields: object) -> ChartSpec:
    content = {"id": "demo", "kind": "forest", "title": "A title", "desc": "What it shows."}
    return ChartSpec.model_validate(content | fields)


def cleaned(body: str, **fields: object) -> str:
    raw = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="560pt" height="90pt" viewBox="0 0 560 90" version="1.1">{body}</svg>'
    )
    return clean(raw.encode(), spec(**fields), "demo-w")


def body(text: str) -> str:
    """What stands after title and description."""
    return text.split("</desc>")[1].removesuffix("</svg>")


def test_the_frame_has_a_role_a_title_and_a_description_that_it_is_labelled_by() -> None:
    root = ElementTree.fromstring(cleaned(""))
    assert (root.get("viewBox"), root.get("role"), root.get("width")) == ("0 0 560 90", "img", None)
    assert root.get("aria-labelledby") == root[0].get("id") == "demo-w-t"
    assert root.get("aria-describedby") == root[1].get("id") == "demo-w-d"
    assert [root[0].text, root[1].text] == ["A title", "What it shows."]


def test_hostile_titles_and_texts_stay_text() -> None:
    word = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    root = ElementTree.fromstring(cleaned(f"<text>{word}</text>", title=HOSTILE, desc=HOSTILE))
    assert [element.text for element in root] == [HOSTILE, HOSTILE, HOSTILE]


def test_reserved_colours_become_classes_and_others_stay_as_they_are() -> None:
    ink, rule = SENTINEL["ink"], SENTINEL["rule"]
    found = body(cleaned(f'<path d="M 0 0" style="fill: {ink}; stroke: {rule}"/>'))
    assert found == '<path d="M 0 0" class="f-ink s-rule"/>'
    assert body(cleaned(f'<path d="M 0 0" style="stroke: {RED}"/>')) == f'<path d="M 0 0" stroke="{RED}"/>'
    assert body(cleaned(f'<path d="M 0 0" fill="{ink}"/>')) == '<path d="M 0 0" class="f-ink"/>'


@pytest.mark.parametrize("name", SENTINEL)
def test_every_reserved_colour_has_a_class_of_its_own(name: str) -> None:
    assert f'class="s-{name}"' in cleaned(f'<path d="M 0 0" style="stroke: {SENTINEL[name]}"/>')
    assert len(set(SENTINEL.values())) == len(SENTINEL)


def test_a_path_that_nobody_sees_is_dropped() -> None:
    assert body(cleaned('<path d="M 0 0" style="fill: none"/>')) == ""
    assert body(cleaned('<path d="M 0 0" style="fill: none; stroke: none"/>')) != ""
    stroked = body(cleaned(f'<path d="M 0 0" style="fill: none; stroke: {SENTINEL["ink"]}"/>'))
    assert stroked == '<path d="M 0 0" fill="none" class="s-ink"/>'


def test_metadata_styles_and_titles_are_dropped_and_bare_groups_dissolved() -> None:
    inner = (
        "<metadata><x/></metadata><defs><style>*{color:red}</style></defs><title>old</title>"
        '<g id="figure_1"><g id="axes_1"><text>kept</text></g></g>'
    )
    assert body(cleaned(inner)) == "<text>kept</text>"


def test_a_group_that_says_something_is_kept() -> None:
    assert body(cleaned('<g transform="translate(1.5 2)"><text>a</text></g>')) == (
        '<g transform="translate(1.5 2)"><text>a</text></g>'
    )


def test_ids_are_kept_only_where_something_refers_to_them_and_renamed_in_order() -> None:
    inner = (
        '<defs><path id="mAB12" d="M 0 0"/><path id="unused" d="M 1 1"/><path id="mCD34" d="M 2 2"/></defs>'
        '<use xlink:href="#mCD34" x="1"/><use xlink:href="#mAB12" x="2"/>'
    )
    found = body(cleaned(inner))
    assert '<path d="M 0 0" id="demo-w-0"/>' in found
    assert '<path d="M 1 1"/>' in found
    assert '<path d="M 2 2" id="demo-w-1"/>' in found
    assert '<use x="1" href="#demo-w-1"/><use x="2" href="#demo-w-0"/>' in found
    assert "unused" not in found
    assert "xlink" not in found


def test_a_clip_path_follows_its_new_name() -> None:
    inner = (
        '<defs><clipPath id="p1"><path d="M 0 0"/></clipPath></defs>'
        '<path d="M 1 1" fill="red" clip-path="url(#p1)"/>'
    )
    found = body(cleaned(inner))
    assert 'id="demo-w-0"' in found
    assert 'clip-path="url(#demo-w-0)"' in found


def test_attributes_that_could_act_are_not_kept() -> None:
    found = body(cleaned('<text onclick="alert(1)" data-x="1" class="old" x="1">a</text>'))
    assert found == '<text x="1">a</text>'


@pytest.mark.parametrize(
    ("value", "written"),
    [("1.23456", "1.23"), ("1.999", "2"), ("10.0", "10"), ("0.0", "0"), ("-0.001", "-0"), ("1e-05", "1e-05"),
     ("1.5e-05", "0"), ("12", "12"), ("100.10", "100.1"), ("-3.456", "-3.46")],
)  # fmt: skip
def test_numbers_are_rounded_to_hundredths_without_needless_noughts(value: str, written: str) -> None:
    assert body(cleaned(f'<text x="{value}">a</text>')) == f'<text x="{written}">a</text>'


def test_a_path_is_on_one_line() -> None:
    assert body(cleaned('<path fill="red" d="M 0.001 1.5\nL 2.25 3.125 \n"/>')) == (
        '<path d="M 0 1.5 L 2.25 3.12" fill="red"/>'
    )


numbers = st.lists(st.floats(-999, 999, allow_nan=False), min_size=2, max_size=6)


@given(numbers)
def test_a_rounded_path_stays_within_half_a_hundredth(found: list[float]) -> None:
    text = " ".join(f"{number:f}" for number in found)
    written = body(cleaned(f'<path fill="red" d="M {text}"/>')).split('"')[1].split()[1:]
    assert [float(number) for number in written] == pytest.approx(found, abs=0.00501)


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("font: 9px 'DejaVu Sans'; text-anchor: start", ""),
        ("font: 8px 'DejaVu Sans'; text-anchor: middle", ' font-size="8" text-anchor="middle"'),
        ("font-size: 7.5px; text-anchor: end", ' font-size="7.5" text-anchor="end"'),
        ("font: 600 9px sans", ' font-weight="600"'),
        ("font: bold 9px sans", ' font-weight="600"'),
        ("font-weight: 600", ' font-weight="600"'),
        ("font-weight: 400", ""),
    ],
)
def test_of_a_font_only_what_differs_is_kept(style: str, written: str) -> None:
    assert body(cleaned(f'<text style="{style}">a</text>')) == f"<text{written}>a</text>"


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("stroke-width: 0.7", ' stroke-width="0.7"'),
        ("stroke-dasharray: 3,2", ' stroke-dasharray="3,2"'),
        ("opacity: 0.5", ' opacity="0.5"'),
        ("opacity: 1", ""),
        ("stroke-linejoin: miter", ""),
        ("stroke-linecap: butt", ""),
        ("stroke-linecap: square", ' stroke-linecap="square"'),
        ("fill-opacity: 1; stroke-opacity: 0.55", ' stroke-opacity="0.55"'),
    ],
)
def test_of_a_style_only_what_differs_from_the_default_is_kept(style: str, written: str) -> None:
    found = body(cleaned(f'<path fill="red" d="M 0 0" style="{style}"/>'))
    assert found == f'<path d="M 0 0" fill="red"{written}/>'


def test_a_turn_by_nothing_is_dropped_and_another_is_kept() -> None:
    assert body(cleaned('<text transform="rotate(-0 3 4)">a</text>')) == "<text>a</text>"
    assert body(cleaned('<text transform="rotate(-90 3 4)">a</text>')) == (
        '<text transform="rotate(-90 3 4)">a</text>'
    )


def test_without_matplotlib_pages_know_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert svg.is_available()
    monkeypatch.setattr(svg, "find_spec", lambda _: None)
    assert not svg.is_available()


TEXTS = ("<b>&</b>", "$x_1$ and $y$", "$\\frac$", "a_b^c 100 %", "\u202eabc naïve", "x" * 90)


@pytest.mark.parametrize("kind", ["forest", "ladder", "lines", "scatter", "bars"])
def test_names_are_drawn_letter_by_letter_in_every_kind_of_picture(kind: Kind) -> None:
    """No name is read as a formula, which may fail or lose letters; a long one is cut around an ellipsis."""
    series = tuple(
        Series(
            name=text,
            points=(
                Point(label="solo" if kind == "ladder" else text, x=0.1 * i, y=0.1 * i),
                Point(label="pair" if kind == "ladder" else text, x=0.05 + 0.1 * i, y=0.5),
            ),
        )
        for i, text in enumerate(TEXTS)
    )
    made = spec(kind=kind, series=series, x=Axis(label=TEXTS[1], range=(0.0, 1.0)), title=TEXTS[0])
    for drawn in both(made):
        assert drawn.root[0].text == TEXTS[0]
        assert set(TEXTS[:5]) <= set(drawn.texts())
        assert any(word.startswith("xxx") and "…" in word for word in drawn.texts())
        assert outside(drawn) == []
