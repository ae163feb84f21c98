"""Pictures: small, themed by classes, free of styles and scripts, and the same bytes every time."""

import gzip
import re
from xml.etree import ElementTree

import pytest

from interplay.leaderboard import svg
from interplay.leaderboard.charts.literature import published_forest
from interplay.leaderboard.figures import Axis, ChartSpec, Point, Ref, Series, by_value
from interplay.leaderboard.literature import load_sources

pytest.importorskip("matplotlib")

HOSTILE = '</title><script>alert(1)</script> & "quoted" \u202e 🧭'
GZIP_LIMIT = 6_000


def ladder(name: str = "model") -> ChartSpec:
    refs = (Ref(value=0.0, label="Mute 0.00"), Ref(value=1.0, label="Cartographer 1.00", upto=1.1))
    series = tuple(
        Series(
            name=f"{name}-{i}",
            points=tuple(
                Point(label=f"C{c}", x=0.95 - 0.06 * i - 0.02 * c, lo=0.1, hi=0.99, n=120)
                for c in range(1, 8)
            ),
            aside="0.12 (0.05 to 0.20)",
        )
        for i in range(12)
    )
    axis = Axis(label="success →", refs=refs)
    return ChartSpec(id="gap", kind="ladder", title=HOSTILE, desc=HOSTILE, x=axis, series=series)


def lines() -> ChartSpec:
    series = tuple(
        Series(
            name=f"model-{i}",
            points=tuple(Point(label=str(x), x=x, y=0.9 - 0.1 * i, lo=0.1, hi=1.0) for x in range(5)),
        )
        for i in range(6)
    )
    return ChartSpec(
        id="lines", kind="lines", title="T", desc="D", x=Axis(ticks=tuple("abcde")), series=series
    )


def scatter() -> ChartSpec:
    points = tuple(
        Point(
            label=f"model-{i}",
            x=0.3 + 0.1 * i,
            x_lo=0.25 + 0.1 * i,
            x_hi=0.34 + 0.1 * i,
            y=max(0.0, 0.02 * i - 0.02),
            lo=max(0.0, 0.02 * i - 0.04),
            hi=0.02 * i + 0.01,
            n=300,
        )
        for i in range(6)
    )
    return ChartSpec(
        id="scatter",
        kind="scatter",
        title="T",
        desc="D",
        x=Axis(label="accuracy →"),
        y=Axis(label="↑ rate"),
        series=(Series(name="family", points=points),),
    )


def charts() -> list[ChartSpec]:
    source = next(source for source in load_sources() if source.source == "collaboration_gap")
    forest = published_forest(source, None)
    assert forest is not None
    return [forest, ladder(), lines(), scatter()]


@pytest.mark.parametrize("spec", charts(), ids=lambda spec: spec.id)
def test_a_picture_is_small_themed_and_reproducible(spec: ChartSpec) -> None:
    picture = svg.picture(spec)
    assert picture == svg.picture(spec)
    for width, text in picture._asdict().items():
        assert len(gzip.compress(text.encode())) <= GZIP_LIMIT
        root = ElementTree.fromstring(text)
        assert root.get("role") == "img"
        assert root.get("width") is root.get("height") is None
        assert (
            float(str(root.get("viewBox")).split()[2]) == svg.POINTS["wide" if width == "wide" else "narrow"]
        )
        assert [root[0].text, root[1].text] == [spec.title, spec.desc]
        tags = {element.tag for element in root.iter()}
        assert tags <= {"svg", "title", "desc", "g", "defs", "path", "use", "text"}
        own = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(own) == len(set(own))
        assert all(str(name).startswith(f"{spec.id}-{width[0]}") for name in own)
        assert not re.search(
            r"style=|<style|<script|on[a-z]+=|font-family|#[0-9a-f]{6}|xlink|clip-path", text
        )


@pytest.mark.parametrize("spec", charts(), ids=lambda spec: spec.id)
def test_every_colour_is_a_class_of_the_stylesheet(spec: ChartSpec) -> None:
    from interplay.leaderboard.pages.rendering import static_files

    sheet = static_files()["style.css"].decode()
    for text in svg.picture(spec):
        classes = {name for value in re.findall(r'class="([^"]+)"', text) for name in value.split()} - {
            "chart"
        }
        assert classes
        assert all(f".{name}{{" in sheet for name in classes)


def test_every_label_is_text_and_hostile_text_stays_text() -> None:
    spec = ladder(name="<b>&m")
    for text in svg.picture(spec):
        words = [element.text for element in ElementTree.fromstring(text).iter("text")]
        assert all(series.name in words for series in spec.series)
        assert "<script" not in text


def test_a_name_without_room_keeps_its_start_and_its_end() -> None:
    long = "developer/model-of-forty-letters-and-more-20260101"
    points = (Point(label=long, x=0.2), Point(label="short", x=0.6))
    spec = ChartSpec(id="names", kind="forest", title="T", desc="D", x=Axis(range=(0, 1)),
                     series=(Series(name="s", points=points),))  # fmt: skip
    wide, narrow = svg.picture(spec)
    assert re.search(r">developer/[^<]*…[^<]*20260101<", wide)
    assert re.search(r">developer/[^<]*…[^<]*101<", narrow)
    assert long not in narrow
    assert ">short<" in narrow


def test_marks_of_points_without_interval_have_no_whisker() -> None:
    bare = ChartSpec(
        id="bare", kind="forest", title="T", desc="D", x=Axis(range=(0, 1)),
        series=(Series(name="s", points=by_value([Point(label="a", x=0.2), Point(label="b", x=0.6)])),),
    )  # fmt: skip
    assert "s-ink-2" not in svg.picture(bare).wide
    whiskered = bare.model_copy(
        update={"series": (Series(name="s", points=(Point(label="a", x=0.2, lo=0.1, hi=0.3),)),)}
    )
    assert svg.picture(whiskered).wide.count("s-ink-2") == 1
