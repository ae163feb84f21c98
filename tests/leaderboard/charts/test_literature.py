"""Charts of published figures from a source made by hand: as printed, hollow, order effects, words for n."""

import pytest

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts.literature import counted, published_forest, published_matrices
from interplay.leaderboard.figures import ChartSpec, MatrixCell, Point
from interplay.leaderboard.literature import Literature

from .made import metric, row, standing_of
from .parsed import both, outside

PAIR = find_board("mazes-pair")
STRICT = "maze.success_strict"


def figure(model: str, partner: str | None, value: float | None, half: float | None = None,
           **fields: object) -> dict[str, object]:  # fmt: skip
    ends = {} if half is None or value is None else {"lo": value - half, "hi": value + half}
    kind = "95 %" if ends else "none"
    content = {"family": "mazes", "table": "1", "group": "Large models", "model": model, "partner": partner,
               "metric": "success", "value": value, "interval_kind": kind, **ends}  # fmt: skip
    return content | fields


def source(*rows: dict[str, object], beside: bool = True, **fields: object) -> Literature:
    content: dict[str, object] = {
        "source": "paper_a", "title": "Paper A", "citation": "A", "url": "https://example.org/a",
        "second_hand": False, "metrics": {"success": {"label": "Success", "range": (0.0, 1.0)}}, "rows": rows,
        "marks": [{"label": "silent 0.10", "metric": "success", "value": 0.1},
                  {"label": "of another metric", "metric": "other", "value": 0.2}],
    }  # fmt: skip
    if beside:
        content["beside"] = {"metric": "success", "ours": STRICT, "ours_label": "strict success",
                             "title": "Beside its own copy", "desc": "D.", "note": "A note."}  # fmt: skip
    return Literature.model_validate(content | fields)


ROWS = (
    figure("a", "a", 0.9, 0.05),
    figure("b", "b", 0.95, 0.1),
    figure("a", "b", 0.7, 0.03),
    figure("b", "a", 0.5, 0.04),
    figure("a", "c", 0.6),
    figure("c", "a", None, note="printed as a dash"),
)


def only(specs: tuple[ChartSpec, ...], name: str) -> ChartSpec:
    (found,) = [spec for spec in specs if spec.id == name]
    return found


def at(spec: ChartSpec, first: str, second: str) -> MatrixCell:
    assert spec.matrix is not None
    found = spec.matrix.cell(first, second)
    assert found is not None
    return found


def test_only_models_with_their_own_copy_are_in_the_forest_hollow_and_by_value() -> None:
    spec = published_forest(source(*ROWS), None)
    assert spec is not None
    (series,) = spec.series
    assert [(p.label, p.x, p.hollow) for p in series.points] == [("b", 0.95, True), ("a", 0.9, True)]
    assert series.name == "Paper A, success"


def test_a_printed_interval_ends_at_the_range_in_the_picture_only() -> None:
    """0.95 ± 0.10 reaches 1.05, which no share can: the picture stops at 1, the matrix keeps ± 0.10."""
    spec = published_forest(source(*ROWS), None)
    assert spec is not None
    assert (spec.points[0].lo, spec.points[0].hi) == pytest.approx((0.85, 1.0))
    matrix = only(published_matrices(source(*ROWS), "Large models"), "large-models-success")
    assert at(matrix, "b", "b").note == "± 0.10"
    for drawn in both(spec):
        assert outside(drawn) == []
        assert all(mark.is_hollow for mark in drawn.marks)


def test_marks_of_the_metric_alone_are_lines_of_the_published_block() -> None:
    spec = published_forest(source(*ROWS), None)
    assert spec is not None
    assert [ref.label for ref in spec.series[-1].refs] == ["silent 0.10"]
    assert spec.x.refs == ()


def test_our_runs_stand_above_in_a_block_of_their_own() -> None:
    rows = [row(PAIR, "acme/m", metrics={STRICT: metric(0.8)}), row(PAIR, "acme/none", place=2)]
    spec = published_forest(source(*ROWS), standing_of(PAIR, rows))
    assert spec is not None
    ours, theirs = spec.series
    assert ours.name == "Interplay, strict success"
    assert [(p.label, p.x, p.hollow, p.n) for p in ours.points] == [("acme/m", 0.8, False, 20)]
    assert theirs.name == "Paper A, success"
    assert spec.note == "A note. n = 20; published ones are printed without n."


def test_players_are_called_so_and_a_board_without_the_figure_has_no_block() -> None:
    player = row(PAIR, "reference/p", metrics={STRICT: metric(0.8)}, division="reference", place=None)
    spec = published_forest(source(*ROWS), standing_of(PAIR, [], [player]))
    assert spec is not None
    assert spec.series[0].name == "Interplay, scripted players, strict success"
    bare = published_forest(source(*ROWS), standing_of(PAIR, [row(PAIR, "acme/m")]))
    assert bare is not None
    assert len(bare.series) == 1


