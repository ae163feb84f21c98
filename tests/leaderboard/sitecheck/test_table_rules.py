"""What tables must have to be read by ear, and figures to be read right: each sentence with its twin."""

import pytest

from interplay.leaderboard.sitecheck import access, figures
from interplay.leaderboard.sitecheck.outline import Outline

from .handmade import TABLE, board, outline, row

FIGURE = (
    '<figure><figcaption>Scores</figcaption><svg class="chart" role="img"><title>t</title><desc>d</desc>'
    "<text>0.5</text></svg>" + TABLE + "</figure>"
)
HEAT = (
    '<table class="heat"><caption>m</caption><thead><tr><th scope="col">a</th><th scope="col">b</th></tr>'
    '</thead><tbody><tr><th scope="row">a</th><td>0.5<small>0.4–0.6</small></td></tr></tbody></table>'
)
TABLE_FAULTS = {
    "caption": ("<caption>Scores</caption>", "", "<table> has no caption"),
    "empty-caption": ("<caption>Scores</caption>", "<caption> </caption>", "<table> has no caption"),
    "scope": ('<th scope="row">birch', "<th>birch", "table 'Scores': the head 'birch' has no scope"),
    "scope-that-is-none": (
        'scope="col">Model',
        'scope="column">Model',
        "table 'Scores': the head 'Model' has no scope",
    ),
    "heads": ("thead>", "tbody>", "table 'Scores' has no heads of columns"),
    "short-row": ("<td>0.62</td>", "", "table 'Scores': a row has 2 cells (expected 3)"),
    "long-row": ("<td>0.62</td>", "<td>0.62</td><td></td>", "table 'Scores': a row has 4 cells (expected 3)"),
    "wide-cell": (
        "<td>0.62</td>",
        '<td colspan="2">0.62</td>',
        "table 'Scores': a row has 4 cells (expected 3)",
    ),
    "width-that-is-no-number": (
        "<td>0.62</td>",
        '<td colspan="two">0.62</td><td></td>',
        "table 'Scores': a row has 4 cells (expected 3)",
    ),
}
FIGURE_FAULTS = {
    "no-table": (TABLE, "", "<figure> has no table of its numbers"),
    "no-title": (
        "<figcaption>Scores</figcaption>",
        "",
        "<figure> has no title",
    ),
    "no-description": (
        "<desc>d</desc>",
        "<desc> </desc>",
        '<svg class="chart" role="img"> has no description',
    ),
    "no-text": (
        "<text>0.5</text>",
        "<text></text>",
        '<svg class="chart" role="img"> shows no text: no axis, no label',
    ),
}
INTERVALS = {
    "no-interval-in-the-next-column": (
        "<td>0.62</td><td>0.55–0.69</td>",
        "<td>0.62</td><td></td>",
        "'0.62' under 'Score' has no interval",
    ),
    "a-dash-is-no-interval": (
        "<td>0.62</td><td>0.55–0.69</td>",
        "<td>0.62</td><td>–</td>",
        "'0.62' under 'Score' has no interval",
    ),
    "nan": ("<td>0.62</td>", "<td>nan</td>", "a cell shows 'nan' in place of a figure"),
    "none": ("<td>0.62</td>", "<td> None </td>", "a cell shows 'None' in place of a figure"),
    "infinity": ("<td>0.55–0.69</td>", "<td>-inf</td>", None),
    "template": ("<td>0.62</td>", "<td>{{ score }}</td>", "a cell shows '{{ score }}' in place of a figure"),
    "statement": ("<td>0.62</td>", "<td>{% if %}</td>", "a cell shows '{% if %}' in place of a figure"),
}
EXEMPT = {
    "published-without-interval": ("<td>0.62</td><td>0.55–0.69</td>", "<td>○ 0.62</td><td></td>"),
    "words-in-place-of-a-number": ("<td>0.62</td><td>0.55–0.69</td>", "<td>withheld</td><td></td>"),
    "none-seen": ("<td>0.62</td><td>0.55–0.69</td>", "<td>≤ 0.060</td><td>none seen</td>"),
    "cell-over-both-columns": ("<td>0.62</td><td>0.55–0.69</td>", '<td colspan="2">not estimable</td>'),
    "words-of-others": ("<td>0.62</td>", '<td dir="auto">{{ 7 }}</td>'),
    "heading-of-a-block": ("<tbody>", '<tbody><tr><th scope="rowgroup" colspan="3">Family 7</th></tr>'),
}


