"""What charts of boards share: which rows are shown, pairs with their correction, ids, counts in words."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, ttest_rel

from interplay.leaderboard.boards import find_board
from interplay.leaderboard.charts.boards import (
    PAIR_ROWS,
    cell_at,
    excludes_zero,
    has_pairs,
    heat_cell,
    id_part,
    n_words,
    named_rows,
    pair_matrices,
    point_of,
    shown,
    shown_rows,
    slug,
)
from interplay.leaderboard.figures import ChartSpec, MatrixCell, Point
from interplay.leaderboard.standings import Row, Standing

from .made import cell, row, standing_of

PAIR = find_board("mazes-pair")
KEY = PAIR.headline
UNITS = 40


def values(seed: int, mean: float) -> list[float]:
    """Unit values of a model, away from the ends of the range, with four decimals as entries hold them."""
    drawn = np.random.RandomState(seed).uniform(mean - 0.3, mean + 0.3, UNITS)
    return [round(float(value), 4) for value in drawn]


def ranked(*means: float, board: object = PAIR, groups: tuple[str, ...] = ()) -> list[Row]:
    named = groups or ("",) * len(means)
    assert not isinstance(board, str)
    return [
        row(PAIR, f"acme/m{i}", mean, units=values(i, mean), group=group, place=i + 1)
        for i, (mean, group) in enumerate(zip(means, named, strict=True))
    ]


def one(found: Standing) -> ChartSpec:
    (spec,) = pair_matrices(found)
    return spec


def at(spec: ChartSpec, first: str, second: str) -> MatrixCell:
    assert spec.matrix is not None
    found = spec.matrix.cell(first, second)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def five() -> tuple[Standing, ChartSpec]:
    found = standing_of(PAIR, ranked(0.65, 0.6, 0.52, 0.5, 0.3))
    return found, one(found)


def test_a_difference_is_the_mean_over_common_units_row_less_column(
    five: tuple[Standing, ChartSpec],
) -> None:
    standing, spec = five
    for i, j in combinations(range(5), 2):
        expected = float((standing.matrix[i] - standing.matrix[j]).mean())
        found = at(spec, f"acme/m{i}", f"acme/m{j}")
        assert found.value == pytest.approx(expected, abs=1e-9)
        assert found.n == UNITS


def test_the_interval_is_that_of_the_paired_t_test(five: tuple[Standing, ChartSpec]) -> None:
    standing, spec = five
    for i, j in combinations(range(5), 2):
        ends = ttest_rel(standing.matrix[i], standing.matrix[j]).confidence_interval(0.95)
        found = at(spec, f"acme/m{i}", f"acme/m{j}")
        assert (found.lo, found.hi) == pytest.approx((ends.low, ends.high), abs=1e-9)


def test_both_halves_of_the_table_say_the_same(five: tuple[Standing, ChartSpec]) -> None:
    _, spec = five
    for i, j in combinations(range(5), 2):
        one_way, other = at(spec, f"acme/m{i}", f"acme/m{j}"), at(spec, f"acme/m{j}", f"acme/m{i}")
        assert one_way.lo is not None
        assert one_way.hi is not None
        assert (other.value, other.lo, other.hi) == (-(one_way.value or 0.0), -one_way.hi, -one_way.lo)
        assert (one_way.n, one_way.significant) == (other.n, other.significant)


def test_what_is_tinted_is_what_the_correction_over_all_pairs_leaves(
    five: tuple[Standing, ChartSpec],
) -> None:
    """Scipy's p values and scipy's Benjamini and Hochberg as a reference."""
    standing, spec = five
    pairs = list(combinations(range(5), 2))
    p = [float(ttest_rel(standing.matrix[i], standing.matrix[j]).pvalue) for i, j in pairs]
    expected = [bool(value <= 0.05) for value in false_discovery_control(p, method="bh")]
    assert True in expected
    assert False in expected
    found = [at(spec, f"acme/m{i}", f"acme/m{j}").significant for i, j in pairs]
    assert found == expected


def test_a_pair_that_would_pass_alone_stays_untinted_among_ten() -> None:
    """The first two differ at p = 0.026, which the correction over ten pairs raises to 0.066."""
    found = standing_of(PAIR, ranked(0.6, 0.58, 0.56, 0.5, 0.48))
    pairs = list(combinations(range(5), 2))
    p = [float(ttest_rel(found.matrix[i], found.matrix[j]).pvalue) for i, j in pairs]
    assert p[0] < 0.05 < false_discovery_control(p, method="bh")[0]
    assert not at(one(found), "acme/m0", "acme/m1").significant
    alone = one(standing_of(PAIR, ranked(0.6, 0.58)))
    assert at(alone, "acme/m0", "acme/m1").significant


def test_the_diagonal_is_empty_and_rows_stand_in_rank_order(five: tuple[Standing, ChartSpec]) -> None:
    _, spec = five
    assert spec.matrix is not None
    names = tuple(f"acme/m{i}" for i in range(5))
    assert spec.matrix.rows == spec.matrix.columns == names
    assert all(spec.matrix.cell(name, name) is None for name in names)
    assert len(spec.matrix.cells) == 20


def test_the_scale_runs_evenly_around_zero_to_the_largest_difference(
    five: tuple[Standing, ChartSpec],
) -> None:
    _, spec = five
    assert spec.matrix is not None
    widest = max(abs(found.value or 0.0) for found in spec.matrix.cells)
    assert spec.matrix.scale == "diverging"
    assert spec.matrix.range == (-widest, widest)


def test_small_differences_are_not_blown_up_to_full_colour() -> None:
    spec = one(standing_of(PAIR, ranked(0.5, 0.5)))
    assert spec.matrix is not None
    assert spec.matrix.range == (-0.1, 0.1)


def test_units_that_one_row_lacks_count_for_neither() -> None:
    first, second = values(0, 0.6), values(1, 0.5)
    gaps: list[float | None] = [None if i % 4 == 0 else value for i, value in enumerate(second)]
    rows = [row(PAIR, "acme/a", units=first, place=1), row(PAIR, "acme/b", units=gaps, place=2)]
    found = at(one(standing_of(PAIR, rows)), "acme/a", "acme/b")
    common = [(a, b) for a, b in zip(first, gaps, strict=True) if b is not None]
    assert found.n == len(common) == 30
    assert found.value == pytest.approx(sum(a - b for a, b in common) / 30, abs=1e-9)


def test_rows_without_a_common_unit_say_so_instead_of_a_difference() -> None:
    even: list[float | None] = [0.5 if i % 2 else None for i in range(UNITS)]
    odd: list[float | None] = [None if i % 2 else 0.7 for i in range(UNITS)]
    rows = [
        row(PAIR, "acme/a", units=even, place=1),
        row(PAIR, "acme/b", units=odd, place=2),
        row(PAIR, "acme/c", units=values(3, 0.4), place=3),
    ]
    spec = one(standing_of(PAIR, rows))
    for names in (("acme/a", "acme/b"), ("acme/b", "acme/a")):
        found = at(spec, *names)
        assert (found.value, found.lo, found.note) == (None, None, "no common maze")
    assert at(spec, "acme/a", "acme/c").n == UNITS // 2
    assert "nan" not in spec.model_dump_json().lower()


def test_of_many_rows_the_first_twenty_are_compared_and_the_note_says_so() -> None:
    rows = ranked(*(0.6 - 0.01 * i for i in range(PAIR_ROWS + 2)))
    spec = one(standing_of(PAIR, rows))
    assert spec.matrix is not None
    assert len(spec.matrix.rows) == PAIR_ROWS
    assert spec.note.startswith("The first 20 of 22 ranked rows. ")
    assert not one(standing_of(PAIR, rows[:PAIR_ROWS])).note.startswith("The first")


def test_unranked_rows_are_compared_with_nothing() -> None:
    rows = [*ranked(0.6, 0.5), row(PAIR, "acme/listed", 0.9, place=None)]
    spec = one(standing_of(PAIR, rows))
    assert spec.matrix is not None
    assert spec.matrix.rows == ("acme/m0", "acme/m1")


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_ranked_rows_make_no_table(count: int) -> None:
    found = standing_of(PAIR, [*ranked(0.6, 0.5)[:count], row(PAIR, "acme/listed", place=None)])
    assert not has_pairs(found)
    assert pair_matrices(found) == ()


WITHIN = PAIR.model_copy(update={"rank_within": "family"})


def test_families_have_a_table_each_and_no_difference_between_them() -> None:
    rows = ranked(0.6, 0.5, 0.7, 0.4, 0.2, groups=("ash", "ash", "oak", "oak", "yew"))
    found = standing_of(WITHIN, rows)
    ash, oak = pair_matrices(found)
    assert (ash.id, oak.id) == ("pairs-mazes-pair-ash", "pairs-mazes-pair-oak")
    assert ash.title == "ash: differences, row less column"
    assert " of ash." in ash.desc
    assert ash.matrix is not None
    assert oak.matrix is not None
    assert ash.matrix.rows == ("acme/m0", "acme/m1")
    assert oak.matrix.rows == ("acme/m2", "acme/m3")
    expected = float((found.matrix[2] - found.matrix[3]).mean())
    assert at(oak, "acme/m2", "acme/m3").value == pytest.approx(expected, abs=1e-9)


def test_families_of_one_model_have_no_pairs() -> None:
    found = standing_of(WITHIN, ranked(0.6, 0.5, groups=("ash", "oak")))
    assert not has_pairs(found)
    assert pair_matrices(found) == ()


def test_two_configurations_of_a_model_have_distinct_names() -> None:
    rows = [row(PAIR, "acme/m", units=values(i, 0.5), effort=effort, place=i + 1, day=i + 1)
            for i, effort in enumerate(("high", "low"))]  # fmt: skip
    spec = one(standing_of(PAIR, rows))
    assert spec.matrix is not None
    assert spec.matrix.rows == ("acme/m (effort high)", "acme/m (effort low)")


def test_before_any_model_has_run_players_are_shown_and_never_beside_models() -> None:
    players = [row(PAIR, f"reference/p{i}", division="reference", place=None) for i in range(3)]
    listed = row(PAIR, "acme/listed", place=None)
    only = standing_of(PAIR, (), players)
    assert [name for name, _ in named_rows(only, 2)] == ["reference/p0", "reference/p1"]
    assert [name for name, _ in shown(only, 9)] == ["reference/p0", "reference/p1", "reference/p2"]
    beside = standing_of(PAIR, [*ranked(0.6), listed], players)
    assert [one.entry.model.id for one in shown_rows(beside, 9)] == ["acme/m0"]
    assert [name for name, _ in shown(beside, 9)] == ["acme/m0", "acme/listed"]


def test_a_cell_is_found_by_exactly_its_conditions_and_only_with_a_value() -> None:
    cells = [
        cell(KEY, {"condition": "C7", "family": "detour"}, 0.1),
        cell(KEY, {"condition": "C7"}, None),
        cell("maze.success_strict", {"condition": "C7"}, 0.2),
        cell(KEY, {"condition": "C7"}, 0.3),
        cell(KEY, {"condition": "C7"}, 0.4),
    ]
    found = cell_at(row(PAIR, "acme/m", cells=cells), KEY, {"condition": "C7"})
    assert found is not None
    assert found.value == 0.3
    assert cell_at(row(PAIR, "acme/m", cells=cells), KEY, {"condition": "C3"}) is None


def test_cells_become_points_and_cells_of_tables_unchanged() -> None:
    made = cell(KEY, {"condition": "C7"}, -0.25, half=0.5, n=7)
    assert point_of("m", made) == Point(label="m", x=-0.25, lo=-0.75, hi=0.25, n=7)
    assert heat_cell("r", "c", made, word="w", significant=False) == MatrixCell(
        row="r", column="c", value=-0.25, lo=-0.75, hi=0.25, n=7, word="w", significant=False
    )


@pytest.mark.parametrize(
    ("value", "half", "expected"),
    [(0.5, 0.4, True), (-0.5, 0.4, True), (0.5, 0.5, False), (-0.5, 0.5, False), (0.0, 0.1, False),
     (0.0, 0.0, False), (None, 0.0, False)],
)  # fmt: skip
def test_an_interval_that_ends_at_zero_does_not_exclude_it(
    value: float | None, half: float, expected: bool
) -> None:
    assert excludes_zero(cell(KEY, {"a": "b"}, value, half)) is expected


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([], ""),
        ([None, None], ""),
        ([1], "n = 1 maze."),
        ([1, 1], "n = 1 maze."),
        ([12, None, 12], "n = 12 mazes."),
        ([0], "n = 0 mazes."),
        ([20, 3, 20, 5], "n is 3 to 20 mazes."),
        ([0, 1], "n is 0 to 1 maze."),
    ],
)
def test_how_many_units_stand_behind_a_chart(counts: list[int | None], words: str) -> None:
    assert n_words((Point(label="a", n=n) for n in counts), "maze") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("GPT-4.1 (effort high)", "gpt-4-1-effort-high"), ("  a__b  ", "a-b"), ("", ""), ("---", ""),
     ("Größe", "gr-e"), ("智谱", "")],
)  # fmt: skip
def test_a_slug_is_lower_case_letters_digits_and_single_hyphens(text: str, words: str) -> None:
    assert slug(text) == words


@given(st.text(max_size=90), st.integers(10, 30))
def test_a_part_of_an_id_is_short_and_has_only_letters_of_ids(text: str, most: int) -> None:
    part = id_part(text, most)
    assert 1 <= len(part) <= most
    assert set(part) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not part.startswith("-")
    assert not part.endswith("-")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("developer/a-model-with-a-long-name-2026-high", "developer/a-model-with-a-long-name-2026-low"),
        ("智谱", "通义"),
        ("Größe 1", "Gr e 1"),
    ],
    ids=["cut", "no letter of ids", "a letter is lost"],
)
def test_names_that_a_slug_confuses_have_ids_of_their_own(first: str, second: str) -> None:
    assert slug(first)[:24] == slug(second)[:24]
    assert id_part(first, 24) != id_part(second, 24)


def test_short_plain_names_keep_their_slug_as_the_part() -> None:
    assert id_part("acme/m-1", 24) == "acme-m-1"
    assert id_part("a" * 24, 24) == "a" * 24
    assert id_part("a" * 25, 24).startswith("a" * 17 + "-")
