"""A model's page in words: its results whatever became of them, and its configurations side by side."""

from collections.abc import Sequence

import pytest

from interplay.leaderboard.configurations import row_names, variant_words
from interplay.leaderboard.pages.boards import Link
from interplay.leaderboard.pages.method import board_agreements, common_agreement, goodness, variant_of
from interplay.leaderboard.pages.models import model_href, model_pages
from interplay.leaderboard.pages.side_by_side import DEFAULT, side_by_side
from interplay.leaderboard.remembering import Memory
from interplay.leaderboard.schema import Evidence, ModelRef, Settings
from interplay.leaderboard.standings import Standing, Submission, standing

from .. import synthetic
from ..exports.standing_rows import GAP, NOTE, PAIR, entry, pair_standing, submission, submissions

MODEL = "orchard/aster-1"


def boards(own: Sequence[Submission]) -> dict[str, Standing]:
    return {board.id: standing(board, own) for board in (PAIR, GAP)}


def results(*own: Submission):
    """Lines of the pages of all models of these submissions."""
    pages = model_pages(boards(own), own, Memory())
    return {line.model_id: page.results for line, page in pages}


def withdrawn(of: Submission) -> Submission:
    content = synthetic.record(of.entry.content(), "withdraw", "fail")
    return Submission(of.entry, (Evidence.model_validate(content, strict=False),), of.rung)


def test_each_result_says_what_became_of_it() -> None:
    standing_one = submission(entry(MODEL, 0.9), 2)
    replicate = submission(entry(MODEL, 0.9, day=5))
    gone = withdrawn(submission(entry(MODEL, 0.9, day=6, effort="low")))
    old = Submission(entry(MODEL, 0.9, day=7, effort="high"), (), 0, "mazes--later")
    open_one = submission(entry(MODEL, 0.9, day=8, division="open", **NOTE))
    lines = list(results(standing_one, replicate, gone, old, open_one)[MODEL])
    assert [line.board.label for line in lines] == [PAIR.title] * 5 + [GAP.title] * 5
    found = {line.date[-2:]: (line.places, line.why) for line in lines[:5]}
    assert found == {
        "01": ("1", ""),
        "05": ("", "replicate or earlier version"),
        "06": ("", "withdrawn"),
        "07": ("", "superseded"),
        "08": ("", "open"),
    }
    assert [line.date[-2:] for line in lines[:5]] == ["08", "07", "06", "05", "01"], "newest first"


def test_models_stand_by_name_whatever_its_case_and_players_after_them() -> None:
    own = [submission(entry(name, 0.5)) for name in ("meadow/birch-1", "acme/Zed", "acme/apple")]
    player = submission(entry("reference/mute", -1.0, division="reference"))
    pages = model_pages(boards([*own, player]), [player, *own], Memory())
    assert [line.model_id for line, _ in pages] == [
        "acme/apple", "acme/Zed", "meadow/birch-1", "reference/mute",
    ]  # fmt: skip
    last = pages[-1][0]
    assert (last.name, last.developer, last.weights) == ("Mute", "Interplay", "scripted")
    assert (pages[0][0].boards, pages[0][0].date) == (2, "2026-11-01")


def test_an_address_of_a_model_holds_letters_digits_dots_and_dashes_alone() -> None:
    assert model_href("vllm/Org/Name_8B:q4@x") == "models/vllm-org-name-8b-q4-x/"
    assert model_href("a" * 40 + "/" + "b" * 100).count("/") == 2


def configuration(day: int, roles: dict[str, str] | None = None, **settings: object) -> Submission:
    own = entry(MODEL, 0.5, day=day)
    refs = {role: ModelRef(id=name, revision=None, served_by="acme") for role, name in (roles or {}).items()}
    changed = own.settings.model_copy(update=settings)
    return submission(own.model_copy(update={"settings": changed, "roles": refs}))


def table(*own: Submission):
    found = boards(own)
    listed = frozenset((b, s.entry.entry_id) for b in found for s in own)
    return side_by_side(own, found, listed)


def test_settings_that_differ_have_a_line_and_equal_ones_none() -> None:
    (found,) = table(
        configuration(1, temperature=0.0, top_p=0.9),
        configuration(2, temperature=1.0, top_p=0.9, seed=7),
        configuration(3, {"partner": "acme/p-1"}, top_p=0.9),
    )
    assert {line.name: line.values for line in found.settings} == {
        "temperature": ("0.0", "1.0", DEFAULT),
        "partner": ("not used", "not used", "acme/p-1"),
    }
    assert [c.label for c in found.configurations] == ["T = 0", "T = 1", "default settings"]
    assert [c.date for c in found.configurations] == ["2026-11-01", "2026-11-02", "2026-11-03"]
    assert [(line.board.label, line.measure) for line in found.scores] == [
        (PAIR.title, "Corrected success"),
        (GAP.title, "Gap"),
    ]
    assert all(score.text and score.interval for line in found.scores for score in line.scores)


def test_runs_that_differ_in_nothing_but_their_seed_are_one_configuration() -> None:
    assert table(configuration(1, seed=1), configuration(2, seed=2)) == ()
    (found,) = table(configuration(1, seed=1), configuration(2, seed=2), configuration(3, top_k=5))
    assert len(found.configurations) == 2


