"""The report of the mazes from cells and samples by hand, and agreement of judges beside statsmodels'."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from interplay.leaderboard.analysis.judges import Verdict, agreement, judged, kappa, load_transcripts
from interplay.leaderboard.analysis.mazes import (
    assistance,
    cell_text,
    content_share,
    cross_play,
    difficulty,
    failures,
    figure,
    ladder,
    private_convention,
    relay,
)
from interplay.leaderboard.schema import Cell
from interplay.tasks.observations import Observation

KEY = "maze.success_corrected"
pairs = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=20)


def cell(value: float | None, metric: str = KEY, n: int = 24, **dims: str) -> Cell:
    ends = (None, None) if value is None else (value - 0.1, value + 0.1)
    return Cell(dims=dims, metric=metric, value=value, lo=ends[0], hi=ends[1], n=n)


def seen(
    unit: str,
    values: Mapping[str, float] | None = None,
    *,
    words: Mapping[str, str] | None = None,
    model: str = "m",
    errored: bool = False,
    **about: str,
) -> Observation:
    found = {f"maze.{key}": value for key, value in (values or {}).items()}
    return Observation(
        "interplay/maze_collab", {}, f"{unit}-s", 1, unit, about, found, dict(words or {}), errored, model
    )


class TestCells:
    def test_conditions_with_their_names_and_scripts(self) -> None:
        cells = [
            cell(0.5, condition="C3"),
            cell(None, "maze.retention", condition="C7/C3"),
            cell(0.1, condition="C2-C7"),
            cell(0.4, condition="C5", script="noisy"),
            cell(0.9, condition="C7", family="detour"),
        ]
        table = ladder({"m": cells})
        assert table is not None
        assert [row[1:] for row in table.rows] == [
            ("C3", 0.5, "0.40–0.60", 24),
            ("retention C7 / C3", "not estimable", None, 24),
            ("gap C2 - C7", 0.1, "0.00–0.20", 24),
            ("C5 noisy", 0.4, "0.30–0.50", 24),
        ]

    def test_difficulty_is_by_family_and_by_steps(self) -> None:
        cells = [
            cell(0.5, condition="C7", family="detour"),
            cell(0.2, condition="C7", steps="8-11"),
            cell(0.1, seat="AB"),
        ]
        table = difficulty({"m": cells})
        assert table is not None
        assert [row[2] for row in table.rows] == ["detour", "8-11 steps"]

    @pytest.mark.parametrize(
        ("levels", "first"),
        [
            ({"0": 0.5, "1": 0.73, "2": 0.9}, "1"),
            ({"0": 0.71, "1": 0.71}, None),
            ({"0": 0.8 * 0.9}, "0"),
            ({"2": 0.9, "0": 0.8}, "0"),
            ({}, None),
        ],
    )
    def test_the_first_level_with_nine_tenths_of_solo_suffices(
        self, levels: dict[str, float], first: str | None
    ) -> None:
        cells = [
            cell(0.8, condition="C3"),
            *(cell(v, condition="C7", assistance=k) for k, v in levels.items()),
        ]
        table = assistance({"m": cells})
        assert table is not None
        assert [row[1] for row in table.rows] == sorted(levels)
        assert [row[1] for row in table.rows if row[-1]] == ([first] if first else [])

    def test_without_solo_no_level_is_said_to_suffice(self) -> None:
        table = assistance({"m": [cell(0.9, condition="C7", assistance="0")]})
        assert table is not None
        assert [row[-1] for row in table.rows] == [""]

    @pytest.mark.parametrize("solo", [-0.1, 0.0])
    def test_nothing_suffices_for_a_model_that_fails_alone(self, solo: float) -> None:
        """Nine tenths of a value below 0 lie above it, and no help reaches what was never there."""
        table = assistance({"m": [cell(solo, condition="C3"), cell(0.3, condition="C7", assistance="0")]})
        assert table is not None
        assert [row[-1] for row in table.rows] == [""]

    def test_the_relay_is_in_the_order_of_modes_and_notes(self) -> None:
        places = [
            ("prime", 10, "none"),
            ("prime", 2, "none"),
            ("prime", 2, "transplant"),
            ("prime", 0, "none"),
        ]
        values = (0.9, 0.6, 0.3, 0.2)
        cells = [cell(v, mode=m, k=str(k), control=c) for v, (m, k, c) in zip(values, places, strict=True)]
        table = relay({("m", "s"): cells, ("m", "t"): cells[:1]})
        assert table is not None
        assert [row[3] for row in table.rows] == [0, 2, 2, 10, 2, 10]
        assert table.rows[4] == ("m", "s", "content share", 2, "", pytest.approx(0.75), None, None)
        assert table.rows[5][:3] == ("m", "t", "prime")

    @pytest.mark.parametrize("lost", [("prime", 0, "none"), ("prime", 2, "none"), ("prime", 2, "transplant")])
    def test_a_content_share_needs_all_three_and_a_gain(self, lost: tuple[str, int, str]) -> None:
        values: dict[tuple[str, int, str], float | None] = {
            ("prime", 0, "none"): 0.2, ("prime", 2, "none"): 0.6, ("prime", 2, "transplant"): 0.6,
        }  # fmt: skip
        assert content_share(values) == 0.0
        assert content_share(values | {lost: None}) is None
        assert content_share(values | {("prime", 2, "none"): 0.2}) is None

    def test_a_cell_as_text_and_as_figure(self) -> None:
        assert cell_text(cell(0.97, a="b")) == "0.970 (0.87–1.07)"
        assert (cell_text(None), cell_text(cell(None, a="b"))) == (None, None)
        assert figure(cell(None, a="b", n=3), "none") == ("none", None, 3)
        assert figure(cell(0.5, a="b")) == (0.5, "0.40–0.60", 24)

    def test_a_private_convention_is_self_play_against_the_rest(self) -> None:
        measured = {("a", "a"): cell(0.9, x="1"), ("b", "b"): cell(0.7, x="1"), ("a", "b"): cell(0.2, x="1")}
        assert private_convention(measured) == "Self-play 0.800, cross-play 0.200."
        assert private_convention({("a", "a"): cell(0.9, x="1")}) == ""
        assert private_convention({("a", "b"): cell(0.9, x="1"), ("b", "b"): cell(None, x="1")}) == ""


class TestSamples:
    def test_failures_are_counted_by_their_first_reason(self) -> None:
        reasons = ("clash", "wall", "wall", "none", "other")
        observed = [
            seen(str(i), {"success_corrected": 0.0}, words={"maze.failure": r}, condition="C7")
            for i, r in enumerate(reasons)
        ]
        observed += [seen("x", {"success_corrected": 1.0}, condition="C7"), seen("y", condition="C7")]
        observed += [seen("z", {"success_corrected": 1.0}, errored=True, condition="C7")]
        observed += [seen("p", {"success_corrected": 1.0}, pairing="relay", condition="C7")]
        first, second = failures(observed).rows
        assert first == ("m", "C7", 1, 2, 0, 0, 0, 0, 3)
        assert second == ("m", "relay", 0, 0, 0, 0, 0, 0, 1)

    def test_models_that_only_talk_to_themselves_have_no_cross_play(self) -> None:
        alone = seen("a", {"success_corrected": 1.0}, condition="C7", pairing="self", assistance="0",
                     starter="m", second="m")  # fmt: skip
        assert cross_play([alone]) == []
        assert cross_play([]) == []


class TestKappa:
    @pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
    @given(pairs)
    @settings(max_examples=40)
    def test_it_is_statsmodels(self, found: list[tuple[bool, bool]]) -> None:
        table = [[sum(p == (a, b) for p in found) for b in (False, True)] for a in (False, True)]
        ours = kappa(found)
        if len({v for pair in found for v in pair}) == 1:
            assert ours is None
        else:
            assert ours == pytest.approx(float(cohens_kappa(table).kappa), abs=1e-9)
            assert ours == pytest.approx(kappa([(b, a) for a, b in found]))
            assert ours == pytest.approx(kappa([(not a, not b) for a, b in found]))


class TestJudges:
    def verdicts(self, flips: int = 0, silent: int = 0) -> list[Verdict]:
        """Right but for the first true successes, which are called failures, and the last, left open."""
        found = [Verdict(t, t.label.success) for t in load_transcripts()]
        successes = [i for i, v in enumerate(found) if v.success]
        for i in successes[:flips]:
            found[i] = found[i]._replace(success=False)
        for i in range(len(found) - silent, len(found)):
            found[i] = found[i]._replace(success=None)
        return found

    def row(self, verdicts: Sequence[Verdict]) -> dict[str, object]:
        table = agreement("m", verdicts)
        (whole,) = [row for row in table.rows if row[0] == "all"]
        return {**dict(zip(table.columns, whole, strict=True)), "title": table.title}

    def test_sensitivity_is_the_share_of_successes_that_are_seen(self) -> None:
        successes = sum(t.label.success for t in load_transcripts())
        row = self.row(self.verdicts(flips=3))
        assert row["sensitivity"] == pytest.approx(1 - 3 / successes)
        assert row["right"] == pytest.approx(1 - 3 / len(load_transcripts()))
        assert row["false successes"] == 0

    def test_more_than_two_per_cent_left_open_is_not_validated(self) -> None:
        n = len(load_transcripts())
        most = int(0.02 * n)
        assert str(self.row(self.verdicts(silent=most))["title"]).endswith(": validated")
        row = self.row(self.verdicts(silent=most + 1))
        assert row["unscored"] == pytest.approx((most + 1) / n)
        assert str(row["title"]).endswith(": not validated")

    def test_one_success_in_ten_may_be_missed(self) -> None:
        successes = sum(t.label.success for t in load_transcripts())
        assert str(self.row(self.verdicts(flips=int(0.1 * successes) + 1))["title"]).endswith("not validated")

    def test_no_verdict_at_all_is_no_agreement(self) -> None:
        row = self.row([])
        assert (row["n"], row["right"], row["kappa"], row["sensitivity"], row["unscored"]) == (
            0,
            None,
            None,
            None,
            0.0,
        )
        assert str(row["title"]).endswith("not validated")

    def test_a_judge_beside_the_rules_is_tabled_by_model_and_condition(self) -> None:
        def both(rule: float, judge: float | None, model: str = "m", **about: str) -> Observation:
            values = {"maze.success_strict": rule} | (
                {} if judge is None else {"maze_judge.success_judge": judge}
            )
            o = seen("a", model=model, words={"maze_judge.reason": "none"}, **({"condition": "C7"} | about))
            return Observation(**{**o.__dict__, "values": values})

        table = judged(
            [
                both(1, 1), both(0, 0), both(1, None), both(0, 1, "n"), seen("z", {"success_strict": 1.0}),
                both(1, 0, condition="C3"), both(0, 1, condition="C3"), both(1, 1, pairing="relay"),
            ]
        )  # fmt: skip
        assert table is not None
        assert table.rows == (
            ("m", "C7", 3, 0.5, 1.0, 1),
            ("n", "C7", 1, 1.0, 0.0, 0),
            ("m", "C3", 2, 0.5, -1.0, 0),
            ("m", "relay", 1, 1.0, None, 0),
        )
        assert judged([seen("z")]) is None
