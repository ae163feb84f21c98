"""Badges: what stands on them, in both forms, at the ends of the scale and with hostile words."""

import json
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interplay.leaderboard.exports import badges
from interplay.leaderboard.exports.badges import ACCENT, GREY, badge_files, badge_svg, badge_words
from interplay.leaderboard.schema import Entry, Evidence
from interplay.leaderboard.standings import Submission

from .. import synthetic
from .standing_rows import changed, entry, submission

SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=40
)
HOSTILE = ["<script>alert(1)</script>", '"onload="x', "a & b", "]]>", "&quot;", "שלום", "\u202eevil", ""]


def with_headline(value: float, lo: float, hi: float, n: int = 30) -> Entry:
    own = entry("orchard/aster-1", 0.5)
    metrics = dict(own.results[0].metrics)
    metrics["maze.success_corrected"] = metrics["maze.success_corrected"].model_copy(
        update={"value": value, "lo": lo, "hi": hi, "n": n}
    )
    return changed(own, metrics=metrics)


def message(of: Submission) -> str:
    files = dict(badge_files(of))
    return json.loads(files[f"badges/{of.entry.entry_id}.json"])["message"]


VALUES = {
    "middle": ((0.4567, 0.3512, 0.5678), "0.457 (0.35–0.57)"),
    "all": ((1.0, 0.9124, 1.0), "1.000 (0.91–1.00)"),
    "below-zero": ((-0.05, -0.1, 0.02), "−0.050 (−0.10 to 0.02)"),
    "none-seen": ((0.0, 0.0, 0.06), "≤ 0.060"),
    "floor": ((-0.109878, -0.109878, 0.04), "−0.110 (≤ 0.040)"),
    "small": ((0.02, 0.01, 0.04), "0.020 (0.010–0.040)"),
    "no-width": ((0.5, 0.5, 0.5), "0.500 (0.50–0.50)"),
}


@pytest.mark.parametrize(("numbers", "expected"), VALUES.values(), ids=VALUES)
def test_a_badge_says_value_and_interval_as_pages_do(
    numbers: tuple[float, float, float], expected: str
) -> None:
    assert message(submission(with_headline(*numbers))) == expected


def test_both_files_say_the_same_and_name_the_entry() -> None:
    own = entry("orchard/aster-1", 0.5)
    files = dict(badge_files(submission(own)))
    assert sorted(files) == [f"badges/{own.entry_id}.json", f"badges/{own.entry_id}.svg"]
    shield = json.loads(files[f"badges/{own.entry_id}.json"])
    assert list(shield) == ["schemaVersion", "label", "message", "color"]
    assert (shield["schemaVersion"], shield["color"]) == (1, "0b5a6b")
    texts = [t.text for t in ElementTree.fromstring(files[f"badges/{own.entry_id}.svg"]).iter(f"{SVG}text")]
    assert texts == [shield["label"], shield["message"]] == ["Interplay mazes-pair", shield["message"]]


def test_the_first_board_that_is_known_is_shown() -> None:
    own = entry("orchard/aster-1", 0.5)
    first, second = own.results
    unknown = first.model_copy(update={"board": "mazes-of-tomorrow"})
    words = badge_words(submission(own.model_copy(update={"results": (unknown, second)})))
    assert words is not None
    assert words[0] == "Interplay mazes-gap"


def test_without_a_known_board_or_a_headline_there_is_no_badge() -> None:
    own = entry("orchard/aster-1", 0.5)
    unknown = own.results[0].model_copy(update={"board": "mazes-of-tomorrow"})
    nothing = own.model_copy(update={"results": (unknown,)})
    assert list(badge_files(submission(nothing))) == []
    strict = {"maze.success_strict": own.results[0].metrics["maze.success_strict"]}
    assert list(badge_files(submission(changed(own, metrics=strict)))) == []


def records(of: Entry, *kinds: tuple[str, str]) -> tuple[Evidence, ...]:
    content = of.content()
    return tuple(Evidence.model_validate(synthetic.record(content, *kind), strict=False) for kind in kinds)


@pytest.mark.parametrize(
    ("kinds", "superseded_by", "expected"),
    [
        ((("withdraw", "fail"),), None, "withdrawn"),
        ((("audit", "fail"),), None, "withdrawn"),
        ((), "mazes--other--20261101--00000000", "superseded"),
        ((("withdraw", "fail"),), "mazes--other--20261101--00000000", "withdrawn"),
    ],
    ids=["withdrawn", "failed-audit", "superseded", "both"],
)
def test_an_entry_that_left_the_boards_says_so_in_grey_and_shows_no_figure(
    kinds: tuple[tuple[str, str], ...], superseded_by: str | None, expected: str
) -> None:
    own = entry("orchard/aster-1", 0.5)
    left = Submission(own, records(own, *kinds), 1, superseded_by)
    assert badge_words(left) == ("Interplay mazes-pair", expected, GREY)
    svg = dict(badge_files(left))[f"badges/{own.entry_id}.svg"].decode()
    assert GREY in svg
    assert ACCENT not in svg
    assert "0." not in svg.split("<title>")[1].split("</title>")[0]


@settings(max_examples=50)
@given(WORDS | st.sampled_from(HOSTILE), WORDS | st.sampled_from(HOSTILE))
def test_any_words_are_text_and_fit_their_fields(label: str, said: str) -> None:
    picture = ElementTree.fromstring(badge_svg(label, said, ACCENT))
    assert {e.tag.removeprefix(SVG) for e in picture.iter()} == {"svg", "title", "path", "g", "text"}
    assert [t.text or "" for t in picture.iter(f"{SVG}text")] == [label, said]
    assert picture.get("aria-label") == f"{label}: {said}"
    assert picture.find(f"{SVG}title").text == f"{label}: {said}"  # type: ignore[union-attr]
    assert picture.get("role") == "img"
    assert not any((e.tail or "").strip() for e in picture.iter()), "text stands nowhere else"
    assert set(picture.attrib) == {"width", "height", "role", "aria-label"}
    widths = [int(t.get("textLength", "")) for t in picture.iter(f"{SVG}text")]
    assert int(picture.get("width", "")) == sum(widths) + 2 * badges.PADDING
    assert all(width >= 0 for width in widths)


def test_each_text_stands_in_the_middle_of_its_field() -> None:
    """Ten letters of 6.6 pixels are 66 and with padding 78; five are 33, with padding 45."""
    picture = ElementTree.fromstring(badge_svg("x" * 10, "y" * 5, GREY))
    left, right = picture.iter(f"{SVG}text")
    assert (left.get("textLength"), right.get("textLength")) == ("66", "33")
    assert (float(left.get("x", "")), float(right.get("x", ""))) == (78 / 2, 78 + 45 / 2)
    assert picture.get("width") == str(78 + 45)
    paths = [p.get("d") for p in picture.iter(f"{SVG}path")]
    assert paths == ["M0 0h78v20H0z", "M78 0h45v20H78z"]


def test_the_shield_keeps_words_of_any_script_as_they_are() -> None:
    own = with_headline(0.0, 0.0, 0.06)
    text = dict(badge_files(submission(own)))[f"badges/{own.entry_id}.json"].decode()
    assert "≤ 0.060" in text
    assert unescape(text) == text
    assert text.endswith("}\n")