def test_what_stands_on_no_board_is_in_no_column() -> None:
    one, two = configuration(1), configuration(2, temperature=1.0)
    found = boards([one, two])
    assert side_by_side([one, two], found, frozenset({("mazes-pair", one.entry.entry_id)})) == ()
    assert (
        len(
            side_by_side([one, two], found, frozenset({("mazes-pair", s.entry.entry_id) for s in (one, two)}))
        )
        == 1
    )


def test_a_board_on_which_a_configuration_did_not_run_is_empty_for_it() -> None:
    one, two = configuration(1), configuration(2, temperature=1.0)
    only = two.entry.model_copy(update={"results": two.entry.results[:1]})
    (found,) = table(one, submission(only))
    gap = found.scores[1]
    assert gap.board == Link(GAP.title, "boards/mazes-gap/")
    assert (bool(gap.scores[0].text), gap.scores[1].text, gap.scores[1].interval) == (True, "", "")


def test_an_entry_of_the_open_division_says_so_in_its_head() -> None:
    open_one = submission(entry(MODEL, 0.5, day=4, division="open", effort="low", **NOTE))
    (found,) = table(configuration(1), open_one)
    assert [c.label for c in found.configurations] == ["default settings", "effort low, open division"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ()),
        ({"reasoning_effort": "high"}, ("effort high",)),
        ({"temperature": 0.0}, ("T = 0",)),
        ({"temperature": 0.75}, ("T = 0.75",)),
        ({"reasoning_tokens": 4096}, ("4096 reasoning tokens",)),
        ({"reasoning_tokens": 0}, ()),
        (
            {"temperature": 1.0, "reasoning_tokens": 5, "reasoning_effort": "low"},
            ("effort low", "5 reasoning tokens", "T = 1"),
        ),
        ({"seed": 7, "top_p": 0.5, "max_tokens": 9}, ()),
    ],
)
def test_settings_that_tell_configurations_apart_in_words(
    settings: dict[str, object], expected: tuple[str, ...]
) -> None:
    assert variant_words(Settings(preset="standard", **settings)) == expected  # type: ignore[arg-type]


def test_names_of_rows_are_distinct_however_many_configurations_a_model_has() -> None:
    own = [configuration(i, temperature=t) for i, t in enumerate((0.0, 0.0, 1.0, None), 1)]
    rows = [row for s in own for row in standing(PAIR, [s]).rows]
    names = row_names(rows)
    assert names == (f"{MODEL} (T = 0, 1)", f"{MODEL} (T = 0, 2)", f"{MODEL} (T = 1)", MODEL)
    assert row_names(rows[::-1]) == (MODEL, f"{MODEL} (T = 1)", f"{MODEL} (T = 0, 3)", f"{MODEL} (T = 0, 4)")
    assert row_names(rows[:1]) == (MODEL,), "what all rows share tells nothing apart"
    assert row_names([]) == ()


def test_goodness_is_larger_for_better_rows_in_either_direction() -> None:
    pair = goodness(pair_standing())
    values = {row.entry.model.id: row.headline.value for row in pair_standing().ranked}
    assert {variant[0]: value for variant, value in pair.items()} == values
    gap = standing(GAP, submissions())
    shown = {row.entry.model.id: -row.headline.value for row in gap.ranked}
    assert {variant[0]: value for variant, value in goodness(gap).items()} == shown
    none = standing(PAIR.model_copy(update={"direction": "none"}), ())
    assert goodness(none) == {}


def test_a_configuration_that_stands_twice_on_a_board_is_left_out() -> None:
    twice = [
        configuration(1, top_p=0.1),
        configuration(2, top_p=0.9),
        configuration(3, reasoning_effort="low"),
    ]
    found = standing(PAIR, twice)
    assert len(found.ranked) == 3
    assert list(goodness(found)) == [(MODEL, "low", None)]
    assert variant_of(found.ranked[0])[0] == MODEL


def test_boards_agree_by_kendalls_tau_over_what_stands_on_both() -> None:
    first = {("m", str(i), None): float(i) for i in range(6)}
    same = common_agreement(first, {**first, ("other", None, None): 99.0})
    opposite = common_agreement(first, {variant: -value for variant, value in first.items()})
    assert same is not None
    assert opposite is not None
    assert (same.tau, same.n) == (pytest.approx(1.0), 6)
    assert opposite.tau == pytest.approx(-1.0)
    assert common_agreement(first, dict(list(first.items())[:4])) is None, "four are too few"
    assert common_agreement(first, {}) is None


def test_agreement_of_boards_is_told_once_a_pair_with_links_to_both() -> None:
    own = [submission(entry(f"acme/m-{i}", 0.1 + 0.15 * i)) for i in range(6)]
    (line,) = board_agreements(boards(own), Memory())
    assert (line.first.href, line.second.href) == ("boards/mazes-pair/", "boards/mazes-gap/")
    assert line.n == 6
    assert -1 <= float(line.tau.replace("−", "-")) <= 1
    assert board_agreements(boards(own[:4]), Memory()) == ()