def changed(whole: str, old: str, new: str) -> str:
    assert old in whole
    return whole.replace(old, new)


def contents(main: str) -> list[str]:
    return [sentence for rule in figures.RULES for _, sentence in rule(outline(main))]


@pytest.mark.parametrize(("old", "new", "expected"), TABLE_FAULTS.values(), ids=TABLE_FAULTS)
def test_a_table_has_caption_heads_scopes_and_rows_of_one_width(old: str, new: str, expected: str) -> None:
    assert [s for _, s in access.tables(outline(TABLE))] == []
    assert [s for _, s in access.tables(outline(changed(TABLE, old, new)))] == [expected]


def test_rows_that_a_cell_spans_are_not_counted_and_wide_cells_count_as_many() -> None:
    spanned = TABLE.replace("<td>0.81</td>", '<td rowspan="2">0.81</td>').replace("<td>0.62</td>", "")
    assert list(access.tables(outline(spanned))) == []
    headed = TABLE.replace('scope="row">aster', 'rowspan="2" scope="row">aster')
    assert list(access.tables(outline(headed.replace('<th scope="row">birch</th>', "")))) == []
    wide = TABLE.replace("<td>0.62</td><td>0.55–0.69</td>", '<td colspan="2">withheld</td>')
    assert list(access.tables(outline(wide))) == []
    nothing = TABLE.replace("<td>0.62</td>", '<td colspan="">0.62</td>')
    assert list(access.tables(outline(nothing))) == []


def test_a_table_whose_cells_hold_nothing_is_empty_even_with_rows() -> None:
    head, body = TABLE.split("<tbody>")
    for rows in ("", '<tr><th scope="row">aster</th><td> </td><td></td></tr>'):
        found = [s for _, s in access.tables(outline(f"{head}<tbody>{rows}</tbody></table>"))]
        assert found == ["table 'Scores' is empty: no row below its heads"]
    assert body


@pytest.mark.parametrize(("old", "new", "expected"), FIGURE_FAULTS.values(), ids=FIGURE_FAULTS)
def test_a_chart_has_title_description_text_and_its_numbers(old: str, new: str, expected: str) -> None:
    assert contents(FIGURE) == []
    main = FIGURE.replace("<caption>Scores</caption>", "") if old.startswith("<figcap") else FIGURE
    assert contents(changed(main, old, new)) == [expected]


@pytest.mark.parametrize(("old", "new", "expected"), INTERVALS.values(), ids=INTERVALS)
def test_a_number_has_its_interval_and_is_one(old: str, new: str, expected: str | None) -> None:
    assert contents(TABLE) == []
    found = contents(changed(TABLE, old, new))
    assert found == ([expected] if expected else ["a cell shows '-inf' in place of a figure"])


@pytest.mark.parametrize(("old", "new"), EXEMPT.values(), ids=EXEMPT)
def test_words_and_printed_figures_need_no_interval(old: str, new: str) -> None:
    assert contents(changed(TABLE, old, new)) == []


def test_the_first_column_cannot_be_one_of_intervals() -> None:
    """A head `95 % interval` over the first column has no figure before it."""
    table = TABLE.replace(">Model<", ">95 %<").replace('<th scope="row">birch</th>', "<td></td>")
    assert contents(table) == []


def test_a_matrix_has_an_interval_below_each_figure() -> None:
    assert contents(HEAT) == []
    bare = HEAT.replace("<small>0.4–0.6</small>", "")
    assert contents(bare) == ["the figure '0.5' of a matrix has no interval below it"]
    assert contents(bare.replace("heat", "plain")) == []
    assert contents(bare.replace("0.5", "–")) == []


