"""Files of anchors: every mistake in one sentence, and places by the anchor beside tests of each pair."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from interplay.leaderboard.analysis.proxy_guard import Scored
from interplay.leaderboard.anchored import anchor_sets
from interplay.leaderboard.anchors import COLUMNS, anchored_families, read_anchors
from interplay.leaderboard.statistics import Estimate
from interplay.tasks.mistakes import UserMistake
from tests.leaderboard.test_comparisons_oracles import slow_holm

HEAD = ",".join(COLUMNS)
ROW = "r1,openai/gpt-5,all,0.41,0.012,0.38,0.020"


def text(*rows: str, head: str = HEAD) -> str:
    return "\n".join([head, *rows]) + "\n"


class TestReading:
    def test_a_row_is_numbers_at_a_place(self) -> None:
        found = read_anchors(text(ROW), "x.csv")
        assert found.rows == (Scored("r1", "openai/gpt-5", "all", 0.41, 0.012, 0.38, 0.02),)
        assert (found.same_metric, found.board, found.keys) == (False, None, {})

    def test_columns_may_come_in_any_order_with_blanks_around_names(self) -> None:
        head = "anchor_se,anchor,proxy_se,proxy,domain,candidate,release"
        found = read_anchors(text("0.020,0.38,0.012,0.41, all , openai/gpt-5 ,r1", head=head), "x.csv")
        assert found.rows == read_anchors(text(ROW), "x.csv").rows

    def test_further_columns_hold_the_keys_a_proxy_is_made_of(self) -> None:
        head = HEAD + ",same_metric,board,escalation.lectures,escalation.useful"
        board = "deescalation-baseline"
        later = ROW.replace("r1", "r2")
        rows = text(f"{ROW},yes,{board},0.5,", f"{later},yes,{board},-1e-3,2", head=head)
        found = read_anchors(rows, "x.csv")
        first, second = ("r1", "openai/gpt-5", "all"), ("r2", "openai/gpt-5", "all")
        assert found.same_metric
        assert found.board == board
        assert found.keys == {
            "escalation.lectures": {first: 0.5, second: -0.001},
            "escalation.useful": {second: 2.0},
        }

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("", "x.csv has no column 'release'; it needs " + ", ".join(COLUMNS) + "."),
            (text(ROW, head=HEAD.replace("anchor_se", "error")),
             "x.csv has no column 'anchor_se'; it needs " + ", ".join(COLUMNS) + "."),
            (text(ROW + ",1", head=HEAD + ",Notes"),
             "x.csv has a column 'Notes', which is no score key; drop or rename it."),
            (text(), "x.csv has no rows; add one a candidate and release."),
            (text(ROW.replace("openai/gpt-5", " ")), "x.csv row 2 has no candidate; name it."),
            (text(ROW, ROW.replace("r1", "")), "x.csv row 3 has no release; name it."),
            (text("r1,m"), "x.csv row 2 has no domain; name it."),
            (text("r1,m,all"), "x.csv row 2 has proxy None; give a number."),
            (text(ROW, ROW), "x.csv row 3 repeats 'openai/gpt-5' of r1 in 'all'; keep one of the two."),
            (text(ROW.replace("0.41", "high")), "x.csv row 2 has proxy 'high'; give a number."),
            (text(ROW.replace("0.38", "nan")), "x.csv row 2 has anchor 'nan'; give a number."),
            (text(ROW.replace("0.38", "-inf")), "x.csv row 2 has anchor '-inf'; give a number."),
            (text(ROW.replace("0.38", "")), "x.csv row 2 has anchor ''; give a number."),
            (text(ROW.replace("0.012", "0")), "x.csv row 2 has proxy_se 0; give a standard error above 0."),
            (text(ROW.replace("0.020", "-0.1")),
             "x.csv row 2 has anchor_se -0.1; give a standard error above 0."),
            (text(ROW + ",maybe", head=HEAD + ",same_metric"),
             "x.csv says same_metric maybe; say yes or no, the same in all rows."),
            (text(ROW + ",yes", ROW.replace("r1", "r2") + ",no", head=HEAD + ",same_metric"),
             "x.csv says same_metric no, yes; say yes or no, the same in all rows."),
            (text(ROW + ",one", ROW.replace("r1", "r2") + ",two", head=HEAD + ",board"),
             "x.csv says board one, two; say the same in all rows."),
            (text(ROW + ",x", head=HEAD + ",a.b"), "x.csv row 2 has a.b 'x'; give a number."),
        ],
    )  # fmt: skip
    def test_a_mistake_is_one_sentence_that_names_the_row(self, content: str, said: str) -> None:
        with pytest.raises(UserMistake) as caught:
            read_anchors(content, "x.csv")
        assert str(caught.value) == said

    def test_files_are_named_like_families_and_a_spreadsheets_mark_is_no_part_of_a_name(
        self, tmp_path: Path
    ) -> None:
        folder = tmp_path / "data/anchors"
        folder.mkdir(parents=True)
        (folder / "proxy_drift.csv").write_bytes(b"\xef\xbb\xbf" + text(ROW).encode())
        (folder / "deescalation.csv").write_text(text(ROW), "utf-8")
        (folder / "README.md").write_text("no file of anchors", "utf-8")
        found = anchored_families(tmp_path)
        assert list(found) == ["deescalation", "proxy_drift"]
        assert len({read_anchors(content, name).rows for name, content in found.items()}) == 1

    def test_a_file_in_another_encoding_is_named(self, tmp_path: Path) -> None:
        folder = tmp_path / "data/anchors"
        folder.mkdir(parents=True)
        (folder / "mazes.csv").write_text(text(ROW.replace("gpt", "é")), "latin-1")
        with pytest.raises(UserMistake, match=r"^mazes.csv is no UTF-8 text; save it as CSV in UTF-8\.$"):
            anchored_families(tmp_path)

    def test_without_the_folder_there_are_none(self, tmp_path: Path) -> None:
        assert anchored_families(tmp_path) == {}


def estimate(value: float, error: float) -> Estimate:
    return Estimate(value, value - 1.959964 * error, value + 1.959964 * error, 1)


def slow_sets(anchors: list[tuple[float, float]], higher: bool) -> list[tuple[int, int]]:
    pairs = list(combinations(range(len(anchors)), 2))
    z = [(anchors[i][0] - anchors[j][0]) / (anchors[i][1] ** 2 + anchors[j][1] ** 2) ** 0.5 for i, j in pairs]
    clear = slow_holm([2 * float(stats.norm.sf(abs(v))) for v in z])
    sets: list[tuple[int, int]] = []
    for k in range(len(anchors)):
        ahead = behind = 0
        for (i, j), v, ok in zip(pairs, z, clear, strict=True):
            if ok and k in (i, j):
                better = (v > 0) == (k == i)
                if better is higher:
                    ahead += 1
                else:
                    behind += 1
        sets.append((1 + behind, len(anchors) - ahead))
    return sets


anchors = st.lists(st.tuples(st.floats(-1, 1), st.floats(0.01, 0.3)), min_size=1, max_size=6)


class TestSets:
    @given(anchors, st.booleans())
    @settings(max_examples=40)
    def test_places_are_those_of_z_tests_with_holm_over_all_pairs(
        self, found: list[tuple[float, float]], higher: bool
    ) -> None:
        assert anchor_sets([estimate(*a) for a in found], higher) == slow_sets(found, higher)

    @given(anchors)
    @settings(max_examples=20)
    def test_less_is_better_is_more_is_better_turned_round(self, found: list[tuple[float, float]]) -> None:
        k = len(found)
        up, down = (anchor_sets([estimate(*a) for a in found], higher) for higher in (True, False))
        assert down == [(k + 1 - last, k + 1 - first) for first, last in up]

    def test_one_candidate_is_first_and_none_has_no_place(self) -> None:
        assert anchor_sets([estimate(0.5, 0.1)], True) == [(1, 1)]
        assert anchor_sets([], True) == []

    def test_two_apart_by_more_than_their_errors(self) -> None:
        """Z = 0.3 / sqrt(0.1² + 0.1²) = 2.12 is beyond 1.96; 0.27 gives 1.91, which is not."""
        assert anchor_sets([estimate(0.3, 0.1), estimate(0.0, 0.1)], True) == [(1, 1), (2, 2)]
        assert anchor_sets([estimate(0.27, 0.1), estimate(0.0, 0.1)], True) == [(1, 2), (1, 2)]
