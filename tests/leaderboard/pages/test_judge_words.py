"""Figures of a judge in words: plain where it is validated, grey with the reason, or withheld."""

from dataclasses import replace

import pytest

from interplay.leaderboard.board_parts import Judged, JudgedFigure
from interplay.leaderboard.models import display_name
from interplay.leaderboard.pages.judged import (
    NEVER_RANKED_BY,
    RANKED_BY,
    WITHHELD,
    bounds_of,
    corrected_words,
    graders_words,
    judged_columns,
    judged_quantity,
    judged_view,
    judged_views,
    withheld_words,
)
from interplay.leaderboard.schema import JudgedResult, Metric
from interplay.leaderboard.standings import Row
from interplay.tasks.judged import UNKNOWN, Figure, Validity

from ..exports.standing_rows import PAIR, pair_standing

NAME, GRADER = "calm_judge", "orchard/judge-1"
JUDGE = Judged(
    scorer=f"interplay.scorers.calm:{NAME}",
    validity="interplay.scorers.calm:validity",
    figures=(
        JudgedFigure(key=f"{NAME}.rate", label="Calm, judged", direction="higher", range=(0, 1)),
        JudgedFigure(key=f"{NAME}.effect", label="Effect", direction="lower", range=(0, 1), contrast=True),
        JudgedFigure(key=f"{NAME}.turns", label="Turns", direction="lower", decimals=1),
    ),
)
BOARD = PAIR.model_copy(update={"judged": (JUDGE,)})
GREEN = Validity("green", "People agree with it.")
METRICS = {
    f"{NAME}.rate": Metric(value=0.5, lo=0.41, hi=0.59, n=30, interval="share"),
    f"{NAME}.effect": Metric(value=-0.05, lo=-0.12, hi=0.02, n=30, interval="difference"),
    f"{NAME}.turns": Metric(value=3.25, lo=2.5, hi=4.0, n=30, interval="bootstrap"),
}


def item(**fields: object) -> JudgedResult:
    given: dict[str, object] = {
        "scorer": NAME, "graders": {"grader": GRADER}, "prompt_sha256": "0123abcd" * 8,
        "regrade": "recorded_judge", "asked": 400, "unparsed": 2, "unscored": 1, "metrics": METRICS,
    }  # fmt: skip
    return JudgedResult(**(given | fields))  # type: ignore[arg-type]


def row(found: JudgedResult | None, validity: Validity | None = None, i: int = 0) -> Row:
    """The i-th row of the board with what a judge says of it."""
    first = pair_standing().rows[i]
    result = first.result.model_copy(update={"judged": (found,) if found else ()})
    known = {(result.board, NAME): validity} if validity else {}
    return replace(first, result=result, submission=replace(first.submission, validities=known))


def test_a_validated_judge_is_plain_and_sorts() -> None:
    found = judged_quantity(JUDGE, row(item(), GREEN))
    assert found == (
        "0.500",
        "0.5000",
        f"Judge: {display_name(GRADER)}. 95 % 0.41–0.59. People agree with it.",
        "",
        True,
    )


@pytest.mark.parametrize("state", ["amber", "grey"])
def test_a_judge_that_is_not_validated_keeps_its_figure_and_says_so(state: str) -> None:
    found = judged_quantity(JUDGE, row(item(), Validity(state, "Only 12 labels.")))  # type: ignore[arg-type]
    assert found is not None
    assert (found.text, found.raw, found.word, found.is_valid) == ("0.500", "0.5000", "not validated", False)
    assert found.hover.endswith("Only 12 labels.")


def test_a_judge_of_whom_nobody_said_anything_is_not_validated() -> None:
    found = judged_quantity(JUDGE, row(item()))
    assert found is not None
    assert not found.is_valid
    assert found.hover.endswith(UNKNOWN.reason)


def test_a_row_without_the_judge_has_no_figure() -> None:
    assert judged_quantity(JUDGE, row(None, GREEN)) is None
    assert judged_quantity(JUDGE, row(item(scorer="another_judge"), GREEN)) is None


def test_a_corrected_figure_stands_on_hover_with_its_interval() -> None:
    validity = replace(GREEN, corrected={f"{NAME}.rate": Figure(value=0.47, lo=0.35, hi=0.58, n=30)})
    found = judged_quantity(JUDGE, row(item(), validity))
    assert found is not None
    assert "Without the errors of the judge 0.470 (0.35–0.58)." in found.hover


@pytest.mark.parametrize(
    ("decimals", "expected"),
    [(3, "0.470 (0.35–0.58)"), (2, "0.47 (0.35–0.58)"), (1, "0.5 (0.3–0.6)"), (None, "0 (0–1)")],
)
def test_decimals_of_a_corrected_figure(decimals: int | None, expected: str) -> None:
    validity = replace(GREEN, corrected={"k": Figure(value=0.47, lo=0.35, hi=0.58, n=30)})
    assert corrected_words(validity, "k", decimals) == expected
    assert corrected_words(validity, "other", decimals) == ""