@pytest.mark.parametrize(
    ("cell", "is_sound"),
    [
        ('<td class="s">0.5</td><td class="i">0.4–0.6</td>', True),
        ('<td class="s">0.5<small>0.4–0.6</small></td><td></td>', True),
        ('<td class="s">0.5</td><td class="i"><small>none seen</small></td>', True),
        ('<td class="s">withheld</td><td class="i"></td>', True),
        ('<td class="s">0.5</td><td class="i">–</td>', False),
        ('<td class="s">0.5</td><td>0.4–0.6</td>', False),
        ('<td class="s">0.5<small></small></td><td class="i"></td>', False),
    ],
    ids=["next", "below", "below-the-next", "word", "dash", "not-marked", "empty"],
)
def test_a_headline_has_an_interval_in_its_row(cell: str, is_sound: bool) -> None:
    table = TABLE.replace("95 %", "Interval").replace("<td>0.62</td><td>0.55–0.69</td>", cell)
    expected = [] if is_sound else ["the headline figure '0.5' has no interval in its row"]
    assert contents(table) == expected


@pytest.mark.parametrize(
    ("part", "is_sound"),
    [
        ('<span class="big">0.5</span> <small>0.4–0.6 · 95 %</small>', True),
        ('<span class="big">withheld</span>', True),
        ('<span class="big">0.5</span>', False),
        ('<span class="big">0.5</span> <small>· 95 %</small>', False),
        ('<span class="big">0.5</span> <small> – 95 % of 12</small>', False),
        ('<b><span class="big">0.5</span></b> <small>0.4–0.6</small>', False),
    ],
    ids=["beside", "word", "alone", "words-only", "dash-only", "not-beside"],
)
def test_the_large_figure_of_an_entry_has_an_interval_beside_it(part: str, is_sound: bool) -> None:
    expected = [] if is_sound else ["the headline figure '0.5' has no interval beside it"]
    assert contents(f"<p>{part}</p>") == expected


@pytest.mark.parametrize(("letters", "is_empty"), [(29, True), (30, False)])
def test_a_page_needs_thirty_letters_beyond_headings_and_navigation(letters: int, is_empty: bool) -> None:
    heads = "".join(f"<h{i}>A long heading</h{i}>" for i in range(1, 7))
    heads += '<nav>Parts of this page</nav><p class="crumb">Home</p>'
    drawing = "<svg><text>words of a drawing, many of them</text></svg>"
    text = " ".join("x" * letters)
    page = Outline("x.html", f"<main>\n{heads}{drawing}<div><p>{text}</p></div></main>")
    found = list(figures.text_of_page(page))
    expected = [(1, "the page is empty: it says nothing beyond its headings")] if is_empty else []
    assert found == expected


@pytest.mark.parametrize("tag", ["h2", "h3", "h4", "figcaption"])
def test_a_figure_is_titled_by_any_heading_or_caption_of_its_own(tag: str) -> None:
    bare = FIGURE.replace("<caption>Scores</caption>", "")
    assert contents(bare.replace("figcaption", tag)) == []
    assert contents(bare.replace("figcaption", "p")) == ["<figure> has no title"]


def test_rows_of_a_board_are_read_by_their_links_heads_and_sort_values() -> None:
    page = outline(board(row("e-1", 0.5, "1–2"), '<tr><td colspan="4">No entry</td></tr>', row("e-2", 0.25)))
    assert [(r.entry, r.place, r.values) for r in figures.board_rows(page)] == [
        ("e-1", "1–2", {"Success": "0.5000"}),
        ("e-2", "1", {"Success": "0.2500"}),
    ]
    unranked = outline(board(row("e-1", 0.5)).replace(">Rank<", ">No.<"))
    assert [r.place for r in figures.board_rows(unranked)] == [""]
    assert figures.board_rows(outline(board(row("e-1", 0.5)).replace(" data-sort", ""))) == ()
    assert figures.board_rows(outline(board(row("e-1", 0.5)).replace("entries/e-1/", "entries/"))) == ()


def test_a_row_that_is_too_short_for_its_intervals_is_no_finding_of_its_own() -> None:
    """Its width is told by the rule on tables."""
    assert contents(TABLE.replace("<td>0.62</td><td>0.55–0.69</td>", "<td>0.62</td>")) == []


def test_a_page_without_a_main_part_is_not_called_empty_as_well() -> None:
    assert list(figures.text_of_page(Outline("x.html", "<p></p>"))) == []
