"""Interactive plots: every drawn kind, escaped text, colours by name, same bytes, the numbers of the spec."""

import json
import re
from typing import Any

import pytest

from interplay.leaderboard.charts.heat import heat_svg
from interplay.leaderboard.figures import Axis, ChartSpec, Point, Ref, Series
from interplay.leaderboard.pages.boards import ChartView, drawn_charts
from interplay.leaderboard.pages.rendering import static_files
from interplay.leaderboard.plot_layout import escape
from interplay.leaderboard.plots import chart_files, plot_bytes
from interplay.leaderboard.svg import Picture

from .charts.test_heat import heat
from .test_svg import HOSTILE, charts, ladder, lines, scatter


def stored(spec: ChartSpec) -> dict[str, Any]:
    return json.loads(plot_bytes(spec))


def words_of(value: object) -> list[str]:
    """Every text in a plot."""
    if isinstance(value, dict):
        return [word for item in value.values() for word in words_of(item)]
    if isinstance(value, list):
        return [word for item in value for word in words_of(item)]
    return [value] if isinstance(value, str) else []


def colours_of(value: object, key: str = "") -> set[str]:
    if isinstance(value, dict):
        return {colour for name, item in value.items() for colour in colours_of(item, name)}
    if isinstance(value, list):
        return {colour for item in value for colour in colours_of(item, key)}
    return {value} if key.endswith("color") and isinstance(value, str) else set()


@pytest.mark.parametrize("spec", charts(), ids=lambda spec: spec.id)
def test_a_plot_is_reproducible_and_takes_its_colours_from_the_sheet(spec: ChartSpec) -> None:
    assert plot_bytes(spec) == plot_bytes(spec.model_copy())
    sheet = static_files()["style.css"].decode()
    colours = colours_of(stored(spec)) - {"rgba(0,0,0,0)"}
    assert {"--ink-2", "--s1"} <= colours
    assert all(f"{colour}:#" in sheet for colour in colours)
    assert not re.search(r"#[0-9a-f]{6}", plot_bytes(spec).decode())
    assert stored(spec)["layout"]["showlegend"] is False
    assert "layout" not in stored(spec)["layout"]["template"]


def test_text_that_plotly_would_read_as_markup_is_escaped() -> None:
    name = '<a href="javascript:alert(1)">m</a><br>&lt;b&gt; %{x} $a$'
    for spec in (ladder(name), lines().model_copy(update={"series": (renamed(name),)})):
        found = words_of(stored(spec))
        assert any(escape(name) in word for word in found)
        for word in found:
            assert set(re.findall(r"<[^>]*>", word)) <= {"<br>"}
            assert not re.search(r"&(?!amp;|lt;|gt;)", word)
        assert "hovertemplate" not in plot_bytes(spec).decode()
        assert "texttemplate" not in plot_bytes(spec).decode()


def renamed(name: str) -> Series:
    return lines().series[0].model_copy(update={"name": name})


def test_values_and_limits_are_those_of_the_spec() -> None:
    spec = ChartSpec(
        id="two", kind="forest", title="T", desc="D", value_name="share",
        x=Axis(label="share →", range=(0.0, 1.0), refs=(Ref(value=0.5, label="half"),)),
        series=(
            Series(name="ours", points=(Point(label="2024-01-01", x=0.25, lo=0.125, hi=0.5, n=8),)),
            Series(name="theirs", points=(Point(label="b", x=0.75, hollow=True),)),
        ),
    )  # fmt: skip
    ours, theirs = stored(spec)["data"]
    assert (ours["x"], ours["y"]) == ([0.25], [1.0])
    assert (ours["error_x"]["array"], ours["error_x"]["arrayminus"]) == ([0.25], [0.125])
    assert ours["hovertext"] == ["2024-01-01, ours<br>share: 0.25 (0.12–0.50)<br>n 8"]
    assert (theirs["y"], theirs["marker"]["symbol"]) == ([4.0], ["square-open"])
    assert (theirs["error_x"]["array"], theirs["error_x"]["arrayminus"]) == ([0.0], [0.0])
    layout = stored(spec)["layout"]
    assert layout["yaxis"]["type"] == "linear"  # so that a name is never read as a date
    assert layout["yaxis"]["ticktext"] == ["", "2024-01-01", "", "", "b"]
    assert [note["text"] for note in layout["annotations"]] == ["half", "ours", "theirs"]


def test_lines_are_named_at_their_end_and_no_name_covers_another() -> None:
    layout = stored(lines())["layout"]
    names = [note for note in layout["annotations"] if note["text"].startswith("model-")]
    assert [note["text"] for note in names] == [f"model-{i}" for i in range(6)]
    assert [note["font"]["color"] for note in names] == [f"--s{i + 1}" for i in range(6)]
    assert layout["xaxis"]["ticktext"] == list("abcde")


def test_a_share_of_nothing_is_hollow_and_named_with_its_bound() -> None:
    (trace,) = stored(scatter())["data"]
    assert trace["marker"]["symbol"][:2] == ["triangle-down-open"] * 2
    assert trace["text"][0] == "model-0 ≤ 0.010"
    assert trace["text"][5] == "model-5"


def test_only_charts_with_a_picture_have_a_plot_and_each_heat_table_has_a_picture() -> None:
    drawn = ChartView(lines(), Picture("w", "n"))
    bare, table = ChartView(scatter(), None), ChartView(heat(), None)
    page = (("group", (drawn, bare)), (drawn, table), "words")
    assert list(drawn_charts(page)) == [drawn.spec, drawn.spec, table.spec]
    found = dict(chart_files(drawn_charts(page)))
    assert list(found) == ["data/charts/lines.json", "data/charts/heat.svg"]
    assert found["data/charts/heat.svg"] == heat_svg(heat())


def test_a_hostile_title_is_no_part_of_a_plot() -> None:
    assert HOSTILE not in plot_bytes(ladder()).decode()