def test_a_withheld_figure_shows_neither_value_nor_sort_value() -> None:
    validity = replace(GREEN, reason="It misses every fifth.", withheld=frozenset({f"{NAME}.rate"}))
    found = judged_quantity(JUDGE, row(item(), validity))
    assert found is not None
    assert (found.text, found.raw, found.word, found.is_valid) == ("–", "", WITHHELD, False)
    assert found.hover.endswith("It misses every fifth.")


@pytest.mark.parametrize(
    ("asked", "unparsed", "share"), [(400, 12, "3.0%"), (400, 400, "100.0%"), (0, 0, "0.0%"), (3, 1, "33.3%")]
)
def test_answers_that_could_not_be_read_withhold_all_with_their_share(
    asked: int, unparsed: int, share: str
) -> None:
    unread = item(metrics={}, asked=asked, unparsed=unparsed)
    expected = f"Withheld: {share} of its {asked} answers could not be read (limit 2 %)."
    assert withheld_words(unread, GREEN) == expected
    found = judged_quantity(JUDGE, row(unread, GREEN))
    assert found is not None
    assert (found.text, found.word) == ("–", WITHHELD)
    assert found.hover.endswith(expected)
    view = judged_view(JUDGE, unread, GREEN)
    assert [line.value for line in view.lines] == [WITHHELD] * 3
    assert view.reason == expected


def test_all_figures_of_a_judge_on_the_page_of_an_entry() -> None:
    validity = replace(GREEN, corrected={f"{NAME}.rate": Figure(value=0.47, lo=0.35, hi=0.58, n=30)})
    view = judged_view(JUDGE, item(), validity)
    assert [tuple(line) for line in view.lines] == [
        ("Calm, judged", "0.500", "0.41–0.59", "0.470 (0.35–0.58)", "30"),
        ("Effect", "−0.050", "−0.12 to 0.02", "", "30"),
        ("Turns", "3.2", "2.5–4.0", "", "30"),
    ]
    assert view.has_corrected
    assert not judged_view(JUDGE, item(), GREEN).has_corrected
    assert (view.state, view.badge, view.reason) == ("green", "Validated", "People agree with it.")
    assert dict(view.facts) == {
        "Answers": "400",
        "Not readable": "2",
        "Samples without a figure": "1",
        "Prompt": "0123abcd",
    }


def test_one_figure_that_a_judge_lacks_is_a_dash_and_the_others_stay() -> None:
    some = {key: metric for key, metric in METRICS.items() if not key.endswith("effect")}
    view = judged_view(JUDGE, item(metrics=some), GREEN)
    assert [line.value for line in view.lines] == ["0.500", "–", "3.2"]


@pytest.mark.parametrize(("ranks", "use"), [(True, RANKED_BY), (False, NEVER_RANKED_BY)])
def test_whether_rows_are_ranked_by_a_judge_is_said(ranks: bool, use: str) -> None:
    headline = f"{NAME}.rate" if ranks else BOARD.headline
    board = BOARD.model_copy(update={"headline": headline})
    found = row(item(), GREEN)
    (view,) = judged_views(board, found.result, found.submission)
    assert view.use == use
    assert judged_views(board, row(None).result, found.submission) == ()


def test_a_column_stands_only_where_the_judge_ran_and_sorts_only_if_all_are_valid() -> None:
    judged, plain, other = row(item(), GREEN), row(None, i=1), row(item(), UNKNOWN, i=2)
    heads, cells = judged_columns(BOARD, [judged, plain])
    assert heads == (("Calm, judged", True),)
    assert cells[plain.entry.entry_id] == (("–", "", "", "", True),)
    assert cells[judged.entry.entry_id][0].text == "0.500"
    heads, _ = judged_columns(BOARD, [judged, plain, other])
    assert heads == (("Calm, judged", False),)
    heads, cells = judged_columns(BOARD, [plain])
    assert heads == ()
    assert cells == {plain.entry.entry_id: ()}
    assert judged_columns(BOARD, []) == ((), {})


@pytest.mark.parametrize(
    ("bounds", "contrast", "expected"),
    [
        ((0, 1), False, (0, 1)),
        ((0, 1), True, (-1, 1)),
        ((1, 5), True, (-4, 4)),
        (None, True, None),
        (None, False, None),
    ],
)
def test_a_difference_has_twice_the_range(
    bounds: tuple[float, float] | None, contrast: bool, expected: tuple[float, float] | None
) -> None:
    assert bounds_of(bounds, contrast) == expected


def test_a_model_that_judges_in_two_roles_is_named_once() -> None:
    assert graders_words(item(graders={"grader": "ab/x", "grader_b": "ab/x"})) == "ab/x"
    assert graders_words(item(graders={"grader": "ab/x", "grader_b": "cd/y"})) == "ab/x and cd/y"