def test_a_list_of_figures_has_neither_forest_nor_matrix() -> None:
    listed = source(figure("a", None, 0.5), beside=False)
    assert listed.is_list
    assert published_forest(listed, None) is None
    assert published_matrices(listed, "Large models") == ()


@pytest.mark.parametrize(
    ("row_of", "note"),
    [
        (("a", "b"), "± 0.03"),
        (("a", "c"), "○ no interval"),
        (("c", "a"), "a dash"),
    ],
)
def test_below_a_printed_figure_stands_what_is_printed(row_of: tuple[str, str], note: str) -> None:
    matrix = only(published_matrices(source(*ROWS), "Large models"), "large-models-success")
    assert at(matrix, *row_of).note == note


def test_a_missing_figure_without_a_note_says_so() -> None:
    specs = published_matrices(source(figure("a", "b", None)), "Large models")
    assert at(specs[0], "a", "b").note == "not published"


def test_another_group_is_not_in_the_matrix() -> None:
    rows = (*ROWS, figure("z", "z", 0.1, group="Small models"))
    specs = published_matrices(source(*rows), "Large models")
    assert all(spec.matrix and "z" not in spec.matrix.rows for spec in specs)


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (("95 %", "95 %"), "the half-width of its 95 % interval"),
        (("sd over runs", "sd over runs"), "the standard deviation over runs"),
        (("95 %", "sd over runs"), "what is printed"),
    ],
)
def test_the_caption_says_what_the_half_width_is(kinds: tuple[str, str], words: str) -> None:
    rows = [figure("a", name, 0.5, 0.1, interval_kind=kind)
            for name, kind in zip("ab", kinds, strict=True)]  # fmt: skip
    assert words in published_matrices(source(*rows), "Large models")[0].note
    assert "below each figure no interval" in published_matrices(
        source(figure("a", "b", 0.5)), "Large models"
    )[0].note  # fmt: skip


def test_the_order_effect_is_row_first_less_column_first_with_the_joint_half_width() -> None:
    """0.7 − 0.5 = 0.2, and √(0.03² + 0.04²) = 0.05."""
    effect = only(published_matrices(source(*ROWS), "Large models"), "large-models-order")
    there, back = at(effect, "a", "b"), at(effect, "b", "a")
    assert (there.value, back.value) == (0.2, -0.2)
    assert (there.lo, there.hi, there.note) == (pytest.approx(0.15), pytest.approx(0.25), "± 0.05")
    assert there.significant
    assert back.significant
    assert effect.matrix is not None
    assert len(effect.matrix.cells) == 2
    assert (effect.matrix.scale, effect.matrix.range) == ("diverging", (-0.4, 0.4))


@pytest.mark.parametrize(("second", "is_clear"), [(0.65, False), (0.64, True)])
def test_an_effect_is_tinted_only_beyond_its_joint_interval(second: float, is_clear: bool) -> None:
    rows = (figure("a", "b", 0.7, 0.03), figure("b", "a", second, 0.04))
    effect = only(published_matrices(source(*rows), "Large models"), "large-models-order")
    assert at(effect, "a", "b").significant is is_clear


@pytest.mark.parametrize("halves", [(None, None), (0.03, None), (None, 0.03)])
def test_an_effect_of_figures_without_intervals_is_untinted(
    halves: tuple[float | None, float | None],
) -> None:
    rows = (figure("a", "b", 0.9, halves[0]), figure("b", "a", 0.1, halves[1]))
    effect = only(published_matrices(source(*rows), "Large models"), "large-models-order")
    there = at(effect, "a", "b")
    assert (there.value, there.lo, there.hi, there.note) == (0.8, None, None, "○ no interval")
    assert not there.significant


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param((figure("a", "b", 0.7, 0.03),), id="one order only"),
        pytest.param((figure("a", "a", 0.7, 0.03),), id="own copy"),
        pytest.param((figure("a", "b", 0.7, 0.03), figure("b", "a", None)), id="other order missing"),
    ],
)
def test_without_both_orders_there_is_no_effect(rows: tuple[dict[str, object], ...]) -> None:
    assert len(published_matrices(source(*rows), "Large models")) == 1


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([], "The n of a figure is not printed."),
        ([None], "The n of a figure is not printed."),
        ([9], "n = 9."),
        ([9, 9, None], "n = 9; published ones are printed without n."),
        ([20, 9], "n is 9 to 20."),
        ([20, None, 9], "n is 9 to 20; published ones are printed without n."),
    ],
)
def test_what_is_said_of_n(counts: list[int | None], words: str) -> None:
    assert counted(Point(label="a", n=n) for n in counts) == words
